"""Does the shared SQL subset mean the same on every engine? Small queries with answers worked out by hand."""

from datetime import datetime

import pytest

from agorascope.tables import Corpus

ANSWERS = [
    ("SELECT pmod(-1, 7) AS a, pmod(8, 7) AS b, pmod(CAST(NULL AS BIGINT), 7) AS c", [(6, 1, None)]),
    ("SELECT hour_us(created_at_us) AS h FROM posts ORDER BY post_id NULLS FIRST", [(None,), (23,), (0,), (23,), (0,), (18,)]),
    ("SELECT dow_us(created_at_us) AS d FROM posts ORDER BY post_id NULLS FIRST", [(None,), (2,), (3,), (3,), (4,), (5,)]),
    ("SELECT MAX(from_us(created_at_us)) AS at FROM posts", [(datetime(2024, 7, 13, 18),)]),
    ("SELECT percentile(likes, 0.5) AS p, percentile(likes, 0.1) AS q FROM latest_metrics", [(3.0, 1.4)]),
    ("SELECT SUM(likes) AS s, AVG(likes) AS m, COUNT(likes) AS n, MIN(1) AS one FROM post_metrics", [(15, 3.0, 5, 1)]),
    ("SELECT CAST(FLOOR(-7 / CAST(2 AS DOUBLE)) AS BIGINT) AS f, 7 - pmod(7, 5) AS bucket", [(-4, 5)]),
    ("SELECT likes FROM post_metrics ORDER BY likes DESC NULLS LAST LIMIT 1", [(5,)]),
    ("SELECT LENGTH(text) AS n FROM posts ORDER BY post_id NULLS FIRST", [(None,), (0,), (3,), (9,), (14,), (1,)]),
    ("SELECT COUNT(*) AS n FROM posts WHERE text = '''é'' 100 %' OR text LIKE 'RT @%'", [(2,)]),
    (
        "SELECT account_id, group_name, platform FROM groups ORDER BY group_name NULLS FIRST",
        [("7", "left", "x"), ("zoe", "right", "x")],
    ),
    (
        "SELECT CAST(SUM(CAST(likes AS DOUBLE)) / COUNT(*) AS DOUBLE) AS r, CAST(1 AS DOUBLE) / 3 AS t FROM post_metrics",
        [(2.5, 1 / 3)],
    ),
    ("SELECT COALESCE(text, '-') AS t FROM posts WHERE created_at_us IS NULL", [("-",)]),
    ("SELECT version FROM (SELECT 1 AS version) AS v WHERE version IN (1, 2) AND NOT version = 2", [(1,)]),
]


@pytest.mark.parametrize(("sql", "expected"), ANSWERS)
def test_answer_is_the_one_worked_out_by_hand(small: Corpus, sql: str, expected: list[tuple[object, ...]]) -> None:
    """Each construct of the subset gives the same values on each engine."""
    assert expected == [tuple(row.values()) for row in small.query(sql).to_pylist()]


def test_values_enter_as_parameters(small: Corpus) -> None:
    """A value that looks like SQL or like a parameter is only a value."""
    found = small.query(
        "SELECT post_id FROM posts WHERE text = :text OR post_id = :id ORDER BY post_id", text="RT @Bob: :name", id="' OR 1 = 1"
    )
    assert [{"post_id": "p4"}] == found.to_pylist()


def test_answers_have_plain_types(small: Corpus) -> None:
    """Numbers come back as int64 or float64, text as string, whatever the engine calls them."""
    found = small.query(
        "SELECT 1 AS a, 1.5 AS b, SUM(likes) AS c, MAX(text) AS d, 1 = 1 AS e, COUNT(*) AS f FROM post_metrics, posts"
    )
    assert ["int64", "double", "int64", "string", "bool", "int64"] == [str(f.type) for f in found.schema]


def test_row_counts_are_known_without_asking(small: Corpus) -> None:
    """The corpus says how many rows each table has, and that the others have none."""
    assert (6, 0, True, False) == (small.rows["posts"], small.rows["panels"], small.has("posts", "groups"), small.has("events"))
