"""Is a contrast of labelled posts exact where nothing happened, right where something was planted, and honest about the rest?"""

import csv
import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from agorascope.stats.contrast import Contrast, contrast

World = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def world(seed: int, *, posts: int = 80, reach: float = 1.0, conversion: float = 1.0, spread: float = 1.0) -> World:
    """Make posts of six strata with heavy tails, a label likelier in some of them, and planted ratios."""
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, 6, posts)
    label = (rng.random(posts) < 0.1 + 0.08 * strata).astype(float)
    wide = np.where(label == 1, spread, 1.0)
    exposure = np.exp(6 + 0.5 * strata + wide * rng.standard_t(5, posts)) * reach**label
    engagement = exposure * np.exp(-2 - 0.3 * strata + 0.5 * wide * rng.standard_normal(posts)) * conversion**label
    return exposure, engagement, label, strata


def run(of: World, *, draws: int = 199, seed: int = 0) -> Contrast:
    """Contrast a world with a seed of its own."""
    return contrast(*of, draws=draws, rng=np.random.default_rng(seed))


def bound(rate: float, runs: int) -> float:
    """Give the largest share of runs that a true rate exceeds with probability 0.1 %."""
    return float(stats.binom.ppf(0.999, runs, rate)) / runs


def test_it_is_silent_where_nothing_happened() -> None:
    """Over 1,000 worlds without an effect each p-value is at most 0.05 in 5 % of them, within chance."""
    found = [run(world(seed, posts=60), seed=seed) for seed in range(1_000)]
    for p in ([c.exposure.p_value for c in found], [c.conversion.p_value for c in found]):
        assert 0.03 <= np.mean(np.array(p) <= 0.05) <= bound(0.05, 1_000)


def test_the_intervals_hold_the_truth_also_under_unequal_spread() -> None:
    """Reach x1.5, conversion x0.8, labelled posts twice as spread: 92 to 98 % of 400 intervals hold each and the index."""
    found = [run(world(seed, posts=150, reach=1.5, conversion=0.8, spread=2.0), seed=seed) for seed in range(400)]
    push = -math.log(0.8) / math.log(1.5)
    held = [
        (c.exposure.low <= 1.5 <= c.exposure.high, c.conversion.low <= 0.8 <= c.conversion.high, c.push_low <= push <= c.push_high)
        for c in found
    ]
    assert all(0.92 <= share <= 0.98 for share in np.mean(held, axis=0))


def test_it_finds_what_was_planted() -> None:
    """Of 100 worlds of 500 posts with reach x2 at least 95 show it, and the ratio is right on average."""
    found = [run(world(seed, posts=500, reach=2.0), seed=seed) for seed in range(100)]
    assert sum(c.exposure.p_value <= 0.05 for c in found) >= 95
    assert 2.0 == pytest.approx(np.exp(np.mean([math.log(c.exposure.ratio) for c in found])), rel=0.05)


def test_the_estimate_is_least_squares_with_hc3() -> None:
    """The effect and its t equal those of a regression on the label and one column per stratum, made another way."""
    from agorascope.stats.contrast import _studentised
    from agorascope.stats.relabel import moments

    exposure, _, label, strata = world(1, posts=200)
    order = np.argsort(strata, kind="stable")
    y, d, s = np.log(exposure)[order], label[order], strata[order]
    design = np.column_stack([d, s[:, None] == np.arange(6)]).astype(float)
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    left = (y - design @ beta) / (1 - np.einsum("ij,jk,ik->i", design, inverse, design))
    error = math.sqrt((inverse @ (design.T * left**2) @ design @ inverse)[0, 0])
    made = moments(y[:, None], d == 1, s, iter([]))
    assert [beta[0], beta[0] / error] == pytest.approx([made.sums[0, 0], _studentised(made, np.array([1.0, 0.0]))[0]])


def slow_p(y: np.ndarray, label: np.ndarray, strata: np.ndarray) -> float:
    """List all relabellings within strata and refit each by least squares with HC3."""
    places = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    choices = [list(itertools.combinations(p, int(label[p].sum()))) for p in places]
    made = []
    for chosen in itertools.product(*choices):
        d = np.isin(np.arange(y.size), list(itertools.chain.from_iterable(chosen))).astype(float)
        design = np.column_stack([d, strata[:, None] == np.unique(strata)]).astype(float)
        inverse = np.linalg.inv(design.T @ design)
        beta = inverse @ design.T @ y
        left = (y - design @ beta) / (1 - np.einsum("ij,jk,ik->i", design, inverse, design))
        made.append((bool((d == label).all()), abs(beta[0]) / math.sqrt((inverse @ (design.T * left**2) @ design @ inverse)[0, 0])))
    observed = next(t for same, t in made if same)
    return float(np.mean([t >= observed - 1e-9 for _, t in made]))


def test_few_posts_are_tested_exactly() -> None:
    """With few relabellings all are listed: the p-value equals that of a slow twin, and no draw matters."""
    rng = np.random.default_rng(3)
    strata, label = np.repeat([0, 1], [5, 4]), np.array([1, 1, 0, 0, 0, 1, 0, 0, 0.0])
    exposure = np.exp(rng.standard_normal(9) + 2 * label)
    found = contrast(exposure, exposure * rng.random(9), label, strata, draws=99, rng=rng)
    assert (True, slow_p(np.log(exposure), label, strata)) == (found.exact, pytest.approx(found.exposure.p_value))
    assert 1 / 40 <= found.p_floor <= found.exposure.p_value


def test_the_other_side_and_another_order_say_the_same() -> None:
    """Labels exchanged turn a ratio over; the order of the posts changes only the draws."""
    exposure, engagement, label, strata = world(5, posts=200, reach=1.5)
    found = run((exposure, engagement, label, strata), draws=1_999)
    turned = run((exposure, engagement, 1 - label, strata), draws=1_999)
    assert (1 / found.exposure.ratio, found.push_index) == pytest.approx((turned.exposure.ratio, turned.push_index))
    mixed = np.random.default_rng(0).permutation(200)
    other = run((exposure[mixed], engagement[mixed], label[mixed], strata[mixed]), draws=1_999)
    assert found.exposure.ratio == pytest.approx(other.exposure.ratio)
    assert found.exposure.low == pytest.approx(other.exposure.low, rel=0.05)


def test_what_cannot_be_compared_is_counted() -> None:
    """Strata of one side, posts without exposure or label, and posts without engagement are told apart."""
    exposure = np.array([10, 20, 30, 40, 50, 0, np.nan, 70.0, 80, 90])
    label = np.array([1, 1, 0, 0, 1, 0, 0, np.nan, 0, 0])
    strata = np.array([0, 0, 0, 0, 1, 0, 0, 0, 2, 2])
    found = contrast(exposure, np.array([1, 0, 3, 4, 5, 6, 7, 8, 9, 9.0]), label, strata, rng=np.random.default_rng(0))
    assert (2, 2, 1, 2, 3, 3, 1, 0.5) == found[7:15]


def test_too_little_is_refused() -> None:
    """One labelled post, or a label that is neither 0 nor 1, is said in words."""
    with pytest.raises(ValueError, match="1 labelled"):
        contrast(np.ones(4), np.ones(4), np.array([1, 0, 0, 0.0]), np.zeros(4, np.int64), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        contrast(np.ones(4), np.ones(4), np.array([2, 0, 0, 0.0]), np.zeros(4, np.int64), rng=np.random.default_rng(0))


def test_no_step_in_exposure_leaves_the_index_open() -> None:
    """Where exposure may be unchanged, any index may hold."""
    found = run(world(11, posts=60))
    assert (-math.inf, math.inf) == (found.push_low, found.push_high)


def test_paid_posts_reach_further_and_are_worth_less(shared: Callable[[str], Path]) -> None:
    """One page's 499 posts within type and month: reach x1.5, engaged people per reach x0.8, index between 0 and 1."""
    file = shared("amplification/uci_facebook_metrics/dataset_Facebook.csv")
    rows = [row for row in csv.DictReader(file.read_text("utf-8").splitlines()) if row["paid"] in ("0", "1")]
    label = np.array([float(row["paid"]) for row in rows])
    strata = np.unique([f"{row['type']} {row['month']}" for row in rows], return_inverse=True)[1]
    columns = {name: np.array([float(row[name]) for row in rows]) for name in ("reach", "users", "impressions", "interactions")}
    people = run((columns["reach"], columns["users"], label, strata), draws=999)
    acts = run((columns["impressions"], columns["interactions"], label, strata), draws=999)
    assert [1.518, 0.800, 1.523, 0.842] == pytest.approx(
        [people.exposure.ratio, people.conversion.ratio, acts.exposure.ratio, acts.conversion.ratio], abs=1e-3
    )
    assert max(people.exposure.p_value, people.conversion.p_value) < 0.02
    assert 0 < people.push_low < people.push_high < 1
    assert (22, 13, 29, 6) == (acts.strata, acts.one_sided, acts.one_sided_posts, acts.zeros)


def test_the_smallest_ratio_promised_is_found_when_planted() -> None:
    """The ratio up and the ratio down that 80 % should show are found in 70 to 90 % of 120 fresh copies of null worlds each."""
    found = np.zeros(2)
    for seed in range(120):
        exposure, engagement, label, strata = world(seed)
        told = run((exposure, engagement, label, strata))
        for side, ratio in enumerate((told.up, told.down)):
            on = np.where(label == 1, 1 / told.exposure.ratio, 1.0)
            fresh = np.random.default_rng(1_000 + seed)
            dealt = label.copy()
            for code in np.unique(strata):
                dealt[strata == code] = fresh.permutation(label[strata == code])
            found[side] += run((exposure * on * ratio**dealt, engagement * on, dealt, strata)).exposure.p_value <= 0.05
    assert ((found >= 0.7 * 120) & (found <= 0.9 * 120)).all(), found


def test_where_no_deal_reaches_the_level_nothing_could_be_seen() -> None:
    """Four posts in one stratum: six deals, and no ratio is promised."""
    few = (np.array([1.0, 2, 3, 5]), np.ones(4), np.array([1.0, 1, 0, 0]), np.zeros(4, np.int64))
    assert (math.inf, 0.0) == (run(few).up, run(few).down)
