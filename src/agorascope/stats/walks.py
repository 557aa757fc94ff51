"""On which side does a walk along the ties end? Random-walk controversy and dipole polarisation, exact.

A walk goes from account to account at random and ends at the first of the ``k`` accounts with most ties of either side. ``ends``
gives, for each account, the probability that it ends on the first side: the harmonic function of the network, solved by conjugate
gradients with the degrees as preconditioner, several sets of ends at once. No walk is simulated, no matrix factorised.

Source: Garimella et al. 2018, doi:10.1145/3140565 (RWC); Salloum, Chen and Kivelä 2022, doi:10.1145/3512962 (ARWC: a share of each
side in place of a number); Morales et al. 2015, doi:10.1063/1.4913758 (dipole). What we changed: solved, not simulated.
"""

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from .graphs import Graph

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Condition = Literal["end", "start"]

_TOLERANCE = 1e-7
_STEPS = 50_000
_UNDECIDED = 1e-6


def loudest(graph: Graph, first: Bools, k: float) -> tuple[Ints, Ints]:
    """List the ``k`` accounts of most ties of the first side and of the other; below 1 ``k`` is a share of each side, at least one.

    Of accounts with as many ties those of lesser number are taken. ``first`` (nodes,).
    """
    order = np.argsort(-graph.degree, kind="stable")
    found = []
    for side in (first, ~first):
        mine = order[side[order]]
        found.append(mine[: max(1, int(k * mine.size)) if k < 1 else int(k)])
    return found[0], found[1]


def ends(graph: Graph, sets: list[tuple[Ints, Ints]]) -> Floats:
    """Give the probability (nodes, sets) that a walk from each account meets the first accounts of a set before the second.

    1 and 0 at these accounts themselves. Every piece of the network must hold one of them. Cost O(edges) a step; steps grow with
    the time a walk takes. Raises ArithmeticError where it does not converge.
    """
    held = np.zeros((graph.nodes, len(sets)), bool)
    at = np.zeros((graph.nodes, len(sets)))
    for column, (one, other) in enumerate(sets):
        held[one, column] = held[other, column] = True
        at[one, column] = 1.0
    degree = graph.degree.astype(np.float64)[:, None]
    free = ~held
    found = at + 0.5 * free
    left = (graph.adjacency @ found - degree * found) * free
    scaled = left / degree
    way = scaled.copy()
    power = np.einsum("ij,ij->j", left, scaled)
    goal = _TOLERANCE**2 * max(1.0, float(degree.sum())) / graph.nodes
    for _ in range(_STEPS):
        if not (power > goal).any():
            return np.clip(found, 0.0, 1.0)
        pushed = (degree * way - graph.adjacency @ way) * free
        along = np.einsum("ij,ij->j", way, pushed)
        step = np.where(power > goal, power / np.where(along > 0, along, 1.0), 0.0)
        found += step * way
        left -= step * pushed
        scaled = left / degree
        before, power = power, np.where(power > goal, np.einsum("ij,ij->j", left, scaled), power)
        way *= power / np.where(before > 0, before, 1.0)
        way += scaled
    raise ArithmeticError(f"walks did not settle in {_STEPS} steps on {graph.nodes} nodes")


def controversy(chance: Floats, first: Bools, ended: tuple[Ints, Ints], *, condition: Condition = "end") -> float:
    """Give RWC of walks that end on the first side with ``chance`` (nodes,): 1, none changes side; 0, ends do not tell starts.

    Walks start on either side with equal odds, at an account that is no end. ``condition="end"`` (Garimella): probabilities of the
    side of start, given that of the end; ``"start"`` (Salloum's exact version): of the side of the end, given that of start.
    NaN where a side has no account to start from.
    """
    free = np.ones(first.size, bool)
    free[ended[0]] = free[ended[1]] = False
    if not (first & free).any() or not (~first & free).any():
        return math.nan
    stays, crosses = float(chance[first & free].mean()), float(chance[~first & free].mean())
    if condition == "start":
        return stays - crosses
    met, missed = stays + crosses, 2 - stays - crosses
    return (stays - crosses) / (met * missed) if met > 0 and missed > 0 else math.nan


def dipole(chance: Floats) -> float:
    """Give the distance of the two poles, less for unequal ones: (1 - |n+ - n-| / n) |mean(x+) - mean(x-)| / 2, x = 2 chance - 1.

    An account as near to both poles counts for neither.
    """
    x = 2 * chance - 1
    above, below = x > _UNDECIDED, x < -_UNDECIDED
    if not above.any() or not below.any():
        return 0.0
    even = 1 - abs(int(above.sum()) - int(below.sum())) / x.size
    return even * abs(float(x[above].mean()) - float(x[below].mean())) / 2
