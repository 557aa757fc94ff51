"""What would shares look like if we knew who acts together, and who only seems to?

One event is one share (a repost) of one post by one account. The background: accounts of heavy-tailed activity, posts of
heavy-tailed popularity published by day more than by night, shared after a lognormal delay. In it live the innocent who look
guilty: communities of fans who share one idol's posts, superfans who answer a notification within seconds, the scheduled feeds of
one publisher, the text of a share button posted by many. Planted on top: a squad of accounts registered within weeks that boosts
one account, half of it used before for another, and that account's texts lifted from others, and its change of name.

The matched null: parts draw from streams of their own, so that with ``bots`` 0 the world holds, event by event and in the same
order, what the planted one holds less the squad's events; those who only look guilty stay. ``matched_null`` takes the lifted
texts and the change of name away too, which leaves the events as they are.

Every parameter is a choice, made to be hard and of the order of published cases; none is fitted to data. An account shares a
post once, which loses some of the events asked for: 3 % of 10 million, 5 % of a million, up to 12 % of a small world, whose great
posts reach the same busy accounts again and again; those after the last day are lost too.
Whoever permutes authors to learn what chance does must keep that rule: where an account may share a post twice, pairs that coincide
twice within a minute are four to five times as many (1 million events, weeks as bins).

Limits: an account's shares are independent of each other (no sessions, no nights of its own) but for what it is a fan of;
accounts neither come nor go; nobody else shares a publisher's scheduled posts, or those of the campaigns
unless ``organic`` says so.
Source: the squad has the shape of a network of some 5,000 accounts the press told of in 2019 when it was taken down; the world
is ours.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ._botnet_draws import Bools, Floats, Ints, Posts, draw_accounts, draw_posts, draw_times, once, shares_of_posts
from ._botnet_squad import Squad, draw_squad, squad_events
from .null import DAY_US, START_US

CHUNK = 100_000  # posts drawn together, which bounds memory; it is part of the stream: another value is another world


@dataclass(frozen=True, kw_only=True)
class BotnetWorld:
    """Describe a world of shares; durations ``*_s`` in seconds, days counted from the first, log standard deviations ``*_sigma``.

    ``events`` is about how many shares the background holds, among ``accounts_per_event`` times as many accounts and
    ``posts_per_event`` times as many posts. Activity is lognormal (``activity_sigma``); the shares of a post are Pareto
    (``popularity_shape``), capped at ``largest`` and at a quarter of the accounts. ``daily`` and ``weekly`` are the depth of
    the cycles of publication. A share comes ``delay_s`` (median) after the post, lognormal.

    Innocent: accounts are cut into communities of ``community_size``; ``homes`` of the posts are by the idol of one, whose fans
    make up to ``cohesion`` of their shares (uniform from 0, and no more than a quarter of the fans); ``superfans`` of the
    accounts share ``superfan_delay_s`` after. ``feeds`` accounts of one publisher each share its ``feed_posts`` posts within
    ``feed_spread_s``. ``button_texts`` articles are each posted by about ``button_copies`` accounts with one text, hours to days
    apart (tables only).

    Planted: ``bots`` accounts each share ``bot_shares`` of ``campaign_posts`` posts that the boosted account publishes in
    ``campaign_days`` days from ``campaign_day``; orders go out evenly over ``dispatch_s`` after each post. ``earlier`` of them
    shared ``earlier_shares`` of ``earlier_posts`` posts of another account ``earlier_before`` days before, ``camouflaged`` of
    them about ``camouflage_shares`` posts of the background. ``organic`` is the mean number of other accounts' shares of a post
    of either campaign. They were registered within ``registration_days`` that end ``registered_before`` days before the first
    day, all others over ``registration_years``. ``lifted`` of the boosted account's texts are others', ``lifted_exact`` of these
    word for word; ``renamed`` says whether it changes its name, on day ``rename_day``. ``numbered`` and ``numbered_bots`` are
    the shares of handles that end in digits.
    """

    events: int = 1_000_000
    accounts_per_event: float = 0.2
    posts_per_event: float = 0.1
    activity_sigma: float = 1.6
    popularity_shape: float = 1.25
    largest: int = 20_000
    days: int = 56
    daily: float = 0.6
    weekly: float = 0.25
    delay_s: float = 2_700.0
    delay_sigma: float = 1.9
    community_size: int = 200
    homes: float = 0.5
    cohesion: float = 0.7
    superfans: float = 0.02
    superfan_delay_s: float = 90.0
    superfan_sigma: float = 1.0
    feeds: int = 0
    feed_posts: int = 60
    feed_spread_s: float = 10.0
    button_texts: int = 20
    button_copies: float = 30.0
    bots: int = 5_000
    bot_shares: int = 12
    campaign_posts: int = 60
    campaign_day: int = 35
    campaign_days: int = 10
    dispatch_s: float = 1_200.0
    organic: float = 0.0
    camouflaged: float = 0.2
    camouflage_shares: float = 6.0
    earlier: float = 0.5
    earlier_posts: int = 40
    earlier_shares: int = 8
    earlier_before: int = 20
    registration_days: int = 45
    registered_before: int = 5
    registration_years: int = 10
    lifted: float = 0.5
    lifted_exact: float = 0.5
    renamed: bool = True
    rename_day: int = 40
    numbered: float = 0.15
    numbered_bots: float = 0.6


class Cast(NamedTuple):
    """Number accounts and posts: background first, then those named here, in this order, each by its first number.

    ``accounts`` and ``posts`` are the sizes of the background; ``all_accounts`` and ``all_posts`` count everything.
    """

    accounts: int
    boosted: int
    former: int
    publisher: int
    feeds: int
    bots: int
    all_accounts: int
    posts: int
    campaign: int
    earlier: int
    feed: int
    all_posts: int


class Events(NamedTuple):
    """Hold all shares in order of time, and the truth about accounts.

    ``author``, ``obj`` (the post shared) and ``at_us`` have shape (events,), int64; ``publisher`` and ``published_us`` (posts,),
    int64; ``bot``, ``superfan`` (bool) and ``community`` (int64, -1 for none) have shape (accounts,): ``bot[author]`` marks
    the events of the squad, its camouflage included.
    """

    author: Ints
    obj: Ints
    at_us: Ints
    publisher: Ints
    published_us: Ints
    bot: Bools
    community: Ints
    superfan: Bools


class Truth(NamedTuple):
    """Tell who is who, by account number (shape (accounts,)), and what was planted when, [start, end) in µs UTC.

    ``earlier`` and ``camouflaged`` mark members of the squad; ``feed`` the scheduled feeds. ``renamed_us`` is None where no name
    changes, and the windows of a world without a squad are those a planted one would have.
    """

    bot: Bools
    community: Ints
    superfan: Bools
    feed: Bools
    earlier: Bools
    camouflaged: Bools
    boosted: int
    former: int
    campaign_us: tuple[int, int]
    earlier_us: tuple[int, int]
    registered_us: tuple[int, int]
    renamed_us: int | None


def cast(world: BotnetWorld) -> Cast:
    """Number the accounts and the posts. Raises ValueError on impossible parameters."""
    check(world)
    accounts, posts = round(world.events * world.accounts_per_event), round(world.events * world.posts_per_event)
    squad = accounts + 3 + world.feeds
    earlier = posts + world.campaign_posts
    feed = earlier + world.earlier_posts
    return Cast(
        accounts, accounts, accounts + 1, accounts + 2, accounts + 3, squad, squad + world.bots,
        posts, posts, earlier, feed, feed + (world.feed_posts if world.feeds else 0),
    )  # fmt: skip


def events(world: BotnetWorld, seed: int) -> Events:
    """Draw one world. Raises ValueError on impossible parameters. Cost O(events log events), about 80 bytes an event."""
    who = cast(world)
    weight, _ = draw_accounts(world, who.accounts, np.random.default_rng([seed, 0]))
    posts, published = draw_posts_of(world, seed)
    truth_ = truth(world, seed)
    parts = [
        shares_of_posts(
            world, posts, weight, truth_.superfan, range(first, min(first + CHUNK, who.posts)), [seed, 2, first // CHUNK]
        )
        for first in range(0, who.posts, CHUNK)
    ]
    parts += [_feeds(world, who, published, np.random.default_rng([seed, 4])), _organic(world, who, weight, published, seed)]
    parts.append(squad_events(world, who, posts, published, *_squad(world, seed)))
    author, obj, at_us = (np.concatenate(column) for column in zip(*parts, strict=True))
    parts.clear()
    seen = at_us < START_US + world.days * DAY_US
    order = np.flatnonzero(seen)[np.argsort(at_us[seen], kind="stable")]
    named = np.repeat(
        [who.boosted, who.former, who.publisher], [world.campaign_posts, world.earlier_posts, who.all_posts - who.feed]
    )
    publisher = np.concatenate([posts.publisher, named])
    return Events(author[order], obj[order], at_us[order], publisher, published, truth_.bot, truth_.community, truth_.superfan)


def draw_posts_of(world: BotnetWorld, seed: int) -> tuple[Posts, Ints]:
    """Draw the posts of the background, and when these and the planted ones are published. Cost O(accounts + posts)."""
    who = cast(world)
    weight, _ = draw_accounts(world, who.accounts, np.random.default_rng([seed, 0]))
    posts = draw_posts(world, who, weight, np.random.default_rng([seed, 1]))
    return posts, np.concatenate([posts.published_us, *_planted_times(world, seed)])


def truth(world: BotnetWorld, seed: int) -> Truth:
    """Tell who is who and what was planted when. Cost O(accounts)."""
    who = cast(world)
    number = np.arange(who.all_accounts)
    superfan, earlier, camouflaged = (np.zeros(who.all_accounts, np.bool_) for _ in range(3))
    superfan[: who.accounts] = draw_accounts(world, who.accounts, np.random.default_rng([seed, 0]))[1]
    squad, _ = _squad(world, seed)
    earlier[who.bots :], camouflaged[who.bots :] = squad.earlier, squad.camouflaged
    return Truth(
        bot=number >= who.bots,
        community=np.where(number < who.accounts, number // world.community_size, -1),
        superfan=superfan,
        feed=(number >= who.feeds) & (number < who.bots),
        earlier=earlier,
        camouflaged=camouflaged,
        boosted=who.boosted,
        former=who.former,
        campaign_us=_days(world.campaign_day, world.campaign_days),
        earlier_us=_days(world.campaign_day - world.earlier_before, world.campaign_days),
        registered_us=_days(-world.registered_before - world.registration_days, world.registration_days),
        renamed_us=START_US + world.rename_day * DAY_US if world.renamed else None,
    )


def matched_null(world: BotnetWorld) -> BotnetWorld:
    """Give the same world in which nothing is planted; what only looks guilty stays."""
    return replace(world, bots=0, lifted=0.0, renamed=False)


def check(world: BotnetWorld) -> None:
    """Raise ValueError, saying what to do, where the parameters describe no world."""
    if world.events * world.accounts_per_event < 2 * world.community_size:
        raise ValueError(f"events is {world.events}; use more: accounts must fill two communities of {world.community_size}")
    if world.popularity_shape <= 1:
        raise ValueError(f"popularity_shape is {world.popularity_shape}; use more than 1")
    most = min(world.largest, int(world.events * world.accounts_per_event) // 4)
    if most * round(world.events * world.posts_per_event) < world.events:
        raise ValueError(f"largest is {world.largest}; use more, or more accounts or posts: no {world.events} shares fit below")
    if not 0 < world.bot_shares <= world.campaign_posts:
        raise ValueError(f"bot_shares is {world.bot_shares}; use 1 to {world.campaign_posts}, the campaign_posts")
    if not 0 < world.earlier_shares <= world.earlier_posts:
        raise ValueError(f"earlier_shares is {world.earlier_shares}; use 1 to {world.earlier_posts}, the earlier_posts")
    if world.campaign_day < world.earlier_before or world.campaign_day + world.campaign_days >= world.days:
        raise ValueError(
            f"campaign_day is {world.campaign_day}; use {world.earlier_before} to {world.days - world.campaign_days - 1}"
        )


def _days(first: int, days: int) -> tuple[int, int]:
    return START_US + first * DAY_US, START_US + (first + days) * DAY_US


def _planted_times(world: BotnetWorld, seed: int) -> list[Ints]:
    """Draw when the campaign's, the earlier campaign's and the feed's posts are published, each in order."""
    rng = np.random.default_rng([seed, 3])
    earlier_day = world.campaign_day - world.earlier_before
    campaign = draw_times(world, rng, world.campaign_posts, world.campaign_day, world.campaign_days)
    earlier = draw_times(world, rng, world.earlier_posts, earlier_day, world.campaign_days)
    feed = draw_times(world, rng, world.feed_posts if world.feeds else 0, 0, world.days)
    return [np.sort(campaign), np.sort(earlier), np.sort(feed)]


def _squad(world: BotnetWorld, seed: int) -> tuple[Squad, np.random.Generator]:
    rng = np.random.default_rng([seed, 6])
    return draw_squad(world, rng), rng


def _feeds(world: BotnetWorld, who: Cast, published: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Let every feed share every post of the publisher, seconds after it."""
    obj = np.repeat(np.arange(who.feed, who.all_posts), world.feeds)
    author = np.tile(np.arange(who.feeds, who.bots), who.all_posts - who.feed)
    return author, obj, published[obj] + (world.feed_spread_s * 1e6 * rng.random(obj.size)).astype(np.int64)


def _organic(world: BotnetWorld, who: Cast, weight: Floats, published: Ints, seed: int) -> tuple[Ints, Ints, Ints]:
    """Let others share the campaigns' posts too, after the usual delay."""
    rng = np.random.default_rng([seed, 5])
    number = rng.poisson(world.organic, who.feed - who.campaign)
    obj = np.repeat(np.arange(who.campaign, who.feed), number)
    author, obj = once(rng.choice(who.accounts, obj.size, p=weight), obj, who.accounts)
    delay = np.exp(np.log(world.delay_s * 1e6) + world.delay_sigma * rng.standard_normal(obj.size))
    return author, obj, published[obj] + delay.astype(np.int64)
