"""What do votes and reposts of declared groups look like when the groups are of one mind, but more lenient, louder, or shown other
items?

One row is one vote of a rater on an item, 1 or 0, or one repost of a post. Raters belong to group 0 or, with odds ``minority``, to
group 1. ``lenient`` moves the log odds of approval of group 0 up and those of group 1 down, on every item alike; ``selective`` is
how much more of its own half of the items each group meets than of the other half; raters of group 1 vote ``louder`` times as
often as those of group 0. In ``LoudWorld`` accounts of the loud group
repost ``loud_acts`` posts each and the others ``quiet_acts``, drawn by the same popularity. ``apart`` is the share of items on
which the groups differ, by ``gap``: 0 is the matched null. Where ``against``, group 1 likes least what group 0 likes most.

Limits: two groups. What a group meets does not hang on how its members vote.
Source: two worlds of a review of the test for declared camps. What we changed: raters who differ, factions that cut across the
groups, planted differences.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import expit

from agorascope.records import schema

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class DeclaredWorld:
    """Describe votes of two declared groups.

    ``rate`` is the share of items a rater votes on, of group 1 ``louder`` times that, at most all. ``lenient``, ``gap`` and
    ``factions`` are in logits: ``spread`` is the standard deviation of raters' own leniency; ``factions`` are two tastes, dealt to
    raters by lot, that turn on a random half of the items.
    """

    raters: int = 200
    items: int = 40
    rate: float = 0.6
    minority: float = 0.5
    lenient: float = 0.0
    selective: float = 0.0
    spread: float = 0.0
    factions: float = 0.0
    apart: float = 0.0
    gap: float = 1.5
    against: bool = False
    louder: float = 1.0


@dataclass(frozen=True, kw_only=True)
class LoudWorld:
    """Describe reposts of a loud group and of others: accounts, posts with popularity as 1 over their rank, acts of each account.

    ``gap`` is the log odds by which a group prefers its own posts among the share ``apart``.
    """

    accounts: int = 150
    posts: int = 60
    loud: int = 40
    loud_acts: int = 25
    quiet_acts: int = 3
    apart: float = 0.0
    gap: float = 1.5


def votes(world: DeclaredWorld, seed: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Draw the group of every rater, then rater, item and value of every vote. Cost O(raters x items)."""
    rng = np.random.default_rng(seed)
    group = (rng.random(world.raters) < world.minority).astype(np.int64)
    own, ease = rng.integers(0, 2, world.items), rng.normal(0.5, 1, world.items)
    met = 0.5 + 0.45 * world.selective * np.where(group[:, None] == own, 1, -1)
    often = 2 * world.rate * met * np.where(group == 1, world.louder, 1.0)[:, None]
    rater, item = np.nonzero(rng.random(met.shape) < np.minimum(often, 1))
    likes = _apart(world.items, world.apart, rng) * world.gap
    faction, turns = rng.choice([-1, 1], world.raters), rng.integers(0, 2, world.items) * world.factions
    side = np.where(group == 0, 1, -1)
    odds = (
        np.where(world.against, side, 1)[rater] * ease[item]
        + side[rater] * (world.lenient + likes[item])
        + rng.normal(0, world.spread, world.raters)[rater]
    )
    odds = odds + faction[rater] * turns[item]
    return group, rater, item, (rng.random(rater.size) < expit(odds)).astype(np.float64)


def reposts(world: LoudWorld, seed: int) -> tuple[Ints, Ints, Ints]:
    """Draw the group of every account, then account and post of every repost. Cost O(accounts x posts)."""
    rng = np.random.default_rng(seed)
    group = (np.arange(world.accounts) >= world.loud).astype(np.int64)
    likes = _apart(world.posts, world.apart, rng) * world.gap
    popular = np.exp(np.where(group[:, None] == 0, likes, -likes) / 2) / np.arange(1, world.posts + 1)
    acts = np.where(group == 0, world.loud_acts, world.quiet_acts)
    clock = rng.exponential(size=popular.shape) / popular  # the first to ring: a draw by popularity, without repeats
    post = [np.argsort(row)[:n] for row, n in zip(clock, acts, strict=True)]
    return group, np.repeat(np.arange(world.accounts), acts), np.concatenate(post).astype(np.int64)


def make(world: DeclaredWorld | LoudWorld, seed: int) -> dict[str, pa.Table]:
    """Make the tables of a world: ``ratings`` or ``posts``, and ``groups``."""
    if isinstance(world, LoudWorld):
        group, account, post = reposts(world, seed)
        rows: list[dict[str, object]] = [
            {"post_id": f"i{i}", "account_id": "source", "kind": "original", "text": f"post {i}"} for i in range(world.posts)
        ]
        for n, (a, i) in enumerate(zip(account.tolist(), post.tolist(), strict=True)):
            rows.append({"post_id": f"n{n}", "account_id": f"r{a}", "kind": "repost", "repost_of": f"i{i}"})
        name = "posts"
    else:
        group, rater, item, value = votes(world, seed)
        cast = zip(rater.tolist(), item.tolist(), value.tolist(), strict=True)
        rows, name = [{"rater": f"r{r}", "item": f"i{i}", "value": v} for r, i, v in cast], "ratings"
    members = [{"platform": "x", "account_id": f"r{r}", "group_name": f"group {g}"} for r, g in enumerate(group.tolist())]
    told = pa.Table.from_pylist([row | {"platform": "x"} for row in rows], schema(name))
    return {name: told, "groups": pa.Table.from_pylist(members, schema("groups"))}


def _apart(items: int, share: float, rng: np.random.Generator) -> Floats:
    """Say of every item which group likes it more: 1 the first, -1 the second, 0 neither; exact numbers, the rest at random."""
    number = round(share * items)
    return np.asarray(rng.permutation(np.where(np.arange(items) < number, np.where(np.arange(items) % 2 == 0, 1.0, -1.0), 0.0)))
