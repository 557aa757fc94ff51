"""Are placebos listed, measured and ranked as a slow twin does it, and is their noise that of an autoregression?"""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from scipy.linalg import toeplitz

from agorascope.stats import placebo, twoway

from .panels import ar_panel, first, gapped, since

Floats = npt.NDArray[np.float64]
AFTER = since(20, 12)
EACH = np.eye(9, dtype=bool)


def about(y: Floats, after: npt.NDArray[np.bool_]) -> placebo.Spread:
    """Estimate the spread of steps at one date."""
    return placebo.spread(y, after, twoway.shift(twoway.prepare(y, after), np.eye(y.shape[0], dtype=bool)))


def simulated(ar: float, periods: int, draws: int, seed: int = 0) -> Floats:
    """Draw autoregressive series of variance 1 from their covariance matrix: (periods, draws)."""
    root = np.linalg.cholesky(toeplitz(ar ** np.arange(periods)))
    return np.asarray(root @ np.random.default_rng(seed).standard_normal((periods, draws)))


def test_all_choices_are_listed_once() -> None:
    """Four of nine are 126 choices, the real one first, none twice."""
    real = np.isin(np.arange(9), (0, 2, 5, 8))
    listed, exact = placebo.choices(real, np.ones(9, bool), draws=999, rng=np.random.default_rng(0))
    assert (126, True) == (len(listed), exact)
    assert real.tolist() == listed[0].tolist()
    assert {tuple(np.isin(np.arange(9), c)) for c in itertools.combinations(range(9), 4)} == {tuple(r) for r in listed.tolist()}


def test_many_choices_are_drawn_by_the_seed() -> None:
    """Where there are more choices than draws, as many are drawn as asked, each of five, the real one first."""
    real = first(40, 5)
    twice = [placebo.choices(real, np.ones(40, bool), draws=99, rng=np.random.default_rng(1)) for _ in range(2)]
    assert (False, (100, 40), real.tolist()) == (twice[0][1], twice[0][0].shape, twice[0][0][0].tolist())
    assert np.array_equal(twice[0][0], twice[1][0])
    assert {5} == set(twice[0][0].sum(axis=1).tolist())


def test_only_usable_accounts_are_chosen() -> None:
    """An account that is not usable is in no choice, the real one included."""
    usable = np.arange(9) != 1
    listed, _ = placebo.choices(first(9, 3), usable, draws=999, rng=np.random.default_rng(0))
    assert [1, 0, 1, 0, 0, 0, 0, 0, 0] == listed[0].astype(int).tolist()
    assert (28, 0) == (len(listed), listed[:, 1].sum())


def test_dates_keep_off_the_edges() -> None:
    """Of 38 periods six are kept on each side, of eight three, of five no date is left."""
    assert (6, 32) == (placebo.admissible(38)[0], placebo.admissible(38)[-1])
    assert [3, 4, 5] == placebo.admissible(8).tolist()
    assert [] == placebo.admissible(5).tolist()


def test_the_rank_counts_ties() -> None:
    """A value as far out as the first counts as far out, one-sided ranks take a side, unknown ones do not count."""
    values = np.array([2.0, -2.0, 1.0, 3.0, np.nan])
    assert (0.75, 0.5, 0.75) == tuple(placebo.p_value(values, sided=s) for s in (2, 1, -1))
    assert 1.0 == placebo.p_value(np.array([np.nan, 1.0]))


def test_ranks_equal_counting() -> None:
    """The rank is what a loop over sorted values counts."""
    values = np.random.default_rng(0).normal(size=200)
    for k in range(0, 200, 20):
        mine = np.roll(values, -k)
        assert sum(abs(v) >= abs(mine[0]) for v in mine) / 200 == placebo.p_value(mine)


@pytest.mark.parametrize(("accounts", "many", "expected"), [(10, 1, 1 / 10), (9, 4, 1 / 126), (4, 2, 2 / 6), (6, 3, 2 / 20)])
def test_the_floor_is_the_smallest_rank(accounts: int, many: int, expected: float) -> None:
    """However large the shift, the p-value is the floor: two choices where half are treated, since the rest moves as far."""
    y = gapped(1, accounts=accounts, missing=0.0) + 1e3 * np.outer(first(accounts, many), AFTER)
    listed, _ = placebo.choices(first(accounts, many), np.ones(accounts, bool), draws=999, rng=np.random.default_rng(0))
    assert expected == pytest.approx(placebo.floor(listed))
    assert expected == pytest.approx(placebo.p_value(twoway.shift(twoway.prepare(y, AFTER), listed)))


@pytest.mark.parametrize("ar", [-0.3, 0.0, 0.5, 0.9])
def test_units_are_those_of_matrices(ar: float) -> None:
    """Variance of the difference of means and expected squares are those of the covariance matrix, also for scattered periods."""
    after = np.isin(np.arange(20), (2, 3, 7, 11, 12, 13, 19))
    matrix, weight = toeplitz(ar ** np.arange(20)), after / 7 - ~after / 13
    centre = np.eye(20) - np.outer(after, after) / 7 - np.outer(~after, ~after) / 13
    freed = centre @ matrix @ centre
    expected = (weight @ matrix @ weight, np.trace(freed), np.trace(freed) ** 2 / (freed**2).sum())
    assert expected == pytest.approx(placebo.units(20, after, ar))


def test_units_are_those_of_simulation() -> None:
    """Simulated autoregressions have the variance of the difference of means, squares and degrees of freedom computed."""
    unit, mass, df = placebo.units(20, AFTER, 0.5)
    noise = simulated(0.5, 20, 40_000)
    means = [noise[side].mean(axis=0) for side in (AFTER, ~AFTER)]
    squares = sum(((noise[side] - m) ** 2).sum(axis=0) for side, m in zip((AFTER, ~AFTER), means, strict=True))
    assert unit == pytest.approx(np.var(means[0] - means[1]), rel=0.03)
    assert mass == pytest.approx(squares.mean(), rel=0.02)
    assert 2 * mass**2 / squares.var() == pytest.approx(df, rel=0.1)


@pytest.mark.parametrize(("ar", "periods", "short"), [(0.0, 20, 0.0), (0.3, 60, 0.01), (0.6, 60, 0.03), (0.7, 20, 0.08)])
def test_the_autocorrelation_is_freed_of_its_bias(ar: float, periods: int, short: float) -> None:
    """Over 2,000 series with both means taken out, the pooled coefficient is the one drawn, or falls short by what is said."""
    y, after = simulated(ar, periods, 2_000).T, since(periods, periods // 2)
    left = y - np.where(after, y[:, after].mean(axis=1, keepdims=True), y[:, ~after].mean(axis=1, keepdims=True))
    found = placebo.autocorrelation(left, np.ones(left.shape, bool), after, np.ones(len(left), bool))
    assert ar - short == pytest.approx(found, abs=0.02)


def test_the_autocorrelation_has_ends() -> None:
    """Series that alternate give the lowest coefficient, series that hardly turn the highest, periods alone the lowest."""
    every, after = np.ones((4, 20), bool), AFTER
    turning, slow = np.tile([1.0, -1.0], (4, 10)), np.tile(np.linspace(-1, 1, 20), (4, 1))
    left = slow - np.where(after, slow[0, after].mean(), slow[0, ~after].mean())
    found = [placebo.autocorrelation(x, every, after, every[:, 0]) for x in (turning, left)]
    assert [-0.5, placebo.HIGHEST] == found
    assert -0.5 == placebo.autocorrelation(np.zeros((4, 2)), every[:, :2], since(2, 1), every[:, 0])


def test_standard_errors_are_those_of_repeated_panels() -> None:
    """Over 400 autoregressive panels the mean squared standard error is the variance of the shift."""
    taus, squares = [], []
    for seed in range(400):
        y = ar_panel(np.random.default_rng(seed), 20, 38, rho=0.3, sd=0.5)
        taus.append(twoway.effect(y, first(20, 2), since(38, 27)))
        squares.append(placebo.standard_errors(about(y, since(38, 27)), first(20, 2)[None, :])[0] ** 2)
    assert np.var(taus) == pytest.approx(np.mean(squares), rel=0.2)


def test_unlike_accounts_keep_unlike_variances() -> None:
    """An account five times as noisy has a standard error at least three times that of the others, alike ones hardly differ."""
    y = ar_panel(np.random.default_rng(0), 20, 60, rho=0.0, sd=1.0)
    y[0] *= 5
    each = placebo.standard_errors(about(y, since(60, 40)), np.eye(20, dtype=bool))
    assert each[0] > 3 * np.median(each[1:])
    assert each[1:].max() < 2 * each[1:].min()


def test_steps_beyond_noise_are_allowed_for() -> None:
    """Accounts that step apart by one standard deviation of their own get that variance; accounts that do not get little."""
    rng = np.random.default_rng(1)
    y = ar_panel(rng, 60, 60, rho=0.0, sd=0.1)
    apart = y + np.outer(rng.normal(size=60), since(60, 40))
    assert 1.0 == pytest.approx(about(apart, since(60, 40)).between, rel=0.5)
    assert about(y, since(60, 40)).between < 0.001


def test_few_known_periods_make_an_account_less_sure() -> None:
    """One known period after the date leaves five times the variance of eight; an account without any has no standard error."""
    y = ar_panel(np.random.default_rng(2), 9, 20, rho=0.0, sd=1.0)
    y[0, 13:] = np.nan
    y[1, 12:] = np.nan
    found = about(y, AFTER)
    assert (1 + 1 / 12) / (1 / 8 + 1 / 12) == pytest.approx(found.variance[0] / np.median(found.variance[2:]), rel=0.1)
    assert np.isnan(placebo.standard_errors(found, EACH)[1])


def test_one_period_after_the_date_is_not_a_find() -> None:
    """Over 200 panels without effect, an account with a single period after the date is far out in at most 9 % (99 % point)."""
    hits = 0
    for seed in range(200):
        y = ar_panel(np.random.default_rng(seed), 20, 38, rho=0.0, sd=0.3)
        y[0, 28:] = np.nan
        found = placebo.run(y, np.eye(20, dtype=bool), np.array([27]), exact=True)
        hits += placebo.p_value(found.t) <= 0.05
    assert hits <= 19


def test_the_search_equals_a_loop() -> None:
    """Every choice gets the date that shows it best, as dates tried one by one do."""
    y, dates = gapped(3), np.arange(4, 17)
    found = placebo.run(y, EACH, dates, exact=True)
    alone = [placebo.run(y, EACH, np.array([at]), exact=True) for at in dates]
    best = np.abs([one.t for one in alone]).argmax(axis=0)
    assert dates[best].tolist() == found.at.tolist()
    assert [alone[k].t[i] for i, k in enumerate(best)] == found.t.tolist()
    assert [alone[k].tau[i] for i, k in enumerate(best)] == found.tau.tolist()


def test_scale_changes_no_statistic() -> None:
    """Values three times as large, constants added: the same studentised shifts and dates."""
    y, dates = gapped(4), np.arange(4, 17)
    moved = 3 * y + np.random.default_rng(0).normal(size=(9, 1)) + np.random.default_rng(1).normal(size=20)
    found, other = (placebo.run(panel, EACH, dates, exact=True) for panel in (y, moved))
    assert found.t == pytest.approx(other.t, rel=1e-3)
    assert found.at.tolist() == other.at.tolist()


def test_constant_series_are_nowhere_far_out() -> None:
    """Panels without any noise or step give p-values of 1 and no warning."""
    y = np.repeat(np.arange(9.0)[:, None], 20, axis=1)
    found = placebo.run(y, EACH, np.arange(4, 17), exact=True)
    assert np.zeros(9) == pytest.approx(found.tau, abs=1e-9)
