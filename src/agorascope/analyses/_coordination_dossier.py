"""What is known of each network beside its ties? Objects, whom it boosts, roles, ages, hours, sites, names, earlier campaigns.

Each table has a column ``network`` and speaks of the ``SHOWN`` largest networks. The others, with whom members are compared, are
the accounts of no network, whether shown or not. No cell with fewer than ``FEWEST`` members behind it is shown. Intervals of shares
of posts take each account's posts as one cluster.

Limits: a trait is what the records say; others differ from members in more than the ties. Nothing here says who stands behind.
"""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.findings import Rival
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from . import _coordination_campaign as campaign
from . import _coordination_own, _coordination_rivals, _coordination_techniques
from ._coordination_group import FEWEST, Acts, Group, Rows
from ._coordination_own import Own
from ._coordination_traits import created_by_month, handles, hour_of, traits

SHOWN = 20  # networks described; the rest is said by number


def _schema(**columns: str) -> pa.Schema:
    kinds = {"t": pa.string(), "i": pa.int64(), "f": pa.float64()}
    return pa.schema([("network", pa.string()), *((name, kinds[kind]) for name, kind in columns.items())])


_SHARES = {"share": "f", "share_low": "f", "share_high": "f", "others_share": "f", "ratio": "f"}
SCHEMAS = {
    "objects": _schema(
        kind="t", object="t", accounts="i", posts="i", first_us="i", last_us="i", spread_s="f", account_id="t", text="t",
        permalink="t", post_id="t"),
    "boosted": _schema(account_id="t", accounts="i", posts="i", reposts="i", quotes="i", replies="i", **_SHARES),
    "roles": _schema(role="t", accounts="i", posts="i", share="f", objects="i"),
    "created": _schema(start_us="i", end_us="i", accounts="i", expected="f"),
    "hours": _schema(hour="i", accounts="i", posts="i", **_SHARES),
    "languages": _schema(language="t", accounts="i", posts="i", **_SHARES),
    "sites": _schema(site="t", accounts="i", posts="i", **_SHARES),
    "handles": _schema(measure="t", known="i", accounts="i", share="f", share_low="f", share_high="f", others_known="i",
                       others_share="f", ratio="f"),
    "names": _schema(account_id="t", handle="t", posts="i", first_us="i", last_us="i"),
    "earlier": _schema(start_us="i", active="i", account_id="t", accounts="i", posts="i", share="f", also_main="i", own_posts="i"),
}  # fmt: skip


class Dossier(NamedTuple):
    """Hold the tables of all networks, further values for each one's row of units, the rivals of the first told of, and remarks."""

    tables: dict[str, pa.Table]
    about: dict[str, dict[str, Any]]
    rivals: tuple[Rival, ...]
    notes: tuple[Message, ...]


def dossier(corpus: Corpus, members: pa.Table, acts: pa.Table, counted: list[str] | None = None) -> Dossier:
    """Describe each network of ``members`` (``platform, account_id, network``) from the records and the acts behind its ties.

    ``acts``: ``network, kind, object, platform, account_id, at_us, post_id``, one row per act of a member that lies behind a tie.
    Techniques are named of the networks ``counted`` alone (None: of all), and the rivals are those of the first of them. Cost
    O(posts + acts log acts); memory as in ``_coordination_own``.
    """
    names = _ranked(members)
    shown = names[:SHOWN]
    own, groups = _groups(corpus, members, acts, names)
    rows: dict[str, Rows] = {name: [] for name in SCHEMAS}
    rows["explanations"], rows["techniques"] = [], []
    about = {name: _spans(acts, name) for name in names}
    of: dict[str, tuple[Rival, ...]] = {}
    left_out = 0
    for group in groups:
        found, facts, main, hidden = _described(own, group)
        rivals, explained = _coordination_rivals.explain(own, group)
        facts["techniques"] = []
        if counted is None or group.network in counted:
            facts |= _coordination_techniques.techniques(own, group, found["earlier"], main, created=facts["created_ratio"])
            rows["techniques"] += facts.pop("because")
        for name, part in found.items():
            rows[name] += part
        rows["explanations"] += explained
        about[group.network] |= facts
        of[group.network], left_out = rivals, left_out + hidden
    campaign.look_up(corpus, own, rows)
    schemas = SCHEMAS | {"explanations": _coordination_rivals.EXPLANATIONS, "techniques": _coordination_techniques.TECHNIQUES}
    tables = {name: pa.Table.from_pylist([_whole(r, schemas[name]) for r in rows[name]], schemas[name]) for name in schemas}
    first = next((name for name in counted or [] if name in of), names[0] if names else "")
    return Dossier(tables, about, of.get(first, ()), _notes(corpus, own, len(names) - len(shown), left_out, tables))


def _whole(row: dict[str, Any], schema: pa.Schema) -> dict[str, Any]:
    return {name: row.get(name) for name in schema.names}


def _ranked(members: pa.Table) -> list[str]:
    """Name the networks, the largest first."""
    found = pc.value_counts(members["network"].combine_chunks().cast(pa.string())).to_pylist()
    return [f["values"] for f in sorted(found, key=lambda f: (-f["counts"], len(f["values"]), f["values"]))]


def _groups(corpus: Corpus, members: pa.Table, acts: pa.Table, names: list[str]) -> tuple[Own, list[Group]]:
    """Read what members did, and cut it and the acts by network."""
    shown = pa.array(names[:SHOWN], pa.string())
    network = np.asarray(
        pc.fill_null(pc.index_in(members["network"].cast(pa.string()), shown), -1).to_numpy(), np.int64
    )  # -1: not shown
    keys = _coordination_own.joined(members["platform"], members["account_id"])
    own = _coordination_own.read(corpus, keys, network)
    of_post = network[own.posts.member]
    of_act = np.asarray(pc.fill_null(pc.index_in(acts["network"].cast(pa.string()), shown), -1).to_numpy(), np.int64)
    groups = []
    for number, name in enumerate(shown.to_pylist()):
        mine = _acts(acts.filter(pa.array(of_act == number)), own)
        groups.append(Group(name, np.flatnonzero(network == number), np.flatnonzero(of_post == number), mine))
    return own, groups


def _acts(acts: pa.Table, own: Own) -> Acts:
    """Turn the acts of one network into arrays in order of object and time."""
    kind, shown = acts["kind"].cast(pa.string()), acts["object"].cast(pa.string())
    pair = pc.binary_join_element_wise(kind, shown, "\x1e").combine_chunks().dictionary_encode()
    obj = np.asarray(pair.indices.to_numpy(), np.int64)
    at_us = np.asarray(acts["at_us"].cast(pa.float64()).to_numpy(), np.float64)
    member = pc.fill_null(pc.index_in(_coordination_own.joined(acts["platform"], acts["account_id"]), own.keys), -1)
    post = _coordination_own.joined(acts["platform"], acts["post_id"])
    place = pc.fill_null(pc.index_in(post, own.posts.post), -1)
    member_, place_ = (np.asarray(c.to_numpy(), np.int64) for c in (member, place))
    order = np.lexsort((member_, at_us, obj))
    objects = [tuple(pair_.split("\x1e", 1)) for pair_ in pair.dictionary.to_pylist()]
    return Acts([(k, o) for k, o in objects], obj[order], member_[order], at_us[order], place_[order], post.take(pa.array(order)))


def _spans(acts: pa.Table, network: str) -> dict[str, Any]:
    """Give what is known of any network: first and last act, objects and posts behind its ties."""
    mine = acts.filter(pc.equal(acts["network"].cast(pa.string()), network))
    pair = pc.binary_join_element_wise(mine["kind"].cast(pa.string()), mine["object"].cast(pa.string()), "\x1e")
    post = _coordination_own.joined(mine["platform"], mine["post_id"])
    ends = pc.min_max(mine["at_us"]).as_py()
    objects, posts = len(pc.unique(pair)), len(pc.unique(post))
    return {"first_us": ends["min"], "last_us": ends["max"], "objects": objects, "posts": posts, "techniques": []}


def _described(own: Own, group: Group) -> tuple[dict[str, Rows], dict[str, Any], int, int]:
    """Make the rows of one network, what its row of units says, whom it boosts, and the number of cells too small to show."""
    objects, hidden_objects = campaign.objects(group)
    boosted, main, hidden_boosted = campaign.boosted(own, group)
    earlier, hidden_weeks = campaign.earlier(own, group, main)
    created, facts = created_by_month(own, group)
    hours, hidden_hours = traits(own, group, "hour", hour_of)
    languages, hidden_languages = traits(own, group, "language", lambda o, p: o.posts.language[p])
    sites, hidden_sites = traits(own, group, "site", lambda o, p: o.posts.site[p])
    found = {
        "objects": objects,
        "boosted": boosted,
        "roles": campaign.roles(own, group),
        "created": created,
        "hours": sorted(hours, key=lambda r: int(r["hour"])),
        "languages": languages,
        "sites": sites,
        "handles": handles(own, group),
        "names": [],
        "earlier": earlier,
    }
    facts |= {"account": campaign.account(own, main), "boosted_share": boosted[0]["share"] if boosted else None}
    hidden = hidden_objects + hidden_boosted + hidden_weeks + hidden_hours + hidden_languages + hidden_sites
    return {n: [{"network": group.network} | r for r in rows] for n, rows in found.items()}, facts, main, hidden


def _notes(corpus: Corpus, own: Own, more: int, hidden: int, tables: dict[str, pa.Table]) -> tuple[Message, ...]:
    """Say what was left out, and what this corpus cannot tell; nothing where there is no network."""
    if not own.network.size:
        return ()
    said = [message("coordination.dossier_note.more_networks", n=more, most=SHOWN)] if more else []
    if hidden or pc.any(pc.is_null(tables["created"]["accounts"])).as_py():
        said.append(message("coordination.dossier_note.small_cells", least=FEWEST, n=hidden))
    looked_at = own.network >= 0
    undated = int(np.isnan(own.created_us[looked_at]).sum())
    gaps = {
        "no_created": undated == looked_at.sum(),
        "no_handles": np.isnan(own.digits[looked_at]).all(),
        "one_handle": not any(r["measure"] == "several" and r["accounts"] for r in tables["handles"].to_pylist()),
        "no_targets": not (own.posts.target >= 0).any(),
        "no_texts": not (own.posts.text >= 0).any(),
        "no_languages": not (own.posts.language >= 0).any(),
        "no_links": not corpus.has("post_objects") or not (own.posts.site >= 0).any(),
        "no_others": not sum(own.others["hour"].values()),
    }
    said += [message(f"coordination.dossier_note.{name}") for name, missing in gaps.items() if missing]
    if 0 < undated < looked_at.sum():
        said.append(message("coordination.dossier_note.undated", n=undated, members=int(looked_at.sum())))
    return (*said, message("coordination.dossier_note.unseen"))
