"""Can the times be trusted? Collection order, age of the posts when counted, resolution, posts later than their count."""

import pyarrow as pa

from agorascope.stats.coverage_shares import wilson

from ._coverage_rows import Row, not_checked, passed, problem

ORDERED = 0.95
JUMPS = 0.02
YOUNG_WARNING = 0.05
YOUNG_FAULT = 0.25
EARLY_FAULT = 0.01
ROUNDED = 0.99
FEW_TIMES = 30

AGE_BINS_H = (1, 6, 24, 48, 168, 720, 2160, 8760)
AGES = pa.schema([("age", pa.string()), ("up_to_s", pa.int64()), ("posts", pa.int64())])


def check(tables: dict[str, pa.Table], *, young_s: int) -> list[Row]:
    """Make every check about times that needs no statistics of rhythm."""
    return [*_order(tables), *_age(tables, young_s), _resolution(tables), _future(tables)]


def ages(tables: dict[str, pa.Table]) -> pa.Table:
    """Count posts by their age when counted, in bins that widen; ``up_to_s`` of the last, open one is null."""
    if "ages" not in tables:
        return AGES.empty_table()
    edges = [*AGE_BINS_H, None]
    counts = [0] * len(edges)
    for row in tables["ages"].to_pylist():
        counts[next(i for i, edge in enumerate(edges) if edge is None or row["age_h"] < edge)] += row["posts"]
    rows = [
        {"age": "older" if e is None else f"h{e}", "up_to_s": None if e is None else e * 3600, "posts": n}
        for e, n in zip(edges, counts, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=AGES)


def _order(tables: dict[str, pa.Table]) -> list[Row]:
    """Say in which direction each file was collected; a break is a step of over a day against that direction."""
    files = [f for f in tables["order"].to_pylist() if f["file_id"] is not None] if "order" in tables else []
    if not files:
        return [not_checked("order", "order")]
    down, up = (sum(f[k] for f in files) for k in ("down", "up"))
    steps = down + up
    if not steps:
        return [not_checked("order", "order")]
    newest_first = sum(f["down"] for f in files if f["down"] > f["up"])
    oldest_first = sum(f["up"] for f in files if f["up"] >= f["down"])
    breaks = sum(f["jumps_ahead"] if f["down"] > f["up"] else f["jumps_back"] for f in files)
    ordered = (newest_first + oldest_first) / steps
    direction = "newest_first" if newest_first > oldest_first else "oldest_first"
    if ordered < ORDERED:
        direction = "mixed"
    args = {"direction": f"coverage.order.{direction}", "ordered": ordered, "breaks": breaks, "share": ordered}
    if direction == "oldest_first" and breaks / steps < JUMPS:
        return [passed("order", value=ordered, unit="share")]
    low, high = wilson(newest_first + oldest_first, steps)
    return [problem("order", "warning", args=args, value=ordered, low=low, high=high, unit="share")]


def _age(tables: dict[str, pa.Table], young_s: int) -> list[Row]:
    rows = tables["counts"].to_pylist() if "counts" in tables else []
    aged, young = sum(r["aged"] for r in rows), sum(r["young"] or 0 for r in rows)
    if not aged:
        return [not_checked("age", "observed_at")]
    args = {"young": young, "posts": aged, "share": young / aged, "limit": young_s}
    if young / aged < YOUNG_WARNING:
        return [passed("age", value=young / aged, unit="share")]
    low, high = wilson(young, aged)
    status = "fault" if young / aged >= YOUNG_FAULT else "warning"
    return [problem("age", status, args=args, value=young / aged, low=low, high=high, unit="share", severity=young / aged)]


def _resolution(tables: dict[str, pa.Table]) -> Row:
    rows = tables["accounts"].to_pylist() if "accounts" in tables else []
    declared = sum(r["declared"] or 0 for r in rows)
    if declared < FEW_TIMES:
        return not_checked("resolution", "declared_times")
    shares = {
        name: sum(r[column] or 0 for r in rows) / declared
        for name, column in (("days", "midnights"), ("hours", "whole_hours"), ("minutes", "whole_minutes"))
    }
    coarse = next((name for name, share in shares.items() if share >= ROUNDED), None)
    if coarse is None:
        return passed("resolution", value=shares["minutes"], unit="share")
    args = {"resolution": f"coverage.resolution.{coarse}", "share": shares[coarse], "posts": declared}
    status = "warning" if coarse == "minutes" else "fault"
    return problem("resolution", status, args=args, value=shares[coarse], unit="share")


def _future(tables: dict[str, pa.Table]) -> Row:
    rows = tables["counts"].to_pylist() if "counts" in tables else []
    aged, early = sum(r["aged"] for r in rows), sum(r["before_birth"] or 0 for r in rows)
    if not aged:
        return not_checked("later_than_count", "observed_at")
    if not early:
        return passed("later_than_count", value=0.0, unit="share")
    args = {"posts": early, "share": early / aged, "of": aged}
    low, high = wilson(early, aged)
    status = "fault" if early / aged >= EARLY_FAULT else "warning"
    return problem(
        "later_than_count", status, args=args, value=early / aged, low=low, high=high, unit="share", severity=early / aged
    )
