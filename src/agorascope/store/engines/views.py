"""What does an engine show of the stored rows? The canonical views, as one SQL text for every engine.

The views made here are the only place where raw stored rows (``stored_*``) become the tables of ``tables.py``. Every
view lists its columns, so that ``SELECT *`` gives the same ones, in the same order, on each engine.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from agorascope.records import TABLES, schema

TECHNICAL = (("file_id", pa.int64()), ("record", pa.int64()), ("row_hash", pa.int64()))
EXTRA_SCHEMAS = {
    "repeats": pa.schema({"platform": pa.string(), "post_id": pa.string(), "account_id": pa.string(), "created_at_us": pa.int64(),
                          "occurrence": pa.int64()}),
    "quarantined": pa.schema({"file_id": pa.int64(), "record": pa.int64(), "reason": pa.string()}),
    "files": pa.schema({"file_id": pa.int64(), "name": pa.string(), "source": pa.string(), "records": pa.int64(),
                        "accepted": pa.int64(), "duplicates": pa.int64(), "quarantined": pa.int64(), "ascending": pa.int64(),
                        "descending": pa.int64()}),
}  # fmt: skip


class Versions(NamedTuple):
    """Say which stored rows are versions of one, and which of them is shown: the first in ``order``."""

    stored: str
    key: str
    order: str


VERSIONS = {
    "posts": Versions("stored_posts", "platform, post_id", "LENGTH(text) DESC NULLS LAST, row_hash DESC NULLS LAST"),
    "accounts": Versions("stored_accounts", "platform, account_id", "row_hash DESC NULLS LAST"),
    "latest_metrics": Versions(
        "stored_post_metrics", "platform, post_id",
        "observed_at_us DESC NULLS LAST, views DESC NULLS LAST, likes DESC NULLS LAST, row_hash DESC NULLS LAST"),
}  # fmt: skip

_ACCOUNTS = """
    SELECT platform, account_id, MAX(handle) AS handle, MAX(name) AS name, MIN(created_at_us) AS created_at_us,
        MIN(created_at_source) AS created_at_source, MAX(verified) AS verified, MAX(account_type) AS account_type,
        MAX(file_id) AS file_id, MAX(record) AS record, MAX(row_hash) AS row_hash
    FROM stored_accounts GROUP BY platform, account_id"""
"""Descriptions of one account may each tell a part (its handle here, its name there): they are put together."""

_GROUPS = """
    SELECT COALESCE(named.platform, g.platform) AS platform, COALESCE(named.account_id, g.account_id) AS account_id,
        g.group_name, g.since_us, g.until_us, g.file_id, g.record, g.row_hash
    FROM stored_groups AS g
    LEFT JOIN (SELECT platform, LOWER(handle) AS handle, MIN(account_id) AS account_id FROM stored_accounts
        WHERE handle IS NOT NULL AND handle <> '' GROUP BY platform, LOWER(handle)) AS named
    ON LOWER(TRIM(LEADING '@' FROM g.account_id)) = named.handle AND (g.platform = 'unknown' OR g.platform = named.platform)"""


_HANDLES = """
    SELECT platform, account_id, LOWER(TRIM(LEADING '@' FROM handle)) AS handle FROM stored_accounts
    WHERE handle IS NOT NULL AND handle <> '' GROUP BY platform, account_id, LOWER(TRIM(LEADING '@' FROM handle))"""
"""An account described under several handles keeps only one in ``accounts``: here is each."""

DERIVED = ("latest_metrics", "account_handles")
"""Views that are no canonical table."""


def stored_schemas() -> dict[str, pa.Schema]:
    """Give the columns of every ``stored_*`` relation: its own, then file_id, record and row_hash; all nullable for the engines."""
    own = {name: schema(name) for name in TABLES} | EXTRA_SCHEMAS
    return {name: pa.schema({f.name: f.type for f in shape} | dict(TECHNICAL)) for name, shape in own.items()}


def view(name: str, *, versioned: bool) -> str:
    """Give the SELECT behind a canonical table; ``versioned`` when several stored rows may share its key."""
    if name == "groups":
        return _GROUPS
    known = VERSIONS.get(name)
    if name == "account_handles":
        return _HANDLES
    if name == "accounts" and versioned:
        return _ACCOUNTS
    columns = ", ".join(stored_schemas()[known.stored.removeprefix("stored_") if known else name].names)
    if known is None or not versioned:
        return f"SELECT {columns} FROM {known.stored if known else f'stored_{name}'}"
    return (f"SELECT {columns} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY {known.key} ORDER BY {known.order}) AS version "
            f"FROM {known.stored}) AS versions WHERE version = 1")  # fmt: skip


def keys_repeated(name: str) -> str:
    """Give the query that counts the keys met more than once: where it says 0, the stored rows are the view."""
    known = VERSIONS[name]
    return f"SELECT COUNT(*) FROM (SELECT {known.key} FROM {known.stored} GROUP BY {known.key} HAVING COUNT(*) > 1) AS again"


def complete(table: pa.Table, name: str) -> pa.Table:
    """Fill a table up to the columns of ``stored_NAME``: missing ones null, also the file, records and hashes numbered from 1."""
    arrays = []
    for column in stored_schemas()[name]:
        if column.name in table.column_names:
            arrays.append(table.column(column.name).cast(column.type))
        elif column.name in ("record", "row_hash"):
            arrays.append(pa.array(range(1, table.num_rows + 1), column.type))
        else:
            arrays.append(pa.nulls(table.num_rows, column.type))
    return pa.Table.from_arrays(arrays, schema=stored_schemas()[name])


def all_stored(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Complete every table of a corpus given in memory; those not given are empty."""
    return {name: complete(tables.get(name, shape.empty_table()), name) for name, shape in stored_schemas().items()}


def plain_types(table: pa.Table) -> pa.Table:
    """Give an answer the types every engine agrees on: int64, float64, bool, string; all columns nullable.

    Sums of whole numbers are decimals on DuckDB, literals 32 bits wide on both.
    """
    fields = [pa.field(f.name, _plain_type(f.type)) for f in table.schema]
    return pa.Table.from_arrays(
        [column.cast(f.type) for column, f in zip(table.columns, fields, strict=True)], schema=pa.schema(fields)
    )


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind) or pa.types.is_null(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind
