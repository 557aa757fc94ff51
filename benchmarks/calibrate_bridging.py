"""How often does `bridging` announce what nobody values alike, and how well does it find what both camps do? Counted on seeded
worlds.

The worlds are those of ``bridging_cells``, written down before the estimator. ``--worlds`` of each as they are give the rate of
false alarms: no item is liked by all camps, or there are no camps. ``POWER_WORLDS`` of the same raters in two camps with one item
in five liked by both give the power: something is found, and more than half of what is named is a bridge. Of declared groups and of
acts an alarm is that camps are seen, whatever is valued across them, and the power is that they are found where they differ on
half of the items or want the opposite, in ``DECLARED_POWER_WORLDS``. Also counted: how often camps are seen. Writes
``src/agorascope/calibration/bridging.json`` and the table of ``docs/analyses/bridging.md``.
Run: ``python benchmarks/calibrate_bridging.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.analyses._bridging_calibrated import descriptors
from agorascope.analyses._bridging_estimate import Camps, Votes, tested, voted
from agorascope.analyses._bridging_estimate import declared as in_camps
from agorascope.analyses._bridging_reduce import Voted
from agorascope.analyses.bridging import Params, _reduce, _votes, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.bridges import BRIDGE, BridgesWorld, draw
from agorascope.worlds.bridges import make as bridges
from agorascope.worlds.declared import DeclaredWorld, LoudWorld
from agorascope.worlds.declared import make as declared
from bridging_cells import ACTS, BRIDGING, DECLARED, OPPOSED
from calibration import Cell, Plan, by_cells, measure, shown

POWER_WORLDS = 6
FIRST_SEED = 410_000
DRAWS = 19
LEVEL = 0.05
DECLARED_POWER_WORLDS = 20
DESCRIBED = 1
GAP, GAP_OF_ACTS, GAP_OF_OPPOSED = 0.4, 1.5, 2.2
"""Groups lie so many logits from the middle on items planted, or prefer posts of their own by so much."""
World = BridgesWorld | DeclaredWorld | LoudWorld


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "bridging", BRIDGING | DECLARED | ACTS | OPPOSED, measured, table)


def measured(name: str, world: World, worlds: int, jobs: int) -> Cell:
    """Measure one cell; that declared camps are found, in more worlds.

    Groups ``beside-*`` are mostly refused: that rate is no rate of findings, and no finding is compared with it.
    """
    if name.startswith("beside"):
        return {key: value for key, value in measure(PLAN, name, world, worlds, jobs).items() if key != "descriptors"}
    declared_plan = dataclasses.replace(PLAN, power_worlds=DECLARED_POWER_WORLDS, power_at="camps_planted")
    return measure(PLAN if isinstance(world, BridgesWorld) else declared_plan, name, world, worlds, jobs)


def look(world: BridgesWorld, seed: int) -> Finding:
    """Ask one world."""
    return run(memory_corpus(bridges(world, seed), threads=1), Params(draws=DRAWS))


def quiet(world: World, seed: int) -> tuple[bool, bool]:
    """Say whether there is an alarm, and whether camps are seen; of declared groups the test for camps alone is asked."""
    if not isinstance(world, BridgesWorld):
        votes, camps = _declared(world, seed)
        shown = np.bincount(votes.item, minlength=votes.items) >= Params().least
        seen = (tested(votes, camps, shown, draws=DRAWS, seed=Params().seed)[0] or 1.0) <= LEVEL
        return seen, seen
    finding = look(world, seed)
    p_value = None if finding.effect is None else finding.effect.p_value
    return finding.verdict == "found", p_value is not None and p_value <= LEVEL


def camps_seen(seen: list[Any]) -> Cell:
    """Count the worlds in which camps are seen."""
    return {"camps_seen": sum(one[1] for one in seen)}


def planted(world: World, seed: int) -> bool:
    """Say whether what is planted is found: bridges among the items of two camps, most of those named being bridges; or camps."""
    if world in OPPOSED.values():
        against = {"against": True} if isinstance(world, DeclaredWorld) else {"apart": 1.0, "gap": GAP_OF_OPPOSED}
        return quiet(dataclasses.replace(world, **against), seed)[1]
    if not isinstance(world, BridgesWorld):
        gap = GAP if isinstance(world, DeclaredWorld) else GAP_OF_ACTS
        return quiet(dataclasses.replace(world, apart=0.5, gap=gap), seed)[1]
    bridged = dataclasses.replace(world, camps=True, bridges=0.2, minority=min(world.minority, 0.5), matched=None)
    finding, truth = look(bridged, seed), draw(bridged, seed)[1]
    named = [truth.kind[int(u["item"][1:])] == BRIDGE for u in finding.units if u["place"] in ("across", "across_met")]
    return finding.verdict == "found" and sum(named) > len(named) / 2


def described(world: World, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    if not isinstance(world, BridgesWorld):
        return descriptors(*_declared(world, seed))
    told = _reduced(bridges(world, seed))
    votes = _votes(told, None)
    return descriptors(votes, in_camps(told.said, told.camps, made=True) if world.labelled else voted(votes))


def _declared(world: DeclaredWorld | LoudWorld, seed: int) -> tuple[Votes, Camps]:
    told = _reduced(declared(world, seed))
    return _votes(told, None), in_camps(told.said, told.camps)


def _reduced(rows: dict[str, pa.Table]) -> Voted:
    told = _reduce(memory_corpus(rows, threads=1), Params())
    assert told is not None
    return told


PLAN = Plan(
    quiet=quiet,
    planted=planted,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="bridges_planted",
    worlds_described=DESCRIBED,
    params={"draws": DRAWS},
    further=camps_seen,
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms | rate [99 % exact] | camps seen | found where planted |", "|---|--:|---|--:|--:|"]
    for c in cells:
        counts = f"{c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['camps_seen']} of {c['worlds']}"
        lines.append(f"| {c['cell']} | {counts} | {c['power']:.2f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
