"""Do the bounds hold what missing posts could do, and nothing less?"""

import numpy as np
import pytest

from agorascope.stats import twoway
from agorascope.stats.missing import bounds, weights

from .panels import first, gapped, since

TREATED, AFTER = first(9, 2), since(20, 12)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw a panel with gaps and captured shares, some of them unknown."""
    rng = np.random.default_rng(seed)
    share = np.where(rng.random((9, 20)) < 0.5, rng.uniform(0.3, 1.0, (9, 20)), 1.0)
    return gapped(seed), np.where(rng.random((9, 20)) < 0.2, np.nan, share)


def test_the_weights_are_those_of_the_regression() -> None:
    """The known cells, so weighted, add up to the shift, gaps or not."""
    for seed in range(5):
        y, _ = drawn(seed)
        assert np.nansum(weights(y, TREATED, AFTER) * y) == pytest.approx(twoway.effect(y, TREATED, AFTER))


def test_no_assignment_of_missing_posts_leaves_the_bounds() -> None:
    """Whatever the missing posts had between nothing and twice the rest, the shift of the true means lies within."""
    y, share = drawn(3)
    low, high = bounds(y, TREATED, AFTER, share, most=2.0)
    known, rng = np.where(np.isfinite(share), share, 1.0), np.random.default_rng(0)
    for _ in range(200):
        missing = 2.0 * (rng.random(y.shape) < 0.5)
        assert low <= twoway.effect(y + np.log(known + (1 - known) * missing), TREATED, AFTER) <= high


def test_the_bounds_are_reached() -> None:
    """Missing posts unseen where the weight is positive and seen twice as often elsewhere give the lower end itself."""
    y, share = drawn(4)
    known, up = np.where(np.isfinite(share), share, 1.0), weights(y, TREATED, AFTER) > 0
    ends = [twoway.effect(y + np.log(np.where(side, known, 2 - known)), TREATED, AFTER) for side in (up, ~up)]
    assert ends == pytest.approx(bounds(y, TREATED, AFTER, share, most=2.0))


@pytest.mark.parametrize(
    ("who", "when", "low", "high"),
    [(True, True, 0.5, np.inf), (True, False, 0.0, 2.0), (False, True, 0.0, 2.0), (False, False, 0.5, np.inf)],
)
def test_each_of_the_four_cells_bounds_its_own_end(who: bool, when: bool, low: float, high: float) -> None:
    """Half of the posts missing in one cell of four halves or doubles one end, and opens the other."""
    share = np.where((TREATED == who)[:, None] & (when == AFTER)[None, :], 0.5, 1.0)
    assert np.exp(bounds(np.zeros((9, 20)), TREATED, AFTER, share, most=np.inf)) == pytest.approx([low, high])


def test_nothing_missing_bounds_nothing() -> None:
    """With every post captured, or no counter known, both ends are the shift."""
    y, _ = drawn(5)
    for share in (np.ones((9, 20)), np.full((9, 20), np.nan)):
        assert bounds(y, TREATED, AFTER, share, most=np.inf) == pytest.approx([twoway.effect(y, TREATED, AFTER)] * 2)
