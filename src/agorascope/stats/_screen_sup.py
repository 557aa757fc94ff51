"""At which date does a step explain most of a series, its own serial dependence taken into account? For many series at once."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LARGEST_RHO = 0.9
_LEAST_SIDE = 3
_GRID = np.linspace(0.0, _LARGEST_RHO, 37)


class Found(NamedTuple):
    """Hold, per series, the largest |t|, the first period of the new regime, and the size of the step."""

    statistic: Floats
    first: Ints
    size: Floats


class Steps(NamedTuple):
    """Hold what every series of one length shares: the dates searched, and for each rho of a grid what steps and trends look like
    when white.

    ``base`` (grid, columns, periods): orthonormal level and trend; ``power`` (grid, dates): the sum of squares of each step
    beyond them.
    """

    periods: int
    dates: Ints
    base: Floats
    power: Floats

    @classmethod
    def of(cls, periods: int, edge: float, *, trend: bool) -> "Steps":
        """Work out the shared part for ``periods``, dates from ``edge`` to 1 - ``edge``. Cost O(grid x dates x periods)."""
        side = max(_LEAST_SIDE, round(edge * periods))
        dates = np.arange(side, periods - side + 1)
        at = np.arange(periods)
        columns = np.stack([np.ones(periods), at - at.mean()] if trend else [np.ones(periods)])
        steps = (at >= dates[:, None]).astype(np.float64)
        base, power = [], []
        for rho in _GRID:
            basis = np.linalg.qr(whiten(columns.T, np.full(len(columns), rho)))[0].T
            white = whiten(steps.T, np.full(len(steps), rho)).T
            base.append(basis)
            power.append((white**2).sum(axis=1) - ((white @ basis.T) ** 2).sum(axis=1))
        return cls(periods, dates, np.array(base), np.array(power))

    def residuals(self, series: Floats, rho: Floats) -> Floats:
        """Make series (periods, series) white by their rho and take level and trend out of them."""
        white = whiten(series, rho)
        cell = nearest(rho)
        for column in range(self.base.shape[1]):
            basis = self.base[cell, column].T
            white -= basis * np.einsum("ts,ts->s", basis, white)
        return white


def nearest(rho: Floats) -> Ints:
    """Give the place of each rho in the grid."""
    return np.rint(rho / _LARGEST_RHO * (len(_GRID) - 1)).astype(np.int64)


def whiten(series: Floats, rho: Floats) -> Floats:
    """Give x_t - rho x_(t-1), the first by sqrt(1 - rho^2). Shape (periods, series)."""
    white = series.copy()
    white[1:] -= rho * series[:-1]
    white[0] *= np.sqrt(1 - rho**2)
    return white


def search(series: Floats, rho: Floats, steps: Steps) -> Found:
    """Find the date with the largest |t| of a step beside level (and trend), by least squares on white series (periods, series).

    With e the white residuals, x_k the white step from k on, q_k = x_k'e and p_k its sum of squares beyond level and trend:
    t_k^2 = (q_k^2 / p_k) (n - m) / (e'e - q_k^2 / p_k), m the parameters. rho is rounded to the grid. Cost O(series x periods).
    """
    rho = _GRID[nearest(rho)]
    white = steps.residuals(series, rho)
    total = np.einsum("ts,ts->s", white, white)
    later = np.cumsum(white[::-1], axis=0)[::-1]
    low, high = int(steps.dates[0]), int(steps.dates[-1])
    score = white[low : high + 1] * rho
    score += (1 - rho) * later[low : high + 1]
    power = steps.power[nearest(rho)].T
    gain = score**2
    gain /= power
    best = np.argmax(gain, axis=0)
    here = np.arange(series.shape[1])
    most = gain[best, here]
    freedom = steps.periods - steps.base.shape[1] - 1
    statistic = np.sqrt(most * freedom / np.maximum(total - most, 1e-12 * total + 1e-300))
    return Found(statistic, steps.dates[best].astype(np.int64), score[best, here] / power[best, here])


def serial(
    series: Floats, steps: Steps, prior: tuple[float, float, float] | None = None
) -> tuple[Floats, tuple[float, float, float]]:
    """Estimate the autocorrelation of every series, drawn towards the middle of all.

    Two estimates: about level (and trend), whose median over series, bias (m + 2m rho) / n corrected, is the middle; and with the
    best step (white by the middle) taken off too, so that a push is not taken for dependence, whose distance from its own median
    tells the series apart. That distance is shrunk by 1 - (expected sampling variance (1 - rho^2) / n) / (its robust variance
    over series), at least 0. ``prior`` (middle, median, weight) of the data is used again in draws. Returns (rho (series,),
    prior).
    """
    count = series.shape[1]
    plain = steps.residuals(series, np.zeros(count))
    if prior is None:
        columns = steps.base.shape[1]
        raw = float(np.median(lag_one(plain)))
        middle = float(np.clip((raw + columns / steps.periods) / (1 - 2 * columns / steps.periods), 0.0, _LARGEST_RHO))
    else:
        middle = prior[0]
    found = search(series, np.full(count, middle), steps)
    stepped = series - found.size * (np.arange(steps.periods)[:, None] >= found.first)
    own = lag_one(steps.residuals(stepped, np.zeros(count)))
    if prior is None:
        centre = float(np.median(own))
        spread = float(np.median(np.abs(own - centre)) * 1.4826) ** 2
        weight = float(np.clip(1 - (1 - middle**2) / steps.periods / max(spread, 1e-12), 0.0, 1.0))
        prior = (middle, centre, weight)
    return np.clip(middle + prior[2] * (own - prior[1]), 0.0, _LARGEST_RHO), prior


def lag_one(series: Floats) -> Floats:
    """Give the autocorrelation at lag one of series of mean 0 (periods, series)."""
    return np.asarray(np.einsum("ts,ts->s", series[1:], series[:-1]) / np.maximum(np.einsum("ts,ts->s", series, series), 1e-300))
