"""Does a trend count the reposts of its posts, once each, and are those of which nobody knows said?"""

from typing import Any

import pyarrow as pa
import pytest

from agorascope.analyses import communities
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds.camps import CampsWorld, draw
from tests.analyses.test_communities import CAMPS, posted

SAID = "l'autre tram #rails"


def world() -> dict[str, pa.Table]:
    """Make posts of two camps; accounts of both repost some: bare, with the tag itself, twice removed, of a post not here."""
    tables, camp = posted(draw(CAMPS, 3)), draw(CAMPS, 3).camp.tolist()
    own = [i for i, side in enumerate(camp) if side == 0]
    other = [i for i, side in enumerate(camp) if side == 1]

    def repost(name: str, who: int, of: str, text: str | None = None) -> dict[str, Any]:
        told = {"platform": "x", "post_id": name, "account_id": f"a{who}", "kind": "repost", "repost_of": of}
        return told | {"ref_account_id": f"a{own[0]}", "created_at_us": 90_000, "text": text}

    rows = [repost(f"bare{i}", who, f"p{own[i]}.0") for i, who in enumerate(other[:40])]
    rows += [repost(f"tagged{i}", who, f"p{own[0]}.0", SAID) for i, who in enumerate(other[40:50])]
    rows += [repost(f"chain{i}", who, "bare0", "") for i, who in enumerate(other[50:53])]
    rows += [repost(f"gone{i}", who, "nowhere") for i, who in enumerate(own[:5])]
    rows += [repost(f"other{i}", who, f"p{other[0]}.0") for i, who in enumerate(own[:7])]
    tags = [{"platform": "x", "post_id": f"tagged{i}", "kind": "hashtag", "value": "Rails"} for i in range(10)]
    for table, more in (("posts", rows), ("post_objects", tags)):
        tables[table] = pa.concat_tables([tables[table], pa.Table.from_pylist(more, schema(table))])
    return tables


def asked(trend: str) -> Finding:
    """Ask for a trend."""
    return communities.run(memory_corpus(world()), communities.Params(trend=trend, nulls=3))


@pytest.mark.parametrize("trend", ["hashtag:rails", "word:tram"])
def test_reposts_of_its_posts_are_of_the_trend_once_each(trend: str) -> None:
    """195 posts of the larger camp, 40 reposts that hold nothing and 10 that hold the tag themselves: each counts once."""
    told, tables = asked(trend), world()
    rows = told.tables["trend"].to_pylist()
    assert sum(row["posts"] for row in rows) == told.evidence_total == 195 + 40 + 10
    posts = {row["post_id"]: row for row in tables["posts"].to_pylist()}
    texts = {name: row["text"] or "" for name, row in posts.items()}
    slow = [row for row in posts.values() if any("tram" in texts.get(one, "") for one in (row["post_id"], row["repost_of"] or ""))]
    assert len(slow) == told.evidence_total
    assert len({row["account_id"] for row in slow}) == sum(row["authors"] for row in rows)
    most = max(rows, key=lambda row: row["posts"])
    assert most["posts_share_low"] < most["posts_share"] < 0.9 < 0.95
    assert "245 posts, reposts included" in say(told.claim, "en")


@pytest.mark.parametrize(
    ("trend", "key", "english", "french"),
    [
        ("hashtag:rails", "untraced", "hold nothing of their own", "ne contiennent rien eux-mêmes"),
        ("word:tram", "untold", "came without text", "sont arrivés sans texte"),
    ],
)
def test_reposts_of_posts_not_here_are_said_not_to_be_counted(trend: str, key: str, english: str, french: str) -> None:
    """Of all reposts that hold nothing, those of which no original is here, or only another such repost, are in a note."""
    (note,) = (one for one in asked(trend).notes if one.key in ("communities.note.untraced", "communities.note.untold"))
    bare = sum(row["kind"] == "repost" and row["repost_of"] is None for row in world()["posts"].to_pylist())
    assert (f"communities.note.{key}", 5 + 3 + bare) == (note.key, note.args["n"])
    assert english in say(note, "en")
    assert french in say(note, "fr")


def test_nothing_is_said_to_be_unknown_where_all_is_known() -> None:
    """Ties of a network and posts without reposts: no note."""
    drawn = draw(CampsWorld(accounts=300, mean_degree=10, closed=0.8), 3)
    tables = posted(drawn)
    ties = zip(drawn.source.tolist(), drawn.target.tolist(), strict=True)
    rows = [{"platform": "x", "network": "n", "source": f"a{u}", "target": f"a{v}"} for u, v in ties]
    kept = [row for row in tables["posts"].to_pylist() if row["kind"] != "repost"]
    given = {"posts": pa.Table.from_pylist(kept, schema("posts")), "edges": pa.Table.from_pylist(rows, schema("edges"))}
    told = communities.run(memory_corpus(tables | given), communities.Params(layer="n", trend="word:tram", nulls=3))
    assert set() == {"communities.note.untraced", "communities.note.untold"} & {note.key for note in told.notes}
    assert told.evidence_total == 195
