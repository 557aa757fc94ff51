"""How is Mastodon read? Statuses as its API gives them, one per line or in an array, from any server of the Fediverse.

The same post has another ``id`` on every server, so a post is known by its ``uri`` and an account by its address. A
boost is a post of its own; the post inside becomes a row too. Text is the HTML content made plain.
Format seen 2026-11; ``docs/sources/mastodon.md`` maps every field.
"""

import html
import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Post, PostMetrics, Record
from agorascope.sources import Mapper, Sample
from agorascope.sources.counted import counted
from agorascope.sources.fields import strip_html, time_us
from agorascope.sources.id_times import mastodon_us
from agorascope.sources.languages import language
from agorascope.sources.links import objects
from agorascope.sources.reasons import located, missing
from agorascope.texts import message

NAME = "mastodon"
CONTAINER = "json"

_Id = str | int
_Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
_ANCHOR = re.compile(r"<a\s[^>]*>")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_MARKED = re.compile(r"""\bclass\s*=\s*["'][^"']*\b(?:mention|hashtag)\b""")
_HOST = re.compile(r"(?i)^https?://([^/]+)")


class _Account(Struct, gc=False):
    acct: str | None = None
    id: _Id | None = None
    uri: str | None = None
    url: str | None = None
    display_name: str | None = None
    created_at: str | None = None
    bot: bool | None = None
    group: bool | None = None
    statuses_count: int | None = None
    followers_count: int | None = None
    following_count: int | None = None


class _Named(Struct, gc=False):
    id: _Id | None = None
    name: str | None = None
    acct: str | None = None
    url: str | None = None
    remote_url: str | None = None
    blurhash: str | None = None


class _Quote(Struct, gc=False):
    quoted_status: "_Status | None" = None


class _Status(Struct, gc=False):
    uri: str | None = None
    id: _Id | None = None
    url: str | None = None
    account: _Account | None = None
    content: str | None = None
    spoiler_text: str | None = None
    created_at: str | None = None
    language: str | None = None
    in_reply_to_id: _Id | None = None
    in_reply_to_account_id: _Id | None = None
    reblog: "_Status | None" = None
    quote: _Quote | None = None
    mentions: list[_Named] | None = None
    tags: list[_Named] | None = None
    media_attachments: list[_Named] | None = None
    card: _Named | None = None
    replies_count: _Count | None = None
    reblogs_count: _Count | None = None
    favourites_count: _Count | None = None
    quotes_count: _Count | None = None


def recognise(sample: Sample) -> str | None:
    """Accept statuses with ``uri``, ``content`` and ``account.acct``."""
    for value in sample.values:
        account = value.get("account") if isinstance(value, dict) else None
        if isinstance(account, dict) and "acct" in account and {"uri", "content"} <= value.keys():
            return None
    return "no line has uri, content and account.acct"


def mapper(sample: Sample) -> Mapper:
    """Bind to one file of statuses."""
    decoder = msgspec.json.Decoder(_Status, strict=False)

    def map_one(payload: bytes) -> Sequence[Record]:
        try:
            return _rows(decoder.decode(payload), "$")
        except RecursionError as error:
            raise BadRecord(message("reasons.deep_status")) from error

    return map_one


def _rows(status: _Status, path: str) -> list[Record]:
    if not status.uri or status.account is None:
        raise missing("account" if status.uri else "uri", path)
    author, original = status.account, status.reblog
    quoted = status.quote.quoted_status if status.quote else None
    at, source = _time(status.created_at, f"{path}.created_at"), "declared"
    if at is None:
        at, source = mastodon_us(None if status.id is None else str(status.id)), "derived"
    reply = status.in_reply_to_id is not None
    kind = "repost" if original else "reply" if reply else "quote" if status.quote else "original"
    held = original or quoted
    rows: list[Record] = [
        Post(
            platform="mastodon",
            post_id=status.uri,
            account_id=_account_id(author),
            created_at_us=at,
            created_at_source=source if at is not None else None,
            kind=kind,
            text=_text(status) or (_text(original) if original else None),
            language=language(status.language),
            repost_of=original.uri if original else None,
            reply_to=_parent(status) if reply and not original else None,
            quote_of=quoted.uri if quoted and not original else None,
            ref_account_id=_replied(status) if reply and not original else _account_id(held.account) if held else None,
            permalink=status.url or status.uri,
        )
    ]
    if not original:
        counts = (status.favourites_count, status.reblogs_count, status.quotes_count, status.replies_count)
        rows += counted(PostMetrics("mastodon", status.uri, None, None, None, *counts))
    rows += _objects(original or status, status.uri)
    rows += _account_rows(author, f"{path}.account")
    for name, inner in (("reblog", original), ("quote.quoted_status", quoted)):
        if inner and inner.uri:
            rows += _rows(inner, f"{path}.{name}")
    return rows


def _objects(status: _Status, post_id: str) -> Sequence[Record]:
    marked = {named.url for named in (*(status.tags or ()), *(status.mentions or ()))}
    urls: list[str | None] = [status.card.url if status.card else None]
    for anchor in _ANCHOR.findall(status.content or ""):
        href = _HREF.search(anchor)
        address = html.unescape(href[1] or href[2] or "") if href and not _MARKED.search(anchor) else ""
        if address not in marked:
            urls.append(address)
    return objects(
        "mastodon",
        post_id,
        urls=urls,
        hashtags=[tag.name for tag in status.tags or ()],
        mentions=[_handle(mention.acct, mention.url) for mention in status.mentions or ()],
        media=[item.remote_url or item.url for item in status.media_attachments or ()],
    )


def _account_rows(account: _Account, path: str) -> list[Record]:
    account_id = _account_id(account)
    if account_id is None:
        return []
    at = _time(account.created_at, f"{path}.created_at")
    kind = "bot" if account.bot else "group" if account.group else None
    source = "declared" if at is not None else None
    row = Account(
        "mastodon",
        account_id,
        _handle(account.acct, account.url or account.uri),
        account.display_name or None,
        at,
        source,
        None,
        kind,
    )
    # A server that hides a count writes -1.
    counts = [
        n if n is None or 0 <= n < 1 << 63 else None
        for n in (account.statuses_count, account.followers_count, account.following_count)
    ]
    return [row] if counts == [None] * 3 else [row, AccountCounter("mastodon", account_id, None, *counts)]


def _account_id(account: _Account | None) -> str | None:
    """Give the address of an account, the same seen from every server; its ``id`` is the server's own."""
    return (account.url or account.uri or _handle(account.acct, account.url or account.uri)) if account else None


def _handle(acct: str | None, address: str | None) -> str | None:
    """Give ``user@host``: a server leaves its own name out of the accounts it hosts."""
    if not acct or "@" in acct:
        return acct or None
    host = _HOST.match(address or "")
    return f"{acct}@{host[1].lower()}" if host else acct


def _parent(status: _Status) -> str | None:
    """Name the post replied to by its uri: known only where an account answers itself on the collecting server.

    ``in_reply_to_id`` counts on that server only, and the uri of another account's post cannot be made from it.
    """
    own, account = str(status.id), status.account
    if account and status.uri and account.id is not None and str(account.id) == str(status.in_reply_to_account_id):
        start, mark, last = status.uri.rpartition("/")
        return f"{start}{mark}{status.in_reply_to_id}" if last == own else None
    return None


def _replied(status: _Status) -> str | None:
    account = status.account
    if account and account.id is not None and str(account.id) == str(status.in_reply_to_account_id):
        return _account_id(account)
    return next(
        (m.url for m in status.mentions or () if m.id is not None and str(m.id) == str(status.in_reply_to_account_id)), None
    )


def _text(status: _Status) -> str | None:
    parts = [part for part in (strip_html(status.spoiler_text), strip_html(status.content)) if part]
    return "\n".join(parts) or None


def _time(value: str | None, path: str) -> int | None:
    try:
        return time_us(value)
    except (BadRecord, ValueError) as error:
        raise located(error, path) from error
