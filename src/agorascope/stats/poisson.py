"""By how much did the totals of some accounts move against the others? Poisson pseudo maximum likelihood on account sums.

The mean of a sum is exp(offset + account effect + period effect + tau x treated x after); nothing else about its distribution is
assumed. An account weighs as much as its total: with one giant account, the answer is about that account. On a table without gaps
and without an offset, exp(tau) is the ratio of the four totals, (treated after / treated before) / (others after / others before).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_TOLERANCE = 1e-10
_MOST_STEPS = 100
_FLOOR = 1e-300


class Poisson(NamedTuple):
    """Hold a fit: the log ratio ``tau``, its standard error by account, and what it rests on.

    ``accounts`` and ``periods`` count those used; ``accounts_left_out`` and ``periods_left_out`` those without any positive sum,
    or seen once only, which say nothing of tau; ``cells`` the sums used. ``tau`` and ``se`` are nan where one of the four totals
    (treated or not, before or after) is 0: the ratio is then 0 or infinite, or there is nothing to compare with. ``converged`` is
    False where the steps ran out.
    """

    tau: float
    se: float
    accounts: int
    periods: int
    cells: int
    accounts_left_out: int
    periods_left_out: int
    steps: int
    converged: bool


def estimate(
    totals: Floats, treated: Bools, after: Bools, *, offset: Floats | None = None, weights: Floats | None = None
) -> Poisson:
    """Fit E[total] = exp(offset + a_i + b_t + tau treated_i after_t) by Poisson pseudo maximum likelihood.

    ``totals`` (accounts, periods): sums, 0 or more, nan where unknown. ``offset`` of the same shape: log of the exposure (log
    posts makes it a model of reach per post), nan where unknown; ``weights``: 0 or more. Raises ValueError for negative sums,
    wrong shapes, or masks without both sorts of accounts and periods.

    Reweighted least squares from mu = (total + mean) / 2; each step takes out both sets of effects exactly, by solving for those of
    the smaller side. The variance is the sandwich with scores summed by account, times G / (G - 1) for G accounts. With one or few
    treated accounts it is far too small (MacKinnon and Webb 2017, doi:10.1002/jae.2508): take p-values from placebos.

    Source: Santos Silva and Tenreyro 2006, doi:10.1162/rest.88.4.641 (estimator); Correia, Guimaraes and Zylkin 2020,
    doi:10.1177/1536867X20909691, sections 2 and 3 (effects taken out inside the steps; cells fitted as 0 are dropped). What we
    changed: no iterative demeaning, the step is exact; with one interaction and no gaps the maximum exists when all four totals are
    above 0, so that rule stands in for a search for separated cells. Cost O(steps x accounts x periods x min(accounts, periods)).

    >>> totals = np.array([[1.0, 1.0, 6.0, 6.0], [5.0, 7.0, 9.0, 15.0], [2.0, 2.0, 2.0, 2.0]])
    >>> round(float(np.exp(estimate(totals, np.array([True, False, False]), np.array([False, False, True, True])).tau)), 6)
    3.428571
    """
    weight = _checked(totals, treated, after, offset, weights)
    y = np.where(weight > 0, totals, 0.0)
    rows, columns = _informative(y, weight)
    cells = weight[np.ix_(rows, columns)]
    left_out = (int(np.count_nonzero(~rows)), int(np.count_nonzero(~columns)))
    counts = (int(rows.sum()), int(columns.sum()), int(np.count_nonzero(cells)), *left_out)
    y, shift = y[np.ix_(rows, columns)], np.zeros(cells.shape)
    if offset is not None:
        shift = np.where(cells > 0, offset[np.ix_(rows, columns)], 0.0)
    inside, late = treated[rows], after[columns]
    if _blocks(y * cells, inside, late).min() <= 0:
        return Poisson(np.nan, np.nan, *counts, 0, False)
    both = np.outer(inside, late).astype(np.float64)
    tau, mu, steps, converged = _steps(y, both, shift, cells)
    return Poisson(tau, _sandwich(y, mu, both, cells), *counts, steps, converged)


def _checked(totals: Floats, treated: Bools, after: Bools, offset: Floats | None, weights: Floats | None) -> Floats:
    """Give the weight of every cell, 0 where anything is unknown."""
    if totals.ndim != 2 or treated.shape != totals.shape[:1] or after.shape != totals.shape[1:]:
        raise ValueError(f"totals {totals.shape} need treated (accounts,) and after (periods,), not {treated.shape}, {after.shape}")
    for name, values in (("offset", offset), ("weights", weights)):
        if values is not None and values.shape != totals.shape:
            raise ValueError(f"{name} has shape {values.shape}; give it that of totals, {totals.shape}")
    if treated.all() or not treated.any() or after.all() or not after.any():
        raise ValueError("a comparison needs accounts of both sorts and periods of both sorts; one of the masks is constant")
    if (totals < 0).any() or (weights is not None and (weights < 0).any()):
        raise ValueError("totals and weights are 0 or more; leave unknown totals as nan")
    weight = np.ones(totals.shape) if weights is None else np.nan_to_num(weights)
    seen = np.isfinite(totals) if offset is None else np.isfinite(totals) & np.isfinite(offset)
    return np.where(seen, weight, 0.0)


def _informative(y: Floats, weight: Floats) -> tuple[Bools, Bools]:
    """Say which accounts and periods have a positive sum and two cells or more, again and again until none is left out."""
    rows, columns = np.ones(y.shape[0], bool), np.ones(y.shape[1], bool)
    while True:
        seen = (weight > 0) & rows[:, None] & columns
        some = seen & (y > 0)
        keep_rows = some.any(1) & (seen.sum(1) > 1)
        keep_columns = some.any(0) & (seen.sum(0) > 1)
        if (keep_rows == rows).all() and (keep_columns == columns).all():
            return rows, columns
        rows, columns = keep_rows, keep_columns


def _blocks(y: Floats, treated: Bools, after: Bools) -> Floats:
    sides = np.stack([~treated, treated]).astype(np.float64)
    return np.asarray(sides @ y @ np.stack([~after, after]).astype(np.float64).T)


def _steps(y: Floats, both: Floats, shift: Floats, cells: Floats) -> tuple[float, Floats, int, bool]:
    """Reweight until the deviance and tau stand still; a step that makes the fit worse is halved."""
    mean = (y * cells).sum() / cells.sum()
    eta = np.log((y + mean) / 2)
    tau, deviance, first = 0.0, np.inf, True
    for step in range(1, _MOST_STEPS + 1):
        mu = np.exp(eta)
        working = eta - shift + (y - mu) / np.maximum(mu, _FLOOR)
        residual_d, residual_z = _without_effects(np.stack([both, working]), cells * mu)
        next_tau = float((cells * mu * residual_d * residual_z).sum() / (cells * mu * residual_d**2).sum())
        target = working - (residual_z - next_tau * residual_d) + shift
        size, following = 1.0, np.clip(target, -690, 690)
        while not first and size > 1e-3 and _deviance(y, following, cells) > deviance * (1 + 1e-12) + 1e-12:
            size /= 2
            following = eta + size * (np.clip(target, -690, 690) - eta)
        after_step = _deviance(y, following, cells)
        still = abs(deviance - after_step) <= _TOLERANCE * (0.1 + abs(after_step)) and abs(next_tau - tau) <= _TOLERANCE
        eta, tau, deviance, first = following, next_tau, after_step, False
        if still:
            return tau, np.exp(eta), step, True
    return tau, np.exp(eta), _MOST_STEPS, False


def _deviance(y: Floats, eta: Floats, cells: Floats) -> float:
    own = np.where(y > 0, y * (np.log(np.maximum(y, _FLOOR)) - eta), 0.0)
    return float(2 * (cells * (own - y + np.exp(eta))).sum())


def _sandwich(y: Floats, mu: Floats, both: Floats, cells: Floats) -> float:
    residual = _without_effects(both[None], cells * mu)[0]
    scores = (cells * (y - mu) * residual).sum(1)
    bread = float((cells * mu * residual**2).sum())
    clusters = len(y)
    return float(np.sqrt((scores**2).sum() * clusters / (clusters - 1)) / bread)


def _without_effects(values: Floats, weights: Floats) -> Floats:
    """Take weighted row and column effects out of each table of ``values`` (tables, rows, columns), exactly."""
    if weights.shape[0] < weights.shape[1]:
        return _without_effects(values.transpose(0, 2, 1), weights.T).transpose(0, 2, 1)
    row, column = weights.sum(1), weights.sum(0)
    row_sums, column_sums = (values * weights).sum(2), (values * weights).sum(1)
    share = weights / row[:, None]
    reduced = np.diag(column) - weights.T @ share
    right = column_sums - row_sums @ share
    scale = 1 / np.sqrt(column)
    solved = np.linalg.lstsq(reduced * scale[:, None] * scale, (right * scale).T, rcond=1e-12)[0].T * scale
    by_row = (row_sums - solved @ weights.T) / row
    return np.asarray(values - by_row[:, :, None] - solved[:, None, :])
