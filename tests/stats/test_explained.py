"""Do the bounds of what flagged members explain hold every loss that could have been, and chance what it should?"""

import numpy as np
import pytest

from agorascope.stats.explained import at_random, bounds
from tests import naive


def one(*numbers: int) -> list[np.ndarray]:
    """Make arrays of one account."""
    return [np.array([n]) for n in numbers]


def test_bounds_equal_the_slow_twin() -> None:
    """On every small case the least and the most are those over all ways to flag the unknown and to lose as many."""
    cases = [(b, lost, k, f, u) for b in (4, 6) for lost in (1, 3) for k in range(b + 1) for f in range(k + 1) for u in (0, 1, 9)]
    for case in cases:
        least, most = bounds(*one(*case))
        assert naive.explained(*case) == (int(least[0]), int(most[0])), case


def test_bounds_hold_whoever_came_and_went() -> None:
    """Removals of flagged and others, new followers and an incomplete list: the share among the removed lies between the bounds."""
    rng = np.random.default_rng(2)
    for _ in range(500):
        flagged = rng.random(200) < rng.random()
        known, gone = rng.random(200) < rng.random(), rng.random(200) < rng.random()
        came = int(rng.integers(0, 1 + gone.sum() // 2))
        lost = int(gone.sum()) - came
        if lost <= 0:
            continue
        least, most = bounds(*one(200, lost, int(known.sum()), int((known & flagged).sum()), int((~known & flagged).sum())))
        true = (gone & flagged).sum() / gone.sum()
        assert least[0] / lost <= true + 1e-12
        assert true <= most[0] / lost + 1e-12


def test_a_list_longer_than_the_counter_makes_nobody_sure() -> None:
    """Of 12 names on the list of a counter of 10, two have left: they may be two of the flagged."""
    assert [3, 5] == [int(v[0]) for v in bounds(*one(10, 5, 12, 10, 0))]


@pytest.mark.parametrize("accounts", [1, 6])
def test_chance_covers_what_is_removed_at_random(accounts: int) -> None:
    """Removed at random, the share of flagged among the lost lies in the range of 95 % of draws as often as that, or nearly."""
    rng = np.random.default_rng(accounts)
    before, lost = np.full(accounts, 500), rng.integers(40, 120, accounts)
    flagged = rng.integers(20, 200, accounts)
    mean, low, high = at_random(before, lost, before, flagged)
    drawn = np.array([rng.hypergeometric(flagged, 500 - flagged, lost).sum() for _ in range(2_000)]) / lost.sum()
    assert mean == pytest.approx(drawn.mean(), abs=0.01)
    assert 0.93 < ((drawn >= low - 1e-12) & (drawn <= high + 1e-12)).mean() < 0.99
