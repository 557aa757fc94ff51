"""Do conformal p-values and intervals hold their level, equal a slow twin, and say what they cannot tell?"""

import numpy as np
import pytest

from agorascope.stats.conformal import estimate, shift_p_values

from .panels import ar_panel

FIRST = np.arange(15) < 1
LATE = np.arange(60) >= 48


def test_shifts_equal_the_slow_twin() -> None:
    """Rolling the residuals one by one gives the same share."""
    rows = np.random.default_rng(0).normal(0, 1, (5, 17))
    sums = [[np.abs(np.roll(row, k))[-4:].sum() for k in range(17)] for row in rows]
    assert [np.mean(np.array(s) >= s[0] - 1e-9) for s in sums] == pytest.approx(shift_p_values(rows, 4).tolist())


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_the_test_holds_its_level(rho: float) -> None:
    """Over 400 null worlds p is at most .05 in 1 to 8 %, and the interval holds 0 in the others."""
    found = [estimate(ar_panel(np.random.default_rng(s), 15, 60, rho=rho, sd=0.3), FIRST, LATE, grid=41) for s in range(400)]
    rejected = np.array([f.p_value <= 0.05 for f in found])
    assert 0.01 <= rejected.mean() <= 0.08
    assert all(f.low <= 0 <= f.high for f, r in zip(found, rejected, strict=True) if not r)


@pytest.mark.parametrize("synthetic", [False, True])
@pytest.mark.parametrize("ratio", [4.0, 0.25])
def test_a_planted_shift_is_found(synthetic: bool, ratio: float) -> None:
    """A push by 4 and a demotion by 4 lie in the interval, no effect does not."""
    y = ar_panel(np.random.default_rng(5), 15, 60, rho=0.3, sd=0.3) + np.log(ratio) * np.outer(FIRST, LATE)
    found = estimate(y, FIRST, LATE, synthetic=synthetic)
    assert found.low <= np.log(ratio) <= found.high
    assert (True, found.p_floor) == (abs(found.tau - np.log(ratio)) < 0.4, found.p_value)


def test_the_ends_are_where_the_test_turns() -> None:
    """Taking an end off the series gives p above .05, a little more p at or below it."""
    y = ar_panel(np.random.default_rng(6), 15, 60, rho=0.3, sd=0.3)
    found = estimate(y, FIRST, LATE)
    at, beyond = (estimate(y - end * np.outer(FIRST, LATE), FIRST, LATE).p_value for end in (found.high, found.high + 1e-3))
    assert at > 0.05 >= beyond


def test_few_periods_reject_nothing() -> None:
    """With 12 periods no p-value is below 1/12: everything is accepted, and the floor says why."""
    found = estimate(np.random.default_rng(7).normal(0, 1, (5, 12)), np.arange(5) < 1, np.arange(12) >= 8)
    assert (-np.inf, np.inf, 1 / 12) == (found.low, found.high, found.p_floor)
    assert np.isnan(found.tau)


def test_the_middle_of_the_interval_is_given_not_a_place_on_the_plateau() -> None:
    """The effect given is the middle of those not rejected."""
    found = estimate(ar_panel(np.random.default_rng(8), 15, 60, rho=0.3, sd=0.3), FIRST, LATE)
    assert (found.low + found.high) / 2 == found.tau
