"""Do shares come out of a case as they went in: the same accounts on the same objects at the same times?"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from agorascope import Case, new_case
from agorascope.stats.parity import coortweet, toolkit

Find = Callable[[str], Path]
SHARES = """
    SELECT p.account_id, o.value, o.post_id, p.created_at_us
    FROM post_objects AS o JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id
    WHERE o.kind = 'share' AND p.account_id IS NOT NULL AND p.created_at_us IS NOT NULL
    ORDER BY o.file_id, o.record"""


@pytest.fixture(scope="module")
def read(shared: Find, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, list[tuple[str, str, str, int]]]:
    """Give a case of the Russian set and the rows of its file: account, object, content, µs."""
    file = shared("coordination/russian_coord_tweets.parquet")
    case = new_case(tmp_path_factory.mktemp("shares") / "case", salt="s")
    added = case.add(file)[0]
    assert ("shares", 35_125, 35_124, 1, 0) == (added.source, added.read, added.accepted, added.duplicates, added.quarantined)
    table = pq.read_table(file).to_pydict()
    columns = (table[name] for name in ("account_id", "object_id", "content_id", "timestamp_share"))
    return case, [(a, o, c, int(at) * 1_000_000) for a, o, c, at in zip(*columns, strict=True)]


def codes(rows: list[tuple[str, str, str, int]]) -> tuple[np.ndarray, ...]:
    """Give columns as codes of the sorted names, and the times."""
    named = (np.unique([row[i] for row in rows], return_inverse=True)[1] for i in range(3))
    return *named, np.array([row[3] for row in rows])


def stored(case: Case) -> list[tuple[str, str, str, int]]:
    """List what a case says of its shares, in the order of the file."""
    return list(zip(*(column.to_pylist() for column in case.query(SHARES).columns), strict=True))


def test_a_case_holds_the_shares_of_the_file(read: tuple[Case, list[tuple[str, str, str, int]]]) -> None:
    """Row by row, in order; the one row that stands there twice is one. No content has two accounts or two times."""
    case, rows = read
    assert list(dict.fromkeys(rows)) == stored(case)
    assert (35_085, 35_124, 9_509) == (case.corpus().rows["posts"], len(stored(case)), len({row[0] for row in stored(case)}))
    other = "SELECT COUNT(*) AS n FROM repeats AS r JOIN posts AS p ON r.platform = p.platform AND r.post_id = p.post_id WHERE "
    other += "r.account_id <> p.account_id OR r.created_at_us <> p.created_at_us"
    assert [{"n": 0}] == case.query(other).to_pylist()


def test_the_edges_of_a_case_are_those_of_the_file(shared: Find, read: tuple[Case, list[tuple[str, str, str, int]]]) -> None:
    """CooRTweet's printed edges come out of the case, and the toolkit's are those of the file's own rows."""
    case, rows = read
    names = np.unique([row[0] for row in rows])
    found = coortweet(*codes(stored(case)), np.zeros(35_124, np.bool_), window=60_000_000)
    printed = shared("coordination/expected/coortweet_russian_mp2_tw60_edges.csv").read_text("utf-8").splitlines()
    expected = sorted((*sorted((line["from"], line["to"])), int(line["weight"])) for line in csv.DictReader(printed))
    assert expected == list(zip(names[found.source], names[found.target], found.weight, strict=True))
    for several in (False, True):
        sides = (toolkit(*codes(side), window=3_600_000_000, several=several) for side in (rows, stored(case)))
        assert all(np.array_equal(one, other) for one, other in zip(*sides, strict=True))


def test_rows_that_are_no_share_are_refused_with_their_reason(tmp_path: Path) -> None:
    """Nothing shared, a rounded id, a time nobody reads, a cell too many; without account or time a share is a post."""
    lines = [
        "object_id,account_id,content_id,timestamp_share", "o1,a,c1,1623881091", ",a,c2,1623881092", "NA,a,c3,1623881092",
        "1.79E+18,a,c4,1623881092", "o1,a,c5,someday", "o1,a,c6,5", "o1,a,c7,1623881092,9", "o1,,c8,1623881092", "o1,a,c9,",
        "o1,b,c10,1623881092.5",
    ]  # fmt: skip
    (tmp_path / "shares.csv").write_text("\n".join(lines) + "\n", "utf-8")
    case = new_case(tmp_path / "case", salt="s")
    added = case.add(tmp_path / "shares.csv")[0]
    assert ("shares", 10, 4, 6) == (added.source, added.read, added.accepted, added.quarantined)
    reasons = ["share_of_nothing", "share_of_nothing", "rounded_id", "not_a_time", "not_an_epoch", "shifted_row"]
    assert [f"reasons.{reason}" for reason in reasons] == [row.message.key for row in case.quarantine()]
    assert [("a", "o1", "c1", 1623881091000000), ("b", "o1", "c10", 1623881092500000)] == stored(case)


def test_csv_and_parquet_hold_the_same(tmp_path: Path) -> None:
    """Whatever the container, and whether times are whole numbers or not."""
    ids = ["1790000000000000001", "1790000000000000003"]
    table = pa.table(
        {"object_id": ["o", "o"], "account_id": ["7", "8"], "content_id": ids, "timestamp_share": [1623881091, 1623881099]}
    )
    pa_csv.write_csv(table, tmp_path / "a.csv")
    pq.write_table(table.set_column(3, "timestamp_share", table["timestamp_share"].cast("double")), tmp_path / "b.parquet")
    pq.write_table(table.set_column(2, "content_id", pa.array([int(i) for i in ids])), tmp_path / "c.parquet")
    found = []
    for file in ("a.csv", "b.parquet", "c.parquet"):
        case = new_case(tmp_path / f"{file}-case", salt="s")
        case.add(tmp_path / file)
        found.append(stored(case))
    assert found[0] == found[1] == found[2] == [("7", "o", ids[0], 1623881091000000), ("8", "o", ids[1], 1623881099000000)]
