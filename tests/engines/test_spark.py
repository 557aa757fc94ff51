"""Does Spark give the answers DuckDB gives? Every reduction of every analysis on 110,000 posts, and whole findings."""

from pathlib import Path

import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.analyses import analyses
from agorascope.findings import digest
from agorascope.store.engines.views import VERSIONS, stored_schemas
from agorascope.tables import Corpus
from agorascope.worlds.botnet import BotnetWorld

from .answers import REDUCING, answers, gathered
from .corpora import networked

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("name", REDUCING)
def test_reductions_are_equal(name: str, on_duckdb: Corpus, on_spark: Corpus) -> None:
    """Every query a reduction makes has the same rows, in the same order, on both engines; some answer is not empty."""
    expected = answers(REDUCING[name], on_duckdb)
    assert expected == answers(REDUCING[name], on_spark)
    assert any(rows for _, _, rows, _ in expected)


@pytest.mark.parametrize("name", ["timeline", "counterfactual"])
def test_what_is_read_with_networks_in_hand_is_equal(name: str) -> None:
    """What two analyses read once networks are known has the same rows on both engines, and gives the same finding."""
    from agorascope.store.engines import duckdb, spark

    made, known = networked(BotnetWorld(events=20_000, bots=100), 1)
    here, there = duckdb.memory_corpus(made, threads=2, results=known), spark.memory_corpus(made, results=known)
    expected = gathered(name, here)
    assert expected == gathered(name, there)
    assert sum(rows > 0 for _, _, rows, _ in expected) >= 5
    module = analyses()[name]
    one, other = (module.run(corpus, module.Params(draws=99)) for corpus in (here, there))
    assert "found" == one.verdict
    assert digest(one) == digest(other)


@pytest.mark.parametrize("table", [*stored_schemas(), *VERSIONS])
def test_views_are_equal(table: str, on_duckdb: Corpus, on_spark: Corpus) -> None:
    """Every canonical table has the same columns and the same number of rows on both engines."""
    shape, count = f"SELECT * FROM {table} LIMIT 0", f"SELECT COUNT(*) AS n FROM {table}"
    expected = (on_duckdb.query(shape).schema, on_duckdb.query(count).to_pylist())
    assert expected == (on_spark.query(shape).schema, on_spark.query(count).to_pylist())


def test_generated_corpus_is_large_enough(on_duckdb: Corpus) -> None:
    """The reductions are compared on at least 100,000 posts."""
    assert on_duckdb.query("SELECT COUNT(*) >= 100000 AS enough FROM posts").to_pylist() == [{"enough": True}]


@pytest.mark.parametrize("name", analyses())
def test_findings_are_equal(name: str, case_path: Path) -> None:
    """A whole run gives the same finding on both engines; only its provenance names another one."""
    from agorascope import open_case

    case = open_case(case_path)
    expected, found = case.run(name), case.run(name, engine="spark")
    assert ("duckdb", "spark") == (expected.provenance.engine, found.provenance.engine)
    assert digest(expected) == digest(found)


@pytest.fixture(scope="module")
def case_path(stored: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a case of 5,000 posts, in a folder whose name needs care."""
    import pyarrow.csv

    place = tmp_path_factory.mktemp("case")
    posts = (
        stored["posts"].slice(0, 5_000).select(["platform", "post_id", "account_id", "created_at_us", "kind", "text", "language"])
    )
    counts = stored["post_metrics"].slice(0, 5_000).select(["views", "likes", "reposts"])
    table = pa.Table.from_arrays(
        [*posts.columns, *counts.columns],
        names=["platform", "post_id", "account_id", "created_at", *posts.column_names[4:], *counts.column_names],
    )
    pyarrow.csv.write_csv(table, place / "posts.csv")
    case = new_case(place / "un cas, l’été {1}*", salt="test")
    case.add(place / "posts.csv")
    return case.path


def test_missing_java_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java the user is told what to install, not shown a traceback of the gateway."""
    from agorascope.errors import UsageError
    from agorascope.store.engines import spark

    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="needs Java 17"):
        spark._start()
