"""Who acted on which object when? Every act of one kind: a repost, a reply, an address, a tag, a text, a picture.

One element of ``Acts`` is one post that acts on one object. A network is no small table: this reduction gives every act, about 150
bytes each in memory, which is the exception the analysis documents. Reposts count as reposts alone: what the reposted post carries
is not counted again as an address, a tag or a text of the one who reposts.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.stats.crediting import mentions
from agorascope.stats.nearsame import nearsame
from agorascope.tables import Corpus

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ALONE = ("repost", "url", "hashtags", "text", "media", "reply", "share")
"""What ``auto`` looks at, each by itself: single tags and whole sites are shared by everyone."""
KINDS = (*ALONE, "domain", "hashtag")
LONGEST_SEQUENCE = 3
_APART = "\x1f"

_ACTED = "p.platform AS platform, p.account_id AS account_id, p.created_at_us AS at_us, p.post_id AS post_id"
_KNOWN = "p.account_id IS NOT NULL AND p.created_at_us IS NOT NULL"
_ORDER = " ORDER BY platform NULLS FIRST, post_id NULLS FIRST, object NULLS FIRST"
REFERRED = "SELECT " + _ACTED + ", p.{column} AS object FROM posts AS p WHERE p.{column} IS NOT NULL AND " + _KNOWN + _ORDER
CARRIED = (
    f"SELECT {_ACTED}, o.value AS object FROM post_objects AS o JOIN posts AS p "
    "ON o.platform = p.platform AND o.post_id = p.post_id "
    f"WHERE o.kind = :kind AND p.kind <> 'repost' AND {_KNOWN}{_ORDER}"
)
_UNKNOWN = "(p.account_id IS NULL OR p.created_at_us IS NULL)"
UNUSED_REFERRED = "SELECT COUNT(*) AS n FROM posts AS p WHERE p.{column} IS NOT NULL AND " + _UNKNOWN
UNUSED_CARRIED = (
    "SELECT COUNT(*) AS n FROM post_objects AS o JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id "
    f"WHERE o.kind = :kind AND p.kind <> 'repost' AND {_UNKNOWN}"
)
UNUSED_SEQUENCES = (
    "SELECT COUNT(*) AS n FROM (SELECT p.platform, p.post_id FROM post_objects AS o JOIN posts AS p "
    "ON o.platform = p.platform AND o.post_id = p.post_id "
    f"WHERE o.kind = 'hashtag' AND p.kind <> 'repost' AND {_UNKNOWN} "
    "GROUP BY p.platform, p.post_id HAVING COUNT(*) >= :least) AS several"
)
UNUSED_WRITTEN = f"SELECT COUNT(*) AS n FROM posts AS p WHERE p.text IS NOT NULL AND p.kind <> 'repost' AND {_UNKNOWN}"
WRITTEN = (
    f"SELECT {_ACTED}, p.text AS object, CASE WHEN p.kind = 'original' THEN NULL ELSE COALESCE(p.ref_account_id, o.account_id) END "
    "AS target FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND o.post_id = COALESCE(p.quote_of, p.reply_to) "
    f"WHERE p.text IS NOT NULL AND p.kind <> 'repost' AND {_KNOWN}{_ORDER}"
)
HANDLES = "SELECT platform, account_id, handle FROM account_handles ORDER BY platform NULLS FIRST, account_id NULLS FIRST"


class Acts(NamedTuple):
    """Hold acts of one kind, one per element: positions in ``accounts`` and ``objects``, time in µs, and the post's id.

    ``accounts``: ``platform, account_id``, sorted; ``objects``: what was acted on, sorted (for texts, one of each group).
    ``unused``: acts of this kind that name no account or no time, and so are none of these. ``credits`` (of texts alone): the act
    mentions, quotes or answers who wrote the text first.
    """

    kind: str
    account: Ints
    obj: Ints
    at_us: Ints
    post: pa.Array
    accounts: pa.Table
    objects: pa.Array
    unused: int = 0
    credits: Bools | None = None


def reduce(corpus: Corpus, kind: str) -> Acts:
    """Gather every act of one of ``KINDS``. Posts without account or time are left out, and counted."""
    credits = None
    if kind in ("repost", "reply"):
        rows = corpus.query(REFERRED.format(column="repost_of" if kind == "repost" else "reply_to"))
        rows = _set(rows, "object", _joined(rows["platform"], rows["object"]))
    elif kind == "text":
        rows = corpus.query(WRITTEN)
        rows, credits = _texts(corpus, rows)
    elif kind == "hashtags":
        rows = _sequences(corpus.query(CARRIED, kind="hashtag"))
    else:
        rows = corpus.query(CARRIED, kind=kind)
    return _acts(kind, rows)._replace(unused=_unused(corpus, kind), credits=credits)


def _unused(corpus: Corpus, kind: str) -> int:
    """Count the acts of a kind whose post has no account or no time."""
    if kind in ("repost", "reply"):
        counted = corpus.query(UNUSED_REFERRED.format(column="repost_of" if kind == "repost" else "reply_to"))
    elif kind == "text":
        counted = corpus.query(UNUSED_WRITTEN)
    elif kind == "hashtags":
        counted = corpus.query(UNUSED_SEQUENCES, least=LONGEST_SEQUENCE)
    else:
        counted = corpus.query(UNUSED_CARRIED, kind=kind)
    return int(counted["n"][0].as_py())


def without_authors(acts: Acts) -> Acts:
    """Leave out, of texts that several write, the act of the one who wrote first, and those that give credit for it.

    Who is copied does not act with who copies, and who mentions, quotes or answers the author copies nobody. Where several are
    first at the same time, none is the author, and all stay. Other kinds stay as they are.
    """
    if acts.kind != "text" or not acts.account.size:
        return acts
    order = np.lexsort((acts.account, acts.at_us, acts.obj))
    obj, at, account = acts.obj[order], acts.at_us[order], acts.account[order]
    starts = np.flatnonzero(np.concatenate(([True], obj[1:] != obj[:-1])))
    which = np.repeat(np.arange(starts.size), np.diff(starts, append=obj.size))
    first, begun = account[starts][which], at[starts][which]
    shared = np.bincount(which, account != first) > 0
    tied = np.bincount(which, (at == begun) & (account != first)) > 0
    drop = np.zeros(obj.size, np.bool_)
    drop[order[starts[shared & ~tied]]] = True
    if acts.credits is not None:
        drop[order] |= acts.credits[order] & ~tied[which]
    keep = ~drop
    return acts._replace(
        account=acts.account[keep], obj=acts.obj[keep], at_us=acts.at_us[keep], post=acts.post.filter(pa.array(keep)), credits=None
    )


def pooled(parts: list[Acts]) -> Acts:
    """Put acts of several kinds into one, objects told apart by their kind."""
    rows = pa.concat_tables(
        pa.table(
            {
                "platform": one.accounts["platform"].take(pa.array(one.account)),
                "account_id": one.accounts["account_id"].take(pa.array(one.account)),
                "at_us": one.at_us,
                "post_id": one.post,
                "object": _joined(pa.repeat(one.kind, one.account.size), one.objects.take(pa.array(one.obj))),
            }
        )
        for one in parts
    )
    return _acts("any", rows)._replace(unused=sum(one.unused for one in parts))


def present(corpus: Corpus) -> list[str]:
    """Name the kinds that hold an act at all."""
    kinds = {r["kind"] for r in corpus.query("SELECT kind FROM post_objects GROUP BY kind").to_pylist()}
    columns = ("repost_of", "reply_to", "text")
    counted = corpus.query("SELECT COUNT(repost_of) AS repost_of, COUNT(reply_to) AS reply_to, COUNT(text) AS text FROM posts")
    held = {name for name, column in zip(("repost", "reply", "text"), columns, strict=True) if counted[column][0].as_py()}
    held |= kinds | ({"hashtags"} if "hashtag" in kinds else set())
    return [kind for kind in KINDS if kind in held]


def shown(kind: str, value: str) -> str:
    """Write an object for a reader: without the platform or kind put before it."""
    return value.rsplit(_APART, 1)[-1] if kind in ("repost", "reply", "any") else value


def _acts(kind: str, rows: pa.Table) -> Acts:
    accounts, account = _codes(_joined(rows["platform"], rows["account_id"]))
    objects, obj = _codes(rows["object"])
    named = pc.split_pattern(accounts, _APART, max_splits=1)
    both = {"platform": pc.list_element(named, 0), "account_id": pc.list_element(named, 1)} if len(accounts) else {
        "platform": accounts, "account_id": accounts}  # fmt: skip
    return Acts(kind, account, obj, _ints(rows["at_us"]), _one(rows["post_id"]), pa.table(both), objects)


def _codes(values: pa.ChunkedArray) -> tuple[pa.Array, Ints]:
    """Give the distinct values in order and the position of each element's among them."""
    encoded = _one(values).dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary)
    place = np.empty(len(order), np.int64)
    place[np.asarray(order)] = np.arange(len(order))
    return encoded.dictionary.take(order), place[np.asarray(encoded.indices, np.int64)]


def _texts(corpus: Corpus, rows: pa.Table) -> tuple[pa.Table, Bools]:
    """Name each text by the first, by letters, of its group of same or near-same ones; those too short act on nothing.

    A text alone stays: whoever writes one could have written what others write, and chance is dealt among all that could. The
    second value marks the texts that credit whoever wrote the first of their group.
    """
    rows = rows.sort_by([("object", "ascending"), ("platform", "ascending"), ("post_id", "ascending")])
    said = nearsame(rows["object"].to_pylist())
    kept = np.flatnonzero(said.long | (said.group >= 0))
    rows = rows.take(pa.array(kept))
    alone = said.group[kept] < 0
    _, first, group = np.unique(np.where(alone, -1 - kept, said.group[kept]), return_index=True, return_inverse=True)
    named = _set(rows, "object", _one(rows["object"]).take(pa.array(first[group])))
    return named, _credits(corpus, rows, np.where(alone, -1, said.group[kept]))


def _credits(corpus: Corpus, rows: pa.Table, group: Ints) -> Bools:
    """Mark the texts that name, quote or answer who wrote the first of their group (-1: alone)."""
    whole, inside = group.size, np.flatnonzero(group >= 0)
    rows, group = rows.take(pa.array(inside)), group[inside]
    accounts, author = _codes(_joined(rows["platform"], rows["account_id"]))
    place = {key: code for code, key in enumerate(accounts.to_pylist())}
    called = {code: {key.split(_APART, 1)[1].casefold()} for key, code in place.items()}
    for row in corpus.query(HANDLES).to_pylist():
        if (code := place.get(f"{row['platform']}{_APART}{row['account_id']}")) is not None:
            called[code].add(row["handle"].casefold())
    at_us = _ints(rows["at_us"])
    named = mentions(rows["object"].to_pylist(), group, at_us, author, called, added=True)
    order = np.lexsort((author, at_us, group))
    _, begins, which = np.unique(group[order], return_index=True, return_inverse=True)
    first = np.empty(group.size, np.int64)
    first[order] = author[order][begins][which]
    target = _ints(pc.fill_null(pc.index_in(_joined(rows["platform"], rows["target"]), accounts), -1))
    credits = np.zeros(whole, np.bool_)
    credits[inside] = (author != first) & (named | (target == first))
    return credits


def _sequences(rows: pa.Table) -> pa.Table:
    """Join the tags of each post, where they are three or more: few come to the same by chance."""
    if not rows.num_rows:
        return rows
    rows = rows.sort_by([(name, "ascending") for name in ("platform", "post_id", "object")])
    key = _one(_joined(rows["platform"], rows["post_id"]))
    starts = np.flatnonzero(np.concatenate(([True], np.asarray(pc.not_equal(key[1:], key[:-1])))))
    length = np.diff(starts, append=rows.num_rows)
    tags = pa.ListArray.from_arrays(pa.array(np.append(starts, rows.num_rows), pa.int32()), _one(rows["object"]))
    said = pc.binary_join(tags, " ")
    enough = length >= LONGEST_SEQUENCE
    return _set(rows.take(pa.array(starts[enough])), "object", said.filter(pa.array(enough)))


def _joined(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(one, other, _APART)


def _set(rows: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def _ints(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.to_numpy(), np.int64)


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
