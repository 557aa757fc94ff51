"""How much is there of each? Sums of values by number, as floats."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def sums(numbers: Ints, values: Floats, size: int) -> Floats:
    """Add up ``values`` (n,) by their ``numbers`` (n,) in [0, size). Shape (size,). Cost O(n + size).

    >>> sums(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist()
    [1.0, 0.0, 5.0, 0.0]
    """
    return np.bincount(numbers, values, size).astype(np.float64)
