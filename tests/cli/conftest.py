"""Give the tests of the command line a desk: files, a case already run, a copy of the demo."""

import shutil
from pathlib import Path

import pytest

from tests.commands import POSTS, type_in


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give an empty folder with a file of three posts, a file of groups and one of events."""
    (tmp_path / "posts.csv").write_text(POSTS, "utf-8")
    (tmp_path / "parties.csv").write_text("account_id,group\nann,left\nbob,right\n", "utf-8")
    (tmp_path / "events.csv").write_text("at,label\n2024-03-02,the vote\n", "utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a case of the three posts, every analysis run, once."""
    place = tmp_path_factory.mktemp("run_once")
    (place / "posts.csv").write_text(POSTS, "utf-8")
    for words in (("new", "c"), ("add", "c", "posts.csv"), ("run", "c")):
        typed = type_in(place, *words)
        assert typed.code == 0, typed.err
    return place / "c"


@pytest.fixture
def case(desk: Path, run_once: Path) -> Path:
    """Give the desk with a copy of that case in ``c``."""
    shutil.copytree(run_once, desk / "c")
    return desk


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Path:
    """Give a folder that holds a copy of the demo as ``demo``."""
    shutil.copytree(demo_folder, tmp_path / "demo")
    return tmp_path
