"""What does a person read? One catalogue, French and English; every sentence of a finding is a key with arguments.

``texts/en/*.toml`` and ``texts/fr/*.toml`` hold the same keys: one file per analysis (its key prefix is the file's
name) and ``report.toml``, ``sources.toml``... for the rest. A template writes ``{name:format}``; formats are:

=============  ==========================================  ==============  =================
format         value                                       English         French
=============  ==========================================  ==============  =================
(none)         text, as it is                              Reddit          Reddit
count          whole number                                56,184          56 184
number         number, 3 significant digits                5.75            5,75
ratio          ratio, with times sign                      ×1.58           ×1,58
percent        share 0..1                                  39.2%           39,2 %
p              p-value, never 0                            p = 0.012       p = 0,012
date           µs UTC                                      14 July 2024    14 juillet 2024
datetime       µs UTC                                      14 July 2024, 18:00 UTC
duration       seconds                                     2.5 days        2,5 jours
list           list of texts                               a, b and c      a, b et c
any            list of texts                               a, b, or c      a, b ou c
tables         list of tables, ``posts + groups``          a, or b with c  a ou b avec c
key            another key of the catalogue
keys           list of other keys                          a, b and c      a, b et c
message        another message: its key and its values
messages       list of other messages                      a, b and c      a, b et c
one|many       whole number: chooses the word, no number   post|posts      message|messages
=============  ==========================================  ==============  =================

Example::

    >>> say(message("report.posts", n=2), "en")
    '2 posts'
"""

import functools
import math
import re
import tomllib
from importlib import resources
from typing import Any

import msgspec
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, format_scientific

LANGUAGES = ("en", "fr")
_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


class Message(msgspec.Struct, frozen=True):
    """Name a sentence of the catalogue and the values it speaks of."""

    key: str
    args: dict[str, Any] = {}

    def __str__(self) -> str:
        """Say it in English."""
        return say(self, "en")


def message(key: str, /, **args: Any) -> Message:
    """Make a message from a key of the catalogue and its values (plain JSON types only)."""
    return Message(key, args)


@functools.cache
def catalogue(lang: str) -> dict[str, str]:
    """Load every text of one language as flat ``file.section.key -> template``."""
    folder = resources.files(__package__) / lang
    texts: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _flatten(tomllib.loads(file.read_text("utf-8")), file.name.removesuffix(".toml"), texts)
    return texts


def say(text: Message, lang: str) -> str:
    """Render a message in one language.

    Raises KeyError when the catalogue lacks the key or the message lacks a value: a fault of ours, caught by tests.
    """
    template = catalogue(lang)[text.key]
    return _FIELD.sub(lambda m: _format(text.args[m[1]], m[2] or "", lang), template)


def beginning(text: str, chars: int) -> str:
    """Give at most ``chars`` characters of what somebody wrote, cut between words unless that leaves less than half of them.

    >>> beginning("A bus every  ten minutes", 14), beginning("https://example.org/a", 14), beginning("No  cut", 14)
    ('A bus every…', 'https://examp…', 'No cut')
    """
    whole = " ".join(text.split())
    if len(whole) <= chars:
        return whole
    words = whole[:chars].rpartition(" ")[0]
    return (words if len(words) >= chars / 2 else whole[: chars - 1]) + "…"


def _flatten(node: dict[str, Any], prefix: str, into: dict[str, str]) -> None:
    for key, value in node.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}.{key}", into)
        else:
            into[f"{prefix}.{key}"] = value


def _format(value: Any, form: str, lang: str) -> str:
    if "|" in form:
        one, many = form.split("|", 1)
        singular = abs(value) < 2 if lang == "fr" else value == 1
        return one if singular else many
    if form == "any":
        return format_list([str(v) for v in value], style="or", locale=lang)
    if form == "list":
        return format_list([str(v) for v in value], locale=lang)
    if form == "tables":
        return format_list([_together(names, lang) for names in value], style="or", locale=lang)
    if form == "key":
        return catalogue(lang)[value]
    if form == "keys":
        return format_list([catalogue(lang)[name] for name in value], locale=lang)
    if form == "messages":
        return format_list([say(msgspec.convert(one, Message), lang) for one in value], locale=lang)
    if form == "message":
        return say(msgspec.convert(value, Message), lang)
    if value is None:
        return "–"
    return str(value) if not form else _FORMATS[form](value, lang)


def _together(names: str, lang: str) -> str:
    """Name tables that are needed together in the reader's words; one nobody has a word for keeps its own name.

    >>> _together("posts + groups", "en")
    'posts with group memberships'
    """
    texts = catalogue(lang)
    said = [texts.get(f"report.values.table.{name}", name) for name in names.split(" + ")]
    return f" {texts['report.excluded.beside']} ".join(said)


def _number(value: float, lang: str) -> str:
    r"""Write a number, however large: the decimals behind the formats hold 28 digits.

    >>> _number(326229171.4, "en"), _number(1e40, "en"), _number(float("inf"), "en")
    ('326,229,171', '1E40', '–')
    >>> _number(-2.61, "fr")
    '\u22122,61'
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 1e15:
        return _minus(format_scientific(float(f"{value:.3g}"), "0.##E0", locale=lang))
    rounded = round(value) if abs(value) >= 100 else float(f"{value:.3g}")
    return _minus(format_decimal(rounded, "#,##0.######", locale=lang))


def _minus(text: str) -> str:
    """Write a negative number with the minus sign, which no hyphen is."""
    return text.replace("-", "\u2212")


def _count(value: float, lang: str) -> str:
    return _minus(format_decimal(round(value), "#,##0", locale=lang)) if abs(value) < 1e15 else _number(value, lang)


def _percent(value: float, lang: str) -> str:
    """Write a share with one decimal; one that this would make 0 keeps its first digit, since it is not nothing."""
    decimals = max(1, math.ceil(-math.log10(abs(value))) - 2) if 1e-9 <= abs(value) <= 0.0005 else 1
    sign = "\u202f%" if lang == "fr" else "%"
    return _minus(format_percent(value, f"#,##0.{'#' * decimals}{sign}", locale=lang))


def _p(value: float, lang: str) -> str:
    said = f"p < {_number(0.001, lang)}" if value < 0.001 else f"p = {_number(float(f'{value:.2g}'), lang)}"
    return _unbroken(said, lang)


def _date(value: int, lang: str) -> str:
    return _first(format_date(_utc(value).date(), "long" if lang == "fr" else "d MMMM y", locale=lang), lang)


def _datetime(value: int, lang: str) -> str:
    return _first(format_datetime(_utc(value), "d MMMM y, HH:mm", locale=lang), lang) + " UTC"


def _first(date: str, lang: str) -> str:
    """Write the first of a month as French does: 1er mars."""
    return f"1er {date[2:]}" if lang == "fr" and date.startswith("1 ") else date


def _unbroken(text: str, lang: str) -> str:
    """Keep a number and its unit on one line, as French typography asks."""
    return text.replace(" ", "\u00a0") if lang == "fr" else text


def _utc(value: int) -> Any:
    from datetime import UTC, datetime, timedelta

    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)


_UNITS = {
    "en": (("second", "seconds"), ("minute", "minutes"), ("hour", "hours"), ("day", "days")),
    "fr": (("seconde", "secondes"), ("minute", "minutes"), ("heure", "heures"), ("jour", "jours")),
}


def _duration(value: float, lang: str) -> str:
    for scale, names in zip((86400, 3600, 60, 1), reversed(_UNITS[lang]), strict=True):
        if abs(value) >= scale or scale == 1:
            amount = value / scale
            plural = abs(amount) >= 2 if lang == "fr" else amount != 1
            return _unbroken(f"{_number(amount, lang)} {names[1] if plural else names[0]}", lang)
    raise AssertionError("unreachable")


_FORMATS = {
    "count": _count,
    "number": _number,
    "ratio": lambda v, lang: "×" + _number(v, lang),
    "percent": _percent,
    "p": _p,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
}
