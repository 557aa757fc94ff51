"""Map a table of the fixtures or of the reference data, as the reader would, for the tests of table sources."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from agorascope.errors import BadRecord
from agorascope.records import Record
from agorascope.sources import Sample, source
from agorascope.sources.reading.probe import Plan, cells, flatten, probe, unique

FIXTURES = Path(__file__).parent / "fixtures"


def mapped(path: Path, **constants: str) -> tuple[str, list[list[Record]], list[str]]:
    """Give the source found, the records of each row that was mapped, and the reasons of those that were not."""
    plan = probe(path)
    sample = replace(plan.sample, constants={**plan.sample.constants, **constants})
    map_row = source(plan.source).mapper(sample)
    rows: list[list[Record]] = []
    reasons: list[str] = []
    for row in _rows(plan):
        try:
            rows.append(list(map_row(row)))
        except BadRecord as error:
            reasons.append(str(error))
    return plan.source, rows, reasons


def fixture(name: str, **constants: str) -> tuple[str, list[list[Record]], list[str]]:
    """Map one fixture."""
    return mapped(FIXTURES / name, **constants)


def tally(rows: list[list[Record]]) -> dict[str, int]:
    """Count the records of each kind."""
    return dict(Counter(type(record).__name__ for row in rows for record in row))


def only(rows: list[list[Record]], kind: type[Record]) -> list[Any]:
    """List the records of one kind, in order."""
    return [record for row in rows for record in row if isinstance(record, kind)]


def sample(header: str, *rows: str, **constants: str) -> Sample:
    """Make a sample from comma-separated lines."""
    body = tuple(tuple(cell or None for cell in row.split(",")) for row in rows)
    return Sample("t.csv", "table", tuple(header.split(",")), body, (), {}, constants)


def _rows(plan: Plan) -> Iterator[Any]:
    if plan.shape == "parquet":
        for batch in pq.ParquetFile(plan.path).iter_batches(batch_size=20_000):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        return
    text = plan.path.read_bytes().decode(plan.encoding, "replace").lstrip("\ufeff")
    if plan.shape == "lines":
        for line in text.splitlines():
            flat = flatten(msgspec.json.decode(line))
            yield [flat.get(name) for name in plan.sample.header]
        return
    found = False
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=plan.delimiter):
        if found and row:
            yield cells(row, len(plan.sample.header))
        found = found or unique(row) == plan.sample.header
