"""Is a step in one series sized, dated and doubted as it should be?"""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.linalg import toeplitz
from scipy.stats import t as student
from scipy.stats import ttest_ind

from agorascope.stats import placebo, steps

from .panels import since

Floats = npt.NDArray[np.float64]
DATES = np.arange(6, 35)


def autoregression(seed: int, ar: float = 0.3, periods: int = 40) -> Floats:
    """Draw one autoregressive series of variance 1."""
    return np.asarray(np.linalg.cholesky(toeplitz(ar ** np.arange(periods))) @ np.random.default_rng(seed).standard_normal(periods))


def searched(series: Floats, seed: int = 0, dates: npt.NDArray[np.int64] = DATES) -> steps.Step:
    """Search a step with 199 draws."""
    return steps.search(series, dates, draws=199, rng=np.random.default_rng(seed))


def test_a_step_is_a_difference_of_means() -> None:
    """Size, error and p-value follow from means, squares about them and the units of the autoregression."""
    y, after = autoregression(0), since(40, 25)
    left = y - np.where(after, y[after].mean(), y[~after].mean())
    ar = placebo.autocorrelation(left[None, :], np.ones((1, 40), bool), after, np.ones(1, bool))
    unit, mass, df = placebo.units(40, after, ar)
    size, se = y[after].mean() - y[~after].mean(), np.sqrt((left**2).sum() / mass * unit)
    assert (25, size, se, df, 2 * student.sf(abs(size) / se, df)) == pytest.approx(tuple(steps.step(y, after)))


def test_without_memory_it_is_the_t_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a coefficient of nothing the p-value is Student's."""
    monkeypatch.setattr(steps, "autocorrelation", lambda *_: 0.0)
    y, after = autoregression(1), since(40, 25)
    assert ttest_ind(y[after], y[~after]).pvalue == pytest.approx(steps.step(y, after).p_value)


def test_level_and_scale_change_nothing_but_the_size() -> None:
    """A series twice as large at another level has the same p-value and twice the step; gaps are skipped."""
    y, after = autoregression(2), since(40, 25)
    y[[3, 30]] = np.nan
    one, two = steps.step(y, after), steps.step(5 + 2 * y, after)
    assert (2 * one.size, 2 * one.se) == pytest.approx((two.size, two.se))
    assert one.p_value == pytest.approx(two.p_value, rel=1e-3)


def test_too_short_sides_are_refused() -> None:
    """With one known period after the date there is no test."""
    y = np.where(np.arange(10) < 8, 1.0, np.nan)
    with pytest.raises(ValueError, match="fewer than two known"):
        steps.step(y, since(10, 7))
    with pytest.raises(ValueError, match="no date"):
        steps.search(np.full(10, np.nan), np.arange(3, 8), draws=9, rng=np.random.default_rng(0))


def test_a_given_date_is_rarely_far_out() -> None:
    """Over 400 autoregressive series a step at a given date holds in at most 8 % (99.5 % point of 5 %)."""
    assert sum(steps.step(autoregression(seed), since(40, 25)).p_value <= 0.05 for seed in range(400)) <= 32


def test_steps_are_rare_in_noise() -> None:
    """Over 200 autoregressive series a searched step holds in at most 9 % (99.5 % point of 5 %)."""
    assert sum(searched(autoregression(seed), seed).p_value <= 0.05 for seed in range(200)) <= 19


def test_a_planted_step_is_found_where_it_is() -> None:
    """Steps of three standard deviations are found in each of 40 series, at the date or one beside it in 36."""
    found = [searched(autoregression(seed) + 3 * since(40, 22), seed) for seed in range(40)]
    assert max(one.p_value for one in found) <= 0.05
    assert sum(abs(one.at - 22) <= 1 for one in found) >= 36


def test_intervals_hold_the_date() -> None:
    """Of 100 steps of two standard deviations at least 87 dates lie in their interval (99.5 % point of 95 %, and 1.5 in 100)."""
    series = [autoregression(seed) + 2 * since(40, 22) for seed in range(100)]
    ends = [steps.interval(y, searched(y)) for y in series]
    assert sum(low <= 22 <= high for low, high in ends) >= 87


def test_a_move_that_builds_up_is_dated_from_its_start() -> None:
    """Of 100 moves that build up over 8 periods at least 87 starts lie in the interval of the step that fits best."""
    rng = np.random.default_rng(5)
    ramp = np.clip((np.arange(40) - 24) / 8, 0.0, 1.0)  # the first period above the old level is 25
    series = 2.0 * ramp + 0.4 * rng.standard_normal((100, 40))
    ends = [steps.interval(y, searched(y)) for y in series]
    assert sum(low <= 25 <= high for low, high in ends) >= 87


def test_an_interval_stays_within_the_series() -> None:
    """A step that is hardly one may be anywhere, but nowhere else."""
    y = autoregression(3)
    assert (0, 39) == steps.interval(y, searched(y)._replace(size=1e-9))


def test_a_step_without_noise_is_certain() -> None:
    """A jump of nothing but itself is dated exactly; a constant series has no step."""
    jump = np.where(since(40, 22), 1.0, 0.0)
    found = searched(jump)
    assert (22, 1 / 200, (21, 23)) == (found.at, found.p_value, steps.interval(jump, found))
    assert 1.0 == steps.step(np.ones(40), since(40, 22)).p_value


def test_the_search_is_the_best_of_its_dates() -> None:
    """The date found has the largest ratio of step to error, by steps tested one by one, gaps included."""
    y = autoregression(4)
    y[[5, 11, 12, 30]] = np.nan
    alone = [steps.step(y, since(40, at)) for at in DATES.tolist()]
    best = max(alone, key=lambda one: abs(one.size) / one.se)
    assert best == searched(y)._replace(p_value=best.p_value)


def test_the_same_seed_gives_the_same_p_value() -> None:
    """Draws follow from the generator alone."""
    y = autoregression(5)
    assert searched(y, 7) == searched(y, 7)
