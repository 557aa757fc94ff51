"""What does one check of the coverage gate say? One row: status, number, whom and when it concerns, what follows.

Statuses: ``fault`` (a number below would be wrong if nothing is done), ``warning`` (to be known, rarely decisive),
``ok`` (checked, nothing), ``not_checked`` (``says`` names the missing datum). ``says``, ``consequence`` and
``remedy`` are catalogue keys with their arguments, as plain data, so that a stored finding can still be rendered in
either language. ``severity`` is the share of all posts that the fault touches, or that are missing (0..1).
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

Row = dict[str, Any]

STATUSES = ("fault", "warning", "not_checked", "ok")
SHOWN = 20

SCHEMA = pa.schema(
    [
        ("check", pa.string()),
        ("status", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unit", pa.string()),
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("group_name", pa.string()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("p_value", pa.float64()),
        ("q_value", pa.float64()),
        ("severity", pa.float64()),
        ("says", pa.string()),
        ("consequence", pa.string()),
        ("remedy", pa.string()),
    ]
)


def problem(check: str, status: str, *, args: dict[str, Any], **values: Any) -> Row:
    """Make the row of a fault or a warning; ``args`` fill its sentences, ``values`` its columns.

    Where ``args`` holds an ``account`` that is None (the whole capture), the sentence is the one ending in ``_whole``.
    """
    row = _blank(check, status) | values
    said = f"{check}_whole" if "account" in args and args["account"] is None else check
    row["says"] = {"key": f"coverage.says.{said}", "args": args}
    row["consequence"] = {"key": f"coverage.consequence.{check}", "args": args}
    row["remedy"] = {"key": f"coverage.remedy.{check}", "args": args}
    return row


def passed(check: str, *, said: str | None = None, args: dict[str, Any] | None = None, **values: Any) -> Row:
    """Make the row of a check that found nothing; ``said`` names its sentence, if it is not that of the check."""
    return _blank(check, "ok") | values | {"says": {"key": f"coverage.ok.{said or check}", "args": args or {}}}


def not_checked(check: str, missing: str) -> Row:
    """Make the row of a check that could not be made; ``missing`` is a key under ``coverage.missing``."""
    return _blank(check, "not_checked") | {"says": {"key": f"coverage.missing.{missing}", "args": {}}}


def worst_first(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by status, then severity, then check, account and time, so that the order never depends on the input's."""
    return sorted(
        rows,
        key=lambda r: (
            STATUSES.index(r["status"]),
            -r["severity"],
            r["check"],
            r["platform"] or "",
            r["account_id"] or "",
            r["group_name"] or "",
            r["start_us"] or 0,
            r["end_us"] or 0,
        ),
    )


def shown(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Keep at most ``SHOWN`` problems per check, the worst ones; return them and the number left out."""
    seen: dict[str, int] = {}
    kept = []
    for row in worst_first(rows):
        seen[row["check"]] = seen.get(row["check"], 0) + 1
        if seen[row["check"]] <= SHOWN:
            kept.append(row)
    return kept, len(rows) - len(kept)


def table(rows: Sequence[Row]) -> pa.Table:
    """Turn rows into the published table ``checks``; of the sentences only the catalogue keys are kept."""
    flat = [row | {k: row[k] and row[k]["key"] for k in ("says", "consequence", "remedy")} for row in rows]
    return pa.Table.from_pylist(flat, schema=SCHEMA)


def _blank(check: str, status: str) -> Row:
    row: Row = dict.fromkeys(SCHEMA.names)
    return row | {"check": check, "status": status, "unit": "", "severity": 0.0}
