"""Who is named in an exported network? Nobody, by default: both ends of a tie become pseudonyms, columns of names go empty.

``edges`` and ``accounts`` may hold millions of rows: each distinct value is replaced once, never row by row.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.findings import Finding
from agorascope.report import mask_mentions, pseudonymise

NETWORK = ("edges", "accounts")
IDS = frozenset({"account_id", "account", "author", "ref_account_id", "source", "target"})
NAMING = frozenset(
    {"name", "display_name", "full_name", "handle", "username", "screen_name", "description", "bio", "url", "avatar_url"}
)


def masked(finding: Finding, name: Callable[[str], str]) -> Finding:
    """Give the finding with every account under ``name(id)``; what names an account in words is left empty in its network."""
    rest = {n: t for n, t in finding.tables.items() if n not in NETWORK}
    nested = {n: _nested(finding.tables[n]) for n in NETWORK if n in finding.tables}
    shown = pseudonymise(msgspec.structs.replace(finding, tables=rest | nested), name)
    tables = {n: _masked(t, shown.tables[n], name) if n in NETWORK else shown.tables[n] for n, t in finding.tables.items()}
    return msgspec.structs.replace(shown, tables=tables)


def _nested(table: pa.Table) -> pa.Table:
    """Keep the columns that hold lists, which are masked as in any other table."""
    return table.select([f.name for f in table.schema if pa.types.is_list(f.type)])


def _masked(table: pa.Table, nested: pa.Table, name: Callable[[str], str]) -> pa.Table:
    columns: dict[str, Any] = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.name in nested.column_names:
            columns[field.name] = nested.column(field.name)
        elif field.name in NAMING:
            columns[field.name] = pa.nulls(table.num_rows, pa.string())
        elif field.name in IDS:
            columns[field.name] = _each(column, name)
        elif is_text(field.type):
            columns[field.name] = _each(column, mask_mentions)
        elif not pa.types.is_nested(field.type):
            columns[field.name] = column
    return pa.table(columns)


def _each(column: pa.ChunkedArray, shown: Callable[[str], str]) -> pa.Array:
    """Replace every distinct value of a column once. Cost O(rows), plus one call per distinct value."""
    coded = pc.dictionary_encode(as_text(column).combine_chunks())
    values = pa.array([None if v is None else shown(v) for v in coded.dictionary.to_pylist()], pa.string())
    return values.take(coded.indices)


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column of ids or words as text, whatever way Arrow stores it."""
    return column.cast(pa.string())


def is_text(kind: pa.DataType) -> bool:
    """Say whether a column holds text, plain, large or by dictionary."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))
