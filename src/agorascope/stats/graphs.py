"""Which simple network do these ties make, and which other has the same degrees? Symmetric sparse arrays, and their rewiring.

``rewired`` draws a network at random among those that are simple, connected and in which every node keeps its degree: stubs are
matched at random, loops and double edges are exchanged against random edges, and small pieces are joined to the largest by
exchanging one of their edges against one that lies on a cycle. Where loops or double edges remain that no exchange removes (a hub
tied to nearly all), matching begins again in small networks, then all exchanges do, and at last the ties of the network itself are
exchanged two by two (``_SWAPS`` times each): no draw of a connected network loses a tie.

Limits: near to uniform, not uniform; exchanges favour neither sides nor groups. The false alarms with it were measured (the pages).
Source: Molloy and Reed 1995, doi:10.1002/rsa.3240060204; Viger and Latapy 2016, doi:10.1093/comnet/cnv013 (connected networks);
Maslov and Sneppen 2002, doi:10.1126/science.1065103 (exchanges two by two).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ROUNDS = 100
_TRIALS = 10
_SMALL = 10_000
_SWAPS = 50


class Graph(NamedTuple):
    """Hold a simple undirected network: ``adjacency`` (nodes, nodes) of ones, ``degree`` (nodes,) and numbers ``name`` (nodes,)."""

    adjacency: csr_array
    degree: Ints
    name: Ints

    @property
    def nodes(self) -> int:
        """Count the nodes."""
        return int(self.degree.size)

    @property
    def edges(self) -> int:
        """Count the edges, each once."""
        return int(self.adjacency.nnz // 2)


def simple(source: Ints, target: Ints) -> Graph:
    """Make the largest connected piece of the network of ties (edges,): directions, repetitions and loops are dropped.

    ``name`` gives the numbers of the nodes as in ``source`` and ``target``, ascending; of equal pieces that of the least number is
    taken. Cost O(edges).

    >>> graph = simple(np.array([7, 3, 3, 9, 20, 4]), np.array([3, 7, 9, 7, 21, 4]))
    >>> graph.name.tolist(), graph.degree.tolist(), graph.edges
    ([3, 7, 9], [2, 2, 2], 3)
    """
    apart = source != target
    name, ends = np.unique(np.concatenate((source[apart], target[apart])), return_inverse=True)
    u, v = ends[: ends.size // 2].astype(np.int32), ends[ends.size // 2 :].astype(np.int32)
    return largest(Graph(_symmetric(u, v, name.size), np.empty(0, np.int64), name.astype(np.int64)))


def largest(graph: Graph) -> Graph:
    """Keep the largest connected piece, and count the degrees anew."""
    adjacency, name = graph.adjacency, graph.name
    if name.size:
        _, piece = connected_components(adjacency, directed=False)
        inside = np.flatnonzero(piece == np.bincount(piece).argmax())
        if inside.size < name.size:
            adjacency, name = adjacency[inside][:, inside], name[inside]
    return Graph(adjacency, np.diff(adjacency.indptr).astype(np.int64), name)


def edges(graph: Graph) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """List each edge once: the lesser end (edges,), the greater end (edges,)."""
    row = np.repeat(np.arange(graph.nodes, dtype=np.int32), graph.degree)
    once = row < graph.adjacency.indices
    return row[once], graph.adjacency.indices[once].astype(np.int32)


def rewired(graph: Graph, rng: np.random.Generator) -> Graph:
    """Draw another simple connected network with these degrees, node for node. Cost O(edges log edges); a few exchanges are loops.

    Of a network that is not connected pieces may be left that nothing can join: the largest is returned, which has fewer nodes.
    """
    stubs = np.repeat(np.arange(graph.nodes, dtype=np.int32), graph.degree)
    half = stubs.size // 2
    for _ in range(_TRIALS):
        rng.shuffle(stubs)
        u, v, bad = _simplified(stubs[:half].copy(), stubs[half:].copy(), graph.nodes, rng)
        if not bad or half > _SMALL:
            break
    for _ in range(_TRIALS if half > _SMALL else 0):
        if not bad:
            break
        u, v, bad = _simplified(u, v, graph.nodes, rng)
    if bad:
        u, v = _exchanged(graph, rng)
    adjacency, whole = _joined(u, v, graph.nodes, rng)
    drawn = Graph(adjacency, np.diff(adjacency.indptr).astype(np.int64), graph.name)
    return drawn if whole else largest(drawn)


def erased(graph: Graph, rng: np.random.Generator) -> Graph:
    """Draw the usual configuration model: stubs matched at random, loops and double edges dropped, the largest piece kept.

    It has fewer edges and nodes than the network it is drawn for, most of all a sparse one; kept to compare with others' work.
    """
    stubs = np.repeat(np.arange(graph.nodes, dtype=np.int32), graph.degree)
    rng.shuffle(stubs)
    u, v = stubs[: stubs.size // 2], stubs[stubs.size // 2 :]
    apart = u != v
    return largest(Graph(_symmetric(u[apart], v[apart], graph.nodes), graph.degree, graph.name))


def _symmetric(u: npt.NDArray[np.int32], v: npt.NDArray[np.int32], nodes: int) -> csr_array:
    """Make the matrix of ones of these edges, in both directions, each once."""
    half = coo_array((np.ones(u.size), (np.minimum(u, v), np.maximum(u, v))), shape=(nodes, nodes)).tocsr()
    made = half + half.T
    made.data[:] = 1.0
    return made


def _key(u: npt.NDArray[np.int32], v: npt.NDArray[np.int32], nodes: int) -> Ints:
    return np.minimum(u, v).astype(np.int64) * nodes + np.maximum(u, v)


def _simplified(
    u: npt.NDArray[np.int32], v: npt.NDArray[np.int32], nodes: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], int]:
    """Exchange ends of loops and of double edges with random edges until none is left; tell how many are after many rounds.

    An edge that was there is not made again: ``known`` grows only, so that beginning anew may remove what is left.
    """
    key = _key(u, v, nodes)
    order = np.argsort(key, kind="stable") if key.size < 1 << 20 else np.argsort(key)
    known = key[order]
    twice = np.zeros(u.size, bool)
    twice[order[1:][known[1:] == known[:-1]]] = True
    bad = np.flatnonzero(twice | (u == v))
    added = np.empty(0, np.int64)
    for _ in range(_ROUNDS):
        if not bad.size:
            break
        other = rng.integers(u.size, size=bad.size)
        turned = bad[rng.random(bad.size) < 0.5]
        u[turned], v[turned] = v[turned], u[turned]
        one, two = _key(u[bad], v[other], nodes), _key(u[other], v[bad], nodes)
        fresh = (u[bad] != v[other]) & (u[other] != v[bad]) & ~np.isin(other, bad)
        fresh &= ~(_among(one, known) | _among(two, known) | _among(one, added) | _among(two, added))
        fresh &= _alone(other) & _alone(np.concatenate((one, two))).reshape(2, -1).all(axis=0)
        a, b = bad[fresh], other[fresh]
        v[a], v[b] = v[b], v[a]
        added = np.sort(np.concatenate((added, one[fresh], two[fresh])))
        bad = bad[~fresh]
    return u, v, int(bad.size)


def _exchanged(graph: Graph, rng: np.random.Generator) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Exchange ends of the edges of a network, all in pairs at random, ``_SWAPS`` times; what is not simple is not exchanged."""
    u, v = edges(graph)
    half = u.size // 2
    for _ in range(_SWAPS):
        known = np.sort(_key(u, v, graph.nodes))
        turned = rng.random(u.size) < 0.5
        u, v = np.where(turned, v, u), np.where(turned, u, v)
        mixed = rng.permutation(u.size)
        a, b = mixed[:half], mixed[half : 2 * half]
        one, two = _key(u[a], v[b], graph.nodes), _key(u[b], v[a], graph.nodes)
        fresh = (u[a] != v[b]) & (u[b] != v[a]) & ~(_among(one, known) | _among(two, known))
        fresh &= _alone(np.concatenate((one, two))).reshape(2, -1).all(axis=0)
        a, b = a[fresh], b[fresh]
        v[a], v[b] = v[b], v[a]
    return u, v


def _among(value: Ints, ordered: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values are in an ascending array."""
    if not ordered.size:
        return np.zeros(value.size, bool)
    found: npt.NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, value), ordered.size - 1)] == value
    return found


def _alone(value: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values occur once."""
    _, inverse, count = np.unique(value, return_inverse=True, return_counts=True)
    once: npt.NDArray[np.bool_] = count[inverse] == 1
    return once


def _joined(u: npt.NDArray[np.int32], v: npt.NDArray[np.int32], nodes: int, rng: np.random.Generator) -> tuple[csr_array, bool]:
    """Join small pieces to the largest with a cycle: an edge of each for one outside of its spanning tree; tell whether all."""
    while True:
        adjacency = _symmetric(u, v, nodes)
        if nodes and breadth_first_order(adjacency, 0, return_predecessors=False).size == nodes:
            return adjacency, True
        pieces, piece = connected_components(adjacency, directed=False)
        if pieces == 1:
            return adjacency, True
        size = np.bincount(piece)
        giant = int(size.argmax())
        cyclic = np.bincount(piece[u], minlength=pieces) >= size
        giant = giant if cyclic[giant] or not cyclic.any() else int(np.where(cyclic, size, 0).argmax())
        before = breadth_first_order(adjacency, int(np.flatnonzero(piece == giant)[0]), directed=False)[1]
        spare = np.flatnonzero((piece[u] == giant) & (before[u] != v) & (before[v] != u))
        mixed = rng.permutation(u.size)
        small, first = np.unique(piece[u[mixed]], return_index=True)
        mine = rng.permutation(mixed[first][small != giant])
        number = min(mine.size, spare.size)
        if not number:
            return adjacency, False
        mine, theirs = mine[:number], rng.choice(spare, number, replace=False)
        turned = mine[rng.random(number) < 0.5]
        u[turned], v[turned] = v[turned], u[turned]
        v[mine], v[theirs] = v[theirs], v[mine]
