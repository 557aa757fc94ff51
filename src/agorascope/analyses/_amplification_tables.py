"""Which tables and figures does an audit publish? Gates, split, paths, placebos, other estimators."""

import numpy as np
import pyarrow as pa

from agorascope.findings import Figure
from agorascope.stats.audit import lines
from agorascope.stats.twoway import prepare
from agorascope.texts import message

from ._amplification_estimate import Answer, datable, dates
from ._amplification_gates import Gates

BINS = 21
SPLIT = pa.schema([(n, pa.string() if n == "part" else pa.float64()) for n in ("part", "ratio", "low", "high", "p_value")])
PATHS = pa.schema([("start_us", pa.int64()), ("side", pa.string()), ("ratio", pa.float64())])
DATED = pa.schema([("start_us", pa.int64()), ("end_us", pa.int64()), ("label", pa.string()), ("ratio", pa.float64())])
PLACEBOS = pa.schema([("statistic", pa.float64()), ("side", pa.string()), ("choices", pa.int64())])
OTHERS = pa.schema(
    [
        ("method", pa.string()),
        ("ratio", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p_value", pa.float64()),
        ("p_floor", pa.float64()),
        ("choices", pa.int64()),
    ]
)


def tables(answer: Answer, gates: Gates, *, alpha: float) -> dict[str, pa.Table]:
    """Make every published table; a searched date is marked with its interval, and not at all where no step holds at ``alpha``."""
    return {
        "gates": gates.table(),
        "split": _split(answer),
        "paths": _paths(answer),
        "dated": _dated(answer, alpha=alpha),
        "placebos": _placebos(answer),
        "estimates": _estimates(answer),
    }


def figures(answer: Answer, *, alpha: float) -> tuple[Figure, ...]:
    """Describe the figures, the gates first."""
    return (
        Figure(
            name="gates",
            kind="table",
            table="gates",
            title=message("amplification.figure.gates"),
            y=("gate", "status", "number", "check", "account_id", "start_us", "end_us"),
        ),
        Figure(
            name="split",
            kind="bars",
            table="split",
            title=message("amplification.figure.split"),
            x="part",
            y=("ratio",),
            band=("low", "high"),
            note=message("amplification.figure.split_note"),
        ),
        Figure(
            name="paths",
            kind="timeline",
            table="paths",
            title=message("amplification.figure.paths"),
            x="start_us",
            y=("ratio",),
            series="side",
            marks="dated",
            log=True,
            note=message(f"amplification.figure.{_shaded(answer, alpha)}"),
        ),
        Figure(
            name="placebos",
            kind="histogram",
            table="placebos",
            title=message("amplification.figure.placebos"),
            x="statistic",
            y=("choices",),
            series="side",
            note=message(
                "amplification.figure.placebos_note",
                n=int(np.isfinite(answer.decision.placebos.t).sum()),
                t=float(answer.decision.placebos.t[0]),
            ),
        ),
        Figure(
            name="estimates",
            kind="table",
            table="estimates",
            title=message("amplification.figure.estimates"),
            y=("method", "ratio", "low", "high", "p_value", "p_floor", "choices"),
            note=message("amplification.figure.estimates_note"),
        ),
    )


def _shaded(answer: Answer, alpha: float) -> str:
    """Choose the note that says what ``_dated`` marks: a regime, an interval and a regime, or nothing."""
    if not datable(answer, alpha):
        return "paths_note_undated"
    return "paths_note" if not answer.searched or dates(answer) is None else "paths_note_searched"


def _split(answer: Answer) -> pa.Table:
    rows = []
    for name, mark in answer.parts:
        if mark is not None:
            low, high = mark.interval()
            ends = (float(np.exp(v)) for v in (mark.size, low, high))
            rows.append(dict(zip(SPLIT.names, (name, *ends, mark.p_value()), strict=True)))
    return pa.Table.from_pylist(rows, SPLIT)


def _paths(answer: Answer) -> pa.Table:
    """Give both sides' exposure per post, each account net of its own mean before the date, averaged over accounts."""
    after = answer.decision.after
    before = np.where(after[None, :], np.nan, answer.y)
    known = np.isfinite(before)
    level = np.where(known, before, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    usable = prepare(answer.y, after).usable
    sides = lines(answer.y, answer.decision.chosen[0], usable)
    rows = []
    for side, chosen in (("treated", answer.decision.chosen[0]), ("others", ~answer.decision.chosen[0] & usable)):
        series = sides[side]
        own = np.where(np.isfinite(series[~after]), series[~after], 0.0).sum() / max(int(np.isfinite(series[~after]).sum()), 1)
        shown = np.exp(series - own) if level[chosen].size else series
        rows += [
            {"start_us": int(at), "side": side, "ratio": float(v) if np.isfinite(v) else None}
            for at, v in zip(answer.panel.starts_us.tolist(), shown.tolist(), strict=True)
        ]
    return pa.Table.from_pylist(rows, PATHS)


def _dated(answer: Answer, *, alpha: float) -> pa.Table:
    """Mark the new regime, from its first period to the end, and before it the interval of a date that was searched."""
    starts = answer.panel.starts_us
    row = {
        "start_us": int(starts[answer.decision.at]),
        "end_us": int(starts[-1]) + answer.panel.length_us,
        "label": "after",
        "ratio": float(np.exp(answer.decision.tau)),
    }
    if not datable(answer, alpha):
        return pa.Table.from_pylist([], DATED)
    ends = dates(answer) if answer.searched else None
    if ends is None:
        return pa.Table.from_pylist([row], DATED)
    span = {"start_us": int(starts[ends[0]]), "end_us": int(starts[ends[1]]) + answer.panel.length_us, "label": "date"}
    return pa.Table.from_pylist([span | {"ratio": None}, row], DATED)


def _placebos(answer: Answer) -> pa.Table:
    """Count the studentised statistics of all choices in bins, the treated apart."""
    t = answer.decision.placebos.t
    t = np.where(np.isfinite(t), t, 0.0)
    reach = max(float(np.ceil(np.abs(t).max())), 1.0)
    edges = np.linspace(-reach, reach, BINS + 1)
    counts = np.histogram(t[1:], edges)[0]
    mine = np.histogram(t[:1], edges)[0]
    rows = [
        {"statistic": round(float(edges[k] + edges[k + 1]) / 2, 2) + 0.0, "side": side, "choices": int(many[k])}
        for side, many in (("placebos", counts), ("treated", mine))
        for k in range(BINS)
    ]
    return pa.Table.from_pylist(rows, PLACEBOS)


def _estimates(answer: Answer) -> pa.Table:
    decision = answer.decision
    headline = {
        "method": "least_squares",
        "ratio": float(np.exp(decision.tau)),
        "low": float(np.exp(decision.low)),
        "high": float(np.exp(decision.high)),
        "p_value": decision.p_value,
        "p_floor": decision.p_floor,
        "choices": int(decision.chosen.shape[0]),
    }
    rows = [headline]
    for method, p in (("plain", decision.p_plain), ("one_sided_up", decision.p_up), ("one_sided_down", decision.p_down)):
        rows.append({**headline, "method": method, "low": None, "high": None, "p_value": p})
    for other in answer.others:
        ends = (None if v is None else float(np.exp(v)) for v in (other.size, other.low, other.high))
        rows.append(dict(zip(OTHERS.names, (other.method, *ends, other.p_value, other.p_floor, other.of), strict=True)))
    return pa.Table.from_pylist(rows, OTHERS)
