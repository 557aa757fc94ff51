"""How does a network reach a platform of threat intelligence? As a STIX 2.1 bundle that accuses nobody.

A ``grouping`` per network, with context ``unspecified``: no campaign, no threat actor, no intrusion set. It refers to the accounts
as ``user-account``, to an ``observed-data`` where the times are known, and is related to DISARM techniques, given by their ids
alone. Ties are ``relationship``: the ``TIES`` strongest, how many were left out being said. Ids are UUIDs made from the case, times
are those of the data: the same case gives the same bytes.

Source: OASIS, STIX Version 2.1, docs.oasis-open.org/cti/stix/v2.1; ids of accounts as in section 2.9.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import numpy as np
import pyarrow as pa

from .exporting_network import Network
from .exporting_words import HEDGE, HOME, Told, confidence, stamp, unit
from .exporting_xml import clean

TIES = 10_000
_ACCOUNTS = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
_FIXED = "2020-01-01T00:00:00.000Z"
_PLATFORMS = {"x": "twitter", "twitter": "twitter", "facebook": "facebook"}
_TOOL = f"identity--{uuid5(HOME, 'tool')}"

Tie = tuple[int, int, float]


def stix(network: Network, told: Told, file: Path) -> None:
    """Write the networks of a finding as one bundle, object by object."""
    with file.open("wb") as out:
        out.write(b'{"type":"bundle","id":"bundle--' + str(told.name("bundle")).encode() + b'","objects":[\n')
        for i, thing in enumerate(_objects(network, told)):
            out.write((b",\n" if i else b"") + msgspec.json.encode(thing))
        out.write(b"\n]}\n")


def strongest(network: Network) -> tuple[list[Tie], int]:
    """Give the strongest ties within a network, at most ``TIES``, in the order of the table, and how many were left out."""
    group = np.array([-1 if g is None else i for g, i in zip(network.groups, _codes(network.groups), strict=True)])
    source, target, weight = (np.asarray(network.edges[c]) for c in ("source", "target", "weight"))
    inside = np.flatnonzero((group[source] >= 0) & (group[source] == group[target]) & (source != target)) if len(group) else group
    kept = np.sort(inside[np.argsort(-weight[inside], kind="stable")[:TIES]]) if len(inside) else inside
    return [(int(source[i]), int(target[i]), float(weight[i])) for i in kept], len(inside) - len(kept)


def _codes(groups: list[str | None]) -> list[int]:
    known: dict[str | None, int] = {}
    return [known.setdefault(g, len(known)) for g in groups]


def _objects(network: Network, told: Told) -> Iterator[dict[str, Any]]:
    yield {
        **_common("identity", _TOOL, _FIXED),
        "name": "Agorascope",
        "identity_class": "system",
        "description": "A program that measures what happens on social platforms. It passes no judgement on any account.",
    }
    members = network.members()
    accounts = _accounts(network, told)
    refs = {at: account["id"] for at, account in accounts.items()}
    yield from {account["id"]: account for account in accounts.values()}.values()
    techniques = sorted({t for group in members for t in unit(told.finding, group).techniques})
    yield from (_technique(t) for t in techniques)
    groupings = []
    for group, positions in members.items():
        for thing in _network(group, [refs[p] for p in positions], told):
            if thing["type"] == "grouping":
                groupings.append(thing["id"])
            yield thing
    ties, left_out = strongest(network)
    for i, (source, target, weight) in enumerate(ties):
        yield {
            **_relation(told, refs[source], refs[target], "tie", i),
            "description": f"A tie of weight {weight:.12g} within one network. {HEDGE}",
        }
    yield _note(told, groupings or [_TOOL], left_out)


def _common(kind: str, name: str, at: str) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": name, "created": at, "modified": at}


def _ours(kind: str, told: Told, *parts: object) -> dict[str, Any]:
    thing = _common(kind, f"{kind}--{told.name(kind, *parts)}", stamp(told.moment)) | {"created_by_ref": _TOOL, "lang": "en"}
    sure = confidence(told.finding)
    return thing if sure is None else thing | {"confidence": sure}


def _accounts(network: Network, told: Told) -> dict[int, dict[str, Any]]:
    """Make an object of each account in a network; its id is made from what the standard says, so that tools can join on it."""
    columns = [c for c in ("account_id", "platform", "handle", "name", "display_name") if c in network.accounts.column_names]
    inside = [p for positions in network.members().values() for p in positions]
    rows = network.accounts.select(columns).take(pa.array(inside, pa.int64())).to_pylist()
    made = {}
    for position, row in zip(inside, rows, strict=True):
        own = {"user_id": clean(row["account_id"])}
        if platform := row.get("platform"):
            own["account_type"] = _PLATFORMS.get(str(platform).casefold(), clean(str(platform).casefold()))
        if not told.pseudonyms and row.get("handle"):
            own["account_login"] = clean(row["handle"])
        named = uuid5(_ACCOUNTS, msgspec.json.encode(own, order="sorted").decode())
        shown = row.get("name") or row.get("display_name")
        told_name = {"display_name": clean(shown)} if shown and not told.pseudonyms else {}
        made[position] = {"type": "user-account", "spec_version": "2.1", "id": f"user-account--{named}", **own, **told_name}
    return made


def _technique(technique: str) -> dict[str, Any]:
    """Refer to a technique of DISARM: its id stands where its name would, which is under another licence than ours."""
    return {
        **_common("attack-pattern", f"attack-pattern--{uuid5(HOME, f'disarm {technique}')}", _FIXED),
        "created_by_ref": _TOOL,
        "name": technique,
        "external_references": [{"source_name": "DISARM", "external_id": technique}],
    }


def _network(group: str, accounts: list[str], told: Told) -> Iterator[dict[str, Any]]:
    """Give what there is on one network: observed data, its grouping, and what it resembles."""
    seen = unit(told.finding, group)
    accounts = list(dict.fromkeys(accounts))
    refs = list(accounts)
    if seen.first and seen.last:
        observed = _ours("observed-data", told, group)
        refs.append(observed["id"])
        yield {
            **observed,
            "first_observed": stamp(seen.first),
            "last_observed": stamp(seen.last),
            "number_observed": seen.observed,
            "object_refs": accounts,
        }
    grouping = {
        **_ours("grouping", told, group),
        "name": clean(f"Network {group}: {len(accounts)} accounts ({told.finding.analysis})"),
        "description": clean(told.description),
        "context": "unspecified",
        "object_refs": refs,
    }
    yield grouping
    for technique in seen.techniques:
        yield {
            **_relation(told, grouping["id"], _technique(technique)["id"], group, technique),
            "description": f"What was observed resembles this technique. {HEDGE}",
        }


def _relation(told: Told, source: str, target: str, *parts: object) -> dict[str, Any]:
    return {
        **_ours("relationship", told, source, target, *parts),
        "relationship_type": "related-to",
        "source_ref": source,
        "target_ref": target,
    }


def _note(told: Told, about: list[str], left_out: int) -> dict[str, Any]:
    """Say once more what this is and is not, with the other explanations and what was left out."""
    said = [told.description]
    said += [f"Another explanation, {r.status.replace('_', ' ')}: {r.statement}" for r in told.finding.rivals]
    if left_out:
        said.append(f"The {TIES} strongest ties are given; {left_out} others are left out, and stand in the same finding as csv.")
    return {
        **_ours("note", told),
        "abstract": clean(str(told.finding.question)),
        "content": clean("\n".join(said)),
        "object_refs": about,
    }
