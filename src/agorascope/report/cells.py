"""How is one value shown? By the name of its column: the name says the unit, the catalogue says the words.

=====================================  ==============================
column                                 shown as
=====================================  ==============================
``*_us`` (``period_us`` apart)         date, with the hour if it has one
``at, *_at, label``, as ISO dates      date, with the hour if it has one
``period_us, *_length_us``             duration
``*_s``                                duration, seconds in
``share, *_share, *_rate, minimum``    percent
``score, chance``                      percent where ``unit`` is ``share``
``ratio, *_ratio``                     ratio, ×1.58
``p_value, q_value, p_*``              p-value without "p ="
whole numbers, other numbers           count, 3 significant digits
a Message, or ``{"key", "args"}``      its sentence
text                                   ``<analysis>.values.<column>.<text>`` if the catalogue has it, else as it is
=====================================  ==============================

Column titles are ``<analysis>.columns.<column>``, else ``report.columns.<column>``, else the name itself.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from babel import Locale

from agorascope.texts import Message, catalogue, message, say

from .view import Cell

DAY_US = 86_400_000_000
STATUSES = frozenset({"ok", "warning", "fault", "not_checked", "favoured", "disfavoured", "undecided", "not_tested"})
_ESTIMATES = frozenset({"value", "low", "high", "number", "estimate", "statistic", "score", "chance"})
_TEXT_CAP = 400
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_UNIT_SUFFIX = re.compile("_(us|s)$")


def form(column: str, unit: str | None = None) -> str:
    """Name the format of a column: datetime, duration, percent, ratio, p or number. ``unit`` rules over value columns.

    >>> form("start_us"), form("reposts_share"), form("share_1"), form("value", "ratio"), form("posts")
    ('datetime', 'percent', 'percent', 'ratio', 'number')
    """
    if unit is not None and column in _ESTIMATES:
        return {"ratio": "ratio", "share": "percent", "us": "datetime", "s": "duration", "seconds": "duration"}.get(unit, "number")
    base = column.removesuffix("_low").removesuffix("_high")
    if base.endswith("period_us") or base.endswith("length_us") or base.endswith("age_us"):
        return "duration_us"
    if base.endswith("_us"):
        return "datetime"
    if base.endswith("_s"):
        return "duration"
    last = base.rstrip("0123456789_").rsplit("_", 1)[-1]  # share_1 is the share of the first
    if last in ("share", "rate", "level", "coverage") or base in ("share_before", "share_after", "minimum"):
        return "percent"
    if base in ("p_value", "q_value", "adjusted", "p_adjusted", "p", "q") or base.endswith("_p_value"):
        return "p"
    return "ratio" if last == "ratio" else "number"


def shown(value: Any, shape: str, lang: str) -> str:
    r"""Write a number in a format of ``form`` and a locale; an absent one is a dash.

    >>> shown(1234.5, "number", "fr"), shown(0.392, "percent", "en"), shown(None, "number", "en")
    ('1\u202f234', '39.2%', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return word(f"report.words.{'yes' if value else 'no'}", lang)
    if shape == "datetime":
        shape = "date" if value % DAY_US == 0 else "datetime"
    elif shape == "duration_us":
        shape, value = "duration", value / 1e6
    elif shape == "p":
        text = say(message("report.forms.p", v=value), lang)
        return text.replace("\u00a0", " ").removeprefix("p = ").removeprefix("p ")
    elif shape == "number" and isinstance(value, int):
        shape = "count"
    return say(message(f"report.forms.{shape}", v=value), lang)


def named(tables: Mapping[str, pa.Table]) -> tuple[str, ...]:
    """Name the camps of a finding in their order: a group the user declared has a name, a camp that was found a number only."""
    told = tables["camps"]["camp"].to_pylist() if "camps" in tables and "camp" in tables["camps"].column_names else []
    return tuple(str(name) for name in told) if told != [str(i + 1) for i in range(len(told))] else ()


def label(analysis: str, column: str, lang: str, names: Sequence[str] = ()) -> str:
    """Name a column for a reader; a numbered one by the name of its camp, where ``names`` has it and the analysis a text for it."""
    texts = catalogue(lang)
    stem, _, number = column.rpartition("_")
    if number.isdigit() and 0 < int(number) <= len(names) and f"{analysis}.columns.{stem}_of" in texts:
        return say(message(f"{analysis}.columns.{stem}_of", name=names[int(number) - 1]), lang)
    known = texts.get(f"{analysis}.columns.{column}") or texts.get(f"report.columns.{column}")
    return known or _UNIT_SUFFIX.sub("", column).replace("_", " ")


def absent(analysis: str, column: str, value: Any, lang: str) -> str:
    """Say what a blank cell means, where the analysis has a text for it (``absent.<column>``): an empty one reads as a fault."""
    blank = value is None or (isinstance(value, str) and not value.strip())
    return catalogue(lang).get(f"{analysis}.absent.{column}", "") if blank else ""


def value_text(analysis: str, column: str, value: str, lang: str) -> str:
    """Give the catalogue's word for a coded value, the name of a language for its code, or the value itself."""
    texts = catalogue(lang)
    if column == "language":
        return str(Locale(lang).languages.get(value, value))
    return texts.get(f"{analysis}.values.{column}.{value}") or texts.get(f"report.values.{column}.{value}") or value


def meant(column: str, row: Mapping[str, Any], table: str = "") -> str:
    """Name the column a category is a value of: the row's ``dimension``, else ``kind`` for a table ``by_kind``."""
    if column != "category":
        return column
    return str(row.get("dimension") or table.removeprefix("by_") or column)


def word(key: str, lang: str, **args: Any) -> str:
    """Say a text of the catalogue."""
    return say(message(key, **args), lang)


def cell(analysis: str, column: str, value: Any, lang: str, unit: str | None = None) -> Cell:
    """Show one value of a table."""
    if (said := sentence(value, lang)) is not None:
        return Cell(said, said.casefold())
    if isinstance(value, (list, tuple)):
        parts = [cell(analysis, column, item, lang, unit).text for item in value]
        return Cell(", ".join(parts), len(parts))
    if (at_us := dated(column, value)) is not None:
        return Cell(shown(at_us, "datetime", lang), at_us)
    if isinstance(value, str):
        text = value_text(analysis, column, value, lang)
        text = text if len(text) <= _TEXT_CAP else text[:_TEXT_CAP] + " […]"
        return Cell(text, text.casefold(), status=value if column in ("status", "verdict") and value in STATUSES else None)
    if isinstance(value, dt.datetime):
        value, column = int(value.timestamp() * 1e6), "at_us"
    if isinstance(value, (int, float)) or value is None:
        return Cell(shown(value, form(column, unit), lang), None if value is None else value)
    return Cell(str(value), str(value))


def dated(column: str, value: Any) -> int | None:
    """Read an ISO date of a column that holds dates as µs; None for any other value.

    >>> dated("at_low", "2024-08-04"), dated("text", "2024-08-04"), dated("label", "phase 2")
    (1722729600000000, None, None)
    """
    base = column.removesuffix("_low").removesuffix("_high")
    if not isinstance(value, str) or not (base in ("at", "label") or base.endswith("_at")) or not _ISO.fullmatch(value):
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()) * 1_000_000


def sentence(value: Any, lang: str) -> str | None:
    """Say a value that is a Message, or the plain form of one; None for anything else."""
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, Mapping) and set(value) == {"key", "args"}:
        return say(Message(str(value["key"]), dict(value["args"])), lang)
    return None


def is_number(value: Any) -> bool:
    """Say whether a value is set to the right."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
