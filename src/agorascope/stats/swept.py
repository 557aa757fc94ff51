"""Where along the slowest walks of a network, and then account by account, do sides keep most ties, whatever their size?

METIS seeks sides of given shares, and misses small ones that hang on by a tie or two: chains and trees at the edge of sparse
networks, which a search for sides of any size finds. ``swept`` orders the accounts by each of the first vectors of the random walk,
and cuts where most is kept. ``improved`` moves accounts one by one. Neither leaves a side of fewer accounts than asked.

What is kept is (within - expected) / (1 - expected), the assortativity of the side.
Limits: vectors are those that some steps of Lanczos give; nothing shows that no side keeps more.
Source: Shi and Malik 2000, doi:10.1109/34.868688 (cuts along a vector); Kernighan and Lin 1970,
doi:10.1002/j.1538-7305.1970.tb01770.x (moves). What we changed: several vectors, assortativity, single moves.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import ArpackError, eigsh

from .graphs import Graph

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

VECTORS = 6
_STEPS = 300
_NEAR = 1e-4
_NONE = 1e-12
_AT_ONCE = 1_000
_FEW = 100


def swept(adjacency: csr_array, first: int, second: int, *, seed: int = 0) -> Ints:
    """Part a network in two (nodes,), 0 of at least ``first`` accounts and 1 of at least ``second``, where most ties are kept."""
    nodes = int(adjacency.shape[0])
    best, found = -np.inf, (np.arange(nodes) >= first).astype(np.int64)
    for vector in _vectors(adjacency, seed):
        order = np.argsort(vector, kind="stable")
        for ordered in (order, order[::-1]):
            value = _kept_at(adjacency, ordered)[first - 1 : nodes - second]
            if value.size and value.max() > best:
                best = float(value.max())
                found = np.ones(nodes, np.int64)
                found[ordered[: first + int(value.argmax())]] = 0
    return found


def improved(graph: Graph, side: Ints, least: int) -> Ints:
    """Move the accounts that add most to what sides (nodes,) keep, again and again, while each side has ``least`` accounts.

    In large networks many at once, fewer where that no longer helps. Cost O(edges) a round.
    """
    many = max(graph.nodes // _AT_ONCE, 1)
    kept, to, gain = _moves(graph, side)
    while many:
        moved = np.argpartition(-gain, many - 1)[:many]
        moved = moved[gain[moved] > _NONE]
        tried = side.copy()
        tried[moved] = to[moved]
        then = _moves(graph, tried) if moved.size and np.bincount(tried, minlength=int(side.max()) + 1).min() >= least else None
        if then is None or then[0] <= kept + _NONE:
            many //= 2
        else:
            side, (kept, to, gain) = tried, then
    return side


def _moves(graph: Graph, side: Ints) -> tuple[float, Ints, Floats]:
    """Give what sides keep, and of each account (nodes,) the best other side and what would be kept more if it moved there."""
    sides, ends, node = int(side.max()) + 1, float(graph.degree.sum()), np.arange(side.size)
    links = np.asarray(graph.adjacency @ np.eye(sides)[side])
    share, own = np.bincount(side, graph.degree, sides) / ends, graph.degree[:, None] / ends
    across, squares = 1 - float(links[node, side].sum()) / ends, float((share**2).sum())
    kept = 1 - across / max(1 - squares, _NONE)
    left = across + 2 * (links[node, side][:, None] - links) / ends
    then = squares + 2 * own * (share[None, :] - share[side][:, None] + own)
    value = 1 - left / np.maximum(1 - then, _NONE)
    value[node, side] = -np.inf
    to = value.argmax(axis=1)
    return kept, to, value[node, to] - kept


def _vectors(adjacency: csr_array, seed: int) -> list[Floats]:
    """Give the slowest vectors of the random walk (nodes,), but for the first, which is the same everywhere."""
    nodes = int(adjacency.shape[0])
    root = 1 / np.sqrt(np.maximum(np.asarray(adjacency.sum(axis=1)).ravel(), 1.0))
    walk = diags_array(root) @ adjacency @ diags_array(root)
    if nodes <= _FEW:
        found = np.linalg.eigh(walk.toarray())[1][:, -VECTORS - 1 :]
        return [found[:, one] * root for one in range(found.shape[1])]
    start = np.random.default_rng((seed, 3)).normal(size=nodes)
    try:
        _, found = eigsh(walk, k=VECTORS + 1, which="LA", v0=start, tol=_NEAR, maxiter=_STEPS)
    except ArpackError as half:  # not all of them were found
        found = getattr(half, "eigenvectors", np.empty((nodes, 0)))
    return [found[:, one] * root for one in range(found.shape[1])]


def _kept_at(adjacency: csr_array, order: Ints) -> Floats:
    """Give what two sides keep if the first 1, 2, ... accounts of an order (nodes,) are one of them (nodes,)."""
    degree = np.diff(adjacency.indptr)
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    one, other = np.repeat(rank, degree), rank[adjacency.indices]
    ends = max(one.size, 1)
    first, last = np.minimum(one, other), np.maximum(one, other)
    opened = np.bincount(first, minlength=order.size) - np.bincount(last, minlength=order.size)
    share = np.cumsum(degree[order]) / ends
    chance = np.maximum(2 * share * (1 - share), _NONE)
    return np.asarray(1 - np.cumsum(opened) / ends / chance)
