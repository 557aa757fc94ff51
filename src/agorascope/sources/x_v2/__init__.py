"""How are posts of the X API v2 read? Whole pages, and one post per line as twarc flattens them.

A page ``{data, includes, meta}`` is joined: authors, referenced posts and media lie in ``includes``. A flattened line
carries them inside the post. Both give the same rows: the post, the posts it holds (reposted, quoted, replied to),
their counts, their authors. A repost has no counts of its own: the API repeats the original's under it.
Format seen 2026-11; ``docs/sources/x-v2.md`` maps every field.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Post, PostMetrics, Record
from agorascope.sources import Mapper, Sample
from agorascope.sources.counted import counted
from agorascope.sources.id_times import snowflake_us
from agorascope.sources.languages import language
from agorascope.sources.links import objects
from agorascope.sources.reasons import missing
from agorascope.sources.times import US_PER_DAY
from agorascope.texts import Message, message

from .shapes import Includes, Page, Tweet, User

NAME = "x-v2"
CONTAINER = "json"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_US = -2_208_988_800_000_000  # 1900-01-01
_LAST_US = 7_258_118_400_000_000  # 2200-01-01
# Before views were public (15 December 2022) the API fills impression_count with 0: hidden, not zero. So it does at times
# later, for posts that were liked: nobody likes what nobody saw.
_VIEWS_SINCE_US = 1_671_062_400_000_000
_OF_PAGES = (b'"data"', b'"errors"', b'"title"')


def recognise(sample: Sample) -> str | None:
    """Accept pages with ``data`` of posts, and lines with ``id``, ``text`` and an author as the API writes them."""
    if any(_is_page(v) or _is_tweet(v) for v in sample.values if isinstance(v, dict)):
        return None
    return "no line has data[] of posts with includes or meta, nor id, text and author_id or public_metrics"


def mapper(sample: Sample) -> Mapper:
    """Bind to one file: single posts are tried first unless the sample shows pages; each line may still be either."""
    page = msgspec.json.Decoder(Page, strict=False)
    tweet = msgspec.json.Decoder(Tweet, strict=False)
    pages = any(_is_page(v) for v in sample.values if isinstance(v, dict))

    def map_one(payload: bytes) -> Sequence[Record]:
        try:
            if pages and _holds(found := page.decode(payload)):
                return _page_rows(found)
            try:
                one = tweet.decode(payload)
            except msgspec.ValidationError:
                if pages or not any(word in payload for word in _OF_PAGES) or not _holds(found := page.decode(payload)):
                    raise
                return _page_rows(found)
        except RecursionError as error:
            raise BadRecord(message("reasons.deep_post")) from error
        if one.text is None:
            raise missing("text", "$")
        return _line_rows(one)

    return map_one


def _holds(page: Page) -> bool:
    """Say whether this is a page at all: one without results is, and so is an error in the place of one."""
    refused = page.title is not None and page.detail is not None
    return refused or page.data is not None or page.meta is not None or page.errors is not None


def _refusal(page: Page) -> Message | None:
    """Give the API's own words on why a page holds no post; None where it names no error: nothing was found, then."""
    listed = page.errors if isinstance(page.errors, list) else [page.errors]
    # A refused request is an error itself; one or several stand under ``errors`` where some of what was asked is missing.
    alone = {"title": page.title, "detail": page.detail}
    errors = [error for error in (*listed, alone) if isinstance(error, dict) and any(error.values())]
    if not errors:
        return None
    words = (errors[0].get(part) for part in ("title", "detail", "message"))
    said = ": ".join(dict.fromkeys(word for word in words if isinstance(word, str) and word))
    if not said:
        return message("reasons.answer_unexplained")
    if len(errors) == 1:
        return message("reasons.answer_refused", said=said)
    return message("reasons.answer_refused_often", said=said, more=len(errors) - 1)


def _is_page(value: dict[str, Any]) -> bool:
    data = value.get("data")
    first = data[0] if isinstance(data, list) and data else data
    if isinstance(first, dict) and _is_tweet(first):
        return True
    return "data" in value and ("includes" in value or "__twarc" in value) and isinstance(first, dict) and "text" in first


def _is_tweet(value: dict[str, Any]) -> bool:
    return (
        "id" in value
        and "text" in value
        and not {"id_str", "user"} & value.keys()
        and bool({"author_id", "public_metrics", "edit_history_tweet_ids", "referenced_tweets"} & value.keys())
    )


def _line_rows(tweet: Tweet) -> list[Record]:
    rows: list[Record] = []
    observed = _us(tweet.twarc.retrieved_at) if tweet.twarc and tweet.twarc.retrieved_at else None
    author = tweet.author
    refs = tweet.referenced_tweets or ()
    _tweet_rows(tweet, author.username if author else None, refs, observed, rows)
    if author:
        _user_rows(author, observed, rows)
    for ref in refs:
        if ref.text is not None:
            _tweet_rows(ref, ref.author.username if ref.author else None, ref.referenced_tweets or (), observed, rows)
            if ref.author:
                _user_rows(ref.author, observed, rows)
    return rows


def _page_rows(page: Page) -> list[Record]:
    rows: list[Record] = []
    includes = page.includes or Includes()
    observed = _us(page.twarc.retrieved_at) if page.twarc and page.twarc.retrieved_at else None
    users = {str(user.id): user for user in includes.users or ()}
    places = {place.id or "": place for place in includes.places or ()}
    tweets = [page.data] if isinstance(page.data, Tweet) else [*(page.data or ())]
    shown = {str(tweet.id) for tweet in tweets}
    tweets += [tweet for tweet in includes.tweets or () if str(tweet.id) not in shown]
    known = {str(tweet.id): tweet for tweet in tweets}
    for tweet in tweets:
        tweet.geo = places.get(tweet.geo.id or tweet.geo.place_id or "", tweet.geo) if tweet.geo else None
        author = users.get(str(tweet.author_id))
        refs = [_joined(ref, known) for ref in tweet.referenced_tweets or ()]
        _tweet_rows(tweet, author.username if author else None, refs, observed, rows)
    for user in users.values():
        _user_rows(user, observed, rows)
    if not rows and (why := _refusal(page)):
        raise BadRecord(why)
    return rows


def _joined(ref: Tweet, known: dict[str, Tweet]) -> Tweet:
    whole = known.get(str(ref.id))
    return msgspec.structs.replace(whole, type=ref.type) if whole else ref


def _tweet_rows(tweet: Tweet, handle: str | None, refs: Sequence[Tweet], observed: int | None, rows: list[Record]) -> None:
    post_id = str(tweet.id)
    repost_of = reply_to = quote_of = ref_account = None
    original: Tweet | None = None
    for ref in refs:
        if ref.type == "retweeted":
            repost_of, original, ref_account = str(ref.id), ref, _author_of(ref) or _reposted(tweet)
        elif ref.type == "replied_to":
            reply_to = str(ref.id)
            ref_account = str(tweet.in_reply_to_user_id) if tweet.in_reply_to_user_id is not None else _author_of(ref)
        elif ref.type == "quoted":
            quote_of = str(ref.id)
            ref_account = ref_account or _author_of(ref)
    text, at, source = _text(tweet, original), None, None
    if tweet.created_at is not None:
        at, source = _us(tweet.created_at), "declared"
    elif (at := snowflake_us(post_id)) is not None:
        source = "derived"
    rows.append(
        Post(
            "x",
            post_id,
            _author_of(tweet),
            at,
            source,
            "repost" if repost_of else "reply" if reply_to else "quote" if quote_of else "original",
            text,
            language(tweet.lang),
            str(tweet.conversation_id) if tweet.conversation_id is not None else None,
            repost_of,
            reply_to,
            quote_of,
            ref_account,
            (tweet.geo.full_name or tweet.geo.country_code) if tweet.geo else None,
            f"https://x.com/{handle or 'i/web'}/status/{post_id}",
        )
    )
    counts = tweet.public_metrics
    if counts is not None and repost_of is None:
        views = counts.impression_count
        if views == 0 and (at is None or at < _VIEWS_SINCE_US or counts.like_count or counts.retweet_count or counts.reply_count):
            views = None
        rows += counted(
            PostMetrics(
                "x",
                post_id,
                observed,
                views,
                None if views is None else "measured",
                counts.like_count,
                counts.retweet_count,
                counts.quote_count,
                counts.reply_count,
                counts.bookmark_count,
            )
        )
    held = original is not None and original.text is not None
    _object_rows(
        post_id, original if original is not None and held else tweet, quote_of, rows, named=1 if repost_of and not held else 0
    )


def _object_rows(post_id: str, tweet: Tweet, quote_of: str | None, rows: list[Record], *, named: int) -> None:
    """Add what a post carries; ``named`` counts the mentions at its start that only say who is reposted."""
    note = tweet.note_tweet
    entities = (note.entities if note and note.entities else None) or tweet.entities
    attached = tweet.attachments
    media: Iterable[str | None] = ()
    if attached:
        keys = [m.media_key for m in attached.media] if attached.media else attached.media_keys or ()
        # 3_1234 here is 1234 in the other formats of X: one picture, one value.
        media = [key.rpartition("_")[2] for key in keys if key]
    if entities is None:
        if media:
            rows += objects("x", post_id, media=media)
        return
    urls = [u.unwound_url or u.expanded_url or u.url for u in entities.urls if u.media_key is None] if entities.urls else ()
    if quote_of and urls:
        urls = [u for u in urls if u and f"/status/{quote_of}" not in u]
    if urls or entities.hashtags or entities.mentions or media:
        rows += objects(
            "x",
            post_id,
            urls=urls,
            hashtags=[t.tag for t in entities.hashtags] if entities.hashtags else (),
            mentions=[m.username for m in entities.mentions[named:]] if entities.mentions else (),
            media=media,
        )


def _user_rows(user: User, observed: int | None, rows: list[Record]) -> None:
    account_id = str(user.id)
    at, source = (None, None) if user.created_at is None else (_us(user.created_at), "declared")
    if at is None and (at := snowflake_us(account_id)) is not None:
        source = "derived"
    kind = user.verified_type if user.verified_type != "none" else None
    rows.append(Account("x", account_id, user.username, user.name, at, source, user.verified, kind))
    counts = user.public_metrics
    if counts is not None:
        rows.append(AccountCounter("x", account_id, observed, counts.tweet_count, counts.followers_count, counts.following_count))


def _author_of(tweet: Tweet) -> str | None:
    if tweet.author_id is not None:
        return str(tweet.author_id)
    return str(tweet.author.id) if tweet.author else None


def _reposted(tweet: Tweet) -> str | None:
    """Name the account of a repost whose original is not held: the first one mentioned, after ``RT @``."""
    mentions = tweet.entities.mentions if tweet.entities else None
    if not mentions or not (tweet.text or "").startswith(f"RT @{mentions[0].username}:") or mentions[0].id is None:
        return None
    return str(mentions[0].id)


def _text(tweet: Tweet, original: Tweet | None) -> str | None:
    """Give the whole text: of a long post from its note, of a repost from its original, after the ``RT @name:`` kept."""
    if original is not None and original.text is not None and (tweet.text or "").startswith("RT @"):
        return f"{(tweet.text or '').partition(': ')[0]}: {_text(original, None)}"
    return tweet.note_tweet.text if tweet.note_tweet and tweet.note_tweet.text else tweet.text


def _us(at: datetime) -> int:
    since = (at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH
    us = since.days * US_PER_DAY + since.seconds * 1_000_000 + since.microseconds
    if not _FIRST_US <= us <= _LAST_US:
        raise BadRecord(message("reasons.time_out_of_range", seen=at.isoformat()))
    return us
