"""How is a calibration run, counted, stored and shown? What every ``calibrate*.py`` has in common."""

import argparse
import dataclasses
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.stats import binomtest

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- calibration:begin -->", "<!-- calibration:end -->"
NOMINAL = 0.05

Cell = dict[str, Any]
Item = TypeVar("Item")
Seen = TypeVar("Seen")


def parser(doc: str | None, names: Iterable[str], *, worlds: int) -> argparse.ArgumentParser:
    """Give the options every calibration knows: worlds and cells."""
    known = list(names)
    options = argparse.ArgumentParser(description=doc)
    options.add_argument("--worlds", type=int, default=worlds)
    options.add_argument("--cells", nargs="*", default=known, choices=known)
    return options


def rate(hits: int, worlds: int) -> Cell:
    """Give a rate with its exact 99 % interval."""
    exact = binomtest(hits, worlds).proportion_ci(0.99, "exact")
    return {"rate": hits / worlds, "low": round(exact.low, 4), "high": round(exact.high, 4)}


def shown(cell: Cell) -> str:
    """Write a rate with its interval."""
    return f"{cell['rate']:.3f} [{cell['low']:.3f}, {cell['high']:.3f}]"


def middle(values: list[Any]) -> float | str:
    """Give the commonest text, or the median number to four digits."""
    return max(sorted(set(values)), key=values.count) if isinstance(values[0], str) else float(f"{np.median(values):.4g}")


def stored(analysis: str) -> list[Cell]:
    """Read the cells measured so far."""
    file = _file(analysis)
    return list(json.loads(file.read_text("utf-8"))["cells"]) if file.is_file() else []


def keep(analysis: str, found: Cell, names: Sequence[str], table: Callable[[list[Cell]], str]) -> None:
    """Put one cell in the place of its old measure, cells in the order of ``names``; store all, and their table on the page."""
    old = {c["cell"]: c for c in stored(analysis)} | {found["cell"]: found}
    store(analysis, [old[n] for n in names if n in old], table)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Say how a world is asked: functions of a world and a seed.

    ``quiet`` says whether the world as it is gives an alarm, or that and further things which ``further`` makes cells of, from what
    all worlds gave; ``planted`` whether what is planted in the world is found, in ``power_worlds``; ``described`` gives the
    descriptors of a world, asked of the first ``worlds_described``. ``params`` are kept beside those of the world.
    """

    quiet: Callable[[Any, int], Any]
    planted: Callable[[Any, int], bool]
    described: Callable[[Any, int], dict[str, float | str]]
    first_seed: int
    power_worlds: int
    power_at: str
    worlds_described: int
    params: Mapping[str, Any] = field(default_factory=dict)
    further: Callable[[list[Any]], Cell] = lambda seen: {}


def measure(plan: Plan, name: str, world: Any, worlds: int, jobs: int) -> Cell:
    """Count false alarms and finds of one cell, ``worlds`` of it with seeds in a row, and print both."""
    began = time.perf_counter()
    seeds = range(plan.first_seed, plan.first_seed + worlds)
    seen = each(partial(plan.quiet, world), seeds, jobs=jobs)
    alarms = sum(one[0] if isinstance(one, tuple) else one for one in seen)
    further = plan.further(seen)
    power = sum(each(partial(plan.planted, world), seeds[: plan.power_worlds], jobs=jobs)) / plan.power_worlds
    told = [plan.described(world, seed) for seed in seeds[: plan.worlds_described]]
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        **rate(alarms, worlds),
        **further,
        "power": power,
        "power_worlds": plan.power_worlds,
        "power_at": plan.power_at,
        "params": dataclasses.asdict(world) | dict(plan.params),
        "descriptors": {key: middle([t[key] for t in told]) for key in told[0]},
    }
    counts = "".join(f"; {key} {value}" for key, value in further.items() if not isinstance(value, dict))
    seconds = time.perf_counter() - began
    print(f"{name}: {alarms} of {worlds} = {shown(result)}{counts}; power {power}; {seconds:.0f} s", flush=True)
    return result


def by_cells(
    doc: str | None,
    analysis: str,
    cells: Mapping[str, Item],
    measure: Callable[[str, Item, int, int], Cell],
    table: Callable[[list[Cell]], str],
) -> None:
    """Run the cells asked for on the command line, each with as many worlds in as many processes, and keep what was measured."""
    options = parser(doc, cells, worlds=300)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    for name in asked.cells:
        keep(analysis, measure(name, cells[name], asked.worlds, asked.jobs), list(cells), table)


def store(analysis: str, cells: list[Cell], table: Callable[[list[Cell]], str]) -> None:
    """Write the cells where ``agorascope.calibration`` reads them, and their table between the marks of the page."""
    text = json.dumps({"analysis": analysis, "nominal": NOMINAL, "cells": cells}, indent=1)
    _file(analysis).write_text(text + "\n", "utf-8")
    page = ROOT / f"docs/analyses/{analysis}.md"
    if page.is_file():
        head, rest = page.read_text("utf-8").split(BEGIN)
        page.write_text(f"{head}{BEGIN}\n{table(cells)}{END}{rest.split(END)[1]}", "utf-8")


def each(look: Callable[[Item], Seen], items: Sequence[Item], *, jobs: int) -> list[Seen]:
    """Look at every item, in ``jobs`` processes, results in the order of the items."""
    if jobs <= 1:
        return [look(item) for item in items]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(partial(look), items, chunksize=max(len(items) // (8 * jobs), 1)))


def _file(analysis: str) -> Path:
    return ROOT / f"src/agorascope/calibration/{analysis}.json"
