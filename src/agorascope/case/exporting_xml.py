"""How does hostile text stand in an XML file? Escaped, and without the characters XML forbids, so that any reader takes it."""

import math
import re

import msgspec
import pyarrow as pa

from .exporting_masked import is_text

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._:-]|\.(?=x)")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


def clean(text: str) -> str:
    """Put the replacement character where XML and JSON allow none: control characters, lone surrogates, U+FFFE.

    >>> clean(chr(0) + "a")
    '�a'
    """
    return _FORBIDDEN.sub("\ufffd", text)


def escaped(text: str) -> str:
    """Write text as it may stand both between tags and between double quotes.

    >>> escaped(']]> & "')
    ']]&gt; &amp; &quot;'
    """
    return clean(text).translate(_ESCAPES)


def identifier(account_id: str) -> str:
    """Write an account id as the name of a node: two ids never become one, and an ordinary id stays as it is.

    GraphML allows letters, digits and ``. _ : -`` only; any other character is written as ``.xHEX.``.

    >>> identifier("12345"), identifier("ann@example.org")
    ('12345', 'ann.x40.example.org')
    """
    return _NOT_IN_NAMES.sub(lambda found: f".x{ord(found[0]):X}.", account_id) or ".x."


def kind(field: pa.DataType) -> str:
    """Name the type of a column, in words that GraphML and GEXF share."""
    if pa.types.is_boolean(field):
        return "boolean"
    if pa.types.is_integer(field):
        return "long"
    return "double" if pa.types.is_floating(field) else "string"


def written(column: pa.Array) -> list[str | None]:
    """Write each value of a column; None where there is none, or no finite number."""
    values = column.to_pylist()
    if pa.types.is_boolean(column.type):
        return [None if v is None else "true" if v else "false" for v in values]
    if pa.types.is_integer(column.type):
        return [None if v is None else str(v) for v in values]
    if pa.types.is_floating(column.type):
        return [repr(v) if v is not None and math.isfinite(v) else None for v in values]
    if is_text(column.type):
        return [None if v is None else escaped(v) for v in values]
    flat = (msgspec.json.encode(v).decode() if isinstance(v, (list, dict)) else v for v in values)
    return [None if v is None else escaped(str(v)) for v in flat]
