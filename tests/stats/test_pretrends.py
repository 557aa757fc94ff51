"""Are bounds under drift those of another program, do they hold the truth, and does an effect break down where it should?"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agorascope.stats.pretrends import estimate, robust

from .panels import ar_panel

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/pretrends.json").read_text())["cases"]
FIRST = np.arange(21) < 1
LATE = np.arange(38) >= 27


def _steps(blocks: int) -> np.ndarray:
    return np.diff(np.eye(blocks + 1), axis=0)[:-1]


@pytest.mark.parametrize("case", GOLDEN)
def test_the_set_equals_diff_diff(case: dict[str, Any]) -> None:
    """The identified set is that of HonestDiD, and the interval at Mbar = 0; beyond, ours counts the error before too."""
    means = np.array(case["means"])
    found = robust(means, np.array(case["covariance"]), _steps(len(means) - 1), case["mbar"], 1.959963985)
    assert case["set"] == pytest.approx([found.set_low, found.set_high], abs=1e-7)
    assert case["mbar"] > 0 or case["interval"] == pytest.approx([found.low, found.high], abs=1e-6)


@pytest.mark.parametrize(("rho", "slope", "at"), [(0.3, 0.0, 0), (0.6, 0.0, 0), (0.3, 0.02, 2), (0.6, 0.05, 2)])
def test_intervals_hold_the_truth(rho: float, slope: float, at: int) -> None:
    """Over 300 worlds, without drift at Mbar 0, with a steady drift at Mbar 1: 0 lies within in 92 % or more."""
    held = []
    for seed in range(300):
        y = ar_panel(np.random.default_rng(seed), 21, 38, rho=rho, sd=0.3)
        y[0] += slope * np.arange(38)
        bounds = estimate(y, FIRST, LATE).bounds[at]
        held.append(bounds.low <= 0 <= bounds.high)
    assert np.mean(held) >= 0.92


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_clear_effect_has_a_breakdown(sign: float) -> None:
    """A shift of 2 survives some drift, in both directions; at the breakdown the interval touches 0."""
    y = ar_panel(np.random.default_rng(1), 21, 38, rho=0.3, sd=0.2) + sign * 2 * np.outer(FIRST, LATE)
    found = estimate(y, FIRST, LATE)
    edge = estimate(y, FIRST, LATE, mbars=[found.breakdown]).bounds[0]
    assert 0.5 < found.breakdown < 50
    assert pytest.approx(0, abs=1e-3) == (edge.low if sign > 0 else edge.high)


def test_a_trend_breaks_at_its_own_speed() -> None:
    """A straight drift without noise to speak of looks like an effect at Mbar 0, is gone at Mbar 1, and the line sees no effect."""
    y = ar_panel(np.random.default_rng(2), 21, 38, rho=0.0, sd=1e-3)
    y[0] += 0.1 * np.arange(38)
    found = estimate(y, FIRST, LATE, mbars=[0, 1])
    assert (True, True) == (found.bounds[0].low > 0, found.bounds[1].low <= 0 <= found.bounds[1].high)
    assert (1.0, 0.0) == (pytest.approx(found.breakdown, abs=0.5), pytest.approx(found.line_tau, abs=1e-2))


def test_no_effect_has_no_breakdown() -> None:
    """Where the interval holds 0 already without drift, there is nothing to break: nan."""
    y = ar_panel(np.random.default_rng(3), 21, 38, rho=0.3, sd=0.3)
    assert np.isnan(estimate(y, FIRST, LATE).breakdown)


def test_short_series_are_refused() -> None:
    """Fewer than 6 periods before tell nothing of drift."""
    with pytest.raises(ValueError, match="needs 6"):
        estimate(np.zeros((3, 8)), np.arange(3) < 1, np.arange(8) >= 5)
