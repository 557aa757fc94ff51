"""How far could posts that nobody captured move a shift? Worst cases of the very estimate, by the captured share of every cell.

A cell whose captured posts have the mean m and of whose posts the share s was captured has the true mean s m + (1 - s) x, where x,
the mean of the missing ones, lies between 0 and ``most`` times m. The shift is a weighted sum of the cells' logs: it is lowest
where every cell of positive weight is at its lowest and every other at its highest. With ``most`` infinite an end exists
only where no cell that would have to rise lacks a post.

Source: Manski 1990, *American Economic Review* 80: 319. What we changed: each cell is bounded, with the regression's weights.
"""

import numpy as np
import numpy.typing as npt

from .twoway import residuals

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_LEAST = 1e-9


def weights(y: Floats, treated: Bools, after: Bools) -> Floats:
    """Give the weights with which the known cells add up to the shift; 0 for unknown ones. Shape as y.

    >>> weights(np.zeros((2, 2)), np.array([True, False]), np.array([False, True])).round(9).tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """
    known = np.isfinite(y)
    step = residuals(np.where(known, 1.0 * (treated[:, None] & after[None, :]), np.nan))
    filled = np.where(known, step, 0.0)
    return np.asarray(filled / (filled**2).sum())


def bounds(y: Floats, treated: Bools, after: Bools, share: Floats, *, most: float) -> tuple[float, float]:
    """Give the lowest and the highest shift (logs, maybe infinite) beside that of y; the estimate itself lies between.

    ``share`` (accounts, periods): captured share of the posts, 0..1; nan, where it is not known, is taken for 1.

    >>> y, treated, after = np.zeros((2, 2)), np.array([True, False]), np.array([False, True])
    >>> share = np.array([[1.0, 0.5], [np.nan, 1.0]])
    >>> [round(float(np.exp(end)), 2) for end in bounds(y, treated, after, share, most=2.0)]
    [0.5, 1.5]
    >>> [round(float(np.exp(end)), 2) for end in bounds(y, treated, after, share, most=np.inf)]
    [0.5, inf]
    """
    each = weights(y, treated, after)
    part = np.where(np.isfinite(share), np.clip(share, _LEAST, 1.0), 1.0)
    lacking = (part < 1) & (np.abs(each) > _LEAST)
    weight, kept = each[lacking], part[lacking]
    low, high = np.log(kept), np.log(kept + most * (1 - kept))
    tau = float((each * np.where(np.isfinite(y), y, 0.0)).sum())
    lowest = weight * np.where(weight > 0, low, high)
    highest = weight * np.where(weight > 0, high, low)
    return tau + float(min(lowest.sum(), 0.0)), tau + float(max(highest.sum(), 0.0))
