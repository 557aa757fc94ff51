"""How sure is the date of a break, and how large is it? Intervals that hold for weak and for strong breaks."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from .longrun import long_run_variance
from .segments import fitted, squares_by_place

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL = 0.95
# 95 % points: of the place of the largest value of a two-sided Brownian motion with drift, and of the largest value itself.
BAI = 11.0
INVERTED = -2 * float(np.log(1 - np.sqrt(0.99)))


class Dated(NamedTuple):
    """Hold a break: first point of the new regime with its interval, and the size with its interval."""

    at: int
    low: int
    high: int
    size: float
    size_low: float
    size_high: float


def date(values: Floats, cleaned: Floats, indices: Ints, *, lines: bool, min_size: int, floor: Floats) -> list[Dated]:
    """Date every break between its neighbours. ``values`` as given and ``cleaned`` (scaled, without outliers): (n, columns).

    ``floor``: long-run variance of ``cleaned`` (columns,) as the tests take it; the larger of it and of a kernel estimate counts.

    The interval of a date is the hull of two: all points where a break would leave at most c·ω² more squares than the best one
    (inverted likelihood ratio, c = 7.35, which holds for weak breaks), and the best point ± (11·ω²/δ² + 1) (which holds for strong
    ones), δ the size and ω² the long-run variance. The size carries Student's t on the long-run variance of both sides.
    Cost O(n) for each break, O(n²) for the long-run variance.

    Source: Eo and Morley 2015, doi:10.3982/QE186, eq. 12 (inverted ratio); Bai 1997, doi:10.1162/003465397557132, prop. 3. What we
    changed: the wider of both.
    """
    if not indices.size:
        return []
    left = cleaned - fitted(cleaned, indices, lines=lines)
    lost = (indices.size + 1) * (2 if lines else 1)
    omega = np.array([long_run_variance(column, lost=lost) for column in left.T])
    omega = np.maximum(omega, floor)
    edges = [0, *indices.tolist(), values.shape[0]]
    return [_date(values, cleaned, edges[i : i + 3], omega, lines, min_size, lost) for i in range(len(edges) - 2)]


def _date(values: Floats, cleaned: Floats, edges: list[int], omega: Floats, lines: bool, min_size: int, lost: int) -> Dated:
    start, at, end = edges
    window = cleaned[start:end]
    unit = np.maximum(omega, 1e-12)
    least = min(min_size, at - start, end - at)
    places = np.arange(least, window.shape[0] - least + 1)
    left = (squares_by_place(window, places, lines=lines) / unit).sum(axis=1)
    here = float((squares_by_place(window, np.array([at - start]), lines=lines) / unit).sum())
    inside = places[left <= min(here, left.min()) + INVERTED]
    step = _jump(window, at - start, lines)
    reach = int(min(BAI / max(float((step**2 / unit).sum()), 1e-9), float(end))) + 1
    low = max(min(int(inside.min(initial=at - start)), at - start - reach), 0) + start
    high = min(max(int(inside.max(initial=at - start)), at - start + reach), window.shape[0] - 1) + start
    size = float(_jump(values[start:end], at - start, lines)[0])
    scale = float(values[:, 0].std() / max(cleaned[:, 0].std(), 1e-300))
    spread = (4.0 if lines else 1.0) * float(omega[0]) * (1 / (at - start) + 1 / (end - at))
    margin = float(student.ppf((1 + LEVEL) / 2, max(values.shape[0] - lost, 2)) * np.sqrt(spread)) * scale
    return Dated(at, low, high, size, size - margin, size + margin)


def _jump(window: Floats, at: int, lines: bool) -> Floats:
    """Give new less old level of every column, or the distance of the two lines halfway between the points round the break."""
    fit = fitted(window, [at], lines=lines)
    if not lines or at < 2 or window.shape[0] - at < 2:
        return np.asarray(fit[at] - fit[at - 1])
    return np.asarray((fit[at] - (fit[at + 1] - fit[at]) / 2) - (fit[at - 1] + (fit[at - 1] - fit[at - 2]) / 2))
