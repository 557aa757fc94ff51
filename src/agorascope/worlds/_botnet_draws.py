"""How are accounts, posts and the shares of the background drawn? Every draw of a world in which nobody acts together."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from .null import DAY_US, HOUR_US, START_US

if TYPE_CHECKING:
    from .botnet import BotnetWorld, Cast

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Posts(NamedTuple):
    """Hold the posts of the background, shapes (posts,): those of idols first, in order of community.

    ``size`` is the number of shares asked for, ``within`` how many of them by fans of ``home`` (-1: no community).
    """

    size: Ints
    within: Ints
    home: Ints
    publisher: Ints
    published_us: Ints


def draw_accounts(world: "BotnetWorld", accounts: int, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """Draw activity (sums to 1) and superfans. Shapes (accounts,). Cost O(accounts)."""
    weight = np.exp(world.activity_sigma * rng.standard_normal(accounts))
    return weight / weight.sum(), rng.random(accounts) < world.superfans


def draw_posts(world: "BotnetWorld", who: "Cast", weight: Floats, rng: np.random.Generator) -> Posts:
    """Draw how often each post is shared, for whom and by whom it is, and when it is published. Cost O(posts)."""
    size = popularity(world, who, rng)
    fans = np.add.reduceat(weight, np.arange(0, who.accounts, world.community_size))
    at_home = round(world.homes * who.posts)
    home = np.full(who.posts, -1)
    home[:at_home] = np.repeat(np.arange(fans.size), rng.multinomial(at_home, fans / fans.sum()))
    most = np.where(home >= 0, world.community_size // 4, 0)
    within = np.minimum(rng.binomial(size, world.cohesion * rng.random(who.posts)), most)
    others = rng.choice(who.accounts, who.posts - at_home, p=weight)
    publisher = np.concatenate([home[:at_home] * world.community_size, others])
    return Posts(size, within, home, publisher, draw_times(world, rng, who.posts, 0, world.days))


def popularity(world: "BotnetWorld", who: "Cast", rng: np.random.Generator) -> Ints:
    """Draw shares per post: Pareto, scaled so that they sum to ``events`` once capped. Shape (posts,)."""
    tail = (1 - rng.random(who.posts)) ** (-1 / world.popularity_shape)
    most = min(world.largest, who.accounts // 4)
    low, high = 0.0, float(most)
    for _ in range(60):  # the capped sum grows with the scale: halve
        scale = (low + high) / 2
        low, high = (scale, high) if np.minimum(most, scale * tail).sum() < world.events else (low, scale)
    return np.asarray(np.minimum(most, high * tail + rng.random(who.posts)), dtype=np.int64)


def draw_times(world: "BotnetWorld", rng: np.random.Generator, number: int, first_day: int, days: int) -> Ints:
    """Draw times of publication by the daily and the weekly cycle, within days. Shape (number,), µs UTC."""
    hours = np.arange(first_day * 24, (first_day + days) * 24)
    week = 1 + world.weekly * np.where((hours // 24) % 7 < 5, 0.4, -1.0)
    edge = np.concatenate([[0.0], np.cumsum(week * (1 + world.daily * np.sin(2 * np.pi * (hours % 24 - 9) / 24)))])
    hour = np.interp(edge[-1] * rng.random(number), edge, np.arange(edge.size))
    return np.asarray(START_US + first_day * DAY_US + (hour * HOUR_US).astype(np.int64), dtype=np.int64)


def shares_of_posts(
    world: "BotnetWorld", posts: Posts, weight: Floats, superfan: Bools, some: range, key: list[int]
) -> tuple[Ints, Ints, Ints]:
    """Draw author, post and time of the shares of ``some`` posts, from the stream ``key`` names. Cost O(shares log shares)."""
    rng = np.random.default_rng(key)
    number = np.arange(some.start, some.stop)
    within, size = posts.within[some.start : some.stop], posts.size[some.start : some.stop]
    near, far = np.repeat(number, within), np.repeat(number, size - within)
    fans = _fans(world, posts.home[near], weight, rng)
    # All draws at once, then in random order: as independent draws by weight, without a search for each.
    others = np.repeat(np.arange(weight.size), rng.multinomial(far.size, weight))
    rng.shuffle(others)
    author, obj = once(np.concatenate([fans, others]), np.concatenate([near, far]), weight.size)
    quick = superfan[author]
    delay = rng.standard_normal(obj.size)
    delay *= np.where(quick, world.superfan_sigma, world.delay_sigma)
    delay += np.where(quick, np.log(world.superfan_delay_s * 1e6), np.log(world.delay_s * 1e6))
    return author, obj, posts.published_us[obj] + np.exp(delay).astype(np.int64)


def once(author: Ints, obj: Ints, accounts: int) -> tuple[Ints, Ints]:
    """Keep one share of a post by an account, in order of post and account."""
    key = np.sort(obj * accounts + author)  # numpy.unique hashes first, which is far slower here
    first = np.ones(key.size, dtype=np.bool_)
    first[1:] = key[1:] != key[:-1]
    post, who = np.divmod(key[first], accounts)
    return who, post


def _fans(world: "BotnetWorld", home: Ints, weight: Floats, rng: np.random.Generator) -> Ints:
    """Draw a member of each community by activity. Shape as ``home``."""
    edge = np.concatenate([[0.0], np.cumsum(weight)])
    first = home * world.community_size
    last = np.minimum(first + world.community_size, weight.size)
    drawn = edge[first] + (edge[last] - edge[first]) * rng.random(home.size)
    return np.asarray(np.clip(np.searchsorted(edge, drawn, side="right") - 1, first, last - 1), dtype=np.int64)
