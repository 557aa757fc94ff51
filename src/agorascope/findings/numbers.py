"""Which bytes leave an analysis? A finding whose numbers were passed through one function, tables included."""

from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa

from .values import Finding

_NUMBERED = ("claim", "effect", "units", "rivals", "calibration", "notes")


def with_numbers(finding: Finding, change: Callable[[Any], Any]) -> Finding:
    """Pass every number of a finding and of its tables through ``change``, which keeps what is no number and the shape of lists."""
    fields = {name: _changed(getattr(finding, name), change) for name in _NUMBERED}
    return msgspec.structs.replace(
        finding, **fields, tables={name: _table(table, change) for name, table in finding.tables.items()}
    )


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, msgspec.Struct):
        fields = {name: _changed(getattr(value, name), change) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    if isinstance(value, tuple):
        return tuple(_changed(v, change) for v in value)
    if isinstance(value, list):
        return [_changed(v, change) for v in value]
    if isinstance(value, dict):  # the values of a sentence, of which one may be another sentence
        return {key: _changed(v, change) for key, v in value.items()}
    return change(value)


def _table(table: pa.Table, change: Callable[[Any], Any]) -> pa.Table:
    for i, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            table = table.set_column(i, field, pa.array(change(table.column(i).to_pylist()), field.type))
    return table
