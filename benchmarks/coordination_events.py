"""What do organic sharing and a planted botnet look like to a co-action test? Seeded events of the shape of design methods 4.1.

Fifty days. Users share by a lognormal activity (sigma 1.6); objects are popular by a Pareto law (1.25, at most 20,000 shares),
published by day more than by night, shared after a lognormal delay (median 45 min, sigma 1.9). Hard negatives: communities of 200
fans give 0 to 70 % of the shares of their objects, and 2 % of users are told of a post at once (median 90 s). Planted: bots that
each share 12 of 60 posts of one account within 20 minutes, over ten days; a fifth also share like anyone; half were in an earlier
campaign, 20 days before.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

DAY_S = 86_400
DAYS = 50


class Events(NamedTuple):
    """Hold events (events,): author, object, time in s; and how many of the accounts, the last ones, are bots."""

    author: npt.NDArray[np.int64]
    obj: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    bots: int


def events(n: int, *, seed: int, bots: int = 5_000, most: int = 20_000) -> Events:
    """Draw about ``n`` events of organic users, and those of ``bots`` more accounts on top."""
    rng = np.random.default_rng(seed)
    users, objects = max(n // 5, 400), max(n // 10, 100)
    activity = rng.lognormal(0, 1.6, users)
    popularity = np.minimum((1 - rng.random(objects)) ** (-1 / 1.25), most / 4)
    count = np.minimum(rng.poisson(popularity * n / popularity.sum()), most)
    obj = np.repeat(np.arange(objects), count)
    published = _published(rng, objects)
    community, devotion = rng.integers(0, users // 200, objects), 0.7 * rng.random(objects)
    author = _weighted(rng, activity, obj.size)
    fan = np.flatnonzero(rng.random(obj.size) < devotion[obj])
    within = np.cumsum(activity[: users // 200 * 200].reshape(-1, 200), axis=1)
    at_home = within[community[obj[fan]]]
    author[fan] = community[obj[fan]] * 200 + (at_home < (rng.random(fan.size) * at_home[:, -1])[:, None]).sum(axis=1)
    alert = rng.random(users) < 0.02
    delay = np.where(alert[author], rng.lognormal(np.log(90), 1.0, obj.size), rng.lognormal(np.log(2700), 1.9, obj.size))
    parts = [(author, obj, published[obj] + delay.astype(np.int64))]
    if bots:
        parts += _campaign(rng, users, bots, objects, 60, 12, 30, 10)
        parts += _campaign(rng, users, bots // 2, objects + 60, 40, 8, 10, 10)
        masked = users + rng.choice(bots, bots // 5, replace=False)
        what = rng.choice(obj, masked.size * 8)
        parts.append((np.repeat(masked, 8), what, published[what] + rng.lognormal(np.log(2700), 1.9, what.size).astype(np.int64)))
    author, obj, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    _, once = np.unique(author * (objects + 100) + obj, return_index=True)
    return Events(author[once], obj[once], at[once], bots)


def _campaign(rng, users, bots, first, posts, each, day, days):  # type: ignore[no-untyped-def]
    which = np.argsort(rng.random((bots, posts)), axis=1)[:, :each].ravel()
    start = np.sort(day * DAY_S + rng.integers(0, days * DAY_S, posts))
    author = users + np.repeat(np.arange(bots), each)
    return [(author, first + which, start[which] + rng.integers(0, 1200, which.size))]


def _weighted(rng, weight, size):  # type: ignore[no-untyped-def]
    total = np.cumsum(weight)
    return np.searchsorted(total, rng.random(size) * total[-1])


def _published(rng, size):  # type: ignore[no-untyped-def]
    """Draw times by day more than by night."""
    hour = _weighted(rng, 1 + 0.8 * np.sin((np.arange(24) - 9) / 24 * 2 * np.pi), size)
    return rng.integers(0, DAYS, size) * DAY_S + hour * 3600 + rng.integers(0, 3600, size)
