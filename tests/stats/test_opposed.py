"""Are groups called opposed only where one values least what the others value most?"""

import numpy as np
import pytest

from agorascope.stats.declared_camps import OPPOSED, acts_beyond_chance, declared_beyond_chance, margins
from agorascope.stats.opposed import opposed

Floats = np.ndarray


def votes(minor: int, seed: int, *, against: bool, items: int = 30) -> tuple[Floats, Floats, Floats, Floats]:
    """Draw 200 raters and 30 items: the minor camp votes as the major one, or the other way round."""
    rng = np.random.default_rng(seed)
    share, camp = rng.uniform(0.1, 0.9, items), (np.arange(200) < minor).astype(np.int64)
    rater, item = np.nonzero(rng.random((200, items)) < 0.8)
    turned = camp[rater] == 1 if against else np.zeros(rater.size, bool)
    value = rng.random(rater.size) < np.where(turned, 1 - share[item], share[item])
    return camp, rater, item, value.astype(np.float64)


@pytest.mark.parametrize("minor", [40, 60, 100])
def test_camps_that_want_the_opposite_are_camps(minor: int) -> None:
    """Whatever the sizes: the curve of a camp in the ease of items does not take away what falls where the others rise."""
    camp, rater, item, value = votes(minor, 1, against=True)
    assert declared_beyond_chance(camp, rater, item, value, camps=2, items=30, draws=19, seed=0) == 1 / 20


def test_groups_of_one_mind_are_seldom_opposed() -> None:
    """Of 300 worlds without camps, and of 300 of raters who vote at random, none or one is called opposed."""
    for low, high in ((0.1, 0.9), (0.5, 0.5)):
        called = 0
        for seed in range(300):
            rng = np.random.default_rng(seed)
            share = rng.uniform(low, high, 25)
            own, rest = rng.binomial(40, share) / 40, rng.binomial(160, share) / 160
            called += opposed(np.stack((own, rest)), np.stack((rest, own))) <= OPPOSED
        assert called <= 2


def acted(seed: int, *, against: bool) -> tuple[Floats, Floats, Floats]:
    """Draw 40 accounts of the right and 160 of the left, who pass on eight of 60 posts each: their own side's, or any."""
    rng = np.random.default_rng(seed)
    camp = (np.arange(200) < 40).astype(np.int64)
    own = (np.arange(60) % 2)[None, :] == camp[:, None]
    odds = np.where(own, 0.22, 0.025) if against else np.full((200, 60), 0.12) * rng.gamma(2, 0.5, 60)[None, :]
    rater, item = np.nonzero(rng.random((200, 60)) < odds)
    return camp, rater, item


def test_camps_that_pass_on_the_opposite_are_camps_and_others_seldom() -> None:
    """Posts of the larger side are the popular ones: still camps; accounts that follow popularity alone are none."""
    for against in (True, False):
        found = 0
        for seed in range(20):
            camp, rater, item = acted(seed, against=against)
            how = margins(camp, rater, item, items=60)
            found += acts_beyond_chance(camp, rater, item, how, camps=2, items=60, draws=19, seed=seed) <= 0.05
        assert found == 20 if against else found <= 4
