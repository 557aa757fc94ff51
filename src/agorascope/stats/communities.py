"""Into which communities does a network fall, and would it fall so again? Leiden's partition, and its agreement over seeds.

The partition is the one of greatest modularity over several seeds. ``agreement`` is the mean adjusted mutual information of all
pairs of these partitions: 1 where every seed tells the same. A random network is cut into communities too, a large one into others
each time, a small one often into the same. ``cut`` therefore takes a partition only where the seeds agree (``AGREED``) and its
modularity exceeds that of all of ``RANDOM`` networks of the same degrees, and leaves the network whole otherwise.

Limits: modularity does not see communities below a size that grows with the network (``resolution`` above 1: smaller ones).
Source: Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z; Vinh, Epps and Bailey 2010 (adjusted mutual information).
One thread for a cut: with more, the same seed gives several partitions. Two cuts at once agree with themselves (``at_once``).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any, NamedTuple, TypeVar

import networkit as nk
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from .agreement import adjusted_mutual_information

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
One = TypeVar("One")
Other = TypeVar("Other")

AGREED = 0.8
_EXACT = 40  # binary digits of twice the sum of weights: a double holds 53, and those of a resolution come on top
_STEP = 1 / 1024  # of resolutions, so that what a community weighs times the resolution is exact as well
SEEDS = 10
ITERATIONS = 3
RANDOM = 19


class Communities(NamedTuple):
    """Hold the community of each node (nodes,), numbered by size, the largest first; its modularity; the agreement over seeds."""

    label: Ints
    modularity: float
    agreement: float


def leiden(
    source: Ints, target: Ints, weight: Floats, nodes: int, *, resolution: float = 1.0, seeds: int = SEEDS, seed: int = 0
) -> Communities:
    """Cut an undirected weighted network into communities. ``source, target, weight`` (edges,); nodes are 0 to ``nodes`` - 1.

    An edge given twice counts twice. Cost about a second for a million edges and a seed.

    >>> ring = np.array([0, 1, 2, 3, 4, 5, 0]), np.array([1, 2, 0, 4, 5, 3, 3])
    >>> leiden(*ring, np.ones(7), 6).label.tolist()
    [0, 0, 0, 1, 1, 1]
    """
    graph = network(source, target, weight, nodes)
    found = [parted(graph, resolution=resolution, seed=seed * seeds + one) for one in range(seeds)]
    best = max(range(seeds), key=lambda i: (found[i].quality, -i))
    agreement = [adjusted_mutual_information(found[i].label, found[j].label) for i, j in combinations(range(seeds), 2)]
    return Communities(by_size(found[best].label), found[best].modularity, float(np.mean(agreement)) if agreement else 1.0)


def network(source: Ints, target: Ints, weight: Floats, nodes: int) -> Any:
    """Build networkit's graph of these edges, for several cuts of it.

    Edges in ascending order, the lesser end first, take a tenth of a second for a million, others about a second. Each node's
    neighbours stand in the order of the edges either way, so that a cut is the same.
    """
    nk.setNumberOfThreads(1)
    if _ascending(source, target, nodes):
        starts = np.append(0, np.cumsum(np.bincount(source, minlength=nodes)))
        rows = csr_matrix((whole(weight), target.astype(np.int32), starts), shape=(nodes, nodes))
        return nk.GraphFromCsr(rows, directed=False, weighted=True)
    ends = (source.astype(np.uint64), target.astype(np.uint64))
    return nk.GraphFromCoo((whole(weight), ends), n=nodes, weighted=True, directed=False)


def _ascending(source: Ints, target: Ints, nodes: int) -> bool:
    """Say whether each edge is given once, the lesser end first, in ascending order."""
    key = source * nodes + target
    return bool(key.size and (source < target).all() and (key[1:] > key[:-1]).all())


def whole(weight: Floats) -> Floats:
    """Scale weights (edges,) to whole numbers that add up exactly, unless they are whole already; 1 at least.

    networkit's Leiden keeps the weight of each community by adding and taking away, and compares products that it forms in another
    order each time. Where these are rounded it can go round for ever. Weights lose what is below 2^-40 of their sum.
    """
    values = weight.astype(np.float64)
    if not values.size or np.array_equal(values, np.rint(values)):
        return values
    scale = 2.0 ** (_EXACT - 1 - np.ceil(np.log2(values.sum())))
    return np.asarray(np.maximum(np.rint(values * scale), 1.0))


class Parted(NamedTuple):
    """Hold one cut: its modularity at the resolution of the cut (``quality``), the community of each node, that at resolution 1."""

    quality: float
    label: Ints
    modularity: float


def parted(graph: Any, *, resolution: float = 1.0, seed: int | None = 0, iterations: int = ITERATIONS) -> Parted:
    """Cut a built network once, with one seed (None: that of ``at_once``). ``iterations``: of Leiden, 1 for a rough cut in 0.4
    of the time. ``resolution`` is taken to the nearest ``_STEP`` (see ``whole``).
    """
    resolution = max(round(resolution / _STEP), 1) * _STEP
    nk.setNumberOfThreads(1)
    if seed is not None:
        nk.setSeed(seed + 1, False)
    made = nk.community.ParallelLeiden(graph, iterations=iterations, randomize=True, gamma=resolution)
    made.run()
    partition = made.getPartition()
    label = np.asarray(partition.getVector(), np.int64)
    if not graph.numberOfEdges():
        return Parted(0.0, label, 0.0)
    plain = float(nk.community.Modularity().getQuality(partition, graph))
    if resolution == 1.0:
        return Parted(plain, label, plain)
    inside = float(nk.community.Coverage().getQuality(partition, graph))
    return Parted(inside - resolution * (inside - plain), label, plain)


def at_once(one: Callable[[], One], other: Callable[[], Other], *, seed: int) -> tuple[One, Other]:
    """Do two things in two threads, each of which cuts one network at most, with ``seed=None``: both with this seed.

    networkit has one seed for all threads, which must not be set while a cut is made; each new thread begins with it anew, so that
    what either gives does not hang on the other.
    """
    nk.setSeed(seed + 1, False)
    with ThreadPoolExecutor(1) as mine, ThreadPoolExecutor(1) as yours:  # one of two threads could do both
        first, second = mine.submit(one), yours.submit(other)
        return first.result(), second.result()


def cut(source: Ints, target: Ints, weight: Floats, nodes: int, *, seed: int = 0) -> Communities:
    """Cut a network as ``leiden`` does where that says more than it says of random networks of the same degrees; else in one."""
    found = leiden(source, target, weight, nodes, seed=seed)
    rng = np.random.default_rng((seed, 2))
    told = found.agreement >= AGREED and bool(found.label.any())
    for one in range(RANDOM if told else 0):
        ends = rng.permutation(target)
        apart = source != ends
        random = leiden(source[apart], ends[apart], weight[apart], nodes, seeds=1, seed=seed + one)
        if random.modularity >= found.modularity:
            told = False
            break
    return found if told else Communities(np.zeros(nodes, np.int64), 0.0, found.agreement)


def components(source: Ints, target: Ints, nodes: int) -> Ints:
    """Number the connected component of each node, the largest first. Cost O(edges + nodes)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(source.size, np.int8), (source, target)), shape=(nodes, nodes))
    return by_size(connected_components(graph, directed=False)[1].astype(np.int64))


def by_size(label: Ints) -> Ints:
    """Number groups by size, the largest first; of equal ones that of the first element."""
    _, first, inverse, count = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(count.size, np.int64)
    place[np.lexsort((first, -count))] = np.arange(count.size)
    return place[inverse]
