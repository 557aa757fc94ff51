"""Do two versions of DuckDB give the same answers? Every reduction on 110,000 posts, here and under the version beside.

Run by ``make test-duckdb15``, which installs the other version in a folder and names it in AGORASCOPE_OTHER_DUCKDB.
"""

import json
import os
import subprocess
import sys

import pytest

from agorascope.tables import Corpus

from .answers import REDUCING, answers


@pytest.fixture(scope="module")
def other() -> dict[str, list[list[object]]]:
    """Run the reductions under the other version, in another process."""
    import duckdb

    place = {"PYTHONPATH": os.environ["AGORASCOPE_OTHER_DUCKDB"]}
    done = subprocess.run([sys.executable, "-m", "tests.engines.answers"], env=os.environ | place, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["version"] != duckdb.__version__, "both are the same version"
    answered: dict[str, list[list[object]]] = found["answers"]
    return answered


@pytest.mark.other_duckdb
@pytest.mark.parametrize("name", REDUCING)
def test_versions_agree(name: str, on_duckdb: Corpus, other: dict[str, list[list[object]]]) -> None:
    """Every query of a reduction has the same rows, in the same order, under both versions."""
    assert other[name] == answers(REDUCING[name], on_duckdb)
