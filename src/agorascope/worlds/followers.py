"""What do the followers of accounts do day by day when nobody removes any, and when a platform does?

One row is one account on one day on which it was read. Followers come and go by chance at a rate of the account's own; days have a
mood of their own (standard deviation ``mood`` of the log rate of leaving, with a memory of 5 days). On the day planted, a share
``purged`` of the accounts loses ``loss`` of its followers.

Limits: readings miss at random; real accounts are read when they post.
Source: an immigration-death process seen by the day; Kendall 1949, doi:10.1111/j.2517-6161.1949.tb00032.x. What we changed:
moods.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.signal import lfilter

from agorascope.records import schema

DAY_US = 86_400_000_000
START_US = 1_420_070_400_000_000  # Thursday 1 January 2015, 00:00 UTC
MEMORY_DAYS = 5.0


@dataclass(frozen=True, kw_only=True)
class FollowersWorld:
    """Describe accounts read day by day.

    ``leaving`` is the median share of followers an account loses in a day, ``coming`` that it gains; ``own`` the standard
    deviation of the logarithm of both from account to account; ``seen`` the share of days on which an account is read.
    """

    accounts: int = 200
    days: int = 200
    leaving: float = 0.001
    coming: float = 0.002
    own: float = 0.7
    mood: float = 0.3
    seen: float = 0.7
    purged: float = 0.0
    loss: float = 0.02


def planted_day(params: FollowersWorld) -> int:
    """Give the day of the removal, from the start of the world."""
    return params.days * 3 // 5


def make(params: FollowersWorld, seed: int) -> dict[str, pa.Table]:
    """Make the counters. Cost O(accounts x days)."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-1 / MEMORY_DAYS)
    mood = lfilter([1.0], [1.0, -keep], rng.standard_normal(params.days + 50) * np.sqrt(1 - keep**2))[50:]
    leave, come = (rate * np.exp(params.own * rng.standard_normal(params.accounts)) for rate in (params.leaving, params.coming))
    hit = rng.random(params.accounts) < params.purged
    followers = np.exp(rng.normal(6.5, 1.2, params.accounts)).astype(np.int64) + 20
    rows: dict[str, list[object]] = {"account_id": [], "at_us": [], "followers": []}
    for day in range(params.days):
        gone = rng.binomial(followers, np.minimum(leave * np.exp(params.mood * mood[day]), 0.5))
        followers = followers - gone + rng.poisson(followers * come)
        if day == planted_day(params):
            followers -= np.where(hit, rng.binomial(followers, params.loss), 0)
        seen = np.flatnonzero(rng.random(params.accounts) < params.seen)
        rows["account_id"] += [f"a{i}" for i in seen]
        rows["at_us"] += (START_US + day * DAY_US + rng.integers(DAY_US, size=seen.size)).tolist()
        rows["followers"] += followers[seen].tolist()
    n, shape = len(rows["at_us"]), schema("account_counters")
    rows["platform"] = ["x"] * n
    filled = [pa.array(rows[f.name], f.type) if f.name in rows else pa.nulls(n, f.type) for f in shape]
    return {"account_counters": pa.Table.from_arrays(filled, schema=shape)}
