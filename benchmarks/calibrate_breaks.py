"""How often does `breaks` see a break where there is none, find one that is there, and date it within its interval? Counted.

Every cell is a kind of series: points, dependence on the point before, and the model it is tested under. The noise is Student's t
with 3 degrees of freedom, heavier-tailed than the logarithms it stands for. ``--worlds`` of it as they are give the false-alarm
rate (any break at nominal 5 %); cells of the trend model have a slope that lifts the series by 3 standard deviations.
``POWER_WORLDS`` each with a step of 1, 2 and 3 standard deviations, somewhere in the middle three fifths, give the power, and the
share of found breaks whose interval holds the date planted and the size planted. A break is taken for the planted one if none of
the same series is nearer.
Writes ``src/agorascope/calibration/breaks.json`` and the table of ``docs/analyses/breaks.md``.
Run: ``python benchmarks/calibrate_breaks.py [--worlds 500] [--cells NAME...]``; named cells replace their
old results only. ``--posts`` counts breaks of whole cases instead: worlds of posts in which no date is special.
"""

import time
from collections import Counter
from typing import Any

import numpy as np
from scipy.signal import lfilter

from agorascope.analyses.breaks import Params, run
from agorascope.stats.changepoints import Breaks, detect
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import null
from calibration import NOMINAL, ROOT, keep, parser, rate, shown

PAGE = ROOT / "docs/analyses/breaks.md"
POSTS_BEGIN, POSTS_END = "<!-- posts:begin -->", "<!-- posts:end -->"
POWER_WORLDS = 100
FIRST_SEED = 140_000
SIZES = (1.0, 2.0, 3.0)
DRAWS = 199
POSTS_SEEDS = 100
POSTS_WORLDS: dict[str, dict[str, float]] = {
    "steady authors": {"spell": 0.0, "trend": 0.0},
    "authors with busy and quiet weeks": {"spell": 0.5, "trend": 0.0},
    "steady authors, volume growing by half, slowly": {"spell": 0.0, "trend": 0.4},
}
TAIL = 3.0
LIFT = 3.0

CELLS: dict[str, dict[str, Any]] = {
    f"{model}-n{n}-r{round(10 * rho)}": {"model": model, "n": n, "rho": rho}
    for model in ("level", "trend")
    for n in (40, 150, 300)
    for rho in (0.0, 0.3, 0.6)
}


def main() -> None:
    """Run the cells asked for, print each, and store them all; then the worlds of posts, if asked for."""
    options = parser(__doc__, CELLS, worlds=500)
    options.add_argument("--posts", action="store_true", help="the worlds of posts only")
    asked = options.parse_args()
    if asked.posts:
        write_posts([count_posts(name, world) for name, world in POSTS_WORLDS.items()])
        return
    for name in asked.cells:
        keep("breaks", measure(name, CELLS[name], asked.worlds), list(CELLS), table)


def count_posts(name: str, world: dict[str, float]) -> tuple[str, int, int, int]:
    """Count the worlds in which a break of any series holds, of volume alone, of single accounts alone."""
    found = [
        run(memory_corpus(null.make(null.NullWorld(posts=8_000, authors=300, **world), seed)), Params(draws=DRAWS))  # type: ignore[arg-type]
        for seed in range(POSTS_SEEDS)
    ]
    held = [f for f in found if f.verdict == "found"]
    print(name, len(held), Counter(f"{f.units[0]['series']} of {f.units[0]['scope']}" for f in held), flush=True)
    volume, account = (sum(all(u[k] == v for u in f.units) for f in held) for k, v in (("series", "volume"), ("scope", "account")))
    return name, len(held), volume, account


def write_posts(rows: list[tuple[str, int, int, int]]) -> None:
    """Put the counts of the worlds of posts between their marks on the page."""
    lines = ["| worlds of posts | a break of any series | rate [99 % exact] | of volume alone | of single accounts alone |"]
    lines += ["|---|--:|---|--:|--:|"]
    for name, held, volume, account in rows:
        lines += [f"| {name} | {held} of {POSTS_SEEDS} | {shown(rate(held, POSTS_SEEDS))} | {volume} | {account} |"]
    head, rest = PAGE.read_text("utf-8").split(POSTS_BEGIN)
    PAGE.write_text(f"{head}{POSTS_BEGIN}\n" + "\n".join(lines) + f"\n{POSTS_END}{rest.split(POSTS_END)[1]}", "utf-8")


def measure(name: str, cell: dict[str, Any], worlds: int) -> dict[str, Any]:
    """Count false alarms, finds, and intervals that hold, of one cell."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + worlds)
    quiet = [look(cell, world(cell, seed), seed) for seed in seeds]
    alarms = sum(found.indices.size > 0 for found in quiet)
    planted = {size: [plant(cell, size, seed) for seed in seeds[:POWER_WORLDS]] for size in SIZES}
    held = {size: [p for p in tried if p is not None] for size, tried in planted.items()}
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        **rate(alarms, worlds),
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
        f"{name}: {alarms} of {worlds} = {shown(result)}; power {result['powers']}; "
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
        lines.append(f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {powers} | {dates} | {sizes} |")
    return "\n".join(lines) + "\n"


def _memory(rhos: list[float]) -> float:
    rho = float(np.clip(np.median(rhos), 0, 0.97))
    return round((1 + rho) / (1 - rho), 4)


if __name__ == "__main__":
    main()
