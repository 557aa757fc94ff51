"""Can every sentence of a finding be said in both languages? Test helpers pass what they found through here."""

from agorascope.findings import Finding
from agorascope.texts import LANGUAGES, Message, say


def said(finding: Finding) -> Finding:
    """Say claim, notes, limits, rivals and figures in both languages, which raises where a value lacks; give the finding."""
    sentences: list[Message | None] = [finding.claim, *finding.notes, *finding.limits]
    for rival in finding.rivals:
        sentences += [rival.statement, rival.missing]
    for figure in finding.figures:
        sentences += [figure.title, figure.note]
    sentences += [record.role for record in finding.evidence]
    for lang in LANGUAGES:
        for sentence in sentences:
            if sentence is not None:
                say(sentence, lang)
    return finding
