"""Did one series move to another level, at a date given or searched? A step measured against the series' own slow noise.

``series`` (periods,) holds logarithms, nan where unknown. Errors are an AR(1) whose coefficient is corrected for the levels taken
out; a date that was searched is compared with searches in series of the same noise without a step.

Limits: memory is underrated in one short series. In 38 periods without a step, at nominal 5 %, a step is found at a given date and
by a search in 5 and 5 % of series whose coefficient is 0, in 6 and 7 % with 0.3, in 9 and 11 % with 0.6, in 10 and 21 % with 0.8
(2,000 and 400 series each).

Source: Andrews 1993, doi:10.2307/2951764 (largest statistic over admissible dates); Kendall 1954, doi:10.1093/biomet/41.3-4.403
(bias of the autocorrelation). What we changed: the distribution of the largest statistic is drawn, not asymptotic.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from .breakdates import date
from .placebo import autocorrelation, units

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SHORTEST = 3  # points on each side of a date that may lie in the interval
RAMP = 3.841459  # 95 % point of chi-square with one degree of freedom


class Step(NamedTuple):
    """State a step: ``at``, the first period after it; its ``size`` (log), standard error, degrees of freedom and p-value."""

    at: int
    size: float
    se: float
    df: float
    p_value: float


def step(series: Floats, after: Bools) -> Step:
    """Test for a step at a given date. Raises ValueError with fewer than two known periods on a side. Cost O(periods^3)."""
    known = np.isfinite(series)
    if min((known & after).sum(), (known & ~after).sum()) < 2:
        raise ValueError("fewer than two known periods before or after the date; give a date farther from the edges")
    y, side = series[known], after[known]
    size = float(y[side].mean() - y[~side].mean())
    left = y - np.where(side, y[side].mean(), y[~side].mean())
    ar = autocorrelation(left[None, :], np.ones((1, y.size), np.bool_), side, np.ones(1, np.bool_))
    unit, mass, df = units(y.size, side, ar)
    se = float(np.sqrt(max((left**2).sum() / mass * unit, 1e-18)))
    return Step(int(np.flatnonzero(after)[0]), size, se, df, float(2 * stdtr(df, -abs(size) / se)))


def search(series: Floats, dates: Ints, *, draws: int, rng: np.random.Generator) -> Step:
    """Find the date with the clearest step; its p-value allows for the search. Cost O((dates + draws) x periods^2)."""
    known = np.isfinite(series)
    steps = []
    for at in dates.tolist():
        after = np.arange(series.size) >= at
        if min((known & after).sum(), (known & ~after).sum()) >= 2:
            steps.append(step(series, after))
    if not steps:
        raise ValueError("no date has two known periods on both sides; give a longer series")
    best = max(steps, key=lambda s: abs(s.size) / s.se)
    y, after = series[known], np.arange(series.size)[known] >= best.at
    left = y - np.where(after, y[after].mean(), y[~after].mean())
    ar = autocorrelation(left[None, :], np.ones((1, y.size), np.bool_), after, np.ones(1, np.bool_))
    place = np.flatnonzero(known)
    cuts = np.array(sorted({int(np.searchsorted(place, s.at)) for s in steps}))
    factor = _factor(y.size, cuts, ar)
    drawn = _ratio(_autoregressions(y.size, ar, draws, rng), cuts, factor).max(axis=1)
    p_value = float((1 + (drawn >= _ratio(y, cuts, factor).max()).sum()) / (draws + 1))
    return best._replace(p_value=p_value)


def interval(series: Floats, found: Step) -> tuple[int, int]:
    """Give the first and last index between which the date lies with 95 % or more, cut at the edges.

    The wider of an inverted likelihood ratio and Bai's interval, on the larger of two long-run variances: see ``breakdates.date``.
    A move that builds up began before the step that fits it best: where a ramp of 2, 4... periods (half the span at most) fits
    better than any step, the first index is drawn back to the earliest start of one that leaves at most 3.84 long-run variances
    more squares than the best. (Chosen on the first 150 worlds of the cells loop_2, push_2 and push_1.5 of the calibration.)
    """
    known = np.flatnonzero(np.isfinite(series))
    after = known >= found.at
    y = series[known]
    left = y - np.where(after, y[after].mean(), y[~after].mean())
    ar = autocorrelation(left[None, :], np.ones((1, y.size), np.bool_), after, np.ones(1, np.bool_))
    _, mass, _ = units(y.size, after, ar)
    variance = float((left**2).sum()) / mass * (1 + ar) / (1 - ar)
    at = np.array([np.searchsorted(known, found.at)])
    dated = date(y[:, None], y[:, None], at, lines=False, min_size=SHORTEST, floor=np.array([variance]))[0]
    return int(known[min(dated.low, _earliest_ramp(y, variance))]), int(known[dated.high])


def _earliest_ramp(y: Floats, variance: float) -> int:
    """Give the earliest start of a ramp between two levels that fits nearly as well as the best, n where a step fits best.

    Cost O(n^2 log n).
    """
    n = y.size
    starts, place = np.arange(SHORTEST, n - SHORTEST + 1), np.arange(n)
    lengths = 2 ** np.arange(int(np.log2(n // 2)) + 1)
    ramps = np.clip((place - starts[:, None, None] + 1) / lengths[:, None], 0.0, 1.0)
    ramps -= ramps.mean(axis=-1, keepdims=True)
    explained = (ramps @ (y - y.mean())) ** 2 / (ramps**2).sum(axis=-1)
    best = explained.max()
    if best <= explained[:, 0].max():  # a step fits best
        return n
    return int(starts[explained.max(axis=1) >= best - RAMP * variance][0])


def _autoregressions(periods: int, ar: float, draws: int, rng: np.random.Generator) -> Floats:
    """Draw series that are nothing but noise, of variance 1: (draws, periods)."""
    noise = rng.standard_normal((draws, periods))
    for t in range(1, periods):
        noise[:, t] = ar * noise[:, t - 1] + np.sqrt(1 - ar**2) * noise[:, t]
    return noise


def _factor(periods: int, cuts: Ints, ar: float) -> Floats:
    """Give at every cut what a sum of squares about two means must be multiplied by to be the step's variance: (cuts,)."""
    scale = [units(periods, np.arange(periods) >= cut, ar) for cut in cuts.tolist()]
    return np.array([unit / mass for unit, mass, _ in scale])


def _ratio(y: Floats, cuts: Ints, factor: Floats) -> Floats:
    """Give |step| over its standard error at every cut, for one series or many (..., periods): (..., cuts)."""
    n = y.shape[-1]
    sums, squares = np.cumsum(y, axis=-1), np.cumsum(y**2, axis=-1)
    first, whole = sums[..., cuts - 1], sums[..., -1:]
    before, after = first / cuts, (whole - first) / (n - cuts)
    rest = np.maximum(squares[..., -1:] - cuts * before**2 - (n - cuts) * after**2, 1e-18)
    return np.asarray(np.abs(after - before) / np.sqrt(rest * factor))
