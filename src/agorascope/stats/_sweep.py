"""Which events on one object are near in time, and how often do two accounts meet in them? The sweep behind co-action."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .distinct import distinct

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_CHUNK = 1 << 18
_PIECE = 1 << 22
_BYTES_PER_PAIR = 10
_BYTES_PER_EVENT = 190
_LOOKED_UP = 1_000_000


NONE = np.empty(0, np.int64)


class Events(NamedTuple):
    """Events sorted by object, then time, then account: ranks of accounts, objects and messages (or none), and the times."""

    author: Ints
    obj: Ints
    at: Ints
    message: Ints


def rank(codes: Ints) -> tuple[Ints, Ints]:
    """Give the distinct codes (kinds,) in order and the rank of each element's code among them (events,)."""
    low, high = (int(codes.min()), int(codes.max())) if codes.size else (0, 0)
    if high - low > 4 * codes.size + 1_000_000:
        names, ranks = np.unique(codes, return_inverse=True)
        return names, ranks.astype(np.int64, copy=False)
    seen = np.zeros(high - low + 1, np.bool_)
    seen[codes - low] = True
    return np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[codes - low]


def sort(author: Ints, obj: Ints, at: Ints, message: Ints) -> Events:
    """Sort events by object, then time; times count from the first."""
    at = at - int(at.min()) if at.size else at
    span = int(at.max(initial=0)) + 1
    order = np.argsort(obj * span + at) if (int(obj.max(initial=0)) + 1) * span < 2**62 else np.lexsort((at, obj))
    return Events(author[order], obj[order], at[order], message[order] if message.size else message)


def reach(events: Events, window: int) -> tuple[Ints, Ints]:
    """Give, for each event, the first of its neighbours and the one past its last: itself and those within the window."""
    first, stop = np.empty(events.at.size, np.int64), np.empty(events.at.size, np.int64)
    window = min(window, int(events.at.max(initial=0)))
    span = int(events.at.max(initial=0)) + window + 1
    step = max(1, 2**62 // span)
    begin = 0
    while begin < events.at.size:  # so many objects that their keys fit, and as many events as one piece if there are more
        low = int(events.obj[begin])
        last = min(int(events.obj[min(begin + _PIECE, events.at.size - 1)]), low + step - 1)
        end = int(np.searchsorted(events.obj, last, "right"))
        key = (events.obj[begin:end] - low) * span + events.at[begin:end]
        first[begin:end] = begin + np.searchsorted(key, key - window, "left")
        stop[begin:end] = begin + np.searchsorted(key, key + window, "right")
        begin = end
    return first, stop


def meetings(events: Events, accounts: int, *, window: int, least: int, memory_gb: float) -> tuple[Ints, Ints]:
    """Count the pairs of events of every two accounts: keys (smaller rank * accounts + larger) in order, and counts >= ``least``.

    ``events`` sorted as by ``sort``; ranks of accounts below ``accounts``. Exact; one account's pairs with itself are left out.
    """
    events = possible(events, accounts, window, least)
    top = _largest(events, window) if least > 1 else np.zeros(events.at.size, np.bool_)
    looked_up = take(events, top)
    events = take(events, ~top) if top.any() else events
    first, stop = reach(events, window)
    found: list[tuple[Ints, Ints]] = []
    for low, high, whole in ranges(events.author, first, stop, accounts, memory_gb):
        picked = np.arange(events.at.size) if whole else np.flatnonzero((events.author >= low) & (events.author < high))
        begin = picked + 1 if whole else first[picked]
        keys = np.empty(int((stop[picked] - begin).sum()), np.int64)
        filled = 0
        for here, there in pairs(picked, begin, stop[picked]):
            one, other = events.author[here], events.author[there]
            if whole:
                one, other = np.minimum(one, other), np.maximum(one, other)
            some = one < other
            part = (one * accounts + other)[some]
            keys[filled : filled + part.size] = part
            filled += part.size
        for edges, weight in _counted(keys[:filled]):
            weight += _looked_up(edges, looked_up, accounts, window)
            found.append((edges[weight >= least], weight[weight >= least]))
    edges, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    return edges, weight


def _counted(keys: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Sort the keys in place and yield the distinct ones and their counts, some at a time, so that copies stay small."""
    keys.sort()
    begin = 0
    while begin < keys.size or begin == 0:
        end = begin + _PIECE
        end = int(np.searchsorted(keys, keys[end], "right")) if end < keys.size else keys.size
        yield _lengths(keys[begin:end])
        begin = max(end, 1)


def possible(events: Events, accounts: int, window: int, least: int) -> Events:
    """Drop events without neighbour and, again and again, accounts that cannot reach ``least`` pairs with any other.

    One event can pair with several of one account, at most with as many as any account has on that object.
    """
    for _ in range(3):
        first, stop = reach(events, window)
        room = stop - first - 1
        del first, stop
        if least > 1:
            room = np.minimum(room, repeats(events, accounts)[events.obj])
        keep = (room > 0) & (totals(events.author, room, accounts) >= least)[events.author]
        del room
        if keep.all():
            break
        events = take(events, keep)
    return events


def repeats(events: Events, accounts: int) -> Ints:
    """Give, for each object, the greatest number of events any one account has on it."""
    keys = events.obj * accounts + events.author
    keys.sort()
    if not (keys[1:] == keys[:-1]).any():
        return np.ones(int(events.obj[-1]) + 1 if events.obj.size else 0, np.int64)
    keys, count = _lengths(keys)
    most = np.zeros(int(events.obj[-1]) + 1 if events.obj.size else 0, np.int64)
    np.maximum.at(most, keys // accounts, count)
    return most


def _largest(events: Events, window: int) -> Bools:
    """Mark the events of the object with the most pairs, where they are many and no account is there twice."""
    _, stop = reach(events, window)
    held = totals(events.obj, stop - np.arange(stop.size) - 1, int(events.obj.max(initial=0)) + 1)
    top = events.obj == int(held.argmax())
    single = distinct(events.author[top]).size == int(top.sum())
    return top if single and held.max() > _LOOKED_UP else np.zeros(events.at.size, np.bool_)


def _looked_up(edges: Ints, events: Events, accounts: int, window: int) -> Ints:
    """Count (0 or 1) the pairs that each edge's accounts form on the one object looked up."""
    if not events.at.size:
        return np.zeros(edges.size, np.int64)
    at = np.full(accounts, -1, np.int64)
    at[events.author] = events.at
    one, other = at[edges // accounts], at[edges % accounts]
    met: Ints = ((one >= 0) & (other >= 0) & (np.abs(one - other) <= window)).astype(np.int64)
    return met


def ranges(author: Ints, first: Ints, stop: Ints, accounts: int, memory_gb: float) -> Iterator[tuple[int, int, bool]]:
    """Yield ranges (low, high) of accounts whose pairs fit the memory, and whether the range is all there is."""
    room = int(max(memory_gb * 1e9 - _BYTES_PER_EVENT * author.size, memory_gb * 5e7) / _BYTES_PER_PAIR)
    if int((stop - first - 1).sum()) // 2 <= room:
        yield 0, accounts, True
        return
    total = np.cumsum(totals(author, stop - first - 1, accounts))
    low, done = 0, 0
    while low < accounts:
        high = max(low + 1, int(np.searchsorted(total, done + room, "right")))
        yield low, high, False
        low, done = high, int(total[high - 1])


def pairs(picked: Ints, first: Ints, stop: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the positions of the two events of each pair, some at a time: each of ``picked`` with each from first to stop."""
    ends = np.cumsum(stop - first)
    begin = 0
    while begin < picked.size:
        done = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _CHUNK, "right")))
        count = stop[begin:end] - first[begin:end]
        here = np.repeat(picked[begin:end], count)
        there = np.arange(done, done + here.size) + np.repeat(stop[begin:end] - ends[begin:end], count)
        yield here, there
        begin = end


def runs(keys: Ints) -> tuple[Ints, Ints]:
    """Sort the keys in place; give the distinct ones and how often each stands there."""
    keys.sort()
    return _lengths(keys)


def _lengths(keys: Ints) -> tuple[Ints, Ints]:
    starts = np.flatnonzero(np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1])))
    return keys[starts], np.diff(starts, append=keys.size)


def totals(of: Ints, amount: Ints | npt.NDArray[np.int32], kinds: int) -> Ints:
    """Sum amounts by kind (exact up to 2^53)."""
    totals: Ints = np.bincount(of, amount, minlength=kinds).astype(np.int64)
    return totals


def take(events: Events, keep: Bools) -> Events:
    """Keep some events; messages may be left out (none), where nobody asks for them."""
    return Events(*(column[keep] if column.size == keep.size else column for column in events))
