"""Is a record that cannot be read kept, told and read later?"""

from pathlib import Path

import pytest

from agorascope import Case, CaseError
from agorascope.store import quarantine_reasons, state
from agorascope.texts import say

HEADER = "id,auteur,horodatage,message\n"


def test_bad_rows_are_kept_with_line_and_reason(case: Case, tmp_path: Path) -> None:
    """A row with an unreadable time and one with too many cells go to quarantine; nothing is lost."""
    file = tmp_path / "a.csv"
    file.write_text(
        "post_id,author,created_at,text\np1,ann,2024-03-01T10:00:00Z,ok\np2,bob,someday,no\np3,bob,2024-03-01,a,b,c\n", "utf-8"
    )
    added = case.add(file)[0]
    kept = [(q.file, q.record, q.line) for q in case.quarantine()]
    assert (added.read, added.accepted, added.quarantined) == (3, 1, 2)
    assert kept == [("a.csv", 2, 3), ("a.csv", 3, 4)]
    assert all(q.reason and q.raw for q in case.quarantine())


def test_retry_with_a_better_mapping_reads_them(case: Case, tmp_path: Path) -> None:
    """Rows refused under one column mapping are accepted under a corrected one, and the counts follow."""
    file, wrong, right = tmp_path / "a.csv", tmp_path / "wrong.toml", tmp_path / "right.toml"
    file.write_text(
        "id,who,when,when2,what\np1,ann,soon,2024-03-01T10:00:00Z,ok\np2,bob,later,2024-03-02T10:00:00Z,ok too\n", "utf-8"
    )
    wrong.write_text('post_id = "id"\naccount_id = "who"\ncreated_at = "when"\ntext = "what"\n', "utf-8")
    right.write_text('post_id = "id"\naccount_id = "who"\ncreated_at = "when2"\ntext = "what"\n', "utf-8")
    assert case.add(file, columns=wrong)[0].quarantined == 2
    done = case.retry(columns=right)[0]
    assert (done.read, done.accepted, done.quarantined, case.corpus().rows["posts"]) == (2, 2, 0, 2)


def test_retry_without_change_keeps_them(case: Case, tmp_path: Path) -> None:
    """A retry that helps nothing loses nothing."""
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"post_id": "p1", "author": "ann", "created_at": "2024-03-01T10:00:00Z", "text": "ok"}\n{"post_id": "p2", oops\n', "utf-8"
    )
    case.add(file)
    before = case.quarantine()
    case.retry()
    assert [q.raw for q in case.quarantine()] == [q.raw for q in before] == [b'{"post_id": "p2", oops']


def test_reasons_are_kept_for_every_language(case: Case, tmp_path: Path) -> None:
    """A reason is English in a query and in the list, and French where French is asked for."""
    file = tmp_path / "a.csv"
    file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\np2,bob,someday,no\n", "utf-8")
    case.add(file)
    listed = case.quarantine()[0]
    assert listed.reason == "'someday' is not a time" == case.query("SELECT reason FROM quarantined").column(0)[0].as_py()
    assert say(listed.message, "fr") == "'someday' n’est pas une date lisible"


@pytest.mark.parametrize(
    "stored", ["'someday' is not a time", '{"key":"reasons.of_tomorrow","args":{}}', "{}", '{"key":"reasons.at"}']
)
def test_a_reason_of_another_version_is_shown_as_it_is(case: Case, tmp_path: Path, stored: str) -> None:
    """What an earlier version wrote in English, or a later one in words not known here, is listed to the letter, and counted."""
    file = tmp_path / "a.csv"
    file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\np2,bob,later,no\np3,bob,someday,no\n", "utf-8")
    case.add(file)
    with state.connect(case.path) as db:
        db.execute("UPDATE quarantine SET reason = ? WHERE record = 2", (stored,))
    assert case.quarantine()[0].reason == stored
    counts = {say(reason, "fr"): count for reason, count in quarantine_reasons(case.path)}
    alike = say(case.quarantine()[0].message, "en") == case.quarantine()[1].reason
    assert sum(counts.values()) == 2
    assert len(counts) == (1 if alike else 2)


def test_a_row_the_reader_refused_keeps_its_reason(case: Case, tmp_path: Path) -> None:
    """A retry of a row that no mapper can mend says why in French as before."""
    file = tmp_path / "a.csv"
    file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\np2,bob,2024-03-01,a,b\n", "utf-8")
    case.add(file)
    before = case.quarantine()
    case.retry()
    assert case.quarantine() == before
    assert say(before[0].message, "fr").startswith("5 cellules là où l’en-tête en a 4\u00a0; manque-t-il")


def test_retry_refuses_to_read_one_file_in_two_ways(case: Case, tmp_path: Path) -> None:
    """Other columns are not taken for the rest of a file that was partly accepted."""
    file, columns = tmp_path / "a.csv", tmp_path / "columns.toml"
    file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\np2,bob,later,no\n", "utf-8")
    columns.write_text('post_id = "post_id"\ntext = "text"\n', "utf-8")
    case.add(file)
    with pytest.raises(CaseError, match="make the case again"):
        case.retry(columns=columns)
