"""Are the import rules kept, and would a breach be seen? Violations are planted in a copy of the package."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "agorascope"
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))"

PLANTED = {
    "a layer below imports one above": ("stats/shares.py", "from agorascope.tables import Corpus", "The way of the data"),
    "siblings see each other": ("report/page.py", "from agorascope import store", "The way of the data"),
    "a new package outside the layers": ("helpers/__init__.py", '"""Nothing."""', "The way of the data"),
    "an engine outside store.engines": ("store/snapshot.py", "import duckdb", "Engines only under store.engines"),
    "a driver outside store": ("analyses/coverage.py", "import deltalake", "Engines only under store.engines"),
    "the network outside sources": ("case/adding.py", "import requests", "Network libraries only under sources"),
    "statistics that know tables": ("stats/shares.py", "import pyarrow", "Statistics know arrays"),
}


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the import linter on the package in a folder."""
    env = os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200"}
    command = [sys.executable, "-c", LINT, str(ROOT / ".importlinter")]
    return subprocess.run(command, cwd=source, env=env, capture_output=True, text=True, check=False)


def imported(file: Path) -> set[str]:
    """List every module a file imports, absolute, as dotted names."""
    package = ("agorascope", *file.relative_to(PACKAGE).parent.parts)
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, node.module or "")).strip(".")
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


def strangers(file: Path) -> set[str]:
    """List the analyses, and private halves of others, that a file of an analysis imports."""
    own = family(file.stem)
    inside = {name.split(".")[2] for name in imported(file) if name.startswith("agorascope.analyses.")}
    modules = {path.stem for path in (PACKAGE / "analyses").glob("*.py")}
    return {name for name in inside & modules if family(name) != own}


def family(module: str) -> str:
    """Name the analysis a module of ``analyses`` belongs to: ``_x_reduce`` and ``x`` belong to ``x``."""
    public = {path.stem for path in (PACKAGE / "analyses").glob("[!_]*.py")}
    owners = [name for name in public if module == name or module.startswith(f"_{name}_")]
    return max(owners, key=len, default=module)


def test_rules_are_kept() -> None:
    """The package as it is keeps every contract."""
    done = lint(ROOT / "src")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("what", sorted(PLANTED))
def test_planted_violation_is_caught(what: str, tmp_path: Path) -> None:
    """A violation planted in a copy of the package breaks the contract that forbids it."""
    name, line, contract = PLANTED[what]
    shutil.copytree(PACKAGE, tmp_path / "agorascope", ignore=shutil.ignore_patterns("__pycache__", "static"))
    file = tmp_path / "agorascope" / name
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as text:
        text.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    broken = [said for said in done.stdout.splitlines() if " BROKEN" in said and said.startswith(contract)]
    assert len(broken) == 1, done.stdout


@pytest.mark.parametrize("file", sorted((PACKAGE / "analyses").glob("*.py")), ids=lambda file: file.stem)
def test_no_analysis_imports_another(file: Path) -> None:
    """A file of an analysis imports its own private halves only."""
    assert set() == strangers(file)


def test_stranger_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An analysis that imports another, or another's private half, is seen."""
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    (tmp_path / "analyses").mkdir()
    for name in ("apple", "pear", "_pear_reduce"):
        (tmp_path / "analyses" / f"{name}.py").touch()
    planted = tmp_path / "analyses" / "_apple_tops.py"
    planted.write_text("from . import _pear_reduce, apple\nfrom .pear import run\n", "utf-8")
    assert {"_pear_reduce", "pear"} == strangers(planted)


def test_urllib_request_is_for_sources() -> None:
    """Only sources may open an address with the standard library (the linter cannot tell urllib.parse from it)."""
    files = [f for f in PACKAGE.rglob("*.py") if "sources" not in f.parts]
    assert [] == [f.name for f in files if any(n.startswith(("urllib.request", "urllib.error")) for n in imported(f))]
