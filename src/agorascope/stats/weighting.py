"""How is a sample weighted towards known margins? Raking, trimming, and what the weights cost.

Raking (iterative proportional fitting) multiplies the weights of each category by what it lacks, margin after margin, until all
fit; with one margin it is post-stratification.

Source: Deming and Stephan 1940, doi:10.1214/aoms/1177731829; Kish 1965, Survey Sampling, 11.7; the diagnostics are those of
``balance``, Sarig, Galili and Eilat 2023, arXiv:2307.06024, with whose numbers ours are compared in ``tests/golden/balance.json``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_PASSES = 1_000


class Raked(NamedTuple):
    """Hold weights (rows,) of the sum of the base weights, the passes made, and by how much the worst margin is still off."""

    weights: Floats
    passes: int
    off: float


def rake(codes: Sequence[Ints], targets: Sequence[Floats], base: Floats, *, tolerance: float = 1e-10) -> Raked:
    """Weigh rows until the share of every category is its target.

    ``codes``: per variable the category of each row, (rows,); ``targets``: per variable the shares of its categories, normalised
    here; ``base``: weights to begin with, (rows,). Stops where no category's share is off by more than ``tolerance`` of its target,
    or after ``MOST_PASSES``, and then says by how much. Raises ValueError for a category that is wanted and has no rows.
    Cost O(passes x variables x rows).

    >>> made = rake([np.array([0, 0, 0, 1])], [np.array([0.5, 0.5])], np.ones(4))
    >>> made.weights.round(6).tolist(), made.off < 1e-10
    ([0.666667, 0.666667, 0.666667, 2.0], True)
    """
    total = float(base.sum())
    wanted = [np.asarray(t, np.float64) / np.sum(t) for t in targets]
    weights = base / total
    for code, target in zip(codes, wanted, strict=True):
        if np.any((target > 0) & (np.bincount(code, weights, target.size) <= 0)):
            raise ValueError("a category that is wanted has no rows: leave it out of the targets, and tell its share")
    off, made = np.inf, 0
    while off > tolerance and made < MOST_PASSES:
        made += 1
        for code, target in zip(codes, wanted, strict=True):
            held = np.bincount(code, weights, target.size)
            weights = weights * np.divide(target, held, out=np.zeros_like(target), where=held > 0)[code]
        off = max((_off(code, target, weights) for code, target in zip(codes, wanted, strict=True)), default=0.0)
    return Raked(weights * total, made, float(off))


def _off(code: Ints, target: Floats, weights: Floats) -> float:
    held = np.bincount(code, weights, target.size)
    return float(np.max(np.abs(held - target) / np.where(target > 0, target, 1.0)))


def trim(weights: Floats, *, ratio: float) -> Floats:
    """Cut weights at ``ratio`` times their mean, once, and give what was cut to all in proportion.

    >>> trim(np.array([1.0, 1.0, 1.0, 9.0]), ratio=2.0).tolist()
    [1.3333333333333333, 1.3333333333333333, 1.3333333333333333, 8.0]
    """
    cut = np.minimum(weights, ratio * weights.mean())
    return np.asarray(cut * (weights.sum() / cut.sum()), np.float64)


def kish(weights: Floats) -> float:
    """Give the design effect of unequal weights: how many times fewer rows of equal weight say as much; 1 where all are equal.

    >>> kish(np.array([1.0, 1.0])), kish(np.array([1.0, 3.0]))
    (1.0, 1.25)
    """
    return float(weights.size * np.square(weights).sum() / weights.sum() ** 2) if weights.sum() > 0 else 1.0


def asmd(shares: Floats, target: Floats) -> Floats:
    """Give the distance of each share from its target, in standard deviations of the target: absolute standardised difference.

    nan where the target is 0 or 1, which has no deviation. Shape (categories,).

    >>> asmd(np.array([0.6, 0.4]), np.array([0.5, 0.5])).round(6).tolist()
    [0.2, 0.2]
    """
    deviation = np.sqrt(target * (1 - target))
    found = np.divide(np.abs(shares - target), deviation, out=np.full(target.size, np.nan), where=deviation > 0)
    return np.asarray(found, np.float64)
