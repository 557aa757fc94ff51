"""Which source reads this file, and how? The plan of a file, found from its first bytes or given by the user."""

import contextlib
import csv
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from agorascope.errors import BadValue, InputError, Unrecognised
from agorascope.sources import Sample, source, sources
from agorascope.sources.order import DateOrder

from .binary import refusal
from .bytes import HEAD_BYTES, compression, encoding, head
from .ragged import ragged

SAMPLE_ROWS = 200
HEADER_SEARCH = 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Plan:
    """Say how to read one file. ``shape`` is lines, document, csv or parquet; ``skip`` counts rows before the header.

    ``dates`` tells how numeric dates are read and whether the file proves it; None where it has none, or the user said.
    ``ragged`` says that rows of fewer cells than the header are the way this file is written, and not lines cut.
    """

    path: Path
    source: str
    shape: str
    sample: Sample
    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 0
    packed: bool = False
    dates: DateOrder | None = None
    ragged: bool = False


def probe(path: Path, *, format: str | None = None, columns: Path | None = None) -> Plan:
    """Find how to read a file: container and encoding by its bytes, source by asking each in turn.

    Raises InputError when it cannot be opened, is empty or of another kind (a workbook, an archive), Unrecognised when no
    source (or not the one named) knows it, with what it lacks for the nearest; UnknownName for an unknown format; BadValue
    for a bad ``columns`` file.
    """
    if not path.is_file():
        raise InputError(f"cannot open {path}: {'it is a folder' if path.is_dir() else 'no such file'}; name a file of posts")
    names, constants = read_columns(columns)
    start = head(path)
    if not start.strip():
        raise InputError(f"{path.name} is empty; nothing to read")
    if why := refusal(path.name, start):
        raise InputError(why)
    candidates = [source(format)] if format else list(sources().values())
    if start.startswith(b"PAR1"):
        return _choose([_parquet(path, names, constants)], candidates)
    coded = encoding(path)
    text = start.decode(coded, "replace")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return _choose(_json_plans(path, text, coded, names, constants), candidates)
    return _choose(_csv_plans(path, text, coded, names, constants), candidates)


def _choose(plans: Sequence[Plan], candidates: Sequence[ModuleType]) -> Plan:
    for plan in plans:
        for module in candidates:
            if plan.sample.container == module.CONTAINER and module.recognise(plan.sample) is None:
                from .dates import ordered
                from .deciding import decided

                return decided(ordered(replace(plan, source=module.NAME)))
    from .nearest import unrecognised

    raise Unrecognised(unrecognised(plans[0].path.name, [plan.sample for plan in plans], candidates))


def read_columns(path: Path | None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read a ``--columns`` file: ``canonical_name = "column"`` lines, constants under ``[constants]``. Raises BadValue.

    A name may have a dot: ``label.campaign = "Campagne"``.
    """
    if path is None:
        return {}, {}
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadValue(f'cannot read {path}: {error}; write lines like: text = "Message"') from error
    names = given.get("columns", {k: v for k, v in given.items() if k == "label" or not isinstance(v, dict)})
    names = flatten(names) if isinstance(names, dict) else names
    constants = given.get("constants", {})
    for section in (names, constants):
        if not isinstance(section, dict) or not all(isinstance(v, str) for v in section.values()):
            raise BadValue(f'{path}: every entry must be canonical_name = "column"; see agorascope explain generic')
    return names, constants


def _parquet(path: Path, names: Mapping[str, str], constants: Mapping[str, str]) -> Plan:
    try:
        file = pq.ParquetFile(path)
        none = pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
        first = microseconds(next(file.iter_batches(batch_size=SAMPLE_ROWS), none))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name} is damaged: {error}; fetch it again") from error
    rows = tuple(tuple(row.values()) for row in first.to_pylist())
    return Plan(path, "", "parquet", Sample(path.name, "table", tuple(first.schema.names), rows, (), names, constants))


def microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Cut times given in nanoseconds to µs, the unit of every table."""
    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            cut = batch.column(place).cast(pa.timestamp("us", column.type.tz), safe=False)
            batch = batch.set_column(place, column.name, cut)
    return batch


def _json_plans(path: Path, text: str, coded: str, names: Mapping[str, str], constants: Mapping[str, str]) -> list[Plan]:
    packed = compression(path) is not None
    values, lines = _first_values(text.lstrip("\ufeff"))
    shape = "lines" if lines else "document"
    if not lines and not values:
        values = _decoded(document(path, coded)[:SAMPLE_ROWS])
    as_json = Plan(path, "", shape, Sample(path.name, "json", (), (), tuple(values), names, constants), coded, packed=packed)
    objects = [v for v in values if isinstance(v, dict)]
    header = tuple(dict.fromkeys(key for v in map(flatten, objects) for key in v))
    rows = tuple(tuple(flatten(v).get(h) for h in header) for v in objects)
    as_table = Plan(path, "", shape, Sample(path.name, "table", header, rows, (), names, constants), coded, packed=packed)
    return [as_json, as_table]


def _first_values(text: str) -> tuple[list[Any], bool]:
    """Decode the first whole lines as JSON values; few lines that decode means one document over several lines."""
    split = [line for line in text.split("\n") if line.strip()]
    whole = (split if len(text) < HEAD_BYTES // 2 else split[:-1])[:SAMPLE_ROWS]
    objects = []
    for line in whole:
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError):
            continue
        if isinstance(value, dict):
            objects.append(value)
    if text.startswith("[") and len(objects) < len(whole) / 2:
        return [], False
    return objects, bool(objects)


def _decoded(raws: Iterable[msgspec.Raw]) -> list[Any]:
    """Decode the elements of a document; what is nested too deep to be read is left to the mapper, which says so."""
    values = []
    for raw in raws:
        with contextlib.suppress(RecursionError):
            values.append(msgspec.json.decode(raw))
    return values


def document(path: Path, coded: str) -> list[msgspec.Raw]:
    """Read a file that is one JSON value: the elements of an array, or the value itself. Memory O(file).

    Raises InputError where the document is not JSON.
    """
    from .bytes import blocks

    whole = b"".join(blocks(path)).decode(coded, "replace").lstrip("\ufeff").encode()
    try:
        if whole.lstrip()[:1] == b"[":
            return msgspec.json.decode(whole, type=list[msgspec.Raw])
        msgspec.json.decode(whole)
        return [msgspec.Raw(whole)]
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(f"{path.name} is not JSON: {error}; one JSON value per line, or one document, is read") from error


def flatten(value: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten a JSON object one level: ``{"user": {"name": "a"}}`` becomes ``{"user.name": "a"}``."""
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            flat |= {f"{key}.{k}": v for k, v in inner.items()}
        else:
            flat[key] = inner
    return flat


def resampled(plan: Plan, raws: Iterable[bytes]) -> Plan:
    """Give a plan whose sample is made from raw records kept of its file, so that dates are read as they were."""
    objects, header = [], plan.sample.header
    for raw in raws:
        try:
            objects.append(msgspec.json.decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    if plan.sample.container == "json":
        return replace(plan, sample=replace(plan.sample, values=tuple(objects)))
    flat = [value if plan.shape in ("csv", "parquet") else flatten(value) for value in objects if isinstance(value, dict)]
    return replace(plan, sample=replace(plan.sample, rows=tuple(tuple(value.get(name) for name in header) for value in flat)))


def _csv_plans(path: Path, text: str, coded: str, names: Mapping[str, str], constants: Mapping[str, str]) -> list[Plan]:
    packed = compression(path) is not None
    text = text.lstrip("\ufeff")
    delimiter = _delimiter(text)
    whole = len(text) < HEAD_BYTES // 2
    lines = text.splitlines(keepends=True)
    try:
        reader = csv.reader(io.StringIO("".join(lines if whole else lines[:-1]), newline=""), delimiter=delimiter)
        rows = [row for row in reader if row][: SAMPLE_ROWS + HEADER_SEARCH]
    except csv.Error as error:
        raise InputError(f"{path.name} is neither JSON, Parquet nor a table: {error}") from error
    plans = []
    for skip, row in enumerate(rows[:HEADER_SEARCH]):
        if sum(1 for cell in row if cell.strip()) < (1 if skip == 0 else 3):
            continue
        header = unique(row)
        below = rows[skip + 1 : skip + 1 + SAMPLE_ROWS]
        body = tuple(tuple(cells(r, len(header))) for r in below)
        sample = Sample(path.name, "table", header, body, (), names, constants)
        plans.append(Plan(path, "", "csv", sample, coded, delimiter, skip, packed, ragged=ragged(below, len(header), constants)))
    if not plans:
        raise InputError(f"{path.name} has no header row; the first row must name the columns")
    return plans


def _delimiter(text: str) -> str:
    """Choose the delimiter that cuts the first lines into the most columns, evenly."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    return max(
        _DELIMITERS,
        key=lambda d: (sorted(line.count(d) for line in lines)[len(lines) // 2], lines[0].count(d), -_DELIMITERS.index(d)),
    )


def unique(row: Sequence[str]) -> tuple[str, ...]:
    """Make column names unique: a second ``date`` becomes ``date.2``; an unnamed one ``column.3``."""
    seen: dict[str, int] = {}
    names = []
    for position, name in enumerate(row, 1):
        clean = name.strip().lstrip("\ufeff") or f"column.{position}"
        seen[clean] = seen.get(clean, 0) + 1
        names.append(clean if seen[clean] == 1 else f"{clean}.{seen[clean]}")
    return tuple(names)


def cells(row: Sequence[str], width: int) -> list[str | None]:
    """Fit a row to the header's width: short rows end in None; cells are kept as written, empty ones become None."""
    fitted: list[str | None] = [cell or None for cell in row[:width]]
    return fitted + [None] * (width - len(fitted))
