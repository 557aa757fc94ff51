"""How does a file enter a case? Probe, hash, read in pieces, commit in batches; and again for what was quarantined."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from agorascope import store
from agorascope.errors import CaseError
from agorascope.sources import Sample
from agorascope.sources.reading import SAMPLE_ROWS, TASK_BYTES, TASK_ROWS, Plan, probe, read, remap, remarks, resampled
from agorascope.store.hashes import HashSet
from agorascope.store.ingest import Added
from agorascope.texts import message

Progress = Callable[[str, int], None]


def add(
    folder: Path,
    files: Sequence[Path],
    *,
    format: str | None = None,
    columns: Path | None = None,
    on_progress: Progress | None = None,
) -> list[Added]:
    """Add files in order; every file is recognised before the first row is written."""
    plans = [probe(file, format=format, columns=columns) for file in files]
    seen: dict[str, HashSet] = {}
    chosen = format is not None or columns is not None
    with store.lock(folder):
        return [_add_one(folder, plan, seen, on_progress, chosen=chosen) for plan in plans]


def retry(folder: Path, *, columns: Path | None = None) -> list[Added]:
    """Map the quarantined records of every file again, with the mapper as it is now.

    Other ``columns`` are taken only for a file of which nothing was accepted: else its rows would be read in two ways.
    """
    results = []
    with store.lock(folder):
        for file_id, stored in store.quarantine_files(folder):
            before = store.added(folder, file_id)
            if columns is not None and before.accepted + before.duplicates:
                raise CaseError(
                    f"{before.accepted + before.duplicates} records of {before.name} were read under other columns; "
                    "make the case again with --columns, so that all are read alike"
                )
            plan = resampled(_plan(stored, columns), store.beginning(folder, file_id, SAMPLE_ROWS))
            rejects = list(store.quarantine_rows(folder, file_id))
            ingest = store.resume_quarantined(folder, file_id)
            ingest.replace(remap(plan, rejects))
            results.append(store.added(folder, file_id))
    return results


def _add_one(folder: Path, plan: Plan, seen: dict[str, HashSet], on_progress: Progress | None, *, chosen: bool) -> Added:
    with read(plan) as pieces:
        started = store.begin(
            folder,
            sha256=_sha256(plan.path),
            name=_readable(plan.path.name),
            size=plan.path.stat().st_size,
            source=plan.source,
            plan=_described(plan),
            chosen=chosen,
            seen=seen,
        )
        if isinstance(started, Added):
            return started
        records = 0
        for piece in pieces:
            started.take(piece)
            records += piece.records
            if on_progress is not None:
                on_progress(plan.path.name, records)
    started.finish()
    counted, said = store.added(folder, started.file_id), remarks(plan)
    if started.held > counted.accepted + counted.duplicates:
        said.append(message("sources.held", posts=started.held))
    return replace(counted, remarks=tuple(said))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _described(plan: Plan) -> bytes:
    sample = plan.sample
    kept: dict[str, Any] = {
        "source": plan.source,
        "shape": plan.shape,
        "encoding": plan.encoding,
        "delimiter": plan.delimiter,
        "skip": plan.skip,
        "name": _readable(sample.name),
        "container": sample.container,
        "header": sample.header,
        "columns": dict(sample.columns),
        "constants": dict(sample.constants),
        "cut": (TASK_BYTES, TASK_ROWS),
    }
    return msgspec.json.encode(kept)


def _readable(name: str) -> str:
    """Give a file's name with a ``?`` for each byte that is not UTF-8."""
    return name.encode("utf-8", "replace").decode()


def _plan(stored: bytes, columns: Path | None) -> Plan:
    from agorascope.sources.reading.probe import read_columns

    kept = msgspec.json.decode(stored)
    if columns is not None:
        kept["columns"], constants = read_columns(columns)
        decided = {key: value for key, value in kept["constants"].items() if key == "date_order"}
        kept["constants"] = decided | dict(constants)
    if not kept["source"]:
        raise CaseError("the case does not say how this file was read; add the file again")
    sample = Sample(kept["name"], kept["container"], tuple(kept["header"]), (), (), kept["columns"], kept["constants"])
    return Plan(Path(kept["name"]), kept["source"], kept["shape"], sample, kept["encoding"], kept["delimiter"], kept["skip"])
