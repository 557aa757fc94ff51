"""What do the commands share? Steps between typed words and the case: check, make, add, run, report."""

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agorascope.case import Case, Excluded, Given, new_case
from agorascope.errors import AgorascopeError, BadValue, InputError, UsageError
from agorascope.store import Added
from agorascope.texts import LANGUAGES, Message, message, say

from . import show


def today() -> str:
    """Give today's date: the only clock of the program."""
    return datetime.now(UTC).date().isoformat()


def check_language(lang: str) -> str:
    """Give the language back. Raises BadValue for one nobody wrote texts in."""
    if lang not in LANGUAGES:
        raise BadValue(f"language is {lang!r}; use one of {', '.join(LANGUAGES)}")
    return lang


def parameter(text: str) -> Given:
    """Parse one ``-p [ANALYSIS.]NAME=VALUE``. Raises UsageError."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"-p is {text!r}; write -p NAME=VALUE or -p ANALYSIS.NAME=VALUE")
    analysis, _, short = name.rpartition(".")
    return Given(analysis or None, short, value)


@contextmanager
def audited(folder: Path | None, files: list[Path], beside: Collection[str]) -> Iterator[Case]:
    """Make the case of an audit; refused without a row accepted, it goes again, so that the same words can be typed again."""
    existed = folder is not None and folder.exists()
    case = case_for(folder, files)
    try:
        yield case
    except AgorascopeError:
        if not _accepted(case, beside):
            shutil.rmtree(case.path)
            if existed:
                case.path.mkdir()
        raise


def case_for(folder: Path | None, files: list[Path]) -> Case:
    """Make a case in the folder named, or in a new one beside the user, named after the first file."""
    stem = files[0].name.split(".")[0].encode("utf-8", "replace").decode() or "posts"
    place = folder or Path(f"{stem}-case")
    if folder is None:
        number = 2
        while place.exists():
            place, number = Path(f"{stem}-case-{number}"), number + 1
    return new_case(place, title=stem, created=today())


def add_files(case: Case, files: list[Path], lang: str, **options: Any) -> list[Added]:
    """Add files with progress, and print what each brought."""
    with show.progress() as update:
        results = case.add(*files, on_progress=update, **options)
    show.added(results, lang)
    return results


def add_lists(case: Case, groups: Path | None, events: Path | None, lang: str) -> None:
    """Add the lists of groups and events given beside the posts."""
    for file, format in ((groups, "groups"), (events, "events")):
        if file is not None:
            add_files(case, [file], lang, format=format)


def run_and_report(
    case: Case,
    lang: str,
    *,
    truth: list[str] | None = None,
    params: Sequence[Given] = (),
    identities: bool = False,
    beside: Collection[str] = (),
) -> None:
    """Run every analysis, write the report, print what was left out, the strongest findings and the report's path."""
    findings, left_out = case.run_all(params=params)
    if not findings:
        raise InputError(say(_nothing(case, left_out, beside), lang))
    path = case.report(lang, identities=identities, now=today())
    for line in truth or []:
        print(line)
    for one in left_out:
        show.said("cli.left_out", lang, name=one.analysis, reason=say(one.reason, lang))
    show.strongest(case.shown(findings, identities=identities, now=today()), lang)
    show.said("cli.report", lang, path=str(path))


def _nothing(case: Case, left_out: Sequence[Excluded], beside: Collection[str]) -> Message:
    """Say once, for all analyses, that there is nothing to analyse: what was read, and where to look."""
    files = _collected(case, beside)
    counts = {name: sum(file[name] for file in files) for name in ("records", "accepted", "quarantined")}
    key = "cli.nothing_kept" if _accepted(case, beside) else "cli.nothing_accepted"
    tables = dict.fromkeys(table for one in _without_tables(left_out) for table in one.args["names"])
    return message(key, path=str(case.path), tables=list(tables), **counts)


def _without_tables(left_out: Sequence[Excluded]) -> list[Message]:
    return [one.reason for one in left_out if one.reason.key == "case.missing_tables"]


def _accepted(case: Case, beside: Collection[str]) -> int:
    return sum(file["accepted"] for file in _collected(case, beside))


def _collected(case: Case, beside: Collection[str]) -> list[dict[str, Any]]:
    """List the files of the case but the lists given beside the posts: groups, events."""
    return [file for file in case.files() if file["source"] not in beside]
