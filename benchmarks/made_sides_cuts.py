"""How would somebody cut a network into sides? METIS, spectral, Leiden and label propagation, joined, and improved one by one.

Other searches than those inside of ``stats.made_sides``, and the same (``same``), from several seeds. Sides are numbers (nodes,).
"""

from collections.abc import Callable

import networkit as nk
import numpy as np
import numpy.typing as npt
import pymetis
from scipy.sparse import diags_array
from scipy.sparse.linalg import eigsh

from agorascope.stats.communities import leiden, network
from agorascope.stats.graphs import Graph, edges, largest
from agorascope.stats.made_sides import joined, kept, searches

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shares = tuple[float, ...]
Search = Callable[[Graph, Shares, int], list[Ints]]

FEWEST_SIDE = 10
SLACK = 0.05
UFACTORS = (400, 100)
SEEDS = 5


def cut(graph: Graph, search: str, shares: Shares, seed: int) -> tuple[Graph, Ints] | None:
    """Cut a network by the search of that name; give what has a side of ten accounts, and the sides; None without two of these."""
    asked = [one for name, one in BY_NAME.items() if name != "communities"] if search == "best" else [BY_NAME[search]]
    made = [side for one in asked for side in one(graph, shares, seed) if _as_asked(side, shares)]
    fit = sorted(made, key=lambda side: kept(graph, side), reverse=True)
    found = next((one for one in (measurable(graph, side) for side in fit) if one is not None), None)
    return found if found is None or search != "best" else (found[0], improved(*found))


def measurable(graph: Graph, side: Ints) -> tuple[Graph, Ints] | None:
    """Keep the largest piece of the accounts in sides of ten or more, as the analysis does."""
    inside = np.flatnonzero(np.bincount(side)[side] >= FEWEST_SIDE)
    adjacency = graph.adjacency[inside][:, inside]
    part = largest(Graph(adjacency, np.diff(adjacency.indptr).astype(np.int64), inside))
    left = np.unique(side[part.name], return_inverse=True)[1].astype(np.int64)
    return None if (np.bincount(left) >= FEWEST_SIDE).sum() < 2 else (part, left)


def improved(graph: Graph, side: Ints) -> Ints:
    """Move one account after the other, whichever adds most to what the sides keep, within ``SLACK`` of the sizes they have."""
    side, sides = side.copy(), int(side.max()) + 1
    size = np.bincount(side, minlength=sides)
    least, most = np.maximum(size - SLACK * side.size, FEWEST_SIDE), size + SLACK * side.size
    links = np.asarray(graph.adjacency @ np.eye(sides)[side])
    share, node = np.bincount(side, graph.degree, sides) / graph.degree.sum(), np.arange(side.size)
    across = float(graph.degree.sum() - links[node, side].sum()) / graph.degree.sum()
    own = graph.degree / graph.degree.sum()
    best = 1 - across / (1 - (share**2).sum())
    while True:
        left = across + 2 * (links[node, side][:, None] - links) / graph.degree.sum()
        squares = (share**2).sum() + 2 * own[:, None] * (share[None, :] - share[side][:, None] + own[:, None])
        value = 1 - left / (1 - squares)
        value[(size[side] - 1 < least[side])] = -np.inf
        value[:, size + 1 > most] = -np.inf
        value[node, side] = -np.inf
        v, to = (int(i) for i in np.unravel_index(value.argmax(), value.shape))
        if value[v, to] <= best + 1e-12:
            return side
        best, across, come = float(value[v, to]), float(left[v, to]), int(side[v])
        share[come], share[to] = share[come] - own[v], share[to] + own[v]
        size[come], size[to] = size[come] - 1, size[to] + 1
        there = graph.adjacency.indices[graph.adjacency.indptr[v] : graph.adjacency.indptr[v + 1]]
        links[there, come], links[there, to] = links[there, come] - 1, links[there, to] + 1
        side[v] = to


def _same(graph: Graph, shares: Shares, seed: int) -> list[Ints]:
    """Cut as ``made_sides`` does, into sides of these shares."""
    at = np.repeat(np.arange(len(shares)), np.diff(np.rint(np.cumsum((0.0, *shares)) * graph.nodes).astype(np.int64)))
    return searches(graph, np.random.default_rng(seed).permutation(at), seed=seed + 1_000)


def _metis(graph: Graph, shares: Shares, seed: int) -> list[Ints]:
    """Cut k-way by METIS, with more room than inside."""
    adjacency = pymetis.CSRAdjacency(graph.adjacency.indptr.astype(np.int64), graph.adjacency.indices.astype(np.int64))
    found = []
    for ufactor in UFACTORS:
        for one in range(SEEDS):
            options = pymetis.Options(ufactor=ufactor, seed=seed * SEEDS + one + 1)
            made = pymetis.part_graph(len(shares), adjacency, tpwgts=list(shares), options=options, recursive=False)
            found.append(np.asarray(made.vertex_part, np.int64))
    return found


def _spectral(graph: Graph, shares: Shares, seed: int) -> list[Ints]:
    """Cut along the second vector of the network where most is kept, and the largest side again for a third."""
    side = np.zeros(graph.nodes, np.int64)
    for number in range(1, len(shares)):
        nodes = np.flatnonzero(side == np.bincount(side).argmax())
        adjacency = graph.adjacency[nodes][:, nodes]
        degree = np.maximum(np.asarray(adjacency.sum(axis=1)), 1e-9)
        root = diags_array(1 / np.sqrt(degree))
        start = np.random.default_rng(seed).normal(size=nodes.size)
        _, vector = eigsh(root @ adjacency @ root, k=2, which="LA", v0=start, maxiter=20_000, tol=1e-6)
        order = np.argsort(vector[:, 0] / np.sqrt(degree), kind="stable")
        at = _swept(adjacency, order) if _even(shares) else [round((1 - shares[1]) * nodes.size), round(shares[1] * nodes.size)]
        tried = []
        for place in at:
            one = side.copy()
            one[nodes[order[:place]]] = number
            tried.append(one)
        side = max(tried, key=lambda one: kept(graph, one))
    return [side]


def _swept(adjacency: object, order: Ints) -> list[int]:
    """Find the place in an order (nodes,) at which a cut keeps most of the ties."""
    rank = np.argsort(order)
    degree = np.diff(adjacency.indptr)  # type: ignore[attr-defined]
    one, other = np.repeat(rank, degree), rank[adjacency.indices]  # type: ignore[attr-defined]
    first, last = np.minimum(one, other), np.maximum(one, other)
    across = np.cumsum(np.bincount(first, minlength=order.size) - np.bincount(last, minlength=order.size)) / one.size
    share = np.cumsum(degree[order]) / one.size
    value = (1 - across / np.maximum(2 * share * (1 - share), 1e-9))[FEWEST_SIDE - 1 : -FEWEST_SIDE]
    return [FEWEST_SIDE + int(value.argmax())] if value.size else [order.size // 2]


def _communities(graph: Graph, shares: Shares, seed: int) -> list[Ints]:
    """Take the communities of Leiden as they are, the best of ten."""
    u, v = edges(graph)
    return [leiden(u.astype(np.int64), v.astype(np.int64), np.ones(u.size), graph.nodes, seeds=10, seed=seed + 5).label]


def _leiden(graph: Graph, shares: Shares, seed: int) -> list[Ints]:
    """Join the communities of Leiden, of two resolutions, until they are as many."""
    u, v = edges(graph)
    ends = u.astype(np.int64), v.astype(np.int64), np.ones(u.size), graph.nodes
    made = [leiden(*ends, resolution=resolution, seeds=SEEDS, seed=seed + 7).label for resolution in (1.0, 0.5)]
    return [joined(graph, one, len(shares)) for one in made]


def _labels(graph: Graph, shares: Shares, seed: int) -> list[Ints]:
    """Join what label propagation finds until they are as many; often all accounts bear one label, which is no cut."""
    u, v = edges(graph)
    built = network(u.astype(np.int64), v.astype(np.int64), np.ones(u.size), graph.nodes)
    found = []
    for one in range(SEEDS):
        nk.setSeed(seed * SEEDS + one + 1, False)
        made = nk.community.PLP(built)
        made.run()
        found.append(joined(graph, np.asarray(made.getPartition().getVector(), np.int64), len(shares)))
    return found


def _as_asked(side: Ints, shares: Shares) -> bool:
    """Say whether sides are about as large as asked, where one is to be far larger."""
    size = np.sort(np.bincount(side))[::-1] / side.size
    return _even(shares) or (size.size == len(shares) and bool(np.abs(size - np.sort(shares)[::-1]).max() <= 2 * SLACK))


def _even(shares: Shares) -> bool:
    """Say whether sides may be of any size: one of four fifths is asked for by its size."""
    return max(shares) < 0.7


BY_NAME: dict[str, Search] = {
    "same": _same,
    "metis": _metis,
    "spectral": _spectral,
    "leiden": _leiden,
    "labels": _labels,
    "communities": _communities,
}
