"""Does the factor of means with many zeros hold the truth, where logs of what is left would not?"""

import numpy as np
import pytest

from agorascope.stats.sparse import estimate

AFTER = np.arange(40) >= 25


def panel(seed: int, mean: float, ratio: float, *, treated: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts of 25 accounts in 40 periods, uneven in time (log sd 0.3) and between accounts (0.5)."""
    rng = np.random.default_rng(seed)
    who = np.arange(25) < treated
    level = mean * np.exp(0.5 * rng.standard_normal((25, 1)) + 0.3 * rng.standard_normal((25, 40)))
    return rng.poisson(level * np.where(who[:, None] & AFTER, ratio, 1.0)).astype(float), who


@pytest.mark.parametrize(("mean", "ratio"), [(3.0, 0.25), (1.0, 0.25), (2.0, 1.0), (2.0, 3.0)])
def test_the_interval_holds_the_truth(mean: float, ratio: float) -> None:
    """Over 60 panels of small counts the interval holds the planted factor in at least 54."""
    found = [estimate(*panel(s, mean, ratio), AFTER) for s in range(60)]
    held = [f is not None and f.low <= ratio <= (np.inf if f.high is None else f.high) for f in found]
    assert 54 <= sum(held)


def test_nine_tenths_shown_to_nobody_are_a_tenth() -> None:
    """Views of large accounts, nine tenths of them zero from the date on: the factor .1 is held in at least 54 of 60."""
    held = 0
    for seed in range(60):
        counts, who = panel(seed, 500.0, 1.0)
        counts[0, AFTER] *= np.random.default_rng([seed, 1]).random(15) < 0.1
        found = estimate(counts, who, AFTER)
        held += found is not None and found.low <= 0.1 <= (np.inf if found.high is None else found.high)
    assert 54 <= held


def test_nothing_left_is_a_factor_of_nothing() -> None:
    """No count at all from the date on: zero, bounded by nothing; no count before it: no factor."""
    counts, who = panel(1, 50.0, 1.0)
    assert (0.0, 0.0, None) == estimate(np.where(who[:, None] & AFTER, 0.0, counts), who, AFTER)
    assert estimate(np.where(who[:, None] & ~AFTER, 0.0, counts), who, AFTER) is None
