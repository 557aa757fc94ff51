"""What does the case hold now? A Corpus over one consistent version of every table, on DuckDB or Spark."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from agorascope.errors import UsageError
from agorascope.tables import Corpus

from . import delta, reasons, state

ENGINES = ("duckdb", "spark")


def snapshot(
    folder: Path, *, engine: str = "duckdb", threads: int = 2, memory: str = "1GB", results: Mapping[str, pa.Table] | None = None
) -> Corpus:
    """Open the case's rows as they are now; later writes do not change what this Corpus answers.

    Raises UsageError for an engine that is unknown or not installed.
    """
    files, plain = _contents(folder)
    if engine == "duckdb":
        from .engines import duckdb

        corpus = duckdb.parquet_corpus(files, plain, threads=threads, memory=memory, spill=str(folder / "spill"))
    elif engine == "spark":
        try:
            from .engines import spark
        except ImportError as error:
            raise UsageError(
                "engine spark is not installed; run: pip install 'agorascope[spark]' (Java 17 or newer is needed)"
            ) from error
        corpus = spark.parquet_corpus(files, plain)
    else:
        raise UsageError(f"engine is {engine!r}; use one of {', '.join(ENGINES)}")
    return replace(corpus, digest=_digest(corpus), results=results or {})


def stored_tables(folder: Path) -> dict[str, list[str]]:
    """List the Parquet files of each table at its recorded version."""
    return _contents(folder)[0]


def _contents(folder: Path) -> tuple[dict[str, list[str]], dict[str, pa.Table]]:
    with state.connect(folder) as db:
        tables = {r["name"]: delta.files(folder / r["folder"], r["version"]) for r in db.execute("SELECT * FROM tables")}
        rejects: list[tuple[object, ...]] = [
            (r["file_id"], r["record"], str(reasons.read(r["reason"])))
            for r in db.execute("SELECT file_id, record, reason FROM quarantine ORDER BY 1, 2")
        ]
        known = [
            tuple(r)
            for r in db.execute(
                "SELECT file_id, name, source, records, accepted, duplicates, quarantined, ascending, descending "
                "FROM files ORDER BY file_id"
            )
        ]
    from .engines.duckdb import EXTRA_SCHEMAS

    plain = {"quarantined": _arrow(rejects, EXTRA_SCHEMAS["quarantined"]), "files": _arrow(known, EXTRA_SCHEMAS["files"])}
    return {name: files for name, files in tables.items() if files}, plain


def _arrow(rows: list[tuple[object, ...]], shape: pa.Schema) -> pa.Table:
    return pa.table([pa.array([row[i] for row in rows], f.type) for i, f in enumerate(shape)], schema=shape)


def _digest(corpus: Corpus) -> str:
    """Hash the rows as a set: count and sum of the row hashes of each table, whatever their order and origin."""
    said = []
    for name in sorted(corpus.rows):
        if name in ("quarantined", "files") or not corpus.rows[name]:
            continue
        low = "pmod(row_hash, 4294967296)"
        high = f"(row_hash - {low}) / CAST(4294967296 AS DOUBLE)"  # exact: a multiple of 2**32
        sums = corpus.query(
            f"SELECT COUNT(*) AS n, CAST(SUM(CAST({high} AS BIGINT)) AS BIGINT) AS h, CAST(SUM({low}) AS BIGINT) AS l "
            f"FROM stored_{name}"
        )
        said.append(f"{name}:{sums.column(0)[0]}:{sums.column(1)[0]}:{sums.column(2)[0]}")
    return hashlib.sha256(";".join(said).encode()).hexdigest()
