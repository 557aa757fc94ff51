"""Do the identities of a vote hold in whole populations, and are the bounds those that trying everything gives?"""

import math

import numpy as np
import pytest

from agorascope.stats import selfselected
from agorascope.stats.shares import wilson


def test_defect_is_the_correlation_of_answering_and_agreeing() -> None:
    """In a population written out, the formula gives numpy's correlation of the two."""
    agrees = np.repeat([1, 0], [400, 600])
    votes = np.concatenate([np.arange(400) < 90, np.arange(600) < 30]).astype(int)
    expected = np.corrcoef(votes, agrees)[0, 1]
    assert expected == pytest.approx(selfselected.defect(90 / 120, 120, 1_000, 0.4))


def test_effective_size_is_that_of_a_random_sample_of_equal_error() -> None:
    """The squared error of the votes equals the variance of a simple random sample of that size, without replacement."""
    votes, population, rho, truth = 20_000, 1_000_000, 0.01, 0.4
    error = rho**2 * (1 - votes / population) / (votes / population) * truth * (1 - truth)
    size = selfselected.effective(votes, population, rho)
    assert error == pytest.approx(truth * (1 - truth) / size * (population - size) / (population - 1), rel=1e-6)


def test_meng_s_own_example() -> None:
    """Meng 2018: 2.3 million answers, one in a hundred, with a correlation of .005 say as much as some 400 people."""
    assert 404 == round(selfselected.effective(2_300_000, 230_000_000, 0.005))


@pytest.mark.parametrize("rho", [0.001, 0.01, 0.05])
def test_shares_at_the_ends_have_that_defect(rho: float) -> None:
    """Both ends of the shares compatible with a defect have exactly it."""
    low, high = selfselected.within(0.7, 50_000, 1_000_000, rho)
    assert (rho, -rho) == pytest.approx([selfselected.defect(0.7, 50_000, 1_000_000, t) for t in (low, high)])


def test_bounds_under_odds_are_sharp() -> None:
    """In every population of 60 with 12 yes of 20 votes, odds of voting up to 2 allow just the shares between the bounds."""
    shares = []
    for agree in range(12, 60 - 8 + 1):
        ratio = (12 / agree) / (8 / (60 - agree))
        shares += [agree / 60] if 1 / 2 <= ratio <= 2 else []
    low, high = selfselected.under_odds(0.6, 2.0)
    assert low - 1e-12 <= min(shares) < low + 1 / 60
    assert high - 1 / 60 < max(shares) <= high + 1e-12


def test_the_worst_case_caps_every_bound() -> None:
    """Of 90 votes among 100 people, no odds lead beyond what the ten silent ones could change."""
    assert (0.72, 0.82) == pytest.approx(selfselected.bounded(0.8, 90, 50.0, population=100))
    assert wilson(80, 100) == pytest.approx(selfselected.bounded(0.8, 100, 1.0))


def test_one_variable_corrects_and_bounds_as_its_cells_do() -> None:
    """The corrected share is the sum of margin x share; under odds, that of the bounds of each category."""
    no, yes, target = np.array([20.0, 60.0]), np.array([80.0, 40.0]), np.array([0.25, 0.75])
    for odds in (1.0, 3.0, 1 / 3):
        cells = [1 / (1 + (1 - p) / p * odds) for p in (0.8, 0.4)]
        share, effect, made = selfselected.corrected([np.array([0, 1])], [target], no, yes, odds=odds)
        assert float(target @ cells) == pytest.approx(share)
        assert effect >= 1.0 >= made.off


def test_the_breakdown_is_where_the_bound_is_a_half() -> None:
    """At the breakdown the lower bound is one half; a share of all yes never breaks."""
    at = selfselected.breakdown(0.82)
    assert 0.5 == pytest.approx(selfselected.under_odds(0.82, at)[0])
    assert at == pytest.approx(selfselected.breakdown_of(lambda k: selfselected.under_odds(0.82, k)[0]))
    assert math.inf == selfselected.breakdown(1.0)
    assert selfselected.breakdown_of(lambda k: 0.9) is None


def test_the_literary_digest_lies_within_the_odds_it_had() -> None:
    """1936: 972,897 of 2,266,566 two-party ballots for Roosevelt, 62.5 % of voters: odds of 2.2, whose bounds hold it."""
    share, truth = 972_897 / 2_266_566, 27_752_648 / (27_752_648 + 16_681_862)
    odds = 1 / selfselected.realised(share, truth)
    assert 2.21 == pytest.approx(odds, abs=0.005)
    low, high = selfselected.bounded(share, 2_266_566, odds)
    assert low <= truth <= high
    assert selfselected.breakdown(share) < odds
