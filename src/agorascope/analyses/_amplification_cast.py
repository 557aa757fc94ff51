"""Who is compared with whom? Accounts and groups named by a person, turned into treated accounts and controls, roles checked."""

from collections.abc import Sequence
from typing import NamedTuple

from agorascope.errors import BadValue
from agorascope.tables import Corpus

ACTIVE = """
    SELECT platform, account_id, SUM(posts) AS posts FROM (
        SELECT platform, account_id, COUNT(*) AS posts FROM posts WHERE account_id IS NOT NULL GROUP BY platform, account_id
        UNION ALL
        SELECT platform, account_id, COUNT(*) AS posts FROM panels WHERE account_id IS NOT NULL GROUP BY platform, account_id) AS a
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
HANDLES = """
    SELECT platform, account_id, handle FROM accounts WHERE handle IS NOT NULL
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
MEMBERS = """
    SELECT account_id, group_name, since_us, until_us FROM groups
    ORDER BY account_id NULLS FIRST, group_name NULLS FIRST, since_us NULLS FIRST, until_us NULLS FIRST"""


SIDES = ("treated", "controls")


class Named(NamedTuple):
    """Hold the accounts named on one side: each by itself, ``single``, and as ``members`` of a group named."""

    single: set[str]
    members: set[str]

    @property
    def everybody(self) -> set[str]:
        """Give both together."""
        return self.single | self.members


class Cast(NamedTuple):
    """Hold the roles: ``accounts`` of one platform, sorted; the ``treated`` among them; ``doubled`` = account -> its groups.

    ``absent``: accounts named, or members of groups named, without a post on that platform.
    """

    platform: str
    accounts: list[str]
    treated: frozenset[str]
    doubled: dict[str, list[str]]
    absent: list[str]


def cast(corpus: Corpus, treated: str, controls: str) -> Cast:
    """Resolve names of groups, accounts and handles; every other account of the platform is a control unless controls are named.

    An account named on both sides is ``doubled``, and one that a named group brings in while it is in another group too. Raises
    BadValue for a name nobody bears, and for accounts named that did not write on one platform.
    """
    active = [(r["platform"], r["account_id"], int(r["posts"])) for r in corpus.query(ACTIVE).to_pylist()]
    handles = {
        r["handle"].lstrip("@").casefold(): r["account_id"]
        for r in (corpus.query(HANDLES).to_pylist() if corpus.has("accounts") else [])
    }
    ids = {name.casefold(): name for _, name, _ in active} | handles
    members = _members(corpus, ids)
    known = {name for _, name, _ in active}
    if not active:
        return Cast("unknown", [], frozenset(), {}, [])
    own = _resolve(treated, "treated", members, known, handles)
    others = _resolve(controls, "controls", members, known, handles)
    chosen, rest = own.everybody, others.everybody if controls else None
    platform = _platform(active, own, others)
    here = {name for p, name, _ in active if p == platform}
    both = {account: list(SIDES) for account in sorted(chosen & (rest or set()))}
    compared = sorted(here if rest is None else here & (chosen | rest))
    listed = own.members | others.members
    doubled = {a: sorted(g) for a in compared if a in listed and len(g := {n for n, ids in members.items() if a in ids}) > 1}
    absent = sorted((chosen | (rest or set())) - here)
    return Cast(platform, compared, frozenset(chosen & here), _overlapping(corpus, doubled, ids) | both, absent)


def _members(corpus: Corpus, ids: dict[str, str]) -> dict[str, set[str]]:
    """Give the accounts of each group, handles turned into ids."""
    found: dict[str, set[str]] = {}
    for row in corpus.query(MEMBERS).to_pylist() if corpus.has("groups") else []:
        found.setdefault(row["group_name"], set()).add(_account(row["account_id"], ids))
    return found


def _account(name: str, ids: dict[str, str]) -> str:
    """Give the id of an account listed by id or handle."""
    return ids.get(name.lstrip("@").casefold(), name)


def _overlapping(corpus: Corpus, doubled: dict[str, list[str]], ids: dict[str, str]) -> dict[str, list[str]]:
    """Keep the accounts that are in two groups at one time, not one after the other."""
    if not doubled:
        return {}
    rows = corpus.query(MEMBERS).to_pylist()
    far = 2**62
    kept = {}
    for account, groups in doubled.items():
        mine = [r for r in rows if r["group_name"] in groups and _account(r["account_id"], ids) == account]
        spans = sorted((r["since_us"] or -far, far if r["until_us"] is None else r["until_us"], r["group_name"]) for r in mine)
        if any(a[2] != b[2] and a[1] > b[0] for i, a in enumerate(spans) for b in spans[i + 1 :]):
            kept[account] = groups
    return kept


def _resolve(said: str, role: str, members: dict[str, set[str]], known: set[str], handles: dict[str, str]) -> Named:
    """Turn comma-separated names into account ids: a group's name first, then an account's id, then a handle."""
    single: set[str] = set()
    listed: set[str] = set()
    folded = {name.casefold(): name for name in members}
    accounts = {name.casefold(): name for name in sorted(known)}
    for name in (part.strip() for part in said.split(",") if part.strip()):
        plain = name.lstrip("@").casefold()
        if plain in folded:
            listed |= members[folded[plain]]
        elif name in known:
            single.add(name)
        elif plain in accounts or plain in handles:
            single.add(accounts.get(plain) or handles[plain])
        else:
            raise BadValue(f"{role} is {name!r}, which is no group, account or handle of this case; {_choices(members, known)}")
    return Named(single, listed)


def _choices(members: dict[str, set[str]], known: set[str]) -> str:
    groups, accounts = sorted(members), sorted(known)
    told = [f"groups: {', '.join(groups[:10])}"] if groups else []
    return "; ".join([*told, f"accounts: {', '.join(accounts[:10])}{' ...' if len(accounts) > 10 else ''}"])


def _platform(active: Sequence[tuple[str, str, int]], treated: Named, controls: Named) -> str:
    """Take the platform on which the treated wrote most, of those that hold every account named by itself.

    Where nobody is named, the largest. Raises BadValue where the accounts named wrote on unlike platforms.
    """
    where: dict[str, set[str]] = {}
    for platform, name, _ in active:
        where.setdefault(name, set()).add(platform)
    named = sorted(name for name in treated.single | controls.single if name in where)
    everywhere = sorted({p for p, _, _ in active})
    shared = [p for p in everywhere if all(p in where[name] for name in named)]
    if not shared:
        told = ", ".join(f"{name} ({' and '.join(sorted(where[name]))})" for name in named[:10])
        raise BadValue(
            f"the accounts named wrote on unlike platforms: {told}; accounts of one platform are compared at a time: "
            "name those of one, and run once for each"
        )
    group = treated.everybody or controls.everybody
    own = [row for row in active if row[1] in group] or active
    return max(shared, key=lambda p: _size(own, p))


def _size(rows: Sequence[tuple[str, str, int]], platform: str) -> int:
    return sum(posts for p, _, posts in rows if p == platform)
