"""What does Agorascope store? The canonical tables: one struct per table, one field per column.

A mapper (``sources``) turns one record of a file into a list of these structs; the store turns them into Arrow
tables of the same columns, in the same order. Each field carries its unit and what null means, from which
``docs/records.md`` and the Arrow schemas are made.

Conventions. Time is int64 microseconds since 1970-01-01 UTC (``*_us``). Identifiers are text, always. A count a
platform hides is null, never 0. ``platform`` is a lower-case name ("x", "facebook", "bluesky", "mastodon",
"reddit", "unknown"). The store adds ``file_id``, ``record`` (1-based record number in the file) and ``row_hash``
(64-bit hash of the row's content, provenance left out) to every table.
"""

import functools
import types
import typing
from typing import Annotated, NamedTuple

import msgspec
import pyarrow as pa

KINDS = ("original", "reply", "repost", "quote")
VIEWS_KINDS = ("measured", "followers_proxy", "vendor_reach")
OBJECT_KINDS = ("url", "domain", "hashtag", "mention", "media", "share")
REGISTRATIONS = "registrations"
"""The network of ``edges`` whose ties lead from an account to what it was registered with; its layers are kinds of records."""
OPEN_RECORDS = ("domain", "email_domain", "name_server", "registrar")
"""Kinds of registration records whose values are public names of machines and firms; any other may name a person."""


class Doc(NamedTuple):
    """Document one column: what it is, its unit, what null means."""

    what: str
    unit: str = ""
    null: str = "not given"


class Column(NamedTuple):
    """Describe one column of a canonical table."""

    name: str
    type: pa.DataType
    nullable: bool
    doc: Doc


Platform = Annotated[str, Doc("platform the row comes from", "name", "never null")]
PostId = Annotated[str, Doc("post on its platform; made from the row's content where the file gives none", "id", "never null")]
AccountRef = Annotated[str | None, Doc("account that acted", "id", "file gives no account")]
AtUs = Annotated[int | None, Doc("time it happened", "µs UTC", "time not given")]
Count = Annotated[int | None, Doc("public count at observed_at_us", "count", "hidden or not collected")]


class Post(msgspec.Struct, gc=False, array_like=True):
    """One post: its content, never its counts. Of several captures of it, the one with the longest text is shown."""

    platform: Platform
    post_id: PostId
    account_id: AccountRef = None
    created_at_us: Annotated[int | None, Doc("publication time", "µs UTC", "time not given and not encoded in the id")] = None
    created_at_source: Annotated[str | None, Doc("'declared' or 'derived' (decoded from the id)", "", "no time")] = None
    kind: Annotated[str, Doc("original, reply, repost or quote", "", "never null")] = "original"
    text: Annotated[str | None, Doc("text as collected", "", "no text")] = None
    language: Annotated[str | None, Doc("language declared by platform or vendor", "ISO 639-1", "not declared")] = None
    conversation_id: Annotated[str | None, Doc("thread the post belongs to", "id", "not given")] = None
    repost_of: Annotated[str | None, Doc("post reposted", "id", "not a repost, or unknown original")] = None
    reply_to: Annotated[str | None, Doc("post replied to", "id", "not a reply, or unknown parent")] = None
    quote_of: Annotated[str | None, Doc("post quoted", "id", "not a quote, or unknown original")] = None
    ref_account_id: Annotated[str | None, Doc("account reposted, replied to or quoted", "id", "none or unknown")] = None
    place: Annotated[str | None, Doc("place or country declared", "text or ISO 3166", "not declared")] = None
    permalink: Annotated[str | None, Doc("public address of the post", "URL", "not given")] = None
    feed_position: Annotated[int | None, Doc("rank in which the feed showed it to the collector", "rank", "not a feed capture")] = (
        None
    )
    vendor_sentiment: Annotated[float | None, Doc("sentiment given by the vendor, its own scale", "vendor's", "none")] = None


class PostMetrics(msgspec.Struct, gc=False, array_like=True):
    """One observation of a post's public counts; several observations of one post are kept."""

    platform: Platform
    post_id: PostId
    observed_at_us: Annotated[int | None, Doc("when the counts were read", "µs UTC", "time of collection not given")] = None
    views: Count = None
    views_kind: Annotated[str | None, Doc("measured, followers_proxy or vendor_reach", "", "no view count")] = None
    likes: Count = None
    reposts: Count = None
    quotes: Count = None
    replies: Count = None
    bookmarks: Count = None
    engaged: Annotated[int | None, Doc("people who engaged in any way, each counted once", "count", "not given")] = None


class Account(msgspec.Struct, gc=False, array_like=True):
    """One account as described by its platform."""

    platform: Platform
    account_id: Annotated[str, Doc("account on its platform; the handle where no id is given", "id", "never null")]
    handle: Annotated[str | None, Doc("screen name without @", "text", "not given")] = None
    name: Annotated[str | None, Doc("display name", "text", "not given")] = None
    created_at_us: Annotated[int | None, Doc("creation of the account", "µs UTC", "not given and not encoded in the id")] = None
    created_at_source: Annotated[str | None, Doc("'declared' or 'derived' (decoded from the id)", "", "no time")] = None
    verified: Annotated[bool | None, Doc("verification mark", "", "not given")] = None
    account_type: Annotated[str | None, Doc("type declared by platform or vendor", "text", "not given")] = None


class AccountCounter(msgspec.Struct, gc=False, array_like=True):
    """One observation of an account's own counters (posts published, followers)."""

    platform: Platform
    account_id: Annotated[str, Doc("account", "id", "never null")]
    at_us: Annotated[int | None, Doc("when the counters were read", "µs UTC", "time not given")] = None
    posts: Annotated[int | None, Doc("posts ever published, by the account's own counter", "count", "hidden or not collected")] = (
        None
    )
    followers: Annotated[int | None, Doc("followers", "count", "hidden or not collected")] = None
    following: Annotated[int | None, Doc("accounts followed", "count", "hidden or not collected")] = None


class PostObject(msgspec.Struct, gc=False, array_like=True):
    """One thing a post carries: address, domain, hashtag, mention, media or shared object."""

    platform: Platform
    post_id: PostId
    kind: Annotated[str, Doc("url, domain, hashtag, mention, media or share", "", "never null")]
    value: Annotated[
        str, Doc("normalised value: clean URL, registered domain, lower-case tag without #, handle without @", "text", "never null")
    ]


class PostLabel(msgspec.Struct, gc=False, array_like=True):
    """One thing a table says of a post beside its content and counts: paid for or not, its format, its topic..."""

    platform: Platform
    post_id: PostId
    name: Annotated[
        str, Doc("paid, format, topic; month, weekday, hour where no date exists; or a name the user gave", "", "never null")
    ]
    value: Annotated[
        str,
        Doc(
            "label as written, paid as 1 or 0 where it is a yes or no; a post may have several under one name", "text", "never null"
        ),
    ]


class Panel(msgspec.Struct, gc=False, array_like=True):
    """One metric of one account over one period, where only such sums exist."""

    platform: Platform
    account_id: Annotated[str | None, Doc("account", "id", "the file speaks of the whole capture, not of one account")]
    period_start_us: Annotated[int, Doc("start of the period", "µs UTC", "never null")]
    period_us: Annotated[int, Doc("length of the period", "µs", "never null")]
    metric: Annotated[
        str, Doc("posts, views, likes, reposts, replies, counter_posts, duplicate_posts, reactions_love...", "", "never null")
    ]
    value: Annotated[float | None, Doc("sum over the period", "metric's own", "hidden or not collected")] = None


class Edge(msgspec.Struct, gc=False, array_like=True):
    """One tie of a given network."""

    platform: Platform
    network: Annotated[str, Doc("name of the network; registrations: what accounts were registered with", "text", "never null")]
    layer: Annotated[str | None, Doc("layer of a multilayer network; of registrations the kind of record", "text", "single layer")]
    source: Annotated[str, Doc("node the tie starts from", "id", "never null")]
    target: Annotated[str, Doc("node the tie goes to", "id", "never null")]
    weight: Annotated[float | None, Doc("weight of the tie", "file's own", "unweighted")] = None
    at_us: AtUs = None


class TreeNode(msgspec.Struct, gc=False, array_like=True):
    """One node of a cascade."""

    platform: Platform
    cascade: Annotated[str, Doc("cascade the node belongs to", "id", "never null")]
    node: Annotated[str, Doc("node", "id", "never null")]
    parent: Annotated[str | None, Doc("node it came from", "id", "root of the cascade")] = None
    account_id: AccountRef = None
    at_us: Annotated[
        int | None, Doc("time, or time since the cascade's start where the file gives only that", "µs", "not given")
    ] = None


class Rating(msgspec.Struct, gc=False, array_like=True):
    """One vote of a rater on an item."""

    platform: Platform
    rater: Annotated[str, Doc("who rated", "id", "never null")]
    item: Annotated[str, Doc("what was rated", "id", "never null")]
    value: Annotated[float | None, Doc("vote", "file's own", "seen, not voted")] = None
    at_us: AtUs = None


class Group(msgspec.Struct, gc=False, array_like=True):
    """One membership of an account in a group; it may change over time."""

    platform: Platform
    account_id: Annotated[str, Doc("account or handle", "id", "never null")]
    group_name: Annotated[str, Doc("party, community, treated accounts...", "text", "never null")]
    since_us: Annotated[int | None, Doc("start of the membership", "µs UTC", "always")] = None
    until_us: Annotated[int | None, Doc("end of the membership, exclusive", "µs UTC", "still")] = None


class Event(msgspec.Struct, gc=False, array_like=True):
    """One dated event: a mark on every time line."""

    platform: Platform
    at_us: Annotated[int, Doc("when it happened", "µs UTC", "never null")]
    label: Annotated[str, Doc("what happened", "text", "never null")]


class Margin(msgspec.Struct, gc=False, array_like=True):
    """One share of a population, as a census or a platform publishes it: what a collection can be weighted towards."""

    platform: Platform
    population: Annotated[str, Doc("whose shares these are; the file's name where it does not say", "text", "never null")]
    variable: Annotated[str, Doc("what is divided: age, gender, country, language; a*b for two together", "text", "never null")]
    category: Annotated[str, Doc("category of the variable; c*d for two together", "text", "never null")]
    share: Annotated[float, Doc("share of the population, of 1", "share", "never null")]


Record = (
    Post
    | PostMetrics
    | Account
    | AccountCounter
    | PostObject
    | PostLabel
    | Panel
    | Edge
    | TreeNode
    | Rating
    | Group
    | Event
    | Margin
)

TABLES: dict[str, type[Record]] = {
    "posts": Post,
    "post_metrics": PostMetrics,
    "accounts": Account,
    "account_counters": AccountCounter,
    "post_objects": PostObject,
    "post_labels": PostLabel,
    "panels": Panel,
    "edges": Edge,
    "tree_nodes": TreeNode,
    "ratings": Rating,
    "groups": Group,
    "events": Event,
    "margins": Margin,
}

_ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def columns(table: str) -> list[Column]:
    """List the documented columns of a canonical table, in storage order."""
    hints = typing.get_type_hints(TABLES[table], include_extras=True)
    return [_column(name, hints[name]) for name in TABLES[table].__struct_fields__]


@functools.cache
def schema(table: str) -> pa.Schema:
    """Give the Arrow schema of a canonical table, without the store's own columns."""
    return pa.schema([pa.field(c.name, c.type, c.nullable) for c in columns(table)])


def to_arrow(table: str, rows: list[Record]) -> pa.Table:
    """Turn structs of one canonical table into an Arrow table of the same columns. Cost O(rows x columns)."""
    shape = schema(table)
    if not rows:
        return shape.empty_table()
    by_column = zip(*map(msgspec.structs.astuple, rows), strict=True)
    return pa.Table.from_arrays([pa.array(values, f.type) for values, f in zip(by_column, shape, strict=True)], schema=shape)


def _column(name: str, hint: object) -> Column:
    base, doc = typing.get_args(hint)
    options = set(typing.get_args(base)) if isinstance(base, types.UnionType) else {base}
    kind = next(iter(options - {types.NoneType}))
    return Column(name, _ARROW[kind], types.NoneType in options, doc)
