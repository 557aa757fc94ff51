"""What is known of each network beside its ties? Objects, whom it boosts, roles, ages, hours, sites, names, earlier campaigns.

Each table has a column ``network`` and speaks of the ``SHOWN`` largest networks. The others, with whom members are compared, are
the accounts of no network, whether shown or not. Tables about traits (ages, hours, languages, sites, handles) hold no cell with
fewer than ``FEWEST`` members behind it. Intervals of shares of posts take each account's posts as one cluster.

Limits: a trait is what the records say; others differ from members in more than the ties. Nothing here says who stands behind.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from agorascope.findings import Rival
from agorascope.stats.shares import wilson
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from . import _coordination_own, _coordination_rivals
from ._coordination_own import APART, Own
from ._coordination_rivals import DAY_US, TWO, WEEK_US, Acts, Group

SHOWN = 20  # networks described; the rest is said by number
FEWEST = 5  # members behind a cell about traits, so that none points at one person
MOST_OBJECTS, MOST_ROWS = 30, 20  # rows of a network in a table: what a person reads through
SHORT = 140  # letters of a text shown, the length of an early tweet
SEEDER_P = 0.05  # chance that any member of a network is called first on objects by order at random
WELL_SPREAD = 0.8  # members whose month (else quarter, else year) of creation can be shown, for that width to be chosen
MONDAY_US = 4 * DAY_US  # 1970-01-05

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = list[dict[str, Any]]


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
    """Hold the tables of all networks, further values for each one's row of units, the largest one's rivals, and remarks."""

    tables: dict[str, pa.Table]
    about: dict[str, dict[str, Any]]
    rivals: tuple[Rival, ...]
    notes: tuple[Message, ...]


def dossier(corpus: Corpus, members: pa.Table, acts: pa.Table) -> Dossier:
    """Describe each network of ``members`` (``platform, account_id, network``) from the records and the acts behind its ties.

    ``acts``: ``network, kind, object, platform, account_id, at_us, post_id``, one row per act of a member that lies behind a tie.
    Cost O(posts + acts log acts); memory as in ``_coordination_own``.
    """
    names = _ranked(members)
    shown = names[:SHOWN]
    own, groups = _groups(corpus, members, acts, names)
    rows: dict[str, Rows] = {name: [] for name in SCHEMAS}
    rows["explanations"], rows["techniques"] = [], []
    about = {name: _spans(acts, name) for name in names}
    largest: tuple[Rival, ...] = ()
    left_out = 0
    for group in groups:
        found, facts, hidden = _described(corpus, own, group)
        rivals, explained = _coordination_rivals.explain(own, group)
        facts |= _coordination_rivals.techniques(own, group, found["earlier"], facts["account"], created=facts["created_ratio"])
        rows["techniques"] += facts.pop("because")
        for name, part in found.items():
            rows[name] += part
        rows["explanations"] += explained
        about[group.network] |= facts
        largest, left_out = largest or rivals, left_out + hidden
    _look_up(corpus, own, rows)
    schemas = SCHEMAS | {"explanations": _coordination_rivals.EXPLANATIONS, "techniques": _coordination_rivals.TECHNIQUES}
    tables = {name: pa.Table.from_pylist([_whole(r, schemas[name]) for r in rows[name]], schemas[name]) for name in schemas}
    return Dossier(tables, about, largest, _notes(corpus, own, len(names) - len(shown), left_out, tables))


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


def _described(corpus: Corpus, own: Own, group: Group) -> tuple[dict[str, Rows], dict[str, Any], int]:
    """Make the rows of one network, what its row of units says, and the number of cells that are too small to show."""
    boosted, main = _boosted(own, group)
    created, facts = _created(own, group)
    hours, hidden_hours = _traits(own, group, "hour", _hour_of)
    languages, hidden_languages = _traits(own, group, "language", lambda o, p: o.posts.language[p])
    sites, hidden_sites = _traits(own, group, "site", lambda o, p: o.posts.site[p])
    found = {
        "objects": _objects(group),
        "boosted": boosted,
        "roles": _roles(own, group),
        "created": created,
        "hours": sorted(hours, key=lambda r: int(r["hour"])),
        "languages": languages,
        "sites": sites,
        "handles": _handles(own, group),
        "names": [],
        "earlier": _earlier(own, group, main),
    }
    facts |= {"account": _account(own, main), "boosted_share": boosted[0]["share"] if boosted else None}
    return {n: [{"network": group.network} | r for r in rows] for n, rows in found.items()}, facts, (
        hidden_hours + hidden_languages + hidden_sites)  # fmt: skip


def _account(own: Own, target: int) -> str | None:
    return own.words["target"][target].split(APART, 1)[1] if target >= 0 else None


def _objects(group: Group) -> Rows:
    """List the objects most members act on; ``spread_s`` is the median time from the first act to the others."""
    acts = group.acts
    if not acts.obj.size:
        return []
    pairs = np.unique(np.stack([acts.obj, acts.member]), axis=1)[0]
    accounts = np.bincount(pairs, minlength=len(acts.objects))
    posts = np.bincount(acts.obj, minlength=len(acts.objects))
    first = np.concatenate(([0], np.cumsum(posts)))
    order = sorted(range(len(acts.objects)), key=lambda o: (-int(accounts[o]), -int(posts[o]), acts.objects[o]))
    rows: Rows = []
    for o in order[:MOST_OBJECTS]:
        at_us, (kind, name) = acts.at_us[first[o] : first[o + 1]], acts.objects[o]
        spread = float(np.median(at_us[1:] - at_us[0])) / 1e6 if at_us.size > 1 else None
        rows.append({"kind": kind, "object": name, "accounts": int(accounts[o]), "posts": int(posts[o]), "spread_s": spread,
                     "first_us": int(at_us[0]), "last_us": int(at_us[-1]),
                     "post": _post_key(acts, kind, name, first[o])})  # fmt: skip
    return rows


def _post_key(acts: Acts, kind: str, name: str, act: int) -> str:
    """Name the post an object is, platform and id; empty where the object is no post."""
    if APART in name:
        return name
    return acts.post[int(act)].as_py().split(APART, 1)[0] + APART + name if kind in ("repost", "reply") else ""


def _boosted(own: Own, group: Group) -> tuple[Rows, int]:
    """List whose posts two members or more repeat, quote or answer, and the code of the one most of them do so for, or -1."""
    posts = own.posts
    at = group.posts[posts.target[group.posts] >= 0]
    if not at.size:
        return [], -1
    rows, _ = _compared(posts.target[at], posts.member[at], own.words["target"], own.others["target"], least=TWO)
    if not rows:
        return [], -1
    kinds = {
        name: np.bincount(posts.target[at][posts.kind[at] == k]) for name, k in (("replies", 1), ("reposts", 2), ("quotes", 3))
    }
    for row in rows:
        row |= {n: int(c[row["code"]]) if row["code"] < c.size else 0 for n, c in kinds.items()}
        row["account_id"] = _account(own, row["code"])
    return rows, rows[0]["code"]


def _compared(
    code: Ints, member: Ints, words: Sequence[str], others: dict[str, int], *, least: int = 1, most: int = MOST_ROWS
) -> tuple[Rows, int]:
    """Compare shares of codes in the members' posts with those in the posts of others, those of most members first.

    At most ``most`` rows, and none of fewer than ``least`` members; the second value is how many have fewer.
    """
    total, others_total = code.size, sum(others.values())
    each = np.bincount(member)
    pair, number = np.unique(np.stack([code, member]), axis=1, return_counts=True)
    size = int(code.max()) + 1
    count, accounts = np.bincount(code, minlength=size), np.bincount(pair[0], minlength=size)
    square = np.bincount(pair[0], number**2, minlength=size)
    cross = np.bincount(pair[0], number * each[pair[1]], minlength=size)
    total_square = float((each.astype(np.float64) ** 2).sum())
    enough = np.flatnonzero(accounts >= least).tolist()
    rows: Rows = []
    for c in sorted(enough, key=lambda c: (-int(accounts[c]), -int(count[c]), words[c]))[:most]:
        effect = _coordination_rivals.effect(float(square[c]), float(cross[c]), total_square, float(count[c]), float(total))
        low, high = wilson(float(count[c]), total, design_effect=effect)
        share, other = float(count[c]) / total, others.get(words[c], 0) / others_total if others_total else None
        rows.append(
            {"code": c, "accounts": int(accounts[c]), "posts": int(count[c])}
            | {"share": share, "share_low": low, "share_high": high}
            | {"others_share": other, "ratio": share / other if other else None}
        )
    return rows, int(np.count_nonzero(accounts)) - len(enough)


def _hour_of(own: Own, at: Ints) -> Ints:
    time = own.posts.at_us[at]
    return np.where(np.isfinite(time), np.floor(np.nan_to_num(time) / 3.6e9) % 24, -1).astype(np.int64)


def _traits(own: Own, group: Group, name: str, of: Callable[[Own, Ints], Ints]) -> tuple[Rows, int]:
    """Compare one trait of posts, cells of fewer than ``FEWEST`` members left out and counted."""
    code = of(own, group.posts)
    known = code >= 0
    if not known.any():
        return [], 0
    words = [str(h) for h in range(24)] if name == "hour" else own.words[name]
    among, member = own.others[name], own.posts.member[group.posts][known]
    rows, hidden = _compared(code[known], member, words, among, least=FEWEST, most=max(MOST_ROWS, 24))
    for row in rows:
        row[name] = row["code"] if name == "hour" else words[row["code"]]
    return rows, hidden


def _roles(own: Own, group: Group) -> Rows:
    """Count members whose own posts others act on, those first more often than by order at random, and the rest.

    A member is called first where the number of objects it is first on would, for any member of the network, be reached with
    probability ``SEEDER_P`` by order at random: Poisson, which is wider than the sum of unequal draws it stands for; Bonferroni.
    """
    acts = group.acts
    if not acts.obj.size:
        return []
    target = np.where(acts.place >= 0, own.posts.target[acts.place], -1) if own.posts.target.size else np.full(acts.obj.size, -1)
    written = np.where(target >= 0, own.targets[target], -1) if own.targets.size else target
    written = np.where(np.isin(written, group.members), written, -1)
    authors = np.unique(written[written >= 0])
    first, expected = _firsts(acts, len(own.keys))
    active = np.unique(acts.member)
    chance = stats.poisson.sf(first[active] - 1, expected[active]) * active.size
    early = active[(chance <= SEEDER_P) & (first[active] > 0)]
    rest = np.setdiff1d(group.members, np.union1d(authors, early))
    done = np.bincount(acts.member[acts.member >= 0], minlength=len(own.keys))
    begun = {"author": np.unique(acts.obj[written >= 0]).size, "first": int(first[early].sum()), "amplifier": None}
    return [
        {"role": role, "accounts": int(who.size), "posts": int(done[who].sum()), "share": float(done[who].sum() / acts.obj.size),
         "objects": begun[role]}
        for role, who in (("author", authors), ("first", early), ("amplifier", rest))
    ]  # fmt: skip


def _firsts(acts: Acts, members: int) -> tuple[Ints, Floats]:
    """Count for each member the objects on which it alone is first, and how many that would be by order at random."""
    _, at, obj = np.unique(acts.obj, return_index=True, return_inverse=True)
    pair = np.unique(np.stack([acts.obj, acts.member]), axis=1)
    accounts = np.bincount(pair[0], minlength=len(acts.objects))
    tied = np.bincount(obj, acts.at_us == acts.at_us[at][obj]) > 1
    clear = ~tied & (accounts[acts.obj[at]] > 1)
    first = np.bincount(acts.member[at][clear], minlength=members).astype(np.int64)
    weight = np.zeros(len(acts.objects))
    weight[acts.obj[at][clear]] = 1 / accounts[acts.obj[at][clear]]
    return first, np.asarray(np.bincount(pair[1], weight[pair[0]], minlength=members), np.float64)


def _created(own: Own, group: Group) -> tuple[Rows, dict[str, Any]]:
    """Make the histogram of creation, by the finest of month, quarter and year that shows most; and the shortest half."""
    known = np.sort(own.created_us[group.members])
    known = known[np.isfinite(known)]
    others = own.others_created_us[np.isfinite(own.others_created_us)]
    facts: dict[str, Any] = {"created_from_us": None, "created_until_us": None, "created_known": int(known.size)}
    half = _coordination_rivals.half(known, others)
    facts |= {"created_from_us": half and half.from_us, "created_until_us": half and half.until_us, "created_ratio": None}
    if half and half.others_share and half.unusual:
        facts["created_ratio"] = half.share / half.others_share
    if known.size < FEWEST:
        return [], facts
    ends = np.concatenate([known[[0, -1]], others]) if others.size else known
    rows: Rows = []
    for months in (1, 3, 12):
        edges = _calendar(float(ends.min()), float(ends.max()), months)
        counts = np.histogram(known, edges)[0]
        if counts[counts >= FEWEST].sum() >= WELL_SPREAD * known.size or months == 12:
            among = np.histogram(others, edges)[0]
            expected = among / others.size * known.size if others.size else np.full(counts.size, np.nan)
            rows = [
                {"start_us": int(edges[i]), "end_us": int(edges[i + 1]), "accounts": int(n) if n >= FEWEST else None,
                 "expected": float(expected[i]) if others.size else None}
                for i, n in enumerate(counts)
            ]  # fmt: skip
            break
    return rows, facts


def _calendar(first_us: float, last_us: float, months: int) -> Floats:
    """Give the starts of the periods of so many months that hold all times, and the end of the last."""
    ends = np.array([first_us, last_us]).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    start, stop = ends[0] - ends[0] % months, ends[1] - ends[1] % months + months
    return np.arange(start, stop + 1, months).astype("datetime64[M]").astype("datetime64[us]").astype(np.int64).astype(np.float64)


def _handles(own: Own, group: Group) -> Rows:
    """Compare handles that end in five digits; count members with several handles in the records."""
    rows: Rows = []
    known, others = own.digits[group.members], own.others_digits[np.isfinite(own.others_digits)]
    seen: dict[int, set[str]] = {}
    for member, handle in own.handles:
        seen.setdefault(member, set()).add(handle.casefold())
    several = np.array([len(seen[m]) > 1 if m in seen else np.nan for m in group.members.tolist()], np.float64)
    for measure, values in (("digits", known), ("several", several)):
        values = values[np.isfinite(values)]
        number = int(values.sum())
        if values.size < FEWEST or 0 < number < FEWEST:
            continue
        low, high = wilson(number, values.size)
        share, row = number / values.size, {"measure": measure, "known": int(values.size), "accounts": number}
        row |= {"share": share, "share_low": low, "share_high": high}
        if measure == "digits" and others.size:
            other = float(others.mean())
            row |= {"others_known": int(others.size), "others_share": other, "ratio": share / other if other else None}
        rows.append(row)
    return rows


def _earlier(own: Own, group: Group, main: int) -> Rows:
    """Tell for each week (from Monday, UTC) whom most of the active members boosted, two of them at least.

    ``also_main`` of these members boost the account the network boosts most, in any week.
    """
    posts = own.posts
    at = group.posts[(posts.target[group.posts] >= 0) & np.isfinite(posts.at_us[group.posts])]
    if not at.size:
        return []
    week = np.floor((posts.at_us[at] - MONDAY_US) / WEEK_US).astype(np.int64)
    loyal = np.unique(posts.member[at][posts.target[at] == main])
    rows: Rows = []
    for w in np.unique(week):
        here = at[week == w]
        pair = np.unique(np.stack([posts.target[here], posts.member[here]]), axis=1)
        code, accounts = np.unique(pair[0], return_counts=True)
        count = np.bincount(posts.target[here])
        best = min(range(code.size), key=lambda i: (-int(accounts[i]), -int(count[code[i]]), own.words["target"][code[i]]))
        if accounts[best] < TWO:
            continue
        who = pair[1][pair[0] == code[best]]
        rows.append({"start_us": int(w) * WEEK_US + MONDAY_US, "active": int(np.unique(pair[1]).size), "code": int(code[best]),
                     "account_id": _account(own, int(code[best])), "accounts": int(accounts[best]),
                     "posts": int(count[code[best]]), "share": float(count[code[best]] / here.size),
                     "also_main": int(np.isin(who, loyal).sum())})  # fmt: skip
    return rows


def _look_up(corpus: Corpus, own: Own, rows: dict[str, Rows]) -> None:
    """Add to objects that are posts their author, text and address; to boosted accounts their names and posts by week."""
    wanted = sorted({r["post"].split(APART, 1)[1] for r in rows["objects"] if r["post"]})
    found = {
        f"{o['platform']}{APART}{o['post_id']}": o for o in _coordination_own.looked_up(corpus, _coordination_own.ORIGINALS, wanted)
    }
    refers = own.posts.ref >= 0
    posts = zip(own.posts.ref[refers].tolist(), own.posts.target[refers].tolist(), strict=True)
    authors = {own.words["ref"][ref]: target for ref, target in posts}
    for row in rows["objects"]:
        original: dict[str, Any] = found.get(row["post"], {})
        known = original.get("account_id")
        row["account_id"] = known if known is not None else _account(own, int(authors.get(row["post"], -1)))
        if row["post"]:
            row["object"] = row["post"].split(APART, 1)[1]
        row["object"] = _coordination_own.unnamed(row["object"], row["account_id"])
        row["post_id"] = row["object"] if row["post"] else None
        row["text"], row["permalink"] = _short(original.get("text")), original.get("permalink")
        row["object"] = _short(row["object"]) if row["kind"] in ("text", "any") else row["object"]
    mains = {r["network"]: r for r in reversed(rows["boosted"])}
    named = sorted({r["account_id"] for r in [*mains.values(), *rows["earlier"]]})
    by_account = _coordination_own.looked_up(corpus, _coordination_own.BY_ACCOUNT, named)
    _add_own_posts(own, rows["earlier"], by_account)
    for network in dict.fromkeys(r["network"] for r in rows["boosted"]):
        rows["names"] += _names(own, mains[network], by_account)


def _short(text: object) -> str | None:
    if text is None:
        return None
    said = " ".join(str(text).split())
    return said if len(said) <= SHORT else said[: SHORT - 1].rstrip() + "…"


def _add_own_posts(own: Own, rows: Rows, by_account: Rows) -> None:
    """Count what each boosted account itself posted in the week."""
    weekly: dict[tuple[str, int], int] = {}
    for post in by_account:
        if post["at_us"] is not None:
            key = f"{post['platform']}{APART}{post['account_id']}", post["at_us"] - (post["at_us"] - MONDAY_US) % WEEK_US
            weekly[key] = weekly.get(key, 0) + 1
    for row in rows:
        row["own_posts"] = weekly.get((own.words["target"][row["code"]], row["start_us"]), 0)


def _names(own: Own, row: dict[str, Any], by_account: Rows) -> Rows:
    """List the names the most boosted account has in the addresses of its posts, from when to when."""
    platform, account = own.words["target"][row["code"]].split(APART, 1)
    mine = [p for p in by_account if p["account_id"] == account and p["platform"] == platform]
    handles = _coordination_own.handles_of(pa.array([p["permalink"] for p in mine], pa.string())).to_pylist()
    seen: dict[str, list[int | None]] = {}
    for post, handle in zip(mine, handles, strict=True):
        if handle is not None:
            seen.setdefault(handle, []).append(post["at_us"])
    made = []
    for handle, times in sorted(seen.items()):
        known = [t for t in times if t is not None]
        spans = {"first_us": min(known, default=None), "last_us": max(known, default=None)}
        made.append({"network": row["network"], "account_id": account, "handle": handle, "posts": len(times)} | spans)
    return sorted(made, key=lambda r: (r["first_us"] is None, r["first_us"] or 0, r["handle"]))


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
