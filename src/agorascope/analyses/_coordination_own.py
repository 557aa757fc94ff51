"""What did the members of networks post, and what did everyone else? Read once, in slices of time, and never held whole.

One element of ``Posts`` is one post of a member. Of all other accounts (those in no network) only counts are kept. A list of
members cannot enter a query of the portable subset, so everyone's posts pass by, a slice at a time, and the members' are kept:
about 200 bytes a post of a member in memory, and 250 bytes a post of one slice.
"""

import re
from collections import Counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.tables import Corpus

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

APART = "\x1f"
KINDS = ("original", "reply", "repost", "quote")
SLICE = 1_000_000  # posts read at one time
SHORTEST_TEXT = 20  # shorter texts ("thanks", "good morning") are the same by chance; the field's usual bound
BATCH = 200  # ids looked up by one query

SPAN = "SELECT MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us, COUNT(*) AS posts FROM posts"
_WITHIN = "COALESCE(p.created_at_us, :first_us) >= :start_us AND COALESCE(p.created_at_us, :first_us) < :end_us"
POSTS = f"""
    SELECT p.platform AS platform, p.account_id AS account_id, p.post_id AS post_id, p.created_at_us AS at_us, p.kind AS kind,
        COALESCE(p.repost_of, p.quote_of, p.reply_to) AS ref, COALESCE(p.ref_account_id, o.account_id) AS target,
        o.created_at_us AS published_us, p.language AS language, p.permalink AS permalink,
        CASE WHEN p.kind <> 'repost' THEN p.text END AS text
    FROM posts AS p LEFT JOIN posts AS o
        ON p.platform = o.platform AND COALESCE(p.repost_of, p.quote_of, p.reply_to) = o.post_id
    WHERE p.account_id IS NOT NULL AND {_WITHIN}"""
LINKS = f"""
    SELECT p.platform AS platform, p.account_id AS account_id, p.post_id AS post_id, o.kind AS kind, o.value AS value
    FROM post_objects AS o JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id
    WHERE o.kind IN ('url', 'domain') AND p.kind <> 'repost' AND p.account_id IS NOT NULL AND {_WITHIN}"""
ACCOUNTS = "SELECT platform, account_id, handle, created_at_us FROM accounts"
ORIGINALS = "SELECT platform, post_id, account_id, text, permalink FROM posts WHERE post_id IN ({ids})"
BY_ACCOUNT = "SELECT platform, account_id, created_at_us AS at_us, permalink FROM posts WHERE account_id IN ({ids})"

_ADDRESS = re.compile(r"https?://\S+|@[\w.-]+")
# Addresses of posts that name their author: X, Bluesky, Mastodon, TikTok.
NAMED = r"^https?://[^/]+/(?:profile/)?@?(?P<handle>[^/?#@]+)/(?:status|post|video|[0-9]{6,})(?:/|$)"

_NAMED, _DID = re.compile(NAMED), re.compile(r"did:[a-z0-9]+:[\w.%-]+")


class Posts(NamedTuple):
    """Hold the members' posts, in order of time. Shapes (posts,); -1 or nan where unknown.

    ``member`` is a position in the members; ``kind`` in ``KINDS``; ``ref`` (post referred to), ``target`` (its author),
    ``language``, ``text`` (without addresses and mentions), ``url`` and ``site`` are codes into the lists in ``Own.words``.
    """

    post: pa.Array
    member: Ints
    at_us: Floats
    kind: Ints
    ref: Ints
    target: Ints
    published_us: Floats
    language: Ints
    text: Ints
    url: Ints
    site: Ints


class Own(NamedTuple):
    """Hold what members did, by ``network`` (members,) of each, and counts of what others did, by name.

    ``keys`` (members,) are platform and account in one text; ``targets`` gives for each of the accounts referred to the member it
    is, or -1. ``created_us`` and ``digits`` (members,) are nan where unknown, as are
    those of the others. ``handles`` has rows ``member, handle`` as seen in addresses and descriptions.
    """

    keys: pa.Array
    network: Ints
    posts: Posts
    words: dict[str, list[str]]
    targets: Ints
    created_us: Floats
    digits: Floats
    others_created_us: Floats
    others_digits: Floats
    handles: set[tuple[int, str]]
    others: dict[str, Counter[str]]


def read(corpus: Corpus, keys: pa.Array, network: Ints) -> Own:
    """Read what the accounts ``keys`` did; those whose ``network`` is -1 are members too, of a network not looked at."""
    others: dict[str, Counter[str]] = {name: Counter() for name in ("target", "hour", "language", "site")}
    rows, links = [_sifted_posts(corpus, POSTS, keys, network, others)], [_sifted_links(corpus, keys, network, others)]
    posts, words, handles = _put_together(rows[0], links[0])
    created, digits, others_created, others_digits = _described(corpus, keys, handles)
    among = pc.fill_null(pc.index_in(pa.array(words["target"], pa.string()), keys), -1)
    targets = np.asarray(among.to_numpy(zero_copy_only=False), np.int64)
    return Own(keys, network, posts, words, targets, created, digits, others_created, others_digits, handles, others)


def joined(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.Array:
    """Make one text of platform and id."""
    made = pc.binary_join_element_wise(one.cast(pa.string()), other.cast(pa.string()), APART)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def looked_up(corpus: Corpus, sql: str, ids: list[str]) -> list[dict[str, object]]:
    """Ask for rows by id, some hundred at a time, each id a parameter of its own."""
    rows: list[dict[str, object]] = []
    for first in range(0, len(ids), BATCH):
        part = {f"id{i}": value for i, value in enumerate(ids[first : first + BATCH])}
        rows += corpus.query(sql.format(ids=", ".join(f":{name}" for name in part)), **part).to_pylist()
    return rows


def handles_of(permalinks: pa.Array) -> pa.Array:
    """Read the author's name in addresses of posts; null where the address names nobody."""
    return pc.struct_field(pc.extract_regex(permalinks.cast(pa.string()), NAMED), "handle")


def unnamed(name: str, account_id: str | None) -> str:
    """Cut out of an address or an id of a post whom it names: such a text stands in a column that no report masks.

    >>> unnamed("at://did:plc:abc123/app.bsky.feed.post/3k", None), unnamed("https://x.com/someone/status/123456", None)
    ('at://…/app.bsky.feed.post/3k', 'https://x.com/…/status/123456')
    """
    if account_id and len(account_id) > 3:
        name = name.replace(account_id, "…")
    found = _NAMED.match(name)
    return _DID.sub("…", name if found is None else name[: found.start("handle")] + "…" + name[found.end("handle") :])


def _slices(corpus: Corpus) -> list[dict[str, int]]:
    """Cut the time of the corpus into stretches of about ``SLICE`` posts, posts without time in the first."""
    if not corpus.has("posts"):
        return []
    span = corpus.query(SPAN).to_pylist()[0]
    first, last = (span["first_us"] or 0), (span["last_us"] or 0)
    pieces = -(-span["posts"] // SLICE)
    step = (last - first) // pieces + 1
    return [{"first_us": first, "start_us": first + i * step, "end_us": first + (i + 1) * step} for i in range(pieces)]


def _sifted_posts(corpus: Corpus, sql: str, keys: pa.Array, network: Ints, others: dict[str, Counter[str]]) -> pa.Table:
    """Keep the posts of members of networks looked at; count those of accounts in no network."""
    kept = []
    for part in _slices(corpus):
        rows = corpus.query(sql, **part)
        target = _refers(rows)
        place = pc.index_in(joined(rows["platform"], rows["account_id"]), keys)
        rows = rows.set_column(rows.column_names.index("target"), "target", target).append_column("member", place)
        strangers = rows.filter(pc.is_null(place))
        hour = pc.floor(pc.divide(strangers["at_us"].cast(pa.float64()), 3.6e9)).cast(pa.int64())
        count(others["target"], strangers["target"])
        count(others["language"], strangers["language"])
        count(others["hour"], pa.chunked_array([pc.cast(_modulo(hour), pa.string())]))
        kept.append(_of_members(rows, network))
    names = ("post_id", "at_us", "kind", "ref", "target", "published_us", "language", "permalink", "text", "platform", "member")
    empty = pa.table({n: pa.array([], pa.int64() if n.endswith("_us") or n == "member" else pa.string()) for n in names})
    return pa.concat_tables([k.select(names) for k in kept], promote_options="permissive") if kept else empty


def _sifted_links(corpus: Corpus, keys: pa.Array, network: Ints, others: dict[str, Counter[str]]) -> pa.Table:
    kept = [pa.table({n: pa.array([], pa.string()) for n in ("platform", "post_id", "kind", "value")})]
    for part in _slices(corpus) if corpus.has("post_objects") else []:
        rows = corpus.query(LINKS, **part)
        place = pc.index_in(joined(rows["platform"], rows["account_id"]), keys)
        strangers = rows.filter(pc.and_(pc.is_null(place), pc.equal(rows["kind"], "domain")))
        first = strangers.group_by(["platform", "post_id"]).aggregate([("value", "min")])["value_min"]
        count(others["site"], first.cast(pa.string()))
        kept.append(_of_members(rows.append_column("member", place), network).select(kept[0].column_names))
    return pa.concat_tables(kept, promote_options="permissive")


def _of_members(rows: pa.Table, network: Ints) -> pa.Table:
    rows = rows.filter(pc.is_valid(rows["member"]))
    looked_at = network[np.asarray(rows["member"].to_numpy(), np.int64)] >= 0
    return rows.filter(pa.array(looked_at))


def _refers(rows: pa.Table) -> pa.Array:
    """Name the account each post refers to; who answers or repeats their own posts refers to nobody."""
    other = pc.fill_null(pc.not_equal(rows["target"], rows["account_id"]), False)
    target = pc.if_else(pc.and_(other, pc.not_equal(rows["kind"], "original")), rows["target"], None)
    return joined(rows["platform"], target.cast(pa.string()))


def _modulo(hour: pa.ChunkedArray) -> pa.Array:
    days = pc.floor(pc.divide(hour.cast(pa.float64()), 24.0)).cast(pa.int64())
    return pc.subtract(hour, pc.multiply(days, 24)).combine_chunks()


def count(counts: Counter[str], values: pa.ChunkedArray) -> None:
    """Add how often each value stands in a column; none of null."""
    found = pc.value_counts(pc.drop_null(values))
    counts.update(dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)))


def _put_together(rows: pa.Table, links: pa.Table) -> tuple[Posts, dict[str, list[str]], set[tuple[int, str]]]:
    """Put the posts in order of time, and turn every text into a code."""
    rows = rows.sort_by([(name, "ascending") for name in ("at_us", "platform", "post_id")])
    post = joined(rows["platform"], rows["post_id"])
    member = _ints(rows["member"])
    seen = handles_of(rows["permalink"].combine_chunks()).to_pylist()
    handles = {(int(m), h) for m, h in zip(member, seen, strict=True) if h}
    ref = joined(rows["platform"], rows["ref"])
    words: dict[str, list[str]] = {}
    columns = {"ref": ref, "target": rows["target"], "language": rows["language"], "text": _bare(rows["text"])}
    columns |= {name: _carried(post, links, kind) for name, kind in (("url", "url"), ("site", "domain"))}
    codes = {name: _coded(words, name, column) for name, column in columns.items()}
    kind = np.asarray(pc.fill_null(pc.index_in(rows["kind"].cast(pa.string()), pa.array(KINDS)), 0).to_numpy(), np.int64)
    published = _floats(rows["published_us"])
    return Posts(post, member, _floats(rows["at_us"]), kind, published_us=published, **codes), words, handles


def _bare(texts: pa.ChunkedArray) -> pa.Array:
    """Write a text without addresses, mentions, case and further blanks; none where little is left."""
    bare = [t and " ".join(_ADDRESS.sub(" ", t).casefold().split()) for t in texts.to_pylist()]
    return pa.array([b if b and len(b) >= SHORTEST_TEXT else None for b in bare], pa.string())


def _carried(post: pa.Array, links: pa.Table, kind: str) -> pa.Array:
    """Give each post's address (the first in the alphabet where it carries several)."""
    rows = links.filter(pc.equal(links["kind"], kind)).sort_by("value")
    places = pc.index_in(post, joined(rows["platform"], rows["post_id"]))
    return rows["value"].combine_chunks().take(places).cast(pa.string()) if len(rows) else pa.nulls(len(post), pa.string())


def _coded(words: dict[str, list[str]], name: str, column: pa.Array | pa.ChunkedArray) -> Ints:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = whole.cast(pa.string()).dictionary_encode()
    words[name] = found.dictionary.to_pylist()
    return np.asarray(pc.fill_null(found.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False), np.int64)


def _described(corpus: Corpus, keys: pa.Array, handles: set[tuple[int, str]]) -> tuple[Floats, Floats, Floats, Floats]:
    """Read date of creation, and whether the handle ends in five digits, of the members and of the others."""
    size = len(keys)
    created, digits = np.full(size, np.nan), np.full(size, np.nan)
    if not corpus.has("accounts"):
        return created, digits, np.empty(0), np.empty(0)
    rows = corpus.query(ACCOUNTS)
    place = np.asarray(pc.fill_null(pc.index_in(joined(rows["platform"], rows["account_id"]), keys), -1).to_numpy(), np.int64)
    at_us = _floats(rows["created_at_us"])
    ends = _floats(pc.match_substring_regex(rows["handle"].cast(pa.string()), "[0-9]{5}$").cast(pa.int8()))
    inside = place >= 0
    created[place[inside]], digits[place[inside]] = at_us[inside], ends[inside]
    named = rows["handle"].filter(pa.array(inside)).to_pylist()
    handles |= {(int(p), h) for p, h in zip(place[inside], named, strict=True) if h}
    return created, digits, at_us[~inside], ends[~inside]


def _ints(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.to_numpy(), np.int64)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
