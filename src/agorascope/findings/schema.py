"""What shape has a finding's JSON? The JSON Schema published in ``docs/finding.schema.json``."""

from typing import Any

from .values import VERDICTS, Calibration, Estimate, Evidence, Figure, Provenance, Rival


def schema() -> dict[str, Any]:
    """Give the JSON Schema of ``to_data``."""
    text = {"type": "string", "minLength": 1}
    keyed = {"type": "object", "required": ["key", "args"]}
    number = {"type": ["number", "null"]}
    parts = {
        name: _struct_schema(cls, number)
        for name, cls in (("effect", Estimate), ("calibration", Calibration), ("provenance", Provenance))
    }
    listed = {"evidence": Evidence, "rivals": Rival, "figures": Figure}
    properties: dict[str, Any] = {
        "analysis": text,
        "question": text,
        "claim": text,
        "verdict": {"enum": list(VERDICTS)},
        "grade": {"type": ["string", "null"]},
        "gate": {"type": ["string", "null"]},
        "limits": {"type": "array", "items": text, "minItems": 1},
        "notes": {"type": "array", "items": text},
        "effect": {"anyOf": [parts["effect"], {"type": "null"}]},
        "units": {"type": "array", "items": {"type": "object"}},
        "evidence_total": {"type": "integer", "minimum": 0},
        "evidence_query": {"type": "string"},
        "calibration": parts["calibration"],
        "provenance": parts["provenance"],
        "params": {"type": "object"},
        "tables": {"type": "object"},
        "messages": {"type": "object", "properties": {"claim": keyed, "question": keyed}},
        **{name: {"type": "array", "items": _struct_schema(cls, number)} for name, cls in listed.items()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Agorascope finding",
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _struct_schema(cls: Any, number: dict[str, Any]) -> dict[str, Any]:
    numeric = {"value", "low", "high", "level", "p_value", "p_floor", "statistic"}
    fields = cls.__struct_fields__
    return {
        "type": "object",
        "properties": {f: number if f in numeric else {} for f in fields},
        "required": list(fields),
        "additionalProperties": False,
    }
