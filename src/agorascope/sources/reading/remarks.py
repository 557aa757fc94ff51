"""What should a person know of how a file was read? Columns used and left out, the order of dates, the zone of times."""

import re
from datetime import datetime
from typing import Any

from agorascope.sources import Sample, source
from agorascope.sources.columns import key, values
from agorascope.sources.posting.carried import spaces_between
from agorascope.sources.used import columns_used, time_positions
from agorascope.sources.wording import spaced
from agorascope.texts import Message, message

from .lookalikes import lookalikes
from .probe import Plan

SHOWN = 30
EXAMPLE_CHARS = 60
_CLOCK = re.compile(r"\d[:hH]\d{2}")
_ZONED = re.compile(r"(?i)[:h]\d{2}(?:[.,]\d+)?\s*(?:[ap]\.?\s?m\.?\s*)?(?:(?:gmt|utc)?[+-]\d{2}|(?![ap]\.?\s?m)[a-z]{1,4}\b)")


def remarks(plan: Plan) -> list[Message]:
    """List what was taken for what in a table, and every choice made for the user; nothing for JSON of one platform.

    Reads only the plan: no file is opened.
    """
    sample = plan.sample
    if sample.container != "table":
        return []
    used = columns_used(sample, plan.source)
    said = lookalikes(sample, plan.source)
    said += [message("sources.used", names=_cut([f"{name} ← {column}" for name, column in used.items()]))]
    taken = set(used.values())
    rest = [name for name in sample.header if name not in taken]
    if rest:
        said.append(message("sources.not_used", names=_cut(rest)))
    if plan.dates is not None:
        order = "day_first" if plan.dates.day_first else "month_first"
        said.append(message(f"sources.{order}" if plan.dates.proved else f"sources.{order}_chosen", example=plan.dates.example))
    said += _spaced(plan)
    said += getattr(source(plan.source), "told", _nothing)(sample)
    if "timezone" not in sample.constants and (unzoned := _unzoned(plan)):
        said.append(message("sources.no_zone", columns=unzoned))
    return said


def _spaced(plan: Plan) -> list[Message]:
    """Say what was made of cells whose words have spaces and nothing else between them, once for each column with such cells."""
    sample, used = plan.sample, columns_used(plan.sample, plan.source)
    said = []
    at: dict[str, int] = {name: sample.header.index(used[name]) for name in ("hashtags", "mentions") if name in used}
    for name, position in at.items():
        found = [cell for cell in values(sample, position) if spaced(cell)]
        if found and "spaces" not in sample.constants:
            between = spaces_between(sample, at, name)
            told = {"column": used[name], "n": len(found), "rows": len(sample.rows), "example": found[0].strip()[:EXAMPLE_CHARS]}
            said.append(message(f"sources.spaces_{'between' if between else 'within'}.{name}", **told))
    return said


def _nothing(_: Sample) -> list[Message]:
    return []


def _cut(names: list[str]) -> list[str]:
    """Keep a list readable: its beginning, and how many more there are."""
    return names if len(names) <= SHOWN else [*names[:SHOWN], f"… (+{len(names) - SHOWN})"]


def _unzoned(plan: Plan) -> list[str]:
    """List the columns with a time of day without a zone among the first rows; a column named after UTC has one.

    A clock in a column of its own never has a zone: none is read there. No question asks when an account was made: left out.
    """
    sample = plan.sample
    used = columns_used(sample, plan.source)
    found = []
    if "clock" in used and not any("utc" in key(used[name]) for name in ("clock", "created_at")):
        found.append(used["clock"])
    for position in time_positions(sample, plan.source):
        name = sample.header[position]
        if "utc" in key(name) or name in found or name == used.get("account_created_at"):
            continue
        if any(_is_unzoned(cell) for cell in values(sample, position)):
            found.append(name)
    return found


def _is_unzoned(cell: Any) -> bool:
    if isinstance(cell, datetime):
        return cell.tzinfo is None
    return isinstance(cell, str) and bool(_CLOCK.search(cell)) and not _ZONED.search(cell)
