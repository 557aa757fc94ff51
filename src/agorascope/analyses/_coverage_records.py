"""Is each record what it seems? Repeated ids, equal content, reposts, hidden counts, refused rows, missing fields."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from agorascope.stats.coverage_shares import wilson

from ._coverage_reduce import MONDAY_US, WEEK_US
from ._coverage_rows import Row, not_checked, passed, problem

METRICS = ("views", "likes", "reposts", "quotes", "replies", "bookmarks")
REPEATED_FAULT = 0.01
EQUAL_FAULT = 0.01
MARKED_FAULT = 0.01
HIDDEN_WARNING = 0.05
HIDDEN_FAULT = 0.2
REFUSED_FAULT = 0.01
NO_TIME_FAULT = 0.05
ASIDE = ("groups", "events", "margins")
"""Sources of lists beside the data: a long one would hide the refused records of a file of data."""


def check(tables: dict[str, pa.Table]) -> list[Row]:
    """Make every check that looks at records one by one."""
    return (
        _repeated(tables)
        + _equal_content(tables)
        + _equal_text(tables)
        + _reposts(tables)
        + _hidden(tables)
        + _impossible(tables)
        + _refused(tables)
        + _fields(tables)
    )


def repeats_by_week(tables: dict[str, pa.Table]) -> list[Row]:
    """List repeated ids and records per week (Monday start), from the table ``repeats`` and from panels."""
    weeks: dict[tuple[str, int | None], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in _rows(tables, "weeks"):
        weeks[row["platform"], row["week_us"]][1] += row["posts"]
    for row in _rows(tables, "repeats"):
        weeks[row["platform"], row["week_us"]][0] += row["repeats"]
        weeks[row["platform"], row["week_us"]][1] += row["repeats"]
    for row in _rows(tables, "panels"):
        if row["duplicate_posts"] is not None and row["posts"] is not None:
            start = row["period_start_us"] - (row["period_start_us"] - MONDAY_US) % WEEK_US
            weeks[row["platform"], start][0] += row["duplicate_posts"]
            weeks[row["platform"], start][1] += row["posts"]
    return [
        {"platform": p, "week_us": w, "repeats": r, "records": n}
        for (p, w), (r, n) in sorted(weeks.items(), key=lambda i: (i[0][0], i[0][1] or 0))
    ]


def _repeated(tables: dict[str, pa.Table]) -> list[Row]:
    counted = [r for r in _rows(tables, "panels") if r["duplicate_posts"] is not None and r["posts"] is not None]
    if "repeats" not in tables and not counted:
        return [not_checked("repeated_ids", "posts_or_duplicates")]
    repeats = sum(r["repeats"] for r in _rows(tables, "repeats")) + sum(r["duplicate_posts"] for r in counted)
    records = _posts(tables) + sum(r["repeats"] for r in _rows(tables, "repeats")) + sum(r["posts"] for r in counted)
    if not repeats:
        return [passed("repeated_ids", value=0.0, unit="share")]
    worst = sorted(repeats_by_week(tables), key=lambda w: (-w["repeats"], w["week_us"] or 0))[0]
    args = {
        "repeats": round(repeats),
        "records": round(records),
        "share": repeats / records,
        "worst": round(worst["repeats"]),
        "week_end": worst["week_us"] and worst["week_us"] + WEEK_US - 1,
    }
    status = "fault" if repeats / records >= REPEATED_FAULT else "warning"
    row = _share("repeated_ids", status, repeats, records, args)
    if worst["week_us"] is None:
        return [row | {"says": {"key": "coverage.says.repeated_ids_undated", "args": args}}]
    return [row | {"start_us": worst["week_us"], "end_us": worst["week_us"] + WEEK_US}]


def _equal_content(tables: dict[str, pa.Table]) -> list[Row]:
    if "equal_content" not in tables:
        return [not_checked("equal_content", "posts")]
    rows = _rows(tables, "equal_content")
    extra, posts = sum(r["extra"] for r in rows), _posts(tables)
    if not extra:
        return [passed("equal_content", value=0.0, unit="share")]
    worst = rows[0]
    args = {"extra": extra, "posts": posts, "share": extra / posts, "account": worst["account_id"], "worst": worst["extra"]}
    row = _share("equal_content", "fault" if extra / posts >= EQUAL_FAULT else "warning", extra, posts, args)
    made = sum(r["made"] for r in rows)
    if not made:
        return [row]
    args["made"] = made  # ids made from the content, as their file gives none
    whole = "_whole" if worst["account_id"] is None else ""
    said = {"key": f"coverage.says.equal_content_made{whole}", "args": args}
    return [row | {"says": said, "remedy": {"key": "coverage.remedy.equal_content_made", "args": args}}]


def _equal_text(tables: dict[str, pa.Table]) -> list[Row]:
    if "equal_text" not in tables:
        return [not_checked("equal_text", "posts")]
    row = _rows(tables, "equal_text")[0]
    if not row["texts"]:
        return [passed("equal_text", value=0.0, unit="share")]
    args = {"texts": row["texts"], "posts": row["posts"], "most": row["most_accounts"], "share": row["posts"] / _posts(tables)}
    return [_share("equal_text", "warning", row["posts"], _posts(tables), args) | {"severity": 0.0}]


def _reposts(tables: dict[str, pa.Table]) -> list[Row]:
    if "accounts" not in tables:
        return [not_checked("reposts", "posts"), not_checked("marked_original", "posts")]
    rows, posts = _rows(tables, "accounts"), _posts(tables)
    reposts, marked = sum(r["reposts"] for r in rows), sum(r["marked_original"] for r in rows)
    counted = sum(r["counted_reposts"] or 0 for r in _rows(tables, "counts"))
    first = passed("reposts", value=reposts / posts, unit="share")
    if reposts:
        args = {"reposts": reposts, "posts": posts, "share": reposts / posts, "counted": counted}
        first = _share("reposts", "warning", reposts, posts, args) | {"severity": 0.0}
    if not marked:
        return [first, passed("marked_original", value=0.0, unit="share")]
    worst = min(
        (r for r in rows if r["marked_original"]), key=lambda r: (-r["marked_original"], r["platform"], r["account_id"] or "")
    )
    args = {
        "marked": marked,
        "posts": posts,
        "share": marked / posts,
        "account": worst["account_id"],
        "worst": worst["marked_original"],
    }
    return [first, _share("marked_original", "fault" if marked / posts >= MARKED_FAULT else "warning", marked, posts, args)]


def _hidden(tables: dict[str, pa.Table]) -> list[Row]:
    if "counts" in tables and tables["counts"].num_rows:
        return _hidden_in_posts(_rows(tables, "counts"))
    panels = [r for r in _rows(tables, "panel_nulls") if r["metric"] not in ("posts", "counter_posts", "duplicate_posts")]
    if not panels:
        return [not_checked("hidden_counts", "metrics")]
    rows = [_hidden_row(r["metric"], r["posts"] - r["given"], r["posts"], {}) for r in panels if r["posts"] > r["given"] > 0]
    return [r for r in rows if r] or [passed("hidden_counts", value=0.0, unit="share")]


def _hidden_in_posts(counts: Sequence[Row]) -> list[Row]:
    """Give one row per platform and count that is hidden for some posts of a file and given for others of it.

    A count that a file gives for no post is not hidden: it is not in that file, which is another row.
    """
    rows: list[Row] = []
    absent: list[Row] = []
    for platform in sorted({r["platform"] for r in counts}):
        here = [r for r in counts if r["platform"] == platform]
        for metric in METRICS:
            giving = {r["file_id"] for r in here if r[metric]}
            hidden: dict[str | None, int] = defaultdict(int)
            for r in here:
                hidden[r["account_id"]] += r["posts"] - r[metric] if r["file_id"] in giving else 0
            posts, held = (sum(r["posts"] for r in here if among is None or r["file_id"] in among) for among in (None, giving))
            if sum(hidden.values()):
                worst = min(hidden, key=lambda account: (-hidden[account], account or ""))
                found = _hidden_row(metric, sum(hidden.values()), held, {"platform": platform})
                rows += [found | {"account_id": worst}] if found else []
            if giving and held < posts:
                args = {"metric": f"coverage.metric.{metric}", "absent": posts - held, "posts": posts, "share": 1 - held / posts}
                found = _share("absent_counts", "warning", posts - held, posts, args, platform=platform)
                absent.append(found | {"severity": 0.0})
    return (rows or [passed("hidden_counts", value=0.0, unit="share")]) + absent


def _hidden_row(metric: str, hidden: int, posts: int, where: dict[str, Any]) -> Row | None:
    if hidden / posts < HIDDEN_WARNING:
        return None
    args = {
        "metric": f"coverage.metric.{metric}" if metric in METRICS else "coverage.metric.other",
        "hidden": hidden,
        "posts": posts,
        "share": hidden / posts,
    }
    return _share("hidden_counts", "fault" if hidden / posts >= HIDDEN_FAULT else "warning", hidden, posts, args, **where)


def _impossible(tables: dict[str, pa.Table]) -> list[Row]:
    rows = [r for r in _rows(tables, "counts") if r["measured"]]
    if not rows:
        return [not_checked("impossible_counts", "views")]
    impossible, posts = sum(r["impossible"] for r in rows), sum(r["measured"] for r in rows)
    if not impossible:
        return [passed("impossible_counts", value=0.0, unit="share")]
    args = {"impossible": impossible, "posts": posts, "share": impossible / posts}
    return [_share("impossible_counts", "fault" if impossible / posts >= HIDDEN_WARNING else "warning", impossible, posts, args)]


def _refused(tables: dict[str, pa.Table]) -> list[Row]:
    files = [f for f in _rows(tables, "files") if f["source"] not in ASIDE]
    held = {f["file_id"] for f in files}
    blank = sum(r["blank"] for r in _rows(tables, "blank") if r["file_id"] in held)
    records, refused = (sum(f[name] or 0 for f in files) - blank for name in ("records", "quarantined"))
    if not records:
        return [not_checked("quarantined", "files")]
    if not refused:
        return [passed("quarantined", value=0.0, unit="share")]
    args = {"refused": refused, "records": records, "share": refused / records}
    return [_share("quarantined", "fault" if refused / records >= REFUSED_FAULT else "warning", refused, records, args)]


def _fields(tables: dict[str, pa.Table]) -> list[Row]:
    if "accounts" not in tables:
        return [not_checked(name, "posts") for name in ("no_time", "no_account", "derived_time")]
    rows, posts = _rows(tables, "accounts"), _posts(tables)
    counts = {
        "no_time": posts - sum(r["timed"] for r in rows),
        "no_account": sum(r["posts"] for r in rows if r["account_id"] is None),
        "derived_time": sum(r["derived"] or 0 for r in rows),
    }
    found = []
    for name, count in counts.items():
        if not count:
            found.append(passed(name, value=0.0, unit="share"))
            continue
        fault = name == "no_time" and count / posts >= NO_TIME_FAULT
        row = _share(name, "fault" if fault else "warning", count, posts, {"count": count, "posts": posts, "share": count / posts})
        found.append(row if fault else row | {"severity": 0.0})
    return found


def _share(check: str, status: str, count: float, total: float, args: dict[str, Any], **values: Any) -> Row:
    low, high = wilson(count, total)
    return problem(
        check, status, args=args, value=count / total, low=low, high=high, unit="share", severity=count / total, **values
    )


def _posts(tables: dict[str, pa.Table]) -> int:
    return int(sum(r["posts"] for r in _rows(tables, "accounts")))


def _rows(tables: dict[str, pa.Table], name: str) -> list[Row]:
    return tables[name].to_pylist() if name in tables else []
