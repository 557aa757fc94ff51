"""Do the pieces of a file hold the same, whoever maps them? And which posts are a record's own?"""

from pathlib import Path

import numpy as np

from agorascope.records import Account, Post, Record
from agorascope.sources.reading import probe, read
from agorascope.sources.reading.rows import tables


def _file(tmp_path: Path, posts: int) -> Path:
    file = tmp_path / "a.csv"
    rows = "".join(f"p{i},ann,2024-03-01T10:00:00Z,hello {i}\n" for i in range(posts))
    file.write_text("post_id,author,created_at,text\n" + rows + "q,ann,no date,hello\n", "utf-8")
    return file


def test_worker_processes_give_what_this_process_gives(tmp_path: Path) -> None:
    """Rows, raw records and rejects cross the pipe unchanged, in file order."""
    plan = probe(_file(tmp_path, 50_000))
    with read(plan, workers=0) as here, read(plan, workers=2) as there:
        pairs = list(zip(here, there, strict=True))
    assert len(pairs) == 3
    assert all(a == b for a, b in pairs)
    assert [len(a.quarantined) for a, _ in pairs] == [0, 0, 1]


def test_pieces_nobody_asks_for_leave_no_process(tmp_path: Path) -> None:
    """A file found to be known already is left after its workers were started."""
    with read(probe(_file(tmp_path, 10)), workers=2):
        pass


def test_a_post_that_came_along_is_not_its_record_s_own() -> None:
    """What another post of the same record reposts is left out; the same post in a record of its own is not."""
    found: list[Record] = [Post("x", "1"), Post("x", "2", repost_of="3"), Post("x", "3"), Post("x", "3")]
    own = tables(found, np.array([1, 2, 2, 5]))[1]
    assert [0, 1, 3] == own.column("row").to_pylist()
    assert len(set(own.column("id_hash").to_pylist())) == 3


def test_posts_without_id_are_named_by_all_that_comes_with_them() -> None:
    """Equal records get equal names, others do not; an account said twice is one row, at its first record."""
    found: list[Record] = []
    for text in ("a", "a", "b"):
        found += [Account("x", "ann"), Post("x", "", "ann", text=text)]
    made, _ = tables(found, np.repeat([4, 5, 7], 2))
    first, second, third = made["posts"].column("post_id").to_pylist()
    assert (first == second, first == third, first[0], len(first)) == (True, False, "~", 33)
    assert ([4], [4, 5, 7]) == tuple(made[name].column("record").to_pylist() for name in ("accounts", "posts"))


def test_a_piece_of_nothing_but_rejects_has_no_rows() -> None:
    """Empty lists are no error."""
    made, own = tables([], np.empty(0, np.int64))
    assert (made, own.num_rows) == ({}, 0)
