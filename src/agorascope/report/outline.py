"""In which order is a report read? Summary first, then whether the data can answer, then the findings, then the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agorascope.findings import Finding
from agorascope.texts import message, say

from .cells import shown as written
from .cells import word
from .masking import masked
from .sections import GATE, files_table, finding_view, ordered, quarantine_table, rows_table
from .unasked import unasked
from .view import CaseView, FindingView, TableView


@dataclass(frozen=True)
class Outline:
    """Hold all a report says, in the order it says it: the one source of HTML and Markdown.

    ``gate`` is the finding on coverage, None where it was not run; ``findings`` the others, strongest first. ``stale``
    warns of findings made before the last change of the rows; empty where there are none. ``excluded`` says what is missing
    and which questions could not be asked for want of it.
    """

    heading: str
    lead: str
    gate: FindingView | None
    findings: tuple[FindingView, ...]
    excluded: tuple[tuple[str, str], ...]
    files: TableView
    rows: TableView
    quarantine: TableView | None
    events: tuple[tuple[str, str], ...]
    created: str
    identities: bool
    stale: str

    @property
    def sections(self) -> tuple[FindingView, ...]:
        """Give every finding, the gate first."""
        return (self.gate, *self.findings) if self.gate is not None else self.findings


def outline(findings: Sequence[Finding], *, lang: str, case: CaseView, identities: bool) -> Outline:
    """Order and say everything of a report in one language; accounts bear pseudonyms unless ``identities``."""
    views = [finding_view(f, case, lang) for f in ordered(masked(findings, case.name, identities=identities))]
    return Outline(
        heading=case.title,
        lead=_lead(len(views), case, lang),
        gate=next((v for v in views if v.anchor == GATE), None),
        findings=tuple(v for v in views if v.anchor != GATE),
        excluded=unasked(case.excluded, case.rows, lang),
        files=files_table(case, lang),
        rows=rows_table(case, lang),
        quarantine=quarantine_table(case, lang),
        events=_events(views, case, lang),
        created=_created(case.created, lang),
        identities=identities,
        stale=stale_text(stale(findings, case), case.needs, lang),
    )


def _events(views: Sequence[FindingView], case: CaseView, lang: str) -> tuple[tuple[str, str], ...]:
    """Say every event of the case, and of one that no time line reaches that it lies outside the data."""
    charts = [f.chart for v in views for f in v.figures if f.chart]
    drawn = {(event["at"], event["text"]) for chart in charts for event in chart["events"]}
    timed = any(chart["kind"] == "timeline" for chart in charts)
    return tuple(
        (
            written(at, "datetime", lang),
            word("report.case.outside", lang, label=label) if timed and (at // 1000, label) not in drawn else label,
        )
        for at, label in sorted(case.events)
    )


def _lead(n: int, case: CaseView, lang: str) -> str:
    if n == 0:
        return word("report.summary.none", lang)
    posts, panels, votes = (case.rows.get(table, 0) for table in ("posts", "panels", "ratings"))
    if votes:
        return word(f"report.summary.votes{'_texts' if posts else ''}", lang, n=n, votes=votes, posts=posts)
    if posts:
        return word("report.summary.sentence", lang, n=n, posts=posts)
    if panels:
        return word("report.summary.panels", lang, n=n, rows=panels)
    rows = sum(case.rows.values())
    return word(f"report.summary.{'rows' if rows else 'alone'}", lang, n=n, rows=rows)


def stale(findings: Sequence[Finding], case: CaseView) -> list[str]:
    """Name the findings made before the last change of the rows, the strongest first."""
    made = {f.analysis: f.provenance.corpus_digest for f in ordered(findings)}
    return [name for name, rows in made.items() if rows and case.corpus_digest and rows != case.corpus_digest]


def stale_text(names: Sequence[str], needs: Mapping[str, Sequence[str]], lang: str) -> str:
    """Say which findings are older than the rows, and what runs them again; nothing where none is."""
    others = " ".join(name for name in names if name not in needs)
    commands = again(word("report.words.folder", lang), names, needs, others=others)
    return word("report.summary.stale", lang, n=len(names), names=list(names), commands=commands) if names else ""


def again(folder: str, names: Sequence[str], needs: Mapping[str, Sequence[str]], *, others: str = "") -> list[str]:
    """Write the commands that run analyses again: one for those that need no parameter, ``others``, and one for each that does.

    A parameter is named, its value never told: it may be an account.
    """
    asked = [" ".join((name, *(f"-p {one}=…" for one in needs[name]))) for name in names if name in needs]
    plain = [others] if len(asked) < len(names) else []
    return [f"agorascope run {folder} {what}".rstrip() for what in (*plain, *asked)]


def _created(created: str | None, lang: str) -> str:
    """Say an ISO date in the reader's form; anything else as it is."""
    if created is None:
        return ""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return word("report.case.created", lang, at=created)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    shape = "date" if len(created) == len("2024-07-01") else "datetime"
    said = say(message(f"report.forms.{shape}", v=round(moment.timestamp() * 1e6)), lang)
    return word("report.case.created", lang, at=said)
