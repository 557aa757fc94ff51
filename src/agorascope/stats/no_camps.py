"""Would raters who all agree, but for leniency and noise, fall into camps as these do? Half of the items say who, the other half
whether.

Raters are grouped by their votes on one half of the items; on the other half the groups are compared, item by item. In a world
without camps a group may be more lenient than another, or vote more at random, and then its share is a smooth curve of what all
think of the item: a parabola is taken out. What strays from it beyond the noise of votes is an item that one camp likes and the
other does not. Halves change places, and both are added. Chance: within each item of the tested half the votes are dealt again to
those who gave them, in the order of leniency and care plus logistic noise, so that every item keeps its votes and every rater
about as many approvals.

Limits: leniency and care are one number each a rater; groups that differ only in how far they follow the majority are no camps
here.
Source: ordinal logits with item thresholds, Samejima 1969, doi:10.1007/BF03372160; sample splitting, Cox 1975,
doi:10.1093/biomet/62.2.441.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from .across import counted
from .opinion_groups import opinion_groups

STEPS = 12
FEWEST_IN_GROUP = 10

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Split(NamedTuple):
    """Hold how far items stray between groups (mean square over that of chance: about 1), the same in each draw, and the
    p-value.
    """

    strays: float
    chance: Floats
    p_value: float


class Habits(NamedTuple):
    """Hold how raters vote but for camps: leniency in logits and care, from 0 (at random) over 1 (as most) (raters,); ease of
    items.
    """

    lenient: Floats
    care: Floats
    ease: Floats


def habits(rater: Ints, item: Ints, value: Floats, *, raters: int, items: int, camp: Ints | None = None) -> Habits:
    """Estimate habits from votes (n,) in 0 to 1 as a logit, leniency + care x ease; those of raters are shrunk by how far they
    differ, to the leniency of their declared ``camp`` (raters,) where there are any, -1 for none.

    Cost O(n) a step.
    """
    of = np.zeros(raters, np.int64) if camp is None else camp + 1
    usual, each = np.zeros(int(of.max(initial=0)) + 1), of[rater]
    voted = np.bincount(rater, minlength=raters) > 0
    ease = logit((np.bincount(item, value, items) + 0.5) / (np.bincount(item, minlength=items) + 1))
    lenient, care, spread_l, spread_c = np.zeros(raters), np.ones(raters), 1.0, 0.25
    for _ in range(STEPS):
        odds = expit(lenient[rater] + care[rater] * ease[item])
        if camp is not None:  # all of a camp at once: single raters, shrunk to it, would follow it slowly
            sure = np.maximum(np.bincount(each, odds * (1 - odds), usual.size), 1e-9)
            moved = np.clip(np.bincount(each, value - odds, usual.size) / sure, -1, 1)
            usual, lenient = usual + moved, lenient + moved[of]
            odds = expit(lenient[rater] + care[rater] * ease[item])
        curve = np.bincount(rater, odds * (1 - odds), raters) + 1 / spread_l
        apart = lenient - usual[of]
        lenient = lenient + np.clip((np.bincount(rater, value - odds, raters) - apart / spread_l) / curve, -1, 1)
        spread_l = max(float(((lenient - usual[of]) ** 2 + 1 / curve)[voted].mean()), 1e-3)
        odds = expit(lenient[rater] + care[rater] * ease[item])
        push = np.bincount(rater, (value - odds) * ease[item], raters) - (care - 1) / spread_c
        curve = np.bincount(rater, odds * (1 - odds) * ease[item] ** 2, raters) + 1 / spread_c
        care = np.clip(care + np.clip(push / curve, -1, 1), 0, 3)
        spread_c = max(float(((care - 1) ** 2 + 1 / curve)[voted].mean()), 1e-3)
        odds = expit(lenient[rater] + care[rater] * ease[item])
        push = np.bincount(item, (value - odds) * care[rater], items) - 0.1 * ease
        curve = np.bincount(item, odds * (1 - odds) * care[rater] ** 2, items) + 0.1
        ease = ease + np.clip(push / curve, -1, 1)
    return Habits(lenient, care, ease)


def ordered(item: Ints, value: Floats) -> Floats:
    """Give votes (n,) in 0 to 1 in the order of items, and of votes within an item, as ``dealt`` takes them. Cost O(n log n)."""
    return np.asarray(value[np.argsort(item + value / 2, kind="stable")])


def dealt(rater: Ints, item: Ints, votes: Floats, how: Habits, rng: np.random.Generator) -> Floats:
    """Deal the ordered votes (n,) of each item again, the highest to the likeliest to approve but for logistic noise. Cost O(n
    log n).
    """
    keen = how.lenient[rater] + how.care[rater] * how.ease[item] + rng.logistic(size=rater.size)
    drawn = np.empty_like(votes)
    drawn[np.argsort(item + np.clip(expit(keen), 0, 1 - 1e-9))] = votes
    return drawn


def camps_beyond_chance(
    rater: Ints, item: Ints, value: Floats, *, raters: int, items: int, draws: int, seed: int
) -> tuple[Split | None, Habits]:
    """Test whether raters fall into camps, from votes (n,) in 0 to 1; also give their habits. None where halves cannot be grouped.

    Cost O(n log n) a draw.
    """
    how = habits(rater, item, value, raters=raters, items=items)
    half = np.random.default_rng((seed, 2)).permutation(items) % 2
    rng, observed, chance, halves = np.random.default_rng((seed, 3)), 0.0, np.zeros(draws), 0
    for side in (0, 1):
        shown, tested = half[item] == side, half[item] != side
        place = np.cumsum(half == side) - 1
        grouped = opinion_groups(
            rater[shown], place[item[shown]], 2 * value[shown] - 1, raters=raters, items=int((half == side).sum())
        ).group
        camps = int(grouped.max()) + 1
        if camps < 2 or np.sort(np.bincount(grouped[grouped >= 0]))[-2] < FEWEST_IN_GROUP or not tested.any():
            continue
        r, i, v = rater[tested], item[tested], value[tested]
        votes = counted(grouped[r], i, np.ones(r.size), camps=camps, items=items)
        observed += _strays(counted(grouped[r], i, v, camps=camps, items=items), votes)
        in_order = ordered(i, v)
        for draw in range(draws):
            drawn = dealt(r, i, in_order, how, rng)
            chance[draw] += _strays(counted(grouped[r], i, drawn, camps=camps, items=items), votes)
        halves += 1
    if not halves:
        return None, how
    return Split(observed / halves, chance / halves, (1 + int((chance >= observed).sum())) / (draws + 1)), how


def _strays(liked: Floats, votes: Floats) -> float:
    """Give the mean square of what groups' shares (camps, items) stray from a parabola in the item's own share, over binomial
    noise.
    """
    total, mean = 0.0, liked.sum(axis=0) / np.maximum(votes.sum(axis=0), 1)
    powers = np.stack([np.ones_like(mean), mean, mean * mean], axis=1)
    noise = np.maximum(mean * (1 - mean), 0.5 / (votes.sum(axis=0) + 1))
    cells = 0
    for one, number in zip(liked, votes, strict=True):
        weight = np.sqrt(number / noise)
        share = one / np.maximum(number, 1)
        fitted = powers @ np.linalg.lstsq(powers * weight[:, None], share * weight, rcond=None)[0]
        own = np.clip(fitted, 0.02, 0.98)  # a group that votes at random is noisier than the item's own share says
        total += float((number * (share - fitted) ** 2 / (own * (1 - own))).sum())
        cells += int((number > 0).sum())
    return total / max(cells, 1)
