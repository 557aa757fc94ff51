"""What does one piece of a file hold? The worker's half: payloads in, Arrow rows, raw records and rejects out."""

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from agorascope.errors import BadRecord
from agorascope.pieces import Mapped, Quarantined
from agorascope.records import Record
from agorascope.sources import Mapper, source
from agorascope.sources.reasons import kind, reason
from agorascope.texts import Message, message

from .bytes import open_bytes
from .probe import Plan, flatten
from .rows import tables

_FAULT = "unreadable"
"""Key of a raw table row under which the reader's own complaint is kept: no mapper can mend such a row."""
RAW_FORMAT: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": False,
    "write_statistics": ["record"],
}
REJECTS = (BadRecord, msgspec.MsgspecError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Task:
    """Name one piece of a file: a byte range of it, bytes read before, table rows or an Arrow batch."""

    plan: Plan
    first: int = 0
    last: int = 0
    data: bytes | None = None
    rows: tuple[tuple[int, tuple[Any, ...], Message | None], ...] = ()
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
    decode: Callable[[Quarantined], tuple[Any, Message | None]] = _bytes_alone
    if plan.sample.container == "table":
        if plan.shape in ("lines", "document"):
            mapper = _flat_mapper(mapper, plan)
        else:
            decode = _cells_of(plan)
    return _map(
        mapper,
        ((q.record, q.line, *decode(q)) for q in kept),
        _same,
        originals={q.record: q.raw for q in kept},
    )


Payload = tuple[int, int, Any, Message | None]
RawOf = Callable[[Any, Message | None], bytes]


def _map(
    mapper: Mapper,
    payloads: Iterable[Payload],
    raw_of: RawOf,
    *,
    lines: int = 0,
    originals: dict[int, bytes] | None = None,
) -> Mapped:
    found: list[Record] = []
    numbers: list[int] = []
    sizes: list[int] = []
    raws: list[bytes] = []
    rejects: list[Quarantined] = []
    count = 0
    for number, line, payload, fault in payloads:
        count += 1
        raw = raw_of(payload, fault) if originals is None else originals[number]
        try:
            if fault is not None:
                raise BadRecord(fault)
            records = mapper(payload)
        except REJECTS as error:
            rejects.append(Quarantined(number, line, reason(error), raw))
            continue
        found += records
        numbers.append(number)
        sizes.append(len(records))
        raws.append(raw)
    understood = np.array(numbers, np.int64)
    held = np.array(sizes, np.int64)
    made, own = tables(found, np.repeat(understood, held))
    packed = pa.BufferOutputStream()
    columns = [pa.array(understood), pa.array(raws, pa.binary())]
    pq.write_table(pa.table(columns, names=["record", "raw"]), packed, **RAW_FORMAT)
    return Mapped(count, lines, made, own, columns[0], pa.array(understood[held == 0]), packed.getvalue(), rejects)


def _same(payload: Any, fault: Message | None) -> bytes:
    return bytes(payload)


def _bytes_alone(reject: Quarantined) -> tuple[Any, None]:
    return reject.raw, None


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
            raise BadRecord(message("reasons.not_an_object", kind=kind(value)))
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

    def raw(row: Any, fault: Message | None) -> bytes:
        named: dict[str, Any] = dict(zip(header, row, strict=False))
        if len(row) > len(header):
            named["+"] = list(row[len(header) :])
        if fault is not None:
            named[_FAULT] = str(fault)
        return encode(named)

    return raw


def _cells_of(plan: Plan) -> Callable[[Quarantined], tuple[Any, Message | None]]:
    """Give the cells of a kept row and why the reader refused it; a short row is none to a user who says that they are kept."""
    mended = "reasons.short_row" if plan.sample.constants.get("short_rows") == "kept" else None

    def decode(reject: Quarantined) -> tuple[Any, Message | None]:
        named = msgspec.json.decode(reject.raw)
        fault = None if named.get(_FAULT) is None or reject.message.key == mended else reject.message
        return [named.get(name) for name in plan.sample.header], fault

    return decode
