"""How often does `copying` see more than chance where nobody lifts, and find a group that does? Counted.

The worlds are those of ``copying_cells``, written down before the estimator met them. ``--worlds`` of each as they are give the
false-alarm rate: p at most 5 %, whether or not enough accounts stand behind it to say ``found``. ``POWER_WORLDS`` with thirty
accounts half of whose texts are lifted give the power of the same question.
Writes ``src/agorascope/calibration/copying.json`` and the table of ``docs/analyses/copying.md``.
Run: ``python benchmarks/calibrate_copying.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
import time
from functools import partial
from typing import Any

from agorascope.analyses._copying_estimate import estimate
from agorascope.analyses._copying_reduce import FAR_US, members, reduce
from agorascope.analyses._copying_said import descriptors
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.copying import CopyingWorld, make
from calibration import NOMINAL, Cell, by_cells, each, middle, rate, shown
from copying_cells import COPYING

POWER_WORLDS = 40
FIRST_SEED = 420_000
DRAWS = 99


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "copying", COPYING, measure, table)


def look(world: CopyingWorld, asked: bool, seed: int) -> tuple[float, dict[str, float | str]]:
    """Give the p-value of one world, and its descriptors."""
    corpus = memory_corpus(make(world, seed), threads=1)
    written = reduce(corpus, since_us=-FAR_US, until_us=FAR_US, threshold=0.8, seed=seed)
    assert written is not None
    answer = estimate(written, members(corpus, written, "lifters") if asked else None, draws=DRAWS, seed=seed)
    return answer.p_value, descriptors(written, answer)


def measure(name: str, world: CopyingWorld, worlds: int, jobs: int) -> Cell:
    """Count false alarms and finds of one cell."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + worlds)
    asked = world.group > 0
    seen = each(partial(look, world, asked), seeds, jobs=jobs)
    alarms = sum(p <= NOMINAL for p, _ in seen)
    planted = each(partial(look, dataclasses.replace(world, group=30, lifted=0.5), asked), seeds[:POWER_WORLDS], jobs=jobs)
    told: list[dict[str, Any]] = [d for _, d in seen]
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        **rate(alarms, worlds),
        "power": sum(p <= NOMINAL for p, _ in planted) / len(planted),
        "power_worlds": len(planted),
        "power_at": "half_lifted",
        "params": dataclasses.asdict(world) | {"languages": list(world.languages), "draws": DRAWS},
        "descriptors": {key: middle([t[key] for t in told]) for key in told[0]},
    }
    print(
        f"{name}: {alarms} of {worlds} = {shown(result)}; power {result['power']}; {time.perf_counter() - began:.0f} s", flush=True
    )
    return result


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | false alarms | rate [99 % exact] | thirty lifting accounts found |", "|---|--:|---|--:|"]
    lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
