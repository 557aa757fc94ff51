"""What does the analysis of what camps value alike say? Units, claim, effect, rivals, tables, figures, notes, from the
estimates.
"""

from textwrap import shorten
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import rankdata

from agorascope.findings import EVIDENCE_CAP, Estimate, Evidence, Figure, Rival, post_evidence
from agorascope.stats.across import exact
from agorascope.stats.shares import top_share
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._bridging_estimate import MOST_CAMPS, Answer, Camps, Votes
from ._bridging_reduce import TO, Voted, ends

FEWEST_SHOWN = 5
QUOTED_CHARS = 140
POPULAR, NOT_POPULAR = 0.95, 0.8
UNSEEN, SEEN = 0.5, 0.1
LOUD, QUIET = 0.3, 0.1
DEALT_VOTES = "exact tests in every camp, true of all items at once (Holm), camps as given; votes dealt within items"
DEALT_CAMPS = "exact tests in every camp, true of all items at once (Holm), camps as given; camps dealt to other accounts"
METHODS = ("minimum", "consensus", "intercept")
SHARES = tuple(f"share_{i + 1}" for i in range(MOST_CAMPS))
ITEMS = pa.schema(
    [
        ("item", pa.string()),
        ("text", pa.string()),
        ("platform", pa.string()),
        ("place", pa.string()),
        ("score", pa.float64()),
        ("low", pa.float64()),
    ]
    + [("high", pa.float64()), ("chance", pa.float64()), ("votes", pa.int64()), ("approved_share", pa.float64())]
    + [(name, pa.float64()) for name in (*METHODS, *SHARES, "q_value")]
)
CAMPS = pa.schema(
    [
        ("camp", pa.string()),
        ("raters", pa.int64()),
        ("raters_share", pa.float64()),
        ("votes", pa.int64()),
        ("approved_share", pa.float64()),
    ]
)
AGREEMENT = pa.schema([("method", pa.string())] + [(f"with_{name}", pa.float64()) for name in (*METHODS, "approved")])
POSTS = """
    SELECT platform, post_id, account_id, created_at_us, permalink, text FROM posts
    ORDER BY platform NULLS FIRST, post_id NULLS FIRST"""


def units(
    told: Voted, texts: dict[tuple[str, str], str], votes: Votes, camps: Camps, answer: Answer, score: str, alpha: float
) -> list[dict[str, Any]]:
    """Describe every item with votes enough, and its text if the case has it: those that hold across camps first, then by score."""
    s = answer.scores
    number = np.bincount(votes.item, minlength=votes.items)
    approved = s.agree.sum(axis=0) if votes.acts else np.bincount(votes.item, votes.approves, votes.items)
    chosen = {"minimum": s.minimum, "consensus": s.consensus, "intercept": s.intercept}[score]
    assert chosen is not None
    low, high = exact(s.agree, s.votes)
    parted = np.asarray((low > 0.5).any(axis=0) & (high < 0.5).any(axis=0))
    everybody = sum(camps.sizes)
    rows = []
    for i in np.flatnonzero(answer.shown).tolist():
        settled = "one_camp" if parted[i] and not votes.acts else "not_across" if answer.against[i] else "open"
        place = "across" if answer.q_value[i] <= alpha else settled
        row: dict[str, Any] = {"item": told.items[i][1], "text": texts.get(told.items[i]), "platform": told.items[i][0]}
        row |= {"place": place, "score": float(chosen[i])}
        row |= {"low": float(answer.low[i]), "high": float(answer.high[i]), "chance": float(answer.chance[i])}
        row |= {"votes": int(number[i]), "approved_share": float(approved[i] / (everybody if votes.acts else number[i]))}
        row |= {"minimum": float(s.minimum[i]), "consensus": float(s.consensus[i])}
        row |= {"intercept": None if s.intercept is None else float(s.intercept[i])}
        for c, name in enumerate(SHARES[: len(camps.sizes)]):
            row[name] = float(s.agree[c, i] / s.votes[c, i]) if s.votes[c, i] >= FEWEST_SHOWN else None
        rows.append(row | {"q_value": float(answer.q_value[i])})
    return sorted(rows, key=lambda r: (r["place"] != "across", -r["score"], r["platform"], r["item"]))


def claim(
    units: list[dict[str, Any]],
    across: list[dict[str, Any]],
    votes: Votes,
    camps: Camps,
    answer: Answer,
    score: str,
    *,
    real: bool,
) -> Message:
    """Say how many items hold across camps, or that there are no camps to bridge, in one hedged sentence.

    Where there are no camps, nothing is said of the least of several: only what all of them approve of, taken together.
    """
    kind = "" if not votes.acts else "_ones" if votes.rated else "_acts"
    if not real:
        top = max(units, key=lambda u: u["approved_share"])
        total = sum(camps.sizes) if votes.acts else top["votes"]
        low, high = exact(np.array(top["approved_share"] * total), np.array(float(total)))
        told = {"item": _quoted(top, votes), "share": top["approved_share"], "low": float(low), "high": float(high), "n": total}
        return message(f"bridging.claim.no_camps{kind}", p=answer.p_value, **told)
    best = (across or units)[0]
    return message(
        f"bridging.claim.{'found' if across else 'not_found'}{kind}",
        n=len(across),
        items=len(units),
        camps=len(camps.sizes),
        item=_quoted(best, votes),
        scored=message(f"bridging.scored.{score}{kind}", **{name: best[name] for name in ("score", "low", "high", "chance")}),
        p=answer.p_value,
    )


def _quoted(unit: dict[str, Any], votes: Votes) -> str:
    if not votes.rated or unit["text"] is None:
        return str(unit["item"])
    return shorten(unit["text"], QUOTED_CHARS, placeholder="…")


def effect(answer: Answer, draws: int, *, acts: bool) -> Estimate:
    """State the share of items that every camp approves of; the p-value is that of there being camps."""
    share, low, high = answer.share
    return Estimate(
        metric="items every camp approves of",
        value=share,
        low=low,
        high=high,
        unit="share",
        level=0.95,
        method=DEALT_CAMPS if acts else DEALT_VOTES,
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
    popular = _rank_correlation(chosen[shown], plain[shown])
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


def tables(units: list[dict[str, Any]], votes: Votes, camps: Camps, answer: Answer) -> dict[str, pa.Table]:
    """Make the published tables: items, camps, and how far methods agree. No rater is in any."""
    known = camps.camp[votes.rater]
    rows = []
    for c, size in enumerate(camps.sizes):
        mine = known == c
        cast = int(mine.sum())
        row: dict[str, Any] = {
            "camp": camps.names[c] if camps.names else str(c + 1),
            "raters": size,
            "raters_share": size / sum(camps.sizes),
        }
        rows.append(row | {"votes": cast, "approved_share": None if votes.acts else float(votes.approves[mine].mean())})
    columns = {name: np.array([u[name] for u in units]) for name in (*METHODS, "approved_share") if units[0][name] is not None}
    agreement = [
        {"method": name} | {f"with_{n.removesuffix('_share')}": _rank_correlation(values, columns[n]) for n in columns if n != name}
        for name, values in columns.items()
        if name != "approved_share"
    ]
    return {
        "items": pa.Table.from_pylist(units, ITEMS),
        "camps": pa.Table.from_pylist(rows, CAMPS),
        "agreement": pa.Table.from_pylist(agreement, AGREEMENT),
    }


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the map of the two largest camps, the camps, and the methods side by side."""
    rows = [
        Figure(name=n, kind="table", table=n, title=message(f"bridging.figure.{n}"), y=_columns(made[n]))
        for n in ("camps", "agreement")
    ]
    title, note = message("bridging.figure.map"), message("bridging.figure.map_note")
    drawn = Figure(name="map", kind="scatter", table="items", title=title, x="share_1", y=("share_2",), series="place", note=note)
    return (drawn, *rows)


def notes(told: Voted, units: list[dict[str, Any]], votes: Votes, camps: Camps, answer: Answer, params: Any) -> tuple[Message, ...]:
    """Remark on the camps, on what a vote for is, on what the interval holds for, on what was left out, and on the fit."""
    few = int((~answer.shown).sum())
    none = votes.raters - sum(camps.sizes)
    sizes = [f"{name} ({size})" for name, size in zip(camps.names, camps.sizes, strict=True)] if camps.names else camps.sizes
    origin = "found" if not camps.names else "made" if camps.made else "declared"
    said = [message(f"bridging.note.{origin}", camps=len(camps.sizes), sizes=" / ".join(map(str, sizes)))]
    if not votes.acts and params.above is None:
        low, high = ends(told.value)
        passes = high > told.value.max()
        said.append(message(f"bridging.note.{'passes' if passes else 'middle'}", middle=(low + high) / 2, low=low, high=high))
    yes, no = answer.sure
    kind = "interval" if not votes.acts else "interval_ones" if votes.rated else "interval_acts"
    said.append(message(f"bridging.note.{kind}", yes=yes, no=no, open=len(units) - yes - no))
    if votes.rated and all(u["text"] is None and u["item"].isdigit() for u in units):
        said.append(message("bridging.note.no_text"))
    if few:
        said.append(message("bridging.note.few", n=few, least=params.least))
    if none:
        said.append(message("bridging.note.none", n=none, small=camps.small, several=told.several))
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
    role = message("bridging.role.item", counts=f"bridging.counts.{score}")
    return tuple(
        post_evidence(post, role, u["score"])
        if (post := posts.get((u["platform"], u["item"]))) is not None
        else Evidence(
            role=role, table="ratings" if rated else "posts", platform=u["platform"], id=u["item"], text=u["text"], value=u["score"]
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


def _columns(table: pa.Table) -> tuple[str, ...]:
    return tuple(n for n in table.column_names if table[n].null_count < table.num_rows)


def _rank_correlation(one: Any, other: Any) -> float | None:
    """Give Spearman's rank correlation, or None where one of both does not vary."""
    if one.size < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
