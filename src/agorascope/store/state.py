"""What does the case know of itself? One SQLite file: the commit point of every change.

A batch first writes its rows to the Delta tables, then one SQLite transaction records the new version of each table,
the progress of the file, its quarantine. Readers open every table at the recorded version, so that they see whole
batches only, across all tables; what a killed process wrote past the recorded versions is rolled back by the next
writer. Deleted rows are overwritten (``secure_delete``).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from agorascope.errors import NotACase

FORMAT = 1
NAME = "state.sqlite"
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE tables (name TEXT PRIMARY KEY, folder TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE files (
    file_id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL, source TEXT NOT NULL,
    plan BLOB NOT NULL, done INTEGER NOT NULL DEFAULT 0, tasks INTEGER NOT NULL DEFAULT 0, lines INTEGER NOT NULL DEFAULT 0,
    records INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0, ascending INTEGER NOT NULL DEFAULT 0, descending INTEGER NOT NULL DEFAULT 0);
CREATE TABLE quarantine (
    file_id INTEGER NOT NULL, record INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (file_id, record));
CREATE TABLE raw_segments (path TEXT PRIMARY KEY, file_id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE log (at TEXT NOT NULL, what TEXT NOT NULL);
"""


def create(folder: Path) -> None:
    """Make an empty state file."""
    with closing(sqlite3.connect(folder / NAME)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(_SCHEMA)
        db.executemany("INSERT INTO meta VALUES (?, ?)", [("format", str(FORMAT)), ("erasures", "0")])
        db.commit()


@contextmanager
def connect(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the state for reading or writing; commit at the end, roll back on an error.

    Raises NotACase where there is none, or one written by a later version.
    """
    file = folder / NAME
    if not file.is_file():
        raise NotACase(f"{folder} holds no case ({NAME} is missing); make one with: agorascope new {folder}")
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA secure_delete = ON")
        try:
            found = int(db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()[0])
        except (sqlite3.DatabaseError, TypeError) as error:
            raise NotACase(f"{file} is damaged: {error}; restore the folder from a copy, or make the case again") from error
        if found > FORMAT:
            raise NotACase(f"{folder} was written by a later version (format {found}, this one reads {FORMAT}); upgrade agorascope")
        db.execute("BEGIN")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def shrink(folder: Path) -> None:
    """Rewrite the file so that nothing deleted stays in it."""
    with closing(sqlite3.connect(folder / NAME, timeout=30, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
