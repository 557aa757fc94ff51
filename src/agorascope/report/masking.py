"""Who is named in a report? Nobody, by default: account ids become pseudonyms and mentions are masked.

Masked are the columns ``account_id, account, author, handle, ref_account_id`` (and lists of them), the message values
``account, accounts, author, handle``, both ends of a tie in the table ``edges``, the value of rows that say they are
about an account (``kind`` is ``author``, ``account`` or ``mention``), the registration records (``record``) of a ``kind`` that may
name a person, and every ``@handle`` in any text. A link that
names its author is rewritten where the platform knows a form without the name (X), else withheld, as is any link that
may name its author.

Limits: a post's own words can identify its author; a search engine finds them.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from agorascope.findings import Evidence, Finding
from agorascope.records import OPEN_RECORDS
from agorascope.texts import Message

from .links import unnamed_link

ACCOUNT_COLUMNS = frozenset({"account_id", "account", "author", "handle", "ref_account_id", "accounts", "authors"})
COUNTED = frozenset({"accounts", "authors"})  # whole numbers in these count accounts, texts and lists name them
ENDS = frozenset({"source", "target"})  # of a tie, which the table ``edges`` holds; elsewhere these columns name no account
LISTED = frozenset({"accounts"})  # a parameter of this name may hold a group's: the case masks the accounts in it
POSTS = frozenset({"object", "post_id"})  # what a post is called by some platforms: an address with the author's handle in it
ABOUT_ACCOUNTS = frozenset({"author", "authors", "account", "accounts", "mention", "mentions"})
QUOTED = frozenset({"seen", "said", "text", "one", "other"})
"""Values of a reason for quarantine that stand in the record, or are the words of an API."""
OURS = frozenset({"dmy", "mdy"})
"""What may stand there and is ours."""
MASKED_MENTION = "@…"
_MENTION = re.compile(r"(?<![\w@/.])@\w[\w.-]*(?:@[\w-]+(?:\.[\w-]+)+)?")
_DID = re.compile(r"\bdid:[a-z0-9]+:[\w.%-]+")
_ADDRESSED = re.compile(r"/@\w[\w.-]*")
_RETWEETED = re.compile(r"^RT @?\w{1,30}:")

Name = Callable[[str], str]


def pseudonym(account_id: str, salt: str) -> str:
    """Name an account without naming it: the same account and salt give the same 8 letters.

    The salt belongs to one case and stays secret: without it nobody can look an account up in a list of hashes.

    >>> pseudonym("12345", "salt")
    'a_w2ih6ghn'
    """
    code = hmac.digest(salt.encode(), account_id.encode("utf-8", "surrogatepass"), hashlib.sha256)
    letters = "abcdefghijkmnopqrstuvwxyz2345679"
    return "a_" + "".join(letters[byte % 32] for byte in code[:8])


def pseudonymise(finding: Finding, name: Name) -> Finding:
    """Give the finding with every account id replaced by ``name(id)`` and every mention masked. Cost O(cells)."""
    return msgspec.structs.replace(
        finding,
        question=_said(finding.question, name),
        claim=_said(finding.claim, name),
        limits=tuple(_said(m, name) for m in finding.limits),
        notes=tuple(_said(m, name) for m in finding.notes),
        units=tuple(_row(unit, name) for unit in finding.units),
        evidence=tuple(_evidence(e, name) for e in finding.evidence),
        evidence_query=_query(finding, name),
        rivals=tuple(
            msgspec.structs.replace(r, statement=_said(r.statement, name), missing=r.missing and _said(r.missing, name))
            for r in finding.rivals
        ),
        figures=tuple(
            msgspec.structs.replace(f, title=_said(f.title, name), note=f.note and _said(f.note, name)) for f in finding.figures
        ),
        params={key: _value("" if key in LISTED else key, value, name) for key, value in finding.params.items()},
        tables={key: _table(table, name, ENDS if key == "edges" else frozenset()) for key, table in finding.tables.items()},
    )


def masked(findings: Sequence[Finding], name: Name, *, identities: bool) -> list[Finding]:
    """Give the findings as a report may show them: pseudonymised unless ``identities``."""
    return list(findings) if identities else [pseudonymise(finding, name) for finding in findings]


def unquoted(reasons: Sequence[tuple[Message, int]]) -> list[tuple[Message, int]]:
    """Give the reasons of quarantine without what they quote of the records: a cell may hold anybody's name.

    >>> unquoted([(Message("reasons.not_a_time", {"seen": "'alice'"}), 2), (Message("reasons.not_a_time", {"seen": "'bob'"}), 1)])
    [(Message(key='reasons.not_a_time', args={'seen': '…'}), 3)]
    """
    counts: dict[str, tuple[Message, int]] = {}
    for reason, count in reasons:
        bare = _unquoted(reason)
        counts[repr(bare)] = (bare, counts.get(repr(bare), (bare, 0))[1] + count)
    return sorted(counts.values(), key=lambda one: (-one[1], one[0].key))


def _unquoted(reason: Message) -> Message:
    return Message(reason.key, {name: _bare(name, value) for name, value in reason.args.items()})


def _bare(name: str, value: Any) -> Any:
    if isinstance(value, (dict, Message)):
        return _unquoted(msgspec.convert(value, Message))
    quoted = name in QUOTED and isinstance(value, str) and value not in OURS
    return "…" if quoted else value


def mask_mentions(text: str) -> str:
    """Hide every mention in a text, and the account named by a repost's "RT someone:".

    >>> mask_mentions("thanks @someone, write to press@example.org")
    'thanks @…, write to press@example.org'
    """
    return _MENTION.sub(MASKED_MENTION, _RETWEETED.sub(f"RT {MASKED_MENTION}:", text))


def _evidence(row: Evidence, name: Name) -> Evidence:
    account = row.account_id
    shown = name(account) if account is not None else None
    own = row.id == account or row.table in ("accounts", "account_counters")
    post_id = name(row.id) if own else _without(row.id, account, shown)
    return msgspec.structs.replace(
        row,
        role=_said(row.role, name),
        id=post_id,
        account_id=shown,
        permalink=unnamed_link(row.permalink, account, row.id),
        text=row.text and mask_mentions(_without(row.text, account, shown)),
    )


def _query(finding: Finding, name: Name) -> str:
    """Hide in the query of a finding the accounts its units and evidence name, and those that ids of posts hold."""
    named = {e.account_id for e in finding.evidence} | {u.get(c) for u in finding.units for c in ("account_id", "account")}
    text = finding.evidence_query
    for account in sorted(a for a in named if isinstance(a, str)):
        text = _without(text, account, name(account))
        for literal in (account, account.replace("'", "''")):  # short names and quoted ones, where they stand as literals
            text = text.replace(f"'{literal}'", f"'{name(account)}'")
    return _ADDRESSED.sub(f"/{MASKED_MENTION}", _DID.sub(lambda found: name(found[0]), text))


def _without(text: str, account: str | None, shown: str | None) -> str:
    return text.replace(account, shown) if account and shown and len(account) > 3 else text


def _said(text: Message, name: Name) -> Message:
    return Message(text.key, {key: _value(key, value, name) for key, value in text.args.items()})


def _value(column: str, value: Any, name: Name) -> Any:
    if isinstance(value, Message):
        return _said(value, name)
    if isinstance(value, dict):
        return _row(value, name)
    if isinstance(value, (list, tuple)):
        return [_value(column, item, name) for item in value]
    if column in ACCOUNT_COLUMNS and (isinstance(value, str) or (type(value) is int and column not in COUNTED)):
        return name(str(value))
    if not isinstance(value, str):
        return value
    return mask_mentions(_ADDRESSED.sub(f"/{MASKED_MENTION}", value) if column in POSTS else value)


def _row(row: dict[str, Any], name: Name) -> dict[str, Any]:
    about = str(row.get("kind", row.get("dimension", ""))) in ABOUT_ACCOUNTS
    public = row.get("kind") in OPEN_RECORDS
    shown: dict[str, Any] = {}
    for key, value in row.items():
        if key == "permalink":
            shown[key] = unnamed_link(value, row.get("account_id"), row.get("post_id"))
        elif isinstance(value, str) and ((about and key in ("value", "label", "category")) or (key == "record" and not public)):
            shown[key] = name(value)
        else:
            shown[key] = _value(key, value, name)
    return shown


def _table(table: pa.Table, name: Name, ends: frozenset[str]) -> pa.Table:
    named = (ACCOUNT_COLUMNS - COUNTED) | ends
    textual = [f for f in table.schema if pa.types.is_string(f.type) or pa.types.is_list(f.type) or f.name in named]
    if not textual:
        return table
    rows = [_row(row, name) for row in table.select([f.name for f in textual]).to_pylist()]
    for column in textual:
        kind = pa.string() if pa.types.is_integer(column.type) else column.type
        cells = [row[column.name] for row in rows]
        masked = pa.array([c if c is None else name(str(c)) for c in cells] if column.name in ends else cells, kind)
        table = table.set_column(table.schema.get_field_index(column.name), column.name, masked)
    return table
