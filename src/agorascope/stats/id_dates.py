"""When was an account made, if only its id is known? Clocks inside ids; ids in sequence, dated by those whose date is known."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST_CLOCK = 29_700_859_247_000  # X ids below were given in sequence
FEWEST_ANCHORS = 20
_EPOCH_MS = 1_288_834_974_657


def numbers(ids: Sequence[str]) -> Ints:
    """Read ids as whole numbers of at most 18 digits; -1 for any other.

    >>> numbers(["18710816", "a5"]).tolist()
    [18710816, -1]
    """
    return np.array([int(i) if i.isdigit() and i.isascii() and len(i) <= 18 else -1 for i in ids] or [0], np.int64)[: len(ids)]


def clocks(ids: Ints) -> Floats:
    """Decode the clock of X ids, in µs UTC; nan where there is none.

    >>> clocks(np.array([922440008971292672, 12])).tolist()
    [1508761810902000.0, nan]
    """
    return np.asarray(np.where(ids > FIRST_CLOCK, ((np.maximum(ids, 0) >> 22) + _EPOCH_MS) * 1000.0, np.nan))


def interpolated(ids: Ints, known: Floats) -> Floats:
    """Date ids given in sequence from those of them whose date is ``known`` (µs, nan where not); nan outside their range.

    The dates known are sorted along the ids, which makes them monotone without bunching them as a monotone fit would, and
    interpolated. No account dates itself: anchors of odd rank date those of even rank and the other way round. Fewer than 20
    anchors date nothing. Source: rearrangement, Chernozhukov, Fernandez-Val and Galichon 2009, doi:10.1093/biomet/asp030.
    Cost O(n log n).

    >>> ids = np.arange(1, 41) * 100
    >>> interpolated(ids, ids * 2.0)[:3].tolist()
    [nan, 400.0, 600.0]
    """
    out = np.full(ids.size, np.nan)
    sequential = (ids > 0) & (ids <= FIRST_CLOCK)
    anchors = np.flatnonzero(sequential & np.isfinite(known))
    if anchors.size < FEWEST_ANCHORS:
        return out
    anchors = anchors[np.lexsort((known[anchors], ids[anchors]))]
    others = np.flatnonzero(sequential & ~np.isfinite(known))
    for wanted, used in ((anchors[::2], anchors[1::2]), (anchors[1::2], anchors[::2]), (others, anchors)):
        dates = np.sort(known[used])
        out[wanted] = np.interp(ids[wanted], ids[used], dates, left=np.nan, right=np.nan)
    return out
