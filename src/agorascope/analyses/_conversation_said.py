"""What does the conversation analysis say? Units, claim, effect, figures, notes and rivals, from the estimates alone."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Rival
from agorascope.stats.intensity import farness
from agorascope.stats.share_ratio import FARTHEST
from agorascope.stats.signflip import effective
from agorascope.stats.sums import sums
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from . import _conversation_rivals
from ._conversation_bursts import FEWEST_BINS, Bursts, Unscanned
from ._conversation_changes import Slice
from ._conversation_reduce import VOLUMES, Activity

FEWEST_IN_BURST = 10  # posts: rarer than chance, three posts in a silent month are still not a burst to report
_COLUMNS = (
    "unit",
    "dimension",
    "category",
    "start_us",
    "end_us",
    "onset_us",
    "peak_us",
    "half_life_s",
    "posts",
    "expected",
    "excess",
    "authors",
    "top_author_share",
    "share_before",
    "share_after",
    "ratio",
    "low",
    "high",
    "p_value",
    "q_value",
    "significant",
)


def units(bursts: Bursts, changes: list[dict[str, Any]], activity: Activity, alpha: float, part: float) -> list[dict[str, Any]]:
    """List bursts and changes, strongest first.

    ``p_value`` holds within its family (all windows, or all categories), ``q_value`` over both: p over the part of the error
    given to the family (Bonferroni with weights). A burst of fewer than ``FEWEST_IN_BURST`` posts is listed, but does not hold.
    """
    rows = [{"unit": "burst", "q_value": min(1.0, e["p_value"] / part)} | e for e in bursts.episodes]
    rows += [{"unit": "change", "q_value": min(1.0, c["p_value"] / (1 - part))} | c for c in changes]
    for row in rows:
        few = row["unit"] == "burst" and activity.metric == "posts" and row["posts"] < FEWEST_IN_BURST
        row["significant"] = row["q_value"] <= alpha and not few
    rows.sort(key=lambda r: (not r["significant"], r["q_value"], r["unit"], -farness(r["ratio"])))
    return [{name: row.get(name) for name in _COLUMNS} for row in rows]


def grade(strongest: dict[str, Any]) -> str:
    """Name what was found: burst, growth, fall; or steady."""
    if not strongest["significant"]:
        return "steady"
    if strongest["unit"] == "burst":
        return "burst"
    return "growth" if strongest["share_after"] > strongest["share_before"] else "fall"


def claim(activity: Activity, rows: list[dict[str, Any]]) -> Message:
    """Say the strongest unit in one hedged sentence."""
    strongest = rows[0]
    bursts = sum(r["unit"] == "burst" and r["significant"] for r in rows)
    changes = sum(r["unit"] == "change" and r["significant"] for r in rows)
    common = {
        "ratio": strongest["ratio"],
        "low": strongest["low"],
        "high": strongest["high"],
        "p": strongest["q_value"],
        "bursts": bursts,
        "changes": changes,
        "metric": f"conversation.metric.{activity.metric if activity.metric in VOLUMES else 'other'}",
    }
    # A ratio with an end that the data do not bound is not said: the two numbers it compares are, and the end that is bounded.
    unbounded = "_unbounded" if None in (strongest["ratio"], strongest["low"], strongest["high"]) else ""
    common["bound"] = _bound(strongest)
    signed = sum(account is not None for _, account in activity.authors)
    if grade(strongest) == "steady":
        by = "steady" if signed else "unsigned"
        seen = {"seen": strongest["posts"], "expected": strongest["expected"]}
        seen |= {"before": strongest["share_before"], "after": strongest["share_after"]}
        key = f"conversation.claim.{by}_{strongest['unit']}{unbounded}"
        return message(key, **common, **seen, posts=float(activity.posts.sum()), authors=signed)
    if strongest["unit"] == "burst":
        length = (strongest["end_us"] - strongest["start_us"]) / 1e6
        return message(
            f"conversation.claim.burst{unbounded}{'' if signed else '_unsigned'}",
            **common,
            authors=strongest["authors"],
            share=strongest["top_author_share"],
            start=strongest["start_us"],
            length=length,
            posts=strongest["posts"],
            expected=strongest["expected"],
        )
    shares = {
        "dimension": f"conversation.dimension.{strongest['dimension']}",
        "category": strongest["category"],
        "before": strongest["share_before"],
        "after": strongest["share_after"],
    }
    return message(f"conversation.claim.{grade(strongest)}{unbounded}", **common, **shares)


def _bound(strongest: dict[str, Any]) -> dict[str, Any]:
    """Say the one end that bounds the ratio, or that none does."""
    low, high = (None if strongest["ratio"] is None else strongest[end] for end in ("low", "high"))
    key = "none" if (low is None) == (high is None) else "least" if high is None else "most"
    return {"key": f"conversation.bound.{key}", "args": {"low": low, "high": high}}


def too_little(activity: Activity, why: str, fewest_posts: int) -> Message:
    """Say which condition of the scan failed, and what would help: ``why`` is posts, short, thin or unusual."""
    name = activity.bin_name
    other = {"short": {"day": "hour", "week": "day"}, "thin": {"hour": "day", "day": "week"}}.get(why, {}).get(name)
    return message(
        f"conversation.few.{why}",
        posts=float(activity.posts.sum()),
        metric=f"conversation.metric.{activity.metric if activity.metric in VOLUMES else 'other'}",
        bins=activity.bins,
        unit=f"conversation.bin.{name if activity.bins == 1 else name + 's'}",
        least=FEWEST_BINS + (2 if activity.hours else 0),
        posts_least=fewest_posts,
        hint=f"conversation.hint.{other}" if other and activity.hours else "conversation.hint.more",
    )


def effect(strongest: dict[str, Any], bursts: Bursts, draws: int, part: float) -> Estimate:
    """State the strongest unit as a ratio with its interval and its p-value over everything tested."""
    burst = strongest["unit"] == "burst"
    share = part if burst else 1 - part
    redrawn = (
        "authors redrawn (Mammen), max over windows"
        if bursts.scan.by_authors
        else "counts redrawn (Poisson-lognormal), max over windows"
    )
    return Estimate(
        metric="volume over baseline" if burst else "share after over share before",
        value=strongest["ratio"],
        low=strongest["low"],
        high=strongest["high"],
        unit="ratio",
        level=0.95,
        method=redrawn if burst else "sign flips by author and by time, max over categories",
        p_value=strongest["q_value"],
        p_floor=min(1.0, 1 / (draws + 1) / share),
        sided="greater" if burst else "two-sided",
    )


def rivals(
    corpus: Corpus, activity: Activity, bursts: Bursts, strongest: dict[str, Any], cut: list[Slice], before: int, after: int
) -> tuple[Rival, ...]:
    """Test the other explanations of the strongest unit."""
    if strongest["unit"] == "change":
        piece = next(p for p in cut if (p.dimension, p.category) == (strongest["dimension"], strongest["category"]))
        return _conversation_rivals.of_change(piece, authors=len(activity.authors), before=before, after=after)
    burst = next(e for e in bursts.episodes if e["start_us"] == strongest["start_us"])
    return _conversation_rivals.of_burst(corpus, activity, bursts.expected, bursts.first, burst)


def calibrated(activity: Activity, bursts: Bursts) -> Calibration:
    """Look up the nearest cell of worlds, and state the smallest burst this corpus could show."""
    found = nearest("conversation", **descriptors(activity, bursts))
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    return Calibration(
        **values
        | {
            "smallest_effect": bursts.smallest_ratio if bursts.smallest_ratio < FARTHEST else None,
            "smallest_effect_unit": "ratio of a burst",
        }
    )


def descriptors(activity: Activity, bursts: Bursts) -> dict[str, float | str]:
    """Describe a corpus by what decides the test: bins, volume, dispersion, authors' worth."""
    sizes = sums(activity.author, activity.posts, len(activity.authors))
    return {
        "bin": activity.bin_name,
        "drawn": "authors" if bursts.scan.by_authors else "counts",
        "bins": float(activity.bins),
        "volume": float(np.median(bursts.scan.expected)),
        "dispersion": bursts.scan.scale[1] ** 2,
        "authors": effective(sizes),
    }


def unused(corpus: Corpus, activity: Activity, metric: str) -> tuple[Message, ...]:
    """Say what was given and not used: panels beside posts, a metric of panels where posts are counted."""
    if activity.metric != "posts":
        return ()
    said = [message("conversation.note.metric", metric=metric)] if metric else []
    if corpus.has("panels"):
        said.append(message("conversation.note.panels_unused", n=corpus.rows["panels"]))
    return tuple(said)


def notes(activity: Activity, bursts: Bursts | Unscanned, tables: dict[str, pa.Table]) -> tuple[Message, ...]:
    """Remark on what was left out or could not be known."""
    said = []
    if activity.untimed:
        said.append(message("conversation.note.untimed", n=activity.untimed))
    if not activity.hours:
        known = activity.metric in VOLUMES
        metric = f"conversation.metric.{activity.metric}" if known else activity.metric
        said.append(message("conversation.note.panel" if known else "conversation.note.panel_other", metric=metric))
    if not activity.measured:
        said.append(message("conversation.note.reach"))
    if all(account is None for _, account in activity.authors):
        said.append(message("conversation.note.no_accounts"))
    elif isinstance(bursts, Bursts) and not bursts.scan.by_authors:
        said.append(
            message(
                "conversation.note.few_authors", authors=effective(sums(activity.author, activity.posts, len(activity.authors)))
            )
        )
    if isinstance(bursts, Bursts) and not bursts.scan.modelled:
        said.append(message("conversation.note.running"))
    if tables["events_compared"].num_rows:
        rate = tables["events_compared"].to_pylist()[1]
        said.append(
            message(
                "conversation.note.events",
                a=rate["event_a"],
                b=rate["event_b"],
                ratio=rate["ratio"],
                low=rate["low"],
                high=rate["high"],
            )
        )
    return tuple(said)
