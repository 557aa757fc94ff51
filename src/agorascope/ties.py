"""Which ties between accounts does a case hold, and which of its accounts belong to what? A network, ready for arrays.

One element of ``Ties`` is one directed pair of accounts: who reposts, answers, quotes or mentions whom, and how often, or a tie of
a network that was added. Memory: about 100 bytes a pair; a network is no small table, which an analysis that reads one documents.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import combinations
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .errors import BadValue
from .records import REGISTRATIONS
from .tables import Corpus
from .texts import Message, message

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ACTS = ("repost", "reply", "quote", "mention")
"""Layers made from posts; every other layer, and every network, is one that was added."""
NOWHERE, SEVERAL = -1, -2
"""What an account belongs to that is in no group, or in more than one."""
_APART = "\x1f"

_REFERRED = """
    SELECT p.platform AS platform, p.account_id AS source, COALESCE(p.ref_account_id, o.account_id) AS target,
        CAST(COUNT(*) AS DOUBLE) AS weight
    FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND p.{column} = o.post_id
    WHERE p.kind = '{kind}' AND p.account_id IS NOT NULL AND COALESCE(p.ref_account_id, o.account_id) IS NOT NULL
    GROUP BY p.platform, p.account_id, COALESCE(p.ref_account_id, o.account_id)"""
_MENTIONED = """
    SELECT p.platform AS platform, p.account_id AS source, COALESCE(h.account_id, m.value) AS target,
        CAST(COUNT(*) AS DOUBLE) AS weight
    FROM post_objects AS m JOIN posts AS p ON m.platform = p.platform AND m.post_id = p.post_id
    LEFT JOIN (SELECT platform, handle, MIN(account_id) AS account_id FROM account_handles GROUP BY platform, handle
        HAVING COUNT(*) = 1) AS h ON m.platform = h.platform AND LOWER(m.value) = h.handle
    WHERE m.kind = 'mention' AND p.kind <> 'repost' AND p.account_id IS NOT NULL
    GROUP BY p.platform, p.account_id, COALESCE(h.account_id, m.value)"""
_GIVEN = """
    SELECT platform, source, target, CAST(SUM(COALESCE(weight, CAST(1 AS DOUBLE))) AS DOUBLE) AS weight FROM edges
    WHERE network = :network AND (:layer = '' OR layer = :layer) GROUP BY platform, source, target"""
_ORDER = " ORDER BY platform NULLS FIRST, source NULLS FIRST, target NULLS FIRST"
_NETWORKS = """
    SELECT network, COALESCE(layer, '') AS layer, COUNT(*) AS ties FROM edges WHERE network <> :registrations
    GROUP BY network, COALESCE(layer, '') ORDER BY network NULLS FIRST, layer NULLS FIRST"""
_MEMBERS = """
    SELECT platform, account_id, group_name FROM groups GROUP BY platform, account_id, group_name
    ORDER BY group_name NULLS FIRST, platform NULLS FIRST, account_id NULLS FIRST"""
_HANDLED = """
    SELECT platform, handle, account_id FROM account_handles
    ORDER BY platform NULLS FIRST, handle NULLS FIRST, account_id NULLS FIRST"""
_SQL = {
    "repost": _REFERRED.format(column="repost_of", kind="repost"),
    "reply": _REFERRED.format(column="reply_to", kind="reply"),
    "quote": _REFERRED.format(column="quote_of", kind="quote"),
    "mention": _MENTIONED,
}


class Ties(NamedTuple):
    """Hold ties: positions ``source, target`` (ties,) in the accounts, ``weight`` (ties,), and the accounts, sorted.

    ``layer`` and ``network`` say where they come from; ``others`` what else there is.
    """

    layer: str
    network: str
    source: Ints
    target: Ints
    weight: Floats
    platform: list[str]
    account: list[str]
    others: list[str]

    @property
    def name(self) -> str:
        """Name what the ties are: the network added, else the layer."""
        return self.network or self.layer


def read(corpus: Corpus, *, layer: str = "", network: str = "") -> Ties | None:
    """Read the ties of a layer of acts, or of a network; without either, of whichever has most. None where there are none.

    Raises BadValue for a layer or network nobody has, with those there are. Cost O(posts) or O(ties), in the engine.
    """
    there = held(corpus)
    if not there:
        if network or layer not in ("", *ACTS):
            raise BadValue(f"{'network' if network else 'layer'} is {network or layer!r}, and the case holds no ties at all")
        return None
    layer, network = _chosen(there, layer, network)
    asked = {"network": network, "layer": layer} if network else {}
    rows = corpus.query((_GIVEN if network else _SQL[layer]) + _ORDER, **asked)
    if not rows.num_rows:
        return None
    others = sorted({n or one for one, n in there} - {network or layer})
    return _ties(layer, network, rows, others)


def held(corpus: Corpus) -> dict[tuple[str, str], int]:
    """Count the ties of each layer of acts, as (layer, ""), and of each layer of each network, as (layer, network)."""
    found: dict[tuple[str, str], int] = {}
    if corpus.has("posts"):
        for name in ACTS:
            number = int(corpus.query(f"SELECT COUNT(*) AS ties FROM ({_SQL[name]}) AS found")["ties"][0].as_py())
            if number:
                found[name, ""] = number
    if corpus.has("edges"):
        for row in corpus.query(_NETWORKS, registrations=REGISTRATIONS).to_pylist():
            found[row["layer"], row["network"]] = int(row["ties"])
    return found


def counting(ties: Ties) -> str:
    """Write the query that counts the ties by platform: what a network says is about many, and names nobody."""
    quoted = {name: "'" + value.replace("'", "''") + "'" for name, value in (("network", ties.network), ("layer", ties.layer))}
    sql = _GIVEN.replace(":network", quoted["network"]).replace(":layer", quoted["layer"]) if ties.network else _SQL[ties.layer]
    inside = " ".join(sql.split())
    return f"SELECT platform, COUNT(*) AS ties FROM ({inside}) AS found GROUP BY platform ORDER BY platform NULLS FIRST"


def called(analysis: str, name: str, *, act: bool) -> Message:
    """Name ties in the texts of an analysis: an act by its word, a network by its own name."""
    return message(f"{analysis}.values.layer.{name}") if act else message(f"{analysis}.note.network", name=name)


def members(corpus: Corpus) -> pa.Table:
    """List memberships ``platform, account_id, group_name``, each once; empty where there are no groups."""
    return corpus.query(_MEMBERS) if corpus.has("groups") else pa.table({n: [] for n in ("platform", "account_id", "group_name")})


def positions(corpus: Corpus, ties: Ties, platform: Iterable[str], account: Iterable[str]) -> Ints:
    """Find accounts in the ties, by id, else by handle; without a platform on either side any one will do. -1: not in the ties."""
    exact = {key: i for i, key in enumerate(zip(ties.platform, ties.account, strict=True))}
    anywhere: dict[str, int] = {}
    for i, one in enumerate(ties.account):
        anywhere[one] = NOWHERE if one in anywhere else i
    sought = list(zip(platform, account, strict=True))
    found = [exact.get(key, _loose(key, exact, anywhere)) for key in sought]
    if NOWHERE in found:
        handles = _handles(corpus)
        for i, (on, name) in enumerate(sought):
            if one := handles.get((on, name.casefold()), "") if found[i] == NOWHERE else "":
                found[i] = exact.get((on, one), _loose((on, one), exact, anywhere))
    return np.array(found, np.int64)


def untied(corpus: Corpus, platform: Iterable[str], account: Iterable[str]) -> int:
    """Count the accounts the case knows by posts, profiles or groups that are not among these: shares of these do not count them.

    An account is looked for by id, else by handle, on any platform where one side names none. Cost O(accounts), in memory.
    """
    tables = [name for name in ("accounts", "groups", "posts") if corpus.has(name)]
    if not tables:
        return 0
    known = " UNION ".join(f"SELECT platform, account_id FROM {name} WHERE account_id IS NOT NULL" for name in tables)
    rows = corpus.query(f"SELECT * FROM ({known}) AS known ORDER BY platform NULLS FIRST, account_id NULLS FIRST")
    here = set(zip(platform, account, strict=True))
    anywhere = {one for _, one in here}

    def among(on: str, one: str) -> bool:
        return (on, one) in here or ("unknown", one) in here or (on == "unknown" and one in anywhere)

    keys = zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True)
    left = [key for key in keys if not among(*key)]
    handles = _handles(corpus) if left else {}
    left = [(on, handles.get((on, name.casefold())) or name) for on, name in left]
    apart = {key for key in left if not among(*key)}
    elsewhere = {one for on, one in apart if on != "unknown"}
    return sum(on != "unknown" or one not in elsewhere for on, one in apart)


def belonging(where: Ints, label: Ints, accounts: int) -> Ints:
    """Give each account its one label (accounts,), NOWHERE without, SEVERAL with more than one. ``where, label`` (memberships,)."""
    kept = where >= 0
    pairs = np.unique(np.stack((where[kept], label[kept])), axis=1)
    found = np.full(accounts, NOWHERE, np.int64)
    found[pairs[0]] = pairs[1]
    found[np.bincount(pairs[0], minlength=accounts) > 1] = SEVERAL
    return found


def shared(corpus: Corpus, names: Iterable[str]) -> list[tuple[str, str, int]]:
    """List pairs of these groups with accounts in both, and how many, most first."""
    inside: dict[tuple[str, str], list[str]] = {}
    asked = set(names)
    for row in members(corpus).to_pylist():
        if row["group_name"] in asked:
            inside.setdefault((row["platform"], row["account_id"]), []).append(row["group_name"])
    found = Counter(pair for groups in inside.values() for pair in combinations(groups, 2))
    return [(one, other, n) for (one, other), n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]


def spelled(name: str, there: Collection[str]) -> str:
    r"""Give the group a person means: of exactly this name, else the one that bears it in other cases, or with accents
    typed in another way; else what was written.

    >>> spelled("GAUCHE", ["Gauche", "droite"]), spelled("a", ["A", "a"]), spelled("b", ["B", "b "]), spelled("ab", ["AB", "Ab"])
    ('Gauche', 'a', 'B', 'ab')
    >>> spelled("A\u0302ge", ["Âge"])
    'Âge'
    """
    asked = normalize("NFC", name).casefold()
    alike = [] if name in there else [one for one in dict.fromkeys(there) if normalize("NFC", one).casefold() == asked]
    return alike[0] if len(alike) == 1 else name


def group_called(corpus: Corpus, name: str) -> str:
    """Give the group of a case that a person means, as ``spelled`` does; what was written where the case has no such group."""
    return spelled(name, members(corpus)["group_name"].to_pylist()) if name and corpus.has("groups") else name


def named(corpus: Corpus, ties: Ties, groups: str) -> tuple[Ints, list[str]]:
    """Give each account its group (accounts,) among those named with commas, or all; and their names, in that order.

    Raises BadValue for a group without any account.
    """
    rows = members(corpus)
    there = list(dict.fromkeys(rows["group_name"].to_pylist()))
    names = list(dict.fromkeys(spelled(name.strip(), there) for name in groups.split(","))) if groups else there
    if strange := [name for name in names if name not in there]:
        raise BadValue(f"groups holds {strange[0]!r}, which has no accounts here; groups are: {', '.join(there) or 'none'}")
    number = {name: i for i, name in enumerate(names)}
    asked = [row for row in rows.to_pylist() if row["group_name"] in number]
    where = positions(corpus, ties, [r["platform"] for r in asked], [r["account_id"] for r in asked])
    return belonging(where, np.array([number[r["group_name"]] for r in asked], np.int64), len(ties.account)), names


def _handles(corpus: Corpus) -> dict[tuple[str, str], str]:
    """Name the account of each handle, by platform and by handle alone; "" where it is that of several."""
    handles: dict[tuple[str, str], str] = {}
    for row in corpus.query(_HANDLED).to_pylist() if corpus.has("accounts") else ():
        for on in (row["platform"], "unknown"):
            known = handles.setdefault((on, row["handle"]), row["account_id"])
            handles[on, row["handle"]] = known if known == row["account_id"] else ""
    return handles


def _loose(key: tuple[str, str], exact: dict[tuple[str, str], int], anywhere: dict[str, int]) -> int:
    """Find an account whose platform is not known on one side."""
    return anywhere.get(key[1], NOWHERE) if key[0] == "unknown" else exact.get(("unknown", key[1]), NOWHERE)


def _chosen(there: dict[tuple[str, str], int], layer: str, network: str) -> tuple[str, str]:
    """Choose what is asked for: an act, a network, a layer of one, or the one with most ties."""
    networks = list(dict.fromkeys(n for _, n in there if n))
    if network:
        layers = sorted(one for one, n in there if n == network)
        if network not in networks:
            raise BadValue(f"network is {network!r}, which is not here; {_listed(there)}")
        if layer and layer not in layers:
            raise BadValue(f"layer is {layer!r}; layers of {network} are: {', '.join(filter(None, layers)) or 'none'}")
        return layer, network
    if layer in ACTS:
        if (layer, "") not in there:
            raise BadValue(f"layer is {layer!r}, of which there are no ties with a known target here; {_listed(there)}")
        return layer, ""
    if layer:
        holding = list(dict.fromkeys(n for one, n in there if n and (one == layer or n == layer)))
        if len(holding) > 1:
            raise BadValue(f"layer is {layer!r} and is in several networks: name one with network, of: {', '.join(holding)}")
        if not holding:
            raise BadValue(f"layer is {layer!r}, which is not here; {_listed(there)}")
        return ("" if holding[0] == layer else layer), holding[0]
    total = {name: sum(n for (one, net), n in there.items() if (net or one) == name) for name in {n or one for one, n in there}}
    best = min(total, key=lambda name: (-total[name], name))
    return ("", best) if best in networks else (best, "")


def _listed(there: dict[tuple[str, str], int]) -> str:
    """List the layers and the networks there are, for an error.

    >>> _listed({("reply", ""): 3, ("follow", "given"): 9, ("", "camps"): 2})
    'layers here are: reply, follow; networks here are: given, camps'
    """
    layers, networks = dict.fromkeys(one for one, _ in there if one), dict.fromkeys(n for _, n in there if n)
    return f"layers here are: {', '.join(layers) or 'none'}; networks here are: {', '.join(networks) or 'none'}"


def _ties(layer: str, network: str, rows: pa.Table, others: list[str]) -> Ties:
    """Number the accounts in the order of platform and id."""
    ends = [pc.binary_join_element_wise(rows["platform"], rows[end], _APART) for end in ("source", "target")]
    encoded = pa.chunked_array([*ends[0].chunks, *ends[1].chunks], pa.string()).combine_chunks().dictionary_encode()
    order = np.asarray(pc.array_sort_indices(encoded.dictionary), np.int64)
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    codes = place[np.asarray(encoded.indices, np.int64)]
    both = [key.split(_APART, 1) for key in encoded.dictionary.take(pa.array(order)).to_pylist()]
    weight = np.asarray(rows["weight"].to_numpy(), np.float64)
    half = rows.num_rows
    return Ties(layer, network, codes[:half], codes[half:], weight, [p for p, _ in both], [a for _, a in both], others)
