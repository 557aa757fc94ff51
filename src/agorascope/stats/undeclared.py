"""How far can a weighted share be wrong because some rows do not say what they are? The worst case, both ways.

The share is post-stratified on one variable: theta = sum of target x (with / all) over categories. Rows of no known category may
belong to any; a category without rows may hold anything. Both are bounded, neither is guessed.

Source: Manski 1989, J. Human Resources 24:343; the two extremes are ours: in the rows without the attribute a category's
contribution is convex, so that they all lie in one; in those with it concave, so that they are poured like water.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def bounds(has: Floats, lacks: Floats, target: Floats, *, unknown_has: float, unknown_lacks: float) -> tuple[float, float]:
    """Give the lowest and highest post-stratified share that some assignment of the unknown rows allows.

    ``has`` and ``lacks``: rows of each known category with and without the attribute, (categories,), whole or not; ``target``:
    shares of the population, (categories,), normalised here. Categories without rows hold from none to all. Rows may be
    split between categories, so that the bounds are outer ones. Cost O(categories^2).

    >>> one = np.array([1.0, 1.0])
    >>> bounds(one, one, one, unknown_has=0, unknown_lacks=0), bounds(one, one, one, unknown_has=2, unknown_lacks=0)
    ((0.5, 0.5), (0.625, 0.6666666666666666))
    """
    shares = np.asarray(target, np.float64) / np.sum(target)
    high = _highest(has, lacks, shares, unknown_has, unknown_lacks)
    return 1.0 - _highest(lacks, has, shares, unknown_lacks, unknown_has), high


def _highest(has: Floats, lacks: Floats, target: Floats, more: float, fewer: float) -> float:
    """Pour ``more`` where it lifts most, for every single category that ``fewer`` may all lie in, and keep the best."""
    present = (has + lacks > 0) & (target > 0)
    beyond = float(target[~present].sum())
    has, lacks, target = has[present], lacks[present], target[present]
    if not target.size:
        return 1.0
    places = [np.eye(target.size)[i] * fewer for i in range(target.size)] if fewer > 0 else [np.zeros(target.size)]
    if beyond > 0 and fewer > 0:
        places.append(np.zeros(target.size))
    return min(1.0, beyond + max(_poured(has, lacks + place, target, more) for place in places))


def _poured(has: Floats, lacks: Floats, target: Floats, more: float) -> float:
    """Maximise sum of target x (has + a) / (has + lacks + a) over a >= 0 of sum ``more``: all are alike at the edge."""
    all_rows, room = has + lacks, np.sqrt(target * lacks)
    added = np.zeros_like(has)
    order = np.argsort(-room / all_rows, kind="stable")
    for count in range(order.size, 0, -1):
        some = order[:count]
        if room[some].sum() <= 0:
            continue
        level = (more + all_rows[some].sum()) / room[some].sum()
        part = level * room[some] - all_rows[some]
        if part.min() >= 0:
            added[some] = part
            break
    return float((target * (has + added) / (all_rows + added)).sum())
