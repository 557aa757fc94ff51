"""What would chance do? Accounts dealt anew among the events of each bin of time, activity and objects as they are."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ._sweep import Bools, Events, Ints, take

_REPAIRS = 4
_DAYS, _PARTS = 7, 8


class Setting(NamedTuple):
    """Say how many accounts there are, how they meet (``window``) and are dealt anew: bins, draws, strata (accounts,) or None.

    ``by_hour``: not within each bin of ``bin_length`` (a day), but within the same eighth of seven of them (Monday to Sunday, from
    nine to noon): every account keeps its hours of the day, and its activity per week.
    """

    accounts: int
    window: int
    bin_length: int
    draws: int
    rng: np.random.Generator
    of: Ints | None
    memory_gb: float
    by_hour: bool = False


def shuffle(events: Events, how: Setting) -> Events:
    """Shuffle accounts among the events of each bin of time and, with strata, of each stratum; sorted as before."""
    author, keep = deal(events, how)
    return events._replace(author=author) if keep.all() else take(events._replace(author=author), keep)


def deal_others(events: Events, fixed: Bools, how: Setting) -> tuple[Ints, Bools]:
    """Deal so all accounts but the ``fixed`` ones (accounts,), whose events stay as they are."""
    strata = fixed.astype(np.int64) if how.of is None else 2 * how.of + fixed
    author, keep = deal(events, how._replace(of=strata))
    stay = fixed[events.author]
    author[stay] = events.author[stay]
    return author, keep | stay


def deal(events: Events, how: Setting) -> tuple[Ints, Bools]:
    """Give the accounts dealt anew (events,), and which events to keep.

    Where an account comes twice on one object, the second is swapped with any event of the bin, and again; what is left is dropped,
    since an account twice on a viral object would be the partner of all who are near both.
    """
    rng = how.rng
    bins = _bins(events.at, how)
    if how.of is not None:
        bins = bins * (int(how.of.max()) + 1) + how.of[events.author]
    bins = bins.astype(np.uint16) if bins.max(initial=0) < 2**16 else bins
    order = np.argsort(bins, kind="stable").astype(np.uint32 if bins.size < 2**32 else np.int64)
    starts = np.searchsorted(bins[order], np.arange(int(bins.max(initial=0)) + 2))
    author = np.empty_like(events.author)
    for low, high in pairwise(starts):
        author[order[low:high]] = rng.permutation(events.author[order[low:high]])
    twice = _twice(author, events.obj)
    for _ in range(_REPAIRS):
        which = bins[twice].astype(np.int64)
        low, high = starts[which], starts[which + 1]
        other = order[low + (rng.random(twice.size) * (high - low)).astype(np.int64)].astype(np.int64)
        _, first = np.unique(other, return_index=True)
        first = first[~np.isin(other[first], twice)]
        one, other = twice[first], other[first]
        author[one], author[other] = author[other], author[one]
        touched = np.zeros(int(author.max(initial=0)) + 1, np.bool_)
        touched[author[np.concatenate((twice, other))]] = True
        twice = _twice(author, events.obj, np.flatnonzero(touched[author]))
    keep = np.ones(author.size, np.bool_)
    keep[twice] = False
    return author, keep


def _bins(at: Ints, how: Setting) -> Ints:
    """Number the bins of the times (events,), which begin anywhere, anew in each draw."""
    begun = int(how.rng.integers(how.bin_length))
    if not how.by_hour:
        return (at + begun) // how.bin_length
    week, part = _DAYS * how.bin_length, max(how.bin_length // _PARTS, 1)
    parts = -(-how.bin_length // part)
    return (at + int(how.rng.integers(week))) // week * parts + (at + begun) % how.bin_length // part


def _twice(author: Ints, obj: Ints, among: Ints | None = None) -> Ints:
    """Give those of the positions ``among`` (None: all) whose account stands on their object already, at another of them."""
    accounts = int(author.max(initial=0)) + 1
    key = obj * accounts + author if among is None else obj[among] * accounts + author[among]
    order = np.argsort(key)
    key = key[order]
    again = order[1:][key[1:] == key[:-1]]
    return np.sort(again if among is None else among[again])


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
