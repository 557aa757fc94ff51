"""Is this a file of another kind: a workbook, an archive, a database, a picture? Told by its first bytes, never by its name."""

import re

_ADVICE = {
    "workbook": "save the sheet as CSV (UTF-8) and add that",
    "document": "save its table or text as CSV (UTF-8) and add that",
    "archive": "unpack it and add the files in it",
    "packed": "unpack it, or pack it with gzip or zstd, and add that",
    "database": "export the table of posts as CSV, JSON lines or Parquet and add that",
    "frame": "write it as CSV or Parquet and add that",
    "picture": "add the file of the posts themselves",
    "page": "fetch the data themselves as CSV or JSON and add that",
}
_STARTS: dict[bytes, tuple[str, str]] = {
    b"%PDF-": ("a PDF document", "document"),
    b"{\\rtf": ("an RTF document", "document"),
    b"\x89PNG\r\n\x1a\n": ("a PNG picture", "picture"),
    b"\xff\xd8\xff": ("a JPEG picture", "picture"),
    b"GIF87a": ("a GIF picture", "picture"),
    b"GIF89a": ("a GIF picture", "picture"),
    b"SQLite format 3\0": ("an SQLite database", "database"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "frame"),
    b"ARROW1\0\0": ("an Arrow (Feather) file", "frame"),
    b"RDX2\n": ("an R data file", "frame"),
    b"RDX3\n": ("an R data file", "frame"),
    b"$FL2@(#)": ("an SPSS file", "frame"),
    b"<stata_dta>": ("a Stata file", "frame"),
    b"Obj\x01": ("an Avro file", "frame"),
    b"ORC": ("an ORC file", "frame"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "archive"),
    b"Rar!\x1a\x07": ("a RAR archive", "archive"),
    b"BZh": ("a bzip2 file", "packed"),
    b"\xfd7zXZ\0": ("an xz file", "packed"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = re.compile(rb"PK\x03\x04.{22}(.)(.)..", re.DOTALL)
_OFFICE = re.compile(rb"\[Content_Types\]\.xml|_rels/|docProps/|xl/|word/|ppt/")
_OPEN = b"application/vnd.oasis.opendocument."


def refusal(name: str, start: bytes) -> str | None:
    """Say in one line what a file is and what to do, if its first (unpacked) bytes tell that it holds no table and no JSON.

    >>> refusal("a.pdf", b"%PDF-1.7")
    'a.pdf is a PDF document, not a table or JSON; save its table or text as CSV (UTF-8) and add that'
    >>> refusal("a.csv", b"id,text")
    """
    found = _kind(name, start)
    if found is None:
        return None
    kind, advice = found
    return f"{name} is {kind}{'' if advice == 'workbook' else ', not a table or JSON'}; {_ADVICE[advice]}"


def _kind(name: str, start: bytes) -> tuple[str, str] | None:
    if start.startswith(b"PK\x03\x04"):
        return _zipped(start)
    if start.startswith(b"PK\x05\x06"):
        return "an empty zip archive", "archive"
    if start.startswith(_OLE):
        # Every old Office file begins so; a part of a workbook is called Workbook, in UTF-16.
        sheet = name.casefold().endswith((".xls", ".xlsx", ".xlt")) or "Workbook".encode("utf-16-le") in start
        return ("an Excel workbook", "workbook") if sheet else ("an Office document of before 2007, or a protected one", "document")
    if start[257:262] == b"ustar" and b"\0" in start[:257]:
        return "a tar archive", "archive"
    if start[8:12] == b"DUCK" and b"\0" in start[:8]:
        return "a DuckDB database", "database"
    if start[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        return "a web page", "page"
    return next((what for magic, what in _STARTS.items() if start.startswith(magic) and _is_sure(magic, start)), None)


def _is_sure(magic: bytes, start: bytes) -> bool:
    """Trust a word that could begin a line of text only where what follows is no text."""
    return not magic.isalnum() or any(byte < 9 for byte in start[: 1 << 12])


def _zipped(start: bytes) -> tuple[str, str]:
    """Tell an Office or LibreOffice file from another zip by the names of its parts, of which the first must be one of theirs."""
    names = [start[m.end() : m.end() + m[1][0] + 256 * m[2][0]] for m in _ENTRY.finditer(start)]
    if names and names[0] == b"mimetype" and (at := start.find(_OPEN, 0, 256)) > 0:
        if start.startswith(b"spreadsheet", at + len(_OPEN)):
            return "a LibreOffice workbook", "workbook"
        return "a LibreOffice document", "document"
    if names and _OFFICE.match(names[0]):
        if any(part.startswith(b"xl/") for part in names):
            return "an Excel workbook", "workbook"
        if any(part.startswith((b"word/", b"ppt/")) for part in names):
            return "an Office document", "document"
    return "a zip archive", "archive"
