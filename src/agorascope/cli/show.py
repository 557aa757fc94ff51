"""How does a terminal show results? Progress on a terminal only, one line per file, the strongest findings."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import to_builtins
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from agorascope.case import Case, Checked, Retried
from agorascope.findings import Finding, outcome, to_data
from agorascope.report.hostile import plain
from agorascope.report.outline import again
from agorascope.report.sections import GATE
from agorascope.store import Added, Refusals
from agorascope.texts import Message, message, say

STRONGEST = 3
REASONS = 3
BLANK = "reasons.empty_row"
_BADGES = {"found": "[bold red]●[/]", "insufficient": "[yellow]◐[/]", "not_found": "[green]○[/]"}


def console() -> Console:
    """Give the console of standard output; plain where it is not a terminal. Names stay as they are: `sex:man:` is no emoji."""
    return Console(highlight=False, soft_wrap=True, emoji=False)


def shown(text: str) -> str:
    """Make a text safe to print: no control character reaches the terminal, no bracket is markup."""
    return escape(plain(text))


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """Show how many records were read, on a terminal only; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda name, records: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def update(name: str, records: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(shown(name), total=None)
            bar.update(tasks[name], completed=records)  # type: ignore[arg-type]

        yield update


def added(results: Sequence[Added], lang: str) -> None:
    """Print for each file what was recognised and counted, and what a person should know of how it was read."""
    for one in results:
        counts = {name: getattr(one, name) for name in ("name", "source", "read", "accepted", "duplicates", "quarantined")}
        console().print(shown(say(message("cli.known" if one.known else "cli.added", **counts), lang)))
        for remark in one.remarks:
            console().print("  " + shown(say(remark, lang)))
        refusals(one.refusals, lang, most=REASONS)


def retried(results: Sequence[Retried], lang: str) -> None:
    """Print for each file how many quarantined records were tried, how many recovered, and why the others are refused."""
    for one in results:
        if one.left is not None:
            said("cli.retry.left", lang, name=one.name, why=to_builtins(one.left))
            continue
        said("cli.retry.tried", lang, name=one.name, tried=one.tried, recovered=one.recovered, refused=one.refused)
        refusals(one.refusals, lang, most=REASONS)


def refusals(kinds: Sequence[Refusals], lang: str, *, most: int) -> None:
    """Print how many records were refused for which reason, at most so many kinds; rows of nothing are one line beside them."""
    blank = [one for one in kinds if one.reason.key == BLANK]
    others = [one for one in kinds if one.reason.key != BLANK]
    for one in others[:most]:
        key = "cli.refusals.alike" if one.alike else "cli.refusals.such"
        console().print("  " + shown(say(message(key, n=one.records, reason=to_builtins(one.reason)), lang)))
    if len(others) > most:
        n = sum(one.records for one in others[most:])
        console().print("  " + shown(say(message("cli.refusals.others", n=n), lang)))
    for one in blank:
        console().print("  " + shown(say(message("cli.refusals.blank", n=one.records), lang)))


def strongest(findings: Sequence[Finding], lang: str) -> None:
    """Print up to three findings, strongest first, with badge and claim; a fault of the collection is never left unsaid."""
    for finding in findings[:STRONGEST]:
        one(finding, lang)
    for finding in findings[STRONGEST:]:
        if finding.analysis == GATE and finding.verdict == "found":
            said("cli.gate", lang, title=f"{GATE}.title", claim=say(finding.claim, lang))


def one(finding: Finding, lang: str) -> None:
    """Print one finding on a line: badge, analysis, verdict, claim."""
    verdict = say(message(f"cli.verdict.{outcome(finding)}"), lang)
    claim = shown(say(finding.claim, lang))
    console().print(f"{_BADGES[finding.verdict]} [bold]{shown(finding.analysis)}[/] · {verdict} · {claim}")


def said(key: str, lang: str, **args: object) -> None:
    """Print a sentence of the catalogue."""
    console().print(shown(say(Message(key, args), lang)))


def noted(key: str, lang: str, **args: object) -> None:
    """Print a sentence of the catalogue on one line of standard error: what was asked for was done, and this is to be known."""
    print(plain(" ".join(say(Message(key, args), lang).splitlines())), file=sys.stderr)


def replaced(earlier: Mapping[str, Mapping[str, object]], now: Mapping[str, Mapping[str, object]], lang: str) -> None:
    """Say on standard error which findings took the place of one made with other parameters, and which: by name, never by value."""
    for analysis, params in now.items():
        before = earlier.get(analysis, {})
        if names := [name for name, value in params.items() if name in before and before[name] != value]:
            noted("cli.replaced", lang, analysis=analysis, names=names)


def stale(case: Case, findings: Sequence[Finding], lang: str) -> None:
    """Say on standard error which of these findings were made before the last change of the case, and what makes them again."""
    if names := case.stale(findings):
        noted("cli.stale", lang, names=names, commands=again(str(case.path), names, case.needs(findings)))


def checked(case: Case, results: Sequence[Checked], lang: str) -> None:
    """Print a line of tabs for each finding computed again; on standard error, in words, how many agree and why others do not."""
    for one in results:
        print(f"{one.status}\t{one.analysis}\t{one.stored[:16]}\t{one.computed[:16]}")
    sys.stdout.flush()
    noted("cli.verify.same", lang, n=sum(one.status == "same" for one in results), total=len(results))
    for one in results:
        if one.status != "same":
            key = f"cli.verify.{one.status}{'_only' if one.only_version else ''}"
            commands = again(str(case.path), [one.analysis], {one.analysis: one.needs})
            noted(key, lang, analysis=one.analysis, commands=commands, made=one.made_by, here=one.version, why=one.why)


def data(findings: Sequence[Finding]) -> bytes:
    """Encode findings as one JSON array."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode([to_data(f) for f in findings]), indent=2)
