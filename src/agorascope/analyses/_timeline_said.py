"""What does the analysis of operators over time say? Claim, effect, evidence, rivals and notes, from what was tested."""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import EVIDENCE_CAP, Calibration, Estimate, Evidence, Rival
from agorascope.stats.shares import wilson
from agorascope.texts import Message, message

from ._timeline_estimate import Pair
from ._timeline_reduce import end
from ._timeline_tables import Pushed, Told, likeliest, targets


def strongest(told: Told, alpha: float) -> Pair:
    """Choose the pair to speak of: of those that hold the one with another target and most accounts, else the likeliest."""
    holding = [pair for pair in told.seen.pairs if pair.q_value <= alpha]
    return likeliest(told, holding or told.seen.pairs)


def claim(told: Told, best: Pair, rows: list[dict[str, Any]]) -> Message:
    """Say which accounts acted together when, for what, and again when, for what."""
    said = f"found_{targets(told, best)}" if rows else "not_found"
    return message(
        f"timeline.claim.{said}",
        n=int(best.before.accounts.size),
        overlap=best.shared,
        slice=f"timeline.slice.{told.by}",
        before=told.start(best.before),
        after=told.start(best.after),
        one=_named(told.of(best.before)),
        other=_named(told.of(best.after)),
        expected=max(best.back.expected, best.forth.expected),
        p=best.q_value,
        pairs=len(told.seen.pairs),
        chains=len(rows),
    )


def _named(what: Pushed) -> Any:
    if what.account is not None:
        return msgspec.to_builtins(message("timeline.pushed.account", account=what.account, share=what.share))
    return msgspec.to_builtins(message(f"timeline.pushed.{what.kind}", object=what.object, share=what.share))


def effect(best: Pair, pairs: int, draws: int) -> Estimate:
    """State which share of the earlier group acts together again in the later slice."""
    number = int(best.before.accounts.size)
    low, high = wilson(best.shared, number)
    return Estimate(
        metric="accounts together again",
        value=best.shared / number,
        low=low,
        high=high,
        unit="share",
        level=0.95,
        method="Wilson; other accounts as active in the slice, both ways; Holm over pairs",
        p_value=best.q_value,
        p_floor=min(1.0, pairs / (draws + 1)),
        sided="greater",
    )


def evidence(told: Told, best: Pair) -> tuple[tuple[Evidence, ...], int]:
    """Point to the acts, in both slices, of the accounts that two groups share."""
    shared = np.intersect1d(best.before.accounts, best.after.accounts)
    records: list[Evidence] = []
    total = 0
    for role, group in (("before", best.before), ("after", best.after)):
        own = group.acts[np.isin(told.acts.account[group.acts], shared)]
        total += own.size
        rows = [
            (
                int(told.acts.at_us[i]),
                told.acts.platform[i].as_py(),
                told.acts.post_id[i].as_py(),
                told.acts.accounts[int(told.acts.account[i])],
            )
            for i in own.tolist()
        ]
        rows.sort(key=lambda row: row[:3])
        records += [
            Evidence(
                role=message(f"timeline.role.{role}"),
                table="posts",
                platform=platform,
                id=post,
                account_id=account.as_py().split("\x1f", 1)[1],
                at_us=at,
            )
            for at, platform, post, account in rows[: EVIDENCE_CAP // 2]
        ]
    return tuple(records), int(total)


def query(told: Told, best: Pair) -> str:
    """Write the query that counts the posts of all accounts by what they repost, in the two slices."""
    spans = [(told.start(group), end(told.start(group), told.by)) for group in (best.before, best.after)]
    within = " OR ".join(f"(created_at_us >= {first} AND created_at_us < {last})" for first, last in spans)
    return (
        f"SELECT platform, repost_of, COUNT(*) AS posts FROM posts WHERE {within} GROUP BY platform, repost_of "
        "ORDER BY posts DESC NULLS LAST, platform NULLS FIRST, repost_of NULLS FIRST"
    )


def rivals(told: Told, best: Pair, alpha: float) -> tuple[Rival, ...]:
    """Ask what else could tie two slices: activity, a steady liking, and that all members act in both."""
    holding = [p for p in told.seen.pairs if p.q_value <= alpha]
    same = sum(targets(told, p) == "same" for p in holding)
    kept = same / len(holding) if holding else 0.0
    said = targets(told, best)
    worse = best.back if best.back.p_value >= best.forth.p_value else best.forth
    return (
        Rival(
            name="active",
            statement=message("timeline.rival.active"),
            status="disfavoured" if best.q_value <= alpha else "undecided",
            statistic=worse.expected,
            p_value=best.p_value,
        ),
        Rival(
            name="steady",
            statement=message("timeline.rival.steady"),
            status={"same": "favoured", "changed": "disfavoured"}.get(said, "undecided") if holding else "undecided",
            statistic=kept,
        ),
        Rival(
            name="members",
            statement=message("timeline.rival.members"),
            status="disfavoured" if best.members.p_value <= alpha else "undecided",
            statistic=best.members.expected,
            p_value=best.members.p_value,
        ),
    )


def apart(beside: pa.Table) -> Rival:
    """Say what ``coordination`` says of innocent explanations: networks that one may explain are not followed."""
    statement = message("timeline.rival.apart")
    if not beside.num_rows or "counted" not in beside.column_names:  # none, or of an earlier version
        return Rival(name="apart", statement=statement, status="not_tested", missing=message("timeline.missing.apart"))
    rows = beside.to_pylist()
    opened = any("favoured" not in (row["apart"], row["reacting"]) and not row["counted"] for row in rows)
    status = "undecided" if opened else "disfavoured"
    return Rival(name="apart", statement=statement, status=status, statistic=sum(not row["counted"] for row in rows) / len(rows))


def calibrated(told: Told, best: Pair) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("timeline", **descriptors(told, best))


def descriptors(told: Told, best: Pair) -> dict[str, float | str]:
    """Describe a corpus by what decides the test: accounts of the smaller group, and accounts active in a slice."""
    smaller = min(best.before.accounts.size, best.after.accounts.size)
    return {"accounts": float(smaller), "active": float(np.median(told.seen.active))}


def notes(told: Told, left_out: list[str], apart: int) -> tuple[Message, ...]:
    """Remark on networks not counted or seen in one slice only, pairs left out, and behaviours that are not compared."""
    said = [message("timeline.note.apart", n=apart)] if apart else []
    networks = [g.network for g in told.seen.groups]
    once = sum(networks.count(n) == 1 for n in set(networks))
    if once:
        said.append(message("timeline.note.once", n=once, slice=f"timeline.slice.{told.by}"))
    if told.seen.untested:
        said.append(message("timeline.note.untested", n=told.seen.untested, pairs=len(told.seen.pairs)))
    if left_out:
        said.append(message("timeline.note.left_out", n=len(left_out)))
    return tuple(said)
