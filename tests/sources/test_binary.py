"""Is a file that is no table refused in one plain line, and a table never taken for one?"""

import gzip
import io
import sqlite3
import zipfile
from pathlib import Path

import pytest

from agorascope.errors import InputError, Unrecognised
from agorascope.sources.reading import probe
from agorascope.sources.reading.binary import refusal

EXCEL = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
OPENPYXL = ("docProps/app.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml")
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*names: str, first: str = "<xml/>") -> bytes:
    """Write a zip of these parts; the first holds ``first``, uncompressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for number, name in enumerate(names):
            file.writestr(name, "id,text\n1,a\n" if number else first, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return packed.getvalue()


def named(value: bytes | str) -> str:
    """Name a case without its bytes: they hold the time at which they were packed."""
    return value if isinstance(value, str) else "bytes"


def said(folder: Path, name: str, held: bytes) -> str:
    """Give the line with which a file is refused."""
    (folder / name).write_bytes(held)
    with pytest.raises(InputError) as refused:
        probe(folder / name)
    assert not isinstance(refused.value, Unrecognised)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "held", "what"),
    [
        ("posts.xlsx", zipped(*EXCEL), "an Excel workbook"),
        ("by_pandas.xlsx", zipped(*OPENPYXL), "an Excel workbook"),
        ("posts.xlsx.gz", gzip.compress(zipped(*EXCEL)), "an Excel workbook"),
        ("posts.csv", zipped(*EXCEL), "an Excel workbook"),
        ("posts.xls", OLE, "an Excel workbook"),
        ("posts.dat", OLE + "Workbook".encode("utf-16-le"), "an Excel workbook"),
        ("posts.ods", zipped("mimetype", "content.xml", first=SHEET), "a LibreOffice workbook"),
    ],
    ids=named,
)
def test_a_workbook_is_to_be_saved_as_csv(tmp_path: Path, name: str, held: bytes, what: str) -> None:
    """Whatever its name, packed or not, and whichever part the program that wrote it put first."""
    assert f"{name} is {what}; save the sheet as CSV (UTF-8) and add that" == said(tmp_path, name, held)


@pytest.mark.parametrize(
    ("held", "what", "todo"),
    [
        (zipped("posts.csv"), "a zip archive", "unpack it"),
        (zipped("posts.csv", "xl/workbook.xml"), "a zip archive", "unpack it"),
        (zipped(first="").ljust(22, b"\0"), "an empty zip archive", "unpack it"),
        (zipped("[Content_Types].xml", "word/document.xml"), "an Office document", "save its table"),
        (zipped("mimetype", first=SHEET.replace("spreadsheet", "text")), "a LibreOffice document", "save its table"),
        (OLE, "an Office document of before 2007", "save its table"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document", "save its table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture", "the posts themselves"),
        (gzip.compress(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), "a JPEG picture", "the posts themselves"),
        (b"BZh91AY&SY\0\x01", "a bzip2 file", "gzip or zstd"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000".ljust(255, b"\0"), "a tar archive", "unpack it"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html><body>Log in</body></html>", "a web page", "fetch the data"),
    ],
    ids=named,
)
def test_other_files_are_named_and_told_what_to_do(tmp_path: Path, held: bytes, what: str, todo: str) -> None:
    """One line, without the formats tried."""
    line = said(tmp_path, "a.bin", held)
    assert line.startswith(f"a.bin is {what}")
    assert (", not a table or JSON; " in line, todo in line, "tried" in line) == (True, True, False)


def test_a_database_is_to_be_exported(tmp_path: Path) -> None:
    """A real SQLite file, as tools of archives write them."""
    with sqlite3.connect(tmp_path / "made.db") as base:
        base.execute("CREATE TABLE posts (id, text)")
    base.close()
    held = (tmp_path / "made.db").read_bytes()
    assert "a.db is an SQLite database, not a table or JSON; export the table" in said(tmp_path, "a.db", held)


@pytest.mark.parametrize("start", ["ORCID,text\n1,a", "BZh,text\n1,a", "GIF89a,text\n1,a", "PK,text\n1,a", "<b>text</b>,id\na,1"])
def test_a_text_that_begins_like_a_magic_word_is_a_text(start: str) -> None:
    """A header may be spelt as a format is."""
    assert refusal("a.csv", start.encode()) is None
