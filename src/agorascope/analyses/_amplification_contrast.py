"""Do posts that bear a label, paid for say, reach further than like posts that do not, and is their reach worth as much?

A cross-section: no dates are needed. Posts are compared within strata (format and month, where labels or dates give them), and the
label is dealt out anew within each stratum. A push by money is known from outside here: this is where the marks of a push are seen
with the hand on the knob.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.errors import BadValue
from agorascope.findings import Calibration, Estimate, Evidence, Figure, Finding, Rival, insufficient, post_evidence
from agorascope.stats.contrast import Contrast, Effect, contrast
from agorascope.tables import Corpus
from agorascope.texts import message

from ._amplification_reduce import counted_as

Floats = npt.NDArray[np.float64]

MONTH_US = 2_629_746_000_000
STRATA = ("format", "month")
EVIDENCE = 20
METHOD = "stratified contrast of mean logs, permutation within strata"
SPLIT = pa.schema([(n, pa.string() if n == "part" else pa.float64()) for n in ("part", "ratio", "low", "high", "p_value")])

NAMES = "SELECT name, COUNT(*) AS posts FROM post_labels GROUP BY name ORDER BY name NULLS FIRST"
LABELS = """
    SELECT platform, post_id, name, MAX(value) AS value FROM post_labels GROUP BY platform, post_id, name
    ORDER BY platform NULLS FIRST, post_id NULLS FIRST, name NULLS FIRST"""
POSTS = """
    SELECT p.platform AS platform, p.post_id AS post_id, p.account_id AS account_id, p.created_at_us AS created_at_us,
        p.text AS text, p.permalink AS permalink, CAST({metric} AS DOUBLE) AS exposure,
        CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL ELSE
            CAST(COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) AS DOUBLE)
            END AS interactions, CAST(m.engaged AS DOUBLE) AS engaged
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id WHERE p.kind <> 'repost'
    ORDER BY p.platform NULLS FIRST, p.post_id NULLS FIRST"""
_YES, _NO = frozenset({"1", "true", "yes", "oui"}), frozenset({"0", "false", "no", "non"})


def answer(
    corpus: Corpus, question: Any, limits: Any, settings: dict[str, Any], *, name: str, metric: str, strata: str, alpha: float
) -> Finding:
    """Contrast posts by one label. Raises BadValue for a label no post bears."""
    known = [r["name"] for r in corpus.query(NAMES).to_pylist()] if corpus.has("post_labels") else []
    if name not in known:
        raise BadValue(f"contrast is {name!r}; use one of the labels of these posts: {', '.join(known) or 'they bear none'}")
    asked = [s.strip() for s in strata.split(",") if s.strip()]
    if unknown := [s for s in asked if s not in known]:
        raise BadValue(f"strata has {unknown[0]!r}; use labels of these posts: {', '.join(known)}")
    posts = corpus.query(POSTS.replace("{metric}", counted_as(metric))).to_pylist()
    labels: dict[tuple[str, str], dict[str, str]] = {}
    for row in corpus.query(LABELS).to_pylist():
        labels.setdefault((row["platform"], row["post_id"]), {})[row["name"]] = row["value"]
    own = [labels.get((p["platform"], p["post_id"]), {}) for p in posts]
    within = asked or [s for s in STRATA if s in known and s != name]
    label = np.array([_side(bears.get(name)) for bears in own])
    cells = [_stratum(p, bears, within) for p, bears in zip(posts, own, strict=True)]
    codes = np.unique(np.array(cells), return_inverse=True)[1].astype(np.int64)
    exposure, engaged, interactions = (_numbers(posts, column) for column in ("exposure", "engaged", "interactions"))
    people = bool(np.isfinite(engaged).sum() >= max(np.isfinite(interactions).sum(), 1))
    engagement = engaged if people else interactions
    rng = np.random.default_rng(int(settings["seed"]))
    try:
        found = contrast(exposure, engagement, label, codes, draws=int(settings["draws"]), alpha=alpha, rng=rng)
    except ValueError:
        few = message("amplification.claim.contrast_few", label=name)
        return insufficient("amplification", question, few, limits, gate="posts", params=settings)
    verdict, grade = ladder(found, alpha=alpha)
    evidence = [p for p, side in zip(posts, label.tolist(), strict=True) if side == 1 and p["exposure"] is not None]
    evidence.sort(key=lambda p: (-p["exposure"], p["platform"], p["post_id"]))
    said = {
        "label": name,
        "metric": f"amplification.metric.{metric}",
        "ratio": found.exposure.ratio,
        "low": found.exposure.low,
        "high": found.exposure.high,
        "p": found.exposure.p_value,
        "conversion": found.conversion.ratio,
        "p_conversion": found.conversion.p_value,
        "labelled": found.labelled,
        "others": found.others,
    }
    return Finding(
        analysis="amplification",
        question=question,
        verdict=verdict,
        grade=grade,
        claim=message(f"amplification.claim.contrast_{grade}", **said),
        effect=_estimate(metric, found.exposure, found.p_floor, alpha),
        units=tuple(_unit(part, e) for part, e in (("exposure", found.exposure), ("conversion", found.conversion))),
        evidence=tuple(_evidence(p, metric) for p in evidence[:EVIDENCE]),
        evidence_total=len(evidence),
        evidence_query=f"SELECT * FROM post_labels WHERE name = '{name.replace(chr(39), chr(39) * 2)}'",
        rivals=_rivals(found, grade),
        limits=(*limits, message("amplification.limits.contrast")),
        figures=(
            Figure(
                name="split",
                kind="bars",
                table="split",
                title=message("amplification.figure.contrast", label=name),
                x="part",
                y=("ratio",),
                band=("low", "high"),
            ),
        ),
        notes=_notes(found, within, people=people),
        calibration=Calibration(),
        params=settings,
        tables={"split": _split(found)},
    )


def ladder(found: Contrast, *, alpha: float) -> tuple[str, str]:
    """Give verdict and grade: exposure-led where conversion fell, by no more than exposure rose, one-sided at ``alpha``."""
    if found.p_floor > alpha:
        return "insufficient", "not_identified"
    if found.exposure.p_value > alpha:
        return "not_found", "not_differential"
    sign = 1.0 if found.exposure.ratio > 1 else -1.0
    moved = sign * np.log(found.conversion.ratio)
    if found.conversion.p_value / 2 > alpha:
        return "found", "not_identified"
    if moved > 0:
        return "found", "demand_led"
    return "found", "exposure_led" if found.push_index <= 1 or found.push_low <= 1 else "not_identified"


def _side(value: str | None) -> float:
    folded = (value or "").strip().casefold()
    return 1.0 if folded in _YES else 0.0 if folded in _NO else np.nan


def _stratum(post: dict[str, Any], bears: dict[str, str], within: list[str]) -> str:
    month = "" if post["created_at_us"] is None or "month" in within else str(post["created_at_us"] // MONTH_US)
    return "\x1f".join([month, *(bears.get(s, "") for s in within)])


def _numbers(posts: list[dict[str, Any]], column: str) -> Floats:
    return np.array([np.nan if p[column] is None else float(p[column]) for p in posts])


def _estimate(metric: str, found: Effect, floor: float, alpha: float) -> Estimate:
    return Estimate(
        metric=metric,
        value=found.ratio,
        low=_finite(found.low),
        high=_finite(found.high),
        unit="ratio",
        level=1 - alpha,
        method=METHOD,
        p_value=found.p_value,
        p_floor=floor,
        sided="two-sided",
    )


def _unit(part: str, found: Effect) -> dict[str, Any]:
    ends = {"low": _finite(found.low), "high": _finite(found.high)}
    return {"part": part, "ratio": found.ratio, **ends, "log_change": float(np.log(found.ratio)), "p_value": found.p_value}


def _rivals(found: Contrast, grade: str) -> tuple[Rival, ...]:
    statuses = {"exposure_led": ("favoured", "disfavoured"), "demand_led": ("disfavoured", "favoured")}
    push, interest = statuses.get(grade, ("undecided", "undecided"))
    conversion = float(np.log(found.conversion.ratio))
    ends = [None if (v := _finite(e)) is None else float(np.log(v)) for e in (found.conversion.low, found.conversion.high)]
    return (
        Rival(
            name="push",
            statement=message("amplification.rival.push"),
            status=push,
            statistic=_finite(found.push_index),
            low=_finite(found.push_low),
            high=_finite(found.push_high),
        ),
        Rival(
            name="interest",
            statement=message("amplification.rival.chosen"),
            status=interest,
            statistic=conversion,
            low=ends[0],
            high=ends[1],
            p_value=found.conversion.p_value,
        ),
    )


def _notes(found: Contrast, within: list[str], *, people: bool) -> tuple[Any, ...]:
    told = [message("amplification.note.strata", strata=within or ["–"], n=found.strata)]
    told.append(message("amplification.note.engaged" if people else "amplification.note.interactions"))
    if found.one_sided:
        told.append(message("amplification.note.one_sided", n=found.one_sided, posts=found.one_sided_posts))
    if found.left_out:
        told.append(message("amplification.note.contrast_left_out", n=found.left_out))
    if found.zeros:
        told.append(message("amplification.note.zeros", n=found.zeros, added=found.added))
    return tuple(told)


def _split(found: Contrast) -> pa.Table:
    rows = [
        {"part": part, "ratio": e.ratio, "low": _finite(e.low), "high": _finite(e.high), "p_value": e.p_value}
        for part, e in (("exposure", found.exposure), ("conversion", found.conversion))
    ]
    return pa.Table.from_pylist(rows, SPLIT)


def _evidence(post: dict[str, Any], metric: str) -> Evidence:
    return post_evidence(post, message("amplification.role.labelled", counts=f"amplification.metric.{metric}"), post["exposure"])


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
