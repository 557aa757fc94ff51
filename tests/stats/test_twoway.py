"""Are shifts, residuals and noise those of least squares on dummies, gaps, groups and own trends included?"""

import numpy as np
import numpy.typing as npt
import pytest

from agorascope.stats import twoway

from .panels import first, gapped, since

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
AFTER = since(20, 12)


def dummies(y: Floats, step: Floats, *, trends: bool) -> tuple[float, Floats]:
    """Fit dummies by least squares: the slow twin. Gives the coefficient of ``step`` and what is left, nan where y is."""
    a, t = np.nonzero(np.isfinite(y))
    columns = [a == k for k in range(y.shape[0])] + [t == k for k in range(1, y.shape[1])]
    columns += [(a == k) * t for k in range(1, y.shape[0])] if trends else []
    design = np.column_stack([*columns, step[a, t]]).astype(float)
    found = np.linalg.lstsq(design, y[a, t], rcond=None)[0]
    left = np.full(y.shape, np.nan)
    left[a, t] = y[a, t] - design @ found
    return float(found[-1]), left


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("trends", [False, True])
@pytest.mark.parametrize("who", [(0,), (1, 4, 7)])
def test_shifts_equal_dummies(who: tuple[int, ...], trends: bool, missing: float) -> None:
    """With gaps or without, for groups, with own trends or not, the shift is that of least squares on dummies."""
    treated = np.isin(np.arange(9), who)
    for seed in range(5):
        y = gapped(seed, missing=missing)
        expected, _ = dummies(y, np.outer(treated, AFTER), trends=trends)
        assert expected == pytest.approx(twoway.effect(y, treated, AFTER, trends=trends))


def test_many_choices_equal_one_by_one() -> None:
    """One preparation serves all choices."""
    y, rng = gapped(5), np.random.default_rng(0)
    chosen = rng.random((20, 9)) < 0.4
    expected = [twoway.effect(y, row, AFTER) for row in chosen]
    assert expected == pytest.approx(twoway.shift(twoway.prepare(y, AFTER), chosen), nan_ok=True)


def test_without_gaps_the_shift_is_a_difference_of_differences() -> None:
    """A complete panel needs four means and nothing else."""
    y, treated = gapped(6, missing=0.0), first(9, 2)
    means = [[y[np.ix_(who, when)].mean() for when in (~AFTER, AFTER)] for who in (~treated, treated)]
    assert (means[1][1] - means[1][0]) - (means[0][1] - means[0][0]) == pytest.approx(twoway.effect(y, treated, AFTER))


def test_a_planted_shift_is_found_exactly_without_noise() -> None:
    """Levels, periods, own lines and a shift of 0.7 and nothing else give 0.7."""
    rng = np.random.default_rng(0)
    level, line, period = rng.normal(size=(9, 1)), rng.normal(size=(9, 1)), rng.normal(size=20)
    y = level + line * np.arange(20) + period + 0.7 * np.outer(first(9), AFTER)
    assert 0.7 == pytest.approx(twoway.effect(np.where(rng.random(y.shape) < 0.2, np.nan, y), first(9), AFTER, trends=True))


@pytest.mark.parametrize("trends", [False, True])
def test_constants_of_accounts_and_periods_do_not_count(trends: bool) -> None:
    """Adding a constant to each account and each period changes no shift."""
    y, rng = gapped(1), np.random.default_rng(2)
    moved = y + 100 * rng.normal(size=(9, 1)) + 100 * rng.normal(size=20)
    assert twoway.effect(y, first(9), AFTER, trends=trends) == pytest.approx(twoway.effect(moved, first(9), AFTER, trends=trends))


def test_order_and_scale_pass_through() -> None:
    """Accounts in another order give the same shift; values twice as large twice the shift."""
    y, treated, order = gapped(2), first(9, 2), np.random.default_rng(0).permutation(9)
    expected = twoway.effect(y, treated, AFTER)
    assert expected == pytest.approx(twoway.effect(y[order], treated[order], AFTER))
    assert 2 * expected == pytest.approx(twoway.effect(2 * y, treated, AFTER))


def test_swapping_the_sides_turns_the_sign() -> None:
    """The others called treated, or before called after, move as far the other way."""
    y, treated = gapped(3), first(9, 4)
    expected = -twoway.effect(y, treated, AFTER)
    assert expected == pytest.approx(twoway.effect(y, ~treated, AFTER))
    assert expected == pytest.approx(twoway.effect(y, treated, ~AFTER))


def test_an_account_without_a_side_has_no_shift() -> None:
    """An account known only before the date, or never, is not usable; the shift of the others does not change."""
    y = gapped(4)
    y[0, AFTER] = np.nan
    y[1] = np.nan
    prepared = twoway.prepare(y, AFTER)
    assert [False, False, True] == prepared.usable[:3].tolist()
    assert np.isnan(twoway.shift(prepared, np.eye(9, dtype=bool))[:2]).all()
    assert twoway.effect(y[[0, *range(2, 9)]], first(8, 3), AFTER) == pytest.approx(twoway.effect(y, first(9, 4), AFTER))


def test_all_or_no_accounts_have_no_shift() -> None:
    """With nobody to compare with, or nobody compared, the shift is unknown."""
    everybody, nobody = np.ones(9, bool), np.zeros(9, bool)
    assert np.isnan(twoway.shift(twoway.prepare(gapped(0), AFTER), np.stack([everybody, nobody]))).all()


def test_two_accounts_suffice_for_a_shift() -> None:
    """One treated account and one other give the step of their difference."""
    y = gapped(7, accounts=2, missing=0.0)
    difference = y[0] - y[1]
    assert difference[AFTER].mean() - difference[~AFTER].mean() == pytest.approx(twoway.effect(y, first(2), AFTER))


def test_constant_series_do_not_move() -> None:
    """Where every account stays at its level all shifts are nothing."""
    y = np.repeat(np.arange(9.0)[:, None], 20, axis=1)
    assert np.zeros(9) == pytest.approx(twoway.shift(twoway.prepare(y, AFTER), np.eye(9, dtype=bool)), abs=1e-12)


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("trends", [False, True])
def test_residuals_equal_those_of_dummies(trends: bool, missing: float) -> None:
    """What is left of every known cell is what dummies leave, and nothing is said of unknown ones."""
    y = gapped(8, missing=missing)
    _, expected = dummies(y, np.zeros(y.shape), trends=trends)
    assert expected == pytest.approx(twoway.residuals(y, trends=trends), nan_ok=True, abs=1e-9)


def test_noise_holds_no_step() -> None:
    """Whatever steps the accounts make at the date, their noise is the same."""
    y = gapped(9)
    stepped = y + np.outer(np.random.default_rng(0).normal(size=9), AFTER)
    assert twoway.noise(y, AFTER) == pytest.approx(twoway.noise(stepped, AFTER), nan_ok=True)


def test_what_no_date_changes_is_reused() -> None:
    """Shifts at many dates from data freed once equal those from data freed anew."""
    y = gapped(10)
    for trends in (False, True):
        freed = twoway.free(y, trends=trends)
        for at in range(3, 17):
            once, anew = twoway.prepare(y, since(20, at), freed=freed), twoway.prepare(y, since(20, at), trends=trends)
            assert all(np.array_equal(a, b) for a, b in zip(once, anew, strict=True))
