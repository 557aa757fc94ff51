"""Which tables and charts does the analysis of operators over time publish? Chains, groups, pairs tested, numbers of accounts."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.findings import Figure
from agorascope.texts import message

from ._timeline_estimate import MAJORITY, Found, Group, Pair, accounts_of
from ._timeline_reduce import Acts, end

Ints = npt.NDArray[np.int64]
LONGEST = 80
GROUPS = pa.schema(
    [("network", pa.string()), ("chain", pa.string())]
    + [(n, pa.int64()) for n in ("start_us", "end_us", "accounts", "acts", "active")]
    + [("account", pa.string()), ("object", pa.string()), ("kind", pa.string()), ("share", pa.float64())]
)
PAIRS = pa.schema(
    [("network", pa.string()), ("chain", pa.string())]
    + [(n, pa.int64()) for n in ("before_us", "after_us", "before", "after", "overlap")]
    + [("again_before", pa.int64()), ("expected_before", pa.float64()), ("p_before", pa.float64())]
    + [("again_after", pa.int64()), ("expected_after", pa.float64()), ("p_after", pa.float64())]
    + [("p_value", pa.float64()), ("q_value", pa.float64())]
    + [("active", pa.int64()), ("expected_active", pa.float64()), ("p_active", pa.float64())]
    + [("members", pa.int64()), ("expected_members", pa.float64()), ("p_members", pa.float64())]
    + [("targets", pa.string())]
)
MARKS = pa.schema([("start_us", pa.int64()), ("end_us", pa.int64()), ("label", pa.string())])
SERIES = pa.schema([("start_us", pa.int64()), ("network", pa.string()), ("accounts", pa.int64())])


class Pushed(NamedTuple):
    """Say what a group pushed most in a slice: an account or an object of a kind, and its share of their acts."""

    account: str | None
    object: str | None
    kind: str
    share: float


class Told(NamedTuple):
    """Hold all there is to tell: acts, what was tested, what each group pushed, and the starts of the slices (µs)."""

    acts: Acts
    seen: Found
    pushed: list[Pushed]
    starts: Ints
    by: str

    def of(self, group: Group) -> Pushed:
        """Give what a group pushed."""
        return self.pushed[[(g.network, g.slice) for g in self.seen.groups].index((group.network, group.slice))]

    def start(self, group: Group) -> int:
        """Give the start of a group's slice, µs."""
        return int(self.starts[group.slice])


def pushed(acts: Acts, group: Group) -> Pushed:
    """Find what most of a group's acts boost: the account reposted or replied to, else the object; the first by name of equals."""
    rows = pa.array(group.acts)
    columns = [getattr(acts, name).take(rows).to_pylist() for name in ("target", "name", "kind")]
    counts: dict[tuple[str, str, bool], int] = {}
    for target, name, kind in zip(*columns, strict=True):
        key = (kind, target if target is not None else name, target is not None)
        counts[key] = counts.get(key, 0) + 1
    (kind, value, account), most = min(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = value if len(value) <= LONGEST else value[:LONGEST] + "…"
    return Pushed(value if account else None, None if account else shown, kind, most / len(columns[0]))


def targets(told: Told, pair: Pair) -> str:
    """Say whether two groups pushed the same, something else, or no one thing: half of the acts on one makes it what is pushed."""
    one, other = told.of(pair.before), told.of(pair.after)
    if min(one.share, other.share) < MAJORITY:
        return "scattered"
    return "same" if one[:3] == other[:3] else "changed"


def units(told: Told) -> list[dict[str, Any]]:
    """Describe every chain, that of most accounts first."""
    return [_unit(told, chain, f"c{i + 1}") for i, chain in enumerate(told.seen.chains)]


def _unit(told: Told, chain: list[Group], name: str) -> dict[str, Any]:
    inside = {(g.network, g.slice) for g in chain}
    links = [p for p in told.seen.pairs if {(g.network, g.slice) for g in (p.before, p.after)} <= inside]
    best = likeliest(told, links)
    first, last = told.of(best.before), told.of(best.after)
    return {
        "chain": name,
        "network": f"n{chain[0].network + 1}",
        "accounts": int(accounts_of(chain).size),
        "slices": len(chain),
        "first_us": told.start(chain[0]),
        "last_us": told.start(chain[-1]),
        "before_us": told.start(best.before),
        "account": first.account,
        "object_before": first.object,
        "after_us": told.start(best.after),
        "ref_account_id": last.account,
        "object_after": last.object,
        "targets": targets(told, best),
        "before": int(best.before.accounts.size),
        "after": int(best.after.accounts.size),
        "overlap": best.shared,
        "expected": max(best.back.expected, best.forth.expected),
        "p_value": best.p_value,
        "q_value": best.q_value,
    }


def likeliest(told: Told, pairs: list[Pair]) -> Pair:
    """Choose the pair of least q-value; of equals one with another target, then that of most accounts."""
    return min(
        pairs,
        key=lambda p: (p.q_value, targets(told, p) != "changed", -p.shared, p.before.network, p.before.slice, p.after.slice),
    )


def tables(told: Told) -> dict[str, pa.Table]:
    """Make every published table: groups by slice, pairs tested, numbers of accounts, and stretches to mark."""
    chain = {(g.network, g.slice): f"c{i + 1}" for i, some in enumerate(told.seen.chains) for g in some}
    marks = [
        {"start_us": told.start(some[0]), "end_us": end(told.start(some[-1]), told.by), "label": f"c{i + 1}"}
        for i, some in enumerate(told.seen.chains)
    ]
    return {
        "groups": pa.Table.from_pylist([_group(told, g, chain.get((g.network, g.slice))) for g in told.seen.groups], GROUPS),
        "pairs": pa.Table.from_pylist(
            [_pair(told, p, chain.get((p.before.network, p.before.slice))) for p in told.seen.pairs], PAIRS
        ),
        "series": pa.Table.from_pylist(_series(told), SERIES),
        "chains": pa.Table.from_pylist(sorted(marks, key=lambda r: (r["start_us"], r["label"])), MARKS),
    }


def _group(told: Told, group: Group, chain: str | None) -> dict[str, Any]:
    return {
        "network": f"n{group.network + 1}",
        "chain": chain,
        "start_us": told.start(group),
        "end_us": end(told.start(group), told.by),
        "accounts": int(group.accounts.size),
        "acts": int(group.acts.size),
        "active": told.seen.active[group.slice],
    } | told.of(group)._asdict()


def _pair(told: Told, pair: Pair, chain: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "network": f"n{pair.before.network + 1}",
        "chain": chain,
        "before_us": told.start(pair.before),
        "after_us": told.start(pair.after),
        "before": int(pair.before.accounts.size),
        "after": int(pair.after.accounts.size),
        "overlap": pair.shared,
        "p_value": pair.p_value,
        "q_value": pair.q_value,
        "targets": targets(told, pair),
    }
    for name, one in (("before", pair.back), ("after", pair.forth)):
        row |= {f"again_{name}": one.shared, f"expected_{name}": one.expected, f"p_{name}": one.p_value}
    for name, one in (("active", pair.corpus), ("members", pair.members)):
        row |= {name: one.universe, f"expected_{name}": one.expected, f"p_{name}": one.p_value}
    return row


def _series(told: Told) -> list[dict[str, Any]]:
    """Count the accounts together in every slice of every network that has one, 0 where there are fewer than the least."""
    size = {(g.network, g.slice): int(g.accounts.size) for g in told.seen.groups}
    networks = sorted({g.network for g in told.seen.groups})
    return [
        {"start_us": int(start), "network": f"n{n + 1}", "accounts": size.get((n, s), 0)}
        for n in networks
        for s, start in enumerate(told.starts.tolist())
    ]


def figures(made: dict[str, pa.Table], by: str) -> tuple[Figure, ...]:
    """Describe the charts: accounts together by slice with the chains marked, what was pushed, and the pairs tested."""
    listed = [
        Figure(
            name="series",
            kind="timeline",
            table="series",
            title=message(f"timeline.figure.series_{by}"),
            x="start_us",
            y=("accounts",),
            series="network",
            marks="chains",
            note=message("timeline.figure.series_note"),
        )
    ]
    for name in ("groups", "pairs"):
        columns = tuple(column for column in made[name].column_names if column != "end_us")  # a slice is told by its start
        title, note = message(f"timeline.figure.{name}"), message(f"timeline.figure.{name}_note")
        listed.append(Figure(name=name, kind="table", table=name, title=title, y=columns, note=note))
    return tuple(listed)
