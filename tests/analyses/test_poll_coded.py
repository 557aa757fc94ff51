"""Does `poll` read a vote of 0 by the file it is of, whatever other files of the item hold?"""

from pathlib import Path

import pytest

from agorascope import new_case
from agorascope.case import Case
from agorascope.texts import LANGUAGES, say


def case_of(tmp_path: Path, *files: dict[str, list[int]]) -> Case:
    """Make a case of files, each giving the votes of its raters on one item."""
    case = new_case(tmp_path / "case")
    for at, votes in enumerate(files):
        lines = ["rater,item,value", *(f"{who}{i},q,{v}" for who, values in votes.items() for i, v in enumerate(values))]
        (tmp_path / f"{at}.csv").write_text("\n".join(lines), "utf-8")
        case.add(tmp_path / f"{at}.csv")
    return case


def test_a_no_stays_a_no_beside_a_file_that_has_passes(tmp_path: Path) -> None:
    """80 ones and 120 zeros are 40 % yes; 10 each of 1, 0 and -1 in another file add ten to either side, and ten passes."""
    plain, signed = {"a": [1] * 80 + [0] * 120}, {"b": [1, 0, -1] * 10}
    alone = case_of(tmp_path, plain).run("poll")
    assert alone.effect is not None
    assert (0.4, []) == (alone.effect.value, [n for n in alone.notes if n.key == "poll.note.coded"])
    (tmp_path / "both").mkdir()
    case = case_of(tmp_path / "both", plain, signed)
    both = case.run("poll")
    assert both.effect is not None
    assert (pytest.approx(90 / 220), 220, "not_found") == (both.effect.value, both.evidence_total, both.verdict)
    notes = {n.key: n for n in both.notes}
    assert (120, 30) == (notes["poll.note.coded"].args["n"], notes["poll.note.coded"].args["signed"])
    assert 10 == notes["poll.note.aside"].args["n"]
    told = [say(notes["poll.note.coded"], lang) for lang in LANGUAGES]
    assert all("120" in text and "above=0" in text for text in told)
    counted = case.query(both.evidence_query, platform="unknown", item="q", above=0.0, passes=1).to_pylist()
    assert {(0, 0): 10, (0, 1): 130, (1, 0): 90} == {(row["yes"], row["no"]): row["voters"] for row in counted}
    as_no = case.run("poll", above=0)
    assert as_no.effect is not None
    assert pytest.approx(90 / 230) == as_no.effect.value
    assert "poll.note.coded" not in [n.key for n in as_no.notes]


def test_traits_are_of_votes_read_by_their_file(tmp_path: Path) -> None:
    """Weighted to margins the same votes count: those of each file by its own 0."""
    case = case_of(tmp_path, {"a": [1] * 80 + [0] * 120}, {"b": [1, 0, -1] * 10})
    (tmp_path / "groups.csv").write_text(
        "\n".join(["account_id,group", *(f"a{i},age:{'old' if i % 2 else 'young'}" for i in range(200))]), "utf-8"
    )
    (tmp_path / "people.csv").write_text("variable,category,share\nage,old,0.5\nage,young,0.5\n", "utf-8")
    case.add(tmp_path / "groups.csv")
    case.add(tmp_path / "people.csv", format="margins")
    finding = case.run("poll")
    assert "weighted" in [u["assumption"] for u in finding.units]
    assert pytest.approx(90 / 220) == next(u["share"] for u in finding.units if u["assumption"] == "as_published")


def test_files_of_one_coding_are_not_remarked_on(tmp_path: Path) -> None:
    """Two files with votes against, or two without, leave nothing to say."""
    for at, pair in enumerate((({"a": [1, 0, -1] * 9}, {"b": [1, 0, -1] * 9}), ({"a": [1, 0] * 9}, {"b": [1, 0] * 9}))):
        (tmp_path / str(at)).mkdir()
        finding = case_of(tmp_path / str(at), *pair).run("poll")
        assert finding.effect is not None
        assert (0.5, []) == (finding.effect.value, [n for n in finding.notes if n.key == "poll.note.coded"])
