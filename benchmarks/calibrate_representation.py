"""How often does `representation` see loud voices, or a loudness gap, where there is none, and find one that is there? Counted.

The worlds are those of ``representation_cells``, written down before the estimator. ``--worlds`` of each give the false-alarm rate
at nominal 5 %. ``POWER_WORLDS`` give the power: in ``rate-*`` every second account writes twice as often, in ``gap-*`` the odds of
the hashtag double among the louder half. For ``gap-*`` it is also counted how often the interval holds the gap expected in that
planted world.
Counts go to the estimators as they are. Writes ``src/agorascope/calibration/representation.json`` and the table of the page.
Run: ``python benchmarks/calibrate_representation.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import cache, partial

from agorascope.analyses._representation_said import descriptors
from agorascope.stats.loudness import alike, gap
from agorascope.worlds.loud import LoudWorld, counts
from calibration import Cell, Plan, by_cells, measure, shown
from representation_cells import REPRESENTATION

import numpy as np  # isort: skip

POWER_WORLDS = 100
FIRST_SEED = 540_000
DRAWS = {True: 99, False: 199}  # of a gap, of a rate
DESCRIBED = 5
MANY = 1_000_000


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "representation", REPRESENTATION, measured, table)


def measured(name: str, world: LoudWorld, worlds: int, jobs: int) -> Cell:
    """Measure one cell; its kind is in its name."""
    return measure(plan(gapped=name.startswith("gap")), name, world, worlds, jobs)


def plan(*, gapped: bool) -> Plan:
    """Say how one kind of cell is asked."""
    return Plan(
        quiet=partial(quiet, gapped=gapped),
        planted=partial(planted, gapped=gapped),
        described=partial(described, gapped=gapped),
        first_seed=FIRST_SEED,
        power_worlds=POWER_WORLDS,
        power_at="loud_half_as_common",
        worlds_described=DESCRIBED,
        params={"draws": DRAWS[gapped]},
        further=partial(further, gapped=gapped),
    )


def quiet(world: LoudWorld, seed: int, *, gapped: bool) -> tuple[bool, bool]:
    """Say whether there is an alarm, and whether the interval of a planted gap holds its truth."""
    rng = np.random.default_rng(seed)
    posts, having = counts(world, rng)
    if not gapped:
        return alike(posts, draws=DRAWS[False], rng=rng) <= 0.05, True
    alarm = gap(posts, having, draws=DRAWS[True], rng=rng).beyond(0.05)
    leaning = dataclasses.replace(world, lean=float(np.log(2)))
    found = gap(*counts(leaning, rng), draws=DRAWS[True], rng=rng)
    return alarm, found.low <= truth(leaning) <= found.high


def planted(world: LoudWorld, seed: int, *, gapped: bool) -> bool:
    """Say whether what is planted is found."""
    rng = np.random.default_rng(seed)
    if not gapped:
        return alike(counts(dataclasses.replace(world, louder=2.0), rng)[0], draws=DRAWS[False], rng=rng) <= 0.05
    return gap(*counts(dataclasses.replace(world, lean=float(np.log(2))), rng), draws=DRAWS[True], rng=rng).beyond(0.05)


@cache
def truth(world: LoudWorld) -> float:
    """Give the expected gap: by post from the rates of the louder half, by account from the mean own share of those seen."""
    rng = np.random.default_rng(1)
    own = rng.beta(0.5, 1.5, MANY)
    odds = own / (1 - own)
    quiet_chance, loud_chance = (float((o / (1 + o)).mean()) for o in (odds, odds * np.exp(world.lean)))
    loud = 0.5 ** (1 - 1 / world.tail)
    posts, having = counts(dataclasses.replace(world, accounts=MANY), rng)
    return loud * loud_chance + (1 - loud) * quiet_chance - float((having / posts).mean())


def further(seen: list[tuple[bool, bool]], *, gapped: bool) -> Cell:
    """Give how often the interval held the truth."""
    return {"held": sum(one[1] for one in seen) / len(seen)} if gapped else {}


def described(world: LoudWorld, seed: int, *, gapped: bool) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    return descriptors(counts(world, np.random.default_rng(seed))[0].size, asked=gapped)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms | rate [99 % exact] | planted found | 95 % interval held the gap |", "|---|--:|---|--:|--:|"]
    for c in cells:
        held = f"{c['held']:.2f}" if "held" in c else "–"
        lines.append(f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} | {held} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
