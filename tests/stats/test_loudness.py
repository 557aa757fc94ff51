"""Are the few and the many counted as slow twins count, and is chance quiet?"""

import numpy as np
import pytest
from scipy.stats import binomtest

from agorascope.stats.loudness import alike, gap, lorenz, unseen


def seen(rng: np.random.Generator, rate: float, accounts: int) -> np.ndarray:
    """Draw posts of accounts that write at one rate; those without a post are not seen."""
    posts = rng.poisson(rate, accounts).astype(np.float64)
    return posts[posts > 0]


def test_unseen_is_a_lower_bound_that_reaches_equal_accounts() -> None:
    """Of 1,000 equal accounts at rate 1 the estimate is near 1,000; of unequal ones it stays below."""
    rng = np.random.default_rng(1)
    even = unseen(seen(rng, 1.0, 1_000))
    assert even.low < 1_000 < even.high
    posts = rng.poisson(rng.gamma(0.3, 4.0, 1_000)).astype(np.float64)
    assert posts[posts > 0].size < unseen(posts[posts > 0]).least < 1_000


def test_nobody_unseen_where_nobody_wrote_once() -> None:
    """Without accounts seen once there is nothing to add."""
    assert (3.0, 3.0, 3.0, 0, 1) == unseen(np.array([2.0, 5, 9]))


def test_lorenz_runs_from_nothing_to_all() -> None:
    """The loudest third of 1, 2 and 7 holds seven tenths."""
    part, held = lorenz(np.array([1.0, 2, 7]), points=4)
    assert ([0.0, 0.7, 0.9, 1.0], 1.0) == (held.round(12).tolist(), part[-1])


def test_equal_accounts_seldom_look_unequal_and_unequal_ones_do() -> None:
    """At equal rates p falls below 5 % as often as it should, over 300 worlds; a few loud accounts are seen at once."""
    worlds = [np.random.default_rng(s) for s in range(300)]
    alarms = sum(alike(seen(rng, 1.5, 150), draws=99, rng=rng) <= 0.05 for rng in worlds)
    assert binomtest(alarms, 300).proportion_ci(0.99, "exact").low <= 0.05
    loud = np.concatenate([seen(worlds[0], 1.5, 150), np.full(5, 40.0)])
    assert 0.01 == alike(loud, draws=99, rng=worlds[0])
    assert 1.0 == alike(np.ones(50), draws=99, rng=worlds[0])


def test_gap_is_the_difference_of_the_two_shares() -> None:
    """Nine posts of one account for it, one each of two against: 9/11 of posts, a third of accounts."""
    found = gap(np.array([9.0, 1, 1]), np.array([9.0, 0, 0]), draws=99, rng=np.random.default_rng(1))
    assert (9 / 11, 1 / 3, 9 / 11 - 1 / 3) == pytest.approx((found.posts, found.accounts, found.gap))
    assert found.low <= found.gap <= found.high


def test_a_planted_gap_is_found_and_one_shared_by_all_is_none() -> None:
    """Loud accounts that hold it twice as often: p small; the same share everywhere: no gap, no error, p of 1."""
    rng = np.random.default_rng(3)
    posts = rng.geometric(0.2, 400).astype(np.float64)
    own = rng.random(400) < np.where(posts > 5, 0.6, 0.3)
    found = gap(posts, posts * own, draws=199, rng=rng)
    assert 0.0 < found.low < found.gap
    assert found.p_value == 0.005
    none = gap(posts, posts, draws=99, rng=rng)
    assert (0.0, 1.0) == (round(none.gap, 12), none.p_value)
