"""How coarse should a network be cut? At the resolution whose communities return for every seed and change least beside it.

Leiden is run for several resolutions and seeds. ``agreement`` of a resolution is the mean adjusted mutual information of all pairs
of seeds; ``beside`` that of its partition with those of the neighbouring resolutions; both are 0 where a network stays whole. Where
communities are there, both are high over a stretch of resolutions, the plateau. Random networks are cut alike as well, most of all
into many small communities, so that stability alone would always choose these. ``chosen`` therefore takes the resolution at which
the mean of the two exceeds that of random networks most (``random``), among those that give two communities or more, the nearest to
1 of equal ones. ``lasting`` tells of each community how it returns: the mean over other seeds of its greatest overlap (Jaccard).

Large networks are cut fewer times (``effort``), and agreement is then measured on ``SAMPLE`` nodes: exact to about 0.01.

Limits: a stable partition is not a true one; whether there are communities at all is another question (``beyond``).
Source: Lambiotte, Delvenne and Barahona 2014, doi:10.1109/TNSE.2015.2391998 (plateaus of stability); Ronhovde and Nussinov 2009,
doi:10.1103/PhysRevE.80.016109 (agreement of replicas by resolution); Hennig 2007, doi:10.1016/j.csda.2006.11.025 (Jaccard). The
subtraction of random networks is ours.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .agreement import adjusted_mutual_information
from .communities import Parted, by_size, parted

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GRID = (0.25, 0.5, 0.71, 1.0, 1.41, 2.0, 2.83, 4.0)
SAMPLE = 50_000
MEDIUM, LARGE = 100_000, 2_000_000


class Effort(NamedTuple):
    """Say how often a network is cut: resolutions, seeds at each, random networks, how many of these at all resolutions as well.

    ``rough``: it is compared with random networks after one iteration of Leiden.
    """

    grid: tuple[float, ...]
    seeds: int
    nulls: int
    compared: int
    rough: bool = False

    def draws(self, asked: int) -> int:
        """Say how many random networks are drawn of those asked for: all of them for a small network."""
        return asked if self.grid == GRID else min(asked, self.nulls)


class Level(NamedTuple):
    """Hold one resolution: how many communities of ``least`` nodes or more, how stable over seeds and beside, its modularity
    (at resolution 1, whatever its own).
    """

    resolution: float
    communities: int
    agreement: float
    beside: float
    modularity: float


class Scan(NamedTuple):
    """Hold the levels of one network, and the partitions (nodes,) of every seed at each, the best one first."""

    levels: tuple[Level, ...]
    labels: tuple[tuple[Ints, ...], ...]


class Cut(NamedTuple):
    """Hold the partition chosen (nodes,), the largest first; how each community lasts over seeds (communities,); its level.

    ``random`` (levels,) is the stability of random networks at each level, 0 where none was cut.
    """

    label: Ints
    lasting: Floats
    level: Level
    levels: tuple[Level, ...]
    random: Floats


def effort(edges: int) -> Effort:
    """Say how much a network of so many edges is cut."""
    if edges <= MEDIUM:
        return Effort(GRID, 5, 19, 3)
    return Effort(GRID[1:6:2], 3, 9, 1) if edges <= LARGE else Effort((1.0,), 2, 3, 0, rough=True)


def scanned(graph: Any, nodes: int, resolutions: Sequence[float], *, seeds: int = 5, least: int = 10, seed: int = 0) -> Scan:
    """Cut a built network (``communities.network``) at each resolution with each seed. Cost: as many runs of Leiden."""
    runs = [[parted(graph, resolution=r, seed=seed * seeds + one) for one in range(seeds)] for r in resolutions]
    return compared(runs, nodes, resolutions, least=least, seed=seed)


def compared(runs: Sequence[Sequence[Parted]], nodes: int, resolutions: Sequence[float], *, least: int, seed: int) -> Scan:
    """Compare cuts of a network, ``runs`` (resolutions, seeds): which of each resolution is the best, how far do they agree?"""
    some = np.arange(nodes) if nodes <= SAMPLE else np.random.default_rng((seed, 3)).choice(nodes, SAMPLE, replace=False)
    ordered = [sorted(several, key=lambda run: -run.quality) for several in runs]
    labels = [tuple(by_size(run.label) for run in several) for several in ordered]
    next_to = [_alike(a[0], b[0], some) for a, b in pairwise(labels)]
    levels = []
    for i, resolution in enumerate(resolutions):
        pairs = [_alike(a, b, some) for a, b in combinations(labels[i], 2)]
        within = float(np.mean(pairs)) if pairs else 1.0
        near = next_to[max(i - 1, 0) : i + 1]
        many = int(np.count_nonzero(np.bincount(labels[i][0]) >= least))
        beside = float(np.mean(near)) if near else within
        levels.append(Level(resolution, many, within, beside, ordered[i][0].modularity))
    return Scan(tuple(levels), tuple(labels))


def chosen(scan: Scan, random: Sequence[Scan] = ()) -> Cut:
    """Choose among the levels of a scan by their stability beyond that of random networks scanned at the same resolutions.

    >>> from .communities import network
    >>> ring = network(np.array([0, 1, 2, 3, 4, 5, 0]), np.array([1, 2, 0, 4, 5, 3, 3]), np.ones(7), 6)
    >>> found = chosen(scanned(ring, 6, (0.5, 1.0), seeds=2, least=2))
    >>> found.label.tolist(), found.level.resolution, found.lasting.tolist()
    ([0, 0, 0, 1, 1, 1], 1.0, [1.0, 1.0])
    """
    by_chance = np.array([[_stable(level) for level in one.levels] for one in random]).mean(axis=0) if random else None
    usual = np.zeros(len(scan.levels)) if by_chance is None else by_chance

    def worth(i: int) -> tuple[bool, float, float]:
        level = scan.levels[i]
        return level.communities >= 2, round(_stable(level) - float(usual[i]), 2), -abs(float(np.log(level.resolution)))

    at = max(range(len(scan.levels)), key=worth)
    label, *others = scan.labels[at]
    return Cut(label, _lasting(label, others), scan.levels[at], scan.levels, usual)


def _stable(level: Level) -> float:
    return (level.agreement + level.beside) / 2


def _alike(one: Ints, other: Ints, some: Ints) -> float:
    """Give the agreement of two partitions; 0 where both leave the network whole, since nothing returns there."""
    return adjusted_mutual_information(one[some], other[some]) if one.any() or other.any() else 0.0


def _lasting(label: Ints, others: Sequence[Ints]) -> Floats:
    """Give each community's greatest Jaccard overlap with one of another partition, the mean over these; 1 without others."""
    size = np.bincount(label).astype(np.float64)
    overlaps = []
    for other in others:
        sizes = np.bincount(other).astype(np.float64)
        pairs, shared = np.unique(label * sizes.size + other, return_counts=True)
        mine, theirs = pairs // sizes.size, pairs % sizes.size
        overlap = np.zeros(size.size)
        np.maximum.at(overlap, mine, shared / (size[mine] + sizes[theirs] - shared))
        overlaps.append(overlap)
    found: Floats = np.mean(overlaps, axis=0) if overlaps else np.ones(size.size)
    return found
