"""Which of many tests still say something when all are looked at? Adjusted p-values that hold the family-wise error."""

from collections.abc import Sequence

import numpy as np


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
