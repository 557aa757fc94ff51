"""Is a forgotten account gone, to the byte?"""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agorascope import BadValue, Case, new_case
from agorascope.store import Ingest, state

SECRET = b"a very private remark of mine"
ROWS = f"""post_id,author,created_at,text,repost_of
p1,victim77,2024-03-01T10:00:00Z,{SECRET.decode()},
p2,bob,2024-03-01T11:00:00Z,RT @victim77: {SECRET.decode()},p1
p3,bob,2024-03-01T12:00:00Z,what @victim77 says,
p4,ann,2024-03-01T13:00:00Z,an innocent post,
p5,victim77,not a date,another private remark,
"""


@pytest.fixture
def filled(case: Case, tmp_path: Path) -> Case:
    """Fill a case with posts by, about and repeating one account, and a rejected one."""
    file = tmp_path / "a.csv"
    file.write_text(ROWS, "utf-8")
    case.add(file)
    return case


def everything(folder: Path) -> bytes:
    """Read every byte of a folder, Parquet files unpacked too."""
    plain = b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())
    unpacked = "".join(str(pq.read_table(p).to_pydict()) for p in sorted(folder.rglob("*.parquet")))
    return plain + unpacked.encode()


def test_nothing_names_the_account_afterwards(filled: Case) -> None:
    """No byte of the folder holds the handle or the text, packed or unpacked."""
    assert b"victim77" in everything(filled.path)
    filled.forget("victim77")
    left = everything(filled.path)
    assert (b"victim77" in left, SECRET in left, b"another private remark" in left) == (False, False, False)


def test_other_accounts_stay(filled: Case) -> None:
    """The posts of others are kept; what they repeated of the account is blank."""
    filled.forget("@Victim77")
    posts = filled.query("SELECT post_id, text, repost_of FROM posts ORDER BY post_id NULLS FIRST").to_pylist()
    assert posts == [
        {"post_id": "p2", "text": None, "repost_of": None},
        {"post_id": "p3", "text": "what … says", "repost_of": None},
        {"post_id": "p4", "text": "an innocent post", "repost_of": None},
    ]


def test_log_says_that_not_whom(filled: Case) -> None:
    """The case records that an account was forgotten, never which."""
    from agorascope.store import log

    filled.forget("victim77")
    said = log(filled.path)[0][1]
    assert (said.startswith("forgot 1 account(s)"), "victim77" in said) == (True, False)


def test_a_file_of_the_user_in_the_case_is_kept(filled: Case) -> None:
    """Reports and exports go; notes of the keeper beside them, which nothing here wrote, stay."""
    for name in ("reports/mine.html", "exports/mine/units.csv", "notes/plan.txt", "todo.txt"):
        file = filled.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine", "utf-8")
    filled.forget("victim77")
    left = [name for name in ("reports", "exports", "notes/plan.txt", "todo.txt") if (filled.path / name).exists()]
    assert ["notes/plan.txt", "todo.txt"] == left


def test_forgetting_nobody_is_refused(filled: Case) -> None:
    """An empty name is a wrong call, not a wildcard."""
    with pytest.raises(BadValue, match="no account named"):
        filled.forget(" ")


def added(case: Case, place: Path, text: str) -> Case:
    """Add a file of this text to a case."""
    file = place / ("b.jsonl" if text.startswith("{") else "b.csv")
    file.write_text(text, "utf-8")
    case.add(file)
    return case


def test_a_handle_that_is_a_platform_leaves_the_platform(case: Case, tmp_path: Path) -> None:
    """Forgetting @instagram keeps the posts of others on instagram, and what kind they are."""
    rows = "p1,instagram,ann,2024-03-01,hello\np2,instagram,instagram,2024-03-01,hi\np3,reddit,bob,2024-03-01,hey\n"
    added(case, tmp_path, f"post_id,platform,author,created_at,text\n{rows}").forget("instagram")
    assert case.query("SELECT platform FROM posts ORDER BY post_id NULLS FIRST").column(0).to_pylist() == ["instagram", "reddit"]


def test_a_post_of_another_platform_keeps_its_number(case: Case, tmp_path: Path) -> None:
    """Two platforms that number their posts alike do not lose each other's."""
    rows = "1,facebook,ann,2024-03-01,hello\n1,reddit,bob,2024-03-01,hey\n"
    added(case, tmp_path, f"post_id,platform,author,created_at,text\n{rows}").forget("ann")
    assert case.query("SELECT account_id FROM posts").column(0).to_pylist() == ["bob"]


def test_a_short_number_is_no_name_in_a_text(case: Case, tmp_path: Path) -> None:
    """Forgetting account 7 leaves the hour in other texts, and the raw records that count 7 of something."""
    case = added(case, tmp_path, "post_id,author_id,created_at,text,likes\np1,7,2024-03-01,hello,1\np2,8,2024-03-01,at 7 pm,7\n")
    assert (case.forget("7").raw, case.query("SELECT text FROM posts").column(0).to_pylist()) == (1, ["at 7 pm"])


def test_every_handle_and_every_spelling_goes(case: Case, tmp_path: Path) -> None:
    """An old handle leads to the new one; texts written with JSON escapes, or cut in a repost, are found too."""
    said = 'He said "go" to Zoé and left'
    rows: list[dict[str, str]] = [
        {"post_id": "p1", "author_id": "777001", "handle": "old_zoe", "text": said},
        {"post_id": "p2", "author_id": "777001", "handle": "new_zoe", "text": "ok"},
        {"post_id": "p3", "author_id": "8", "handle": "bob", "text": f"look: {said}, says new_zoe, 777001_12"},
        {"post_id": "p4", "author_id": "8", "handle": "bob", "text": said[:20], "kind": "repost", "repost_of": "p1"},
    ]
    added(case, tmp_path, "".join(json.dumps(r | {"created_at": "2024-03-01"}) + "\n" for r in rows)).forget("old_zoe")
    left = everything(case.path)
    assert [w for w in (b"_zoe", b"777001", b"to Zo", b"He said") if w in left] == []


def test_a_reason_hides_no_name(case: Case, tmp_path: Path) -> None:
    """A name with an accent and quotes is found in a stored reason, though the record itself does not hold it."""
    name = "zoé\"l'x"
    rows = f'p1,ann,2024-03-01,ok\np2,ann,"{name.replace(chr(34), chr(34) * 2)}",no\np3,ann,later,no\n'
    case = added(case, tmp_path, f"post_id,author,created_at,text\n{rows}")
    with state.connect(case.path) as db:
        db.execute("UPDATE quarantine SET raw = x'7b7d'")
    assert case.forget(name).quarantined == 1
    assert [row.reason for row in case.quarantine()] == ["'later' is not a time"]
    assert "zoé".encode() not in everything(case.path)


def test_title_and_file_name_are_forgotten(tmp_path: Path) -> None:
    """A case named after the account it was collected from no longer says so."""
    case = new_case(tmp_path / "case", title="All of Victim77")
    (tmp_path / "Victim77.csv").write_text(ROWS, "utf-8")
    case.add(tmp_path / "Victim77.csv")
    case.forget("victim77")
    assert (case.config["title"], b"victim77" in everything(case.path).lower()) == ("All of …", False)


def test_what_a_killed_writer_left_is_erased(filled: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and raw records written but never committed go too, and adding works afterwards."""
    (tmp_path / "c.csv").write_text("post_id,author,created_at,text\np9,lost_one,2024-03-01,unsaid\n", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Ingest, "_rejects", lambda self: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            filled.add(tmp_path / "c.csv")
    assert b"lost_one" in everything(filled.path)
    filled.forget("lost_one")
    assert b"lost_one" not in everything(filled.path)
    assert filled.add(tmp_path / "c.csv")[0].accepted == 1


def test_a_mistyped_name_changes_nothing(filled: Case) -> None:
    """Forgetting an account the case does not know is a wrong call: findings and rows stay."""
    filled.run("coverage")
    before = filled.corpus().digest
    with pytest.raises(BadValue, match="no account victim88"):
        filled.forget("victim88")
    assert (filled.corpus().digest, [f.analysis for f in filled.findings()]) == (before, ["coverage"])


def test_words_that_many_wrote_stay_with_the_others(case: Case, tmp_path: Path) -> None:
    """A petition posted by five other accounts is nobody's: their posts and raw records stay; a text one other lifted goes."""
    petition, own = "Sign for the tram of Rivemont before Friday", "I saw the tram stop at the second bridge"
    rows = [f"{n},u{n},2024-05-0{n + 1},{petition}" for n in range(6)] + [f"10,u0,2024-05-08,{own}", f"11,u1,2024-05-09,{own}"]
    (tmp_path / "posts.csv").write_text("post_id,account_id,created_at,text\n" + "\n".join(rows) + "\n")
    case.add(tmp_path / "posts.csv")
    done = case.forget("u0")
    assert (3, 1) == (done.raw, done.others)
    left = case.query("SELECT post_id, text FROM posts ORDER BY post_id").to_pylist()
    assert [(str(n), petition) for n in range(1, 6)] == [(r["post_id"], r["text"]) for r in left if r["post_id"] != "11"]
    assert [None] == [r["text"] for r in left if r["post_id"] == "11"]
    at = case.query("SELECT file_id, record FROM posts WHERE post_id = '3'").to_pylist()[0]
    assert petition.encode() in case.raw(at["file_id"], at["record"])
