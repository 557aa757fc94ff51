"""How do rows of a query become arrays of accounts and periods? Places, sums, ratios, logs, whole periods."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

DAY_US = 86_400_000_000

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Adder:
    """Add values up into cells, nan values apart."""

    def __init__(self, shape: tuple[int, int], row: Ints, column: Ints) -> None:
        self._shape, self._cell = shape, row * shape[1] + column

    def __call__(self, values: Floats) -> Floats:
        size = self._shape[0] * self._shape[1]
        return np.asarray(np.bincount(self._cell, np.nan_to_num(values), minlength=size).reshape(self._shape), dtype=np.float64)


def whole(starts: Ints, length: int, first_us: int, last_us: int) -> tuple[Ints, int]:
    """Leave out a first and a last period that the corpus covers by less than nine tenths; say how many were left out."""
    kept = starts
    if starts.size > 2 and starts[0] + length - first_us < 0.9 * length:
        kept = kept[1:]
    if starts.size > 2 and last_us - starts[-1] < 0.9 * length - DAY_US:
        kept = kept[:-1]
    return kept, int(starts.size - kept.size)


def places(names: Sequence[str], place: dict[str, int]) -> Ints:
    """Number the names by ``place``, -1 for others."""
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def ratio(total: Floats, number: Floats) -> Floats:
    """Divide, nan where there is nothing to divide by or nothing was seen."""
    ok = (number > 0) & (total > 0)
    return np.asarray(np.where(ok, total / np.where(ok, number, 1.0), np.nan))


def floats(column: pa.ChunkedArray) -> Floats:
    """Give a column as numbers, nan where null."""
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def log(values: Floats) -> Floats:
    """Take logs, nan where a value is unknown or not above zero."""
    ok = np.isfinite(values) & (values > 0)
    return np.asarray(np.where(ok, np.log(np.where(ok, values, 1.0)), np.nan))


def log_ratio(total: Floats, number: Floats) -> Floats:
    """Take the log of a ratio, nan where either is unknown or not above zero."""
    return np.asarray(log(total) - log(number))
