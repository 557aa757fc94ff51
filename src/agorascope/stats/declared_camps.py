"""Do declared groups value items differently, beyond how lenient or loud they are and beyond what each of them meets?

One cell is a camp and an item. Votes: each is expected from the ease of its item, the leniency and care of its rater and the
leniency of the camp (``no_camps.habits``). Acts: each pair of account and item is expected from the account's number of acts and
the item's popularity, which accounts of as many acts follow more or less closely; a logit keeps both margins. What cells hold
beyond that is the score of an interaction of camps with items: its chi-square is taken after one more step of the ease of every
item and of a smooth curve of every camp in the ease of items. So camps that approve more or less of everything, act more or less,
or follow the majority more or less do not differ, whoever met what.

Chance, of votes: everybody stays in its camp, and all that a rater's votes hold beyond expectation is turned to the contrary, or
not, by the toss of a coin for each rater. So who votes how often, and on what, is the same in every draw: a camp may be small and
vote much more than the others. What one rater's votes share is turned as one, so that tastes that cut across the camps do not make
them differ. The ease of items and the leniency of camps were fitted to these very votes, so that what is beyond is too small by
the hold each vote has on its own expectation (``_hold``); the draws make up for it. Of acts the camps are dealt to other accounts
instead: margins say what each camp would do.

A curve may rise more or less, but not fall: a camp that gives least where the others give most is opposed to them (``opposed``),
however smoothly. Below ``OPPOSED`` that alone shows camps, with the least chance that the draws can give.

Limits: camps that differ along a smooth curve that rises in the ease of items are not told apart. What a camp meets may hang on
the item, not on how a rater would vote on it. Where camps differ much in leniency and strong tastes cut across them, leniency
shows less on the items of those tastes, which can look like camps. A camp of which one rater casts nearly all votes is hardly
ever shown to differ: turning that rater turns all.
Source: score test, Rao 1948, doi:10.1017/S0305004100023987; logit of both margins, Rasch 1960; residuals turned by raters, Cameron,
Gelbach and Miller 2008, doi:10.1162/rest.90.3.414, their scores alone as in Kline and Santos 2012, doi:10.1515/2156-6674.1006; the
hold of votes, MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7; dealt anew (acts), Freedman and Lane 1983,
doi:10.1080/07350015.1983.10509354. What we changed: camps, not single residuals, are dealt; one step instead of a fit.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from .across import counted
from .no_camps import habits
from .opposed import opposed

STEPS = 40
EXACT_ACTS = 16
"""Accounts of up to so many acts are expected by their own number; those above by numbers an eighth apart."""
CURVES = ((8, 2), (50, 4))
"""From so many items on, a curve of such a degree; below, leniency or loudness alone."""
CARE = 0.25
"""Variance by which classes of accounts are thought to follow popularity more or less than most."""
OPPOSED = 0.001
VOTES = 5
"""Votes of a camp, and of the others, from which on an item says whether they run against each other."""
SURE = 0.02
"""A vote is expected with odds no surer than this, so that one dissent does not outweigh all else."""
MOST_HELD = 0.9
"""A vote alone on its item is its own expectation; what is beyond it is not made up for without bound."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Margins(NamedTuple):
    """Hold the class of each rater (raters,) by its number of acts, -1 for none, and the odds of each class on each item."""

    kind: Ints
    odds: Floats


class Step(NamedTuple):
    """Hold which items were voted on (items,), of these the variance of cells and each camp's share of it (camps, told), curves in
    their ease (degrees, told), and the inverse of the information of all curves.
    """

    told: npt.NDArray[np.bool_]
    weight: Floats
    share: Floats
    curve: Floats
    undone: Floats


def declared_beyond_chance(
    camp: Ints, rater: Ints, item: Ints, value: Floats, *, camps: int, items: int, draws: int, seed: int
) -> float:
    """Give the chance that raters without camps value items as differently as those of declared camps (raters,), -1 for none.

    Votes (n,) are in 0 to 1. Camps that only approve more or less of everything, or vote more often, do not count as different.
    Cost O(n) a draw.
    """
    known = camp[rater] >= 0
    r, i, v = rater[known], item[known], value[known]
    if opposed(*_sides_of_votes(camp, r, i, v, camps=camps, items=items)) <= OPPOSED:
        return 1 / (draws + 1)
    how = habits(r, i, v, raters=camp.size, items=items, camp=camp)
    odds = expit(how.lenient[r] + how.care[r] * how.ease[i])
    sure = np.clip(odds, SURE, 1 - SURE)
    by, beyond, spread = camp[r], v - odds, sure * (1 - sure)
    weight = counted(by, i, spread, camps=camps, items=items)
    step, fitted = _step_of(weight, how.ease), _step_of(weight, how.ease, most=0)  # curves are no part of what was fitted
    observed = _left(counted(by, i, beyond, camps=camps, items=items), step)
    whole = beyond / np.sqrt(1 - np.minimum(spread * _hold(fitted)[by, i], MOST_HELD))
    rng, as_far = np.random.default_rng((seed, 3)), 1
    for _ in range(draws):
        turned = whole * rng.choice((-1.0, 1.0), camp.size)[r]
        as_far += _left(counted(by, i, turned, camps=camps, items=items), step) >= observed * (1 - 1e-9)
    return as_far / (draws + 1)


def acts_beyond_chance(
    camp: Ints, rater: Ints, item: Ints, how: Margins, *, camps: int, items: int, draws: int, seed: int
) -> float:
    """Give the chance that camps dealt to other accounts act on items as differently as declared ones (raters,), -1 for none.

    Acts (n,) are those ``how`` is the margins of. Camps that only act more or less do not count as different. Cost O(n + classes x
    items) a draw.
    """
    known = how.kind >= 0
    if not known.any():
        return 1.0
    acted = counted(camp[rater], item, np.ones(rater.size), camps=camps, items=items)
    acted[:, acted.sum(axis=0) == 0] = np.nan
    total = np.broadcast_to(acted.sum(axis=0), acted.shape)  # all acts on an item, not the others': it is known by having some
    if opposed(np.sqrt(acted), np.sqrt(total)) <= OPPOSED:
        return 1 / (draws + 1)
    edge, spread = 0.5 / int(known.sum()), how.odds * (1 - how.odds)
    ease = logit(np.clip((np.bincount(how.kind[known]) @ how.odds) * 2 * edge, edge, 1 - edge))

    def apart(label: Ints) -> float:
        size = counted(label[known], how.kind[known], np.ones(int(known.sum())), camps=camps, items=how.odds.shape[0])
        acted = counted(label[rater], item, np.ones(rater.size), camps=camps, items=items)
        return interaction(acted - size @ how.odds, size @ spread, ease)

    return _dealt_anew(camp, known, apart, draws, seed)


def _sides_of_votes(camp: Ints, r: Ints, i: Ints, v: Floats, *, camps: int, items: int) -> tuple[Floats, Floats]:
    """Give the mean vote of every camp on every item, and that of the others (camps, items), each rater's own mean taken off."""
    number = np.bincount(r, minlength=camp.size)
    off = v - (np.bincount(r, v, minlength=camp.size) / np.maximum(number, 1))[r]
    given = counted(camp[r], i, off, camps=camps, items=items)
    votes = counted(camp[r], i, np.ones(r.size), camps=camps, items=items)
    rest, others = given.sum(axis=0) - given, votes.sum(axis=0) - votes
    told = (votes >= VOTES) & (others >= VOTES)
    return np.where(told, given / np.maximum(votes, 1), np.nan), np.where(told, rest / np.maximum(others, 1), np.nan)


def margins(camp: Ints, rater: Ints, item: Ints, *, items: int) -> Margins:
    """Fit the odds that accounts of camps (raters,), -1 for none, act on items, from acts (n,), each pair once.

    Every item is expected to have its acts, and every class of accounts its own. Cost O(n + classes x items) a step.
    """
    known = camp[rater] >= 0
    acts = np.bincount(rater[known], minlength=camp.size)
    above = EXACT_ACTS * 1.125 ** np.round(np.log(np.maximum(acts, 1) / EXACT_ACTS) / np.log(1.125))
    _, kind = np.unique(np.where(acts <= EXACT_ACTS, acts, above), return_inverse=True)
    kind = np.where(acts > 0, kind - int((acts == 0).any()), -1)
    number = np.bincount(kind[kind >= 0]).astype(np.float64)
    each = np.bincount(kind[kind >= 0], acts[kind >= 0]) / number
    popular = np.bincount(item[known], minlength=items).astype(np.float64)
    by_class = counted(kind[rater[known]], item[known], np.ones(int(known.sum())), camps=number.size, items=items)
    keen, care = logit(np.clip(each / items, 1e-6, 1 - 1e-6)), np.ones(number.size)
    ease = np.log((popular + 0.1) / (popular.mean() + 0.1))
    for _ in range(STEPS):
        odds = expit(keen[:, None] + care[:, None] * ease)
        keen = keen + _step(each - odds.sum(axis=1), (odds * (1 - odds)).sum(axis=1))
        odds = expit(keen[:, None] + care[:, None] * ease)
        push = (by_class - number[:, None] * odds) @ ease - (care - 1) / CARE
        care = np.clip(care + _step(push, number * ((odds * (1 - odds)) @ ease**2) + 1 / CARE), 0, 5)
        odds = expit(keen[:, None] + care[:, None] * ease)
        ease = ease + _step(popular - number @ odds, (number * care) @ (odds * (1 - odds)))
        ease = ease - ease.mean()
    return Margins(kind.astype(np.int64), np.asarray(expit(keen[:, None] + care[:, None] * ease)))


def drawn_acts(camp: Ints, how: Margins, *, camps: int, rng: np.random.Generator) -> Floats:
    """Draw how many accounts of each camp act on each item (camps, items) where no camp prefers any. Cost O(classes x items) a
    camp.
    """
    known, classes = how.kind >= 0, how.odds.shape[0]
    size = counted(camp[known], how.kind[known], np.ones(int(known.sum())), camps=camps, items=classes).astype(np.int64)
    return np.stack([rng.binomial(one[:, None], how.odds).sum(axis=0) for one in size]).astype(np.float64)


def interaction(beyond: Floats, spread: Floats, ease: Floats) -> float:
    """Give the chi-square of what cells (camps, items) hold beyond expectation, of variances ``spread``, once items and curves of
    camps have taken their step.

    What every camp shares on an item is the item's; what follows a curve in ``ease`` (items,) is the camp's: a polynomial of the
    degree of ``CURVES``.

    >>> one = np.array([[2.0, -2.0, 2.0, -2.0, 2.0], [-2.0, 2.0, -2.0, 2.0, -2.0]])
    >>> round(interaction(one, np.full((2, 5), 4.0), np.arange(5.0)), 9)
    9.6
    >>> interaction(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.full((2, 2), 4.0), np.arange(2.0))
    0.0
    """
    return _left(beyond, _step_of(spread, ease))


def _step_of(spread: Floats, ease: Floats, *, most: int | None = None) -> Step:
    """Prepare the step of items and of curves of camps, of degree ``most`` at most, for cells (camps, items) of such variances."""
    told = spread.sum(axis=0) > 0
    weight, ease = spread[:, told], ease[told]
    degree = most if most is not None else max((degree for least, degree in CURVES if ease.size >= least), default=0)
    curve = np.polynomial.legendre.legvander((ease - ease.mean()) / max(float(np.ptp(ease)), 1e-9), degree).T
    share = weight / weight.sum(axis=0)
    bend = -np.einsum("ci,di,mi,ni->cmdn", weight, share, curve, curve, optimize=True)
    each = np.einsum("ci,mi,ni->cmn", weight, curve, curve, optimize=True)
    for c in range(weight.shape[0]):
        bend[c, :, c, :] += each[c]
    size = weight.shape[0] * curve.shape[0]
    return Step(told, weight, share, curve, np.linalg.pinv(bend.reshape(size, size), rcond=1e-9, hermitian=True))


def _left(beyond: Floats, step: Step) -> float:
    """Give the chi-square that is left of what cells (camps, items) hold beyond expectation, after the step."""
    push, weight = beyond[:, step.told], step.weight
    total = push.sum(axis=0)
    own = float(np.divide(push**2, weight, out=np.zeros_like(push), where=weight > 0).sum())
    rest = np.einsum("ci,mi->cm", push - step.share * total, step.curve).ravel()
    left = own - float((total**2 / weight.sum(axis=0)).sum()) - float(rest @ step.undone @ rest)
    return left if left > 1e-9 * own else 0.0


def _hold(step: Step) -> Floats:
    """Give the hold of a vote in each cell (camps, items) on its own expectation, by unit of its variance; 0 where nobody voted."""
    camps, hold = step.weight.shape[0], np.zeros((step.weight.shape[0], step.told.size))
    for c in range(camps):
        own = np.eye(camps)[c][:, None] - step.share
        column = np.einsum("ci,mi->cmi", own, step.curve).reshape(step.undone.shape[0], -1)
        hold[c, step.told] = 1 / step.weight.sum(axis=0) + np.einsum("ai,ab,bi->i", column, step.undone, column, optimize=True)
    return hold


def _dealt_anew(camp: Ints, there: npt.NDArray[np.bool_], apart: Callable[[Ints], float], draws: int, seed: int) -> float:
    """Deal camps among the raters who gave anything, and count how often they are as far apart as declared."""
    rng, some = np.random.default_rng((seed, 3)), np.flatnonzero((camp >= 0) & there)
    observed, beyond = apart(camp), 1
    for _ in range(draws):
        label = camp.copy()
        label[some] = rng.permutation(camp[some])
        beyond += apart(label) >= observed
    return beyond / (draws + 1)


def _step(push: Floats, curve: Floats) -> Floats:
    """Take Newton's step, of one at most."""
    return np.asarray(np.clip(push / np.maximum(curve, 1e-9), -1, 1))
