"""At which date does a step explain most of a series, its own serial dependence taken into account? For many series at once.

Holes stay holes. A value after a hole of k - 1 periods is predicted from the last one known, by rho^k, with the variance that such
a prediction has (the likelihood of an autoregression with values missing): a hole is neither filled nor taken for quiet.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_LARGEST_RHO = 0.9
_LEAST_SIDE = 3
_GRID = np.linspace(0.0, _LARGEST_RHO, 37)


class Found(NamedTuple):
    """Hold, per series, the largest |t|, the first period of the new regime, and the size of the step."""

    statistic: Floats
    first: Ints
    size: Floats


class Shapes(NamedTuple):
    """Hold what steps and trends look like when white, at one rho of the grid, one row per pattern of holes.

    ``scale`` (patterns, periods): 1 over the standard error of each prediction, 0 in holes; ``level``: a white 1; ``base``
    (patterns, columns, periods): orthonormal level and trend; ``power`` (patterns, dates): the sum of squares of each step
    beyond them, infinite where no step can begin.
    """

    scale: Floats
    level: Floats
    base: Floats
    power: Floats


class Steps:
    """Hold what series of equal periods and holes share: the dates searched, and, worked out when needed, their shapes by rho.

    ``of``: the pattern of every series; columns of the arrays searched repeat the series in their order, as often as there are
    draws.
    """

    def __init__(self, known: Bools, edge: float, *, trend: bool) -> None:
        """Work out the shared part for ``known`` (periods, series), dates from ``edge`` to 1 - ``edge``."""
        self.periods = known.shape[0]
        side = max(_LEAST_SIDE, round(edge * self.periods))
        self.dates = np.arange(side, self.periods - side + 1)
        patterns, of = np.unique(known.T, axis=0, return_inverse=True)
        self.known, self.of = patterns, of.reshape(-1)
        self.whole = bool(known.all())
        self.counts = patterns.sum(axis=1).astype(np.float64)
        at = np.arange(self.periods)
        self.columns = [np.ones(self.periods), at - at.mean()] if trend else [np.ones(self.periods)]
        self._slot = np.full(_GRID.size, -1)
        self._made: list[Shapes] = []
        self._all: Shapes | None = None
        self._kept: dict[tuple[int, int], Shapes] = {}
        self._here: dict[int, Bools] = {}

    def patterns(self, width: int) -> Ints:
        """Give the pattern of each of ``width`` columns."""
        return np.tile(self.of, width // self.of.size)

    def shapes(self, rho: Floats) -> Shapes:
        """Lay the shapes of the rhos of these columns out beside the columns: (periods, columns), ``base`` (., periods, columns).

        Where all rhos are equal they are kept, and one column stands for all if there are no holes.
        """
        cell = nearest(rho)
        for new in np.unique(cell[self._slot[cell] < 0]):
            self._slot[new] = len(self._made)
            self._made.append(self._shape(float(_GRID[new])))
            self._all = None
        equal = bool((cell == cell[0]).all())
        key = (int(cell[0]), rho.size)
        if equal and key in self._kept:
            return self._kept[key]
        if equal:
            made, row = self._made[self._slot[cell[0]]], np.zeros(1, np.int64) if self.whole else self.patterns(rho.size)
        else:
            if self._all is None:
                self._all = Shapes(*(np.concatenate(parts) for parts in zip(*self._made, strict=True)))
            made, row = self._all, self._slot[cell] * len(self.known) + self.patterns(rho.size)
        laid = Shapes(made.scale[row].T, made.level[row].T, made.base[row].transpose(1, 2, 0), made.power[row].T)
        if equal:
            laid = Shapes(*(np.ascontiguousarray(part) for part in laid))
            self._kept[key] = laid
        return laid

    def here(self, width: int) -> Bools:
        """Say where these columns are known. Shape (periods, columns)."""
        if width not in self._here:
            self._here[width] = np.ascontiguousarray(self.known[self.patterns(width)].T)
        return self._here[width]

    def residuals(self, series: Floats, rho: Floats, shapes: Shapes | None = None) -> Floats:
        """Make series (periods, series) white by their rho and take level and trend out of them; 0 in holes."""
        shapes = self.shapes(rho) if shapes is None else shapes
        white = self.whiten(series, rho, shapes)
        for basis in shapes.base:
            white -= basis * np.einsum("ts,ts->s", np.broadcast_to(basis, white.shape), white)
        return white

    def whiten(self, series: Floats, rho: Floats, shapes: Shapes) -> Floats:
        """Give the error of predicting each value from those before, over its standard error; 0 in holes."""
        if self.whole:
            white = series.copy()
            white[1:] -= rho * series[:-1]
            white[0] *= np.sqrt(1 - rho**2)
            return white
        white = np.empty_like(series)
        here = self.here(series.shape[1])
        last = np.zeros(series.shape[1])
        for t in range(self.periods):
            last *= rho
            np.subtract(series[t], last, out=white[t])
            np.copyto(last, series[t], where=here[t])
        white *= shapes.scale
        return white

    def colour(self, white: Floats, rho: Floats) -> Floats:
        """Undo ``whiten``: make white values (periods, series) serial again, holes where they were (0 there)."""
        made = white.copy()
        if self.whole:
            made[0] /= np.sqrt(1 - rho**2)
            for t in range(1, self.periods):
                made[t] += rho * made[t - 1]
            return made
        here = self.here(white.shape[1])
        made /= np.where(here, self.shapes(rho).scale, 1.0)
        last = np.zeros(white.shape[1])
        for t in range(self.periods):
            last *= rho
            made[t] += last
            made[t] *= here[t]
            np.copyto(last, made[t], where=here[t])
        return made

    def _shape(self, rho: float) -> Shapes:
        """Work out the shapes at one rho. Cost O(patterns x periods)."""
        known = self.known
        variance = np.empty(known.shape)
        ahead = np.full(len(known), 1 / (1 - rho**2))
        for t in range(self.periods):
            variance[:, t] = ahead
            ahead = np.where(known[:, t], 1.0, 1.0 + rho**2 * ahead)
        scale = np.where(known, 1 / np.sqrt(variance), 0.0)
        white = []
        for column in self.columns:
            made, last = np.empty(known.shape), np.zeros(len(known))
            for t in range(self.periods):
                last = last * rho
                made[:, t] = (column[t] - last) * scale[:, t]
                last = np.where(known[:, t], column[t], last)
            white.append(made)
        base = np.stack([white[0] / np.sqrt((white[0] ** 2).sum(axis=1, keepdims=True)), *white[1:]], axis=1)
        for k in range(1, len(white)):
            base[:, k] -= base[:, 0] * (base[:, 0] * base[:, k]).sum(axis=1, keepdims=True)
            base[:, k] /= np.sqrt((base[:, k] ** 2).sum(axis=1, keepdims=True))
        return Shapes(scale, white[0], base, self._power(scale, white[0], base))

    def _power(self, scale: Floats, level: Floats, base: Floats) -> Floats:
        """Give what each step has beyond level and trend; a step begins with a known value, with others on both sides."""
        power = _later(level**2) - level**2 + scale**2
        for k in range(base.shape[1]):
            power -= (_later(level * base[:, k]) + (scale - level) * base[:, k]) ** 2
        held = np.cumsum(self.known, axis=1)
        able = self.known & (held - 1 >= _LEAST_SIDE) & (held[:, -1:] - held + 1 >= _LEAST_SIDE) & (power > 1e-9)
        return np.asarray(np.where(able, power, np.inf)[:, self.dates])


def _later(values: Floats) -> Floats:
    """Sum from each period to the last, along the second axis."""
    return np.asarray(np.cumsum(values[:, ::-1], axis=1)[:, ::-1])


def nearest(rho: Floats) -> Ints:
    """Give the place of each rho in the grid."""
    return np.rint(rho / _LARGEST_RHO * (len(_GRID) - 1)).astype(np.int64)


def search(series: Floats, rho: Floats, steps: Steps) -> Found:
    """Find the date with the largest |t| of a step beside level (and trend), by least squares on white series (periods, series).

    With e the white residuals, x_k the white step from k on, q_k = x_k'e and p_k its sum of squares beyond level and trend:
    t_k^2 = (q_k^2 / p_k) (n - m) / (e'e - q_k^2 / p_k), n the values known, m the parameters. rho is rounded to the grid. Cost
    O(series x periods).
    """
    rho = _GRID[nearest(rho)]
    shapes = steps.shapes(rho)
    white = steps.residuals(series, rho, shapes)
    total = np.einsum("ts,ts->s", white, white)
    low, high = int(steps.dates[0]), int(steps.dates[-1])
    if steps.whole:
        later = np.cumsum(white[::-1], axis=0)[::-1]
        score = white[low : high + 1] * rho
        score += (1 - rho) * later[low : high + 1]
    else:
        later = np.cumsum((white * shapes.level)[::-1], axis=0)[::-1]
        score = white[low : high + 1] * (shapes.scale[low : high + 1] - shapes.level[low : high + 1])
        score += later[low : high + 1]
    power = np.broadcast_to(shapes.power, score.shape)
    gain = score**2
    gain /= power
    best = np.argmax(gain, axis=0)
    here = np.arange(series.shape[1])
    most = gain[best, here]
    freedom = steps.counts[steps.patterns(series.shape[1])] - len(steps.columns) - 1
    statistic = np.sqrt(most * freedom / np.maximum(total - most, 1e-12 * total + 1e-300))
    return Found(statistic, steps.dates[best].astype(np.int64), score[best, here] / power[best, here])


def serial(
    series: Floats, steps: Steps, prior: tuple[float, float, float] | None = None
) -> tuple[Floats, tuple[float, float, float]]:
    """Estimate the autocorrelation of every series, drawn towards the middle of all.

    Two estimates: about level (and trend), whose median over series, bias (m + 2m rho) / n corrected, is the middle; and with the
    best step (white by the middle) taken off too, so that a push is not taken for dependence, whose distance from its own median
    tells the series apart. That distance is shrunk by 1 - (expected sampling variance (1 - rho^2) / n) / (its robust variance
    over series), at least 0. n is the median number of values known. ``prior`` (middle, median, weight) of the data is used again
    in draws. Returns (rho (series,), prior).
    """
    count = series.shape[1]
    known = float(np.median(steps.counts[steps.of]))
    if prior is None:
        columns = len(steps.columns)
        raw = float(np.median(lag_one(steps.residuals(series, np.zeros(count)), steps)))
        middle = float(np.clip((raw + columns / known) / (1 - 2 * columns / known), 0.0, _LARGEST_RHO))
    else:
        middle = prior[0]
    found = search(series, np.full(count, middle), steps)
    stepped = series - found.size * (np.arange(steps.periods)[:, None] >= found.first)
    own = lag_one(steps.residuals(stepped, np.zeros(count)), steps)
    if prior is None:
        centre = float(np.median(own))
        spread = float(np.median(np.abs(own - centre)) * 1.4826) ** 2
        weight = float(np.clip(1 - (1 - middle**2) / known / max(spread, 1e-12), 0.0, 1.0))
        prior = (middle, centre, weight)
    return np.clip(middle + prior[2] * (own - prior[1]), 0.0, _LARGEST_RHO), prior


def lag_one(series: Floats, steps: Steps) -> Floats:
    """Give the autocorrelation at lag one of series of mean 0 (periods, series), 0 in holes, over pairs of known neighbours."""
    made = np.einsum("ts,ts->s", series[1:], series[:-1]) / np.maximum(np.einsum("ts,ts->s", series, series), 1e-300)
    if steps.whole:
        return np.asarray(made)
    pairs = np.maximum((steps.known[:, 1:] & steps.known[:, :-1]).sum(axis=1), 1)
    return np.asarray(made * ((steps.counts - 1) / pairs)[steps.patterns(series.shape[1])])
