"""How does a file enter a case? Probe, hash, read in pieces, commit in batches."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from agorascope import store
from agorascope.sources.reading import TASK_BYTES, TASK_ROWS, Plan, probe, read, remarks
from agorascope.store import Added
from agorascope.store.hashes import HashSet
from agorascope.texts import message

from .spelling import spelt_twice

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


def _add_one(folder: Path, plan: Plan, seen: dict[str, HashSet], on_progress: Progress | None, *, chosen: bool) -> Added:
    with read(plan) as pieces:
        started = store.begin(
            folder,
            sha256=_sha256(plan.path),
            name=_readable(plan.path.name),
            size=plan.path.stat().st_size,
            source=plan.source,
            plan=described(plan),
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
    if plan.source in ("groups", "graph"):
        said += spelt_twice(folder, started.file_id)
    refusals = store.quarantine_kinds(folder, started.file_id)
    return replace(counted, remarks=tuple(said), refusals=tuple(refusals))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described(plan: Plan) -> bytes:
    """Write how a file is read, as the case keeps it."""
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
