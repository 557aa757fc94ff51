"""Can what was quarantined be read now? File by file, with the mapper as it is now, or under other columns.

Other columns are for the files whose header has them. A file of which rows were accepted already is read under others only
where those rows come out the same: else one file would be read in two ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from agorascope import store
from agorascope.errors import BadValue, CaseError
from agorascope.pieces import Quarantined
from agorascope.sources import Sample, source
from agorascope.sources.columns import has_column, lacked
from agorascope.sources.reading import SAMPLE_ROWS, Plan, decided, remap, resampled
from agorascope.sources.reading.probe import read_columns
from agorascope.sources.reading.ragged import check_short_rows
from agorascope.sources.used import columns_used
from agorascope.store import Added, Refusals
from agorascope.texts import Message, message

from .adding import described

_FREE = ("short_rows",)
"""Constants that change which rows are read, never what a row says."""

_DECIDED = ("votes",)
"""Constants that a source decides from the first rows of a file."""

Given = tuple[Mapping[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class Retried:
    """Say what came of a file's quarantined records: how many were ``tried`` and ``recovered``, why the others are ``refused``.

    ``left`` says why a file was left as it was; nothing was tried then.
    """

    name: str
    tried: int
    recovered: int
    refused: int
    refusals: tuple[Refusals, ...] = ()
    left: Message | None = None


def retry(folder: Path, *, columns: Path | None = None) -> list[Retried]:
    """Map the quarantined records of every file again, with the mapper as it is now, or under other ``columns``.

    Raises BadValue where no file that waits has a column of ``columns``.
    """
    given = None if columns is None else read_columns(columns)
    if given is not None:
        check_short_rows(given[1])
    with store.lock(folder):
        plans = [(file_id, _plan(stored)) for file_id, stored in store.quarantine_files(folder)]
        if given is not None:
            _check_named(given[0], [plan.sample for _, plan in plans])
        return [_retry_one(folder, file_id, plan, given) for file_id, plan in plans]


def _check_named(names: Mapping[str, str], waiting: Sequence[Sample]) -> None:
    tables = [sample for sample in waiting if sample.container == "table"]
    for canonical, column in names.items():
        if tables and not any(has_column(sample, column) for sample in tables):
            seen = "; ".join(f"{sample.name}: {', '.join(sample.header)}" for sample in tables)
            raise BadValue(
                f"--columns gives {column!r} for {canonical}, but no file with quarantined records has that column; seen: {seen}"
            )


def _retry_one(folder: Path, file_id: int, plan: Plan, given: Given | None) -> Retried:
    before = store.added(folder, file_id)
    beginning = store.beginning(folder, file_id, SAMPLE_ROWS)
    old = decided(resampled(plan, beginning))
    new = old if given is None else _under(old, given, beginning)
    left = None if given is None else _left(folder, file_id, before, old, new)
    if left is not None:
        return Retried(before.name, 0, 0, before.quarantined, left=left)
    rejects = list(store.quarantine_rows(folder, file_id))
    ingest = store.resume_quarantined(folder, file_id)
    ingest.replace(remap(new, rejects), None if given is None else described(new))
    after = store.added(folder, file_id)
    recovered = before.quarantined - after.quarantined
    return Retried(before.name, len(rejects), recovered, after.quarantined, tuple(store.quarantine_kinds(folder, file_id)))


def _left(folder: Path, file_id: int, before: Added, old: Plan, new: Plan) -> Message | None:
    """Say why a file is not read under other columns; None where it is."""
    sample = new.sample
    if sample.container != "table":
        return message("case.retry.no_columns", source=new.source)
    if missing := [column for column in sample.columns.values() if not has_column(sample, column)]:
        return message("case.retry.without", columns=missing)
    module = source(new.source)
    if strange := lacked(sample, getattr(module, "NAMES", None) or module.COLUMNS):
        return message("case.retry.strange", names=strange, source=new.source)
    kept = before.accepted + before.duplicates
    if not kept or _bound_alike(old, new) or (not before.duplicates and _read_alike(folder, file_id, old, new)):
        return None
    return message("case.retry.two_ways", kept=kept)


def _bound_alike(old: Plan, new: Plan) -> bool:
    """Say whether the same columns are read, under the same constants: what was accepted then means the same."""
    constants = [{k: v for k, v in plan.sample.constants.items() if k not in _FREE} for plan in (old, new)]
    return constants[0] == constants[1] and columns_used(old.sample, old.source) == columns_used(new.sample, new.source)


def _read_alike(folder: Path, file_id: int, old: Plan, new: Plan) -> bool:
    """Map the accepted records of a file in both ways; say whether every row comes out the same. Duplicates are not kept raw."""
    nothing = message("reasons.written", text="")
    for records in store.raw_records(folder, file_id):
        again = [Quarantined(record, 0, nothing, raw) for record, raw in records]
        one, other = remap(old, again), remap(new, again)
        if one.quarantined or other.quarantined or one.tables != other.tables:
            return False
    return True


def _plan(stored: bytes) -> Plan:
    kept = msgspec.json.decode(stored)
    if not kept["source"]:
        raise CaseError("the case does not say how this file was read; add the file again")
    sample = Sample(kept["name"], kept["container"], tuple(kept["header"]), (), (), kept["columns"], kept["constants"])
    return Plan(Path(kept["name"]), kept["source"], kept["shape"], sample, kept["encoding"], kept["delimiter"], kept["skip"])


def _under(plan: Plan, given: Given, beginning: Sequence[bytes]) -> Plan:
    """Give a plan under other columns, which rule over what was found when the file was added.

    Else the order of its dates stays, and what its first rows decided stays where the same columns are read.
    """
    names, constants = given
    old, found = plan.sample.constants, ["date_order"]
    new = resampled(replace(plan, sample=replace(plan.sample, columns=names, constants={})), beginning)
    if any(not has_column(new.sample, column) for column in names.values()):
        return new
    if columns_used(plan.sample, plan.source) == columns_used(new.sample, plan.source):
        found += _DECIDED
    kept = {key: old[key] for key in found if key in old}
    return decided(replace(new, sample=replace(new.sample, constants=kept | dict(constants))))
