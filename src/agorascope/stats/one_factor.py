"""How helpful is an item apart from what its camp likes about it? One factor between raters and items, as Community Notes has it.

A rating of item n by rater u is ``mu + i_u + i_n + f_u f_n``: the factor takes what one camp likes and the other does not, the
intercept i_n is left with what is liked regardless. The loss is the mean squared error plus ``lambda`` times the MEAN square of
each parameter, as the published code has it; the published documentation sums both, which shrinks an item by the number of its
own ratings and lets the majority's taste into the intercept. So an item is shrunk by lambda times the average number of ratings
of an item.

Limits: with very unequal camps the factor is drawn to the larger, and the intercept favours what it likes; see ``weight``.
Source: Wojcik et al. 2022, arXiv:2210.15723; twitter/communitynotes @273c895, matrix_factorization.py. What we changed:
alternating least squares, each step exact, instead of gradient descent; the larger side of raters is positive.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, sparray

INTERCEPT = 0.15
FACTOR = 0.03
MOST_STEPS = 100
TOLERANCE = 5e-4
POWER_STEPS = 15

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Ratings(NamedTuple):
    """Hold ratings twice, by rater and by item: pattern and values as sparse matrices (raters, items) and (items, raters)."""

    seen: sparray
    value: sparray
    seen_by_item: sparray
    value_by_item: sparray


class Fit(NamedTuple):
    """Hold the parameters: ``mu``, rater and item intercepts, rater and item factors; ``steps`` taken and whether they settled."""

    mu: float
    rater: Floats
    item: Floats
    rater_factor: Floats
    item_factor: Floats
    steps: int
    settled: bool


def ratings(rater: Ints, item: Ints, value: Floats, *, raters: int, items: int) -> Ratings:
    """Arrange ratings (n,), at most one of a rater on an item. About 40 bytes a rating."""
    value_by_rater = csr_array((value, (rater.astype(np.int32), item.astype(np.int32))), shape=(raters, items))
    value_by_item = value_by_rater.T.tocsr()
    ones = np.ones(value.size)
    pattern = [csr_array((ones, m.indices, m.indptr), shape=m.shape) for m in (value_by_rater, value_by_item)]
    return Ratings(pattern[0], value_by_rater, pattern[1], value_by_item)


def fit(
    given: Ratings,
    *,
    seed: int = 0,
    weight: Floats | None = None,
    start: Fit | None = None,
    most: int = MOST_STEPS,
    intercept: float = INTERCEPT,
    factor: float = FACTOR,
) -> Fit:
    """Fit one factor. ``weight`` (raters,) counts a rater more than once, or not at all; their sum should be the number of raters.

    Stops when no item's intercept or factor moves by more than 5e-4. Cost O(ratings) a step, about 30 steps.
    """
    raters, items = given.seen.shape
    weight = np.ones(raters) if weight is None else weight
    votes = given.seen.sum(axis=1)
    weighted, total = given.seen_by_item @ weight, float(votes @ weight)
    per_rater, per_item = total / weight.sum(), total / items
    by_rater, by_item = given.value.sum(axis=1), given.value_by_item @ weight
    now = _begin(given, seed) if start is None else start
    mu, i_u, i_n, f_u, f_n = now[:5]
    settled, steps = False, 0
    while steps < most and not settled:
        steps += 1
        before = np.concatenate([i_n, f_n])
        seen = given.seen @ np.stack([i_n, f_n, f_n * f_n, i_n * f_n], axis=1)
        rated = given.value @ f_n
        left = by_rater - mu * votes - seen[:, 0]
        i_u, f_u = _pairs(votes, seen[:, 1], seen[:, 2], left, rated - mu * seen[:, 1] - seen[:, 3], per_rater, intercept, factor)
        columns = np.stack([i_u, f_u, f_u * f_u, i_u * f_u], axis=1) * weight[:, None]
        seen = given.seen_by_item @ columns
        rated = given.value_by_item @ (f_u * weight)
        left = by_item - mu * weighted - seen[:, 0]
        right = rated - mu * seen[:, 1] - seen[:, 3]
        i_n, f_n = _pairs(weighted, seen[:, 1], seen[:, 2], left, right, per_item, intercept, factor)
        rest = by_item.sum() - seen[:, 0].sum() - i_n @ weighted - f_n @ seen[:, 1]
        mu = float(rest / (total * (1 + intercept)))
        settled = bool(np.abs(np.concatenate([i_n, f_n]) - before).max() < TOLERANCE)
    sign = -1.0 if np.count_nonzero(f_u < 0) > np.count_nonzero(f_u > 0) else 1.0
    return Fit(mu, i_u, i_n, sign * f_u, sign * f_n, steps, settled)


def residuals(given: Ratings, steps: int = 8) -> sparray:
    """Take the means of raters and items out of the ratings: what is left, (raters, items) sparse. Cost O(ratings) a step."""
    votes, seen_by = given.seen.sum(axis=1), given.seen_by_item.sum(axis=1)
    i_u, i_n = np.zeros(votes.size), np.zeros(seen_by.size)
    by_rater, by_item = given.value.sum(axis=1), given.value_by_item.sum(axis=1)
    for _ in range(steps):
        i_n = (by_item - given.seen_by_item @ i_u) / np.maximum(seen_by, 1)
        i_u = (by_rater - given.seen @ i_n) / np.maximum(votes, 1)
    values = given.value.data - np.repeat(i_u, np.diff(given.value.indptr)) - i_n[given.value.indices]
    return csr_array((values, given.value.indices, given.value.indptr), shape=given.value.shape)


def leading(matrix: sparray, *, seed: int = 0, steps: int = POWER_STEPS) -> tuple[float, Floats, Floats]:
    """Give the leading singular value of a sparse matrix and its directions of rows and columns, by power iteration."""
    across = matrix.T.tocsr()
    right = np.random.default_rng(seed).normal(size=matrix.shape[1])
    left, size = np.zeros(matrix.shape[0]), 0.0
    for _ in range(steps):
        right /= max(float(np.linalg.norm(right)), 1e-300)
        left = matrix @ right
        size = float(np.linalg.norm(left))
        left /= max(size, 1e-300)
        right = across @ left
    return size, left, right / max(float(np.linalg.norm(right)), 1e-300)


def _begin(given: Ratings, seed: int) -> Fit:
    """Begin with means, and with the direction in which raters differ most beside them."""
    left = residuals(given, 3)
    _, f_u, f_n = leading(left, seed=seed)
    mu = float(given.value.data.mean()) if given.value.data.size else 0.0
    scale = np.sqrt(np.array([f_u.size, f_n.size]))
    return Fit(mu, np.zeros(f_u.size), np.zeros(f_n.size), f_u * scale[0] / 2, f_n * scale[1] / 2, 0, False)


def _pairs(
    n: Floats, f: Floats, ff: Floats, r: Floats, rf: Floats, per: float, intercept: float, factor: float
) -> tuple[Floats, Floats]:
    """Solve one ridge regression of two coefficients per row, all at once."""
    a, d = n + intercept * per, ff + factor * per
    determinant = a * d - f * f
    return (d * r - f * rf) / determinant, (a * rf - f * r) / determinant
