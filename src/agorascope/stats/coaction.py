"""Which accounts act on the same objects within a short time, and how often? Exact, in bounded memory.

An event is one account acting on one object (a repost of a post, a link, a hashtag, a text) at one time. Two events on the same
object at most ``window`` apart (both ends included) are a pair. ``network`` counts the pairs of two different accounts: the
undirected weights of CooRTweet. ``directed`` counts the messages of A that have a pair with one of B: the weights of
coordination-network-toolkit.

The work grows with the pairs, not with the events: one object with 277,000 shares can hold a billion. Pairs are therefore written
and counted for one range of accounts at a time, as many as ``memory_gb`` allows, and three shortcuts that change no weight spare
most of them where ``least`` is 2 or more: events without neighbour go; accounts that cannot reach ``least`` go; and the object with
the most pairs is never written out: two accounts that meet once there must meet elsewhere as well, so that their meeting there is
looked up for the pairs found elsewhere. An object with more than ``budget`` pairs is left out and named.

Limits: every number is exact for the objects kept; an object left out can hide pairs. The memory of the answer itself is not
bounded.

Source: Righetti and Balluff 2025, CooRTweet 2.1.3 (weights); QUT Digital Observatory 2022, coordination-network-toolkit 1.5.2,
docs/network_types.md (directed weights). The sweep and the shortcuts are ours.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

BUDGET = 2_000_000_000
_CHUNK = 1 << 18
_BYTES_PER_PAIR = 12
_LOOKED_UP = 1_000_000


class Network(NamedTuple):
    """Hold edges, one per element, sorted by source then target. ``weight``: pairs of events, or messages where directed."""

    source: Ints
    target: Ints
    weight: Ints


class LeftOut(NamedTuple):
    """Name the objects left out, in order of their code, and the pairs of events each holds (one account's own included)."""

    objects: Ints
    pairs: Ints


class _Events(NamedTuple):
    """Events sorted by object, then time, then account: ranks of accounts, objects and messages, and the times."""

    author: Ints
    obj: Ints
    at: Ints
    message: Ints


def network(
    author: Ints, obj: Ints, at: Ints, *, window: int, least: int = 1, budget: int = BUDGET, memory_gb: float = 2.0
) -> tuple[Network, LeftOut]:
    """Count the pairs of events of every two accounts on the same object within the window, where there are ``least`` or more.

    ``author, obj, at``: int64 codes and times (events,), in any order; ``window`` in the unit of ``at``. A row is an event, a row
    given twice is two. ``source < target``; one account's pairs with itself are left out. ``memory_gb``: for the pairs held at one
    time (one account alone in more than that takes what it takes). Raises ValueError on a negative window or ``least`` below 1.

    Cost O(n log n + p log p) for n events and p pairs; twice the pairs are looked at where they do not fit the memory at once.

    >>> one = np.array
    >>> network(one([7, 3, 7, 3]), one([1, 1, 2, 2]), one([0, 5, 90, 99]), window=9)[0]
    Network(source=array([3]), target=array([7]), weight=array([2]))
    """
    _check(window, least)
    names, ranks = _ranks(author)
    events = _sorted(ranks, _ranks(obj), at, np.zeros_like(ranks))
    events, left = _within_budget(events, obj, window, budget)
    events = _possible(events, names.size, window, least)
    top = _largest(events, window) if least > 1 else _no_event(events)
    looked_up = _take(events, top)
    events = _take(events, ~top) if top.any() else events
    first, stop = _reach(events, window)
    found: list[tuple[Ints, Ints]] = []
    for low, high, whole in _ranges(events.author, first, stop, names.size, memory_gb):
        picked = np.arange(events.at.size) if whole else np.flatnonzero((events.author >= low) & (events.author < high))
        begin = picked + 1 if whole else first[picked]
        keys = np.empty(int((stop[picked] - begin).sum()), np.int64)
        filled = 0
        for left_at, right_at in _pairs(picked, begin, stop[picked]):
            one, other = events.author[left_at], events.author[right_at]
            if whole:
                one, other = np.minimum(one, other), np.maximum(one, other)
            some = one < other
            part = (one * names.size + other)[some]
            keys[filled : filled + part.size] = part
            filled += part.size
        edges, weight = _runs(keys[:filled])
        weight += _meetings(edges, looked_up, names.size, window)
        found.append((edges[weight >= least], weight[weight >= least]))
    edges, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    return Network(names[edges // names.size], names[edges % names.size], weight), left


def directed(
    author: Ints, obj: Ints, at: Ints, message: Ints, *, window: int, least: int = 1, loops: bool = False, memory_gb: float = 2.0
) -> Network:
    """Count, for every ordered pair of accounts A and B, the messages of A within the window of a message of B on the same object.

    ``message``: code of the message an event belongs to (events,); a message has one author and may act on several objects (links),
    and is never compared with itself. ``loops`` keeps A = B, two messages of one account. Other arguments as in ``network``.
    The released coordination-network-toolkit 1.5.2 compares a message with itself too, which changes A = B only.

    >>> one = np.array
    >>> directed(one([7, 3, 3]), one([1, 1, 1]), one([0, 5, 6]), one([0, 1, 2]), window=9)
    Network(source=array([3, 7]), target=array([7, 3]), weight=array([2, 1]))
    """
    _check(window, least)
    names, ranks = _ranks(author)
    events = _sorted(ranks, _ranks(obj), at, _ranks(message)[1])
    first, stop = _reach(events, window)
    found: list[tuple[Ints, Ints]] = []
    for low, high, _ in _ranges(events.author, first, stop, names.size, memory_gb / 2):
        picked = np.flatnonzero((events.author >= low) & (events.author < high))
        sender = np.zeros(int(events.message.max(initial=0)) + 1, np.int64)
        sender[events.message] = events.author
        keys = [np.empty(0, np.int64)]
        for here, there in _pairs(picked, first[picked], stop[picked]):
            some = events.message[here] != events.message[there]
            if not loops:
                some &= events.author[here] != events.author[there]
            keys.append((events.message[here] * names.size + events.author[there])[some])
        matched, _ = _runs(np.concatenate(keys))
        edges, weight = _runs(sender[matched // names.size] * names.size + matched % names.size)
        found.append((edges[weight >= least], weight[weight >= least]))
    edges, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    return Network(names[edges // names.size], names[edges % names.size], weight)


def _check(window: int, least: int) -> None:
    if window < 0:
        raise ValueError(f"window is {window}; use 0 or more")
    if least < 1:
        raise ValueError(f"least is {least}; use 1 or more")


def _ranks(codes: Ints) -> tuple[Ints, Ints]:
    """Give the distinct codes (kinds,) in order and the rank of each element's code among them (events,)."""
    low, high = (int(codes.min()), int(codes.max())) if codes.size else (0, 0)
    if high - low > 4 * codes.size + 1_000_000:
        names, ranks = np.unique(codes, return_inverse=True)
        return names, ranks.astype(np.int64, copy=False)
    seen = np.zeros(high - low + 1, np.bool_)
    seen[codes - low] = True
    return np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[codes - low]


def _sorted(author: Ints, objects: tuple[Ints, Ints], at: Ints, message: Ints) -> _Events:
    """Sort events by object, time and account; times count from the first."""
    obj = objects[1]
    at = at - int(at.min(initial=at[0] if at.size else 0))
    span = int(at.max(initial=0)) + 1
    order = np.argsort(obj * span + at) if objects[0].size * span < 2**62 else np.lexsort((at, obj))
    return _Events(author[order], obj[order], at[order], message[order])


def _reach(events: _Events, window: int) -> tuple[Ints, Ints]:
    """Give, for each event, the first of its neighbours and the one past its last: itself and those within the window."""
    first, stop = np.empty(events.at.size, np.int64), np.empty(events.at.size, np.int64)
    window = min(window, int(events.at.max(initial=0)))
    span = int(events.at.max(initial=0)) + window + 1
    step = max(1, 2**62 // span)
    for low in range(0, int(events.obj[-1]) + 1 if events.obj.size else 0, step):
        begin, end = np.searchsorted(events.obj, (low, low + step))
        key = (events.obj[begin:end] - low) * span + events.at[begin:end]
        first[begin:end] = begin + np.searchsorted(key, key - window, "left")
        stop[begin:end] = begin + np.searchsorted(key, key + window, "right")
    return first, stop


def _within_budget(events: _Events, obj: Ints, window: int, budget: int) -> tuple[_Events, LeftOut]:
    """Leave out the objects whose events form more than ``budget`` pairs, and name them."""
    names = _ranks(obj)[0]
    _, stop = _reach(events, window)
    pairs = _totals(events.obj, stop - np.arange(stop.size) - 1, names.size)
    over = np.flatnonzero(pairs > budget)
    kept = _take(events, (pairs <= budget)[events.obj]) if over.size else events
    return kept, LeftOut(names[over], pairs[over])


def _possible(events: _Events, accounts: int, window: int, least: int) -> _Events:
    """Drop events without neighbour and, again and again, accounts that cannot reach ``least`` pairs with any other.

    One event can pair with several of one account, at most with as many as any account has on that object.
    """
    for _ in range(3):
        first, stop = _reach(events, window)
        room = stop - first - 1
        if least > 1:
            room = np.minimum(room, _repeats(events, accounts)[events.obj])
        keep = (room > 0) & (_totals(events.author, room, accounts) >= least)[events.author]
        if keep.all():
            break
        events = _take(events, keep)
    return events


def _repeats(events: _Events, accounts: int) -> Ints:
    """Give, for each object, the greatest number of events any one account has on it."""
    keys, count = _runs(events.obj * accounts + events.author)
    most = np.zeros(int(events.obj[-1]) + 1 if events.obj.size else 0, np.int64)
    np.maximum.at(most, keys // accounts, count)
    return most


def _largest(events: _Events, window: int) -> Bools:
    """Mark the events of the object with the most pairs, where they are many and no account is there twice."""
    _, stop = _reach(events, window)
    pairs = _totals(events.obj, stop - np.arange(stop.size) - 1, int(events.obj.max(initial=0)) + 1)
    top = events.obj == int(pairs.argmax())
    single = np.unique(events.author[top]).size == int(top.sum())
    return top if single and pairs.max() > _LOOKED_UP else _no_event(events)


def _meetings(edges: Ints, events: _Events, accounts: int, window: int) -> Ints:
    """Count (0 or 1) the pairs that each edge's accounts form on the one object looked up."""
    if not events.at.size:
        return np.zeros(edges.size, np.int64)
    at = np.full(accounts, -1, np.int64)
    at[events.author] = events.at
    one, other = at[edges // accounts], at[edges % accounts]
    met: Ints = ((one >= 0) & (other >= 0) & (np.abs(one - other) <= window)).astype(np.int64)
    return met


def _ranges(author: Ints, first: Ints, stop: Ints, accounts: int, memory_gb: float) -> Iterator[tuple[int, int, bool]]:
    """Yield ranges (low, high) of accounts whose pairs fit the memory, and whether the range is all there is."""
    room = int(memory_gb * 1e9 / _BYTES_PER_PAIR)
    if int((stop - first - 1).sum()) // 2 <= room:
        yield 0, accounts, True
        return
    total = np.cumsum(_totals(author, stop - first - 1, accounts))
    low, done = 0, 0
    while low < accounts:
        high = max(low + 1, int(np.searchsorted(total, done + room, "right")))
        yield low, high, False
        low, done = high, int(total[high - 1])


def _pairs(picked: Ints, first: Ints, stop: Ints) -> Iterator[tuple[Ints, Ints]]:
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


def _runs(keys: Ints) -> tuple[Ints, Ints]:
    """Sort the keys in place; give the distinct ones and how often each stands there."""
    keys.sort()
    starts = np.flatnonzero(np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1])))
    return keys[starts], np.diff(starts, append=keys.size)


def _totals(of: Ints, amount: Ints, kinds: int) -> Ints:
    """Sum amounts by kind (exact up to 2^53)."""
    totals: Ints = np.bincount(of, amount, minlength=kinds).astype(np.int64)
    return totals


def _take(events: _Events, keep: Bools) -> _Events:
    return _Events(*(column[keep] for column in events))


def _no_event(events: _Events) -> Bools:
    return np.zeros(events.at.size, np.bool_)
