"""How is Bluesky read? Frames of Jetstream, first and second version, as a stream writes them to a file.

A frame is one act of one account. Posts and reposts become posts; profiles, identity and account frames become
accounts. Likes, follows, blocks and deletions are understood and kept as raw records only: no table holds them yet.
Jetstream carries no counts. Format seen 2026-11; ``docs/sources/jetstream.md`` maps every field.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct, field

from agorascope.errors import BadRecord
from agorascope.records import Account, Post, Record
from agorascope.sources import Mapper, Sample
from agorascope.sources.fields import time_us
from agorascope.sources.id_times import tid_us
from agorascope.sources.languages import language
from agorascope.sources.links import hashtags_in, objects
from agorascope.sources.reasons import at_path, located, missing
from agorascope.texts import message

NAME = "jetstream"
CONTAINER = "json"

_POST = "app.bsky.feed.post"
_REPOST = "app.bsky.feed.repost"
_PROFILE = "app.bsky.actor.profile"
_ABSENT = msgspec.Raw()


class _Ref(Struct, gc=False):
    uri: str | None = None
    record: "_Ref | None" = None  # a quote that also carries media wraps its reference once more


class _Reply(Struct, gc=False):
    root: _Ref | None = None
    parent: _Ref | None = None


class _Feature(Struct, gc=False):
    uri: str | None = None
    tag: str | None = None
    did: str | None = None


class _Span(Struct, gc=False, rename="camel"):
    byte_start: int = 0
    byte_end: int = 0


class _Facet(Struct, gc=False):
    index: _Span | None = None
    features: list[_Feature] | None = None


class _Link(Struct, gc=False):
    link: str | None = field(default=None, name="$link")


class _Blob(Struct, gc=False):
    ref: _Link | None = None


class _Image(Struct, gc=False):
    image: _Blob | None = None


class _Embed(Struct, gc=False):
    record: _Ref | None = None
    external: _Ref | None = None
    images: list[_Image] | None = None
    video: _Blob | None = None
    media: "_Embed | None" = None


class _Record(Struct, gc=False, rename="camel"):
    text: str | None = None
    created_at: str | None = None
    langs: list[str] | None = None
    reply: _Reply | None = None
    embed: _Embed | None = None
    facets: list[_Facet] | None = None
    tags: list[str] | None = None
    subject: Any = None
    display_name: str | None = None


class _Commit(Struct, gc=False):
    operation: str | None = None
    collection: str | None = None
    rkey: str | None = None
    record: msgspec.Raw = _ABSENT


class _Identity(Struct, gc=False):
    handle: str | None = None


class _Status(Struct, gc=False):
    active: bool | None = None
    status: str | None = None


class _Frame(Struct, gc=False):
    """A frame of the first version; ``payload`` is the whole frame of the second, whose commit lies flat in it."""

    type: str | None = field(default=None, name="$type")
    payload: "_Frame | None" = None
    did: str | None = None
    kind: str | None = None
    commit: _Commit | None = None
    identity: _Identity | None = None
    account: _Status | None = None
    operation: str | None = None
    collection: str | None = None
    rkey: str | None = None
    record: msgspec.Raw = _ABSENT


def recognise(sample: Sample) -> str | None:
    """Accept frames with ``did`` and ``commit``, ``identity`` or ``account``, and messages of the second version."""
    for value in sample.values:
        inner = value.get("payload", value) if isinstance(value, dict) else None
        if not isinstance(inner, dict):
            continue
        if "did" in inner and ({"commit", "identity", "account"} & inner.keys() or {"collection", "rkey"} <= inner.keys()):
            return None
    return "no line has did and commit, identity or account"


def mapper(sample: Sample) -> Mapper:
    """Bind to one file; frames of both versions may follow each other in it."""
    frames = msgspec.json.Decoder(_Frame, strict=False)
    records = msgspec.json.Decoder(_Record, strict=False)

    def map_one(payload: bytes) -> Sequence[Record]:
        try:
            return _frame_rows(frames.decode(payload), records)
        except RecursionError as error:
            raise BadRecord(message("reasons.deep_frame")) from error

    return map_one


def _frame_rows(outer: _Frame, records: "msgspec.json.Decoder[_Record]") -> Sequence[Record]:
    frame = outer.payload or outer
    if frame.did is None:
        if frame.type is not None and (frame.type.endswith("#info") or outer.type == "error"):
            return []
        raise missing("did", "$.payload" if outer.payload else "$")
    if frame.identity:
        return [_account(frame.did, handle=frame.identity.handle)]
    if frame.account:
        return [_account(frame.did, status=None if frame.account.active else frame.account.status or "inactive")]
    commit, path = (
        (frame.commit, "$.commit.record") if frame.commit else (frame, "$.payload.record" if outer.payload else "$.record")
    )
    if commit.collection is None or commit.rkey is None:
        if frame.kind == "sync" or (frame.type or "").endswith("#sync"):
            return []
        raise BadRecord(at_path(message("reasons.missing_either", one="collection", other="rkey"), path.removesuffix(".record")))
    if commit.operation == "delete" or commit.collection not in (_POST, _REPOST, _PROFILE):
        return []
    if bytes(commit.record) in (b"", b"null"):
        raise missing("record", path.removesuffix(".record"))
    try:
        return _record_rows(frame.did, commit.collection, commit.rkey, records.decode(commit.record), path)
    except msgspec.ValidationError as error:
        raise located(error, path) from error


def _record_rows(did: str, collection: str, rkey: str, record: _Record, path: str) -> list[Record]:
    try:
        at = time_us(record.created_at)
    except (BadRecord, ValueError) as error:
        raise located(error, f"{path}.createdAt") from error
    if collection == _PROFILE:
        return [_account(did, name=record.display_name or None, at=at)]
    uri = f"at://{did}/{collection}/{rkey}"
    source = "declared"
    if at is None:
        at = tid_us(rkey)
        source = "derived"
    post = Post(
        platform="bluesky", post_id=uri, account_id=did, created_at_us=at, created_at_source=source if at is not None else None
    )
    if collection == _REPOST:
        original = record.subject.get("uri") if isinstance(record.subject, dict) else None
        if not isinstance(original, str):
            raise BadRecord(at_path(message("reasons.expected_text"), f"{path}.subject.uri"))
        post.kind, post.repost_of, post.ref_account_id = "repost", original, _did(original)
        return [post]
    reply = record.reply or _Reply()
    post.reply_to = reply.parent.uri if reply.parent else None
    post.quote_of = _quoted(record.embed)
    post.kind = "reply" if post.reply_to else "quote" if post.quote_of else "original"
    post.ref_account_id = _did(post.reply_to or post.quote_of)
    post.conversation_id = (reply.root.uri if reply.root else None) or post.reply_to or uri
    post.text = record.text
    post.language = language(record.langs[0]) if record.langs else None
    post.permalink = f"https://bsky.app/profile/{did}/post/{rkey}"
    return [post, *_objects(uri, record)]


def _objects(uri: str, record: _Record) -> Sequence[Record]:
    urls: list[str | None] = []
    tags: list[str | None] = [*(record.tags or ())]
    mentions: list[str | None] = []
    written = (record.text or "").encode() if record.facets else b""
    for facet in record.facets or ():
        shown = written[facet.index.byte_start : facet.index.byte_end].decode(errors="ignore") if facet.index else ""
        for feature in facet.features or ():
            urls.append(feature.uri)
            tags.append(feature.tag)
            if feature.did:
                mentions.append(shown if shown.startswith("@") else feature.did)
    embeds = [embed for embed in (record.embed, record.embed.media if record.embed else None) if embed]
    urls += [embed.external.uri for embed in embeds if embed.external]
    blobs = [image.image for embed in embeds for image in embed.images or ()] + [embed.video for embed in embeds]
    media = [blob.ref.link for blob in blobs if blob and blob.ref]
    # Old clients wrote hashtags without marking them.
    return objects(
        "bluesky",
        uri,
        urls=urls,
        hashtags=tags if record.facets else [*tags, *hashtags_in(record.text)],
        mentions=mentions,
        media=media,
    )


def _account(
    did: str, *, handle: str | None = None, name: str | None = None, at: int | None = None, status: str | None = None
) -> Account:
    return Account("bluesky", did, handle, name, at, "declared" if at is not None else None, None, status)


def _quoted(embed: _Embed | None) -> str | None:
    """Name the post quoted; lists, feeds and starter packs embedded the same way are not posts."""
    ref = embed.record if embed else None
    uri = (ref.uri or (ref.record.uri if ref.record else None)) if ref else None
    return uri if uri and f"/{_POST}/" in uri else None


def _did(uri: str | None) -> str | None:
    parts = (uri or "").split("/")
    return parts[2] if len(parts) > 2 and parts[0] == "at:" and parts[2] else None
