"""Who sees whom, how much, and who bears the attribute? A network of exposure, its bearers and camps, and the replies shown first.

One element of ``Seen`` is one account in the network. A network is no small table: about 100 bytes a tie, which is the exception
the analysis documents; replies with a rank come one by one as well.
"""

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array, csr_array, diags_array

from agorascope.errors import BadValue
from agorascope.stats.distinct import distinct
from agorascope.stats.graphs import simple
from agorascope.stats.illusion import exposures
from agorascope.tables import Corpus
from agorascope.ties import Ties, belonging, counting, group_called, members, positions, read, spelled, untied

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Key = tuple[str, str]

FEWEST_CAMP = 10
KINDS = ("group", "hashtag", "word")
_NOBODY = pa.table({"platform": pa.array([], pa.string()), "account_id": pa.array([], pa.string())})

_TAGGED = """
    SELECT p.platform AS platform, p.account_id AS account_id FROM post_objects AS t JOIN posts AS p
    ON t.platform = p.platform AND t.post_id = p.post_id
    WHERE t.kind = 'hashtag' AND t.value = :tag AND p.kind <> 'repost' AND p.account_id IS NOT NULL
    GROUP BY p.platform, p.account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
_WRITTEN = """
    SELECT platform, account_id, text FROM posts
    WHERE text IS NOT NULL AND INSTR(LOWER(text), :word) > 0 AND kind <> 'repost' AND account_id IS NOT NULL
    GROUP BY platform, account_id, text ORDER BY platform NULLS FIRST, account_id NULLS FIRST, text NULLS FIRST"""
_WROTE = """
    SELECT platform, account_id FROM posts WHERE kind <> 'repost' AND account_id IS NOT NULL {known}
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
_POSTED = """
    SELECT platform, account_id, COUNT(*) AS posts FROM posts WHERE account_id IS NOT NULL
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
_WEIGHTS = "SELECT COUNT(weight) AS n FROM edges WHERE network = :network AND (:layer = '' OR layer = :layer)"
_LEAST_MOST = """
    SELECT MIN(COALESCE(weight, CAST(1 AS DOUBLE))) AS least, MAX(COALESCE(weight, CAST(1 AS DOUBLE))) AS most FROM edges
    WHERE network = :network AND (:layer = '' OR layer = :layer)"""
_RANKED = """
    SELECT platform, reply_to, account_id, feed_position FROM posts
    WHERE reply_to IS NOT NULL AND account_id IS NOT NULL AND feed_position IS NOT NULL
    ORDER BY platform NULLS FIRST, reply_to NULLS FIRST, feed_position NULLS FIRST, post_id NULLS FIRST"""


class Replies(NamedTuple):
    """Hold replies with a known rank, in the order shown: the post answered, as a number (replies,), and whether by a bearer."""

    thread: Ints
    bears: Bools


class Seen(NamedTuple):
    """Hold what is seen: ``shown`` (accounts, accounts), and of each account (accounts,) ``bears``, ``posts``, ``camp``, -1 none.

    ``can`` (accounts,): those that could bear it, of a word or hashtag (``written``) those that wrote anything of their own; only
    what is seen of these is in ``shown``, of ``all_seen`` in all. ``platform`` (accounts,) numbers ``platforms``.
    ``bearers`` counts accounts of the case that bear the attribute, also those outside of the network; ``untied`` all its accounts
    outside. ``weighed``: by weights of ties, or by activity; ``rows``: by those that rows of a file give,
    which are all the same where it is ``even``: such a file may have counted by repeating rows, which the store keeps once.
    """

    shown: csr_array
    all_seen: float
    bears: Bools
    can: Bools
    written: bool
    platform: Ints
    platforms: list[str]
    posts: Floats
    camp: Ints
    camps: list[str]
    campless: int
    bearers: int
    untied: int
    weighed: bool
    rows: bool
    even: bool
    coordinated: Bools | None
    replies: Replies | None
    ties: Ties
    query: str


def attribute_of(text: str) -> tuple[str, str]:
    """Split an attribute into its kind and value. Raises BadValue.

    >>> attribute_of("hashtag:#Paix"), attribute_of("group:left: old")
    (('hashtag', 'paix'), ('group', 'left: old'))
    """
    kind, _, value = text.partition(":")
    value = value.strip() if kind == "group" else value.strip().lstrip("#").lower()
    if kind not in KINDS or not value:
        raise BadValue(f"attribute is {text!r}; use group:NAME, hashtag:TAG or word:WORD")
    return kind, value


def attribute_meant(corpus: Corpus, text: str) -> tuple[str, str]:
    """Split an attribute as ``attribute_of``; a group is named as it is here, whatever the case it was written in."""
    kind, value = attribute_of(text)
    return kind, group_called(corpus, value) if kind == "group" else value


def reduce(corpus: Corpus, *, attribute: str, layer: str, network: str, direction: str, weigh: str, groups: str) -> Seen | None:
    """Read who sees whom and who bears the attribute; None where there are no ties. Raises BadValue for names nobody has."""
    kind, value = attribute_meant(corpus, attribute)
    bearers = [(r["platform"], r["account_id"]) for r in _bearers(corpus, kind, value).to_pylist()]
    ties = read(corpus, layer=layer, network=network)
    if ties is None:
        return None
    accounts = len(ties.account)
    where = positions(corpus, ties, [p for p, _ in bearers], [a for _, a in bearers])
    bears = _marked(where, accounts)
    written = kind != "group"
    can = _wrote(corpus, ties, kind) if written else np.ones(accounts, bool)
    posts = _posts(corpus, ties)
    activity = posts if weigh == "activity" and bool(posts.any()) else None
    often = _often(corpus, ties) if weigh == "activity" else None
    weight: Floats | None = None
    if direction == "both":
        graph = simple(ties.source, ties.target)
        kept = graph.name
        viewer, account = np.repeat(np.arange(graph.nodes), graph.degree), graph.adjacency.indices.astype(np.int64)
        if often is not None:
            either = coo_array((often, (ties.source, ties.target)), shape=(accounts, accounts)).tocsr()
            weight = np.asarray((either + either.T).tocsr()[kept[viewer], kept[account]]).ravel()
    else:
        apart = ties.source != ties.target
        kept = distinct(np.concatenate((ties.source[apart], ties.target[apart])))
        viewer, account = (np.searchsorted(kept, end[apart]) for end in (ties.source, ties.target))
        weight = None if often is None else often[apart]
    shown = exposures(viewer, account, kept.size, weight=weight, activity=None if activity is None else activity[kept])
    all_seen = float(shown.sum())
    if written:
        shown = (shown @ diags_array(can[kept].astype(np.float64))).tocsr()
        shown.eliminate_zeros()
    platforms, platform = np.unique([ties.platform[i] for i in kept.tolist()], return_inverse=True)
    camp, camps = _camps(corpus, ties, groups, value if kind == "group" else None)
    camp, camps, campless = _large(camp[kept], camps, shown)
    return Seen(
        shown,
        all_seen,
        bears[kept],
        can[kept],
        written,
        platform.astype(np.int64),
        platforms.tolist(),
        posts[kept],
        camp,
        camps,
        campless,
        len(bearers),
        untied(corpus, [ties.platform[i] for i in kept.tolist()], [ties.account[i] for i in kept.tolist()]),
        activity is not None or weight is not None,
        bool(ties.network) and weight is not None,
        bool(ties.network) and often is not None and _even(corpus, ties),
        _coordinated(corpus, ties, kept),
        _replies(corpus, set(bearers)),
        ties,
        counting(ties),
    )


def _often(corpus: Corpus, ties: Ties) -> Floats | None:
    """Give how often each tie was made, or its weight in the file (ties,); None for a network without weights.

    A follow that a file repeats is one follow; weights of rows that differ (in time, say) add up. A row exactly like another is not
    there: the store keeps each row once, so that a file added twice changes nothing. Raises BadValue for a weight below 0, which an
    older version may have kept.
    """
    if ties.network and not int(corpus.query(_WEIGHTS, network=ties.network, layer=ties.layer)["n"][0].as_py()):
        return None
    low = float(ties.weight.min(initial=0.0))
    if not low >= 0:
        raise BadValue(f"network {ties.name} holds a tie of weight {low:g}; add its file again, or use weigh=plain")
    return ties.weight


def _even(corpus: Corpus, ties: Ties) -> bool:
    """Say whether all rows of a network have one weight."""
    row = corpus.query(_LEAST_MOST, network=ties.network, layer=ties.layer).to_pylist()[0]
    return bool(row["least"] == row["most"])


def _bearers(corpus: Corpus, kind: str, value: str) -> pa.Table:
    """List the accounts of a group, or those that wrote a hashtag or a word; reposts are not writing."""
    if kind == "group":
        rows = members(corpus)
        there = sorted(set(rows["group_name"].to_pylist()))
        if value not in there:
            raise BadValue(f"attribute is group:{value}, which has no accounts here; groups are: {', '.join(there) or 'none'}")
        return pa.Table.from_pylist([r for r in rows.to_pylist() if r["group_name"] == value], rows.schema).select([0, 1])
    if not corpus.has("posts"):
        return _NOBODY
    if kind == "hashtag":
        return corpus.query(_TAGGED, tag=value)
    whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    found = corpus.query(_WRITTEN, word=value).to_pylist()
    keys = sorted({(r["platform"], r["account_id"]) for r in found if whole.search(r["text"].lower())})
    return pa.Table.from_pylist([{"platform": p, "account_id": a} for p, a in keys], _NOBODY.schema)


def _marked(where: Ints, accounts: int) -> Bools:
    """Mark the accounts at these positions (accounts,); -1 is none."""
    found = np.zeros(accounts, bool)
    found[where[where >= 0]] = True
    return found


def _wrote(corpus: Corpus, ties: Ties, kind: str) -> Bools:
    """Mark the accounts that wrote anything of their own, of a word with its text known: no others can be seen to bear it."""
    if not corpus.has("posts"):
        return np.zeros(len(ties.account), bool)
    rows = corpus.query(_WROTE.format(known="AND text IS NOT NULL" if kind == "word" else ""))
    return _marked(positions(corpus, ties, rows["platform"].to_pylist(), rows["account_id"].to_pylist()), len(ties.account))


def _posts(corpus: Corpus, ties: Ties) -> Floats:
    """Count the posts of each account in the ties."""
    found = np.zeros(len(ties.account))
    if corpus.has("posts"):
        rows = corpus.query(_POSTED)
        where = positions(corpus, ties, rows["platform"].to_pylist(), rows["account_id"].to_pylist())
        np.add.at(found, where[where >= 0], rows["posts"].to_numpy()[where >= 0])
    return found


def _camps(corpus: Corpus, ties: Ties, groups: str, attribute: str | None) -> tuple[Ints, list[str]]:
    """Give each account its camp, a group named or any; -1 where none or several.

    Unless it is named, the group that is the attribute is no camp where any of its members is in another group too: it cuts across
    the camps then, and its members would be in several.
    """
    rows = members(corpus).to_pylist()
    there = list(dict.fromkeys(r["group_name"] for r in rows))
    bearers = {(r["platform"], r["account_id"]) for r in rows if r["group_name"] == attribute}
    across = any((r["platform"], r["account_id"]) in bearers for r in rows if r["group_name"] != attribute)
    every = [name for name in there if name != attribute or not across]
    names = list(dict.fromkeys(spelled(name.strip(), there) for name in groups.split(","))) if groups else every
    if strange := [name for name in names if name not in there]:
        raise BadValue(f"groups holds {strange[0]!r}, which has no accounts here; groups are: {', '.join(there) or 'none'}")
    number = {name: i for i, name in enumerate(names)}
    asked = [r for r in rows if r["group_name"] in number]
    where = positions(corpus, ties, [r["platform"] for r in asked], [r["account_id"] for r in asked])
    label = belonging(where, np.array([number[r["group_name"]] for r in asked], np.int64), len(ties.account))
    return label.clip(min=-1), names


def _large(camp: Ints, names: list[str], shown: csr_array) -> tuple[Ints, list[str], int]:
    """Keep camps of ``FEWEST_CAMP`` viewers or more; count the viewers in none of these, where there are camps at all."""
    views = shown.sum(axis=1) > 0
    size = np.bincount(camp[views & (camp >= 0)], minlength=len(names))
    large = np.flatnonzero(size >= FEWEST_CAMP)
    kept = np.isin(camp, large)
    found = np.where(kept, np.searchsorted(large, camp), -1)
    return found, [names[one] for one in large.tolist()], int((views & ~kept).sum()) if large.size else 0


def _coordinated(corpus: Corpus, ties: Ties, kept: Ints) -> Bools | None:
    """Mark the members of coordinated networks; None where none was looked for or found."""
    rows = corpus.derived("coordination.accounts")
    listed = [r for r in rows.to_pylist() if r["in_network"]] if rows.num_rows else []
    if not listed:
        return None
    where = positions(corpus, ties, [r["platform"] for r in listed], [r["account_id"] for r in listed])
    return _marked(where, len(ties.account))[kept]


def _replies(corpus: Corpus, bearers: set[Key]) -> Replies | None:
    """Read the replies whose place in the feed is known, in the order shown; None where there are none."""
    rows = corpus.query(_RANKED) if corpus.has("posts") else None
    if rows is None or not rows.num_rows:
        return None
    listed = rows.to_pylist()
    number: dict[Key, int] = {}
    thread = [number.setdefault((r["platform"], r["reply_to"]), len(number)) for r in listed]
    return Replies(np.array(thread, np.int64), np.array([(r["platform"], r["account_id"]) in bearers for r in listed], bool))
