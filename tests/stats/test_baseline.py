"""Does the baseline follow trend and week, and not the burst?"""

import numpy as np
import pytest

from agorascope.stats.baseline import CYCLES, design, fit, spread


def test_it_recovers_trend_and_week() -> None:
    """Expected counts with a log-linear trend and a weekly profile are fitted exactly."""
    day = np.arange(91)
    truth = np.exp(4 + 0.01 * day) * np.where(day % 7 < 5, 1.1, 0.8)
    assert fit(truth[None, :], design(91, CYCLES["day"]))[0] == pytest.approx(truth, rel=1e-6)


def test_a_burst_hardly_raises_it() -> None:
    """Tripling two days of ninety-one raises the baseline there by less than a tenth."""
    counts = np.random.default_rng(0).poisson(200, 91).astype(float)
    burst = counts.copy()
    burst[60:62] *= 3
    columns = design(91, CYCLES["day"])
    assert (fit(burst[None, :], columns)[0, 60:62] < 1.1 * fit(counts[None, :], columns)[0, 60:62]).all()


def test_many_series_are_fitted_as_one_by_one() -> None:
    """A series is fitted the same alone and among others."""
    counts = np.random.default_rng(1).poisson(30, (5, 60)).astype(float)
    columns = design(60, CYCLES["day"])
    assert fit(counts, columns)[3] == pytest.approx(fit(counts[3:4], columns)[0], rel=1e-9)


@pytest.mark.parametrize("bins", [1, 2, 5, 12])
def test_short_and_empty_series_are_fitted(bins: int) -> None:
    """A series without a single post has a baseline near zero, of its own length."""
    mu = fit(np.zeros((1, bins)), design(bins, CYCLES["week"]))
    assert (1, bins) == mu.shape
    assert (mu < 0.1).all()


def test_spread_ignores_a_burst() -> None:
    """The spread of a normal sample is near 1, whatever a tenth of it is."""
    values = np.random.default_rng(2).standard_normal((1, 1000))
    values[0, :100] = 50
    assert spread(values)[0] == pytest.approx(1, abs=0.2)
