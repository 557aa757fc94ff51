"""Does a screen of all accounts keep its error over accounts and dates, and find who was pushed?"""

import numpy as np
import pytest

from agorascope.stats._screen_sup import Steps, search
from agorascope.stats.screen import screen
from tests.stats.panels import ar_panel


def test_null_panels_stay_quiet() -> None:
    """Over 80 panels of 20 accounts at most ten hold any account (99.5 % point of a rate of 5 %)."""
    alarms = 0
    for seed in range(80):
        y = ar_panel(np.random.default_rng(seed), 20, 40, rho=0.3, sd=0.3)
        alarms += bool((screen(y, draws=99, rng=np.random.default_rng(seed)).p_value <= 0.05).any())
    assert alarms <= 10


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_pushed_account_is_found_where_it_moved(sign: float) -> None:
    """An account pushed up or down by three is found alone, its date within two periods, its sign kept."""
    y = ar_panel(np.random.default_rng(1), 30, 60, rho=0.3, sd=0.2)
    y[4, 36:] += sign * np.log(3)
    found = screen(y, rng=np.random.default_rng(0))
    assert [4] == np.flatnonzero(found.p_value <= 0.05).tolist()
    assert abs(found.first[4] - 36) <= 2
    assert np.sign(found.log_ratio[4]) == sign


def test_accounts_with_gaps_are_left_out_and_counted() -> None:
    """An account known in half of the periods is left out: nan and -1."""
    y = ar_panel(np.random.default_rng(2), 12, 40, rho=0.3, sd=0.3)
    y[3, ::2] = np.nan
    found = screen(y, draws=99)
    assert (11, 1, -1) == (found.screened, found.left_out, found.first[3])
    assert np.isnan(found.p_value[3])


def test_too_small_a_panel_is_refused() -> None:
    """Fewer than 20 periods or 5 accounts cannot be screened."""
    with pytest.raises(ValueError, match="a screen needs"):
        screen(np.zeros((4, 30)))


def test_accounts_with_holes_are_not_accused_for_them() -> None:
    """Over 100 null panels of 20 accounts, eight of them without ten weeks in a row, at most 12 accuse anybody."""
    alarms = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        y = ar_panel(rng, 20, 38, rho=0.3, sd=0.3)
        for account in range(8):
            start = rng.integers(0, 29)
            y[account, start : start + 10] = np.nan
        alarms += bool((screen(y, draws=99, rng=rng).p_value <= 0.05).any())
    assert alarms <= 12


def test_a_series_with_holes_is_searched_as_least_squares_of_what_is_known() -> None:
    """Statistic, date and size equal generalised least squares with the covariance of the values known, date by date."""
    rng = np.random.default_rng(3)
    periods, rho = 30, 0.45
    y, known = rng.normal(size=periods), np.ones(periods, bool)
    known[[0, 7, 8, 9, 10, 19]] = False
    steps = Steps(known[:, None], 0.15, trend=True)
    found = search(np.where(known, y, 0.0)[:, None], np.array([rho]), steps)
    at = np.flatnonzero(known)
    root = np.linalg.inv(np.linalg.cholesky(rho ** np.abs(at[:, None] - at)))
    best = (0.0, -1, 0.0)
    for date in (d for d in steps.dates if known[d]):
        columns = root @ np.stack([np.ones(at.size), at, at >= date], axis=1)
        size, left = np.linalg.lstsq(columns, root @ y[at])[:2]
        error = np.sqrt(left[0] / (at.size - 3) * np.linalg.inv(columns.T @ columns)[2, 2])
        best = max(best, (abs(size[2] / error), int(date), float(size[2])))
    assert best == pytest.approx((found.statistic[0], found.first[0], found.size[0]))


def test_what_is_made_serial_is_made_white_again() -> None:
    """Draws have the holes of the data: whitening undoes what made them serial."""
    rng = np.random.default_rng(4)
    known = rng.random((40, 3)) > 0.2
    steps, rho = Steps(known, 0.15, trend=True), np.array([0.0, 0.3, 0.6])
    white = np.where(known, rng.normal(size=(40, 3)), 0.0)
    made = steps.colour(white, rho)
    assert (made[~known] == 0).all()
    np.testing.assert_allclose(steps.whiten(made, rho, steps.shapes(rho)), white, atol=1e-12)
