"""What does the analysis of breaks say? Strongest break, claim, effect, tables, figures and notes, from the estimates alone."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Figure
from agorascope.stats.breaktests import FARTHEST
from agorascope.stats.longrun import HIGHEST
from agorascope.texts import Message, message

from ._breaks_tested import Tested, iso, number, row

MEASURES = ("volume", "reach", "conversion", "engagement", "followers", "reactions")
MOST_SHOWN = 12

SERIES = pa.schema(
    [
        ("series", pa.string()),
        ("scope", pa.string()),
        ("account_id", pa.string()),
        ("group_name", pa.string()),
        ("start_us", pa.int64()),
        ("value", pa.float64()),
        ("level", pa.float64()),
        ("trend", pa.float64()),
    ]
)
STRONGEST = pa.schema([("start_us", pa.int64()), ("value", pa.float64()), ("fitted", pa.float64())])
DATES = pa.schema([("start_us", pa.int64()), ("end_us", pa.int64()), ("label", pa.string())])
SHOWN = (
    "series",
    "account_id",
    "group_name",
    "strongest_at",
    "ratio",
    "q_value",
    "breaks",
    "model",
    "smooth",
    "scope",
    "periods",
    "memory",
)
TESTED = pa.schema(
    [
        ("series", pa.string()),
        ("scope", pa.string()),
        ("account_id", pa.string()),
        ("group_name", pa.string()),
        ("model", pa.string()),
        ("periods", pa.int64()),
        ("memory", pa.float64()),
        ("breaks", pa.int64()),
        ("smooth", pa.bool_()),
        ("strongest_at", pa.string()),
        ("ratio", pa.float64()),
        ("p_value", pa.float64()),
        ("q_value", pa.float64()),
    ]
)


def strongest(tested: list[Tested], units: list[dict[str, Any]]) -> tuple[Tested, dict[str, Any] | None]:
    """Give the strongest break and the series it is in; where none holds, the likeliest candidate; None where all are constant."""
    if units:
        first = units[0]
        wanted = [first[n] for n in ("series", "scope", "model", "account_id", "group_name", "platform")]
        for t in tested:
            scope = t.series.scope
            name = (scope.name if scope.kind == kind else None for kind in ("account", "group"))
            if wanted == [t.series.measure, scope.kind, t.model, *name, scope.platform]:
                return t, first
    known = [t for t in tested if t.found.strongest is not None]
    if not known:
        return tested[0], None
    best = min(known, key=lambda t: (t.q_value, t.found.p_value, t.series.measure, *t.series.scope[:2], t.model))
    assert best.found.strongest is not None
    return best, row(best, best.found.strongest)


def grade(units: list[dict[str, Any]]) -> str:
    """Name what holds for the strongest break: both models, levels only, lines only; or none."""
    if not units:
        return "none"
    return "both" if units[0]["both_models"] else str(units[0]["model"])


def claim(tested: list[Tested], units: list[dict[str, Any]], best: dict[str, Any], *, sole: bool) -> Message:
    """Say the strongest break, dated, in one hedged sentence; ``sole`` where all posts are of one account, or of none known."""
    said = "found" if units else "not_found"
    if units and best["series"] == "volume":
        said = "volume"
    return message(
        f"breaks.claim.{said}_{_place(best, sole)}",
        account=best["account_id"] or "",
        name=best["group_name"] or "",
        series=_named(best["series"]),
        at=best["at_us"],
        at_low=best["at_low_us"],
        at_high=best["at_high_us"],
        ratio=best["ratio"],
        low=best["low"],
        high=best["high"],
        p=best["q_value"],
        breaks=number(units),
        tested=len({(t.series.measure, t.series.scope.kind, t.series.scope.name, t.series.scope.platform) for t in tested}),
        model=f"breaks.model.{grade(units)}",
    )


def effect(best: dict[str, Any], draws: int, tests: int, *, holds: bool) -> Estimate:
    """State the strongest break as the ratio of the new level to the old, or of two lines at the date.

    A break that does not hold has no interval: one that takes its date as given would often leave out 1, for it was sought.
    """
    return Estimate(
        metric=f"{_measure(best['series'])} {'at the date' if best['model'] == 'trend' else 'after over before'}",
        value=best["ratio"],
        low=best["low"] if holds else None,
        high=best["high"] if holds else None,
        unit="ratio of odds" if best["series"].startswith("reactions") else "ratio",
        level=0.95,
        method="optimal partition by description length; sup-F against redrawn dependent noise; Holm over series and models",
        p_value=best["q_value"],
        p_floor=min(1.0, tests * FARTHEST / (draws + 1)),
        sided="two-sided",
    )


def calibrated(best: Tested) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("breaks", **descriptors(best))


def descriptors(tested: Tested) -> dict[str, float | str]:
    """Describe a series by what decides the test: model, known points, and how much longer its memory makes an average vary."""
    rho = min(max(tested.found.rho, 0.0), HIGHEST)
    points = float(np.isfinite(tested.series.values).sum())
    return {"model": tested.model, "points": points, "memory": (1 + rho) / (1 - rho)}


def tables(tested: list[Tested], best: Tested, units: list[dict[str, Any]], alpha: float) -> dict[str, pa.Table]:
    """Make every published table. Values are levels per post (e to the logarithm), odds for reactions."""
    dates = [u for u in units if _same(u, best)]
    labelled = [{"start_us": u["at_low_us"], "end_us": u["at_high_us"] + best.series.cells.bin_us, "label": u["at"]} for u in dates]
    return {
        "strongest": _strongest(best),
        "dates": pa.Table.from_pylist(sorted(labelled, key=lambda r: r["start_us"]), DATES),
        "tested": _tested(tested),
        "series": _series(tested),
    }


def figures(made: dict[str, pa.Table], best: dict[str, Any], *, sole: bool) -> tuple[Figure, ...]:
    """Describe the charts: the series of the strongest break with its dates, and what was tested."""
    return (
        Figure(
            name="strongest",
            kind="timeline",
            table="strongest",
            title=message(
                f"breaks.figure.strongest_{_place(best, sole)}",
                series=_named(best["series"]),
                account=best["account_id"] or "",
                name=best["group_name"] or "",
            ),
            x="start_us",
            y=("value", "fitted"),
            marks="dates",
            log=best["series"] != "followers",
            note=message("breaks.figure.strongest_note"),
        ),
        Figure(name="tested", kind="table", table="tested", title=message("breaks.figure.tested"), y=SHOWN),
    )


def notes(tested: list[Tested]) -> tuple[Message, ...]:
    """Remark on what was tested, on panels, and on series that wander."""
    said = [message("breaks.note.tested", n=len(tested))]
    if any(t.series.cells.whole for t in tested):
        said.append(message("breaks.note.panel"))
    wandering = {(t.series.measure, t.series.scope.kind, t.series.scope.name) for t in tested if t.found.rho >= HIGHEST}
    if wandering:
        said.append(message("breaks.note.wandering", n=len(wandering)))
    smooth = sum(t.found.smooth and len(t.found.breaks) > 0 for t in tested)
    if smooth:
        said.append(message("breaks.note.smooth", n=smooth))
    return tuple(said)


def _same(unit: dict[str, Any], best: Tested) -> bool:
    scope = best.series.scope
    names = (unit["account_id"] or unit["group_name"] or "", unit["platform"])
    return (unit["series"], unit["scope"], unit["model"], *names) == (
        best.series.measure,
        scope.kind,
        best.model,
        scope.name,
        scope.platform,
    )


def _strongest(best: Tested) -> pa.Table:
    series = best.series
    columns = [
        [series.at_us(i) for i in range(series.values.size)],
        np.exp(series.values),
        np.exp(best.found.fitted[:, 0]),
    ]
    arrays = [pa.array(c, f.type, from_pandas=True) for c, f in zip(columns, STRONGEST, strict=True)]
    return pa.Table.from_arrays(arrays, schema=STRONGEST)


def _series(tested: list[Tested]) -> pa.Table:
    rows: dict[int, dict[str, Any]] = {}
    for t in tested:
        held = rows.setdefault(id(t.series), {"of": t.series})
        held[t.model] = np.exp(t.found.fitted[:, 0])
    parts = []
    for held in rows.values():
        s = held["of"]
        n = s.values.size
        columns = {
            "series": np.repeat(s.measure, n),
            "scope": np.repeat(s.scope.kind, n),
            "account_id": [s.scope.name if s.scope.kind == "account" else None] * n,
            "group_name": [s.scope.name if s.scope.kind == "group" else None] * n,
            "start_us": [s.at_us(i) for i in range(n)],
            "value": np.exp(s.values),
            "level": held.get("level", np.full(n, np.nan)),
            "trend": held.get("trend", np.full(n, np.nan)),
        }
        arrays = [pa.array(columns[f.name], f.type, from_pandas=True) for f in SERIES]
        parts.append(pa.Table.from_arrays(arrays, schema=SERIES))
    return pa.concat_tables(parts)


def _tested(tested: list[Tested]) -> pa.Table:
    rows = []
    for t in tested:
        best = t.found.strongest
        rows.append(
            {
                "series": t.series.measure,
                "scope": t.series.scope.kind,
                "account_id": t.series.scope.name if t.series.scope.kind == "account" else None,
                "group_name": t.series.scope.name if t.series.scope.kind == "group" else None,
                "model": t.model,
                "periods": int(np.isfinite(t.series.values).sum()),
                "memory": t.found.rho,
                "breaks": len(t.found.breaks),
                "smooth": t.found.smooth,
                "strongest_at": None if best is None else iso(t.series.at_us(best.at)),
                "ratio": None if best is None else row(t, best)["ratio"],
                "p_value": None if best is None else t.found.p_value,
                "q_value": None if best is None else t.q_value,
            }
        )
    rows.sort(
        key=lambda r: (
            r["q_value"] is None,
            r["q_value"],
            r["p_value"],
            r["series"],
            r["scope"],
            r["account_id"] or r["group_name"] or "",
            r["model"],
        )
    )
    return pa.Table.from_pylist(rows, TESTED)


def _named(measure: str) -> str:
    return f"breaks.series.{_measure(measure)}"


def _measure(measure: str) -> str:
    return measure if measure in MEASURES else "one"


def _place(best: dict[str, Any], sole: bool) -> str:
    """Say where the break is: all accounts, the sole one, a group or an account."""
    return "sole" if best["scope"] == "all" and sole else str(best["scope"])
