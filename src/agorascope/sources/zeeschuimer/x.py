"""How does X describe a post to its own web pages? The old API's post, inside a newer envelope that keeps changing.

``legacy`` is a post of the API v1.1; around it stand the author, the views and the whole text of long posts. The
author moved twice (all in ``legacy``; then ``core`` beside it; then spread over ``core``, ``relationship_counts`` and
``verification``) and may be absent: its handle is then taken from the address of attached media. A post that cannot be
shown is a tombstone: a repost or a quote of one keeps its kind and, where given, the id. So the shape is turned back
into v1.1 and mapped there.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from agorascope.records import Record
from agorascope.sources.reasons import missing
from agorascope.sources.x_v1 import rows as v1_rows
from agorascope.sources.x_v1.shapes import Count, Entities, Id, Status, User

_POST_ADDRESS = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w+)/status/")


class Name(Struct, gc=False):
    """An account's names, where X puts them now."""

    screen_name: str | None = None
    name: str | None = None
    created_at: Id | None = None


class Relations(Struct, gc=False):
    """An account's followers, where X puts them now."""

    followers: Count | None = None
    following: Count | None = None


class Verification(Struct, gc=False):
    """An account's marks, where X puts them now."""

    verified: bool | None = None
    verified_type: str | None = None


class Author(Struct, gc=False):
    """An account; one that is out of sight has none of these."""

    rest_id: Id | None = None
    legacy: User | None = None
    core: Name | None = None
    relationship_counts: Relations | None = None
    verification: Verification | None = None
    is_blue_verified: bool | None = None


class AuthorResult(Struct, gc=False):
    """The envelope of an account."""

    result: Author | None = None


class Core(Struct, gc=False):
    """The place of a post's author."""

    user_results: AuthorResult | None = None


class Views(Struct, gc=False):
    """How often a post was shown; no count while its state is only ``Enabled``."""

    count: Count | None = None


class Note(Struct, gc=False):
    """The whole text of a long post."""

    text: str | None = None
    entity_set: Entities | None = None


class NoteResult(Struct, gc=False):
    """The envelope of a note."""

    result: Note | None = None


class NoteTweet(Struct, gc=False):
    """The place of a note."""

    note_tweet_results: NoteResult | None = None


class Held(Struct, gc=False):
    """The envelope of a post inside another."""

    result: "Result | None" = None


class Legacy(Status, gc=False):
    """A post of the API v1.1, the one it reposts in the new envelope."""

    retweeted_status_result: Held | None = None


class Result(Struct, gc=False, rename={"typename": "__typename"}):
    """A post; ``tweet`` holds it once more where its replies or its audience are limited."""

    typename: str | None = None
    rest_id: Id | None = None
    tweet: "Result | None" = None
    core: Core | None = None
    user: User | None = None
    legacy: Legacy | None = None
    views: Views | None = None
    ext_views: Views | None = None
    note_tweet: NoteTweet | None = None
    quoted_status_result: Held | None = None


def rows(result: Result, observed: int | None, position: int | None) -> Sequence[Record]:
    """Turn one post of the web pages into rows; a tombstone alone holds nothing to keep."""
    shown = result.tweet or result
    if shown.legacy is None and shown.typename in ("TweetTombstone", "TweetUnavailable", "TweetPreviewDisplay"):
        return []
    status = _status(shown)
    if status is None:
        raise missing("legacy", "$.data")
    return v1_rows(status, observed=observed, position=position, path="$.data.legacy")


def _status(result: Result) -> Status | None:
    legacy = result.legacy
    if legacy is None:
        return None
    if result.rest_id is not None:
        legacy.id_str = result.rest_id
    note = result.note_tweet.note_tweet_results.result if result.note_tweet and result.note_tweet.note_tweet_results else None
    if note and len(note.text or "") > len(legacy.full_text or ""):
        media = legacy.entities.media if legacy.entities else None
        legacy.full_text = note.text
        if note.entity_set:
            note.entity_set.media = media
            legacy.entities = note.entity_set
    views = result.views or result.ext_views
    legacy.views = views.count if views else None
    legacy.user = _user(result, legacy)
    legacy.retweeted_status = _inner(legacy.retweeted_status_result)
    legacy.quoted_status = _inner(result.quoted_status_result)
    return legacy


def _inner(held: Held | None) -> Status | None:
    """Give the post inside; an empty one, with its id where known, for a post that is out of sight."""
    if held is None:
        return None
    result = (held.result.tweet or held.result) if held.result else None
    if result is None:
        return Status()
    return _status(result) or Status(id_str=result.rest_id)


def _user(result: Result, legacy: Legacy) -> User | None:
    author = result.core.user_results.result if result.core and result.core.user_results else None
    if author is None:
        if result.user:
            return result.user
        handle = _handle_in_media(legacy)
        return User(id_str=legacy.user_id_str, screen_name=handle) if legacy.user_id_str is not None or handle else None
    old, name = author.legacy or User(), author.core or Name()
    counts, marks = author.relationship_counts or Relations(), author.verification or Verification()
    verified = [mark for mark in (marks.verified, author.is_blue_verified, old.verified) if mark is not None]
    return User(
        id_str=author.rest_id if author.rest_id is not None else legacy.user_id_str,
        screen_name=name.screen_name or old.screen_name or _handle_in_media(legacy),
        name=name.name or old.name,
        created_at=name.created_at or old.created_at,
        verified=any(verified) if verified else None,
        verified_type=marks.verified_type or old.verified_type or ("blue" if author.is_blue_verified else None),
        statuses_count=old.statuses_count,
        followers_count=counts.followers if counts.followers is not None else old.followers_count,
        friends_count=counts.following if counts.following is not None else old.friends_count,
    )


def _handle_in_media(legacy: Legacy) -> str | None:
    for entities in (legacy.extended_entities, legacy.entities):
        for media in (entities.media if entities else None) or ():
            if found := _POST_ADDRESS.match(media.expanded_url or ""):
                return found[1]
    return None
