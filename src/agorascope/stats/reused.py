"""Do accounts that acted together at one time act together at another, more than accounts as active at that time do?

A set of accounts is named by what it did at one time and asked what it did at another: of the set, those are together that acted
on two objects or more within a window of another of the set. Chance is what sets of as many accounts do that are as active at that
time, on what is as crowded: that meet as many others, the set apart, since what is popular brings accounts together that have
nothing to do with each other.

What is expected is the mean of sets of others alone; the p-value is of sets drawn from all, the accounts asked about among them, as
a permutation must.

Limits: where those who act together are many of all as active, the sets drawn for the p-value hold many of them: it is too large.
Source: permutation within strata, Good 2005, doi:10.1007/b138696, section 3.7; draws that end early, Besag and Clifford
1991, doi:10.1093/biomet/78.2.301. What we changed: see ``without.strata``; the statistic is ours.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import hypergeom

from .without import Pools, as_many, pools, strata

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TWICE = 2
OTHERS = 4
EXPECTED_DRAWS = 200
ENOUGH = 10  # draws with as many or more, after which no further ones are needed


class Moment(NamedTuple):
    """Hold the acts (acts,) of one slice of time, by object and then time, each account's first on each object.

    ``of`` lists the acts by account, those of account i from ``start[i]`` to ``start[i + 1]``; ``window`` in the unit of ``at``.
    """

    author: Ints
    obj: Ints
    at: Ints
    window: Ints
    of: Ints
    start: Ints

    @property
    def activity(self) -> Ints:
        """Count the acts of each account (accounts,)."""
        return np.diff(self.start)


class Overlap(NamedTuple):
    """Hold how many accounts two sets share, how many chance gives, and how often it gives as many."""

    shared: int
    universe: int
    expected: float
    p_value: float


def moment(author: Ints, obj: Ints, at: Ints, window: Ints, *, accounts: int) -> Moment:
    """Put the acts of one slice in order. Cost O(acts log acts)."""
    order = np.lexsort((author, at, obj))
    author, obj, at, window = author[order], obj[order], at[order], window[order]
    first = np.sort(np.unique(obj * accounts + author, return_index=True)[1])
    author, obj, at, window = author[first], obj[first], at[first], window[first]
    of = np.argsort(author, kind="stable")
    return Moment(author, obj, at, window, of, np.searchsorted(author[of], np.arange(accounts + 1)))


def near(seen: Moment, some: Ints) -> Ints:
    """List the acts of some accounts (each once) within the window of another of theirs on the same object, in order.

    Cost O(their acts).
    """
    number = seen.start[some + 1] - seen.start[some]
    ends = np.cumsum(number)
    rows = np.sort(seen.of[np.arange(ends[-1] if ends.size else 0) + np.repeat(seen.start[some] - ends + number, number)])
    close = (np.diff(seen.obj[rows]) == 0) & (np.diff(seen.at[rows]) <= seen.window[rows[:-1]])
    return rows[np.append(close, False) | np.append(False, close)] if rows.size else rows


def together(seen: Moment, some: Ints) -> Ints:
    """List those of some accounts that are near another of them on two objects or more, in order."""
    author, objects = np.unique(seen.author[near(seen, some)], return_counts=True)
    return author[objects >= TWICE]


def crowd(seen: Moment, inside: Bools) -> Ints:
    """Count for each account (accounts,) the acts of accounts not ``inside``, itself apart, within the window of its own acts.

    It is what an account meets because of what it acts on and when, whoever is inside. Cost O(acts log acts).
    """
    if not seen.at.size:
        return np.zeros(seen.activity.size, np.int64)
    at = seen.at - seen.at.min()
    key = seen.obj * (int(at.max()) + int(seen.window.max()) + 1) + at
    outside = ~inside[seen.author]
    count = np.append(0, np.cumsum(outside))
    met = count[np.searchsorted(key, key + seen.window, side="right")] - count[np.searchsorted(key, key - seen.window)] - outside
    return np.bincount(seen.author, met, minlength=seen.activity.size).astype(np.int64)


def again(seen: Moment, some: Ints, aside: Bools, *, draws: int, rng: np.random.Generator) -> Overlap:
    """Ask how many of some accounts are together at another time, and how many of as many, as active then, would be.

    ``aside`` (accounts,) are no others: they make no crowd, and nothing is expected of them. The p-value is at least
    1 / (draws + 1); draws end early where it is large. Cost O(draws x acts of the accounts).
    """
    active = np.flatnonzero(seen.activity > 0)
    inside = np.zeros(seen.activity.size, np.bool_)
    inside[some] = True
    level = np.floor(np.log2(seen.activity[active])).astype(np.int64)
    stratum = strata(crowd(seen, inside | aside)[active] + 1, level, inside[active], others=OTHERS)
    where: Pools = pools(stratum, inside[active])
    other: Pools = [(kept, min(n, kept.size)) for one, n in where for kept in (one[~(aside | inside)[active[one]]],)]
    shared = together(seen, some).size
    as_many_or_more, drawn = 0, 0
    while drawn < draws and as_many_or_more < ENOUGH:
        as_many_or_more += together(seen, active[as_many(where, rng)]).size >= shared
        drawn += 1
    p_value = ENOUGH / drawn if as_many_or_more == ENOUGH else (1 + as_many_or_more) / (1 + draws)
    expected = np.mean([together(seen, active[as_many(other, rng)]).size for _ in range(EXPECTED_DRAWS)])
    return Overlap(shared, active.size, float(expected), p_value)


def by_chance(one: Bools, other: Bools, universe: Bools) -> Overlap:
    """Give the overlap of two sets (accounts,) drawn at random from a universe: the hypergeometric law.

    >>> by_chance(np.array([1, 1, 0, 0], bool), np.array([1, 1, 0, 0], bool), np.ones(4, bool))
    Overlap(shared=2, universe=4, expected=1.0, p_value=0.16666666666666666)
    """
    number, first, second = int(universe.sum()), int((one & universe).sum()), int((other & universe).sum())
    shared = int((one & other & universe).sum())
    if not number:
        return Overlap(0, 0, 0.0, 1.0)
    return Overlap(shared, number, first * second / number, float(hypergeom.sf(shared - 1, number, first, second)))
