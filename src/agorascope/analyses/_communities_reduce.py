"""Who is tied to whom? Accounts, what each wrote (a repost is no writing), and the pairs of one or several layers of ties.

One element of a layer is one distinct pair: an account and the account it reposts, answers, mentions or follows, or an account and
a thing it shares. A network is no small table: this reduction gives every pair, about 200 bytes each while it is read, which is the
exception the analysis documents. How often a pair occurs is not used: a loud account has no more ties for it.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.errors import BadValue
from agorascope.records import REGISTRATIONS
from agorascope.stats.distinct import distinct
from agorascope.tables import Corpus

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = list[dict[str, Any]]

TIED = ("repost", "follow", "mention", "reply")
SHARED = ("share", "url", "domain", "hashtag")
ENOUGH = 100
_APART = "\x1f"

_NAMED = "p.platform AS platform, p.account_id AS source"
_ORDER = " ORDER BY platform NULLS FIRST, source NULLS FIRST, target NULLS FIRST"
_TO = "COALESCE(p.ref_account_id, o.account_id)"
REFERRED = (
    "SELECT {named}, {to} AS target FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND p.{column} = o.post_id "
    "WHERE p.kind = :kind AND p.account_id IS NOT NULL AND {to} IS NOT NULL GROUP BY p.platform, p.account_id, {to}" + _ORDER
)
MENTIONED = (
    f"""
    WITH known AS (SELECT platform, LOWER(handle) AS handle, MIN(account_id) AS account_id FROM accounts
        WHERE handle IS NOT NULL GROUP BY platform, LOWER(handle))
    SELECT {_NAMED}, COALESCE(k.account_id, o.value) AS target FROM post_objects AS o
        JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id
        LEFT JOIN known AS k ON k.platform = o.platform AND k.handle = LOWER(o.value)
    WHERE o.kind = 'mention' AND p.kind <> 'repost' AND p.account_id IS NOT NULL
    GROUP BY p.platform, p.account_id, COALESCE(k.account_id, o.value)"""
    + _ORDER
)
CARRIED = (
    f"SELECT {_NAMED}, o.value AS target FROM post_objects AS o "
    "JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id "
    "WHERE o.kind = :kind AND p.kind <> 'repost' AND p.account_id IS NOT NULL GROUP BY p.platform, p.account_id, o.value" + _ORDER
)
_FOLLOW = " OR ".join(f"LOWER(COALESCE({c}, '')) LIKE '{word}%'" for c in ("network", "layer") for word in ("follow", "abonn"))
GIVEN = (
    "SELECT platform, source, target FROM edges WHERE network <> :registrations AND ((:name = 'follow' AND ("
    + _FOLLOW
    + ")) OR (network = :name AND NOT (:apart = 'yes' AND ("
    + _FOLLOW
    + ")))) GROUP BY platform, source, target"
    + _ORDER
)
ACTIVE = """
    SELECT p.platform AS platform, p.account_id AS account_id,
        CAST(SUM(CASE WHEN p.kind <> 'repost' THEN 1 ELSE 0 END) AS BIGINT) AS posts,
        CAST(SUM(CASE WHEN p.kind <> 'repost' THEN m.views END) AS BIGINT) AS views
    FROM posts AS p LEFT JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.account_id IS NOT NULL GROUP BY p.platform, p.account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
HANDLES = """
    SELECT platform, LOWER(handle) AS handle, MIN(account_id) AS account_id FROM accounts WHERE handle IS NOT NULL
    GROUP BY platform, LOWER(handle) HAVING MIN(account_id) = MAX(account_id) ORDER BY platform NULLS FIRST, handle NULLS FIRST"""
KINDS = """
    SELECT kind, COUNT(*) AS n FROM posts WHERE account_id IS NOT NULL
        AND (ref_account_id IS NOT NULL OR repost_of IS NOT NULL OR reply_to IS NOT NULL) GROUP BY kind ORDER BY kind NULLS FIRST"""
OBJECTS = """
    SELECT o.kind AS kind, COUNT(*) AS n FROM post_objects AS o JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id
    WHERE o.kind <> 'mention' OR p.kind <> 'repost' GROUP BY o.kind ORDER BY kind NULLS FIRST"""
NETWORKS = f"""
    SELECT network, CASE WHEN {_FOLLOW} THEN 'follow' ELSE '' END AS layer, COUNT(*) AS n FROM edges WHERE network <> :registrations
    GROUP BY network, CASE WHEN {_FOLLOW} THEN 'follow' ELSE '' END ORDER BY network NULLS FIRST, layer NULLS FIRST"""


class Layer(NamedTuple):
    """Hold distinct pairs (pairs,) of one layer: positions of accounts, and of accounts or (``shared``) of things."""

    name: str
    source: Ints
    target: Ints
    shared: bool


class Gathered(NamedTuple):
    """Hold the accounts (``platform, account_id``), their posts and views (accounts,), and the layers asked for.

    ``views`` is nan where no count is known; ``stratum`` numbers platforms; ``there``: rows of each layer the case has;
    ``reposts``: who reposts whom, also where it is not asked for; ``follows``: the networks that make up the layer ``follow``.
    """

    accounts: pa.Table
    stratum: Ints
    posts: Floats
    views: Floats
    layers: tuple[Layer, ...]
    reposts: Layer | None
    there: dict[str, int]
    follows: frozenset[str] = frozenset()


def present(corpus: Corpus, networks: Rows) -> dict[str, int]:
    """Count the rows of each layer there is, in the order in which ``auto`` prefers them; ``networks``: what ``NETWORKS`` gives."""
    found: dict[str, int] = {}
    if corpus.has("posts"):
        found |= {r["kind"]: r["n"] for r in corpus.query(KINDS).to_pylist() if r["kind"] in ("repost", "reply")}
    if corpus.has("post_objects"):
        found |= {r["kind"]: r["n"] for r in corpus.query(OBJECTS).to_pylist() if r["kind"] in ("mention", *SHARED)}
    for row in networks:
        for name in {row["network"], row["layer"]} - {""}:
            found[name] = found.get(name, 0) + row["n"]
    given = sorted({r["network"] for r in networks if not r["layer"]})
    order = ("repost", "follow", *given, "mention", "reply", *SHARED)
    return {name: found[name] for name in (*order, *sorted(set(found) - set(order))) if name in found}


def _follows(networks: Rows) -> frozenset[str]:
    """Name the networks whose ties all count as follows: asked for as ``follow``, they are not another layer."""
    return frozenset({r["network"] for r in networks if r["layer"]} - {r["network"] for r in networks if not r["layer"]})


def layers_of(asked: str, there: dict[str, int], follows: frozenset[str] = frozenset()) -> list[str]:
    """List the layers asked for, each once: a network of ``follows`` is in the layer ``follow`` already.

    Of ``auto`` the first with enough rows, else the largest; of ``all`` those that tie account to account. Raises BadValue for one
    there is not, and for several of which one is of things shared: no way to draw them at random keeps how they go together.
    """
    if asked == "auto":
        first = next((name for name, n in there.items() if n >= ENOUGH), max(there, key=lambda n: there[n], default=""))
        return [first] if first else []
    direct = [name for name in there if name not in SHARED]
    names = (direct or list(there)) if asked == "all" else list(dict.fromkeys(asked.split("+")))
    for name in names:
        if name not in there:
            raise BadValue(f"layer is {name!r}, of which there are no ties here; layers are: {', '.join(there) or 'none'}")
    things = [name for name in names if name in SHARED]
    if things and len(names) > 1:
        raise BadValue(
            f"layer is {asked!r}, and ties of things shared ({', '.join(things)}) cannot be summed with others: whoever shares one "
            "thing shares others with it, which random networks would not; ask for each alone"
        )
    return [name for name in names if name not in follows or "follow" not in names]


def reduce(corpus: Corpus, asked: str) -> Gathered:
    """Gather the accounts and the pairs of the layers asked for."""
    networks = corpus.query(NETWORKS, registrations=REGISTRATIONS).to_pylist() if corpus.has("edges") else []
    there = present(corpus, networks)
    follows = _follows(networks)
    names = layers_of(asked, there, follows)
    wanted = [*names, *(["repost"] if "repost" in there and "repost" not in names else [])]
    rows = {name: _rows(corpus, name, apart="follow" in names) for name in wanted}
    active = corpus.query(ACTIVE) if corpus.has("posts") else None
    known = _known(corpus, active) if any(name not in ("repost", "reply", "mention", *SHARED) for name in names) else {}
    keys = {n: _keys(r, known, n) for n, r in rows.items()}
    own = [_joined(active["platform"], active["account_id"])] if active is not None else []
    accounts, codes = _codes([*own, *(part for n, both in keys.items() for part in (both if n not in SHARED else both[:1]))])
    first = codes.pop(0) if own else np.empty(0, np.int64)
    layers = []
    for name, both in keys.items():
        source = codes.pop(0)
        target = codes.pop(0) if name not in SHARED else _codes([both[1]])[1][0]
        apart = np.ones(source.size, bool) if name in SHARED else source != target
        pair = distinct(source[apart] * (int(target.max(initial=0)) + 1) + target[apart])
        layers.append(Layer(name, *np.divmod(pair, int(target.max(initial=0)) + 1), name in SHARED))
    posts, views = np.zeros(len(accounts)), np.full(len(accounts), np.nan)
    if active is not None:
        posts[first] = active["posts"].to_numpy()
        views[first] = np.asarray(active["views"].to_numpy(zero_copy_only=False), np.float64)
    parts = pc.split_pattern(accounts, _APART, max_splits=1)
    columns = [pc.list_element(parts, i) if len(accounts) else accounts for i in (0, 1)]
    _, (stratum,) = _codes([columns[0]])
    table = pa.table({"platform": columns[0], "account_id": columns[1]})
    reposts = next((layer for layer in layers if layer.name == "repost"), None)
    asked_for = tuple(layer for layer in layers if layer.name in names)
    return Gathered(table, stratum, posts, views, asked_for, reposts, there, follows)


def _rows(corpus: Corpus, name: str, *, apart: bool) -> pa.Table:
    """Ask for the pairs of a layer; of a given network without its follows if these are ``apart``, a layer of their own."""
    if name in ("repost", "reply"):
        column = "repost_of" if name == "repost" else "reply_to"
        return corpus.query(REFERRED.format(named=_NAMED, to=_TO, column=column), kind=name)
    if name == "mention":
        return corpus.query(MENTIONED)
    if name in SHARED:
        return corpus.query(CARRIED, kind=name)
    return corpus.query(GIVEN, name=name, apart="yes" if apart else "", registrations=REGISTRATIONS)


def _known(corpus: Corpus, active: pa.Table | None) -> dict[str, str]:
    """Name the accounts that post by what a list of ties may call them: id or handle, with or without platform."""
    known: dict[str, str] = {}
    if active is not None:
        keys = _joined(active["platform"], active["account_id"]).to_pylist()
        known |= {f"unknown{_APART}{key.split(_APART, 1)[1]}": key for key in reversed(keys)} | {key: key for key in keys}
    if corpus.has("accounts"):
        for row in corpus.query(HANDLES).to_pylist():
            key = f"{row['platform']}{_APART}{row['account_id']}"
            for platform in (row["platform"], "unknown"):
                known.setdefault(f"{platform}{_APART}{row['handle']}", known.get(key, key))
    return known


def _keys(rows: pa.Table, known: dict[str, str], name: str) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Name both ends of each pair; ends of a given network as the accounts that post are named, where they are known."""
    source = _joined(rows["platform"], rows["source"])
    if name in SHARED:
        return source, rows["target"]
    target = _joined(rows["platform"], rows["target"])
    if name in ("repost", "reply", "mention") or not known:
        return source, target
    return _renamed(source, known), _renamed(target, known)


def _renamed(names: pa.ChunkedArray, known: dict[str, str]) -> pa.ChunkedArray:
    encoded = names.combine_chunks().dictionary_encode()
    renamed = pa.array([known.get(n) or known.get(n.lower(), n) for n in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([renamed.take(encoded.indices)])


def _codes(parts: list[pa.ChunkedArray]) -> tuple[pa.Array, list[Ints]]:
    """Number the distinct values of all parts, in their order; give them, and the numbers of each part."""
    whole = pa.chunked_array([chunk for part in parts for chunk in _chunks(part)], pa.string()).combine_chunks().dictionary_encode()
    order = pc.array_sort_indices(whole.dictionary)
    place = np.empty(len(order), np.int64)
    place[np.asarray(order)] = np.arange(len(order))
    codes = place[np.asarray(whole.indices, np.int64)] if len(order) else np.empty(0, np.int64)
    ends = np.cumsum([len(part) for part in parts])
    return whole.dictionary.take(order), np.split(codes, ends[:-1])


def _chunks(part: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    return [part] if isinstance(part, pa.Array) else list(part.chunks)


def _joined(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(one, other, _APART)
