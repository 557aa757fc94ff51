"""Which bytes leave the analysis? A finding whose numbers are rounded to what every machine agrees on, tables included."""

from typing import Any

import msgspec
import pyarrow as pa

from agorascope.findings import Finding
from agorascope.stats.rounding import settle

_NUMBERED = ("claim", "effect", "units", "rivals", "calibration", "notes")


def settled(finding: Finding) -> Finding:
    """Round every number of a finding and of its tables."""
    fields = {name: _settled(getattr(finding, name)) for name in _NUMBERED}
    return msgspec.structs.replace(finding, **fields, tables={name: _table(table) for name, table in finding.tables.items()})


def _settled(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: _settled(getattr(value, name)) for name in value.__struct_fields__})
    if isinstance(value, tuple):
        return tuple(_settled(v) for v in value)
    return settle(value)


def _table(table: pa.Table) -> pa.Table:
    for i, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            table = table.set_column(i, field, pa.array(settle(table.column(i).to_pylist()), field.type))
    return table
