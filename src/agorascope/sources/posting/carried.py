"""What does a post carry? Addresses, hashtags, mentions, media and shared objects: of their columns, else of its text.

Where a cell lists words with spaces and nothing else between them (``tram lyon``), the column tells what they are: no hashtag
holds white space, so that they are several in a column named after hashtags; tags of videos and blogs hold some, and so do names of
people, so that they are one elsewhere. ``spaces`` under ``[constants]`` decides otherwise; what was chosen is told when the file is
added.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.records import PostObject
from agorascope.sources import Sample
from agorascope.sources.columns import given_names, key
from agorascope.sources.fields import text
from agorascope.sources.links import hashtags_in, mentions_in, objects, urls_in
from agorascope.sources.names import POST
from agorascope.sources.wording import addresses, hashtags, mentions

from .habits import positions

Carry = Callable[[Sequence[Any], str, str, str | None, str | None], Sequence[PostObject]]
"""Of a row: platform, post, text, and the address it shares."""

_NOT_OF_HASHTAGS = frozenset(("tags",))


def spaces_between(sample: Sample, at: Mapping[str, int], name: str) -> bool:
    """Say whether spaces stand between what the cells of a column list, where nothing else does.

    ``name`` is ``hashtags`` or ``mentions``. As ``spaces`` under ``[constants]`` says; else as the column is named.
    """
    said = sample.constants.get("spaces")
    if said is not None or name != "hashtags":
        return said == "between"
    return name in given_names(sample, POST) or key(sample.header[at[name]]) not in _NOT_OF_HASHTAGS


def carried(sample: Sample, at: Mapping[str, int]) -> Carry:
    """Bind to a file's columns; return what gives the objects of a post."""
    i_urls, i_tags, i_mentions, i_media, i_shares = positions(sample, at, "urls hashtags mentions media object_id")
    has_urls, has_tags, has_mentions, has_media = (name in at for name in ("urls", "hashtags", "mentions", "media"))
    tags_apart = has_tags and spaces_between(sample, at, "hashtags")
    names_apart = has_mentions and spaces_between(sample, at, "mentions")

    def of_row(row: Sequence[Any], platform: str, post_id: str, body: str | None, shared: str | None) -> Sequence[PostObject]:
        urls = (has_urls and addresses(row[i_urls])) or urls_in(body)
        if shared is not None:
            urls = [*urls, shared]
        tags = (has_tags and hashtags(row[i_tags], apart=tags_apart)) or hashtags_in(body)
        named = (has_mentions and mentions(row[i_mentions], apart=names_apart)) or mentions_in(body)
        media, shares = addresses(row[i_media]) if has_media else (), text(row[i_shares])
        if not (urls or tags or named or media or shares):
            return ()
        return objects(platform, post_id, urls=urls, hashtags=tags, mentions=named, media=media, shares=(shares,))

    return of_row
