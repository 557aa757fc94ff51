"""How often does `registration` see a burst where nobody registers together, and find one that is there? Counted.

The worlds are those of ``registration_cells``, written down before the estimator. ``--worlds`` of each as they are give the
false-alarm rate (any burst at nominal 5 %). ``POWER_WORLDS`` with a week planted at five times the usual number of accounts, ten at
least, give the power: the strongest burst overlaps the week planted.
Writes ``src/agorascope/calibration/registration.json`` and the table of ``docs/analyses/registration.md``.
Run: ``python benchmarks/calibrate_registration.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

from agorascope.analyses._registration_reduce import reduce
from agorascope.analyses._registration_said import descriptors
from agorascope.analyses.registration import Params, _series, run
from agorascope.findings import Finding
from agorascope.stats.crowded import FEWEST, crowded
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.registrations import DAY_US, START_US, RegistrationWorld, make, planted_day
from calibration import Cell, Plan, by_cells, measure, shown
from registration_cells import REGISTRATION

import numpy as np  # isort: skip

POWER_WORLDS = 40
FIRST_SEED = 260_000
DRAWS = 99
DESCRIBED = 5


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "registration", REGISTRATION, partial(measure, PLAN), table)


def look(world: RegistrationWorld, seed: int) -> Finding:
    """Ask one world."""
    reference = "reference" if world.reference else ""
    return run(memory_corpus(make(world, seed), threads=1), Params(draws=DRAWS, reference=reference))


def quiet(world: RegistrationWorld, seed: int) -> bool:
    """Say whether a burst is seen."""
    return look(world, seed).verdict == "found"


def planted(world: RegistrationWorld, seed: int) -> bool:
    """Say whether the strongest burst overlaps the week planted."""
    finding = look(with_burst(world), seed)
    start = START_US + planted_day(with_burst(world), seed) * DAY_US
    return bool(finding.units) and finding.units[0]["start_us"] < start + 7 * DAY_US and start < finding.units[0]["end_us"]


def with_burst(world: RegistrationWorld) -> RegistrationWorld:
    """Plant four times the usual week on top of it, ten accounts at least."""
    return dataclasses.replace(world, burst=max(round(4 * 7 * world.accounts / world.days), FEWEST))


def described(world: RegistrationWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    reference = "reference" if world.reference else ""
    dated = reduce(memory_corpus(make(world, seed), threads=1), dates="auto", group="", reference=reference)
    origin, counts, other = _series(dated, ~dated.reference)
    found = crowded(counts, phase=(origin + 3) % 7, reference=other, alpha=0.05, draws=DRAWS, rng=np.random.default_rng(seed))
    return descriptors(found, counts, reference=other is not None)


PLAN = Plan(
    quiet=quiet,
    planted=planted,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="burst_5_times",
    worlds_described=DESCRIBED,
    params={"draws": DRAWS},
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms | rate [99 % exact] | planted week found |", "|---|--:|---|--:|"]
    lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
