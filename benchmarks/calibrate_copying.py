"""How often does `copying` see more than chance where nobody lifts, and find a group that does? Counted.

The worlds are those of ``copying_cells``, written down before the estimator met them. ``--worlds`` of each as they are give the
false-alarm rate: p at most 5 %, whether or not enough accounts stand behind it to say ``found``. ``POWER_WORLDS`` with thirty
accounts half of whose texts are lifted give the power of the same question; of the whole corpus, as many in which every account
takes three in ten of its texts from the busiest one give the power to see one source.
Writes ``src/agorascope/calibration/copying.json`` and the table of ``docs/analyses/copying.md``.
Run: ``python benchmarks/calibrate_copying.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

from agorascope.analyses._copying_estimate import estimate
from agorascope.analyses._copying_reduce import FAR_US, members, reduce
from agorascope.analyses._copying_said import descriptors
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.copying import CopyingWorld, make
from calibration import NOMINAL, Cell, Plan, by_cells, each, measure, shown
from copying_cells import COPYING

POWER_WORLDS = 40
FIRST_SEED = 420_000
DRAWS = 99
DESCRIBED = 20


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "copying", COPYING, of_cell, table)


def look(world: CopyingWorld, asked: bool, seed: int) -> tuple[float, dict[str, float | str]]:
    """Give the p-value of one world, and its descriptors."""
    corpus = memory_corpus(make(world, seed), threads=1)
    written = reduce(corpus, since_us=-FAR_US, until_us=FAR_US, threshold=0.8, seed=seed)
    assert written is not None
    answer = estimate(written, members(corpus, written, "lifters") if asked else None, draws=DRAWS, seed=seed)
    return answer.p_value, descriptors(written, answer)


def quiet(world: CopyingWorld, seed: int) -> bool:
    """Say whether more than chance is seen."""
    return look(world, world.group > 0, seed)[0] <= NOMINAL


def planted(world: CopyingWorld, seed: int) -> bool:
    """Say whether thirty accounts that lift half of their texts are seen."""
    return look(dataclasses.replace(world, group=30, lifted=0.5), world.group > 0, seed)[0] <= NOMINAL


def on_one_source(world: CopyingWorld, seed: int) -> bool:
    """Say whether it is seen that everybody takes three texts in ten from one account."""
    return look(dataclasses.replace(world, one_source=0.3), False, seed)[0] <= NOMINAL


def described(world: CopyingWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    return look(world, world.group > 0, seed)[1]


PLAN = Plan(
    quiet=quiet,
    planted=planted,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="half_lifted",
    worlds_described=DESCRIBED,
    params={"languages": list(CopyingWorld().languages), "draws": DRAWS},
)


def of_cell(name: str, world: CopyingWorld, worlds: int, jobs: int) -> Cell:
    """Count false alarms and finds of one cell; of the whole corpus, how often a source that everybody draws on is seen, too."""
    cell = measure(PLAN, name, world, worlds, jobs)
    if world.group:
        return cell
    seeds = range(FIRST_SEED, FIRST_SEED + POWER_WORLDS)
    found = sum(each(partial(on_one_source, world), seeds, jobs=jobs)) / POWER_WORLDS
    print(f"{name}: one source found {found}", flush=True)
    return cell | {"power_one_source": found}


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = [
        "| cell | false alarms | rate [99 % exact] | thirty lifting accounts found | one source found |",
        "|---|--:|---|--:|--:|",
    ]
    for c in cells:
        one = f"{c['power_one_source']:.2f}" if "power_one_source" in c else ""
        lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} | {one} |"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
