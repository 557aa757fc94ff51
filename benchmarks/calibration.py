"""How is a calibration run, counted, stored and shown? What every ``calibrate*.py`` has in common."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
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
