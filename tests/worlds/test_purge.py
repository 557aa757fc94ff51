"""Does the world of a removal hold the losses it says, and its null the same followers without them?"""

from dataclasses import replace

import numpy as np
import pytest

from agorascope.records import schema
from agorascope.worlds.null import DAY_US, START_US
from agorascope.worlds.purge import CLAIMANT, PurgeWorld, make, matched_null, tables, truth

WORLD = PurgeWorld()
FULL = replace(WORLD, missing=0.0, followers=1e6, follower_spread=0.5)


def test_a_seed_is_a_world() -> None:
    """One seed gives equal tables twice, another seed others."""
    first, again, other = (tables(WORLD, seed) for seed in (1, 1, 2))
    assert all(table.equals(again[name]) for name, table in first.items())
    assert not first["account_counters"].equals(other["account_counters"])


def test_tables_are_canonical_and_tell_the_panel() -> None:
    """Tables have the canonical columns; the counters are the readings that were not lost; one account complains."""
    made, panel = tables(WORLD, 0), make(WORLD, 0)
    assert all(table.schema.equals(schema(name)) for name, table in made.items())
    read = made["account_counters"]["followers"].to_numpy()
    assert np.array_equal(panel.followers[np.isfinite(panel.followers)], read)
    assert WORLD.missing == pytest.approx(1 - read.size / panel.followers.size, abs=0.01)
    assert [CLAIMANT] == made["groups"]["group_name"].to_pylist()[:1]
    assert 1 == made["groups"]["group_name"].to_pylist().count(CLAIMANT)


@pytest.mark.parametrize("reached", [0.0, 0.5, 1.0])
def test_planted_less_null_is_the_truth(reached: float) -> None:
    """Before the day both worlds are equal; after it each account lacks the share told."""
    world = replace(FULL, reached=reached)
    planted, null, told = make(world, 3), make(matched_null(world), 3), truth(world, 3)
    ratio = planted.followers / null.followers
    assert np.all(ratio[:, : world.purge_day] == 1)
    assert told.lost == pytest.approx(1 - ratio[:, -1], abs=1e-5)
    assert reached == pytest.approx(np.mean(told.lost[1:] > 0), abs=0.1)
    assert told.lost[0] > 0


def test_losses_are_lognormal() -> None:
    """Over 20 worlds the median loss and its spread are those asked for, the claimant's as many times as asked."""
    lost = np.stack([truth(replace(WORLD, claimant_ratio=3.0), seed).lost for seed in range(20)])
    assert WORLD.loss == pytest.approx(np.median(lost[:, 1:]), rel=0.05)
    assert WORLD.loss_spread == pytest.approx(np.log(lost[:, 1:]).std(), rel=0.05)
    assert np.array_equal(lost[:, 0], [3 * truth(WORLD, seed).lost[0] for seed in range(20)])


def test_a_usual_day_has_losers_too() -> None:
    """Over 10 nulls 1 to 3 % of accounts lose more than 0.5 % on a day; on the day of the removal most do."""

    def losers(world: PurgeWorld, seed: int) -> np.ndarray:
        followers = make(world, seed).followers
        return np.mean(followers[:, 1:] / followers[:, :-1] < 0.995, axis=0)

    usual = np.mean([losers(matched_null(FULL), seed) for seed in range(10)])
    purged = np.mean([losers(FULL, seed)[WORLD.purge_day - 1 : WORLD.purge_day + 1].sum() for seed in range(10)])
    assert 0.01 < usual < 0.03
    assert purged > 0.5


def test_the_removal_is_dated() -> None:
    """The truth dates the removal, and the null has none."""
    assert START_US + WORLD.purge_day * DAY_US == truth(WORLD, 0).purge_us
    assert truth(matched_null(WORLD), 0).purge_us is None


@pytest.mark.parametrize("wrong", [{"accounts": 1}, {"purge_day": 0}, {"loss": 1.0}])
def test_impossible_worlds_are_refused(wrong: dict[str, float]) -> None:
    """What describes no world is refused by the name of the parameter, with what to use."""
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))} is .*; use"):
        make(replace(WORLD, **wrong), 0)
