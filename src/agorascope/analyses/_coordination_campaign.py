"""What does a network share, whom does it boost, since when, and who in it begins? From the acts behind its ties and its posts."""

from typing import Any

import numpy as np
import pyarrow as pa
from scipy import stats

from agorascope.stats.distinct import distinct
from agorascope.tables import Corpus

from ._coordination_group import DAY_US, FEWEST, TWO, WEEK_US, Acts, Floats, Group, Ints, Rows
from ._coordination_own import APART, BY_ACCOUNT, ORIGINALS, Own, handles_of, looked_up, unnamed
from ._coordination_traits import compared

MOST_OBJECTS = 30  # objects of a network in a table: what a person reads through
SHORT = 140  # letters of a text shown, the length of an early tweet
SEEDER_P = 0.05  # chance that any member of a network is called first on objects by order at random
MONDAY_US = 4 * DAY_US  # 1970-01-05


def account(own: Own, target: int) -> str | None:
    """Give the id of an account that members refer to; None for -1."""
    return own.words["target"][target].split(APART, 1)[1] if target >= 0 else None


def objects(group: Group) -> tuple[Rows, int]:
    """List the objects most members act on, and count those of fewer than ``FEWEST``, which are not shown.

    ``spread_s`` is the median time from the first act to the others.
    """
    acts = group.acts
    if not acts.obj.size:
        return [], 0
    pairs = np.unique(np.stack([acts.obj, acts.member]), axis=1)[0]
    accounts = np.bincount(pairs, minlength=len(acts.objects))
    posts = np.bincount(acts.obj, minlength=len(acts.objects))
    first = np.concatenate(([0], np.cumsum(posts)))
    order = sorted(np.flatnonzero(accounts >= FEWEST).tolist(), key=lambda o: (-int(accounts[o]), -int(posts[o]), acts.objects[o]))
    rows: Rows = []
    for o in order[:MOST_OBJECTS]:
        at_us, (kind, name) = acts.at_us[first[o] : first[o + 1]], acts.objects[o]
        spread = float(np.median(at_us[1:] - at_us[0])) / 1e6 if at_us.size > 1 else None
        rows.append({"kind": kind, "object": name, "accounts": int(accounts[o]), "posts": int(posts[o]), "spread_s": spread,
                     "first_us": int(at_us[0]), "last_us": int(at_us[-1]),
                     "post": _post_key(acts, kind, name, first[o])})  # fmt: skip
    return rows, int(np.count_nonzero(accounts < FEWEST))


def _post_key(acts: Acts, kind: str, name: str, act: int) -> str:
    """Name the post an object is, platform and id; empty where the object is no post."""
    if APART in name:
        return name
    return acts.post[int(act)].as_py().split(APART, 1)[0] + APART + name if kind in ("repost", "reply") else ""


def boosted(own: Own, group: Group) -> tuple[Rows, int, int]:
    """List whose posts ``FEWEST`` members or more repeat, quote or answer.

    With the code of the account most of them do so for, or -1, and the number of accounts that fewer do so for.
    """
    posts = own.posts
    at = group.posts[posts.target[group.posts] >= 0]
    if not at.size:
        return [], -1, 0
    rows, hidden = compared(posts.target[at], posts.member[at], own.words["target"], own.others["target"], least=FEWEST)
    if not rows:
        return [], -1, hidden
    kinds = {
        name: np.bincount(posts.target[at][posts.kind[at] == k]) for name, k in (("replies", 1), ("reposts", 2), ("quotes", 3))
    }
    for row in rows:
        row |= {n: int(c[row["code"]]) if row["code"] < c.size else 0 for n, c in kinds.items()}
        row["account_id"] = account(own, row["code"])
    return rows, rows[0]["code"], hidden


def roles(own: Own, group: Group) -> Rows:
    """Count members whose own posts others act on, those first more often than by order at random, and the rest.

    A member is called first where the number of objects it is first on would, for any member of the network, be reached with
    probability ``SEEDER_P`` by order at random: Poisson, which is wider than the sum of unequal draws it stands for; Bonferroni.
    Roles of fewer than ``FEWEST`` members are put together with others (``mixed``).
    """
    acts = group.acts
    if not acts.obj.size:
        return []
    target = np.where(acts.place >= 0, own.posts.target[acts.place], -1) if own.posts.target.size else np.full(acts.obj.size, -1)
    written = np.where(target >= 0, own.targets[target], -1) if own.targets.size else target
    written = np.where(np.isin(written, group.members), written, -1)
    authors = distinct(written[written >= 0])
    first, expected = _firsts(acts, len(own.keys))
    active = distinct(acts.member)
    chance = stats.poisson.sf(first[active] - 1, expected[active]) * active.size
    early = np.setdiff1d(active[(chance <= SEEDER_P) & (first[active] > 0)], authors)
    rest = np.setdiff1d(group.members, np.union1d(authors, early))
    done = np.bincount(acts.member[acts.member >= 0], minlength=len(own.keys))
    begun = {"author": np.unique(acts.obj[written >= 0]).size, "first": int(first[early].sum()), "amplifier": None}
    return [
        {"role": role, "accounts": int(who.size), "posts": int(done[who].sum()), "share": float(done[who].sum() / acts.obj.size),
         "objects": begun.get(role)}
        for role, who in _large({"author": authors, "first": early, "amplifier": rest}).items()
    ]  # fmt: skip


def _large(parts: dict[str, Ints]) -> dict[str, Ints]:
    """Put roles of fewer than ``FEWEST`` members together, and with larger ones until nobody can tell how few they are."""
    few = [name for name, who in parts.items() if 0 < who.size < FEWEST]
    more = sorted((name for name, who in parts.items() if who.size >= FEWEST), key=lambda name: parts[name].size)
    while few and more and (len(few) < TWO or sum(parts[name].size for name in few) < FEWEST):
        few.append(more.pop(0))
    kept = {name: who for name, who in parts.items() if name not in few}
    mixed = np.concatenate([parts[name] for name in few]) if few else np.empty(0, np.int64)
    return kept | {"mixed": mixed} if mixed.size >= FEWEST else kept


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


def earlier(own: Own, group: Group, main: int) -> tuple[Rows, int]:
    """Tell for each week (from Monday, UTC) whom most of the active members boosted, and count the weeks of fewer than ``FEWEST``.

    ``also_main`` of these members boost the account the network boosts most, in any week; null for one to four of them.
    """
    posts = own.posts
    at = group.posts[(posts.target[group.posts] >= 0) & np.isfinite(posts.at_us[group.posts])]
    if not at.size:
        return [], 0
    week = np.floor((posts.at_us[at] - MONDAY_US) / WEEK_US).astype(np.int64)
    loyal = np.unique(posts.member[at][posts.target[at] == main])
    rows: Rows = []
    hidden = 0
    for w in np.unique(week):
        here = at[week == w]
        pair = np.unique(np.stack([posts.target[here], posts.member[here]]), axis=1)
        code, accounts = np.unique(pair[0], return_counts=True)
        count = np.bincount(posts.target[here])
        best = min(range(code.size), key=lambda i: (-int(accounts[i]), -int(count[code[i]]), own.words["target"][code[i]]))
        if accounts[best] < FEWEST:
            hidden += 1
            continue
        also = int(np.isin(pair[1][pair[0] == code[best]], loyal).sum())
        rows.append({"start_us": int(w) * WEEK_US + MONDAY_US, "active": int(np.unique(pair[1]).size), "code": int(code[best]),
                     "account_id": account(own, int(code[best])), "accounts": int(accounts[best]),
                     "posts": int(count[code[best]]), "share": float(count[code[best]] / here.size),
                     "also_main": None if 0 < also < FEWEST else also})  # fmt: skip
    return rows, hidden


def look_up(corpus: Corpus, own: Own, rows: dict[str, Rows]) -> None:
    """Add to objects that are posts their author, text and address; to boosted accounts their names and posts by week."""
    wanted = sorted({r["post"].split(APART, 1)[1] for r in rows["objects"] if r["post"]})
    found = {f"{o['platform']}{APART}{o['post_id']}": o for o in looked_up(corpus, ORIGINALS, wanted)}
    refers = own.posts.ref >= 0
    posts = zip(own.posts.ref[refers].tolist(), own.posts.target[refers].tolist(), strict=True)
    authors = {own.words["ref"][ref]: target for ref, target in posts}
    for row in rows["objects"]:
        original: dict[str, Any] = found.get(row["post"], {})
        known = original.get("account_id")
        row["account_id"] = known if known is not None else account(own, int(authors.get(row["post"], -1)))
        if row["post"]:
            row["object"] = row["post"].split(APART, 1)[1]
        row["object"] = unnamed(row["object"], row["account_id"])
        row["post_id"] = row["object"] if row["post"] else None
        row["text"], row["permalink"] = _short(original.get("text")), original.get("permalink")
        row["object"] = _short(row["object"]) if row["kind"] in ("text", "any") else row["object"]
    mains = {r["network"]: r for r in reversed(rows["boosted"])}
    named = sorted({r["account_id"] for r in [*mains.values(), *rows["earlier"]]})
    by_account = looked_up(corpus, BY_ACCOUNT, named)
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
    handles = handles_of(pa.array([p["permalink"] for p in mine], pa.string())).to_pylist()
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
