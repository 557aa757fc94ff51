"""How do a finding's tables leave the case? As files for other tools, accounts as pseudonyms, text made harmless.

Tables go to ``FOLDER/TABLE.EXT``; a network, to one file named after its table ``edges``.
"""

import csv
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from agorascope import store
from agorascope.errors import BadValue, UsageError
from agorascope.findings import Finding
from agorascope.report import pseudonym
from agorascope.texts import Message, say

from . import running
from .exporting_graphs import gexf, graphml
from .exporting_masked import masked
from .exporting_misp import misp
from .exporting_network import BATCH, Network, read
from .exporting_stix import stix
from .exporting_words import Told, tell
from .leaving import check_place

_FORMULA = re.compile(r"^[\s\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]*[=+\-@\t\r|%]")


def export(
    folder: Path, config: Mapping[str, Any], name: str, to: str, *, out: Path | None, identities: bool, now: str, force: bool
) -> list[Path]:
    """Write every table of a stored finding in one format; nothing is written if any file is in the way without ``force``."""
    if to not in FORMATS:
        raise BadValue(f"format is {to!r}; use one of {', '.join(FORMATS)}")
    if out is not None:
        check_place(folder, out)
    finding = running.stored(folder, [name])[0]
    if not identities:
        finding = masked(finding, partial(pseudonym, salt=config["salt"]))
    place = out or folder / "exports" / name
    files: dict[str, Path]
    if to in _NETWORKS:
        network = read(finding)
        if network is None:
            raise UsageError(f"{to} does not apply to {name}: it publishes no network; use one of {', '.join(_WRITERS)}")
        told = tell(finding, network, created=str(config.get("created", "")), pseudonyms=not identities)
        ending, write_network = _NETWORKS[to]
        files = {"edges": place / f"edges.{ending}"}
        writers = {"edges": partial(write_network, network, told)}
    else:
        tables = {"units": _units(finding)} | finding.tables
        files = {n: place / f"{n}.{to}" for n in tables}
        writers = {n: partial(_WRITERS[to], n, table) for n, table in tables.items()}
    there = [str(f) for f in files.values() if f.exists()]
    if there and not force:
        raise UsageError(f"{there[0]} is there already; add --force to replace it, or name another folder with --out")
    place.mkdir(parents=True, exist_ok=True)
    if identities:
        store.note(folder, now, f"export with identities: {name} as {to}")
    for table_name, file in files.items():
        temporary = file.with_name(f".{file.name}.new")
        temporary.unlink(missing_ok=True)
        writers[table_name](temporary)
        temporary.replace(file)
    return list(files.values())


def _units(finding: Finding) -> pa.Table:
    if not finding.units:
        return pa.table({"analysis": pa.array([], pa.string())})
    names = list(dict.fromkeys(key for unit in finding.units for key in unit))
    return pa.table({n: _column([_told(unit.get(n)) for unit in finding.units]) for n in names})


def _told(value: Any) -> Any:
    """Say a sentence kept as a key and its values, in English: exported tables are in one language."""
    if isinstance(value, dict) and set(value) == {"key", "args"}:
        return say(Message(value["key"], value["args"]), "en")
    return value


def _column(values: list[Any]) -> pa.Array:
    """Make one column; values of several types, or nested ones, are written as JSON text."""
    kinds = {type(v) for v in values if v is not None}
    if kinds <= {int, float}:
        return pa.array(values, pa.float64() if float in kinds else pa.int64())
    if len(kinds) == 1 and not kinds & {dict, list, tuple}:
        return pa.array(values)
    return pa.array(
        [None if v is None else v if isinstance(v, str) else msgspec.json.encode(v).decode() for v in values], pa.string()
    )


def harmless(value: object) -> object:
    """Put an apostrophe before text a spreadsheet would run as a formula."""
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value


def _csv(name: str, table: pa.Table, file: Path) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(table.column_names)
        for batch in table.to_batches(max_chunksize=BATCH):
            writer.writerows([harmless(_flat(v)) for v in row.values()] for row in batch.to_pylist())


def _parquet(name: str, table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, compression="zstd")


def _json(name: str, table: pa.Table, file: Path) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(table.to_pylist()), indent=1))


def _sqlite(name: str, table: pa.Table, file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        quoted = ", ".join('"' + c.replace('"', '""') + '"' for c in table.column_names)
        db.execute(f'CREATE TABLE "{name}" ({quoted})')
        marks = ", ".join("?" * table.num_columns)
        db.executemany(
            f'INSERT INTO "{name}" VALUES ({marks})', [tuple(_flat(v) for v in row.values()) for row in table.to_pylist()]
        )
        db.commit()


def _flat(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, (dict, list, tuple)) else value


_WRITERS: dict[str, Callable[[str, pa.Table, Path], None]] = {"csv": _csv, "parquet": _parquet, "json": _json, "sqlite": _sqlite}
_NETWORKS: dict[str, tuple[str, Callable[[Network, Told, Path], None]]] = {
    "graphml": ("graphml", graphml),
    "gexf": ("gexf", gexf),
    "stix": ("stix.json", stix),
    "misp": ("misp.json", misp),
}
FORMATS = (*_WRITERS, *_NETWORKS)
