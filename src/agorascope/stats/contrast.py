"""Do posts with a label reach further than the others, and is their reach worth as much? A contrast within strata.

One cross-section, no dates: posts of equal stratum (format and month, say) are compared with each other, and the label is
dealt out anew within each stratum. Exposure and conversion (engagement per exposure) are tested on the same draws, so that
the push index, -conversion / exposure on the log scale, has an interval: 0 where the added exposure is worth as much as
the other, 1 where it brings no engagement at all, below 0 where labelled posts are also liked more.

Estimate: difference of mean logs in each stratum, weighted by n1 n0 / (n1 + n0): the least-squares effect of the label beside
one effect per stratum. Test: studentised permutation, exact where the label changes nothing, valid in large samples where
it changes only the spread. The variance is HC3. Intervals invert the test, the index's as Fieller's does the t test.

Source: permutation within strata, Fisher 1935; studentised, Janssen 1997, doi:10.1016/S0167-7152(97)00043-6, Chung and
Romano 2013, doi:10.1214/13-AOS1090; HC3, MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7; ratio, Fieller 1954,
doi:10.1111/j.2517-6161.1954.tb00159.x. What we changed: Fieller's region is made of permutation tests instead of t tests.

Power: with the effect taken off, every deal is a copy of these data in which nothing happened; a ratio planted in a copy moves its
contrast and leaves its standard error, so that the least ratio found in 80 % of copies is a quantile.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .relabel import Bools, Floats, Moments, deal, every_deal, moments

_TIE = 1e-9
_ANGLES = 360
_HALVINGS = 50
POWER = 0.8


class Effect(NamedTuple):
    """One effect of the label: ratio of geometric means, labelled over others, its interval, and its p-value."""

    ratio: float
    low: float
    high: float
    p_value: float


class Contrast(NamedTuple):
    """What the label goes with. ``push_*`` are infinite where the exposure itself may be unchanged.

    ``left_out`` posts lack exposure, engagement or label; ``one_sided`` strata hold only one side and say nothing, nor
    do their ``one_sided_posts``; ``zeros`` posts had no engagement: where there is one, ``added`` (1/2) is added to all.
    ``up`` and ``down``: the ratios of exposure, above and below 1, that 80 % of ``copies`` show when planted; infinite and 0 where
    no deal could reach alpha.
    """

    exposure: Effect
    conversion: Effect
    push_index: float
    push_low: float
    push_high: float
    p_floor: float
    exact: bool
    labelled: int
    others: int
    strata: int
    one_sided: int
    one_sided_posts: int
    left_out: int
    zeros: int
    added: float
    up: float
    down: float
    copies: int


def contrast(
    exposure: Floats, engagement: Floats, label: Floats, strata: npt.NDArray[np.int64], *,
    draws: int = 999, alpha: float = 0.05, level: float = 0.95, rng: np.random.Generator,
) -> Contrast:  # fmt: skip
    """Contrast labelled posts (1) with the others (0) in log exposure and log conversion. All arrays (posts,).

    NaN is unknown. ``alpha`` is the level of the tests, of the push index and of the power, ``level`` that of the intervals of both
    effects. All relabellings are listed where they are no more than ``draws``. Raises ValueError where fewer than two
    posts on a side can be compared. Cost O(draws x posts).
    """
    known = np.isfinite(exposure) & np.isfinite(engagement) & np.isfinite(label) & (exposure > 0) & (engagement >= 0)
    if not np.isin(label[np.isfinite(label)], (0.0, 1.0)).all():
        raise ValueError("a label is neither 0 nor 1; give 1 for the labelled posts, 0 for the others, NaN for unknown")
    codes = np.unique(strata[known], return_inverse=True)[1]
    sides = np.stack([np.bincount(codes, label[known] == side) for side in (0, 1)])
    both: Bools = np.asarray((sides > 0).all(axis=0))
    used = np.flatnonzero(known)[both[codes]]
    used = used[np.argsort(strata[used], kind="stable")]
    group, on = np.unique(strata[used], return_inverse=True)[1], label[used] == 1
    if min(int(on.sum()), int((~on).sum())) < 2:
        raise ValueError(f"{int(on.sum())} labelled and {int((~on).sum())} other posts share a stratum; make strata wider")
    seen, counted = exposure[used].astype(np.float64), engagement[used].astype(np.float64)
    zeros = int((counted == 0).sum())
    added = 0.5 if zeros else 0.0
    outcomes = np.column_stack([np.log(seen), np.log(counted + added) - np.log(seen)])
    dealt, exact = every_deal(on, group, most=draws), True
    if dealt is None:
        dealt, exact = deal(on, group, draws=draws, rng=rng), False
    made = moments(outcomes, on, group, dealt)

    def p_at(direction: Floats) -> float:
        return _p_value(made, direction, exact=exact)

    first = made.sums[0]
    reach, conversion = (_effect(p_at, first, which, 1 - level, _scale(made, which)) for which in (0, 1))
    index, low, high = _push(p_at, first, alpha)
    sizes = np.abs(_studentised(made, np.array([1.0, 0.0, 0.0]))[1:])
    floor = float((sizes >= sizes.max() - _TIE).mean()) if exact else 1 / (1 + draws)
    up, down = _smallest(made, float(first[0]), alpha, exact=exact) if floor <= alpha else (math.inf, -math.inf)
    return Contrast(
        reach, conversion, index, low, high, floor, exact, int(on.sum()), int((~on).sum()), int(both.sum()), int((~both).sum()),
        int(known.sum()) - used.size, exposure.size - int(known.sum()), zeros, added, _exp(up), math.exp(down),
        sizes.size,
    )  # fmt: skip


def _studentised(made: Moments, direction: Floats) -> Floats:
    """Studentise the contrast of one combination of outcomes in every draw, the observed labels first. Shape (draws + 1,)."""
    at = made.sums @ direction
    square = np.einsum("dij,i,j->d", made.squares, direction, direction) + made.crossed @ direction * at + made.own * at**2
    flat = square <= _TIE**2
    return np.asarray(
        np.where(flat, np.where(np.abs(at) <= _TIE, 0.0, np.inf), at * made.weight / np.sqrt(np.where(flat, 1, square)))
    )


def _p_value(made: Moments, direction: Floats, *, exact: bool) -> float:
    sizes = np.abs(_studentised(made, direction))
    reached = sizes >= sizes[0] - _TIE * (1 + min(sizes[0], 1 / _TIE))
    return float(reached[1:].mean()) if exact else float(reached.mean())


def _smallest(made: Moments, size: float, alpha: float, *, exact: bool) -> tuple[float, float]:
    """Give the log ratios, up and down, found in 80 % of deals in which they are planted, the observed ``size`` taken off first.

    A deal finds ``planted`` where (its contrast + planted) / its standard error passes the 1 - alpha quantile of all |t|.
    """
    direction = np.array([1.0, 0.0, -size])
    at = (made.sums @ direction)[1:]
    square = (np.einsum("dij,i,j->d", made.squares, direction, direction) + made.crossed @ direction * (made.sums @ direction))[1:]
    error = np.sqrt(np.maximum(square + made.own * at**2, 0.0)) / made.weight
    reached = np.sort(np.abs(_studentised(made, direction)[1:]))[::-1]
    critical = float(reached[max(math.floor(alpha * (reached.size + (0 if exact else 1)) + _TIE) - 1, 0)])
    return float(np.quantile(critical * error - at, POWER)), -float(np.quantile(critical * error + at, POWER))


def _scale(made: Moments, which: int) -> float:
    """Give the standard error of one outcome's effect, to know how far to look."""
    at = float(made.sums[0, which])
    square = made.squares[0, which, which] + made.crossed[0, which] * at + made.own * at**2
    return math.sqrt(max(float(square), 0.0)) / made.weight


def _effect(p_at: Callable[[Floats], float], first: Floats, which: int, alpha: float, scale: float) -> Effect:
    """Invert the test of each size of one effect: taking ``size`` from the labelled posts leaves no difference."""
    at = float(first[which])

    def test(size: float) -> float:
        direction = np.zeros(3)
        direction[which], direction[2] = 1.0, -size
        return p_at(direction)

    low, high = (_end(test, at, sign * max(scale, 1e-6), alpha) for sign in (-1, 1))
    return Effect(math.exp(at), math.exp(low), _exp(high), test(0.0))


def _end(test: Callable[[float], float], at: float, step: float, alpha: float) -> float:
    """Find where the p-value falls to alpha on one side; infinite where it never does."""
    inside, outside = at, at + 2 * step
    for _ in range(60):
        if test(outside) <= alpha:
            return _between(test, inside, outside, alpha)
        inside, outside = outside, at + 2 * (outside - at)
    return math.copysign(math.inf, step)


def _push(p_at: Callable[[Floats], float], first: Floats, alpha: float) -> tuple[float, float, float]:
    """Give -conversion / exposure and the indices under which conversion + index x exposure does not differ.

    An index is the tangent of an angle, so that it may pass through infinity, where the exposure itself is the hypothesis.
    """

    def test(angle: float) -> float:
        return p_at(np.array([math.sin(angle), math.cos(angle), 0.0]))

    if abs(first[0]) <= _TIE or test(math.pi / 2) > alpha:
        return (-float(first[1] / first[0]) if abs(first[0]) > _TIE else math.nan), -math.inf, math.inf
    centre = math.atan(-first[1] / first[0])
    ends = []
    for sign in (-1, 1):
        inside, last = centre, sign * math.pi / 2
        for angle in np.linspace(centre, last, _ANGLES)[1:]:
            if test(float(angle)) <= alpha:
                ends.append(math.tan(_between(test, inside, float(angle), alpha)))
                break
            inside = float(angle)
    return math.tan(centre), ends[0], ends[1]


def _between(test: Callable[[float], float], inside: float, outside: float, alpha: float) -> float:
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if test(middle) > alpha else (inside, middle)
    return (inside + outside) / 2


def _exp(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf
