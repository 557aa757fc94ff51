"""Why can a record not be read? A complaint of ours, or of a decoder, as a sentence of the catalogue.

Ours are messages from the start (``BadRecord``). Those of msgspec, of the codecs, of ``csv`` and of ``datetime`` come as
English text: the ones known here become messages with their values, and any other is quoted.
"""

import re
from typing import Any

import msgspec

from agorascope.errors import BadRecord
from agorascope.texts import Message, catalogue, message

ARGUMENT_CHARS = 150
"""Length at which a value quoted in a reason is cut."""
_OURS = (msgspec.MsgspecError, UnicodeDecodeError)
_AT_PATH = re.compile(r"(?P<what>.*?) ?(?: - at `(?P<path>\$[^`]*)`)?", re.DOTALL)
# What a decoder says, and the sentence it becomes: a group is a value of it.
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`", "wrong_type"),
    (r"Expected `int` >= (?P<bound>-?\d+)", "below"),
    (r"Expected `int` <= (?P<bound>-?\d+)", "above"),
    (r"Object missing required field `(?P<field>[^`]*)`", "missing"),
    (r"Input data was truncated", "truncated"),
    (r"Invalid RFC3339 encoded datetime", "not_rfc3339"),
    (r"Invalid epoch timestamp", "invalid_epoch"),
    (r"Timestamp is out of range", "timestamp_out_of_range"),
    (r"(?:Integer value|Number) out of range", "number_out_of_range"),
    (r"JSON is malformed: (?P<why>.*) \(byte (?P<byte>\d+)\)", "malformed"),
    (r"invalid character", "json.character"),
    (r"invalid number", "json.number"),
    (r"trailing characters", "json.more"),
    (r"object keys must be strings", "json.key"),
    (r"trailing comma in array", "json.comma_in_array"),
    (r"trailing comma in object", "json.comma_in_object"),
    (r"expected ',' or '\]'", "json.end_of_array"),
    (r"expected ',' or '}'", "json.end_of_object"),
    (r"expected ':'", "json.colon"),
    (r"expected '\"'", "json.quote"),
    (r"invalid escape(?: character in string|d character)", "json.escape"),
    (r"(?:invalid character in unicode escape|unexpected end of (?:hex escape|escaped utf-16 surrogate pair)|"
     r"invalid utf-16 surrogate pair)", "json.unicode_escape"),
    (r"'(?P<encoding>[\w-]+)' codec can't decode byte (?P<byte>0x\w\w) in position (?P<place>\d+): (?P<why>.*)", "undecodable"),
    (r"'(?P<encoding>[\w-]+)' codec can't decode bytes in position (?P<place>\d+-\d+): (?P<why>.*)", "undecodable_bytes"),
    (r"invalid start byte", "codec.start"),
    (r"invalid continuation byte", "codec.continuation"),
    (r"unexpected end of data", "codec.end"),
    (r"maximum recursion depth exceeded.*", "too_deep"),
    (r"month must be in 1\.\.12.*", "clock.month"),
    (r"day .*(?:out of range|in range).* for month.*", "clock.day"),
    (r"hour must be in 0\.\.23.*", "clock.hour"),
    (r"minute must be in 0\.\.59.*", "clock.minute"),
    (r"second must be in 0\.\.59.*", "clock.second"),
    (r"year (?:-?\d+ is out of range|must be in 1\.\.9999.*)", "clock.year"),
    (r"date value out of range", "clock.date"),
    (r"offset must be a timedelta strictly between .*", "clock.offset"),
    (r"field larger than field limit \((?P<limit>\d+)\)", "csv.field"),
    (r"new-line character seen in unquoted field.*", "csv.line_end"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), key) for pattern, key in PATTERNS)


def reason(error: BaseException) -> Message:
    """Tell why a record was refused; long values are cut.

    >>> str(reason(ValueError("such is life")))
    'the reader says: ValueError: such is life'
    """
    told = _told(error)
    return Message(told.key, _cut(told.args))


def located(error: Exception, path: str) -> BadRecord:
    """Place a complaint at a JSON path: that of the value that was read, where it said none or one within that value.

    >>> str(located(msgspec.ValidationError("Expected `int`, got `str` - at `$.likes`"), "$.data"))
    'Expected `int`, got `str` - at `$.data.likes`'
    """
    told = _told(error)
    if told.key == "reasons.at":
        return BadRecord(Message(told.key, told.args | {"path": path + told.args["path"].removeprefix("$")}))
    return BadRecord(at_path(told, path))


def missing(field: str, path: str) -> BadRecord:
    """Say that an object lacks a field."""
    return BadRecord(at_path(message("reasons.missing", field=field), path))


def at_path(what: Message, path: str) -> Message:
    """Say where in the JSON something is wrong."""
    return message("reasons.at", what=msgspec.to_builtins(what), path=path)


def kind(value: object) -> dict[str, Any]:
    """Name the type of a value, as a value for a message."""
    return _type(type(value).__name__)


def inner(said: str) -> dict[str, Any]:
    """Tell what was said within a sentence, as a value for its message; it is quoted where nobody knows it."""
    told: dict[str, Any] = msgspec.to_builtins(_known(said) or message("reasons.written", text=said))
    return told


def _told(error: BaseException) -> Message:
    if isinstance(error, BadRecord):
        return error.reason
    said = str(error) or type(error).__name__
    found = _AT_PATH.fullmatch(said)
    known = _known(found["what"]) if found else None
    if found is None or known is None:
        return message("reasons.said", said=said if isinstance(error, _OURS) else f"{type(error).__name__}: {said}")
    return at_path(known, found["path"]) if found["path"] else known


def _known(said: str) -> Message | None:
    for pattern, key in _PATTERNS:
        if found := pattern.fullmatch(said):
            return Message(f"reasons.{key}", {name: _READ.get(name, str)(text) for name, text in found.groupdict().items()})
    return None


def _types(written: str) -> dict[str, Any]:
    """Read ``int | str``, which msgspec writes, as one message or the other."""
    first, _, rest = written.partition(" | ")
    return {"key": "reasons.either", "args": {"one": _type(first), "other": _types(rest)}} if rest else _type(first)


def _type(name: str) -> dict[str, Any]:
    key = f"reasons.types.{name}"
    return {"key": key, "args": {}} if key in catalogue("en") else {"key": "reasons.written", "args": {"text": name}}


def _cut(value: Any) -> Any:
    """Cut every text to its length, and keep it writable: a lone surrogate is none."""
    if isinstance(value, str):
        return value[:ARGUMENT_CHARS].encode("utf-8", "replace").decode()
    return {name: _cut(held) for name, held in value.items()} if isinstance(value, dict) else value


_READ = {"expected": _types, "got": _type, "why": inner}
