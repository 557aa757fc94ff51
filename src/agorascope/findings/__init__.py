"""What does an analysis say? A Finding: one answer to one question, with its number, its doubt and its records.

A Finding is data; no view in it. Everything a person reads in it is a ``Message`` (key and values of the French and
English catalogue). ``to_json`` writes the English sentence beside its key, so that a JSON reader needs no catalogue;
``schema()`` gives the JSON Schema published in ``docs/finding.schema.json``.
"""

from agorascope.texts import Message, message

from .data import digest, from_data, table_digest, to_data, to_json
from .numbers import with_numbers
from .schema import schema
from .values import (
    EVIDENCE_CAP,
    VERDICTS,
    Calibration,
    Estimate,
    Evidence,
    Figure,
    Finding,
    Provenance,
    Rival,
    insufficient,
    outcome,
    post_evidence,
    strength,
)

__all__ = [
    "EVIDENCE_CAP",
    "VERDICTS",
    "Calibration",
    "Estimate",
    "Evidence",
    "Figure",
    "Finding",
    "Message",
    "Provenance",
    "Rival",
    "digest",
    "from_data",
    "insufficient",
    "message",
    "outcome",
    "post_evidence",
    "schema",
    "strength",
    "table_digest",
    "to_data",
    "to_json",
    "with_numbers",
]
