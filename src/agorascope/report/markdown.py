"""How does the report become a text anyone can paste? As Markdown: the same claims in the same order, tables cut at 30 rows."""

from collections.abc import Iterable, Sequence

from agorascope.findings import Finding

from .cells import word
from .hostile import markdown_text as safe
from .hostile import plain
from .outline import Outline, outline
from .view import CaseView, Cell, FindingView, TableView

ROW_CAP = 30


def markdown(findings: Sequence[Finding], *, lang: str, case: CaseView, identities: bool = False) -> str:
    """Write the report as Markdown; accounts bear pseudonyms unless ``identities``."""
    shown = outline(findings, lang=lang, case=case, identities=identities)
    return "\n".join(_lines(shown, case, lang)) + "\n"


def _lines(shown: Outline, case: CaseView, lang: str) -> Iterable[str]:
    yield f"# {safe(shown.heading)}\n"
    yield f"{safe(shown.lead)}\n"
    yield f"## {word('report.parts.summary', lang)}\n"
    if shown.stale:
        yield f"**{safe(shown.stale)}**\n"
    for finding in (*((shown.gate,) if shown.gate else ()), *shown.findings):
        yield f"- **{finding.verdict_text}.** {safe(finding.claim)}{_effect(finding, lang)}"
    yield from (
        "",
        *([f"### {word('report.parts.excluded', lang)}\n"] if shown.excluded else ()),
        *(f"- {safe(lacking)} {safe(titles)}" for lacking, titles in shown.excluded),
    )
    yield f"\n## {word('report.parts.gate', lang)}\n"
    yield from _finding(shown.gate, lang) if shown.gate else [word("report.summary.no_gate", lang), ""]
    for finding in shown.findings:
        yield f"## {safe(finding.question)}\n"
        yield from _finding(finding, lang)
    yield f"## {word('report.parts.case', lang)}\n"
    for table in (shown.files, shown.rows, shown.quarantine):
        if table is not None and table.rows:
            yield f"### {safe(table.caption)}\n"
            yield from _table(table, "files", lang)
    yield from (f"- {at}{word('report.forms.colon', lang)}{safe(label)}" for at, label in shown.events)
    yield ""
    yield word("report.case.disclaimer", lang) + "\n"
    yield word("report.evidence.identities" if shown.identities else "report.evidence.masked", lang) + "\n"
    yield from (
        f"{line}\n"
        for line in (safe(shown.created), safe(case.corpus_digest and word("report.case.digest", lang, digest=case.corpus_digest)))
        if line
    )


def _finding(finding: FindingView, lang: str) -> Iterable[str]:
    colon = word("report.forms.colon", lang)
    yield f"**{finding.verdict_text}.** {safe(finding.claim)}{_effect(finding, lang)}\n"
    yield from _list("notes", finding.notes, lang)
    said = [f"{c.name} ({c.status_text}){colon}{' '.join((*c.says, *c.consequences, *c.remedies))}" for c in finding.checks]
    yield from _list("checks", said, lang)
    if finding.units:
        yield f"### {safe(finding.units.caption)}\n"
        yield from _table(finding.units, finding.anchor, lang)
    for figure in finding.figures:
        yield f"### {safe(figure.title)}\n"
        yield from (f"{safe(text)}\n" for text in (figure.summary, figure.note) if text)
        yield from (f"- **{letter}** {safe(words)}" for letter, words in figure.marks)
        yield from ("",)
        yield from _table(figure.table, finding.anchor, lang)
    yield from _list(
        "rivals", [f"{r.statement} – {r.status_text}{colon + r.numbers if r.numbers else ''}" for r in finding.rivals], lang
    )
    yield from _list("limits", finding.limits, lang)
    if finding.evidence:
        yield f"### {word('report.parts.evidence', lang)}\n\n{finding.evidence_note}\n"
        yield from _table(finding.evidence, finding.anchor, lang)
    if finding.evidence_query:
        yield f"{word('report.evidence.query', lang)}\n\n{_indented(finding.evidence_query)}\n"
    for part, pairs in (("calibration", finding.calibration), ("params", finding.params), ("provenance", finding.provenance)):
        yield from _list(part, [f"{key}{colon}{value}" for key, value in pairs], lang)


def _effect(finding: FindingView, lang: str) -> str:
    if finding.effect is None:
        return ""
    made = finding.effect
    p = f", {made.p_value}" if made.p_value else ""
    return f" **{safe(made.number)}** ({safe(made.metric)}, {safe(made.interval + p)})."


def _list(part: str, items: Sequence[str], lang: str) -> Iterable[str]:
    if items:
        yield f"### {word(f'report.parts.{part}', lang)}\n"
        yield from (f"- {safe(item)}" for item in items)
        yield ""


def _table(table: TableView, analysis: str, lang: str) -> Iterable[str]:
    rows = table.rows[:ROW_CAP]
    yield "| " + " | ".join(safe(c.label) for c in table.columns) + " |"
    yield "|" + "|".join(" ---: " if c.numeric else " --- " for c in table.columns) + "|"
    yield from ("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)
    if table.total > len(rows):
        command = f"agorascope export {word('report.words.folder', lang)} {analysis} --to csv"
        yield "\n" + safe(word("report.table.first", lang, shown=len(rows), total=table.total, command=command))
    yield ""


def _cell(cell: Cell) -> str:
    text = safe(cell.text)
    return f"[{text}](<{cell.href.replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')}>)" if cell.href else text


def _indented(text: str) -> str:
    """Set a text as a code block that nothing in it can end."""
    return "\n".join("    " + line for line in plain(text).splitlines())
