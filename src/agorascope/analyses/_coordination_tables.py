"""Which tables does coordination publish? Networks (``units``), ties, accounts, acts, windows and behaviours."""

from typing import Any

import numpy as np
import pyarrow as pa

from ._coordination_apart import Apart, counts
from ._coordination_dossier import Dossier
from ._coordination_networks import Found, named

EDGES = pa.schema(
    [
        ("source", pa.string()),
        ("target", pa.string()),
        ("source_platform", pa.string()),
        ("target_platform", pa.string()),
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
        ("counted", pa.bool_()),
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
        ("accounts_found", pa.int64()),
        ("near_share", pa.float64()),
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
        ("unused", pa.int64()),
        ("unplaced_share", pa.float64()),
    ]
)
PACE = pa.schema([("network", pa.string()), ("start_us", pa.int64()), ("posts", pa.int64())])
APART = pa.schema(
    [("network", pa.string()), ("counted", pa.bool_()), ("apart", pa.string()), ("reacting", pa.string())]
    + [(name, pa.float64()) for name in ("inside_share", "rest_share", "dealt_ratio", "quick_share", "quick_rest_share")]
    + [("gap_s", pa.float64())]
    + [(f"{name}_share{end}", pa.float64()) for name, end in (("steady", ""), ("steady", "_low"), ("steady", "_high"))]
    + [(name, pa.float64()) for name in ("instant_share", "instant_share_low", "own_share")]
)
MOST_SERIES = 5
DAY_US = 86_400_000_000
MOST_DAYS = 400
MONDAY = 3  # 1970-01-01 was a Thursday


def units(found: Found, about: Dossier | None, acts: pa.Table, beside: list[Apart]) -> list[dict[str, Any]]:
    """Describe every network: what the test says of it, whether it looks like a community apart, then what its dossier says."""
    rows = []
    asked = {one.network: one for one in beside}
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
                "counted": name in asked and asked[name].counts,
                "apart": asked[name].status if name in asked else None,
                "reacting": asked[name].reacting if name in asked else None,
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


def tables(found: Found, about: Dossier | None, acts: pa.Table, beside: list[Apart], q: float) -> dict[str, pa.Table]:
    """Make every published table: ties, accounts tested, acts behind the ties, windows, behaviours, and the dossier's.

    An account below ``q`` that is in no network owes its surprise to nobody found, or to fewer than five: its q-value is 1.
    """
    counted = np.array([*counts(beside, found.number), False])  # the last: in no network (-1)
    seen = found.squads
    kinds = np.array(found.kinds, dtype=object)
    ids = found.accounts["account_id"]
    edges = {
        "source": ids.take(pa.array(seen.source)),
        "target": ids.take(pa.array(seen.target)),
        "source_platform": found.accounts["platform"].take(pa.array(seen.source)),
        "target_platform": found.accounts["platform"].take(pa.array(seen.target)),
        "weight": pa.array(seen.weight),
        "network": named(seen.network[seen.source]),
        "behaviours": pa.array([" ".join(kinds[row]) for row in seen.seen_in], pa.string()),
    }
    accounts = {
        "platform": found.accounts["platform"],
        "account_id": ids,
        "p_value": pa.array(seen.p_value),
        "q_value": pa.array(np.where((seen.network < 0) & (seen.q_value <= q), 1.0, seen.q_value)),
        "in_network": pa.array(seen.network >= 0),
        "network": named(seen.network),
        "counted": pa.array(counted[seen.network]),
    }
    return {
        "edges": pa.table(edges, schema=EDGES).combine_chunks(),
        "accounts": pa.table(accounts, schema=ACCOUNTS).combine_chunks(),
        "acts": acts,
        "pace": _pace(acts),
        "apart": pa.Table.from_pylist(
            [
                {
                    "network": a.network,
                    "counted": a.counts,
                    "apart": a.status,
                    "reacting": a.reacting,
                    "own_share": a.share,
                    "inside_share": a.inside,
                    "rest_share": a.others,
                    "dealt_ratio": a.dealt,
                    "quick_share": a.quick,
                    "quick_rest_share": a.quick_others,
                    "gap_s": a.gaps.median if a.gaps else None,
                    "steady_share": a.gaps.steady if a.gaps else None,
                    "steady_share_low": a.gaps.low if a.gaps else None,
                    "steady_share_high": a.gaps.high if a.gaps else None,
                    "instant_share": a.gaps.instant if a.gaps else None,
                    "instant_share_low": a.gaps.instant_low if a.gaps else None,
                }
                for a in beside
            ],
            APART,
        ),
        "windows": pa.Table.from_pylist(_windows(found), WINDOWS),
        "tested": pa.Table.from_pylist(tested_rows(found), TESTED),
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
            "accounts_found": one.found,
            "near_share": one.near,
            "kept": one.window == window,
        }
        for kind, window, looked in zip(found.kinds, found.windows, found.tried, strict=True)
        for one in looked
    ]


def tested_rows(found: Found) -> list[dict[str, Any]]:
    """Say of each behaviour what was seen and expected, and whom the fixed rule of other tools would flag, here and in the copy."""
    rows = []
    seen = zip(found.kinds, found.windows, found.squads.tests, found.copy.tests, found.unused, strict=True)
    for kind, window, test, copy, unused in seen:
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
                "unused": unused,
                "unplaced_share": test.lost,
            }
        )
    return rows
