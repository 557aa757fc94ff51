"""Is this a table of cascades? One row per node of a tree: which cascade, which node, from which parent.

A parent that is empty, negative or the node itself marks the root. ``minutes`` (``seconds``, ``hours``) is time since
the cascade's start; ``at`` is a date. Users that are mere row numbers within a cascade are written ``cascade/user``.
A table of one row per cascade with its label gives a group whose member is ``cascade:ID``.
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Group, Record, TreeNode
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, local_ids, padded, saw, unknown_names
from .fields import called, ident, number, time_us
from .names import Aliases

NAME = "cascades"
CONTAINER = "table"
PRIORITY = -1
COLUMNS: Aliases = {
    "cascade": "cascadeid tree treeid arbre",
    "node": "nodeid noeud",
    "parent": "parentid parentnode",
    "account_id": "user userid account author utilisateur compte",
    "seconds": "secondes",
    "minutes": "",
    "hours": "heures",
    "at": "createdat timestamp date",
    "label": "etiquette class classe veracity",
    "platform": "plateforme",
}
_SCALES = {"seconds": 1_000_000, "minutes": 60_000_000, "hours": 3_600_000_000}


def recognise(sample: Sample) -> str | None:
    """Accept a table with cascade, node and parent, or with cascade and label."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS)
    if {"cascade", "label"} <= at.keys() and "node" not in at:
        return None
    missing = [name for name in ("cascade", "node", "parent") if name not in at]
    return f"no column for {', '.join(missing)} of a cascade; {saw(sample)}" if missing else None


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to one node, or to one label."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    platform_of = given_platform(sample, at)
    i_cascade, i_node, i_parent, i_account, i_at = (at.get(n, width) for n in ("cascade", "node", "parent", "account_id", "at"))
    unit = next((name for name in _SCALES if name in at), "minutes")
    i_since, scale = at.get(unit, width), _SCALES[unit]
    local = local_ids(sample, (i_account,), i_cascade)
    day_first, zone = dates(sample, i_at)

    def map_label(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        cascade, label = ident(row[i_cascade]), called(row[at["label"]])
        if cascade is None:
            raise BadRecord(message("reasons.label_without_cascade"))
        return [Group(platform_of(row), f"cascade:{cascade}", label)] if label else []

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        cascade, node, parent, account = ident(row[i_cascade]), ident(row[i_node]), ident(row[i_parent]), ident(row[i_account])
        if cascade is None or node is None:
            raise BadRecord(message("reasons.node_unnamed"))
        if parent == node or (parent and parent[0] == "-" and parent[1:].isdigit()):
            parent = None
        since = number(row[i_since])
        when = time_us(row[i_at], day_first=day_first, zone=zone) if since is None else _micros(since, scale)
        if local and account is not None:
            account = f"{cascade}/{account}"
        return [TreeNode(platform_of(row), cascade, node, parent, account, when)]

    return map_row if "node" in at else map_label


def _micros(since: float, scale: int) -> int:
    if abs(since * scale) > 1e18:
        raise BadRecord(message("reasons.long_since", seen=str(since)))
    # Minutes as 32-bit floats are good to some milliseconds: 0.45 is 27 s, not 26.999999 s.
    return round(since * scale / 1000) * 1000
