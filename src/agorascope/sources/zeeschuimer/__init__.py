"""How are Zeeschuimer captures read? What a browser was shown, wrapped in an envelope that says when and where.

The envelope gives the platform, the time of collection (``timestamp_collected``, at which counts were read) and the
order of capture; ``data`` is the platform's own object: X, TikTok and Instagram are mapped, each in its file here. An
object of another platform goes to quarantine with its platform's name, to be retried when a mapper exists.
4CAT's NDJSON, which turns the envelope inside out (``__import_meta``), is read as well.
Format seen 2026-11; ``docs/sources/zeeschuimer.md`` maps every field.
"""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from agorascope.errors import BadRecord
from agorascope.records import Record
from agorascope.sources import Mapper, Sample
from agorascope.sources.fields import time_us
from agorascope.sources.reasons import at_path, located, missing
from agorascope.texts import message

from . import instagram, tiktok, x

NAME = "zeeschuimer"
CONTAINER = "json"
PRIORITY = 1  # its data may look like the platform's own format

# Pages that rank posts for the reader; elsewhere (a profile, a search) the order is the reader's choice.
_FEEDS = {"", "home", "foryou", "following", "friends", "explore", "reels"}

_Reader = Callable[[Any, int | None, int | None], Sequence[Record]]
_PLATFORMS: dict[str, tuple[Any, _Reader]] = {
    "twitter": (x.Result, x.rows),
    "x": (x.Result, x.rows),
    "tiktok": (tiktok.Video, tiktok.rows),
    "instagram": (instagram.Item, instagram.rows),
}


class _Envelope(Struct, gc=False):
    source_platform: str | None = None
    source_platform_url: str | None = None
    timestamp_collected: str | int | float | None = None
    id: int | str | None = None
    data: msgspec.Raw = msgspec.Raw()


class _Turned(Struct, gc=False, rename={"envelope": "__import_meta"}):
    envelope: _Envelope | None = None


def recognise(sample: Sample) -> str | None:
    """Accept envelopes with ``source_platform`` and ``data``, and 4CAT's objects with ``__import_meta``."""
    for value in sample.values:
        if not isinstance(value, dict):
            continue
        turned = value.get("__import_meta")
        if {"source_platform", "data"} <= value.keys() or (isinstance(turned, dict) and "source_platform" in turned):
            return None
    return "no line has source_platform and data"


def mapper(sample: Sample) -> Mapper:
    """Bind to one file; each record says its own platform."""
    envelopes = msgspec.json.Decoder(_Envelope, strict=False)
    turned = msgspec.json.Decoder(_Turned, strict=False)
    decoders = {name: msgspec.json.Decoder(shape, strict=False) for name, (shape, _) in _PLATFORMS.items()}

    def map_one(payload: bytes) -> Sequence[Record]:
        path = "$"
        try:
            envelope = envelopes.decode(payload)
            data, inside = envelope.data, "$.data"
            if envelope.source_platform is None and (inner := turned.decode(payload).envelope):
                envelope, data, inside = inner, msgspec.Raw(payload), "$"
            platform = (envelope.source_platform or "").lower().removeprefix("www.").partition(".")[0]
            if platform not in decoders or bytes(data) in (b"", b"null"):
                raise _unreadable(envelope.source_platform, known=platform in decoders)
            observed, position = _observed(envelope), _position(envelope)
            path = inside
            return _PLATFORMS[platform][1](decoders[platform].decode(data), observed, position)
        except msgspec.ValidationError as error:
            raise located(error, path) from error
        except RecursionError as error:
            raise BadRecord(message("reasons.deep_post")) from error

    return map_one


def _unreadable(platform: str | None, *, known: bool) -> BadRecord:
    if platform is None:
        return missing("source_platform", "$")
    if known:
        return missing("data", "$")
    return BadRecord(at_path(message("reasons.no_mapper", seen=repr(platform)), "$.source_platform"))


def _observed(envelope: _Envelope) -> int | None:
    try:
        return time_us(envelope.timestamp_collected)
    except (BadRecord, ValueError) as error:
        raise located(error, "$.timestamp_collected") from error


def _position(envelope: _Envelope) -> int | None:
    """Give the order of capture, where the page was a feed.

    ``nav_index`` names a page visit (session:tab:visit), not a rank; the record's own ``id`` counts the objects captured.
    """
    try:
        segments = urlsplit(envelope.source_platform_url or "").path.strip("/").split("/")
    except ValueError:
        return None
    feed = bool(envelope.source_platform_url) and segments[-1].lower() in _FEEDS
    return envelope.id if feed and isinstance(envelope.id, int) and 0 <= envelope.id < 1 << 63 else None
