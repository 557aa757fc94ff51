"""Do people who only react to the same thing, each for themselves, count as acting together? And does a squad of that size?

The worlds are those of ``coordination_cells``, written down before the rule. In each the window is chosen and every account tested
as the analysis does with its defaults. Per cell: worlds in which the test keeps a network, and worlds in which one counts
(``apart``); of the members, how many are found and counted. Kept in ``src/agorascope/calibration/coordination.json``, and the
table of ``docs/analyses/coordination.md`` written, with those of ``calibrate_coordination.py``.
Run: ``python benchmarks/coordination_reacting.py [--cells NAME...] [--worlds 50] [--jobs 2]``.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from agorascope.worlds.reacting import ReactingWorld, draw
from calibration import NOMINAL, Cell, each, keep, parser, rate, shown
from coordination_cells import CELLS, ORDERED, ORDERED_WORLDS, REACTING, REACTING_SEED, REACTING_WORLDS
from coordination_counted import look
from coordination_shown import table


class Seen(NamedTuple):
    """Hold what one world says: accounts kept and counted, and the share of members kept and counted."""

    kept: int
    counted: int
    found: float
    told: float
    right: float


def main() -> None:
    """Run the cells asked for, print each, and keep it."""
    options = parser(__doc__, [*REACTING, *ORDERED], worlds=0)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    for name in asked.cells:
        number = asked.worlds or (REACTING_WORLDS if name in REACTING else ORDERED_WORLDS)
        found = cell(name, (REACTING | ORDERED)[name], number, asked.jobs)
        print(line(found), flush=True)
        keep("coordination", found, CELLS, table)


def cell(name: str, world: ReactingWorld, worlds: int, jobs: int) -> Cell:
    """Count one cell."""
    seeds = range(REACTING_SEED, REACTING_SEED + worlds)
    seen = each(partial(one, world), seeds, jobs=jobs)
    counted = sum(s.counted > 0 for s in seen)
    return {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "planted": name in ORDERED,
        "kept": sum(s.kept > 0 for s in seen),
        "counted": counted,
        **rate(counted, worlds),
        **{key: round(float(np.mean([getattr(s, key) for s in seen])), 3) for key in ("found", "told", "right")},
    }


def one(world: ReactingWorld, seed: int) -> Seen:
    """Test one world."""
    drawn = draw(world, seed)
    found, _, counted = look(drawn.author, drawn.obj, drawn.at, q=NOMINAL, seed=seed)
    member = drawn.member[: counted.size]
    inside, of = found.network >= 0, int(drawn.member.sum())
    right = float((counted & member).sum() / counted.sum()) if counted.any() else 1.0
    return Seen(int(inside.sum()), int(counted.sum()), (inside & member).sum() / of, (counted & member).sum() / of, right)


def line(c: Cell) -> str:
    """Write one cell as a line."""
    squad = f"members found {c['found']}, counted {c['told']}, precision {c['right']}"
    return f"{c['cell']}: kept {c['kept']}, counted {c['counted']} of {c['worlds']} = {shown(c)}; {squad}"


if __name__ == "__main__":
    main()
