"""What would accounts, their posts and their audience look like if we knew what the ranking did?

One row (axis 0) is one account, one column (axis 1) one period. Views of an account in a period are

    posts x followers x reach per follower and post, and likes = views x conversion,

each part with its own noise; ``mechanisms`` says what is planted, ``truth`` what an estimator should find. Mechanism "none" is
the matched null: with the same seed and the same other parameters every draw is shared, so that planted less null is the
planted effect.

The noise of reach. ``noise`` is the standard deviation, over account-periods, of the log of mean views per post once account,
period, trend and effect are taken away, in mean square over accounts; accounts differ by ``noise_spread`` (log standard
deviation). A part of it comes from the posts drawn: views of a post are lognormal with log standard deviation ``post_sd``, and
the mean of few such posts varies much. In a world as quiet as asked this part may carry at most ``post_share`` of the variance
at an account's usual volume; where it would carry more, the mean of the period is drawn towards its expectation (posts within
the period stay as uneven). The rest is an AR(1). ``ar`` is the autocorrelation of the total at lag 1.

Accounts are drawn independently from one law, so that the first ``treated`` ones are exchangeable with the others but for the
effect.

Limits: the AR(1) behind the total decays a little slower than ``ar`` says (at most ar / (1 - post_share)); the variance of the
mean of lognormal posts follows Fenton and Wilkinson, 20 % too large near 20 posts, so that the total may fall short by 2 or
3 %; more than ``CAP`` posts of a topic are replaced by CAP, their mean drawn together by the square root law; nobody answers
anybody.
Source: Fenton 1960, doi:10.1109/TCOM.1960.1097606 (sums of lognormals); the world is ours.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from . import mechanisms
from ._audience_draws import (
    Bools,
    Floats,
    Ints,
    ar1,
    counts,
    draw_accounts,
    draw_captured,
    draw_means,
    draw_residual,
    draw_volume,
)
from .null import DAY_US, START_US

CAP = 200


@dataclass(frozen=True, kw_only=True)
class AudienceWorld(mechanisms.Switches):
    """Describe accounts and their audience; periods are weeks, or days with ``period_days`` 1 (then every figure is per day).

    ``posts`` is the median account's posts per period, ``posts_spread`` the log standard deviation over accounts,
    ``posts_noise`` the coefficient of variation of an account's rate from period to period; ``followers`` and
    ``follower_spread`` as for posts; ``growth`` and ``growth_spread`` the mean and standard deviation of the weekly log growth
    of followers; ``reach_spread``, ``trend`` (log change over the whole span) standard deviations over accounts; ``common`` the
    standard deviation of an AR(1) shock to everybody's reach, felt by an account 1 + ``common_spread`` z times;
    ``common_break`` the ratio of a step of everybody's reach at ``start`` or at a date drawn; ``volume_jumps`` the probability
    that an account's volume changes by x2 to x3 at a date of its own, reach per post then changing by that ratio to the power
    -``volume_dilution``; ``volume_step`` the ratio by which the treated post more or less from ``start`` on; ``weekly`` the
    depth of the weekly cycle (daily periods only). ``missing`` is the share of account-periods lost; in the last
    ``collapse_periods`` only ``collapse_share`` of the posts of one account (``collapse_of``) is captured. ``like_rate`` is
    likes per view, ``repost_rate`` reposts per like.
    """

    accounts: int = 30
    treated: int = 1
    posts: float = 60.0
    posts_spread: float = 0.9
    posts_noise: float = 0.35
    post_sd: float = 1.3
    post_share: float = 0.25
    followers: float = 10_000.0
    follower_spread: float = 1.3
    growth: float = 0.002
    growth_spread: float = 0.0015
    reach_spread: float = 0.8
    noise: float = 0.3
    ar: float = 0.3
    noise_spread: float = 0.3
    trend: float = 0.0
    common: float = 0.1
    common_spread: float = 0.2
    common_break: float = 1.0
    common_break_at: Literal["start", "random"] = "start"
    volume_jumps: float = 0.0
    volume_dilution: float = 0.0
    volume_step: float = 1.0
    weekly: float = 0.25
    missing: float = 0.0
    collapse_share: float = 1.0
    collapse_periods: int = 4
    collapse_of: Literal["random", "treated"] = "random"
    like_rate: float = 0.015
    repost_rate: float = 0.2
    conversion_spread: float = 0.5
    conversion_noise: float = 0.12
    conversion_ar: float = 0.3
    like_cv: float = 0.8
    topic_noise: float = 0.15
    attention_noise: float = 0.3
    attention_ar: float = 0.5
    other_noise: float = 0.25


class Audience(NamedTuple):
    """Hold one world; shape (accounts, periods) unless said, NaN where the capture is lost.

    ``topic_*`` have shape (2, accounts, periods): posts on the event's topic, posts off it. ``posts`` are the posts captured,
    ``counter_posts`` the posts published by the account's own counter. ``attention`` is outside attention (page views, say),
    ``other`` views per post on a second platform; ``after`` has shape (periods,), ``treated`` (accounts,).
    """

    posts: Floats
    views: Floats
    likes: Floats
    reposts: Floats
    followers: Floats
    counter_posts: Floats
    topic_posts: Floats
    topic_views: Floats
    topic_likes: Floats
    topic_reposts: Floats
    attention: Floats
    other: Floats
    treated: Bools
    start: int
    after: Bools


class Truth(NamedTuple):
    """Tell what was planted: log effects of shape (treated, periods), topics (2, treated, periods), ratios (treated,).

    ``ratio`` is exp of the mean over the periods from ``start`` on of the log effect on views per post: what the headline of an
    audit should be; ``conversion_ratio`` the same of likes per view. ``date_us`` is the first instant of the new regime, None
    in the null.
    """

    mechanism: mechanisms.Mechanism
    start: int
    date_us: int | None
    reach: Floats
    conversion: Floats
    followers: Floats
    volume: Floats
    attention: Floats
    other: Floats
    topic_reach: Floats
    topic_conversion: Floats
    ratio: Floats
    conversion_ratio: Floats


def make(world: AudienceWorld, seed: int) -> Audience:
    """Make one world. Raises ValueError on impossible parameters. Cost O(accounts x periods x posts, at most 2 CAP)."""
    check(world)
    effect = mechanisms.effects(world)
    rngs = [np.random.default_rng([seed, k]) for k in range(9)]
    who = draw_accounts(world, rngs[0])
    published = draw_volume(world, who, rngs[1])
    captured, lost = draw_captured(world, published, rngs[2])
    on = rngs[3].binomial(captured, world.topic_share)
    number = np.stack([on, captured - on])
    means, period_factor = draw_means(world, who, number, captured, rngs[4], cap=CAP)
    is_treated = np.arange(world.accounts) < world.treated
    acts = is_treated[:, None]
    growing = np.cumsum(who.growth[:, None] + 0.001 * rngs[5].standard_normal(published.shape), axis=1) * world.period_days / 7
    followers = np.rint(who.followers[:, None] * np.exp(growing + acts * effect.followers))
    level = np.log(who.followers)[:, None] + growing + who.reach[:, None] + draw_residual(world, who, rngs[6])
    tilt = _tilt(world, rngs[6])
    log_views = level + period_factor + tilt + acts * effect.topic_reach[:, None, :]
    views = np.rint(number * means * np.exp(log_views))
    likes, reposts = _engagement(
        world, who.conversion, who.repost, number, views, acts * effect.topic_conversion[:, None, :], rngs[7]
    )
    attention = np.exp(
        rngs[8].normal(6.0, 1.0, (world.accounts, 1)) + world.attention_noise * ar1(rngs[8], published.shape, world.attention_ar)
    )
    other = np.exp(rngs[8].normal(6.0, 1.0, (world.accounts, 1)) + world.other_noise * ar1(rngs[8], published.shape, world.ar))
    topics = np.where(lost, np.nan, np.stack([number, views, likes, reposts]))
    totals = topics.sum(axis=1)
    return Audience(
        posts=totals[0],
        views=totals[1],
        likes=totals[2],
        reposts=totals[3],
        followers=followers,
        counter_posts=published.astype(np.float64),
        topic_posts=topics[0],
        topic_views=topics[1],
        topic_likes=topics[2],
        topic_reposts=topics[3],
        attention=attention * np.exp(acts * effect.attention),
        other=other * np.exp(acts * effect.other),
        treated=is_treated,
        start=world.start,
        after=np.arange(world.periods) >= world.start,
    )


def truth(world: AudienceWorld) -> Truth:
    """Tell the true effects, equal on every treated account. Cost O(treated x periods)."""
    check(world)
    effect = mechanisms.effects(world)
    each = [np.repeat(part[..., None, :], world.treated, axis=-2) for part in effect]
    reach, conversion, topic_reach, topic_conversion, followers, attention, other = each
    date_us = None if world.mechanism == "none" else START_US + world.start * world.period_days * DAY_US
    volume = np.log(world.volume_step) * (np.arange(world.periods) >= world.start) * np.ones(reach.shape)
    ratios = (np.exp(part[:, world.start :].mean(axis=1)) for part in (reach, conversion))
    return Truth(
        world.mechanism, world.start, date_us, reach, conversion, followers, volume, attention, other,
        topic_reach, topic_conversion, *ratios,
    )  # fmt: skip


def check(world: AudienceWorld) -> None:
    """Raise ValueError, saying what to do, where the parameters describe no world."""
    mechanisms.check(world)
    if not 0 < world.treated < world.accounts:
        raise ValueError(f"treated is {world.treated}; use 1 to {world.accounts - 1}, fewer than accounts")
    if not 0 <= world.ar < 0.99 * (1 - world.post_share):
        raise ValueError(f"ar is {world.ar}; use 0 or more and less than {0.99 * (1 - world.post_share):.3g}")


def _tilt(world: AudienceWorld, rng: np.random.Generator) -> Floats:
    """Draw how the topic does better or worse than the rest, the mean over posts untouched in expectation. Shape (2, A, T)."""
    share = world.topic_share
    wave = world.topic_noise * ar1(rng, (world.accounts, world.periods), world.ar)
    both = np.stack([wave * (1 - share), -wave * share])
    return np.asarray(both - np.log(share * np.exp(both[0]) + (1 - share) * np.exp(both[1])))


def _engagement(
    world: AudienceWorld, rate: Floats, repost: Floats, number: Ints, views: Floats, effect: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw likes and reposts of both topics, uneven from post to post. Shapes (2, accounts, periods)."""
    shape = (world.accounts, world.periods)
    wave = world.conversion_noise * ar1(rng, shape, world.conversion_ar)
    split = world.topic_noise / 2 * ar1(rng, shape, world.conversion_ar)
    share = world.topic_share
    uneven = np.sqrt(np.log1p(world.like_cv**2 / np.maximum(number, 1)))
    noise = uneven * rng.standard_normal(number.shape) - uneven**2 / 2
    log_rate = np.log(rate)[:, None] + wave + np.stack([split * (1 - share), -split * share]) + noise + effect
    expected = views * np.minimum(np.exp(log_rate), 0.5)
    shared = repost[:, None] * np.exp(0.1 * rng.standard_normal(shape))
    return counts(expected, rng.standard_normal(number.shape)), counts(expected * shared, rng.standard_normal(number.shape))
