"""Which camps voted on what together? Camps that share no item with another cannot be compared with it.

One cell is a camp and an item. Nothing is drawn; memory is that of the counts (camps, items).
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from agorascope.stats.across import counted

from ._bridging_estimate import Camps, Mask, Votes


def together(votes: Votes, camps: Camps, enough: Mask) -> Camps:
    """Keep the camps that items of ``enough`` votes (items,) tie together; of several such sets of two or more, that of most votes.

    Those left out, as are camps on another platform, are in ``apart`` with their sizes. No camp is kept where no two share an item.
    """
    k, by = len(camps.sizes), camps.camp[votes.rater]
    told = (by >= 0) & enough[votes.item]
    cast = counted(by[told], votes.item[told], np.ones(int(told.sum())), camps=k, items=votes.items)
    met = (cast > 0).astype(np.float64)
    _, piece = connected_components(met @ met.T > 0, directed=False)
    several = np.bincount(piece) > 1
    number = np.where(several, np.bincount(piece, cast.sum(axis=1)), -1.0)
    kept = np.flatnonzero((piece == int(number.argmax())) & several[piece])
    new = np.full(k + 1, -1, np.int64)
    new[kept] = np.arange(kept.size)
    names = camps.names or [str(c + 1) for c in range(k)]
    return camps._replace(
        camp=new[camps.camp],
        sizes=[camps.sizes[c] for c in kept.tolist()],
        names=[camps.names[c] for c in kept.tolist()] if camps.names else [],
        apart=tuple((names[c], camps.sizes[c]) for c in range(k) if c not in kept),
    )


def thin(votes: npt.NDArray[np.float64], alpha: float) -> tuple[int, npt.NDArray[np.bool_]]:
    """Give the fewest votes that can show a majority at ``alpha``, all of them for, and mark items (items,) of which
    a camp cast fewer.

    Camps without a vote are not meant: they are not counted on an item. ``votes``: (camps, items).

    >>> fewest, marked = thin(np.array([[9.0, 9.0, 9.0], [4.0, 5.0, 0.0]]), 0.05)
    >>> fewest, marked.tolist()
    (5, [True, False, False])
    """
    fewest = int(np.ceil(np.log(alpha) / np.log(0.5) - 1e-9))
    return fewest, np.asarray(((votes > 0) & (votes < fewest)).any(axis=0))
