"""Which account does a parameter name? Pseudonyms are read back into ids for a run, and stand for names in what is shared."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from agorascope.analyses import analyses
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.report import pseudonym, pseudonymise
from agorascope.tables import Corpus

from .settings import Given

ROLES = ("accounts", "controls", "treated")  # accounts, handles or groups, separated by commas
ACCOUNT_PARAMETERS = ("account", *ROLES)  # ``account`` holds one id, which the report masks by itself
PSEUDONYM = re.compile(r"a_[a-km-z2-79]{8}")
_IDS = """
    SELECT account_id FROM posts WHERE account_id IS NOT NULL
    UNION SELECT account_id FROM panels WHERE account_id IS NOT NULL
    UNION SELECT account_id FROM accounts WHERE account_id IS NOT NULL
    ORDER BY account_id"""
_HANDLES = """
    SELECT handle, account_id FROM accounts WHERE handle IS NOT NULL AND account_id IS NOT NULL
    ORDER BY handle, account_id"""
_GROUPS = "SELECT DISTINCT group_name FROM groups ORDER BY group_name NULLS FIRST"


def identified(given: Sequence[Given], corpus: Corpus, salt: str) -> list[Given]:
    """Read the pseudonyms of a report, where a parameter names accounts, back into account ids. Cost O(accounts) if there is one.

    A handle or a group that looks like a pseudonym is what it is. Raises BadValue for a pseudonym that is no account's of this
    case, or that stands for an id with a comma in it among others.
    """
    asked = [one for one in given if any(PSEUDONYM.fullmatch(part) for part in _named(one))]
    if not asked:
        return list(given)
    ids = [r["account_id"] for r in corpus.query(_IDS).to_pylist()]
    known = {pseudonym(account, salt): account for account in ids}
    names = {*ids, *_folded(corpus, _GROUPS, "group_name"), *_folded(corpus, _HANDLES, "handle")}
    return [_identified(one, known, names) if one in asked else one for one in given]


def unnamed(findings: Sequence[Finding], corpus: Corpus, config: Mapping[str, Any]) -> list[Finding]:
    """Put pseudonyms in place of the accounts that the roles in the parameters of findings name; names of groups stay."""
    asked = [f for f in findings if any(f.params.get(name) for name in ROLES)]
    if not asked:
        return list(findings)
    groups = _folded(corpus, _GROUPS, "group_name")
    handles = {r["handle"].lstrip("@").casefold(): r["account_id"] for r in corpus.query(_HANDLES).to_pylist()}
    ids = {r["account_id"].casefold(): r["account_id"] for r in corpus.query(_IDS).to_pylist()}
    name = partial(pseudonym, salt=config["salt"])

    def shown(part: str) -> str:
        plain = part.lstrip("@").casefold()
        return part if plain in groups else name((handles | ids).get(plain, part))

    return [msgspec.structs.replace(f, params=f.params | _shown(f.params, shown)) if f in asked else f for f in findings]


def of_networks(finding: Finding) -> bool:
    """Say whether a finding speaks of members of networks: that of ``coordination``, and those of analyses that need it."""
    module = analyses().get(finding.analysis)
    return "coordination" in (finding.analysis, *getattr(module, "NEEDS", ()))


def members_unnamed(findings: Sequence[Finding], config: Mapping[str, Any]) -> list[Finding]:
    """Put pseudonyms in place of accounts in findings about networks, as a report does; others, and all tables, stay."""
    name = partial(pseudonym, salt=config["salt"])
    made = []
    for finding in findings:
        if of_networks(finding):
            told = pseudonymise(msgspec.structs.replace(finding, figures=(), tables={}), name)
            finding = msgspec.structs.replace(told, figures=finding.figures, tables=finding.tables)
        made.append(finding)
    return made


def _identified(one: Given, known: Mapping[str, str], names: Collection[str]) -> Given:
    parts = _named(one)
    found = [known.get(part, part) for part in parts]
    for part, account in zip(parts, found, strict=True):
        if PSEUDONYM.fullmatch(part) and part == account and part.casefold() not in names:
            raise BadValue(f"{one.name} is {part!r}, which looks like a pseudonym and is no account's of this case; give its id")
        if part != account and "," in account and one.name in ROLES:
            raise BadValue(f"{one.name} is {part!r}, whose id has a comma in it; put the account into a group and name that")
    return Given(one.analysis, one.name, ",".join(found))


def _named(one: Given) -> list[str]:
    """List the accounts that a parameter names; none where it names no account."""
    if one.name not in ACCOUNT_PARAMETERS or not isinstance(one.value, str):
        return []
    return _parts(one.value) if one.name in ROLES else [one.value]


def _folded(corpus: Corpus, sql: str, column: str) -> set[str]:
    return {row[column].lstrip("@").casefold() for row in corpus.query(sql).to_pylist() if row[column]}


def _shown(params: Mapping[str, Any], shown: Any) -> dict[str, str]:
    return {
        name: ", ".join(shown(part) for part in _parts(params[name]))
        for name in ROLES
        if isinstance(params.get(name), str) and params[name]
    }


def _parts(said: Any) -> list[str]:
    return [part.strip() for part in str(said).split(",") if part.strip()]
