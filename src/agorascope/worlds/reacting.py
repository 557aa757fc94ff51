"""What do people look like who react, each for themselves, to what they follow as it comes out? And a squad of the same size?

One event is one share of one post by one account, each account once. The background: accounts of lognormal activity, posts of
heavy-tailed popularity published at any hour, shared after a lognormal delay. On top, ``members`` accounts share posts of their own
which few others see: fans who are notified, viewers of a live event, people of one place who are there at one hour of the day. Each
comes after a delay of their own, drawn by itself: nobody knows of anybody. With ``ordered_s`` the same members act on orders.

Limits: delays within one post are independent; a person has no speed of their own. Source: ours; every number is a choice.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class ReactingWorld:
    """Describe a world; ``*_s`` in seconds, log standard deviations ``*_sigma``.

    ``part`` is the chance that a member shares one of the ``own`` posts, before its popularity (Pareto, capped at ``part_most``
    times the mean). ``sessions`` of ``session_s`` hold the own posts, evenly; none: any time. ``leave``: what would come after the
    end of its session does not come. ``awake_s``: members are there so long a day only, from noon, and what came to them before
    they see within ``pile_s`` (mean) of coming. ``commute_s``: they read at eight and at eighteen only (standard deviation), and
    miss a third of the times. ``steps``: delays are so many waits without memory, ``member_delay_s`` each (mean), instead of
    lognormal. ``outsiders`` is how many others share an own post, on average. Times are told to ``step_s``.

    Orders of a post go out evenly over ``ordered_s``, or, with ``jitter``, bell-shaped about its middle, a third of it wide;
    ``lag_s`` after the post. ``waves``: in so many bursts, each of that time, at random within six hours; ``late``: that part
    obeys at leisure, two hours later in the mean. ``borrowed``: the members' posts are those of the background, popular ones first.
    """

    accounts: int = 1_200
    posts: int = 500
    events: int = 5_000
    days: int = 28
    delay_s: float = 10_000.0
    delay_sigma: float = 1.8
    members: int = 60
    own: int = 100
    part: float = 0.2
    part_most: float = 20.0
    member_delay_s: float = 1_500.0
    member_sigma: float = 1.8
    sessions: int = 0
    session_s: float = 7_200.0
    leave: bool = False
    awake_s: float = 0.0
    pile_s: float = 1_200.0
    commute_s: float = 0.0
    steps: int = 0
    outsiders: float = 0.0
    ordered_s: float = 0.0
    lag_s: float = 0.0
    jitter: bool = False
    waves: int = 0
    late: float = 0.0
    borrowed: bool = False
    step_s: int = 1


class Reacting(NamedTuple):
    """Hold shares in no order: ``author``, ``obj``, ``at`` (s) of shape (events,), and ``member`` (accounts,)."""

    author: Ints
    obj: Ints
    at: Ints
    member: Bools


def draw(world: ReactingWorld, seed: int) -> Reacting:
    """Draw one world. Raises ValueError on impossible parameters."""
    if world.members < 1 or world.own < 1 or not 0 < world.part <= 1:
        raise ValueError(f"members {world.members}, own {world.own}, part {world.part}; use 1 or more, and a part in (0, 1]")
    if world.borrowed and world.own > world.posts:
        raise ValueError(f"own is {world.own}; use at most the {world.posts} posts there are to borrow")
    rng = np.random.default_rng(seed)
    busy = rng.lognormal(0.0, 1.0, world.accounts)
    popular = np.minimum(rng.pareto(1.0, world.posts) + 0.3, 150.0)
    born = rng.integers(0, world.days * DAY, world.posts)
    author = rng.choice(world.accounts, world.events, p=busy / busy.sum())
    obj = rng.choice(world.posts, world.events, p=popular / popular.sum())
    parts = [(author, obj, born[obj] + _delays(rng, world.delay_s, world.delay_sigma, obj.size))]
    if world.borrowed:
        own = np.argsort(-popular, kind="stable")[: world.own]
        own_born, end = born[own], np.full(world.own, np.inf)
    else:
        own = world.posts + np.arange(world.own)
        own_born, end = _published(rng, world)
        number = rng.poisson(world.outsiders, world.own)
        which = np.repeat(np.arange(world.own), number)
        others = rng.choice(world.accounts, which.size, p=busy / busy.sum())
        parts.append((others, own[which], own_born[which] + _delays(rng, world.delay_s, world.delay_sigma, which.size)))
    parts.append(_members(rng, world, own, own_born, end))
    author, obj, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(at, kind="stable")
    kept = order[np.sort(np.unique(author[order] * (world.posts + world.own) + obj[order], return_index=True)[1])]
    return Reacting(
        author[kept],
        obj[kept],
        at[kept] // world.step_s * world.step_s,
        np.arange(world.accounts + world.members) >= world.accounts,
    )


def _published(rng: np.random.Generator, world: ReactingWorld) -> tuple[Ints, Floats]:
    """Draw when the own posts come out (s), and the end of the session of each."""
    if not world.sessions:
        born = rng.integers(0, world.days * DAY, world.own)
        if world.awake_s:
            born = born // DAY * DAY + DAY // 2 + rng.integers(0, int(world.awake_s), world.own)
        return born, np.full(world.own, np.inf)
    start = (np.arange(world.own) % world.sessions) * (world.days // world.sessions) * DAY + 19 * 3_600
    return start + (rng.random(world.own) * 0.92 * world.session_s).astype(np.int64), (start + world.session_s).astype(np.float64)


def _members(rng: np.random.Generator, world: ReactingWorld, own: Ints, born: Ints, end: Floats) -> tuple[Ints, Ints, Ints]:
    """Let each member share what comes to it, after a delay of its own or on orders."""
    popular = np.minimum(rng.pareto(1.0, world.own) + 0.3, world.part_most)
    chance = np.full(world.own, world.part) if world.ordered_s else np.minimum(world.part * popular / popular.mean(), 1.0)
    person, which = np.nonzero(rng.random((world.members, world.own)) < chance)
    if world.ordered_s:
        spread = rng.normal(0.5, 1 / 6, which.size) if world.jitter else rng.random(which.size)
        if world.waves:
            spread = (
                spread
                + (rng.random((world.own, world.waves)) * 21_600 / world.ordered_s)[which, rng.integers(0, world.waves, which.size)]
            )
        delay = (world.lag_s + world.ordered_s * np.clip(spread, 0.0, None)).astype(np.int64)
        delay += np.where(rng.random(which.size) < world.late, rng.exponential(7_200, which.size), 0.0).astype(np.int64)
    elif world.steps:
        delay = rng.gamma(world.steps, world.member_delay_s, which.size).astype(np.int64)
    else:
        delay = _delays(rng, world.member_delay_s, world.member_sigma, which.size)
    at = born[which] + delay
    if world.awake_s:
        since = (at - DAY // 2) % DAY
        late = since >= world.awake_s
        at = np.where(late, at + DAY - since + rng.exponential(world.pile_s, at.size).astype(np.int64), at)
    if world.commute_s:
        at = _commuting(rng, world, at)
    there = at < end[which] if world.leave else np.ones(at.size, np.bool_)
    return world.accounts + person[there], own[which][there], at[there]


def _commuting(rng: np.random.Generator, world: ReactingWorld, at: Ints) -> Ints:
    """Put off what comes to somebody to the next time they read, or the one after."""
    turn = np.ceil(at / DAY * 2 - 2 / 3)  # half days from eight to eighteen are taken for equal, the hours set below
    turn = turn + (rng.random(at.size) < 1 / 3)
    hour = np.where(turn % 2 == 0, 8, 18)
    moved: Ints = ((turn // 2) * DAY + hour * 3_600 + world.commute_s * rng.standard_normal(at.size)).astype(np.int64)
    return moved


def _delays(rng: np.random.Generator, median: float, sigma: float, size: int) -> Ints:
    return (median * np.exp(sigma * rng.standard_normal(size))).astype(np.int64)
