"""Do groups run against each other: does one value least what the others value most?

Whoever follows the others more, less or not at all does not run against them. So the correlation, over items, of what one
group gives with what the others give is 0 or above where groups only differ in how lenient, loud or attentive they are; below 0
beyond chance, they are opposed. Asked of every group against all others, the least chance times the number of groups.

Limits: fewer than ``LEAST`` items tell nothing. Counts are given as their roots, so that a few large ones do not decide.
Source: Pearson's correlation, one-sided by Student's t.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import pearsonr

Floats = npt.NDArray[np.float64]

LEAST = 8


def opposed(own: Floats, others: Floats) -> float:
    """Give the chance that groups which are not opposed look as opposed. ``own, others`` (groups, items); nan: not known there.

    >>> opposed(np.arange(12.0)[None], -np.arange(12.0)[None]) < 1e-6, opposed(np.arange(12.0)[None], np.arange(12.0)[None])
    (True, 1.0)
    """
    least = 1.0
    for one, other in zip(own, others, strict=True):
        told = np.isfinite(one) & np.isfinite(other)
        if told.sum() >= LEAST and np.ptp(one[told]) > 0 and np.ptp(other[told]) > 0:
            chance: float = pearsonr(one[told], other[told], alternative="less").pvalue
            least = min(least, chance)
    return float(min(1.0, least * own.shape[0]))
