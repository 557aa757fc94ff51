"""Does a case stand what lies in its files: orders to the terminal, damage, unfinished work?"""

import shutil
from pathlib import Path

import pytest

from agorascope import Case, NotACase, new_case
from tests.commands import refused, type_in

HOSTILE = "post_id,author,created_at,text\np1,ann,2024-03-01,hi\nq,bob,\x1b]0;owned\x07 no date,\u202ehi\n"


def test_no_escape_sequence_reaches_the_terminal(tmp_path: Path) -> None:
    """Control characters in records, headers and file names are printed as replacement signs."""
    (tmp_path / "a\x1b[2J.csv").write_text(HOSTILE, "utf-8")
    (tmp_path / "b.csv").write_text("\x1b[2Jcolour,shape\nred,round\n", "utf-8")
    type_in(tmp_path, "new", "c")
    said = [type_in(tmp_path, "add", "c", "a\x1b[2J.csv"), type_in(tmp_path, "quarantine", "c"), type_in(tmp_path, "status", "c")]
    assert [t.code for t in said] == [0, 0, 0]
    assert not any(sign in t.out + t.err for t in said for sign in "\x1b\x07\u202e")
    assert "\x1b" not in refused(type_in(tmp_path, "add", "c", "b.csv"))


def test_a_place_that_cannot_be_written_is_no_fault_of_ours(tmp_path: Path) -> None:
    """A folder asked for below a file is refused in one line, exit 2."""
    (tmp_path / "file").write_text("x", "utf-8")
    assert "cannot read or write" in refused(type_in(tmp_path, "new", "file/case"))


def test_a_half_written_finding_is_not_shown(copy: Case) -> None:
    """What a killed run left under a temporary name is no finding."""
    before = len(copy.findings())
    shutil.copytree(copy.path / "findings" / "coverage", copy.path / "findings" / ".coverage.new")
    assert len(copy.findings()) == before


def test_a_damaged_config_is_said_so(tmp_path: Path) -> None:
    """A case.toml that is no TOML names the file and what to do."""
    case = new_case(tmp_path / "case")
    (case.path / "case.toml").write_text("title = ", "utf-8")
    with pytest.raises(NotACase, match=r"case\.toml is damaged"):
        _ = case.config


@pytest.mark.parametrize("name", ["a%20b", "f[1]", "a|b"])
def test_a_folder_the_tables_cannot_name_is_refused(tmp_path: Path, name: str) -> None:
    """A path the table format would read as another one is refused, in one line."""
    (tmp_path / "a.csv").write_text(HOSTILE, "utf-8")
    type_in(tmp_path, "new", name)
    assert "rename the folder" in refused(type_in(tmp_path, "add", name, "a.csv"))
