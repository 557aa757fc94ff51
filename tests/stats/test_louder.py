"""Is a group called louder than its share beyond chance only as often as said?"""

import numpy as np
import pytest
from scipy.stats import binomtest

from agorascope.stats.louder import louder

WORLDS = range(150)


@pytest.mark.parametrize("groups", [3, 12, 24])
def test_equally_loud_groups_are_seldom_called_louder(groups: int) -> None:
    """Posts of a heavy tail, sizes that differ: any group at 5 % in no more worlds than the level's exact interval allows."""
    alarms = 0
    for seed in WORLDS:
        rng = np.random.default_rng(seed)
        of = np.sort(rng.integers(0, groups + 1, 300) * rng.integers(0, 2, 300))  # the last group is none: too small to be told
        alarms += bool((louder(of, np.floor(2 * rng.pareto(1.5, 300) + 1), groups, seed=seed) <= 0.05).any())
    assert binomtest(alarms, len(WORLDS)).proportion_ci(0.99, method="exact").low <= 0.05


def test_a_louder_group_is_seen_beside_quiet_ones() -> None:
    """Of four groups one writes twice as much: it is called louder in nearly every world, and no other is."""
    called = np.zeros(4)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        of = np.repeat(np.arange(4), 60)
        called += louder(of, rng.poisson(np.where(of == 2, 8.0, 4.0)) * 1.0, 4, seed=seed) <= 0.05
    assert (called[2] >= 38, called[[0, 1, 3]].max() <= 1) == (True, True)


def test_groups_without_members_or_without_anything_are_not_louder() -> None:
    """Nobody, or nothing at all to deal: p is 1."""
    assert [1.0, 1.0] == louder(np.zeros(5, np.int64), np.zeros(5), 2).tolist()
    assert [] == louder(np.empty(0, np.int64), np.empty(0), 0).tolist()
