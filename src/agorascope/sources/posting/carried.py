"""What does a post carry? Addresses, hashtags, mentions, media and shared objects: of their columns, else of its text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.records import PostObject
from agorascope.sources import Sample
from agorascope.sources.fields import text
from agorascope.sources.links import hashtags_in, mentions_in, objects, urls_in
from agorascope.sources.wording import addresses, listed

from .habits import positions

Carry = Callable[[Sequence[Any], str, str, str | None, str | None], Sequence[PostObject]]
"""Of a row: platform, post, text, and the address it shares."""


def carried(sample: Sample, at: Mapping[str, int]) -> Carry:
    """Bind to a file's columns; return what gives the objects of a post."""
    i_urls, i_tags, i_mentions, i_media, i_shares = positions(sample, at, "urls hashtags mentions media object_id")
    has_urls, has_tags, has_mentions, has_media = (name in at for name in ("urls", "hashtags", "mentions", "media"))

    def of_row(row: Sequence[Any], platform: str, post_id: str, body: str | None, shared: str | None) -> Sequence[PostObject]:
        urls = (has_urls and addresses(row[i_urls])) or urls_in(body)
        if shared is not None:
            urls = [*urls, shared]
        tags = (has_tags and listed(row[i_tags])) or hashtags_in(body)
        named = (has_mentions and listed(row[i_mentions])) or mentions_in(body)
        media, shares = addresses(row[i_media]) if has_media else (), text(row[i_shares])
        if not (urls or tags or named or media or shares):
            return ()
        return objects(platform, post_id, urls=urls, hashtags=tags, mentions=named, media=media, shares=(shares,))

    return of_row
