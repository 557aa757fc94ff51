"""Where does the capture stop for a while? Gaps of accounts against their own rhythm, late starts and early ends.

Tested are the longest silences of every account and of each platform's whole capture, and the low runs of every account's
weeks (or periods) and of the capture's days. Adjusted by Holm, half of the error for the whole capture and half for the
accounts, so that at most ``alpha`` of the corpora where nothing is missing hold a reported gap.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agorascope.stats.families import holm
from agorascope.stats.gaps import WEEK_HOURS, clock_hours, low_runs, silence_p, spread_ties, weekly_clock

from . import _coverage_series
from ._coverage_reduce import DAY_US
from ._coverage_rows import Row, not_checked, problem
from ._coverage_series import Floats, Key

REPORTED_P = 0.2

Ints = NDArray[np.int64]

GAPS = pa.schema(
    [
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("kind", pa.string()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("posts", pa.float64()),
        ("expected", pa.float64()),
        ("p_value", pa.float64()),
        ("adjusted", pa.float64()),
    ]
)


class Gaps(NamedTuple):
    """Hold the rows of the checks and the table of gaps."""

    rows: list[Row]
    gaps: pa.Table


def check(tables: dict[str, pa.Table], *, alpha: float, min_posts: int) -> Gaps:
    """Test every account's silences and low runs; tell late starts and early ends apart from holes."""
    silences = _silences(tables)
    series = _coverage_series.series(tables)
    tested = [*series.items(), *_coverage_series.captures(tables).items()]
    runs = [(key, account, min(low_runs(account.counts), key=lambda r: r.p_value)) for key, account in tested]
    if not silences and not runs:
        missing = [not_checked(name, "rhythm") for name in ("gaps", "drops", "late_start", "early_end")]
        return Gaps(missing, GAPS.empty_table())
    found = _adjusted([*silences, *([_coverage_series.run_gap(*run)] for run in runs)])
    found.sort(key=lambda g: (g["adjusted"], g["p_value"], g["platform"], g["account_id"] or "", g["start_us"]))
    found = _without_overlaps(found, alpha)
    opened, closed = _coverage_series.span(tables)
    total = sum(r["posts"] or 0.0 for name in ("accounts", "panels") if name in tables for r in tables[name].to_pylist())
    rows = [_gap_row(g, total) for g in found if g["adjusted"] <= alpha]
    drops = _coverage_series.drops(tables, series, rows)
    edges = _coverage_series.edges(tables, series, min_posts, opened, closed)
    if not rows:
        looked_at = [(g["platform"], g["account_id"]) for g in found]
        least = {"p_value": min(g["p_value"] for g in found), "q_value": min(g["adjusted"] for g in found)}
        rows = [_coverage_series.none_of("gaps", tables, looked_at, **least)]
    return Gaps(rows + drops + edges, pa.Table.from_pylist([g for g in found if g["p_value"] <= REPORTED_P], schema=GAPS))


def _adjusted(tests: list[list[Row]]) -> list[Row]:
    """Adjust the p-values of all tests; the whole capture and the accounts get half of the error each, if both are tested."""
    families = [[t for t in tests if (t[0]["account_id"] is None) == whole] for whole in (True, False)]
    used = sum(map(bool, families))
    found: list[Row] = []
    for family in families:
        for test, q in zip(family, holm([t[0]["p_value"] for t in family]), strict=True):
            found += [gap | {"adjusted": min(1.0, used * q)} for gap in test]
    return found


def _silences(tables: dict[str, pa.Table]) -> list[list[Row]]:
    """Test the longest silences of each account and of each platform's whole capture."""
    if "gaps" not in tables:
        return []
    hours: dict[Key, Floats] = defaultdict(lambda: np.zeros(WEEK_HOURS))
    for row in tables["rhythm"].to_pylist():
        hours[row["platform"], row["account_id"]][row["hour_of_week"]] += row["posts"]
    pooled = {p: np.sum([h for (q, _), h in hours.items() if q == p], axis=0) for p in {k[0] for k in hours}}
    accounts = {(r["platform"], r["account_id"]): r for r in tables["accounts"].to_pylist()}
    found = []
    for key, gaps in _by_key(tables["gaps"]).items():
        found.append(_silence(key, gaps, hours[key], pooled[key[0]], accounts[key]))
    for (platform, _), gaps in _by_key(tables["capture_gaps"]).items():
        members = [r for k, r in accounts.items() if k[0] == platform and r["timed"]]
        if len(members) > 1 or members[0]["account_id"] is None:
            whole = {k: sum(r[k] or 0 for r in members) for k in ("timed", "declared", "whole_minutes", "whole_hours", "midnights")}
            whole |= {"first_us": min(r["first_us"] for r in members), "last_us": max(r["last_us"] for r in members)}
            found.append(_silence((platform, None), gaps, pooled[platform], pooled[platform], whole))
    return found


def _by_key(table: pa.Table) -> dict[Key, Ints]:
    """Group the gaps by account: an array of (start, end) rows per account."""
    names = zip(
        table["platform"].to_pylist(),
        table["account_id"].to_pylist() if "account_id" in table.column_names else [None] * len(table),
        strict=True,
    )
    ends = np.column_stack([table["start_us"].to_numpy(), table["end_us"].to_numpy()]).astype(np.int64)
    places: dict[Key, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        places[name].append(i)
    return {key: ends[rows] for key, rows in places.items()}


def _silence(key: Key, gaps: Ints, hours: Floats, pooled: Floats, account: Row) -> list[Row]:
    """Test one account's longest silences on its weekly clock; return the silences set apart, longest first."""
    resolution_us = _resolution(account)
    rate = np.ones(WEEK_HOURS) if resolution_us >= DAY_US else weekly_clock(hours, pooled)
    lengths = clock_hours(gaps[:, 1], rate) - clock_hours(gaps[:, 0], rate)
    order = np.lexsort((gaps[:, 0], -lengths))
    ends = np.array([account["first_us"], account["last_us"]], dtype=np.int64)
    total = float(np.diff(clock_hours(ends, rate))[0])
    apart, p = silence_p(spread_ties(lengths, resolution_us / 3.6e9), total / account["timed"])
    return [
        {
            "platform": key[0],
            "account_id": key[1],
            "kind": "hole" if key[1] is not None else "capture",
            "start_us": int(gaps[i, 0]),
            "end_us": int(gaps[i, 1]),
            "posts": 0.0,
            "expected": account["timed"] * float(lengths[i]) / total if total > 0 else 0.0,
            "p_value": p,
        }
        for i in order[:apart]
    ]


def _resolution(account: Row) -> int:
    for column, resolution_us in (("midnights", DAY_US), ("whole_hours", DAY_US // 24), ("whole_minutes", 60_000_000)):
        if account["declared"] and account[column] == account["declared"]:
            return resolution_us
    return 1_000_000


def _without_overlaps(gaps: list[Row], alpha: float) -> list[Row]:
    """Drop a significant gap that overlaps a more significant one of the same account."""
    kept: list[Row] = []
    for gap in gaps:
        if gap["adjusted"] > alpha or not any(_coverage_series.overlap(gap, k) for k in kept):
            kept.append(gap)
    return kept


def _gap_row(gap: Row, total: float) -> Row:
    args = {
        "account": gap["account_id"],
        "start": gap["start_us"],
        "end": gap["end_us"],
        "posts": round(gap["posts"]),
        "duration": (gap["end_us"] - gap["start_us"]) / 1e6,
        "expected": gap["expected"],
        "p": gap["adjusted"],
    }
    check = "low_run" if gap["posts"] > 0 else "capture_gap" if gap["account_id"] is None else "gaps"
    if check == "capture_gap":
        del args["account"]
    lost = gap["expected"] - gap["posts"]
    return problem(
        check,
        "fault",
        args=args,
        value=(gap["end_us"] - gap["start_us"]) / 1e6,
        unit="s",
        platform=gap["platform"],
        account_id=gap["account_id"],
        start_us=gap["start_us"],
        end_us=gap["end_us"],
        p_value=gap["p_value"],
        q_value=gap["adjusted"],
        severity=min(1.0, max(0.0, lost / (total + lost))),
    )
