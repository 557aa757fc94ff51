"""Who may write? One process at a time: a lock that dies with its holder, and the registration of each file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from agorascope.errors import CaseBusy, CaseError

from . import delta, state
from .added import Added
from .hashes import HashSet
from .ingest import Ingest

_LOCK = "lock.sqlite"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the case for writing. Raises CaseBusy when another process does.

    The lock is a SQLite one: the operating system releases it when the process dies, on every platform.
    """
    with closing(sqlite3.connect(folder / _LOCK, timeout=0.2, isolation_level=None)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CaseBusy(f"another process is writing to {folder}; wait for it to end, then run the command again") from error
        yield
        db.execute("ROLLBACK")


def begin(
    folder: Path, *, sha256: str, name: str, size: int, source: str, plan: bytes, chosen: bool, seen: dict[str, HashSet]
) -> Ingest | Added:
    """Register a file and give the Ingest that takes its pieces; ``Added(known=True)`` when the case has it whole.

    ``sha256`` is of the file's bytes. Raises CaseError when the case has the file under another reading and the user
    ``chosen`` this one: its records would be there twice, read in two ways.
    """
    file_id = int(sha256[:15], 16)
    with state.connect(folder) as db:
        row = db.execute("SELECT * FROM files WHERE sha256 = ?", (sha256,)).fetchone()
        if row is not None and chosen and _reading(row["plan"]) != _reading(plan):
            raise CaseError(f"{name} is in this case already, read another way; make the case again to read it with these columns")
        if row is not None and row["done"]:
            return Added(
                name, row["source"], row["records"], 0, row["records"] - row["quarantined"], row["quarantined"], known=True
            )
        if row is None:
            db.execute(
                "INSERT INTO files (file_id, sha256, name, size, source, plan) VALUES (?, ?, ?, ?, ?, ?)",
                (file_id, sha256, name, size, source, plan),
            )
            return Ingest(folder, file_id, seen=seen)
        if msgspec.json.decode(row["plan"])["cut"] != msgspec.json.decode(plan)["cut"]:
            raise CaseError(f"{name} was begun by a version that cuts files otherwise; make the case again to add it whole")
        return Ingest(folder, file_id, done=row["tasks"], seen=seen)


def _reading(plan: bytes) -> dict[str, object]:
    """Give what of a plan decides how records are mapped: not the file's name, nor the size of the pieces."""
    return {key: value for key, value in msgspec.json.decode(plan).items() if key not in ("name", "cut")}


def resume_quarantined(folder: Path, file_id: int) -> Ingest:
    """Give the Ingest that takes a file's quarantined records again; it knows the post ids the file already gave."""
    with state.connect(folder) as db:
        row = db.execute("SELECT folder, version FROM tables WHERE name = 'posts'").fetchone()
    ingest = Ingest(folder, file_id)
    if row is not None:
        for file in delta.files(folder / row["folder"], row["version"]):
            posts = pq.read_table(file, columns=["platform", "post_id"], filters=[("file_id", "=", file_id)])
            ingest.know(posts.column("platform").to_pylist(), posts.column("post_id").to_pylist())
    return ingest


def added(folder: Path, file_id: int) -> Added:
    """Give the counts of a file."""
    with state.connect(folder) as db:
        row = db.execute("SELECT * FROM files WHERE file_id = ?", (file_id,)).fetchone()
    return Added(row["name"], row["source"], row["records"], row["accepted"], row["duplicates"], row["quarantined"])
