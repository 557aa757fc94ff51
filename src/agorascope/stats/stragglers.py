"""Did several act on orders, or did each react for themselves? What the gaps between their acts on one object say.

Who reacts by themselves leaves stragglers: waiting times of people have heavy tails, and lighter ones than theirs, of two waits
without memory one after the other (to notice, then to decide), lie apart by more than three times their median gap in one case of
eleven. Orders that are sent out evenly or about a set time leave hardly any: 1.5 % and 4.4 %. So the share of pairs of acts within
``REACH`` times the median gap is compared with ``WAITING``, what those two waits give. Where gaps have two humps (people who read
at two hours of the day), the median lies in the farther one and says nothing: ``brief``, the share of pairs within a third of the
median, is then larger than a wait without memory gives (``BRIEF``).

Who is sent out by one hand may be there in the same seconds and leave stragglers all the same. Nobody who notices, reads and
decides by themselves is that near another: their waiting times spread over minutes, so that of the pairs within a minute about a
sixth lie within ten seconds. ``instant`` is that share; where times are told to the minute, it is the share of those in the same
minute among pairs within six (about an eleventh).

Limits: orders followed at leisure, in waves, or late by some leave stragglers too, and are not told. People who all leave at one
moment (the end of a show) leave few; machines that look once an hour, each at a minute of its own, leave none.
Source: ours. Heavy tails of waiting: Barabási 2005, doi:10.1038/nature03459. The gap of two pairs of waits without memory of mean 1
exceeds x with probability (1 + x/2) exp(-x). Intervals: ``shares``, objects as clusters.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._sweep import Ints
from .coaction import near_by_object, near_pairs
from .shares import design_effect, wilson

Floats = npt.NDArray[np.float64]

REACH = 3
_HALFWAY = 1.1461932206  # where (1 + x/2) exp(-x) is one half
WAITING = 1 - (1 + REACH * _HALFWAY / 2) * math.exp(-REACH * _HALFWAY)
BRIEF = 1 - 2.0 ** (-1 / REACH)
CLEAR = 3  # steps: a shorter median is one of rounding
AT_HAND, MINUTE = 10, 60  # s
LEAST = 20
HALF = 0.5


class Gaps(NamedTuple):
    """Hold the median gap of two acts on one object (s), and the share of pairs within ``REACH`` times it, with its ends.

    ``brief_low``: the lower end of the share within a third of it. ``clear``: the median is of ``CLEAR`` steps or more.
    ``instant``, ``instant_low``: of the pairs within a minute, those within ten seconds, with the lower end; of times told to the
    minute as said above; None where fewer than ``LEAST`` pairs are that near, or times are coarser.
    """

    median: float
    steady: float
    low: float
    high: float
    instant: float | None = None
    instant_low: float | None = None
    brief_low: float = 0.0
    clear: bool = True


def gaps(obj: Ints, at: Ints, step: int = 1) -> Gaps | None:
    """Measure the gaps of acts (acts,) on objects at whole seconds, told to ``step`` s; None without a pair.

    Cost O(acts log acts log span). Between steps, gaps are interpolated, as quantiles of grouped data are.

    >>> found = gaps(np.array([1, 1, 1, 1]), np.array([0, 10, 20, 500]))
    >>> found.median, found.steady, round(found.low, 3), round(found.high, 3), found.instant
    (20.5, 0.5, 0.188, 0.812, None)
    """
    count = np.unique(obj, return_counts=True)[1]
    pairs = int((count * (count - 1) // 2).sum())
    if not pairs:
        return None
    at = at // step
    low, high = 0, int(at.max() - at.min())
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if 2 * near_pairs(obj, at, middle) >= pairs else (middle + 1, high)
    below = near_pairs(obj, at, low - 1) / pairs if low else 0.0
    inside = near_pairs(obj, at, low) / pairs
    median = low - HALF + (HALF - below) / (inside - below) if low else HALF * HALF / inside
    near, third = (_share(*_within(obj, at, gap)) for gap in (REACH * median, median / REACH))
    return Gaps(round(median * step, 1), *near, *_instant(obj, at, step), third[1], median >= CLEAR)


def _within(obj: Ints, at: Ints, gap: float) -> tuple[Floats, Floats]:
    """Count, for each object, the pairs within a gap in steps, and all of them; between two whole steps in proportion.

    Two times told to the same step are half a step apart at most times, so that those within k steps count as within k + 1/2.
    """
    whole = math.floor(gap - HALF)
    _, above, each = near_by_object(obj, at, whole + 1)
    under = near_by_object(obj, at, whole)[1] if whole >= 0 else np.zeros_like(above)
    part = gap - HALF - whole if whole >= 0 else gap / HALF
    return (1 - part) * under + part * above, each.astype(np.float64)


def _instant(obj: Ints, at: Ints, step: int) -> tuple[float | None, float | None]:
    if step > MINUTE:
        return None, None
    near, wide = (AT_HAND, MINUTE) if step == 1 else (0, MINUTE // AT_HAND)
    within, around = (near_by_object(obj, at, window)[1].astype(np.float64) for window in (near, wide))
    return _share(within, around)[:2] if int(around.sum()) >= LEAST else (None, None)


def _share(part: Floats, whole: Floats) -> tuple[float, float, float]:
    """Give the share of pairs with its interval, from counts by object."""
    number, total = float(part.sum()), float(whole.sum())
    square, cross, total_square = float(part @ part), float(part @ whole), float(whole @ whole)
    wide = design_effect(square=square, cross=cross, total_square=total_square, count=number, total=total)
    if number in (0.0, total):  # one object is one observation, where all are alike
        wide = total_square / total
    return number / total, *wilson(number, total, design_effect=wide)
