"""Which of two events was talked about more? Per hour, per author and beyond the baseline, never by totals.

Two events last differently: their totals compare nothing.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

FARTHEST_RATIO = 1000.0  # no data set bounds a ratio beyond this: an end out there says that it is not bounded


class Compared(NamedTuple):
    """Hold a ratio of two events with its interval; an end that cannot be known is nan."""

    ratio: float
    low: float
    high: float


def per_hour(first: float, first_hours: float, second: float, second_hours: float) -> float:
    """Divide the posts per hour of a first event by those of a second.

    The fault of 19 July 2024 made 2.3 million posts in 24 hours, the Paris 2024 Olympics 2.8 million in 168 hours:

    >>> round(per_hour(2.3e6, 24, 2.8e6, 168), 2)
    5.75
    """
    return (first / first_hours) / (second / second_hours)


def compare_rates(first: Floats, first_hours: float, second: Floats, second_hours: float, *, level: float = 0.95) -> Compared:
    """Compare posts per hour; ``first`` and ``second`` are the posts of each author in each event (authors,), 0 allowed.

    Author-cluster variance of the log ratio with k/(k-1) and Student t on the effective number of authors.
    Source: Carter, Schnepel and Steigerwald 2017, doi:10.1162/REST_a_00639 (effective clusters).
    """
    if first.sum() <= 0 or second.sum() <= 0:
        return Compared(float("nan"), float("nan"), float("nan"))
    influence = first / first.sum() - second / second.sum()
    return _interval(per_hour(first.sum(), first_hours, second.sum(), second_hours), influence, level)


def compare_depths(first: Floats, second: Floats, *, level: float = 0.95) -> Compared:
    """Compare posts per unique author; ``first`` and ``second`` as in ``compare_rates``."""
    if first.sum() <= 0 or second.sum() <= 0:
        return Compared(float("nan"), float("nan"), float("nan"))
    here, there = first > 0, second > 0
    influence = first / first.sum() - here / here.sum() - second / second.sum() + there / there.sum()
    return _interval((first.sum() / here.sum()) / (second.sum() / there.sum()), influence, level)


def log_ratio_interval(ratio: float, variance: float, freedom: float, *, level: float = 0.95) -> Compared:
    """Put a Student t interval round a ratio whose logarithm has the given variance; nan for what lies beyond 1/1000 to 1000."""
    half = float(stats.t.ppf(0.5 + level / 2, max(freedom, 1.0))) * float(np.sqrt(variance))
    ends = (ratio, ratio * float(np.exp(-min(half, 50.0))), ratio * float(np.exp(min(half, 50.0))))
    return Compared(*(float("nan") if within(end) is None else end for end in ends))


def within(ratio: float) -> float | None:
    """Give a ratio, or None where it is unknown or lies beyond 1/1000 to 1000.

    >>> within(2.0), within(1e9), within(float("nan"))
    (2.0, None, None)
    """
    return ratio if 1 / FARTHEST_RATIO <= ratio <= FARTHEST_RATIO else None


def farness(ratio: float | None) -> float:
    """Measure how far a ratio is from 1, on the log scale; one that is not bounded is farthest.

    >>> farness(2.0) == farness(0.5) < farness(None)
    True
    """
    return abs(float(np.log(ratio or FARTHEST_RATIO)))


def _interval(ratio: float, influence: Floats, level: float) -> Compared:
    squares = influence**2
    k = np.count_nonzero(squares)
    if k < 2:
        return Compared(ratio, float("nan"), float("nan"))
    alike = float(squares.sum() ** 2 / (squares**2).sum())
    return log_ratio_interval(ratio, float(squares.sum()) * k / (k - 1), alike - 1, level=level)
