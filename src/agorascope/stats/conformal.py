"""Which effects would make the periods after the date look like those before? Conformal test and interval for one series.

If the treated series would have followed its stand-in but for a constant effect, its residuals after the date, that effect taken
off, are a stretch like any other. The test compares that stretch with all the others of its length, wrapped round the end.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .donors import Bools, complete
from .synthdid import simplex_weights

Floats = npt.NDArray[np.float64]

_WIDEST = 40.0
_TIE = 1e-9


class Conformal(NamedTuple):
    """Hold a test of no effect and the interval of effects not rejected, in the unit of y (log: exp is a ratio).

    ``low`` and ``high`` are the outermost effects not rejected at ``1 - level``: -inf and inf where ``p_floor`` = 1 / periods
    exceeds it, for then nothing can be rejected. ``tau`` is their middle, nan where there is none: p-values have a plateau, and
    where in it the largest lies says nothing. ``p_value`` tests no effect. ``one_piece`` is False where effects between low and
    high are rejected too.
    """

    tau: float
    low: float
    high: float
    p_value: float
    p_floor: float
    one_piece: bool
    periods: int
    donors: int
    donors_left_out: int
    periods_left_out: int


def estimate(
    y: Floats, treated: Bools, after: Bools, *, synthetic: bool = False, level: float = 0.95, grid: int = 121
) -> Conformal:
    """Test no effect, and find the interval of effects, by cyclic shifts of residuals under each effect.

    ``y`` (accounts, periods), nan where unknown; gaps as in ``donors.complete``. Under effect a, the mean of the treated is d_t -
    a after_t less its stand-in: the mean of the donors (``synthetic`` False), or donors weighted on the simplex with the ridge of
    synthetic difference in differences, fitted again under every a on all periods, as exactness under exchange asks; both with a
    free level. With residuals u, S = sum |u| after, and p = share of the T cyclic shifts with S at least that of the data (itself
    counted): at least 1 / T. The interval inverts the test over ``grid`` points, spread evenly in the asinh of the distance from
    the difference in differences, in units of the sd of the series, then halves between the outermost accepted point and the next
    to 1e-4 of that sd.

    The p-value is exact for exchangeable residuals and close to it for stationary, weakly dependent ones when the period before
    is long; a drift of the treated account apart from the donors is not forgiven. With few periods it is weak: at 38, of which 11
    after, only the data's own stretch may lead, and half the interval is near three sd. Source: Chernozhukov, Wuthrich and Zhu
    2021, doi:10.1080/01621459.2021.1920957, sections 2.2 (moving blocks, S with q = 1) and 2.3 (stand-ins). What we changed: a
    ridge and a free level in the constrained fit; the outermost accepted effects are given, and said when the set has holes. Cost
    O(grid x periods^2) without weights, plus one weight fit per effect tried with them.

    >>> y = np.array([[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 8, 9.0], [0.0] * 20])
    >>> found = estimate(y, np.array([True, False]), np.arange(20) >= 18, level=0.9)
    >>> found.p_value, round(found.tau, 1)
    (0.05, 8.0)
    """
    kept = complete(y, treated, after)
    series, number = kept.treated.mean(axis=0), len(kept.treated)
    periods = len(series)
    apart = series - kept.donors.mean(axis=0)
    middle = float(apart[kept.before :].mean() - apart[: kept.before].mean())
    late = np.arange(periods) >= kept.before
    spread = float(np.std(apart - middle * late)) or 1.0

    def p_values(effects: Floats) -> Floats:
        under = series - effects[:, None] * late
        if synthetic:
            gaps = np.stack([u - _stand_in(u, kept.donors, number * (periods - kept.before)) for u in under])
        else:
            gaps = under - kept.donors.mean(axis=0)
        return shift_p_values(gaps - gaps.mean(axis=1, keepdims=True), periods - kept.before)

    nothing = float(p_values(np.zeros(1))[0])
    low, high, one_piece = _invert(p_values, middle, spread, 1 - level, grid)
    if 1 / periods > 1 - level:
        low, high = -np.inf, np.inf
    counts = (periods, len(kept.donors), kept.donors_left_out, kept.periods_left_out)
    centre = (low + high) / 2 if np.isfinite(low) and np.isfinite(high) else float("nan")
    return Conformal(centre, low, high, nothing, 1 / periods, one_piece, *counts)


def shift_p_values(residuals: Floats, last: int) -> Floats:
    """Give the share of cyclic shifts whose ``last`` final absolute residuals sum to at least the data's. Shape (rows,).

    ``residuals`` (rows, periods). Cost O(rows x periods).

    >>> shift_p_values(np.array([[0.0, 0, 0, 5], [1, 1, 1, 1]]), 1).tolist()
    [0.25, 1.0]
    """
    size = np.abs(residuals)
    wrapped = np.concatenate([np.zeros((len(size), 1)), size, size[:, : last - 1]], axis=1).cumsum(axis=1)
    stretches = wrapped[:, last:] - wrapped[:, :-last]
    seen = stretches[:, -last][:, None]
    return np.asarray((stretches >= seen - _TIE * size.sum(axis=1, keepdims=True)).mean(axis=1))


def _stand_in(series: Floats, donors: Floats, late: int) -> Floats:
    """Weigh the donors to follow the series over all periods."""
    sigma = float(np.diff(donors, axis=1).std())
    return np.asarray(simplex_weights(donors.T, series, np.sqrt(late) * sigma**2 * donors.shape[1]) @ donors)


def _invert(
    p_values: Callable[[Floats], Floats], middle: float, spread: float, alpha: float, grid: int
) -> tuple[float, float, bool]:
    """Give the outermost effects with p above alpha, and whether all between are accepted too."""
    half = np.arcsinh(_WIDEST)
    effects = middle + spread * np.sinh(np.linspace(-half, half, 2 * (grid // 2) + 1))
    p = p_values(effects)
    accepted = np.flatnonzero(p > alpha)
    if accepted.size == 0:
        best = int(np.lexsort((np.abs(effects - middle), -p))[0])
        return float(effects[best]), float(effects[best]), True
    first, last = int(accepted[0]), int(accepted[-1])

    def between(inside: float, outside: float) -> float:
        while abs(inside - outside) > 1e-4 * spread:
            half_way = (inside + outside) / 2
            inside, outside = (half_way, outside) if p_values(np.array([half_way]))[0] > alpha else (inside, half_way)
        return inside

    low = -np.inf if first == 0 else between(float(effects[first]), float(effects[first - 1]))
    high = np.inf if last == len(p) - 1 else between(float(effects[last]), float(effects[last + 1]))
    return low, high, bool(accepted.size == last - first + 1)
