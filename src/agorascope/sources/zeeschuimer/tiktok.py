"""How does TikTok describe a film to its own web pages?

Counts stand twice, rounded nowhere: ``statsV2`` as text, ``stats`` as numbers. The id holds the time it was made. A
film is a post; ``author`` is an object, or only a handle in older captures.
"""

from collections.abc import Sequence

from msgspec import Struct

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Post, PostMetrics, Record
from agorascope.sources.counted import counted
from agorascope.sources.fields import time_us
from agorascope.sources.languages import language
from agorascope.sources.links import mentions_in, objects
from agorascope.sources.reasons import located, missing
from agorascope.sources.x_v1.shapes import Count, Id

_ID_SINCE_US = 1_451_606_400_000_000  # 2016: ids that decode to an earlier time hold none


class Author(Struct, gc=False, rename="camel"):
    """The account that published."""

    id: Id | None = None
    unique_id: str | None = None
    nickname: str | None = None
    verified: bool | None = None
    create_time: Count | None = None


class Stats(Struct, gc=False, rename="camel"):
    """Public counts of a film."""

    play_count: Count | None = None
    digg_count: Count | None = None
    share_count: Count | None = None
    comment_count: Count | None = None
    collect_count: Count | None = None


class AuthorStats(Struct, gc=False, rename="camel"):
    """Public counts of the account."""

    video_count: Count | None = None
    follower_count: Count | None = None
    following_count: Count | None = None


class Challenge(Struct, gc=False):
    """A hashtag."""

    title: str | None = None


class Video(Struct, gc=False, rename="camel"):
    """A film."""

    id: Id | None = None
    desc: str | None = None
    create_time: Count | None = None
    author: Author | str | None = None
    author_id: Id | None = None
    stats: Stats | None = None
    stats_v2: Stats | None = None
    author_stats: AuthorStats | None = None
    challenges: list[Challenge] | None = None
    text_language: str | None = None
    location_created: str | None = None
    duet_from_id: Id | None = None


def rows(video: Video, observed: int | None, position: int | None) -> Sequence[Record]:
    """Turn one film into rows. Raises BadRecord naming the JSON path."""
    if video.id is None:
        raise missing("id", "$.data")
    post_id = str(video.id)
    author = (
        Author(id=video.author_id, unique_id=video.author)
        if isinstance(video.author, str)
        else video.author or Author(id=video.author_id)
    )
    account_id = str(author.id) if author.id is not None else author.unique_id
    at, source = _time(video.create_time, "createTime"), "declared"
    if at is None and post_id.isdecimal() and _ID_SINCE_US <= (int(post_id) >> 32) * 1_000_000 < 1 << 62:
        at, source = (int(post_id) >> 32) * 1_000_000, "derived"
    # A duet's source is written "0" where there is none.
    duet = str(video.duet_from_id) if video.duet_from_id not in (None, 0, "0", "") else None
    out: list[Record] = [
        Post(
            platform="tiktok",
            post_id=post_id,
            account_id=account_id,
            created_at_us=at,
            created_at_source=source if at is not None else None,
            kind="quote" if duet else "original",
            text=video.desc,
            language=language(video.text_language) if video.text_language != "un" else None,  # un: undetermined
            quote_of=duet,
            place=video.location_created or None,
            permalink=f"https://www.tiktok.com/@{author.unique_id}/video/{post_id}" if author.unique_id else None,
            feed_position=position,
        )
    ]
    counts = video.stats_v2 or video.stats
    if counts:
        viewed = "measured" if counts.play_count is not None else None
        out += counted(
            PostMetrics(
                platform="tiktok",
                post_id=post_id,
                observed_at_us=observed,
                views=counts.play_count,
                views_kind=viewed,
                likes=counts.digg_count,
                reposts=counts.share_count,
                replies=counts.comment_count,
                bookmarks=counts.collect_count,
            )
        )
    out += objects("tiktok", post_id, hashtags=[c.title for c in video.challenges or ()], mentions=mentions_in(video.desc))
    if account_id:
        made = _time(author.create_time, "author.createTime")
        declared = "declared" if made is not None else None
        out.append(Account("tiktok", account_id, author.unique_id, author.nickname, made, declared, author.verified))
        if of := video.author_stats:
            out.append(AccountCounter("tiktok", account_id, observed, of.video_count, of.follower_count, of.following_count))
    return out


def _time(seconds: int | None, path: str) -> int | None:
    try:
        return time_us(seconds)
    except (BadRecord, ValueError) as error:
        raise located(error, f"$.data.{path}") from error
