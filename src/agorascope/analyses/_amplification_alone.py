"""What can be said of accounts with nobody to compare them with? A dated break in their own series, and nothing about its cause."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import t as student

from agorascope.findings import Estimate, Figure, Finding
from agorascope.stats import placebo
from agorascope.stats.audit import SEARCH_DRAWS, lines
from agorascope.stats.steps import Step, interval, search, step
from agorascope.texts import message

from ._amplification_estimate import reach
from ._amplification_gates import Gates, known_periods
from ._amplification_reduce import Panel
from ._amplification_wishes import wish

Bools = npt.NDArray[np.bool_]

METHOD = "step of the mean log, autoregressive errors"
PATHS = pa.schema([("start_us", pa.int64()), ("side", pa.string()), ("ratio", pa.float64())])
DATED = pa.schema([("start_us", pa.int64()), ("end_us", pa.int64()), ("label", pa.string()), ("ratio", pa.float64())])


def answer(
    panel: Panel,
    treated: Bools,
    gates: Gates,
    question: Any,
    limits: Any,
    settings: dict[str, Any],
    *,
    date: int | None,
    seed: int,
    left_out: int = 0,
) -> Finding:
    """Date a break in the treated accounts' own mean; the effect against controls is left empty, since there are none.

    ``left_out`` account-periods were taken out of the panel for faults of capture, which is said.
    """
    told = (*limits, message("amplification.limits.alone"))
    common = {"analysis": "amplification", "question": question, "limits": told, "params": settings}
    series = lines(reach(panel), treated, np.ones(treated.size, np.bool_))["treated"]
    try:
        if date is None:
            found = search(series, placebo.admissible(series.size), draws=SEARCH_DRAWS, rng=np.random.default_rng(seed))
        else:
            found = step(series, np.arange(series.size) >= date)
    except ValueError:
        claim = message("amplification.claim.periods", n=known_periods(panel, treated))
        return Finding(verdict="insufficient", gate="periods", claim=claim, tables={"gates": gates.table()}, **common)
    alpha = float(settings["alpha"])
    half = float(student.ppf(0.975, found.df)) * found.se
    first, last = (found.at, found.at) if date is not None else _ends(series, found)
    ratio, low, high = (float(np.exp(v)) for v in (found.size, found.size - half, found.size + half))
    starts = [int(panel.starts_us[k]) for k in (found.at, first, last)]
    said = {
        "metric": f"amplification.metric.{panel.metric}",
        "ratio": ratio,
        "low": low,
        "high": high,
        "p": found.p_value,
        "date": starts[0],
        "first": starts[1],
        "last": starts[2],
    }
    broke = found.p_value <= alpha
    out = (message("amplification.note.capture_left_out", n=left_out),) if left_out else ()
    wanted = ["controls"] if panel.has_views else ["views", "controls"]
    return Finding(
        verdict="insufficient" if broke else "not_found",
        grade="not_identified" if broke else "no_break",
        claim=message(f"amplification.claim.{_key(broke=broke, given=date is not None, one=first == last)}", **said),
        effect=Estimate(metric=panel.metric, unit="ratio", method=METHOD, p_floor=1.0, sided="two-sided"),
        units=(
            {
                "part": "reach",
                "at_us": starts[0],
                "at_low_us": starts[1],
                "at_high_us": starts[2],
                "ratio": ratio,
                "low": low,
                "high": high,
                "p_value": found.p_value,
            },
        ),
        notes=(*(wish(name, int(treated.sum()), alpha) for name in wanted if broke), *out),
        figures=(
            Figure(
                name="paths",
                kind="timeline",
                table="paths",
                title=message("amplification.figure.alone"),
                x="start_us",
                y=("ratio",),
                series="side",
                marks="dated",
                log=True,
            ),
        ),
        tables={"gates": gates.table(), "paths": _path(panel, series), "dated": _dated(panel, first, last, broke=broke)},
        **common,
    )


def _key(*, broke: bool, given: bool, one: bool) -> str:
    """Choose the claim: a date given has no interval, and one of a single period has no two ends."""
    if not broke:
        return "alone_quiet"
    return "alone_break_given" if given else "alone_break_one" if one else "alone_break"


def _path(panel: Panel, series: npt.NDArray[np.float64]) -> pa.Table:
    rows = [
        {"start_us": int(at), "side": "treated", "ratio": float(np.exp(v)) if np.isfinite(v) else None}
        for at, v in zip(panel.starts_us.tolist(), series.tolist(), strict=True)
    ]
    return pa.Table.from_pylist(rows, PATHS)


def _ends(series: npt.NDArray[np.float64], found: Step) -> tuple[int, int]:
    """Give the interval of a searched date: not the first period of all, nor any after the last one searched."""
    low, high = interval(series, found)
    return max(low, 1), min(high, int(placebo.admissible(series.size)[-1]))


def _dated(panel: Panel, first: int, last: int, *, broke: bool) -> pa.Table:
    """Mark the interval of the date, where there is a break to date."""
    if not broke:
        return pa.Table.from_pylist([], DATED)
    start, end = int(panel.starts_us[first]), int(panel.starts_us[last]) + panel.length_us
    return pa.Table.from_pylist([{"start_us": start, "end_us": end, "label": "date", "ratio": None}], DATED)
