"""Do shares, concentration and ratios of shares agree with slow twins, and do their intervals hold the truth?"""

import numpy as np
import pytest

from agorascope.stats.intensity import compare_depths, compare_rates, log_ratio_interval
from agorascope.stats.share_ratio import interval, scores
from agorascope.stats.shares import concentration, design_effect, gini, top_share, wilson
from agorascope.stats.signflip import column_t
from agorascope.stats.sums import sums
from tests import naive


def test_gini_equals_all_pairs() -> None:
    """The Gini index equals the mean difference of all pairs."""
    sizes = np.random.default_rng(0).pareto(1.5, 80)
    assert gini(sizes) == pytest.approx(naive.gini(sizes.tolist()))


def test_top_share_of_equals() -> None:
    """Of 200 equal authors, the top 1 % hold 1 %."""
    assert top_share(np.ones(200)) == pytest.approx(0.01)


def test_concentration_intervals_hold_the_value() -> None:
    """The bootstrap interval surrounds the value and has some width."""
    found = concentration(np.random.default_rng(1).pareto(2.0, 300), part=0.01, draws=200, rng=np.random.default_rng(2))
    assert all(low < value < high for value, low, high in found.values())


def test_wilson_widens_with_clusters() -> None:
    """Ten posts each of the same authors carry less than as many authors."""
    narrow, wide = wilson(50, 500), wilson(50, 500, design_effect=10)
    assert wide[0] < narrow[0] < 0.1 < narrow[1] < wide[1]
    assert (0.0, 1.0) == wilson(0, 0)


def test_design_effect_of_whole_authors() -> None:
    """Where each author writes ten posts, all of one category or none, the effect is ten; it is never below one."""
    inside, whole = np.array([10.0] * 5 + [0.0] * 15), np.full(20, 10.0)
    effect = design_effect(
        square=(inside**2).sum(), cross=(inside * whole).sum(), total_square=(whole**2).sum(), count=50, total=200
    )
    assert effect == pytest.approx(10)
    assert 1.0 == design_effect(square=0, cross=0, total_square=0, count=0, total=0)


def test_scores_equal_their_slow_twin() -> None:
    """The studentised score of an unchanged share equals that of plain loops."""
    rng = np.random.default_rng(3)
    part = rng.poisson(2.0, (30, 2)).astype(float)
    whole = part + rng.poisson(5.0, (30, 2))
    assert column_t(scores(part, whole)[:, None])[0] == pytest.approx(naive.score(part.tolist(), whole.tolist()))


def test_a_ratio_of_shares_is_held_as_often_as_said() -> None:
    """Over 200 draws with heavy authors the 95 % interval holds the true ratio 180 to 200 times."""
    rng, held = np.random.default_rng(4), 0
    for _ in range(200):
        rate = rng.pareto(2.5, 80) + 0.2
        part = np.column_stack([rng.poisson(rate), rng.poisson(1.5 * rate)]).astype(float)
        rest = np.column_stack([rng.poisson(5 * rate), rng.poisson(5 * rate)])
        low, high = interval(part, part + rest)
        held += low <= (1.5 / 6.5) / (1 / 6) <= high
    assert 180 <= held <= 200


def test_clusters_too_few_bound_nothing() -> None:
    """One cluster gives the widest interval there is."""
    assert interval(np.ones((1, 2)), np.full((1, 2), 5.0)) == pytest.approx((0.01, 100))


def test_two_events_per_hour_and_per_author() -> None:
    """Rates are divided by hours, depths by authors; an event nobody spoke of has no ratio."""
    first, second = np.array([4.0, 2.0, 0.0, 1.0]), np.array([1.0, 1.0, 1.0, 4.0])
    assert compare_rates(first, 10, second, 20).ratio == pytest.approx(2.0)
    assert compare_depths(first, second).ratio == pytest.approx((7 / 3) / (7 / 4))
    assert all(np.isnan(f(np.zeros(2), *a)[0]) for f, a in ((compare_rates, (1, np.ones(2), 1)), (compare_depths, (np.ones(2),))))


def test_one_author_has_no_interval() -> None:
    """With one author the ratio is known and its interval is not."""
    assert np.isnan(compare_rates(np.array([4.0]), 1, np.array([2.0]), 1).low)


def test_more_variance_widens_an_interval() -> None:
    """An interval of a ratio lies symmetrically round it on the log scale."""
    found = log_ratio_interval(2.0, 0.04, 30)
    assert found.low * found.high == pytest.approx(4.0)


def test_sums_are_floats() -> None:
    """Sums by number are floats even where nothing is added."""
    assert np.float64 == sums(np.array([], np.int64), np.array([]), 3).dtype
