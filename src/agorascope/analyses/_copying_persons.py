"""Which accounts of several platforms are one person's, so that a text posted on both is no copy?

Accounts of different platforms are one person's where they bear the same id, handle or display name and, on each platform, one
account only bears it: a name that two accounts of a platform share ties nobody. A handle counts without its server
(``ann@example.social``, ``ann.bsky.social``). Doubt is in the accounts' favour: what is one person's is no lift. Accounts of a
group named in ``same`` are one person's, on one platform too.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agorascope.errors import BadValue
from agorascope.tables import Corpus

HANDLES = "SELECT platform, account_id, handle FROM account_handles ORDER BY platform NULLS FIRST, account_id NULLS FIRST"
NAMES = """
    SELECT platform, account_id, name FROM accounts WHERE name IS NOT NULL
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
MEMBERS = """
    SELECT platform, account_id, group_name FROM groups GROUP BY platform, account_id, group_name
    ORDER BY group_name NULLS FIRST, platform NULLS FIRST, account_id NULLS FIRST"""
_SERVERS = (".bsky.social",)

Ints = npt.NDArray[np.int64]
Account = tuple[str, str]


def groups(corpus: Corpus) -> dict[str, set[Account]]:
    """Give the accounts of every group, by its name in lower case."""
    found: dict[str, set[Account]] = {}
    for row in corpus.query(MEMBERS).to_pylist() if corpus.has("groups") else []:
        found.setdefault(row["group_name"].casefold(), set()).add((row["platform"], row["account_id"]))
    return found


def handles(corpus: Corpus) -> dict[Account, set[str]]:
    """Give every handle an account was described under, in lower case."""
    found: dict[Account, set[str]] = {}
    for row in corpus.query(HANDLES).to_pylist():
        found.setdefault((row["platform"], row["account_id"]), set()).add(row["handle"])
    return found


def persons(corpus: Corpus, accounts: list[Account], same: str) -> Ints:
    """Number the person behind each of the ``accounts``, by the first account of it; shape (accounts,).

    ``same`` names groups, separated by commas. Raises BadValue where one is no group. Cost O(accounts).
    """
    number = {account: code for code, account in enumerate(accounts)}
    tied = list(_declared(corpus, number, same))
    if len({platform for platform, _ in accounts}) > 1:
        tied += _alike(number, ((a, a[1]) for a in accounts))
        tied += _alike(number, ((a, _bare(h)) for a, known in handles(corpus).items() for h in known))
        rows = corpus.query(NAMES).to_pylist() if corpus.has("accounts") else []
        tied += _alike(number, (((r["platform"], r["account_id"]), " ".join(r["name"].split())) for r in rows))
    if not tied:
        return np.arange(len(accounts))
    one, other = np.array(tied).T
    label = connected_components(coo_array((np.ones(one.size), (one, other)), shape=(len(accounts),) * 2), directed=False)[1]
    return np.asarray(np.unique(label, return_index=True)[1][label], np.int64)


def _declared(corpus: Corpus, number: dict[Account, int], same: str) -> Iterable[tuple[int, int]]:
    known = groups(corpus) if same else {}
    for name in (part.strip() for part in same.split(",") if part.strip()):
        if name.casefold() not in known:
            raise BadValue(f"same is {name!r}, which is no group here; groups are: {', '.join(sorted(known)[:10]) or 'none'}")
        meant = known[name.casefold()]
        codes = [code for (p, a), code in number.items() if (p, a) in meant or ("unknown", a) in meant]
        yield from pairwise(codes)


def _alike(number: dict[Account, int], called: Iterable[tuple[Account, str]]) -> list[tuple[int, int]]:
    """Tie the accounts of different platforms under one word, if one account of each platform bears it."""
    bearers: dict[str, dict[str, set[int]]] = {}
    for account, word in called:
        if word and account in number:
            bearers.setdefault(word.casefold(), {}).setdefault(account[0], set()).add(number[account])
    alone = [by.values() for by in bearers.values() if len(by) > 1 and all(len(codes) == 1 for codes in by.values())]
    several = [sorted(code for codes in one for code in codes) for one in alone]
    return [pair for codes in several for pair in pairwise(codes)]


def _bare(handle: str) -> str:
    """Give a handle without the server it is at.

    >>> _bare("ann@example.social"), _bare("ann.bsky.social"), _bare("ann.example.org")
    ('ann', 'ann', 'ann.example.org')
    """
    name = handle.lstrip("@").split("@")[0]
    for server in _SERVERS:
        name = name.removesuffix(server)
    return name
