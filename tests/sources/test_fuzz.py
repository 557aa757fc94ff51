"""Is any record ever lost? Ten thousand mutated records of each source go through a real case, and all are accounted for.

What is counted as read is what was written, and read = accepted + duplicates + quarantined, with a reason for each refusal.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agorascope import Case, new_case
from agorascope.errors import InputError
from agorascope.sources import sources
from agorascope.sources.reading import Plan, probe
from agorascope.sources.reading.probe import SAMPLE_ROWS

FIXTURES = Path(__file__).parent / "fixtures"
ROUNDS, RECORDS = 5, 2_000
JUNK: tuple[Any, ...] = (
    None, "", " ", 0, -1, 1e308, 2**70, True, [], {}, [None], [[{"a": 1}]], {"id": {"id": 1}}, "NaN", "1,234", "1e400", "٣",
    "9" * 40, "2024-13-45", "31/12/2024 25:61", "9999-12-31T23:59:59+14:00", "0001-01-01", "https://[::1", "@", "#", "\u202e",
    "\x00", "\ud7ff", "=HYPERLINK(1)", "<script>alert(1)</script>", "a\nb", 'a"b', "é" * 2_000, "𝕏", "null", "[", "{", "at://",
)  # fmt: skip

# Known by each month coming once, which the repeated rows of a fuzzed file break; its mapper is that of the other panels.
LEFT_OUT = "engagement_by_month.csv"
CASES = [(name, file) for file in sorted(FIXTURES.iterdir()) if file.name != LEFT_OUT and (name := probe(file).source)]
walk = pytest.mark.parametrize(("name", "file"), CASES, ids=[f"{name}-{file.name}" for name, file in CASES])
fuzzed = settings(
    max_examples=ROUNDS, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def test_every_source_is_fuzzed() -> None:
    """Each source has a fixture to mutate, and each is mutated ten thousand times."""
    assert set(sources()) == {name for name, _ in CASES}
    assert ROUNDS * RECORDS == 10_000


@walk
@fuzzed
@given(seed=st.integers(0, 2**32))
def test_no_mutated_record_is_lost(name: str, file: Path, seed: int) -> None:
    """Values and bytes of records are changed: as many records are read as were written, each a row, a duplicate or refused."""
    draw, plan = Random(seed), probe(file)
    with tempfile.TemporaryDirectory() as folder:
        mutated, written = _written(Path(folder) / f"mutated{file.suffix}", plan, draw)
        _check(new_case(Path(folder) / "case", salt="fuzz"), mutated, name, written)


@walk
@settings(fuzzed, max_examples=3)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_no_traceback(name: str, file: Path, seed: int) -> None:
    """Bytes anywhere in a file are changed, quotes and line ends too: what is read is still accounted for."""
    draw = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        damaged = Path(folder) / f"damaged{file.suffix}"
        sound = _rows(probe(file), draw, 0)[0] if probe(file).shape == "csv" else file.read_bytes()
        damaged.write_bytes(sound + b"".join(_damaged(draw, file.read_bytes(), b"") for _ in range(20)))
        _check(new_case(Path(folder) / "case", salt="fuzz"), damaged, name, None)


@pytest.mark.parametrize("hostile", ["[" * 100_000, '{"a":' * 10_000, "[" * 100_000 + "]" * 100_000, '{"a": ' + "[" * 100_000])
def test_a_first_line_nested_too_deep_is_a_line_that_cannot_be_read(tmp_path: Path, hostile: str) -> None:
    """Nested a hundred thousand deep, it is refused in one line, or quarantined beside the records that can be read."""
    alone, beside = tmp_path / "alone.jsonl", tmp_path / "beside.jsonl"
    alone.write_text(hostile, "utf-8")
    with pytest.raises(InputError):
        probe(alone)
    beside.write_text(hostile + "\n" + '{"post_id": "1", "author": "ann", "text": "hi"}\n' * 9, "utf-8")
    added = new_case(tmp_path / "case").add(beside, format="generic")[0]
    assert (10, 1) == (added.read, added.quarantined)


def _check(case: Case, file: Path, name: str, written: int | None) -> None:
    added = case.add(file, format=name)[0]
    assert added.read == added.accepted + added.duplicates + added.quarantined
    assert added.read == (added.read if written is None else written)
    refused = case.quarantine()
    assert added.quarantined == len(refused)
    assert all((row.file, row.line >= 1, bool(row.reason.strip())) == (file.name, True, True) for row in refused)
    assert all(isinstance(row.raw, bytes) and row.record >= 1 for row in refused)
    case.corpus()


def _written(target: Path, plan: Plan, draw: Random) -> tuple[Path, int]:
    """Write a file of the fixture's records, then of mutated ones; give it and the number of its records."""
    write: Callable[[Plan, Random, int], tuple[bytes, int]] = _rows if plan.shape == "csv" else _lines
    content, records = write(plan, draw, RECORDS)
    target.write_bytes(content)
    return target, records


def _lines(plan: Plan, draw: Random, records: int) -> tuple[bytes, int]:
    lines = [line for line in plan.path.read_bytes().splitlines() if line.strip()]
    mutated = list(lines)
    while len(mutated) < len(lines) + records:
        line = draw.choice(lines)
        value = msgspec.json.decode(line)
        changed = msgspec.json.encode(_mutated(draw, value)) if draw.random() < 0.7 else _damaged(draw, line, b"\r\n")
        if changed.strip():
            mutated.append(changed)
    return b"\n".join(mutated) + b"\n", len(mutated)


def _mutated(draw: Random, value: Any) -> Any:
    """Put junk in one place of a JSON value, or take a field away."""
    if isinstance(value, dict) and value and draw.random() < 0.95:
        key = draw.choice(sorted(value))
        if draw.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return value | {key: _mutated(draw, value[key])}
    if isinstance(value, list) and value and draw.random() < 0.8:
        place = draw.randrange(len(value))
        return [*value[:place], _mutated(draw, value[place]), *value[place + 1 :]]
    return draw.choice(JUNK)


def _damaged(draw: Random, line: bytes, spared: bytes) -> bytes:
    """Change, cut or double bytes; those of ``spared`` are never put in."""
    changed = bytearray(line)
    for _ in range(draw.randrange(1, 6)):
        place = draw.randrange(len(changed) + 1)
        match draw.randrange(3):
            case 0:
                del changed[place : place + draw.randrange(1, 30)]
            case 1:
                changed[place:place] = bytes(b for b in draw.randbytes(3) if b not in spared)
            case _:
                changed[place:place] = changed[max(0, place - 10) : place]
    return bytes(changed)


def _rows(plan: Plan, draw: Random, records: int) -> tuple[bytes, int]:
    """Write the header, sound rows enough to recognise the format by, then mutated rows."""
    text = plan.path.read_bytes().decode(plan.encoding).lstrip("\ufeff")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=plan.delimiter) if row]
    head, body = rows[: plan.skip + 1], rows[plan.skip + 1 :]
    mutated = [*body * (1 + SAMPLE_ROWS // len(body)), *_mutated_rows(draw, body, records)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=plan.delimiter).writerows([*head, *mutated])
    return out.getvalue().encode("utf-8", "replace"), len(mutated)


def _mutated_rows(draw: Random, body: list[list[str]], records: int) -> Iterator[list[str]]:
    for _ in range(records):
        row = list(draw.choice(body))
        for _ in range(draw.randrange(1, 4)):
            row[draw.randrange(len(row))] = str(draw.choice(JUNK))
        if draw.random() < 0.1:
            row = row[: draw.randrange(1, len(row) + 1)]
        if draw.random() < 0.05:
            row.append(str(draw.choice(JUNK)))
        yield row if len(row) > 1 or row[0].strip("\0") else ["x"]  # a line of nothing, or of NULs, is blank: no record
