"""Does the Poisson fit equal other programs, say what it left out, and find a planted ratio?"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agorascope.stats.poisson import Poisson, estimate

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/poisson.json").read_text())["cases"]
HALF = np.arange(12) >= 6
ONE = np.arange(8) < 1


def _array(values: Any) -> np.ndarray | None:
    return None if values is None else np.array(values, dtype=float)


def _fit(case: dict[str, Any]) -> Poisson:
    totals = np.array(case["totals"], dtype=float)
    offset, weights = _array(case["offset"]), _array(case["weights"])
    return estimate(totals, np.array(case["treated"]), np.array(case["after"]), offset=offset, weights=weights)


def _worlds(worlds: int, ratio: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mean = 50 * np.exp(rng.normal(0, 1, (worlds, 8, 1)) + rng.normal(0, 0.3, (worlds, 1, 12)))
    return rng.poisson(mean * ratio ** np.outer(ONE, HALF) * rng.gamma(4, 0.25, mean.shape)).astype(float)


@pytest.mark.parametrize("case", GOLDEN, ids=[c["name"] for c in GOLDEN])
def test_it_equals_pyfixest(case: dict[str, Any]) -> None:
    """Tau and its standard error are those of an independent program, with zeros, gaps, offset and weights."""
    fit = _fit(case)
    assert (case["pyfixest"]["tau"], case["pyfixest"]["se"]) == pytest.approx((fit.tau, fit.se), abs=1e-9)


def test_without_gaps_it_is_the_ratio_of_four_totals() -> None:
    """On a full table exp(tau) is (treated after / before) / (others after / before), as its first-order conditions say."""
    totals = _worlds(1, 1.5)[0]
    first, others = totals[0], totals[1:].sum(0)
    ratio = (first[6:].sum() / first[:6].sum()) / (others[6:].sum() / others[:6].sum())
    assert ratio == pytest.approx(float(np.exp(estimate(totals, ONE, HALF).tau)))


def test_silent_accounts_and_periods_are_counted() -> None:
    """An account and a period without a positive sum are left out, said, and change nothing."""
    totals = _worlds(1, 1.5)[0]
    wider = np.insert(np.insert(totals, 3, 0.0, axis=1), 5, 0.0, axis=0)
    fit = estimate(wider, np.insert(ONE, 5, False), np.insert(HALF, 3, False))
    assert (1, 1, 96) == (fit.accounts_left_out, fit.periods_left_out, fit.cells)
    assert estimate(totals, ONE, HALF).tau == pytest.approx(fit.tau)


def test_a_total_of_zero_gives_no_ratio() -> None:
    """Where the treated account has nothing after, the ratio is not on the scale of logs: nan, not converged."""
    totals = _worlds(1, 1.0)[0]
    totals[0, 6:] = 0
    fit = estimate(totals, ONE, HALF)
    assert (True, True, False) == (np.isnan(fit.tau), np.isnan(fit.se), fit.converged)


def test_planted_ratios_are_found_without_bias() -> None:
    """Over 200 worlds with a ratio of 1.5, and 200 with 1 / 1.5, the mean of tau is the planted log within 4 standard errors."""
    for ratio in (1.5, 1 / 1.5):
        taus = np.array([estimate(totals, ONE, HALF).tau for totals in _worlds(200, ratio)])
        assert np.log(ratio) == pytest.approx(taus.mean(), abs=4 * taus.std() / np.sqrt(200))


def test_with_many_treated_the_standard_error_is_honest() -> None:
    """Over 300 null worlds of 40 accounts, half of them treated, |tau / se| above 1.96 in 2 to 9 %."""
    rng = np.random.default_rng(4)
    treated = np.arange(40) % 2 == 0
    fits = [estimate(rng.poisson(rng.gamma(2, 10, (40, 12))).astype(float), treated, HALF) for _ in range(300)]
    assert 0.02 <= np.mean([abs(f.tau / f.se) > 1.96 for f in fits]) <= 0.09


def test_the_unit_of_the_sums_does_not_matter() -> None:
    """Billions give the same ratio as ones; so does a far larger account among the others."""
    totals = _worlds(1, 2.0)[0]
    assert estimate(totals, ONE, HALF).tau == pytest.approx(estimate(totals * 1e9, ONE, HALF).tau, abs=1e-9)
    totals[2] *= 1e6
    assert estimate(totals, ONE, HALF).converged


@pytest.mark.parametrize(
    ("totals", "treated", "after"),
    [
        (np.ones((8, 12)) * -1, ONE, HALF),
        (np.ones((8, 11)), ONE, HALF),
        (np.ones((8, 12)), np.zeros(8, bool), HALF),
    ],
    ids=["negative", "shape", "nobody treated"],
)
def test_what_cannot_be_compared_is_refused(totals: np.ndarray, treated: np.ndarray, after: np.ndarray) -> None:
    """Negative sums, wrong shapes and a comparison with nobody are errors."""
    with pytest.raises(ValueError, match=r"leave unknown|need treated|both sorts"):
        estimate(totals, treated, after)
