"""How often does `conversation` see what is not there, and what is? Recompute its calibration on seeded worlds.

Every cell is a kind of world: ``--worlds`` of it without anything planted give the false-alarm rate, ``POWER_WORLDS`` with a burst
the power. Writes ``src/agorascope/calibration/conversation.json`` and the table of ``docs/analyses/conversation.md``.
Run: ``python benchmarks/calibrate.py [--worlds 500] [--cells NAME...]``; named cells replace their old results only.
"""

import time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.analyses import _conversation_events, _conversation_said, conversation
from agorascope.analyses._conversation_changes import Slice, Whole
from agorascope.analyses._conversation_reduce import BIN_US, Activity, Labelled
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import burst, null
from calibration import NOMINAL, keep, middle, parser, rate, shown

POWER_WORLDS = 200
FIRST_SEED = 10_000

WEAK = {"session_posts": 1.5, "spell": 0.2, "day_noise": 0.0}
STRONG = {"session_posts": 5.0, "spell": 0.8, "day_noise": 0.12, "author_tail": 1.3}
DAY = {"burst_day": 60, "burst_days": 2, "ratio": 2.0}
LOUD = DAY | {"ratio": 3.0}

# Cells marked fresh were not looked at while the method was built; they were first run once it was fixed.
CELLS: dict[str, dict[str, Any]] = {
    "d91-p20k-a2k": {"world": {}, "plant": DAY},
    "d91-p20k-a2k-weak": {"world": WEAK, "plant": DAY},
    "d91-p20k-a2k-strong": {"world": STRONG, "plant": LOUD},
    "d91-p60k-a6k-strong": {"world": STRONG | {"posts": 60_000, "authors": 6_000}, "plant": DAY},
    "d91-p5k-a600": {"world": {"posts": 5_000, "authors": 600}, "plant": LOUD},
    "d91-p5k-a10": {"world": {"posts": 5_000, "authors": 10}, "plant": LOUD},
    "h336-p20k-a2k": {"world": {"posts": 20_000, "days": 14}, "plant": {"burst_day": 9, "burst_days": 1, "ratio": 2.0}},
    "d91-p56k-a5k": {"world": {"posts": 56_184, "authors": 5_000}, "plant": DAY, "fresh": True},
    "d91-p20k-a2k-heavy": {"world": {"author_tail": 1.1, "weekly": 0.4, "trend": 0.8}, "plant": DAY, "fresh": True},
    "d182-p40k-a3k": {"world": {"days": 182, "posts": 40_000, "authors": 3_000}, "plant": DAY, "fresh": True},
    "d49-p10k-a1k": {"world": {"days": 49, "posts": 10_000, "authors": 1_000}, "plant": DAY | {"burst_day": 30}, "fresh": True},
    "d365-p20k-a1k": {"world": {"days": 365, "posts": 20_000, "authors": 1_000}, "plant": LOUD, "fresh": True},
    "d91-p20k-a10": {"world": {"authors": 10}, "plant": LOUD},
    "w52-p50k-a10": {
        "world": {"days": 364, "posts": 50_000, "authors": 10},
        "panel": True,
        "plant": {"burst_day": 210, "burst_days": 14, "ratio": 2.0},
    },
}


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    asked = parser(__doc__, CELLS, worlds=500).parse_args()
    for name in asked.cells:
        keep("conversation", measure(name, CELLS[name], asked.worlds), list(CELLS), table)


def measure(name: str, cell: dict[str, Any], worlds: int) -> dict[str, Any]:
    """Count false alarms and finds of one cell."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + worlds)
    quiet = [decide(null.make(null.NullWorld(**cell["world"]), seed), seed, cell) for seed in seeds]
    planted = burst.BurstWorld(**cell["world"] | cell["plant"])
    seen = [decide(burst.make(planted, seed), seed, cell, burst.window_us(planted)) for seed in seeds[:POWER_WORLDS]]
    alarms, found = sum(q["found"] for q in quiet), sum(s["hit"] for s in seen)
    held = [s["low"] <= cell["plant"]["ratio"] <= s["high"] for s in seen if s["hit"]]
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        **rate(alarms, worlds),
        "by_burst": sum(q["burst"] for q in quiet),
        "by_change": sum(q["change"] for q in quiet),
        "power": found / len(seen),
        "power_worlds": len(seen),
        "power_at": f"x{cell['plant']['ratio']:g}, {cell['plant']['burst_days']} d",
        "interval_holds": round(float(np.mean(held)), 3) if held else None,
        "fresh": bool(cell.get("fresh")),
        "params": cell["world"],
        "smallest_ratio": round(float(np.median([q["smallest"] for q in quiet])), 2),
        "descriptors": {name: middle([q["about"][name] for q in quiet]) for name in quiet[0]["about"]},
    }
    print(
        f"{name}: {alarms} of {worlds} = {shown(result)} (bursts "
        f"{result['by_burst']}, changes "
        f"{result['by_change']}); power {result['power']:.2f} at {result['power_at']}, interval holds {result['interval_holds']}; "
        f"{(time.perf_counter() - began) / (worlds + len(seen)):.2f} s a world",
        flush=True,
    )
    return result


def decide(tables: dict[str, pa.Table], seed: int, cell: dict[str, Any], window: tuple[int, int] | None = None) -> dict[str, Any]:
    """Test one world, without the tables and figures of the report; ``hit``: a burst that holds touches the window."""
    params = conversation.Params(seed=seed)
    if cell.get("panel"):
        activity, pieces = conversation._reduce(memory_corpus(as_panel(tables)), params), []
    else:
        activity, pieces = reduced(tables, most=params.top)
    assert activity is not None
    before, after = _conversation_events.sides(activity, "", "")
    bursts, changes = conversation._estimate(activity, pieces, params, before=before, after=after)
    assert bursts is not None
    units = _conversation_said.units(bursts, changes, activity, params.alpha, conversation.BURST_PART)
    held = [u for u in units if u["significant"]]
    hits = [u for u in held if u["unit"] == "burst" and window and u["start_us"] < window[1] and u["end_us"] > window[0]]
    first = hits[0] if hits else {"low": 0.0, "high": 0.0}
    return {
        "found": bool(held),
        "burst": any(u["unit"] == "burst" for u in held),
        "change": any(u["unit"] == "change" for u in held),
        "hit": bool(hits),
        "low": first["low"],
        "high": first["high"],
        "smallest": bursts.smallest_ratio,
        "about": _conversation_said.descriptors(activity, bursts),
    }


def reduced(tables: dict[str, pa.Table], *, most: int) -> tuple[Activity, list[Slice]]:
    """Do in memory what ``_reduce`` and ``objects`` do in the engine, ten times as fast; a test holds them equal."""
    posts = tables["posts"].select(["platform", "account_id", "kind", "language", "created_at_us", "post_id"])
    at = posts["created_at_us"].to_numpy()
    name = "hour" if at.max() - at.min() < 15 * null.DAY_US else "day"
    bin_us = BIN_US[name]
    origin = int(at.min() // bin_us * bin_us)
    keys, author = np.unique(
        np.char.add(np.char.add(_strings(posts["platform"]), "\x1f"), _strings(posts["account_id"])), return_inverse=True
    )
    authors = [tuple(key.split("\x1f")) for key in keys.tolist()]
    members = dict(zip(tables["groups"]["account_id"].to_pylist(), tables["groups"]["group_name"].to_pylist(), strict=True))
    columns = {n: _strings(posts[n]) for n in ("platform", "kind", "language")} | {
        "group": np.array([members[a] for _, a in authors])[author]
    }
    dimensions = {n: Labelled(*(lambda u: (u[1], u[0].tolist()))(np.unique(v, return_inverse=True))) for n, v in columns.items()}
    hours, counts = np.unique(at // null.HOUR_US * null.HOUR_US, return_counts=True)
    bins, one, hidden = (at - origin) // bin_us, np.ones(at.size), np.full(at.size, np.nan)
    activity = Activity(
        origin,
        bin_us,
        name,
        int(bins.max()) + 1,
        "posts",
        author,
        authors,
        bins,
        one,
        hidden,
        hidden,
        dimensions,
        dict(zip(hours.tolist(), counts.tolist(), strict=True)),
    )
    tags, number = np.unique(_strings(tables["post_objects"]["value"]), return_inverse=True)
    row = pc.index_in(tables["post_objects"]["post_id"], posts["post_id"].combine_chunks()).to_numpy()
    ranked = sorted(range(tags.size), key=lambda i: (-int((number == i).sum()), tags[i]))[:most]
    whole = Whole(author, bins, one)
    return activity, [
        Slice("hashtag", str(tags[i]), author[row[number == i]], bins[row[number == i]], one[: int((number == i).sum())], whole)
        for i in sorted(ranked, key=lambda i: tags[i])
    ]


def _strings(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    return np.asarray(column.to_numpy(), dtype=str)


def as_panel(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Keep only weekly sums per account, as many published data sets do."""
    week_us = 7 * null.DAY_US
    posts = tables["posts"]
    start = null.START_US + (posts["created_at_us"].to_numpy() - null.START_US) // week_us * week_us
    sums = (
        pa.table({"account_id": posts["account_id"], "period_start_us": start})
        .group_by(["account_id", "period_start_us"])
        .aggregate([([], "count_all")])
    )
    n = sums.num_rows
    columns = {
        "platform": pa.repeat("x", n),
        "account_id": sums["account_id"],
        "period_start_us": sums["period_start_us"],
        "period_us": pa.repeat(pa.scalar(week_us, pa.int64()), n),
        "metric": pa.repeat("posts", n),
        "value": sums["count_all"].cast(pa.float64()),
    }
    return {"panels": pa.table([columns[f.name] for f in schema("panels")], schema=schema("panels")), "groups": tables["groups"]}


def table(cells: list[dict[str, Any]]) -> str:
    """Write the cells as a Markdown table."""
    lines = [
        "| cell | dispersion | authors' worth | false alarms | rate [99 % exact] | burst planted | found "
        "| interval holds it | smallest ratio |",
        "|---|--:|--:|--:|---|---|--:|--:|--:|",
    ]
    for c in cells:
        mark = "" if c["fresh"] else " *"
        holds = "–" if c["interval_holds"] is None else f"{c['interval_holds']:.2f}"
        lines.append(
            f"| {c['cell']}{mark} | {c['descriptors']['dispersion']:.1f} | {c['descriptors']['authors']:.0f} "
            f"| {c['false_alarms']} of {c['worlds']} "
            f"| {shown(c)} | {c['power_at']} "
            f"| {c['power']:.2f} | {holds} | ×{c['smallest_ratio']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
