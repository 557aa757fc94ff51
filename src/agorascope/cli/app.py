"""What can be typed? Every command, its options and an example."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from agorascope.case import Given, new_case, open_case, running
from agorascope.errors import BadValue, CaseError, UsageError
from agorascope.store import ENGINES
from agorascope.texts import say

from . import describe, explaining, show, steps
from .options import AsJson, Columns, Dir, Engine, Events, Files, Format, Groups, Identities, Lang, Members, MoreFiles, Parameters

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="From collected posts to findings a third party can check.",
)


@app.callback(invoke_without_command=True)
def start(ctx: typer.Context, show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """From collected posts to findings a third party can check."""
    if show_version:
        print(f"agorascope {version('agorascope')}")
        raise typer.Exit


@app.command(epilog="Example: agorascope demo my-demo --lang fr")
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to make the case.")] = Path("agorascope-demo"), lang: Lang = "en"
) -> None:
    """Make a seeded case with planted truths, run every analysis, write the report."""
    from agorascope.worlds import demo as world

    case = new_case(folder, title=world.TITLE, salt="agorascope-demo")
    steps.add_files(case, world.write_files(folder / "collected", seed=0), lang)
    steps.run_and_report(case, lang, truth=world.planted(lang), params=[Given(*one) for one in world.asked()])


@app.command(epilog="Example: agorascope audit posts.csv --groups parties.csv --lang fr")
def audit(
    files: Files,
    folder: Annotated[Path | None, typer.Option("--case", help="Where to make the case (default: FILE-case, beside you).")] = None,
    groups: Groups = None,
    events: Events = None,
    lang: Lang = "en",
    format: Format = None,
    columns: Columns = None,
    identities: Identities = False,
) -> None:
    """Make a case, add the files, run every analysis, write the report."""
    from agorascope.sources.reading import probe

    for file in files:
        probe(file, format=format, columns=columns)
    beside = {kind: listed for kind, listed in (("groups", groups), ("events", events)) if listed is not None}
    for kind, listed in beside.items():
        probe(listed, format=kind)
    with steps.audited(folder, files, beside) as case:
        show.said("cli.case", lang, path=str(case.path))
        steps.add_files(case, files, lang, format=format, columns=columns)
        steps.add_lists(case, groups, events, lang)
        show.said("cli.recognised", lang)
        steps.run_and_report(case, lang, identities=identities, beside=beside)


@app.command(epilog="Example: agorascope new my-case")
def new(
    folder: Dir,
    title: Annotated[str | None, typer.Option(help="Title of the report (default: the folder's name).")] = None,
    lang: Lang = "en",
) -> None:
    """Make an empty case."""
    case = new_case(folder, title=title, created=steps.today())
    print(case.path)
    show.noted("cli.made", lang, path=str(case.path))


@app.command(epilog="Example: agorascope add my-case *.jsonl.gz")
def add(
    folder: Dir,
    files: MoreFiles = None,
    format: Format = None,
    columns: Columns = None,
    groups: Groups = None,
    events: Events = None,
    lang: Lang = "en",
) -> None:
    """Add files to a case; adding again what is there changes nothing and says so."""
    case = open_case(folder)
    if not (files or groups or events):
        raise UsageError("nothing to add; name files of posts, or a list with --groups or --events")
    steps.add_files(case, files or [], lang, format=format, columns=columns)
    steps.add_lists(case, groups, events, lang)


@app.command(epilog="Example: agorascope run my-case conversation -p bin=hour --json")
def run(
    folder: Dir,
    analyses: Annotated[list[str] | None, typer.Argument(help="Analyses to run (default: all the data allow).")] = None,
    params: Parameters = None,
    engine: Engine = "duckdb",
    json: AsJson = False,
    threads: Annotated[int, typer.Option(help="Threads of the engine.", min=1)] = 2,
    identities: Members = False,
    lang: Lang = "en",
) -> None:
    """Run analyses; exit 0 whatever the verdict.

    A case keeps one finding of each analysis: asked with other parameters, it replaces the earlier one, and says so; a question
    that cannot be asked, for want of a parameter or of rows, replaces nothing. To keep both, add the same files to a second case
    (agorascope new), or first write the earlier one to a folder (agorascope export --out).
    """
    if engine not in ENGINES:
        raise BadValue(f"engine is {engine!r}; use one of {', '.join(ENGINES)}")
    given = [steps.parameter(p) for p in params or []]
    case = open_case(folder)
    earlier = running.asked(folder)
    findings, left_out = case.run_all(*(analyses or []), params=given, engine=engine, threads=threads)
    show.replaced(earlier, running.asked(folder), lang)
    for name in running.kept(folder, findings):
        show.noted("cli.kept", lang, analysis=name)
    findings = case.shown(findings, identities=identities, now=steps.today())
    ran = [finding.analysis for finding in findings]
    for other in running.untaken(analyses or [], given):
        if other.analysis in ran:
            show.noted("cli.untaken", lang, analysis=other.analysis, name=other.name, value=str(other.value))
    if json:
        for one in left_out:
            show.noted("cli.left_out", lang, name=one.analysis, reason=say(one.reason, lang))
        sys.stdout.buffer.write(show.data(findings) + b"\n")
        return
    for finding in findings:
        show.one(finding, lang)
    for one in left_out:
        show.said("cli.left_out", lang, name=one.analysis, reason=say(one.reason, lang))


@app.command(name="show", epilog="Example: agorascope show my-case coverage --json")
def show_findings(
    folder: Dir,
    analysis: Annotated[str | None, typer.Argument(help="One analysis (default: all).")] = None,
    json: AsJson = False,
    identities: Members = False,
    lang: Lang = "en",
) -> None:
    """Show stored findings, strongest first."""
    case = open_case(folder)
    findings = case.findings(*([analysis] if analysis else []))
    show.stale(case, findings, lang)
    findings = case.shown(findings, identities=identities, now=steps.today())
    if json:
        sys.stdout.buffer.write(show.data(findings) + b"\n")
        return
    if not findings:
        raise CaseError(f"nothing was run on {folder} yet; run: agorascope run {folder}")
    for finding in findings:
        show.one(finding, lang)


@app.command(epilog="Example: agorascope report my-case --lang fr --out rapport.html")
def report(
    folder: Dir,
    lang: Lang = "en",
    out: Annotated[
        Path | None, typer.Option(help="File to write: .html, .md or .json; not in the case, but in its reports.")
    ] = None,
    identities: Identities = False,
) -> None:
    """Write the report of the stored findings."""
    case = open_case(folder)
    print(case.report(lang, out=out, identities=identities, now=steps.today()))
    show.stale(case, case.findings(), lang)


@app.command(epilog="Example: agorascope export my-case conversation --to csv")
def export(
    folder: Dir,
    analysis: str,
    to: Annotated[str, typer.Option(help="csv, parquet, json, sqlite, graphml, gexf, stix or misp.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write to, not in the case (default: CASE/exports/ANALYSIS).")] = None,
    identities: Identities = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    lang: Lang = "en",
) -> None:
    """Write the tables of a finding for other tools; accounts are pseudonyms."""
    case = open_case(folder)
    for file in case.export(analysis, to, out=out, identities=identities, force=force, now=steps.today()):
        print(file)
    show.stale(case, case.findings(analysis), lang)


@app.command(epilog="Example: agorascope status my-case")
def status(folder: Dir, lang: Lang = "en") -> None:
    """Say what a case holds: files, rows, quarantine, findings."""
    describe.status(open_case(folder), lang)


@app.command(epilog="Example: agorascope quarantine my-case --retry")
def quarantine(
    folder: Dir,
    retry: Annotated[bool, typer.Option("--retry", help="Map the records again.")] = False,
    columns: Columns = None,
    lang: Lang = "en",
) -> None:
    """List the records that could not be read, with file, line and reason; or try them again."""
    if columns is not None and not retry:
        raise UsageError("--columns is for mapping the records again; add --retry")
    case = open_case(folder)
    if retry:
        results = case.retry(columns=columns)
        show.retried(results, lang)
        if not any(one.recovered for one in results):
            show.said("cli.in_quarantine", lang, n=len(case.quarantine()))
            return
    describe.quarantine(case, lang)


@app.command(epilog="Example: agorascope verify my-case")
def verify(folder: Dir, threads: Annotated[int, typer.Option(help="Threads of the engine.", min=1)] = 2, lang: Lang = "en") -> None:
    """Compute every stored finding again and compare digests; exit 1 if one differs."""
    case = open_case(folder)
    checked = case.verify(threads=threads)
    if not checked:
        raise CaseError(f"nothing was run on {folder} yet; run: agorascope run {folder}")
    show.checked(case, checked, lang)
    if any(one.status != "same" for one in checked):
        raise typer.Exit(1)


@app.command(epilog="Example: agorascope forget my-case --account 12345 someone")
def forget(
    folder: Dir,
    account: Annotated[list[str], typer.Option("--account", help="Id or handle; more may follow.")],
    more: Annotated[list[str] | None, typer.Argument(help="More ids or handles.", show_default=False)] = None,
    lang: Lang = "en",
) -> None:
    """Erase accounts with every byte that names them; findings and reports made from them go too."""
    done = open_case(folder).forget(*account, *(more or []), now=steps.today())
    show.said("cli.forgotten", lang, rows=done.rows, raw=done.raw, quarantined=done.quarantined)
    if done.others:
        show.said("cli.forgotten_others", lang, n=done.others)
    show.said("cli.forgotten_too", lang, path=str(folder))


@app.command()
def analyses(lang: Lang = "en") -> None:
    """List the analyses."""
    describe.analyses(lang)


@app.command()
def sources(lang: Lang = "en") -> None:
    """List the formats that are read."""
    describe.sources(lang)


@app.command(epilog="Example: agorascope explain conversation --lang fr")
def explain(name: str, lang: Lang = "en") -> None:
    """Explain an analysis or a format: its question, parameters, tables, limits."""
    explaining.explain(name, lang)
