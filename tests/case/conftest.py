"""Give the case tests one demo case, made once."""

from pathlib import Path

import pytest

from agorascope import Case, new_case
from agorascope.worlds import demo


@pytest.fixture(scope="session")
def demo_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Make the demo case, run every analysis on it."""
    case = new_case(tmp_path_factory.mktemp("demo") / "case", title="Demo", salt="s")
    collected = tmp_path_factory.mktemp("collected")
    case.add(*demo.write_files(collected, seed=0))
    case.run_all()
    return case


@pytest.fixture
def copy(demo_case: Case, tmp_path: Path) -> Case:
    """Give a copy of the demo case that a test may change."""
    import shutil

    shutil.copytree(demo_case.path, tmp_path / "copy")
    return Case(tmp_path / "copy")
