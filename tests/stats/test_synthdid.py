"""Does synthetic difference in differences equal other programs and brute force, cover, and say what it left out?"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from agorascope.stats.donors import complete
from agorascope.stats.synthdid import estimate, fit, simplex_weights

from .panels import ar_panel

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/synthdid.json").read_text())["cases"]
FIRST = np.arange(21) < 1
LATE = np.arange(38) >= 27


def _slow(columns: np.ndarray, target: np.ndarray, ridge: float) -> np.ndarray:
    def loss(w: np.ndarray) -> float:
        gap = columns @ w - target
        return float(((gap - gap.mean()) ** 2).sum() + ridge * (w**2).sum())

    n = columns.shape[1]
    limits = {"type": "eq", "fun": lambda w: w.sum() - 1}
    found = minimize(loss, np.full(n, 1 / n), method="SLSQP", bounds=[(0, 1)] * n, constraints=limits, options={"ftol": 1e-14})
    return np.asarray(found.x)


@pytest.mark.parametrize("case", GOLDEN, ids=[c["name"] for c in GOLDEN])
def test_it_equals_diff_diff(case: dict[str, Any]) -> None:
    """The effect is that of an independent program within its tolerance (5e-4); the ridge is the same number."""
    y = np.array(case["y"])
    found = fit(y[: case["treated"]], y[case["treated"] :], y.shape[1] - case["after"])
    assert case["tau"] == pytest.approx(found.tau, abs=5e-4)
    assert case["zeta"] == pytest.approx(found.zeta, rel=1e-12)
    assert np.array(case["units"]) == pytest.approx(found.units, abs=2e-4)


@pytest.mark.parametrize("seed", range(10))
def test_weights_equal_brute_force(seed: int) -> None:
    """On small problems the weights are those a general constrained optimiser finds."""
    rng = np.random.default_rng(seed)
    columns, target = rng.normal(0, 1, (9, 5)), rng.normal(0, 1, 9)
    assert _slow(columns, target, 0.7) == pytest.approx(simplex_weights(columns, target, 0.7), abs=1e-5)


def test_equal_donors_share_the_weight() -> None:
    """Donors that run exactly alike get one weight each; the target among donors gets nearly all of it when the ridge is small."""
    line = np.arange(6.0)
    assert [0.25] * 4 == pytest.approx(simplex_weights(np.tile(line[:, None], 4), line, 1.0).tolist())
    columns = np.stack([line, line**2, -line], axis=1)
    assert [0, 1, 0] == pytest.approx(simplex_weights(columns, line**2, 1e-12).tolist(), abs=1e-6)


def test_a_planted_effect_is_found_under_a_common_factor() -> None:
    """Where accounts follow a factor to unlike degrees, the mean of 100 estimates is the planted one within 4 standard errors."""
    taus = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        factor = np.outer(np.append(2.0, rng.uniform(0, 3, 20)), np.linspace(0, 1, 38))
        y = ar_panel(rng, 21, 38, rho=0.3, sd=0.2) + factor
        taus.append(estimate(y + 0.7 * np.outer(FIRST, LATE), FIRST, LATE).tau)
    assert pytest.approx(0.7, abs=0.1) == np.mean(taus)


def test_intervals_cover() -> None:
    """Over 300 worlds of 20 donors, rho .3, 91 to 98 % of the 95 % intervals hold the truth, and p is at most .05 in 2 to 8 %."""
    found = [estimate(ar_panel(np.random.default_rng(s), 21, 38, rho=0.3, sd=0.3), FIRST, LATE) for s in range(300)]
    assert 0.91 <= np.mean([f.low <= 0 <= f.high for f in found]) <= 0.98
    assert 0.02 <= np.mean([f.p_value <= 0.05 for f in found]) <= 0.08


def test_gaps_are_left_out_and_counted() -> None:
    """A donor with a gap is not used; a period unknown for the treated account is nobody's."""
    y = ar_panel(np.random.default_rng(3), 21, 38, rho=0.3, sd=0.3)
    holed = y.copy()
    holed[5, 4], holed[0, 10] = np.nan, np.nan
    found = estimate(holed, FIRST, LATE)
    whole = estimate(np.delete(np.delete(y, 5, axis=0), 10, axis=1), FIRST[1:] | (np.arange(20) < 1), np.delete(LATE, 10))
    assert (1, 1, 19, 0.0) == (found.donors_left_out, found.periods_left_out, found.donors, found.unit_weights[5])
    assert whole.tau == found.tau


def test_few_groups_are_all_taken_and_many_drawn() -> None:
    """With one treated account every donor is a placebo once; with three, as many groups as asked for are drawn, by the seed."""
    y = ar_panel(np.random.default_rng(3), 21, 38, rho=0.3, sd=0.3)
    assert 20 == len(estimate(y, FIRST, LATE).placebos)
    three = np.arange(21) < 3
    first, again = (estimate(y, three, LATE, draws=50, rng=np.random.default_rng(8)) for _ in range(2))
    assert (50, first.placebos.tolist()) == (len(first.placebos), again.placebos.tolist())


def test_too_few_donors_are_refused() -> None:
    """As many treated as donors, or nobody without gaps, is an error that says what to give."""
    y = np.zeros((4, 6))
    with pytest.raises(ValueError, match="more donors"):
        estimate(y, np.arange(4) < 2, np.arange(6) > 3)
    with pytest.raises(ValueError, match="at least one"):
        complete(np.full((2, 3), np.nan), np.array([True, False]), np.array([False, True, True]))
