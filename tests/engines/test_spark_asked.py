"""Does Spark give the same answers where a user asks for more than the defaults? Six analyses of networks and votes, on the demo.

Every query of a whole run is compared: groups, hashtags, words, margins, given networks and trends are read after the reduction.
"""

from typing import Any

import pyarrow as pa
import pytest

from agorascope.analyses import analyses
from agorascope.findings import digest
from agorascope.tables import Corpus
from agorascope.worlds import demo

from .answers import ran

pytestmark = pytest.mark.spark

SEEN = {"network": "readers", "draws": 99}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("polarisation", {"network": "readers", "groups": "passengers,town", "nulls": 5}),
    ("polarisation", {"layer": "repost", "sides": "bisection", "nulls": 5}),
    ("majority_illusion", {"attribute": "hashtag:transports", **SEEN}),
    ("majority_illusion", {"attribute": "word:tram", "direction": "both", **SEEN}),
    ("majority_illusion", {"attribute": "group:town", "layer": "repost", "draws": 99}),
    ("communities", {"layer": "districts", "trend": "hashtag:tramdenuit", "nulls": 3}),
    ("communities", {"layer": "repost+reply", "trend": "word:tram", "nulls": 3}),
    ("communities", {"layer": "hashtag", "trend": "domain:example.net", "nulls": 3}),
    ("communities", {"layer": "all", "trend": "url:https://example.org/tram/horaires", "nulls": 3}),
    ("bridging", {"draws": 19}),
    ("representation", {"attribute": "hashtag:remboursement", "margins": "rivemont", "draws": 99}),
    ("representation", {"attribute": "word:tram", "draws": 99}),
    ("representation", {"attribute": "group:town", "draws": 99}),
    ("poll", {"population": 60_000}),
    ("poll", {"item": "tram de nuit"}),
]


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """Make the tables of the demo."""
    return demo.make(0)[0]


@pytest.fixture(scope="module")
def here(tables: dict[str, pa.Table]) -> Corpus:
    """Open the demo on DuckDB."""
    from agorascope.store.engines.duckdb import memory_corpus

    return memory_corpus(tables, threads=2)


@pytest.fixture(scope="module")
def there(tables: dict[str, pa.Table]) -> Corpus:
    """Open the demo on Spark."""
    from agorascope.store.engines.spark import memory_corpus

    return memory_corpus(tables)


@pytest.mark.parametrize(("name", "given"), ASKED, ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_a_run_asks_and_finds_the_same(name: str, given: dict[str, Any], here: Corpus, there: Corpus) -> None:
    """Each query of the run has the same rows in the same order on both engines, and the finding is the same."""
    module = analyses()[name]
    (noted, expected), (also_noted, found) = (ran(module, corpus, module.Params(**given)) for corpus in (here, there))
    assert noted == also_noted
    assert digest(expected) == digest(found)
    assert expected.verdict != "insufficient"


def test_acts_across_groups_are_the_same(tables: dict[str, pa.Table]) -> None:
    """Without votes, the reposts of declared groups are the same on both engines."""
    from agorascope.store.engines import duckdb, spark

    voteless = {name: table for name, table in tables.items() if name != "ratings"}
    module = analyses()["bridging"]
    params = module.Params(groups="passengers,town", draws=19)
    (noted, expected), (also_noted, found) = (
        ran(module, corpus, params) for corpus in (duckdb.memory_corpus(voteless, threads=2), spark.memory_corpus(voteless))
    )
    assert noted == also_noted
    assert digest(expected) == digest(found)
