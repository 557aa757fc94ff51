"""What does the analysis of the corpus without its networks say? Claim, effect, evidence, rivals and notes."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import EVIDENCE_CAP, Calibration, Estimate, Evidence, Rival
from agorascope.stats.without import acts_of
from agorascope.texts import Message, message

from ._counterfactual_estimate import Compared, List
from ._counterfactual_reduce import TRENDING, Acts, Posted, shown
from ._counterfactual_tables import fallen, slice_of

Bools = npt.NDArray[np.bool_]
SHOWN = 5
UNLIKE = 0.2  # by how much the posts of accounts drawn beside the members may differ from theirs


def claim(told: dict[str, Any], *, holds: bool, whole: pa.Table, width_us: int) -> Message:
    """Say how many places would be held by others, or that no more change than without other accounts."""
    share = next(r["share"] for r in whole.to_pylist() if r["measure"] == "posts")
    return message(
        f"counterfactual.claim.{'found' if holds else 'not_found'}",
        n=told["accounts"],
        networks=told["networks"],
        posts=share,
        slice=f"counterfactual.slice.{slice_of(width_us)}",
        changed=told["changed"],
        places=told["places"],
        share=told["share"],
        low=told["low"],
        high=told["high"],
        q=told["q"],
        random=told["random"],
        p=told["p_value"],
    )


def effect(told: dict[str, Any], draws: int) -> Estimate:
    """State the share of the places of all lists that would be held by others."""
    return Estimate(
        metric="places in top lists held by others",
        value=told["share"],
        low=told["low"],
        high=told["high"],
        unit="share",
        method="counts without the members; a share of them put back; as many accounts as active, drawn at random",
        p_value=told["p_value"],
        p_floor=1 / (draws + 1),
        sided="greater",
    )


def evidence(
    found: list[Acts], lists: list[List], compared: list[Compared], member: Bools
) -> tuple[tuple[Evidence, ...], int, str]:
    """Point to the members' posts on what would leave a list, a few on each, with the query that gives all posts on the first."""
    records: list[Evidence] = []
    number, query = 0, ""
    members = np.flatnonzero(member)
    for one, of, c in zip(found, lists, compared, strict=True):
        own = of.seen.own[acts_of(of.seen, members)]
        lost, times = np.unique(of.seen.object_of[c.without.lost], return_counts=True)
        of_slices = lost[np.lexsort((lost, -times))].tolist()
        leaving = [int(i) for i in c.listed if c.without.place[i] >= of.top]
        for i in dict.fromkeys(leaving + of_slices):
            here = own[one.obj[own] == i]
            number += int(here.size)
            query = query or (_query(one, i) if one.name != "account" else "")
            rows = one.rows.select(["platform", "account_id", "post_id", "at_us"]).take(pa.array(here)).to_pylist()
            rows.sort(key=lambda r: (r["at_us"] is not None, r["at_us"], r["platform"], r["post_id"]))
            records += [_record(row) for row in rows[:SHOWN]]
    return tuple(records[:EVIDENCE_CAP]), number, query


def _record(row: dict[str, Any]) -> Evidence:
    return Evidence(
        role=message("counterfactual.role.act"),
        table="posts",
        platform=row["platform"],
        id=row["post_id"],
        account_id=row["account_id"],
        at_us=row["at_us"],
    )


def _query(one: Acts, obj: int) -> str:
    """Write the query that lists all posts, of members and others, on one object."""
    literal = one.objects[obj].replace("'", "''")
    listed = "SELECT platform, post_id, account_id, created_at_us FROM posts"
    order = "ORDER BY created_at_us NULLS FIRST, platform NULLS FIRST, post_id NULLS FIRST"
    if one.name == "repost":
        return f"{listed} WHERE repost_of = '{literal}' {order}"
    carried = f"SELECT post_id FROM post_objects WHERE kind = '{one.name}' AND value = '{literal}'"
    return f"{listed} WHERE kind <> 'repost' AND post_id IN ({carried}) {order}"


def rivals(told: dict[str, Any], alpha: float) -> tuple[Rival, ...]:
    """Ask what else the change could be: any accounts taken away, members there by chance, people who would have acted anyway."""
    return (
        Rival(
            name="any_accounts",
            statement=message("counterfactual.rival.any_accounts"),
            status="disfavoured" if told["p_value"] <= alpha else "undecided",
            statistic=told["random"],
            low=told["random_low"],
            high=told["random_high"],
            p_value=told["p_value"],
        ),
        Rival(
            name="false_members",
            statement=message("counterfactual.rival.false_members", q=told["q"]),
            status="disfavoured" if told["low"] > told["random_high"] else "undecided",
            statistic=told["low"],
        ),
        Rival(
            name="anyway",
            statement=message("counterfactual.rival.anyway"),
            status="not_tested",
            missing=message("counterfactual.missing.anyway"),
        ),
    )


def apart(beside: pa.Table, members: pa.Table) -> Rival:
    """Say what ``coordination`` says of innocent explanations: networks that one may explain are taken away only if asked for."""
    statement = message("counterfactual.rival.apart")
    if not beside.num_rows or "counted" not in beside.column_names:  # none, or of an earlier version
        return Rival(name="apart", statement=statement, status="not_tested", missing=message("counterfactual.missing.apart"))
    used = set(members["network"].to_pylist())
    rows = [row for row in beside.to_pylist() if row["network"] in used]
    told = [row["counted"] for row in rows] + [False] * (len(used) - len(rows))
    fits = bool(rows) and len(rows) == len(used) and all("favoured" in (row["apart"], row["reacting"]) for row in rows)
    status = "disfavoured" if all(told) else "favoured" if fits else "undecided"
    share = sum(not one for one in told) / len(told) if told else None
    return Rival(name="apart", statement=statement, status=status, statistic=share)


def calibrated(accounts: int, posts: int) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("counterfactual", **descriptors(accounts, posts))


def descriptors(accounts: int, posts: int) -> dict[str, float | str]:
    """Describe a corpus by what decides the test: accounts left out, and posts."""
    return {"accounts": float(accounts), "posts": float(posts)}


def notes(
    found: list[Acts],
    lists: list[List],
    compared: list[Compared],
    everyone: Posted,
    made: dict[str, pa.Table],
    width_us: int,
    left_out: int,
) -> tuple[Message, ...]:
    """Remark on networks that do not count, the largest falls, trends, posts behind ties alone, and posts without account."""
    said = [message("counterfactual.note.apart", n=left_out)] if left_out else []
    for one, of, c, row in zip(found, lists, compared, made["rankings"].to_pylist(), strict=True):
        if row["fall_without"] > of.top:
            told = {
                "place": row["fall_place"],
                "without": row["fall_without"],
                "low": row["fall_without_low"],
                "high": row["fall_without_high"],
            }
            name = {"account" if one.name == "account" else "object": shown(one)[int(c.listed[fallen(c)])]}
            said.append(message(f"counterfactual.note.fall_{one.name}", p=row["fall_p_value"], **told, **name))
    trends = made["trends"]
    if trends.num_rows:
        said.append(
            message(
                f"counterfactual.note.trends_{slice_of(width_us)}",
                n=sum(trends["slices"].to_pylist()),
                first=min(trends["first_us"].to_pylist()),
                last=max(trends["last_us"].to_pylist()),
                objects=trends.num_rows,
                top=TRENDING,
            )
        )
    changed = sum(c.tied.changed + c.tied.trends for c in compared)
    said.append(message("counterfactual.note.ties", n=changed))
    posts = next((row for row in made["shares"].to_pylist() if row["measure"] == "posts"), None)
    if posts and posts["share"] and abs(posts["others_share"] / posts["share"] - 1) > UNLIKE:
        said.append(message("counterfactual.note.unlike", share=posts["share"], random=posts["others_share"]))
    unknown = int(everyone.posts[everyone.account < 0].sum())
    if unknown:
        said.append(message("counterfactual.note.unknown", n=unknown))
    return tuple(said)
