"""How is a whole file read? Cut into tasks in file order, mapped by worker processes, given back in order."""

import csv
import io
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from agorascope.errors import InputError
from agorascope.pieces import Mapped
from agorascope.sources.reasons import inner
from agorascope.texts import Message, message

from .bytes import blocks
from .probe import Plan, cells, document, microseconds
from .task import Task, run
from .workers import Worker

TASK_BYTES = 8 << 20
TASK_ROWS = 20_000
SMALL_BYTES = 6 << 20
AHEAD = 6
"""Pieces a worker may be ahead of the store, so that it need not rest while a batch is committed."""
_END = "\0"
"""What no line can hold, once its NULs are removed."""


@contextmanager
def read(plan: Plan, *, workers: int | None = None) -> Iterator[Iterator[Mapped]]:
    """Give what each piece of a file holds, in file order; the pieces are the same on every machine.

    ``workers`` = 0 maps in this process; None uses one process per core for files above 6 MB. They start on entering,
    with a piece each: what the caller does before it asks for the first piece costs no time. Raises InputError when the
    file is damaged, on entering or later. Memory: a few pieces of 8 MB at a time.
    """
    size = plan.path.stat().st_size * (6 if plan.packed or plan.shape == "parquet" else 1)
    count = (0 if size < SMALL_BYTES else os.cpu_count() or 1) if workers is None else workers
    if count < 1:
        yield map(run, _tasks(plan))
        return
    pool = ThreadPoolExecutor(count)
    crew = deque(Worker() for _ in range(count))
    waiting: deque[Future[Mapped]] = deque()
    try:
        tasks = _tasks(plan)
        waiting.extend(pool.submit(_work, crew, task) for task in islice(tasks, count))
        yield _in_order(tasks, waiting, lambda task: pool.submit(_work, crew, task), count * AHEAD)
    finally:
        for future in waiting:
            future.cancel()
        pool.shutdown(wait=True)
        for worker in crew:
            worker.close()


def _in_order(
    tasks: Iterator[Task], waiting: deque[Future[Mapped]], submit: Callable[[Task], Future[Mapped]], ahead: int
) -> Iterator[Mapped]:
    while True:
        waiting.extend(map(submit, islice(tasks, ahead - len(waiting))))
        if not waiting:
            return
        yield waiting.popleft().result()


def _work(crew: deque[Worker], task: Task) -> Mapped:
    worker = crew.popleft()
    try:
        return worker.run(task)
    finally:
        crew.append(worker)


def _tasks(plan: Plan) -> Iterator[Task]:
    if plan.shape == "parquet":
        return _parquet_tasks(plan)
    if plan.shape == "csv":
        return _csv_tasks(plan)
    if plan.shape == "document":
        return _document_tasks(plan)
    if plan.packed or not plan.encoding.startswith("utf-8"):
        return _stream_tasks(plan)
    return _range_tasks(plan)


def _range_tasks(plan: Plan) -> Iterator[Task]:
    size = plan.path.stat().st_size
    with plan.path.open("rb") as file:
        first = 3 if plan.encoding == "utf-8-sig" else 0
        while first < size:
            file.seek(min(first + TASK_BYTES, size))
            file.readline()
            last = file.tell()
            yield Task(plan, first, last)
            first = last


def _stream_tasks(plan: Plan) -> Iterator[Task]:
    """Cut a compressed or transcoded stream of lines; a text that is not UTF-8 is decoded here."""
    rest = b""
    for block in _as_utf8(plan):
        rest += block
        while len(rest) >= TASK_BYTES:
            cut = rest.find(b"\n", TASK_BYTES - 1) + 1
            if not cut:
                break
            yield Task(plan, data=rest[:cut])
            rest = rest[cut:]
    if rest:
        yield Task(plan, data=rest)


def _as_utf8(plan: Plan) -> Iterator[bytes]:
    if plan.encoding == "utf-8":
        yield from blocks(plan.path)
        return
    import codecs

    decoder = codecs.getincrementaldecoder(plan.encoding)("replace")
    for block in blocks(plan.path):
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def _document_tasks(plan: Plan) -> Iterator[Task]:
    values = [bytes(v).replace(b"\r", b" ").replace(b"\n", b" ") for v in document(plan.path, plan.encoding)]
    for first in range(0, len(values), TASK_ROWS):
        yield Task(plan, data=b"\n".join(values[first : first + TASK_ROWS]))


def _parquet_tasks(plan: Plan) -> Iterator[Task]:
    try:
        for batch in pq.ParquetFile(plan.path).iter_batches(batch_size=TASK_ROWS):
            yield Task(plan, batch=microseconds(batch))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{plan.path.name} is damaged: {error}; fetch it again") from error


def _csv_tasks(plan: Plan) -> Iterator[Task]:
    csv.field_size_limit(1 << 28)
    width = len(plan.sample.header)
    errors = "surrogateescape" if plan.encoding.startswith("utf-8") else "replace"
    stream: Any = _Text(blocks(plan.path), plan.encoding, errors)
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=plan.delimiter)
    rows: list[tuple[int, tuple[Any, ...], Message | None]] = []
    skipped = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            rows.append((lines.number, (lines.last,), message("reasons.not_csv", why=inner(str(error)))))
            continue
        if not row or row == [_END]:
            continue
        if skipped <= plan.skip:
            skipped += 1
            continue
        unclosed = row[-1].endswith(_END)
        rows.append((lines.number, *(_unclosed(row) if unclosed else _checked(row, width, plan.ragged))))
        if len(rows) >= TASK_ROWS:
            yield Task(plan, rows=tuple(rows))
            rows = []
    if rows:
        yield Task(plan, rows=tuple(rows))


def _unclosed(row: list[str]) -> tuple[tuple[Any, ...], Message]:
    """Refuse the row that ran to the end of the file: it holds every line after its quote."""
    *before, last = row
    swallowed = last.removesuffix(_END)
    return tuple(_clean(c) for c in (*before, swallowed)), message("reasons.open_quote", lines=swallowed.count("\n"))


def _checked(row: list[str], width: int, ragged: bool) -> tuple[tuple[Any, ...], Message | None]:
    if len(row) > width and any(row[width:]):
        return tuple(_clean(c) for c in row), message("reasons.shifted_row", cells=len(row), width=width)
    if not any(map(str.strip, row)):
        return tuple(cells(row, width)), message("reasons.empty_row")
    if len(row) < width and not ragged:
        return tuple(_clean(c) for c in row), message("reasons.short_row", cells=len(row), width=width)
    fitted = cells(row, width)
    for cell in fitted:
        if cell is not None and not cell.isascii() and any("\udc80" <= c <= "\udcff" for c in cell):
            return tuple(_clean(c) for c in fitted), message("reasons.not_utf8")
    return tuple(fitted), None


def _clean(cell: str | None) -> str | None:
    return cell if cell is None else cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


class _Text(io.RawIOBase):
    """Present blocks of bytes as a raw stream, decoded by the text wrapper of ``_Lines``."""

    def __init__(self, parts: Iterator[bytes], encoding: str, errors: str) -> None:
        self.encoding, self.errors = encoding, errors
        self._parts, self._left = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = next(self._parts, b"")
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


class _Lines:
    """Give lines with their endings, NULs removed, counting them; keep the last one for a reject.

    One line more is given at the end, ``_END``: it is a row of its own unless a quote is still open.
    """

    def __init__(self, raw: _Text) -> None:
        self._text = io.TextIOWrapper(io.BufferedReader(raw, 1 << 20), raw.encoding, raw.errors, newline="")
        self.number, self.last, self._ended = 0, "", False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._text, None)
        if line is None:
            if self._ended:
                raise StopIteration
            self._ended = True
            return _END
        self.number += 1
        self.last = line = line.replace("\0", "")
        return line
