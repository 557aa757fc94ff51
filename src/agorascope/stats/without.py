"""What would rankings be without some accounts, and what would they be without as many others, as active?

An act is one account's on one object in one slice of time. Rankings order objects by their acts, more first, then by number, so
that an object nobody left out has acted on never falls behind another such one: what leaves a list has lost acts.

Limits: acts are taken away, and nobody else is thought to act otherwise. The draws of other accounts may hold some of those left
out, as a permutation must, which makes them look more alike than they are.
Source: the exchange of labels within strata of like activity is a permutation test, Good 2005, doi:10.1007/b138696, section 3.7.
What we changed: strata are put together until there are as many others as accounts left out, where there are.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Pools = list[tuple[Ints, int]]

OTHERS = 1  # with more, strata reach down to less active accounts: a quarter of the posts fewer at 4 (30,000 events, 200 accounts)
STEPS = 2  # strata of activity per doubling


class Ranking(NamedTuple):
    """Hold the acts (acts,) of one ranking, those of an account side by side; ``cell`` is the object in its slice, -1 without time.

    ``start`` (accounts + 1,): where each account's acts begin. ``full`` (objects,) and ``cells`` (cells,) count all acts, those of
    unknown accounts too; ``slice_of``, ``object_of`` (cells,) say what a cell is. ``own`` (acts,): where each act stood as given.
    """

    obj: Ints
    cell: Ints
    own: Ints
    start: Ints
    full: Ints
    cells: Ints
    slice_of: Ints
    object_of: Ints


def ranking(account: Ints, obj: Ints, piece: Ints, *, accounts: int, objects: int) -> Ranking:
    """Make a ranking of acts (acts,): positions of accounts (-1: unknown) and objects, slices of time (-1: unknown).

    Cost O(acts log acts).
    """
    order = np.argsort(account, kind="stable")
    known = piece >= 0
    codes, at = np.unique(piece[known] * objects + obj[known], return_inverse=True)
    cell = np.full(obj.size, -1, np.int64)
    cell[known] = at
    return Ranking(
        obj[order],
        cell[order],
        order,
        np.searchsorted(account[order], np.arange(accounts + 1)),
        np.bincount(obj, minlength=objects),
        np.bincount(at, minlength=codes.size),
        codes // objects,
        codes % objects,
    )


def acts_of(seen: Ranking, accounts: Ints) -> Ints:
    """List the acts of some accounts (positions, each once). Cost O(their acts)."""
    first, number = seen.start[accounts], seen.start[accounts + 1] - seen.start[accounts]
    ends = np.cumsum(number)
    acts: Ints = np.arange(ends[-1] if ends.size else 0) + np.repeat(first - ends + number, number)
    return acts


def left(seen: Ranking, acts: Ints) -> tuple[Ints, Ints]:
    """Count what stays of every object and of every cell without the acts."""
    cell = seen.cell[acts]
    lost = np.bincount(seen.obj[acts], minlength=seen.full.size)
    return seen.full - lost, seen.cells - np.bincount(cell[cell >= 0], minlength=seen.cells.size)


def places(counts: Ints) -> Ints:
    """Give each object its place from 0: more acts first, then the smaller number.

    >>> places(np.array([2, 5, 2])).tolist()
    [1, 0, 2]
    """
    place = np.empty(counts.size, np.int64)
    place[np.argsort(-counts, kind="stable")] = np.arange(counts.size)
    return place


def trending(seen: Ranking, cells: Ints, *, top: int, least: int) -> Bools:
    """Say of every cell whether its object is among the first ``top`` of its slice, with ``least`` acts or more."""
    order = np.lexsort((seen.object_of, -cells, seen.slice_of))
    slices = seen.slice_of[order]
    rank = np.arange(order.size) - np.searchsorted(slices, slices)
    first = np.zeros(order.size, np.bool_)
    first[order] = rank < top
    return first & (cells >= least)


def strata(activity: Ints, kind: Ints, member: Bools, *, others: int = OTHERS) -> Ints:
    """Put accounts (accounts,) of one kind and like activity (1 or more) into strata, from the most active down.

    A stratum grows until those outside ``member`` are ``others`` times as many as those in it, where they ever are.
    Cost O(accounts log accounts).
    """
    out = np.zeros(activity.size, np.int64)
    level = np.floor(STEPS * np.log2(np.maximum(activity, 1))).astype(np.int64)
    number = 0
    for one in np.unique(kind).tolist():
        of_kind = kind == one
        inside = outside = 0
        for step in np.unique(level[of_kind])[::-1].tolist():
            here = of_kind & (level == step)
            out[here] = number
            inside, outside = inside + int(member[here].sum()), outside + int((~member[here]).sum())
            if outside >= others * inside:
                number, inside, outside = number + 1, 0, 0
        number += 1
    return out


def pools(stratum: Ints, member: Bools) -> Pools:
    """List, for each stratum with members, its accounts and how many of them are members."""
    return [(np.flatnonzero(stratum == s), int((member & (stratum == s)).sum())) for s in np.unique(stratum[member]).tolist()]


def as_many(where: Pools, rng: np.random.Generator) -> Ints:
    """Draw, in each stratum, as many accounts of all as there are members: one draw of who else it could have been."""
    drawn = [rng.choice(accounts, number, replace=False) for accounts, number in where]
    return np.concatenate(drawn) if drawn else np.empty(0, np.int64)
