"""Does a new analysis begin whole? One is made in a copy of the repository, and passes every test there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAME = "newborn"
COPIED = ("src", "tests", "docs", "scripts", "pyproject.toml", "README.md", "CONTRIBUTING.md")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the repository and make a new analysis in the copy."""
    place = tmp_path_factory.mktemp("repository")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    for words in (["scripts/new_analysis.py", NAME], ["scripts/make_docs.py"]):
        done = python(place, *words)
        assert done.returncode == 0, done.stdout + done.stderr
    return place


def python(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, on the package of the copy."""
    env = os.environ | {"PYTHONPATH": str(place / "src")}
    return subprocess.run([sys.executable, *words], cwd=place, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("chosen", [
    ("tests/analyses/test_newborn.py",), ("tests/test_every_analysis.py", "-k", NAME), ("tests/test_texts.py",),
    ("tests/test_docs.py", "-k", f"{NAME} or orphaned or equals"),
])  # fmt: skip
def test_it_passes_its_tests(repository: Path, chosen: tuple[str, ...]) -> None:
    """Its own tests, those of every analysis, of the catalogues and of the pages pass."""
    done = python(repository, "-m", "pytest", "-p", "no:xdist", *chosen)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout


def test_it_is_clean(repository: Path) -> None:
    """The linter has nothing to say of it."""
    done = python(
        repository, "-m", "ruff", "check", "--no-cache", f"src/agorascope/analyses/{NAME}.py", f"tests/analyses/test_{NAME}.py"
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["", "Big", "two words", "../x", "coverage"])
def test_a_bad_name_is_refused(name: str) -> None:
    """A name that cannot be one, or is taken, is refused in one line."""
    done = python(ROOT, "scripts/new_analysis.py", *name.split(" "))
    assert (1, 1) == (done.returncode, done.stderr.count("\n"))
