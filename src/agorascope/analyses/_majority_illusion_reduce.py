"""Who sees whom, how much, and who bears the attribute? A network of exposure, its bearers and camps, and the replies shown first.

One element of ``Seen`` is one account in the network. A network is no small table: about 100 bytes a tie, which is the exception
the analysis documents; replies with a rank come one by one as well.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, diags_array

from agorascope.divisions import chosen
from agorascope.errors import BadValue
from agorascope.stats.distinct import distinct
from agorascope.stats.graphs import simple
from agorascope.stats.illusion import exposures
from agorascope.tables import Corpus
from agorascope.ties import Ties, counting, positions, read, untied

from ._majority_illusion_borne import Key, attribute_meant, borne

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FEWEST_CAMP = 10
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


class Camps(NamedTuple):
    """Hold the camp of each account (accounts,), -1 none, and the names; ``less``: viewers in none of these, where there are any.

    ``variable`` is that of the groups taken, "" without one, ``known`` of how many of ``viewers``; ``others``: the variables that
    were not taken, with how many viewers each is known of.
    """

    of: Ints
    names: list[str]
    less: int
    variable: str
    known: int
    viewers: int
    others: tuple[tuple[str, int], ...]


class Seen(NamedTuple):
    """Hold what is seen: ``shown`` (accounts, accounts), and of each account (accounts,) ``bears``, ``posts``.

    ``can`` (accounts,): those that could bear it, ``whose`` says which: of a word or hashtag those that wrote anything of their own
    (``written``), of a group those in any of its table (``declared``), or all (``tied``); only what is seen of these is in
    ``shown``, of ``all_seen`` in all. ``platform`` (accounts,) numbers ``platforms``.
    ``bearers`` counts accounts of the case that bear the attribute, also those outside of the network; ``untied`` all its accounts
    outside. ``weighed``: by weights of ties, or by activity; ``rows``: by those that rows of a file give,
    which are all the same where it is ``even``: such a file may have counted by repeating rows, which the store keeps once.
    """

    shown: csr_array
    all_seen: float
    bears: Bools
    can: Bools
    whose: str
    platform: Ints
    platforms: list[str]
    posts: Floats
    camps: Camps
    bearers: int
    untied: int
    weighed: bool
    rows: bool
    even: bool
    coordinated: Bools | None
    replies: Replies | None
    ties: Ties
    query: str


def reduce(corpus: Corpus, *, attribute: str, layer: str, network: str, direction: str, weigh: str, groups: str) -> Seen | None:
    """Read who sees whom and who bears the attribute; None where there are no ties. Raises BadValue for names nobody has."""
    kind, value = attribute_meant(corpus, attribute)
    told = borne(corpus, kind, value)
    ties = read(corpus, layer=layer, network=network)
    if ties is None:
        return None
    accounts = len(ties.account)
    bears = _among(corpus, ties, told.bearers)
    can = np.ones(accounts, bool) if told.can is None else _among(corpus, ties, told.can)
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
    if told.can is not None:
        shown = (shown @ diags_array(can[kept].astype(np.float64))).tocsr()
        shown.eliminate_zeros()
    platforms, platform = np.unique([ties.platform[i] for i in kept.tolist()], return_inverse=True)
    return Seen(
        shown,
        all_seen,
        bears[kept],
        can[kept],
        told.whose,
        platform.astype(np.int64),
        platforms.tolist(),
        posts[kept],
        _camps(corpus, ties, kept, shown, groups, value if kind == "group" else None),
        len(told.bearers),
        untied(corpus, [ties.platform[i] for i in kept.tolist()], [ties.account[i] for i in kept.tolist()]),
        activity is not None or weight is not None,
        bool(ties.network) and weight is not None,
        bool(ties.network) and often is not None and _even(corpus, ties),
        _coordinated(corpus, ties, kept),
        _replies(corpus, told.bearers, told.can),
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


def _among(corpus: Corpus, ties: Ties, keys: list[Key]) -> Bools:
    """Mark these accounts among those of the ties (accounts,)."""
    where = positions(corpus, ties, [p for p, _ in keys], [a for _, a in keys])
    found = np.zeros(len(ties.account), bool)
    found[where[where >= 0]] = True
    return found


def _posts(corpus: Corpus, ties: Ties) -> Floats:
    """Count the posts of each account in the ties."""
    found = np.zeros(len(ties.account))
    if corpus.has("posts"):
        rows = corpus.query(_POSTED)
        where = positions(corpus, ties, rows["platform"].to_pylist(), rows["account_id"].to_pylist())
        np.add.at(found, where[where >= 0], rows["posts"].to_numpy()[where >= 0])
    return found


def _camps(corpus: Corpus, ties: Ties, kept: Ints, shown: csr_array, groups: str, attribute: str | None) -> Camps:
    """Give each account its camp: groups named, or those of one variable, of ``FEWEST_CAMP`` viewers or more.

    Unless it is named, the group that is the attribute is no camp where it cuts across the others of its variable.
    """
    views = shown.sum(axis=1) > 0
    viewers = np.zeros(len(ties.account), bool)
    viewers[kept[views]] = True
    found = chosen(corpus, ties, groups, viewers, FEWEST_CAMP, fewest=1, about=attribute)
    label = found.label[kept]
    size = np.bincount(label[views & (label >= 0)], minlength=len(found.names))
    large = np.flatnonzero(size >= FEWEST_CAMP)
    inside = np.isin(label, large)
    camp = np.where(inside, np.searchsorted(large, label), -1)
    known = int((views & inside).sum())
    less = int((views & ~inside).sum()) if large.size else 0
    return Camps(camp, [found.names[i] for i in large.tolist()], less, found.variable, known, int(views.sum()), found.others)


def _coordinated(corpus: Corpus, ties: Ties, kept: Ints) -> Bools | None:
    """Mark the members of coordinated networks; None where none was looked for or found."""
    rows = corpus.derived("coordination.accounts")
    listed = [r for r in rows.to_pylist() if r["in_network"]] if rows.num_rows else []
    if not listed:
        return None
    return _among(corpus, ties, [(r["platform"], r["account_id"]) for r in listed])[kept]


def _replies(corpus: Corpus, bearers: list[Key], can: list[Key] | None) -> Replies | None:
    """Read the replies whose place in the feed is known, of those who could bear it, in the order shown; None without any."""
    rows = corpus.query(_RANKED) if corpus.has("posts") else None
    if rows is None or not rows.num_rows:
        return None
    listed = rows.to_pylist()
    keys = sorted({(r["platform"], r["account_id"]) for r in listed})
    none = np.empty(0, np.int64)
    authors = Ties("", "", none, none, np.empty(0), [p for p, _ in keys], [a for _, a in keys], [])
    bears = dict(zip(keys, _among(corpus, authors, bearers).tolist(), strict=True))
    could = bears if can is None else dict(zip(keys, _among(corpus, authors, can).tolist(), strict=True))
    kept = [r for r in listed if can is None or could[r["platform"], r["account_id"]]]
    number: dict[Key, int] = {}
    thread = [number.setdefault((r["platform"], r["reply_to"]), len(number)) for r in kept]
    return (
        Replies(np.array(thread, np.int64), np.array([bears[r["platform"], r["account_id"]] for r in kept], bool)) if kept else None
    )
