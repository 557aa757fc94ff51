"""How far do the sides keep apart, beside rewired networks, and what remains without some accounts? Arrays in, numbers out."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from agorascope.stats.division import stability
from agorascope.stats.graphs import Graph, largest
from agorascope.stats.polarisation_null import Division, against_null
from agorascope.stats.walks import Condition

from ._polarisation_reduce import FEWEST_SIDE, Network

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FEWEST = 30
LEVEL = 0.95
THREADED = 100_000
_ALIKE = 1e-9
ADAPTIVE = 0.01
"""The share of a side at whose accounts of most ties the walks of ARWC end."""


class Settings(NamedTuple):
    """Hold how to measure: ``how`` sides are sought, or None where they are given, and what ``against_null`` takes."""

    how: str | None
    nulls: int
    k: float
    condition: Condition
    seed: int


class Assessed(NamedTuple):
    """Hold one network's division: the share of ties across, its mean over draws, how many fewer with an interval, one p of all.

    ``short`` is the mean over draws less the share; 0 as in rewired networks, above: apart. ``accounts`` is what is left.
    """

    accounts: int
    ties: int
    sides: int
    across: float
    usual: float
    short: float
    low: float
    high: float
    p_value: float
    division: Division

    def apart(self, alpha: float) -> bool:
        """Say whether the sides keep apart: the measures together lie beyond chance, and fewer ties join sides, interval and all.

        Measures that no tie across enters (where the most-tied accounts stand, how walks end) may lie beyond chance alone.
        """
        return self.differs(alpha) and self.low > _ALIKE

    def differs(self, alpha: float) -> bool:
        """Say whether the measures together lie beyond chance."""
        return self.p_value <= alpha


def assess(graph: Graph, side: Ints | None, settings: Settings) -> Assessed | None:
    """Measure a network; None where it is too small, has fewer than two sides of ``FEWEST_SIDE``, or is one community."""
    if graph.nodes < FEWEST:
        return None
    if side is not None and (np.bincount(side).size < 2 or int((np.bincount(side) >= FEWEST_SIDE).sum()) < 2):
        return None
    sides: Ints | str = side if side is not None else settings.how or "bisection"
    found = against_null(
        graph, sides, nulls=settings.nulls, k=settings.k, share=ADAPTIVE, condition=settings.condition, seed=settings.seed,
        workers=workers(graph),
    )  # fmt: skip
    number = int((np.bincount(found.side) > 0).sum())
    if number < 2:
        return None
    across, drawn = float(found.across[0]), found.across[1:]
    usual, sd = float(drawn.mean()), float(drawn.std(ddof=1))
    reach = float(student.ppf((1 + LEVEL) / 2, drawn.size - 1)) * sd * math.sqrt(1 + 1 / drawn.size)
    short = usual - across
    return Assessed(graph.nodes, graph.edges, number, across, usual, short, short - reach, short + reach, found.together, found)


def workers(graph: Graph) -> int:
    """Say how many threads take random networks in turns: two, but for networks that are done before threads are worth it."""
    return 2 if graph.edges > THREADED else 1


def steadiness(graph: Graph, how: str, seed: int) -> float:
    """Tell how far searches from five seeds agree, 1: always the same sides."""
    return stability(graph, how, seed=seed)


def within(network: Network, keep: Bools, settings: Settings) -> Assessed | None:
    """Measure what is left of the network when only some accounts (nodes,) are kept: the largest piece, sides sought anew."""
    whole = network.graph
    kept = np.flatnonzero(keep)
    if kept.size < FEWEST:
        return None
    adjacency = whole.adjacency[kept][:, kept]
    part = largest(Graph(adjacency, np.diff(adjacency.indptr).astype(np.int64), whole.name[kept]))
    side = None
    if network.side is not None:
        left = network.side[np.searchsorted(whole.name, part.name)]
        size = np.bincount(left, minlength=len(network.names))
        if int((size >= FEWEST_SIDE).sum()) < 2:
            return None
        side = np.unique(left, return_inverse=True)[1].astype(np.int64)
    return assess(part, side, settings)


def hubs(graph: Graph, side: Ints) -> Ints:
    """Find the account of most ties of each side."""
    order = np.argsort(-graph.degree, kind="stable")
    return order[np.unique(side[order], return_index=True)[1]]


def association(one: Ints, other: Ints) -> float:
    """Give Cramér's V of two classifications (things,): 0 independent, 1 one tells the other. Source: Cramér 1946, section 21.9."""
    (_, a), (_, b) = (np.unique(part, return_inverse=True) for part in (one, other))
    rows, columns = int(a.max()) + 1, int(b.max()) + 1
    if min(rows, columns) < 2:
        return 0.0
    table = np.bincount(a * columns + b, minlength=rows * columns).reshape(rows, columns).astype(np.float64)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return math.sqrt(float(((table - expected) ** 2 / expected).sum()) / (table.sum() * (min(rows, columns) - 1)))
