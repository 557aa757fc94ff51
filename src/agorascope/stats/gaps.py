"""Is the longest silence of an account longer than its own rhythm allows?

Two tests. For posts with times, ``silence_p`` compares the longest gaps with the next ones: if gaps have a shifted Pareto
(Lomax) tail, exponential at one end and Pareto at the other, the scaled spacings of the ordered ``log(1 + theta gap)``
are independent exponentials of one mean, so the ratio of the first to the mean of the others follows F(2, 2r). ``theta``
is the heaviest the other gaps agree with, so that the test leans to silence. For sums per period, ``low_runs`` looks
for runs of periods far below the account's own negative binomial level, with its own overdispersion and autocorrelation.

Source: Rényi 1953 (spacings of order statistics); Davison and Smith 1990 (exceedances); Anscombe 1949 (moments of the
negative binomial). What we changed: ties of rounded times are spread over the resolution; hours are counted on the
account's own weekly clock; the longest gaps are censored when the tail is fitted, as they may be holes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats as distributions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR_US = 3_600_000_000
WEEK_HOURS = 168
_EPOCH_HOUR = 72
_LOWEST_RATE = 0.1
MIN_COMPARED = 10
_THETAS = np.logspace(-3, 2, 101)
_HEAVIER = 0.3


class LowRun(NamedTuple):
    """Describe a run of periods below an account's own level: first, end (exclusive), posts, expected, p."""

    first: int
    end: int
    seen: float
    expected: float
    p_value: float


def weekly_clock(hours: Floats, prior: Floats, strength: float = 96.0) -> Floats:
    """Estimate an account's weekly rhythm: relative rate of each hour of the week, mean 1, at least 0.1.

    ``hours`` and ``prior``: 168 counts (hour 0 = Monday 00:00 UTC) of the account and of everybody; the rate is the
    product of an hour-of-day and a day-of-week profile, each drawn towards everybody's by ``strength`` posts.
    """
    own, all_ = hours.reshape(7, 24), prior.reshape(7, 24)
    daily = _profile(own.sum(0), all_.sum(0), strength)
    weekly = _profile(own.sum(1), all_.sum(1), strength / 3)
    rate = np.maximum(np.outer(weekly, daily).ravel(), _LOWEST_RATE)
    return np.asarray(rate / rate.mean(), dtype=np.float64)


def clock_hours(at_us: Ints, rate: Floats) -> Floats:
    """Give the time on an account's weekly clock, in hours of its mean activity. Cost O(n)."""
    week_us = WEEK_HOURS * HOUR_US
    shifted = at_us + _EPOCH_HOUR * HOUR_US
    weeks, inside = shifted // week_us, shifted % week_us
    cell, part = inside // HOUR_US, (inside % HOUR_US) / HOUR_US
    before = np.concatenate([[0.0], np.cumsum(rate)[:-1]])
    return np.asarray(weeks * float(WEEK_HOURS) + before[cell] + part * rate[cell], dtype=np.float64)


def spread_ties(gaps: Floats, resolution: float) -> Floats:
    """Spread equal gaps evenly over the resolution of the times they come from, longest first. Cost O(n log n)."""
    ordered = np.sort(gaps)[::-1]
    _, first, inverse, counts = np.unique(ordered, return_index=True, return_inverse=True, return_counts=True)
    rank = np.arange(len(ordered)) - first[inverse]
    step = (counts[inverse] + 1.0 - 2.0 * (rank + 1)) / (counts[inverse] + 1.0)
    return np.sort(np.maximum(ordered + 0.5 * resolution * step, resolution * 1e-3 + 1e-9))[::-1]


def silence_p(gaps: Floats, floor: float, *, most: int = 3, depth: int = 180) -> tuple[int, float]:
    """Test whether the longest gaps belong to the same rhythm as the others.

    ``gaps``: lengths, longest first, all positive; ``floor``: the mean gap, below which gaps lie within sessions of
    posting and say nothing of pauses between them. Returns (number of gaps set apart, p-value, corrected for trying 1
    to ``most``). The j-th scaled spacing of the transformed gaps is compared with the mean of those below it. With
    fewer than 10 spacings left to compare, p is 1. Cost O(depth).
    """
    longest = gaps[gaps > floor][: most + depth]
    if len(longest) < most + MIN_COMPARED + 1:
        return 1, 1.0
    excess = longest[:-1] - longest[-1]
    tail = np.append(np.log1p(_heaviest(excess, most) * excess), 0.0)
    spacings = np.arange(1, len(tail)) * (tail[:-1] - tail[1:])
    best, p_best = 1, 1.0
    for j in range(most):
        rest = spacings[j + 1 :]
        p = float(distributions.f.sf(spacings[j] / max(float(rest.mean()), 1e-12), 2, 2 * len(rest)))
        if p < p_best:
            best, p_best = j + 1, p
    return best, min(1.0, most * p_best)


def low_runs(counts: Floats, *, longest: int = 8) -> list[LowRun]:
    """Test every run of 1 to ``longest`` periods against the negative binomial level of the periods outside it.

    ``counts``: sums per period of one account, without its silent start and end. Returns, for each run length, the
    run that was the least likely, p-values corrected (Bonferroni) for all runs tried. The variance of a run's sum
    holds the overdispersion and the positive autocorrelation measured outside; the normal score of the tail is
    referred to Student t. Cost O(periods x longest^2).
    """
    periods = len(counts)
    lengths = range(1, min(longest, periods // 4) + 1)
    tried = sum(periods - n + 1 for n in lengths)
    found = []
    for n in lengths:
        seen, expected, p_values = _runs(counts, n)
        first = int(np.argmin(p_values))
        p = min(1.0, tried * float(p_values[first]))
        found.append(LowRun(first, first + n, float(seen[first]), float(expected[first]), p))
    return found


def local_drop(counts: Floats, *, ratio: float, shortest: int = 3, longest: int = 6, around: int = 8) -> LowRun | None:
    """Describe the run of periods that fell furthest below its neighbourhood; p is 1, for nothing is tested.

    ``counts``: sums per period of one account. The level is the mean of up to ``around`` periods on each side; both
    sides must be there, or the run must touch the end. Returns None where no run is at or below ``ratio`` times it.
    """
    found: LowRun | None = None
    for n in range(shortest, longest + 1):
        for first in range(around, len(counts) - n + 1):
            beside = np.concatenate([counts[first - around : first], counts[first + n : first + n + around]])
            seen, expected = float(counts[first : first + n].sum()), n * float(beside.mean())
            if seen <= ratio * expected and (found is None or expected - seen > found.expected - found.seen):
                found = LowRun(first, first + n, seen, expected, 1.0)
    return found


def _heaviest(excess: Floats, most: int) -> float:
    """Give the heaviest Lomax tail (rate theta of ``log(1 + theta x)``) the gaps below the ``most`` longest agree with.

    The longest are censored: they may be holes. The bound is where the profile log-likelihood falls 0.3 short of its
    maximum, the least that kept false alarms under 5 % on every null world tried.
    """
    theta = _THETAS / excess.mean()
    logs = np.log1p(theta[:, None] * excess[None, most:])
    seen = logs.shape[1]
    shape = (logs.sum(1) + most * logs[:, 0]) / seen
    likelihood = seen * (np.log(theta) - np.log(shape)) - logs.sum(1)
    return float(theta[np.flatnonzero(likelihood >= likelihood.max() - _HEAVIER)[-1]])


def _profile(own: Floats, everybody: Floats, strength: float) -> Floats:
    pooled = (everybody + 1.0) / (everybody + 1.0).sum()
    share = (own + strength * pooled) / (own.sum() + strength)
    return np.asarray(share / share.mean(), dtype=np.float64)


def _runs(counts: Floats, n: int) -> tuple[Floats, Floats, Floats]:
    """Give the sum, the expected sum and the lower tail of every run of n periods."""
    outside = len(counts) - n
    seen = _inside(counts, n, 0)
    mean = (counts.sum() - seen) / outside
    expected = np.maximum(n * mean, 1e-12)
    squares = np.maximum((counts**2).sum() - _inside(counts**2, n, 0) - outside * mean**2, 0.0)
    variance = n * squares / max(outside - 1, 1)
    for lag in range(1, min(n, outside // 2)):
        variance += 2 * (n - lag) * np.maximum(0.0, _autocovariance(counts, n, lag, mean))
    size = expected**2 / np.maximum(variance - expected, 1e-6 * expected)
    log_p = distributions.nbinom.logcdf(seen, size, size / (size + expected))
    score = distributions.norm.ppf(np.exp(np.clip(log_p, -690.0, 0.0)))
    p_values = distributions.t.cdf(score, max(outside / n - 1, 2))
    return seen, expected, np.where(seen < expected, p_values, 1.0)


def _autocovariance(counts: Floats, n: int, lag: int, mean: Floats) -> Floats:
    """Give, for every run of n periods, the autocovariance at ``lag`` of the pairs wholly outside it."""
    early, late = counts[:-lag], counts[lag:]
    pairs = len(early) - np.minimum(_inside(np.ones_like(early), n, lag), len(early) - 1)
    products = (early * late).sum() - _inside(early * late, n, lag)
    sums = (early + late).sum() - _inside(early + late, n, lag)
    return np.asarray((products - mean * sums) / pairs + mean**2, dtype=np.float64)


def _inside(values: Floats, n: int, lag: int) -> Floats:
    """Sum, for every run of n periods, the values whose index is inside it or up to ``lag`` before it."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    first = np.arange(len(values) + lag - n + 1)
    return np.asarray(total[np.minimum(first + n, len(values))] - total[np.maximum(first - lag, 0)], dtype=np.float64)
