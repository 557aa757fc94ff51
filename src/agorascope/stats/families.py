"""Which of many tests still say something when all are looked at? Adjusted p-values that hold the family-wise error."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import norm


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


def three_differences(p_value: float) -> float:
    """Adjust the smallest of three p-values, two-sided, of a, b and a - b: it is at most three times as large, as by Holm.

    Three differences among three quantities (a, b and 0) lie in one plane, where the largest is beyond c with probability at most
    mean exp(-c^2 / (2 cos^2 t)) over t in [0, pi/6]: Tukey's range of three, whatever the variances and the correlation.
    Source: Tukey-Kramer for three correlated means, Brown 1984, JASA 79: 145 (known degrees of freedom; here normal scores).

    >>> [round(three_differences(p), 4) for p in (0.0001, 0.02, 0.05, 1.0)]
    [0.0003, 0.0522, 0.1223, 1.0]
    """
    nodes, weights = np.polynomial.legendre.leggauss(24)
    angles = (nodes + 1) * np.pi / 12
    score = float(norm.isf(min(p_value, 1.0) / 2))
    return float((weights * np.exp(-(score**2) / (2 * np.cos(angles) ** 2))).sum() / 2)


def benjamini_hochberg(p_values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Adjust p-values (tests,) for the false discovery rate: at most q of those with adjusted value <= q are false, on average.

    Holds under independence and positive dependence. Source: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    Cost O(n log n).

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.9])).round(3).tolist()
    [0.04, 0.053, 0.053, 0.9]
    """
    order = np.argsort(p_values, kind="stable")
    raised = p_values[order] * p_values.size / np.arange(1, p_values.size + 1)
    adjusted = np.empty_like(raised)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted
