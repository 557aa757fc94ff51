"""Who shares the same things? Ties between accounts that share a thing, the fewer others share it the stronger.

Two accounts get 1 / (k - 1) for each thing that both share and k accounts share: each thing gives each of its accounts one tie's
worth in all, however many share it, and a viral one ties nobody strongly. Things shared by more than ``most`` accounts are left
out, and counted: they would tie everybody to everybody. Pairs are refused beyond ``budget``, with the ``most`` that would fit.

Source: Newman 2001, doi:10.1103/PhysRevE.64.016132 (collaboration weights).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST = 500
BUDGET = 20_000_000


class Projected(NamedTuple):
    """Hold ties ``source < target`` (ties,) with their ``weight``; how many things more than ``most`` accounts share."""

    source: Ints
    target: Ints
    weight: Floats
    viral: int
    most: int


def project(account: Ints, obj: Ints, *, most: int = MOST, budget: int = BUDGET) -> Projected:
    """Tie accounts by the things they share. Distinct pairs ``account, obj`` (pairs,). Cost O(sum of squares of sharers).

    ``most`` is lowered, by tenths, until the ties made by single things fit the budget.

    >>> tied = project(np.array([0, 1, 0, 1, 2]), np.array([7, 7, 8, 8, 8]))
    >>> tied.source.tolist(), tied.target.tolist(), tied.weight.tolist()
    ([0, 0, 1], [1, 2, 2], [1.5, 0.5, 0.5])
    """
    order = np.lexsort((account, obj))
    who, what = account[order], obj[order]
    starts = np.flatnonzero(np.diff(what, prepend=what[0] - 1)) if what.size else np.empty(0, np.int64)
    size = np.diff(starts, append=what.size)
    pairs = size * (size - 1) // 2
    while most > 2 and int(pairs[size <= most].sum()) > budget:
        most = most * 9 // 10
    nodes = int(who.max(initial=0)) + 1
    keys, weights = [np.empty(0, np.int64)], [np.empty(0)]
    for k in np.unique(size[(size >= 2) & (size <= most)]).tolist():
        rows = who[starts[size == k][:, None] + np.arange(k)]
        one, other = np.triu_indices(k, 1)
        keys.append((rows[:, one] * nodes + rows[:, other]).ravel())
        weights.append(np.full(keys[-1].size, 1 / (k - 1)))
    key, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    weight: Floats = np.bincount(inverse, np.concatenate(weights), minlength=key.size).astype(np.float64)
    return Projected(key // nodes, key % nodes, weight, int(np.count_nonzero(size > most)), most)
