"""What did the file say, to the letter? The raw record behind a row."""

from pathlib import Path

import pyarrow.parquet as pq

from agorascope.errors import UsageError

from . import state


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
