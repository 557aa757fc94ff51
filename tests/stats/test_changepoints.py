"""Are breaks found where they are, dated honestly, and not found where there are none?"""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import binomtest

from agorascope.stats.changepoints import detect
from agorascope.stats.longrun import HIGHEST, autocorrelation, long_run_variance
from agorascope.stats.regimes import without_outliers
from agorascope.stats.segments import partition
from tests import naive


def noise(seed: int, n: int, *, rho: float = 0.3, tail: float = 0.0) -> np.ndarray:
    """Draw dependent noise of variance 1; ``tail``: degrees of freedom of Student's t, 0 for normal."""
    rng = np.random.default_rng(seed)
    steps = rng.standard_t(tail, n + 100) / np.sqrt(tail / (tail - 2)) if tail else rng.standard_normal(n + 100)
    return lfilter([1.0], [1.0, -rho], steps)[100:] * np.sqrt(1 - rho**2)


def test_partitions_equal_those_of_the_slow_twin() -> None:
    """Cost and cuts equal those of trying every partition, on 500 random short signals, levels and lines."""
    for seed in range(500):
        rng = np.random.default_rng(seed)
        n, lines = int(rng.integers(4, 11)), bool(seed % 2)
        values = rng.normal(size=n) + 3 * (np.arange(n) >= rng.integers(n))
        penalty, least = float(rng.uniform(0.2, 4)), int(rng.integers(1, 4))
        found = partition(values, penalty=penalty, min_size=least, lines=lines)
        cost, cuts = naive.partition(values.tolist(), penalty, least, lines=lines)
        assert cuts == found.indices.tolist()
        assert cost == pytest.approx(found.cost + penalty * len(cuts), abs=1e-9)


def test_columns_share_their_breaks() -> None:
    """A partition of two equal columns at twice the penalty is that of one."""
    values = noise(1, 80) + 2.0 * (np.arange(80) >= 30)
    one = partition(values, penalty=8.0, min_size=3)
    two = partition(np.column_stack([values, values]), penalty=16.0, min_size=3)
    assert one.indices.tolist() == two.indices.tolist()
    assert 2 * one.cost == pytest.approx(two.cost)


def test_two_steps_are_found() -> None:
    """A step up and a step back down are dated within two points, and their sizes' intervals hold the truth."""
    values = noise(2, 150) + 3.0 * ((np.arange(150) >= 50) & (np.arange(150) < 100))
    found = detect(values)
    assert [50, 100] == pytest.approx(found.indices.tolist(), abs=2)
    for size, found_break in zip((3.0, -3.0), found.breaks, strict=True):
        assert found_break.size_low <= size <= found_break.size_high
        assert found_break.p_value <= 0.05


def test_a_change_of_trend_is_found() -> None:
    """A series that begins to rise breaks where it begins, within a tenth of its length, and its regimes are lines."""
    found = detect(noise(3, 200, rho=0.0) + 0.1 * np.maximum(np.arange(200) - 100, 0))
    assert found.lines
    assert [100] == pytest.approx(found.indices.tolist(), abs=20)


def test_trends_and_spikes_are_no_breaks() -> None:
    """A steady rise is one regime, and so is a series with a few wild points."""
    assert 0 == detect(noise(4, 150) + 0.05 * np.arange(150)).indices.size
    spiked = noise(5, 150)
    spiked[[20, 77, 78, 120]] += 30
    assert 0 == detect(spiked).indices.size


def test_gaps_are_left_out() -> None:
    """With a tenth of the points unknown the break is still found, in the points of the values given."""
    values = noise(6, 120) + 3.0 * (np.arange(120) >= 70)
    values[np.random.default_rng(6).choice(120, 12, replace=False)] = np.nan
    found = detect(values)
    assert [70] == pytest.approx(found.indices.tolist(), abs=3)
    assert np.isnan(values).tolist() == np.isnan(found.fitted[:, 0]).tolist()


def test_two_columns_break_together() -> None:
    """A break in one of two columns is found; the shape may be (n, 2)."""
    values = np.column_stack([noise(7, 120), noise(8, 120) + 3.0 * (np.arange(120) >= 60)])
    assert [60] == pytest.approx(detect(values).indices.tolist(), abs=2)


def test_too_little_is_no_break() -> None:
    """Short, constant and empty series have no break and no p-value."""
    for values in ([], [1.0, 2.0, 9.0], [3.0] * 50, [float("nan")] * 50):
        found = detect(values)
        assert 0 == found.indices.size
        assert np.isnan(found.p_value)


def test_the_unit_does_not_matter() -> None:
    """Thousands of millions give the same breaks as units, and the same p-values."""
    values = noise(9, 100) + 2.0 * (np.arange(100) >= 40)
    one, other = detect(values), detect(values * 1e9 + 1e12)
    assert one.indices.tolist() == other.indices.tolist()
    assert one.p_value == pytest.approx(other.p_value)


@pytest.mark.parametrize(("rho", "tail"), [(0.0, 3.0), (0.3, 0.0), (0.6, 3.0)])
def test_quiet_series_stay_quiet(rho: float, tail: float) -> None:
    """Over 100 series without a break the rate of alarms agrees with 5 % or is lower: dependent, with heavy tails."""
    quiet = (noise(seed, 100, rho=rho, tail=tail) for seed in range(1000, 1100))
    alarms = sum(detect(values, lines=False, draws=199).indices.size > 0 for values in quiet)
    assert binomtest(alarms, 100).proportion_ci(0.99, "exact").low <= 0.05


def test_dates_hold() -> None:
    """Intervals of dates hold the planted date in 93 % of 60 worlds at least, sizes of 1 to 3, heavy tails, dependence .3."""
    held = tried = 0
    for seed in range(60):
        size = (1.0, 2.0, 3.0)[seed % 3]
        found = detect(noise(2000 + seed, 150, tail=3.0) + size * (np.arange(150) >= 60), lines=False, draws=99)
        near = min(found.breaks, key=lambda b: abs(b.at - 60), default=None)
        tried += near is not None
        held += near is not None and near.low <= 60 <= near.high
    assert tried > 40
    assert held >= 0.93 * tried


def test_long_run_variance_of_an_autoregression() -> None:
    """An autoregression of .5 with unit steps has the long-run variance 1/(1 - .5)², and its dependence is .5."""
    values = noise(10, 20_000, rho=0.5) / np.sqrt(1 - 0.25)
    centred = values - values.mean()
    assert 4.0 == pytest.approx(long_run_variance(centred), rel=0.1)
    assert 0.5 == pytest.approx(autocorrelation(centred), abs=0.03)
    assert HIGHEST == autocorrelation(np.arange(100) - 49.5)


def test_long_run_variance_is_sound_in_short_series() -> None:
    """In 40 points of dependence .3 the mean estimate over 300 series is within a quarter of the truth."""
    truth = (1 - 0.3**2) / (1 - 0.3) ** 2
    drawn = [noise(seed, 40) for seed in range(300)]
    assert truth == pytest.approx(np.mean([long_run_variance(d - d.mean()) for d in drawn]), rel=0.25)


def test_outliers_are_drawn_in_and_steps_are_not() -> None:
    """A lone point comes back to its neighbours; a step stays."""
    values = noise(11, 60) + 20.0 * (np.arange(60) >= 30)
    spiked = values.copy()
    spiked[10] += 50
    cleaned = without_outliers(spiked[:, None])[:, 0]
    assert abs(cleaned[10] - values[10]) < 6
    assert values[25:35] == pytest.approx(cleaned[25:35], abs=2)


def test_faults_are_named() -> None:
    """A wrong alpha, shape or residual is refused with what was seen."""
    with pytest.raises(ValueError, match="alpha is 1"):
        detect([1.0, 2.0], alpha=1)
    with pytest.raises(ValueError, match="finite"):
        partition([1.0, float("nan")], penalty=1.0)
    with pytest.raises(ValueError, match="4 or more"):
        long_run_variance([1.0, 2.0])
