"""Are lifts those of the rules, and do deals keep what they promise?"""

import numpy as np
import pytest
from scipy.stats import binomtest, hypergeom

from agorascope.stats.lifting import compared, lifts, repeats

ints = np.array


def test_who_lifts_is_who_writes_after_another() -> None:
    """The second and third author of a text lift it once each; the first never, nor a text alone."""
    found = lifts(ints([0, 0, 0, 0, -1]), ints([5, 6, 6, 7, 5]), ints([3, 9, 4, 8, 1]), refers_to=ints([-1] * 5))
    assert [(2, 0), (3, 0)] == sorted(zip(found.copy.tolist(), found.first.tolist(), strict=True))
    assert [True, False, True, True, True] == found.own.tolist()


def test_credit_and_a_shared_first_time_are_no_lifts() -> None:
    """Who refers to the first author, or credits otherwise, does not lift; where two are first at once, nobody does."""
    refers, credits = ints([-1, 5, -1, -1, -1, -1, -1]), ints([0, 0, 1, 0, 0, 0, 0]).astype(bool)
    group, author, at = ints([0, 0, 0, 0, 1, 1, 1]), ints([5, 6, 7, 8, 5, 6, 7]), ints([1, 2, 3, 4, 1, 1, 2])
    found = lifts(group, author, at, refers_to=refers, credits=credits)
    assert ([3], 1, 2) == (found.copy.tolist(), found.tied, found.credited)


def test_deals_keep_each_stratum_and_give_the_exact_chance() -> None:
    """One account with half of eight texts, four lifts of somebody else's: it has three or more as the hypergeometric law says."""
    author, stratum = ints([0] * 4 + list(range(1, 5)) + [9] * 50), ints([0] * 8 + [1] * 50)
    found = repeats(author, stratum, ints([0, 1, 2, 4]), np.full(4, 99), draws=20_000, rng=np.random.default_rng(0))
    assert 1 == found.observed[0]
    assert found.p_value == pytest.approx(hypergeom.sf(2, 8, 4, 4), abs=0.01)


def test_nobody_is_dealt_a_lift_from_itself() -> None:
    """Where all lifts come from the busiest account, no deal gives it one."""
    author = ints([0] * 30 + [1, 2, 3, 4, 5] * 2)
    found = repeats(
        author, np.zeros(40, int), np.arange(30, 40), np.zeros(10, int), draws=99, edges=(3,), rng=np.random.default_rng(1)
    )
    assert found.high[1] <= 5
    assert found.mean[1] > 0


def test_one_source_counts_once_if_asked() -> None:
    """Three lifts from one account are one source; three from three are a habit."""
    author, lifted = np.repeat(np.arange(40), 5), ints([0, 1, 2, 5, 6, 7])
    source = ints([30, 30, 30, 31, 32, 33])
    common = {"draws": 99, "rng": np.random.default_rng(0)}
    assert 2 == repeats(author, np.zeros(200, int), lifted, source, **common).observed[0]
    assert 1 == repeats(author, np.zeros(200, int), lifted, source, once=True, **common).observed[0]


def test_members_drawn_at_random_are_seldom_told_apart() -> None:
    """Accounts that differ widely, members at random: p at most 5 % in 5 % of 400 groups, by the rate rule; intervals hold 0."""
    rng = np.random.default_rng(3)
    alarms = held = 0
    for _ in range(400):
        texts = 1 + rng.poisson(np.exp(rng.normal(1.5, 1.0, 200)))
        lifted = rng.binomial(texts, rng.beta(0.3, 3.0, 200))
        found = compared(lifted, texts, rng.permutation(200) < 30, np.digitize(texts, [3, 6, 12]), draws=99, rng=rng)
        assert found is not None
        alarms += found.p_value <= 0.05
        held += found.low <= 0 <= found.high
    assert binomtest(alarms, 400).proportion_ci(0.99, "exact").low <= 0.05
    assert held >= 360


def test_members_without_others_are_left_out() -> None:
    """Strata of members only compare nothing."""
    one = np.ones(20, int)
    assert compared(one, one, one.astype(bool), one, draws=99, rng=np.random.default_rng(0)) is None
