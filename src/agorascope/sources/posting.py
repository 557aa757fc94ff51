"""How does one row of a table become a post? Its post, counts, account, counters and objects, from bound columns.

Shared by every table of posts: a source says which column is which and what is particular to its tool (``Habits``).

- A file without accounts gives posts without; an author known only by a handle is identified by it.
- Kind: what the column says, else what the references say; a text that begins ``RT @user:`` is a repost on X.
- ``url`` is the post's permalink when it is the address of this very post, else a link the post carries.
- Counts of a repost are those of the original on most platforms: they are left out, except where a share is a
  post with counts of its own (``_OWN_COUNTS``).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Group, Post, PostMetrics, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import dates, given_names, is_platform, key, padded, platform_name, times, values
from .fields import count, flag, ident, text, time_us
from .id_times import mastodon_us, snowflake_us, tid_us
from .labels import kind_too, labels, post_labels, with_labels
from .languages import language
from .links import hashtags_in, mentions_in, objects, urls_in
from .names import POST
from .permalinks import Permalink, permalink
from .times import US_PER_DAY
from .wording import addresses, kind_of, kind_said, likes, listed, score, sentiment

_OWN_COUNTS = frozenset(("facebook", "linkedin", "vk", "telegram"))
_RT_ON = frozenset(("x", "unknown"))
_RT = re.compile(r"RT @(\w{1,20}):")
_EPOCH = re.compile(r"1\d{8,18}(?:\.\d+)?")
_CLOCK = re.compile(r"\s*\d{1,2}[:hH]\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?\s*")
_DERIVED: dict[str, Callable[[str | None], int | None]] = {
    "x": snowflake_us,
    "mastodon": mastodon_us,
    "bluesky": lambda i: tid_us(i.rpartition("/")[2]) if i else None,
}


Cell = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True)
class Habits:
    """Say what is particular to one tool's tables.

    ``platform`` is set where every row is of one; ``proxies`` are the platforms whose reach is a number of followers;
    ``address_is_id`` where an address identifies what has no id; ``derived`` gives cells computed from a row, under
    the canonical name they stand for.
    """

    platform: str | None = None
    proxies: frozenset[str] = frozenset()
    address_is_id: bool = False
    derived: Mapping[str, Cell] = field(default_factory=dict)


_PLAIN = Habits()


def post_mapper(sample: Sample, at: Mapping[str, int], habits: Habits = _PLAIN) -> Mapper:
    """Bind to a file's columns; return the function that maps one row. A row shorter than the header ends in nulls."""
    width = len(sample.header)
    usual = _usual_platform(sample, at) or "unknown"
    at = columns_read(sample, at)
    at |= kind_too(sample, at) | {name: width + 1 + k for k, name in enumerate(habits.derived)}
    derived = tuple(habits.derived.values())
    (
        i_id, i_account, i_handle, i_name, i_at, i_clock, i_text, i_title, i_kind, i_rt, i_re, i_qt, i_repost_of, i_reply_to,
        i_quote_of, i_ref, i_thread, i_lang, i_place, i_permalink, i_url, i_urls, i_tags, i_mentions, i_media, i_shares,
        i_views, i_reach, i_likes, i_reposts, i_quotes, i_replies, i_marks, i_engaged, i_seen, i_followers, i_following, i_posts,
        i_born, i_verified, i_type, i_rank, i_tone, i_group, i_platform,
    ) = (
        at.get(name, width) for name in POST
    )  # fmt: skip
    labelled = labels(at)
    day_first, zone = dates(sample, i_at)
    seen_first = dates(sample, i_seen)[0]
    born_first = dates(sample, i_born)[0]
    default = sample.constants.get("platform")
    fixed = platform_name(default) if default else habits.platform
    said_account = sample.constants.get("account_id")
    has_kind = bool({"kind", "is_repost", "repost_of"} & at.keys())
    has_flags = bool({"is_repost", "is_reply", "is_quote"} & at.keys())
    has_metrics = bool({"views", "reach", "likes", "reposts", "quotes", "replies", "bookmarks", "engaged"} & at.keys())
    has_counters = bool({"followers", "following", "account_posts"} & at.keys())
    has_profile = bool({"name", "account_created_at", "verified", "account_type"} & at.keys())
    has_address = bool({"permalink", "url"} & at.keys())
    read_likes = score if i_likes < width and key(sample.header[i_likes]) == "score" else likes

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        if derived:
            row = (*row, *[cell(row) for cell in derived])
        post_id = ident(row[i_id]) or ""
        handle = text(row[i_handle])
        if handle is not None:
            handle = handle.lstrip("@") or None
        name = text(row[i_name])
        account = ident(row[i_account]) or handle or name or said_account
        platform = platform_name(row[i_platform]) or fixed
        address = link = shared = None
        if has_address:
            address = text(row[i_permalink])
            link = permalink(address) if address else None
            url = text(row[i_url])
            if url is not None and url != address:
                found = permalink(url) if address is None else None
                if found is not None and _is_own(found, post_id, account, handle):
                    address, link = url, found
                else:
                    shared = url
            if link is not None:
                post_id = post_id or link.post_id
                account = account or link.handle or None
                platform = platform or link.platform
            elif habits.address_is_id and address is not None:
                post_id = post_id or address
                platform = platform or "web"
        platform = platform or usual

        when = row[i_at]
        clock = text(row[i_clock])
        created = time_us(f"{text(when) or ''} {clock}" if clock else when, day_first=day_first, zone=zone)
        source = "declared"
        if created is None:
            created = _DERIVED[platform](post_id) if platform in _DERIVED else None
            source = "derived"

        body = text(row[i_text])
        title = text(row[i_title])
        if title is not None and title != body:
            body = f"{title}\n\n{body}" if body else title
        repost_of, reply_to, quote_of = ident(row[i_repost_of]), ident(row[i_reply_to]), ident(row[i_quote_of])
        ref = ident(row[i_ref])
        kind = kind_said(row[i_kind]) or kind_of(repost_of, quote_of, reply_to)
        if has_flags and kind == "original":
            kind = "repost" if flag(row[i_rt]) else "quote" if flag(row[i_qt]) else "reply" if flag(row[i_re]) else kind
        if not has_kind and body is not None and body.startswith("RT @") and platform in _RT_ON and (rt := _RT.match(body)):
            kind, ref = "repost", ref or rt[1]

        tone = row[i_tone]
        records: list[Record] = [
            Post(
                platform, post_id, account, created, source if created is not None else None, kind, body, language(row[i_lang]),
                ident(row[i_thread]), repost_of, reply_to, quote_of, ref.lstrip("@") if ref else None, text(row[i_place]), address,
                count(row[i_rank]), None if tone is None else sentiment(tone),
            )
        ]  # fmt: skip
        if (
            not (post_id or account or body or address)
            and created is None
            and all(cell is None or not str(cell).strip() for cell in row)
        ):
            raise BadRecord(message("reasons.empty_row"))
        seen = time_us(row[i_seen], day_first=seen_first, zone=zone)
        if has_metrics and (kind != "repost" or platform in _OWN_COUNTS):
            views, view_kind = count(row[i_views]), "measured"
            if views is None:
                views, view_kind = count(row[i_reach]), "followers_proxy" if platform in habits.proxies else "vendor_reach"
            liked, reposts, quotes, replies, marks = (
                read_likes(row[i_likes]), count(row[i_reposts]), count(row[i_quotes]), count(row[i_replies]), count(row[i_marks]),
            )  # fmt: skip
            engaged = count(row[i_engaged])
            if any(n is not None for n in (views, liked, reposts, quotes, replies, marks, engaged)):
                known = None if views is None else view_kind
                records.append(PostMetrics(platform, post_id, seen, views, known, liked, reposts, quotes, replies, marks, engaged))
        if account is not None:
            if (handle is not None and handle != account) or has_profile:
                born = time_us(row[i_born], day_first=born_first, zone=zone)
                declared = None if born is None else "declared"
                records.append(Account(platform, account, handle, name, born, declared, flag(row[i_verified]), text(row[i_type])))
            if has_counters:
                posts, followers, following = count(row[i_posts]), count(row[i_followers]), count(row[i_following])
                if not (posts is None and followers is None and following is None):
                    records.append(
                        AccountCounter(platform, account, created if seen is None else seen, posts, followers, following)
                    )
            if row[i_group] is not None and (party := text(row[i_group])):
                records.append(Group(platform, account, party))

        if labelled:
            records += post_labels(labelled, row, platform, post_id)
        urls = addresses(row[i_urls]) or urls_in(body)
        if shared is not None:
            urls = [*urls, shared]
        tags = listed(row[i_tags]) or hashtags_in(body)
        named = listed(row[i_mentions]) or mentions_in(body)
        media, shares = addresses(row[i_media]), text(row[i_shares])
        if urls or tags or named or media or shares:
            records += objects(platform, post_id, urls=urls, hashtags=tags, mentions=named, media=media, shares=(shares,))
        return records

    return map_row


def columns_read(sample: Sample, at: Mapping[str, int]) -> dict[str, int]:
    """Choose among bound columns those that are read.

    An epoch is preferred to a local time, since it says its zone; a clock is kept only beside dates without one, and a
    platform only where the column names platforms. For labels of posts see ``labels.with_labels``.
    """
    chosen = with_labels(sample, at)
    variants = {key(v) for v in ("created_at", *POST["created_at"].split())}
    epochs = [i for i, name in enumerate(sample.header) if key(name) in variants and _are(_EPOCH, values(sample, i))]
    if "created_at" in chosen and "created_at" not in given_names(sample, POST) and epochs and at["created_at"] not in epochs:
        chosen["created_at"] = epochs[0]
    if "clock" in at and not (
        _are(_CLOCK, values(sample, at["clock"]))
        and "created_at" in at
        and any(us % US_PER_DAY == 0 for us in times(sample, at["created_at"]))
    ):
        del chosen["clock"]
    if "engaged" not in chosen and (people := _people_engaged(sample)) is not None and people not in chosen.values():
        chosen["engaged"] = people
    if "platform" in chosen and not _names_platforms(sample, chosen["platform"]):
        del chosen["platform"]
    return chosen


def _are(form: re.Pattern[str], cells: list[Any]) -> bool:
    return bool(cells) and all(form.fullmatch(str(v)) for v in cells)


def _is_own(found: Permalink, post_id: str, account: str | None, handle: str | None) -> bool:
    if post_id:
        return found.post_id == post_id or post_id.endswith("_" + found.post_id)
    who = handle or account
    if not found.handle or who is None or not who.isascii() or " " in who:
        return True
    return found.handle.lower() in ("i", who.lower()) or found.handle.isdigit() != who.isdigit()


def _people_engaged(sample: Sample) -> int | None:
    """Find the people who engaged in an export of a page's own statistics, where they are ``users`` beside ``consumers``."""
    keys = [key(name) for name in sample.header]
    return keys.index("users") if {"users", "consumers"} <= set(keys) else None


def _names_platforms(sample: Sample, position: int) -> bool:
    """Trust ``source`` or ``network`` only where it names platforms: it is a client or a tie's end elsewhere."""
    if sample.header[position].casefold().startswith(("platform", "plateforme")) or "platform" in given_names(sample, POST):
        return True
    found = values(sample, position)
    return bool(found) and all(is_platform(v) for v in found)


def _usual_platform(sample: Sample, at: Mapping[str, int]) -> str | None:
    """Give the one platform all own addresses of the sample speak of, for the rows without such an address."""
    seen = set()
    width = len(sample.header)
    for row in sample.rows:
        cells = (*row, *(None,) * (width + 1 - len(row)))
        given = (cells[at.get(name, width)] for name in ("post_id", "handle"))
        post_id, who = (text(cell) if isinstance(cell, str | int) else None for cell in given)
        for name in ("permalink", "url"):
            address = cells[at.get(name, width)]
            found = permalink(address.strip()) if isinstance(address, str) else None
            if found and (name == "permalink" or _is_own(found, post_id or "", who, who)):
                seen.add(found.platform)
    return seen.pop() if len(seen) == 1 else None
