"""What do the commands share? Steps between typed words and the case: check, make, add, run, report."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agorascope.case import Case, Given, new_case
from agorascope.errors import BadValue, InputError, UsageError
from agorascope.store import Added
from agorascope.texts import LANGUAGES, say

from . import show


def today() -> str:
    """Give today's date: the only clock of the program."""
    return datetime.now(UTC).date().isoformat()


def check_language(lang: str) -> None:
    """Raise BadValue for a language nobody wrote texts in."""
    if lang not in LANGUAGES:
        raise BadValue(f"language is {lang!r}; use one of {', '.join(LANGUAGES)}")


def parameter(text: str) -> Given:
    """Parse one ``-p [ANALYSIS.]NAME=VALUE``. Raises UsageError."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"-p is {text!r}; write -p NAME=VALUE or -p ANALYSIS.NAME=VALUE")
    analysis, _, short = name.rpartition(".")
    return Given(analysis or None, short, value)


def case_for(folder: Path | None, files: list[Path]) -> Case:
    """Make the case of an audit: in the folder named, or in a new one beside the user, named after the first file."""
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
    case: Case, lang: str, *, truth: list[str] | None = None, params: Sequence[Given] = (), identities: bool = False
) -> None:
    """Run every analysis, write the report, print what was left out, the strongest findings and the report's path."""
    findings, left_out = case.run_all(params=params)
    if not findings:
        reasons = "; ".join(f"{one.analysis}: {say(one.reason, lang)}" for one in left_out)
        raise InputError(f"the files hold nothing an analysis can use ({reasons})")
    path = case.report(lang, identities=identities, now=today())
    for line in truth or []:
        print(line)
    for one in left_out:
        show.said("cli.left_out", lang, name=one.analysis, reason=say(one.reason, lang))
    show.strongest(findings, lang)
    show.said("cli.report", lang, path=str(path))
