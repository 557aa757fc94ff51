"""Is this a table of posts under no particular tool's names? CSV, TSV, Parquet and JSON Lines, columns found by name.

One row is one post. See ``names.POST`` and ``names.LABELS`` for the canonical names, their variants in French and English.
"""

from . import Mapper, Sample
from .columns import bind, saw, unknown_names
from .labels import NAMES as LABELS
from .names import POST
from .posting import columns_read, post_mapper

NAME = "generic"
CONTAINER = "table"
PRIORITY = -10
NAMES = {**POST, **LABELS}


def recognise(sample: Sample) -> str | None:
    """Accept a table with a post's text, address, id or time, enough to be a post; else say what is missing."""
    if reason := unknown_names(sample, NAMES):
        return reason
    at = bind(sample, POST).keys()
    who = at & {"account_id", "handle", "name"}
    counts = at & {"views", "reach", "likes", "reposts", "quotes", "replies", "bookmarks"}
    content = at & {"text", "title", "permalink", "url", "urls", "object_id"}
    marks = at & {"post_id", "kind", "repost_of", "reply_to", "quote_of", "language"}
    said = "text" in at and len(at) > 1
    pointed = content and at & {"created_at", "post_id"} and (who or counts)
    acted = "created_at" in at and marks and (who or counts)
    counted = len(counts) >= 3 and counts & {"views", "reach"}
    if said or pointed or acted or counted:
        return None
    missing = "author" if at & {"text", "created_at"} else "time"
    return f"no column for a post's text or {missing}; {saw(sample)}"


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name."""
    return columns_read(sample, bind(sample, NAMES))


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to a post and what it carries."""
    return post_mapper(sample, bind(sample, NAMES))
