"""What would follower counts look like if a platform removed accounts one day, and one account said it alone was losing?

One row (axis 0) is one account, one column (axis 1) one day; account 0 is the one that complains. Followers grow at a rate of each
account's own, with daily noise of heavy tails, so that on a usual day some accounts lose visibly. From ``purge_day`` on the
platform removes, over ``purge_hours``, a share of each account's followers, lognormal over accounts. Accounts are drawn from
one law: with ``claimant_ratio`` 1 and ``reached`` 1 the one that complains lost what others lost, more or less by chance.

The matched null (``matched_null``): every draw is shared, nothing is removed. Removed from nobody else (``reached`` 0), the
claimant is right.

Every parameter is a choice; none is fitted; the noise is of the order of a usual day of published accounts (1.7 % of those
of the Internet Research Agency lost more than 0.5 % of their followers on the median day).

Limits: removal is proportional to followers; nobody wins followers back after it; who the removed accounts were is not told.
Source: the world is ours.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.records import schema

from .null import DAY_US, HOUR_US, START_US

PLATFORM = "x"
CLAIMANT, OTHERS = "claimant", "others"
EVENT = "complaint"

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class PurgeWorld:
    """Describe followers read once a day, and a removal.

    ``followers`` is the median, ``follower_spread`` the log standard deviation over accounts; ``growth`` and ``growth_spread``
    the mean and standard deviation of the daily log growth; ``noise`` the scale of its daily noise, Student with ``noise_df``
    degrees of freedom. ``missing`` is the share of readings lost. The removal takes ``loss`` (median share; 0 is the null), with
    log standard deviation ``loss_spread``, from the ``reached`` share of others, and from the claimant ``claimant_ratio`` times
    its own draw.
    """

    accounts: int = 200
    days: int = 60
    followers: float = 10_000.0
    follower_spread: float = 1.6
    growth: float = 0.0003
    growth_spread: float = 0.0008
    noise: float = 0.0013
    noise_df: float = 3.0
    missing: float = 0.05
    purge_day: int = 40
    purge_hours: float = 12.0
    loss: float = 0.01
    loss_spread: float = 0.8
    claimant_ratio: float = 1.0
    reached: float = 1.0


class Followers(NamedTuple):
    """Hold the readings; ``followers`` (NaN where lost) and ``at_us`` have shape (accounts, days)."""

    followers: Floats
    at_us: Ints


class Truth(NamedTuple):
    """Tell the share each account lost to the removal, (accounts,), and when it began; None where nothing was removed."""

    lost: Floats
    purge_us: int | None


def make(world: PurgeWorld, seed: int) -> Followers:
    """Make one panel. Raises ValueError on impossible parameters. Cost O(accounts x days)."""
    lost = truth(world, seed).lost
    size, path, clock, gaps = (np.random.default_rng([seed, k]) for k in (1, 2, 3, 4))
    shape = (world.accounts, world.days)
    first = np.log(world.followers) + world.follower_spread * size.standard_normal(world.accounts)
    growth = world.growth + world.growth_spread * size.standard_normal(world.accounts)
    level = first[:, None] + np.cumsum(growth[:, None] + world.noise * path.standard_t(world.noise_df, shape), axis=1)
    hour = clock.uniform(0, 24, world.accounts)[:, None] + clock.normal(0.0, 0.2, shape)
    at_us = START_US + np.arange(world.days) * DAY_US + (np.clip(hour, 0, 23.99) * HOUR_US).astype(np.int64)
    done = np.clip((at_us - _purge_us(world)) / (world.purge_hours * HOUR_US), 0.0, 1.0)
    followers = np.rint(np.exp(level) * (1 - lost[:, None] * done))
    return Followers(np.where(gaps.random(shape) < world.missing, np.nan, followers), at_us)


def truth(world: PurgeWorld, seed: int) -> Truth:
    """Tell what was removed from whom. Cost O(accounts)."""
    check(world)
    rng = np.random.default_rng([seed, 0])
    share = world.loss * np.exp(world.loss_spread * rng.standard_normal(world.accounts))
    reached = rng.random(world.accounts) < world.reached
    share[0] *= world.claimant_ratio
    reached[0] = True
    return Truth(np.where(reached, np.minimum(share, 0.95), 0.0), _purge_us(world) if world.loss else None)


def tables(world: PurgeWorld, seed: int) -> dict[str, pa.Table]:
    """Make counters, accounts, groups and the complaint, dated in the null as well. Cost O(accounts x days)."""
    panel = make(world, seed)
    who, day = np.nonzero(np.isfinite(panel.followers))
    everyone = np.arange(world.accounts)
    group = pa.array(np.where(everyone == 0, CLAIMANT, OTHERS))
    return {
        "account_counters": _table(
            "account_counters",
            who.size,
            account_id=_named(who),
            at_us=pa.array(panel.at_us[who, day]),
            followers=pa.array(panel.followers[who, day].astype(np.int64)),
        ),
        "accounts": _table("accounts", world.accounts, account_id=_named(everyone), handle=_named(everyone)),
        "groups": _table("groups", world.accounts, account_id=_named(everyone), group_name=group),
        "events": _table("events", 1, at_us=pa.array([_purge_us(world) + DAY_US]), label=pa.array([EVENT])),
    }


def matched_null(world: PurgeWorld) -> PurgeWorld:
    """Give the same world in which nothing is removed."""
    return replace(world, loss=0.0)


def check(world: PurgeWorld) -> None:
    """Raise ValueError, saying what to do, where the parameters describe no world."""
    if world.accounts < 2:
        raise ValueError(f"accounts is {world.accounts}; use 2 or more: one complains, others are compared")
    if not 0 < world.purge_day < world.days - 1:
        raise ValueError(f"purge_day is {world.purge_day}; use 1 to {world.days - 2}")
    if not 0 <= world.loss < 1:
        raise ValueError(f"loss is {world.loss}; use 0 or more and less than 1")


def _purge_us(world: PurgeWorld) -> int:
    return START_US + world.purge_day * DAY_US


def _named(numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise("a", pc.cast(pa.array(numbers), pa.string()), "")


def _table(name: str, rows: int, **columns: pa.Array) -> pa.Table:
    columns["platform"] = pa.repeat(PLATFORM, rows)
    shape = schema(name)
    filled = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in shape]
    return pa.Table.from_arrays(filled, schema=shape)
