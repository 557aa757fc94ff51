"""Which accounts act at the same time as the same others, more than chance lets accounts as active as they are?

Statistic. Two accounts are partners when they acted within the window of each other on two or more objects. An account's surprise
is the sum over its partners of w ln(w/e) - (w - e): w objects together, e = k_u k_v / sum(k) expected from the neighbours each has.
A thin account with a hundred unlikely partners stands out; a busy one that meets other busy ones does not. Where one network makes
most of what was collected, meeting its members is no surprise: the number of partners stands beside, and the rarer of both counts.

Null. Accounts are shuffled among the events of each bin of time (and platform), bins placed anew in each draw: activity per bin,
every object's popularity and its profile in time stay. No account is given twice to one object.

From there to p. Half of the draws say how rare a surprise, or so many partners, is among accounts of like activity; beyond the
draws an exponential tail of the logarithm ranks, no more. The other half says how often any account of the null ranks as high:
that share is the p-value, pooled over all accounts; its floor is 1 / (1 + accounts * draws / 2). Accounts without partner are
ordered by how many neighbours they have, which never lifts them above one with a partner. Benjamini and Hochberg make q-values of
it.

Two departures from chance are taken out. (1) A network pollutes its own null: accounts found at 5 % are set aside with their
events, the null is drawn again without them, and so on until none is added; those set aside keep the surprise of the whole data.
(2) Fans of the same sources meet more often than shuffled accounts without acting as one. It shows in the bulk of accounts, not
in a far tail: where more accounts than chance gives reach p = 1 %, those found left out, all ranks are divided by the one number
that puts 1 % there, as genomic control does; they are never multiplied.

``found`` then keeps, of the accounts below q, those that owe half of their surprise or more to others that are kept: nobody acts
together alone, and an account chance picked out has its partners among the rest. It takes away only.

Limits: an account that acts once has no partner. Repeated acts of an account on one object count once, the first. Bins are a
choice: a day is the safer one; with a week, accounts that live for one day are found to act together (windows of minutes) though
they only share that day's posts. An object of a hundred thousand shares gives all its accounts so many neighbours that their
partners surprise less. A fan club told of each post at once looks like a squad: the test says "beyond chance", not why.

Source: Efron 2004, doi:10.1198/016214504000000089 (empirical null); Devlin and Roeder 1999, doi:10.1111/j.0006-341X.1999.00997.x
(inflation); Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x. The statistic and the rounds are ours.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._sweep import NONE, Bools, Events, Ints, meetings, rank, reach, sort, take, totals
from .coaction import BUDGET, LeftOut, within_budget
from .families import benjamini_hochberg

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

SET_ASIDE = 0.05
_BULK = 0.01
_TAIL = 0.02
_FLATTEST = 0.05
_REPAIRS = 4
_STABLE = 0.01
_COMPANY = 0.5
_MOST_DRAWS = 200
_FEWEST = 20
_WEAK = 1e-6
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.9875, 0.99375, 0.996875)


class Together(NamedTuple):
    """Hold one element per account, in order of its code, and what the whole says.

    ``partners`` and ``surprise`` are of all the data; ``source, target`` (edges,): the ranks of partners among ``account``;
    ``weight``: objects together; ``size``: surprise of the pair; ``edges_null`` (draws,): how many edges the shuffled data have,
    the first time; ``inflation``: 1 or more; ``rounds``: how often the null was drawn; ``set_aside``: not in the last null.
    """

    account: Ints
    partners: Ints
    surprise: Floats
    p_value: Floats
    q_value: Floats
    source: Ints
    target: Ints
    weight: Ints
    size: Floats
    edges_null: Ints
    inflation: float
    rounds: int
    set_aside: Bools
    left_out: LeftOut


class _Seen(NamedTuple):
    """Surprise, neighbours (0 to 1) and partners of each account; the edges, their weights and surprises."""

    surprise: Floats
    neighbours: Floats
    partners: Ints
    source: Ints
    target: Ints
    weight: Ints
    size: Floats


def together(
    author: Ints,
    obj: Ints,
    at: Ints,
    *,
    window: int,
    bin_length: int,
    seed: int,
    stratum: Ints | None = None,
    draws: int = 8,
    rounds: int = 4,
    budget: int = BUDGET,
    memory_gb: float = 2.0,
) -> Together:
    """Test every account for acting together with others beyond chance.

    ``author, obj, at``: int64 codes and times (events,), any order; ``window`` and ``bin_length`` in the unit of ``at`` (a minute
    to an hour, and a day; see Limits). ``stratum`` (events,): small codes of what accounts are shuffled within beside time, such as
    their platform; an account has one. ``draws``: even, half to rank and half to calibrate. The order of the rows does not matter.
    Raises ValueError on a bin shorter than the window or an odd number of draws. Cost: draws + 1 networks per round.
    """
    if bin_length <= window:
        raise ValueError(f"bin_length is {bin_length}; use more than the window, {window}")
    if draws < 2 or draws % 2:
        raise ValueError(f"draws is {draws}; use an even number, 2 or more")
    (names, who), (objects, what) = rank(author), rank(obj)
    events, left = within_budget(_once(sort(who, what, at, NONE)), objects, window=window, budget=budget)
    of = _of_accounts(who, stratum, names.size)
    del who, what
    rng = np.random.default_rng(seed)
    activity = np.bincount(events.author, minlength=names.size)
    whole = _see(events, names.size, window, memory_gb)
    aside = np.zeros(names.size, np.bool_)
    edges_null, p_value, inflation, drawn = np.zeros(draws, np.int64), np.ones(names.size), 1.0, 0
    while drawn < rounds and events.at.size:
        drawn += 1
        events = take(events, ~aside[events.author]) if aside.any() else events
        if drawn > 1 and np.unique(events.author).size < _FEWEST:  # nobody is left to tell what chance does
            break
        null, sizes = [], []
        for _ in range(draws):
            drawing = _see(shuffle(events, bin_length, rng, of), names.size, window, memory_gb)
            null.append(_measures(drawing))
            sizes.append(drawing.size.size)
        edges_null = np.array(sizes) if drawn == 1 else edges_null
        seen = _see(events, names.size, window, memory_gb) if aside.any() else whole
        p_value, inflation = _p_values(np.where(aside, _measures(whole), _measures(seen)), null, activity, aside)
        more = aside | (benjamini_hochberg(p_value) <= SET_ASIDE)
        if more.sum() - aside.sum() <= _STABLE * aside.sum():
            break
        aside = more
    q_value = benjamini_hochberg(p_value)
    seen_as = (whole.partners, whole.surprise, p_value, q_value, whole.source, whole.target, whole.weight, whole.size)
    return Together(names, *seen_as, edges_null, inflation, drawn, aside, left)


def found(result: Together, *, q: float = 0.05) -> Bools:
    """Mark the accounts with q-value at most ``q`` that owe half of their surprise or more to others so marked."""
    return in_company(result.q_value <= q, result.source, result.target, result.size, result.surprise)


def enough(accounts: int, draws: int, *, pool: int) -> int:
    """Give an even number of draws, ``draws`` or more, whose second half holds a ``pool`` of null accounts; at most 200 for that.

    A p-value is at least 1 / (1 + accounts * draws / 2): where few accounts are tested, few draws could find nobody.

    >>> enough(100_000, 8, pool=50_000), enough(1_000, 8, pool=50_000)
    (8, 100)
    """
    return max(draws, min(_MOST_DRAWS, 2 * -(-pool // max(accounts, 1))))


def in_company(kept: Bools, source: Ints, target: Ints, size: Floats, surprise: Floats) -> Bools:
    """Keep, of the marked accounts, those that owe half of their ``surprise`` (accounts,) or more to others that are kept.

    ``size`` (edges,): surprise of each pair of positions ``source, target``.
    """
    while kept.any():
        both = kept[source] & kept[target]
        owed = np.zeros(kept.size)
        for end in (source, target):
            owed += np.bincount(end[both], size[both], minlength=kept.size)
        fewer = kept & (owed >= _COMPANY * surprise)
        if (fewer == kept).all():
            break
        kept = fewer
    return kept


def self_check(author: Ints, obj: Ints, at: Ints, *, window: int, bin_length: int, seed: int, draws: int = 8) -> Together:
    """Test a shuffled copy of the same data, in which nobody acts together but by chance: what the test finds there is false."""
    author, obj, at = shuffled(author, obj, at, bin_length=bin_length, seed=seed)
    return together(author, obj, at, window=window, bin_length=bin_length, seed=seed, draws=draws)


def shuffled(
    author: Ints, obj: Ints, at: Ints, *, bin_length: int, seed: int, stratum: Ints | None = None
) -> tuple[Ints, Ints, Ints]:
    """Give the events with the accounts shuffled within bins of time, once per object: codes and times (events,), from 0 on."""
    (names, who), (objects, what) = rank(author), rank(obj)
    events = _once(sort(who, what, at, NONE))
    copy = shuffle(events, bin_length, np.random.default_rng((seed, 1)), _of_accounts(who, stratum, names.size))
    return names[copy.author], objects[copy.obj], copy.at


def _of_accounts(who: Ints, stratum: Ints | None, accounts: int) -> Ints | None:
    """Give the stratum of each account (accounts,); None where all are in one."""
    if stratum is None or not stratum.size or stratum.min() == stratum.max():
        return None
    of = np.zeros(accounts, np.int64)
    of[who] = stratum
    return of


def shuffle(events: Events, bin_length: int, rng: np.random.Generator, of: Ints | None = None) -> Events:
    """Shuffle accounts among the events of each bin of time and, with ``of`` (accounts,), of each stratum; sorted as before.

    Where an account comes twice on one object, the second is swapped with any event of the bin, and again; what is left is dropped,
    since an account twice on a viral object would be the partner of all who are near both.
    """
    bins = (events.at + int(rng.integers(bin_length))) // bin_length
    if of is not None:
        bins = bins * (int(of.max()) + 1) + of[events.author]
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
    del bins, order
    keep = np.ones(author.size, np.bool_)
    keep[twice] = False
    return take(events._replace(author=author), keep) if twice.size else events._replace(author=author)


def _twice(author: Ints, obj: Ints, among: Ints) -> Ints:
    """Give those of the positions ``among`` whose account stands on their object already, at another of them."""
    key = obj[among] * (int(author.max(initial=0)) + 1) + author[among]
    order = np.argsort(key)
    return np.sort(among[order[1:][key[order[1:]] == key[order[:-1]]]])


def _once(events: Events) -> Events:
    """Keep the first event of each account on each object, sorted by object, time and account."""
    order = np.lexsort((events.author, events.at, events.obj))
    events = Events(*(column[order] if column.size else column for column in events))
    key = events.obj * (int(events.author.max(initial=0)) + 1) + events.author
    keep = np.zeros(key.size, np.bool_)
    keep[np.unique(key, return_index=True)[1]] = True
    return take(events, keep)


def _see(events: Events, accounts: int, window: int, memory_gb: float) -> _Seen:
    """Measure surprise and partners of every account."""
    first, stop = reach(events, window)
    neighbours = totals(events.author, stop - first - 1, accounts).astype(np.float64)
    edges, count = meetings(events, accounts, window=window, least=2, memory_gb=memory_gb)
    one, other, w = edges // accounts, edges % accounts, count.astype(np.float64)
    expected = neighbours[one] * neighbours[other] / max(float(neighbours.sum()), 1.0)
    size = np.where(w > expected, w * np.log(w / expected) - (w - expected), 0.0)
    surprise, partners = np.zeros(accounts), np.zeros(accounts, np.int64)
    for end in (one, other):
        surprise += np.bincount(end, size, minlength=accounts)
        partners += np.bincount(end, minlength=accounts)
    return _Seen(surprise, neighbours / (1 + neighbours), partners, one, other, count, size)


def _measures(seen: _Seen) -> Singles:
    """Stack surprise, partners and neighbours: (3, accounts), in single precision, since every draw keeps its own."""
    return np.stack((seen.surprise, seen.partners, seen.neighbours), dtype=np.float32)


def _p_values(seen: Singles, null: list[Singles], activity: Ints, aside: Bools) -> tuple[Floats, float]:
    """Give p-values and the inflation taken out. ``seen`` (3, accounts): surprise, partners and neighbours; ``null``: so, by draw.

    The ``aside`` accounts are in no draw. Neighbours order accounts without partners, whose ranks would be all the same.
    """
    half = len(null) // 2
    kept = ~aside
    cuts = np.unique(np.quantile(activity[activity > 1], _SHARES)) if (activity > 1).any() else np.ones(1)
    group = np.searchsorted(cuts, activity, "right")
    scales = [
        [np.sort(np.log1p(np.concatenate([one[which, kept & (group == g)] for one in null[:half]]))) for g in range(cuts.size + 1)]
        for which in (0, 1)
    ]

    def rank(one: Singles) -> Floats:
        high = np.maximum(_ranked(one[0], group, scales[0]), _ranked(one[1], group, scales[1]))
        weighed: Floats = high + _WEAK * one[2]
        return weighed

    ranks = np.sort(np.concatenate([rank(one)[kept] for one in null[half:]]))
    rank_seen = rank(seen)
    first = _tail(rank_seen, ranks)
    cut = float(first[benjamini_hochberg(first) <= SET_ASIDE].max(initial=0.0))
    inflation = _inflation(rank_seen[kept & (first > cut)], ranks, cut)
    lowered = np.where(rank_seen > _WEAK, np.maximum(rank_seen / inflation, _WEAK), rank_seen)
    return (_tail(lowered, ranks) if inflation > 1 else first), inflation


def _inflation(usual: Floats, ranks: Floats, cut: float) -> float:
    """Give how many times higher the ranks of the accounts not found are than those of the null, where 1 % of the null begins.

    Nearer to the end where less than 2 % of the null have partners at all; 1 where they are lower, or found accounts reach so far.
    """
    bulk = min(_BULK, float(np.mean(ranks > _WEAK)) / 2)
    if not usual.size or cut >= bulk / 2:
        return 1.0
    level = float(np.quantile(ranks, 1 - bulk))
    return max(1.0, float(np.quantile(usual, 1 - (bulk - cut) / (1 - cut))) / level) if level > _WEAK else 1.0


def _ranked(surprise: Singles, group: Ints, scale: list[Singles]) -> Floats:
    """Rank surprises (accounts,) by -ln of how rare they are in their group's null, beyond it by an exponential tail."""
    found = np.zeros(surprise.size)
    for g, null in enumerate(scale):
        some = group == g
        if not null.size or not some.any():
            continue
        size = np.log1p(surprise[some])
        start = null[min(int(null.size * (1 - _TAIL)), null.size - 1)]
        over = null[null > start]
        slope = max(float((over - start).mean()), _FLATTEST) if over.size else _FLATTEST
        beyond = (size - start) / slope - np.log(max(over.size, 1) / (null.size + 1))
        found[some] = np.where(size > start, beyond, -np.log(_tail(size, null)))
    return found


def _tail(seen: Floats | Singles, null: Floats | Singles) -> Floats:
    """Give the share of the sorted null at or above each value, the value itself counted in."""
    share = (1.0 + null.size - np.searchsorted(null, seen, "left")) / (1.0 + null.size)
    return np.asarray(share, np.float64)
