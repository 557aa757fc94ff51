"""How is a report handed to a program? As JSON: the case, the findings as their schema says, and their texts in one language.

``case.stale`` names the findings made before the last change of the rows, which may no longer be true of them.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from agorascope.findings import Finding, to_data
from agorascope.texts import say

from .masking import masked
from .outline import stale, stale_text
from .sections import ordered
from .view import CaseView


def json_report(findings: Sequence[Finding], *, lang: str, case: CaseView, identities: bool = False) -> bytes:
    """Write the report as JSON: ``lang``, ``case``, ``findings`` (see ``docs/finding.schema.json``), ``texts`` in ``lang``."""
    shown = ordered(masked(findings, case.name, identities=identities))
    data = {
        "lang": lang,
        "case": _case(case, lang, stale(findings, case)),
        "findings": [to_data(f) for f in shown],
        "texts": [_texts(f, lang) for f in shown],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2)


def _case(case: CaseView, lang: str, old: list[str]) -> dict[str, Any]:
    return {
        "title": case.title,
        "created": case.created,
        "files": [dict(file) for file in case.files],
        "rows": dict(case.rows),
        "events": [{"at_us": at, "label": label} for at, label in case.events],
        "corpus_digest": case.corpus_digest,
        "stale": old,
        "stale_text": stale_text(old, case.needs, lang),
        "code_version": case.code_version,
        "excluded": {name: say(reason, lang) for name, reason in case.excluded.items()},
        "quarantine": [{"reason": str(why), "text": say(why, lang), "records": count} for why, count in case.quarantine],
    }


def _texts(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "analysis": finding.analysis,
        "question": say(finding.question, lang),
        "claim": say(finding.claim, lang),
        "limits": [say(limit, lang) for limit in finding.limits],
        "notes": [say(note, lang) for note in finding.notes],
        "rivals": [say(rival.statement, lang) for rival in finding.rivals],
    }
