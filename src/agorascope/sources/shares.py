"""Is this a table of share events? Who shared which object, when, as CooRTweet and its kin take them.

One row is one share: a post (``content_id``) of an account that carries an object (``object_id``: an address, an
image's hash, a text's hash, the id of the post reposted). What the object is the table does not say, so it is neither a link nor a
repost here, but an object of kind ``share``. Repeated rows are kept as written; the store sees that they are the same.
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Post, PostObject, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, padded, saw, unknown_names
from .fields import ident, time_us
from .names import Aliases

NAME = "shares"
CONTAINER = "table"
PRIORITY = -1
COLUMNS: Aliases = {
    "object_id": "object objet",
    "account_id": "account accountname userid compte",
    "content_id": "content postid tweetid idcontenu",
    "timestamp_share": "timestamp createdat date sharetime",
    "platform": "plateforme",
}


def recognise(sample: Sample) -> str | None:
    """Accept a table with an object, an account, a content id and a time."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    missing = [name for name in ("object_id", "account_id", "content_id", "timestamp_share") if name not in bind(sample, COLUMNS)]
    return f"no column for {', '.join(missing)}; {saw(sample)}" if missing else None


def mapper(sample: Sample) -> Mapper:
    """Bind to the four columns and map each row to a post and the object it shares."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_object, i_account, i_content, i_at = (at.get(n, width) for n in ("object_id", "account_id", "content_id", "timestamp_share"))
    day_first, zone = dates(sample, i_at)
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        platform, shared = platform_of(row), ident(row[i_object])
        if shared is None:
            raise BadRecord(message("reasons.share_of_nothing"))
        created = time_us(row[i_at], day_first=day_first, zone=zone)
        post_id = ident(row[i_content]) or ""
        return [
            Post(platform, post_id, ident(row[i_account]), created, None if created is None else "declared"),
            PostObject(platform, post_id, "share", shared),
        ]

    return map_row
