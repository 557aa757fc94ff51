"""What volume is usual? A robust log-linear model of counts: slow trend x cycle.

``design`` gives the columns, ``fit`` the expected counts of many series at once, so that a bootstrap refits every draw.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HUBER = 1.345
_NORMAL_MAD = 1.4826


class Cycle(NamedTuple):
    """Describe the rhythm of a bin: bins to a cycle, pairs of harmonics (0: one column per phase), bins to a trend's half-wave."""

    length: int
    harmonics: int
    half_wave: int


CYCLES = {"hour": Cycle(24, 4, 168), "day": Cycle(7, 0, 28), "week": Cycle(0, 0, 13)}


def design(bins: int, cycle: Cycle, *, phase: int = 0) -> Floats:
    """Build the columns of the model for ``bins`` consecutive bins, the first at ``phase`` of its cycle. Shape (bins, columns).

    The trend is a constant, a line and the cosines whose half-wave is no shorter than ``cycle.half_wave`` bins; the cycle enters
    only where the series covers it four times.
    """
    at = (np.arange(bins) + 0.5) / bins
    columns = [np.ones(bins), at - 0.5]
    columns += [np.cos(np.pi * k * at) for k in range(2, bins // cycle.half_wave + 1)]
    if cycle.length and bins >= 4 * cycle.length:
        step = (np.arange(bins) + phase) % cycle.length
        if cycle.harmonics:
            angle = 2 * np.pi * step / cycle.length
            columns += [f(h * angle) for h in range(1, cycle.harmonics + 1) for f in (np.cos, np.sin)]
        else:
            columns += [(step == k) - 1 / cycle.length for k in range(1, cycle.length)]
    return np.column_stack(columns)


def fit(counts: Floats, columns: Floats, *, rounds: int = 12, left_out: Bools | None = None) -> Floats:
    """Fit each row of ``counts`` (series, bins) on ``columns`` (bins, p) and return expected counts of the same shape.

    Quasi-Poisson regression with log link, bins far from it bounded by Huber weights, so that a burst does not raise its own
    baseline. Bins ``left_out`` (bins,) get an expectation without a say in it. Source: Cantoni and Ronchetti 2001,
    doi:10.1198/016214501753209004, without their bias term, which a bootstrap that refits carries; log-linear baselines for
    outbreaks: Noufaily et al. 2013, doi:10.1002/sim.5595, section 3.
    Cost O(rounds x series x bins x p^2).
    """
    pairs = (columns[:, :, None] * columns[:, None, :]).reshape(columns.shape[0], -1)
    p = columns.shape[1]
    said = np.ones(columns.shape[0]) if left_out is None else 1.0 - left_out
    ridge = 1e-9 * np.eye(p)
    level = np.maximum(np.median(counts, axis=1, keepdims=True), 0.5)
    mu = np.broadcast_to(level, counts.shape)
    beta = np.zeros((counts.shape[0], p))
    beta[:, 0] = np.log(level[:, 0])
    for _ in range(rounds):
        residual = (counts - mu) / np.sqrt(mu)
        scale = np.maximum(spread(residual), 1.0)[:, None]
        weight = said * mu * np.minimum(1.0, HUBER * scale / np.maximum(np.abs(residual), 1e-12))
        normal = (weight @ pairs).reshape(-1, p, p)
        trace = np.trace(normal, axis1=1, axis2=2)[:, None, None]
        score = (weight / mu * (counts - mu)) @ columns
        step = np.linalg.solve(normal + ridge * trace, score[:, :, None])[:, :, 0]
        beta = beta + np.clip(step, -2.0, 2.0)
        mu = np.exp(np.clip(beta @ columns.T, -12.0, 40.0))
    return mu


def spread(values: Floats) -> Floats:
    """Estimate the standard deviation of each row by its median absolute deviation: half the values may be anything."""
    middle = np.median(values, axis=-1, keepdims=True)
    return np.asarray(_NORMAL_MAD * np.median(np.abs(values - middle), axis=-1))
