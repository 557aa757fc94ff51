"""How much of a loss could some of the members explain, if it is not seen who left? Bounds, and what chance would take.

A member is one follower of one account. Counts are arrays, one element per account: ``before`` members, ``lost`` of them net of
new ones, ``known`` by name of whom ``flagged`` are of the kind asked about; ``unseen`` more of that kind could be members without
being known.
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def bounds(before: Ints, lost: Ints, known: Ints, flagged: Ints, unseen: Ints) -> tuple[Ints, Ints]:
    """Give the fewest and the most of the lost that can be flagged. Cost O(accounts).

    At least those are that the unflagged are too few to be; at most as many as are flagged among the known, and as could be among
    the others. Both hold for the share of the loss before new members came as well, which is larger than the net one.
    Source: no-assumption bounds, Manski 1990, American Economic Review 80(2): 319-323.

    >>> [int(v[0]) for v in bounds(*(np.array([v]) for v in (100, 20, 100, 90, 5)))]
    [10, 20]
    >>> [int(v[0]) for v in bounds(*(np.array([v]) for v in (100, 20, 60, 3, 5)))]
    [0, 8]
    """
    sure = np.maximum(flagged - np.maximum(known - before, 0), 0)
    least = np.maximum(lost - (before - sure), 0)
    most = np.minimum(lost, flagged + np.minimum(np.maximum(before - known, 0), unseen))
    return least, most


def at_random(before: Ints, lost: Ints, known: Ints, flagged: Ints) -> tuple[float, float, float]:
    """Give the share of flagged among the lost if these are drawn from the known at random, with the range of 95 % of draws.

    Of one account the range is hypergeometric; of several, whose lists are taken to be drawn one by one, the normal one of the same
    mean and variance. What is lost is scaled to the known where these are not all. Cost O(accounts).

    >>> tuple(round(v, 3) for v in at_random(*(np.array([v]) for v in (1000, 100, 1000, 200))))
    (0.2, 0.13, 0.28)
    """
    taken = np.clip(np.round(lost * known / before), 1, known)
    share = flagged / known
    if lost.size == 1:
        ends = stats.hypergeom.ppf([0.025, 0.975], int(known[0]), int(flagged[0]), int(taken[0])) / taken[0]
        return float(share[0]), float(ends[0]), float(ends[1])
    weight = lost / lost.sum()
    spread = share * (1 - share) / taken * (known - taken) / np.maximum(known - 1, 1)
    mean, half = float((weight * share).sum()), 1.959964 * float(np.sqrt((weight**2 * spread).sum()))
    return mean, max(mean - half, 0.0), min(mean + half, 1.0)
