"""Is this a CSV of tweets by minet or gazouilloire? One row per tweet, lists between vertical bars.

``timestamp_utc`` is read rather than ``local_time``, which has the collector's zone without naming it. Counts in
the row of a retweet are those of the original and are left out.
"""

from . import Mapper, Sample
from .columns import bind, saw, with_more
from .names import Aliases
from .posting import Habits, columns_read, post_mapper

NAME = "minet"
CONTAINER = "table"
PRIORITY = 5
COLUMNS: Aliases = {
    "post_id": "id",
    "account_id": "user_id",
    "handle": "user_screen_name",
    "name": "user_name",
    "created_at": "timestamp_utc",
    "text": "text",
    "repost_of": "retweeted_id",
    "reply_to": "to_tweetid",
    "quote_of": "quoted_id",
    "conversation_id": "conversation_id",
    "language": "lang",
    "place": "place_country_code place_name",
    "permalink": "url",
    "urls": "links",
    "hashtags": "hashtags",
    "mentions": "mentioned_names",
    "media": "media_urls",
    "views": "impression_count",
    "likes": "like_count",
    "reposts": "retweet_count",
    "quotes": "quote_count",
    "replies": "reply_count",
    "bookmarks": "bookmark_count",
    "observed_at": "collection_time",
    "followers": "user_followers",
    "following": "user_friends",
    "account_posts": "user_tweets",
    "account_created_at": "user_timestamp_utc user_created_at",
    "verified": "user_verified",
}
_NEEDED = ("id", "timestamp_utc", "user_screen_name", "text")
TITLE = "minet"
SIGNATURE = (
    "timestamp_utc", "user_screen_name", "user_timestamp_utc", "to_tweetid", "to_userid", "to_username", "retweeted_id",
    "retweeted_user", "retweeted_user_id", "quoted_id", "quoted_user_id", "mentioned_names", "mentioned_ids", "media_files",
    "media_types", "collected_via", "match_query", "user_friends", "user_tweets", "user_lists", "possibly_sensitive",
)  # fmt: skip
_REFERRED = ("retweeted_user_id", "quoted_user_id", "to_userid")


def recognise(sample: Sample) -> str | None:
    """Accept a table with the columns minet and gazouilloire write for every tweet."""
    lacking = missing(sample)
    return f"no column {', '.join(lacking)} of a minet or gazouilloire file; {saw(sample)}" if lacking else None


def missing(sample: Sample) -> list[str]:
    """List the columns every tweet has that a header lacks."""
    return [name for name in _NEEDED if name not in sample.header]


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; a second one under one name is numbered."""
    at = columns_read(sample, bind(sample, COLUMNS))
    return with_more(sample, at, {"ref_account_id": _REFERRED})


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to a post and what it carries."""
    positions = tuple(sample.header.index(name) for name in _REFERRED if name in sample.header)
    return post_mapper(
        sample,
        bind(sample, COLUMNS),
        Habits("x", derived={"ref_account_id": lambda row: next((row[i] for i in positions if row[i] not in (None, "")), None)}),
    )
