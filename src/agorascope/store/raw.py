"""What did the file say, to the letter? The raw record behind a row."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from agorascope.errors import UsageError

from . import state


def beginning(folder: Path, file_id: int, size: int) -> list[bytes]:
    """Give the first raw records the case holds of a file, quarantined ones included, in file order."""
    with state.connect(folder) as db:
        found = [(r["record"], r["raw"]) for r in db.execute(
            "SELECT record, raw FROM quarantine WHERE file_id = ? ORDER BY record LIMIT ?", (file_id, size))]  # fmt: skip
        segments = db.execute("SELECT path, first FROM raw_segments WHERE file_id = ? ORDER BY first, path", (file_id,)).fetchall()
    kept = 0
    for row in segments:
        table = pq.read_table(folder / row["path"]).slice(0, size)
        found += [(row["first"] + r["record"], r["raw"]) for r in table.to_pylist()]
        kept += table.num_rows
        if kept >= size:
            break
    return [raw for _, raw in sorted(found)[:size]]


def raw_records(folder: Path, file_id: int) -> Iterator[list[tuple[int, bytes]]]:
    """Give the raw records of a file's accepted rows, some thousands at a time: record number and bytes."""
    with state.connect(folder) as db:
        segments = db.execute("SELECT path, first FROM raw_segments WHERE file_id = ? ORDER BY first, path", (file_id,)).fetchall()
    for row in segments:
        yield [(row["first"] + r["record"], r["raw"]) for r in pq.read_table(folder / row["path"]).to_pylist()]


def raw_record(folder: Path, file_id: int, record: int) -> bytes:
    """Give one raw record. Raises UsageError when the case does not hold it (forgotten, or a duplicate never kept)."""
    with state.connect(folder) as db:
        segments = db.execute(
            "SELECT path, first FROM raw_segments WHERE file_id = ? AND first < ? AND last >= ?", (file_id, record, record)
        ).fetchall()
    for row in segments:
        found = pq.read_table(folder / row["path"], filters=[("record", "=", record - row["first"])])
        if found.num_rows:
            value: bytes = found.column("raw")[0].as_py()
            return value
    raise UsageError(f"no raw record {record} of file {file_id}; it was forgotten, or repeated one already kept")
