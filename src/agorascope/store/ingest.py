"""How do the records of one file enter the case? In batches, each whole or not at all, each row once.

Identity. A row is new if its hash is new in its table. A post whose record has no id is named by (hash of its
content, occurrence number within its file): equal rows of one file are all kept, the same rows of another file are
not added again. An id met again within one file goes to ``repeats`` with its occurrence number, by the same rule.
So the stored rows are the same set in whatever order files are added.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from agorascope.pieces import Mapped

from . import delta, reasons, state
from .hashes import HashSet

BATCH_RECORDS = 150_000
_NAMELESS = "^~[0-9a-f]{32}$"


@dataclass
class Ingest:
    """Take the pieces of one file in order and commit them in batches.

    ``done`` pieces were committed by an earlier run: they are read again for their identities only. ``seen`` holds the
    row hashes of each table already stored, shared by the files of one ``add``. ``held`` counts the posts of the pieces taken.
    """

    folder: Path
    file_id: int
    done: int = 0
    first_record: int = 0
    first_line: int = 0
    seen: dict[str, HashSet] = field(default_factory=dict)
    held: int = 0
    _ids: HashSet = field(default_factory=HashSet)
    _occurrences: Counter[int] = field(default_factory=Counter)
    _waiting: list[tuple[Mapped, dict[str, pa.Table]]] = field(default_factory=list)
    _pieces: int = 0
    _records: int = 0
    _last_at: int | None = None
    _order: list[int] = field(default_factory=lambda: [0, 0])

    def take(self, piece: Mapped) -> None:
        """Take the next piece of the file; commit when enough have gathered."""
        shifted = {name: _shift(table, self._records) for name, table in piece.tables.items()}
        self._name_repeats(shifted, piece.own)
        self._note_order(shifted, piece.own)
        self._pieces += 1
        self._records += piece.records
        self.held += piece.own.num_rows
        if self._pieces <= self.done:
            self.first_record, self.first_line = self._records, self.first_line + piece.lines
            return
        self._waiting.append((piece, shifted))
        if self._records - self.first_record >= BATCH_RECORDS:
            self.commit()

    def finish(self) -> None:
        """Commit what is left and mark the file as whole."""
        self.commit(last=True)

    def know(self, platforms: list[str], post_ids: list[str]) -> None:
        """Remember post ids this file gave in an earlier run."""
        blake = hashlib.blake2b
        packed = b"".join(blake(f"{p}\0{i}".encode(), digest_size=8).digest() for p, i in zip(platforms, post_ids, strict=True))
        self._ids.take(np.frombuffer(packed, np.int64))

    def replace(self, piece: Mapped, plan: bytes | None = None) -> None:
        """Commit quarantined records that now map, under their own numbers; the others stay. ``plan`` is how they were read."""
        tables = dict(piece.tables)
        self._name_repeats(tables, piece.own)
        self._waiting = [(piece, tables)]
        kept, touched = self._new_rows()
        versions = self._write(kept)
        segments, empties = self._write_raw(touched, label="retry-")
        passed = piece.understood.to_pylist()
        accepted = len(touched) + empties
        with state.connect(self.folder) as db:
            db.executemany("INSERT OR REPLACE INTO tables VALUES (?, ?, ?)", versions)
            db.executemany(
                "INSERT OR REPLACE INTO raw_segments VALUES (?, ?, 0, ?)", [(p, i, max(passed)) for p, i, _, _ in segments]
            )
            db.executemany("DELETE FROM quarantine WHERE file_id = ? AND record = ?", [(self.file_id, r) for r in passed])
            db.executemany(
                "UPDATE quarantine SET reason = ? WHERE file_id = ? AND record = ?",
                [(reasons.written(q.message), self.file_id, q.record) for q in piece.quarantined],
            )
            db.execute(
                "UPDATE files SET quarantined = quarantined - ?, accepted = accepted + ?, duplicates = duplicates + ? "
                "WHERE file_id = ?",
                (len(passed), accepted, len(passed) - accepted, self.file_id),
            )
            if plan is not None and passed:
                db.execute("UPDATE files SET plan = ? WHERE file_id = ?", (plan, self.file_id))
        self._waiting = []

    def commit(self, *, last: bool = False) -> None:
        """Write the waiting pieces to the tables, then record them in one transaction."""
        kept, touched = self._new_rows()
        versions = self._write(kept)
        segments, empties = self._write_raw(touched)
        accepted = len(touched) + empties
        understood = sum(len(piece.understood) for piece, _ in self._waiting)
        rejects = self._rejects()
        with state.connect(self.folder) as db:
            db.executemany("INSERT OR REPLACE INTO tables VALUES (?, ?, ?)", versions)
            db.executemany("INSERT OR REPLACE INTO raw_segments VALUES (?, ?, ?, ?)", segments)
            db.executemany("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)", rejects)
            db.execute(
                "UPDATE files SET tasks = ?, records = ?, lines = lines + ?, accepted = accepted + ?, duplicates = duplicates + ?, "
                "quarantined = quarantined + ?, ascending = ?, descending = ?, done = ? WHERE file_id = ?",
                (
                    self._pieces,
                    self._records,
                    sum(p.lines for p, _ in self._waiting),
                    accepted,
                    understood - accepted,
                    len(rejects),
                    *self._order,
                    int(last),
                    self.file_id,
                ),
            )
        self.first_record, self.first_line = self._records, self.first_line + sum(p.lines for p, _ in self._waiting)
        self._waiting = []

    def _name_repeats(self, tables: dict[str, pa.Table], own: pa.Table) -> None:
        """Number the ids met again in this file: rename posts without id, list the others under ``repeats``."""
        hashes = own.column("id_hash").to_numpy()
        again = np.flatnonzero(~self._ids.take(hashes))
        if not len(again):
            return
        occurrences = []
        for i in again:
            self._occurrences[int(hashes[i])] += 1
            occurrences.append(self._occurrences[int(hashes[i])] + 1)
        met = tables["posts"].take(own.column("row").take(pa.array(again)))
        met = met.append_column("id_hash", pa.array(hashes[again])).append_column("occurrence", pa.array(occurrences, pa.int64()))
        nameless = pc.match_substring_regex(met.column("post_id"), _NAMELESS)
        renamed = met.filter(nameless)
        if renamed.num_rows:
            numbers = dict(zip(renamed.column("record").to_pylist(), renamed.column("occurrence").to_pylist(), strict=True))
            for name in tables:
                tables[name] = _rename(tables[name], numbers)
        listed = met.filter(pc.invert(nameless))
        mixed = [
            _mix(h, k) for h, k in zip(listed.column("id_hash").to_pylist(), listed.column("occurrence").to_pylist(), strict=True)
        ]
        if mixed:
            columns = ["platform", "post_id", "account_id", "created_at_us", "occurrence", "record"]
            tables["repeats"] = listed.select(columns).append_column("row_hash", pa.array(mixed, pa.int64()))

    def _note_order(self, tables: dict[str, pa.Table], own: pa.Table) -> None:
        if not own.num_rows:
            return
        times = tables["posts"].column("created_at_us").take(own.column("row")).drop_null().to_numpy()
        if self._last_at is not None:
            times = np.concatenate([[self._last_at], times])
        steps = np.sign(np.diff(times))
        self._order = [self._order[0] + int((steps > 0).sum()), self._order[1] + int((steps < 0).sum())]
        if len(times):
            self._last_at = int(times[-1])

    def _new_rows(self) -> tuple[dict[str, pa.Table], NDArray[np.int64]]:
        kept: dict[str, pa.Table] = {}
        touched = [np.empty(0, np.int64)]
        for name in sorted({name for _, tables in self._waiting for name in tables}):
            rows = pa.concat_tables([tables[name] for _, tables in self._waiting if name in tables])
            if name not in self.seen:
                self.seen[name] = HashSet(_stored_hashes(self.folder, name))
            fresh = self.seen[name].take(rows.column("row_hash").to_numpy())
            new = rows if fresh.all() else rows.filter(pa.array(fresh))
            if not new.num_rows:
                continue
            kept[name] = new.append_column("file_id", pa.array(np.full(new.num_rows, self.file_id)))
            if name != "repeats":
                touched.append(new.column("record").to_numpy())
        return kept, _distinct(np.concatenate(touched))

    def _write(self, kept: dict[str, pa.Table]) -> list[tuple[str, str, int]]:
        with state.connect(self.folder) as db:
            known = {row["name"]: row for row in db.execute("SELECT * FROM tables")}
        written = []
        for name, rows in kept.items():
            place = known[name]["folder"] if name in known else f"tables/{name}"
            version = delta.append(self.folder / place, rows, known[name]["version"] if name in known else None)
            written.append((name, place, version))
        return written

    def _write_raw(self, touched: NDArray[np.int64], label: str = "") -> tuple[list[tuple[str, int, int, int]], int]:
        segments = []
        empties = 0
        first = self.first_record
        for number, (piece, _) in enumerate(self._waiting, self._pieces - len(self._waiting)):
            records = piece.understood.to_numpy() + first
            empty = piece.empty.to_numpy() + first
            keep = np.isin(records, touched) | np.isin(records, empty)
            empties += len(empty)
            if keep.any():
                free = _free(self.folder / "raw" / str(self.file_id), label) if label else number
                path = f"raw/{self.file_id}/{label}{free:06d}.parquet"
                _write_segment(self.folder / path, piece.raw, keep)
                segments.append((path, self.file_id, first, first + piece.records))
            first += piece.records
        return segments, empties

    def _rejects(self) -> list[tuple[int, int, int, str, bytes]]:
        rows = []
        record, line = self.first_record, self.first_line
        for piece, _ in self._waiting:
            rows += [(self.file_id, q.record + record, q.line + line, reasons.written(q.message), q.raw) for q in piece.quarantined]
            record, line = record + piece.records, line + piece.lines
        return rows


def _distinct(records: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each record number once, ascending. They lie close together: marking them is faster than sorting."""
    if not len(records):
        return records
    first = records.min()
    marked = np.zeros(records.max() - first + 1, bool)
    marked[records - first] = True
    distinct: NDArray[np.int64] = np.flatnonzero(marked) + first
    return distinct


def _free(folder: Path, label: str) -> int:
    return len(list(folder.glob(f"{label}*.parquet"))) if folder.is_dir() else 0


def _shift(table: pa.Table, by: int) -> pa.Table:
    place = table.schema.get_field_index("record")
    return table.set_column(place, "record", pc.add(table.column("record"), by))


def _rename(table: pa.Table, numbers: dict[int, int]) -> pa.Table:
    """Give the rows of repeated nameless records their occurrence number, in id and hash."""
    records = table.column("record").to_pylist()
    if "post_id" not in table.column_names or not any(r in numbers for r in records):
        return table
    ids, hashes = table.column("post_id").to_pylist(), table.column("row_hash").to_pylist()
    for i, record in enumerate(records):
        if record in numbers and ids[i].startswith("~"):
            ids[i] = f"{ids[i]}.{numbers[record]}"
            hashes[i] = _mix(hashes[i], numbers[record])
    for name, values in (("post_id", pa.array(ids, pa.string())), ("row_hash", pa.array(hashes, pa.int64()))):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), values)
    return table


def _mix(value: int, occurrence: int) -> int:
    digest = hashlib.blake2b(f"{value}.{occurrence}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _stored_hashes(folder: Path, name: str) -> NDArray[np.int64]:
    with state.connect(folder) as db:
        row = db.execute("SELECT folder, version FROM tables WHERE name = ?", (name,)).fetchone()
    if row is None:
        return np.empty(0, np.int64)
    parts = [
        pq.read_table(f, columns=["row_hash"]).column(0).to_numpy() for f in delta.files(folder / row["folder"], row["version"])
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _write_segment(path: Path, packed: pa.Buffer, keep: NDArray[np.bool_]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    if keep.all():
        temporary.write_bytes(packed)
    else:
        table = pq.read_table(pa.BufferReader(packed)).filter(pa.array(keep))
        pq.write_table(table, temporary, compression="zstd", compression_level=1, use_dictionary=False)
    temporary.replace(path)
