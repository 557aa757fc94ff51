"""Which whole numbers are these, each once? By sorting.

``np.unique`` of NumPy 2.3 and later hashes where nothing but the values is asked of it, which for
millions of different numbers takes a hundred times as long (seen with NumPy 2.4.6).
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def distinct(values: Ints) -> Ints:
    """Give the different ones of ``values`` (n,), ascending. Cost O(n log n), O(n) where they are already.

    >>> distinct(np.array([3, 1, 3, 2])).tolist(), distinct(np.array([], np.int64)).tolist()
    ([1, 2, 3], [])
    """
    if (values[1:] > values[:-1]).all():
        return values.copy()
    ordered = np.sort(values)
    first = np.ones(ordered.size, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
