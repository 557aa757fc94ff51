"""How often does `communities` see communities where ties are by chance, and see two camps that are there? Counted.

The worlds are those of ``communities_cells``: 600 accounts of unequal numbers of ties, mean degrees 2, 4, 8 and 20; 300
accounts that share things; and the same among 2,000 accounts, and among 20,000 and 6,000, tested as networks of medium size
and large ones are. ``--worlds`` of each without camps give the false-alarm rate (nominal 5 %), ``POWER_WORLDS`` with two camps
the power. What is asked is the test on which the verdict rests, with the analysis' defaults; the choice of a resolution does not
enter it.
Writes ``src/agorascope/calibration/communities.json`` and the table of ``docs/analyses/communities.md``.
Run: ``python benchmarks/calibrate_communities.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

from agorascope.analyses._communities_network import Network, against_chance, ties_of
from agorascope.analyses._communities_reduce import Layer
from agorascope.stats.plateaus import LARGE, MEDIUM, effort
from agorascope.worlds.camps import CampsWorld, draw
from calibration import Cell, Plan, by_cells, measure, shown
from communities_cells import AS_LARGE, AS_MEDIUM, COMMUNITIES, SharesWorld

import numpy as np  # isort: skip

POWER_WORLDS = 20
FIRST_SEED = 470_000
NULLS = 19
AS = {", large": effort(LARGE + 1), ", medium": effort(MEDIUM + 1)}
World = tuple[CampsWorld | SharesWorld, float]


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    worlds = {name: world for name, (world, _) in COMMUNITIES.items()}
    by_cells(__doc__, "communities", worlds, partial(measure, PLAN), table)


def layer_of(world: CampsWorld | SharesWorld, seed: int) -> Layer:
    """Draw the pairs of a world."""
    if isinstance(world, CampsWorld):
        drawn = draw(world, seed)
        return Layer("camps", drawn.source, drawn.target, False)
    rng = np.random.default_rng(seed)
    camp, half = np.arange(world.accounts) % 2, world.things // 2
    who = np.repeat(np.arange(world.accounts), 1 + rng.geometric(1 / world.shares, world.accounts))
    popular = (1 + rng.pareto(1.5, half)).cumsum()
    what = np.searchsorted(popular, rng.random(who.size) * popular[-1]) * 2
    side = np.where(rng.random(who.size) < world.closed, camp[who], rng.integers(0, 2, who.size))
    pair = np.unique(who * world.things + np.minimum(what + side, world.things - 1))
    return Layer("url", pair // world.things, pair % world.things, True)


def network_of(world: CampsWorld | SharesWorld, seed: int) -> tuple[Network, Layer]:
    """Make the network of a world."""
    layer = layer_of(world, seed)
    return ties_of((layer,), world.accounts), layer


def size_of(world: CampsWorld | SharesWorld) -> str:
    """Say as a network of what size a world is tested."""
    return ", large" if world.accounts >= AS_LARGE else ", medium" if world.accounts >= AS_MEDIUM else ""


def quiet(world: CampsWorld | SharesWorld, seed: int) -> bool:
    """Say whether communities are seen."""
    made, _ = network_of(world, seed)
    stratum = np.zeros(world.accounts, np.int64)
    work = AS.get(size_of(world))
    found = against_chance(made, stratum, resolution=None, nulls=NULLS, seed=seed, scan=False, work=work)
    return found.beyond.p_value <= 0.05


def planted(world: CampsWorld | SharesWorld, seed: int) -> bool:
    """Say whether they are seen where two camps are planted."""
    closed = next(closed for one, closed in COMMUNITIES.values() if one == world)
    return quiet(dataclasses.replace(world, closed=closed), seed)


def described(world: CampsWorld | SharesWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    made, layer = network_of(world, seed)
    kind = ("shared" if layer.shared else "ties") + size_of(world)
    return {"ties": kind, "accounts": float(made.nodes), "mean_degree": 2 * made.source.size / made.nodes}


PLAN = Plan(
    quiet=quiet,
    planted=planted,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="camps_kept",
    worlds_described=5,
    params={"nulls": NULLS},
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    kept = {name: closed for name, (_, closed) in COMMUNITIES.items()}
    lines = ["| cell | false alarms | rate [99 % exact] | two camps that keep | seen |", "|---|--:|---|--:|--:|"]
    lines += [
        f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {kept[c['cell']]:.0%} of ties | {c['power']:.2f} |"
        for c in cells
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
