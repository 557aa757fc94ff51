"""How is a finding written, read back and hashed? As JSON, English sentences beside their catalogue keys."""

import hashlib
import math
from typing import Any

import msgspec
import pyarrow as pa

from agorascope.texts import Message

from .values import Figure, Finding


def to_data(finding: Finding) -> dict[str, Any]:
    """Turn a finding into plain JSON data; published tables are described, not included."""
    data = {name: _plain(getattr(finding, name)) for name in Finding.__struct_fields__ if name != "tables"}
    data["tables"] = {
        name: {"rows": table.num_rows, "columns": table.column_names, "sha256": table_digest(table)}
        for name, table in sorted(finding.tables.items())
    }
    data["messages"] = {
        "question": _keyed(finding.question),
        "claim": _keyed(finding.claim),
        "limits": [_keyed(m) for m in finding.limits],
        "notes": [_keyed(m) for m in finding.notes],
        "evidence": [_keyed(e.role) for e in finding.evidence],
        "rivals": [{"statement": _keyed(r.statement), "missing": r.missing and _keyed(r.missing)} for r in finding.rivals],
        "figures": [{"title": _keyed(f.title), "note": f.note and _keyed(f.note)} for f in finding.figures],
    }
    return data


def to_json(finding: Finding, *, indent: int = 2) -> bytes:
    """Write a finding as JSON, keys in the order of its fields."""
    return msgspec.json.format(msgspec.json.encode(to_data(finding)), indent=indent)


def from_data(data: dict[str, Any], tables: dict[str, pa.Table]) -> Finding:
    """Read a finding back from its JSON data and its published tables."""
    said = data["messages"]
    plain = dict(data)
    plain.pop("messages")
    plain.pop("tables")
    plain |= {name: said[name] for name in ("question", "claim", "limits", "notes")}
    plain["evidence"] = [e | {"role": m} for e, m in zip(data["evidence"], said["evidence"], strict=True)]
    plain["rivals"] = [r | m for r, m in zip(data["rivals"], said["rivals"], strict=True)]
    figures = msgspec.convert([f | m for f, m in zip(data["figures"], said["figures"], strict=True)], tuple[Figure, ...])
    finding = msgspec.convert(plain | {"units": (), "figures": ()}, Finding)
    return msgspec.structs.replace(finding, units=tuple(data["units"]), figures=figures, tables=tables)


def digest(finding: Finding) -> str:
    """Hash a finding: sha256 of its canonical JSON, numbers rounded to 12 significant digits, engine left out."""
    data = to_data(finding)
    data["provenance"] = {k: v for k, v in data["provenance"].items() if k != "engine"}
    data.pop("messages")
    return hashlib.sha256(msgspec.json.encode(_rounded(data), order="sorted")).hexdigest()


def table_digest(table: pa.Table) -> str:
    """Hash a published table: sha256 of its rows as JSON, numbers rounded to 12 significant digits."""
    return hashlib.sha256(msgspec.json.encode(_rounded(table.to_pylist()))).hexdigest()


def _keyed(said: Message) -> dict[str, Any]:
    return {"key": said.key, "args": msgspec.to_builtins(said.args)}


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in value]
    return value
