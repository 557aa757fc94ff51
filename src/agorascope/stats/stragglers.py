"""Did several act on orders, or did each react for themselves? What the gaps between their acts on one object say.

Who reacts by themselves leaves stragglers: waiting times of people have heavy tails, and even those without any memory
(exponential) lie apart by more than three times their median gap in one case of eight. Orders that are sent out evenly or about a
set time leave hardly any: 1.5 % and 4.4 %. So the share of pairs of acts that lie within ``REACH`` times the median gap is compared
with ``MEMORYLESS``, what waiting without memory gives. Nothing need be known of when the object came out.

Limits: orders followed at leisure leave stragglers too, and are not told; people who all leave at one moment (the end of a show)
leave few.
Source: ours. Heavy tails of waiting: Barabási 2005, doi:10.1038/nature03459. Interval: ``shares``, objects as clusters.
"""

from typing import NamedTuple

import numpy as np

from ._sweep import Ints
from .coaction import near_by_object, near_pairs
from .shares import design_effect, wilson

REACH = 3
MEMORYLESS = 1 - 2.0**-REACH


class Gaps(NamedTuple):
    """Hold the median gap of two acts on one object (s), the share of pairs within ``REACH`` times it, and that share's ends."""

    median: int
    steady: float
    low: float
    high: float


def gaps(obj: Ints, at: Ints, step: int = 1) -> Gaps | None:
    """Measure the gaps of acts (acts,) on objects at whole seconds, told to ``step`` s; None without a pair.

    Cost O(acts log acts log span). A median below ``step`` is taken for it: nothing shorter can be told.

    >>> gaps(np.array([1, 1, 1, 1]), np.array([0, 10, 20, 500]))
    Gaps(median=20, steady=0.5, low=0.15003899039790845, high=0.8499610096020915)
    """
    count = np.unique(obj, return_counts=True)[1]
    pairs = int((count * (count - 1) // 2).sum())
    if not pairs:
        return None
    low, high = step, max(int(at.max() - at.min()), step)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if 2 * near_pairs(obj, at, middle) >= pairs else (middle + 1, high)
    _, near, each = near_by_object(obj, at, REACH * low)
    share = float(near.sum()) / pairs
    wide = design_effect(
        square=float(near @ near), cross=float(near @ each), total_square=float(each @ each), count=float(near.sum()), total=pairs
    )
    if near.sum() in (0, pairs):
        wide = float(each @ each) / pairs
    return Gaps(low, share, *wilson(float(near.sum()), pairs, design_effect=wide))
