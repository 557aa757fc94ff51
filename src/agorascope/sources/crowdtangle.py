"""Is this a CSV of CrowdTangle? Facebook pages and groups, or Instagram; closed in August 2024, its files live on.

Counts are of public interactions when exported, at a time the file does not give; followers are those at posting.
Likes are the like reaction alone; the other reactions, the total and the overperforming score stay in the raw record.
Views are of video only, and 0 elsewhere: a 0 is read as not given.
"""

from collections.abc import Sequence
from typing import Any

from . import Mapper, Sample
from .columns import bind, saw, with_more
from .fields import count
from .names import Aliases
from .posting import Cell, Habits, columns_read, post_mapper

NAME = "crowdtangle"
CONTAINER = "table"
PRIORITY = 5
FACEBOOK: Aliases = {
    "account_id": "Facebook Id",
    "handle": "User Name",
    "name": "Page Name|Group Name",
    "created_at": "Post Created",
    "text": "Message",
    "permalink": "URL",
    "url": "Final Link|Link",
    "reposts": "Shares",
    "replies": "Comments",
    "likes": "Likes",
    "followers": "Followers at Posting",
    "account_created_at": "Page Created",
    "account_type": "Page Category",
    "place": "Page Admin Top Country",
    "label.format": "Type",
}
INSTAGRAM: Aliases = {
    "handle": "User Name",
    "name": "Account",
    "created_at": "Post Created",
    "text": "Description",
    "permalink": "URL",
    "media": "Photo",
    "replies": "Comments",
    "likes": "Likes",
    "followers": "Followers at Posting",
    "label.format": "Type",
}
_NEEDED = ("Post Created", "User Name", "URL", "Likes")
TITLE = "CrowdTangle"
SIGNATURE = (
    "Post Created", "Post Created Date", "Post Created Time", "Page Category", "Page Admin Top Country", "Page Created",
    "Followers at Posting", "Likes at Posting", "Total Interactions", "Video Share Status", "Is Video Owner?", "Final Link",
    "Overperforming Score", "Sponsor Id", "Sponsor Name",
)  # fmt: skip
_VIEWS = ("Total Views", "Post Views", "Views")


def recognise(sample: Sample) -> str | None:
    """Accept a table with the columns CrowdTangle wrote for every Facebook or Instagram post."""
    if lacking := [name for name in _NEEDED if name not in sample.header]:
        return f"no column {', '.join(lacking)} of a CrowdTangle export; {saw(sample)}"
    return None if _fields(sample) else f"neither Facebook (Message) nor Instagram (Account, Description); {saw(sample)}"


def missing(sample: Sample) -> list[str]:
    """List the columns every post has that a header lacks; its text is called otherwise on Facebook and on Instagram."""
    lacking = [name for name in _NEEDED if name not in sample.header]
    return lacking + ([] if _fields(sample) else ["Description" if "Account" in sample.header else "Message"])


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; a second one under one name is numbered."""
    return with_more(sample, columns_read(sample, _at(sample)), {"views": _VIEWS, "url": ("Link", "Final Link")})


def mapper(sample: Sample) -> Mapper:
    """Bind to the platform's columns and map each row to a post and what it carries."""
    fields = _fields(sample)
    at = _at(sample)
    positions = tuple(sample.header.index(name) for name in _VIEWS if name in sample.header)
    derived: dict[str, Cell] = {"views": lambda row: _views(row, positions)}
    if {"Link", "Final Link"} <= set(sample.header):
        final, first = sample.header.index("Final Link"), sample.header.index("Link")
        derived["url"] = lambda row: row[final] or row[first]
    return post_mapper(sample, at, Habits("facebook" if fields is FACEBOOK else "instagram", derived=derived))


def _at(sample: Sample) -> dict[str, int]:
    fields = _fields(sample)
    return bind(sample, {name: " ".join(v.replace(" ", "_") for v in said.split("|")) for name, said in fields.items()})


def _fields(sample: Sample) -> Aliases:
    if "Message" in sample.header:
        return FACEBOOK
    return INSTAGRAM if {"Account", "Description"} <= set(sample.header) else {}


def _views(row: Sequence[Any], positions: Sequence[int]) -> int | None:
    return next((seen for i in positions if (seen := count(row[i]))), None)
