"""What is said of a finding, in which order? One view of it in the reader's language, from which HTML and Markdown are written."""

from collections.abc import Sequence
from typing import Any

from agorascope.findings import Calibration, Figure, Finding, outcome, strength
from agorascope.texts import catalogue, say

from . import cells, charts, effects, grids, maps
from .cells import word
from .view import CaseView, CheckView, FigureView, FindingView, RivalView, TableView

GATE = "coverage"
MAPPED = ("community", "name", "accounts")


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Sort findings by strength, the strongest first."""
    return sorted(findings, key=strength)


def finding_view(finding: Finding, case: CaseView, lang: str) -> FindingView:
    """Say everything of one finding in one language."""
    name = finding.analysis
    return FindingView(
        anchor=name,
        analysis=catalogue(lang).get(f"{name}.title", name),
        question=say(finding.question, lang),
        verdict=finding.verdict,
        verdict_text=word(f"report.verdict.{outcome(finding)}", lang),
        grade=cells.value_text(name, "grade", finding.grade, lang) if finding.grade else "",
        claim=say(finding.claim, lang),
        effect=effects.effect(name, finding.effect, lang, finding.verdict),
        gate=cells.value_text(name, "gate", finding.gate, lang).replace("_", " ") if finding.gate else "",
        notes=tuple(say(note, lang) for note in finding.notes),
        figures=_figures(finding, case, lang),
        checks=_checks(finding, lang),
        units=_units(finding, lang),
        evidence=_evidence(finding, lang),
        evidence_note=_evidence_note(finding, lang),
        evidence_query=finding.evidence_query,
        rivals=tuple(_rival(finding, i, lang) for i in range(len(finding.rivals))),
        limits=tuple(say(limit, lang) for limit in finding.limits),
        calibration=_calibration(name, finding.calibration, lang),
        params=tuple((key, _plain(value, lang)) for key, value in finding.params.items()),
        provenance=_provenance(finding, lang),
    )


def files_table(case: CaseView, lang: str) -> TableView:
    """Show the files of a case with what became of their records."""
    columns = ("name", "source", "records", "accepted", "duplicates", "quarantined")
    return grids.table("report", "files", word("report.case.files", lang), list(case.files), lang, columns=columns)


def rows_table(case: CaseView, lang: str) -> TableView:
    """Show how many rows each canonical table holds; empty tables are left out."""
    rows = [{"table": name, "rows": count} for name, count in case.rows.items() if count]
    return grids.table("report", "rows", word("report.case.rows", lang), rows, lang, columns=("table", "rows"))


def quarantine_table(case: CaseView, lang: str) -> TableView | None:
    """Show why records could not be read; None where all could."""
    rows = [{"reason": say(reason, lang), "records": count} for reason, count in case.quarantine]
    return (
        grids.table("report", "quarantine", word("report.case.quarantine", lang), rows, lang, columns=("reason", "records"))
        if rows
        else None
    )


def _figures(finding: Finding, case: CaseView, lang: str) -> tuple[FigureView, ...]:
    """Show every figure; the events of the case are told on the first time line of the finding only."""
    views: list[FigureView] = []
    told = False
    for figure in finding.figures:
        views.append(_figure(figure, finding, case, lang, told=told))
        told = told or bool(views[-1].chart and views[-1].chart["events"])
    return tuple(views)


def _figure(figure: Figure, finding: Finding, case: CaseView, lang: str, *, told: bool) -> FigureView:
    title = say(figure.title, lang)
    rows = finding.tables[figure.table].slice(0, grids.ROW_CAP).to_pylist()
    columns = figure.y if figure.kind == "table" and figure.y else MAPPED if figure.kind == "map" else ()
    if columns and figure.x and figure.kind != "map":
        columns = (figure.x, *columns)
    drawn, mapped = charts.chart(figure, finding, case.events, lang), maps.drawing(figure, finding)
    note = say(figure.note, lang) if figure.note else ""
    if drawn is not None and drawn["left_out"]:
        note = f"{note} {word('report.chart.left_out', lang, n=drawn['left_out'])}".strip()
    return FigureView(
        anchor=f"{finding.analysis}-{figure.name}",
        title=title,
        note=note,
        summary=charts.summary(drawn, title, lang) if drawn else maps.summary(figure, finding, title, lang) if mapped else "",
        chart=drawn,
        marks=charts.explained(drawn, lang, again=told) if drawn else maps.named(figure, finding, lang),
        table=grids.table(
            finding.analysis,
            figure.table,
            title,
            rows,
            lang,
            columns=columns,
            total=finding.tables[figure.table].num_rows,
            names=cells.named(finding.tables),
        ),
        map=mapped,
    )


def _has_checks(finding: Finding) -> bool:
    return bool(finding.units) and {"check", "status", "says"} <= set(finding.units[0])


def _checks(finding: Finding, lang: str) -> tuple[CheckView, ...]:
    """Gather units that are checks by name and status, in their order; what several rows say alike is said once."""
    if not _has_checks(finding):
        return ()
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for unit in finding.units:
        grouped.setdefault((unit["check"], unit["status"]), []).append(unit)
    return tuple(
        CheckView(
            cells.value_text(finding.analysis, "check", name, lang),
            status,
            cells.value_text(finding.analysis, "status", status, lang),
            *(_sentences(rows, column, lang) for column in ("says", "consequence", "remedy")),
        )
        for (name, status), rows in grouped.items()
    )


def _sentences(rows: Sequence[dict[str, Any]], column: str, lang: str) -> tuple[str, ...]:
    said = (cells.sentence(row.get(column), lang) for row in rows)
    return tuple(dict.fromkeys(text for text in said if text))


def _units(finding: Finding, lang: str) -> TableView | None:
    """Show every unit; those that are checks have a list of their own."""
    if not finding.units or _has_checks(finding):
        return None
    return grids.units(finding.analysis, word("report.parts.units", lang), finding.units, lang, cells.named(finding.tables))


def _evidence(finding: Finding, lang: str) -> TableView | None:
    if not finding.evidence:
        return None
    return grids.evidence(finding.analysis, finding.evidence, finding.evidence_total, word("report.parts.evidence", lang), lang)


def _evidence_note(finding: Finding, lang: str) -> str:
    """Count the records shown and all of them; say their role where they share it."""
    shown, roles = len(finding.evidence), {say(e.role, lang) for e in finding.evidence}
    counted = word("report.evidence.shown", lang, shown=shown, total=max(finding.evidence_total, shown))
    if len(roles) != 1:
        return counted
    return f"{counted} {word('report.evidence.role', lang, role=roles.pop())}"


def _rival(finding: Finding, i: int, lang: str) -> RivalView:
    rival = finding.rivals[i]
    said = word(f"report.values.status.{rival.status}", lang)
    numbers = say(rival.missing, lang) if rival.missing else effects.rival_numbers(rival, lang)
    return RivalView(say(rival.statement, lang), rival.status, said, numbers)


def _calibration(analysis: str, made: Calibration, lang: str) -> tuple[tuple[str, str], ...]:
    """Say what was measured; an analysis whose worlds are not ones where nothing happens says it in texts of its own."""

    def told(key: str, **values: Any) -> str:
        own = f"{analysis}.calibration.{key}"
        return word(own if own in catalogue(lang) else f"report.calibration.{key}", lang, **values)

    if made.false_alarm_rate is None:
        return ((told("cell"), told("none")),)
    cell = cells.value_text(analysis, "cell", made.cell, lang)
    where = cell if made.inside_grid else told("outside", cell=cell)
    rate = {"rate": made.false_alarm_rate, "low": made.low, "high": made.high, "nominal": made.nominal, "worlds": made.worlds or 0}
    key = "rate_interval" if made.low is not None and made.high is not None and made.nominal is not None else "rate"
    said = [("cell", where), ("false_alarms", told(key, **rate))]
    if made.power is not None:
        at = cells.value_text(analysis, "power_at", made.power_at or "–", lang)
        said.append(("power", told("power_at", power=made.power, at=at)))
    if made.smallest_effect is not None:
        said.append(("smallest", cells.shown(made.smallest_effect, cells.form("value", made.smallest_effect_unit), lang)))
    return tuple((told(key), text) for key, text in said)


def _provenance(finding: Finding, lang: str) -> tuple[tuple[str, str], ...]:
    made = finding.provenance
    said = [("corpus", made.corpus_digest), ("code", made.code_version), ("engine", made.engine), ("seed", str(made.seed))]
    colon = word("report.forms.colon", lang)
    tables = (
        (cells.value_text("report", "table", name, lang), cells.shown(n, "number", lang)) for name, n in made.rows.items() if n
    )
    said += [("rows", ", ".join(f"{name}{colon}{count}" for name, count in tables))]
    return tuple((word(f"report.provenance.{key}", lang), text) for key, text in said if text)


def _plain(value: Any, lang: str) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(item, lang) for item in value) or "–"
    if isinstance(value, (bool, float, int)) or value is None:
        return cells.shown(value, "number", lang)
    return str(value)
