"""Do the pages tell the truth? Pages made from the code equal it; every command and every example on them runs."""

import doctest
import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from agorascope.analyses import analyses
from agorascope.sources import sources
from tests.commands import type_in

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
paged = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def script(name: str) -> ModuleType:
    """Load one of ``scripts/``."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def desk(demo_folder: Path, tmp_path: Path) -> Path:
    """Give a folder as the pages speak of it: the demo's case in ``demo``, its collected files in ``demo/collected``."""
    shutil.copytree(demo_folder, tmp_path / "demo")
    return tmp_path


@pytest.mark.parametrize("page", ["cli.md", "records.md", "index.md"])
def test_a_page_made_from_the_code_equals_it(page: str) -> None:
    """The page is what ``make docs`` writes."""
    assert script("make_docs").pages()[page] == (DOCS / page).read_text("utf-8"), "run: make docs"


def test_published_schema_equals_the_code() -> None:
    """The JSON Schema in ``docs`` is the one findings are made to."""
    assert script("make_schema").text() == (DOCS / "finding.schema.json").read_text("utf-8"), "run: make docs"


@paged
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of ours leads to one."""
    targets = [t for t in LINK.findall(page.read_text("utf-8")) if "://" not in t and not t.startswith("mailto:")]
    assert [] == [t for t in targets if not (page.parent / t).exists()]


@paged
def test_what_a_page_shows_runs(page: Path, desk: Path) -> None:
    """Every ``$ agorascope`` line runs and prints what is shown; every ``>>>`` example gives what is shown."""
    blocks = BLOCK.findall(page.read_text("utf-8"))
    for block in (text for kind, text in blocks if kind == "console"):
        _run_console(block, desk)
    _run_python("\n".join(text for kind, text in blocks if kind == "python"), desk, page)


def test_no_page_is_orphaned() -> None:
    """Every page of an analysis or a format belongs to one."""
    assert {f"{name}.md" for name in analyses()} == {page.name for page in (DOCS / "analyses").glob("*.md")}
    assert {f"{name}.md" for name in sources()} == {page.name for page in (DOCS / "sources").glob("*.md")}


def _run_console(block: str, desk: Path) -> None:
    """Run the commands of a block; lines shown must be printed in that order, ``...`` stands for anything."""
    for chunk in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = chunk.partition("\n")
        if not command.startswith("agorascope "):
            continue
        typed = type_in(desk, *command.partition("#")[0].split()[1:])
        assert typed.code in (0, 2), typed.err
        assert (typed.code == 2) == shown.startswith("agorascope: "), typed.err
        pattern = ".*".join(re.escape(part) for part in shown.strip().split("..."))
        assert re.search(pattern, typed.out + typed.err, re.DOTALL), f"{command}\nshown:\n{shown}\nprinted:\n{typed.out}{typed.err}"


def _run_python(block: str, desk: Path, page: Path) -> None:
    if ">>>" not in block:
        return
    test = doctest.DocTestParser().get_doctest(block, {"__name__": "page"}, page.name, str(page), 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(desk)
        said: list[str] = []
        failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert failed.failed == 0, "".join(said)
