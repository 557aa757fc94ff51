"""Do the worlds of camps hold what was planted in them, and their nulls not?"""

import numpy as np
import pytest

from agorascope.worlds.camps import PLANTED, CampsWorld, draw, make, null_of_illusion, null_of_sides


def across(world: CampsWorld, seed: int) -> float:
    """Give the share of ties between the camps."""
    drawn = draw(world, seed)
    return float((drawn.camp[drawn.source] != drawn.camp[drawn.target]).mean())


def test_camps_have_their_size_and_share_of_bearers() -> None:
    """A fifth of 600 accounts is in the smaller camp, a fifth bears the attribute, exactly."""
    drawn = draw(PLANTED["loud_minority"], 0)
    assert (120, 120, 600) == (int(drawn.camp.sum()), int(drawn.bears.sum()), drawn.camp.size)
    assert (drawn.source.size, drawn.posts.min()) == (2400, 1)


def test_planted_camps_tie_less_across_than_their_null() -> None:
    """With 40 % of ties kept in the camp, ties across fall to about 60 % of those of the null."""
    world = PLANTED["sides_degree_8"]
    told = [(across(world, seed), across(null_of_sides(world), seed)) for seed in range(10)]
    planted, null = np.mean(told, axis=0)
    assert planted == pytest.approx(0.6 * null, rel=0.1)


def test_lifted_bearers_have_more_ties_than_others() -> None:
    """Bearers of a planted illusion have more ties than others; those of its null do not."""
    world = PLANTED["illusion_degree_8"]
    ratios = []
    for one in (world, null_of_illusion(world)):
        drawn = [draw(one, seed) for seed in range(10)]
        ties = [np.bincount(np.r_[d.source, d.target], minlength=one.accounts) for d in drawn]
        ratios.append(np.mean([t[d.bears].mean() / t[~d.bears].mean() for t, d in zip(ties, drawn, strict=True)]))
    assert ratios[0] > 2 > 1.2 > ratios[1] > 0.8


def test_tables_say_the_same_as_arrays() -> None:
    """Ties and the three groups are those drawn; the same seed gives the same tables."""
    world = CampsWorld(accounts=50)
    tables, drawn = make(world, 1), draw(world, 1)
    names = tables["groups"]["group_name"].to_pylist()
    assert [int(drawn.camp.sum()), int(drawn.bears.sum())] == [names.count("smaller"), names.count("bearers")]
    assert [f"a{i}" for i in drawn.source] == tables["edges"]["source"].to_pylist()
    assert make(world, 1) == tables
