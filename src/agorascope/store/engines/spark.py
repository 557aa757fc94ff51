"""How does Spark answer an analysis? The same views and the same SQL text as DuckDB, over the same files.

Inside a Spark application (a session is active, or ``spark-submit`` started this program) its cluster is used;
otherwise a local Spark of two threads is started, and ends with Python. Each Corpus has a session of its own: its
views, UTC, ANSI arithmetic (a fault raises, as in DuckDB, instead of giving null). A backslash in a string literal is
read otherwise than by DuckDB: such texts enter as parameters.
"""

import os
import re
import shutil
from collections.abc import Mapping
from functools import partial
from importlib import resources
from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from agorascope.errors import UsageError
from agorascope.tables import Corpus

from .views import DERIVED, VERSIONS, all_stored, complete, keys_repeated, plain_types, stored_schemas, view

FUNCTIONS = (
    "CREATE TEMPORARY FUNCTION from_us(us BIGINT) RETURNS TIMESTAMP_NTZ RETURN CAST(timestamp_micros(us) AS TIMESTAMP_NTZ)",
    "CREATE TEMPORARY FUNCTION hour_us(us BIGINT) RETURNS BIGINT RETURN pmod(us, 86400000000) DIV 3600000000",
    "CREATE TEMPORARY FUNCTION dow_us(us BIGINT) RETURNS BIGINT "
    "RETURN pmod(CAST(FLOOR(us / CAST(86400000000 AS DOUBLE)) AS BIGINT) + 3, 7)",
)
_LOCAL = {
    "spark.master": "local[2]",
    "spark.app.name": "agorascope",
    "spark.driver.memory": "2g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
}
_SHORT_LIVED = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"  # for two cores and a minute or two: a third less processor time
_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_GLOB = re.compile(r"([\\*?\[\]{},])")


def memory_corpus(
    tables: Mapping[str, pa.Table], *, digest: str = "memory", results: Mapping[str, pa.Table] | None = None
) -> Corpus:
    """Make a Corpus from Arrow tables of canonical columns, missing tables empty. For worlds and tests."""
    session = connect()
    stored = all_stored(tables)
    for name, table in stored.items():
        session.createDataFrame(table).cache().createOrReplaceTempView(f"stored_{name}")
    create_views(session)
    return Corpus({n: t.num_rows for n, t in stored.items()}, partial(execute, session), digest, "spark", results or {})


def parquet_corpus(files: Mapping[str, list[str]], plain: Mapping[str, pa.Table]) -> Corpus:
    """Make a Corpus from the Parquet files of each stored table, and the plain tables that describe the collection.

    Raises UsageError where Java is missing.
    """
    session = connect()
    for name, shape in stored_schemas().items():
        if name in files:
            paths = [_GLOB.sub(r"\\\1", file) for file in files[name]]
            frame = session.read.schema(from_arrow_schema(shape)).parquet(*paths)
        else:
            frame = session.createDataFrame(complete(plain.get(name, shape.empty_table()), name))
        frame.createOrReplaceTempView(f"stored_{name}")
    create_views(session)
    rows = {
        name: session.table(name).count() if name in files else plain[name].num_rows if name in plain else 0
        for name in stored_schemas()
    }
    return Corpus(rows, partial(execute, session), "", "spark")


def connect() -> SparkSession:
    """Open a session set up for reproducible answers: UTC, the shared functions. Raises UsageError where Java is missing."""
    active = SparkSession.getActiveSession()
    session = (active or _start()).newSession()
    for key, value in _SESSION.items():
        session.conf.set(key, value)
    for function in FUNCTIONS:
        session.sql(function)
    return session


def create_views(session: SparkSession) -> None:
    """Create the canonical views over the ``stored_*`` relations."""
    for name in [*stored_schemas(), *DERIVED]:
        versioned = name in VERSIONS and session.sql(keys_repeated(name)).collect()[0][0] > 0
        session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {view(name, versioned=versioned)}")


def execute(session: SparkSession, sql: str, params: Mapping[str, object]) -> pa.Table:
    """Run one SELECT of the portable subset; the answer has the types DuckDB gives."""
    return plain_types(session.sql(sql, args=dict(params)).toArrow())


def _start() -> SparkSession:
    """Join what spark-submit configured, or start a local Spark, quietly: warnings about a laptop's network are no news."""
    builder = SparkSession.builder
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return builder.getOrCreate()
    home = os.environ.get("JAVA_HOME")
    if not (home and (Path(home) / "bin" / "java").exists()) and shutil.which("java") is None:
        raise UsageError(
            "engine spark needs Java 17 or newer, and none was found; install it, set JAVA_HOME, or use --engine duckdb"
        )
    with resources.as_file(resources.files(__package__) / "log4j2.properties") as quiet:
        java = f"{_SHORT_LIVED} -Dlog4j2.configurationFile={quiet.as_uri()}"
        for key, value in (_LOCAL | {"spark.driver.extraJavaOptions": java}).items():
            builder = builder.config(key, value)
        return builder.getOrCreate()
