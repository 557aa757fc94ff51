"""Do the tests for gaps hold their level, find a hole, and survive rounded times?"""

import numpy as np
import pytest

from agorascope.stats.coverage_shares import captured_share, levels, wilson
from agorascope.stats.gaps import clock_hours, local_drop, low_runs, silence_p, spread_ties, weekly_clock

HOUR_US = 3_600_000_000


def _longest(gaps: np.ndarray) -> np.ndarray:
    return np.sort(gaps)[::-1]


@pytest.mark.parametrize("shape", [0.5, 0.7, 1.0])
def test_silence_p_holds_its_level(shape: float) -> None:
    """Over 500 series of Weibull gaps, heavy or exponential, at most 5 % (with chance: 8 %) have p at or below 0.05."""
    rng = np.random.default_rng(5)
    p = [silence_p(_longest(g), float(g.mean()))[1] for g in rng.weibull(shape, (500, 400))]
    assert np.mean(np.array(p) <= 0.05) <= 0.08


def test_silence_p_sets_two_holes_apart() -> None:
    """Two holes of forty mean gaps are both set apart."""
    gaps = np.append(np.random.default_rng(1).exponential(1.0, 400), [40.0, 42.0])
    apart, p = silence_p(_longest(gaps), float(gaps.mean()))
    assert (2, True) == (apart, p < 0.001)


def test_silence_p_does_not_judge_few_sessions() -> None:
    """A few sessions of many posts have too few pauses to say which is long."""
    gaps = np.append(np.full(60, 0.01), [30.0, 5.0, 4.0])
    assert (1, 1.0) == silence_p(_longest(gaps), float(gaps.mean()))


def test_rounded_times_make_no_false_silence() -> None:
    """Times rounded to the day, mostly one day apart, are not judged by their ties."""
    days = np.cumsum(np.random.default_rng(2).choice([1.0, 2.0, 3.0], 200, p=[0.7, 0.2, 0.1]))
    gaps = spread_ties(np.diff(days), 1.0)
    assert silence_p(gaps, float(gaps.mean()))[1] > 0.05


def test_low_runs_hold_their_level() -> None:
    """Over 300 series of 52 negative binomial weeks with slow swings at most 5 % (with chance: 9 %) hold a low run."""
    rng = np.random.default_rng(3)
    swing = np.exp(0.3 * np.sin(np.arange(52) / 8))
    p = [min(r.p_value for r in low_runs(rng.poisson(40 * swing * rng.gamma(5, 0.2, 52)).astype(float))) for _ in range(300)]
    assert np.mean(np.array(p) <= 0.05) <= 0.09


def test_low_runs_find_a_silent_week() -> None:
    """One silent week among weeks of about 500 is the least likely run."""
    weeks = np.random.default_rng(4).poisson(500 * np.random.default_rng(4).gamma(10, 0.1, 43)).astype(float)
    weeks[39] = 0
    least = min(low_runs(weeks), key=lambda r: r.p_value)
    assert (39, 40, True) == (least.first, least.end, least.p_value < 1e-4)


def test_low_runs_equal_the_slow_twin() -> None:
    """The expected sum of every run length equals the mean of the periods outside it, times its length."""
    counts = np.random.default_rng(6).poisson(30, 24).astype(float)
    for run in low_runs(counts):
        outside = np.concatenate([counts[: run.first], counts[run.end :]])
        assert (run.end - run.first) * outside.mean() == pytest.approx(run.expected)


def test_local_drop_needs_a_fall() -> None:
    """A level series has no fall; one halved for four periods has it there."""
    level = np.full(40, 100.0)
    fallen = np.where((np.arange(40) >= 20) & (np.arange(40) < 24), 50.0, level)
    found = local_drop(fallen, ratio=0.6)
    assert (None, (20, 24)) == (local_drop(level, ratio=0.6), (found.first, found.end) if found else None)


def test_the_weekly_clock_runs_with_the_account() -> None:
    """A week lasts 168 hours on every clock, and busy hours last longer than idle ones."""
    hours = np.tile(np.where(np.arange(24) < 12, 100.0, 0.0), 7)
    rate = weekly_clock(hours, hours)
    week = clock_hours(np.array([0, 168 * HOUR_US]), rate)
    assert (168.0, True) == (pytest.approx(week[1] - week[0]), rate[0] > rate[13])


def test_levels_cut_where_the_share_moves() -> None:
    """A share that falls from 100 % to 40 % after 20 weeks is cut there."""
    counter = np.full(30, 400.0)
    captured = np.random.default_rng(0).binomial(400, np.where(np.arange(30) < 20, 0.98, 0.4)).astype(float)
    assert [(0, 20), (20, 30)] == levels(captured, counter)


def test_captured_share_covers() -> None:
    """The interval of four weeks' share holds the true one in 95 % of 2,000 draws, within 2 points."""
    rng = np.random.default_rng(8)
    share = np.clip(rng.normal(0.4, 0.05, (2000, 4)), 0, 1)
    ends = [captured_share(rng.binomial(500, s).astype(float), np.full(4, 500.0)) for s in share]
    assert np.mean([low <= 0.4 <= high for _, low, high in ends]) == pytest.approx(0.95, abs=0.02)


def test_wilson_equals_the_published_example() -> None:
    """81 of 263 gives 0.2553 to 0.3662 (Newcombe 1998, table I)."""
    assert pytest.approx((0.2553, 0.3662), abs=5e-5) == wilson(81, 263)
