"""Does the baseline follow trend and week, and not the burst?"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from agorascope.stats.baseline import CYCLES, design, fit, running, settles, spread


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


def organised(seed: int = 10) -> np.ndarray:
    """Make weeks of an operation: years of near-silence, then organised bursts, then near-silence. Shape (1, 330)."""
    rng = np.random.default_rng(seed)
    level = np.concatenate([np.full(75, 7.0), np.full(45, 0.3), np.full(20, 8.0), np.geomspace(200, 15_000, 40)])
    level = np.concatenate([level, np.full(120, 18_000.0), np.full(30, 300.0)])
    return rng.poisson(level * rng.lognormal(0, 0.5, level.size)).astype(float)[None, :]


def test_a_fit_that_diverges_is_known_and_the_running_median_stands_in() -> None:
    """On bursts between silences the model expects what nobody saw; running medians add up to about what was seen."""
    counts = organised()
    columns = design(counts.size, CYCLES["week"])
    stood_in = running(counts, columns)
    assert not settles(counts, fit(counts, columns), columns)[0]
    assert settles(counts, stood_in, columns)[0]
    assert 0.5 < stood_in.sum() / counts.sum() < 2
    assert stood_in.max() <= counts.max()


def test_a_published_operation_gets_a_usual_level(shared: Callable[[str], Path]) -> None:
    """The weeks of the released operation (2.46 million posts) have a usual level whose sum is within twice what was seen."""
    seconds = pq.read_table(shared("coordination/ira/ira_events.parquet"), columns=["ts"])["ts"].to_numpy()
    counts = np.bincount((seconds - seconds.min()) // (7 * 86_400)).astype(float)[None, 1:-1]
    columns = design(counts.size, CYCLES["week"])
    assert not settles(counts, fit(counts, columns), columns)[0]
    stood_in = running(counts, columns)
    assert 0.5 < stood_in.sum() / counts.sum() < 2
    assert stood_in.max() <= counts.max()


def test_what_converges_is_left_alone() -> None:
    """Quiet counts and counts with a burst settle: nothing stands in for the model."""
    counts = np.random.default_rng(3).poisson(30, (200, 91)).astype(float)
    counts[:, 60:62] *= 5
    columns = design(91, CYCLES["day"])
    assert settles(counts, fit(counts, columns, rounds=6), columns).all()


def test_the_running_median_follows_the_week() -> None:
    """A weekly profile is in the running median, bins left out have no say, and silence is 0.5."""
    day = np.arange(91)
    truth = np.where(day % 7 < 5, 100.0, 50.0)[None, :]
    columns, left_out = design(91, CYCLES["day"]), (day >= 60) & (day < 62)
    seen = np.where(left_out, 1e6, truth)
    assert running(seen, columns, period=7, left_out=left_out)[0] == pytest.approx(truth[0], rel=0.2)
    assert (running(np.zeros((1, 91)), columns) == 0.5).all()
