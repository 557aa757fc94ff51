"""Which accounts act together beyond chance in one behaviour or several, and which networks do they form?

Each behaviour (reposts, addresses, texts...) is tested by itself with its own window (``together``); an account's p-values become
one (``fusion``), Benjamini and Hochberg make q-values of those, and of the accounts below ``q`` those stay that owe half of what is
surprising about them, all behaviours added up, to others that stay. Their ties make networks: connected parts, cut into communities
where that says more than of a random network (``communities.cut``), and left whole where it does not.

Limits: two accounts that meet once in each of two behaviours have no tie: a tie needs two objects of one behaviour. Networks of
fewer than ``least`` accounts are counted, not returned.
Source: the statistics of ``together``, ``fusion`` and ``communities``; putting them together is ours.
"""

from typing import NamedTuple

import numpy as np

from . import fusion
from ._surprise import Floats
from ._sweep import Bools, Ints
from .coaction import BUDGET, LeftOut, near_pairs
from .communities import components, cut
from .distinct import distinct
from .families import benjamini_hochberg
from .together import Together, enough, in_company, shuffled, together
from .windows import bins

LEAST = 5
POOL = 50_000
OTHERS = 50  # delays of others, at least, to take those of a network from


class Behaviour(NamedTuple):
    """Hold the events of one behaviour (events,): positions of accounts, codes of objects, times and the window, all in s.

    ``stratum`` (accounts,): what accounts are shuffled within beside time, such as their platform; None: all of them.
    """

    author: Ints
    obj: Ints
    at: Ints
    window: int
    stratum: Ints | None = None


class Squads(NamedTuple):
    """Hold, per account (accounts,): p- and q-value, the network it is in (-1: none); and the ties of the networks (ties,).

    ``weight``: objects together, all behaviours; ``seen_in`` (ties, behaviours): where a tie was seen. ``p_networks`` holds for
    all sets of accounts at once; ``agreement``: of the seeds on the cut of the connected part a network comes from.
    ``smaller``: accounts that act together in networks of fewer than ``least``.
    """

    p_value: Floats
    q_value: Floats
    network: Ints
    source: Ints
    target: Ints
    weight: Ints
    seen_in: Bools
    p_networks: Floats
    agreement: Floats
    smaller: int
    tests: list[Together]
    left_out: list[LeftOut]


def squads(
    parts: list[Behaviour],
    accounts: int,
    *,
    q: float,
    seed: int,
    draws: int = 8,
    rounds: int = 4,
    least: int = LEAST,
    eligible: Bools | None = None,
    budget: int = BUDGET,
    memory_gb: float = 2.0,
) -> Squads:
    """Test all behaviours, fuse them, give the networks. ``eligible`` (accounts,): those that may belong to one.

    ``draws``: at least; more where few accounts act, so that the null holds ``POOL`` of them. Cost: draws + 1 networks per round
    and behaviour (see ``coaction.network``).
    """
    tests = [
        together(
            one.author,
            one.obj,
            one.at,
            window=one.window,
            bin_length=bins(one.window),
            seed=seed + number,
            stratum=_within(one),
            draws=enough(distinct(one.author).size, draws, pool=POOL, pairs=near_pairs(one.obj, one.at, one.window)),
            rounds=rounds,
            budget=budget,
            memory_gb=memory_gb,
        )
        for number, one in enumerate(parts)
    ]
    p_values, surprise = np.ones((len(parts), accounts)), np.zeros(accounts)
    seen = np.zeros(accounts, np.bool_)
    for number, test in enumerate(tests):
        p_values[number, test.account] = test.p_value
        surprise[test.account] += test.surprise
        seen[test.account] = True
    p_value = fusion.behaviours(p_values)
    q_value = np.ones(accounts)
    q_value[seen] = benjamini_hochberg(p_value[seen])
    source, target, weight, size, seen_in = _ties(tests, accounts)
    kept = (q_value <= q) & (eligible if eligible is not None else True)
    kept = in_company(kept, source, target, size, surprise)
    inside = kept[source] & kept[target]
    source, target, weight, size, seen_in = source[inside], target[inside], weight[inside], size[inside], seen_in[inside]
    network, agreement, smaller = _networks(kept, source, target, size, seed, least)
    number = int(seen.sum())
    p_networks = np.array([fusion.network(p_value[network == n], number) for n in range(agreement.size)])
    inside = (network[source] >= 0) & (network[source] == network[target])
    return Squads(
        p_value, q_value, network, source[inside], target[inside], weight[inside], seen_in[inside], p_networks, agreement, smaller,
        tests, [test.left_out for test in tests],
    )  # fmt: skip


def shuffled_copy(parts: list[Behaviour], seed: int) -> list[Behaviour]:
    """Shuffle the accounts of every behaviour within bins of time: a copy in which nobody acts together but by chance."""
    return [
        Behaviour(
            *shuffled(one.author, one.obj, one.at, bin_length=bins(one.window), seed=seed + number, stratum=_within(one)),
            one.window,
            one.stratum,
        )
        for number, one in enumerate(parts)
    ]


def delayed_copy(parts: list[Behaviour], seed: int, apart: Bools | None = None) -> list[Behaviour]:
    """Deal the delays of acts after the first on their object anew, among objects of like popularity: who acts on what stays.

    In such a copy nobody is more punctual than others. Whom the test finds there are accounts with objects of their own. Classes of
    popularity double from one to the next; the first act on an object keeps its time. ``apart`` (accounts,): whose delays are taken
    from those of the others in the class, at random with repetition (in all classes, where they have fewer than ``OTHERS`` in it),
    so that a squad that makes most acts of its class does not lend its haste to the copy. Where the others have fewer in all,
    everybody's are dealt together.
    """
    inside = [np.zeros(one.obj.size, np.bool_) if apart is None else apart[one.author] for one in parts]
    streams = [np.random.default_rng((seed, 2, n)) for n in range(len(parts))]
    return [one._replace(at=_delayed(one.obj, one.at, mine, rng)) for one, mine, rng in zip(parts, inside, streams, strict=True)]


def _delayed(obj: Ints, at: Ints, inside: Bools, rng: np.random.Generator) -> Ints:
    order = np.lexsort((at, obj))
    starts = np.flatnonzero(np.diff(obj[order], prepend=-1))
    size = np.diff(np.append(starts, order.size))
    first, popular = np.repeat(at[order][starts], size), np.repeat(np.log2(size).astype(np.int64), size)
    delay, later = at[order] - first, np.ones(order.size, np.bool_)
    later[starts] = False
    own, given = inside[order], delay.copy()
    rest = np.flatnonzero(later & ~own)
    for group in np.unique(popular):
        some = np.flatnonzero(later & (popular == group))
        mine, pool = some[own[some]], some[~own[some]]
        source = given[pool] if pool.size >= OTHERS else given[rest]
        if mine.size and source.size >= OTHERS:
            delay[mine] = rng.choice(source, mine.size)
            some = pool
        delay[some] = rng.permutation(given[some])
    dealt = np.empty_like(at)
    dealt[order] = first + delay
    return dealt


def _within(one: Behaviour) -> Ints | None:
    return None if one.stratum is None else one.stratum[one.author]


def _ties(tests: list[Together], accounts: int) -> tuple[Ints, Ints, Ints, Floats, Bools]:
    """Add up the ties of all behaviours: source below target, weights and surprises summed."""
    keys = [test.account[test.source] * accounts + test.account[test.target] for test in tests]
    edges, place = np.unique(np.concatenate([*keys, np.empty(0, np.int64)]), return_inverse=True)
    weight, size, seen_in = np.zeros(edges.size, np.int64), np.zeros(edges.size), np.zeros((edges.size, len(tests)), np.bool_)
    begin = 0
    for number, test in enumerate(tests):
        here = place[begin : begin + test.source.size]
        weight[here] += test.weight
        size[here] += test.size
        seen_in[here, number] = True
        begin += test.source.size
    return edges // max(accounts, 1), edges % max(accounts, 1), weight, size, seen_in


def _networks(kept: Bools, source: Ints, target: Ints, size: Floats, seed: int, least: int) -> tuple[Ints, Floats, int]:
    """Number the network of each account, the largest first, with the agreement on its cut; count those in smaller ones."""
    names = np.flatnonzero(kept)
    place = np.full(kept.size, -1, np.int64)
    place[names] = np.arange(names.size)
    one, other = place[source], place[target]
    part = components(one, other, names.size)
    label = np.full(names.size, -1, np.int64)
    agreed: list[float] = []
    for number in range(int(part.max(initial=-1)) + 1):
        members = np.flatnonzero(part == number)
        if members.size < least:
            break
        inside = part[one] == number
        ends = (np.searchsorted(members, one[inside]), np.searchsorted(members, other[inside]))
        made = cut(*ends, size[inside], members.size, seed=seed)
        groups = made.label
        for group in range(int(groups.max()) + 1):
            chosen = members[groups == group]
            if chosen.size >= least:
                label[chosen] = len(agreed)
                agreed.append(made.agreement)
    count = np.bincount(label[label >= 0], minlength=len(agreed))
    order = np.argsort(-count, kind="stable")
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    network = np.full(kept.size, -1, np.int64)
    network[names] = np.where(label >= 0, rank[np.maximum(label, 0)] if rank.size else -1, -1)
    return network, np.array(agreed, np.float64)[order], int((label < 0).sum())
