"""How does DuckDB answer an analysis? Macros for the shared SQL subset, and a Corpus over Arrow or Parquet tables."""

import re
from collections.abc import Mapping
from functools import partial

import duckdb
import pyarrow as pa

from agorascope.tables import Corpus

from .views import DERIVED, EXTRA_SCHEMAS, VERSIONS, all_stored, complete, keys_repeated, plain_types, stored_schemas, view

MACROS = (
    "CREATE MACRO pmod(a, b) AS ((a % b) + b) % b",
    "CREATE MACRO percentile(x, p) AS quantile_cont(x, p)",
    "CREATE MACRO from_us(us) AS make_timestamp(us)",
    "CREATE MACRO hour_us(us) AS CAST(pmod(us, 86400000000) AS BIGINT) // 3600000000",
    "CREATE MACRO dow_us(us) AS pmod(CAST(FLOOR(us / CAST(86400000000 AS DOUBLE)) AS BIGINT) + 3, 7)",
)
_CLOSED = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_GLOB = re.compile(r"([*?\[])")
_PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")


def memory_corpus(tables: Mapping[str, pa.Table], *, digest: str = "memory", threads: int = 1,
                  results: Mapping[str, pa.Table] | None = None) -> Corpus:  # fmt: skip
    """Make a Corpus from Arrow tables of canonical columns, missing tables empty. For worlds, tests and notebooks."""
    connection = connect(threads=threads)
    stored = all_stored(tables)
    for name, table in stored.items():
        connection.register(f"stored_{name}", table)
    create_views(connection)
    return Corpus({n: t.num_rows for n, t in stored.items()}, partial(execute, connection), digest, "duckdb", results or {})


def parquet_corpus(
    files: Mapping[str, list[str]], plain: Mapping[str, pa.Table], *, threads: int, memory: str, spill: str
) -> Corpus:
    """Make a Corpus from the Parquet files of each stored table, and the plain tables that describe the collection."""
    connection = connect(threads=threads, memory=memory, spill=spill)
    for name, shape in stored_schemas().items():
        if name in files:
            listed = ", ".join("'" + _GLOB.sub(r"[\1]", file).replace("'", "''") + "'" for file in files[name])
            # By name, over no row of the present shape: files written before a column was known have it null.
            connection.register(f"shape_{name}", shape.empty_table())
            connection.execute(
                f"CREATE VIEW stored_{name} AS SELECT * FROM shape_{name} "
                f"UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name = true)"
            )
        else:
            connection.register(f"stored_{name}", complete(plain.get(name, shape.empty_table()), name))
    create_views(connection)
    rows = {name: connection.sql(f"SELECT COUNT(*) FROM {name}").fetchall()[0][0] for name in stored_schemas()}
    return Corpus(rows, partial(execute, connection), "", "duckdb")


def connect(*, threads: int = 1, memory: str = "1GB", spill: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB set up for reproducible answers: UTC, nulls first, the shared macros."""
    connection = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory, **_CLOSED})
    connection.execute("SET TimeZone = 'UTC'; SET default_null_order = 'nulls_first'; SET enable_progress_bar = false")
    if spill is not None:
        connection.execute("SET temp_directory = ?", [spill])
    for macro in MACROS:
        connection.execute(macro)
    return connection


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the canonical views over the ``stored_*`` relations."""
    for name in [*stored_schemas(), *DERIVED]:
        versioned = name in VERSIONS and connection.sql(keys_repeated(name)).fetchall()[0][0] > 0
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS {view(name, versioned=versioned)}")


def execute(connection: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, object]) -> pa.Table:
    """Run one SELECT of the portable subset; whole-number sums come back as int64."""
    relation = connection.sql(_PARAMETER.sub(r"$\1", sql), params=dict(params)) if params else connection.sql(sql)
    return plain_types(relation.to_arrow_table())


__all__ = ["EXTRA_SCHEMAS", "MACROS", "connect", "create_views", "execute", "memory_corpus", "parquet_corpus"]
