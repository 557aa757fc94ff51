"""How often does `coverage` report a gap where nothing is missing, and how often one that is there? Seeded worlds, counted.

Every cell is a kind of world: ``--worlds`` of it as they are give the false-alarm rate (any gap or low run of any account, or of
the whole capture); ``POWER_WORLDS`` with a hole in the busiest account, and as many with a hole in the whole capture, the power.
Writes ``src/agorascope/calibration/coverage.json`` and the table of ``docs/analyses/coverage.md``.
Run: ``python benchmarks/calibrate_coverage.py [--worlds 500] [--cells NAME...]``; named cells replace their old results only.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from agorascope.analyses import _coverage_calibration, _coverage_reduce, _coverage_time
from agorascope.analyses.coverage import Params
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import faults, null
from calibration import NOMINAL, keep, middle, parser, rate, shown

POWER_WORLDS = 100
FIRST_SEED = 20_000
HOLE_DAY = 30
ACCOUNT_DAYS = 14
CAPTURE_DAYS = 2
BATCH = 25  # worlds in one engine: opening one costs more than testing a world
WEEK_US = 7 * null.DAY_US

CALM = {"session_posts": 1.0, "spell": 0.0, "day_noise": 0.0}

# ``fresh``: not looked at while the method was built.
CELLS: dict[str, dict[str, Any]] = {
    "d91-p5k-a20": {"world": {"posts": 5_000, "authors": 20}},
    "d91-p10k-a300-sessions": {"world": {"posts": 10_000, "authors": 300, "session_posts": 8.0, "session_hours": 1.0}},
    "d91-p10k-a100-calm": {"world": CALM | {"posts": 10_000, "authors": 100, "daily": 0.9}},
    "d91-p20k-a2k": {"world": {}},
    "d364-p20k-a100": {"world": {"days": 364, "posts": 20_000, "authors": 100, "trend": 1.5}},
    "d182-p10k-a60": {"world": {"days": 182, "posts": 10_000, "authors": 60, "weekly": 0.5}, "fresh": True},
    "d91-p10k-a1k-heavy": {"world": {"posts": 10_000, "authors": 1_000, "author_tail": 1.2, "spell": 0.8}, "fresh": True},
    "w52-p20k-a20-panel": {"world": {"days": 364, "posts": 20_000, "authors": 20}, "panel": True, "fresh": True},
}


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    asked = parser(__doc__, CELLS, worlds=500).parse_args()
    for name in asked.cells:
        keep("coverage", measure(name, CELLS[name], asked.worlds), list(CELLS), table)


def measure(name: str, cell: dict[str, Any], worlds: int) -> dict[str, Any]:
    """Count false alarms and finds of one cell."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + worlds)
    quiet = decide(cell, seeds)
    account = decide(cell, seeds[:POWER_WORLDS], account_days=ACCOUNT_DAYS)
    capture = [] if cell.get("panel") else decide(cell, seeds[:POWER_WORLDS], capture_days=CAPTURE_DAYS)
    alarms = sum(q["found"] for q in quiet)
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        **rate(alarms, worlds),
        "power": sum(a["hit"] for a in account) / len(account),
        "power_worlds": len(account),
        "power_at": f"account_{ACCOUNT_DAYS}d",
        "power_capture": sum(c["hit"] for c in capture) / len(capture) if capture else None,
        "power_capture_at": f"capture_{CAPTURE_DAYS}d",
        "fresh": bool(cell.get("fresh")),
        "params": cell["world"],
        "descriptors": {n: middle([q["about"][n] for q in quiet]) for n in quiet[0]["about"]},
    }
    print(
        f"{name}: {alarms} of {worlds} = {shown(result)}; power "
        f"{result['power']:.2f} at {result['power_at']}, {result['power_capture']} at {result['power_capture_at']}; "
        f"{(time.perf_counter() - began) / (worlds + len(account) + len(capture)):.2f} s a world",
        flush=True,
    )
    return result


def decide(cell: dict[str, Any], seeds: Sequence[int], *, account_days: int = 0, capture_days: int = 0) -> list[dict[str, Any]]:
    """Test worlds: ``found`` = a gap is reported, ``hit`` = one that touches the planted hole, of the account it was planted in."""
    start_us = null.START_US + HOLE_DAY * null.DAY_US
    end_us = start_us + max(account_days, capture_days) * null.DAY_US
    min_posts = Params().min_posts
    results = []
    for first in range(0, len(seeds), BATCH):
        made = []
        for seed in seeds[first : first + BATCH]:
            tables = null.make(null.NullWorld(**cell["world"]), seed)
            busiest = faults.busiest(tables)
            holed = faults.lose(tables, start_us=start_us, end_us=end_us, account=busiest if account_days else None)
            made.append((seed, busiest, holed["posts"]))
        for busiest, small in reduced(made, panel=bool(cell.get("panel"))):
            held = [r for r in _coverage_time.check(small, alpha=NOMINAL, min_posts=min_posts).rows if r["status"] == "fault"]
            touching = [r for r in held if r["start_us"] < end_us and r["end_us"] > start_us]
            hit = any(r["account_id"] == (busiest if account_days else None) for r in touching)
            results.append({"found": bool(held), "hit": hit, "about": _coverage_calibration.descriptors(small, min_posts)})
    return results


def reduced(made: Sequence[tuple[int, str, pa.Table]], *, panel: bool) -> Iterable[tuple[str, dict[str, pa.Table]]]:
    """Reduce several worlds in one engine, their platforms marked with the seed, and part them again."""
    posts = pa.concat_tables([_marked(rows, seed) for seed, _, rows in made])
    corpus = memory_corpus({"panels": as_panel(posts)} if panel else {"posts": posts})
    small = _coverage_reduce.rhythms(corpus, min_posts=Params().min_posts)
    for seed, busiest, _ in made:
        yield busiest, {n: t.filter(pc.starts_with(t["platform"], f"{seed} ")) for n, t in small.items()}


def _marked(posts: pa.Table, seed: int) -> pa.Table:
    names = pc.binary_join_element_wise(str(seed), posts["platform"].cast(pa.string()), " ")
    return posts.set_column(posts.schema.get_field_index("platform"), "platform", names)


def as_panel(posts: pa.Table) -> pa.Table:
    """Keep only weekly sums per account, as many published data sets do; a week without posts has no row."""
    start = null.START_US + (posts["created_at_us"].to_numpy() - null.START_US) // WEEK_US * WEEK_US
    weeks = pa.table({"platform": posts["platform"], "account_id": posts["account_id"], "period_start_us": start})
    sums = weeks.group_by(["platform", "account_id", "period_start_us"]).aggregate([([], "count_all")])
    fixed = {"period_us": pa.scalar(WEEK_US, pa.int64()), "metric": pa.scalar("posts")}
    columns = {n: sums[n] for n in weeks.column_names} | {n: pa.repeat(v, len(sums)) for n, v in fixed.items()}
    columns["value"] = sums["count_all"]
    return pa.table([columns[f.name].cast(f.type) for f in schema("panels")], schema=schema("panels"))


def table(cells: list[dict[str, Any]]) -> str:
    """Write the cells as a Markdown table."""
    lines = [
        "| cell | accounts tested | posts of one | days | false alarms | rate [99 % exact] | 14 days of one account found "
        "| 2 days of all found |",
        "|---|--:|--:|--:|--:|---|--:|--:|",
    ]
    for c in cells:
        about = c["descriptors"]
        whole = "–" if c["power_capture"] is None else f"{c['power_capture']:.2f}"
        lines.append(
            f"| {c['cell']}{'' if c['fresh'] else ' *'} | {about['accounts']:.0f} | {about['posts']:.0f} | {about['days']:.0f} "
            f"| {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} "
            f"| {whole} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
