"""Which records could not be read, and can they be now? The list with its reasons, and the retry."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agorascope.pieces import Quarantined
from agorascope.texts import Message

from . import reasons, state
from .added import Refusals


@dataclass(frozen=True)
class Row(Quarantined):
    """Hold one quarantined record of a case, with its file's name."""

    file: str


def rows(folder: Path, file_id: int | None = None) -> Iterator[Row]:
    """List the quarantined records, file by file, or those of one file."""
    with state.connect(folder) as db:
        yield from (
            Row(record, line, reasons.read(reason), raw, name)
            for record, line, reason, raw, name in db.execute(
                "SELECT q.record, q.line, q.reason, q.raw, f.name FROM quarantine q JOIN files f USING (file_id) "
                "WHERE ? IS NULL OR q.file_id = ? ORDER BY f.name, q.record",
                (file_id, file_id),
            )
        )


def counted(folder: Path) -> list[tuple[Message, int]]:
    """Count the quarantined records by reason, most frequent first; reasons that read alike are one."""
    said: dict[str, Message] = {}
    records: Counter[str] = Counter()
    with state.connect(folder) as db:
        for stored, count in db.execute("SELECT reason, COUNT(*) FROM quarantine GROUP BY 1"):
            reason = reasons.read(stored)
            said[str(reason)] = reason
            records[str(reason)] += count
    return [(said[text], count) for text, count in sorted(records.items(), key=lambda item: (-item[1], item[0]))]


def kinds(folder: Path, file_id: int | None = None) -> list[Refusals]:
    """Count the quarantined records of a case, or of one file, by kind of reason, most frequent first.

    Reasons of one kind differ only in what they quote: the dates that are none, say.
    """
    wordings: dict[str, Counter[str]] = {}
    with state.connect(folder) as db:
        for stored, count in db.execute(
            "SELECT reason, COUNT(*) FROM quarantine WHERE ? IS NULL OR file_id = ? GROUP BY 1 ORDER BY 1", (file_id, file_id)
        ):
            wordings.setdefault(_kind(reasons.read(stored)), Counter())[stored] += count
    found = [Refusals(reasons.read(said.most_common(1)[0][0]), said.total(), len(said) == 1) for said in wordings.values()]
    return sorted(found, key=lambda one: (-one.records, str(one.reason)))


def _kind(reason: Message) -> str:
    """Name the kind of a reason: its key, and that of what it places in the JSON."""
    what = reason.args.get("what")
    return f"{reason.key} {what['key']}" if isinstance(what, dict) else reason.key


def waiting(folder: Path) -> list[tuple[int, bytes]]:
    """List the whole files that have quarantined records: id and reading plan."""
    with state.connect(folder) as db:
        return [(r[0], r[1]) for r in db.execute("SELECT file_id, plan FROM files WHERE quarantined > 0 AND done = 1 ORDER BY 1")]
