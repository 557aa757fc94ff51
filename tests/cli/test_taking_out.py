"""Does what leaves a case leave as promised? Reports and exports: paths printed, nothing overwritten, nobody named."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agorascope import open_case
from agorascope.store import log
from tests.commands import POSTS, refused, type_in


@pytest.mark.parametrize("suffix", ["html", "md", "json"])
def test_report_is_written_where_asked(case: Path, suffix: str) -> None:
    """The report is written in the form its name ends in, and its path printed."""
    typed = type_in(case, "report", "c", "--out", f"r.{suffix}")
    assert (0, f"r.{suffix}") == (typed.code, typed.out.strip())
    assert (case / f"r.{suffix}").stat().st_size > 500


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "sqlite"])
def test_export_prints_each_path_and_writes_the_units(demo: Path, form: str) -> None:
    """Every table goes to FOLDER/TABLE.EXT, ``units`` always among them."""
    typed = type_in(demo, "export", "demo", "coverage", "--to", form)
    files = [demo / line for line in typed.out.splitlines()]
    assert typed.code == 0, typed.err
    assert all(file.is_file() for file in files)
    assert demo / f"demo/exports/coverage/units.{form}" in files


def test_export_refuses_to_overwrite_without_force(demo: Path) -> None:
    """A file that is there stays, unless --force is given."""
    words = ("export", "demo", "conversation", "--to", "csv", "--out", "out")
    assert type_in(demo, *words).code == 0
    (demo / "out" / "units.csv").write_text("mine", "utf-8")
    assert "--force" in refused(type_in(demo, *words))
    assert "mine" == (demo / "out" / "units.csv").read_text("utf-8")
    assert type_in(demo, *words, "--force").code == 0


def test_exported_accounts_are_pseudonyms_unless_asked(demo: Path) -> None:
    """Account ids leave the case only with --identities, which is logged."""
    words = ("export", "demo", "conversation", "--to", "parquet")
    known = set(open_case(demo / "demo").table("accounts").column("account_id").to_pylist())
    type_in(demo, *words)
    masked = set(pq.read_table(demo / "demo/exports/conversation/top_authors.parquet").column("account_id").to_pylist())
    type_in(demo, *words, "--identities", "--out", "named")
    named = set(pq.read_table(demo / "named/top_authors.parquet").column("account_id").to_pylist())
    assert (set(), named) == (masked & known, named & known)
    assert any("identities" in what for _, what in log(demo / "demo"))


def test_exported_text_is_no_formula(demo: Path) -> None:
    """No cell of an exported CSV starts like a formula."""
    type_in(demo, "export", "demo", "conversation", "--to", "csv", "--identities")
    text = "".join(f.read_text("utf-8-sig") for f in (demo / "demo/exports/conversation").glob("*.csv"))
    cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
    assert [] == [cell for cell in cells if cell.startswith(("=", "@", "+"))]


@pytest.mark.parametrize("words", [
    ("show", "c"), ("show", "c", "coverage", "--json"), ("report", "c"), ("export", "c", "coverage", "--to", "csv", "--force"),
])  # fmt: skip
def test_findings_older_than_the_rows_are_told(case: Path, words: tuple[str, ...]) -> None:
    """What was computed before rows were added leaves with one line on standard error, until it is run again."""
    assert "" == type_in(case, *words).err
    (case / "more.csv").write_text(POSTS.replace("1,ann", "9,cat"), "utf-8")
    type_in(case, "add", "c", "more.csv")
    typed = type_in(case, *words)
    assert (0, 1) == (typed.code, typed.err.count("\n"))
    assert typed.err.startswith("computed before the last change of the case: ")
    assert "coverage" in typed.err
    assert typed.err.strip().endswith("; run again: agorascope run c")
    type_in(case, "run", "c")
    assert "" == type_in(case, *words).err


@pytest.mark.parametrize(("words", "first"), [(("show", "c"), "agorascope run c and "), (("show", "c", "majority_illusion"), "")])
def test_what_makes_an_older_finding_again_names_the_parameter_it_needs(case: Path, words: tuple[str, ...], first: str) -> None:
    """``run`` alone would leave the analysis out: its command names the parameter, not what it was, and typed in full it helps."""
    made = ("run", "c", "majority_illusion", "-p", "attribute=word:hello")
    type_in(case, *made)
    (case / "more.csv").write_text(POSTS.replace("1,ann", "9,cat"), "utf-8")
    type_in(case, "add", "c", "more.csv")
    told = type_in(case, *words).err
    assert told.strip().endswith(f"; run again: {first}agorascope run c majority_illusion -p attribute=…")
    assert "since it was made; run again: agorascope run c majority_illusion -p attribute=…\n" in type_in(case, "verify", "c").err
    type_in(case, "run", "c")
    assert "majority_illusion -p attribute=…" in type_in(case, *words).err
    type_in(case, *made)
    assert "" == type_in(case, *words).err
