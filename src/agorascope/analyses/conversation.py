"""What is said, by whom, how much, and when did everybody suddenly say more?

One row of ``units`` is one burst (a stretch of time above the conversation's own baseline) or one change (a category whose share of
the volume differs after a date from before). The effect is the strongest of them: the ratio of observed to usual volume, or of the
share after to the share before; 1 means nothing happened. ``found`` means that a burst or a change holds at ``alpha`` after
control of the family-wise error over all windows and all categories; the grade says which: burst, growth, fall or steady.
Volume, authors, engagement and reach are also given over time and by platform, language, kind and group, with the most frequent
posts, links, hashtags and authors, the concentration, and two events compared by the hour and by author.

Limits: volume is what was captured; a slow rise of everything is baseline; a burst is not a reason.
Source: Kulldorff 1997, doi:10.1080/03610929708831995 (scan); Noufaily et al. 2013, doi:10.1002/sim.5595 (baseline); Cameron,
Gelbach and Miller 2008, doi:10.1162/rest.90.3.414 (clusters). What we changed: see ``stats.scan``.
"""

from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.stats.sums import sums
from agorascope.tables import Corpus
from agorascope.texts import message

from . import (
    _conversation_bursts,
    _conversation_changes,
    _conversation_events,
    _conversation_evidence,
    _conversation_figures,
    _conversation_said,
    _conversation_series,
    _conversation_tops,
)
from ._conversation_bursts import Bursts, Unscanned
from ._conversation_changes import Slice
from ._conversation_reduce import Activity, panel_metrics, reduce_panel, reduce_posts

EXAMPLE = "agorascope run my-case conversation -p bin=day -p top=10"
REQUIRES = (("posts",), ("panels",))
LIMITS = tuple(message(f"conversation.limits.{name}") for name in ("captured", "baseline", "selected", "authors", "reason"))
QUESTION = message("conversation.question")

FEWEST_POSTS = 100
BURST_PART = 0.8  # of the family-wise error; the rest goes to changes


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set bins, tests and what is compared; ``[params]`` of its texts says what each one is."""

    bin: Literal["", "hour", "day", "week"] = ""
    metric: str = ""
    before: str = ""
    after: str = ""
    event_a: str = ""
    event_b: str = ""
    event_hours: Annotated[float, msgspec.Meta(gt=0)] = 24.0
    top: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 20
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=20_000)] = 499
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Measure the conversation and test it for bursts and changes."""
    settings = msgspec.to_builtins(params)
    activity = _reduce(corpus, params)
    if activity is None:
        return insufficient("conversation", QUESTION, message("conversation.claim.untimed"), LIMITS, gate="time", params=settings)
    pieces = _conversation_tops.objects(corpus, activity, most=params.top)
    before, after = _conversation_events.sides(activity, params.before, params.after)
    bursts, changes = _estimate(activity, pieces, params, before=before, after=after)
    tables = _conversation_series.tables(corpus, activity, pieces, bursts, changes, params.top, params.seed)
    tables["events_compared"] = _conversation_events.compare(corpus, activity, params.event_a, params.event_b, params.event_hours)
    sides = _conversation_events.said(activity, before, after, given=bool(params.before or params.after))
    common = {
        "limits": LIMITS,
        "params": settings,
        "tables": tables,
        "figures": _conversation_figures.figures(activity, tables, sides),
        "notes": (*_conversation_said.unused(corpus, activity, params.metric), *_conversation_said.notes(activity, bursts, tables)),
    }
    total = float(activity.posts.sum())
    few = activity.metric == "posts" and total < FEWEST_POSTS
    if few or not isinstance(bursts, Bursts):
        claim = _conversation_said.too_little(activity, "posts" if few else str(bursts), FEWEST_POSTS)
        gate = "volume" if few or bursts != "unusual" else "baseline"
        finding = Finding(analysis="conversation", question=QUESTION, verdict="insufficient", claim=claim, gate=gate, **common)
        return with_numbers(finding, settle)
    units = _conversation_said.units(bursts, changes, activity, params.alpha, BURST_PART)
    strongest = units[0]
    cut = [*pieces, *_conversation_tops.categories(activity)]
    evidence = _conversation_evidence.gather(corpus, activity, strongest, after)
    finding = Finding(
        analysis="conversation",
        question=QUESTION,
        verdict="found" if strongest["significant"] else "not_found",
        grade=_conversation_said.grade(strongest),
        claim=_conversation_said.claim(activity, units),
        effect=_conversation_said.effect(strongest, bursts, params.draws, BURST_PART),
        units=tuple(units),
        evidence=evidence.records,
        evidence_total=evidence.total,
        evidence_query=evidence.query,
        rivals=_conversation_said.rivals(corpus, activity, bursts, strongest, cut, before, after),
        calibration=_conversation_said.calibrated(activity, bursts),
        **common,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> Activity | None:
    """Add up posts by author and bin; panels where no post has a time, or ``metric`` names one of theirs.

    Raises BadValue for a metric that no panel has where there are panels only.
    """
    known = panel_metrics(corpus) if params.metric and corpus.has("panels") else []
    counts_posts = corpus.has("posts") and not known
    activity = reduce_posts(corpus, bin_name=params.bin) if counts_posts else None
    if activity is None and corpus.has("panels"):
        if params.metric and params.metric not in known:
            raise BadValue(f"metric is {params.metric!r}; use one of: {', '.join(known)}")
        activity = reduce_panel(corpus, metric=params.metric)
    return activity


def _estimate(
    activity: Activity, pieces: list[Slice], params: Params, *, before: int, after: int
) -> tuple[Bursts | Unscanned, list[dict[str, Any]]]:
    """Test the arrays for bursts and for changes, each family with draws of its own."""
    rng = np.random.default_rng(params.seed)
    bursts = _conversation_bursts.find(activity, draws=params.draws, alpha=params.alpha * BURST_PART, rng=rng)
    tested = [p for p in pieces if p.dimension in _conversation_tops.CHANGING] + list(_conversation_tops.categories(activity))
    changes = _conversation_changes.find(
        tested,
        sizes=sums(activity.author, activity.posts, len(activity.authors)),
        bins=activity.bins,
        before=before,
        after=after,
        draws=params.draws,
        rng=rng,
    )
    return bursts, changes
