"""Which community does a trend come from, and how large is that community? Its first posts, its posts and its authors by part.

A repost is of the trend if it carries the thing or says the word itself, or if the post it reposts does (``repost_of``, where that
post is in the case); it counts once. Of a repost that holds nothing itself and whose original is not here nobody knows: counted.
"""

import re
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.stats.shares import wilson
from agorascope.tables import Corpus
from agorascope.tags import by_accents, folded, near

from ._communities_parts import Parts, clustered
from ._communities_reduce import Gathered

Ints = npt.NDArray[np.int64]

FIRST = 20
KINDS = ("hashtag", "word", "url", "domain")
_COLUMNS = (
    "p.platform AS platform, p.account_id AS account_id, p.post_id AS post_id, p.created_at_us AS created_at_us, "
    "p.permalink AS permalink, p.text AS text"
)
_ORDER = " ORDER BY created_at_us NULLS FIRST, platform NULLS FIRST, post_id NULLS FIRST"
CARRYING = (
    "WITH own AS (SELECT DISTINCT platform, post_id FROM post_objects WHERE kind = :kind AND LOWER(value) = :value) "
    f"SELECT {_COLUMNS} FROM posts AS p LEFT JOIN own AS mine ON p.platform = mine.platform AND p.post_id = mine.post_id "
    "LEFT JOIN own AS theirs ON p.kind = 'repost' AND p.platform = theirs.platform AND p.repost_of = theirs.post_id "
    "WHERE p.account_id IS NOT NULL AND (mine.post_id IS NOT NULL OR theirs.post_id IS NOT NULL)" + _ORDER
)
_REPOSTED = "posts AS p LEFT JOIN posts AS o ON p.kind = 'repost' AND p.platform = o.platform AND p.repost_of = o.post_id"
SAYING = (
    f"SELECT {_COLUMNS}, o.text AS reposted FROM {_REPOSTED} WHERE p.account_id IS NOT NULL "
    "AND (POSITION(:value IN LOWER(p.text)) > 0 OR POSITION(:value IN LOWER(o.text)) > 0)" + _ORDER
)
BARE = (
    f"SELECT COUNT(*) AS n FROM {_REPOSTED} LEFT JOIN (SELECT DISTINCT platform, post_id FROM post_objects) AS held "
    "ON held.platform = p.platform AND (held.post_id = p.post_id OR held.post_id = o.post_id) "
    "WHERE p.kind = 'repost' AND p.account_id IS NOT NULL AND TRIM(COALESCE(p.text, '')) = '' "
    "AND (o.post_id IS NULL OR (o.kind = 'repost' AND TRIM(COALESCE(o.text, '')) = '')) AND held.post_id IS NULL"
)
UNTOLD = (
    "SELECT COUNT(*) AS accounts, CAST(COALESCE(SUM(posts), 0) AS BIGINT) AS posts FROM ("
    f"SELECT p.platform AS platform, p.account_id AS account_id, COUNT(*) AS posts FROM {_REPOSTED} "
    "WHERE TRIM(COALESCE(p.text, '')) = '' AND TRIM(COALESCE(o.text, '')) = '' AND p.account_id IS NOT NULL "
    "GROUP BY p.platform, p.account_id) AS each_account"
)


class Trend(NamedTuple):
    """Hold the posts of a trend, by time, as rows; their authors' positions (posts,); a row for each part.

    ``unknown`` counts the reposts of which nobody knows whether they carry the thing; ``untold`` the posts, and their accounts, of
    which nobody knows whether they say the word, for want of a text. ``spelt``: hashtags that differ by accents only, which are not
    of the trend, with their posts, reposts among them.
    """

    posts: list[dict[str, Any]]
    author: Ints
    rows: list[dict[str, Any]]
    unknown: int = 0
    untold: tuple[int, int] = (0, 0)
    spelt: tuple[tuple[str, int], ...] = ()


def trend_of(corpus: Corpus, gathered: Gathered, parts: Parts, asked: str) -> Trend:
    """Gather the posts that carry a thing or say a word, and count them by part. Raises BadValue for what nobody carries."""
    kind, _, value = asked.partition(":")
    value = folded(value) if kind == "hashtag" else value.strip().lower()
    if kind not in KINDS or not value:
        raise BadValue(f"trend is {asked!r}; use {', '.join(f'{k}:…' for k in KINDS)}")
    posts = _posts(corpus, kind, value)
    if not posts:
        like = near(corpus, value) if kind == "hashtag" else []
        hint = f"; near ones here: {', '.join(f'#{tag}' for tag in like)}" if like else ""
        raise BadValue(f"trend is {asked!r}, which no post with an author has here{hint}")
    columns = (gathered.accounts[c].to_pylist() for c in ("platform", "account_id"))
    place = {key: i for i, key in enumerate(zip(*columns, strict=True))}
    author = np.array([place[r["platform"], r["account_id"]] for r in posts], np.int64)
    rows = _rows(parts, author, [r["created_at_us"] for r in posts])
    if kind == "word":
        lost = corpus.query(UNTOLD).to_pylist()[0]
        return Trend(posts, author, rows, untold=(int(lost["posts"]), int(lost["accounts"])))
    spelt = tuple((tag, len(_posts(corpus, kind, tag))) for tag in by_accents(corpus, value)) if kind == "hashtag" else ()
    return Trend(posts, author, rows, unknown=int(corpus.query(BARE)["n"][0].as_py()), spelt=spelt)


def _posts(corpus: Corpus, kind: str, value: str) -> list[dict[str, Any]]:
    if not corpus.has("posts") or (kind != "word" and not corpus.has("post_objects")):
        return []
    if kind != "word":
        return list(corpus.query(CARRYING, kind=kind, value=value).to_pylist())
    whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
    said = corpus.query(SAYING, value=value).to_pylist()
    return [row for row in said if any(whole.search(row[held] or "") for held in ("text", "reposted"))]


def _rows(parts: Parts, author: Ints, at_us: list[int | None]) -> list[dict[str, Any]]:
    """Count first posts, posts and authors of every part; loudness is the share of posts over the share of all accounts."""
    posts = np.bincount(author, minlength=parts.part.size).astype(np.float64)
    authors = int(np.count_nonzero(posts))
    dated = [(at, int(parts.part[who])) for who, at in zip(author.tolist(), at_us, strict=True) if at is not None]
    rows = []
    for i, name in enumerate(parts.names):
        mine = parts.part == i
        if not mine.any():
            continue
        low, high, share = clustered(np.where(mine, posts, 0.0), posts)
        wrote = int(np.count_nonzero(posts[mine]))
        sure, unsure = wilson(wrote, authors)
        size = float(mine.mean())
        ends = {"ratio": share, "ratio_low": low, "ratio_high": high}
        rows.append(
            {"community": name, "first": sum(part == i for _, part in dated[:FIRST]), "posts": int(posts[mine].sum())}
            | {"posts_share": share, "posts_share_low": low, "posts_share_high": high, "authors": wrote}
            | {"authors_share": wrote / authors, "authors_share_low": sure, "authors_share_high": unsure}
            | {"accounts_share": size, **{n: None if v is None else v / size for n, v in ends.items()}}
            | {"start_us": next((at for at, part in dated if part == i), None)}
        )
    return rows
