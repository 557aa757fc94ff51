"""What does the analysis of what camps value alike say? Claim, effect, rivals, notes and evidence, from the estimates."""

from typing import Any

import msgspec
import numpy as np

from agorascope.divisions import told_aside
from agorascope.findings import EVIDENCE_CAP, Estimate, Evidence, Rival, post_evidence
from agorascope.stats.across import exact
from agorascope.stats.shares import top_share
from agorascope.tables import Corpus
from agorascope.texts import Message, beginning, message

from ._bridging_estimate import Answer, Camps, Votes
from ._bridging_met import thin
from ._bridging_reduce import TO, Voted, ends
from ._bridging_tables import rank_correlation

QUOTED_CHARS = 140
POPULAR, NOT_POPULAR = 0.95, 0.8
UNSEEN, SEEN = 0.5, 0.1
LOUD, QUIET = 0.3, 0.1
DEALT_VOTES = "exact tests in every camp, true of all items at once (Holm), camps as given; votes dealt within items"
DEALT_CAMPS = "exact tests in every camp, true of all items at once (Holm), camps as given; camps dealt to other accounts"
POSTS = """
    SELECT platform, post_id, account_id, created_at_us, permalink, text FROM posts
    ORDER BY platform NULLS FIRST, post_id NULLS FIRST"""


def claim(
    units: list[dict[str, Any]],
    across: list[dict[str, Any]],
    votes: Votes,
    camps: Camps,
    answer: Answer,
    params: Any,
    *,
    real: bool,
) -> Message:
    """Say how many items hold across camps and who the camps are, or that there are no camps to bridge, and how sure the first is.

    Where there are no camps, nothing is said of the least of several: only what all of them approve of, taken together.
    """
    kind = "" if not votes.acts else "_ones" if votes.rated else "_acts"
    partly = "_partly" if _partly(units, camps) else ""
    if not real:
        top = max(units, key=lambda u: u["approved_share"])
        declared = bool(camps.names) and not camps.made
        if not top["approved_share"]:
            key, groups = ("none_declared", {"sizes": _sizes(votes, camps)}) if declared else ("none", {})
            return message(f"bridging.claim.no_camps_{key}", p=answer.p_value, items=len(units), **groups)
        total = sum(camps.sizes) if votes.acts else top["votes"]
        low, high = exact(np.array(top["approved_share"] * total), np.array(float(total)))
        told = {
            "item": _quoted(top, units, votes),
            "share": top["approved_share"],
            "low": float(low),
            "high": float(high),
            "n": total,
        }
        told |= _act(votes, params) | {"camps": len(camps.sizes), "sizes": _sizes(votes, camps)}
        kind = kind or ("_declared" if declared else "")
        return message(f"bridging.claim.no_camps{kind}", p=answer.p_value, **told)
    best = (across or units)[0]
    told = {"met": best["camps"], "whole": sum(u["place"] == "across" for u in units)} if partly else {}
    told |= _act(votes, params)
    told |= {"alpha": params.alpha} if across else {}
    told |= {} if votes.acts else {"sure": best["sure_share"]}
    scored = {name: best[name] for name in ("score", "low", "high", "chance")}
    named = int(((answer.q_named <= params.alpha) & (answer.q_value > params.alpha)).sum()) if answer.beside else 0
    told |= {"named": named, "beside": _beside(answer)} if named else {}
    form = "_made" if named and not across else kind or partly
    said = message(
        f"bridging.claim.{'found' if across else 'not_found'}{form}",
        n=len(across),
        items=len(units),
        camps=len(camps.sizes),
        sizes=_sizes(votes, camps),
        item=_quoted(best, units, votes),
        scored=message(f"bridging.scored.{params.score}{kind or partly}", **scored, **_act(votes, params)),
        p=answer.p_value,
        **told,
    )
    return message("bridging.claim.but", claim=said, n=named, beside=_beside(answer)) if named and across else said


def _beside(answer: Answer) -> list[Message]:
    """Tell the camps found by votes that groups stand beside: how many raters each has."""
    return [message("bridging.sizes.found", n=size) for size in answer.beside]


def _partly(units: list[dict[str, Any]], camps: Camps) -> bool:
    """Tell whether some item was voted on by some camps only."""
    return any(u["camps"] < len(camps.sizes) for u in units)


def _act(votes: Votes, params: Any) -> dict[str, str]:
    """Name what is counted as approval where posts say it: a key of the texts."""
    return {} if votes.rated else {"act": f"bridging.act.{params.act}"}


def _sizes(votes: Votes, camps: Camps) -> Message:
    """Say how many raters or accounts each camp has, and how many are in none of those told."""
    each = [message("bridging.sizes.found", n=size) for size in camps.sizes]
    if camps.names:
        each = [message("bridging.sizes.named", name=name, n=size) for name, size in zip(camps.names, camps.sizes, strict=True)]
    who = "raters" if votes.rated else "accounts"
    return message(f"bridging.sizes.{who}", sizes=msgspec.to_builtins(each), none=votes.raters - sum(camps.sizes))


def _quoted(unit: dict[str, Any], units: list[dict[str, Any]], votes: Votes) -> str:
    """Quote what an item says, with its name where another one here says the same."""
    if not votes.rated or unit["text"] is None:
        return str(unit["item"])
    said = beginning(unit["text"], QUOTED_CHARS)
    alike = sum(one["text"] is not None and beginning(one["text"], QUOTED_CHARS) == said for one in units)
    return f"{said} [{unit['item']}]" if alike > 1 else said


def effect(units: list[dict[str, Any]], answer: Answer, votes: Votes, camps: Camps, draws: int) -> Estimate:
    """State the share of items that every camp approves of, or that every one that voted on them does; p is that of camps.

    Where every item is settled its interval is one point, and that of these items only.
    """
    share, low, high = answer.share
    metric = "items every camp that voted approves of" if _partly(units, camps) else "items every camp approves of"
    if votes.acts:
        metric = "items every camp approves of more than is usual" if votes.rated else "posts every camp gives more than is usual"
    return Estimate(
        metric=metric,
        value=share,
        low=low,
        high=high,
        unit="share",
        level=0.95,
        method=DEALT_CAMPS if votes.acts else DEALT_VOTES,
        p_value=answer.p_value,
        p_floor=1 / (draws + 1),
        sided="greater",
    )


def rivals(votes: Votes, camps: Camps, answer: Answer, score: str) -> tuple[Rival, ...]:
    """Ask whether plain popularity, selection or a few loud raters would say the same."""
    s, shown = answer.scores, answer.shown
    chosen = {"minimum": s.minimum, "consensus": s.consensus, "intercept": s.intercept}[score]
    assert chosen is not None
    approved = s.agree.sum(axis=0) if votes.acts else np.bincount(votes.item, votes.approves, votes.items)
    plain = approved if votes.acts else approved / np.maximum(np.bincount(votes.item, minlength=votes.items), 1)
    popular = rank_correlation(chosen[shown], plain[shown])
    known = camps.camp[votes.rater]
    size = np.bincount(known[known >= 0], minlength=len(camps.sizes))
    expected = np.outer(size / max(size.sum(), 1), s.votes.sum(axis=0))
    unseen = float(np.asarray((s.votes < expected / 2).any(axis=0))[shown].mean())
    loud = top_share(np.bincount(votes.rater, minlength=votes.raters).astype(np.float64))
    listed = [("popularity", popular, POPULAR, NOT_POPULAR), ("loud", loud, LOUD, QUIET)]
    if not votes.acts:
        listed.insert(1, ("selection", unseen, UNSEEN, SEEN))
    made = [
        Rival(
            name=name,
            statement=message(f"bridging.rival.{name}"),
            status="undecided"
            if value is None
            else "favoured"
            if value >= upper
            else "disfavoured"
            if value <= lower
            else "undecided",
            statistic=value,
        )
        for name, value, upper, lower in listed
    ]
    if votes.acts:
        made.append(
            Rival(
                name="selection",
                statement=message("bridging.rival.selection"),
                status="not_tested",
                missing=message("bridging.missing.seen_ones" if votes.rated else "bridging.missing.seen"),
            )
        )
    return tuple(made)


def notes(told: Voted, units: list[dict[str, Any]], votes: Votes, camps: Camps, answer: Answer, params: Any) -> tuple[Message, ...]:
    """Remark on the camps, on what a vote for is, on what the interval holds for, on what was left out, and on the fit."""
    few = int((np.bincount(votes.item, minlength=votes.items) < params.least).sum())
    lone = int((~answer.shown).sum()) - few
    none = votes.raters - sum(camps.sizes) - sum(size for _, size in camps.apart)
    sizes = [f"{name} ({size})" for name, size in zip(camps.names, camps.sizes, strict=True)] if camps.names else camps.sizes
    origin = "found" if not camps.names else "made" if camps.made else "declared" if votes.rated else "declared_acts"
    said = [message(f"bridging.note.{origin}", camps=len(camps.sizes), sizes=" / ".join(map(str, sizes)), **_act(votes, params))]
    if answer.beside:
        said.append(message("bridging.note.beside", camps=len(answer.beside), beside=_beside(answer)))
    if told.aside:
        said.append(message("bridging.note.aside", n=told.aside))
    if camps.names and told.others:
        said.append(told_aside(told.variable, int((told.said >= 0).sum()), told.others))
    if not votes.rated:
        said.append(message("bridging.note.acts", **_act(votes, params)))
    if not votes.acts and params.above is None:
        low, high = ends(told.value)
        passes = high > told.value.max()
        said.append(message(f"bridging.note.{'passes' if passes else 'middle'}", middle=(low + high) / 2, low=low, high=high))
    yes, no = answer.sure
    kind = ("_partly" if _partly(units, camps) else "") if not votes.acts else "_ones" if votes.rated else "_acts"
    said.append(message(f"bridging.note.interval{kind}", yes=yes, no=no, open=len(units) - yes - no, alpha=params.alpha))
    if params.score != "intercept":
        said.append(message("bridging.note.shrunk"))
    if votes.rated and all(u["text"] is None and u["item"].isdigit() for u in units):
        said.append(message("bridging.note.no_text"))
    if few:
        said.append(message("bridging.note.few", n=few, least=params.least))
    if lone:
        said.append(message("bridging.note.lone", n=lone))
    if camps.apart:
        left = {"n": sum(size for _, size in camps.apart), "camps": len(camps.apart)}
        names = {"names": [name for name, _ in camps.apart]} if camps.names else {}
        said.append(message(f"bridging.note.apart{'' if names else '_found'}", **left, **names))
    fewest, marked = thin(answer.scores.votes[:, answer.shown], params.alpha)
    if marked.any() and not votes.acts:
        said.append(message("bridging.note.thin" if camps.names else "bridging.note.thin_found", n=int(marked.sum()), least=fewest))
    if none:
        who = "none" if not camps.names else "none_declared" if votes.rated else "none_acts"
        said.append(message(f"bridging.note.{who}", n=none, small=camps.small, several=told.several))
    if told.elsewhere:
        said.append(message("bridging.note.elsewhere", n=sum(told.elsewhere.values()), names=list(told.elsewhere)))
    if not answer.settled:
        said.append(message("bridging.note.unsettled"))
    return tuple(said)


def evidence(corpus: Corpus, across: list[dict[str, Any]], score: str, *, rated: bool) -> tuple[Evidence, ...]:
    """Point to the items that hold across camps: posts where they are posts here, else their name."""
    posts: dict[tuple[str, str], dict[str, Any]] = {}
    listed = across[:EVIDENCE_CAP]
    if listed and not rated and corpus.has("posts"):
        named = {(u["platform"], u["item"]) for u in listed}
        posts = {k: r for r in corpus.query(POSTS).to_pylist() if (k := (r["platform"], r["post_id"])) in named}
    counts = f"bridging.counts.{'least_share' if score == 'minimum' else score}"
    roles = {"across": message("bridging.role.item", counts=counts), "across_met": message("bridging.role.item_met", counts=counts)}
    return tuple(
        post_evidence(post, roles[u["place"]], u["score"])
        if (post := posts.get((u["platform"], u["item"]))) is not None
        else Evidence(
            role=roles[u["place"]],
            table="ratings" if rated else "posts",
            platform=u["platform"],
            id=u["item"],
            text=u["text"],
            value=u["score"],
        )
        for u in listed
    )


def query(act: str, *, rated: bool) -> str:
    """Write the query that counts what was given to every item: of votes or of acts, never by whom."""
    if not rated:
        return (
            f"SELECT platform, {TO[act]} AS item, COUNT(*) AS acts FROM posts WHERE kind = '{act}' AND {TO[act]} IS NOT NULL "
            f"GROUP BY platform, {TO[act]} ORDER BY platform NULLS FIRST, item NULLS FIRST"
        )
    return (
        "SELECT platform, item, value, COUNT(*) AS votes FROM ratings WHERE value IS NOT NULL GROUP BY platform, item, value "
        "ORDER BY platform NULLS FIRST, item NULLS FIRST, value NULLS FIRST"
    )
