"""By how much did the treated accounts move against a weighted mean of others that ran alongside them before? Synthetic DiD.

Weights of accounts make the others run parallel to the treated before the date; weights of periods pick the earlier periods that
tell most about the later ones. The effect is the difference in differences under both.
"""

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize
from scipy.stats import t as student

from .donors import Bools, complete

Floats = npt.NDArray[np.float64]

_TIME_RIDGE = 1e-6


class Weights(NamedTuple):
    """Hold a fit: the effect, the weights of donors (sum 1), the weights of periods before (sum 1), and the ridge used."""

    tau: float
    units: Floats
    times: Floats
    zeta: float


class Synthetic(NamedTuple):
    """Hold a synthetic difference in differences, in the unit of y (log: exp(tau) is a ratio).

    ``unit_weights`` (accounts,), 0 for treated accounts and those left out; ``time_weights`` (periods before that were kept,);
    ``se``, ``low``, ``high`` from placebos (nan below two); ``p_value`` the rank of |tau| among them, never below ``p_floor``;
    ``placebos`` their effects; ``rmse_before`` the root mean square gap before the date, level taken out;
    ``donors`` used; ``donors_left_out``, ``periods_left_out`` for gaps.
    """

    tau: float
    se: float
    low: float
    high: float
    p_value: float
    p_floor: float
    unit_weights: Floats
    time_weights: Floats
    placebos: Floats
    rmse_before: float
    donors: int
    donors_left_out: int
    periods_left_out: int


def estimate(
    y: Floats, treated: Bools, after: Bools, *, draws: int = 200, rng: np.random.Generator | None = None, level: float = 0.95
) -> Synthetic:
    """Estimate tau by synthetic difference in differences, with its placebo variance.

    ``y`` (accounts, periods), nan where unknown: periods unknown for a treated account are left out, then other accounts with any
    gap; both are counted. Needs more donors than treated accounts and two periods before, or raises ValueError. ``draws`` placebo
    groups are drawn with ``rng`` (seed 0 where None); where there are no more groups than that, as with one treated account, each
    is taken once and nothing is random. tau is the weighted difference in differences of ``fit``. The variance is that of the
    placebo effects, with n - 1; the interval tau -+ Student t (donors - 1) x se.

    Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager 2021, doi:10.1257/aer.20190159, Algorithms 1 and 4. What we changed:
    weights are exact (see ``simplex_weights``), not Frank-Wolfe; all placebo groups where they are few; n - 1 and Student t in
    place of the normal, as placebos of few donors tell the variance badly; a rank p-value beside. Valid where treated and donors
    vary alike: give donors of like size, or standardise. Cost O(placebos x donors^2 x periods).
    """
    kept = complete(y, treated, after)
    number, donors = len(kept.treated), len(kept.donors)
    if donors <= number or kept.before < 2:
        seen = f"{donors} donors without gaps, {number} treated accounts, {kept.before} periods before"
        raise ValueError(f"{seen}; give more donors than treated accounts and two periods before")
    found = fit(kept.treated, kept.donors, kept.before)
    groups = _groups(donors, number, draws, np.random.default_rng(0) if rng is None else rng)
    placebos = np.array([fit(kept.donors[g], np.delete(kept.donors, g, axis=0), kept.before).tau for g in groups])
    se = float(placebos.std(ddof=1)) if len(placebos) > 1 else np.nan
    half = float(student.ppf(0.5 + level / 2, max(donors - 1, 1))) * se
    reached = int(np.count_nonzero(np.abs(placebos) >= abs(found.tau) - 1e-12))
    units = np.zeros(len(y))
    units[kept.used] = found.units
    gap = (kept.treated.mean(0) - found.units @ kept.donors)[: kept.before]
    floor = 1 / (1 + len(placebos))
    return Synthetic(
        tau=found.tau,
        se=se,
        low=found.tau - half,
        high=found.tau + half,
        p_value=(1 + reached) * floor,
        p_floor=floor,
        unit_weights=units,
        time_weights=found.times,
        placebos=placebos,
        rmse_before=float(gap.std()),
        donors=donors,
        donors_left_out=kept.donors_left_out,
        periods_left_out=kept.periods_left_out,
    )


def fit(treated: Floats, donors: Floats, before: int) -> Weights:
    """Fit both sets of weights and the effect on a panel without gaps, periods before first.

    ``treated`` (treated, periods), ``donors`` (donors, periods). With N donors, T0 = before, sigma the sd of the donors' first
    differences before: units minimise sum_t (w0 + w'Y_t - mean treated_t)^2 + zeta^2 T0 |w|^2, zeta = (treated x periods
    after)^(1/4) sigma; times minimise sum_i (l0 + l'Y_i,before - mean Y_i,after)^2 + (1e-6 sigma)^2 N |l|^2; w, l on the simplex.
    tau = (treated - w'donors) after, minus the same before under l.
    """
    early, late = donors[:, :before], donors[:, before:]
    steps = np.diff(early, axis=1)
    sigma = float(steps.std(ddof=1)) if steps.size > 1 else 0.0
    zeta = (len(treated) * late.shape[1]) ** 0.25 * sigma
    units = simplex_weights(early.T, treated[:, :before].mean(0), zeta**2 * before)
    times = simplex_weights(early, late.mean(1), (_TIME_RIDGE * sigma) ** 2 * len(donors))
    gap = treated.mean(0) - units @ donors
    return Weights(float(gap[before:].mean() - gap[:before] @ times), units, times, zeta)


def simplex_weights(columns: Floats, target: Floats, ridge: float, *, intercept: bool = True) -> Floats:
    """Minimise |intercept + columns w - target|^2 + ridge |w|^2 over w >= 0, sum w = 1. Shape (number of columns,).

    Exact and deterministic. As sum w = 1, the aim is |C w|^2 with C the columns minus the target (each less its mean where there
    is an intercept), the square root of the ridge times the identity below. The nonnegative x that minimises |C x|^2 + (1'x -
    1)^2 is that w times a number, so one nonnegative least squares (Lawson and Hanson 1974, chapter 23) gives it. Cost that of
    ``scipy.optimize.nnls``.

    >>> simplex_weights(np.array([[0.0, 1.0], [1.0, 3.0], [0.0, 2.0]]), np.array([0.5, 2.0, 1.0]), 0.0).round(6).tolist()
    [0.5, 0.5]
    """
    if columns.shape[1] == 1:
        return np.ones(1)
    away = columns - target[:, None]
    if intercept:
        away = away - away.mean(axis=0)
    norm = float(np.sqrt((away**2).mean(axis=1).sum() + ridge))
    if norm == 0.0:
        return np.full(columns.shape[1], 1 / columns.shape[1])
    rows = np.concatenate([away / norm, np.sqrt(ridge) / norm * np.eye(columns.shape[1]), np.ones((1, columns.shape[1]))])
    right = np.zeros(len(rows))
    right[-1] = 1.0
    solved, _ = optimize.nnls(rows, right, maxiter=30 * columns.shape[1])
    return np.asarray(solved / solved.sum())


def _groups(donors: int, size: int, draws: int, rng: np.random.Generator) -> list[npt.NDArray[np.intp]]:
    """Give placebo groups of donors: every one where there are at most ``draws``, else as many drawn, single ones once."""
    if comb(donors, size) <= draws:
        return [np.array(group) for group in combinations(range(donors), size)]
    if size == 1:
        return [np.array([i]) for i in np.sort(rng.choice(donors, draws, replace=False))]
    return [rng.choice(donors, size, replace=False) for _ in range(draws)]
