"""By what factor did means move where many counts are zero? Poisson, zeros counted, and an interval that needs no logarithm.

A zero has no logarithm. Where zeros are many, leaving them out hides what was asked about: an account shown to nobody has no
logarithm left at all. The factor is that of Poisson pseudo likelihood on means per post (``poisson``), to which a zero is a
number like another. Its interval is Fieller's for the ratio of two means: those of the treated's counts, each account over its own
mean and the course of the others, after and before, with their noise in time (variances of means, times (1 + r) / (1 - r) for the
correlation r of neighbours) and, in the upper mean, what the others' own factors differ by.

Limits: the others' differences hold their noise too, so that the interval is somewhat wide; there is no test.
Source: Santos Silva and Tenreyro 2006, doi:10.1162/rest.88.4.641; Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x. What we
changed: the spread of the others is put into Fieller's interval.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from . import poisson

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST_OTHERS = 60
HIGHEST = 0.9


class Sparse(NamedTuple):
    """Hold the ratio and the ends of its interval; ``high`` is None where nothing bounds it from above."""

    ratio: float
    low: float
    high: float | None


def estimate(means: Floats, treated: Bools, after: Bools, *, level: float = 0.95) -> Sparse | None:
    """Give the ratio of means per post, treated over others, after over before; None where it cannot be told.

    ``means`` (accounts, periods): 0 or more, nan where unknown. Cost O(accounts) Poisson fits, of 60 others at most.

    >>> means = np.array([[10.0, 12, 11, 9, 0, 0, 1, 0], [5, 6, 5, 6, 5, 6, 5, 6], [8, 7, 8, 7, 8, 7, 8, 7.0]])
    >>> found = estimate(means, np.arange(3) < 1, np.arange(8) >= 4)
    >>> round(found.ratio, 3), found.low
    (0.024, 0.0)
    """
    course = _course(means[~treated])
    mine = _course(means[treated]) / course
    sides = [mine[side & np.isfinite(mine)] for side in (after, ~after)]
    if min(side.size for side in sides) < 2 or sides[1].mean() <= 0:
        return None
    if sides[0].sum() == 0:  # nothing at all is left: no number but zero, and nothing says how near to it the truth is
        return Sparse(0.0, 0.0, None)
    fitted = _ratio(means, treated, after)
    if fitted is None:
        return None
    spreads = [_spread(side) for side in sides]
    spreads[0] += _between(means, treated, after)
    q = float(student.ppf(0.5 + level / 2, max(min(side.size for side in sides) - 1, 1))) ** 2
    upper, lower = spreads
    root, rest = upper + lower - q * upper * lower, 1 - q * lower
    low = 0.0 if q * upper >= 1 else (1 - np.sqrt(q * root)) / rest if rest > 0 else 0.0
    high = (1 + np.sqrt(q * root)) / rest if rest > 0 else None
    return Sparse(fitted, fitted * max(float(low), 0.0), None if high is None else fitted * float(high))


def _ratio(means: Floats, treated: Bools, after: Bools) -> float | None:
    try:
        fitted = poisson.estimate(means, treated, after)
    except ValueError:
        return None
    return float(np.exp(fitted.tau)) if fitted.converged and np.isfinite(fitted.tau) else None


def _course(means: Floats) -> Floats:
    """Average accounts, each over its own mean: (periods,), nan where none is known."""
    known = np.isfinite(means)
    own = np.where(known, means, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    use = known & (own > 0)[:, None]
    count = use.sum(axis=0)
    total = np.where(use, means / np.where(own > 0, own, 1.0)[:, None], 0.0).sum(axis=0)
    return np.asarray(np.where((count > 0), total / np.maximum(count, 1), np.nan))


def _spread(side: Floats) -> float:
    """Give the variance of the mean over its square, neighbours correlated as they are."""
    centred = side - side.mean()
    square = float((centred**2).mean())
    near = float((centred[1:] * centred[:-1]).mean()) / square if square > 0 else 0.0
    memory = min(max(near, 0.0), HIGHEST)
    return float(side.var(ddof=1)) / side.size * (1 + memory) / (1 - memory) / float(side.mean()) ** 2


def _between(means: Floats, treated: Bools, after: Bools) -> float:
    """Give the variance of the treated's mean factor if it varied as the others' own factors (logs) do."""
    others = np.flatnonzero(~treated)
    rest = means[others]
    picked = np.unique(np.linspace(0, others.size - 1, min(others.size, MOST_OTHERS)).round().astype(np.int64))
    found = (_ratio(rest, np.arange(others.size) == one, after) for one in picked.tolist())
    logs = np.log([ratio for ratio in found if ratio is not None])
    if logs.size < 2:
        return 0.0
    return float(logs.var(ddof=1)) * (1 / max(int(treated.sum()), 1) + 1 / others.size)
