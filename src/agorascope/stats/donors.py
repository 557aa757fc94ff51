"""Which accounts and periods can be compared in full? Those without gaps; the others are left out and counted."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Complete(NamedTuple):
    """Hold a panel without gaps, periods before first, then periods after, each in the order given.

    ``treated`` (treated accounts, periods); ``donors`` (donors, periods); ``before`` the number of periods before; ``used``
    (accounts,) says which accounts are donors; ``donors_left_out`` counts other accounts with a gap, ``periods_left_out`` periods
    in which a treated account is unknown.
    """

    treated: Floats
    donors: Floats
    before: int
    used: Bools
    donors_left_out: int
    periods_left_out: int


def complete(y: Floats, treated: Bools, after: Bools) -> Complete:
    """Keep periods in which every treated account is known, then the other accounts known in all of those. Cost O(cells).

    ``y`` (accounts, periods), nan where unknown. Nothing is filled in: an account that comes and goes would move the weighted mean
    of the others by its level. Raises ValueError where shapes differ, or nothing is left on one side.

    >>> y = np.array([[1.0, np.nan, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, np.nan, 4.0]])
    >>> kept = complete(y, np.array([True, False, False]), np.array([False, False, True, True]))
    >>> kept.donors.tolist(), kept.before, kept.donors_left_out, kept.periods_left_out
    ([[1.0, 3.0, 4.0]], 1, 1, 1)
    """
    if y.ndim != 2 or treated.shape != y.shape[:1] or after.shape != y.shape[1:]:
        raise ValueError(f"y {y.shape} needs treated (accounts,) and after (periods,), not {treated.shape} and {after.shape}")
    known = np.isfinite(y)
    whole = np.asarray(known[treated].all(axis=0))
    order = np.concatenate([np.flatnonzero(whole & ~after), np.flatnonzero(whole & after)])
    used = ~treated & known[:, order].all(axis=1)
    before = int(np.count_nonzero(whole & ~after))
    if not treated.any() or not used.any() or before == 0 or before == len(order):
        raise ValueError(
            f"{int(treated.sum())} treated accounts, {int(used.sum())} others without gaps, {before} periods before and "
            f"{len(order) - before} after are known; give at least one of each"
        )
    lost = int(np.count_nonzero(~treated & ~used))
    return Complete(y[treated][:, order], y[used][:, order], before, used, lost, len(whole) - len(order))
