"""How do platforms and spreadsheets write a time? Everything but ISO 8601 and epochs, in French and in English.

Source: shapes seen in the exports named in ``docs/sources``; zone abbreviations that mean two zones are refused.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from agorascope.errors import BadRecord
from agorascope.sources.reasons import inner
from agorascope.texts import message

US_PER_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier", "feb february fev févr février fevrier fevr", "mar march mars", "apr april avr avril",
            "may mai", "jun june juin", "jul july juil juillet", "aug august aou août aout", "sep september sept septembre",
            "oct october octobre", "nov november novembre", "dec december déc décembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "wib": 7, "jst": 9,
    "aest": 10, "aedt": 11, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_CLOCK = r"(?P<h>\d{1,2})[:hH](?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
_ZONE = r"(?:\s*(?P<zone>[A-Za-z]{1,4}|(?:GMT|UTC)?[+-]\d{2}:?\d{2}))?"
_THEN = rf"(?:(?:[T,]|\s|\bat\b|à|-)*\s*{_CLOCK}{_ZONE})?"
_NUMERIC = re.compile(rf"(?P<a>\d{{1,4}})(?P<sep>[/.\-])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{1,4}}){_THEN}")
_CTIME = re.compile(rf"[A-Za-z]{{3}} (?P<month>[A-Za-z]{{3}}) +(?P<day>\d{{1,2}}) {_CLOCK}{_ZONE} (?P<year>\d{{4}})")
_DAY_NAMED = re.compile(
    rf"(?:\w+\.?,?\s+)?(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?[\s\-]+(?P<month>[^\W\d]+)\.?,?[\s\-]+(?P<year>\d{{4}}){_THEN}"
)
_NAMED_DAY = re.compile(rf"(?:\w+,\s+)?(?P<month>[^\W\d]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_THEN}")
_NAMED = (_CTIME, _DAY_NAMED, _NAMED_DAY)
_ORDER = re.compile(r"\s*(\d{1,2})([/.\-])(\d{1,2})\2\d{2,4}\b")


def written_us(written: str, *, day_first: bool = False, zone: tzinfo = UTC) -> int:
    """Read a time written for people as µs UTC: a numeric date in either order, or a month's name.

    Raises BadRecord for anything else.

    >>> written_us("10/23/17 12:30") == written_us("23 octobre 2017 à 12h30")
    True
    """
    for pattern in _NAMED:
        if (found := pattern.fullmatch(written)) and (month := _MONTHS.get(found["month"].lower())):
            return _moment_us(written, int(found["year"]), month, int(found["day"]), found, zone)
    found = _NUMERIC.fullmatch(written)
    if found is None:
        raise BadRecord(message("reasons.not_a_time", seen=repr(written[:60])))
    first, second, third = found["a"], int(found["b"]), found["c"]
    if len(first) == 4:
        return _moment_us(written, int(first), second, int(third), found, zone)
    if len(first) > 2 or len(third) not in (2, 4):
        raise BadRecord(message("reasons.not_a_time", seen=repr(written[:60])))
    year = int(third) + (0 if len(third) == 4 else 2000 if int(third) < 70 else 1900)
    day, month = (int(first), second) if day_first else (second, int(first))
    if month > 12:
        if not 1 <= day <= 12 or month > monthrange(year, day)[1]:  # nor is it one the other way round
            raise BadRecord(message("reasons.not_a_time", seen=repr(written[:60])))
        order, other = ("day", "mdy") if day_first else ("month", "dmy")
        raise BadRecord(message(f"reasons.not_{order}_first", seen=repr(written[:60]), other=other))
    return _moment_us(written, year, month, day, found, zone)


def day_first(values: Iterable[object]) -> bool | None:
    """Say whether numeric dates have the day first, from a file's first values; None where they do not tell.

    >>> day_first(["3/4/2024", "25/4/2024"]), day_first(["3/4/2024"]), day_first(["03.04.2024"])
    (True, None, True)
    """
    for value in values:
        found = _ORDER.match(value) if isinstance(value, str) else None
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 or second > 12 or found[2] == ".":
            return first > 12 or second <= 12
    return None


def _moment_us(written: str, year: int, month: int, day: int, found: re.Match[str], zone: tzinfo) -> int:
    hour, minute, second = (int(found[part] or 0) for part in ("h", "m", "s"))
    if half := found["half"]:
        if not 1 <= hour <= 12:
            raise BadRecord(message("reasons.not_a_time", seen=repr(written[:60])))
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    fraction = int((found["f"] or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(year, month, day, hour, minute, second, fraction, tzinfo=_zone(found["zone"], zone))
        since = moment - _EPOCH
    except (ValueError, OverflowError) as error:
        raise BadRecord(message("reasons.no_such_time", seen=repr(written[:60]), why=inner(str(error)))) from None
    return since.days * US_PER_DAY + since.seconds * 1_000_000 + since.microseconds


def _zone(name: str | None, zone: tzinfo) -> tzinfo:
    if name is None:
        return zone
    if name[-1].isdigit():
        sign, digits = (-1 if "-" in name else 1), re.sub(r"\D", "", name)
        return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    if name.lower() not in _HOURS:
        raise BadRecord(message("reasons.unknown_zone", seen=repr(name)))
    return timezone(timedelta(hours=_HOURS[name.lower()]))
