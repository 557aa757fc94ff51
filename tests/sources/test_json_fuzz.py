"""Does a JSON source give rows or a reason, whatever is done to its records?"""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agorascope.errors import BadRecord
from agorascope.sources import Sample, source

FIXTURES = Path(__file__).parent / "fixtures"
FILES = {
    "x_v2.jsonl": "x-v2",
    "x_v2_pages.jsonl": "x-v2",
    "x_v1.jsonl": "x-v1",
    "zeeschuimer.ndjson": "zeeschuimer",
    "jetstream.jsonl": "jetstream",
    "mastodon.jsonl": "mastodon",
}
REASONS = (BadRecord, msgspec.MsgspecError, ValueError, UnicodeDecodeError)
NESTED = [
    b'{"a":' * 200_000,
    b"[" * 200_000,
    b'{"id":"1","text":"","referenced_tweets":' + b'[{"id":"1","referenced_tweets":' * 3_000,
]


@cache
def lines(file: str) -> tuple[bytes, ...]:
    """Read the records of a fixture."""
    return tuple((FIXTURES / file).read_bytes().splitlines())


@cache
def mapper(file: str) -> Any:
    """Bind a fixture's source to it."""
    sample = Sample(file, "json", values=tuple(msgspec.json.decode(line) for line in lines(file)))
    return source(FILES[file]).mapper(sample)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("payload", [*NESTED, b"", b"null", b"[]", b"1", b'"a"', b"{}", b"\xff\xfe", b"\x00"])
def test_what_is_no_record_gives_a_reason(file: str, payload: bytes) -> None:
    """Nesting without end, an empty line or another type of value is refused in words."""
    with pytest.raises(REASONS, match=r"\w"):
        mapper(file)(payload)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


def _mutate(value: Any, path: list[int], junk: Any) -> Any:
    """Put junk somewhere inside a JSON value, the path choosing the way down."""
    if not path or not isinstance(value, (dict, list)) or not value:
        return junk
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _mutate(value[key], path[1:], junk)
    return copy


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mutated_record_is_rows_or_a_reason(file: str, data: st.DataObject) -> None:
    """Whatever stands in a field, or wherever a line is cut, the mapper gives storable rows or one of its reasons."""
    line = data.draw(st.sampled_from(lines(file)))
    path, junk = data.draw(st.lists(st.integers(0, 30), min_size=1, max_size=7)), data.draw(JUNK)
    payload = msgspec.json.encode(_mutate(msgspec.json.decode(line), path, junk))
    cut = data.draw(st.one_of(st.just(len(payload)), st.integers(0, len(payload))))
    try:
        found = mapper(file)(payload[:cut])
    except REASONS:
        return
    for row in found:
        assert row == msgspec.convert(msgspec.to_builtins(row), type(row))
        msgspec.json.encode(row)
