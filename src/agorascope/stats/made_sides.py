"""How far apart are sides that a search makes out of the ties, as many as given ones and about as large? One number beside draws.

Groups cut out of the ties of a network keep apart in any network, also in one without camps. ``beside_made`` therefore seeks sides
in rewired networks, by several searches, and compares the given ones with the best of each draw: METIS, cut by cut into sides with
the given shares of accounts, and with the given shares of ties; cuts along the slowest walks (``swept``), into sides of any size
from half the smallest given one on; and the communities of Leiden, joined until they are as many. The best is improved account by
account: somebody who cuts a network is free to choose the size, and small sides at the edge of sparse networks keep most.
``kept`` (assortativity of the side) compares sides of other sizes: 0 as chance would have it, 1 no tie across. What the best of a
draw keeps is told as the share of ties across that sides of the given numbers of ties would then leave.

``alike`` seeks in the network itself and tells how far the given sides agree with a search: near 1 they may be its work.

Limits: a better search than these would keep a few more ties, so that a small lead shows nothing (``LEAD``). Above ``MANY`` edges
there are fewer draws and searches, above ``division.LARGE`` one search of one kind, not improved.
Source: Guimerà, Sales-Pardo and Amaral 2004, doi:10.1103/PhysRevE.70.025101 (random networks are cut well, too); Karypis and Kumar
1998 and Traag, Waltman and van Eck 2019 (``division``). What we changed: sides of given number and size, rewired networks.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pymetis
from scipy.sparse import csr_array
from scipy.stats import t as student

from .agreement import adjusted_mutual_information
from .communities import by_size, leiden
from .division import LARGE, bisection
from .graphs import Graph, edges, rewired
from .onemore import tail
from .swept import improved, swept

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAD = 0.1
"""By how much more than the best searches given sides must keep their ties, as a share of what these keep, to be no such cut."""
MANY = 50_000
FEW_DRAWS = 5
_UFACTOR = 30
_SEEDS = 3
_JOINED = 200


class Made(NamedTuple):
    """Hold the share of ties across of the given sides, what sides made in ``draws`` rewired networks leave, and the difference.

    ``short`` is ``usual`` less ``across``, from ``low`` to ``high`` for one more draw; ``p_value`` one-sided towards further apart.
    ``lead``: by how much more the given sides keep their ties than made ones do, as a share of what these keep; None where a draw
    keeps nothing, since the search has found no sides there to compare with.
    ``alike``: adjusted mutual information with the most similar sides that a search makes in the network itself.
    """

    across: float
    usual: float
    short: float
    low: float
    high: float
    p_value: float
    draws: int
    lead: float | None
    alike: float

    def beyond(self, alpha: float) -> bool:
        """Say whether the given sides keep apart more than made ones do in networks without sides."""
        return self.p_value <= alpha and self.low > 0 and self.lead is not None and self.lead > LEAD


def beside_made(
    graph: Graph, side: Ints, *, draws: int = 15, seed: int = 0, level: float = 0.95, effort: int | None = None, workers: int = 1
) -> Made:
    """Compare given sides (nodes,) of a connected network, two or more, with sides made in rewired ones. Cost O(edges) a draw.

    ``effort``: search as hard as in a network of so many edges; None, of as many as there are. ``workers`` threads take draws in
    turns above ``division.LARGE`` edges and change no number (below, one: networkit's seed is its process's).
    """
    side = np.unique(side, return_inverse=True)[1].astype(np.int64)
    effort = graph.edges if effort is None else effort
    draws = draws if effort <= MANY else min(draws, FEW_DRAWS)
    across, chance = _across(graph, side)
    seeds = np.random.SeedSequence((seed, 11)).spawn(draws)

    def made(draw: int) -> float:
        one = rewired(graph, np.random.default_rng(seeds[draw]))
        there = side if one.nodes == graph.nodes else side[np.isin(graph.name, one.name)]
        return kept(one, best(one, there, seed=seed * draws + draw, effort=effort))

    with ThreadPoolExecutor(workers if effort > LARGE else 1) as threads:
        theirs = np.array(list(threads.map(made, range(draws))))
    left = chance * (1 - theirs)
    usual, sd = float(left.mean()), float(left.std(ddof=1))
    reach = float(student.ppf((1 + level) / 2, draws - 1)) * sd * math.sqrt(1 + 1 / draws)
    short = usual - across
    lead = (chance - across) / (chance - usual) - 1 if theirs.min() > 0 else None
    alike = max(adjusted_mutual_information(one, side) for one in searches(graph, side, seed=seed, whole=True, effort=effort))
    return Made(across, usual, short, short - reach, short + reach, tail(-across, -left), draws, lead, alike)


def kept(graph: Graph, side: Ints) -> float:
    """Tell how far sides (nodes,) keep their ties: (within - expected) / (1 - expected), the assortativity of the side.

    >>> from .graphs import simple
    >>> two = simple(np.array([0, 1, 2, 3, 4, 5, 0]), np.array([1, 2, 0, 4, 5, 3, 3]))
    >>> round(kept(two, np.array([0, 0, 0, 1, 1, 1])), 3), kept(two, np.zeros(6, np.int64))
    (0.714, 0.0)
    """
    across, chance = _across(graph, side)
    return 1 - across / chance if chance > 0 else 0.0


def best(graph: Graph, side: Ints, *, seed: int, effort: int) -> Ints:
    """Make the sides (nodes,) that keep most, by every search, then account by account."""
    found = max(searches(graph, side, seed=seed, effort=effort), key=lambda made: kept(graph, made))
    return improved(graph, found, _least(side)) if effort <= LARGE else found


def searches(graph: Graph, side: Ints, *, seed: int = 0, whole: bool = False, effort: int | None = None) -> list[Ints]:
    """Make sides (nodes,) by every search, as many as ``side`` has and about as large; ``whole``: others as well."""
    effort = graph.edges if effort is None else effort
    sides = int(side.max()) + 1
    accounts, ties = np.bincount(side) / side.size, _tied(graph, side)
    found = [bisection(graph)] if whole and sides == 2 else []
    if effort > LARGE:
        return [*found, parts(graph, ties, by_ties=True, recursive=True, seed=seed)]
    few = effort <= MANY
    found += [
        parts(graph, shares, by_ties=by_ties, recursive=recursive, seed=seed * _SEEDS + one)
        for one in range(_SEEDS if few else 1)
        for by_ties, shares in ((False, accounts), (True, ties))
        for recursive in ((False, True) if few else (True,))
    ]
    found.append(parts(graph, accounts, by_ties=False, recursive=True, seed=seed, least=_least(side)))
    u, v = edges(graph)
    ends = u.astype(np.int64), v.astype(np.int64), np.ones(u.size)
    communities = leiden(*ends, graph.nodes, seeds=_SEEDS if few else 1, seed=seed).label
    return [*found, joined(graph, communities, sides), *([communities] if whole else [])]


def parts(graph: Graph, shares: Floats, *, by_ties: bool, recursive: bool, seed: int = 0, least: int = 0) -> Ints:
    """Cut a network by METIS, in two again and again, into sides (nodes,) with these shares (sides,) of its accounts or its ties.

    Cut by cut, since METIS leaves parts empty, and writes so to the terminal, where one is asked to be far smaller than others.
    ``least``: along the slowest walks instead (``swept``), into sides of any size from so many accounts on.
    """
    label = np.zeros(graph.nodes, np.int64)
    order = np.argsort(-shares, kind="stable")
    left: list[tuple[Ints, Ints]] = [(np.arange(graph.nodes), order)]
    while left:
        nodes, sides = left.pop()
        if sides.size == 1 or nodes.size < 2:
            label[nodes] = sides[0]
            continue
        first, second = _halves(shares, sides)
        part = graph.adjacency if nodes.size == graph.nodes else graph.adjacency[nodes][:, nodes]
        if least:
            there = swept(part, *(min(least * heap.size, nodes.size // 2) for heap in (first, second)), seed=seed) == 0
        else:
            weights = graph.degree[nodes] if by_ties else None
            there = _cut(part, float(shares[first].sum() / shares[sides].sum()), weights, recursive=recursive, seed=seed) == 0
        left += [(nodes[there], first), (nodes[~there], second)]
    return label


def _cut(adjacency: csr_array, share: float, weights: Ints | None, *, recursive: bool, seed: int) -> Ints:
    """Cut in two (nodes,) by METIS, 0 having this share of the accounts, or of their weights."""
    cut = pymetis.part_graph(
        2,
        pymetis.CSRAdjacency(adjacency.indptr.astype(np.int64), adjacency.indices.astype(np.int64)),
        tpwgts=[share, 1 - share],
        recursive=recursive,
        vweights=weights,
        options=pymetis.Options(ufactor=_UFACTOR, seed=seed + 1),
    )
    return np.asarray(cut.vertex_part, np.int64)


def joined(graph: Graph, part: Ints, sides: int) -> Ints:
    """Join communities (nodes,) two by two, those whose union adds most modularity, until no more than ``sides`` are left."""
    part = by_size(part).clip(max=_JOINED - 1)
    number = int(part.max()) + 1
    key = np.repeat(part, graph.degree) * number + part[graph.adjacency.indices]
    ties = np.bincount(key, minlength=number * number).reshape(number, number) / graph.adjacency.nnz
    label, here = np.arange(number), np.arange(number)
    while here.size > sides:
        among = ties[np.ix_(here, here)]
        gain = among - np.outer(ties[here].sum(axis=1), ties[here].sum(axis=1))
        np.fill_diagonal(gain, -np.inf)
        one, other = (int(here[i]) for i in divmod(int(gain.argmax()), here.size))
        ties[one] += ties[other]
        ties[:, one] += ties[:, other]
        ties[other], ties[:, other] = 0.0, 0.0
        label[label == other] = one
        here = here[here != other]
    return np.unique(label[part], return_inverse=True)[1].astype(np.int64)


def _halves(shares: Floats, sides: Ints) -> tuple[Ints, Ints]:
    """Deal sides, the largest first, to two heaps of about the same share."""
    heaps: tuple[list[int], list[int]] = ([], [])
    weight = [0.0, 0.0]
    for one in sides.tolist():
        lighter = int(weight[1] < weight[0])
        heaps[lighter].append(one)
        weight[lighter] += float(shares[one])
    return np.array(heaps[0], np.int64), np.array(heaps[1], np.int64)


def _across(graph: Graph, side: Ints) -> tuple[float, float]:
    """Give the share of ties that join different sides, and the share that ends joined by chance would."""
    across = float((np.repeat(side, graph.degree) != side[graph.adjacency.indices]).mean())
    return across, 1 - float((_tied(graph, side) ** 2).sum())


def _tied(graph: Graph, side: Ints) -> Floats:
    """Give the share of the ends of ties of each side (sides,)."""
    return np.asarray(np.bincount(side, graph.degree) / max(int(graph.degree.sum()), 1))


def _least(side: Ints) -> int:
    """Give half the size of the smallest side, from which on a side is about as large."""
    return max(int(np.bincount(side).min()) // 2, 1)
