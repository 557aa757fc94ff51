"""How do the records of one piece become Arrow rows? Sorted by table, hashed one by one, laid out in columns.

Every row carries the record number it came from (1-based, counted within the piece) and a 64-bit ``row_hash`` of its
content. Two rows of equal content have equal hashes; the store adds a row only if its hash is new, so that the stored
rows are a set, whatever the order of the files. With 10 million rows two different ones share a hash with probability
3e-6.

Records stay in one list until the piece is read; sorting them by table then takes a few passes over whole lists, a
third of what sorting each one on arrival takes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agorascope.records import TABLES, Record, to_arrow

_OFTEN_EQUAL = ("accounts", "account_counters")
_PACK = msgspec.msgpack.Encoder()
_NUMBER = {struct: number for number, struct in enumerate(TABLES.values())}
_post_id = attrgetter("post_id")

Numbers = NDArray[np.int64]


def tables(found: Sequence[Record], numbers: Numbers) -> tuple[dict[str, pa.Table], pa.Table]:
    """Make one Arrow table per kind of record, and list the posts that are a record's own (``Mapped.own``).

    ``numbers``, ascending, shape (n,), has the record number of each of ``found``. Posts without id are given one.
    """
    sorted_rows = _by_table(found, numbers)
    posts, of = sorted_rows.get("posts", ([], np.empty(0, np.int64)))
    if not all(map(_post_id, posts)):
        _identify(found, numbers, of[[not post for post in map(_post_id, posts)]])
    return {name: _table(name, *rows) for name, rows in sorted_rows.items()}, _own(posts, of)


def _by_table(found: Sequence[Record], numbers: Numbers) -> dict[str, tuple[list[Any], Numbers]]:
    kinds = np.fromiter(map(_NUMBER.__getitem__, map(type, found)), np.int8, len(found))
    sorted_rows = {}
    for name, struct in TABLES.items():
        places = np.flatnonzero(kinds == _NUMBER[struct])
        if len(places):
            sorted_rows[name] = ([found[i] for i in places.tolist()], numbers[places])
    return sorted_rows


def _identify(found: Sequence[Record], numbers: Numbers, nameless: Numbers) -> None:
    """Give all that comes with a post without id the hash of their common content as id."""
    for number in np.unique(nameless):
        listed = found[np.searchsorted(numbers, number) : np.searchsorted(numbers, number, "right")]
        name = "~" + hashlib.blake2b(_PACK.encode(listed), digest_size=16).hexdigest()
        for record in listed:
            if getattr(record, "post_id", None) == "":
                record.post_id = name  # type: ignore[union-attr]


def _table(name: str, rows: list[Any], numbers: Numbers) -> pa.Table:
    """Hash the rows and make one Arrow table of them; equal rows about an account are kept once, at their first record."""
    packed = [_PACK.encode(row) for row in rows]
    if name in _OFTEN_EQUAL:
        kept = sorted(dict(zip(reversed(packed), range(len(rows) - 1, -1, -1), strict=True)).values())
        rows, numbers, packed = [rows[i] for i in kept], numbers[kept], [packed[i] for i in kept]
    return to_arrow(name, rows).append_column("record", pa.array(numbers)).append_column("row_hash", _hashes(packed))


def _own(posts: list[Any], numbers: Numbers) -> pa.Table:
    """List the posts that came for themselves, leaving out those another one of the same record refers to."""
    row = np.arange(len(posts))
    together = np.bincount(numbers)[numbers] > 1 if len(posts) else row
    if together.any():
        several = [(n, posts[i]) for i, n in zip(row[together].tolist(), numbers[together].tolist(), strict=True)]
        carried = {(n, ref) for n, p in several for ref in (p.repost_of, p.quote_of, p.reply_to) if ref}
        came_along = np.zeros(len(posts), bool)
        came_along[together] = [(n, p.post_id) in carried for n, p in several]
        row = row[~came_along]
        posts = [posts[i] for i in row.tolist()]
    return pa.table({"row": row, "id_hash": _hashes(f"{p.platform}\0{p.post_id}".encode() for p in posts)})


def _hashes(packed: Iterable[bytes]) -> pa.Array:
    blake = hashlib.blake2b
    digests = b"".join([blake(p, digest_size=8).digest() for p in packed])
    return pa.Array.from_buffers(pa.int64(), len(digests) // 8, [None, pa.py_buffer(digests)])
