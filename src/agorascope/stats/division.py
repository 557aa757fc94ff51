"""Into which two halves, or which communities, does a network fall? METIS and Leiden, one answer for one seed.

``bisection`` gives two sides with few ties between them, neither above 1.4 times half of the accounts (``UFACTOR`` 400 of METIS).
``chambers`` gives the communities of Leiden, of which the ``CHAMBERS`` largest keep a number of their own and all others share one.
Both cut any network, also one without sides: what they find counts only beside the same on rewired networks.

Licences: METIS Apache-2.0, pymetis MIT, networkit MIT.
Source: Karypis and Kumar 1998, doi:10.1137/S1064827595287997; Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pymetis

from .agreement import adjusted_mutual_information
from .communities import by_size, leiden
from .graphs import Graph, edges

Ints = npt.NDArray[np.int64]

UFACTOR = 400
CHAMBERS = 10
LARGE = 2_000_000


def bisection(graph: Graph, *, seed: int = 0) -> Ints:
    """Cut a connected network in two (nodes,), 0 and 1. About 0.6 s for a million edges, 6 s for ten million.

    Cut by METIS's k-way scheme, as the published values were; ``seed`` 0 is METIS's own default, with which they were made. Above
    ``LARGE`` edges by recursive bisection, which is two and a half times as fast and cuts 14 % more ties of ten million.

    >>> from .graphs import simple
    >>> two = simple(np.array([0, 1, 2, 3, 4, 5, 0]), np.array([1, 2, 0, 4, 5, 3, 3]))
    >>> sorted(np.bincount(bisection(two)).tolist())
    [3, 3]
    """
    if graph.nodes < 2:
        return np.zeros(graph.nodes, np.int64)
    starts = graph.adjacency.indptr.astype(np.int64)
    adjacency = pymetis.CSRAdjacency(starts, graph.adjacency.indices.astype(np.int64))
    options = pymetis.Options(ufactor=UFACTOR, seed=seed + 1 if seed else -1)
    return np.asarray(pymetis.part_graph(2, adjacency, options=options, recursive=graph.edges > LARGE).vertex_part, np.int64)


def chambers(graph: Graph, *, seed: int = 0) -> Ints:
    """Cut a network into communities (nodes,), the largest first; those beyond ``CHAMBERS`` share the last number."""
    u, v = edges(graph)
    found = leiden(u.astype(np.int64), v.astype(np.int64), np.ones(u.size), graph.nodes, seeds=1, seed=seed).label
    return by_size(found).clip(max=CHAMBERS)


def sought(how: str) -> Callable[[Graph, int], Ints]:
    """Give the search for sides of that name: ``bisection`` or ``communities``, of a network and a seed."""
    if how == "bisection":
        return lambda graph, seed: bisection(graph, seed=seed)
    if how == "communities":
        return lambda graph, seed: chambers(graph, seed=seed)
    raise ValueError(f"sides are {how!r}; use bisection, communities, or an array")


def stability(graph: Graph, how: str = "bisection", *, seeds: int = 5, seed: int = 0) -> float:
    """Tell how far searches from several seeds agree: mean adjusted mutual information of all pairs; 1, always the same sides.

    A small random network may be cut alike each time: agreement does not show that there are sides.
    """
    found = [sought(how)(graph, seed * seeds + one) for one in range(seeds)]
    return float(np.mean([adjusted_mutual_information(one, other) for one, other in combinations(found, 2)]))
