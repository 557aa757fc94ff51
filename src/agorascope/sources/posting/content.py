"""What does a post say, of which kind is it, to what does it refer, and when was it made?"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.sources import Sample
from agorascope.sources.columns import dates, key
from agorascope.sources.fields import flag, ident, text, time_us
from agorascope.sources.id_times import mastodon_us, snowflake_us, tid_us
from agorascope.sources.wording import kind_of, kind_said

from .habits import positions

_RT_ON = frozenset(("x", "unknown"))
_RT = re.compile(r"RT @(\w{1,20}):")
_DERIVED: dict[str, Callable[[str | None], int | None]] = {
    "x": snowflake_us,
    "mastodon": mastodon_us,
    "bluesky": lambda i: tid_us(i.rpartition("/")[2]) if i else None,
}
# Not statusid, which others have too, nor anything the values would have to tell: ids of Mastodon are as long.
_IDS_OF_X = frozenset(("tweetid", "idtweet", "tweetidstr", "tweet.id", "tweet.idstr"))

Content = tuple[str | None, str, str | None, str | None, str | None, str | None]
"""Text, kind, the post reposted, replied to, quoted, and the account referred to."""


def content(sample: Sample, at: Mapping[str, int]) -> Callable[[Sequence[Any], str], Content]:
    """Bind to a file's columns; return what gives the content of a row of a platform."""
    i_text, i_title, i_kind, i_rt, i_re, i_qt, i_repost_of, i_reply_to, i_quote_of, i_ref = positions(
        sample, at, "text title kind is_repost is_reply is_quote repost_of reply_to quote_of ref_account_id"
    )
    has_title = "title" in at
    has_kind = bool({"kind", "is_repost", "repost_of"} & at.keys())
    has_flags = bool({"is_repost", "is_reply", "is_quote"} & at.keys())
    refers = bool({"repost_of", "reply_to", "quote_of", "ref_account_id"} & at.keys())

    def of_row(row: Sequence[Any], platform: str) -> Content:
        body = text(row[i_text])
        if has_title and (title := text(row[i_title])) is not None and title != body:
            body = f"{title}\n\n{body}" if body else title
        repost_of = reply_to = quote_of = ref = None
        if refers:
            repost_of, reply_to, quote_of = ident(row[i_repost_of]), ident(row[i_reply_to]), ident(row[i_quote_of])
            ref = ident(row[i_ref])
        kind = kind_said(row[i_kind]) or (kind_of(repost_of, quote_of, reply_to) if refers else "original")
        if has_flags and kind == "original":
            kind = "repost" if flag(row[i_rt]) else "quote" if flag(row[i_qt]) else "reply" if flag(row[i_re]) else kind
        if not has_kind and body is not None and body.startswith("RT @") and platform in _RT_ON and (rt := _RT.match(body)):
            kind, ref = "repost", ref or rt[1]
        return body, kind, repost_of, reply_to, quote_of, ref.lstrip("@") if ref else None

    return of_row


def moment(sample: Sample, at: Mapping[str, int]) -> Callable[[Sequence[Any], str, str], tuple[int | None, str | None]]:
    """Bind to the columns of a date and a clock; return what gives the time of a post in µs UTC, and where it is from.

    A post without a time has the one its id holds, which is ``derived``: on a platform whose ids hold one, and where no
    platform is said but the column of the ids is called after tweets.
    """
    i_id, i_at, i_clock = positions(sample, at, "post_id created_at clock")
    of_tweets = i_id < len(sample.header) and key(sample.header[i_id]) in _IDS_OF_X
    derived = _DERIVED | {"unknown": snowflake_us} if of_tweets else _DERIVED
    day_first, zone = dates(sample, i_at)
    has_clock = "clock" in at

    def of_row(row: Sequence[Any], platform: str, post_id: str) -> tuple[int | None, str | None]:
        when = row[i_at]
        if has_clock and (clock := text(row[i_clock])):
            when = f"{text(when) or ''} {clock}"
        created = time_us(when, day_first=day_first, zone=zone)
        if created is not None:
            return created, "declared"
        created = derived[platform](post_id) if platform in derived else None
        return created, None if created is None else "derived"

    return of_row
