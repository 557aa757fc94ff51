"""Is what a table says of each post beside content and counts kept as labels, and nothing else changed by it?"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agorascope import Case, new_case
from agorascope.records import Post, PostLabel, PostMetrics
from agorascope.sources import Sample, generic
from agorascope.sources.reading import probe
from agorascope.sources.used import columns_used
from tests.sources.tables import FIXTURES, fixture, mapped, only, sample

UCI = "amplification/uci_facebook_metrics/dataset_Facebook.csv"


def labelled(given: Sample) -> list[dict[str, str]]:
    """Give the labels of each row, by name."""
    map_row = generic.mapper(given)
    return [{r.name: r.value for r in map_row(row) if isinstance(r, PostLabel)} for row in given.rows]


def test_a_french_table_without_dates_gives_its_labels() -> None:
    """Paid as a yes or no, format from ``type``, topic, and month, weekday and hour as there is no date."""
    _, rows, reasons = fixture("generic_labels.csv")
    first = {r.name: r.value for r in rows[0] if isinstance(r, PostLabel)}
    expected = {"format": "Photo", "hour": "3", "month": "12", "paid": "0", "topic": "produit", "weekday": "4"}
    assert (expected, []) == (first, reasons)
    assert {"original"} == {p.kind for p in only(rows, Post)}
    assert [5091, 19057, 4373] == [m.views for m in only(rows, PostMetrics)]
    assert "paid" not in {r.name for r in rows[2] if isinstance(r, PostLabel)}


def test_the_columns_used_are_told_once_and_rightly() -> None:
    """``type`` is told as a format, and only what no label took is left."""
    used = columns_used(probe(FIXTURES / "generic_labels.csv").sample, "generic")
    assert ("type", "heure", "payant") == (used["label.format"], used["label.hour"], used["label.paid"])
    assert "Opération" not in used.values()
    assert not {"kind", "created_at", "clock"} & used.keys()


def test_a_type_that_names_kinds_stays_one() -> None:
    """Where one value is a kind, ``type`` makes no label; a kind below the first rows is still read."""
    assert [{}, {}] == labelled(sample("user,text,type", "a,b,photo", "a,b,retweet"))
    assert [{}] == labelled(sample("user,text,type", "a,b,Original"))
    later = sample("user,text,type", "a,b,photo")
    assert ("repost", [{"format": "photo"}]) == (generic.mapper(later)(["a", "c", "retweet"])[0].kind, labelled(later))
    assert 1 == len([r for r in generic.mapper(later)(["a", "c", "retweet"]) if not isinstance(r, PostLabel)])


def test_a_format_beside_a_kind_is_a_label() -> None:
    """``media_type`` is a format whatever ``type`` says."""
    assert [{"format": "video"}] == labelled(sample("user,text,type,media_type", "a,b,reply,video"))


def test_parts_of_a_date_are_labels_only_without_one() -> None:
    """With a date, month and hour are not kept, unless the user names them."""
    dated = sample("user,text,date,month,hour", "a,b,2024-03-01,3,10")
    assert [{}] == labelled(dated)
    assert [{"hour": "10"}] == labelled(replace(dated, columns={"label.hour": "hour"}))


def test_a_user_names_any_label(tmp_path: Path) -> None:
    """``label.NAME`` in ``--columns`` keeps a column, also one read as something else, in any form of TOML."""
    for number, toml in enumerate(('label.wave = "Opération"\nlabel.reach = "reach"', '[columns]\nlabel.wave = "Opération"',
                                   '[columns.label]\nwave = "Opération"', '"label.wave" = "Opération"')):  # fmt: skip
        (tmp_path / f"{number}.toml").write_text(toml, "utf-8")
        found = labelled(probe(FIXTURES / "generic_labels.csv", columns=tmp_path / f"{number}.toml").sample)
        assert ("noël", 3) == (found[0]["wave"], len(found))
        assert ("reach" in toml) == ("reach" in found[0])


def test_odd_cells_refuse_no_row() -> None:
    """A list gives one label per word, an object and a null word none, a yes or no 1 or 0 in any spelling."""
    map_row = generic.mapper(sample("user,text,category,sponsored", "a,b,c,d"))
    cells: list[Any] = [["x", "y", "x", None], {"a": 1}, "NaN", 1.5, b"x"]
    assert [["x", "y"], [], [], ["1.5"], ["b'x'"]] == [
        [r.value for r in map_row(["a", "b", cell, None]) if isinstance(r, PostLabel)] for cell in cells
    ]
    said = ["Sponsored", True, "0.0", "organique", "12 €", ""]
    assert [["1"], ["1"], ["0"], ["0"], ["12 €"], []] == [
        [r.value for r in map_row(["a", "b", None, cell]) if isinstance(r, PostLabel)] for cell in said
    ]


def test_labels_are_stored_queried_and_forgotten(tmp_path: Path) -> None:
    """The store keeps them once per post; a forgotten account's go with its posts, the others keep their names."""
    file = tmp_path / "a.csv"
    rows = ("post_id,author,date,text,paid,topic", "1,paid,2024-03-01,hi,yes,cats", "2,bob,2024-03-01,ho,no,dogs")
    file.write_text("\n".join(rows), "utf-8")
    case = new_case(tmp_path / "case", salt="s")
    case.add(file)
    asked = "SELECT post_id, name, value FROM post_labels ORDER BY post_id NULLS FIRST, name NULLS FIRST"
    both = [("1", "paid", "1"), ("1", "topic", "cats"), ("2", "paid", "0"), ("2", "topic", "dogs")]
    assert both == rows_of(case, asked)
    case.add(file)
    assert both == rows_of(case, asked)
    case.forget("paid")
    assert both[2:] == rows_of(case, asked)


def rows_of(case: Case, sql: str) -> list[tuple[Any, ...]]:
    """Give the rows of an answer."""
    return [tuple(row.values()) for row in case.query(sql).to_pylist()]


def test_posts_without_ids_keep_their_labels_apart(tmp_path: Path) -> None:
    """Equal rows without an id are two posts, each with its labels; a table without labels is not written."""
    (tmp_path / "a.csv").write_text("user,text,topic\na,b,cats\na,b,cats\na,b,dogs\n", "utf-8")
    (tmp_path / "b.csv").write_text("user,text\na,b\n", "utf-8")
    case, bare = new_case(tmp_path / "case", salt="s"), new_case(tmp_path / "bare", salt="s")
    case.add(tmp_path / "a.csv")
    bare.add(tmp_path / "b.csv")
    assert [(3, 3)] == rows_of(case, "SELECT COUNT(*) AS n, COUNT(DISTINCT post_id) AS posts FROM post_labels")
    assert (False, False) == (bare.corpus().has("post_labels"), (bare.path / "tables" / "post_labels").exists())


def test_the_facebook_page_says_what_was_paid(shared: Callable[[str], Path]) -> None:
    """500 posts with format, topic, month, weekday and hour, one without the paid flag: 139 paid of 499."""
    _, rows, reasons = mapped(shared(UCI))
    found = only(rows, PostLabel)
    assert ({"paid": 499, "format": 500, "topic": 500, "month": 500, "weekday": 500, "hour": 500}, []) == (
        Counter(r.name for r in found), reasons,
    )  # fmt: skip
    assert {"0": 360, "1": 139} == Counter(r.value for r in found if r.name == "paid")


@pytest.mark.parametrize("name", ["month", "mois"])
def test_a_month_in_two_languages(name: str) -> None:
    """French and English names are of equal rank."""
    assert [{"month": "3"}] == labelled(sample(f"user,text,{name}", "a,b,3"))
