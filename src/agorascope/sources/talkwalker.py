"""Is this a CSV of Talkwalker? One row per document: a post of a platform, an article, a blog, a forum.

``reach`` is not a number of views: followers of the author on X, fans of the page on Facebook (``followers_proxy``), an
estimate elsewhere (``vendor_reach``). ``engagement`` is a sum and stays in the raw record. A document without a post's id
is identified by its address.
"""

import re
from collections.abc import Sequence
from typing import Any

from . import Mapper, Sample
from .columns import bind, saw, with_more
from .fields import count, text
from .names import Aliases
from .posting import Cell, Habits, columns_read, post_mapper

NAME = "talkwalker"
CONTAINER = "table"
PRIORITY = 5
COLUMNS: Aliases = {
    "permalink": "url",
    "created_at": "published indexed",
    "account_id": "extra_author_attributes.id",
    "handle": "extra_author_attributes.short_name",
    "name": "extra_author_attributes.name",
    "account_type": "extra_author_attributes.type",
    "language": "lang",
    "sentiment": "sentiment",
    "place": "extra_author_attributes.world_data.country_code extra_source_attributes.world_data.country_code",
    "urls": "entity_urls",
    "media": "images.url",
    "views": "article_extended_attributes.youtube_views",
    "reach": "reach",
    "replies": "article_extended_attributes.num_comments",
    "kind": "post_type",
}
_NEEDED = ("url", "source_type", "reach", "engagement")
_DATES = ("published", "indexed")
TITLE = "Talkwalker"
SIGNATURE = (
    "article_extended_attributes.", "extra_article_attributes.", "extra_author_attributes.", "extra_source_attributes.",
    "content_snippet", "title_snippet", "search_indexed", "root_url", "domain_url", "host_url",
)  # fmt: skip
_EXTENDED = "article_extended_attributes."
_LIKES = ("twitter_likes", "facebook_likes", "instagram_likes", "youtube_likes")
_REPOSTS = ("twitter_retweets", "twitter_shares", "facebook_shares", "linkedin_shares")
_MORE = {
    "platform": ("source_type",),
    "text": ("content", "content_snippet"),
    "title": ("title", "title_snippet"),
    "likes": tuple(_EXTENDED + name for name in _LIKES),
    "reposts": tuple(_EXTENDED + name for name in _REPOSTS),
}
_SOCIAL = re.compile(r"socialmedia_(\w+)")
_MEDIA = (
    ("onlinenews", "news"),
    ("newspaper", "news"),
    ("blog", "blog"),
    ("messageboard", "forum"),
    ("forum", "forum"),
    ("podcast", "podcast"),
)
_PROXIES = frozenset(("x", "facebook"))
_WITHOUT_TITLE = frozenset(("x", "facebook", "instagram", "tiktok", "threads", "bluesky", "mastodon"))


def recognise(sample: Sample) -> str | None:
    """Accept a table with the columns every Talkwalker document has."""
    lacking = missing(sample)
    return f"no column {', '.join(lacking)} of a Talkwalker export; {saw(sample)}" if lacking else None


def missing(sample: Sample) -> list[str]:
    """List the columns every document has that a header lacks; either date will do."""
    dated = any(name in sample.header for name in _DATES)
    return [name for name in _NEEDED if name not in sample.header] + ([] if dated else [_DATES[0]])


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; a second one under one name is numbered."""
    at = columns_read(sample, bind(sample, COLUMNS))
    return with_more(sample, at, _MORE)


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to a post and what it carries."""
    where = {name: i for i, name in enumerate(sample.header)}
    source = where["source_type"]
    bodies = tuple(where[name] for name in ("content", "content_snippet") if name in where)
    titles = tuple(where[name] for name in ("title", "title_snippet") if name in where)
    counted = {
        "likes": tuple(where[_EXTENDED + name] for name in _LIKES if _EXTENDED + name in where),
        "reposts": tuple(where[_EXTENDED + name] for name in _REPOSTS if _EXTENDED + name in where),
    }
    derived: dict[str, Cell] = {
        "platform": lambda row: _platform(row[source]),
        "text": lambda row: _first(row, bodies),
        "title": lambda row: None if _platform(row[source]) in _WITHOUT_TITLE else _first(row, titles),
        "likes": lambda row: _greatest(row, counted["likes"]),
        "reposts": lambda row: _greatest(row, counted["reposts"]),
    }
    return post_mapper(sample, bind(sample, COLUMNS), Habits(proxies=_PROXIES, address_is_id=True, derived=derived))


def _platform(said: Any) -> str | None:
    """Read ``SOCIALMEDIA, SOCIALMEDIA_TWITTER`` as x, ``ONLINENEWS_AGENCY`` as news; None leaves it to the address."""
    kind = (text(said) or "").lower()
    if found := _SOCIAL.search(kind):
        return {"twitter": "x", "google": "google+"}.get(found[1], found[1])
    return next((name for prefix, name in _MEDIA if prefix in kind), None)


def _first(row: Sequence[Any], positions: Sequence[int]) -> str | None:
    return next((said for i in positions if (said := text(row[i]))), None)


def _greatest(row: Sequence[Any], positions: Sequence[int]) -> int | None:
    """Take the one platform's count: the columns of the others hold 0 or nothing."""
    return max((seen for i in positions if (seen := count(row[i])) is not None), default=None)
