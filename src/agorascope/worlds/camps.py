"""What does a network of two camps look like, of unequal size and loudness, with an attribute that seems common and is not?

One row is one tie. Accounts have a weight of heavy tail; a tie starts at an account in proportion to its weight and ends, with
probability ``closed``, at one of the same camp, else anywhere, again by weight. ``loud`` multiplies the weights of the smaller
camp, and how much its accounts post. The attribute is borne by exactly a share ``bearing`` of the accounts, drawn by weight to the
power ``lifted``: 0, whoever; above, those many are tied to, so that few seem many. ``slant`` multiplies the smaller camp's odds.

The null beside each planted world has the same weights, camps and loudness: ``closed=0`` for sides (``null_of_sides``),
``lifted=0, slant=1`` for the illusion (``null_of_illusion``).

Limits: no triangles beyond chance, no time, no accounts between the camps. Source: the degree-corrected block model of Karrer and
Newman 2011, doi:10.1103/PhysRevE.83.016107; every number is a choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.records import schema

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CALIBRATED_DEGREES = (2, 4, 8, 20)
"""Mean degrees of the null worlds."""
LARGEST_WEIGHT = 30.0


@dataclass(frozen=True, kw_only=True)
class CampsWorld:
    """Describe a world of two camps; ``mean_degree`` counts drawn ties, of which repeated ones are later one.

    ``tail`` is the Pareto shape of weights, cut at ``LARGEST_WEIGHT`` times the least; ``small`` the share of the smaller camp.
    """

    accounts: int = 600
    mean_degree: float = 8.0
    tail: float = 1.5
    small: float = 0.35
    loud: float = 1.0
    closed: float = 0.0
    bearing: float = 0.2
    lifted: float = 0.0
    slant: float = 1.0


class Camps(NamedTuple):
    """Hold ties ``source, target`` (ties,), and of each account (accounts,) its camp (1: smaller), bearing, and number of posts."""

    source: Ints
    target: Ints
    camp: Ints
    bears: Bools
    posts: Ints


PLANTED: dict[str, CampsWorld] = {
    "sides_degree_4": CampsWorld(mean_degree=4, closed=0.6),
    "sides_degree_8": CampsWorld(mean_degree=8, closed=0.4),
    "sides_degree_20": CampsWorld(mean_degree=20, closed=0.3),
    "loud_minority": CampsWorld(mean_degree=8, closed=0.4, small=0.2, loud=3.0),
    "illusion_degree_2": CampsWorld(mean_degree=2, lifted=1.0),
    "illusion_degree_4": CampsWorld(mean_degree=4, lifted=1.0),
    "illusion_degree_8": CampsWorld(mean_degree=8, lifted=1.0),
    "illusion_degree_20": CampsWorld(mean_degree=20, lifted=1.0),
}
"""Worlds with something planted, set down before any estimator was run on them."""


def null_of_sides(world: CampsWorld) -> CampsWorld:
    """Give the same world without sides in its ties."""
    return replace(world, closed=0.0)


def null_of_illusion(world: CampsWorld) -> CampsWorld:
    """Give the same world with the attribute borne by whoever."""
    return replace(world, lifted=0.0, slant=1.0)


def draw(world: CampsWorld, seed: int) -> Camps:
    """Draw the arrays of a world. Cost O(ties log accounts)."""
    rng = np.random.default_rng(seed)
    camp = np.zeros(world.accounts, np.int64)
    camp[rng.permutation(world.accounts)[: round(world.small * world.accounts)]] = 1
    louder = np.where(camp == 1, world.loud, 1.0)
    weight = (1 + rng.pareto(world.tail, world.accounts)).clip(max=LARGEST_WEIGHT) * louder
    ties = round(world.accounts * world.mean_degree / 2)
    source, target = _by_weight(weight, ties, rng), _by_weight(weight, ties, rng)
    keeps = rng.random(ties) < world.closed
    for one in (0, 1):
        own = np.flatnonzero(keeps & (camp[source] == one))
        members = np.flatnonzero(camp == one)
        if members.size:
            target[own] = members[_by_weight(weight[members], own.size, rng)]
    odds = weight**world.lifted * np.where(camp == 1, world.slant, 1.0)
    bears = np.zeros(world.accounts, bool)
    bears[rng.choice(world.accounts, round(world.bearing * world.accounts), replace=False, p=odds / odds.sum())] = True
    return Camps(source, target, camp, bears, 1 + rng.poisson(2 * weight))


def make(world: CampsWorld, seed: int) -> dict[str, pa.Table]:
    """Make the tables of a world: its ties, and the groups ``larger``, ``smaller`` and ``bearers``."""
    drawn = draw(world, seed)
    ties = {"network": "camps", "layer": "ties", "source": _names(drawn.source), "target": _names(drawn.target), "weight": 1.0}
    bearers = np.flatnonzero(drawn.bears)
    groups = {
        "account_id": [*_names(np.arange(world.accounts)), *_names(bearers)],
        "group_name": [*np.where(drawn.camp == 1, "smaller", "larger").tolist(), *["bearers"] * bearers.size],
    }
    return {"edges": _table("edges", drawn.source.size, ties), "groups": _table("groups", len(groups["account_id"]), groups)}


def _by_weight(weight: Floats, number: int, rng: np.random.Generator) -> Ints:
    """Draw ``number`` places with replacement, in proportion to their weight."""
    grown = np.cumsum(weight)
    place = np.searchsorted(grown, rng.random(number) * grown[-1], side="right")
    found: Ints = np.minimum(place, weight.size - 1)
    return found


def _names(number: Ints) -> list[str]:
    return [f"a{i}" for i in number.tolist()]


def _table(name: str, rows: int, columns: Mapping[str, object]) -> pa.Table:
    """Fill a canonical table: one value stands for every row, a column not given is null."""
    wanted = schema(name)
    filled = {
        field.name: value if isinstance(value, list) else [value] * rows
        for field in wanted
        for value in [columns.get(field.name, "generic" if field.name == "platform" else None)]
    }
    return pa.table(filled, schema=wanted)
