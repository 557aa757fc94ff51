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


class Cast(NamedTuple):
    """Hold the roles: ``accounts`` of one platform, sorted; the ``treated`` among them; ``doubled`` = account -> its groups."""

    platform: str
    accounts: list[str]
    treated: frozenset[str]
    doubled: dict[str, list[str]]
    absent: list[str]


def cast(corpus: Corpus, treated: str, controls: str) -> Cast:
    """Resolve names of groups, accounts and handles; every other account of the platform is a control unless controls are named.

    An account named on both sides is ``doubled`` too. Raises BadValue for a name nobody bears.
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
    chosen = _resolve(treated, "treated", members, known, handles)
    rest = _resolve(controls, "controls", members, known, handles) if controls else None
    platform = _platform(active, chosen) if chosen else max(sorted({p for p, _, _ in active}), key=lambda p: _size(active, p))
    here = {name for p, name, _ in active if p == platform}
    both = {account: ["treated", "controls"] for account in sorted(chosen & (rest or set()))}
    compared = sorted(here if rest is None else here & (chosen | rest))
    doubled = {a: sorted(g) for a in compared if len(g := {name for name, ids in members.items() if a in ids}) > 1}
    return Cast(platform, compared, frozenset(chosen & here), both | _overlapping(corpus, doubled, ids), sorted(chosen - here))


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


def _resolve(said: str, role: str, members: dict[str, set[str]], known: set[str], handles: dict[str, str]) -> set[str]:
    """Turn comma-separated names into account ids: a group's name first, then an account's id, then a handle."""
    found: set[str] = set()
    folded = {name.casefold(): name for name in members}
    accounts = {name.casefold(): name for name in sorted(known)}
    for name in (part.strip() for part in said.split(",") if part.strip()):
        plain = name.lstrip("@").casefold()
        if plain in folded:
            found |= members[folded[plain]] & known
        elif name in known:
            found.add(name)
        elif plain in accounts or plain in handles:
            found.add(accounts.get(plain) or handles[plain])
        else:
            raise BadValue(f"{role} is {name!r}, which is no group, account or handle of this case; {_choices(members, known)}")
    return found


def _choices(members: dict[str, set[str]], known: set[str]) -> str:
    groups, accounts = sorted(members), sorted(known)
    told = [f"groups: {', '.join(groups[:10])}"] if groups else []
    return "; ".join([*told, f"accounts: {', '.join(accounts[:10])}{' ...' if len(accounts) > 10 else ''}"])


def _platform(active: Sequence[tuple[str, str, int]], chosen: set[str]) -> str:
    """Take the platform on which the treated wrote most."""
    own = [row for row in active if row[1] in chosen]
    return max(sorted({p for p, _, _ in own}), key=lambda p: _size(own, p)) if own else active[0][0]


def _size(rows: Sequence[tuple[str, str, int]], platform: str) -> int:
    return sum(posts for p, _, posts in rows if p == platform)
