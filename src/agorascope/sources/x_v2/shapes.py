"""What does the X API v2 write? The fields kept, typed; msgspec ignores every other one and names the path of a bad one."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

Id = str | int
Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


class Counts(Struct, gc=False):
    """Public counts of a post."""

    impression_count: Count | None = None
    like_count: Count | None = None
    retweet_count: Count | None = None
    quote_count: Count | None = None
    reply_count: Count | None = None
    bookmark_count: Count | None = None


class UserCounts(Struct, gc=False):
    """Public counts of an account."""

    tweet_count: Count | None = None
    followers_count: Count | None = None
    following_count: Count | None = None


class User(Struct, gc=False):
    """An account."""

    id: Id
    username: str | None = None
    name: str | None = None
    created_at: datetime | None = None
    verified: bool | None = None
    verified_type: str | None = None
    public_metrics: UserCounts | None = None


class Url(Struct, gc=False):
    """An address in a post's text, with where it leads."""

    url: str | None = None
    expanded_url: str | None = None
    unwound_url: str | None = None
    media_key: str | None = None


class Tag(Struct, gc=False):
    """A hashtag."""

    tag: str | None = None


class Mention(Struct, gc=False):
    """An account named in a text."""

    username: str | None = None
    id: Id | None = None


class Entities(Struct, gc=False):
    """What the platform found in a text."""

    urls: list[Url] | None = None
    hashtags: list[Tag] | None = None
    mentions: list[Mention] | None = None


class Note(Struct, gc=False):
    """The whole text of a long post, which ``text`` cuts at 280 characters."""

    text: str | None = None
    entities: Entities | None = None


class Media(Struct, gc=False):
    """An attached picture or film."""

    media_key: str | None = None


class Attachments(Struct, gc=False):
    """What is attached: keys in a page, media where twarc joined them."""

    media_keys: list[str] | None = None
    media: list[Media] | None = None


class Geo(Struct, gc=False):
    """A place: an id in a post, its name in ``includes.places`` or where twarc joined it."""

    id: str | None = None
    place_id: str | None = None
    full_name: str | None = None
    country_code: str | None = None


class Twarc(Struct, gc=False):
    """What twarc adds to what it saves."""

    retrieved_at: datetime | None = None


class Tweet(Struct, gc=False, rename={"twarc": "__twarc"}):
    """A post; also a reference to one, which twarc fills with the whole post and the API leaves at type and id."""

    id: Id
    text: str | None = None
    type: str | None = None
    author_id: Id | None = None
    author: User | None = None
    created_at: datetime | None = None
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    lang: str | None = None
    public_metrics: Counts | None = None
    referenced_tweets: "list[Tweet] | None" = None
    entities: Entities | None = None
    attachments: Attachments | None = None
    note_tweet: Note | None = None
    geo: Geo | None = None
    twarc: Twarc | None = None


class Includes(Struct, gc=False):
    """The objects a page's posts refer to."""

    users: list[User] | None = None
    tweets: list[Tweet] | None = None
    places: list[Geo] | None = None


class Page(Struct, gc=False, rename={"twarc": "__twarc"}):
    """One answer of the API; ``title`` and ``detail`` are those of a refused request, which holds nothing else."""

    data: list[Tweet] | Tweet | None = None
    includes: Includes | None = None
    meta: Any = None
    errors: Any = None
    title: Any = None
    detail: Any = None
    twarc: Twarc | None = None
