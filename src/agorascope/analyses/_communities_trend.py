"""Which community does a trend come from, and how large is that community? Its first posts, its posts and its authors by part."""

import re
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.stats.shares import wilson
from agorascope.tables import Corpus

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
    f"SELECT DISTINCT {_COLUMNS} FROM post_objects AS o JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id "
    "WHERE o.kind = :kind AND LOWER(o.value) = :value AND p.account_id IS NOT NULL" + _ORDER
)
SAYING = f"SELECT {_COLUMNS} FROM posts AS p WHERE POSITION(:value IN LOWER(p.text)) > 0 AND p.account_id IS NOT NULL" + _ORDER
UNTOLD = """
    SELECT COUNT(*) AS accounts, CAST(COALESCE(SUM(posts), 0) AS BIGINT) AS posts FROM (
        SELECT platform, account_id, COUNT(*) AS posts FROM posts WHERE text IS NULL AND account_id IS NOT NULL
        GROUP BY platform, account_id) AS each_account"""


class Trend(NamedTuple):
    """Hold the posts of a trend, by time, as rows; their authors' positions (posts,); a row for each part.

    ``untold``: posts, and their accounts, of which it is not known whether they say the word, for want of a text.
    """

    posts: list[dict[str, Any]]
    author: Ints
    rows: list[dict[str, Any]]
    untold: tuple[int, int] = (0, 0)


def trend_of(corpus: Corpus, gathered: Gathered, parts: Parts, asked: str) -> Trend:
    """Gather the posts that carry a thing or say a word, and count them by part. Raises BadValue for what nobody carries."""
    kind, _, value = asked.partition(":")
    value = value.strip().lower()
    value = value.lstrip("#") if kind == "hashtag" else value
    if kind not in KINDS or not value:
        raise BadValue(f"trend is {asked!r}; use {', '.join(f'{k}:…' for k in KINDS)}")
    posts = _posts(corpus, kind, value)
    if not posts:
        raise BadValue(f"trend is {asked!r}, which no post with an author has here")
    columns = (gathered.accounts[c].to_pylist() for c in ("platform", "account_id"))
    place = {key: i for i, key in enumerate(zip(*columns, strict=True))}
    author = np.array([place[r["platform"], r["account_id"]] for r in posts], np.int64)
    lost = corpus.query(UNTOLD).to_pylist()[0] if kind == "word" else {"posts": 0, "accounts": 0}
    rows = _rows(parts, author, [r["created_at_us"] for r in posts])
    return Trend(posts, author, rows, (int(lost["posts"]), int(lost["accounts"])))


def _posts(corpus: Corpus, kind: str, value: str) -> list[dict[str, Any]]:
    if not corpus.has("posts") or (kind != "word" and not corpus.has("post_objects")):
        return []
    if kind != "word":
        return list(corpus.query(CARRYING, kind=kind, value=value).to_pylist())
    whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
    return [row for row in corpus.query(SAYING, value=value).to_pylist() if whole.search(row["text"])]


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
