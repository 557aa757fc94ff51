"""Which tables and charts does the analysis of the corpus without its networks publish? Lists, objects, volume and shares."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.findings import Figure
from agorascope.stats.families import holm
from agorascope.texts import message

from ._counterfactual_estimate import Compared, List, shares
from ._counterfactual_reduce import DAY_US, Acts, Posted, shown

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FEWEST = 5  # members an object must have for a number of theirs to be shown
ENDS = (0.025, 0.975)
RANKINGS = pa.schema(
    [("ranking", pa.string())]
    + [(n, pa.int64()) for n in ("places", "changed")]
    + [
        (n, pa.float64())
        for n in ("share", "low", "high", "random_share", "random_share_low", "random_share_high", "p_value", "q_value")
    ]
    + [(n, pa.int64()) for n in ("list_places", "list_changed", "list_ties", "trends", "trends_lost")]
    + [("networks_share", pa.float64())]
    + [(n, pa.int64()) for n in ("fall_place", "fall_without", "fall_without_low", "fall_without_high")]
    + [("fall_p_value", pa.float64())]
)
RANKS = pa.schema(
    [("ranking", pa.string()), ("object", pa.string()), ("account_id", pa.string())]
    + [(n, pa.int64()) for n in ("place", "place_without", "place_without_low", "place_without_high")]
    + [("place_random", pa.float64()), ("acts", pa.int64()), ("acts_without", pa.int64()), ("networks_share", pa.float64())]
    + [("leaves", pa.bool_())]
)
TRENDS = pa.schema(
    [("ranking", pa.string()), ("object", pa.string()), ("account_id", pa.string())]
    + [(n, pa.int64()) for n in ("slices", "first_us", "last_us")]
)
VOLUME = pa.schema([("start_us", pa.int64()), ("posts", pa.int64()), ("posts_without", pa.int64())])
SHARES = pa.schema(
    [("measure", pa.string()), ("number", pa.int64()), ("networks", pa.int64())]
    + [(n, pa.float64()) for n in ("share", "share_low", "share_high", "others_share")]
)


def units(found: list[Acts], lists: list[List], compared: list[Compared]) -> list[dict[str, Any]]:
    """Describe every ranking; q-values are Holm's over the rankings."""
    rows = [_unit(*one) for one in zip(found, lists, compared, strict=True)]
    adjusted = holm([row["p_value"] for row in rows])
    return [row | {"q_value": q} for row, q in zip(rows, adjusted, strict=True)]


def _unit(one: Acts, of: List, c: Compared) -> dict[str, Any]:
    places, changed = of.top + int(c.trend.sum()), c.without.changed + c.without.trends
    random = c.random_changed + c.random_trends
    low, high = _range(changed, c.back_changed + c.back_trends)
    at = fallen(c)
    ends = _range(int(c.without.place[c.listed[at]]), c.back_place[:, at])
    return {
        "ranking": one.name,
        "places": places,
        "changed": changed,
        "share": changed / places,
        "low": low / places,
        "high": high / places,
        "random_share": float(random.mean()) / places,
        "random_share_low": float(np.quantile(random, ENDS[0])) / places,
        "random_share_high": float(np.quantile(random, ENDS[1])) / places,
        "p_value": _chance(changed, random),
        "q_value": None,
        "list_places": of.top,
        "list_changed": c.without.changed,
        "list_ties": c.tied.changed,
        "trends": int(c.trend.sum()),
        "trends_lost": c.without.trends,
        "networks_share": int((c.full - c.without.counts)[c.listed].sum()) / int(c.full[c.listed].sum()),
        "fall_place": int(c.place[c.listed[at]]) + 1,
        "fall_without": int(c.without.place[c.listed[at]]) + 1,
        "fall_without_low": int(ends[0]) + 1,
        "fall_without_high": int(ends[1]) + 1,
        "fall_p_value": _chance(c.without.fall, c.random_fall),
    }


def fallen(c: Compared) -> int:
    """Find in the list the object that falls most, its new place over its old one."""
    return int(np.argmax((c.without.place[c.listed] + 1) / (c.place[c.listed] + 1)))


def total(rows: list[dict[str, Any]], compared: list[Compared]) -> dict[str, Any]:
    """Add up the places of all lists: how many change, within which range, and in as many random accounts."""
    places, changed = sum(r["places"] for r in rows), sum(r["changed"] for r in rows)
    back = np.sum([c.back_changed + c.back_trends for c in compared], axis=0)
    random = np.sum([c.random_changed + c.random_trends for c in compared], axis=0)
    low, high = _range(changed, back)
    return {
        "places": places,
        "changed": changed,
        "share": changed / places,
        "low": low / places,
        "high": high / places,
        "random": float(random.mean()) / places,
        "random_low": float(np.quantile(random, ENDS[0])) / places,
        "random_high": float(np.quantile(random, ENDS[1])) / places,
        "p_value": _chance(changed, random),
    }


def tables(
    found: list[Acts],
    lists: list[List],
    compared: list[Compared],
    everyone: Posted,
    member: Bools,
    back: Ints,
    others: Ints,
    rows: list[dict[str, Any]],
) -> dict[str, pa.Table]:
    """Make every published table."""
    each = list(zip(found, lists, compared, strict=True))
    return {
        "rankings": pa.Table.from_pylist(rows, RANKINGS),
        "ranks": pa.Table.from_pylist([row for one in each for row in _ranks(*one)], RANKS),
        "trends": pa.Table.from_pylist([row for one in each for row in _trends(*one, everyone.starts)], TRENDS),
        "volume": _volume(everyone, member),
        "shares": pa.Table.from_pylist(_shares(everyone, member, back, others), SHARES),
    }


def _ranks(one: Acts, of: List, c: Compared) -> list[dict[str, Any]]:
    """List the objects of the list, and those that would take a place in it; numbers of one to four members are not given."""
    names = shown(one)
    after = np.argsort(c.without.place)[: of.top]
    entering = [int(i) for i in after if c.place[i] >= of.top]
    rows = []
    for at, i in enumerate([*c.listed.tolist(), *entering]):
        hidden = 0 < c.members[i] < FEWEST
        listed = at < of.top
        ends = np.quantile(c.back_place[:, at], ENDS, method="inverted_cdf") if listed else None
        rows.append(
            _named(one, names[i])
            | {
                "place": int(c.place[i]) + 1,
                "place_without": int(c.without.place[i]) + 1,
                "place_without_low": None if ends is None else int(min(ends[0], c.without.place[i])) + 1,
                "place_without_high": None if ends is None else int(max(ends[1], c.without.place[i])) + 1,
                "place_random": float(c.random_place[:, at].mean()) + 1 if listed else None,
                "acts": int(c.full[i]),
                "acts_without": None if hidden else int(c.without.counts[i]),
                "networks_share": None if hidden else 1 - int(c.without.counts[i]) / int(c.full[i]),
                "leaves": bool(listed and c.without.place[i] >= of.top),
            }
        )
    return rows


def _trends(one: Acts, of: List, c: Compared, starts: Ints) -> list[dict[str, Any]]:
    """List the objects that were among the first of a slice only because of the networks, most often first."""
    names = shown(one)
    lost = np.flatnonzero(c.without.lost)
    rows = []
    for i in np.unique(of.seen.object_of[lost]).tolist():
        when = starts[of.seen.slice_of[lost[of.seen.object_of[lost] == i]]]
        rows.append(_named(one, names[i]) | {"slices": when.size, "first_us": int(when.min()), "last_us": int(when.max())})
    return sorted(rows, key=lambda r: (-r["slices"], r["first_us"], str(r["object"] or r["account_id"])))


def _named(one: Acts, name: str) -> dict[str, Any]:
    about = one.name == "account"
    return {"ranking": one.name, "object": None if about else name, "account_id": name if about else None}


def _volume(everyone: Posted, member: Bools) -> pa.Table:
    own = np.append(member, False)[everyone.account]
    known = everyone.piece >= 0
    counted = [
        np.bincount(everyone.piece[known], everyone.posts[known] * keep[known], minlength=everyone.starts.size).astype(np.int64)
        for keep in (np.ones(own.size), ~own)
    ]
    return pa.Table.from_arrays([pa.array(column) for column in (everyone.starts, *counted)], schema=VOLUME)


def _shares(everyone: Posted, member: Bools, back: Ints, others: Ints) -> list[dict[str, Any]]:
    """Give the share of accounts, posts and reposts, with the least it could be, and that of as many others."""
    rows = []
    counts = {"accounts": np.ones(member.size, np.int64), "posts": everyone.of(everyone.posts)}
    counts["reposts"] = everyone.of(everyone.reposts)
    whole = {"accounts": member.size, "posts": int(everyone.posts.sum()), "reposts": int(everyone.reposts.sum())}
    for name, by_account in counts.items():
        if whole[name]:
            own, known = int(by_account[member].sum()), int(by_account.sum())
            part, share = known / whole[name], own / whole[name]
            low = float(np.quantile(shares(by_account, back), ENDS[0])) * part
            drawn = float(shares(by_account, others).mean()) * part
            row = {"measure": name, "number": whole[name], "networks": own, "share": share, "others_share": drawn}
            rows.append(row | {"share_low": min(low, share), "share_high": share})
    return rows


def figures(made: dict[str, pa.Table], width_us: int) -> tuple[Figure, ...]:
    """Describe the charts: lists, objects, trends, volume and shares."""
    slices = slice_of(width_us)
    listed = [
        Figure(
            name="rankings",
            kind="bars",
            table="rankings",
            title=message("counterfactual.figure.rankings"),
            x="ranking",
            y=("share",),
            band=("low", "high"),
            note=message("counterfactual.figure.rankings_note"),
        ),
        Figure(
            name="volume",
            kind="timeline",
            table="volume",
            title=message(f"counterfactual.figure.volume_{slices}"),
            x="start_us",
            y=("posts", "posts_without"),
        ),
    ]
    for name in ("ranks", "trends", "shares"):
        if made[name].num_rows:
            title = message("counterfactual.figure.trends_" + slices if name == "trends" else f"counterfactual.figure.{name}")
            note = message("counterfactual.figure.ranks_note") if name == "ranks" else None
            listed.append(Figure(name=name, kind="table", table=name, title=title, y=tuple(made[name].column_names), note=note))
    return tuple(listed)


def _range(value: int, drawn: Ints) -> tuple[float, float]:
    """Give the ends of the draws, the value itself always within."""
    low, high = np.quantile(drawn, ENDS)
    return min(float(low), value), max(float(high), value)


def _chance(value: float, drawn: npt.NDArray[Any]) -> float:
    """Give the share of draws that change as much or more."""
    return (1 + int((drawn >= value).sum())) / (1 + drawn.size)


def slice_of(width_us: int) -> str:
    """Name a slice by its length in µs."""
    return "day" if width_us == DAY_US else "week"
