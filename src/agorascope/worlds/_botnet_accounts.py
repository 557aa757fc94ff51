"""When were the accounts of such a world registered, what are they called, how many follow them?"""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ._botnet_draws import Floats, Ints
from .null import DAY_US, HOUR_US, START_US

if TYPE_CHECKING:
    from .botnet import BotnetWorld, Cast

SYLLABLES = (
    "ba",
    "co",
    "di",
    "fe",
    "gu",
    "ha",
    "jo",
    "ki",
    "le",
    "mu",
    "na",
    "po",
    "qui",
    "ra",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "zo",
)


def registered_us(world: "BotnetWorld", who: "Cast", seed: int) -> Ints:
    """Draw dates of registration. Shape (accounts,), µs UTC.

    The background grows by a factor e over its years, with a season, a week, noise common to a day, and once a year news that
    triples registrations and fades within days. The squad's dates are even over its window.
    """
    rng, squad = np.random.default_rng([seed, 20]), np.random.default_rng([seed, 21])
    span = world.registration_years * 365
    day = np.arange(span) - span
    cycles = (1 + 0.2 * np.sin(2 * np.pi * day / 365)) * (1 + 0.2 * np.where(day % 7 < 5, 0.4, -1.0))
    since = day - (rng.integers(-span, 0, world.registration_years))[:, None]
    news = 1 + np.where(since >= 0, 2 * np.exp(-np.maximum(since, 0) / 4), 0.0).sum(axis=0)
    rate = np.exp(day / span + 0.1 * rng.standard_normal(span)) * cycles * news
    usual = rng.choice(day, who.bots, p=rate / rate.sum())
    last = -world.registered_before
    planted = squad.integers(last - world.registration_days, last, world.bots)
    hour = np.concatenate([_hours(world, rng.random(who.bots)), _hours(world, squad.random(world.bots))])
    return np.asarray(START_US + np.concatenate([usual, planted]) * DAY_US + (hour * HOUR_US).astype(np.int64), dtype=np.int64)


def handles(world: "BotnetWorld", who: "Cast", seed: int) -> pa.Array:
    """Name every account: five syllables no other has, and eight digits for some. Shape (accounts,)."""
    number = np.arange(who.all_accounts)
    stem = spelled(number * 7_919 % 20**5, 5)
    rng, squad = np.random.default_rng([seed, 22]), np.random.default_rng([seed, 23])
    ends = np.concatenate([rng.random(who.bots) < world.numbered, squad.random(world.bots) < world.numbered_bots])
    digits = np.concatenate([rng.integers(10**7, 10**8, who.bots), squad.integers(10**7, 10**8, world.bots)])
    return pc.binary_join_element_wise(stem, pc.if_else(pa.array(ends), pc.cast(pa.array(digits), pa.string()), ""), "")


def counts(world: "BotnetWorld", who: "Cast", own: Ints, seed: int) -> tuple[Ints, Ints, Ints]:
    """Draw posts ever published, followers, following; the squad published nothing but ``own``. Shapes (accounts,)."""
    rng, squad = np.random.default_rng([seed, 24]), np.random.default_rng([seed, 25])
    before = np.concatenate([_lognormal(rng, 5.0, 1.5, who.bots), np.zeros(world.bots, np.int64)])
    followers = np.concatenate([_lognormal(rng, 4.5, 1.6, who.bots), _lognormal(squad, 2.0, 1.0, world.bots)])
    following = np.concatenate([_lognormal(rng, 5.0, 1.0, who.bots), _lognormal(squad, 4.0, 0.5, world.bots)])
    followers[who.boosted : who.feeds] += 50_000
    return before + own, followers, following


def spelled(number: Ints, syllables: int) -> pa.Array:
    """Spell numbers below 20 to the power of ``syllables``, each as a word of its own."""
    parts = [pa.array(np.array(SYLLABLES)[number // 20**k % 20]) for k in range(syllables)]
    return pc.binary_join_element_wise(*parts, "")


def _hours(world: "BotnetWorld", drawn: Floats) -> Floats:
    """Turn even draws into hours of the day by its cycle."""
    edge = np.concatenate([[0.0], np.cumsum(1 + world.daily * np.sin(2 * np.pi * (np.arange(24) - 9) / 24))])
    return np.asarray(np.interp(edge[-1] * drawn, edge, np.arange(25.0)), dtype=np.float64)


def _lognormal(rng: np.random.Generator, mean: float, sigma: float, number: int) -> Ints:
    return np.exp(rng.normal(mean, sigma, number)).astype(np.int64)
