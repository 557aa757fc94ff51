"""How is one cell read? Texts, counts, times and identifiers as files write them, in one canonical form.

Every reader takes a cell of a table or a value of JSON (text or a scalar), gives None where nothing is said, and
raises BadRecord where something is said that cannot be understood. Nothing is guessed in silence.

Limits: a time without a zone is taken as UTC, and ``3/4/2024`` month first, unless told otherwise; ``12.000`` is
refused as a count, since it is twelve here and twelve thousand there.
"""

import html
import math
import re
import unicodedata
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from agorascope.errors import BadRecord
from agorascope.sources.reasons import kind
from agorascope.texts import message

from .times import US_PER_DAY, written_us

NULLS = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "–", "—", "\\n", "<na>", "nat"})
MAX_COUNT = (1 << 63) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_US = -2_208_988_800_000_000  # 1900-01-01
_LAST_US = 7_258_118_400_000_000  # 2200-01-01
_GROUPED = re.compile(r"[+]?\d{1,3}(?:([,'’\s])\d{3})(?:\1\d{3})*(?:[.]0+)?")
_COMMA = re.compile(r"(\d+|\d{1,3}(?:([.'’\s])\d{3})(?:\2\d{3})*),0{1,2}")
_UNSAID = frozenset({"nc", "n.c.", "n. c.", "nd", "n.d.", "n. d.", "non communiqué", "non disponible"})
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_AMBIGUOUS = re.compile(r"\d{1,3}\.\d{3}")
_SHORT = re.compile(r"(\d+)(?:[.,](\d{1,2}))?\s*(k|K|M|Md|B)")
_SHORT_FOR = {"k": 1_000, "K": 1_000, "M": 1_000_000, "Md": 1_000_000_000, "B": 1_000_000_000}
_ROUNDED = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_SERIALS = (25_569, 73_051)
"""Days since 1900 by which a spreadsheet counts: 1970 to 2099."""
_BREAK = re.compile(r"(?i)<br\s*/?>|</p>\s*<p[^>]*>|</li>\s*<li[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def text(value: Any) -> str | None:
    """Give a cell as stripped text; None for an empty one. Raises BadRecord for a list or an object.

    >>> text("  Bonjour "), text(" "), text(12.0)
    ('Bonjour', None, '12')
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return None if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    raise BadRecord(message("reasons.not_a_text", seen=_shown(value), kind=kind(value)))


def called(value: Any) -> str | None:
    r"""Give the name of a group or a category as text, each letter with its accents as one character where there is one (NFC).

    One file has `Âge` typed in one way and the next in another; they look the same and are the same group.

    >>> called(" A\u0302ge ") == "Âge"
    True
    """
    found = text(value)
    return found if found is None else unicodedata.normalize("NFC", found)


def ident(value: Any) -> str | None:
    """Give an identifier as text; None for an empty one. Raises BadRecord for one a spreadsheet has rounded.

    >>> ident("at://did:plc:a/b/c"), ident("NA")
    ('at://did:plc:a/b/c', None)
    """
    found = text(value)
    if found is None or found.lower() in NULLS:
        return None
    if "+" in found and _ROUNDED.fullmatch(found):
        raise BadRecord(message("reasons.rounded_id", seen=found))
    return found


def count(value: Any) -> int | None:
    """Read a whole number, 0 or more; None where it is hidden or not given. Raises BadRecord for anything else.

    >>> count("1,234"), count("1 234"), count("12.0"), count("1 234,00"), count("1,2 k"), count("NA"), count("n.c.")
    (1234, 1234, 12, 1234, 1200, None, None)
    """
    if value is None:
        return None
    if isinstance(value, str):
        if value.isdigit() and value.isascii():
            found = int(value) if len(value) < 20 else MAX_COUNT + 1
        else:
            written = _written_count(value)
            if written is None:
                return None
            found = written
    elif isinstance(value, bool):
        raise BadRecord(message("reasons.not_a_count", seen=str(value)))
    elif isinstance(value, int):
        found = value
    elif isinstance(value, float):
        if math.isnan(value):
            return None
        found = _whole(value, value)
    else:
        raise BadRecord(message("reasons.not_a_count", seen=_shown(value)))
    if not 0 <= found <= MAX_COUNT:
        raise BadRecord(message("reasons.count_out_of_range", seen=_shown(value)))
    return found


def number(value: Any) -> float | None:
    """Read a finite number; None where it is not given. Raises BadRecord for anything else.

    >>> number("1,234.5"), number("3,5"), number("-2"), number("")
    (1234.5, 3.5, -2.0, None)
    """
    if value is None:
        return None
    if isinstance(value, str):
        written = "".join(value.split())
        if written.lower() in NULLS:
            return None
        if "," in written:
            written = (
                written.replace(",", "") if _GROUPED.match(written.lstrip("-")) or "." in written else written.replace(",", ".")
            )
        try:
            found = float(written.rstrip("%")) / (100 if written.endswith("%") else 1)
        except ValueError:
            raise BadRecord(message("reasons.not_a_number", seen=_shown(value))) from None
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if isinstance(value, float) and math.isnan(value):
            return None
        try:
            found = float(value)
        except OverflowError:
            raise BadRecord(message("reasons.too_large", seen=_shown(value))) from None
    else:
        raise BadRecord(message("reasons.not_a_number", seen=_shown(value)))
    if not math.isfinite(found):
        raise BadRecord(message("reasons.not_finite", seen=_shown(value)))
    return found


def flag(value: Any) -> bool | None:
    """Read yes or no, in French or English; None where neither is said.

    >>> flag("True"), flag("non"), flag("1"), flag("")
    (True, False, True, None)
    """
    if isinstance(value, bool) or value is None:
        return value
    said = str(value).strip().lower()
    if said in ("true", "1", "1.0", "yes", "y", "t", "oui", "vrai", "o"):
        return True
    return False if said in ("false", "0", "0.0", "no", "n", "f", "non", "faux") else None


def time_us(value: Any, *, day_first: bool = False, zone: tzinfo = UTC) -> int | None:
    """Read a time as µs UTC: ISO 8601, epoch in s, ms, µs or ns, or as platforms and spreadsheets write it.

    A time without a zone is one of ``zone``; epoch 0 means not given. Raises BadRecord for anything else, and for
    years before 1900 or after 2200.

    >>> time_us("2009-01-07T04:38:02Z") == time_us("Wed Jan 07 04:38:02 +0000 2009") == time_us("1231303082")
    True
    """
    if value is None:
        return None
    if isinstance(value, str):
        if "-" in value and value[0] in "12":
            try:
                return _datetime_us(datetime.fromisoformat(value), zone, value)
            except ValueError:
                pass
        return _written_time(value, day_first, zone)
    if isinstance(value, datetime):
        return _datetime_us(value, zone, value)
    if isinstance(value, date):
        return _datetime_us(datetime(value.year, value.month, value.day), zone, value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _epoch_us(value)
    raise BadRecord(message("reasons.not_a_time", seen=_shown(value)))


def strip_html(content: str | None) -> str | None:
    r"""Turn a post's HTML into plain text: breaks and paragraphs become line ends, entities their characters.

    >>> strip_html("<p>L&#39;eau<br>chaude</p><p><a href='x'>#tag</a></p>")
    "L'eau\nchaude\n#tag"
    """
    if content is None:
        return None
    if "<" in content:
        content = _TAG.sub("", _BREAK.sub("\n", content))
    return (html.unescape(content) if "&" in content else content).strip() or None


def _written_count(value: str) -> int | None:
    if (written := value.strip()).lower() in NULLS or written.lower() in _UNSAID:
        return None
    if decimal := _COMMA.fullmatch(written):
        return int(re.sub(r"\D", "", decimal[1])[:20])
    if _GROUPED.fullmatch(written):
        return int(re.sub(r"\D", "", written.partition(".")[0])[:20])
    if _DOTTED.fullmatch(written):
        return int(written.replace(".", "")[:20])
    if short := _SHORT.fullmatch(written):
        return int(f"{short[1]}{short[2] or '':0<2}"[:20]) * _SHORT_FOR[short[3]] // 100
    if _AMBIGUOUS.fullmatch(written):
        raise BadRecord(message("reasons.two_counts", seen=written, one=written.partition(".")[0], other=written.replace(".", "")))
    try:
        return _whole(float(written), value)
    except ValueError:
        raise BadRecord(message("reasons.not_a_count", seen=_shown(value))) from None


def _whole(found: float, value: object) -> int:
    if not found.is_integer():
        raise BadRecord(message("reasons.not_whole", seen=_shown(value)))
    return int(found)


@lru_cache(maxsize=1 << 14)
def _written_time(value: str, day_first: bool, zone: tzinfo) -> int | None:
    written = value.strip()
    if written.lower() in NULLS:
        return None
    if _SERIAL.fullmatch(written):
        return _epoch_us(float(written.replace(",", ".")), written)
    if written.replace(".", "", 1).isdigit() and written.isascii() and not (len(written) == 8 and written[:2] in ("19", "20")):
        return _epoch_us(float(written) if "." in written else int(written[:25]))
    try:
        return _datetime_us(datetime.fromisoformat(written), zone, value)
    except ValueError:
        pass
    return _in_range(written_us(written, day_first=day_first, zone=zone), value)


def _datetime_us(moment: datetime, zone: tzinfo, value: object) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        since = moment - _EPOCH
    except OverflowError:
        raise BadRecord(message("reasons.time_too_far", seen=_shown(value))) from None
    return _in_range(since.days * US_PER_DAY + since.seconds * 1_000_000 + since.microseconds, value)


def _epoch_us(value: float, written: str = "") -> int | None:
    if value == 0 or value != value:
        return None
    for low, high, scale in ((1e8, 1e11, 1_000_000), (1e11, 1e14, 1000), (1e14, 1e17, 1)):
        if low <= value < high:
            return _in_range(round(value * scale), value)
    if 1e17 <= value < 1e19:
        return _in_range(int(value) // 1000, value)
    shown = written or _shown(value)
    if _SERIALS[0] <= value < _SERIALS[1]:
        raise BadRecord(message("reasons.spreadsheet_serial", seen=shown))
    raise BadRecord(message("reasons.not_an_epoch", seen=shown))


def _in_range(found: int, value: object) -> int:
    if not _FIRST_US <= found <= _LAST_US:
        raise BadRecord(message("reasons.time_out_of_range", seen=_shown(value)))
    return found


def _shown(value: object) -> str:
    return repr(value)[:60]
