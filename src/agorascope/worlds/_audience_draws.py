"""How are the accounts, volumes, captures and noises of a world of audiences drawn? Every draw, none of the effects."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, pdtr

if TYPE_CHECKING:
    from .audience import AudienceWorld

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EDGE = 0.15  # dates drawn at random lie in the middle 70 % of the span


class Accounts(NamedTuple):
    """Hold what belongs to an account for the whole span; shapes (accounts,)."""

    rate: Floats
    followers: Floats
    growth: Floats
    reach: Floats
    sigma: Floats
    trend: Floats
    load: Floats
    conversion: Floats
    repost: Floats
    jump: Floats
    jump_at: Ints
    post_part: Floats


def draw_accounts(world: "AudienceWorld", rng: np.random.Generator) -> Accounts:
    """Draw the accounts, all from one law. Cost O(accounts)."""
    a = world.accounts
    rate = np.clip(world.posts * np.exp(world.posts_spread * rng.standard_normal(a)), 1.0, 50 * world.posts)
    followers = world.followers * np.exp(world.follower_spread * rng.standard_normal(a))
    growth = world.growth + world.growth_spread * rng.standard_normal(a)
    reach = -1.5 + world.reach_spread * rng.standard_normal(a)
    sigma = world.noise * np.exp(world.noise_spread * rng.standard_normal(a) - world.noise_spread**2)
    trend = world.trend * rng.standard_normal(a)
    load = 1 + world.common_spread * rng.standard_normal(a)
    conversion = world.like_rate * np.exp(world.conversion_spread * rng.standard_normal(a))
    repost = world.repost_rate * np.exp(0.3 * rng.standard_normal(a))
    jumps = rng.random(a) < world.volume_jumps
    jump = np.where(jumps, np.exp(rng.uniform(np.log(2), np.log(3), a)), 1.0)
    jump_at = _dates(world.periods, rng, a)
    sampling = np.sqrt(np.log1p(np.expm1(world.post_sd**2) / np.maximum(rate, 1)))
    post_part = np.minimum(1.0, np.sqrt(world.post_share) * sigma / sampling)
    return Accounts(rate, followers, growth, reach, sigma, trend, load, conversion, repost, jump, jump_at, post_part)


def draw_volume(world: "AudienceWorld", who: Accounts, rng: np.random.Generator) -> Ints:
    """Draw the posts published: Poisson around a rate that varies by a gamma factor, a cycle, and a jump. Shape (A, T)."""
    shape = (world.accounts, world.periods)
    jumped = np.arange(world.periods)[None, :] >= who.jump_at[:, None]
    treated, after = np.arange(shape[0]) < world.treated, np.arange(shape[1]) >= world.start
    step = np.where(treated[:, None] & after, world.volume_step, 1.0)
    expected = who.rate[:, None] * np.where(jumped, who.jump[:, None], 1.0) * week(world) * step
    steady = 1 / world.posts_noise**2
    return rng.poisson(expected * rng.gamma(steady, 1 / steady, shape))


def draw_captured(world: "AudienceWorld", published: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Draw the posts captured, and the account-periods lost altogether. Shapes (A, T)."""
    shape = published.shape
    lost = rng.random(shape) < world.missing
    one = 0 if world.collapse_of == "treated" else int(rng.integers(world.accounts))
    share = np.ones(shape)
    share[one, shape[1] - world.collapse_periods :] = world.collapse_share
    return rng.binomial(published, share), lost


def draw_means(
    world: "AudienceWorld", who: Accounts, number: Ints, total: Ints, rng: np.random.Generator, *, cap: int
) -> tuple[Floats, Floats]:
    """Draw the mean of ``number`` lognormal posts of mean 1, (2, A, T), and the log factor that takes the whole to its share.

    Above ``cap`` posts, ``cap`` are drawn and their mean's distance from 1 is divided by sqrt(number / cap).
    """
    drawn = np.minimum(number, cap).ravel()
    log_posts = world.post_sd * rng.standard_normal(int(drawn.sum())) - world.post_sd**2 / 2
    sums = np.add.reduceat(np.append(np.exp(log_posts), 0.0), np.cumsum(drawn) - drawn)
    means = np.where(drawn > 0, sums / np.maximum(drawn, 1), 1.0).reshape(number.shape)
    means = 1 + (means - 1) * np.sqrt(np.minimum(1.0, cap / np.maximum(number, 1)))
    overall = np.where(total > 0, (number * means).sum(axis=0) / np.maximum(total, 1), 1.0)
    return means, (who.post_part[:, None] - 1) * np.log(overall)


def draw_residual(world: "AudienceWorld", who: Accounts, rng: np.random.Generator) -> Floats:
    """Draw the log of reach around an account's base: AR noise, own trend, common shocks and step, jump, week. Shape (A, T)."""
    shape = (world.accounts, world.periods)
    sampling = np.log1p(np.expm1(world.post_sd**2) / np.maximum(who.rate, 1))
    share = np.minimum(who.post_part**2 * sampling / who.sigma**2, world.post_share) if world.noise > 0 else np.zeros(shape[0])
    latent = who.sigma * np.sqrt(1 - share)
    noise = latent[:, None] * ar1(rng, shape, world.ar / (1 - share))
    slope = np.linspace(-0.5, 0.5, world.periods)
    shock = world.common * ar1(rng, (1, world.periods), 0.8)
    drawn = int(_dates(world.periods, rng, 1)[0])
    at = world.start if world.common_break_at == "start" else drawn
    step = np.log(world.common_break) * (np.arange(world.periods) >= at)
    jumped = np.arange(world.periods)[None, :] >= who.jump_at[:, None]
    diluted = -world.volume_dilution * np.log(who.jump)[:, None] * jumped
    felt = who.load[:, None] * shock
    total = noise + who.trend[:, None] * slope + felt + step + diluted + np.log(week(world)) / 2
    return np.asarray(total, dtype=np.float64)


def ar1(rng: np.random.Generator, shape: tuple[int, ...], coefficient: float | Floats) -> Floats:
    """Draw stationary AR(1) series of variance 1 along the last axis; one coefficient, or one per row. Cost O(size)."""
    shocks = rng.standard_normal(shape)
    rho = np.broadcast_to(np.asarray(coefficient, dtype=np.float64), shape[:-1])
    fresh = np.sqrt(1 - rho**2)
    for t in range(1, shape[-1]):
        shocks[..., t] = rho * shocks[..., t - 1] + fresh * shocks[..., t]
    return shocks


def counts(expected: Floats, z: Floats) -> Floats:
    """Turn normal draws into Poisson counts by quantiles, so that worlds which differ in ``expected`` share the draw.

    Exact up to an expectation of 10; above, the quantile's Cornish-Fisher expansion, rounded (Johnson, Kemp & Kotz 2005, 4.6).
    """
    large = np.maximum(0.0, np.floor(expected + np.sqrt(expected) * z + (z**2 - 1) / 6 + 0.5))
    small = np.flatnonzero(expected < 10)
    mean = expected.ravel()[small]
    u = ndtr(z.ravel()[small])
    large.ravel()[small] = (pdtr(np.arange(45)[:, None], mean[None, :]) < u[None, :]).sum(axis=0)
    return large


def week(world: "AudienceWorld") -> Floats:
    """Give the relative volume of each period: quiet weekends where periods are days, else 1. Shape (periods,)."""
    day = np.arange(world.periods) % 7
    depth = world.weekly if world.period_days == 1 else 0.0
    return np.asarray(np.where(day < 5, 1 + 0.4 * depth, 1 - depth), dtype=np.float64)


def _dates(periods: int, rng: np.random.Generator, size: int) -> Ints:
    first = max(1, round(EDGE * periods))
    return rng.integers(first, max(first + 1, periods - first), size)
