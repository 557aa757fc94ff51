"""What is there? The analyses, the formats, a case, a quarantine: listed for a reader."""

from rich.markup import escape
from rich.table import Column, Table

from agorascope.analyses import analyses as all_analyses
from agorascope.case import Case
from agorascope.findings import outcome
from agorascope.sources import sources as all_sources
from agorascope.texts import catalogue, message, say

from .show import BLANK, console, refusals, said, shown

_SHOWN = 50


def analyses(lang: str) -> None:
    """List the analyses with their questions."""
    for name in all_analyses():
        console().print(f"[bold]{name}[/]  {escape(catalogue(lang)[f'{name}.question'])}")


def sources(lang: str) -> None:
    """List the formats that are read."""
    for name in all_sources():
        console().print(f"[bold]{name}[/]  {escape(catalogue(lang)[f'sources.about.{name}'])}")


def status(case: Case, lang: str) -> None:
    """Say what a case holds: files, rows, whether accounts were forgotten, findings and whether they are of these rows."""
    corpus = case.corpus()
    console().print(_files(case, lang))
    for table, n in corpus.rows.items():
        if n and table not in ("files", "quarantined"):
            console().print(f"{table:16} {_count(n, lang):>12} {say(message('cli.status.rows', n=n), lang)}")
    if times := case.erasures:
        said(f"cli.status.forgotten_{'once' if times == 1 else 'often'}", lang, n=times)
    for finding in case.findings():
        key = "finding" if finding.provenance.corpus_digest == corpus.digest else "stale"
        said(f"cli.status.{key}", lang, analysis=finding.analysis, verdict=f"cli.verdict.{outcome(finding)}")


def quarantine(case: Case, lang: str) -> None:
    """Count quarantined records by kind of reason, then list them: file, line, reason, beginning of the record.

    Rows of nothing are counted, not listed.
    """
    kinds = case.refusals()
    refusals(kinds, lang, most=len(kinds))
    held = case.quarantine()
    rows = [row for row in held if row.message.key != BLANK]
    for row in rows[:_SHOWN]:
        text = row.raw[:120].decode("utf-8", "replace").replace("\n", " ")
        said("cli.refused", lang, file=row.file, line=row.line, reason=say(row.message, lang), text=text)
    if len(rows) > _SHOWN:
        said("cli.more", lang, n=len(rows) - _SHOWN)
    said("cli.in_quarantine", lang, n=len(held))


def _files(case: Case, lang: str) -> Table:
    """Tell file by file what became of its records."""
    counts = ("records", "accepted", "duplicates", "quarantined")
    name, source, *numbers = (catalogue(lang)[f"cli.status.{key}"] for key in ("file", "source", *counts))
    files = Table(Column(name, overflow="fold"), source, *numbers, title=shown(str(case.config["title"])))
    for file in case.files():
        files.add_row(shown(file["name"]), file["source"], *(_count(file[key], lang) for key in counts))
    return files


def _count(n: int, lang: str) -> str:
    return say(message("report.forms.count", v=n), lang)
