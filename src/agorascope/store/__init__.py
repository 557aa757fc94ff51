"""How are records kept? Append, open, digest, quarantine, forget: a folder of Delta tables and one SQLite file."""

from pathlib import Path

from . import state
from .added import Added, Refusals
from .forget import Forgotten, forget
from .ingest import Ingest
from .quarantine import counted as quarantine_reasons
from .quarantine import kinds as quarantine_kinds
from .quarantine import rows as quarantine_rows
from .quarantine import waiting as quarantine_files
from .raw import beginning, raw_record, raw_records
from .snapshot import ENGINES, snapshot
from .writer import added, begin, lock, resume_quarantined

create = state.create


def check(folder: Path) -> None:
    """Raise NotACase unless the folder's state can be read by this version."""
    with state.connect(folder):
        pass


def erasures(folder: Path) -> int:
    """Count how often accounts were forgotten: what was computed before must not be written after."""
    with state.connect(folder) as db:
        return int(db.execute("SELECT value FROM meta WHERE key = 'erasures'").fetchone()[0])


def note(folder: Path, at: str, what: str) -> None:
    """Write a line into the case's log: identities exported, accounts forgotten (never whom)."""
    with state.connect(folder) as db:
        db.execute("INSERT INTO log VALUES (?, ?)", (at, what))


def log(folder: Path) -> list[tuple[str, str]]:
    """Give the lines of the case's log."""
    with state.connect(folder) as db:
        return [(r["at"], r["what"]) for r in db.execute("SELECT at, what FROM log")]


__all__ = [
    "ENGINES",
    "Added",
    "Forgotten",
    "Ingest",
    "Refusals",
    "added",
    "begin",
    "beginning",
    "check",
    "create",
    "erasures",
    "forget",
    "lock",
    "log",
    "note",
    "quarantine_files",
    "quarantine_kinds",
    "quarantine_reasons",
    "quarantine_rows",
    "raw_record",
    "raw_records",
    "resume_quarantined",
    "snapshot",
]
