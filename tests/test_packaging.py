"""Is what a stranger installs pinned, and is nothing of our machines in it?"""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock")
ENTRY = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; .+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
KEPT = ("src", "tests", "docs", "scripts", "benchmarks", ".ci")
TEXTS = {".py", ".md", ".toml", ".json", ".jsonl", ".csv", ".js", ".css", ".j2", ".txt", ".lock", ""}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_names_versions_and_hashes_only(name: str) -> None:
    """Every line belongs to an entry with at least one hash: no address of an index, no path, no comment."""
    text = (ROOT / name).read_text("utf-8")
    assert "" == ENTRY.sub("", text)


def test_each_lock_holds_the_one_before() -> None:
    """What runs is what is tested, on Spark too: a later lock pins everything of the earlier ones at the same versions."""
    pins = [{entry[:2] for entry in ENTRY.findall((ROOT / name).read_text("utf-8"))} for name in LOCKS]
    assert pins[0] < pins[1] < pins[2]


def test_locks_cover_what_the_project_needs() -> None:
    """Every dependency of pyproject.toml is pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["spark"],
        *groups["dev"],
        *groups["build"],
    ]
    pinned = {entry[0] for entry in ENTRY.findall((ROOT / LOCKS[2]).read_text("utf-8"))}
    assert set() == {re.split(r"[<>=\[]", need)[0].replace("_", "-").lower() for need in wanted} - pinned


def test_no_path_of_a_developer_is_kept() -> None:
    """No file names a home folder or a workspace of the machine it was written on."""
    here = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/")
    files = [
        f for top in KEPT for f in (ROOT / top).rglob("*") if f.is_file() and f.suffix in TEXTS and "__pycache__" not in f.parts
    ]
    assert [] == [
        f.relative_to(ROOT).as_posix() for f in files if f != Path(__file__) and here.search(f.read_text("utf-8", "replace"))
    ]
