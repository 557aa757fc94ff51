"""How often does `polarisation` see a division where there are no sides, and find camps that are there? Counted.

The worlds are those of ``worlds.camps``: 600 accounts, two camps of 35 and 65 %, mean degrees 2, 4, 8, 20. ``--worlds`` of each
without sides give the false-alarm rate (``found`` at nominal 5 %): with the camps given, with sides sought by bisection, and by
communities. ``POWER_WORLDS`` with camps planted give the power: ``KEPT`` of the ties are kept within the camp, 15 % where camps are
given, 85 % where they are sought by bisection, 80 % by communities. Networks are measured as the analysis measures them, without
its rivals.
Writes ``src/agorascope/calibration/polarisation.json`` and the table of ``docs/analyses/polarisation.md``.
Run: ``python benchmarks/calibrate_polarisation.py [--worlds 500] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from dataclasses import dataclass
from functools import partial

from agorascope.analyses._polarisation_estimate import Assessed, Settings, assess
from agorascope.analyses._polarisation_said import descriptors
from agorascope.stats.graphs import simple
from agorascope.worlds.camps import CALIBRATED_DEGREES, CampsWorld, draw
from calibration import Cell, Plan, by_cells, measure, shown

POWER_WORLDS = 40
FIRST_SEED = 410_000
NULLS = 15
DESCRIBED = 5
KEPT = {"given": 0.15, "bisection": 0.85, "communities": 0.8}


@dataclass(frozen=True)
class Asked:
    """Say how sides come about, and in which world."""

    sides: str
    world: CampsWorld


CELLS = {f"{sides}-degree{degree}": Asked(sides, CampsWorld(mean_degree=degree)) for sides in KEPT for degree in CALIBRATED_DEGREES}


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "polarisation", CELLS, lambda name, asked, *given: measure(plan(asked.sides), name, asked, *given), table)


def plan(sides: str) -> Plan:
    """Say how the worlds of one kind of sides are asked."""
    return Plan(
        quiet=partial(found, closed=0.0),
        planted=partial(found, closed=KEPT[sides]),
        described=described,
        first_seed=FIRST_SEED,
        power_worlds=POWER_WORLDS,
        power_at=f"kept_{sides}",
        worlds_described=DESCRIBED,
        params={"nulls": NULLS},
    )


def found(asked: Asked, seed: int, *, closed: float) -> bool:
    """Say whether a division is found in a world that keeps a share of its ties within camps."""
    seen = look(asked, seed, closed)
    return seen is not None and seen.apart(0.05)


def look(asked: Asked, seed: int, closed: float) -> Assessed | None:
    """Measure one world."""
    drawn = draw(dataclasses.replace(asked.world, closed=closed), seed)
    graph = simple(drawn.source, drawn.target)
    settings = Settings(None if asked.sides == "given" else asked.sides, NULLS, 10, "end", seed)
    return assess(graph, drawn.camp[graph.name] if asked.sides == "given" else None, settings)


def described(asked: Asked, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    seen = look(asked, seed, 0.0)
    assert seen is not None
    return descriptors(seen, None if asked.sides == "given" else asked.sides)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms | rate [99 % exact] | planted camps found |", "|---|--:|---|--:|"]
    lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
