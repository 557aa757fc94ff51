"""How does Instagram describe a post to its own web pages?

Two shapes: the item list (``code``, ``caption.text``, ``taken_at``) and the older graph (``shortcode``,
``edge_media_to_caption``). An account may hide its likes: the number sent is then not the count, and is dropped.
"""

from collections.abc import Sequence

from msgspec import Struct

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Post, PostMetrics, Record
from agorascope.sources.counted import counted
from agorascope.sources.fields import time_us
from agorascope.sources.links import hashtags_in, mentions_in, objects, urls_in
from agorascope.sources.reasons import located, missing
from agorascope.sources.x_v1.shapes import Count, Id


class User(Struct, gc=False):
    """The account that published."""

    pk: Id | None = None
    id: Id | None = None
    username: str | None = None
    full_name: str | None = None
    is_verified: bool | None = None
    follower_count: Count | None = None
    following_count: Count | None = None
    media_count: Count | None = None


class Caption(Struct, gc=False):
    """The text of a post."""

    text: str | None = None


class Node(Struct, gc=False):
    """A member of a graph edge."""

    node: Caption | None = None


class Edge(Struct, gc=False):
    """A graph edge: how many there are, and the first ones."""

    count: int | None = None
    edges: list[Node] | None = None


class Place(Struct, gc=False):
    """A place."""

    name: str | None = None


class Tagged(Struct, gc=False):
    """An account marked in a picture."""

    user: User | None = None


class Tags(Struct, gc=False, rename={"inside": "in"}):
    """The accounts marked in a picture."""

    inside: list[Tagged] | None = None


class Item(Struct, gc=False):
    """A post, in either shape."""

    pk: Id | None = None
    id: Id | None = None
    code: str | None = None
    shortcode: str | None = None
    user: User | None = None
    owner: User | None = None
    caption: Caption | str | None = None
    edge_media_to_caption: Edge | None = None
    taken_at: Count | None = None
    taken_at_timestamp: Count | None = None
    like_count: int | None = None
    edge_media_preview_like: Edge | None = None
    comment_count: Count | None = None
    edge_media_to_comment: Edge | None = None
    play_count: Count | None = None
    ig_play_count: Count | None = None
    view_count: Count | None = None
    video_view_count: Count | None = None
    like_and_view_counts_disabled: bool | None = None
    location: Place | None = None
    usertags: Tags | None = None


def rows(item: Item, observed: int | None, position: int | None) -> Sequence[Record]:
    """Turn one post into rows. Raises BadRecord naming the JSON path."""
    media_id = item.pk if item.pk is not None else item.id
    if media_id is None:
        raise missing("pk", "$.data")
    # "1234_56" is post 1234 of account 56.
    post_id = str(media_id).partition("_")[0]
    author = item.user or item.owner or User()
    key = author.pk if author.pk is not None else author.id
    account_id = str(key) if key is not None else author.username
    at, source = _time(item.taken_at if item.taken_at is not None else item.taken_at_timestamp), "declared"
    if at is None:
        at, source = _encoded_us(post_id), "derived"
    text, code = _text(item), item.code or item.shortcode
    out: list[Record] = [
        Post(
            platform="instagram",
            post_id=post_id,
            account_id=account_id,
            created_at_us=at,
            created_at_source=source if at is not None else None,
            text=text,
            place=item.location.name if item.location else None,
            permalink=f"https://www.instagram.com/p/{code}/" if code else None,
            feed_position=position,
        ),
        *counted(_metrics(item, post_id, observed)),
    ]
    tagged = [tag.user.username for tag in (item.usertags.inside if item.usertags else None) or () if tag.user]
    mentions = [*mentions_in(text), *tagged]
    out += objects("instagram", post_id, urls=urls_in(text), hashtags=hashtags_in(text), mentions=mentions)
    if account_id:
        out.append(Account("instagram", account_id, author.username, author.full_name, None, None, author.is_verified))
        counts = (author.media_count, author.follower_count, author.following_count)
        if counts != (None, None, None):
            out.append(AccountCounter("instagram", account_id, observed, *counts))
    return out


def _metrics(item: Item, post_id: str, observed: int | None) -> PostMetrics:
    likes = item.like_count if item.like_count is not None else _number_of(item.edge_media_preview_like)
    views = next((n for n in (item.play_count, item.ig_play_count, item.view_count, item.video_view_count) if n is not None), None)
    if item.like_and_view_counts_disabled:
        likes = views = None
    comments = item.comment_count if item.comment_count is not None else _number_of(item.edge_media_to_comment)
    return PostMetrics(
        platform="instagram",
        post_id=post_id,
        observed_at_us=observed,
        views=views,
        views_kind=None if views is None else "measured",
        likes=likes if likes is not None and 0 <= likes < 1 << 63 else None,
        replies=comments,
    )


def _number_of(edge: Edge | None) -> int | None:
    return edge.count if edge and edge.count is not None and 0 <= edge.count < 1 << 63 else None


def _text(item: Item) -> str | None:
    if item.caption is not None:
        return item.caption if isinstance(item.caption, str) else item.caption.text
    edges = (item.edge_media_to_caption.edges if item.edge_media_to_caption else None) or ()
    return next((edge.node.text for edge in edges if edge.node), None)


def _encoded_us(post_id: str) -> int | None:
    """Decode the time in an Instagram id: milliseconds since 24 August 2011 above 23 bits of shard and sequence."""
    if not (18 <= len(post_id) <= 19 and post_id.isdecimal()):
        return None
    return ((int(post_id) >> 23) + 1_314_220_021_721) * 1000


def _time(seconds: int | None) -> int | None:
    try:
        return time_us(seconds)
    except (BadRecord, ValueError) as error:
        raise located(error, "$.data.taken_at") from error
