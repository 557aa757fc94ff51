"""What does the analysis of coordination say? Claim, effect, evidence and notes, from what was found alone."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import EVIDENCE_CAP, Calibration, Estimate, Evidence, Rival
from agorascope.stats.squads import LEAST
from agorascope.texts import Message, message

from ._coordination_networks import Apart, Found
from ._coordination_reduce import Acts
from ._coordination_tables import tested_rows


def claim(found: Found, rows: list[dict[str, Any]], q: float) -> Message:
    """Say how many accounts act together and in how many networks, or that none does, beside what a shuffled copy gives."""
    told = {"tested": tested(found), "acts": found.acts, "copy": int((found.copy.network >= 0).sum()), "q": q}
    if not rows:
        return message("coordination.claim.not_found", **told)
    first = rows[0]
    said = "one" if len(rows) == 1 else "several"
    return message(
        f"coordination.claim.{said}",
        n=sum(r["accounts"] for r in rows),
        networks=len(rows),
        largest=first["accounts"],
        objects=first.get("objects", 0),
        first=first.get("first_us", 0),
        last=first.get("last_us", 0),
        p=first["p_value"],
        **told,
    )


def tested(found: Found) -> int:
    """Count the accounts tested: those with an act of any behaviour."""
    seen = np.zeros(found.accounts.num_rows, np.bool_)
    for test in found.squads.tests:
        seen[test.account] = True
    return int(seen.sum())


def effect(found: Found) -> Estimate:
    """State how many accounts are in networks, with the smallest p-value of a network."""
    least = float(found.squads.p_networks.min()) if found.number else None
    return Estimate(
        metric="accounts in networks",
        value=float((found.squads.network >= 0).sum()),
        unit="accounts",
        method="accounts shuffled within days among the acts; pooled over partners; false discoveries held",
        p_value=least,
        sided="greater",
    )


def calibrated(found: Found) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("coordination", **descriptors(found))


def descriptors(found: Found) -> dict[str, float | str]:
    """Describe a corpus by its size: accounts that act, and acts."""
    return {"accounts": float(tested(found)), "acts": float(found.acts)}


def evidence(acts: pa.Table) -> tuple[Evidence, ...]:
    """Point to the acts on the objects most shared within a network, network by network."""
    if not acts.num_rows:
        return ()
    keys = list(zip(*(acts[c].to_pylist() for c in ("network", "kind", "object")), strict=True))
    count: dict[tuple[str, str, str], int] = {}
    for key in keys:
        count[key] = count.get(key, 0) + 1
    order = sorted(range(len(keys)), key=lambda i: (int(keys[i][0][1:]), -count[keys[i]], keys[i], acts["at_us"][i].as_py()))
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


def query(acts: pa.Table) -> str:
    """Write the query that lists who acted on the object most shared in the largest network, in order of time."""
    if not acts.num_rows:
        return ""
    keys = list(zip(*(acts[c].to_pylist() for c in ("network", "kind", "object")), strict=True))
    first = [key for key in keys if key[0] == "n1"]
    _, kind, value = max(dict.fromkeys(first), key=lambda key: (first.count(key), key)) if len(first) < 5_000 else first[0]
    literal = value.replace("'", "''")
    listed = "SELECT platform, post_id, account_id, created_at_us FROM posts"
    order = "ORDER BY created_at_us NULLS FIRST, platform NULLS FIRST, post_id NULLS FIRST"
    if kind in ("repost", "reply"):
        return f"{listed} WHERE {'repost_of' if kind == 'repost' else 'reply_to'} = '{literal}' {order}"
    if kind in ("url", "domain", "hashtag", "media", "share"):
        carried = f"SELECT post_id FROM post_objects WHERE kind = '{kind}' AND value = '{literal}'"
        return f"{listed} WHERE kind <> 'repost' AND post_id IN ({carried}) {order}"
    return f"{listed} WHERE created_at_us >= {min(acts['at_us'].to_pylist())} AND kind <> 'repost' {order}"


def _behaviour(kind: str) -> str:
    """Give the key of a behaviour's name, which is said in the reader's language."""
    return f"coordination.values.behaviour.{kind}"


def apart(one: Apart) -> Rival:
    """Ask whether the largest network is a community with objects of its own."""
    return Rival(name="apart", statement=message("coordination.rival.apart"), status=one.status, statistic=one.share)


def notes(found: Found, gathered: list[Acts], parts: list[Acts], beside: list[Apart]) -> tuple[Message, ...]:
    """Remark on the shuffled copy, the rule of other tools, behaviours and objects left out, and networks too small to name."""
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
    own = [one.network for one in beside if one.status == "favoured"]
    if own:
        said.append(message("coordination.note.apart", n=len(own), networks=own))
    if found.squads.smaller:
        said.append(message("coordination.note.smaller", n=found.squads.smaller, least=LEAST))
    thin = [one.kind for one in gathered if one not in parts and one.account.size]
    said += [message("coordination.note.thin", behaviour=_behaviour(kind)) for kind in thin]
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
    untried = sum(one.partners is None for looked in found.tried for one in looked)
    if untried:
        said.append(message("coordination.note.untried", n=untried))
    return tuple(said)
