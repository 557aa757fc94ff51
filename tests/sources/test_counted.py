"""Is there an observation of counts only where one was given?"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from agorascope.records import Post, PostMetrics
from agorascope.sources import Sample, source
from agorascope.sources.reading import probe, read
from tests.sources.tables import FIXTURES

COUNTS = ("views", "likes", "reposts", "quotes", "replies", "bookmarks", "engaged")
USER = {"id_str": "9", "screen_name": "ann"}
EMBEDDED = {
    "x-v1": {
        "id_str": "2", "full_text": "b", "user": USER, "favorite_count": 1,
        "quoted_status": {"id_str": "1", "full_text": "a", "user": USER},
    },
    "x-v2": {
        "id": "2", "text": "b", "author_id": "9", "public_metrics": {"like_count": 1},
        "referenced_tweets": [{"type": "quoted", "id": "1", "text": "a", "author_id": "9", "public_metrics": {}}],
    },
    "mastodon": {
        "uri": "https://a.fr/2", "content": "b", "account": {"acct": "ann"}, "favourites_count": 1,
        "quote": {"quoted_status": {"uri": "https://a.fr/1", "content": "a", "account": {"acct": "ann"}}},
    },
}  # fmt: skip


@pytest.mark.parametrize("file", sorted(FIXTURES.iterdir()), ids=lambda file: file.name)
def test_no_observation_of_a_fixture_is_without_a_count(file: Path) -> None:
    """Of every source: a row of nothing but nulls would pass for counts that are hidden."""
    with read(probe(file), workers=0) as pieces:
        held = [row for piece in pieces if "post_metrics" in piece.tables for row in piece.tables["post_metrics"].to_pylist()]
    assert [] == [row for row in held if all(row[name] is None for name in COUNTS)]


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_post_that_came_along_without_counts_has_none(name: str) -> None:
    """The post that holds it has its one observation, the quoted one none."""
    value: Any = EMBEDDED[name]
    found = source(name).mapper(Sample("a", "json", values=(value,)))(msgspec.json.encode(value))
    posts, metrics = ([row for row in found if isinstance(row, kind)] for kind in (Post, PostMetrics))
    assert (2, [posts[0].post_id]) == (len(posts), [row.post_id for row in metrics])
