"""What are an account's sums per period, where do they begin and end, and where do they fall?"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agorascope.stats.gaps import LowRun, local_drop

from ._coverage_reduce import DAY_US, WEEK_US
from ._coverage_rows import Row, not_checked, passed, problem

MIN_PERIODS = 12
MIN_PER_PERIOD = 4.0
DROP_RATIO = 0.6
DROP_POSTS = 100
EDGE_PERIODS = 3
EDGE_SHARE = 0.1

Key = tuple[str, str | None]
Floats = NDArray[np.float64]


class Series(NamedTuple):
    """Hold one account's sums per period: start of the first, length, one value per period."""

    start_us: int
    period_us: int
    counts: Floats


def series(tables: dict[str, pa.Table]) -> dict[Key, Series]:
    """Give every account's sums per period, from its first to its last active period; absent periods count as zero.

    Weeks made from posts lose the account's first and last one, which are rarely whole.
    """
    found: dict[Key, Series] = {}
    for key, (starts, values) in _columns(tables, "weeks", "week_us").items():
        _add(found, key, starts[1:-1], values[1:-1], WEEK_US)
    panels = _columns(tables, "panels", "period_start_us")
    period_us = max(tables["panels"]["period_us"].to_pylist(), default=WEEK_US) if "panels" in tables else WEEK_US
    for key, (starts, values) in panels.items():
        _add(found, key, starts, values, period_us)
    return found


def captures(tables: dict[str, pa.Table]) -> dict[Key, Series]:
    """Give each platform's posts per day, of all accounts together; the first and the last day, rarely whole, are left out.

    A platform with a single account is left out too: its capture is that account.
    """
    members: dict[str, set[str | None]] = defaultdict(set)
    for row in tables["accounts"].to_pylist() if "accounts" in tables else []:
        members[row["platform"]].add(row["account_id"])
    days: dict[str, list[Row]] = defaultdict(list)
    for row in tables["days"].to_pylist() if "days" in tables else []:
        days[row["platform"]].append(row)
    found: dict[Key, Series] = {}
    for platform, rows in days.items():
        if len(members[platform]) > 1:
            _add(found, (platform, None), [r["day_us"] for r in rows[1:-1]], [r["posts"] for r in rows[1:-1]], DAY_US)
    return found


def _columns(tables: dict[str, pa.Table], name: str, start: str) -> dict[Key, tuple[list[int], list[float]]]:
    found: dict[Key, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for row in tables[name].to_pylist() if name in tables else []:
        if row["posts"] is not None:
            starts, values = found[row["platform"], row["account_id"]]
            starts.append(row[start])
            values.append(row["posts"])
    return found


def _add(found: dict[Key, Series], key: Key, starts: list[int], values: list[float], period_us: int) -> None:
    active = [i for i, v in enumerate(values) if v > 0]
    if not active:
        return
    first, last = starts[active[0]], starts[active[-1]]
    counts = np.zeros((last - first) // period_us + 1)
    for start, value in zip(starts, values, strict=True):
        if first <= start <= last:
            counts[(start - first) // period_us] += value
    if len(counts) >= MIN_PERIODS and counts.mean() >= MIN_PER_PERIOD:
        found[key] = Series(first, period_us, counts)


def span(tables: dict[str, pa.Table]) -> tuple[int, int]:
    """Give the time the whole capture spans: first and last post, or first and last period."""
    starts, ends = [], []
    for row in tables["accounts"].to_pylist() if "accounts" in tables else []:
        if row["first_us"] is not None:
            starts.append(row["first_us"])
            ends.append(row["last_us"])
    for row in tables["panels"].to_pylist() if "panels" in tables else []:
        starts.append(row["period_start_us"])
        ends.append(row["period_start_us"] + row["period_us"])
    return min(starts, default=0), max(ends, default=0)


def none_of(check: str, tables: dict[str, pa.Table], looked_at: Iterable[Key], **values: Any) -> Row:
    """Say that a check found nothing in the accounts it looked at, and how many it passed over; or that it looked at none."""
    held = {
        (row["platform"], row["account_id"])
        for name in ("accounts", "panels")
        for row in (tables[name].select(["platform", "account_id"]).to_pylist() if name in tables else [])
        if row["account_id"] is not None
    }
    keys = set(looked_at)
    n = sum(key[1] is not None for key in keys)
    if n:
        return passed(check, args={"n": n, "skipped": len(held - keys)}, **values)
    return passed(check, said=f"{check}_whole", **values) if keys else not_checked(check, "rhythm")


def drops(tables: dict[str, pa.Table], series: dict[Key, Series], faults: list[Row]) -> list[Row]:
    """Warn of runs well below the account's level that its own ups and downs can explain: described, not tested."""
    found = []
    for key, account in series.items():
        run = local_drop(account.counts, ratio=DROP_RATIO)
        if run is None or run.expected < DROP_POSTS:
            continue
        gap = run_gap(key, account, run)
        if any(overlap(gap, f) for f in faults):
            continue
        args = {
            "account": key[1],
            "start": gap["start_us"],
            "end": gap["end_us"] - 1,
            "posts": round(run.seen),
            "expected": run.expected,
            "share": run.seen / run.expected,
        }
        found.append(
            problem(
                "drops",
                "warning",
                args=args,
                value=run.seen / run.expected,
                unit="share",
                platform=key[0],
                account_id=key[1],
                start_us=gap["start_us"],
                end_us=gap["end_us"],
                severity=1 - run.seen / run.expected,
            )
        )
    return found or [none_of("drops", tables, series)]


def edges(tables: dict[str, pa.Table], series: dict[Key, Series], min_posts: int, opened: int, closed: int) -> list[Row]:
    """Tell accounts whose data start late or end early within the capture; nothing says whether posts existed then."""
    spans = {key: (s.start_us, s.start_us + len(s.counts) * s.period_us, EDGE_PERIODS * s.period_us) for key, s in series.items()}
    for row in tables["accounts"].to_pylist() if "accounts" in tables else []:
        if row["account_id"] is not None and row["timed"] >= min_posts:
            spans[row["platform"], row["account_id"]] = (row["first_us"], row["last_us"], DAY_US)
    found: list[Row] = []
    for check, side in (("late_start", 0), ("early_end", 1)):
        rows = [
            _edge(check, key, opened, span[0]) if side == 0 else _edge(check, key, span[1], closed)
            for key, span in spans.items()
            if key[1] is not None
            and (span[0] - opened if side == 0 else closed - span[1]) >= max(EDGE_SHARE * (closed - opened), span[2])
        ]
        found += rows or [none_of(check, tables, (key for key in spans if key[1] is not None))]
    return [r | {"severity": r["severity"] / max(closed - opened, 1)} for r in found]


def _edge(check: str, key: Key, start_us: int, end_us: int) -> Row:
    args = {"account": key[1], "start": start_us, "end": end_us, "duration": (end_us - start_us) / 1e6}
    return problem(
        check,
        "warning",
        args=args,
        value=(end_us - start_us) / 1e6,
        unit="s",
        platform=key[0],
        account_id=key[1],
        start_us=start_us,
        end_us=end_us,
        severity=float(end_us - start_us),
    )


def run_gap(key: Key, series: Series, run: LowRun) -> Row:
    return {
        "platform": key[0],
        "account_id": key[1],
        "kind": "hole" if run.seen == 0 else "low",
        "start_us": series.start_us + run.first * series.period_us,
        "end_us": series.start_us + run.end * series.period_us,
        "posts": run.seen,
        "expected": run.expected,
        "p_value": run.p_value,
    }


def overlap(a: Row, b: Row) -> bool:
    same = (a["platform"], a["account_id"]) == (b["platform"], b["account_id"])
    return bool(same and a["start_us"] < b["end_us"] and b["start_us"] < a["end_us"])
