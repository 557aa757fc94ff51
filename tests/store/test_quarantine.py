"""Is a record that cannot be read kept, told and read later?"""

from pathlib import Path

import pytest

from agorascope import BadValue, Case
from agorascope.store import quarantine_reasons, state
from agorascope.texts import Message, say

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
    assert (done.tried, done.recovered, done.refused, case.corpus().rows["posts"]) == (2, 2, 0, 2)


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


MAPPING = 'post_id = "id"\naccount_id = "who"\ncreated_at = "%s"\ntext = "what"\n'


def test_retry_refuses_to_read_one_file_in_two_ways(case: Case, tmp_path: Path) -> None:
    """Other columns are not taken for the rest of a file whose accepted rows would come out otherwise; both languages say so."""
    file, wrong, right = tmp_path / "a.csv", tmp_path / "wrong.toml", tmp_path / "right.toml"
    file.write_text("id,who,when,when2,what\np1,ann,2024-03-01,2024-04-01,ok\np2,bob,later,2024-04-02,no\n", "utf-8")
    wrong.write_text(MAPPING % "when", "utf-8")
    right.write_text(MAPPING % "when2", "utf-8")
    case.add(file, columns=wrong)
    before = case.corpus().digest
    done = case.retry(columns=right)[0]
    assert (0, 0, 1, before) == (done.tried, done.recovered, done.refused, case.corpus().digest)
    assert done.left is not None
    assert "1 of its records was accepted" in str(done.left)
    assert "1 de ses enregistrements a été accepté" in say(done.left, "fr")


def test_retry_takes_columns_under_which_accepted_rows_say_the_same(case: Case, tmp_path: Path) -> None:
    """A column that only refused rows fill is safe to take; how the file is read now is kept, and a second retry agrees."""
    file, wrong, right = tmp_path / "a.csv", tmp_path / "wrong.toml", tmp_path / "right.toml"
    file.write_text("id,who,when,likes1,likes2,what\np1,ann,2024-03-01,5,5,ok\np2,bob,2024-03-02,many,7,no\n", "utf-8")
    wrong.write_text(MAPPING % "when" + 'likes = "likes1"\n', "utf-8")
    right.write_text(MAPPING % "when" + 'likes = "likes2"\n', "utf-8")
    assert case.add(file, columns=wrong)[0].quarantined == 1
    done = case.retry(columns=right)[0]
    assert (1, 1, 0, None) == (done.tried, done.recovered, done.refused, done.left)
    assert [5, 7] == case.corpus().query("SELECT likes FROM post_metrics ORDER BY likes NULLS FIRST").column(0).to_pylist()
    assert [] == case.retry(columns=right)
    assert case.add(file, columns=right)[0].known


def test_retry_leaves_files_without_these_columns_alone(case: Case, tmp_path: Path) -> None:
    """A mapping is for the files whose header has its columns, whatever was accepted of the others; each says what came of it."""
    (tmp_path / "a.csv").write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\np2,bob,later,no\n", "utf-8")
    (tmp_path / "b.csv").write_text("id,who,when,when2,what\nq1,ann,soon,2024-03-01,ok\nq2,bob,soon,never,no\n", "utf-8")
    frame = (Path(__file__).parents[1] / "sources" / "fixtures" / "jetstream.jsonl").read_text("utf-8").splitlines()[0]
    (tmp_path / "c.jsonl").write_text(frame + '\n{"kind": "commit", oops\n', "utf-8")
    (tmp_path / "wrong.toml").write_text(MAPPING % "when", "utf-8")
    (tmp_path / "right.toml").write_text(MAPPING % "when2", "utf-8")
    case.add(tmp_path / "a.csv")
    case.add(tmp_path / "b.csv", columns=tmp_path / "wrong.toml")
    case.add(tmp_path / "c.jsonl", format="jetstream")
    done = {one.name: one for one in case.retry(columns=tmp_path / "right.toml")}
    assert [("a.csv", 0, 0, 1), ("b.csv", 2, 1, 1), ("c.jsonl", 0, 0, 1)] == sorted(
        (one.name, one.tried, one.recovered, one.refused) for one in done.values()
    )
    assert "its header lacks id, who, when2, and what." == str(done["a.csv"].left)
    assert "n’est pas un tableau" in say(done["c.jsonl"].left or Message("", {}), "fr")
    assert ["'never' is not a time"] == [str(one.reason) for one in done["b.csv"].refusals]


def test_a_column_no_file_has_is_named(case: Case, tmp_path: Path) -> None:
    """A misspelt column is an error that says which, and what there is."""
    file, columns = tmp_path / "a.csv", tmp_path / "columns.toml"
    file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\np2,bob,later,no\n", "utf-8")
    columns.write_text('text = "Mesage"\n', "utf-8")
    case.add(file)
    with pytest.raises(BadValue, match=r"'Mesage' for text.*seen: a.csv: post_id, author, created_at, text"):
        case.retry(columns=columns)
    columns.write_text('texto = "text"\n', "utf-8")
    assert "generic has nothing called texto" in str(case.retry(columns=columns)[0].left)


def test_a_record_is_recovered_once(case: Case, tmp_path: Path) -> None:
    """A record of another file, recovered here, is a duplicate: no row is there twice."""
    (tmp_path / "good.csv").write_text("id,who,when,what\np1,ann,2024-03-01,ok\n", "utf-8")
    (tmp_path / "bad.csv").write_text("id,who,when,when2,what\np1,ann,soon,2024-03-01,ok\n", "utf-8")
    for name, when in (("a.toml", "when"), ("b.toml", "when2")):
        (tmp_path / name).write_text(MAPPING % when, "utf-8")
    for name in ("good.csv", "bad.csv"):
        case.add(tmp_path / name, columns=tmp_path / "a.toml")
    assert [1] == [one.recovered for one in case.retry(columns=tmp_path / "b.toml")]
    assert [("bad.csv", 0, 1, 0), ("good.csv", 1, 0, 0)] == [
        (f["name"], f["accepted"], f["duplicates"], f["quarantined"]) for f in case.files()
    ]


def test_a_line_that_was_cut_is_no_post_of_an_invented_account(case: Case, tmp_path: Path) -> None:
    """A row of fewer cells than the others goes to quarantine with its reason; a user who knows better has it read."""
    file, columns = tmp_path / "a.csv", tmp_path / "columns.toml"
    rows = "".join(f"p{i},1000{i},2024-03-01T10:00:00Z,text,3\n" for i in range(9))
    file.write_text("post_id,author,created_at,text,likes\n" + rows + "p10,10\n", "utf-8")
    columns.write_text('[constants]\nshort_rows = "kept"\n', "utf-8")
    added = case.add(file)[0]
    assert (10, 9, 1) == (added.read, added.accepted, added.quarantined)
    assert case.quarantine()[0].reason.startswith("2 cells where the header has 5: was the line cut?")
    assert say(case.quarantine()[0].message, "fr").startswith(
        "2 cellules là où l’en-tête en a 5\u00a0: la ligne a-t-elle été coupée"
    )
    assert [0] == [one.recovered for one in case.retry()]
    assert [1] == [one.recovered for one in case.retry(columns=columns)]
    columns.write_text('[constants]\nshort_rows = "yes"\n', "utf-8")
    with pytest.raises(BadValue, match="short_rows is 'yes'"):
        case.retry(columns=columns)


def test_a_file_written_without_its_empty_cells_is_read(case: Case, tmp_path: Path) -> None:
    """Where most rows end before the header does, no line was cut."""
    file = tmp_path / "a.csv"
    rows = "".join(f"p{i},ann,2024-03-01T10:00:00Z,text{',3' if i % 3 == 0 else ''}\n" for i in range(9))
    file.write_text("post_id,author,created_at,text,likes\n" + rows, "utf-8")
    assert 9 == case.add(file)[0].accepted


def test_reasons_of_one_kind_are_counted_together(case: Case, tmp_path: Path) -> None:
    """Two dates that are none are one kind of reason; rows of nothing are another."""
    file = tmp_path / "a.csv"
    bad = "p2,bob,someday,no\np3,bob,later,no\np4,bob,later,no\n" + ",,,\n" * 2
    file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,ok\n" + bad, "utf-8")
    found = case.add(file)[0].refusals
    assert [("'later' is not a time", 3, False), ("the row is empty", 2, True)] == [
        (str(r.reason), r.records, r.alike) for r in found
    ]
    assert list(found) == case.refusals()


VOTES = "rater,item,value\na,i,oui\nb,i,non\nc,i,pour\n"
OTHERS = {"words": (VOTES, "1", "oui"), "numbers": ("rater,item,value\na,i,1\nb,i,0\nc,i,1\n", "contre", "1")}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("known", [False, True])
def test_a_retry_reads_votes_as_they_were_added(case: Case, tmp_path: Path, kind: str, known: bool) -> None:
    """Words stay words and numbers numbers, though of rows that repeated what the case held nothing is kept."""
    votes, other, good = OTHERS[kind]
    (tmp_path / "a.csv").write_text(votes, "utf-8")
    (tmp_path / "b.csv").write_text(f"{votes}d,i,{other}\n,i,{good}\n", "utf-8")
    if known:
        case.add(tmp_path / "a.csv")
    added = case.add(tmp_path / "b.csv")[0]
    assert (2, 3 * known) == (added.quarantined, added.duplicates)
    before = case.quarantine()
    assert [(2, 0, 2)] == [(one.tried, one.recovered, one.refused) for one in case.retry()]
    assert before == case.quarantine()


def test_what_kind_a_file_s_votes_are_may_be_said(case: Case, tmp_path: Path) -> None:
    """At the retry as when the file is added; not against what was accepted, and nothing else than words or numbers."""
    file, columns = tmp_path / "a.csv", tmp_path / "columns.toml"
    file.write_text("rater,item,value\na,i,1\nb,i,0\n,i,oui\n", "utf-8")
    columns.write_text('[constants]\nvotes = "words"\n', "utf-8")
    assert 1 == case.add(file)[0].quarantined
    assert "2 of its records were accepted" in str(case.retry(columns=columns)[0].left)
    file.write_text("rater,item,value\nd,i,1\ne,i,0\nf,i,oui\n", "utf-8")
    assert (1, 2) == ((added := case.add(file, columns=columns)[0]).accepted, added.quarantined)
    columns.write_text('[constants]\nvotes = "mots"\n', "utf-8")
    with pytest.raises(BadValue, match="votes is 'mots'; use"):
        case.retry(columns=columns)


def test_other_columns_have_votes_of_their_own_kind(case: Case, tmp_path: Path) -> None:
    """What was decided of one column is not held against another; the file is known by what it was read as in the end."""
    file, wrong, right = tmp_path / "a.csv", tmp_path / "wrong.toml", tmp_path / "right.toml"
    file.write_text("rater,item,code,said\na,i,x1,oui\nb,i,x2,non\nc,i,x3,passe\n", "utf-8")
    for toml, column in ((wrong, "code"), (right, "said")):
        toml.write_text(f'rater = "rater"\nitem = "item"\nvalue = "{column}"\n', "utf-8")
    assert 3 == case.add(file, columns=wrong)[0].quarantined
    assert [3] == [one.recovered for one in case.retry(columns=right)]
    assert [-1, 0, 1] == sorted(case.table("ratings").column("value").to_pylist())
    assert case.add(file, columns=right)[0].known
