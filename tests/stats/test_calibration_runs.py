"""Does the harness of the calibrations count, store and show as it says, and the amplification's look at its worlds rightly?"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agorascope.calibration import load
from agorascope.worlds.audience_cells import COVERAGE_CELLS, NULL_CELLS, POWER_CELLS, Cell, worlds_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def runs() -> Iterator[ModuleType]:
    """Import ``benchmarks/calibrate_amplification.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        import calibrate_amplification

        yield calibrate_amplification


@pytest.fixture(scope="module")
def harness(runs: ModuleType) -> ModuleType:
    """Give ``benchmarks/calibration.py``."""
    return sys.modules["calibration"]


def named(cells: tuple[Cell, ...], name: str, worlds: int) -> Cell:
    """Take the first worlds of one cell."""
    return next(cell for cell in cells if cell.name == name)._replace(worlds=worlds)


def test_rates_have_exact_intervals(harness: ModuleType) -> None:
    """Nothing of 1,000 is at most 0.53 %; five of ten lie between 0.13 and 0.87 (Clopper and Pearson, 99 %)."""
    assert {"rate": 0.0, "low": 0.0, "high": 0.0053} == harness.rate(0, 1_000)
    assert {"rate": 0.5, "low": 0.1283, "high": 0.8717} == harness.rate(5, 10)


def test_middles_are_common_or_median(harness: ModuleType) -> None:
    """Of texts the commonest, of numbers the median to four digits."""
    assert ("b", 2.0, 3.333) == (harness.middle(["b", "a", "b"]), harness.middle([1, 2, 9]), harness.middle([10 / 3]))


def test_a_cell_replaces_its_old_measure(harness: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells stay in their order, the new one in its place, and the table goes between the marks."""
    for folder in ("src/agorascope/calibration", "docs/analyses"):
        (tmp_path / folder).mkdir(parents=True)
    page = tmp_path / "docs/analyses/x.md"
    page.write_text(f"head\n{harness.BEGIN}\nold\n{harness.END}\ntail\n", "utf-8")
    monkeypatch.setattr(harness, "ROOT", tmp_path)
    for name, value in (("b", 1), ("a", 2), ("b", 3)):
        harness.keep("x", {"cell": name, "rate": value}, ["a", "b"], lambda cells: f"{len(cells)} cells\n")
    assert [{"cell": "a", "rate": 2}, {"cell": "b", "rate": 3}] == harness.stored("x")
    assert f"head\n{harness.BEGIN}\n2 cells\n{harness.END}\ntail\n" == page.read_text("utf-8")
    assert 0.05 == json.loads((tmp_path / "src/agorascope/calibration/x.json").read_text("utf-8"))["nominal"]


def test_two_processes_see_what_one_sees(runs: ModuleType, harness: ModuleType) -> None:
    """Results come in the order of the worlds, however many processes look."""
    worlds = list(worlds_of(named(NULL_CELLS, "plain_30", 4)))
    assert harness.each(runs.look_found, worlds, jobs=1) == harness.each(runs.look_found, worlds, jobs=2)


@pytest.mark.parametrize(
    ("kind", "cells", "name"),
    [("null", NULL_CELLS, "plain_10"), ("planted", COVERAGE_CELLS, "push_2"), ("power", POWER_CELLS, "noise_0.2_size_2.0")],
)
def test_cells_are_counted_over_their_seeds(runs: ModuleType, kind: str, cells: tuple[Cell, ...], name: str) -> None:
    """A cell tells its worlds and seeds; ten accounts are never found, pushes of two mostly."""
    cell = named(cells, name, 5)
    found = runs.measured(kind, cell, jobs=1)
    assert (kind, name, 5, [cell.first_seed, cell.first_seed + 4]) == tuple(found[k] for k in ("kind", "cell", "worlds", "seeds"))
    assert (found["rate"] == 0.0) if kind == "null" else (found.get("found", found.get("rate")) >= 0.4)


def test_null_cells_have_the_power_beside_them(runs: ModuleType) -> None:
    """A null cell shows what is found where the like is planted."""
    null: dict[str, Any] = {"kind": "null", "cell": "plain_30", "power": None, "power_at": None}
    planted = {"kind": "planted", "cell": "push_1.5", "found": 0.64}
    cells = runs.ordered({("planted", "push_1.5"): planted, ("null", "plain_30"): null})
    assert [null | {"power": 0.64, "power_at": "x1.5"}, planted] == cells


def test_the_page_shows_the_stored_cells(runs: ModuleType) -> None:
    """The tables on the page are those of the stored cells."""
    assert runs.page(load("amplification")["cells"]) in (ROOT / "docs/analyses/amplification.md").read_text("utf-8")


def test_no_null_cell_breaks_the_rate_rule() -> None:
    """In every null cell the exact 99 % interval of the false-alarm rate contains the nominal rate or lies below it."""
    table = load("amplification")
    null = [c for c in table["cells"] if c["kind"] in ("null", "searched")]
    assert [] == [(c["kind"], c["cell"]) for c in null if c["low"] > table["nominal"] or c["worlds"] < 1_000]


def test_intervals_hold_what_they_promise() -> None:
    """The 95 % interval of the effect holds the truth in 93 % of planted worlds or more, over cells in at most 97."""
    held = [c["interval_holds"] for c in load("amplification")["cells"] if c["kind"] == "planted"]
    assert min(held) >= 0.93
    assert 0.93 <= sum(held) / len(held) <= 0.97
