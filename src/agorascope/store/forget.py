"""How is an account erased? Every table is written anew without it, then the old files are gone for good.

Erased: the account's rows in every table, its raw records, its quarantined records, and what repeats its words: the
text of reposts of its posts, its handle in other people's texts and references, raw records that contain its id,
handle or texts. Findings, reports and exports were made from those rows: they are removed and can be run again.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from agorascope.records import TABLES

from . import delta, state
from .snapshot import stored_tables

DERIVED = ("findings", "reports", "exports", "spill")
_FORGOTTEN = "…"
_ACTORS = ("account_id", "rater", "source", "target")
_SHORT = 12


@dataclass(frozen=True)
class Forgotten:
    """Count what was erased."""

    rows: int
    raw: int
    quarantined: int


@dataclass(frozen=True)
class _Traces:
    """Gather what names the accounts: ids and handles, their posts, the words they wrote."""

    names: frozenset[str]
    posts: frozenset[str]
    texts: frozenset[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Match a name as a whole word, in any case."""
        listed = "|".join(re.escape(n) for n in sorted(self.names, key=len, reverse=True))
        return re.compile(rf"(?<!\w)@?(?:{listed})(?!\w)", re.IGNORECASE)


def forget(folder: Path, accounts: Iterable[str]) -> Forgotten:
    """Erase accounts, given by id or handle, with every byte that names them or that they wrote.

    The caller holds the writing lock. Cost: every table is rewritten once.
    """
    tables = {name: pa.concat_tables([pq.read_table(f) for f in files]) for name, files in stored_tables(folder).items()}
    traces = _traces(tables, {a.removeprefix("@") for a in accounts})
    cleaned = {name: _clean(name, rows, traces) for name, rows in tables.items()}
    erased = sum(tables[name].num_rows - cleaned[name].num_rows for name in tables)
    rewritten = _rewrite_tables(folder, {n: t for n, t in cleaned.items() if t is not tables[n]})
    raws, segments = _rewrite_raw(folder, traces)
    with state.connect(folder) as db:
        held = [
            (r["file_id"], r["record"])
            for r in db.execute("SELECT * FROM quarantine")
            if _names(r["raw"], traces) or _names(r["reason"].encode(), traces)
        ]
        db.executemany("DELETE FROM quarantine WHERE file_id = ? AND record = ?", held)
        db.execute("UPDATE files SET quarantined = (SELECT COUNT(*) FROM quarantine q WHERE q.file_id = files.file_id)")
        db.executemany("UPDATE tables SET folder = ?, version = ? WHERE name = ?", [(new, 0, name) for name, _, new in rewritten])
        db.executemany("UPDATE raw_segments SET path = ? WHERE path = ?", [(new, old) for old, new in segments])
        _scrub_files(db, traces)
        db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'erasures'")
    for _, old, _ in rewritten:
        shutil.rmtree(folder / old, ignore_errors=True)
    for old, _ in segments:
        (folder / old).unlink(missing_ok=True)
    for name in DERIVED:
        shutil.rmtree(folder / name, ignore_errors=True)
    state.shrink(folder)
    return Forgotten(erased, raws, len(held))


def _traces(tables: dict[str, pa.Table], given: set[str]) -> _Traces:
    names = set(given)
    lowered = {n.lower() for n in given}
    if "accounts" in tables:
        for row in tables["accounts"].select(["account_id", "handle", "name"]).to_pylist():
            if {row["account_id"].lower(), (row["handle"] or "").lower()} & lowered:
                names |= {row["account_id"], *([row["handle"]] if row["handle"] else [])}
    posts: set[str] = set()
    texts: set[str] = set()
    if "posts" in tables:
        own = tables["posts"].filter(_among(tables["posts"].column("account_id"), names))
        posts = set(own.column("post_id").to_pylist())
        texts = {t for t in own.column("text").to_pylist() if t}
    return _Traces(frozenset(names), frozenset(posts), frozenset(texts))


def _among(column: pa.ChunkedArray, names: Iterable[str]) -> pa.ChunkedArray:
    lowered = pa.array(sorted({n.lower() for n in names}), pa.string())
    return pc.fill_null(pc.is_in(pc.utf8_lower(column.cast(pa.string())), lowered), False)


def _clean(name: str, rows: pa.Table, traces: _Traces) -> pa.Table:
    gone = pa.chunked_array([pa.array([False] * rows.num_rows)])
    for column in _ACTORS:
        if column in rows.column_names:
            gone = pc.or_(gone, _among(rows.column(column), traces.names))
    if "post_id" in rows.column_names and traces.posts:
        gone = pc.or_(gone, pc.is_in(rows.column("post_id"), pa.array(sorted(traces.posts))))
    if name == "post_objects":
        gone = pc.or_(gone, pa.array([bool(traces.pattern.search(v)) for v in rows.column("value").to_pylist()]))
    kept = rows.filter(pc.invert(gone)) if pc.any(gone).as_py() else rows
    for field in TABLES[name].__struct_fields__ if name in TABLES else ():
        if field in kept.column_names and pa.types.is_string(kept.schema.field(field).type):
            kept = _scrub(kept, field, traces)
    return kept


def _scrub(rows: pa.Table, column: str, traces: _Traces) -> pa.Table:
    """Empty references to the accounts, blank reposted words of theirs, take their names out of other texts."""
    values = rows.column(column).to_pylist()
    cleaned = [_scrubbed(v, column, traces) for v in values]
    if cleaned == values:
        return rows
    place = rows.schema.get_field_index(column)
    return rows.set_column(place, rows.schema.field(column), pa.array(cleaned, pa.string()))


def _scrubbed(value: str | None, column: str, traces: _Traces) -> str | None:
    if value is None:
        return None
    if column in ("repost_of", "reply_to", "quote_of", "conversation_id") and value in traces.posts:
        return None
    if column == "text" and any(len(t) >= _SHORT and t in value for t in traces.texts):
        return None
    cleaned = traces.pattern.sub(_FORGOTTEN, value)
    return cleaned if cleaned == value or column in ("text", "name", "label") else None


def _rewrite_tables(folder: Path, cleaned: dict[str, pa.Table]) -> list[tuple[str, str, str]]:
    with state.connect(folder) as db:
        places = {r["name"]: r["folder"] for r in db.execute("SELECT name, folder FROM tables")}
    moved = []
    for name, rows in cleaned.items():
        stem, _, generation = places[name].partition("@")
        new = f"{stem}@{int(generation or 1) + 1}"
        delta.append(folder / new, rows, None)
        moved.append((name, places[name], new))
    return moved


def _rewrite_raw(folder: Path, traces: _Traces) -> tuple[int, list[tuple[str, str]]]:
    with state.connect(folder) as db:
        paths = [r["path"] for r in db.execute("SELECT path FROM raw_segments")]
    erased, moved = 0, []
    for path in paths:
        table = pq.read_table(folder / path)
        keep = [not _names(raw, traces) for raw in table.column("raw").to_pylist()]
        if all(keep):
            continue
        stem, _, generation = path.removesuffix(".parquet").partition("@")
        new = f"{stem}@{int(generation or 1) + 1}.parquet"
        pq.write_table(table.filter(pa.array(keep)), folder / new, compression="zstd", use_dictionary=False)
        erased += len(keep) - sum(keep)
        moved.append((path, new))
    return erased, moved


def _names(raw: bytes, traces: _Traces) -> bool:
    text = raw.decode("utf-8", "replace")
    return bool(traces.pattern.search(text)) or any(len(t) >= _SHORT and t in text for t in traces.texts)


def _scrub_files(db: object, traces: _Traces) -> None:
    """Blank file names and reading samples that name the accounts."""
    connection = db
    rows = connection.execute("SELECT file_id, name, plan FROM files").fetchall()  # type: ignore[attr-defined]
    for row in rows:
        name, plan = traces.pattern.sub(_FORGOTTEN, row["name"]), traces.pattern.sub(_FORGOTTEN, row["plan"].decode())
        connection.execute("UPDATE files SET name = ?, plan = ? WHERE file_id = ?", (name, plan.encode(), row["file_id"]))  # type: ignore[attr-defined]
