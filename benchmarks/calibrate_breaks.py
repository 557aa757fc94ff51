"""How often does `breaks` see a break where there is none, find one that is there, and date it within its interval? Counted.

Every cell is a kind of series: points, dependence on the point before, and the model it is tested under. The noise is Student's t
with 3 degrees of freedom, heavier-tailed than the logarithms it stands for. ``--worlds`` of it as they are give the false-alarm
rate (any break at nominal 5 %); cells of the trend model have a slope that lifts the series by 3 standard deviations.
``POWER_WORLDS`` each with a step of 1, 2 and 3 standard deviations, somewhere in the middle three fifths, give the power, and the
share of found breaks whose interval holds the date planted and the size planted. A break is taken for the planted one if none of
the same series is nearer.
Writes ``src/agorascope/calibration/breaks.json`` and the table of ``docs/analyses/breaks.md``.
Run: ``python benchmarks/calibrate_breaks.py [--worlds 500] [--cells NAME...]``; named cells replace their old results only.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import lfilter
from scipy.stats import binomtest

from agorascope.stats.changepoints import Breaks, detect

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "src/agorascope/calibration/breaks.json"
PAGE = ROOT / "docs/analyses/breaks.md"
BEGIN, END = "<!-- calibration:begin -->", "<!-- calibration:end -->"
NOMINAL = 0.05
POWER_WORLDS = 100
FIRST_SEED = 140_000
SIZES = (1.0, 2.0, 3.0)
DRAWS = 199
TAIL = 3.0
LIFT = 3.0

CELLS: dict[str, dict[str, Any]] = {
    f"{model}-n{n}-r{round(10 * rho)}": {"model": model, "n": n, "rho": rho}
    for model in ("level", "trend")
    for n in (40, 150, 300)
    for rho in (0.0, 0.3, 0.6)
}


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=500)
    parser.add_argument("--cells", nargs="*", default=list(CELLS), choices=list(CELLS))
    asked = parser.parse_args()
    for name in asked.cells:
        found = measure(name, CELLS[name], asked.worlds)
        stored = json.loads(STORED.read_text("utf-8"))["cells"] if STORED.is_file() else []
        old = {c["cell"]: c for c in stored} | {name: found}
        cells = [old[n] for n in CELLS if n in old]
        STORED.write_text(json.dumps({"analysis": "breaks", "nominal": NOMINAL, "cells": cells}, indent=1) + "\n", "utf-8")
        if PAGE.is_file():
            head, rest = PAGE.read_text("utf-8").split(BEGIN)
            PAGE.write_text(f"{head}{BEGIN}\n{table(cells)}{END}{rest.split(END)[1]}", "utf-8")


def measure(name: str, cell: dict[str, Any], worlds: int) -> dict[str, Any]:
    """Count false alarms, finds, and intervals that hold, of one cell."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + worlds)
    quiet = [look(cell, world(cell, seed), seed) for seed in seeds]
    alarms = sum(found.indices.size > 0 for found in quiet)
    interval = binomtest(alarms, worlds).proportion_ci(0.99, "exact")
    planted = {size: [plant(cell, size, seed) for seed in seeds[:POWER_WORLDS]] for size in SIZES}
    held = {size: [p for p in tried if p is not None] for size, tried in planted.items()}
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        "rate": alarms / worlds,
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
        "power": len(held[2.0]) / POWER_WORLDS,
        "power_worlds": POWER_WORLDS,
        "power_at": "step_2sd",
        "powers": {f"{size:.0f}sd": len(held[size]) / POWER_WORLDS for size in SIZES},
        "dates_held": {f"{size:.0f}sd": [sum(d for d, _ in held[size]), len(held[size])] for size in SIZES},
        "sizes_held": {f"{size:.0f}sd": [sum(s for _, s in held[size]), len(held[size])] for size in SIZES},
        "params": cell | {"tail": TAIL, "draws": DRAWS},
        "descriptors": {"model": cell["model"], "points": float(cell["n"]), "memory": _memory([q.rho for q in quiet])},
    }
    print(
        f"{name}: {alarms} of {worlds} = {result['rate']:.3f} [{interval.low:.3f}, {interval.high:.3f}]; power {result['powers']}; "
        f"dates {result['dates_held']}; sizes {result['sizes_held']}; {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    return result


def world(cell: dict[str, Any], seed: int) -> np.ndarray:
    """Draw one series without a break, of variance 1 round its line."""
    rng = np.random.default_rng([seed, cell["n"], round(10 * cell["rho"])])
    steps = rng.standard_t(TAIL, cell["n"] + 200) / np.sqrt(TAIL / (TAIL - 2))
    noise = lfilter([1.0], [1.0, -cell["rho"]], steps)[200:] * np.sqrt(1 - cell["rho"] ** 2)
    return np.asarray(noise + (LIFT if cell["model"] == "trend" else 0.0) * np.arange(cell["n"]) / cell["n"])


def look(cell: dict[str, Any], values: np.ndarray, seed: int) -> Breaks:
    """Test one series under the model of its cell."""
    return detect(values, alpha=NOMINAL, lines=cell["model"] == "trend", draws=DRAWS, seed=seed)


def plant(cell: dict[str, Any], size: float, seed: int) -> tuple[bool, bool] | None:
    """Plant a step; None where no break is found, else whether the intervals of the nearest hold its date and its size."""
    n = cell["n"]
    at = int(np.random.default_rng([seed, 1]).integers(n // 5, 4 * n // 5))
    found = look(cell, world(cell, seed) + size * (np.arange(n) >= at), seed)
    if not found.breaks:
        return None
    near = min(found.breaks, key=lambda b: abs(b.at - at))
    return near.low <= at <= near.high, near.size_low <= size <= near.size_high


def table(cells: list[dict[str, Any]]) -> str:
    """Write the cells as a Markdown table."""
    lines = [
        "| cell | false alarms | rate [99 % exact] | found: 1, 2, 3 sd | date held: 1, 2, 3 sd | size held: 1, 2, 3 sd |",
        "|---|--:|---|---|---|---|",
    ]
    for c in cells:
        powers = ", ".join(f"{p:.2f}" for p in c["powers"].values())
        dates, sizes = (", ".join(f"{k} of {n}" for k, n in c[name].values()) for name in ("dates_held", "sizes_held"))
        rate = f"{c['rate']:.3f} [{c['low']:.3f}, {c['high']:.3f}]"
        lines.append(f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {rate} | {powers} | {dates} | {sizes} |")
    return "\n".join(lines) + "\n"


def _memory(rhos: list[float]) -> float:
    rho = float(np.clip(np.median(rhos), 0, 0.97))
    return round((1 + rho) / (1 - rho), 4)


if __name__ == "__main__":
    main()
