"""Can these data carry the questions put to them? The gate in front of every other analysis.

One row of ``units`` is one check: its name, its status (``fault``, ``warning``, ``ok``, ``not_checked``), its number
with an interval where chance enters, whom and when it concerns, what it does to the other analyses and what to do.
Checked are: repeated ids, ids of several posts, equal content, reposts among own posts, gaps in time of each account
against its own rhythm, collection order, age of the posts when counted, hidden counts, captured posts against the accounts' own
counters, accounts in two groups, refused rows, rows without time or account, and the resolution of times.

The effect is the number of the worst fault: the one that touches the largest share of what it concerns. ``found``
means at least one fault, ``not_found`` that what could be checked holds, ``insufficient`` that nothing could be.
The tests of gaps hold 5 % together, over all accounts and gaps (Holm).

Limits: posts missing at random are seen only against a counter; a counter counts reposts and loses deleted posts.
Source: methods of a panel audit (Graham and Andrejevic 2024, eprint 253211, and its released ids); Holm 1979; Wilson 1927.
"""

from typing import Annotated

import msgspec
import pyarrow as pa

from agorascope.findings import Estimate, Figure, Finding, insufficient
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from . import (
    _coverage_calibration,
    _coverage_clock,
    _coverage_counter,
    _coverage_evidence,
    _coverage_groups,
    _coverage_ids,
    _coverage_records,
    _coverage_reduce,
    _coverage_rivals,
    _coverage_rows,
    _coverage_time,
)
from ._coverage_rows import Row

EXAMPLE = "agorascope run my-case coverage -p low_share=0.9"
REQUIRES = (("posts",), ("panels",), ("account_counters",))
LIMITS = tuple(message(f"coverage.limits.{name}") for name in ("counter", "random_loss", "pauses", "census"))
QUESTION = message("coverage.question")

REPEATS = pa.schema([("platform", pa.string()), ("week_us", pa.int64()), ("repeats", pa.float64()), ("records", pa.float64())])

_METHODS = {"captured": "ratio estimator, Student t between periods; Wilson for one or two periods"}


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set what counts as a fault; ``[params]`` of its texts says what each one is."""

    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    min_posts: Annotated[int, msgspec.Meta(ge=20)] = 30
    low_share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.8
    young_s: Annotated[int, msgspec.Meta(ge=1)] = 172_800
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Check what was collected, before anything is concluded from it."""
    reduced = _reduce(corpus, params)
    rows, tables = _estimate(reduced, params)
    settings = msgspec.to_builtins(params)
    if all(row["status"] == "not_checked" for row in rows):
        return insufficient("coverage", QUESTION, message("coverage.claim.insufficient"), LIMITS, gate="tables", params=settings)
    units, left_out = _coverage_rows.shown(rows)
    faults = [row for row in units if row["status"] == "fault"]
    evidence = _coverage_evidence.gather(corpus, units)
    return Finding(
        analysis="coverage",
        question=QUESTION,
        verdict="found" if faults else "not_found",
        grade=_grade(units),
        claim=_claim(rows),
        effect=_effect(units),
        units=tuple(units),
        evidence=evidence.records,
        evidence_total=evidence.total,
        evidence_query=evidence.query,
        rivals=_coverage_rivals.rivals(corpus, rows),
        limits=LIMITS,
        figures=_figures(tables),
        notes=_notes(units, left_out, evidence),
        calibration=_coverage_calibration.calibrated(reduced, params.min_posts),
        params=settings,
        tables=tables,
    )


def _reduce(corpus: Corpus, params: Params) -> dict[str, pa.Table]:
    return _coverage_reduce.reduce(corpus, min_posts=params.min_posts, young_us=params.young_s * 1_000_000)


def _estimate(tables: dict[str, pa.Table], params: Params) -> tuple[list[Row], dict[str, pa.Table]]:
    captured = _coverage_counter.check(tables, low_share=params.low_share)
    time = _coverage_time.check(tables, alpha=params.alpha, min_posts=params.min_posts)
    rows = captured.rows + time.rows + _coverage_records.check(tables) + _coverage_groups.check(tables)
    rows += _coverage_ids.check(tables)
    rows += _coverage_clock.check(tables, young_s=params.young_s)
    rows = _coverage_rows.worst_first(rows)
    weeks = _coverage_records.repeats_by_week(tables)
    published = {
        "checks": _coverage_rows.table(rows),
        "gaps": time.gaps,
        "captured": captured.periods,
        "captured_levels": captured.levels,
        "repeats_by_week": pa.Table.from_pylist(weeks, schema=REPEATS),
        "ages": _coverage_clock.ages(tables),
    }
    return rows, published


def _grade(units: list[Row]) -> str:
    statuses = {row["status"] for row in units}
    return "faults" if "fault" in statuses else "warnings" if "warning" in statuses else "clean"


def _claim(rows: list[Row]) -> Message:
    """Name the worst fault with its number; without a fault, the checks made, those that warn, and the cases they warn of."""
    faults = sum(row["status"] == "fault" for row in rows)
    if faults:
        said = rows[0]["says"]
        return message(said["key"].replace("coverage.says.", "coverage.claim."), **said["args"], faults=faults)
    cases = [row["check"] for row in rows if row["status"] == "warning"]
    made = len({row["check"] for row in rows if row["status"] != "not_checked"})
    if not cases:
        return message("coverage.claim.clean", checks=made)
    return message("coverage.claim.warnings", checks=made, warnings=len(set(cases)), cases=len(cases))


def _effect(units: list[Row]) -> Estimate | None:
    worst = units[0]
    if worst["status"] != "fault":
        return None
    interval = worst["low"] is not None
    return Estimate(
        metric=worst["check"],
        value=worst["value"],
        low=worst["low"],
        high=worst["high"],
        unit=worst["unit"],
        level=0.95 if interval else None,
        method=_METHODS.get(worst["check"], "Wilson") if interval else "count",
        p_value=worst["q_value"],
        sided="one-sided" if worst["q_value"] is not None else None,
    )


def _figures(tables: dict[str, pa.Table]) -> tuple[Figure, ...]:
    found = [
        Figure(
            name="checks",
            kind="table",
            table="checks",
            title=message("coverage.figure.checks"),
            y=("check", "status", "value", "low", "high", "account_id", "group_name", "start_us", "end_us", "q_value"),
        )
    ]
    if tables["captured"].num_rows:
        found.append(
            Figure(
                name="captured",
                kind="timeline",
                table="captured",
                title=message("coverage.figure.captured"),
                x="start_us",
                y=("share",),
                series="account_id",
                band=("low", "high"),
                note=message("coverage.figure.captured_note"),
            )
        )
    if tables["gaps"].num_rows:
        found.append(
            Figure(
                name="gaps", kind="table", table="gaps", title=message("coverage.figure.gaps"), y=tuple(tables["gaps"].column_names)
            )
        )
    if sum(tables["repeats_by_week"]["repeats"].to_pylist()):
        found.append(
            Figure(
                name="repeats",
                kind="timeline",
                table="repeats_by_week",
                title=message("coverage.figure.repeats"),
                x="week_us",
                y=("repeats",),
                series="platform",
            )
        )
    if sum(tables["ages"]["posts"].to_pylist()):
        found.append(
            Figure(name="ages", kind="histogram", table="ages", title=message("coverage.figure.ages"), x="age", y=("posts",))
        )
    return tuple(found)


def _notes(units: list[Row], left_out: int, evidence: _coverage_evidence.Gathered) -> tuple[Message, ...]:
    unchecked = sorted({row["check"] for row in units if row["status"] == "not_checked"})
    notes: list[Message] = []
    if left_out:
        notes.append(message("coverage.notes.left_out", n=left_out, shown=_coverage_rows.SHOWN))
    if evidence.total > evidence.first:
        kind = f"coverage.values.check.{evidence.check}"
        notes.append(message("coverage.notes.evidence", kind=kind, n=evidence.first, total=evidence.total))
    if unchecked:
        notes.append(message("coverage.notes.not_checked", n=len(unchecked)))
    return tuple(notes)
