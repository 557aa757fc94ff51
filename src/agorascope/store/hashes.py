"""Which rows are new? A set of 64-bit hashes in sorted NumPy arrays: 8 bytes a row, vectorised look-ups."""

import numpy as np
from numpy.typing import NDArray

from agorascope.stats.distinct import distinct

_PARTS = 8


class HashSet:
    """Hold int64 hashes; say which of a batch are new while taking them in."""

    def __init__(self, values: NDArray[np.int64] | None = None) -> None:
        """Start from known hashes, shape (n,)."""
        self._parts = [] if values is None or not len(values) else [distinct(values)]

    def take(self, values: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Mark the first appearance of each hash not seen before, shape (n,), and remember it. Cost O(n log N)."""
        fresh = np.zeros(len(values), dtype=bool)
        different, first = np.unique(values, return_index=True)
        unknown = np.ones(len(different), dtype=bool)
        for part in self._parts:
            place = np.minimum(np.searchsorted(part, different), len(part) - 1)
            unknown &= part[place] != different
        fresh[first[unknown]] = True
        self._remember(different[unknown])
        return fresh

    def _remember(self, values: NDArray[np.int64]) -> None:
        if not len(values):
            return
        self._parts.append(values)
        if len(self._parts) > _PARTS:
            self._parts = [np.sort(np.concatenate(self._parts))]
