"""Would a network of the same degrees, without sides, look as divided? Measures against rewired networks, divided anew each time.

Every draw is a connected network in which each account keeps its number of ties (``graphs.rewired``). Where the sides were sought
in the ties (bisection, communities) they are sought again in every draw, since it is the search that makes sides. Where they were
given (groups) each account keeps its side: the claim is that accounts tie within their side more than their numbers of ties bring
about, whatever camp is the louder; shuffling the sides would call a mere difference of loudness a division.

``p_value`` is the tail of Student's t for one new draw beside ``nulls`` of them: (raw - mean) / (sd sqrt(1 + 1/nulls)), one-sided
towards further apart (``onemore``: it takes the values over draws to be near normal, and is told down to 0.0005 only). ``p_rank``
is (1 + draws as far) / (1 + nulls), which with 15 draws cannot fall below 1/16. ``together`` tells all measures at once: the mean
of their standardised values, of the network and of each draw among all of them, and that mean's place by the same t. One number,
hence one alarm, for the network.

How often ``together`` errs, and what separation it finds: docs/analyses/polarisation.md. Single measures err more often, since
their draws are less normal.

Limits: ties only. The null keeps degrees, not clustering: ties among friends of friends alone look like sides to a sought division.
Source: Salloum, Chen and Kivelä 2022, doi:10.1145/3512962 (subtraction of the null, sought sides). What we changed: connected
draws, given sides, t tails, one test of all measures.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .division import sought
from .graphs import Graph, rewired
from .onemore import tail
from .polarisation import APART, MEASURES, measured
from .walks import Condition

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NULLS = 15


class Measured(NamedTuple):
    """Hold one measure: its value, its mean and standard deviation over the draws, and how far beyond them it lies.

    ``normalised`` is raw - null_mean, ``z`` that over null_sd, both with the sign of the measure; ``p_value`` and ``p_rank`` are
    one-sided towards further apart.
    """

    measure: str
    raw: float
    null_mean: float
    null_sd: float
    normalised: float
    z: float
    p_value: float
    p_rank: float


class Division(NamedTuple):
    """Hold the measures, the test of all ``together``, the sides (nodes,) measured, and the draws ``nulls`` (draws, measures).

    ``ends`` (1 + draws, sides, sides) counts the ends of ties by side and by the side they lead to, in the network and then in each
    draw: a tie within a side has two. Without any side where sides were sought, since those of a draw are other ones. ``across``
    (1 + draws,) is the share of ties that join different sides, of all, whichever sides were found.
    """

    measures: list[Measured]
    together: float
    side: Ints
    nulls: Floats
    ends: Ints
    across: Floats


def against_null(
    graph: Graph,
    sides: Ints | str = "bisection",
    *,
    nulls: int = NULLS,
    k: float = 10,
    share: float = 0.01,
    condition: Condition = "end",
    seed: int = 0,
    only: tuple[str, ...] = MEASURES,
    drawing: Callable[[Graph, np.random.Generator], Graph] = rewired,
    workers: int = 1,
) -> Division:
    """Measure a network and ``nulls`` rewired ones. ``sides``: given (nodes,), or how they are sought. Cost O(edges) a draw.

    ``workers`` threads take draws in turns and change no number (communities: one, networkit's seed is its process's).
    Raises ValueError where ``nulls`` is below 2 or a given side is missing.
    """
    if nulls < 2:
        raise ValueError(f"nulls is {nulls}; use 2 or more")
    if not isinstance(sides, str) and (sides.size != graph.nodes or (sides.size and sides.min() < 0)):
        raise ValueError(f"sides are {sides.size} for {graph.nodes} nodes, or one is below 0; give one from 0 on to each")

    number = 0 if isinstance(sides, str) or not sides.size else int(sides.max()) + 1

    def told(one: Graph, draw: int) -> tuple[list[float], Ints, Ints, float]:
        side = sought(sides)(one, seed * (nulls + 1) + draw) if isinstance(sides, str) else sides[np.isin(graph.name, one.name)]
        found = measured(one, side, k=k, share=share, condition=condition, only=only)
        return [found[name] for name in only], side, _ends(one, side, number), _across(one, side)

    raw, side, own, across = told(graph, 0)
    seeds = np.random.SeedSequence((seed, 5)).spawn(nulls)
    with ThreadPoolExecutor(1 if isinstance(sides, str) and sides == "communities" else workers) as threads:
        draws = list(threads.map(lambda draw: told(drawing(graph, np.random.default_rng(seeds[draw])), draw + 1), range(nulls)))
    drawn = np.array([values for values, *_ in draws])
    values = [beside(name, value, drawn[:, column]) for column, (name, value) in enumerate(zip(only, raw, strict=True))]
    return Division(values, together(np.array(raw), drawn, np.array([APART[name] for name in only])), side, drawn,
                    np.array([own, *(d[2] for d in draws)]), np.array([across, *(d[3] for d in draws)]))  # fmt: skip


def crossing(ends: Ints) -> Floats:
    """Give the share of the ties of each side that lead to others (..., sides), of ``ends`` (..., sides, sides); nan: no ties.

    >>> crossing(np.array([[4, 1], [1, 6]])).round(3).tolist()
    [0.333, 0.25]
    """
    within = np.diagonal(ends, axis1=-2, axis2=-1)
    across = ends.sum(axis=-1) - within
    ties = across + within / 2
    return np.asarray(np.divide(across, ties, out=np.full(ties.shape, np.nan), where=ties > 0))


def _across(graph: Graph, side: Ints) -> float:
    """Give the share of ties that join different sides; 0 without ties."""
    other = np.repeat(side, graph.degree) != side[graph.adjacency.indices]
    return float(other.mean()) if other.size else 0.0


def _ends(graph: Graph, side: Ints, number: int) -> Ints:
    """Count the ends of ties by side and by the side they lead to (number, number); no side: nothing is counted."""
    if not number:
        return np.empty((0, 0), np.int64)
    key = np.repeat(side, graph.degree) * number + side[graph.adjacency.indices]
    return np.bincount(key, minlength=number * number).reshape(number, number).astype(np.int64)


def beside(measure: str, raw: float, drawn: Floats) -> Measured:
    """Put one value beside its draws (draws,); draws in which the measure is not defined are left out."""
    kept = drawn[np.isfinite(drawn)]
    if kept.size < 2 or not math.isfinite(raw):
        return Measured(measure, raw, *(math.nan,) * 4, 1.0, 1.0)
    mean, sd = float(kept.mean()), float(kept.std(ddof=1))
    rank = (1 + int((APART[measure] * (kept - raw) >= 0).sum())) / (1 + kept.size)
    z = (raw - mean) / sd if sd > 1e-12 * max(1.0, abs(raw)) else math.nan
    return Measured(measure, raw, mean, sd, raw - mean, z, tail(APART[measure] * raw, APART[measure] * kept), rank)


def together(raw: Floats, drawn: Floats, apart: Ints) -> float:
    """Give one p of all measures: raw (measures,), drawn (draws, measures), their way apart (measures,).

    Each measure is standardised over the network and its draws alike, so that neither is favoured; then their mean is compared.
    """
    pool = np.vstack((raw, drawn)) * apart
    pool = pool[:, np.isfinite(pool).all(axis=0)]
    sd = pool.std(axis=0)
    pool = pool[:, sd > 1e-12]
    if not pool.shape[1]:
        return 1.0
    mean = ((pool - pool.mean(axis=0)) / pool.std(axis=0)).mean(axis=1)
    return tail(float(mean[0]), mean[1:])
