"""How much of every list changes without the members, with a few of them put back, and without as many others? Pure arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.distinct import distinct
from agorascope.stats.without import Ranking, acts_of, as_many, left, places, pools, trending

from ._counterfactual_reduce import TREND_LEAST, TRENDING

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class List(NamedTuple):
    """Hold one ranking, the length of its list, and which of its acts lie behind a tie (acts,), in the order of the ranking."""

    seen: Ranking
    top: int
    tied: Bools


class Changed(NamedTuple):
    """Hold what one removal does to a list: counts and places of all objects, how many leave it, which trends (cells,) are lost.

    ``fall``: the largest fall of an object of the list, as the binary logarithm of its new place over its old one.
    """

    counts: Ints
    place: Ints
    changed: int
    lost: Bools
    trends: int
    fall: float


class Compared(NamedTuple):
    """Hold one list with (``full``) and without the members; ``tied`` without the posts behind ties alone.

    ``members`` (objects,) counts the members that act on each. ``listed``: the objects of the list, first to last; ``back_*`` are
    draws with some members put back, ``random_*`` without as many others: changed, trends and fall (draws,), place (draws, listed).
    """

    full: Ints
    place: Ints
    listed: Ints
    trend: Bools
    without: Changed
    tied: Changed
    members: Ints
    back_changed: Ints
    back_trends: Ints
    back_fall: Floats
    back_place: Ints
    random_changed: Ints
    random_trends: Ints
    random_fall: Floats
    random_place: Ints


def compare(
    lists: list[List], member: Bools, stratum: Ints, *, q: float, draws: int, seed: int
) -> tuple[list[Compared], Ints, Ints]:
    """Take the members' acts away, then those of each draw. Gives the lists compared, and the accounts of the draws of both kinds.

    ``member``, ``stratum`` (accounts,). A share ``q`` of the members, rounded up, is put back. Cost O(draws (acts of members +
    objects log objects)).
    """
    members = np.flatnonzero(member)
    kept = members.size - int(np.ceil(q * members.size))
    rng = np.random.default_rng([seed, 0])
    back = [rng.choice(members, kept, replace=False) for _ in range(draws)]
    rng = np.random.default_rng([seed, 1])
    where = pools(stratum, member)
    others = [as_many(where, rng) for _ in range(draws)]
    return [_compared(one, members, back, others) for one in lists], np.array(back), np.array(others)


def exact(one: List, members: Ints, reach: int) -> bool:
    """Say whether no object out of reach could be in the list, or in that of a slice, once the members are left out."""
    counts, cells = left(one.seen, acts_of(one.seen, members))
    if np.sort(counts)[-one.top] <= np.sort(one.seen.full)[-min(reach, counts.size)]:
        return False
    for s in np.unique(one.seen.slice_of).tolist():
        here = one.seen.slice_of == s
        before, after = np.sort(one.seen.cells[here])[::-1], np.sort(cells[here])[::-1]
        if (before >= TREND_LEAST).sum() >= reach and after[TRENDING - 1] <= before[reach - 1]:
            return False
    return True


def shares(counts: Ints, removed: Ints) -> Floats:
    """Give the share of the total held by the accounts of each draw (draws, accounts of a draw)."""
    held: Floats = counts[removed].sum(axis=1) / max(int(counts.sum()), 1)
    return held


def _compared(one: List, members: Ints, back: list[Ints], others: list[Ints]) -> Compared:
    seen = one.seen
    place = places(seen.full)
    listed = np.argsort(place)[: one.top]
    trend = trending(seen, seen.cells, top=TRENDING, least=TREND_LEAST)
    own = acts_of(seen, members)

    def take(acts: Ints) -> Changed:
        counts, cells = left(seen, acts)
        after = places(counts)
        lost = trend & ~trending(seen, cells, top=TRENDING, least=TREND_LEAST)
        fall = float(np.log2((after[listed] + 1) / (place[listed] + 1)).max())
        return Changed(counts, after, int((after[listed] >= one.top).sum()), lost, int(lost.sum()), fall)

    with_some_back = [take(acts_of(seen, some)) for some in back]
    without_others = [take(acts_of(seen, some)) for some in others]
    pairs = distinct(seen.obj[own] * (members.size + 1) + np.repeat(np.arange(members.size), np.diff(seen.start)[members]))
    return Compared(
        seen.full,
        place,
        listed,
        trend,
        take(own),
        take(own[one.tied[own]]),
        np.bincount(pairs // (members.size + 1), minlength=seen.full.size),
        *_each(with_some_back, listed),
        *_each(without_others, listed),
    )


def _each(drawn: list[Changed], listed: Ints) -> tuple[Ints, Ints, Floats, Ints]:
    """Put the draws side by side: changed, trends, fall (draws,) and places of the objects listed (draws, listed)."""
    return (
        np.array([c.changed for c in drawn]),
        np.array([c.trends for c in drawn]),
        np.array([c.fall for c in drawn]),
        np.array([c.place[listed] for c in drawn]),
    )
