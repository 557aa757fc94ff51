"""How often does `purge` see a removal where there is none, and find one that is there? Counted.

The worlds are those of ``registration_cells``, written down before the estimator. ``--worlds`` of each as they are give the
false-alarm rate of a search over all days (any day at nominal 5 %), and that of one day named beforehand. ``POWER_WORLDS`` in which
a third of the accounts lose 2 % on one day give the power of the search: the day planted holds.
Writes ``src/agorascope/calibration/purge.json`` and the table of ``docs/analyses/purge.md``.
Run: ``python benchmarks/calibrate_purge.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

import numpy as np

from agorascope.analyses._purge_days import days
from agorascope.analyses._purge_reduce import reduce, usual_days
from agorascope.analyses._purge_said import descriptors
from agorascope.analyses.purge import Params, run
from agorascope.findings import Finding
from agorascope.stats.losing import rank
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.followers import DAY_US, START_US, FollowersWorld, make, planted_day
from calibration import NOMINAL, Cell, Plan, by_cells, measure, rate, shown
from registration_cells import PURGE

POWER_WORLDS = 40
FIRST_SEED = 270_000
DESCRIBED = 5
PURGED, LOSS = 1 / 3, 0.02


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "purge", PURGE, partial(measure, PLAN), table)


def look(world: FollowersWorld, seed: int) -> Finding:
    """Ask one world for any day."""
    return run(memory_corpus(make(world, seed), threads=1), Params())


def quiet(world: FollowersWorld, seed: int) -> tuple[bool, bool]:
    """Say whether any day holds, and whether the day named does."""
    finding = look(world, seed)
    table = finding.tables["days"]
    excess = np.subtract(table["losing_share"].to_numpy(), table["usual_share"].to_numpy())
    here = table["start_us"].to_numpy() == START_US + planted_day(world) * DAY_US
    named = bool(here.any()) and rank(float(excess[here][0]), excess[~here]) <= NOMINAL
    return finding.verdict == "found", named


def planted(world: FollowersWorld, seed: int) -> bool:
    """Say whether the day planted holds."""
    finding = look(dataclasses.replace(world, purged=PURGED, loss=LOSS), seed)
    start = START_US + planted_day(world) * DAY_US
    return any(start <= u["at_us"] <= start + DAY_US for u in finding.units)


def described(world: FollowersWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    changes = usual_days(reduce(memory_corpus(make(world, seed), threads=1), gap=2, least=200))
    return descriptors(days(changes, 0.005))


def of_one_day(seen: list[tuple[bool, bool]]) -> Cell:
    """Count the worlds in which the day named holds."""
    named = sum(named for _, named in seen)
    return {"named_alarms": named, "named": rate(named, len(seen))}


PLAN = Plan(
    quiet=quiet,
    planted=planted,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="third_lose_2",
    worlds_described=DESCRIBED,
    further=of_one_day,
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms, sought | rate [99 % exact] | one day named: rate [99 % exact] | planted day found, sought |"]
    lines += ["|---|--:|---|---|--:|"]
    for c in cells:
        named = shown(c["named"])
        lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {named} | {c['power']:.2f} |"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
