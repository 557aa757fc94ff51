"""What does the X API v1.1 write? The fields kept, typed; msgspec ignores every other one and names the path of a bad one."""

from typing import Annotated

from msgspec import Meta, Struct

Id = str | int
Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


class User(Struct, gc=False):
    """An account."""

    id_str: Id | None = None
    id: Id | None = None
    screen_name: str | None = None
    name: str | None = None
    created_at: Id | None = None
    verified: bool | None = None
    verified_type: str | None = None
    statuses_count: Count | None = None
    followers_count: Count | None = None
    friends_count: Count | None = None


class Unwound(Struct, gc=False):
    """Where a shortened address leads."""

    url: str | None = None


class Url(Struct, gc=False):
    """An address in a post's text."""

    url: str | None = None
    expanded_url: str | None = None
    unwound: Unwound | None = None


class Tag(Struct, gc=False):
    """A hashtag."""

    text: str | None = None


class Mention(Struct, gc=False):
    """An account named in a text."""

    screen_name: str | None = None
    id_str: Id | None = None


class Media(Struct, gc=False):
    """An attached picture or film; its address names the author."""

    id_str: Id | None = None
    expanded_url: str | None = None


class Entities(Struct, gc=False):
    """What the platform found in a text."""

    urls: list[Url] | None = None
    hashtags: list[Tag] | None = None
    user_mentions: list[Mention] | None = None
    media: list[Media] | None = None


class Extended(Struct, gc=False):
    """The whole text of a post which the streaming API cuts at 140 characters."""

    full_text: str | None = None
    entities: Entities | None = None
    extended_entities: Entities | None = None


class Place(Struct, gc=False):
    """A place."""

    full_name: str | None = None
    country_code: str | None = None


class Status(Struct, gc=False):
    """A post. ``views`` is not in this format: ``zeeschuimer`` sets it."""

    id_str: Id | None = None
    id: Id | None = None
    text: str | None = None
    full_text: str | None = None
    created_at: Id | None = None
    user: User | None = None
    user_id_str: Id | None = None
    lang: str | None = None
    conversation_id_str: Id | None = None
    in_reply_to_status_id_str: Id | None = None
    in_reply_to_user_id_str: Id | None = None
    quoted_status_id_str: Id | None = None
    retweeted_status: "Status | None" = None
    quoted_status: "Status | None" = None
    entities: Entities | None = None
    extended_entities: Entities | None = None
    extended_tweet: Extended | None = None
    place: Place | None = None
    favorite_count: Count | None = None
    retweet_count: Count | None = None
    quote_count: Count | None = None
    reply_count: Count | None = None
    bookmark_count: Count | None = None
    timestamp_ms: Count | None = None
    views: Count | None = None


class Answer(Struct, gc=False):
    """A whole answer of the search."""

    statuses: list[Status]
