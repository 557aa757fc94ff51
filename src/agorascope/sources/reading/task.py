"""What does one piece of a file hold? The worker's half: payloads in, Arrow rows, raw records and rejects out.

Every row carries the record number it came from (1-based, counted within the task) and a 64-bit ``row_hash`` of its
content. Two rows of equal content have equal hashes; the store adds a row only if its hash is new, so that the
stored rows are a set, whatever the order of the files. With 10 million rows two different ones share a hash with
probability 3e-6.
"""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from agorascope.errors import BadRecord
from agorascope.pieces import Mapped, Quarantined
from agorascope.records import TABLES, Post, Record, to_arrow
from agorascope.sources import Mapper, source

from .bytes import open_bytes
from .probe import Plan, flatten

REASON_CHARS = 300
_FAULT = "unreadable"
"""Key of a raw table row under which the reader's own complaint is kept: no mapper can mend such a row."""
_OFTEN_EQUAL = ("accounts", "account_counters")
_PACK = msgspec.msgpack.Encoder()
RAW_FORMAT: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": False,
    "write_statistics": ["record"],
}
REJECTS = (BadRecord, msgspec.MsgspecError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
_OURS = (BadRecord, msgspec.MsgspecError, UnicodeDecodeError)


@dataclass(frozen=True)
class Task:
    """Name one piece of a file: a byte range of it, bytes read before, table rows or an Arrow batch."""

    plan: Plan
    first: int = 0
    last: int = 0
    data: bytes | None = None
    rows: tuple[tuple[int, tuple[Any, ...], str | None], ...] = ()
    batch: pa.RecordBatch | None = None


def run(task: Task) -> Mapped:
    """Map every payload of a task. Never raises for a bad record.

    The cyclic garbage collector rests meanwhile: nothing here makes cycles, and its passes over the growing lists
    took two thirds of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _run(task)
    finally:
        if was_on:
            gc.enable()


def _run(task: Task) -> Mapped:
    mapper = source(task.plan.source).mapper(task.plan.sample)
    if task.plan.shape in ("lines", "document"):
        texts = _task_bytes(task).split(b"\n")
        if task.plan.sample.container == "table":
            mapper = _flat_mapper(mapper, task.plan)
        return _map(mapper, _json_lines(texts), _same, lines=len(texts) - 1)
    lines = 0 if task.batch is None else task.batch.num_rows
    return _map(mapper, _table_rows(task), _row_as_json(task.plan), lines=lines)


def remap(plan: Plan, rejects: Iterable[Quarantined]) -> Mapped:
    """Map quarantined records again, under their own record numbers."""
    kept = sorted(rejects, key=lambda q: q.record)
    mapper = source(plan.source).mapper(plan.sample)
    decode: Callable[[bytes], tuple[Any, str | None]] = _bytes_alone
    if plan.sample.container == "table":
        if plan.shape in ("lines", "document"):
            mapper = _flat_mapper(mapper, plan)
        else:
            decode = _cells_of(plan)
    return _map(
        mapper,
        ((q.record, q.line, *decode(q.raw)) for q in kept),
        _same,
        originals={q.record: q.raw for q in kept},
    )


Payload = tuple[int, int, Any, str | None]
RawOf = Callable[[Any, str | None], bytes]


def _map(
    mapper: Mapper,
    payloads: Iterable[Payload],
    raw_of: RawOf,
    *,
    lines: int = 0,
    originals: dict[int, bytes] | None = None,
) -> Mapped:
    rows: dict[type, list[Record]] = {struct: [] for struct in TABLES.values()}
    numbers: dict[type, list[int]] = {struct: [] for struct in TABLES.values()}
    raw_numbers: list[int] = []
    raws: list[bytes] = []
    empty: list[int] = []
    rejects: list[Quarantined] = []
    own: list[tuple[int, Post]] = []
    count = 0
    posts: list[Any]
    for number, line, payload, fault in payloads:
        count += 1
        raw = raw_of(payload, fault) if originals is None else originals[number]
        try:
            if fault is not None:
                raise BadRecord(fault)
            found = mapper(payload)
        except REJECTS as error:
            rejects.append(Quarantined(number, line, _reason(error), raw))
            continue
        posts = []
        for record in found:
            kind = type(record)
            rows[kind].append(record)
            numbers[kind].append(number)
            if kind is Post:
                posts.append(record)
        if len(posts) == 1:
            own.append((number, posts[0]))
        elif posts:
            own += [(number, p) for p in _own(posts)]
        elif not found:
            empty.append(number)
        if posts and not posts[0].post_id:
            _identify(found)
        raw_numbers.append(number)
        raws.append(raw)
    tables = {name: _table(name, rows[struct], numbers[struct]) for name, struct in TABLES.items() if rows[struct]}
    packed = pa.BufferOutputStream()
    understood = pa.array(raw_numbers, pa.int64())
    pq.write_table(pa.table([understood, pa.array(raws, pa.binary())], names=["record", "raw"]), packed, **RAW_FORMAT)
    return Mapped(
        count, lines, tables, _own_table(own), understood, pa.array(empty, pa.int64()), packed.getvalue().to_pybytes(), rejects
    )


def _own(posts: list[Post]) -> list[Post]:
    """Leave out the posts another one of the same record refers to: they came along with it."""
    carried = {ref for p in posts for ref in (p.repost_of, p.quote_of, p.reply_to) if ref}
    return [p for p in posts if p.post_id not in carried]


def _own_table(own: list[tuple[int, Post]]) -> pa.Table:
    numbers = [number for number, _ in own]
    platforms, ids, accounts, times = (
        list(map(attrgetter(name), (p for _, p in own))) for name in ("platform", "post_id", "account_id", "created_at_us")
    )
    blake = hashlib.blake2b
    packed = b"".join([blake(f"{p}\0{i}".encode(), digest_size=8).digest() for p, i in zip(platforms, ids, strict=True)])
    return pa.table(
        {
            "record": pa.array(numbers, pa.int64()),
            "platform": pa.array(platforms, pa.string()),
            "post_id": pa.array(ids, pa.string()),
            "id_hash": pa.Array.from_buffers(pa.int64(), len(own), [None, pa.py_buffer(packed)]),
            "account_id": pa.array(accounts, pa.string()),
            "created_at_us": pa.array(times, pa.int64()),
        }
    )


def _identify(found: Iterable[Record]) -> None:
    """Give records of a post without id the hash of their content as id."""
    listed = list(found)
    name = "~" + hashlib.blake2b(_PACK.encode(listed), digest_size=16).hexdigest()
    for record in listed:
        if getattr(record, "post_id", None) == "":
            record.post_id = name  # type: ignore[union-attr]


def _table(name: str, rows: list[Record], numbers: list[int]) -> pa.Table:
    """Hash the rows and make one Arrow table of them; equal rows about an account are kept once, at their first record."""
    packed = [_PACK.encode(row) for row in rows]
    if name in _OFTEN_EQUAL:
        kept = sorted(dict(zip(reversed(packed), range(len(rows) - 1, -1, -1), strict=True)).values())
        rows, numbers, packed = [rows[i] for i in kept], [numbers[i] for i in kept], [packed[i] for i in kept]
    blake = hashlib.blake2b
    digests = b"".join([blake(p, digest_size=8).digest() for p in packed])
    hashes = pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(digests)])
    return to_arrow(name, rows).append_column("record", pa.array(numbers, pa.int64())).append_column("row_hash", hashes)


def _reason(error: BaseException) -> str:
    said = str(error) or type(error).__name__
    return (said if isinstance(error, _OURS) else f"{type(error).__name__}: {said}")[:REASON_CHARS]


def _same(payload: Any, fault: str | None) -> bytes:
    return bytes(payload)


def _bytes_alone(raw: bytes) -> tuple[Any, str | None]:
    return raw, None


def _json_lines(texts: list[bytes]) -> Iterator[Payload]:
    number = 0
    for line, text in enumerate(texts, 1):
        stripped = text.strip()
        if stripped:
            number += 1
            yield number, line, stripped, None


def _task_bytes(task: Task) -> bytes:
    if task.data is not None:
        return task.data
    with open_bytes(task.plan.path) as file:
        file.seek(task.first)
        return file.read(task.last - task.first)


def _flat_mapper(mapper: Mapper, plan: Plan) -> Mapper:
    header = plan.sample.header

    def map_object(payload: bytes) -> Iterable[Record]:
        value = msgspec.json.decode(payload)
        if not isinstance(value, dict):
            raise BadRecord(f"a JSON {type(value).__name__}, not an object")
        flat = flatten(value)
        return mapper([flat.get(name) for name in header])

    return map_object  # type: ignore[return-value]


def _table_rows(task: Task) -> Iterator[Payload]:
    if task.batch is not None:
        columns = [column.to_pylist() for column in task.batch.columns]
        for number, row in enumerate(zip(*columns, strict=True), 1):
            yield number, number, row, None
        return
    for number, (line, row, fault) in enumerate(task.rows, 1):
        yield number, line, row, fault


def _row_as_json(plan: Plan) -> RawOf:
    header, encode = plan.sample.header, msgspec.json.Encoder().encode

    def raw(row: Any, fault: str | None) -> bytes:
        named: dict[str, Any] = dict(zip(header, row, strict=False))
        if len(row) > len(header):
            named["+"] = list(row[len(header) :])
        if fault is not None:
            named[_FAULT] = fault
        return encode(named)

    return raw


def _cells_of(plan: Plan) -> Callable[[bytes], tuple[Any, str | None]]:
    def decode(raw: bytes) -> tuple[Any, str | None]:
        named = msgspec.json.decode(raw)
        return [named.get(name) for name in plan.sample.header], named.get(_FAULT)

    return decode
