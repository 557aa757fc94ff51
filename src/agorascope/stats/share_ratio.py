"""By how much did a share change, when posts come in clusters? Score tests and intervals for the ratio of two shares.

``part`` and ``whole`` are volumes of clusters (authors, or stretches of time) before and after: arrays (clusters, 2).
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

FARTHEST = 100.0
_GRID = np.exp(np.linspace(-np.log(FARTHEST), np.log(FARTHEST), 201))


def scores(part: Floats, whole: Floats, ratio: float = 1.0) -> Floats:
    """Give each cluster's contribution to (share after / ratio - share before) where the share after is ``ratio`` times the other.

    The contributions have expectation 0 at the true ratio, and their sum is 0 at the observed one. Shape (clusters,).

    >>> scores(np.array([[1.0, 2.0]]), np.array([[10.0, 10.0]]), 2.0).tolist()
    [0.0]
    """
    totals = whole.sum(axis=0)
    usual = float(part.sum() / (totals[0] + ratio * totals[1]))
    before = (part[:, 0] - usual * whole[:, 0]) / totals[0]
    after = (part[:, 1] - ratio * usual * whole[:, 1]) / totals[1]
    return np.asarray(after / ratio - before)


def interval(part: Floats, whole: Floats, *, level: float = 0.95) -> tuple[float, float]:
    """Give the ratios of shares that the clusters do not contradict, by inverting the studentised score; ends within 1/100 to 100.

    The score's bound is that of Student's t with one degree less than the clusters that have volume: |T| <= t sqrt(k/(k-1+t^2)).
    Source: score intervals, Rao 1948, doi:10.1017/S0305004100023987; t as a function of a self-normalised sum, Efron 1969,
    doi:10.1080/01621459.1969.10501068. Cost O(clusters).
    """
    filled = whole.sum(axis=1) > 0
    part, whole = part[filled], whole[filled]
    k = part.shape[0]
    if k < 2:
        return float(_GRID[0]), float(_GRID[-1])
    t = float(stats.t.ppf(0.5 + level / 2, k - 1))
    bound = t * np.sqrt(k / (k - 1 + t * t))
    studentised = _studentised(part, whole)
    held = np.flatnonzero(np.abs(studentised) <= bound)
    if held.size == 0:  # the observed ratio lies between two points of the grid
        held = np.array([int(np.argmin(np.abs(studentised)))])
    return _cross(studentised, bound, int(held[0]), -1), _cross(studentised, -bound, int(held[-1]), 1)


def _studentised(part: Floats, whole: Floats) -> Floats:
    """Studentise the score at every ratio of the grid: each is one combination of four columns, whose products are taken once."""
    columns = np.column_stack([part[:, 1], whole[:, 1], part[:, 0], whole[:, 0]])
    totals = whole.sum(axis=0)
    usual = part.sum() / (totals[0] + _GRID * totals[1])
    one = np.ones(_GRID.size)
    weights = np.column_stack([1 / (_GRID * totals[1]), -usual / totals[1], -one / totals[0], usual / totals[0]])
    squares = np.einsum("ri,ij,rj->r", weights, columns.T @ columns, weights)
    return np.asarray(weights @ columns.sum(axis=0) / np.sqrt(np.maximum(squares, 1e-300)))


def _cross(studentised: Floats, bound: float, at: int, step: int) -> float:
    """Interpolate, on the log scale, where the score crosses its bound beyond the last ratio held."""
    beyond = at + step
    if not 0 <= beyond < _GRID.size or studentised[beyond] == studentised[at]:
        return float(_GRID[at])
    part = float(np.clip((bound - studentised[at]) / (studentised[beyond] - studentised[at]), 0.0, 1.0))
    return float(np.exp(np.log(_GRID[at]) + part * (np.log(_GRID[beyond]) - np.log(_GRID[at]))))
