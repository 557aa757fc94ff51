"""Is a stretch of time busier than this series ever is by itself? A scan over all windows against a robust baseline.

The series is its own yardstick: the excess of a window is measured by how much windows of that length usually stray. What
chance can do is drawn by redrawing the authors, so that sessions, busy weeks and loud authors are in the draws.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .baseline import fit, running, settles, spread
from .signflip import effective

Floats = npt.NDArray[np.float64]

FEW_AUTHORS = 20.0
_LARGEST_DISPERSION = 1e9


class Scan(NamedTuple):
    """Hold a scanned series.

    ``expected`` is the baseline (bins,); ``excess[length]`` the studentised excess of every window of that length, by start;
    ``scale[length]`` the usual spread of such windows, 1 where posts are independent (Poisson); ``maxima`` the largest excess of
    each simulated series over all windows and lengths; ``by_authors`` says whether authors were redrawn, or counts; ``modelled``
    whether the baseline is the model's, or the running medians taken where the model diverges.
    """

    expected: Floats
    excess: dict[int, Floats]
    scale: dict[int, float]
    maxima: Floats
    by_authors: bool
    modelled: bool


def scan(
    members: Floats, columns: Floats, lengths: Sequence[int], *, draws: int, rng: np.random.Generator, period: int = 0
) -> Scan:
    """Scan the sum of ``members`` (authors, bins) for windows of the given lengths; ``columns`` (bins, p) is the baseline's design.

    A window's excess is the difference of the roots of observed and expected counts, over the spread (median absolute deviation) of
    all windows of its length. The null distribution of the largest excess comes from ``draws`` series, each fitted and scanned like
    the data: baseline + sum over authors of (author's deviation from their share of it) x (Mammen's weight), which keeps variance,
    skewness and rhythm of every author. With fewer than 20 authors' worth of posts there is nothing to redraw: then counts are
    drawn from a Poisson-lognormal of the fitted mean and dispersion (Bulmer 1974, doi:10.2307/2529621), logarithms are compared,
    and only the three shortest lengths are scanned: the busy weeks of one author cannot be told from a burst.
    Where the model diverges on the data, running medians (with a cycle of ``period`` bins) are the baseline of data and draws
    alike; where it does on a draw only, of that draw.

    Source: max over windows, Kulldorff 1997, doi:10.1080/03610929708831995; weights, Mammen 1993, doi:10.1214/aos/1176349025;
    clusters, Cameron, Gelbach and Miller 2008, doi:10.1162/rest.90.3.414; roots of counts, Anscombe 1948,
    doi:10.1093/biomet/35.3-4.246. What we changed: windows of every length are studentised by their own spread.
    Cost O(draws x bins x (authors + p^2)).
    """
    counts = members.sum(axis=0, keepdims=True)
    sizes = members.sum(axis=1)
    expected = fit(counts, columns)
    modelled = bool(settles(counts, expected, columns)[0])
    if not modelled:
        expected = running(counts, columns, period=period)
    by_authors = effective(sizes) >= FEW_AUTHORS
    if by_authors:
        drawn = _redraw_authors(deviations(members, expected[0]), expected, draws, rng)
    else:
        drawn = _redraw_counts(counts, expected, draws, rng)
    fitted = _refit(drawn, columns, modelled, period)
    excess, scale, maxima = {}, {}, np.full(draws, -np.inf)
    for length in lengths if by_authors else lengths[:3]:
        excess[length] = _excess(counts, expected, length, by_authors)[0]
        scale[length] = max(float(spread(_roots(counts, expected, length))[0]), 1.0)
        maxima = np.maximum(maxima, _excess(drawn, fitted, length, by_authors).max(axis=1))
    return Scan(expected[0], excess, scale, maxima, by_authors, modelled)


def _refit(drawn: Floats, columns: Floats, modelled: bool, period: int) -> Floats:
    if not modelled:
        return running(drawn, columns, period=period)
    fitted = fit(drawn, columns, rounds=6)
    lost = ~settles(drawn, fitted, columns)
    if lost.any():
        fitted[lost] = running(drawn[lost], columns, period=period)
    return fitted


def deviations(members: Floats, expected: Floats) -> Floats:
    """Subtract from each author's counts (authors, bins) that author's share of the baseline (bins,)."""
    sizes = members.sum(axis=1, keepdims=True)
    return np.asarray(members - sizes / max(float(sizes.sum()), 1e-12) * expected)


def window_sums(values: Floats, length: int) -> Floats:
    """Sum every window of ``length`` bins along the last axis.

    >>> window_sums(np.array([1.0, 2.0, 4.0]), 2).tolist()
    [3.0, 6.0]
    """
    running = np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
    return np.asarray(running[..., length:] - running[..., :-length])


def _roots(counts: Floats, expected: Floats, length: int) -> Floats:
    """Compare observed and expected sums of windows by their roots, which evens out their spread: 1 for independent posts."""
    return np.asarray(2 * (np.sqrt(window_sums(counts, length) + 0.375) - np.sqrt(window_sums(expected, length) + 0.375)))


def _excess(counts: Floats, expected: Floats, length: int, by_authors: bool) -> Floats:
    if by_authors:
        values, least = _roots(counts, expected, length), 1.0
    else:
        usual = window_sums(expected, length) + 0.5
        values, least = np.log((window_sums(counts, length) + 0.5) / usual), 1 / float(np.sqrt(np.median(usual)))
    return np.asarray((values - np.median(values, axis=1, keepdims=True)) / np.maximum(spread(values), least)[:, None])


def _redraw_authors(deviation: Floats, expected: Floats, draws: int, rng: np.random.Generator) -> Floats:
    root = np.sqrt(5.0)
    unlike = rng.random((draws, deviation.shape[0])) < (root + 1) / (2 * root)
    weights = np.where(unlike, (1 - root) / 2, (1 + root) / 2)
    return np.asarray(np.maximum(expected + weights @ deviation, 0.0))


def _redraw_counts(counts: Floats, expected: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Draw independent counts with variance dispersion x mean, the mean varying lognormally; Poisson where the dispersion is 1."""
    dispersion = min(max(float(spread(_roots(counts, expected, 1))[0]) ** 2, 1.0), _LARGEST_DISPERSION)
    mean = np.broadcast_to(expected[0], (draws, expected.shape[1]))
    sigma = np.sqrt(np.log1p((dispersion - 1) / mean))
    return rng.poisson(mean * np.exp(sigma * rng.standard_normal(mean.shape) - sigma**2 / 2)).astype(np.float64)
