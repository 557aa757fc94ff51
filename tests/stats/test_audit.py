"""Are shifts, placebos and steps what a slow twin says they are, and is the decision quiet where nothing is planted?"""

import itertools
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from scipy.linalg import toeplitz

from agorascope.stats import placebo, power, steps, twoway
from agorascope.stats.audit import Decision, decide, holds
from agorascope.worlds import audience

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
AFTER = np.arange(20) >= 12


def gapped(seed: int, accounts: int = 9, periods: int = 20) -> Floats:
    """Make noise with account and period effects and one gap in ten."""
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(accounts, periods)) + rng.normal(size=(accounts, 1)) * 3 + rng.normal(size=periods)
    return np.where(rng.random(y.shape) < 0.1, np.nan, y)


def slow(y: Floats, treated: Bools, after: Bools, *, trends: bool) -> float:
    """Fit dummies by least squares: the slow twin of ``twoway.effect``."""
    a, t = np.nonzero(np.isfinite(y))
    columns = [a == k for k in range(y.shape[0])] + [t == k for k in range(1, y.shape[1])]
    columns += [(a == k) * t for k in range(1, y.shape[0])] if trends else []
    design = np.column_stack([*columns, treated[a] & after[t]]).astype(float)
    return float(np.linalg.lstsq(design, y[a, t], rcond=None)[0][-1])


def reach(world: audience.AudienceWorld, seed: int) -> tuple[Floats, audience.Audience]:
    """Make one world and the log of its views per post."""
    made = audience.make(world, seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        y = np.log(made.views / made.posts)
    return np.where(np.isfinite(y), y, np.nan), made


@cache
def decided(mechanism: str = "push", size: float = 3.0, seed: int = 0) -> tuple[Decision, audience.Audience]:
    """Audit one world with the date given."""
    y, made = reach(audience.AudienceWorld(mechanism=mechanism, size=size), seed)  # type: ignore[arg-type]
    return decide(y, made.treated, date=made.start, rng=np.random.default_rng(0)), made


@pytest.mark.parametrize("trends", [False, True])
@pytest.mark.parametrize("who", [(0,), (1, 4, 7)])
def test_shifts_equal_dummies(trends: bool, who: tuple[int, ...]) -> None:
    """With gaps, groups and own trends the shift is that of least squares on dummies."""
    for seed in range(5):
        y, treated = gapped(seed), np.isin(np.arange(9), who)
        assert twoway.effect(y, treated, AFTER, trends=trends) == pytest.approx(slow(y, treated, AFTER, trends=trends))


def test_levels_do_not_count() -> None:
    """Adding a constant to an account or a period changes no shift."""
    y, rng = gapped(1), np.random.default_rng(2)
    moved = y + rng.normal(size=(9, 1)) + rng.normal(size=20)
    treated = np.arange(9) == 3
    assert twoway.effect(moved, treated, AFTER) == pytest.approx(twoway.effect(y, treated, AFTER))


def test_an_account_without_a_side_is_not_usable() -> None:
    """An account known only before the date has no shift."""
    y = gapped(3)
    y[0, AFTER] = np.nan
    prepared = twoway.prepare(y, AFTER)
    assert [False, True] == prepared.usable[:2].tolist()
    assert np.isnan(twoway.shift(prepared, np.eye(9, dtype=bool))[0])


def test_residuals_are_orthogonal() -> None:
    """What is left sums to nothing over every account and every period."""
    left = twoway.residuals(gapped(4))
    assert np.nansum(left, axis=0) == pytest.approx(0, abs=1e-9)
    assert np.nansum(left, axis=1) == pytest.approx(0, abs=1e-9)


def test_all_choices_are_listed_once() -> None:
    """Four of nine are 126 choices, the real one first, none twice."""
    real = np.isin(np.arange(9), (0, 2, 5, 8))
    listed, exact = placebo.choices(real, np.ones(9, bool), draws=999, rng=np.random.default_rng(0))
    assert (126, True) == (len({tuple(row) for row in listed.tolist()}), exact)
    assert real.tolist() == listed[0].tolist()
    assert {tuple(np.isin(np.arange(9), c)) for c in itertools.combinations(range(9), 4)} == {tuple(r) for r in listed.tolist()}


def test_many_choices_are_drawn() -> None:
    """Where there are more choices than draws, as many are drawn as asked, by the seed."""
    real = np.arange(40) < 5
    twice = [placebo.choices(real, np.ones(40, bool), draws=99, rng=np.random.default_rng(1))[0] for _ in range(2)]
    assert (100, 40) == twice[0].shape
    assert np.array_equal(*twice)
    assert {5} == set(twice[0].sum(axis=1).tolist())


def test_the_rank_counts_ties() -> None:
    """A value as far out as the first counts as far out; one-sided ranks take a side."""
    values = np.array([2.0, -2.0, 1.0, 3.0, np.nan])
    assert (0.75, 0.5, 1.0) == (placebo.p_value(values), placebo.p_value(values, sided=1), placebo.p_value(values, sided=-1) + 0.25)


def test_units_are_those_of_an_autoregression() -> None:
    """Variance of the difference of means and expected squares equal those of the covariance matrix, and of simulation."""
    unit, mass, df = placebo.units(20, AFTER, 0.5)
    noise = np.linalg.cholesky(toeplitz(0.5 ** np.arange(20))) @ np.random.default_rng(0).standard_normal((20, 40_000))
    means = [noise[side].mean(axis=0) for side in (AFTER, ~AFTER)]
    squares = sum(((noise[side] - m) ** 2).sum(axis=0) for side, m in zip((AFTER, ~AFTER), means, strict=True))
    assert unit == pytest.approx(np.var(means[0] - means[1]), rel=0.03)
    assert mass == pytest.approx(squares.mean(), rel=0.02)
    assert 2 * mass**2 / squares.var() == pytest.approx(df, rel=0.1)


def test_a_planted_push_is_found_with_its_size() -> None:
    """Pushes of three are found, and of 40 intervals at least 34 hold the three (99.5 % point of a rate of 95 %)."""
    decisions = [decided(seed=seed)[0] for seed in range(40)]
    assert sum(holds(decision, alpha=0.05) for decision in decisions) >= 34
    assert sum(decision.low <= np.log(3) <= decision.high for decision in decisions) >= 34


def test_a_demotion_is_found_as_a_push_is() -> None:
    """A third of the usual reach is found, below one."""
    decision, _ = decided(size=1 / 3)
    assert holds(decision, alpha=0.05)
    assert decision.tau < 0


def test_a_searched_date_is_near_the_planted_one() -> None:
    """The search dates a push of three within two weeks."""
    y, made = reach(audience.AudienceWorld(mechanism="push", size=3.0), 1)
    decision = decide(y, made.treated, date=None, draws=199, rng=np.random.default_rng(0))
    assert abs(decision.at - made.start) <= 2
    assert holds(decision, alpha=0.05)


def test_null_worlds_stay_quiet() -> None:
    """Over 100 null worlds at most eleven are found: the 99.5 % point of a rate of 5 %."""
    alarms = 0
    for seed in range(100):
        y, made = reach(audience.AudienceWorld(periods=30, start=20), seed)
        alarms += holds(decide(y, made.treated, date=20, rng=np.random.default_rng(seed)), alpha=0.05)
    assert alarms <= 11


def test_nine_controls_cannot_go_below_a_tenth() -> None:
    """The floor of the p-value is one over the number of accounts, and nothing is found above alpha."""
    y, made = reach(audience.AudienceWorld(accounts=10, mechanism="push", size=3.0), 0)
    decision = decide(y, made.treated, date=made.start, rng=np.random.default_rng(0))
    assert (0.1, False) == (decision.p_floor, holds(decision, alpha=0.05))


def test_too_little_is_refused() -> None:
    """Without two controls around the date there is nothing to decide."""
    y = gapped(0, accounts=2)
    with pytest.raises(ValueError, match="too few accounts"):
        decide(y, np.array([True, False]), date=12, rng=np.random.default_rng(0))


def test_a_step_is_dated() -> None:
    """A step of three standard deviations is found where it is, its interval around it; white noise has none."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(60)
    found = steps.search(noise + 3 * (np.arange(60) >= 35), np.arange(9, 52), draws=199, rng=rng)
    first, last = steps.interval(noise + 3 * (np.arange(60) >= 35), found)
    assert found.p_value == 0.005
    assert first <= 35 <= last
    assert steps.search(noise, np.arange(9, 52), draws=199, rng=rng).p_value > 0.05


def test_steps_are_rare_in_noise() -> None:
    """Over 200 autoregressive series a searched step holds in at most 9 % (5 % nominal, 99 % exact)."""
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        series = np.linalg.cholesky(toeplitz(0.3 ** np.arange(40))) @ rng.standard_normal(40)
        hits += steps.search(series, np.arange(6, 35), draws=99, rng=rng).p_value <= 0.05
    assert hits <= 19


def test_the_smallest_effect_is_between_little_and_much() -> None:
    """Thresholds are positive; the smallest effect found in four copies of five lies below the whole range."""
    y, made = reach(audience.AudienceWorld(accounts=21), 0)
    usable = np.ones(21, bool)
    found = power.thresholds(y, made.treated, made.start, 0.0, usable, alpha=0.05, copies=12, draws=99, seed=0)
    assert (found > 0).all()
    assert 0.1 < (power.smallest(found) or 0) < 1.5
