"""Do some accounts write again what others wrote first, more often than chance gives to accounts as active as they are?

A lift is an account's first text of a group of same texts, where another account wrote one before and is not credited. Of each
group the first author is the one of the earliest text; where two accounts share the earliest time, nobody is first.

Repeats. An account lifts repeatedly that lifts ``REPEATEDLY`` texts or more, and ``PART`` of its texts or more: three of a thousand
are no habit. Null: which text is a lift stays; authors are dealt anew among the texts of each stratum (language and week), so that
each account keeps its activity there. The p-value is the share of deals with as many such accounts, the observed one among them.

Of a set of accounts. The share of their texts that are lifts, against sets drawn from accounts of the same stratum (language,
activity), as many from each. Accounts are drawn whole, so that the test holds whatever the differences between accounts.

Limits: the first in the collection is not the first. A null of accounts alike but for activity: whatever makes some accounts write
again more than others (a column of quotes, a share button) is seen as repeats; the rivals of the analysis ask which it is.
Source: permutation within strata, Good 2005, doi:10.1007/b138696, ch. 3; variance of a ratio, Cochran 1977, Sampling Techniques,
eq. 6.13. What is permuted is ours.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from .distinct import distinct

REPEATEDLY = 3
PART = 0.2

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]

_CHUNK = 4_000_000
_SPARSE = 8
_TRIES = 20


class Lifts(NamedTuple):
    """Hold lifts by number of text: ``copy`` and the first text of its group, ``first``, shapes (lifts,).

    ``own`` marks, shape (texts,), the texts that are no repetition of the author's own; ``tied`` counts the groups whose earliest
    time two accounts share, ``credited`` the copies that name or refer to the first author.
    """

    copy: Ints
    first: Ints
    own: Bools
    tied: int
    credited: int


class Repeats(NamedTuple):
    """Compare how many accounts lift repeatedly, and so many texts, with what deals give; shapes (1 + edges,).

    The first element counts those that lift repeatedly, the others those with at least ``edges`` lifts. ``mean`` is of deals, of
    which ``low`` and ``high`` hold 95 %. ``p_value`` is of the first.
    """

    edges: tuple[int, ...]
    observed: Ints
    mean: Floats
    low: Floats
    high: Floats
    p_value: float


class Compared(NamedTuple):
    """Compare the share of lifts of a set of accounts with that of accounts like them: difference, interval, chance."""

    share: float
    expected: float
    difference: float
    low: float
    high: float
    p_value: float
    members: int
    others: int


def lifts(group: Ints, author: Ints, at: Ints, *, refers_to: Ints, credits: Bools | None = None) -> Lifts:
    """Say which texts are lifts. ``group`` (texts,): -1 for a text alone; ``refers_to``: the author a text refers to, or -1.

    ``credits``: further marks of texts that credit whoever wrote first. Cost O(n log n).

    >>> one = np.array
    >>> lifts(one([0, 0, 0]), one([7, 8, 7]), one([1, 5, 9]), refers_to=one([-1, -1, -1])).copy.tolist()
    [1]
    """
    own = np.ones(group.size, np.bool_)
    inside = np.flatnonzero(group >= 0)
    order = inside[np.lexsort((inside, at[inside], author[inside], group[inside]))]
    again = np.zeros(order.size, np.bool_)
    again[1:] = (group[order[1:]] == group[order[:-1]]) & (author[order[1:]] == author[order[:-1]])
    own[order[again]] = False
    once = order[~again]
    once = once[np.lexsort((once, at[once], group[once]))]
    begins = np.flatnonzero(np.append(True, group[once[1:]] != group[once[:-1]])) if once.size else np.empty(0, np.int64)
    sizes = np.diff(np.append(begins, once.size))
    shared = begins[sizes > 1]
    tied = shared[at[once[shared]] == at[once[shared + 1]]]
    first = np.repeat(once[begins], sizes)
    told = np.repeat(np.isin(begins, tied, invert=True), sizes) & (first != once)
    copy, first = once[told], first[told]
    credited = refers_to[copy] == author[first]
    if credits is not None:
        credited |= credits[copy]
    return Lifts(copy[~credited], first[~credited], own, int(tied.size), int(credited.sum()))


def repeats(
    author: Ints,
    stratum: Ints,
    lifted: Ints,
    source: Ints,
    *,
    once: bool = False,
    edges: tuple[int, ...] = (),
    draws: int,
    rng: np.random.Generator,
) -> Repeats:
    """Count accounts by how many texts they lift, and in ``draws`` deals; in none does an account lift from itself.

    ``author, stratum`` (texts,); ``lifted`` (lifts,): numbers of texts; ``source`` (lifts,): the author lifted from.
    ``once``: lifts of one account from one source count once. Cost O(draws x texts).
    """
    code = np.unique(author, return_inverse=True)[1].astype(np.int32)
    known = distinct(np.append(author, source))
    habit = np.maximum(np.ceil(PART * np.bincount(code) - 1e-9), REPEATEDLY).astype(np.int64)
    place = np.full(known.size, -1, np.int32)  # an author whose texts are all left aside has no code, and is met by none
    place[np.searchsorted(known, author)] = code
    order = np.argsort(stratum[lifted], kind="stable")
    lifted, origin = lifted[order], place[np.searchsorted(known, source[order])]
    behind = np.unique(source[order], return_inverse=True)[1].astype(np.int64) if once else None
    observed = _at_least(code[lifted][None, :], behind, habit, edges)[0]
    pools = _pools(stratum, lifted)
    dealt = np.empty((draws, 1 + len(edges)), np.int64)
    step = max(1, _CHUNK // max(lifted.size, habit.size, 1))
    for start in range(0, draws, step):
        rows = min(step, draws - start)
        drawn = np.empty((rows, lifted.size), np.int32)
        for pool, here in pools:
            mine = code[pool]
            part = mine[_without_repeat(pool.size, here.stop - here.start, rows, rng)]
            drawn[:, here] = _not_from_itself(part, origin[here], mine, rng)
        dealt[start : start + rows] = _at_least(drawn, behind, habit, edges)
    low, high = np.quantile(dealt, [0.025, 0.975], axis=0)
    p_value = (1 + np.count_nonzero(dealt[:, 0] >= observed[0])) / (draws + 1)
    return Repeats(edges, observed, dealt.mean(axis=0), low, high, float(p_value))


def _pools(stratum: Ints, lifted: Ints) -> list[tuple[Ints, slice]]:
    """Give the texts of each stratum in which there are lifts, and which of the lifts, sorted by stratum, these are."""
    order = np.argsort(stratum, kind="stable")
    wanted, number = np.unique(stratum[lifted], return_counts=True)
    first, last = np.searchsorted(stratum[order], wanted, "left"), np.searchsorted(stratum[order], wanted, "right")
    ends = np.cumsum(number)
    return [(order[a:b], slice(int(e - n), int(e))) for a, b, e, n in zip(first, last, ends, number, strict=True)]


def _not_from_itself(drawn: Codes, origin: Codes, pool: Codes, rng: np.random.Generator) -> Codes:
    """Deal anew to whoever was dealt a lift from itself; where nobody else is in the pool it stays."""
    for _ in range(_TRIES):
        row, at = np.nonzero(drawn == origin)
        if not row.size:
            break
        drawn[row, at] = pool[rng.integers(0, pool.size, row.size)]
    return drawn


def compared(lifted: Ints, texts: Ints, member: Bools, stratum: Ints, *, draws: int, rng: np.random.Generator) -> Compared | None:
    """Compare the members' share of lifts with that of the other accounts of each stratum. All shapes (accounts,); texts >= 1.

    Members of strata without others are left out; None where none is left. The p-value is one-sided: members lift more. The
    interval is Student's, accounts as clusters. Cost O(draws x accounts).
    """
    both = np.bincount(stratum, member) * np.bincount(stratum, ~member) > 0
    kept = both[stratum]
    if not kept.any():
        return None
    k, n, member = lifted[kept].astype(np.float64), texts[kept].astype(np.float64), member[kept]
    stratum = np.unique(stratum[kept], return_inverse=True)[1]
    weight = np.bincount(stratum, n * member) / n[member].sum()
    share = float(k[member].sum() / n[member].sum())
    others = np.bincount(stratum, n * ~member)
    rate = np.bincount(stratum, k * ~member) / others
    expected = float((weight * rate).sum())
    number = int(member.sum())
    own = np.square(k - share * n)[member].sum() / n[member].sum() ** 2 * number / max(number - 1, 1)
    their = (np.square(weight / others) * np.bincount(stratum, np.square(k - rate[stratum] * n) * ~member)).sum()
    reach = float(stats.t.ppf(0.975, max(number - 1, 1)) * np.sqrt(own + their))
    more = 0
    step = max(1, _CHUNK // n.size)
    for start in range(0, draws, step):
        drawn = _drawn_shares(k, n, member, stratum, min(step, draws - start), rng)
        more += int(np.count_nonzero(drawn >= share - 1e-12))
    difference = share - expected
    p_value = (1 + more) / (draws + 1)
    return Compared(share, expected, difference, difference - reach, difference + reach, p_value, number, n.size - number)


def _drawn_shares(lifted: Floats, texts: Floats, member: Bools, stratum: Ints, rows: int, rng: np.random.Generator) -> Floats:
    """Give the share of lifts of as many accounts of each stratum as members, drawn whole; shape (rows,)."""
    summed = np.zeros((2, rows))
    order = np.argsort(stratum, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        chosen = here[_without_repeat(here.size, int(member[here].sum()), rows, rng)]
        summed += np.stack([lifted[chosen].sum(axis=1), texts[chosen].sum(axis=1)])
    return np.asarray(summed[0] / summed[1])


def _without_repeat(size: int, number: int, rows: int, rng: np.random.Generator) -> Codes:
    """Draw ``number`` different numbers below ``size`` in each of ``rows`` rows, in random order; shape (rows, number)."""
    if number * _SPARSE > size:
        at_once = max(1, _CHUNK // size)
        every = np.arange(size, dtype=np.int32)
        parts = [min(at_once, rows - start) for start in range(0, rows, at_once)]
        return np.concatenate([rng.permuted(np.tile(every, (part, 1)), axis=1)[:, :number] for part in parts])
    drawn = rng.integers(0, size, (rows, number), np.int32)
    while True:  # whoever meets a number drawn before is drawn anew: every order of different numbers stays as likely
        order = np.argsort(drawn, axis=1, kind="stable")
        ranked = np.take_along_axis(drawn, order, axis=1)
        row, at = np.nonzero(ranked[:, 1:] == ranked[:, :-1])
        if not row.size:
            return drawn
        drawn[row, order[row, at + 1]] = rng.integers(0, size, row.size)


def _at_least(account: Codes, source: Ints | None, habit: Ints, edges: tuple[int, ...]) -> Ints:
    """Count, in each row, the accounts that occur as often as their habit asks, then those at least so often. (rows, 1 + edges).

    With ``source``, what counts is with how many sources.
    """
    rows = len(account)
    key = (account + np.arange(rows, dtype=np.int64)[:, None] * habit.size).ravel()
    if source is not None and key.size:
        span = int(source.max()) + 1
        key = np.sort(key * span + np.tile(source, rows))
        key = key[np.append(True, key[1:] != key[:-1])] // span
    often = np.bincount(key, minlength=rows * habit.size).reshape(rows, habit.size)
    return np.stack([(often >= habit).sum(axis=1), *((often >= edge).sum(axis=1) for edge in edges)], axis=1)
