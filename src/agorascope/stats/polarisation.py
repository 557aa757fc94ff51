"""How far do two sides of a network keep apart? Eight measures of one network and one division.

``measured`` gives them by name. Higher is further apart, but for ``ei``, which keeps its published sign.

- ``ei``: E-I index (ties across - ties within) / ties, -1 (closed) to 1. Krackhardt and Stern 1988, doi:10.2307/2786835.
- ``aei``: the same on densities, for sides of unequal size: (Bxx + Byy - 2 Bxy) / (Bxx + Byy + 2 Bxy). Salloum et al. 2022.
- ``modularity``: ties within, less those expected from the degrees. Newman 2006, doi:10.1073/pnas.0601602103.
- ``assortativity``: of the side: (tr e - |e²|) / (1 - |e²|). Newman 2003, doi:10.1103/PhysRevE.67.026126, eq. 2.
- ``rwc``, ``arwc``: random-walk controversy to the ``k`` accounts of most ties of a side, or to the ``share`` of them (``walks``).
- ``boundary``: mean over accounts tied to the other side and to an inner account of d_inner / (d_inner + d_across) - 1/2.
  Guerra et al. 2013 (GMCK), doi:10.1609/icwsm.v7i1.14421.
- ``dipole``: of opinions spread from the ``POLES`` of most ties of a side. Morales et al. 2015 (MBLB), doi:10.1063/1.4913758.

Limits: none of these numbers says anything alone: a network without sides, cut in two, scores high. ``polarisation_null`` compares.
Ties only: two clusters are not a controversy.
"""

import math

import numpy as np
import numpy.typing as npt

from .graphs import Graph
from .walks import Condition, controversy, dipole, ends, loudest

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MEASURES = ("ei", "aei", "modularity", "assortativity", "rwc", "arwc", "boundary", "dipole")
APART = {name: -1 if name == "ei" else 1 for name in MEASURES}
"""The sign of each measure's way: 1, higher is further apart; -1, lower."""
POLES = 0.05


def measured(
    graph: Graph,
    side: Ints,
    *,
    k: float = 10,
    share: float = 0.01,
    condition: Condition = "end",
    only: tuple[str, ...] = MEASURES,
) -> dict[str, float]:
    """Give each measure of a division in two or more (nodes,), sides numbered from 0. Cost O(edges) a step of the walks.

    With more than two sides, each in turn is held against all others and the furthest apart counts; modularity and assortativity
    are those of the whole division. NaN where a measure is not defined (one side only, a side without account to start from).
    """
    sides = int(side.max()) + 1 if side.size else 0
    found = _mixing(graph, side, max(sides, 1))
    each = [_against(graph, side == one, k, share, condition, only) for one in range(sides if sides > 2 else 1)]
    for name in set(MEASURES) - found.keys():
        values = np.array([one[name] for one in each])
        found[name] = float(APART[name] * np.nanmax(APART[name] * values)) if np.isfinite(values).any() else math.nan
    return {name: found[name] for name in only}


def _mixing(graph: Graph, side: Ints, sides: int) -> dict[str, float]:
    """Give modularity and assortativity from the shares of ties between sides."""
    row = np.repeat(side, graph.degree)
    mixing = np.bincount(row * sides + side[graph.adjacency.indices], minlength=sides * sides).reshape(sides, sides)
    within, expected = _shares(mixing)
    return {"modularity": within - expected, "assortativity": (within - expected) / (1 - expected) if expected < 1 else math.nan}


def _shares(mixing: Ints) -> tuple[float, float]:
    total = max(int(mixing.sum()), 1)
    return float(np.trace(mixing)) / total, float(((mixing.sum(axis=0) / total) ** 2).sum())


def _against(graph: Graph, first: Bools, k: float, share: float, condition: Condition, only: tuple[str, ...]) -> dict[str, float]:
    """Give the measures of one side against all other accounts."""
    members, others = int(first.sum()), int((~first).sum())
    if not members or not others:
        return dict.fromkeys(MEASURES, math.nan)
    seen = (graph.adjacency @ first.astype(np.float64)).astype(np.int64)
    across = int(seen[~first].sum())
    own, theirs = int(seen[first].sum()) // 2, int((graph.degree - seen)[~first].sum()) // 2
    found = {
        "ei": (across - own - theirs) / graph.edges,
        "aei": _densities(own, theirs, across, members, others),
        "boundary": _boundary(graph, np.where(first, graph.degree - seen, seen)),
    }
    sought = [size for name, size in (("rwc", k), ("arwc", share), ("dipole", POLES)) if name in only]
    sets = [loudest(graph, first, size) for size in sought]
    chance = ends(graph, sets) if sets else np.empty((graph.nodes, 0))
    column = 0
    for name in ("rwc", "arwc"):
        found[name] = math.nan
        if name in only:
            found[name] = controversy(chance[:, column], first, sets[column], condition=condition)
            column += 1
    found["dipole"] = dipole(chance[:, column]) if "dipole" in only else math.nan
    return found


def _densities(own: int, theirs: int, across: int, members: int, others: int) -> float:
    one = own / (members * (members - 1) / 2) if members > 1 else 0.0
    other = theirs / (others * (others - 1) / 2) if others > 1 else 0.0
    between = across / (members * others)
    total = one + other + 2 * between
    return (one + other - 2 * between) / total if total > 0 else math.nan


def _boundary(graph: Graph, across: Ints) -> float:
    """Give GMCK from the number of ties of each account to the other side; 0 where no account lies on the boundary."""
    inner = (graph.adjacency @ (across == 0).astype(np.float64))[across > 0]
    over = across[across > 0]
    counted = inner > 0
    return float((inner[counted] / (inner[counted] + over[counted])).mean()) - 0.5 if counted.any() else 0.0
