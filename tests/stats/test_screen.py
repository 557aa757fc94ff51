"""Does a screen of all accounts keep its error over accounts and dates, and find who was pushed?"""

import numpy as np
import pytest

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
