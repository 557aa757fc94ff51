"""Is every source whole? These tests walk the folder: a format that is not named here is tested all the same."""

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from agorascope.errors import BadRecord
from agorascope.records import Record
from agorascope.sources import Sample, sources
from agorascope.sources.reading import Plan, probe
from agorascope.texts import LANGUAGES, catalogue

FIXTURES = Path(__file__).parent / "sources" / "fixtures"
DOCS = Path(__file__).resolve().parents[1] / "docs" / "sources"
NAMES = sorted(sources())
FILES = sorted(file.name for file in FIXTURES.iterdir() if not file.name.startswith("."))
UNKNOWN = "zzz_unknown"
every = pytest.mark.parametrize("name", NAMES)


def fixtures(name: str) -> list[Path]:
    """List the fixtures named after a source: ``x_v2.jsonl`` and ``x_v2_pages.jsonl`` for x-v2."""
    return [FIXTURES / file for file in FILES if owner(file) == name]


def owner(file: str) -> str | None:
    """Name the source a fixture is named after, the longest name that fits."""
    stem = file.split(".")[0]
    fitting = [name for name in NAMES if stem == _module(name) or stem.startswith(_module(name) + "_")]
    return max(fitting, key=len, default=None)


def _module(name: str) -> str:
    return name.replace("-", "_")


def mapped(module: ModuleType, sample: Sample, payloads: list[Any]) -> list[list[Record]]:
    """Map every payload with the source bound to a sample; a refused record counts as none."""
    mapper = module.mapper(sample)
    return [_rows(mapper, payload) for payload in payloads]


def _rows(mapper: Any, payload: Any) -> list[Record]:
    try:
        return list(mapper(payload))
    except (BadRecord, ValueError, msgspec.MsgspecError):
        return []


def as_read(plan: Plan, *, extra: bool) -> tuple[Sample, list[Any]]:
    """Give a fixture's sample and its payloads, with a field nobody knows where ``extra``."""
    sample = plan.sample
    if sample.container == "table":
        header = (*sample.header, UNKNOWN) if extra else sample.header
        rows = [(*row, "?") if extra else row for row in sample.rows]
        return replace(sample, header=header, rows=tuple(rows)), [list(row) for row in rows]
    values = [value | {UNKNOWN: {"a": [1, None]}} if extra and isinstance(value, dict) else value for value in sample.values]
    return replace(sample, values=tuple(values)), [msgspec.json.encode(value) for value in values]


@every
def test_it_has_the_contract(name: str) -> None:
    """The module is named after the format, says what it reads and asks a question first."""
    module = sources()[name]
    assert _module(name) == module.__name__.rpartition(".")[2]
    assert module.CONTAINER in ("json", "table")
    assert "?" in (module.__doc__ or "").partition("\n")[0]


@every
@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_sentence_says_what_it_is(name: str, lang: str) -> None:
    """``agorascope sources`` has a sentence for it in the language."""
    assert catalogue(lang)[f"sources.about.{name}"].strip()


@every
def test_its_fixtures_are_read_as_it(name: str) -> None:
    """There is a fixture, and asked of all sources it is this one that is chosen."""
    assert fixtures(name)
    assert {file.name: name for file in fixtures(name)} == {file.name: probe(file).source for file in fixtures(name)}


@pytest.mark.parametrize("file", FILES)
def test_every_fixture_is_recognised(file: str) -> None:
    """No fixture lies about unread."""
    assert probe(FIXTURES / file).source in NAMES


@every
def test_its_page_shows_a_dated_shape(name: str) -> None:
    """Its page exists and says when the format was seen."""
    page = (DOCS / f"{name}.md").read_text("utf-8")
    assert re.search(r"seen (in )?20\d\d-\d\d", page), "say when the shape was seen: seen 2026-11"
    assert f"--format {name}" in page


@every
def test_an_unknown_field_changes_nothing(name: str) -> None:
    """A field or column nobody knows leaves every row as it was, and the format recognised or the column named as the reason."""
    for file in fixtures(name):
        plan = probe(file)
        before, after = as_read(plan, extra=False), as_read(plan, extra=True)
        assert UNKNOWN in (sources()[name].recognise(after[0]) or UNKNOWN)
        assert mapped(sources()[name], *before) == mapped(sources()[name], *after)
        assert any(mapped(sources()[name], *before))


@every
def test_its_refusal_is_one_short_reason(name: str) -> None:
    """Shown what it is not, it says why in a line a person can read."""
    strange = Sample("strange", sources()[name].CONTAINER, ("one", "two"), (("1", "2"),), ({"one": 1},))
    reason = sources()[name].recognise(strange)
    assert isinstance(reason, str)
    assert 0 < len(reason) < 300
    assert "\n" not in reason
