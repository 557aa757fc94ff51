"""What is approved of in every camp? Group-informed consensus, the least approving camp, and how sure that one is.

One row is an item; ``agree`` and ``votes`` (camps, items) count the votes of each camp. Shares are shrunk towards one half by one
vote for and one against, so that an item few have seen in a camp is not at an end of the scale.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def counted(camp: Ints, item: Ints, value: Floats, *, camps: int, items: int, weight: Floats | float = 1.0) -> Floats:
    """Add up values (votes,) by the camp of their rater and by item: (camps, items); camp -1 is left out. Cost O(votes)."""
    known = camp >= 0
    cell = camp[known] * items + item[known]
    summed = np.bincount(cell, np.broadcast_to(value * weight, camp.shape)[known], camps * items)
    return np.asarray(summed.reshape(camps, items))


def consensus(agree: Floats, votes: Floats) -> Floats:
    """Multiply the shrunk shares of all camps: the group-informed consensus (items,), 0 to 1.

    As in Polis, a camp that did not vote on an item counts one half there.

    Source: Small et al. 2021, doi:10.6035/recerca.5516.

    >>> consensus(np.array([[8.0], [3.0]]), np.array([[8.0], [4.0]])).round(3).tolist()
    [0.6]
    """
    return np.asarray(np.prod(shares(agree, votes), axis=0))


def minimum(agree: Floats, votes: Floats) -> Floats:
    """Give the shrunk share of the least approving camp (items,) of those that voted on the item; one half where none did.

    >>> minimum(np.array([[8.0], [3.0]]), np.array([[8.0], [4.0]])).round(3).tolist()
    [0.667]
    >>> minimum(np.array([[8.0, 0.0], [0.0, 0.0]]), np.array([[8.0, 0.0], [0.0, 0.0]])).round(3).tolist()
    [0.9, 0.5]
    """
    return least_share(shares(agree, votes), votes > 0)


def least_share(share: Floats, met: npt.NDArray[np.bool_]) -> Floats:
    """Give the least share (camps, items) of the camps that ``met`` the item; one half where none did."""
    return np.asarray(np.where(met.any(axis=0), np.where(met, share, np.inf).min(axis=0), 0.5))


def shares(agree: Floats, votes: Floats) -> Floats:
    """Shrink each share towards one half: (agree + 1) / (votes + 2)."""
    return np.asarray((agree + 1) / (votes + 2))


def exact(agree: Floats, votes: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Give exact binomial intervals of shares, 0 to 1 where nobody voted (Clopper and Pearson 1934,
    doi:10.1093/biomet/26.4.404).
    """
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(agree > 0, beta.ppf(tail, agree, votes - agree + 1), 0.0)
        high = np.where(agree < votes, beta.isf(tail, agree + 1, votes - agree), 1.0)
    return np.asarray(low), np.asarray(high)
