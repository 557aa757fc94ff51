"""How is an account erased? Every table is written anew without it, then the old files are gone for good.

Erased: the account's rows in every table, its raw records, its quarantined records, and what repeats its words: the
text of reposts of its posts, its handle in other people's texts and references, raw records that contain its id,
handle or texts, written plainly or with JSON escapes. Findings, reports and exports were made from those rows: they
are removed and can be run again, and so are files collected inside the case (the demo keeps its own there). What a
killed writer left behind goes as well.

A name of up to 5 digits could be any count: it is taken for the account only in the columns that hold accounts and
after an @. A text that five other accounts posted as their own (a petition, a slogan) is nobody's in particular: it stays.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from agorascope.errors import BadValue
from agorascope.records import TABLES

from . import delta, reasons, state
from .snapshot import stored_tables
from .sweep import sweep
from .traces import Traces, among, reposts, theirs, traces_of

DERIVED = ("findings", "reports", "exports", "spill", "collected")
_ACTORS = ("account_id", "rater", "source", "target")
_CODED = frozenset(
    {
        "platform",
        "kind",
        "created_at_source",
        "views_kind",
        "language",
        "metric",
        "post_labels.name",
        "margins.population",
        "margins.variable",
        "margins.category",
    }
)
"""Columns of our own words or of a header's; ``name`` is one in the table of labels alone."""
_POST_IDS = frozenset({"post_id", "conversation_id", "repost_of", "reply_to", "quote_of"})
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True)
class Forgotten:
    """Count what was erased; ``blank`` takes the accounts' names out of a text.

    ``others`` of the ``raw`` records were posts of other accounts that name the accounts or repeat their words.
    """

    rows: int
    raw: int
    others: int
    quarantined: int
    blank: Callable[[str], str] = field(default=str, repr=False, compare=False)


def forget(folder: Path, accounts: Iterable[str]) -> Forgotten:
    """Erase accounts, given by id or handle, with every byte that names them or that they wrote.

    The caller holds the writing lock. Raises BadValue when nothing names them: a typing error erases nothing. Killed at
    any moment, forgetting again completes it. Cost: every table is read once.
    """
    tables = {name: pa.concat_tables([pq.read_table(f) for f in files]) for name, files in stored_tables(folder).items()}
    swept = sweep(folder)
    given = {a.removeprefix("@") for a in accounts}
    traces = traces_of(tables, given)
    gone = {name: _gone(name, rows, traces) for name, rows in tables.items()}
    kept = {name: rows.filter(pc.invert(gone[name])) if pc.any(gone[name]).as_py() else rows for name, rows in tables.items()}
    cleaned = {name: _clean(name, rows, traces) for name, rows in kept.items()}
    rewritten = _rewrite_tables(folder, {n: t for n, t in cleaned.items() if t is not tables[n]})
    erased = [rows.filter(gone[name]) for name, rows in tables.items()]
    if "posts" in kept:
        erased.append(kept["posts"].filter(reposts(kept["posts"], traces)))
    raws, others, segments = _rewrite_raw(folder, _records(erased), traces)
    with state.connect(folder) as db:
        held = [
            (r["file_id"], r["record"])
            for r in db.execute("SELECT * FROM quarantine")
            if _names(r["raw"], traces) or _names(str(reasons.read(r["reason"])).encode(), traces)
        ]
        named = any(traces.blank(r["name"]) != r["name"] for r in db.execute("SELECT name FROM files"))
        begun = db.execute("SELECT value FROM meta WHERE key = 'erasing'").fetchone() is not None
        if not (rewritten or segments or held or named or begun or swept):
            raise BadValue(f"no account {', '.join(sorted(given))} in this case; nothing was changed")
        db.execute("INSERT OR REPLACE INTO meta VALUES ('erasing', '1')")
        db.executemany("DELETE FROM quarantine WHERE file_id = ? AND record = ?", held)
        db.execute("UPDATE files SET quarantined = (SELECT COUNT(*) FROM quarantine q WHERE q.file_id = files.file_id)")
        db.executemany("UPDATE tables SET folder = ?, version = ? WHERE name = ?", [(new, 0, name) for name, new in rewritten])
        db.executemany("UPDATE raw_segments SET path = ? WHERE path = ?", [(new, old) for old, new in segments])
        _scrub_state(db, traces)
        db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'erasures'")
    sweep(folder)
    for name in DERIVED:
        shutil.rmtree(folder / name, ignore_errors=True)
    with state.connect(folder) as db:
        db.execute("DELETE FROM meta WHERE key = 'erasing'")
    state.shrink(folder)
    return Forgotten(sum(pc.sum(g).as_py() or 0 for g in gone.values()), raws, others, len(held), traces.blank)


def _gone(name: str, rows: pa.Table, traces: Traces) -> pa.ChunkedArray:
    """Mark the rows that are the accounts' own, or an object of a post that names them."""
    gone = pa.chunked_array([pa.array([False] * rows.num_rows)])
    for column in _ACTORS:
        if column in rows.column_names:
            gone = pc.or_(gone, among(rows.column(column), traces.names))
    if "post_id" in rows.column_names and traces.posts:
        gone = pc.or_(gone, theirs(rows, "post_id", traces))
    if name == "post_objects":
        named = pa.chunked_array([pa.array([bool(traces.pattern.search(v)) for v in rows.column("value").to_pylist()], pa.bool_())])
        mentions = pc.and_(pc.equal(rows.column("kind"), "mention"), among(rows.column("value"), traces.names))
        gone = pc.or_(gone, pc.or_(named, mentions))
    return gone


def _clean(name: str, rows: pa.Table, traces: Traces) -> pa.Table:
    """Take the accounts out of the rows of others; the same table when nothing names them."""
    if name == "posts":
        repeated = reposts(rows, traces)
        if pc.any(repeated).as_py():
            blank = pc.if_else(repeated, pa.scalar(None, pa.string()), rows.column("text"))
            rows = rows.set_column(rows.schema.get_field_index("text"), rows.schema.field("text"), blank)
    for column in TABLES[name].__struct_fields__ if name in TABLES else ():
        if not _CODED & {column, f"{name}.{column}"} and pa.types.is_string(rows.schema.field(column).type):
            rows = _scrub(rows, column, traces)
    return rows


def _scrub(rows: pa.Table, column: str, traces: Traces) -> pa.Table:
    """Empty references to the accounts, blank words of theirs, take their names out of other texts."""
    values = rows.column(column).to_pylist()
    ids = {post_id for _, post_id in traces.posts} if column in _POST_IDS else set()
    place = rows.schema.get_field_index(column)
    shape = rows.schema.field(place)
    cleaned = [_scrubbed(v, column, ids, traces, empty=shape.nullable) for v in values]
    return rows if cleaned == values else rows.set_column(place, shape, pa.array(cleaned, pa.string()))


def _scrubbed(value: str | None, column: str, ids: set[str], traces: Traces, *, empty: bool) -> str | None:
    if value is None or (column == "post_id" and value in ids):
        return value
    if value in ids:
        return None
    if column in _POST_IDS and value in traces.names:
        return value  # a post whose number happens to be an account's
    if column in ("ref_account_id", "handle") and value.lower() in {n.lower() for n in traces.names}:
        return None
    if column == "text" and traces.repeated(value):
        return None
    cleaned = traces.blank(value)
    return cleaned if cleaned == value or column in ("text", "name", "label") or not empty else None


def _records(erased: list[pa.Table]) -> set[tuple[int, int]]:
    """List the raw records these rows came from: file and number."""
    found: set[tuple[int, int]] = set()
    for rows in erased:
        found.update(zip(rows.column("file_id").to_pylist(), rows.column("record").to_pylist(), strict=True))
    return found


def _rewrite_tables(folder: Path, cleaned: dict[str, pa.Table]) -> list[tuple[str, str]]:
    with state.connect(folder) as db:
        places = {r["name"]: r["folder"] for r in db.execute("SELECT name, folder FROM tables")}
    moved = []
    for name, rows in cleaned.items():
        stem, _, generation = places[name].partition("@")
        new = f"{stem}@{int(generation or 1) + 1}"
        delta.append(folder / new, rows, None)
        moved.append((name, new))
    return moved


def _rewrite_raw(folder: Path, gone: set[tuple[int, int]], traces: Traces) -> tuple[int, int, list[tuple[str, str]]]:
    """Write the raw records anew without those to erase; count them, and those among them that are not the accounts' own."""
    with state.connect(folder) as db:
        segments = [tuple(r) for r in db.execute("SELECT path, file_id, first FROM raw_segments")]
    erased, others, moved = 0, 0, []
    for path, file_id, first in segments:
        table = pq.read_table(folder / path)
        own = [(file_id, first + record) in gone for record in table.column("record").to_pylist()]
        keep = [not mine and not _names(raw, traces) for mine, raw in zip(own, table.column("raw").to_pylist(), strict=True)]
        if all(keep):
            continue
        stem, _, generation = path.removesuffix(".parquet").partition("@")
        new = f"{stem}@{int(generation or 1) + 1}.parquet"
        pq.write_table(table.filter(pa.array(keep)), folder / new, compression="zstd", use_dictionary=False)
        erased += len(keep) - sum(keep)
        others += len(keep) - sum(keep) - sum(own)
        moved.append((path, new))
    return erased, others, moved


def _names(raw: bytes, traces: Traces) -> bool:
    text = raw.decode("utf-8", "replace")
    forms = (text, _ESCAPE.sub(_unescaped, text)) if "\\" in text else (text,)
    return any(traces.pattern.search(form) or traces.repeated(form) for form in forms)


def _unescaped(found: re.Match[str]) -> str:
    """Write one JSON escape, or a run of them, as the characters it means."""
    escape = found[0]
    if escape[1] != "u" or len(escape) == 2:
        return _ESCAPED.get(escape[1], escape[1])
    units = bytes.fromhex(escape.replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


def _scrub_state(db: sqlite3.Connection, traces: Traces) -> None:
    """Take the names out of file names, in the list of files, in the reading plans and in the log."""
    for row in db.execute("SELECT file_id, name, plan FROM files").fetchall():
        plan = msgspec.json.decode(row["plan"])
        plan["name"] = traces.blank(plan["name"])
        db.execute(
            "UPDATE files SET name = ?, plan = ? WHERE file_id = ?",
            (traces.blank(row["name"]), msgspec.json.encode(plan), row["file_id"]),
        )
    for row in db.execute("SELECT rowid, what FROM log").fetchall():
        db.execute("UPDATE log SET what = ? WHERE rowid = ?", (traces.blank(row["what"]), row["rowid"]))
