"""What does the analysis of coordination say? Claim, effect, evidence and notes, from what was found alone."""

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import to_builtins

from agorascope.calibration import nearest
from agorascope.findings import EVIDENCE_CAP, Calibration, Estimate, Evidence, Rival
from agorascope.stats.squads import LEAST
from agorascope.texts import Message, message

from ._coordination_apart import MOST, Apart
from ._coordination_networks import Found
from ._coordination_tables import tested_rows

LISTED = 200  # posts a query names: what a person can read
UNPLACED = 0.01


def verdict(rows: list[dict[str, Any]]) -> str:
    """Say ``found`` where a network is left that neither of the rivals ``apart`` and ``reacting`` explains."""
    if not rows:
        return "not_found"
    return "found" if counted(rows) else "insufficient"


def counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows of the networks that count as acting together, by ``_coordination_apart``."""
    return [row for row in rows if row["counted"]]


def claim(found: Found, rows: list[dict[str, Any]], made: dict[str, pa.Table], q: float, scope: Message) -> Message:
    """Say how many accounts act together and in how many networks, or that none does, beside what a shuffled copy gives."""
    kept = counted(rows)
    told: dict[str, Any] = {"tested": tested(found), "acts": found.acts, "copy": int((found.copy.network >= 0).sum()), "q": q}
    told |= {"scope": to_builtins(scope), "within": [to_builtins(one) for one in within(found, kept or rows)]}
    if not rows:
        return message("coordination.claim.not_found", **told)
    if not kept:
        number = {"n": sum(r["accounts"] for r in rows), "networks": len(rows)}
        name = "one" if len(rows) == 1 else "several"
        return message(f"coordination.claim.apart_{name}", reasons=[to_builtins(one) for one in _reasons(rows)], **number, **told)
    first = kept[0]
    return message(
        f"coordination.claim.{'one' if len(kept) == 1 else 'several'}",
        n=sum(r["accounts"] for r in kept),
        networks=len(kept),
        largest=first["accounts"],
        objects=first.get("objects", 0),
        first=first.get("first_us", 0),
        last=first.get("last_us", 0),
        p=first["p_value"],
        apart=to_builtins(_beside(rows)),
        fits=to_builtins(_fits(made, [row["network"] for row in kept])),
        **told,
    )


def within(found: Found, rows: list[dict[str, Any]]) -> list[Message]:
    """Say how near in time two acts are together, for each behaviour that ties these networks; without any, for each tested."""
    own = {kind for row in rows for kind in row["behaviours"]} or set(found.kinds)
    pairs = zip(found.kinds, found.windows, strict=True)
    return [message("coordination.within", behaviour=_behaviour(kind), window=window) for kind, window in pairs if kind in own]


def _fits(made: dict[str, pa.Table], names: list[str]) -> Message:
    """Name the innocent explanations that the data favour for networks that count, of those checked."""
    rows = [row for row in made["explanations"].to_pylist() if row["network"] in names] if "explanations" in made else []
    own = [row for row in rows if row["status"] == "favoured"]
    # what is passed on by the platform's own button has no text of its own: nothing was checked
    tried = [row for row in rows if row["status"] != "not_tested" and not row["says"]["key"].endswith("_reposts")]
    checked = {row["explanation"] for row in tried}
    if not checked:
        return message("coordination.fits.unchecked")
    if not own:
        return message("coordination.fits.none", checked=len(checked))
    kinds = [f"coordination.values.explanation.{name}" for name in dict.fromkeys(row["explanation"] for row in own)]
    if len(names) == 1:
        return message("coordination.fits.one", explanations=kinds, k=len(kinds))
    numbers = {"n": len({row["network"] for row in own}), "checked": len({row["network"] for row in rows})}
    return message("coordination.fits.some", explanations=kinds, **numbers)


def _beside(rows: list[dict[str, Any]]) -> Message:
    """Say how many networks may be innocent, which do not count."""
    kept = counted(rows)
    own = [row for row in rows if row not in kept]
    if not own and any(row["reacting"] == "not_tested" for row in kept):
        return message("coordination.apart.texts", n=len(kept))
    if own:
        return message("coordination.apart.some", n=len(own), accounts=sum(r["accounts"] for r in own))
    return message("coordination.apart.none", n=len(rows))


def _reasons(rows: list[dict[str, Any]]) -> list[Message]:
    """Say what may explain networks that do not count, and how many of them."""
    apart = sum(row["apart"] not in (None, "disfavoured") for row in rows)
    near = [row["reacting"] for row in rows if row["apart"] == "disfavoured"]
    numbers = {"apart": apart, "reacting": near.count("favoured"), "open": near.count("undecided")}
    numbers["unasked"] = len(rows) - apart - len(near)
    return [message(f"coordination.reason.{name}", n=n, most=MOST) for name, n in numbers.items() if n]


def tested(found: Found) -> int:
    """Count the accounts tested: those with an act of any behaviour."""
    seen = np.zeros(found.accounts.num_rows, np.bool_)
    for test in found.squads.tests:
        seen[test.account] = True
    return int(seen.sum())


def effect(rows: list[dict[str, Any]]) -> Estimate | None:
    """State how many accounts are in networks that count, with the smallest p-value of one; None where none of them counts."""
    kept = counted(rows)
    if rows and not kept:
        return None
    return Estimate(
        metric="accounts in networks",
        value=float(sum(row["accounts"] for row in kept)),
        unit="accounts",
        method="accounts shuffled within days among the acts; pooled over partners; false discoveries held",
        p_value=min((row["p_value"] for row in kept), default=None),
        sided="greater",
    )


def calibrated(found: Found) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("coordination", **descriptors(found))


def descriptors(found: Found) -> dict[str, float | str]:
    """Describe a corpus by its size: accounts that act, and acts."""
    return {"accounts": float(tested(found)), "acts": float(found.acts)}


def ordered(rows: list[dict[str, Any]]) -> list[str]:
    """Name the networks, those that count first."""
    kept = [row["network"] for row in counted(rows)]
    return kept + [row["network"] for row in rows if row["network"] not in kept]


def evidence(acts: pa.Table, names: list[str]) -> tuple[Evidence, ...]:
    """Point to the acts on the objects most shared within a network, network by network in the order of ``names``."""
    if not acts.num_rows:
        return ()
    keys = list(zip(*(acts[c].to_pylist() for c in ("network", "kind", "object")), strict=True))
    count: dict[tuple[str, str, str], int] = {}
    for key in keys:
        count[key] = count.get(key, 0) + 1
    place = {name: i for i, name in enumerate(names)}
    order = sorted(range(len(keys)), key=lambda i: (place[keys[i][0]], -count[keys[i]], keys[i], acts["at_us"][i].as_py()))
    return tuple(
        Evidence(
            role=message("coordination.role.act"),
            table="posts",
            platform=row["platform"],
            id=row["post_id"],
            account_id=row["account_id"],
            at_us=row["at_us"],
        )
        for row in acts.take(pa.array(order[:EVIDENCE_CAP])).to_pylist()
    )


def query(acts: pa.Table, network: str) -> str:
    """Write the query that lists what members of a network posted on the object most shared in it, in order of time.

    Only the posts behind its ties, named by platform and id: others on the same object, or by the same accounts, lie behind none.
    Of more than ``LISTED`` the first are named.
    """
    if not acts.num_rows:
        return ""
    mine = acts.filter(pc.equal(acts["network"], network))
    count = Counter(zip(mine["kind"].to_pylist(), mine["object"].to_pylist(), strict=True))
    kind, value = min(count, key=lambda key: (-count[key], key))
    rows = mine.filter(pc.and_(pc.equal(mine["kind"], kind), pc.equal(mine["object"], value)))
    rows = rows.sort_by([(name, "ascending") for name in ("at_us", "platform", "post_id")]).slice(0, LISTED)
    where = []
    for platform in sorted(set(rows["platform"].to_pylist())):
        ids = sorted(rows.filter(pc.equal(rows["platform"], platform))["post_id"].to_pylist())
        where.append(f"(platform = {_literal(platform)} AND post_id IN ({', '.join(map(_literal, ids))}))")
    return (
        f"SELECT platform, post_id, account_id, created_at_us FROM posts WHERE {' OR '.join(where)} "
        "ORDER BY created_at_us NULLS FIRST, platform NULLS FIRST, post_id NULLS FIRST"
    )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _behaviour(kind: str) -> str:
    """Give the key of a behaviour's name, which is said in the reader's language."""
    return f"coordination.values.behaviour.{kind}"


def apart(one: Apart) -> tuple[Rival, Rival]:
    """Ask whether a network is a community with objects of its own, or of people who react each for themselves."""
    ratio = one.inside / one.others if one.inside is not None and one.others else None
    first = Rival(name="apart", statement=message("coordination.rival.apart"), status=one.status, statistic=ratio)
    steady, low, high = (one.gaps.steady, one.gaps.low, one.gaps.high) if one.gaps else (None, None, None)
    reacting = message("coordination.rival.reacting")
    if one.written:
        missing = message("coordination.rival.reacting_texts")
        return first, Rival(name="reacting", statement=reacting, status=one.reacting, missing=missing)
    if one.gaps and one.at_once and not one.steady:
        reacting = message("coordination.rival.reacting_at_once")
        steady, low, high = one.gaps.instant, one.gaps.instant_low, None
    return first, Rival(name="reacting", statement=reacting, status=one.reacting, statistic=steady, low=low, high=high)


def notes(found: Found, untested: list[Message], beside: list[Apart]) -> tuple[Message, ...]:
    """Remark on the shuffled copy, the rule of other tools, networks that do not count or are too small, what was left out."""
    rows = tested_rows(found)
    copy = int((found.copy.network >= 0).sum()) + found.copy.smaller
    said = [message("coordination.note.copy", n=copy)]
    said += [
        message(
            "coordination.note.rule", behaviour=_behaviour(r["behaviour"]), n=r["rule"], copy=r["rule_copy"], window=r["window_s"]
        )
        for r in rows
        if r["rule"]
    ]
    for name, own in (
        ("apart", [one.network for one in beside if one.status != "disfavoured"]),
        ("reacting", [one.network for one in beside if one.status == "disfavoured" and one.reacting == "favoured"]),
        ("open", [one.network for one in beside if one.status == "disfavoured" and one.reacting == "undecided"]),
    ):
        if own:
            said.append(message(f"coordination.note.{name}", n=len(own), networks=own))
    if found.number > len(beside):
        said.append(message("coordination.note.apart_unasked", n=found.number - len(beside), most=len(beside)))
    if found.squads.smaller:
        said.append(message("coordination.note.smaller", n=found.squads.smaller, least=LEAST))
    said += untested
    for kind, left in zip(found.kinds, found.squads.left_out, strict=True):
        if left.objects.size:
            said.append(
                message(
                    "coordination.note.left_out",
                    behaviour=_behaviour(kind),
                    n=int(left.objects.size),
                    pairs=float(left.pairs.sum()),
                )
            )
    said += [
        message("coordination.note.unplaced", behaviour=_behaviour(r["behaviour"]), share=r["unplaced_share"])
        for r in rows
        if r["unplaced_share"] >= UNPLACED
    ]
    untried = sum(one.partners is None for looked in found.tried for one in looked)
    if untried:
        said.append(message("coordination.note.untried", n=untried))
    return tuple(said)
