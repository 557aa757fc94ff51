"""What volume is usual? A robust log-linear model of counts: slow trend x cycle.

``design`` gives the columns, ``fit`` the expected counts of many series at once, so that a bootstrap refits every draw. The
model can diverge on series of bursts and silence: ``settles`` says where it did, ``running`` is what stands in for it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HUBER = 1.345
MOST_OVER = 1.25  # a fitted sum this many times the observed one has diverged: robust weights pull it below
MOST_UNDER = 4.0  # as has one this many times below the sum of running medians
MOST_ABOVE = 10.0  # and a bin expected this many times above all that was seen near it
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


def settles(counts: Floats, expected: Floats, columns: Floats) -> Bools:
    """Say for each series (series, bins) whether its fitted baseline can be believed. Shape (series,).

    It cannot where its sum is over 1.25 times the observed one, or less than a quarter of that of running medians, or where a bin
    is expected to hold ten times what any bin near it held.
    """
    width = _width(columns)
    near = maximum_filter1d(counts, 2 * width + 1, axis=1, mode="nearest")
    total, bins = expected.sum(axis=1), counts.shape[1]
    low = total <= MOST_OVER * counts.sum(axis=1) + bins
    high = MOST_UNDER * total + bins >= running(counts, columns).sum(axis=1)
    return np.asarray(low & high & (expected <= MOST_ABOVE * (near + 1)).all(axis=1))


def running(counts: Floats, columns: Floats, *, period: int = 0, left_out: Bools | None = None) -> Floats:
    """Take the median of the bins near each bin as its expected count, times the profile of a cycle of ``period`` bins (0: none).

    ``columns`` (bins, p) is the design it stands in for: a window reaches as many bins to either side as the series has for each
    column, so that both bend alike. Bins ``left_out`` have no say. At least 0.5 everywhere. Cost O(series x bins^2 / p).
    """
    width, bins = _width(columns), counts.shape[1]
    kept = np.where(False if left_out is None else left_out, np.nan, counts)
    padded = np.pad(kept, ((0, 0), (width, width)), constant_values=np.nan)
    level = np.maximum(_medians(np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1, axis=1), kept), 0.5)
    if not period or bins < 4 * period:
        return level
    ratio = kept / level
    profile = np.stack([np.nanmedian(ratio[:, k::period], axis=1) for k in range(period)], axis=1)
    profile = np.clip(profile / np.maximum(profile.mean(axis=1, keepdims=True), 1e-9), 0.1, 10.0)
    return np.asarray(np.maximum(level * profile[:, np.arange(bins) % period], 0.5))


def _width(columns: Floats) -> int:
    bins, p = columns.shape
    return max(int(bins // p), 2)


def _medians(windows: Floats, kept: Floats) -> Floats:
    """Take medians of windows, and of the whole series where nothing of a window has a say."""
    filled = np.asarray(np.isfinite(windows).any(axis=2))
    near = np.nanmedian(np.where(filled[:, :, None], windows, 0.0), axis=2)
    return np.where(filled, near, np.nanmedian(kept, axis=1, keepdims=True))


def spread(values: Floats) -> Floats:
    """Estimate the standard deviation of each row by its median absolute deviation: half the values may be anything."""
    middle = np.median(values, axis=-1, keepdims=True)
    return np.asarray(_NORMAL_MAD * np.median(np.abs(values - middle), axis=-1))
