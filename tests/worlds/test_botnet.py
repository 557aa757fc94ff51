"""Does the world of a squad hold the tails, rhythms and plants it says, and is its null the same world without them?"""

from dataclasses import replace

import numpy as np
import pytest

from agorascope.worlds import botnet
from agorascope.worlds.botnet import BotnetWorld, Events, cast, events, matched_null, truth
from agorascope.worlds.null import DAY_US, HOUR_US, START_US

SMALL = BotnetWorld(events=60_000, bots=300)
WIDE = BotnetWorld(events=300_000, bots=0, homes=0.0)


def synchronous_pairs(world: Events, among: np.ndarray, window_s: int = 60) -> int:
    """Count pairs of shares of one post within the window, both by accounts marked."""
    kept = among[world.author]
    obj, at_us = world.obj[kept], world.at_us[kept]
    key = np.sort(obj * (400 * DAY_US) + at_us - START_US)
    return int((np.searchsorted(key, key + window_s * 10**6, side="right") - np.arange(key.size) - 1).sum())


def test_a_seed_is_a_world() -> None:
    """One seed gives the same bytes twice, another seed others."""
    first, again, other = (events(SMALL, seed) for seed in (1, 1, 2))
    assert [part.tobytes() for part in first] == [part.tobytes() for part in again]
    assert first.at_us.tobytes() != other.at_us.tobytes()


@pytest.mark.parametrize("rich", [{}, {"feeds": 4, "organic": 5.0}])
def test_the_null_is_the_planted_world_less_the_squad(rich: dict[str, float]) -> None:
    """Take the squad's events away and the events of the null remain, in the same order."""
    world = replace(SMALL, **rich)
    planted, null = events(world, 3), events(matched_null(world), 3)
    others = ~planted.bot[planted.author]
    assert [part[others].tobytes() for part in planted[:3]] == [part.tobytes() for part in null[:3]]
    assert [part.tobytes() for part in planted[3:5]] == [part.tobytes() for part in null[3:5]]
    assert (0, world.bots) == (null.bot.sum(), planted.bot.sum())


def test_chunks_are_drawn_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn in several chunks a world keeps its size, its order and one share per post and account."""
    whole = events(SMALL, 0).author.size
    monkeypatch.setattr(botnet, "CHUNK", 1_500)
    world = events(SMALL, 0)
    assert whole == pytest.approx(world.author.size, rel=0.02)
    assert np.all(np.diff(world.at_us) >= 0)
    assert world.author.size == np.unique(world.obj * world.bot.size + world.author).size


def test_the_world_has_the_size_asked_for() -> None:
    """Over 5 seeds the background holds between 85 and 100 % of the events asked for: some are lost, as told."""
    sizes = [events(replace(SMALL, bots=0), seed).author.size / SMALL.events for seed in range(5)]
    assert min(sizes) > 0.85
    assert max(sizes) < 1.0


def test_activity_is_lognormal() -> None:
    """The shares of accounts with none, 10 and 50 shares or more are those of a Poisson of a lognormal."""
    world = events(WIDE, 0)
    counts = np.bincount(world.author, minlength=cast(WIDE).accounts)
    mean = np.exp(WIDE.activity_sigma * np.random.default_rng(9).standard_normal(400_000) - WIDE.activity_sigma**2 / 2)
    expected = np.random.default_rng(10).poisson(mean * world.author.size / cast(WIDE).accounts)
    assert np.mean(expected == 0) == pytest.approx(np.mean(counts[:-3] == 0), rel=0.03)
    assert [np.mean(expected >= k) for k in (10, 50)] == pytest.approx([np.mean(counts >= k) for k in (10, 50)], rel=0.1)


def test_popularity_is_pareto_and_capped() -> None:
    """Hill's estimate of the tail is the shape asked for, and no post is shared more often than the cap."""
    counts = np.bincount(events(replace(WIDE, largest=3_000), 0).obj)
    tail = counts[(counts >= 20) & (counts < 400)]
    # Between two bounds Pareto's law has P(X > x) proportional to x**-shape - 400**-shape: compare at 60.
    law = np.array([20.0, 60.0, 400.0]) ** -WIDE.popularity_shape
    assert (law[1] - law[2]) / (law[0] - law[2]) == pytest.approx(np.mean(tail >= 60), rel=0.1)
    assert counts.max() <= 3_000


def test_publication_follows_the_day_and_the_week() -> None:
    """The first harmonic of the day has the depth and the hour asked for; weekends are quieter."""
    at_us = events(WIDE, 0).published_us[: cast(WIDE).posts] - START_US
    wave = 2 * np.mean(np.exp(2j * np.pi * (at_us // HOUR_US % 24 - 9) / 24))
    assert WIDE.daily == pytest.approx(wave.imag, abs=0.03)
    assert wave.real == pytest.approx(0.0, abs=0.03)
    days = np.bincount(at_us // DAY_US, minlength=WIDE.days).reshape(-1, 7)
    assert (1 - WIDE.weekly) / (1 + 0.4 * WIDE.weekly) == pytest.approx(days[:, 5:].mean() / days[:, :5].mean(), rel=0.04)


def test_delays_have_their_medians() -> None:
    """Superfans answer within the 90 s asked for, the others within 45 minutes, in the median."""
    world = events(WIDE, 0)
    delay_s = (world.at_us - world.published_us[world.obj]) / 1e6
    quick = world.superfan[world.author]
    assert WIDE.superfan_delay_s == pytest.approx(np.median(delay_s[quick]), rel=0.05)
    assert WIDE.delay_s == pytest.approx(np.median(delay_s[~quick]), rel=0.03)
    assert WIDE.delay_sigma == pytest.approx(np.log(delay_s[~quick]).std(), rel=0.02)
    assert WIDE.superfans == pytest.approx(world.superfan.mean(), rel=0.1)


def test_fans_keep_to_their_idol() -> None:
    """Of an idol's posts fans share far more than their part; no fan shares more than the cohesion allows."""
    world = events(replace(SMALL, bots=0), 0)
    home = world.community[world.publisher]
    at_home = world.obj < round(SMALL.homes * cast(SMALL).posts)
    own = np.mean(world.community[world.author[at_home]] == home[world.obj[at_home]])
    assert 0.15 < own < SMALL.cohesion
    assert np.unique(world.community[: cast(SMALL).accounts], return_counts=True)[1].max() == SMALL.community_size


def test_the_squad_shares_what_it_is_told() -> None:
    """Each member shares 12 of 60 posts of one account within 20 minutes, half of them 8 of 40 of another before."""
    world, told, who = events(SMALL, 4), truth(SMALL, 4), cast(SMALL)
    ours = world.bot[world.author]
    now = ours & (world.publisher[world.obj] == told.boosted)
    before = ours & (world.publisher[world.obj] == told.former)
    members = np.bincount(world.author[now], minlength=who.all_accounts)[who.bots :]
    assert {SMALL.bot_shares} == set(members.tolist())
    used = np.bincount(world.author[before], minlength=who.all_accounts)
    assert np.array_equal(told.earlier * SMALL.earlier_shares, used)
    late = world.at_us[now] - world.published_us[world.obj[now]]
    assert 0 <= late.min() < late.max() < SMALL.dispatch_s * 1e6
    camouflage = np.unique(world.author[ours & ~now & ~before])
    assert np.all(told.camouflaged[camouflage])
    assert SMALL.earlier == pytest.approx(told.earlier[who.bots :].mean(), abs=0.1)
    assert SMALL.camouflaged == pytest.approx(told.camouflaged[who.bots :].mean(), abs=0.07)


def test_campaigns_lie_in_their_windows() -> None:
    """Posts of both campaigns are published in the windows told, 20 days apart."""
    world, told = events(SMALL, 5), truth(SMALL, 5)
    for account, (start, end) in ((told.boosted, told.campaign_us), (told.former, told.earlier_us)):
        at_us = world.published_us[world.publisher == account]
        assert start <= at_us.min() <= at_us.max() < end
    assert SMALL.earlier_before * DAY_US == told.campaign_us[0] - told.earlier_us[0]


def test_the_squad_acts_together() -> None:
    """Members make many pairs of shares within a minute, far more than as many accounts of the background."""
    world = events(SMALL, 6)
    alike = np.zeros(world.bot.size, np.bool_)
    alike[np.argsort(-np.bincount(world.author[~world.bot[world.author]]))[:300]] = True
    # Expected: per post 60 members of 300, each pair within a minute of 20 with probability 0.0975.
    pairs = 60 * (60 * 59 / 2) * 0.0975 + 40 * (30 * 29 / 2) * 0.0975
    assert pairs == pytest.approx(synchronous_pairs(world, world.bot), rel=0.15)
    assert synchronous_pairs(world, world.bot) > 2 * synchronous_pairs(world, alike)


def test_feeds_share_within_seconds() -> None:
    """Each feed shares all the publisher's posts at once; without feeds there is no such post."""
    world = events(replace(SMALL, feeds=5), 7)
    feed = truth(replace(SMALL, feeds=5), 7).feed
    theirs = feed[world.author]
    assert 5 * SMALL.feed_posts == pytest.approx(theirs.sum(), abs=5)
    assert (world.at_us - world.published_us[world.obj])[theirs].max() < SMALL.feed_spread_s * 1e6


@pytest.mark.parametrize(
    "wrong",
    [{"events": 100}, {"popularity_shape": 1.0}, {"largest": 5}, {"bot_shares": 61}, {"earlier_shares": 0}, {"campaign_day": 5}],
)
def test_impossible_worlds_are_refused(wrong: dict[str, float]) -> None:
    """What describes no world is refused by the name of the parameter, with what to use."""
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))} is .*; use"):
        events(replace(SMALL, **wrong), 0)
