"""How surprising is what each account does together with others, and how rare is that where only chance acts?"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._shuffle import Setting
from ._sweep import Bools, Events, Ints, meetings, reach, totals
from .families import benjamini_hochberg

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

SET_ASIDE = 0.05
_BULK = 0.01
_TAIL = 0.02
_FLATTEST = 0.05
_WEAK = 1e-6
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.9875, 0.99375, 0.996875)


class Seen(NamedTuple):
    """Surprise, height (pairs to the power of 1.5), neighbours (0 to 1) and partners of each account; edges, weights, surprises."""

    surprise: Floats
    heights: Floats
    neighbours: Floats
    partners: Ints
    source: Ints
    target: Ints
    weight: Ints
    size: Floats


def see(events: Events, how: Setting) -> Seen:
    """Measure surprise and partners of every account."""
    first, stop = reach(events, how.window)
    neighbours = totals(events.author, stop - first - 1, how.accounts).astype(np.float64)
    del first, stop
    edges, count = meetings(events, how.accounts, window=how.window, least=2, memory_gb=how.memory_gb)
    return surprises(edges // how.accounts, edges % how.accounts, count, neighbours, neighbours)


def surprises(one: Ints, other: Ints, count: Ints, neighbours: Floats, met: Floats) -> Seen:
    """Add up the surprise of each pair for both; ``met`` (accounts,) orders accounts without partners."""
    w = count.astype(np.float64)
    expected = neighbours[one] * neighbours[other] / max(float(neighbours.sum()), 1.0)
    size = np.where(w > expected, w * np.log(w / expected) - (w - expected), 0.0)
    surprise, heights, partners = np.zeros(neighbours.size), np.zeros(neighbours.size), np.zeros(neighbours.size, np.int64)
    height = size * np.sqrt(size)
    for end in (one, other):
        surprise += np.bincount(end, size, minlength=neighbours.size)
        heights += np.bincount(end, height, minlength=neighbours.size)
        partners += np.bincount(end, minlength=neighbours.size)
    return Seen(surprise, heights, met / (1 + met), partners, one, other, count, size)


def measures(seen: Seen) -> Singles:
    """Stack heights, partners and neighbours: (3, accounts), in single precision, since every draw keeps its own."""
    return np.stack((seen.heights, seen.partners, seen.neighbours), dtype=np.float32)


def p_values(seen: Singles, null: list[Singles], activity: Ints, aside: Bools) -> tuple[Floats, float]:
    """Give p-values and the inflation taken out. ``seen`` (3, accounts): heights, partners and neighbours; ``null``: so, by draw.

    The ``aside`` accounts are in no draw. Neighbours order accounts without partners, whose ranks would be all the same.
    """
    half = len(null) // 2
    kept = ~aside
    usual = activity[kept & (activity > 1)]  # so that no group is without a null, whoever is set aside
    cuts = np.unique(np.quantile(usual, _SHARES, method="higher")) if usual.size else np.ones(1)
    group = np.searchsorted(cuts, activity, "right")
    scales = [
        [np.sort(np.log1p(np.concatenate([one[which, kept & (group == g)] for one in null[:half]]))) for g in range(cuts.size + 1)]
        for which in (0, 1)
    ]

    def rank(one: Singles) -> Floats:
        high = np.maximum(_ranked(one[0], group, scales[0]), _ranked(one[1], group, scales[1]))
        weighed: Floats = high + _WEAK * one[2]
        return weighed

    ranks = np.sort(np.concatenate([rank(one)[kept] for one in null[half:]]))
    rank_seen = rank(seen)
    first = _tail(rank_seen, ranks)
    cut = float(first[benjamini_hochberg(first) <= SET_ASIDE].max(initial=0.0))
    inflation = _inflation(rank_seen[kept & (first > cut)], ranks, cut)
    lowered = np.where(rank_seen > _WEAK, np.maximum(rank_seen / inflation, _WEAK), rank_seen)
    return (_tail(lowered, ranks) if inflation > 1 else first), inflation


def _inflation(usual: Floats, ranks: Floats, cut: float) -> float:
    """Give how many times higher the ranks of the accounts not found are than those of the null, where 1 % of the null begins.

    Nearer to the end where less than 2 % of the null have partners at all; 1 where they are lower, or found accounts reach so far.
    """
    bulk = min(_BULK, float(np.mean(ranks > _WEAK)) / 2)
    if not usual.size or cut >= bulk / 2:
        return 1.0
    level = float(np.quantile(ranks, 1 - bulk))
    return max(1.0, float(np.quantile(usual, 1 - (bulk - cut) / (1 - cut))) / level) if level > _WEAK else 1.0


def _ranked(seen: Singles, group: Ints, scale: list[Singles]) -> Floats:
    """Rank one measure (accounts,) by -ln of how rare they are in their group's null, beyond it by an exponential tail."""
    found = np.zeros(seen.size)
    for g, null in enumerate(scale):
        some = group == g
        if not null.size or not some.any():
            continue
        size = np.log1p(seen[some])
        start = null[min(int(null.size * (1 - _TAIL)), null.size - 1)]
        over = null[null > start]
        slope = max(float((over - start).mean()), _FLATTEST) if over.size else _FLATTEST
        beyond = (size - start) / slope - np.log(max(over.size, 1) / (null.size + 1))
        found[some] = np.where(size > start, beyond, -np.log(_tail(size, null)))
    return found


def _tail(seen: Floats | Singles, null: Floats | Singles) -> Floats:
    """Give the share of the sorted null at or above each value, the value itself counted in."""
    share = (1.0 + null.size - np.searchsorted(null, seen, "left")) / (1.0 + null.size)
    return np.asarray(share, np.float64)
