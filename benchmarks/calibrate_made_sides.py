"""How often is a cut of a network without camps said to be more than a cut, and how often are camps said to be? Counted.

The rival `cut` of `polarisation` on the worlds of ``made_sides_cells``, cut by the searches of ``made_sides_cuts``: the alarm is
``Made.beyond`` at 5 %, that the given sides keep apart more than made ones do. ``by p alone`` counts what the test would say
without the lead that is asked for, ``lead`` is by how much more the cut keeps than those made in rewired networks. ``POWER_WORLDS``
with camps, given as they are, tell how often the camps are said to be more than a cut.
Writes the two tables of ``docs/analyses/polarisation.md``; rows of cells that are not asked for are kept.
Run: ``python benchmarks/calibrate_made_sides.py [--worlds 200] [--cells NAME...] [--jobs 2]``.
"""

import time
from functools import partial
from typing import NamedTuple

import numpy as np

from agorascope.stats.graphs import Graph, simple
from agorascope.stats.made_sides import beside_made
from agorascope.worlds.camps import CampsWorld, draw
from calibration import ROOT, Cell, each, parser, rate, shown
from made_sides_cells import CAMPS, CLUSTERED, CUTS, Circles, Cut, Ring
from made_sides_cuts import cut

PAGE = ROOT / "docs/analyses/polarisation.md"
POWER_WORLDS = 40
FIRST_SEED = 430_000
ALPHA = 0.05
ALARMS = ("cell", "said to be more than a cut", "rate [99 % exact]", "by p alone", "lead: mean", "lead: largest")
POWER = ("cell", "said to be more than a cut", "rate [99 % exact]")


class Seen(NamedTuple):
    """Hold what one world gave: whether its sides are said to be more than a cut, whether by p alone, and their lead."""

    beyond: bool
    by_p: bool
    lead: float


def main() -> None:
    """Run the cells asked for, print each, and put it on the page."""
    cuts = CUTS | CLUSTERED
    options = parser(__doc__, [*cuts, *CAMPS], worlds=200)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    for name in asked.cells:
        began = time.perf_counter()
        seeds = range(FIRST_SEED, FIRST_SEED + (asked.worlds if name in cuts else min(asked.worlds, POWER_WORLDS)))
        look = partial(of_cut, cuts[name]) if name in cuts else partial(of_camps, CAMPS[name])
        row = counted(name, each(look, seeds, jobs=asked.jobs))
        print(*row, f"{time.perf_counter() - began:.0f} s", sep="; ", flush=True)
        if name in cuts:
            keep("cuts", ALARMS, row, list(cuts))
        else:
            keep("camps", POWER, row[: len(POWER)], list(CAMPS))


def of_cut(asked: Cut, seed: int) -> Seen:
    """Cut one world, and compare the sides; without two sides of ten accounts there is no alarm."""
    found = cut(ties_of(asked.world, seed), asked.search, asked.shares, seed)
    return Seen(False, False, np.nan) if found is None else compared(*found, seed=seed, effort=asked.effort)


def of_camps(world: CampsWorld, seed: int) -> Seen:
    """Compare the camps of one world."""
    drawn = draw(world, seed)
    graph = simple(drawn.source, drawn.target)
    return compared(graph, drawn.camp[graph.name], seed=seed, effort=None)


def compared(graph: Graph, side: np.ndarray, *, seed: int, effort: int | None) -> Seen:
    """Compare sides with made ones."""
    made = beside_made(graph, side, seed=seed, effort=effort)
    return Seen(made.beyond(ALPHA), made.p_value <= ALPHA and made.low > 0, np.nan if made.lead is None else made.lead)


def ties_of(world: CampsWorld | Ring | Circles, seed: int) -> Graph:
    """Draw the network of a world."""
    if isinstance(world, CampsWorld):
        drawn = draw(world, seed)
        return simple(drawn.source, drawn.target)
    rng = np.random.default_rng(seed)
    if isinstance(world, Ring):
        source = np.tile(np.arange(world.accounts), world.mean_degree // 2)
        target = (source + np.repeat(np.arange(world.mean_degree // 2) + 1, world.accounts)) % world.accounts
        return simple(
            source, np.where(rng.random(target.size) < world.astray, rng.integers(world.accounts, size=target.size), target)
        )
    members = np.concatenate([rng.permutation(world.accounts) for _ in range(world.each)]).reshape(-1, world.size)
    one, other = np.triu_indices(world.size, 1)
    tied = rng.random((members.shape[0], one.size)) < world.tied
    return simple(members[:, one][tied], members[:, other][tied])


def counted(name: str, seen: list[Seen]) -> list[str]:
    """Count the worlds of one cell."""
    hits, lead = sum(one.beyond for one in seen), np.array([one.lead for one in seen if not np.isnan(one.lead)])
    told = [name, f"{hits} of {len(seen)}", shown(rate(hits, len(seen))), f"{sum(one.by_p for one in seen)}"]
    return [*told, *((f"{lead.mean():.3f}", f"{lead.max():.3f}") if lead.size else ("", ""))]


def keep(table: str, header: tuple[str, ...], row: list[str], names: list[str]) -> None:
    """Put one row in its place between the marks of a table on the page, and below the table the worst cell beside the mean."""
    begin, end = f"<!-- {table}:begin -->", f"<!-- {table}:end -->"
    head, _, rest = PAGE.read_text("utf-8").partition(begin)
    old, _, tail = rest.partition(end)
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in old.splitlines() if line.startswith("|")]
    rows = {cells[0]: cells for cells in lines[2:]} | {row[0]: row}
    ordered = [rows[name] for name in names if name in rows]
    told = [f"| {' | '.join(cells)} |" for cells in (list(header), *ordered)]
    told.insert(1, "|---|" + "--:|" * (len(header) - 1))
    more = ["", worst(ordered)] if table == "cuts" else []
    PAGE.write_text(f"{head}{begin}\n" + "\n".join([*told, *more]) + f"\n{end}{tail}", "utf-8")


def worst(rows: list[list[str]]) -> str:
    """Say in which cell without circles of friends alarms are most, and how many there are in all of them."""
    told: list[Cell] = []
    for row in rows:
        hits, worlds = (int(n) for n in row[1].split(" of "))
        told += [{"cell": row[0], "hits": hits, "worlds": worlds}] if row[0] in CUTS else []
    most = max(told, key=lambda one: one["hits"] / one["worlds"], default=None)
    if most is None:
        return ""
    hits, worlds = sum(one["hits"] for one in told), sum(one["worlds"] for one in told)
    at = f"Worst of {len(told)} cells without circles of friends: {most['cell']}, {shown(rate(most['hits'], most['worlds']))}"
    return f"{at}; all of them together: {shown(rate(hits, worlds))}."


if __name__ == "__main__":
    main()
