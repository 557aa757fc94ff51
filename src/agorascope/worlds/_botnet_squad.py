"""What does a squad of accounts share that boosts one account, and did so for another before?"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ._botnet_draws import Bools, Ints, Posts, once

if TYPE_CHECKING:
    from .botnet import BotnetWorld, Cast


class Squad(NamedTuple):
    """Mark the members used in the earlier campaign and those who camouflage; shapes (bots,)."""

    earlier: Bools
    camouflaged: Bools


def draw_squad(world: "BotnetWorld", rng: np.random.Generator) -> Squad:
    """Draw who was used before and who camouflages. Cost O(bots)."""
    return Squad(rng.random(world.bots) < world.earlier, rng.random(world.bots) < world.camouflaged)


def squad_events(
    world: "BotnetWorld", who: "Cast", posts: Posts, published: Ints, squad: Squad, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Draw author, post and time of all the squad shares: both campaigns, then camouflage. Cost O(bots x campaign_posts)."""
    bots = np.arange(who.bots, who.all_accounts)
    now = _orders(world, bots, who.campaign, world.campaign_posts, world.bot_shares, published, rng)
    before = _orders(world, bots[squad.earlier], who.earlier, world.earlier_posts, world.earlier_shares, published, rng)
    parts = now, before, _camouflage(world, bots[squad.camouflaged], posts, who.all_accounts, rng)
    author, obj, at_us = (np.concatenate(column) for column in zip(*parts, strict=True))
    return author, obj, at_us


def _orders(
    world: "BotnetWorld", members: Ints, first: int, posts: int, each: int, published: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Let each member share ``each`` of the posts from number ``first`` on, at its place in the dispatch of that post."""
    chosen = np.argsort(rng.random((members.size, posts)), axis=1)[:, :each]
    obj = first + chosen.ravel()
    return np.repeat(members, each), obj, published[obj] + (world.dispatch_s * 1e6 * rng.random(obj.size)).astype(np.int64)


def _camouflage(
    world: "BotnetWorld", members: Ints, posts: Posts, accounts: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Let members share posts of the background by their popularity, after the delay of anybody."""
    author = np.repeat(members, rng.poisson(world.camouflage_shares, members.size))
    edge = np.cumsum(posts.size)
    obj = np.searchsorted(edge, rng.integers(0, edge[-1], author.size), side="right")
    author, obj = once(author, obj, accounts)
    delay = np.exp(np.log(world.delay_s * 1e6) + world.delay_sigma * rng.standard_normal(obj.size))
    return author, obj, posts.published_us[obj] + delay.astype(np.int64)
