"""What would chance do? Accounts dealt anew among the events of each bin of time, activity and objects as they are."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ._sweep import Bools, Events, Ints, take

_REPAIRS = 4


class Setting(NamedTuple):
    """Say how many accounts there are, how they meet (``window``) and are dealt anew: bins, draws, strata (accounts,) or None."""

    accounts: int
    window: int
    bin_length: int
    draws: int
    rng: np.random.Generator
    of: Ints | None
    memory_gb: float


def shuffle(events: Events, how: Setting) -> Events:
    """Shuffle accounts among the events of each bin of time and, with strata, of each stratum; sorted as before."""
    author, keep = _dealt(events, how)
    return events._replace(author=author) if keep is None else take(events._replace(author=author), keep)


def shuffle_others(events: Events, fixed: Bools, how: Setting) -> Events:
    """Shuffle so the accounts of all events but the ``fixed`` ones (events,), which stay as they are."""
    author, keep = events.author.copy(), np.ones(fixed.size, np.bool_)
    author[~fixed], some = _dealt(take(events, ~fixed), how)
    keep[~fixed] = True if some is None else some
    return take(events._replace(author=author), keep)


def _dealt(events: Events, how: Setting) -> tuple[Ints, Bools | None]:
    """Give the accounts shuffled (events,), and which events to keep (None: all).

    Where an account comes twice on one object, the second is swapped with any event of the bin, and again; what is left is dropped,
    since an account twice on a viral object would be the partner of all who are near both.
    """
    rng = how.rng
    bins = (events.at + int(rng.integers(how.bin_length))) // how.bin_length
    if how.of is not None:
        bins = bins * (int(how.of.max()) + 1) + how.of[events.author]
    order = np.argsort(bins.astype(np.uint16) if bins.max(initial=0) < 2**16 else bins, kind="stable")
    starts = np.searchsorted(bins[order], np.arange(int(bins.max(initial=0)) + 2))
    author = np.empty_like(events.author)
    for low, high in pairwise(starts):
        author[order[low:high]] = rng.permutation(events.author[order[low:high]])
    twice = _twice(author, events.obj, np.arange(author.size))
    for _ in range(_REPAIRS):
        low, high = starts[bins[twice]], starts[bins[twice] + 1]
        other = order[low + (rng.random(twice.size) * (high - low)).astype(np.int64)]
        _, first = np.unique(other, return_index=True)
        first = first[~np.isin(other[first], twice)]
        one, other = twice[first], other[first]
        author[one], author[other] = author[other], author[one]
        touched = np.zeros(int(author.max(initial=0)) + 1, np.bool_)
        touched[author[np.concatenate((twice, other))]] = True
        twice = _twice(author, events.obj, np.flatnonzero(touched[author]))
    if not twice.size:
        return author, None
    keep = np.ones(author.size, np.bool_)
    keep[twice] = False
    return author, keep


def _twice(author: Ints, obj: Ints, among: Ints) -> Ints:
    """Give those of the positions ``among`` whose account stands on their object already, at another of them."""
    key = obj[among] * (int(author.max(initial=0)) + 1) + author[among]
    order = np.argsort(key)
    return np.sort(among[order[1:][key[order[1:]] == key[order[:-1]]]])


def once(events: Events) -> Events:
    """Keep the first event of each account on each object, sorted by object, time and account."""
    order = np.lexsort((events.author, events.at, events.obj))
    events = Events(*(column[order] if column.size else column for column in events))
    key = events.obj * (int(events.author.max(initial=0)) + 1) + events.author
    keep = np.zeros(key.size, np.bool_)
    keep[np.unique(key, return_index=True)[1]] = True
    return take(events, keep)


def of_accounts(who: Ints, stratum: Ints | None, accounts: int) -> Ints | None:
    """Give the stratum of each account (accounts,); None where all are in one."""
    if stratum is None or not stratum.size or stratum.min() == stratum.max():
        return None
    of = np.zeros(accounts, np.int64)
    of[who] = stratum
    return of
