"""Which edges would CooRTweet, or coordination-network-toolkit, draw on the same events? The same to the last one, or a refusal.

A row is an event: a content (a post, a message) of one account acts on an object at a time. Rows on the same object at most
``window`` apart (both ends included) are a pair. Pairs are found by the sweep of ``coaction``, never by comparing all the rows of
an object.

``coortweet`` is ``detect_groups``, then ``generate_coordinated_network``. Accounts of fewer rows than ``min_participation`` go
first. Pairs of one account, of one content, and of a content that is its own object are loops. Then the contents that are in some
pair are listed, and an account of too few listed rows is weak: a pair goes where the contents of both sides are of weak accounts,
so that an account under the minimum stays where its partner is not. Every edge is kept; those ``above`` the quantile of all weights
are the coordinated ones. Where most weights are 1, as is usual, the default quantile 0.5 means 2 or more, whatever chance gives.

``toolkit`` is one network of coordination-network-toolkit: messages of A near a message of B. Its release 1.5.2 compares each
message with itself, which draws an edge from every account to itself; loops are no edges here, on either side of a comparison.

All edges are in the answer, which may be as many as the pairs: about 50 bytes a pair. More pairs than ``budget`` raise OverBudget,
which names the objects that hold most; no object is left out in silence, for the answer would no longer be theirs.

Limits: parity says what a tool prints, not whether anybody coordinates: both draw edges on data in which nobody does. Times of
CooRTweet are whole seconds, the toolkit's may be finer: give times and window in one unit. Rows lacking an account, an object or a
time are for the caller to leave out.

Source: Righetti and Balluff 2025, CooRTweet 2.1.3, ``detect_groups`` and ``generate_coordinated_network``; Hyndman and Fan 1996,
doi:10.1080/00031305.1996.10473566, type 7 (quantile); QUT Digital Observatory 2022, coordination-network-toolkit 1.5.2,
docs/network_types.md. What we changed: the order of the work, no number.
"""

from math import ceil, floor
from typing import NamedTuple

import numpy as np

from ._sweep import Bools, Events, Ints, pairs, possible, ranges, rank, reach, runs, sort, totals
from .coaction import BUDGET, LeftOut, Network, directed

PAIRS = 40_000_000
_NAMED = 3


class OverBudget(ValueError):
    """Refuse events of too many pairs; ``largest``: the objects that hold most of them, the fullest first."""

    def __init__(self, held: int, budget: int, largest: LeftOut) -> None:
        self.largest = largest
        most = ", ".join(f"{o} ({p:,})" for o, p in zip(largest.objects.tolist(), largest.pairs.tolist(), strict=True))
        super().__init__(
            f"{held:,} pairs within the window, more than budget = {budget:,}; objects of most pairs: {most}; "
            "use a shorter window, leave objects out by name, or raise the budget"
        )


class Coordinated(NamedTuple):
    """Hold CooRTweet's edges, sorted by source then target (source <= target), and what it says of them.

    ``above`` (edges,): weight strictly above ``cut``, the quantile of the weights (NaN without edges). ``pairs``: rows of
    ``detect_groups``; ``objects``: the objects that have one, in order of their code.
    """

    source: Ints
    target: Ints
    weight: Ints
    above: Bools
    cut: float
    pairs: int
    objects: Ints


def coortweet(
    author: Ints, obj: Ints, content: Ints, at: Ints, own: Bools, *, window: int, min_participation: int = 2, quantile: float = 0.5,
    loops: bool = False, budget: int = PAIRS, memory_gb: float = 2.0,
) -> Coordinated:  # fmt: skip
    """Draw the edges of CooRTweet 2.1.3: pairs of contents of every two accounts, and which exceed the quantile of the weights.

    ``author, obj, content, at``: int64 codes and times (rows,); a row given twice is two, as there. ``own`` (rows,): the object is
    the content itself. ``loops`` is ``remove_loops = FALSE``. ``memory_gb``: for the pairs held at one time, beside the answer.
    Raises OverBudget, and ValueError on a negative window or minimum and on a quantile outside [0, 1].

    Source: CooRTweet 2.1.3, R/detect_groups.R, R/generate_coordinated_network.R. Cost O(n log n + p log p) for p pairs.

    >>> one = np.array
    >>> author, obj, content, at = one([7, 3, 7, 3, 5]), one([1, 1, 2, 2, 2]), one([0, 1, 2, 3, 4]), one([0, 5, 90, 99, 99])
    >>> found = coortweet(author, obj, content, at, one([False] * 5), window=9, min_participation=1)
    >>> found.source, found.target, found.weight, found.above, found.cut
    (array([3, 3, 5]), array([5, 7, 7]), array([1, 2, 1]), array([False,  True, False]), 1.0)
    """
    if window < 0 or min_participation < 0 or not 0 <= quantile <= 1:
        asked = f"window is {window}, min_participation {min_participation}, quantile {quantile}"
        raise ValueError(f"{asked}; use 0 or more, 0 or more, and 0 to 1")
    (names, who), (objects, what), (_, which) = rank(author), rank(obj), rank(content)
    enough = np.bincount(who, minlength=names.size)[who] >= min_participation
    who, what, which, at, own = who[enough], what[enough], which[enough], at[enough], own[enough]
    kept = ~own | loops
    events = sort(who[kept], what[kept], at[kept], which[kept])
    _refuse(events, objects, window, budget)
    events = possible(events, names.size, window, 1)
    first, stop = reach(events, window)
    strong = _strong(events, stop, who, which, min_participation, loops)
    found: list[tuple[Ints, Ints]] = []
    met, paired = np.zeros(objects.size, np.bool_), 0
    for low, high, whole in ranges(events.author, first, stop, names.size, memory_gb / 8):
        picked = np.arange(events.at.size) if whole else np.flatnonzero((events.author >= low) & (events.author < high))
        begin = picked + 1 if whole else first[picked]
        keys, filled = np.empty(int((stop[picked] - begin).sum()), np.int64), 0
        for here, there in pairs(picked, begin, stop[picked]):
            one, other = events.author[here], events.author[there]
            # Where not all is there, each pair is met from both of its ends: it is counted from the smaller account's.
            some = _are_pairs(events, here, there, loops) & (whole | (one < other) | ((one == other) & (here < there)))
            some &= strong[events.message[here]] | strong[events.message[there]]
            part = (np.minimum(one, other) * names.size + np.maximum(one, other))[some]
            keys[filled : filled + part.size] = part
            filled += part.size
            met[events.obj[here[some]]] = True
        edges, weight = runs(keys[:filled])
        del keys
        paired += int(weight.sum())
        found.append((edges, weight))
    edges, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    found.clear()
    cut = type_7(weight, quantile)
    source, target = names[edges // names.size], names[edges % names.size]
    return Coordinated(source, target, weight, weight > cut, cut, paired, objects[met])


def toolkit(
    author: Ints, obj: Ints, message: Ints, at: Ints, *, window: int, least: int = 1, several: bool = False,
    budget: int | None = None, memory_gb: float = 2.0,
) -> Network:  # fmt: skip
    """Draw the edges A to B of coordination-network-toolkit 1.5.2, loops left out: messages of A near one of B, ``least`` or more.

    ``author, obj, message, at``: int64 codes and times (rows,), in the order of the file: of rows of one message the first stands,
    as in its tables (co_retweet, co_tweet, co_reply); with ``several`` (co_link), the first of each message and object. ``obj`` is
    what its messages have in common: post reposted, cleaned text, post replied to, address. ``budget``: ``PAIRS``, and
    ``coaction.BUDGET`` where ``least`` is 2 or more, which keeps the answer small. Raises OverBudget, and ValueError on a negative
    window or ``least`` below 1.

    Its reader gives a message without address the address "", so that co_link joins such messages; they are not read as links here.

    >>> one = np.array
    >>> toolkit(one([7, 3, 3, 3]), one([1, 1, 1, 1]), one([0, 1, 2, 2]), one([0, 5, 6, 7]), window=9)
    Network(source=array([3, 7]), target=array([7, 3]), weight=array([2, 1]))
    """
    if window < 0 or least < 1:
        raise ValueError(f"window is {window}, least {least}; use 0 or more, and 1 or more")
    (_, who), (objects, what), (_, which) = rank(author), rank(obj), rank(message)
    stands = np.unique(which * objects.size + what if several else which, return_index=True)[1]
    who, what, which, at = who[stands], what[stands], which[stands], at[stands]
    given = budget if budget is not None else PAIRS if least == 1 else BUDGET
    _refuse(sort(who, what, at, which), objects, window, given)
    # One message id under two accounts is two messages: its tables count per account.
    whose = which * (int(who.max(initial=0)) + 1) + who
    return directed(author[stands], obj[stands], at, whose, window=window, least=least, memory_gb=memory_gb)


def type_7(weight: Ints, quantile: float) -> float:
    """Give the quantile of whole numbers (n,) as R does by default, to the last bit; NaN of none.

    Whether a weight is strictly above it can hang on that bit, so the steps are those of R 4.2. Source: Hyndman and Fan 1996.

    >>> type_7(np.array([1, 4, 2, 1]), 0.5)
    1.5
    """
    if not weight.size:
        return float("nan")
    ordered = np.sort(weight)
    index = 1 + (weight.size - 1) * quantile
    low, high = floor(index), ceil(index)
    below, beyond = float(ordered[low - 1]), float(ordered[high - 1])
    share = index - low
    return below if below == beyond or share == 0 else (1 - share) * below + share * beyond


def _strong(events: Events, stop: Ints, who: Ints, which: Ints, min_participation: int, loops: bool) -> Bools:
    """Mark the contents (by rank) of accounts with enough rows among those whose content is in a pair.

    ``who, which``: all rows the first filter left, those that are their own object included: they count as participation.
    """
    contents = int(which.max(initial=-1)) + 1
    if min_participation <= 1:
        return np.ones(contents, np.bool_)
    listed = np.zeros(contents, np.bool_)
    here_all = np.arange(events.at.size)
    for here, there in pairs(here_all, here_all + 1, stop):
        some = _are_pairs(events, here, there, loops)
        listed[events.message[here[some]]] = True
        listed[events.message[there[some]]] = True
    rows = listed[which]
    busy = totals(who[rows], np.ones(int(rows.sum()), np.int64), int(who.max(initial=-1)) + 1) >= min_participation
    strong = np.zeros(contents, np.bool_)
    strong[which[rows & busy[who]]] = True
    return strong


def _are_pairs(events: Events, here: Ints, there: Ints, loops: bool) -> Bools:
    if loops:
        return np.ones(here.size, np.bool_)
    apart: Bools = (events.author[here] != events.author[there]) & (events.message[here] != events.message[there])
    return apart


def _refuse(events: Events, objects: Ints, window: int, budget: int) -> None:
    """Raise OverBudget where the events (all objects together) form more pairs than the budget, one account's own included."""
    _, stop = reach(events, window)
    held = totals(events.obj, stop - np.arange(stop.size) - 1, objects.size)
    if int(held.sum()) > budget:
        most = np.argsort(-held, kind="stable")[:_NAMED]
        raise OverBudget(int(held.sum()), budget, LeftOut(objects[most], held[most]))
