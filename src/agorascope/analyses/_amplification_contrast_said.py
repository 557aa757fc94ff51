"""What does a contrast of labelled posts say? Effect, units, rivals, notes, power and evidence, from what was estimated."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.findings import Calibration, Estimate, Evidence, Rival, post_evidence
from agorascope.stats.contrast import Contrast, Effect
from agorascope.texts import Message, message

from ._amplification_estimate import UNENGAGED_APART
from ._amplification_gates import Gates

LEVEL = 0.95  # of every interval, whatever the level of the tests
METHOD = "stratified contrast of mean logs, permutation within strata"
SPLIT = pa.schema([(n, pa.string() if n == "part" else pa.float64()) for n in ("part", "ratio", "low", "high", "p_value")])


def parts(found: Contrast, *, has_views: bool) -> list[tuple[str, Effect]]:
    """Give the parts told apart: without views there is one number, exposure, and nothing per view."""
    return [("exposure", found.exposure), *([("conversion", found.conversion)] if has_views else [])]


def key(found: Contrast, verdict: str, grade: str, *, has_views: bool, alpha: float) -> str:
    """Choose the claim: worded for a rise or a fall, and without views as one number."""
    if verdict == "insufficient":
        return "floor" if found.p_floor > alpha else "power"
    if verdict == "found" and not has_views:
        return "no_views"
    return f"{grade}_down" if grade in ("exposure_led", "demand_led") and found.exposure.ratio < 1 else grade


def estimate(metric: str, found: Effect, floor: float) -> Estimate:
    """State the ratio of exposure, labelled posts over like posts without the label."""
    return Estimate(
        metric=metric,
        value=found.ratio,
        low=_finite(found.low),
        high=_finite(found.high),
        unit="ratio",
        level=LEVEL,
        method=METHOD,
        p_value=found.p_value,
        p_floor=floor,
        sided="two-sided",
    )


def unit(part: str, found: Effect) -> dict[str, Any]:
    """Give one part as a row of ``units``."""
    ends = {"low": _finite(found.low), "high": _finite(found.high)}
    return {"part": part, "ratio": found.ratio, **ends, "log_change": float(np.log(found.ratio)), "p_value": found.p_value}


def rivals(found: Contrast, grade: str) -> tuple[Rival, ...]:
    """Hold the push, by its index, against interest, by the conversion."""
    statuses = {"exposure_led": ("favoured", "disfavoured"), "demand_led": ("disfavoured", "favoured")}
    push, interest = statuses.get(grade, ("undecided", "undecided"))
    conversion = float(np.log(found.conversion.ratio))
    ends = [None if (v := _finite(e)) is None else float(np.log(v)) for e in (found.conversion.low, found.conversion.high)]
    return (
        Rival(
            name="push",
            statement=message(_directed("push_chosen", found)),
            status=push,
            statistic=_finite(found.push_index),
            low=_finite(found.push_low),
            high=_finite(found.push_high),
        ),
        Rival(
            name="interest",
            statement=message(_directed("chosen", found)),
            status=interest,
            statistic=conversion,
            low=ends[0],
            high=ends[1],
            p_value=found.conversion.p_value,
        ),
    )


def untested(found: Contrast) -> tuple[Rival, ...]:
    """Leave both explanations open: without views exposure and interest are one number."""
    missing = message("amplification.missing.views")
    return tuple(
        Rival(name=name, statement=message(_directed(text, found)), status="not_tested", missing=missing)
        for name, text in (("push", "push_chosen"), ("interest", "chosen"))
    )


def _directed(name: str, found: Contrast) -> str:
    return f"amplification.rival.{name}{'_down' if found.exposure.ratio < 1 else ''}"


def notes(
    found: Contrast,
    within: list[str],
    counted: dict[str, int],
    gates: Gates,
    posts: list[dict[str, Any]],
    grade: str,
    *,
    metric: str,
    people: bool,
    apart: float,
) -> tuple[Message, ...]:
    """Remark on this contrast: its strata, what was left out and why, what could have been seen, what would tell more."""
    told = [message("amplification.note.strata", strata=within or ["–"], n=found.strata)]
    accounts = len({(p["platform"], p["account_id"]) for p in posts})
    told.append(message("amplification.note.own_account", n=accounts, left=found.labelled + found.others, posts=len(posts)))
    if any(p["account_id"] is None for p in posts):
        told.append(message("amplification.note.no_author", n=sum(p["account_id"] is None for p in posts)))
    if metric == "views":
        told.append(message("amplification.note.engaged" if people else "amplification.note.interactions"))
    else:
        told.append(message("amplification.note.no_views", metric=f"amplification.metric.{metric}"))
    if apart > UNENGAGED_APART:
        told.append(message("amplification.note.contrast_unknown", apart=apart))
    if found.one_sided:
        told.append(message("amplification.note.one_sided", n=found.one_sided, posts=found.one_sided_posts))
    if found.left_out:
        told.append(message("amplification.note.contrast_left_out", n=found.left_out))
    if found.zeros:
        told.append(message("amplification.note.zeros", n=found.zeros, added=found.added))
    told += [message(f"amplification.note.{name}", n=n) for name, n in counted.items() if n and name != "absent"]
    if any(row["gate"] == "capture" and row["status"] == "warning" for row in gates.rows):
        told.append(message("amplification.note.contrast_capture"))
    if found.down > 0:
        told.append(message("amplification.note.power", up=found.up, down=found.down, copies=found.copies))
    if metric != "views" and grade == "not_identified":
        told.append(message("amplification.missing.views"))
    elif apart > UNENGAGED_APART and grade == "not_identified":
        told.append(message("amplification.missing.engagement_known"))
    return tuple(told)


def power(found: Contrast) -> Calibration:
    """State the larger of the least ratios, up and down, that 80 % of copies show."""
    if not found.down > 0:
        return Calibration()
    return Calibration(smallest_effect=max(found.up, 1 / found.down), smallest_effect_unit="ratio")


def split(found: Contrast, *, has_views: bool) -> pa.Table:
    """Give the table of the figure: one row a part."""
    rows = [
        {"part": part, "ratio": e.ratio, "low": _finite(e.low), "high": _finite(e.high), "p_value": e.p_value}
        for part, e in parts(found, has_views=has_views)
    ]
    return pa.Table.from_pylist(rows, SPLIT)


def evidence(post: dict[str, Any], metric: str) -> Evidence:
    """Name one labelled post with its count."""
    return post_evidence(post, message("amplification.role.labelled", counts=f"amplification.metric.{metric}"), post["exposure"])


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
