"""What would a capture of that audience look like, post by post or as a panel? Canonical tables of an ``AudienceWorld``.

Both forms hold the numbers of ``audience.make`` with the same seed: summed over an account and a period, posts, views, likes
and reposts are equal to it, topic by topic. Accounts are named a00, a01...; those of the group ``TREATED`` come first. One
event marks the first instant of the new regime, in the null as well: a date somebody would ask about.

Limits: posts are spread evenly over their period; all are originals in English, and their counts are read a week after
publication.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.records import schema

from .audience import Audience, AudienceWorld, make
from .null import DAY_US, START_US

PLATFORM, ELSEWHERE = "x", "elsewhere"
TREATED, OTHERS = "treated", "others"
TOPIC = "vote"
OFF_TOPICS = ("football", "cuisine", "voyage", "photo")
EVENT = "vote called"
COUNTER_BEFORE = 5_000

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Tables = dict[str, pa.Table]


def tables(world: AudienceWorld, seed: int) -> Tables:
    """Make posts, their counts and hashtags, accounts, counters, groups and the event. Cost O(posts): lower ``posts`` for tests."""
    audience = make(world, seed)
    rng = np.random.default_rng([seed, 20])
    number = np.nan_to_num(audience.topic_posts).astype(np.int64)
    cell = np.repeat(np.arange(number.size), number.ravel())
    weight = np.exp(world.post_sd * rng.standard_normal(cell.size))
    liked = weight * rng.gamma(1 / world.like_cv**2, world.like_cv**2, cell.size)
    views = _share_out(audience.topic_views, number, weight)
    likes = _share_out(audience.topic_likes, number, liked)
    reposts = _share_out(audience.topic_reposts, number, liked * rng.gamma(2.0, 0.5, cell.size))
    topic, account, period = np.unravel_index(cell, number.shape)
    length = world.period_days * DAY_US
    at_us = START_US + period * length + rng.integers(0, length, cell.size)
    off = np.where(rng.random(cell.size) < 0.5, rng.integers(0, len(OFF_TOPICS), cell.size), -1)
    order = np.argsort(at_us, kind="stable")
    n, at = cell.size, at_us[order]
    post_id, place = _named("p", np.arange(n), 6), pa.repeat(PLATFORM, n)
    tag = np.where(topic == 0, len(OFF_TOPICS), off)[order]
    tagged = np.flatnonzero(tag >= 0)
    told = {
        "posts": _table(
            "posts",
            n,
            platform=place,
            post_id=post_id,
            account_id=_named("a", account[order], 2),
            created_at_us=pa.array(at),
            created_at_source=pa.repeat("declared", n),
            kind=pa.repeat("original", n),
            language=pa.repeat("en", n),
        ),
        "post_metrics": _table(
            "post_metrics",
            n,
            platform=place,
            post_id=post_id,
            observed_at_us=pa.array(at + 7 * DAY_US),
            views=pa.array(views[order]),
            views_kind=pa.repeat("measured", n),
            likes=pa.array(likes[order]),
            reposts=pa.array(reposts[order]),
        ),
        "post_objects": _table(
            "post_objects",
            tagged.size,
            platform=place.take(pa.array(tagged)),
            post_id=post_id.take(pa.array(tagged)),
            kind=pa.repeat("hashtag", tagged.size),
            value=pa.array(np.array([*OFF_TOPICS, TOPIC])[tag[tagged]]),
        ),
        "account_counters": _counters(world, audience),
    }
    return told | _lists(world)


def panel_tables(world: AudienceWorld, seed: int, *, rivals: bool = False) -> Tables:
    """Make the same as ``panels``: posts, views, likes, reposts, followers, counter_posts; with ``rivals`` also what speaks for or
    against other explanations: ``attention``, posts and views on the topic and off it, and ``views`` per post on a second
    platform.

    An account-period lost is null. Cost O(accounts x periods).
    """
    audience = make(world, seed)
    names = ("posts", "views", "likes", "reposts", "followers", "counter_posts")
    told = [(PLATFORM, name, getattr(audience, name)) for name in names]
    if rivals:
        told.append((PLATFORM, "attention", audience.attention))
        parts = (("posts", audience.topic_posts), ("views", audience.topic_views), ("likes", audience.topic_likes))
        told += [(PLATFORM, f"{name}_{where}_topic", part[k]) for name, part in parts for k, where in enumerate(("on", "off"))]
        told += [(ELSEWHERE, "posts", np.ones(audience.other.shape)), (ELSEWHERE, "views", audience.other)]
    return {"panels": pa.concat_tables([_panel(world, *one) for one in told])} | _lists(world)


def _share_out(totals: Floats, number: Ints, weight: Floats) -> Ints:
    """Cut each total into whole numbers in proportion to the weights of its posts, by rounding running sums. Shape (posts,)."""
    sizes, wanted = number.ravel(), np.nan_to_num(totals).ravel()
    running = np.cumsum(weight)
    last = np.cumsum(sizes)
    edges = np.concatenate([[0.0], running])
    before, whole = edges[last - sizes], edges[last] - edges[last - sizes]
    part = (running - np.repeat(before, sizes)) / np.repeat(np.where(sizes > 0, whole, 1.0), sizes)
    upto = np.rint(np.repeat(wanted, sizes) * part)
    first = np.zeros(weight.size, dtype=np.bool_)
    first[(last - sizes)[sizes > 0]] = True
    return np.asarray(np.where(first, upto, upto - np.concatenate([[0.0], upto[:-1]])), dtype=np.int64)


def _counters(world: AudienceWorld, audience: Audience) -> pa.Table:
    """Read every account's own counters at the start of each period and at the end."""
    accounts, reads = world.accounts, world.periods + 1
    posts = COUNTER_BEFORE + np.concatenate([np.zeros((accounts, 1)), np.cumsum(audience.counter_posts, axis=1)], axis=1)
    followers = np.concatenate([audience.followers, audience.followers[:, -1:]], axis=1)
    return _table(
        "account_counters",
        accounts * reads,
        platform=pa.repeat(PLATFORM, accounts * reads),
        account_id=_named("a", np.repeat(np.arange(accounts), reads), 2),
        at_us=pa.array(np.tile(START_US + np.arange(reads) * world.period_days * DAY_US, accounts)),
        posts=pa.array(posts.ravel().astype(np.int64)),
        followers=pa.array(followers.ravel().astype(np.int64)),
    )


def _panel(world: AudienceWorld, platform: str, metric: str, values: Floats) -> pa.Table:
    n = values.size
    return _table(
        "panels",
        n,
        platform=pa.repeat(platform, n),
        account_id=_named("a", np.repeat(np.arange(world.accounts), world.periods), 2),
        period_start_us=pa.array(np.tile(START_US + np.arange(world.periods) * world.period_days * DAY_US, world.accounts)),
        period_us=pa.array(np.full(n, world.period_days * DAY_US)),
        metric=pa.repeat(metric, n),
        value=pa.array(values.ravel(), from_pandas=True),
    )


def _lists(world: AudienceWorld) -> Tables:
    """Tell the accounts, who is in which group, and the event."""
    n = world.accounts
    who, place = _named("a", np.arange(n), 2), pa.repeat(PLATFORM, n)
    group = pa.array(np.where(np.arange(n) < world.treated, TREATED, OTHERS))
    at_us = pa.array([START_US + world.start * world.period_days * DAY_US])
    return {
        "accounts": _table("accounts", n, platform=place, account_id=who, handle=who),
        "groups": _table("groups", n, platform=place, account_id=who, group_name=group),
        "events": _table("events", 1, platform=pa.array([PLATFORM]), at_us=at_us, label=pa.array([EVENT])),
    }


def _named(prefix: str, numbers: Ints, digits: int) -> pa.Array:
    return pa.array([f"{prefix}{i:0{digits}d}" for i in numbers.tolist()], pa.string())


def _table(name: str, rows: int, **columns: pa.Array) -> pa.Table:
    shape = schema(name)
    filled = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in shape]
    return pa.Table.from_arrays(filled, schema=shape)
