"""Which share of an account's own count of posts was captured, and when did it fall?

Reads the counter from ``account_counters`` (increments between observations, at least a week apart) or from panels
holding both ``posts`` and ``counter_posts``. Source: methods of a panel audit, Manski 1990 for the bounds.
"""

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from agorascope.stats.coverage_shares import captured_share, levels

from ._coverage_reduce import WEEK_US
from ._coverage_rows import Row, not_checked, passed, problem

SAMPLE_SHARE = 0.2
OVER_SHARE = 1.1

PERIODS = pa.schema(
    [
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("captured", pa.float64()),
        ("counter", pa.float64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("at_edge", pa.bool_()),
    ]
)
LEVELS = pa.schema(
    [
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("periods", pa.int64()),
        ("captured", pa.float64()),
        ("counter", pa.float64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("at_edge", pa.bool_()),
    ]
)


class Captured(NamedTuple):
    """Hold the rows of the check, the periods and the levels of every account with a counter."""

    rows: list[Row]
    periods: pa.Table
    levels: pa.Table


def check(tables: dict[str, pa.Table], *, low_share: float) -> Captured:
    """Compare captured posts with the accounts' own counters."""
    found = _periods(tables)
    per_account: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for period in found:
        per_account[period["platform"], period["account_id"]].append(period)
    steps = [level for account in per_account.values() for level in _levels(account)]
    rows = _rows(steps, list(per_account.values()), low_share) if found else [not_checked("captured", "counter")]
    return Captured(rows, pa.Table.from_pylist(found, schema=PERIODS), pa.Table.from_pylist(steps, schema=LEVELS))


def _periods(tables: dict[str, pa.Table]) -> list[Row]:
    pairs = _from_panels(tables["panels"]) if "panels" in tables else []
    if "counters" in tables and "accounts" in tables:
        pairs += _from_counters(tables["counters"], tables["accounts"])
    pairs = [p for p in pairs if p["counter"] > 0]
    for p in pairs:
        p["share"], p["low"], p["high"] = captured_share(np.array([p["captured"]]), np.array([p["counter"]]))
    return sorted(pairs, key=lambda p: (p["platform"], p["account_id"] or "", p["start_us"]))


def _from_panels(panels: pa.Table) -> list[Row]:
    rows = [r for r in panels.to_pylist() if r["posts"] is not None and r["counter_posts"] is not None]
    last = max((r["period_start_us"] for r in rows), default=0)
    return [
        {
            "platform": r["platform"],
            "account_id": r["account_id"],
            "start_us": r["period_start_us"],
            "end_us": r["period_start_us"] + r["period_us"],
            "captured": r["posts"],
            "counter": r["counter_posts"],
            "at_edge": r["period_start_us"] == last,
        }
        for r in rows
    ]


def _from_counters(counters: pa.Table, accounts: pa.Table) -> list[Row]:
    """Take the increments between observations at least a week apart, inside the time the capture spans."""
    timed = [r for r in accounts.to_pylist() if r["first_us"] is not None]
    if not timed:
        return []
    opened, closed = min(r["first_us"] for r in timed), max(r["last_us"] for r in timed)
    pairs: list[Row] = []
    base: Row | None = None
    rows = [r for r in counters.to_pylist() if opened - WEEK_US // 7 <= r["at_us"] <= closed + WEEK_US // 7]
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        if base is None or (row["platform"], row["account_id"]) != (base["platform"], base["account_id"]):
            base = row
            continue
        ends = following is None or (following["platform"], following["account_id"]) != (row["platform"], row["account_id"])
        if row["at_us"] - base["at_us"] >= WEEK_US or ends:
            pairs.append(
                {
                    "platform": row["platform"],
                    "account_id": row["account_id"],
                    "start_us": base["at_us"],
                    "end_us": row["at_us"],
                    "captured": float(row["captured"] - base["captured"]),
                    "counter": float(row["counter"] - base["counter"]),
                    "at_edge": False,
                }
            )
            base = row
    return pairs


def _levels(periods: list[Row]) -> list[Row]:
    """Cut one account's periods where its captured share moves; a last period that may be incomplete is set apart."""
    whole = [p for p in periods if not p["at_edge"]]
    captured = np.array([p["captured"] for p in whole])
    counter = np.array([p["counter"] for p in whole])
    found = [_level(whole[a:b]) for a, b in levels(captured, counter)] if whole else []
    return found + [_level([p]) for p in periods if p["at_edge"]]


def _level(whole: list[Row]) -> Row:
    captured, counter = (np.array([p[k] for p in whole]) for k in ("captured", "counter"))
    share, low, high = captured_share(captured, counter)
    return {
        "platform": whole[0]["platform"],
        "account_id": whole[0]["account_id"],
        "start_us": whole[0]["start_us"],
        "end_us": whole[-1]["end_us"],
        "periods": len(whole),
        "captured": float(captured.sum()),
        "counter": float(counter.sum()),
        "share": share,
        "low": low,
        "high": high,
        "at_edge": whole[-1]["at_edge"],
    }


def _rows(steps: list[Row], accounts: list[list[Row]], low_share: float) -> list[Row]:
    totals = [(sum(p["captured"] for p in a), sum(p["counter"] for p in a)) for a in accounts]
    if float(np.median([c / n for c, n in totals])) < SAMPLE_SHARE:
        seen, whole = sum(c for c, _ in totals), sum(n for _, n in totals)
        return [
            problem(
                "sample",
                "warning",
                value=seen / whole,
                unit="share",
                severity=0.0,
                args={"share": seen / whole, "captured": round(seen), "counter": round(whole), "n": len(totals)},
            )
        ]
    whole = sum(n for _, n in totals)
    rows = [
        _problem(
            "captured",
            "fault" if s["high"] < low_share and not s["at_edge"] else "warning",
            s,
            (s["counter"] - s["captured"]) / whole,
        )
        for s in steps
        if s["share"] < low_share
    ]
    over = [_problem("over_counted", "warning", s, (s["captured"] - s["counter"]) / whole) for s in steps if s["low"] > OVER_SHARE]
    return (rows or [passed("captured", value=min(s["share"] for s in steps), unit="share")]) + over


def _problem(name: str, status: str, step: Row, severity: float) -> Row:
    args: dict[str, Any] = {
        "account": step["account_id"],
        "share": step["share"],
        "low": step["low"],
        "high": step["high"],
        "start": step["start_us"],
        "end": step["end_us"] - 1,
        "captured": round(step["captured"]),
        "counter": round(step["counter"]),
    }
    return problem(
        name,
        status,
        args=args,
        value=step["share"],
        low=step["low"],
        high=step["high"],
        unit="share",
        platform=step["platform"],
        account_id=step["account_id"],
        start_us=step["start_us"],
        end_us=step["end_us"],
        severity=min(1.0, max(0.0, severity)),
    )
