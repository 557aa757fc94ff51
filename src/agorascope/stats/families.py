"""Which of many tests still say something when all are looked at? Adjusted p-values that hold the family-wise error."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TIE = 1e-12


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for the family-wise error by Holm's step-down, whatever their dependence.

    Source: Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70, https://www.jstor.org/stable/4615733. Cost O(n log n).

    >>> [round(p, 2) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def max_t(observed: Floats, draws: Floats) -> Floats:
    """Adjust p-values for the family-wise error by step-down max-T: less strict than Holm where tests go together.

    ``observed`` (tests,): how far each statistic lies from nothing, larger is farther (give absolute values for two-sided tests),
    all on one scale (studentised); nan is a test that could not be made, which gets p = 1. ``draws`` (draws, tests): the same
    under the null, each row one draw of all tests together; nan counts as nothing seen. With statistics sorted, the k-th largest
    is compared with the largest among those not above it, draw by draw; p = (1 + reached) / (1 + draws), made monotone. Shape
    (tests,).

    Source: Westfall and Young 1993, Resampling-based multiple testing, Algorithm 2.8; Romano and Wolf 2005,
    doi:10.1198/016214504000000539 (validity). What we changed: the data count as one draw, so that p is never 0. Cost O(draws x
    tests).

    >>> draws = np.array([[1.0, 1.0], [3.0, 0.0], [0.0, 0.5]])
    >>> max_t(np.array([2.0, 0.6]), draws).tolist()
    [0.5, 0.5]
    """
    if draws.ndim != 2 or observed.shape != draws.shape[1:]:
        raise ValueError(f"{observed.shape} statistics and draws of shape {draws.shape}; give draws as (draws, tests)")
    seen = np.where(np.isnan(observed), -np.inf, observed)
    order = np.argsort(-seen, kind="stable")
    drawn = np.where(np.isnan(draws), -np.inf, draws)[:, order]
    largest = np.maximum.accumulate(drawn[:, ::-1], axis=1)[:, ::-1]
    reached = np.count_nonzero(largest >= seen[order] - _TIE, axis=0)
    adjusted = np.empty(len(seen))
    adjusted[order] = np.maximum.accumulate((1 + reached) / (1 + len(draws)))
    return np.where(np.isnan(observed), 1.0, adjusted)
