"""Which accounts act at the same time as the same others, more than chance lets accounts as active as they are?

Statistic. Two accounts are partners when they acted within the window of each other on two or more objects. The surprise of a pair
is w ln(w/e) - (w - e): w objects together, e = k_u k_v / sum(k) expected from the neighbours each has. An account's height is the
sum over its pairs of surprise to the power of 1.5, so that forty unlikely partners weigh more than five hundred that were to be
expected, of which an account near viral posts has as many. A thin account with forty unlikely partners stands out; a busy one that
meets other busy ones does not. Where one network makes most of what was collected, meeting its members is no surprise: the number
of partners stands beside, and the rarer of both counts. (The power is a choice, between 1, at which fifty accounts among a million
shares were lost in the crowd, and 2, at which a single odd pair ranks high.)

Null. Accounts are shuffled among the events of each bin of time (and platform), bins placed anew in each draw: activity per bin,
every object's popularity and its profile in time stay. No account is given twice to one object. Within a day, that takes from each
account its hours: those who act in the evening, or live elsewhere, meet more often than it allows. Where anybody is found, all is
therefore done again with accounts shuffled within the same eighth of the day over a week, and the larger p-value counts.

From there to p. Half of the draws say how rare a height, or so many partners, is among accounts of like activity; beyond the
draws an exponential tail of the logarithm ranks, no more. The other half says how often any account of the null ranks as high:
that share is the p-value, pooled over all accounts; its floor is 1 / (1 + accounts * draws / 2). Accounts without partner are
ordered by how many neighbours they have, which never lifts them above one with a partner. Benjamini and Hochberg make q-values of
it.

Two departures from chance are taken out. (1) A network pollutes its own null: accounts found at 5 % are set aside with their
events, the null is drawn again without them, and so on until none is added; those set aside keep the surprise of the whole data.
(2) Fans of the same sources meet more often than shuffled accounts without acting as one. It shows in the bulk of accounts, not
in a far tail: where more accounts than chance gives reach p = 1 %, those found left out, all ranks are divided by the one number
that puts 1 % there, as genomic control does; they are never multiplied.

One thing is put back. Of a squad smaller than the crowd around it only the accounts that reach furthest are found, and the rest
then seem alone. Those found are held as they are, all others dealt anew, and each of these is measured by its partners among the
found alone (``_joining``): twice the smaller of its two p-values is its p-value. Where nobody is found, nobody is asked twice.

``found`` then keeps, of the accounts below q, those that owe half of their surprise or more to others that are kept: nobody acts
together alone, and an account chance picked out has its partners among the rest. It takes away only.

Limits: an account that acts once has no partner. Repeated acts of an account on one object count once, the first. Bins are a
choice: a day is the safer one; with a week, accounts that live for one day are found to act together (windows of minutes) though
they only share that day's posts. An object of a hundred thousand shares gives all its accounts so many neighbours that their
partners surprise less. A fan club told of each post at once looks like a squad: the test says "beyond chance", not why.

Source: Efron 2004, doi:10.1198/016214504000000089 (empirical null); Devlin and Roeder 1999, doi:10.1111/j.0006-341X.1999.00997.x
(inflation); Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x. The statistic and the rounds are ours.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ._joining import join
from ._shuffle import Setting, of_accounts, once, shuffle
from ._surprise import SET_ASIDE, Floats, Seen, Singles, measures, p_values, see
from ._sweep import NONE, Bools, Events, Ints, rank, sort, take
from .coaction import BUDGET, LeftOut, within_budget
from .distinct import distinct
from .families import benjamini_hochberg

_STABLE = 0.01
_COMPANY = 0.5
_MOST_DRAWS = 200
_MOST_PAIRS = 1_000_000_000
_FEWEST = 20
_LOOKS = 2
_PAIR = 2
_AMPLE = 20


class Together(NamedTuple):
    """Hold one element per account, in order of its code, and what the whole says.

    ``partners`` and ``surprise`` (sum over its pairs) are of all the data; ``source, target`` (edges,): the ranks of partners among
    ``account``; ``weight``: objects together; ``size``: surprise of the pair; ``edges_null`` (draws,): how many edges the shuffled
    data have, the first time; ``inflation``: 1 or more; ``rounds``: how often the null was drawn; ``set_aside``: not in the last
    null; ``lost``: share of the acts that no shuffle could place without giving an account twice to an object.
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
    lost: float
    left_out: LeftOut


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
    Raises ValueError on a bin shorter than the window or an odd number of draws. Cost: draws + 1 networks per round, and as many
    for the ties to those found; twice that where anybody is.
    """
    if bin_length <= window:
        raise ValueError(f"bin_length is {bin_length}; use more than the window, {window}")
    if draws < 2 or draws % 2:
        raise ValueError(f"draws is {draws}; use an even number, 2 or more")
    names, who = rank(author)
    rng, of = np.random.default_rng(seed), of_accounts(who, stratum, names.size)
    del who
    how = Setting(names.size, window, bin_length, draws, rng, of, memory_gb)

    left: list[LeftOut] = []

    def ordered() -> Events:
        objects, what = rank(obj)
        events, out = within_budget(once(sort(rank(author)[1], what, at, NONE)), objects, window=window, budget=budget)
        left[:] = [out]
        return events

    drawn, p_value = _asked(ordered, how, rounds)
    if (benjamini_hochberg(p_value) <= SET_ASIDE).any():
        hours, again = _asked(ordered, how._replace(by_hour=True), rounds)
        p_value, drawn = np.maximum(p_value, again), drawn._replace(lost=max(drawn.lost, hours.lost))
    whole = drawn.whole
    seen = (whole.partners, whole.surprise, p_value, benjamini_hochberg(p_value))
    edges = (whole.source, whole.target, whole.weight, whole.size)
    return Together(names, *seen, *edges, drawn.edges, drawn.inflation, drawn.number, drawn.aside, drawn.lost, left[0])


class _Rounds(NamedTuple):
    """Hold what all the data show, p-values (accounts,), who is set aside, the inflation, how many rounds; edges (draws,) and acts
    lost of the first.
    """

    whole: Seen
    p_value: Floats
    aside: Bools
    inflation: float
    number: int
    edges: Ints
    lost: float


def _asked(ordered: Callable[[], Events], how: Setting, rounds: int) -> tuple[_Rounds, Floats]:
    """Test every account under one null: the rounds, then the ties of the others to those found."""
    drawn = _rounds(ordered(), how, rounds)  # which lets go of them: ordered anew they take less memory than kept
    first = drawn.aside | (benjamini_hochberg(drawn.p_value) <= SET_ASIDE)
    if first.sum() < _PAIR or how.accounts - first.sum() < _FEWEST:
        return drawn, drawn.p_value
    events = ordered()
    beside = join(events, first, np.bincount(events.author, minlength=how.accounts), how)
    return drawn, np.where(first, drawn.p_value, np.minimum(_LOOKS * np.minimum(drawn.p_value, beside), 1.0))


def _rounds(events: Events, how: Setting, most: int) -> _Rounds:
    """Draw the null, set aside whom it finds, and again without them, until nobody is added."""
    activity, whole = np.bincount(events.author, minlength=how.accounts), see(events, how)
    aside = np.zeros(how.accounts, np.bool_)
    done = _Rounds(whole, np.ones(how.accounts), aside, 1.0, 0, np.zeros(how.draws, np.int64), 0.0)
    while done.number < most and events.at.size:
        events = take(events, ~aside[events.author]) if aside.any() else events
        if done.number and distinct(events.author).size < _FEWEST:  # nobody is left to tell what chance does
            return done._replace(number=done.number + 1)
        null, edges, kept = _null(events, how)
        if not done.number:
            done = done._replace(edges=edges, lost=1 - kept / (how.draws * events.at.size))
        seen = measures(whole) if not aside.any() else np.where(aside, measures(whole), measures(see(events, how)))
        p_value, inflation = p_values(seen, null, activity, aside)
        done = done._replace(p_value=p_value, aside=aside, inflation=inflation, number=done.number + 1)
        more = aside | (benjamini_hochberg(p_value) <= SET_ASIDE)
        if more.sum() - aside.sum() <= _STABLE * aside.sum():
            break
        aside = more
    return done


def _null(events: Events, how: Setting) -> tuple[list[Singles], Ints, int]:
    """Measure every draw; give how many edges each has (draws,), and the acts of all."""
    null, edges, kept = [], [], 0
    for _ in range(how.draws):
        dealt = shuffle(events, how)
        seen = see(dealt, how)
        null.append(measures(seen))
        edges.append(seen.size.size)
        kept += dealt.at.size
    return null, np.array(edges), kept


def found(result: Together, *, q: float = 0.05) -> Bools:
    """Mark the accounts with q-value at most ``q`` that owe half of their surprise or more to others so marked."""
    return in_company(result.q_value <= q, result.source, result.target, result.size, result.surprise)


def enough(accounts: int, draws: int, *, pool: int, pairs: int = 0) -> int:
    """Give an even number of draws, ``draws`` or more, whose second half holds a ``pool`` of null accounts; at most 200 for that.

    A p-value is at least 1 / (1 + accounts * draws / 2): where few accounts are tested, few draws could find nobody. Where few
    accounts form many ``pairs`` of acts, draws beyond ``draws`` end at a billion pairs in all, a minute of work or so. Half of
    ``draws`` are enough where these hold twenty pools.

    >>> enough(100_000, 8, pool=50_000), enough(1_000, 8, pool=50_000), enough(1_000, 8, pool=50_000, pairs=50_000_000)
    (8, 100, 20)
    >>> enough(1_000_000, 8, pool=50_000)
    4
    """
    room = 2 * (_MOST_PAIRS // max(2 * pairs, 1)) if pairs else _MOST_DRAWS
    if accounts * draws // 4 >= _AMPLE * pool:
        return max(2 * (draws // 4), 2)
    return max(draws, min(_MOST_DRAWS, room, 2 * -(-pool // max(accounts, 1))))


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
    events = once(sort(who, what, at, NONE))
    rng, of = np.random.default_rng((seed, 1)), of_accounts(who, stratum, names.size)
    copy = shuffle(events, Setting(names.size, 0, bin_length, 1, rng, of, 0.0))
    return names[copy.author], objects[copy.obj], copy.at
