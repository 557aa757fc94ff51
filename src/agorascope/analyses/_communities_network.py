"""Which network do the layers make, what would it be by chance, and into which communities does it fall?

Nodes are the accounts in pieces of ``PIECE`` accounts and a twentieth of all tied ones: pairs and small circles apart are
communities without any cut, and are counted, not cut. Ties of accounts are simple, undirected, of weight 1; those of shared things
have the weight of ``stats.projection``. Each layer of several has the same total weight. Chance is drawn within each platform: ties
do not lead from one to another, and platforms are not taken for communities.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agorascope.stats.beyond import Beyond, beyond, dealt, qualities
from agorascope.stats.communities import network
from agorascope.stats.distinct import distinct
from agorascope.stats.graphs import Graph, edges, rewired
from agorascope.stats.plateaus import Cut, Scan, chosen, effort, scanned
from agorascope.stats.projection import project

from ._communities_reduce import Layer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PIECE = 30
PIECE_SHARE = 0.05
TRIED = (0.71, 1.0, 1.41)


class Network(NamedTuple):
    """Hold simple weighted ties (ties,) among ``nodes`` nodes; ``account`` (nodes,) gives each node's position among accounts.

    ``tied`` counts the accounts with a tie, of which those in small pieces are no nodes; ``viral``: things shared by too many.
    """

    source: Ints
    target: Ints
    weight: Floats
    account: Ints
    tied: int
    viral: int

    @property
    def nodes(self) -> int:
        """Count the nodes."""
        return int(self.account.size)


class Tested(NamedTuple):
    """Hold how far the network lies beyond chance, how many random networks were drawn, and scans of some of these."""

    beyond: Beyond
    nulls: int
    scans: tuple[Scan, ...]


def ties_of(layers: tuple[Layer, ...], accounts: int, out: npt.NDArray[np.bool_] | None = None) -> Network:
    """Make the network of the layers, without the accounts marked ``out`` (accounts,)."""
    kept = [_without(layer, out) for layer in layers]
    u, v, weight, viral = _summed(kept, accounts)
    tied = distinct(np.concatenate((u, v)))
    if not tied.size:
        return Network(u, v, weight, tied, 0, viral)
    _, piece = connected_components(coo_array((np.ones(u.size), (u, v)), shape=(accounts, accounts)), directed=False)
    size = np.bincount(piece[tied], minlength=int(piece.max()) + 1)
    large = size >= max(PIECE, PIECE_SHARE * tied.size)
    inside = large[piece[u]]
    account = tied[large[piece[tied]]]
    one, other = np.searchsorted(account, u[inside]), np.searchsorted(account, v[inside])
    return Network(one, other, weight[inside], account, int(tied.size), viral)


def against_chance(
    made: Network,
    layers: tuple[Layer, ...],
    stratum: Ints,
    *,
    resolution: float | None,
    nulls: int,
    seed: int,
    scan: bool = True,
) -> Tested:
    """Compare the network with random ones. ``resolution`` None: at three resolutions together, on large networks at 1 alone."""
    work = effort(made.source.size)
    grid = (resolution,) if resolution is not None else TRIED if len(work.grid) > 1 else work.grid
    graph = network(made.source, made.target, made.weight, made.nodes)
    found = qualities(graph, grid, seed=seed)
    draws = min(nulls, work.nulls)
    values, scans = [], []
    for one in range(draws):
        rng = np.random.default_rng((seed, one, 5))
        u, v, weight = random(made, layers, stratum, rng)
        graph = network(u, v, weight, made.nodes)
        values.append(qualities(graph, grid, seed=seed + 1 + one))
        if scan and resolution is None and one < work.compared:
            scans.append(scanned(graph, made.nodes, work.grid, seeds=2, seed=seed + 1 + one))
    return Tested(beyond(found, np.array(values), at=grid.index(1.0) if resolution is None else 0), draws, tuple(scans))


def cut(made: Network, scans: tuple[Scan, ...], *, resolution: float | None, least: int, seed: int) -> Cut:
    """Cut the network, at the resolution given or at the one most stable beyond the random networks of ``scans``."""
    work = effort(made.source.size)
    graph = network(made.source, made.target, made.weight, made.nodes)
    grid = work.grid if resolution is None else (resolution,)
    return chosen(scanned(graph, made.nodes, grid, seeds=work.seeds, least=least, seed=seed), scans)


def random(made: Network, layers: tuple[Layer, ...], stratum: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Floats]:
    """Draw the network anew: each layer by chance, within each platform."""
    place = np.full(stratum.size, -1, np.int64)
    place[made.account] = np.arange(made.nodes)
    drawn = [_drawn(_inside(layer, place), stratum[made.account], made.nodes, rng) for layer in layers]
    return _summed(drawn, made.nodes)[:3]


def _inside(layer: Layer, place: Ints) -> Layer:
    """Keep the pairs whose accounts are nodes, and number the accounts as nodes."""
    source, target = place[layer.source], layer.target if layer.shared else place[layer.target]
    kept = (source >= 0) & (target >= 0)
    return layer._replace(source=source[kept], target=target[kept])


def _drawn(layer: Layer, stratum: Ints, nodes: int, rng: np.random.Generator) -> Layer:
    """Draw a layer by chance: things dealt out anew, or ties rewired within each platform."""
    if layer.shared:
        account, obj = dealt(layer.source, layer.target, stratum[layer.source], rng)
        return layer._replace(source=account, target=obj)
    u, v = _simple(layer.source, layer.target, nodes)
    ends = []
    for one in np.unique(stratum[u]):
        mine = stratum[u] == one
        name, place = np.unique(np.concatenate((u[mine], v[mine])), return_inverse=True)
        a, b = np.split(place.astype(np.int32), 2)
        adjacency = coo_array((np.ones(2 * a.size), (np.append(a, b), np.append(b, a))), shape=(name.size, name.size)).tocsr()
        random = rewired(Graph(adjacency, np.diff(adjacency.indptr).astype(np.int64), name), rng)
        ends.append([random.name[end] for end in edges(random)])
    source, target = (np.concatenate([np.empty(0, np.int64), *(pair[i] for pair in ends)]).astype(np.int64) for i in (0, 1))
    return layer._replace(source=source, target=target)


def _without(layer: Layer, out: npt.NDArray[np.bool_] | None) -> Layer:
    if out is None:
        return layer
    kept = ~out[layer.source] & (True if layer.shared else ~out[layer.target])
    return layer._replace(source=layer.source[kept], target=layer.target[kept])


def _summed(layers: list[Layer], accounts: int) -> tuple[Ints, Ints, Floats, int]:
    """Add up the ties of layers, each of the same total weight where they are several."""
    keys, weights, viral = [], [], 0
    for layer in layers:
        if layer.shared:
            made = project(layer.source, layer.target)
            u, v, weight = made.source, made.target, made.weight
            viral += made.viral
        else:
            u, v = _simple(layer.source, layer.target, accounts)
            weight = np.ones(u.size)
        keys.append(u * accounts + v)
        weights.append(weight if len(layers) == 1 else weight * (1e6 / max(weight.sum(), 1e-12)))
    if len(layers) == 1:
        return keys[0] // accounts, keys[0] % accounts, weights[0], viral
    key, inverse = np.unique(np.concatenate([np.empty(0, np.int64), *keys]), return_inverse=True)
    total = np.bincount(inverse, np.concatenate([np.empty(0), *weights]), minlength=key.size)
    return key // max(accounts, 1), key % max(accounts, 1), total / max(float(total.mean()) if total.size else 1.0, 1e-12), viral


def _simple(source: Ints, target: Ints, accounts: int) -> tuple[Ints, Ints]:
    """Give each undirected pair once, the lesser end first; no loops."""
    apart = source != target
    key = distinct(np.minimum(source, target)[apart] * accounts + np.maximum(source, target)[apart])
    return key // max(accounts, 1), key % max(accounts, 1)
