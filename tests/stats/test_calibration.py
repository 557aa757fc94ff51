"""Is the stored calibration what it says: within the rate rule, on the page, looked up rightly, made by the analysis itself?"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from agorascope.analyses import _conversation_tops, conversation
from agorascope.calibration import load, nearest
from agorascope.findings import Calibration
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.null import NullWorld, make

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def harness() -> Iterator[ModuleType]:
    """Load ``benchmarks/calibrate.py``, which finds its neighbours beside it."""
    spec = importlib.util.spec_from_file_location("calibrate", ROOT / "benchmarks" / "calibrate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        spec.loader.exec_module(module)
        yield module


def test_no_cell_breaks_the_rate_rule() -> None:
    """In every cell the exact 99 % interval of the false-alarm rate contains the nominal rate or lies below it."""
    table = load("conversation")
    assert [] == [c["cell"] for c in table["cells"] if c["low"] > table["nominal"] or c["worlds"] < 500]


def test_the_page_shows_the_stored_table(harness: ModuleType) -> None:
    """The table on the page is that of the stored cells."""
    page = (ROOT / "docs" / "analyses" / "conversation.md").read_text("utf-8")
    assert harness.table(load("conversation")["cells"]) in page


def test_a_double_of_two_days_is_found_in_the_usual_world() -> None:
    """In a world of heavy tails, weeks and a slow trend, a planted doubling of two days is found nine times in ten."""
    cells = {c["cell"]: c for c in load("conversation")["cells"]}
    assert cells["d91-p20k-a2k"]["power"] >= 0.9


@pytest.mark.parametrize("days", [40, 14])
def test_worlds_are_reduced_as_cases_are(harness: ModuleType, days: int) -> None:
    """The harness's shortcut gives the same units as the engine's queries."""
    world, params = make(NullWorld(posts=2_000, days=days, authors=150), 3), conversation.Params(draws=99)
    corpus = memory_corpus(world)
    activity = conversation._reduce(corpus, params)
    ways = [(activity, _conversation_tops.objects(corpus, activity, most=20)), harness.reduced(world, most=20)]
    found = [conversation._estimate(a, p, params, before=a.bins // 2, after=a.bins // 2) for a, p in ways]
    assert found[0][0].episodes == found[1][0].episodes
    assert found[0][1] == found[1][1]


def test_the_nearest_cell_is_given() -> None:
    """A corpus like a cell's gets that cell, inside the grid."""
    cell = load("conversation")["cells"][0]
    found = nearest("conversation", **cell["descriptors"])
    assert (cell["cell"], True, cell["rate"]) == (found.cell, found.inside_grid, found.false_alarm_rate)


def test_far_from_all_cells_it_says_so() -> None:
    """A corpus a hundred times larger than any cell is outside the grid."""
    about = load("conversation")["cells"][0]["descriptors"]
    assert not nearest("conversation", **about | {"volume": 1e6}).inside_grid


def test_without_a_comparable_cell_nothing_is_claimed() -> None:
    """An unknown analysis, or a kind of corpus without cells, is not calibrated here."""
    about = load("conversation")["cells"][0]["descriptors"]
    assert Calibration() == nearest("unheard_of", volume=1.0) == nearest("conversation", **about | {"bin": "century"})


def test_reduced_worlds_need_no_engine(harness: ModuleType) -> None:
    """The shortcut keeps every post."""
    world = make(NullWorld(posts=500, authors=40, days=30), 1)
    activity, _ = harness.reduced(world, most=5)
    assert world["posts"].num_rows == np.sum(activity.counts)


@pytest.mark.parametrize("date", ["given", "searched"])
def test_planted_cells_are_never_looked_up(date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds with something planted have no descriptors and say nothing of false alarms."""
    null = {"cell": "quiet", "descriptors": {"accounts": 30.0, "date": date}, "worlds": 9, "power": None, "power_at": None}
    counted = {"rate": 0.03, "low": 0.01, "high": 0.05}
    table = {"nominal": 0.05, "cells": [{"cell": "loud", "worlds": 9}, null | counted]}
    monkeypatch.setattr("agorascope.calibration.load", lambda _: table)
    found = nearest("amplification", accounts=20.0, date=date)
    assert ("quiet", 0.03, True) == (found.cell, found.false_alarm_rate, found.inside_grid)
