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

from typing import NamedTuple

import numpy as np

from ._sweep import NONE, Events, Ints, meetings, pairs, possible, ranges, rank, reach, repeats, runs, sort, take, totals

BUDGET = 2_000_000_000


class Network(NamedTuple):
    """Hold edges, one per element, sorted by source then target. ``weight``: pairs of events, or messages where directed."""

    source: Ints
    target: Ints
    weight: Ints


class LeftOut(NamedTuple):
    """Name the objects left out, in order of their code, and the pairs of events each holds (one account's own included)."""

    objects: Ints
    pairs: Ints


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
    (names, who), (objects, what) = rank(author), rank(obj)
    events, left = within_budget(sort(who, what, at, NONE), objects, window=window, budget=budget)
    edges, weight = meetings(events, names.size, window=window, least=least, memory_gb=memory_gb)
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
    names, who = rank(author)
    messages, which = rank(message)
    events = sort(who, rank(obj)[1], at, which)
    if messages.size == message.size and repeats(events, names.size).max(initial=1) == 1:
        return _both_ways(names, *meetings(events, names.size, window=window, least=least, memory_gb=memory_gb))
    events = possible(events, names.size, window, least)
    first, stop = reach(events, window)
    found: list[tuple[Ints, Ints]] = []
    # Each pair is looked at from both ends, and held as keys, their copy in order, and their counts: some 40 bytes an end.
    for low, high, _ in ranges(events.author, first, stop, names.size, memory_gb / 8):
        picked = np.flatnonzero((events.author >= low) & (events.author < high))
        sender = np.zeros(int(events.message.max(initial=0)) + 1, np.int64)
        sender[events.message] = events.author
        keys = [np.empty(0, np.int64)]
        for here, there in pairs(picked, first[picked], stop[picked]):
            some = events.message[here] != events.message[there]
            if not loops:
                some &= events.author[here] != events.author[there]
            keys.append((events.message[here] * names.size + events.author[there])[some])
        joined = np.concatenate(keys)
        keys.clear()
        matched, _ = runs(joined)
        del joined
        edges, weight = runs(sender[matched // names.size] * names.size + matched % names.size)
        found.append((edges[weight >= least], weight[weight >= least]))
    edges, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    return Network(names[edges // names.size], names[edges % names.size], weight)


def near_pairs(obj: Ints, at: Ints, window: int) -> int:
    """Count the pairs of events on one object that lie within the window.

    >>> near_pairs(np.array([1, 1, 1]), np.array([0, 5, 90]), 9)
    1
    """
    what = rank(obj)[1]
    first, stop = reach(sort(what, what, at, NONE), window)
    return int((stop - first - 1).sum()) // 2


def near_by_object(obj: Ints, at: Ints, window: int) -> tuple[Ints, Ints, Ints]:
    """Give the objects (objects,) in order, and of each the pairs of events within the window and all its pairs.

    >>> near_by_object(np.array([7, 7, 7, 1]), np.array([0, 5, 90, 0]), 9)
    (array([1, 7]), array([0, 1]), array([0, 3]))
    """
    names, what = rank(obj)
    events = sort(what, what, at, NONE)
    first, stop = reach(events, window)
    count = np.bincount(what, minlength=names.size)
    near = np.bincount(events.obj, stop - first - 1, names.size).astype(np.int64) // 2
    return names, near, count * (count - 1) // 2


def _both_ways(names: Ints, edges: Ints, weight: Ints) -> Network:
    """Turn pairs into messages where each account is once on an object and each message is one event: they are as many."""
    one, other = edges // names.size, edges % names.size
    keys = np.concatenate((edges, other * names.size + one))
    order = np.argsort(keys)
    return Network(names[keys[order] // names.size], names[keys[order] % names.size], np.concatenate((weight, weight))[order])


def _check(window: int, least: int) -> None:
    if window < 0:
        raise ValueError(f"window is {window}; use 0 or more")
    if least < 1:
        raise ValueError(f"least is {least}; use 1 or more")


def within_budget(events: Events, objects: Ints, *, window: int, budget: int) -> tuple[Events, LeftOut]:
    """Leave out the objects (codes of the ranks in ``events``) whose events form more than ``budget`` pairs, and name them."""
    _, stop = reach(events, window)
    held = totals(events.obj, stop - np.arange(stop.size) - 1, objects.size)
    over = np.flatnonzero(held > budget)
    return (take(events, (held <= budget)[events.obj]) if over.size else events), LeftOut(objects[over], held[over])
