"""Is it told rightly which groups are of one table, and which posts tell a word or a hashtag?"""

import pyarrow as pa
import pytest

from agorascope.known import table_of, telling
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus


def grouped(*rows: tuple[str, int]) -> dict[str, pa.Table]:
    """Put one account into each of these groups, by the file that says so."""
    listed = [{"platform": "x", "account_id": f"a{i}", "group_name": name} for i, (name, _) in enumerate(rows)]
    table = pa.Table.from_pylist(listed, schema("groups"))
    return {"groups": table.append_column("file_id", pa.array([file for _, file in rows], pa.int64()))}


@pytest.mark.parametrize(
    ("group", "table"),
    [
        ("left", ["left", "right"]),
        ("press", ["press"]),
        ("side:l", ["Side:r", "side:l"]),
        ("age:old", ["age:old"]),
        ("nobody", ["nobody"]),
    ],
)
def test_groups_of_one_table_share_a_variable_or_a_file(group: str, table: list[str]) -> None:
    """Plain groups are of one table where a file holds both; those of one variable wherever they stand."""
    rows = grouped(("left", 1), ("right", 1), ("age:old", 1), ("press", 2), ("side:l", 2), ("Side:r", 3))
    assert table == table_of(memory_corpus(rows), group)


def test_without_groups_a_group_is_alone() -> None:
    """A case without groups has no table of them."""
    assert ["any"] == table_of(memory_corpus({}), "any")


def test_posts_without_text_tell_no_word_and_hashtags_only_where_these_were_collected_apart() -> None:
    """On x a post without text has a hashtag, so that all tell theirs; on m only texts do; a repost's hashtags show nothing."""
    posts = [
        {"platform": platform, "post_id": f"p{i}", "account_id": "a", "kind": kind, "text": text}
        for platform in ("x", "m")
        for i, (kind, text) in enumerate([("original", None), ("original", None), ("original", "#a"), ("repost", None)])
    ]
    tags = [{"platform": "x", "post_id": "p0", "kind": "hashtag", "value": "a"}]
    tags += [{"platform": "m", "post_id": p, "kind": "hashtag", "value": "a"} for p in ("p2", "p3")]
    corpus = memory_corpus({n: pa.Table.from_pylist(r, schema(n)) for n, r in {"posts": posts, "post_objects": tags}.items()})

    def told(kind: str) -> list[tuple[str, str]]:
        """List the written posts that tell."""
        sql = f"SELECT p.platform, p.post_id FROM posts AS p WHERE p.kind <> 'repost' AND {telling(kind)} ORDER BY 1, 2"
        return [(row["platform"], row["post_id"]) for row in corpus.query(sql).to_pylist()]

    assert [("m", "p2"), ("x", "p2")] == told("word")
    assert [("m", "p2"), ("x", "p0"), ("x", "p1"), ("x", "p2")] == told("hashtag")
