"""How does one row of a table become a post? Its post, counts, account, counters and objects, from bound columns.

Shared by every table of posts: a source says which column is which and what is particular to its tool (``Habits``).

- A file without accounts gives posts without; an author known only by a handle is identified by it.
- Kind: what the column says, else what the references say; a text that begins ``RT @user:`` is a repost on X.
- ``url`` is the post's permalink when it is the address of this very post, else a link the post carries.
- Counts of a repost are those of the original on most platforms: they are left out, except where a share is a
  post with counts of its own (``_OWN_COUNTS``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Post, Record
from agorascope.sources import Mapper, Sample
from agorascope.sources.columns import dates, padded
from agorascope.sources.fields import count, ident, text, time_us
from agorascope.sources.labels import kind_too, labels, post_labels
from agorascope.sources.languages import language
from agorascope.sources.wording import sentiment
from agorascope.texts import message

from .account import described
from .carried import carried
from .chosen import columns_read
from .content import content, moment
from .counts import counts
from .habits import Cell, Habits, positions
from .identity import identity, usual_platform

__all__ = ["Cell", "Habits", "columns_read", "post_mapper"]

_PLAIN = Habits()


def post_mapper(sample: Sample, at: Mapping[str, int], habits: Habits = _PLAIN) -> Mapper:
    """Bind to a file's columns; return the function that maps one row. A row shorter than the header ends in nulls."""
    width = len(sample.header)
    usual = usual_platform(sample, at) or "unknown"
    at = columns_read(sample, at)
    at |= kind_too(sample, at) | {name: width + 1 + k for k, name in enumerate(habits.derived)}
    derived = tuple(habits.derived.values())
    i_thread, i_lang, i_place, i_rank, i_tone, i_seen = positions(
        sample, at, "conversation_id language place feed_position sentiment observed_at"
    )
    seen_first, zone = dates(sample, i_seen)
    labelled = labels(at)
    identity_of, moment_of, content_of = identity(sample, at, habits, usual), moment(sample, at), content(sample, at)
    counts_of, account_of, objects_of = counts(sample, at, habits), described(sample, at), carried(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        if derived:
            row = (*row, *[cell(row) for cell in derived])
        platform, post_id, account, handle, name, address, shared = identity_of(row)
        created, source = moment_of(row, platform, post_id)
        body, kind, repost_of, reply_to, quote_of, ref = content_of(row, platform)
        tone = row[i_tone]
        records: list[Record] = [
            Post(
                platform, post_id, account, created, source, kind, body, language(row[i_lang]), ident(row[i_thread]), repost_of,
                reply_to, quote_of, ref, text(row[i_place]), address, count(row[i_rank]), None if tone is None else sentiment(tone),
            )
        ]  # fmt: skip
        if created is None and not (post_id or account or body or address) and _is_blank(row):
            raise BadRecord(message("reasons.empty_row"))
        seen = time_us(row[i_seen], day_first=seen_first, zone=zone)
        records += counts_of(row, platform, post_id, kind, seen)
        if account is not None:
            records += account_of(row, platform, account, handle, name, created if seen is None else seen)
        if labelled:
            records += post_labels(labelled, row, platform, post_id)
        records += objects_of(row, platform, post_id, body, shared)
        return records

    return map_row


def _is_blank(row: Sequence[Any]) -> bool:
    return all(cell is None or not str(cell).strip() for cell in row)
