"""How does a network reach MISP? As one event: an annotation per network, tied to its accounts, nothing to be blocked.

The event goes to one's own organisation only, unpublished, of undefined threat level; every ``to_ids`` is false. Accounts are
objects ``user-account``, a network is an object ``annotation``. DISARM techniques are tags that hold ids alone. Names and times are
made as in the bundle of STIX: the same case gives the same bytes.

Source: draft-dulaunoy-misp-core-format; templates of misp-objects ``user-account`` version 6 and ``annotation`` version 3.
"""

from pathlib import Path
from typing import Any
from uuid import uuid5

import msgspec
import pyarrow as pa

from .exporting_network import Network
from .exporting_stix import TIES, strongest
from .exporting_words import HOME, MODERATE, Told, confidence, stamp, unit
from .exporting_xml import clean

_ACCOUNT = {
    "name": "user-account",
    "meta-category": "misc",
    "template_uuid": "49606b06-22f0-4ac8-8eee-2f12ad46f3d3",
    "template_version": "6",
    "description": "An account of a social platform.",
}
_ANNOTATION = {
    "name": "annotation",
    "meta-category": "misc",
    "template_uuid": "5d8dc046-15a1-4ca3-a09f-ed4ede7c4487",
    "template_version": "3",
    "description": "What was observed of one network.",
}


def misp(network: Network, told: Told, file: Path) -> None:
    """Write the networks of a finding as one event."""
    ties, left_out = strongest(network)
    accounts = _accounts(network, told)
    for i, (source, target, weight) in enumerate(ties):
        tie = _reference(told, accounts[source], accounts[target], "related-to", f"a tie of weight {weight:.12g}", i)
        accounts[source]["ObjectReference"].append(tie)
    networks = [_network(told, g, [accounts[p] for p in positions]) for g, positions in network.members().items()]
    said = [told.description]
    if left_out:
        said.append(f"The {TIES} strongest ties are given; {left_out} others are left out, and stand in the same finding as csv.")
    event = {
        "uuid": str(told.name("event")),
        "info": clean(f"Agorascope, {told.finding.analysis}: {told.finding.claim}"),
        "date": f"{told.moment:%Y-%m-%d}",
        "timestamp": _seconds(told),
        "published": False,
        "distribution": "0",
        "threat_level_id": "4",
        "analysis": "1",
        "Orgc": {"name": "Agorascope", "uuid": str(uuid5(HOME, "tool"))},
        "Attribute": [_attribute(told, "comment", " ".join(said), "event")],
        "Object": [*networks, *accounts.values()],
        "Tag": [{"name": name} for name in _tags(network, told)],
    }
    file.write_bytes(msgspec.json.format(msgspec.json.encode({"Event": event}), indent=1) + b"\n")


def _seconds(told: Told) -> str:
    return str(int(told.moment.timestamp()))


def _tags(network: Network, told: Told) -> list[str]:
    """Name techniques by id, and say how sure a program may be: fairly where false alarms are measured and rare."""
    sure = "fairly-confident" if confidence(told.finding) == MODERATE else "confidence-cannot-be-evalued"
    techniques = {t for group in network.members() for t in unit(told.finding, group).techniques}
    return [f'misp:confidence-level="{sure}"', *(f'disarm:technique="{t}"' for t in sorted(techniques))]


def _attribute(told: Told, kind: str, value: str, *parts: object) -> dict[str, Any]:
    return {
        "uuid": str(told.name("attribute", *parts)),
        "type": kind,
        "category": "Other",
        "value": clean(value),
        "to_ids": False,
        "disable_correlation": told.pseudonyms,
        "distribution": "5",
        "timestamp": _seconds(told),
    }


def _object(told: Told, template: dict[str, str], values: dict[str, str], *parts: object) -> dict[str, Any]:
    shown = [_attribute(told, "text", v, *parts, key) | {"object_relation": key} for key, v in values.items()]
    return {
        **template,
        "uuid": str(told.name("object", *parts)),
        "timestamp": _seconds(told),
        "distribution": "5",
        "Attribute": shown,
        "ObjectReference": [],
    }


def _accounts(network: Network, told: Told) -> dict[int, dict[str, Any]]:
    columns = {"platform": "account-type", "handle": "username", "name": "display-name"}
    known = [c for c in columns if c in network.accounts.column_names and (c == "platform" or not told.pseudonyms)]
    inside = [p for positions in network.members().values() for p in positions]
    rows = network.accounts.select(["account_id", *known]).take(pa.array(inside, pa.int64())).to_pylist()
    made = {}
    for position, row in zip(inside, rows, strict=True):
        account = network.ids[position]
        values = {"user-id": row["account_id"]} | {columns[c]: str(row[c]) for c in known if row[c]}
        made[position] = _object(told, _ACCOUNT, values, "account", account)
    return made


def _network(told: Told, group: str, accounts: list[dict[str, Any]]) -> dict[str, Any]:
    seen = unit(told.finding, group)
    text = f"Network {group}: {len(accounts)} accounts. {told.description}"
    made = _object(told, _ANNOTATION, {"text": text}, "network", group)
    made["ObjectReference"] = [_reference(told, made, a, "annotates", "an account of this network") for a in accounts]
    return made | ({"first_seen": stamp(seen.first), "last_seen": stamp(seen.last)} if seen.first and seen.last else {})


def _reference(
    told: Told, source: dict[str, Any], target: dict[str, Any], kind: str, comment: str, *parts: object
) -> dict[str, Any]:
    return {
        "uuid": str(told.name("reference", kind, source["uuid"], target["uuid"], *parts)),
        "object_uuid": source["uuid"],
        "referenced_uuid": target["uuid"],
        "relationship_type": kind,
        "comment": comment,
        "timestamp": _seconds(told),
    }
