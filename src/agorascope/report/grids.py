"""How does a table become a shown table? Empty columns go, a number or date and its interval share a column, rows are capped.

Every analysis names its columns; ``cells`` says how each is shown. The cap is stated on the page with the command
that gives all rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agorascope.findings import Evidence

from . import cells
from .hostile import web_address
from .view import Cell, Column, TableView

ROW_CAP = 200
OWNERS = ("value", "estimate", "number", "ratio", "share", "effect", "difference", "expected", "score")
MEASURED = frozenset({"value", "estimate", "number"})
NO_BREAK = "\u00a0"
_WIDE = 48
_TIGHT = 22
_UNBROKEN = 32
_LONGEST_WORD = 24
# Of a result: what it is about comes first; where and how it was looked at comes last.
_LAST = frozenset({"model", "scope", "platform"})
Row = Mapping[str, Any]


def table(
    analysis: str,
    name: str,
    caption: str,
    rows: Sequence[Row],
    lang: str,
    *,
    columns: Sequence[str] = (),
    total: int | None = None,
    names: Sequence[str] = (),
) -> TableView:
    """Make a shown table of ``columns`` (all where none is named), in their order; ``names`` are those of numbered columns."""
    listed = list(columns) or list(dict.fromkeys(key for row in rows for key in row))
    hidden = "unit" if (MEASURED | {"score"}) & set(listed) else ""
    used = [c for c in listed if c != hidden and (any(row.get(c) is not None for row in rows) or not rows)]
    used = [c for c in used if c != "platform" or not _one_platform(rows)]
    used = [c for c in used if not (c.endswith("_us") and _all_dates(c.removesuffix("_us"), used, rows))]
    dates = [c for c in used if _all_dates(c, used, rows)]
    numeric = [*dates, *(c for c in used if all(cells.is_number(row[c]) for row in rows if row.get(c) is not None))]
    shown = [c for c in used if c not in numeric or _interval_of(c, numeric) is None]
    body = [tuple(_cell(analysis, cells.meant(c, row, name), c, row, numeric, lang) for c in shown) for row in rows[:ROW_CAP]]
    heads = []
    for i, c in enumerate(shown):
        alone = all(_interval_of(d, dates) != (c, "low") for d in dates)
        heads.append(_column(cells.label(analysis, c, lang, names), c, rows, [row[i].text for row in body], alone=alone))
    return TableView(name, caption, tuple(heads), tuple(body), len(rows) if total is None else total)


def units(analysis: str, caption: str, rows: Sequence[Row], lang: str, names: Sequence[str] = ()) -> TableView:
    """Make the table of units: what each is about first, then its estimate and p-values, then the rest."""
    held = list(dict.fromkeys(key for row in rows for key in row))
    owner = next((c for c in OWNERS if c in held), "")
    return table(analysis, "units", caption, rows, lang, columns=sorted(held, key=lambda c: _place(c, owner, rows)), names=names)


def evidence(analysis: str, rows: Sequence[Evidence], total: int, caption: str, lang: str) -> TableView:
    """Make the table of records a finding rests on; the id links to the post; a role all share is no column.

    The column of values is headed by what they count, as the roles say; where they count different things, each cell says its own.
    """
    several = len({str(row.role) for row in rows}) > 1
    heads = [*(["role"] if several else []), "account_id", "value", "at_us", "text", "id"]
    used = [c for c in heads if any(getattr(row, c) is not None for row in rows)]
    counted = {_counted(row, lang) for row in rows if row.value is not None}
    head = counted.pop() if len(counted) == 1 else ""
    body = tuple(tuple(_evidence_cell(analysis, c, row, lang, told=bool(head)) for c in used) for row in rows)
    short = all(len(row.id) <= _UNBROKEN for row in rows)
    named = tuple(
        Column(
            (c == "value" and head) or cells.label(analysis, c, lang),
            c == "value",
            c == "text",
            tight := c in ("at_us", "account_id") or (c == "id" and short),
            _word([row[i].text for row in body], numeric=c == "value", tight=tight),
        )
        for i, c in enumerate(used)
    )
    return TableView("evidence", caption, named, body, total)


def _counted(row: Evidence, lang: str) -> str:
    """Say what the value of a record counts: the text its role names as ``counts``."""
    return cells.word(row.role.args["counts"], lang) if "counts" in row.role.args else ""


def _evidence_cell(analysis: str, column: str, row: Evidence, lang: str, *, told: bool) -> Cell:
    counted = str(row.role.args.get("counts", "")).rpartition(".")[2]
    unit = "ratio" if counted == "ratio" else "share" if counted.endswith("_share") else None
    if said := cells.absent(analysis, column, getattr(row, column), lang):
        return Cell(said)
    made = cells.cell(analysis, column, getattr(row, column), lang, unit)
    if column == "value" and row.value is not None and not told:
        return Cell(f"{made.text} {_counted(row, lang)}".rstrip(), made.sort)
    return Cell(made.text, made.sort, web_address(row.permalink)) if column == "id" else made


def _place(column: str, owner: str, rows: Sequence[Row]) -> int:
    if column in (owner, "low", "high"):
        return 1
    if cells.form(column) == "p":
        return 2
    if column in _LAST:
        return 3
    values = [row[column] for row in rows if row.get(column) is not None]
    about = column in ("start_us", "end_us", "at_us") or not all(isinstance(v, (int, float)) for v in values)
    return 0 if about else 3


def _column(label: str, column: str, rows: Sequence[Row], shown: Sequence[str], *, alone: bool) -> Column:
    """Head a column of cells that show these texts; ``alone``: no interval of dates, which may break, beside a value.

    What is shown is measured, not what is stored: a code of ten letters may be a sentence, which must be free to wrap.
    """
    values = [row.get(column) for row in rows[:ROW_CAP] if row.get(column) is not None]
    numeric = bool(values) and cells.form(column) != "datetime" and all(cells.is_number(v) for v in values)
    longest = max(map(len, shown), default=0)
    tight = alone and longest <= _TIGHT
    return Column(label, numeric, not numeric and longest > _WIDE, tight, _word(shown, numeric=numeric, tight=tight))


def _word(shown: Sequence[str], *, numeric: bool, tight: bool) -> int:
    """Count the characters of the longest piece that stays whole: a cell, a number, its interval, or a word that is no address."""
    if tight and not numeric:
        return max(map(len, shown), default=0)
    pieces = [piece for text in shown for piece in (text.split(" [") if numeric else text.split())]
    return max((len(piece) for piece in pieces if numeric or len(piece) <= _LONGEST_WORD), default=0)


def _one_platform(rows: Sequence[Row]) -> bool:
    """Say whether the platform is the same on every row of several, or nobody's: such a column tells rows apart by nothing."""
    told = {row.get("platform") for row in rows}
    return len(told) == 1 and (len(rows) > 1 or told == {"unknown"})


def _cell(analysis: str, meaning: str, column: str, row: Row, used: Sequence[str], lang: str) -> Cell:
    if column == "permalink":
        return _link(row.get(column), lang)
    if said := cells.absent(analysis, column, row.get(column), lang):
        return Cell(said)
    unit = row.get("unit")
    made = cells.cell(analysis, meaning, row.get(column), lang, unit)
    low, high = (next((c for c in used if _interval_of(c, used) == (column, end)), None) for end in ("low", "high"))
    if row.get(column) is None or (low is None and high is None):
        return _with_unit(made, column, unit, lang)
    shape = cells.form(column, unit)
    if cells.dated(column, row[column]) is not None:
        dates = [cells.cell(analysis, c, row.get(c), lang).text.replace(" ", NO_BREAK) if c else "–" for c in (column, low, high)]
        interval = cells.word("report.forms.interval", lang, low=dates[1], high=dates[2])
        return Cell(f"{dates[0]} {interval}", made.sort)
    ends = [cells.shown(row.get(end), shape, lang) if end else "–" for end in (low, high)]
    if all(row.get(end) is None for end in (low, high) if end):
        return _with_unit(made, column, unit, lang)
    interval = cells.word("report.forms.interval", lang, low=ends[0], high=ends[1])
    return _with_unit(Cell(f"{made.text} {interval}", made.sort), column, unit, lang)


def _all_dates(column: str, used: Sequence[str], rows: Sequence[Row]) -> bool:
    """Say whether a column is there and holds ISO dates and nothing else; its twin in µs then says nothing more."""
    values = [row[column] for row in rows if row.get(column) is not None] if column in used else []
    return bool(values) and all(cells.dated(column, value) is not None for value in values)


def _link(address: str | None, lang: str) -> Cell:
    href = web_address(address)
    return Cell(cells.word("report.evidence.link", lang), href, href) if href else Cell("–")


def _with_unit(made: Cell, column: str, unit: str | None, lang: str) -> Cell:
    if not unit or column not in MEASURED or made.sort is None or cells.form(column, unit) != "number":
        return made
    return Cell(f"{made.text}\u00a0{cells.value_text('report', 'unit', unit, lang)}", made.sort)


def _interval_of(column: str, used: Sequence[str]) -> tuple[str, str] | None:
    """Say of which column this one is the low or high end."""
    for end in ("low", "high"):
        if column == end:
            owner = next((c for c in OWNERS if c in used), None)
            return (owner, end) if owner else None
        stem = column.removesuffix(f"_{end}")
        if stem != column and stem in used:
            return stem, end
    return None
