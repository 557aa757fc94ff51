"""Do ``polarisation`` and ``majority_illusion`` read a network whatever the order of its rows, and say it in both languages?"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import analyses
from agorascope.findings import digest
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.camps import CampsWorld, make

from .said import said

PAGES = Path(__file__).parents[2] / "docs/analyses"


@pytest.mark.parametrize(("name", "world", "given"), [
    ("polarisation", {"closed": 0.4}, {"groups": "larger,smaller"}),
    ("majority_illusion", {"lifted": 1.0}, {"attribute": "group:bearers", "direction": "both"}),
])  # fmt: skip
def test_row_order_does_not_count_and_both_languages_say_it(name: str, world: dict[str, Any], given: dict[str, Any]) -> None:
    """Rows in another order give the same digest; everything can be said; the page names the tables."""
    rows, module = make(CampsWorld(accounts=300, mean_degree=8, **world), 1), analyses()[name]
    order = pa.array(np.random.default_rng(2).permutation(rows["edges"].num_rows))
    moved = rows | {"edges": rows["edges"].take(order)}
    finding, again = (said(module.run(memory_corpus(tables), module.Params(**given))) for tables in (rows, moved))
    assert digest(finding) == digest(again)
    page = (PAGES / f"{name}.md").read_text("utf-8")
    assert [] == [table for table in finding.tables if f"`{table}`" not in page]
