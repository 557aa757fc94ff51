"""Which records could not be read, and can they be now? The list with its reasons, and the retry."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agorascope.pieces import Quarantined

from . import state


@dataclass(frozen=True)
class Row(Quarantined):
    """Hold one quarantined record of a case, with its file's name."""

    file: str


def rows(folder: Path, file_id: int | None = None) -> Iterator[Row]:
    """List the quarantined records, file by file, or those of one file."""
    with state.connect(folder) as db:
        yield from (
            Row(*row)
            for row in db.execute(
                "SELECT q.record, q.line, q.reason, q.raw, f.name FROM quarantine q JOIN files f USING (file_id) "
                "WHERE ? IS NULL OR q.file_id = ? ORDER BY f.name, q.record",
                (file_id, file_id),
            )
        )


def reasons(folder: Path) -> list[tuple[str, int]]:
    """Count the quarantined records by reason, most frequent first."""
    with state.connect(folder) as db:
        return [(r[0], r[1]) for r in db.execute("SELECT reason, COUNT(*) FROM quarantine GROUP BY 1 ORDER BY 2 DESC, 1")]


def waiting(folder: Path) -> list[tuple[int, bytes]]:
    """List the whole files that have quarantined records: id and reading plan."""
    with state.connect(folder) as db:
        return [(r[0], r[1]) for r in db.execute("SELECT file_id, plan FROM files WHERE quarantined > 0 AND done = 1 ORDER BY 1")]
