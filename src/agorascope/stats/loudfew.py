"""Whose posts make the illusion? The smallest set of accounts found whose removal ends it.

A viewer's excess is what it sees of bearers, less what it sees of others; above 0 it is deceived. Taking a bearer's posts away
lowers the excess of all who see it. Accounts are taken one by one: each time the one that undoes most, an excess counting one in
all and no more than what is left of it (the greedy choice of covering problems). Viewers stay, also those whose posts are taken.

The set is small, not proven smallest: finding that is as hard as set covering. ``at_least`` bounds it from below: so many accounts
are needed even if each freed every deceived viewer that sees it.
Source: Wolsey 1982, doi:10.1007/BF02579435 (the greedy choice and its logarithmic bound, for ending it altogether).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST = 10_000
_EVEN = 1e-9


class LoudFew(NamedTuple):
    """Hold accounts in the order taken, the share deceived after each (accounts,), whether that ended it, and a lower bound."""

    accounts: Ints
    deceived: Floats
    ended: bool
    at_least: int


def loud_few(shown: csr_array, bears: Bools, *, down_to: float, most: int = MOST) -> LoudFew:
    """Take bearers away until at most a share ``down_to`` of viewers is deceived, ``most`` accounts at most.

    ``shown`` (viewers, accounts), ``bears`` (accounts,) as in ``illusion``; the minority is meant: pass its bearers. A natural
    ``down_to`` is ``Illusion.placed.high``: what chance reaches once in twenty. Cost O(exposures), and what is touched.

    >>> from scipy.sparse import coo_array
    >>> star = coo_array((np.ones(4), ([1, 2, 3, 4], [0, 0, 0, 0])), shape=(5, 5)).tocsr()
    >>> loud_few(star, np.arange(5) == 0, down_to=0.0).accounts.tolist()
    [0]
    """
    total = shown.sum(axis=1)
    excess = 2 * (shown @ bears.astype(np.float64)) - total
    deceived = np.flatnonzero(excess > _EVEN * total)
    viewers = max(int((total > 0).sum()), 1)
    allowed = int(np.floor(down_to * viewers + _EVEN))
    rows = shown[deceived][:, np.flatnonzero(bears)].tocsr()
    columns, who = rows.tocsc(), np.flatnonzero(bears)
    left, floor = excess[deceived], _EVEN * total[deceived]
    gain: Floats = np.zeros(who.size)
    np.add.at(gain, rows.indices, np.minimum(rows.data, _spread(left, rows)) / _spread(left, rows))
    bound = _bound(columns, deceived.size - allowed)
    taken: list[int] = []
    after: list[float] = []
    still = deceived.size
    while still > allowed and len(taken) < min(most, who.size):
        one = int(gain.argmax())
        if not gain[one] > _EVEN:
            break
        span = slice(columns.indptr[one], columns.indptr[one + 1])
        touched, weight = columns.indices[span], columns.data[span]
        caught = left[touched] > floor[touched]
        touched, weight = touched[caught], weight[caught]
        before = left[touched].copy()
        left[touched] -= weight
        now = np.where(left[touched] > floor[touched], left[touched], 0.0)
        still -= int((now == 0).sum())
        _update(gain, rows, touched, before, now)
        gain[one] = -np.inf
        taken.append(one)
        after.append(still / viewers)
    return LoudFew(who[np.array(taken, np.int64)], np.array(after), still <= allowed, bound)


def _spread(value: Floats, rows: csr_array) -> Floats:
    """Repeat a value of each row (rows,) for each of its entries."""
    return np.repeat(value, np.diff(rows.indptr))


def _bound(columns: csr_array, needed: int) -> int:
    """Count the accounts seen by most deceived viewers that are seen by as many as must be freed."""
    if needed <= 0:
        return 0
    reach = np.cumsum(np.sort(np.diff(columns.indptr))[::-1])
    return int(np.searchsorted(reach, needed) + 1) if reach.size and reach[-1] >= needed else int(reach.size)


def _update(gain: Floats, rows: csr_array, touched: Ints, before: Floats, now: Floats) -> None:
    """Correct what each account would undo, after the excess of the touched viewers changed. In place."""
    length = np.diff(rows.indptr)[touched]
    at = np.repeat(rows.indptr[touched] - np.concatenate(([0], np.cumsum(length)[:-1])), length) + np.arange(length.sum())
    weight, was, is_ = rows.data[at], np.repeat(before, length), np.repeat(now, length)
    new = np.divide(np.minimum(weight, is_), is_, out=np.zeros_like(weight), where=is_ > 0)
    change = new - np.minimum(weight, was) / was
    np.add.at(gain, rows.indices[at], change)
