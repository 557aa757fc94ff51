"""Which period does a row of a panel speak of? Its start and its length, from the column's name and its values."""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from agorascope.errors import BadRecord, BadValue
from agorascope.texts import message

from . import Sample
from .columns import dates, key, times
from .fields import text, time_us
from .names import Aliases
from .times import US_PER_DAY

US_PER_HOUR = US_PER_DAY // 24
US_PER_WEEK = 7 * US_PER_DAY
PERIOD: Aliases = {
    "week_ending": "weekend endofweek finsemaine semainefinissant",
    "week": "weekstart weekstarting weekof semaine debutsemaine",
    "month": "monthstart mois",
    "day": "jour",
    "hour": "heure",
    "period_start": "period periodstartdate debut debutperiode",
    "status_published": "",
    "date": "dateutc datedujour",
}
_LENGTHS = {"hour": US_PER_HOUR, "day": US_PER_DAY, "week": US_PER_WEEK, "week_ending": US_PER_WEEK}
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")

Period = Callable[[Any], tuple[int, int]]


def period_reader(sample: Sample, name: str, position: int) -> Period:
    """Bind to a period's column; return the function that gives start and length in µs, month by calendar.

    A column of dates is daily, weekly or monthly as the sample's dates follow each other, or as the constant
    ``period`` says (``hour``, ``day``, ``week``, ``month``). Raises BadValue for another word.
    """
    unit = sample.constants.get("period") or _unit(sample, name, position)
    if unit not in ("hour", "day", "week", "week_ending", "month"):
        raise BadValue(f"period is {unit!r}; use hour, day, week, week_ending or month")
    day_first, zone = dates(sample, position)
    length = _LENGTHS.get(unit, 0)
    before = US_PER_WEEK - US_PER_DAY if unit == "week_ending" else 0

    def read(value: Any) -> tuple[int, int]:
        if unit == "month":
            return _month(value, day_first)
        at = time_us(value, day_first=day_first, zone=zone)
        if at is None:
            raise BadRecord(message("reasons.period_missing"))
        return at - before, length

    return read


def is_period(sample: Sample, name: str, position: int) -> bool:
    """Say whether a column holds periods: named so, or dates at midnight of their zone (an hour's shift is daylight saving)."""
    if name == "month":
        return True
    found = times(sample, position)
    seen = sum(1 for row in sample.rows if position < len(row) and text(row[position]))
    step = US_PER_HOUR if name == "hour" else US_PER_DAY
    first = min(found, default=0) % US_PER_DAY if "timezone" in sample.constants else 0
    return len(found) == seen > 0 and all((us - first) % step in (0, US_PER_HOUR, step - US_PER_HOUR) for us in found)


def _unit(sample: Sample, name: str, position: int) -> str:
    if name in ("month", "day", "hour", "week", "week_ending"):
        return name
    written = key(sample.header[position])
    moments = sorted(set(times(sample, position)))
    gaps = [b - a for a, b in pairwise(moments)]
    if len(gaps) < 2:
        return "week" if written == "statuspublished" else "day"
    least = min(gaps)
    if least >= 28 * US_PER_DAY:
        return "month"
    return "week" if least % US_PER_WEEK == 0 else "day" if least >= US_PER_DAY else "hour"


def _month(value: Any, day_first: bool) -> tuple[int, int]:
    written = text(value) or ""
    if found := _MONTH.fullmatch(written):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
    else:
        at = time_us(value, day_first=day_first)
        if at is None:
            raise BadRecord(message("reasons.month_missing"))
        moment = datetime.fromtimestamp(at // 1_000_000, UTC)
        year, month = moment.year, moment.month
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        raise BadRecord(message("reasons.not_a_month", seen=repr(written[:40])))
    start = time_us(datetime(year, month, 1, tzinfo=UTC))
    assert start is not None
    return start, calendar.monthrange(year, month)[1] * US_PER_DAY
