"""Does a table source give rows or a reason, whatever stands in its cells?"""

import math
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agorascope.errors import BadRecord
from agorascope.records import TABLES, to_arrow
from agorascope.sources import source
from agorascope.sources.reading.probe import probe
from tests.sources.tables import FIXTURES

FILES = [*sorted(file.name for file in FIXTURES.iterdir() if file.suffix == ".csv"), "generic.jsonl"]
REASONS = (BadRecord, msgspec.MsgspecError, ValueError, UnicodeDecodeError)
_TABLE_OF = {struct: name for name, struct in TABLES.items()}
WORDS = [
    "", " ", "-1", "1,234", "1.234", "NaN", "inf", "1e400", "9" * 40, "2024-01-01T00:00:00Z", "31/12/2024",
    "99/99/9999", "24:61", "2024-13", "0", "٣", "²", "https://", "https://[::1", "http://x.com/a/status/1", "[", "[]",
    "['a', 'b']", "@", "#", "RT @", "RT @a:", "\u202e", "\x00", "=1+1", "<script>", "Wed Jan 32 25:61:61 +9999 2009",
    "1970-01-01", "0001-01-01", "9999-12-31T23:59:59+14:00", "é" * 300, "𝕏", "1.5E+18",
]  # fmt: skip
JUNK = st.one_of(
    st.sampled_from(WORDS),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.datetimes() | st.dates(),
    st.lists(st.text(max_size=4) | st.integers() | st.none(), max_size=3),
)


@cache
def bound(file: str) -> tuple[Any, Any]:
    """Bind a fixture's source to it; give the sample and the mapper."""
    plan = probe(FIXTURES / file)
    return plan.sample, source(plan.source).mapper(plan.sample)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mutated_row_is_rows_or_a_reason(file: str, data: st.DataObject) -> None:
    """Whatever a cell holds, the mapper gives rows Arrow can store, or one of its reasons."""
    sample, map_row = bound(file)
    row = list(data.draw(st.sampled_from(sample.rows)))
    for position in data.draw(st.lists(st.integers(0, len(row) - 1), min_size=1, max_size=4)):
        row[position] = data.draw(JUNK)
    row = row[: data.draw(st.integers(0, len(row)) | st.just(len(row)))]
    for record in _mapped(map_row, row):
        to_arrow(_TABLE_OF[type(record)], [record])
        assert all(math.isfinite(v) for n in record.__struct_fields__ if isinstance(v := getattr(record, n), float))


def _mapped(map_row: Any, row: list[Any]) -> Any:
    try:
        return map_row(row)
    except REASONS:
        return []
