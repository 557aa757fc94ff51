"""Is a world of people who react, each for themselves, what it says?"""

from dataclasses import replace

import numpy as np
import pytest

from agorascope.worlds.reacting import DAY, ReactingWorld, draw

WORLD = ReactingWorld()


def test_each_account_shares_a_post_once() -> None:
    """No account and post come twice, members come after all others, and a seed gives the same world."""
    one, again = draw(WORLD, 1), draw(WORLD, 1)
    pairs = one.author * 10_000 + one.obj
    assert np.unique(pairs).size == pairs.size
    assert (60, 60) == (int(one.member.sum()), int(one.member[-60:].sum()))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))


def test_members_come_as_late_as_told() -> None:
    """Between members' shares of one post lie the gaps of a lognormal delay; orders lie within their time."""
    late = draw(replace(WORLD, part_most=1, own=200), 2)
    mine = late.member[late.author]
    first = np.full(int(late.obj.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, late.obj[mine], late.at[mine])
    delay = (late.at - first[late.obj])[mine]
    assert 800 < np.median(delay[delay > 0]) < 2_500
    ordered = draw(replace(WORLD, ordered_s=600), 2)
    mine = ordered.member[ordered.author]
    spread = [np.ptp(ordered.at[mine & (ordered.obj == o)]) for o in np.unique(ordered.obj[mine])]
    assert max(spread) < 600


def test_sessions_hold_what_they_should() -> None:
    """Who leaves at the end shares nothing after it; who is there one hour a day shares in no other."""
    show = draw(replace(WORLD, sessions=4, leave=True), 3)
    at = show.at[show.member[show.author]]
    assert {19, 20} == set(((at % DAY) // 3_600).tolist())
    noon = draw(replace(WORLD, awake_s=3_600.0), 3)
    since = (noon.at[noon.member[noon.author]] - DAY // 2) % DAY
    assert np.mean(since < 3_600) > 0.9


def test_borrowed_posts_are_the_popular_ones() -> None:
    """A squad on the posts of others is a small part of those who share them."""
    world = draw(replace(WORLD, borrowed=True, own=40, part=0.4, ordered_s=600), 4)
    mine = world.member[world.author]
    theirs = np.isin(world.obj, np.unique(world.obj[mine]))
    assert int(world.obj.max()) < WORLD.posts
    assert mine.sum() < 0.5 * theirs.sum()


def test_commuters_read_twice_a_day_and_waves_come_at_random() -> None:
    """Commuters' shares lie about eight and eighteen; two of three waves of a minute, within six hours, seldom meet."""
    read = draw(replace(WORLD, commute_s=900.0), 5)
    hour = (read.at[read.member[read.author]] % DAY) / 3_600
    assert np.mean(np.minimum(np.abs(hour - 8), np.abs(hour - 18)) < 0.75) > 0.98
    bursts = draw(replace(WORLD, ordered_s=60, waves=3, part=0.5), 5)
    mine = bursts.member[bursts.author]
    minutes = [np.unique(bursts.at[mine & (bursts.obj == o)] // 120).size for o in np.unique(bursts.obj[mine])]
    assert 3 <= np.mean(minutes) <= 6


def test_some_obey_late() -> None:
    """Of orders within ten minutes, a twentieth come later; waits in two steps have the mean of both."""
    late = draw(replace(WORLD, ordered_s=600, late=0.05, own=200), 6)
    mine = late.member[late.author]
    first = np.full(int(late.obj.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, late.obj[mine], late.at[mine])
    assert 0.02 < np.mean((late.at - first[late.obj])[mine] > 600) < 0.08
    steps = draw(replace(WORLD, steps=2, member_delay_s=300.0, part_most=1), 6)
    mine = steps.member[steps.author]
    np.minimum.at(first := np.full(int(steps.obj.max()) + 1, np.iinfo(np.int64).max), steps.obj[mine], steps.at[mine])
    assert 400 < np.mean((steps.at - first[steps.obj])[mine]) < 700


@pytest.mark.parametrize("changed", [{"members": 0}, {"part": 0.0}, {"borrowed": True, "own": 900}])
def test_impossible_worlds_are_refused(changed: dict[str, float]) -> None:
    """A message says what was seen and what to use."""
    with pytest.raises(ValueError, match="use "):
        draw(replace(WORLD, **changed), 0)  # type: ignore[arg-type]
