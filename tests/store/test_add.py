"""Does adding keep every record once, whatever is added, however often, in whatever order?"""

import gzip
import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agorascope import Case, CaseBusy, CaseError, InputError, Unrecognised, new_case
from agorascope.store import delta, lock
from agorascope.texts import say

Write = Callable[..., Path]


def test_same_file_twice_changes_nothing(case: Case, posts: Write) -> None:
    """A file added again is known, and the rows stay as they are."""
    file = posts("a.csv", 0, 300)
    case.add(file)
    before = case.corpus().digest
    again = case.add(file)[0]
    assert (again.known, again.accepted, case.corpus().digest) == (True, 0, before)


def test_overlapping_file_adds_only_what_is_new(case: Case, posts: Write) -> None:
    """Records already there are counted as duplicates."""
    case.add(posts("a.csv", 0, 300))
    added = case.add(posts("b.csv", 0, 400))[0]
    assert (added.read, added.accepted, added.duplicates) == (400, 100, 300)
    assert case.corpus().rows["posts"] == 400


def test_order_of_files_does_not_matter(tmp_path: Path, posts: Write) -> None:
    """Every order of three overlapping files, with and without ids, gives the same digest."""
    files = [posts("a.csv", 0, 200), posts("b.csv", 100, 300), posts("c.csv", 150, 250, ids=False)]
    digests = set()
    for i, order in enumerate(itertools.permutations(files)):
        case = new_case(tmp_path / f"case{i}", salt="s")
        case.add(*order)
        digests.add(case.corpus().digest)
    assert len(digests) == 1


def test_equal_rows_without_id_are_all_kept_once(case: Case, tmp_path: Path) -> None:
    """Three equal rows of one file are three posts; the same rows in a second file add nothing."""
    row = "ann,2024-03-01T10:00:00Z,hello\n"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("author,created_at,text\n" + row * 3, "utf-8")
    second.write_text("author,created_at,text\n" + row * 2 + "bob,2024-03-01T10:00:00Z,hi\n", "utf-8")
    assert case.add(first)[0].accepted == 3
    assert (case.add(second)[0].accepted, case.corpus().rows["posts"]) == (1, 4)


def test_a_case_made_before_a_column_was_known_is_read_and_grows(case: Case, posts: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows written without a column show null in it, and rows with it are added beside them."""
    whole = delta.append
    monkeypatch.setattr(delta, "append", lambda f, r, v: whole(f, r.drop(["engaged"]) if "engaged" in r.column_names else r, v))
    case.add(posts("a.csv", 0, 20))
    monkeypatch.undo()
    counted = "SELECT COUNT(*) AS n, COUNT(engaged) AS engaged FROM post_metrics"
    before = case.corpus().query(counted).to_pylist()[0]
    case.add(posts("b.csv", 20, 40))
    assert (20, 0) == (before["n"], before["engaged"])
    assert 40 == case.corpus().query(counted).to_pylist()[0]["n"]


def test_repeated_id_is_stored_once_and_reported(case: Case, tmp_path: Path) -> None:
    """An id that comes three times in a file is one post and two repeats."""
    file = tmp_path / "a.csv"
    file.write_text("post_id,author,created_at,text\n" + "p1,ann,2024-03-01T10:00:00Z,hello\n" * 3, "utf-8")
    added = case.add(file)[0]
    rows = case.corpus().rows
    assert (added.accepted, added.duplicates, rows["posts"], rows["repeats"]) == (1, 2, 1, 2)


def test_new_counts_of_a_known_post_are_an_observation(case: Case, tmp_path: Path) -> None:
    """A post collected again with other counts keeps both observations and one post."""
    for name, likes in (("a.csv", 5), ("b.csv", 9)):
        file = tmp_path / name
        file.write_text(f"post_id,author,created_at,text,likes\np1,ann,2024-03-01T10:00:00Z,hello,{likes}\n", "utf-8")
        case.add(file)
    latest = case.query("SELECT likes FROM latest_metrics").to_pylist()
    assert (case.corpus().rows["posts"], case.corpus().rows["post_metrics"], len(latest)) == (1, 2, 1)


def test_hidden_count_is_null(case: Case, tmp_path: Path) -> None:
    """An empty count is null, never 0."""
    file = tmp_path / "a.csv"
    file.write_text("post_id,author,created_at,text,likes,views\np1,ann,2024-03-01T10:00:00Z,hello,,7\n", "utf-8")
    case.add(file)
    assert case.query("SELECT likes, views FROM post_metrics").to_pylist() == [{"likes": None, "views": 7}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_recognised(case: Case, tmp_path: Path, encoding: str) -> None:
    """Accents survive in every encoding common in the wild."""
    file = tmp_path / "a.csv"
    file.write_bytes("post_id,author,created_at,text\np1,ann,2024-03-01T10:00:00Z,déjà vu à l’été\n".encode(encoding))
    case.add(file)
    assert case.query("SELECT text FROM posts").to_pylist() == [{"text": "déjà vu à l’été"}]


def test_gzip_is_read_as_it_is(case: Case, posts: Write, tmp_path: Path) -> None:
    """A compressed file gives the rows of the plain one."""
    plain = posts("a.csv", 0, 100)
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    case.add(packed)
    assert case.add(plain)[0].duplicates == 100


def test_damaged_gzip_is_refused(case: Case, posts: Write, tmp_path: Path) -> None:
    """A cut compressed file is an input error that names the file."""
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(posts("a.csv", 0, 5000).read_bytes())[:-2000])
    with pytest.raises(InputError, match=r"b\.csv\.gz is damaged"):
        case.add(packed)


def test_unknown_format_is_refused_with_reasons(case: Case, tmp_path: Path) -> None:
    """A file nobody recognises is refused with what it lacks for the nearest format."""
    file = tmp_path / "a.csv"
    file.write_text("colour,shape\nred,round\n", "utf-8")
    with pytest.raises(Unrecognised, match=r"generic \(no column for a post"):
        case.add(file)


def test_writer_excludes_writer_but_not_reader(case: Case, posts: Write) -> None:
    """While one process writes, another cannot, and reading works."""
    case.add(posts("a.csv", 0, 50))
    with lock(case.path):
        assert case.corpus().rows["posts"] == 50
        with pytest.raises(CaseBusy, match="another process"):
            case.add(posts("b.csv", 50, 60))


def test_raw_record_is_kept(case: Case, posts: Write) -> None:
    """Every row leads to the record it came from."""
    case.add(posts("a.csv", 0, 50))
    row = case.query("SELECT file_id, record FROM posts WHERE post_id = 'p7'").to_pylist()[0]
    assert b'"post number 7' in case.raw(row["file_id"], row["record"])


def test_blank_lines_above_the_header_lose_nothing(case: Case, tmp_path: Path) -> None:
    """Metadata and blank lines before the header are skipped; every record after it is read."""
    file = tmp_path / "a.csv"
    file.write_text("My export,,,\n\n\npost_id,author,created_at,text\np1,ann,2024-03-01,a\np2,bob,2024-03-01,b\n", "utf-8")
    added = case.add(file)[0]
    assert (added.read, added.accepted) == (2, 2)


def test_a_quote_never_closed_is_not_a_post(case: Case, tmp_path: Path) -> None:
    """The lines swallowed by an open quote are not taken for the text of one post, in silence."""
    file = tmp_path / "a.csv"
    rows = "".join(f"p{i},ann,2024-03-01,said\n" for i in range(100))
    file.write_text(f'post_id,author,created_at,text\np,ann,2024-03-01,whole\nq,bob,2024-03-01,"open\n{rows}', "utf-8")
    added = case.add(file)[0]
    assert (added.accepted, [q.reason for q in case.quarantine()]) == (1, ["a quote is never closed: 101 lines follow it"])


@pytest.mark.parametrize("between", [",\n", "\n,", ",", " , \n\n"])
def test_a_json_array_of_lines_is_one_document(case: Case, tmp_path: Path, between: str) -> None:
    """An array with one object a line is read whole, not as lines of which only the last is JSON."""
    posts = [f'{{"post_id": "p{i}", "author": "ann", "created_at": "2024-03-01", "text": "hi"}}' for i in range(5)]
    file = tmp_path / "a.json"
    file.write_text(f"[\n{between.join(posts)}\n]\n", "utf-8")
    added = case.add(file)[0]
    assert (added.accepted, added.quarantined) == (5, 0)


def test_a_line_separator_inside_a_json_text_ends_no_line(case: Case, tmp_path: Path) -> None:
    """U+2028 and U+0085 inside texts are text: the file is still one value per line."""
    file = tmp_path / "a.jsonl"
    line = '{{"post_id": "p{}", "author": "ann", "created_at": "2024-03-01", "text": "a\u2028b\u0085c"}}\n'
    file.write_text("".join(line.format(i) for i in range(3)), "utf-8")
    assert case.add(file)[0].accepted == 3


def test_damaged_parquet_is_refused(case: Case, tmp_path: Path) -> None:
    """A Parquet file with broken pages is an input error that names the file."""
    file = tmp_path / "a.parquet"
    draw = random.Random(1)
    texts = [f"{draw.getrandbits(128):x}" for _ in range(2000)]
    pq.write_table(pa.table({"post_id": texts, "author": texts, "created_at": ["2024-03-01"] * 2000, "text": texts}), file)
    whole = file.read_bytes()
    file.write_bytes(whole[:40_000] + draw.randbytes(60_000) + whole[100_000:])
    with pytest.raises(InputError, match=r"a\.parquet is damaged"):
        case.add(file)


def test_nanoseconds_are_cut(case: Case, tmp_path: Path) -> None:
    """Times with nanoseconds, as pandas writes them, are read to the microsecond."""
    at = pa.array([1_710_000_000_123_456_789], pa.timestamp("ns"))
    pq.write_table(pa.table({"post_id": ["1"], "author": ["ann"], "created_at": at, "text": ["hi"]}), tmp_path / "a.parquet")
    case.add(tmp_path / "a.parquet")
    assert case.query("SELECT created_at_us FROM posts").column(0).to_pylist() == [1_710_000_000_123_456]


def test_a_name_that_is_not_utf8_is_kept_readable(case: Case, tmp_path: Path) -> None:
    """A file named in another encoding is read; its bad bytes show as question marks."""
    file = tmp_path / "d\udce9j\udce0.csv"
    try:
        file.write_text("post_id,author,created_at,text\np1,ann,2024-03-01,hi\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert (case.add(file)[0].name, new_case(tmp_path / "b", title="\udce9").config["title"]) == ("d?j?.csv", "?")


def test_same_file_is_not_read_in_two_ways(case: Case, posts: Write, tmp_path: Path) -> None:
    """Adding a file again under other columns is refused: its posts would be there twice, read in two ways."""
    file, columns = posts("a.csv", 0, 20), tmp_path / "columns.toml"
    columns.write_text('post_id = "post_id"\ntext = "text"\n', "utf-8")
    case.add(file)
    with pytest.raises(CaseError, match="read another way"):
        case.add(file, columns=columns)


def test_pages_of_posts_are_said_to_hold_them(case: Case) -> None:
    """A record that holds many posts is one record: how many posts came is said, where they are more."""
    fixtures = Path(__file__).parents[1] / "sources" / "fixtures"
    pages, flat = case.add(fixtures / "x_v2_pages.jsonl")[0], case.add(fixtures / "generic.csv")[0]
    held = [said for said in pages.remarks if said.key == "sources.held"]
    assert (1, True) == (len(held), held[0].args["posts"] > pages.accepted)
    assert [f"{n.args['posts']} messages" in say(n, "fr") for n in held] == [True]
    assert "sources.held" not in [said.key for said in flat.remarks]
