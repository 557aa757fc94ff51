"""What does the analysis of registrations say? Claim, effect, tables, figures and notes, from the estimates alone."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Figure
from agorascope.stats.crowded import MOST_RESTLESS, Crowded, Window
from agorascope.texts import Message, message

from ._registration_reduce import DAY_US, Dated, Source

Floats = npt.NDArray[np.float64]

MOST_BARS = 800
CREATED = pa.schema([("start_us", pa.int64()), ("created", pa.int64()), ("expected", pa.float64())])
BURSTS = pa.schema([("start_us", pa.int64()), ("end_us", pa.int64()), ("label", pa.string()), ("ratio", pa.float64())])
TESTED = pa.schema(
    [
        ("days", pa.int64()),
        ("start_us", pa.int64()),
        ("created", pa.int64()),
        ("expected", pa.float64()),
        ("ratio", pa.float64()),
        ("dispersion", pa.float64()),
        ("p_value", pa.float64()),
    ]
)
DATING = pa.schema(
    [
        ("source", pa.string()),
        ("created", pa.int64()),
        ("compared", pa.int64()),
        ("error_s", pa.float64()),
        ("error_high_s", pa.float64()),
    ]
)
SIDES = tuple(f"{side}_{name}" for side in ("inside", "rest") for name in ("known", "share", "share_low", "share_high"))
BESIDE = pa.schema(
    [("start_us", pa.int64()), ("measure", pa.string())] + [(n, pa.int64() if n.endswith("known") else pa.float64()) for n in SIDES]
)


def unit(window: Window, origin: int) -> dict[str, Any]:
    """Describe one burst; ``end_us`` is the start of the day after."""
    start = (origin + window.first) * DAY_US
    return {
        "start_us": start,
        "end_us": start + window.length * DAY_US,
        "days": window.length,
        "created": window.number,
        "expected": window.expected,
        "ratio": window.ratio,
        "low": window.low,
        "high": window.high,
        "p_value": window.p_value,
    }


def claim(units: list[dict[str, Any]], best: dict[str, Any], dated: int, *, reference: str) -> Message:
    """Say the strongest burst, or the likeliest, in one hedged sentence."""
    said = ("found" if units else "not_found") + ("_reference" if reference else "")
    return message(
        f"registration.claim.{said}",
        start=best["start_us"],
        last=best["end_us"] - DAY_US,
        n=best["created"],
        dated=dated,
        expected=best["expected"],
        ratio=best["ratio"],
        low=best["low"],
        high=best["high"],
        p=best["p_value"],
        bursts=len(units),
        name=reference,
    )


def effect(best: dict[str, Any], draws: int, *, holds: bool) -> Estimate:
    """State the strongest burst as a ratio; one that does not hold was sought, and has no interval."""
    return Estimate(
        metric="accounts created over usual",
        value=best["ratio"],
        low=best["low"] if holds else None,
        high=best["high"] if holds else None,
        unit="ratio",
        level=0.95,
        method="scan over windows of 1 to 60 days; drawn series with weeks, a smooth background and log noise",
        p_value=best["p_value"],
        p_floor=1 / (draws + 1),
        sided="greater",
    )


def calibrated(found: Crowded, counts: Floats, *, reference: bool) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("registration", **descriptors(found, counts, reference=reference))


def descriptors(found: Crowded, counts: Floats, *, reference: bool) -> dict[str, float | str]:
    """Describe a series by what decides the test: accounts, days, and how restless it is."""
    against = "reference" if reference else "surroundings"
    return {
        "against": against,
        "accounts": float(counts.sum()),
        "days": float(counts.size),
        "restless": float(np.exp(found.restless)),
    }


def tables(
    found: Crowded, counts: Floats, origin: int, units: list[dict[str, Any]], beside: list[dict[str, Any]], sources: list[Source]
) -> dict[str, pa.Table]:
    """Make every published table: counts of accounts, never a list of them."""
    marks = [{"start_us": u["start_us"], "end_us": u["end_us"], "label": str(u["created"]), "ratio": u["ratio"]} for u in units]
    tested = [unit(w, origin) | {"dispersion": found.spread[w.length]} for w in found.best]
    dating = [dict(zip(DATING.names, s, strict=True)) for s in sources]
    return {
        "created": _created(found, counts, origin),
        "bursts": pa.Table.from_pylist(sorted(marks, key=lambda r: r["start_us"]), BURSTS),
        "beside": pa.Table.from_pylist(beside, BESIDE),
        "tested": pa.Table.from_pylist([{n: r[n] for n in TESTED.names} for r in tested], TESTED),
        "dating": pa.Table.from_pylist(dating, DATING),
    }


def _created(found: Crowded, counts: Floats, origin: int) -> pa.Table:
    """Add up days, or weeks from Monday on where there are too many to see."""
    days = origin + np.arange(counts.size)
    start = days if counts.size <= MOST_BARS // 2 else days - (days + 3) % 7
    first, at = np.unique(start, return_inverse=True)
    columns = [first * DAY_US, np.bincount(at, counts).astype(np.int64), np.bincount(at, found.background)]
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, CREATED, strict=True)], schema=CREATED)


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts: creations with the bursts marked, what stands beside, windows, dates."""
    weekly = (
        made["created"].num_rows > 1 and made["created"]["start_us"][1].as_py() - made["created"]["start_us"][0].as_py() > DAY_US
    )
    listed = [
        Figure(
            name="created",
            kind="timeline",
            table="created",
            title=message(f"registration.figure.created_{'week' if weekly else 'day'}"),
            x="start_us",
            y=("created", "expected"),
            marks="bursts",
            note=message("registration.figure.created_note"),
        )
    ]
    if made["beside"].num_rows:
        title = message("registration.figure.beside")
        listed.append(Figure(name="beside", kind="table", table="beside", title=title, y=tuple(BESIDE.names)))
    for name in ("tested", "dating"):
        columns = tuple(made[name].column_names)
        listed.append(Figure(name=name, kind="table", table=name, title=message(f"registration.figure.{name}"), y=columns))
    return tuple(listed)


def notes(found: Crowded, dated: Dated, dates: str) -> tuple[Message, ...]:
    """Remark on how dates were found, and on series that stray more than the null allows."""
    said = []
    by_name = {s.source: s for s in dated.sources}
    if by_name["undated"].accounts:
        said.append(message("registration.note.undated", n=by_name["undated"].accounts))
    if (seen := by_name.get("interpolated")) is not None and seen.error_s is not None:
        said.append(message("registration.note.interpolated", n=seen.accounts, error=seen.error_s, high=seen.error_high_s))
    elif dates != "declared" and by_name["undated"].accounts and seen is None:
        said.append(message("registration.note.anchors"))
    if found.restless >= MOST_RESTLESS - 0.1:
        said.append(message("registration.note.restless", dispersion=found.dispersion))
    return tuple(said)
