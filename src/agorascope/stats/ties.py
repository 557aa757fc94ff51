"""Do the accounts of a group share records with one another more than as many others would? Ties through shared values, dealt anew.

Pairs of (account, record) are given, each once; an account is *tied* within a group if another account of the group has one of
its records.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .shares import design_effect, wilson

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Share(NamedTuple):
    """Hold how many accounts of a group are tied within it, of how many with a record, with the interval of their share."""

    tied: int
    known: int
    low: float
    high: float


def tied(account: Ints, record: Ints, inside: Bools) -> Bools:
    """Say of every account (n,) whether it is inside and has a record in common with another one inside. Cost O(pairs).

    >>> tied(np.array([0, 1, 2]), np.array([7, 7, 7]), np.array([True, True, False])).tolist()
    [True, True, False]
    """
    here = inside[account]
    holders = np.bincount(record[here], minlength=int(record.max(initial=-1)) + 1)
    out = np.zeros(inside.size, np.bool_)
    out[account[here & (holders[record] >= 2)]] = True
    return out


def share(account: Ints, record: Ints, inside: Bools) -> Share:
    """Count the accounts tied within a group, with Wilson's interval, clustered by what hangs together through shared records.

    Accounts tied by one record are one observation, not many: forty accounts of one registrant are far from forty. Cost O(pairs).
    """
    here = inside[account]
    own, at = np.unique(account[here], return_inverse=True)
    values, to = np.unique(record[here], return_inverse=True)
    n = own.size
    joined = coo_array((np.ones(at.size, np.int8), (at, n + to)), shape=(n + values.size, n + values.size))
    _, cluster = connected_components(joined, directed=False)
    size = np.bincount(cluster[:n]).astype(np.float64)
    within = np.where(size >= 2, size, 0.0)
    count = float(within.sum())
    effect = design_effect(
        square=float((within**2).sum()),
        cross=float((within * size).sum()),
        total_square=float((size**2).sum()),
        count=count,
        total=float(n),
    )
    low, high = wilson(count, n, design_effect=effect)
    return Share(int(count), n, low, high)


def dealt(account: Ints, record: Ints, inside: Bools, *, draws: int, rng: np.random.Generator) -> Ints:
    """Count the tied accounts (draws,) when records are dealt anew among accounts that have as many of them.

    Each account's records stay together and go to another account with as many, to the power of two. Under chance the group is any
    such choice of accounts: the p-value is exact. Source: permutation within strata, Good 2005, doi:10.1007/b138696, section 3.7.
    Cost O(draws x pairs).
    """
    number = np.bincount(account, minlength=inside.size)
    level = np.floor(np.log2(np.maximum(number, 1))).astype(np.int64)
    pools = []
    for one in np.unique(level[inside & (number > 0)]).tolist():
        pool = np.flatnonzero((level == one) & (number > 0))
        pools.append((pool, int(inside[pool].sum())))
    common = np.bincount(record, minlength=int(record.max(initial=-1)) + 1)[record] >= 2
    account, record = account[common], record[common]
    out = np.zeros(draws, np.int64)
    for i in range(draws):
        drawn = np.zeros(inside.size, np.bool_)
        for pool, taken in pools:
            drawn[rng.choice(pool, taken, replace=False, shuffle=False)] = True
        out[i] = int(tied(account, record, drawn).sum())
    return out
