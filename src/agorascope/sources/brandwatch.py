"""Is this a CSV of Brandwatch? Lines about the query, then one row per mention: a post, an article, a comment.

The columns in use changed with the platforms' names (``Twitter Followers``, then ``X Followers``): both are read. Reach and
impressions are the vendor's estimates, never measured views. Dates are in the zone of the project, which the lines above
the header may name: give it as the constant ``timezone``.
"""

from collections.abc import Sequence
from typing import Any

from . import Mapper, Sample
from .columns import bind, platform_name, saw, with_more
from .fields import count, text
from .names import Aliases
from .posting import Cell, Habits, columns_read, post_mapper

NAME = "brandwatch"
CONTAINER = "table"
PRIORITY = 5
COLUMNS: Aliases = {
    "created_at": "Date",
    "permalink": "Url",
    "account_id": "X_Author_ID Twitter_Author_ID Bluesky_Author_Id",
    "handle": "Author",
    "name": "Full_Name",
    "account_type": "Account_Type",
    "language": "Language",
    "place": "Country_Code Country",
    "sentiment": "Sentiment",
    "reach": "Reach_(new) Reach Impressions",
    "conversation_id": "Thread_Id",
    "ref_account_id": "Thread_Author",
    "kind": "Thread_Entry_Type",
    "hashtags": "Hashtags",
    "mentions": "Mentioned_Authors",
    "urls": "Expanded_URLs",
    "media": "Media_URLs",
    "followers": "X_Followers Twitter_Followers Instagram_Followers Bluesky_Followers",
    "following": "X_Following Twitter_Following",
    "account_posts": "X_Posts Twitter_Tweets",
    "verified": "X_Verified Twitter_Verified",
}
_NEEDED = ("Query Name", "Date", "Url", "Snippet", "Page Type")
TITLE = "Brandwatch"
SIGNATURE = (
    "Query Name", "Query Id", "Page Type", "Full Text", "Snippet", "Thread Entry Type", "Thread Author", "Mentioned Authors",
    "Expanded URLs", "Content Source", "Content Source Name", "Reach (new)", "X Author ID", "Twitter Author ID", "X Followers",
    "Twitter Followers", "X Reposts", "Twitter Retweets", "X Likes", "Twitter Likes", "Facebook Likes", "Facebook Shares",
)  # fmt: skip
_LIKES = ("Likes", "X Likes", "Twitter Likes", "Facebook Likes", "Instagram Likes", "Bluesky Likes", "TikTok Likes")
_REPOSTS = ("Shares", "X Reposts", "Twitter Retweets", "Facebook Shares", "Bluesky Reposts", "TikTok Shares")
_REPLIES = (
    "Comments",
    "X Replies",
    "Twitter Reply Count",
    "Facebook Comments",
    "Instagram Comments",
    "Bluesky Replies",
    "TikTok Comments",
)
_TITLED = frozenset(("news", "blog", "forum", "reddit", "youtube", "review", "tumblr"))


def recognise(sample: Sample) -> str | None:
    """Accept a header row with the columns every Brandwatch mention has."""
    lacking = missing(sample)
    return f"no column {', '.join(lacking)} of a Brandwatch export; {saw(sample)}" if lacking else None


def missing(sample: Sample) -> list[str]:
    """List the columns every mention has that a header lacks."""
    return [name for name in _NEEDED if name not in sample.header]


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; a second one under one name is numbered."""
    at = columns_read(sample, bind(sample, COLUMNS))
    return with_more(
        sample,
        at,
        {
            "platform": ("Page Type",),
            "text": ("Full Text", "Snippet"),
            "title": ("Title",),
            "likes": _LIKES,
            "reposts": _REPOSTS,
            "replies": _REPLIES,
        },
    )


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to a post and what it carries."""
    where = {name: i for i, name in enumerate(sample.header)}
    bodies = tuple(where[name] for name in ("Full Text", "Snippet") if name in where)
    counted = {name: tuple(where[c] for c in columns if c in where) for name, columns in
               (("likes", _LIKES), ("reposts", _REPOSTS), ("replies", _REPLIES))}  # fmt: skip
    title, page = where.get("Title", len(where)), where["Page Type"]
    derived: dict[str, Cell] = {
        "platform": lambda row: platform_name(row[page]),
        "text": lambda row: next((said for i in bodies if (said := text(row[i]))), None),
        "title": lambda row: row[title] if platform_name(row[page]) in _TITLED else None,
        "likes": lambda row: _greatest(row, counted["likes"]),
        "reposts": lambda row: _greatest(row, counted["reposts"]),
        "replies": lambda row: _greatest(row, counted["replies"]),
    }
    return post_mapper(sample, bind(sample, COLUMNS), Habits(address_is_id=True, derived=derived))


def _greatest(row: Sequence[Any], positions: Sequence[int]) -> int | None:
    """Take the one platform's count: the columns of the others hold 0 or nothing."""
    return max((seen for i in positions if (seen := count(row[i])) is not None), default=None)
