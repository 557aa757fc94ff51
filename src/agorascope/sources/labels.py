"""What else does a table say of each post? Paid for or not, its format, its topic, and what the user names.

A label is a column under ``label.NAME``: known by name (``names.LABELS``) or given so in ``--columns``.

- ``type`` serves for the kind of a post; where no value of the first rows names a kind, its values are formats.
- ``month``, ``weekday`` and ``hour`` are kept only where no column gives the time, unless the user names them.
- A cell that lists several words gives one label each; an empty cell gives none, and no cell refuses a row.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import PostLabel

from . import Sample
from .columns import bind, key, values
from .fields import NULLS, flag, text
from .names import LABELS, Aliases
from .wording import kind_said, listed

PREFIX = "label."
NAMES: Aliases = {**LABELS, f"{PREFIX}*": ""}
"""The labels known by name, and the sign that a user may name any other."""
_DATED = ("label.month", "label.weekday", "label.hour")
_MAY_BE_FORMATS = frozenset(("type", "posttype", "messagetype", "typedepost"))
_CLOCKS = frozenset(("time", "heure"))
_HOUR = re.compile(r"\s*(?:[01]?\d|2[0-4])(?:\.0)?\s*[hH]?\s*")
_ORIGINAL = frozenset(("original", "originals", "tweet", "toot", "post", "message", "publication", "o"))
_PAID = frozenset(("paid", "sponsored", "promoted", "boosted", "ad", "payant", "payé", "sponsorisé", "promu", "boosté"))
_UNPAID = frozenset(("unpaid", "organic", "not paid", "non payant", "gratuit", "organique", "naturel"))

Read = Callable[[Any], Sequence[str]]
Label = tuple[str, int, Read]


def with_labels(sample: Sample, at: Mapping[str, int]) -> dict[str, int]:
    """Add the columns a user names as labels to those read, and leave out labels that say what is read otherwise."""
    chosen = dict(at)
    said = {name for name in sample.columns if name.startswith(PREFIX)}
    chosen |= bind(sample, dict.fromkeys(said, ""))
    written = {name: key(sample.header[i]) for name, i in chosen.items() if i < len(sample.header)}
    if (written.get("created_at") in _CLOCKS and "label.hour" not in chosen
            and "created_at" not in sample.columns and _are_hours(sample, chosen["created_at"])):  # fmt: skip
        chosen["label.hour"] = chosen.pop("created_at")
    if "created_at" in chosen:
        for name in _DATED:
            if name not in said:
                chosen.pop(name, None)
    if "label.format" not in chosen and "kind" not in sample.columns and written.get("kind") in _MAY_BE_FORMATS:
        found = values(sample, chosen["kind"])
        if found and not any(_names_kind(v) for v in found):
            chosen["label.format"] = chosen.pop("kind")
    return chosen


def kind_too(sample: Sample, at: Mapping[str, int]) -> dict[str, int]:
    """Give the column of formats as that of kinds as well, where it came from there: a later row may name a kind."""
    place = at.get("label.format", len(sample.header))
    mixed = "kind" not in at and "label.format" not in sample.columns and place < len(sample.header)
    return {"kind": place} if mixed and key(sample.header[place]) in _MAY_BE_FORMATS else {}


def labels(at: Mapping[str, int]) -> tuple[Label, ...]:
    """Give the labels of a table: name, position, and how a cell is read. Empty for a table without labels."""
    kind = at.get("kind")
    found = ((name.removeprefix(PREFIX).strip(), i) for name, i in at.items() if name.startswith(PREFIX))
    return tuple((name, i, _paid if name == "paid" else _format if i == kind else _words) for name, i in sorted(found))


def post_labels(of: Sequence[Label], row: Sequence[Any], platform: str, post_id: str) -> list[PostLabel]:
    """Read the labels of one row. Cost O(labels)."""
    return [PostLabel(platform, post_id, name, value) for name, i, read in of for value in read(row[i])]


def _words(value: Any) -> Sequence[str]:
    if value is None or isinstance(value, dict):
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(dict.fromkeys(listed([v for v in value if isinstance(v, str | int | float)])))
    try:
        said = text(value)
    except BadRecord:
        said = str(value)
    return (said,) if said and said.lower() not in NULLS else ()


def _paid(value: Any) -> Sequence[str]:
    return tuple(_yes_or_no(said) for said in _words(value))


def _yes_or_no(said: str) -> str:
    yes, low = flag(said), said.lower()
    if yes is None and (low in _PAID or low in _UNPAID):
        yes = low in _PAID
    return said if yes is None else "1" if yes else "0"


def _format(value: Any) -> Sequence[str]:
    return () if _names_kind(value) else _words(value)


def _names_kind(value: Any) -> bool:
    return kind_said(value) is not None or str(value).strip().lower() in _ORIGINAL


def _are_hours(sample: Sample, position: int) -> bool:
    found = values(sample, position)
    return bool(found) and all(_HOUR.fullmatch(str(v)) for v in found)
