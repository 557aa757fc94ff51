"""How far do two partitions of the same things agree, beyond chance? Adjusted mutual information.

0: no more than two partitions of the same sizes drawn at random; 1: the same partition.
Source: Vinh, Epps and Bailey 2010, JMLR 11:2837-2854 (equation 24 for the chance level; normalised by the mean of the entropies).
"""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from .distinct import distinct

Ints = npt.NDArray[np.int64]


def adjusted_mutual_information(one: Ints, other: Ints) -> float:
    """Compare two partitions (things,), each a number of group. Cost O(things + pairs of groups times their sizes).

    >>> adjusted_mutual_information(np.array([0, 0, 1, 1]), np.array([5, 5, 3, 3]))
    1.0
    """
    n = one.size
    (_, a), (_, b) = (np.unique(part, return_inverse=True) for part in (one, other))
    rows, columns = np.bincount(a).astype(np.float64), np.bincount(b).astype(np.float64)
    if n == 0 or (rows.size == columns.size == 1) or (rows.size == columns.size == n):
        return 1.0
    _, joint = np.unique(a * columns.size + b, return_counts=True)
    shared = distinct(a * columns.size + b)
    at = rows[shared // columns.size] * columns[shared % columns.size]
    mutual = float((joint / n * np.log(n * joint / at)).sum())
    expected = _expected(rows, columns, n)
    mean = (_entropy(rows, n) + _entropy(columns, n)) / 2
    return round(float((mutual - expected) / (mean - expected)), 12) if abs(mean - expected) > 1e-15 else 0.0


def _entropy(count: np.ndarray, n: int) -> float:
    return float(-(count / n * np.log(count / n)).sum())


def _expected(rows: np.ndarray, columns: np.ndarray, n: int) -> float:
    """Give the mean mutual information of two partitions of these sizes placed at random: hypergeometric, sizes taken once each."""
    total = 0.0
    (sizes_a, times_a), (sizes_b, times_b) = (np.unique(c, return_counts=True) for c in (rows, columns))
    for size_a, many_a in zip(sizes_a, times_a, strict=True):
        for size_b, many_b in zip(sizes_b, times_b, strict=True):
            k = np.arange(max(1.0, size_a + size_b - n), min(size_a, size_b) + 1)
            chance = np.exp(
                gammaln(size_a + 1) + gammaln(size_b + 1) + gammaln(n - size_a + 1) + gammaln(n - size_b + 1)
                - gammaln(n + 1) - gammaln(k + 1) - gammaln(size_a - k + 1) - gammaln(size_b - k + 1)
                - gammaln(n - size_a - size_b + k + 1)
            )  # fmt: skip
            total += many_a * many_b * float((k / n * np.log(n * k / (size_a * size_b)) * chance).sum())
    return total
