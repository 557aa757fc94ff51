"""How many regimes does a series have, of levels or of trends, and how alike are neighbours in time? Minimum description length."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .longrun import HIGHEST
from .segments import fitted, partition, squares_left

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Tried for the dependence on the point before.
GRID = (0.0, 0.2, 0.4, 0.6, HIGHEST)
PER_COEFFICIENT = 15  # points a level, slope or intercept needs on average: the middle of the usual rule of 10 to 20
SMOOTHEST = 3
MOST_STEPS = 20
_BLOCKS = (8, 16, 32, 64)
_SURE = 1e-6  # more than rounding can do
_TINY = 1e-12


class Regimes(NamedTuple):
    """Hold the best description: first points of new regimes, whether regimes are lines, dependence, description length."""

    indices: Ints
    lines: bool
    rho: float
    length: float


def describe(values: Floats, *, min_size: int, lines: bool, below: float = np.inf) -> Regimes | None:
    """Choose breaks and dependence together, by description length; regimes are levels, or lines.

    ``values``: (n, columns), finite. For every dependence r of ``GRID`` the values y(t) - r·y(t-1) are cut into stretches. The
    length is n·Σ log(squares left of a column) + log n for each coefficient of each stretch, 2·log n for the place of each break
    and log n for a dependence other than 0; the exact partition is repeated with the variance of the one before until nothing
    changes, which never lengthens the description (log is concave). A trend is then no string of levels, since each has a shorter
    description of its own. A dependence of which no description can be the shortest is not cut (see ``_least``). None where every
    description is surely longer than ``below``. Cost O(len(GRID)·n²) at worst.

    Source: Davis, Lee and Rodriguez-Yam 2006, doi:10.1198/016214505000000745, eq. 3.1 (length); Beaulieu and Killick 2018,
    doi:10.1175/JCLI-D-17-0863.1 (levels, trends and dependence compared); Chakar et al. 2017, doi:10.3150/15-BEJ782 (whitening).
    What we changed: one dependence for the whole series, exact search, log n in place of the log of the length of a stretch.
    """
    best: Regimes | None = None
    for least, rho in sorted((_least(values, rho, min_size, lines), rho) for rho in GRID):
        if least > below + _SURE:
            break
        found = _search(values, rho, min_size, lines, below)
        if best is None or (found.length, found.rho) < (best.length, best.rho):
            best, below = found, min(below, found.length)
    return best


def length_of(values: Floats, indices: Ints, *, lines: bool) -> float:
    """Give the description length of given breaks, with the dependence that makes it shortest. Cost O(len(GRID)·n)."""
    cut = np.maximum(indices - 1, 1)
    return min(_length(values[1:] - rho * values[:-1], cut, rho, lines) for rho in GRID)


def smooth_length(values: Floats) -> float:
    """Give the description length of the best smooth curve without a break: a polynomial of first to third degree. Cost O(n)."""
    n, columns = values.shape[0] - 1, values.shape[1]
    found = []
    for degree in range(1, SMOOTHEST + 1):
        basis = np.linalg.qr(np.vander(np.linspace(-1, 1, n), degree + 1))[0]
        for rho in GRID:
            white = values[1:] - rho * values[:-1]
            left = np.maximum((white**2).sum(axis=0) - ((basis.T @ white) ** 2).sum(axis=0), 0.0)
            fit = n * float(np.log(np.maximum(left / n, _TINY)).sum())
            found.append(fit + (2 + (degree + 1) * columns + (1 if rho else 0)) * float(np.log(n)))
    return float(min(found))


def _length(white: Floats, cut: Ints, rho: float, lines: bool) -> float:
    return float(_summed(squares_left(white, cut, lines=lines), cut.size, white, rho, lines))


def _summed(left: Floats, breaks: Ints | int, white: Floats, rho: float, lines: bool) -> Floats:
    """Give the description length of so many ``breaks`` that leave the squares ``left`` (..., columns)."""
    n = white.shape[0]
    fit = n * np.log(np.maximum(left / n, _TINY)).sum(axis=-1)
    return np.asarray(fit + _each(white, lines) * (breaks + 1) + (np.log(n) if rho else 0.0))


def _each(white: Floats, lines: bool) -> float:
    """Give the length of one more regime: its coefficients, and its place."""
    return float((2 + (2 if lines else 1) * white.shape[1]) * np.log(white.shape[0]))


def _least(values: Floats, rho: float, min_size: int, lines: bool) -> float:
    """Give a length that no description with dependence ``rho`` falls below.

    Cut anywhere, blocks of neighbours without a break leave at least what a level or line of their own leaves, and k breaks touch
    k blocks at most: the squares left are at least those of all blocks but the k that leave most. Blocks of several lengths are
    tried, and every number of breaks that the shortest regime allows. Cost O(n).
    """
    white = values[1:] - rho * values[:-1]
    n = white.shape[0]
    breaks = np.arange(max(n // min_size - 1, 0) + 1)
    found = -np.inf
    for size in _BLOCKS:
        blocks = white[: n // size * size].reshape(-1, size, white.shape[1])
        if blocks.shape[0] < 2:
            continue
        left = blocks - blocks.mean(axis=1, keepdims=True)
        squares = (left**2).sum(axis=1)
        if lines:
            time = np.arange(size) - (size - 1) / 2
            squares -= np.einsum("t,btc->bc", time, left) ** 2 / float(time @ time)
        taken = np.cumsum(np.sort(np.maximum(squares, 0.0), axis=0)[::-1], axis=0)
        kept = taken[-1] - np.vstack([np.zeros(white.shape[1]), taken])[np.minimum(breaks, taken.shape[0])]
        found = max(found, float(_summed(kept, breaks, white, rho, lines).min()))
    return found


def _search(values: Floats, rho: float, min_size: int, lines: bool, below: float = np.inf) -> Regimes:
    """Cut with one dependence, until nothing changes or every description is surely longer than ``below`` (infinitely, if at once).

    A partition that costs P = squares / variance + k·penalty is the best at its variance: any other of j breaks leaves squares of
    (P - j·penalty)·variance at least. That bounds every description of one column.
    """
    white = values[1:] - rho * values[:-1]
    n = white.shape[0]
    most = n // (PER_COEFFICIENT * (2 if lines else 1)) - 1
    variance = np.maximum(_noise(white), _TINY)
    best = Regimes(np.zeros(0, np.int64), lines, rho, np.inf)
    each, breaks = _each(white, lines), np.arange(max(n // min_size - 1, 0) + 1)
    for _ in range(MOST_STEPS):
        cut, cost = partition(white / np.sqrt(variance), penalty=each, min_size=min_size, lines=lines)
        if white.shape[1] == 1 and below < np.inf:
            left = (cost + each * cut.size - each * breaks) * variance
            if _summed(left[:, None], breaks, white, rho, lines).min() > below + _SURE:
                break
        if cut.size > max(most, 0):
            variance = variance * 2
            continue
        length = _length(white, cut, rho, lines)
        if length >= best.length - 1e-9:
            break
        best = Regimes(cut + 1, lines, rho, length)
        variance = np.maximum(squares_left(white, cut, lines=lines) / n, _TINY)
    return best


def _noise(white: Floats) -> Floats:
    """Estimate the variance of each column from differences of neighbours, which breaks hardly touch."""
    steps = np.diff(white, axis=0)
    spread = np.median(np.abs(steps - np.median(steps, axis=0)), axis=0)
    ordinary = (steps**2).mean(axis=0) / 2
    return np.where(spread > 0, (1.4826 * spread) ** 2 / 2, ordinary)


def without_outliers(values: Floats, *, reach: int = 3, bound: float = 4.0) -> Floats:
    """Draw points that stand alone back to ``bound`` robust deviations from the median of the ``2·reach + 1`` points round them.

    ``values``: (n, columns). A step of more than ``reach`` points is kept. Source: Hampel 1974, doi:10.1080/01621459.1974.10482962;
    four deviations touch 1 in 16,000 points of normal noise. Cost O(n·reach).
    """
    if values.shape[0] <= 2 * reach:
        return values
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="reflect")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0), axis=-1)
    away = values - middle
    limit = bound * 1.4826 * np.median(np.abs(away), axis=0)
    limit = np.where(limit > 0, limit, bound * away.std(axis=0))
    return np.asarray(middle + np.clip(away, -limit, limit))


def residuals(values: Floats, regimes: Regimes) -> Floats:
    """Give what the levels or lines of the regimes leave. Shape of ``values``."""
    return values - fitted(values, regimes.indices, lines=regimes.lines)
