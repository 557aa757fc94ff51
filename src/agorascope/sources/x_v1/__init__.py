"""How are posts of the X API v1.1 read? One post per line, whole search answers, and what the streaming API wrote.

The post, the one it reposts and the one it quotes each become a row, with their counts and their authors. A repost has
no counts of its own: the API repeats the original's under it. The platform's web pages still speak this shape inside
another envelope, so that ``zeeschuimer`` ends here too: ``rows`` is public for it.
Format seen 2026-11; ``docs/sources/x-v1.md`` maps every field.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Post, PostMetrics, Record
from agorascope.sources import Mapper, Sample
from agorascope.sources.counted import counted
from agorascope.sources.fields import time_us
from agorascope.sources.id_times import snowflake_us
from agorascope.sources.languages import language
from agorascope.sources.links import objects
from agorascope.sources.reasons import located, missing
from agorascope.texts import message

from .shapes import Answer, Entities, Extended, Id, Status, User

NAME = "x-v1"
CONTAINER = "json"

# What the streaming API writes between posts; understood, and nothing to keep.
_NOTICES = {
    "delete",
    "limit",
    "warning",
    "disconnect",
    "scrub_geo",
    "status_withheld",
    "user_withheld",
    "friends",
    "event",
    "control",
}
# Before views were public (15 December 2022), and on a post that was liked, a zero is a hidden count.
_VIEWS_SINCE_US = 1_671_062_400_000_000


def recognise(sample: Sample) -> str | None:
    """Accept posts with ``id_str`` and ``user.screen_name``, and answers with ``statuses`` of such posts."""
    for value in sample.values:
        inner = value.get("statuses") if isinstance(value, dict) else None
        if _is_status(inner[0] if isinstance(inner, list) and inner else value):
            return None
    return "no line has id_str (or id), text or full_text, and user.screen_name"


def mapper(sample: Sample) -> Mapper:
    """Bind to one file; every line may be a post, a search answer, or a notice of the streaming API."""
    decoder = msgspec.json.Decoder(Status, strict=False)
    answers = msgspec.json.Decoder(Answer, strict=False)

    def map_one(payload: bytes) -> Sequence[Record]:
        try:
            status = decoder.decode(payload)
            if status.id_str is not None or status.id is not None:
                return rows(status, observed=status.timestamp_ms * 1000 if status.timestamp_ms is not None else None)
            keys = msgspec.json.decode(payload, type=dict[str, msgspec.Raw]).keys()
            if "statuses" in keys:
                return [row for status in answers.decode(payload).statuses for row in rows(status, observed=None)]
        except RecursionError as error:
            raise BadRecord(message("reasons.deep_post")) from error
        if keys & _NOTICES:
            return []
        raise missing("id_str", "$")

    return map_one


def rows(status: Status, *, observed: int | None, position: int | None = None, path: str = "$") -> list[Record]:
    """Turn one post and the posts it holds into rows; ``observed`` is when the counts were read, in µs UTC.

    A ``retweeted_status`` without id says that the original is out of sight. Raises BadRecord naming the JSON path.
    """
    post_id = str(status.id_str if status.id_str is not None else status.id or "")
    text = _text(status)
    if not post_id or text is None:
        raise missing("full_text" if post_id else "id_str", path)
    original, quoted = status.retweeted_status, status.quoted_status
    held = [("retweeted_status", original)] if original else [("quoted_status", quoted)]
    reply_to, quote_of, ref_account = _text_of(status.in_reply_to_status_id_str), None, _text_of(status.in_reply_to_user_id_str)
    if original:
        kind, reply_to, ref_account = "repost", None, _author(original)
        text = f"{text.partition(': ')[0]}: {_text(original)}" if text.startswith("RT @") and _text(original) else text
    else:
        quote_of = _text_of(status.quoted_status_id_str) or (_key(quoted) if quoted else None)
        kind = "reply" if reply_to else "quote" if quote_of or quoted else "original"
        ref_account = ref_account if reply_to else _author(quoted) if quoted else None
    at, source = _time(status.created_at, post_id, f"{path}.created_at")
    handle = status.user.screen_name if status.user else None
    out: list[Record] = [
        Post(
            platform="x",
            post_id=post_id,
            account_id=_author(status),
            created_at_us=at,
            created_at_source=source,
            kind=kind,
            text=text,
            language=language(status.lang),
            conversation_id=_text_of(status.conversation_id_str),
            repost_of=_key(original) if original else None,
            reply_to=reply_to,
            quote_of=quote_of,
            ref_account_id=ref_account,
            place=(status.place.full_name or status.place.country_code) if status.place else None,
            permalink=f"https://x.com/{handle or 'i/web'}/status/{post_id}",
            feed_position=position,
        )
    ]
    if not original:
        out += counted(_metrics(status, post_id, observed, at))
    held_text = original is not None and _text(original) is not None
    out += _objects(original if original and held_text else status, post_id, quote_of, named=1 if original and not held_text else 0)
    if status.user:
        out += _user_rows(status.user, observed, f"{path}.user")
    for name, inner in held:
        if inner and _key(inner) and _text(inner) is not None:
            out += rows(inner, observed=observed, path=f"{path}.{name}")
    return out


def _is_status(value: Any) -> bool:
    if not isinstance(value, dict) or not ("full_text" in value or "text" in value) or not ("id_str" in value or "id" in value):
        return False
    user = value.get("user")
    return isinstance(user, dict) and "screen_name" in user


def _metrics(status: Status, post_id: str, observed: int | None, at: int | None) -> PostMetrics:
    early = at is None or at < _VIEWS_SINCE_US
    views = None if status.views == 0 and (early or status.favorite_count or status.retweet_count) else status.views
    return PostMetrics(
        platform="x",
        post_id=post_id,
        observed_at_us=observed,
        views=views,
        views_kind=None if views is None else "measured",
        likes=status.favorite_count,
        reposts=status.retweet_count,
        quotes=status.quote_count,
        replies=status.reply_count,
        bookmarks=status.bookmark_count,
    )


def _objects(status: Status, post_id: str, quote_of: str | None, *, named: int) -> Sequence[Record]:
    """List what a post carries; ``named`` counts the mentions at its start that only say who is reposted."""
    extended = status.extended_tweet or Extended()
    entities = extended.entities or status.entities or Entities()
    attached = extended.extended_entities or status.extended_entities or entities
    own = (f"/status/{_key(status)}", f"/status/{quote_of}")
    urls = [(u.unwound.url if u.unwound else None) or u.expanded_url or u.url for u in entities.urls or ()]
    return objects(
        "x",
        post_id,
        urls=[u for u in urls if u and not u.endswith(own)],
        hashtags=[t.text for t in entities.hashtags or ()],
        mentions=[m.screen_name for m in (entities.user_mentions or ())[named:]],
        media=[_text_of(m.id_str) for m in attached.media or ()],
    )


def _user_rows(user: User, observed: int | None, path: str) -> list[Record]:
    account_id = _text_of(user.id_str if user.id_str is not None else user.id) or user.screen_name
    if not account_id:
        return []
    at, source = _time(user.created_at, account_id, f"{path}.created_at")
    counter = AccountCounter("x", account_id, observed, user.statuses_count, user.followers_count, user.friends_count)
    account = Account("x", account_id, user.screen_name, user.name, at, source, user.verified, user.verified_type)
    given = (user.statuses_count, user.followers_count, user.friends_count) != (None, None, None)
    return [account, counter] if given else [account]


def _time(value: Id | None, id_text: str, path: str) -> tuple[int | None, str | None]:
    try:
        at = time_us(value)
    except (BadRecord, ValueError) as error:
        raise located(error, path) from error
    if at is not None:
        return at, "declared"
    at = snowflake_us(id_text)
    return at, None if at is None else "derived"


def _text(status: Status) -> str | None:
    whole = status.extended_tweet.full_text if status.extended_tweet else None
    return whole or status.full_text or status.text


def _author(status: Status) -> str | None:
    user = status.user or User()
    given = user.id_str if user.id_str is not None else user.id
    return _text_of(given if given is not None else status.user_id_str) or user.screen_name


def _key(status: Status) -> str | None:
    return _text_of(status.id_str if status.id_str is not None else status.id)


def _text_of(value: Id | None) -> str | None:
    return None if value is None else str(value) or None
