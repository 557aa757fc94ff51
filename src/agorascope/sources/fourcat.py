"""Is this a CSV of 4CAT? The Capture and Analysis Toolkit's results, whatever platform they come from.

Every result has ``id, thread_id, timestamp, body, author``; the other columns depend on the platform, which the file
does not name: it is told by columns only that platform has, else by the posts' addresses.
"""

from collections.abc import Sequence
from typing import Any

from . import Mapper, Sample
from .columns import bind, saw, with_more
from .names import Aliases
from .posting import Cell, Habits, columns_read, post_mapper

NAME = "fourcat"
CONTAINER = "table"
PRIORITY = 5
COLUMNS: Aliases = {
    "post_id": "id",
    "conversation_id": "thread_id",
    "created_at": "unix_timestamp timestamp",
    "text": "body",
    "title": "subject",
    "account_id": "author_id author_did",
    "handle": "author_username author_handle author",
    "name": "author_fullname author_full author_display_name author_name",
    "verified": "verified author_verified",
    "followers": "author_followers",
    "account_created_at": "author_created author_created_at",
    "permalink": "link post_url tiktok_url url",
    "urls": "urls links url_link",
    "hashtags": "hashtags",
    "mentions": "mentions usertags",
    "media": "images image_urls media_urls image_file media_url",
    "language": "language_guess languages language lang",
    "place": "place_name location_name",
    "views": "impression_count plays views view_count amount_plays num_views",
    "likes": "like_count likes num_likes amount_likes score",
    "reposts": "retweet_count reposts shares share_count amount_shares forwards num_shares",
    "quotes": "quote_count quotes",
    "replies": "reply_count replies comments num_comments comment_count amount_comments",
    "bookmarks": "bookmark_count collects favorites",
    "is_repost": "is_retweet is_repost",
    "is_quote": "is_quote_tweet is_quote",
    "is_reply": "is_reply",
    "reply_to": "replied_to_post parent",
    "observed_at": "timestamp_collected collected_at",
}
_NEEDED = ("id", "thread_id", "timestamp", "body", "author")
_MARKS = ("unix_timestamp", "subject", "author_fullname")
TITLE = "4CAT"
SIGNATURE = (
    "thread_id", "unix_timestamp", "author_fullname", "is_quote_tweet", "quote_author", "quoted_user", "retweeted_user",
    "replied_user", "replied_to_user", "tiktok_url", "search_entity", "language_guess", "body", "image_urls",
)  # fmt: skip
_PLATFORMS = (
    ("x", {"is_retweet", "impression_count"}),
    ("x", {"is_retweet", "retweet_count"}),
    ("tiktok", {"tiktok_url"}),
    ("instagram", {"num_likes", "num_comments", "media_urls"}),
    ("instagram", {"num_likes", "num_comments", "image_urls"}),
    ("telegram", {"search_entity"}),
    ("reddit", {"subreddit"}),
    ("4chan", {"board", "country_name"}),
)
_REFERRED = ("retweeted_user", "quoted_user", "quote_author", "replied_user", "replied_author", "replied_to_user")


def recognise(sample: Sample) -> str | None:
    """Accept a table that has the five columns every 4CAT result has, and one more that only 4CAT writes."""
    if lacking := [name for name in _NEEDED if name not in sample.header]:
        return f"no column {', '.join(lacking)} of a 4CAT result; {saw(sample)}"
    return None if set(_MARKS) & set(sample.header) else f"no column unix_timestamp; {saw(sample)}"


def missing(sample: Sample) -> list[str]:
    """List the columns every result has that a header lacks."""
    lacking = [name for name in _NEEDED if name not in sample.header]
    return lacking + ([] if set(_MARKS) & set(sample.header) else [_MARKS[0]])


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; a second one under one name is numbered."""
    at = columns_read(sample, bind(sample, _columns(sample)))
    return with_more(sample, at, {"ref_account_id": _REFERRED})


def mapper(sample: Sample) -> Mapper:
    """Bind to the columns of the platform at hand and map each row to a post and what it carries."""
    platform = _platform(sample)
    positions = tuple(i for i, name in enumerate(sample.header) if name in _REFERRED)
    derived: dict[str, Cell] = {"ref_account_id": lambda row: _first(row, positions)} if positions else {}
    return post_mapper(sample, bind(sample, _columns(sample)), Habits(platform, derived=derived))


def _columns(sample: Sample) -> Aliases:
    """Name the columns; a submission's url on Reddit is the page it links to, not its own address."""
    return {**COLUMNS, "permalink": "", "url": "url"} if _platform(sample) == "reddit" and "url" in sample.header else COLUMNS


def _platform(sample: Sample) -> str | None:
    return next((name for name, columns in _PLATFORMS if columns <= set(sample.header)), None)


def _first(row: Sequence[Any], positions: Sequence[int]) -> Any:
    return next((row[i] for i in positions if row[i] not in (None, "")), None)
