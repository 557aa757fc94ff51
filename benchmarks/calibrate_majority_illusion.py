"""How often does `majority_illusion` see an illusion where the attribute is anybody's, and find one that is there? Counted.

The worlds are those of ``worlds.camps``: 600 accounts, a fifth bear the attribute, mean degrees 2, 4, 8, 20. ``--worlds`` of each
with the attribute borne by whoever give the false-alarm rate (``found`` at nominal 5 %). ``POWER_WORLDS`` in which it is drawn by
how much an account is tied to give the power. Ties are seen both ways, as the analysis does with ``direction=both, weigh=plain``.
Writes ``src/agorascope/calibration/majority_illusion.json`` and the table of ``docs/analyses/majority_illusion.md``.
Run: ``python benchmarks/calibrate_majority_illusion.py [--worlds 500] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

from agorascope.analyses._majority_illusion_said import descriptors
from agorascope.stats.graphs import simple
from agorascope.stats.illusion import illusion
from agorascope.worlds.camps import CALIBRATED_DEGREES, CampsWorld, draw
from calibration import Cell, Plan, by_cells, measure, shown

POWER_WORLDS = 40
FIRST_SEED = 420_000
DRAWS = 199
DESCRIBED = 5

CELLS = {f"degree{degree}": CampsWorld(mean_degree=degree) for degree in CALIBRATED_DEGREES}


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "majority_illusion", CELLS, partial(measure, PLAN), table)


def found(world: CampsWorld, seed: int, *, lifted: float) -> bool:
    """Say whether an illusion is found in a world whose attribute is drawn by weight to a power."""
    drawn = draw(dataclasses.replace(world, lifted=lifted), seed)
    graph = simple(drawn.source, drawn.target)
    seen = illusion(graph.adjacency, drawn.bears[graph.name], draws=DRAWS, seed=seed)
    return seen.of_bearers and seen.placed.p_value <= 0.05


def described(world: CampsWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    drawn = draw(world, seed)
    graph = simple(drawn.source, drawn.target)
    return descriptors(graph.nodes, graph.adjacency.nnz, float(drawn.bears[graph.name].mean()))


PLAN = Plan(
    quiet=partial(found, lifted=0.0),
    planted=partial(found, lifted=1.0),
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="borne_by_tied",
    worlds_described=DESCRIBED,
    params={"draws": DRAWS},
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms | rate [99 % exact] | planted illusion found |", "|---|--:|---|--:|"]
    lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
