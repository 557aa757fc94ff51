"""What does a chart draw? The rows of one published table, as plain data for the page's script; nothing is computed anew.

The data: ``kind``, ``x`` and ``y`` (label, format), ``categories`` where x is not a number, ``series`` (name and points
``[x, y, low, high]``), ``marks`` (episodes, lettered) and ``events`` (of the case, numbered). Times are milliseconds. Where it has
them, ``x.start`` is where the axis begins and ``y.level`` a value with a line of its own.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from agorascope.findings import Figure, Finding
from agorascope.texts import catalogue

from . import cells
from .cells import word

SERIES_CAP = 8
BAR_CAP = 40
BAND_CAP = 3
POINT_CAP = 20_000
DAY_MS = 86_400_000
STARTS = {"odds": 1.0}
"""Where the axis of a column begins: none was less than equally likely."""
LEVELS = {("odds", "share"): 0.5}
"""Value that decides, by the columns of the axes: a majority is half of the votes."""
Row = Mapping[str, Any]


def chart(figure: Figure, finding: Finding, events: Sequence[tuple[int, str]], lang: str) -> dict[str, Any] | None:
    """Give the data of one chart, or None where the figure is a table, a map, or has nothing to draw."""
    if figure.kind in ("table", "map") or not figure.y:
        return None
    rows = [row for row in finding.tables[figure.table].to_pylist() if row.get(figure.x) is not None]
    drawn, left_out = _cap(figure, rows)
    few = figure.series is None or len({row[figure.series] for row in drawn}) <= BAND_CAP
    banded = figure.band is not None and few
    make = _categorical if figure.kind in ("bars", "histogram") else _continuous
    made = make(figure, _owner(figure) if banded else None, finding.analysis, drawn, lang)
    if not any(point[1] is not None for series in made["series"] for point in series["points"]):
        return None
    timed = figure.kind == "timeline" or (figure.kind == "scatter" and cells.form(figure.x) == "datetime")
    unit = next((row["unit"] for row in drawn if row.get("unit")), None)
    return made | {
        "kind": figure.kind,
        "log": figure.log,
        "band": _band_text(figure, finding.analysis, lang) if banded else "",
        "x": {
            "label": cells.label(finding.analysis, figure.x, lang, cells.named(finding.tables)),
            "form": cells.form(figure.x, unit),
            **_only(start=STARTS.get(figure.x)),
        },
        "y": {
            "label": _y_label(figure, finding, lang),
            "form": cells.form(figure.y[0], unit),
            **_only(level=LEVELS.get((figure.x, figure.y[0]))),
        },
        "marks": _marks(figure, finding, lang) if timed else [],
        "events": _events(made, events) if timed else [],
        "left_out": left_out,
    }


def explained(drawn: Mapping[str, Any], lang: str, *, again: bool) -> tuple[tuple[str, str], ...]:
    """Explain the letters and numbers of a chart: episodes, then events; ``again`` says that these were told before."""

    def when(ms: int) -> str:
        return cells.shown(ms * 1000, "datetime", lang)

    def episode(mark: Mapping[str, Any]) -> str:
        first, last = mark["from"], mark["to"]
        if last > first and first % DAY_MS == 0 and last % DAY_MS == 0:  # whole days, the last of which is in it
            last -= DAY_MS
        key = "report.chart.event" if first == last else "report.chart.episode"
        return word(key, lang, label=mark["text"], at=when(first), start=when(first), end=when(last))

    episodes = [(m["letter"], episode(m)) for m in drawn["marks"]]
    events = [(e["number"], word("report.chart.event", lang, label=e["text"], at=when(e["at"]))) for e in drawn["events"]]
    if again and events:
        numbers = events[0][0] if len(events) == 1 else f"{events[0][0]}–{events[-1][0]}"
        events = [(numbers, word("report.chart.events_again", lang, n=len(events)))]
    surface = "█" if len(drawn.get("series", ())) == 1 else "▒"  # shown in the colour of the only line, else in none
    band = [(surface if drawn["kind"] in ("timeline", "line", "scatter") else "├─┤", drawn["band"])] if drawn["band"] else []
    return tuple(band + episodes + events)


def summary(drawn: Mapping[str, Any], title: str, lang: str) -> str:
    """Say in words what a chart shows: for readers who do not see it."""
    points = [p for series in drawn["series"] for p in series["points"] if p[1] is not None]
    low, high = min(p[1] for p in points), max(p[1] for p in points)
    shape = drawn["y"]["form"]
    lowest, highest = (cells.shown(v, shape if shape != "datetime" else "number", lang) for v in (low, high))
    counts = {"points": len(points), "series": len(drawn["series"])}
    said = word("report.chart.summary", lang, title=title, low=lowest, high=highest, **counts)
    if drawn["kind"] == "timeline":
        first, last = min(p[0] for p in points), max(p[0] for p in points)
        said += " " + word("report.chart.span", lang, start=int(first) * 1000, end=int(last) * 1000)
    return said


def _cap(figure: Figure, rows: list[Row]) -> tuple[list[Row], int]:
    """Keep what a reader can tell apart: the first series, bars and points, in the table's order; count the rest."""
    kept: Sequence[Row] = rows
    if figure.series is not None:
        names = list(dict.fromkeys(row[figure.series] for row in rows))[:SERIES_CAP]
        kept = [row for row in rows if row[figure.series] in names]
    cap = BAR_CAP * (len(figure.y) if figure.series is None else SERIES_CAP) if figure.kind == "bars" else POINT_CAP
    kept = kept[:cap]
    return list(kept), len(rows) - len(kept)


def _continuous(figure: Figure, owner: str | None, analysis: str, rows: Sequence[Row], lang: str) -> dict[str, Any]:
    shape = cells.form(figure.x)
    series: list[dict[str, Any]] = []
    for name, y, own in _split(figure, analysis, rows, lang):
        points = [_point(_place(row[figure.x], shape), row, y, figure.band if y == owner else None) for row in own]
        series.append({"name": name, "points": sorted(points, key=lambda p: p[0])})
    return {"series": series, "categories": []}


def _categorical(figure: Figure, owner: str | None, analysis: str, rows: Sequence[Row], lang: str) -> dict[str, Any]:
    places: dict[str, int] = {}
    names: list[str] = []
    for row in rows:
        if str(row[figure.x]) not in places:
            places[str(row[figure.x])] = len(names)
            names.append(_name(figure.x, analysis, row, lang))
    series: list[dict[str, Any]] = []
    for name, y, own in _split(figure, analysis, rows, lang):
        points = [_point(places[str(row[figure.x])], row, y, figure.band if y == owner else None) for row in own]
        series.append({"name": name, "points": points})
    return {"series": series, "categories": names}


def _name(column: str, analysis: str, row: Row, lang: str) -> str:
    """Name a bar or an episode: by dimension and category where the row has both, else by the column."""
    if column == "label" and row.get("dimension") is not None and row.get("category") is not None:
        dimension = cells.cell(analysis, "dimension", row["dimension"], lang).text
        category = cells.cell(analysis, cells.meant("category", row), row["category"], lang).text
        return f"{dimension}{word('report.forms.colon', lang)}{category}"
    return cells.cell(analysis, column, row.get(column), lang).text


def _split(figure: Figure, analysis: str, rows: Sequence[Row], lang: str) -> list[tuple[str, str, Sequence[Row]]]:
    if figure.series is None:
        return [(cells.label(analysis, y, lang), y, rows) for y in figure.y]
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[figure.series], []).append(row)
    named = [
        (cells.cell(analysis, cells.meant(figure.series, own[0], figure.table), value, lang).text, own)
        for value, own in groups.items()
    ]
    if len(figure.y) == 1:
        return [(name, figure.y[0], own) for name, own in named]
    return [(f"{name}, {cells.label(analysis, y, lang)}", y, own) for name, own in named for y in figure.y]


def _point(x: float, row: Row, y: str, band: tuple[str, str] | None) -> list[Any]:
    ends = [_round(row.get(end)) for end in band] if band else []
    return [x, _round(row.get(y)), *ends]


def _place(value: Any, shape: str) -> float:
    return value / 1000 if shape == "datetime" else float(value)


def _round(value: Any) -> float | None:
    """Keep 6 significant digits: more than a pixel can show, and the page stays light."""
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else float(f"{value:.6g}")


def _owner(figure: Figure) -> str:
    """Name the column whose interval the band is: the one its name begins with, else the last (the expected one)."""
    stem = _stem(figure)
    return stem if stem in figure.y else figure.y[-1]


def _stem(figure: Figure) -> str:
    return figure.band[0].removesuffix("low").rstrip("_") if figure.band else ""


def _only(**said: float | None) -> dict[str, float]:
    return {name: value for name, value in said.items() if value is not None}


def _band_text(figure: Figure, analysis: str, lang: str) -> str:
    stem, said = _stem(figure) or (_owner(figure) if len(figure.y) > 1 else ""), _band_word(analysis, lang)
    return f"{cells.label(analysis, stem, lang)}{word('report.forms.colon', lang)}{said}" if stem else said


def _band_word(analysis: str, lang: str) -> str:
    """Call a band an interval, or what the analysis calls it: bounds under an assumption are none."""
    own = f"{analysis}.band"
    return word(own if own in catalogue(lang) else "report.chart.band", lang)


def _y_label(figure: Figure, finding: Finding, lang: str) -> str:
    return cells.label(finding.analysis, figure.y[0], lang, cells.named(finding.tables)) if len(figure.y) == 1 else ""


def _marks(figure: Figure, finding: Finding, lang: str) -> list[dict[str, Any]]:
    if figure.marks is None or figure.marks not in finding.tables:
        return []
    rows = finding.tables[figure.marks].to_pylist()[:26]
    return [
        {
            "letter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i],
            "from": row["start_us"] // 1000,
            "to": row["end_us"] // 1000,
            "text": cells.shown(row["ratio"], "ratio", lang)
            if row.get("ratio") is not None
            else _name("label", finding.analysis, row, lang),
        }
        for i, row in enumerate(rows)
    ]


def _events(made: Mapping[str, Any], events: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    """Number the events that lie within the chart's time, widened by a twentieth on each side."""
    times = [p[0] for series in made["series"] for p in series["points"]]
    margin = (max(times) - min(times)) / 20
    inside = [(at // 1000, text) for at, text in sorted(events) if min(times) - margin <= at / 1000 <= max(times) + margin]
    return [{"number": str(i), "at": at, "text": text} for i, (at, text) in enumerate(inside, 1)]
