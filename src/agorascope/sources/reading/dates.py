"""In which order are this file's dates? Its sample tells; where it does not, the whole file is asked, then its language."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from agorascope.errors import InputError
from agorascope.sources.columns import values
from agorascope.sources.order import DateOrder, Evidence, looks_french, proved
from agorascope.sources.used import time_positions

from .bytes import open_bytes
from .probe import Plan, flatten


def ordered(plan: Plan) -> Plan:
    """Store the order of a file's dates among its constants, so that every piece of it is read alike.

    Left as it is where the user gave an order, and where no date is written in numbers with the year last.
    """
    sample = plan.sample
    if sample.container != "table" or "date_order" in sample.constants:
        return plan
    positions = time_positions(sample, plan.source)
    found, first = proved(values(sample, position) for position in positions)
    written = [position for position, evidence in zip(positions, found, strict=True) if evidence.example]
    if not written:
        return plan
    if {e.proof for e in found} >= {True, False}:
        # Two columns of one file in two orders: each is read as its own first rows tell.
        return plan
    sure = first is not None
    if first is None:
        found = _whole(plan, written)
        first = next((e.proof for e in found if e.proof is not None), None)
        sure = first is not None
    if first is None:
        first = next((said for e in found if (said := e.likelier()) is not None), None)
    if first is None:
        first = looks_french(sample, plan.delimiter if plan.shape == "csv" else ",")
    example = next((e.example for e in found if e.example and (e.proof is not None or not sure)), "")
    order = DateOrder(first, sure, example)
    return replace(plan, dates=order, sample=replace(sample, constants={**sample.constants, "date_order": order.code}))


def _whole(plan: Plan, positions: Sequence[int]) -> list[Evidence]:
    """Look at the columns of dates down to the first proof, or to the end of the file."""
    found = [Evidence() for _ in positions]
    for row in _rows(plan):
        for evidence, position in zip(found, positions, strict=True):
            if position < len(row) and evidence.take(row[position]):
                return found
    return found


def _rows(plan: Plan) -> Iterator[Sequence[Any]]:
    if plan.shape == "parquet":
        return _parquet_rows(plan)
    if plan.shape == "csv":
        return _csv_rows(plan)
    return _json_rows(plan) if plan.shape == "lines" else iter(plan.sample.rows)


def _csv_rows(plan: Plan) -> Iterator[Sequence[Any]]:
    csv.field_size_limit(1 << 28)
    with io.TextIOWrapper(io.BufferedReader(open_bytes(plan.path)), plan.encoding, "replace", newline="") as stream:  # type: ignore[type-var]
        reader = csv.reader((line.replace("\0", "") for line in stream), delimiter=plan.delimiter)
        before = plan.skip + 1
        while True:
            try:
                row = next(reader, None)
            except csv.Error:
                continue
            except (OSError, EOFError, ValueError) as error:
                raise InputError(f"{plan.path.name} is damaged: {error}; fetch it again or unpack it by other means") from error
            if row is None:
                return
            if row and before:
                before -= 1
            elif row:
                yield row


def _json_rows(plan: Plan) -> Iterator[Sequence[Any]]:
    header = plan.sample.header
    with open_bytes(plan.path) as file:
        for line in file:
            try:
                value = msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            if isinstance(value, dict):
                flat = flatten(value)
                yield [flat.get(name) for name in header]


def _parquet_rows(plan: Plan) -> Iterator[Sequence[Any]]:
    try:
        for batch in pq.ParquetFile(plan.path).iter_batches(batch_size=20_000):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{plan.path.name} is damaged: {error}; fetch it again") from error
