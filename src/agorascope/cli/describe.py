"""What is there? The analyses, the formats, a case, a quarantine: listed for a reader."""

import inspect
from types import ModuleType

from rich.markup import escape
from rich.table import Column, Table

from agorascope.analyses import analyses as all_analyses
from agorascope.case import Case, settings
from agorascope.errors import UnknownName
from agorascope.sources import sources as all_sources
from agorascope.texts import say

from .show import console, said, shown

_SHOWN = 50


def analyses() -> None:
    """List the analyses with their questions."""
    for name, module in all_analyses().items():
        console().print(f"[bold]{name}[/]  {escape(_question(module))}")


def sources() -> None:
    """List the formats that are read."""
    for name, module in all_sources().items():
        console().print(f"[bold]{name}[/]  {escape(_question(module))}")


def explain(name: str) -> None:
    """Explain one analysis or one format. Raises UnknownName."""
    if name in all_analyses():
        _explain_analysis(name)
    elif name in all_sources():
        console().print(escape(inspect.getdoc(all_sources()[name]) or ""))
    else:
        raise UnknownName("analysis or format", name, [*all_analyses(), *all_sources()])


def status(case: Case) -> None:
    """Say what a case holds."""
    corpus = case.corpus()
    name = Column("file", overflow="fold")
    files = Table(name, "source", "records", "accepted", "duplicates", "quarantined", title=shown(str(case.config["title"])))
    for file in case.files():
        files.add_row(
            shown(file["name"]), file["source"], *(f"{file[k]:,}" for k in ("records", "accepted", "duplicates", "quarantined"))
        )
    console().print(files)
    for table, count in corpus.rows.items():
        if count and table not in ("files", "quarantined"):
            console().print(f"{table:16} {count:>12,} rows")
    if erasures := case.erasures:
        times = "once" if erasures == 1 else f"{erasures:,} times"
        console().print(f"accounts were forgotten {times}: fewer rows are held than were accepted")
    for finding in case.findings():
        current = "" if finding.provenance.corpus_digest == corpus.digest else "  (rows were added since: run again)"
        console().print(f"finding: {finding.analysis} {finding.verdict}{current}")


def quarantine(case: Case, lang: str) -> None:
    """List quarantined records: file, line, reason, beginning of the record."""
    rows = case.quarantine()
    for row in rows[:_SHOWN]:
        text = row.raw[:120].decode("utf-8", "replace").replace("\n", " ")
        said("cli.refused", lang, file=row.file, line=row.line, reason=say(row.message, lang), text=text)
    if len(rows) > _SHOWN:
        said("cli.more", lang, n=len(rows) - _SHOWN)
    said("cli.in_quarantine", lang, n=len(rows))


def _explain_analysis(name: str) -> None:
    module = all_analyses()[name]
    console().print(escape(inspect.getdoc(module) or ""))
    console().print("\n[bold]Parameters[/]")
    for parameter, info in settings.parameters(name).items():
        meta = getattr(info.type, "extra_json_schema", None) or {}
        default = "required" if info.required else "default empty" if info.default == "" else f"default {_said(info.default)}"
        takes = settings.choices(name, parameter)
        console().print(escape(f"  {parameter}  {meta.get('description', '')} ({takes}; {default})"))
    console().print("\n[bold]Limits[/]")
    for limit in module.LIMITS:
        console().print(escape(f"  - {limit}"))
    console().print(f"\n[bold]Example[/]\n  {escape(module.EXAMPLE)}")


def _said(default: object) -> str:
    """Write a default as it would be typed."""
    return str(default).lower() if isinstance(default, bool) else str(default)


def _question(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[0]
