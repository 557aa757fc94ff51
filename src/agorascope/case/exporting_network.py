"""What network does a finding publish? Its tables ``edges`` and ``accounts``, put together as nodes and ties.

One row of ``edges`` is a tie: ``source, target`` (account ids), ``weight`` (1 where there is none), ``directed`` (true where the
tie leads from source to target; without that column every tie is mutual), and any further columns. One row of ``accounts`` is an
account: ``account_id``, ``network`` (its community), ``in_network``, names and figures. The nodes are the accounts that have a tie
or are in a network; accounts tested that are neither stay in the table, which every other format exports.

Where ``edges`` say ``source_platform, target_platform`` and ``accounts`` a ``platform``, an account is a platform and an id. A node
is called by its id alone, and ``platform:id`` where that id stands on several platforms in this network.

Limits: the nodes are held in memory, the ties as the columns they are stored in.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from agorascope.findings import Finding

from .exporting_masked import as_text

# Okabe and Ito 2008, "Color Universal Design", without black and with the grey kept for accounts of no network.
PALETTE = ((0, 114, 178), (230, 159, 0), (0, 158, 115), (213, 94, 0), (86, 180, 233), (204, 121, 167), (240, 228, 66))
GREY = (153, 153, 153)
SIZES = (4.0, 40.0)
BATCH = 10_000
_PLATFORMS = ("source_platform", "target_platform")
_APART = "\x1f"
_OWN = frozenset({"id", "label", "weighted_degree", "size", "r", "g", "b", "x", "y", "z", "viz", "weight", "source", "target"})


@dataclass(frozen=True)
class Network:
    """Hold nodes by position: ``ids``, ``labels`` and ``groups`` (None: of no network), ``degree`` (n,), ``accounts`` (n rows).

    ``edges`` has ``source, target`` (positions), ``weight``, ``directed`` and the further columns of the finding's table.
    """

    ids: list[str]
    labels: list[str]
    groups: list[str | None]
    degree: NDArray[np.float64]
    accounts: pa.Table
    edges: pa.Table
    directed: bool

    def members(self) -> dict[str, list[int]]:
        """Give the positions of the accounts in each network, the largest network first."""
        positions: dict[str, list[int]] = {}
        for position, group in enumerate(self.groups):
            if group is not None:
                positions.setdefault(group, []).append(position)
        return dict(sorted(positions.items(), key=lambda item: (-len(item[1]), item[0])))

    def colours(self) -> list[tuple[int, int, int]]:
        """Give each node the colour of its network; the seven largest networks have one each, then they come again."""
        counts = Counter(g for g in self.groups if g is not None)
        ranked = sorted(counts, key=lambda g: (-counts[g], g))
        colour = {g: PALETTE[i % len(PALETTE)] for i, g in enumerate(ranked)}
        return [GREY if g is None else colour[g] for g in self.groups]

    def sizes(self) -> NDArray[np.float64]:
        """Give each node an area that grows with its weighted degree, between the two ``SIZES``."""
        low, high = SIZES
        top = float(self.degree.max(initial=0.0))
        return np.full(len(self.ids), low) if top <= 0 else np.round(low + (high - low) * np.sqrt(self.degree / top), 3)

    def ties(self) -> Iterator[pa.RecordBatch]:
        """Give the edges in batches of bounded size."""
        yield from self.edges.to_batches(max_chunksize=BATCH)


def read(finding: Finding) -> Network | None:
    """Put the network of a finding together; None if it publishes none. Cost O(edges + accounts)."""
    edges = finding.tables.get("edges")
    if edges is None or not {"source", "target"} <= set(edges.column_names):
        return None
    accounts = finding.tables.get("accounts")
    if accounts is None or "account_id" not in accounts.column_names:
        accounts = pa.table({"account_id": pa.array([], pa.string())})
    edges = edges.filter(pc.and_(pc.is_valid(edges["source"]), pc.is_valid(edges["target"])))
    told = {*_PLATFORMS} <= set(edges.column_names) and "platform" in accounts.column_names
    source, target = (_key(edges, end, f"{end}_platform" if told else None) for end in ("source", "target"))
    known = _key(accounts, "account_id", "platform" if told else None)
    nodes = _nodes(accounts, known, pa.concat_arrays([source, target]))
    accounts = _described(accounts.take(pc.index_in(nodes, known)), nodes, told)
    start, end = (pc.index_in(c, nodes).cast(pa.int64()) for c in (source, target))
    weight = _weights(edges)
    degree = sum(np.bincount(np.asarray(c), weights=weight, minlength=len(nodes)) for c in (start, end))
    towards = _directed(edges)
    ties = {"source": start, "target": end, "weight": pa.array(weight), "directed": pa.array(towards)}
    names = _names(accounts, told)
    return Network(
        ids=names,
        labels=_labels(accounts, names),
        groups=_groups(accounts),
        degree=np.maximum(np.asarray(degree, dtype=np.float64), 0.0),
        accounts=_own(accounts),
        edges=pa.table(ties | {_free(n): edges[n] for n in edges.column_names if n not in ties and not (told and n in _PLATFORMS)}),
        directed=bool(towards.size) and bool(towards.all()),
    )


def _key(table: pa.Table, name: str, platform: str | None) -> pa.Array:
    """Name accounts by platform and id, or by id alone where no platform is told."""
    ids = _one(as_text(table[name]))
    if platform is None:
        return ids
    return pc.binary_join_element_wise(pc.fill_null(_one(as_text(table[platform])), ""), ids, _APART)


def _described(accounts: pa.Table, nodes: pa.Array, told: bool) -> pa.Table:
    """Give each node its id, and its platform where told, also where the table of accounts does not hold it."""
    parts = pc.split_pattern(nodes, _APART, max_splits=1) if told else None
    ids = nodes if parts is None else pc.list_element(parts, 1) if len(nodes) else nodes
    accounts = accounts.set_column(accounts.column_names.index("account_id"), "account_id", ids)
    if parts is None or not len(nodes):
        return accounts
    platform = pc.list_element(parts, 0)
    platform = pc.if_else(pc.equal(platform, ""), None, platform)
    return accounts.set_column(accounts.column_names.index("platform"), "platform", platform)


def _names(accounts: pa.Table, told: bool) -> list[str]:
    """Call each node by its id, with the platform before it where the id stands on several."""
    ids: list[str] = as_text(accounts["account_id"]).to_pylist()
    if not told:
        return ids
    count, platforms = Counter(ids), as_text(accounts["platform"]).to_pylist()
    return [i if count[i] == 1 else f"{platform or ''}:{i}" for i, platform in zip(ids, platforms, strict=True)]


def _nodes(accounts: pa.Table, known: pa.Array, ends: pa.Array) -> pa.Array:
    """Name the nodes: accounts with a tie or in a network as their table has them, then whoever is only in a tie."""
    tied = pc.unique(ends)
    kept = pc.is_in(known, tied)
    if "in_network" in accounts.column_names:
        kept = pc.or_(kept, pc.fill_null(_one(accounts["in_network"]), False))
    elif "network" in accounts.column_names:
        kept = pc.or_(kept, pc.is_valid(_one(accounts["network"])))
    listed = pc.unique(known.filter(pc.and_(kept, pc.is_valid(known))))
    return pa.concat_arrays([listed, tied.filter(pc.invert(pc.is_in(tied, listed)))])


def _labels(accounts: pa.Table, ids: list[str]) -> list[str]:
    """Call each node by its name or handle where the table gives one, else by its id."""
    labels: list[str | None] = [None] * len(ids)
    for column in ("name", "display_name", "handle"):
        if column in accounts.column_names:
            labels = [a or b for a, b in zip(labels, as_text(accounts[column]).to_pylist(), strict=True)]
    return [a or b for a, b in zip(labels, ids, strict=True)]


def _groups(accounts: pa.Table) -> list[str | None]:
    if "network" not in accounts.column_names:
        return [None] * accounts.num_rows
    groups: list[str | None] = as_text(accounts["network"]).to_pylist()
    if "in_network" not in accounts.column_names:
        return groups
    inside = accounts["in_network"].to_pylist()
    return [g if i else None for g, i in zip(groups, inside, strict=True)]


def _weights(edges: pa.Table) -> NDArray[np.float64]:
    if "weight" not in edges.column_names:
        return np.ones(edges.num_rows)
    weight = np.asarray(pc.fill_null(_one(edges["weight"].cast(pa.float64())), 1.0), dtype=np.float64)
    return np.where(np.isfinite(weight), weight, 1.0)


def _directed(edges: pa.Table) -> NDArray[np.bool_]:
    if "directed" not in edges.column_names:
        return np.zeros(edges.num_rows, dtype=bool)
    return np.asarray(pc.fill_null(_one(edges["directed"].cast(pa.bool_())), False).to_numpy(zero_copy_only=False), dtype=bool)


def _own(table: pa.Table) -> pa.Table:
    return table.rename_columns([_free(n) for n in table.column_names])


def _free(name: str) -> str:
    """Rename a column that a graph format uses for itself."""
    return f"{name}_" if name in _OWN else name


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
