"""Which network do the layers make, what would it be by chance, and into which communities does it fall?

Nodes are the accounts in pieces of ``PIECE`` accounts and a twentieth of all tied ones: pairs and small circles apart are
communities without any cut, and are counted, not cut. Ties of accounts are simple, undirected, of weight 1; those of shared things
have the weight of ``stats.projection``. Each layer of several, all of ties from account to account, has the same total weight.
Chance is drawn within each platform: ties do not lead from one to another, and platforms are not taken for communities. Several
layers are drawn as one, every tie with the layers it is in (``stats.kinds``): whoever reposts also mentions, camps or none.

Large networks (``plateaus.LARGE``) are compared with random ones after one iteration of Leiden, both alike, at one resolution; the
random ones are drawn and cut in a second thread while the network itself is cut.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agorascope.stats.beyond import Beyond, beyond, dealt, qualities
from agorascope.stats.communities import Parted, at_once, network, parted
from agorascope.stats.distinct import distinct
from agorascope.stats.graphs import Graph, edges, rewired
from agorascope.stats.kinds import exchanged
from agorascope.stats.plateaus import Cut, Effort, Scan, chosen, compared, effort, scanned
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
    ``layers`` are the pairs that make the ties, of all accounts: nothing that one account alone shares, or too many.
    """

    source: Ints
    target: Ints
    weight: Floats
    account: Ints
    tied: int
    viral: int
    layers: tuple[Layer, ...] = ()

    @property
    def nodes(self) -> int:
        """Count the nodes."""
        return int(self.account.size)


class Tested(NamedTuple):
    """Hold how far the network lies beyond chance, how many random networks were drawn, and scans of some of these.

    ``rough``: after one iteration of Leiden. ``tried``: at how many resolutions, whose one p it is.
    """

    beyond: Beyond
    nulls: int
    scans: tuple[Scan, ...]
    rough: bool = False
    tried: int = 1


def ties_of(layers: tuple[Layer, ...], accounts: int, out: npt.NDArray[np.bool_] | None = None) -> Network:
    """Make the network of the layers, several only of ties, without the accounts marked ``out`` (accounts,)."""
    kept = [_without(layer, out) for layer in layers]
    u, v, weight, most = _summed(kept, accounts)
    viral, kept = _tying(kept, most)
    tied = _ends(u, v, accounts)
    if not tied.size:
        return Network(u, v, weight, tied, 0, viral)
    _, piece = connected_components(coo_array((np.ones(u.size), (u, v)), shape=(accounts, accounts)), directed=False)
    size = np.bincount(piece[tied], minlength=int(piece.max()) + 1)
    large = size >= max(PIECE, PIECE_SHARE * tied.size)
    inside = large[piece[u]]
    account = tied[large[piece[tied]]]
    one, other = _places(account, accounts)[np.vstack((u[inside], v[inside]))]
    return Network(one, other, weight[inside], account, int(tied.size), viral, tuple(kept))


def judged(made: Network, stratum: Ints, *, resolution: float | None, least: int, nulls: int, seed: int) -> tuple[Tested, Cut]:
    """Compare the network with random ones, and cut it: ``against_chance`` and ``cut``, at once where it is large."""
    work = effort(made.source.size)
    if not work.rough:
        against = against_chance(made, stratum, resolution=resolution, nulls=nulls, seed=seed)
        return against, cut(made, against.scans, resolution=resolution, least=least, seed=seed)
    grid = work.grid if resolution is None else (resolution,)
    tested, runs = _rough(made, stratum, at=grid[0], nulls=nulls, seed=seed, work=work, cuts=work.seeds)
    return tested, chosen(compared([runs], made.nodes, grid, least=least, seed=seed))


def against_chance(
    made: Network,
    stratum: Ints,
    *,
    resolution: float | None,
    nulls: int,
    seed: int,
    scan: bool = True,
    work: Effort | None = None,
) -> Tested:
    """Compare the network with random ones. ``resolution`` None: at three resolutions together, on large networks at 1 alone.

    ``work``: the effort of another size, to count how often that errs.
    """
    work = work or effort(made.source.size)
    if work.rough:
        return _rough(made, stratum, at=resolution or 1.0, nulls=nulls, seed=seed, work=work, cuts=0)[0]
    grid = (resolution,) if resolution is not None else TRIED if len(work.grid) > 1 else work.grid
    graph = network(made.source, made.target, made.weight, made.nodes)
    found = qualities(graph, grid, seed=seed)
    draws = work.draws(nulls)
    values, scans = [], []
    drawing = Drawing(made, stratum)
    for one in range(draws):
        graph = drawing.network(np.random.default_rng((seed, one, 5)))
        values.append(qualities(graph, grid, seed=seed + 1 + one))
        if scan and resolution is None and one < work.compared:
            scans.append(scanned(graph, made.nodes, work.grid, seeds=2, seed=seed + 1 + one))
    told = beyond(found, np.array(values), at=grid.index(1.0) if resolution is None else 0)
    return Tested(told, draws, tuple(scans), tried=len(grid))


def _rough(
    made: Network, stratum: Ints, *, at: float, nulls: int, seed: int, work: Effort, cuts: int
) -> tuple[Tested, list[Parted]]:
    """Cut a large network ``cuts`` times, then roughly; beside each cut draw and cut a random network. The test, and the cuts."""
    graph, drawing = network(made.source, made.target, made.weight, made.nodes), Drawing(made, stratum)
    draws = work.draws(nulls)

    def mine(turn: int) -> Parted | None:
        if turn == work.seeds:
            return parted(graph, resolution=at, seed=None, iterations=1)
        return parted(graph, resolution=at, seed=None) if turn < cuts else None

    def chance(turn: int) -> float:
        if turn >= draws:
            return np.nan
        return parted(drawing.network(np.random.default_rng((seed, turn, 5))), resolution=at, seed=None, iterations=1).quality

    turns = range(max(work.seeds + 1, draws))
    both = [at_once(partial(mine, turn), partial(chance, turn), seed=seed * work.seeds + turn) for turn in turns]
    runs = [run for run, _ in both if run is not None]
    drawn = np.array([[quality] for _, quality in both[:draws]])
    return Tested(beyond(np.array([runs[-1].quality]), drawn), draws, (), rough=True), runs[:-1]


def cut(
    made: Network, scans: tuple[Scan, ...], *, resolution: float | None, least: int, seed: int, like: Network | None = None
) -> Cut:
    """Cut the network, at the resolution given or at the one most stable beyond the random networks of ``scans``.

    ``like``: the smaller network these are drawn for; unless this one is large it is cut as often and at the same resolutions.
    """
    work = effort(made.source.size)
    work = effort(like.source.size) if like and not work.rough else work
    graph = network(made.source, made.target, made.weight, made.nodes)
    grid = work.grid if resolution is None else (resolution,)
    return chosen(scanned(graph, made.nodes, grid, seeds=work.seeds, least=least, seed=seed), () if work.rough else scans)


class Drawing:
    """Draw a network anew, by chance within each platform. What all draws share is made once.

    Of shared things only those are dealt that make ties: every node shares one of them at least, in the network as in the draws.
    """

    def __init__(self, made: Network, stratum: Ints) -> None:
        """Keep the pairs among the network's nodes, and the ties of each platform as networks of their own."""
        place = _places(made.account, stratum.size)
        self._nodes, self._stratum = made.nodes, stratum[made.account]
        self._layers = [_inside(layer, place) for layer in made.layers]
        self._kinds = _kinds(made, self._layers, self._stratum) if len(self._layers) > 1 else []
        alone = not self._kinds
        self._graphs = [_apart(layer, self._stratum, made.nodes) if alone and not layer.shared else [] for layer in self._layers]

    def network(self, rng: np.random.Generator) -> Any:
        """Draw a network as ``stats.communities.network`` builds it."""
        return network(*self.ties(rng), self._nodes)

    def ties(self, rng: np.random.Generator) -> tuple[Ints, Ints, Floats]:
        """Draw the ties: ends and weights (ties,). Of several layers all ties keep the weight of the layers they are in."""
        if self._kinds:
            parts = [(*exchanged(u, v, kind, self._nodes, rng), weight) for u, v, kind, weight in self._kinds]
            one, other, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
            return np.minimum(one, other), np.maximum(one, other), weight
        drawn = [self._drawn(layer, graphs, rng) for layer, graphs in zip(self._layers, self._graphs, strict=True)]
        return _summed(drawn, self._nodes)[:3]

    def _drawn(self, layer: Layer, graphs: list[Graph], rng: np.random.Generator) -> Layer:
        """Draw a layer by chance: things dealt out anew, or ties rewired within each platform."""
        if layer.shared:
            account, obj = dealt(layer.source, layer.target, self._stratum[layer.source], rng)
            return layer._replace(source=account, target=obj)
        ends = []
        for graph in graphs:
            random = rewired(graph, rng)
            ends.append([random.name[end] for end in edges(random)])
        source, target = (np.concatenate([np.empty(0, np.int64), *(pair[i] for pair in ends)]).astype(np.int64) for i in (0, 1))
        return layer._replace(source=source, target=target)


def _kinds(made: Network, layers: list[Layer], stratum: Ints) -> list[tuple[Ints, Ints, Ints, Floats]]:
    """List the ends of the ties of each platform, the kind of each tie (the layers it is in), and its weight."""
    key, kind = made.source * made.nodes + made.target, np.zeros(made.source.size, np.int64)
    for layer in layers:
        u, v = _simple(layer.source, layer.target, made.nodes)
        kind = np.unique(2 * kind + np.isin(key, u * made.nodes + v), return_inverse=True)[1].astype(np.int64)
    here = stratum[made.source]
    return [(made.source[m], made.target[m], kind[m], made.weight[m]) for m in (here == one for one in np.unique(here))]


def _apart(layer: Layer, stratum: Ints, nodes: int) -> list[Graph]:
    """Make a network of the ties of each platform."""
    u, v = _simple(layer.source, layer.target, nodes)
    graphs = []
    for one in np.unique(stratum[u]):
        mine = stratum[u] == one
        name = _ends(u[mine], v[mine], nodes)
        a, b = _places(name, nodes).astype(np.int32)[np.vstack((u[mine], v[mine]))]
        adjacency = coo_array((np.ones(2 * a.size), (np.append(a, b), np.append(b, a))), shape=(name.size, name.size)).tocsr()
        graphs.append(Graph(adjacency, np.diff(adjacency.indptr).astype(np.int64), name))
    return graphs


def _inside(layer: Layer, place: Ints) -> Layer:
    """Keep the pairs whose accounts are nodes, and number the accounts as nodes."""
    source, target = place[layer.source], layer.target if layer.shared else place[layer.target]
    kept = (source >= 0) & (target >= 0)
    return layer._replace(source=source[kept], target=target[kept])


def _ends(source: Ints, target: Ints, accounts: int) -> Ints:
    """Give the accounts that these ties join, ascending."""
    tied = np.zeros(accounts, bool)
    tied[source] = tied[target] = True
    return np.flatnonzero(tied)


def _places(account: Ints, accounts: int) -> Ints:
    """Give each account's position in ``account`` (accounts,), -1 where it is not there."""
    place = np.full(accounts, -1, np.int64)
    place[account] = np.arange(account.size)
    return place


def _without(layer: Layer, out: npt.NDArray[np.bool_] | None) -> Layer:
    if out is None:
        return layer
    kept = ~out[layer.source] & (True if layer.shared else ~out[layer.target])
    return layer._replace(source=layer.source[kept], target=layer.target[kept])


def _summed(layers: list[Layer], accounts: int) -> tuple[Ints, Ints, Floats, list[int]]:
    """Add up the ties of layers, each of the same total weight where they are several; how many may share a thing of each layer."""
    keys, weights, most = [], [], []
    for layer in layers:
        if layer.shared:
            made = project(layer.source, layer.target)
            u, v, weight = made.source, made.target, made.weight
        else:
            u, v = _simple(layer.source, layer.target, accounts)
            weight = np.ones(u.size)
        most.append(made.most if layer.shared else 0)
        if len(layers) == 1:
            return u, v, weight, most
        keys.append(u * accounts + v)
        weights.append(weight * (1e6 / max(weight.sum(), 1e-12)))
    key, inverse = np.unique(np.concatenate([np.empty(0, np.int64), *keys]), return_inverse=True)
    total = np.bincount(inverse, np.concatenate([np.empty(0), *weights]), minlength=key.size)
    return key // max(accounts, 1), key % max(accounts, 1), total / max(float(total.mean()) if total.size else 1.0, 1e-12), most


def _tying(layers: list[Layer], most: list[int]) -> tuple[int, list[Layer]]:
    """Count the things that more than ``most`` accounts of a layer share; keep the pairs of those that two to as many share."""
    viral, kept = 0, []
    for layer, limit in zip(layers, most, strict=True):
        if layer.shared:
            sharers = np.bincount(layer.target)
            viral += int(np.count_nonzero(sharers > limit))
            tying = ((sharers >= 2) & (sharers <= limit))[layer.target]
            layer = layer._replace(source=layer.source[tying], target=layer.target[tying])
        kept.append(layer)
    return viral, kept


def _simple(source: Ints, target: Ints, accounts: int) -> tuple[Ints, Ints]:
    """Give each undirected pair once, the lesser end first; no loops."""
    apart = source != target
    key = distinct(np.minimum(source, target)[apart] * accounts + np.maximum(source, target)[apart])
    return key // max(accounts, 1), key % max(accounts, 1)
