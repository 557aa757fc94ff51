"""Give the engine tests one corpus on both engines. Tests marked ``spark`` run only when asked for: ``pytest -m spark``."""

import os
from typing import Any

import pyarrow as pa
import pytest

from agorascope.tables import Corpus

from .answers import POSTS, SEED
from .corpora import corpus_tables


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of the tests that need a second DuckDB."""
    config.addinivalue_line("markers", "other_duckdb: needs AGORASCOPE_OTHER_DUCKDB; run by make test-duckdb15")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what other commands run: the Spark tests without ``-m spark``, two versions of DuckDB without a second one.

    Asked for they run, and fail where pyspark, Java or the other version is missing.
    """
    unasked = {"spark"} if "spark" not in config.option.markexpr else set()
    unasked |= set() if "AGORASCOPE_OTHER_DUCKDB" in os.environ else {"other_duckdb"}
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in unasked)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def stored() -> dict[str, pa.Table]:
    """Make 110,000 posts, with every oddity the views must settle."""
    return corpus_tables(POSTS, SEED)


@pytest.fixture(scope="session")
def on_duckdb(stored: dict[str, pa.Table]) -> Corpus:
    """Open the tables on DuckDB."""
    from agorascope.store.engines.duckdb import memory_corpus

    return memory_corpus(stored, threads=2)


@pytest.fixture(scope="session")
def on_spark(stored: dict[str, pa.Table]) -> Corpus:
    """Open the same tables on Spark."""
    from agorascope.store.engines.spark import memory_corpus

    return memory_corpus(stored)


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def small(request: pytest.FixtureRequest) -> Any:
    """Open a handful of posts of known times and counts, on each engine in turn."""
    import importlib

    times = [None, -1, 0, 86_399_999_999, 86_400_000_000, 1_720_893_600_000_000]
    texts = [None, "", "a\\d", "'é' 100 %", "RT @Bob: :name", "🙂"]
    n, names = len(times), [f"p{i}" for i in range(len(times))]
    tables = {
        "posts": pa.table({"platform": ["x"] * n, "post_id": names, "created_at_us": pa.array(times, pa.int64()), "text": texts}),
        "post_metrics": pa.table({"platform": ["x"] * n, "post_id": names, "likes": pa.array([None, *range(1, n)], pa.int64())}),
        "accounts": pa.table({"platform": ["x"], "account_id": ["7"], "handle": ["Bob"]}),
        "groups": pa.table({"platform": ["unknown", "x"], "account_id": ["@BOB", "zoe"], "group_name": ["left", "right"]}),
    }  # fmt: skip
    return importlib.import_module(f"agorascope.store.engines.{request.param}").memory_corpus(tables)
