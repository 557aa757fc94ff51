"""Do posts that bear a label, paid for say, reach further than like posts that do not, and is their reach worth as much?

A cross-section: no dates are needed. Posts are compared within strata (their own account on its platform, always; format and month,
where labels or dates give them), and the label is dealt out anew within each stratum: that an account with more readers also bears
the label more often moves nothing. Posts counted while their counts still grew are left out. A push by money is known from outside
here: this is where the marks of a push are seen with the hand on the knob.
"""

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.findings import Figure, Finding, insufficient
from agorascope.stats.contrast import Contrast, contrast
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _amplification_contrast_said
from ._amplification_ages import age_class
from ._amplification_cast import Cast
from ._amplification_counts import components, counted_as, engagement_as, metrics
from ._amplification_estimate import UNENGAGED_APART
from ._amplification_evidence import quoted
from ._amplification_gates import contrasted
from ._amplification_reduce import Window

Floats = npt.NDArray[np.float64]

MONTH_US = 2_629_746_000_000
STRATA = ("format", "month")
EVIDENCE = 20
SMALL_ENOUGH = 1.5  # where ratios of this size are found, up and down, "not differential" may be said

NAMES = "SELECT name, COUNT(*) AS posts FROM post_labels GROUP BY name ORDER BY name NULLS FIRST"
BEARING = "SELECT DISTINCT platform FROM post_labels WHERE name = :name ORDER BY platform NULLS FIRST"
LABELS = """
    SELECT platform, post_id, name, MAX(value) AS value FROM post_labels GROUP BY platform, post_id, name
    ORDER BY platform NULLS FIRST, post_id NULLS FIRST, name NULLS FIRST"""
POSTS = """
    SELECT q.platform AS platform, q.post_id AS post_id, q.account_id AS account_id, q.created_at_us AS created_at_us,
        q.text AS text, q.permalink AS permalink, {age} AS age, CAST({metric} AS DOUBLE) AS exposure,
        {interactions} AS interactions, CAST(m.engaged AS DOUBLE) AS engaged, q.kind AS kind
    FROM posts AS q JOIN latest_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
    ORDER BY q.platform NULLS FIRST, q.post_id NULLS FIRST"""
LABELLED = """
    SELECT q.* FROM posts AS q JOIN latest_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
        JOIN (SELECT platform, post_id, MAX(value) AS value FROM post_labels WHERE name = {name} GROUP BY platform, post_id) AS l
        ON q.platform = l.platform AND q.post_id = l.post_id
    WHERE LOWER(TRIM(l.value)) IN ({yes}) AND COALESCE(q.kind, '') <> 'repost' AND {age} = 0 AND {metric} IS NOT NULL
        AND q.platform IN ({platforms}){asked}"""
_YES, _NO = frozenset({"1", "true", "yes", "oui"}), frozenset({"0", "false", "no", "non"})


def answer(
    corpus: Corpus, question: Any, limits: Any, settings: dict[str, Any], *, roles: Cast, window: Window, young_us: int
) -> Finding:
    """Contrast posts by one label, those of the treated where some are named. Raises BadValue for a label no post bears."""
    name, alpha = str(settings["contrast"]), float(settings["alpha"])
    known = [r["name"] for r in corpus.query(NAMES).to_pylist()] if corpus.has("post_labels") else []
    if name not in known:
        raise BadValue(f"contrast is {name!r}; use one of the labels of these posts: {', '.join(known) or 'they bear none'}")
    asked = [s.strip() for s in str(settings["strata"]).split(",") if s.strip()]
    if unknown := [s for s in asked if s not in known or s == name]:
        others = ", ".join(s for s in known if s != name) or "they bear no other"
        raise BadValue(f"strata has {unknown[0]!r}; use labels of these posts other than the one contrasted: {others}")
    if settings["treated"] and not roles.treated:
        return insufficient(
            "amplification", question, message("amplification.claim.treated"), limits, gate="treated", params=settings
        )
    platforms = [roles.platform] if roles.treated else [r["platform"] for r in corpus.query(BEARING, name=name).to_pylist()]
    metric = _metric(corpus, str(settings["metric"]), platforms)
    if metric is None:
        claim = message("amplification.claim.no_counts")
        return insufficient("amplification", question, claim, limits, gate="views", params=settings)
    counted_sql = {"{metric}": counted_as(metric), "{interactions}": engagement_as(components(corpus, *platforms))}
    sql = POSTS.replace("{age}", age_class(young_us))
    for part, text in counted_sql.items():
        sql = sql.replace(part, text)
    here = [p for p in corpus.query(sql).to_pylist() if _asked(p, platforms, roles, window)]
    posts = [p for p in here if p["kind"] != "repost" and not p["age"]]
    counted = {
        "reposts": sum(p["kind"] == "repost" for p in here),
        "contrast_young": sum(p["kind"] != "repost" and p["age"] > 0 for p in here),
        "absent": len(roles.absent),
    }
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
    has_views = metric == "views"
    engagement = exposure if not has_views else engaged if people else interactions  # without views: one number, split by nothing
    apart = _unengaged(exposure, engagement, label, counted) if has_views else 0.0
    rng = np.random.default_rng(int(settings["seed"]))
    gates = contrasted(corpus, posts, counted, has_views=has_views)
    try:
        found = contrast(
            exposure,
            engagement,
            label,
            codes,
            draws=int(settings["draws"]),
            alpha=alpha,
            level=_amplification_contrast_said.LEVEL,
            rng=rng,
        )
    except ValueError:
        few = message("amplification.claim.contrast_few", label=name)
        refused = insufficient("amplification", question, few, limits, gate="posts", params=settings)
        return msgspec.structs.replace(refused, tables={"gates": gates.table()})
    verdict, grade = ladder(found, alpha=alpha, told_apart=has_views and apart <= UNENGAGED_APART)
    evidence = [p for p, side in zip(posts, label.tolist(), strict=True) if side == 1 and p["exposure"] is not None]
    evidence.sort(key=lambda p: (-p["exposure"], p["platform"], p["post_id"]))
    said = {
        "label": name,
        "metric": f"amplification.metric.{metric}",
        "ratio": found.exposure.ratio,
        "low": found.exposure.low,
        "high": found.exposure.high,
        "p": found.exposure.p_value,
        "conversion": found.conversion.ratio if has_views else None,
        "p_conversion": found.conversion.p_value if has_views else None,
        "labelled": found.labelled,
        "others": found.others,
        "floor": found.p_floor,
        "smallest": max(found.up, 1 / found.down) if found.down > 0 else None,
        "inverse": min(1 / found.up, found.down) if found.down > 0 else None,
    }
    key = _amplification_contrast_said.key(found, verdict, grade, has_views=has_views, alpha=alpha)
    return Finding(
        analysis="amplification",
        question=question,
        verdict=verdict,
        grade=grade,
        claim=message(f"amplification.claim.contrast_{key}", **said),
        effect=_amplification_contrast_said.estimate(metric, found.exposure, found.p_floor),
        units=tuple(
            _amplification_contrast_said.unit(part, e) for part, e in _amplification_contrast_said.parts(found, has_views=has_views)
        ),
        evidence=tuple(_amplification_contrast_said.evidence(p, metric) for p in evidence[:EVIDENCE]),
        evidence_total=len(evidence),
        evidence_query=_query(name, metric, platforms, roles, window, young_us),
        rivals=_amplification_contrast_said.rivals(found, grade) if has_views else _amplification_contrast_said.untested(found),
        limits=(*limits, message("amplification.limits.contrast")),
        figures=(
            Figure(
                name="split",
                kind="bars",
                table="split",
                title=message(f"amplification.figure.contrast{'' if has_views else '_exposure'}", label=name),
                x="part",
                y=("ratio",),
                band=("low", "high"),
            ),
        ),
        notes=_amplification_contrast_said.notes(
            found, within, counted, gates, posts, grade, metric=metric, people=people, apart=apart
        ),
        calibration=_amplification_contrast_said.power(found),
        params=settings,
        tables={"gates": gates.table(), "split": _amplification_contrast_said.split(found, has_views=has_views)},
    )


def ladder(found: Contrast, *, alpha: float, told_apart: bool = True) -> tuple[str, str]:
    """Give verdict and grade: exposure-led where conversion fell, by no more than exposure rose, one-sided at ``alpha``.

    Where exposure and interest cannot be ``told_apart``, an effect found is not identified.
    """
    if found.p_floor > alpha:
        return "insufficient", "not_identified"
    if found.exposure.p_value > alpha:
        if found.up <= SMALL_ENOUGH and found.down >= 1 / SMALL_ENOUGH:
            return "not_found", "not_differential"
        return "insufficient", "not_identified"
    if not told_apart:
        return "found", "not_identified"
    sign = 1.0 if found.exposure.ratio > 1 else -1.0
    moved = sign * np.log(found.conversion.ratio)
    if found.conversion.p_value / 2 > alpha:
        return "found", "not_identified"
    if moved > 0:
        return "found", "demand_led"
    return "found", "exposure_led" if found.push_index <= 1 or found.push_low <= 1 else "not_identified"


def _unengaged(exposure: Floats, engagement: Floats, label: Floats, counted: dict[str, int]) -> float:
    """Count the posts without a known engagement, and say how much more often labelled posts lack it than the others, or less."""
    known = np.isfinite(exposure) & np.isfinite(label)
    lacking = known & ~np.isfinite(engagement)
    counted["contrast_unengaged"] = int(lacking.sum())
    shares = [lacking[known & (label == side)].mean() if (known & (label == side)).any() else 0.0 for side in (0, 1)]
    return float(abs(shares[1] - shares[0]))


def _metric(corpus: Corpus, asked: str, platforms: list[str]) -> str | None:
    """Take the count asked for, else the best one given on these platforms."""
    known = metrics(corpus, *platforms, posts=True)
    if asked and asked not in known:
        raise BadValue(f"metric is {asked!r}; use one of: {', '.join(known) or 'none is given for these posts'}")
    return asked or (known[0] if known else None)


def _asked(post: dict[str, Any], platforms: list[str], roles: Cast, window: Window) -> bool:
    """Say whether a post lies in what was asked about; one without a date does where no time is asked about."""
    at = post["created_at_us"]
    inside = window.since_us <= at < window.until_us if at is not None else window == Window()
    return inside and post["platform"] in platforms and (not roles.treated or post["account_id"] in roles.treated)


def _query(name: str, metric: str, platforms: list[str], roles: Cast, window: Window, young_us: int) -> str:
    """Write the query for every labelled post that was compared: the conditions of ``_asked``, final counts, no repost."""
    asked = f" AND q.account_id IN ({quoted(sorted(roles.treated))})" if roles.treated else ""
    if window != Window():
        asked += f" AND q.created_at_us >= {window.since_us} AND q.created_at_us < {window.until_us}"
    return LABELLED.format(
        name=quoted([name]),
        yes=quoted(sorted(_YES)),
        age=age_class(young_us),
        metric=counted_as(metric),
        platforms=quoted(platforms),
        asked=asked,
    )


def _side(value: str | None) -> float:
    folded = (value or "").strip().casefold()
    return 1.0 if folded in _YES else 0.0 if folded in _NO else np.nan


def _stratum(post: dict[str, Any], bears: dict[str, str], within: list[str]) -> str:
    month = "" if post["created_at_us"] is None or "month" in within else str(post["created_at_us"] // MONTH_US)
    author = "" if post["account_id"] is None else f"@{post['account_id']}"
    return "\x1f".join([post["platform"], author, month, *(bears.get(s, "") for s in within)])


def _numbers(posts: list[dict[str, Any]], column: str) -> Floats:
    return np.array([np.nan if p[column] is None else float(p[column]) for p in posts])
