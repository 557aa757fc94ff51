"""Are sign flips fair, and is one loud author bounded?"""

import itertools

import numpy as np
import pytest

from agorascope.stats.signflip import column_draws, column_t, effective, p_values, pool


def test_it_equals_all_sign_patterns() -> None:
    """The share of draws above a value is near that of all 2^8 patterns of signs."""
    values = np.random.default_rng(0).exponential(1.0, (8, 1))
    every = [abs(column_t(values * np.array(s)[:, None])[0]) for s in itertools.product((-1, 1), repeat=8)]
    draws = column_draws(values, draws=20_000, rng=np.random.default_rng(1))
    assert np.mean(draws >= 1.5) == pytest.approx(np.mean(np.array(every) >= 1.5), abs=0.02)


def test_one_author_cannot_exceed_one() -> None:
    """A sum carried by one author has |T| = 1, however large."""
    assert [1.0] == column_t(np.array([[1e9], [0.0], [0.0]])).tolist()


def test_a_column_of_zeros_is_nothing() -> None:
    """Where no author contributes, T is 0."""
    assert [0.0] == column_t(np.zeros((3, 1))).tolist()


def test_pooling_keeps_sums_and_large_authors() -> None:
    """At most twice the number asked for; the largest alone; nobody lost."""
    sizes = np.random.default_rng(2).pareto(1.2, 500)
    cluster = pool(sizes, most=50)
    assert 100 == np.unique(cluster).size
    assert all(np.count_nonzero(cluster == cluster[i]) == 1 for i in np.argsort(-sizes)[:50])


def test_p_is_never_zero_and_counts_ties() -> None:
    """The data count as one draw; a draw equal to the data counts against it."""
    assert [0.1, 1.0] == p_values(np.array([99.0, 1.0]), np.ones(9)).tolist()


def test_equal_authors_count_whole() -> None:
    """Ten equal authors are worth ten; one giant among them is worth about one."""
    assert 10.0 == effective(np.ones(10))
    assert effective(np.array([1e6, 1.0, 1.0])) < 1.01
