"""What does the analysis of coordination say? Claim, effect, units, tables, figures and notes, from what was found alone."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import EVIDENCE_CAP, Calibration, Estimate, Evidence, Figure, Rival
from agorascope.stats.squads import LEAST
from agorascope.texts import Message, message

from ._coordination_dossier import Dossier
from ._coordination_networks import Apart, Found, named
from ._coordination_reduce import Acts

EDGES = pa.schema(
    [
        ("source", pa.string()),
        ("target", pa.string()),
        ("weight", pa.int64()),
        ("network", pa.string()),
        ("behaviours", pa.string()),
    ]
)
ACCOUNTS = pa.schema(
    [
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("p_value", pa.float64()),
        ("q_value", pa.float64()),
        ("in_network", pa.bool_()),
        ("network", pa.string()),
    ]
)
WINDOWS = pa.schema(
    [
        ("behaviour", pa.string()),
        ("window_s", pa.int64()),
        ("partners", pa.int64()),
        ("by_chance", pa.float64()),
        ("chance_ratio", pa.float64()),
        ("excess", pa.float64()),
        ("kept", pa.bool_()),
    ]
)
TESTED = pa.schema(
    [
        ("behaviour", pa.string()),
        ("window_s", pa.int64()),
        ("tested", pa.int64()),
        ("partners", pa.int64()),
        ("by_chance", pa.float64()),
        ("chance_ratio", pa.float64()),
        ("rule", pa.int64()),
        ("rule_copy", pa.int64()),
        ("inflation", pa.float64()),
        ("left_out", pa.int64()),
    ]
)
PACE = pa.schema([("network", pa.string()), ("start_us", pa.int64()), ("posts", pa.int64())])
APART = pa.schema(
    [("network", pa.string()), ("status", pa.string())] + [(f"{name}_share", pa.float64()) for name in ("own", "inside", "rest")]
)
MOST_SERIES = 5
DAY_US = 86_400_000_000
MOST_DAYS = 400
MONDAY = 3  # 1970-01-01 was a Thursday
SHORT = {
    "objects": ("network", "kind", "object", "accounts", "first_us", "spread_s", "account_id", "text"),
    "explanations": ("network", "explanation", "status", "says", "missing", "share", "share_low", "share_high"),
}
"""Columns a report shows where a table has more than fit the page."""
SHOWN = (
    "explanations",
    "objects",
    "boosted",
    "earlier",
    "roles",
    "created",
    "handles",
    "names",
    "hours",
    "languages",
    "sites",
    "techniques",
)
"""Tables of the dossier in the order a report shows them; others are only exported."""


def units(found: Found, about: Dossier | None, acts: pa.Table) -> list[dict[str, Any]]:
    """Describe every network: what the test says of it, then what its dossier says."""
    rows = []
    names = acts["network"].to_pylist()
    posts = {name: names.count(name) for name in dict.fromkeys(names)} if found.number <= 50 else None
    counted = posts if posts is not None else _counts(names)
    seen = found.squads
    network = np.where(seen.network[seen.source] == seen.network[seen.target], seen.network[seen.source], -1)
    for n in range(found.number):
        name = f"n{n + 1}"
        inside = seen.network == n
        kinds = [found.kinds[k] for k in np.flatnonzero(seen.seen_in[network == n].any(axis=0))]
        rows.append(
            {
                "network": name,
                "accounts": int(inside.sum()),
                "ties": int((network == n).sum()),
                "posts": counted.get(name, 0),
                "behaviours": kinds,
                "p_value": float(seen.p_networks[n]),
                "q_value": float(seen.q_value[inside].max()),
                "agreement": float(seen.agreement[n]),
            }
            | (about.about.get(name, {}) if about else {})
        )
    return rows


def _counts(names: list[str]) -> dict[str, int]:
    kinds, count = np.unique(np.array(names, dtype=object).astype(str), return_counts=True)
    return dict(zip(kinds.tolist(), count.tolist(), strict=True))


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


def tables(found: Found, about: Dossier | None, acts: pa.Table, beside: list[Apart]) -> dict[str, pa.Table]:
    """Make every published table: ties, accounts tested, acts behind the ties, windows, behaviours, and the dossier's."""
    seen = found.squads
    kinds = np.array(found.kinds, dtype=object)
    ids = found.accounts["account_id"]
    edges = {
        "source": ids.take(pa.array(seen.source)),
        "target": ids.take(pa.array(seen.target)),
        "weight": pa.array(seen.weight),
        "network": named(seen.network[seen.source]),
        "behaviours": pa.array([" ".join(kinds[row]) for row in seen.seen_in], pa.string()),
    }
    accounts = {
        "platform": found.accounts["platform"],
        "account_id": ids,
        "p_value": pa.array(seen.p_value),
        "q_value": pa.array(seen.q_value),
        "in_network": pa.array(seen.network >= 0),
        "network": named(seen.network),
    }
    return {
        "edges": pa.table(edges, schema=EDGES).combine_chunks(),
        "accounts": pa.table(accounts, schema=ACCOUNTS).combine_chunks(),
        "acts": acts,
        "pace": _pace(acts),
        "apart": pa.Table.from_pylist(
            [
                {"network": a.network, "status": a.status, "own_share": a.share, "inside_share": a.inside, "rest_share": a.others}
                for a in beside
            ],
            APART,
        ),
        "windows": pa.Table.from_pylist(_windows(found), WINDOWS),
        "tested": pa.Table.from_pylist(_tested(found), TESTED),
    } | (about.tables if about else {})


def _pace(acts: pa.Table) -> pa.Table:
    """Count the acts behind the ties of the largest networks by day, or by week from Monday on where there are many days."""
    day = acts["at_us"].to_numpy() // DAY_US
    weekly = bool(day.size) and int(day.max() - day.min()) > MOST_DAYS
    place = (day + MONDAY) // 7 if weekly else day
    networks = np.array(acts["network"].to_pylist(), dtype=object)
    first, bins = (int(place.min()), int(place.max() - place.min()) + 1) if day.size else (0, 0)
    rows = []
    for number in range(min(MOST_SERIES, len(set(networks.tolist())))):
        count = np.bincount(place[networks == f"n{number + 1}"] - first, minlength=bins)
        starts = (first + np.arange(bins)) * 7 - MONDAY if weekly else first + np.arange(bins)
        rows += [
            {"network": f"n{number + 1}", "start_us": start * DAY_US, "posts": n}
            for start, n in zip(starts.tolist(), count.tolist(), strict=True)
        ]
    return pa.Table.from_pylist(rows, PACE)


def _windows(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "behaviour": kind,
            "window_s": one.window,
            "partners": one.partners,
            "by_chance": one.expected,
            "chance_ratio": None if one.partners is None or not one.expected else one.partners / one.expected,
            "excess": one.criticism,
            "kept": one.window == window,
        }
        for kind, window, looked in zip(found.kinds, found.windows, found.tried, strict=True)
        for one in looked
    ]


def _tested(found: Found) -> list[dict[str, Any]]:
    """Say of each behaviour what was seen and expected, and whom the fixed rule of other tools would flag, here and in the copy."""
    rows = []
    for kind, window, test, copy in zip(found.kinds, found.windows, found.squads.tests, found.copy.tests, strict=True):
        expected = float(test.edges_null.mean()) if test.edges_null.size else 0.0
        rows.append(
            {
                "behaviour": kind,
                "window_s": window,
                "tested": int(test.account.size),
                "partners": int(test.source.size),
                "by_chance": expected,
                "chance_ratio": test.source.size / expected if expected else None,
                "rule": int((test.partners > 0).sum()),
                "rule_copy": int((copy.partners > 0).sum()),
                "inflation": test.inflation,
                "left_out": int(test.left_out.objects.size),
            }
        )
    return rows


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts and tables: windows, behaviours, then the dossier."""
    listed = []
    if made["windows"].num_rows:
        listed.append(
            Figure(
                name="windows",
                kind="bars",
                table="windows",
                title=message("coordination.figure.windows"),
                x="window_s",
                y=("excess",),
                series="behaviour",
                note=message("coordination.figure.windows_note"),
            )
        )
    listed.append(
        Figure(
            name="tested",
            kind="table",
            table="tested",
            title=message("coordination.figure.tested"),
            y=tuple(TESTED.names),
            note=message("coordination.figure.tested_note"),
        )
    )
    if made["apart"].num_rows:
        title, note = message("coordination.figure.apart"), message("coordination.figure.apart_note")
        listed.append(Figure(name="apart", kind="table", table="apart", title=title, y=tuple(APART.names), note=note))
    alone = "boosted" in made and len(set(made["objects"]["network"].to_pylist())) < 2
    for name in SHOWN:
        if name in made and made[name].num_rows:
            columns = SHORT.get(name, tuple(made[name].column_names))
            columns = tuple(c for c in columns if not (alone and c == "network"))
            title = message(f"coordination.figure.{name}")
            listed.append(Figure(name=name, kind="table", table=name, title=title, y=columns))
    if made["pace"].num_rows:
        listed.insert(0, _drawn("pace", "timeline", x="start_us", y="posts"))
    if "hours" in made and 0 < len(set(made["hours"]["network"].to_pylist())) <= MOST_SERIES:
        place = next(i for i, one in enumerate(listed) if one.name == "hours")
        listed[place] = _drawn("hours", "bars", x="hour", y="share")
    return tuple(listed)


def _drawn(name: str, kind: str, *, x: str, y: str) -> Figure:
    """Draw a table of the networks, each a series."""
    return Figure(name=name, kind=kind, table=name, title=message(f"coordination.figure.{name}"), x=x, y=(y,), series="network")


def _behaviour(kind: str) -> str:
    """Give the key of a behaviour's name, which is said in the reader's language."""
    return f"coordination.values.behaviour.{kind}"


def apart(one: Apart) -> Rival:
    """Ask whether the largest network is a community with objects of its own."""
    return Rival(name="apart", statement=message("coordination.rival.apart"), status=one.status, statistic=one.share)


def notes(found: Found, gathered: list[Acts], parts: list[Acts], beside: list[Apart]) -> tuple[Message, ...]:
    """Remark on the shuffled copy, the rule of other tools, behaviours and objects left out, and networks too small to name."""
    rows = _tested(found)
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
