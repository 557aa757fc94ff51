"""Is a forgotten account gone, to the byte?"""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agorascope import BadValue, Case

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


def test_forgetting_nobody_is_refused(filled: Case) -> None:
    """An empty name is a wrong call, not a wildcard."""
    with pytest.raises(BadValue, match="no account named"):
        filled.forget(" ")
