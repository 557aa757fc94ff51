"""Are groups that differ only in leniency, in loudness or in what they meet told from groups that differ in what they value?"""

import dataclasses

import numpy as np
import pytest

from agorascope.stats.declared_camps import (
    _hold,
    _step_of,
    acts_beyond_chance,
    declared_beyond_chance,
    drawn_acts,
    interaction,
    margins,
)
from agorascope.stats.no_camps import habits
from agorascope.worlds.declared import DeclaredWorld, LoudWorld, reposts, votes


def of_votes(world: DeclaredWorld, seed: int) -> bool:
    """Say whether groups of a world of votes are seen as camps."""
    group, rater, item, value = votes(world, seed)
    return declared_beyond_chance(group, rater, item, value, camps=2, items=world.items, draws=19, seed=seed) <= 0.05


def of_acts(world: LoudWorld, seed: int) -> bool:
    """Say whether groups of a world of reposts are seen as camps."""
    group, account, post = reposts(world, seed)
    how = margins(group, account, post, items=world.posts)
    return acts_beyond_chance(group, account, post, how, camps=2, items=world.posts, draws=19, seed=seed) <= 0.05


@pytest.mark.parametrize(
    "world",
    [
        DeclaredWorld(lenient=0.6, selective=0.6),
        DeclaredWorld(lenient=1.0, selective=0.3, minority=0.3, spread=1.0),
        DeclaredWorld(lenient=0.0, selective=0.6, factions=1.5),
    ],
)
def test_leniency_and_what_groups_meet_make_no_camps(world: DeclaredWorld) -> None:
    """Groups of one mind, lenient or stern, shown other items: of twenty worlds at most four alarms; differing items are seen."""
    assert sum(of_votes(world, seed) for seed in range(20)) <= 4  # 1 of 20 expected; 5 or more happen once in 390
    assert sum(of_votes(dataclasses.replace(world, apart=0.5, gap=0.7), seed) for seed in range(20)) >= 18


@pytest.mark.parametrize(
    "world",
    [
        DeclaredWorld(raters=400, items=60, rate=0.07, minority=0.05, louder=5.0),
        DeclaredWorld(raters=200, items=60, rate=0.5, minority=0.9, louder=0.14, spread=0.7),
    ],
)
def test_a_group_that_votes_more_often_is_no_camp(world: DeclaredWorld) -> None:
    """One in twenty votes five times as often, or one in ten seven times: at most six alarms of forty; differing items are seen."""
    assert sum(of_votes(world, seed) for seed in range(40)) <= 6  # 2 of 40 expected; 7 or more happen once in 290
    assert sum(of_votes(dataclasses.replace(world, apart=0.5, gap=1.0), seed) for seed in range(20)) >= 18


def test_one_rater_is_no_camp() -> None:
    """Where one of ten casts nearly all votes of a group, and casts them as nobody else does, that is one rater's taste."""
    rng = np.random.default_rng(4)
    group = (np.arange(210) < 10).astype(np.int64)
    cast = rng.random((210, 60)) < np.where(np.arange(210) == 0, 1.0, np.where(group == 1, 0.02, 0.1))[:, None]
    likes = np.where(np.arange(210)[:, None] == 0, rng.random(60) < 0.5, rng.random((210, 60)) < 0.8)
    rater, item = np.nonzero(cast)
    value = likes[rater, item].astype(np.float64)
    assert declared_beyond_chance(group, rater, item, value, camps=2, items=60, draws=99, seed=0) > 0.2


@pytest.mark.parametrize(
    "world", [LoudWorld(), LoudWorld(loud_acts=10), LoudWorld(accounts=3_000, posts=800, loud=300, loud_acts=60, quiet_acts=5)]
)
def test_loudness_makes_no_camps(world: LoudWorld) -> None:
    """Groups that repost by one popularity, many posts or few: at most four alarms of twenty; what each prefers is seen."""
    assert sum(of_acts(world, seed) for seed in range(20)) <= 4
    assert sum(of_acts(dataclasses.replace(world, apart=0.5), seed) for seed in range(20)) >= 18


def test_the_score_is_that_of_least_squares_on_items_and_curves() -> None:
    """The chi-square left is that of weighted least squares on a column for every item and three for every camp."""
    rng = np.random.default_rng(2)
    spread, ease = rng.uniform(0.5, 9, (3, 12)), rng.normal(size=12)
    beyond = rng.normal(size=(3, 12)) * np.sqrt(spread)
    camp, item = (part.ravel() for part in np.indices((3, 12)))
    columns = np.c_[np.eye(12)[item], *((np.eye(3)[camp] * ease[item, None] ** power) for power in range(3))]
    weight = np.sqrt(spread.ravel())
    told = beyond.ravel() / spread.ravel() * weight
    left = told - columns * weight[:, None] @ np.linalg.lstsq(columns * weight[:, None], told, rcond=None)[0]
    assert interaction(beyond, spread, ease) == pytest.approx(float(left @ left))


def test_the_hold_of_a_vote_is_that_of_least_squares() -> None:
    """By unit of variance it is the diagonal of the hat matrix, items and curves of camps as columns; 0 where nobody voted."""
    rng = np.random.default_rng(3)
    spread, ease = rng.uniform(0.5, 9, (3, 12)), rng.normal(size=12)
    spread[:, 4], spread[1, 7] = 0, 0
    camp, item = np.nonzero(spread)
    columns = np.c_[np.eye(12)[item], *((np.eye(3)[camp] * ease[item, None] ** power) for power in range(3))]
    weighted = columns * np.sqrt(spread[camp, item])[:, None]
    hat = np.diag(weighted @ np.linalg.pinv(weighted, rcond=1e-9)) / spread[camp, item]
    hold = _hold(_step_of(spread, ease))
    assert hold[camp, item] == pytest.approx(hat)
    assert [0, 0, 0] == hold[:, 4].tolist()


def test_margins_are_kept_and_draws_have_them() -> None:
    """Every post has its acts and every class of accounts its own; draws without camps give each group what its numbers say."""
    group, account, post = reposts(LoudWorld(), 4)
    how = margins(group, account, post, items=60)
    number = np.bincount(how.kind)
    assert np.allclose(number @ how.odds, np.bincount(post, minlength=60), atol=0.01)
    assert np.allclose(np.sort(how.odds.sum(axis=1)), [3, 25], atol=0.01)
    rng = np.random.default_rng(1)
    mean = np.mean([drawn_acts(group, how, camps=2, rng=rng).sum(axis=1) for _ in range(200)], axis=0)
    assert np.allclose(mean, [1_000, 330], rtol=0.02)


def test_accounts_of_no_camp_are_left_out_and_nobody_tells_nothing() -> None:
    """Accounts without camp have no class unless they act in one; where no camp acts, nothing is shown."""
    how = margins(np.array([0, 1, -1]), np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), items=2)
    assert [-1, 0, 1] == sorted(how.kind.tolist())
    nobody = np.array([-1, -1])
    one = (np.array([0, 1]), np.array([0, 0]))
    assert 1.0 == acts_beyond_chance(nobody, *one, margins(nobody, *one, items=1), camps=1, items=1, draws=19, seed=0)


def test_leniency_of_camps_is_fitted_whole() -> None:
    """Raters of few votes are shrunk to their camp, not to all: camps two logits apart are fitted as that."""
    group, rater, item, value = votes(DeclaredWorld(raters=1_000, items=200, rate=0.05, lenient=1.0, selective=0.6), 3)
    how = habits(rater, item, value, raters=1_000, items=200, camp=group)
    assert how.lenient[group == 0].mean() - how.lenient[group == 1].mean() == pytest.approx(2.0, abs=0.2)
