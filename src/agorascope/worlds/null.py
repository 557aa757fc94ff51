"""What does a conversation look like in which nothing happens?

One row is one post of an invented corpus: authors whose activity is heavy-tailed (Pareto), who write in sessions of a few
posts within hours and have busy and quiet weeks; a daily and a weekly cycle, a slow trend and a noise common to all
authors, day by day. Languages, kinds and hashtags belong to authors and sessions, not to dates, so that no share changes.
An analysis that reports a burst or a change here is wrong: this is where false alarms are counted.

Limits: days are independent but for sessions and weeks; no author ever answers another.
Source: Barabási 2005, doi:10.1038/nature03459 (sessions); Malmgren et al. 2008, doi:10.1073/pnas.0800332105 (cycles with cascades
of activity). What we changed: weeks of an author vary by a lognormal factor, days by one common to all.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.records import KINDS, schema

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
START_US = 1_704_067_200_000_000  # Monday 1 January 2024, 00:00 UTC

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class NullWorld:
    """Describe a world without news.

    ``posts`` is the expected number; ``author_tail`` the Pareto shape of activity (smaller is heavier); ``session_posts`` the
    mean length of a session and ``session_hours`` its mean spread; ``spell`` the standard deviation of the log activity of an
    author from week to week; ``day_noise`` the coefficient of variation of a day, common to all; ``weekly`` and ``daily`` the
    relative depth of the cycles; ``trend`` the log growth over the span.
    """

    days: int = 91
    posts: int = 20_000
    authors: int = 2_000
    author_tail: float = 1.5
    session_posts: float = 3.0
    session_hours: float = 3.0
    spell: float = 0.5
    day_noise: float = 0.05
    weekly: float = 0.25
    daily: float = 0.6
    trend: float = 0.4
    languages: tuple[str, ...] = ("en", "fr", "es", "de")
    platforms: tuple[str, ...] = ("x", "bluesky")
    hashtags: int = 40


def make(params: NullWorld, seed: int) -> dict[str, pa.Table]:
    """Make the canonical tables of one world: posts, their counts and hashtags, accounts, counters, groups. Cost O(posts)."""
    return make_with(params, seed, np.ones(params.days * 24))


def make_with(params: NullWorld, seed: int, modulation: Floats) -> dict[str, pa.Table]:
    """Make a world whose hourly intensity is multiplied by ``modulation`` (days x 24 values): the way to plant a burst."""
    rng = np.random.default_rng(seed)
    author, at_us, tag = _write(params, rng, hourly_intensity(params, rng), modulation)
    return tables(params, rng, author=author, at_us=at_us, tag=tag)


def hourly_intensity(params: NullWorld, rng: np.random.Generator) -> Floats:
    """Draw the relative intensity of every hour, mean near 1: trend x week x day x common noise. Shape (days x 24,)."""
    hours = np.arange(params.days * 24)
    slow = np.linspace(-0.5, 0.5, hours.size)
    trend = params.trend * (slow + 0.25 * np.sin(2 * np.pi * slow))
    week = 1 + params.weekly * np.where((hours // 24) % 7 < 5, 0.4, -1.0)
    day = 1 + params.daily * np.sin(2 * np.pi * (hours % 24 - 9) / 24)
    sigma = np.sqrt(np.log1p(params.day_noise**2))
    noise = np.exp(sigma * rng.standard_normal(params.days) - sigma**2 / 2)
    return np.asarray(np.exp(trend) * week * day * noise[hours // 24], dtype=np.float64)


def tables(params: NullWorld, rng: np.random.Generator, *, author: Ints, at_us: Ints, tag: Ints) -> dict[str, pa.Table]:
    """Dress posts given as arrays (author number, time, hashtag number or -1) with accounts, kinds, languages and counts."""
    n, k = author.size, params.authors
    followers = np.exp(rng.normal(6.0, 1.8, k)).astype(np.int64)
    language = np.array(params.languages)[np.minimum(rng.geometric(0.5, k) - 1, len(params.languages) - 1)]
    platform = np.array(params.platforms)[rng.integers(0, len(params.platforms), k)]
    reposter = rng.beta(1.0, 1.5, k)
    draw = rng.random(n)
    share = reposter[author]
    kind = np.array(KINDS)[np.select([draw < share * 0.7, draw < share * 0.7 + 0.15, draw < share * 0.7 + 0.2], [2, 1, 3], 0)]
    reach = (followers[author] * np.exp(rng.normal(-1.0, 1.0, n))).astype(np.int64)
    likes = rng.poisson(reach * 0.01 * rng.lognormal(0.0, 1.0, n))
    posts_id, account_id = _names("p", np.arange(n)), _names("a", author)
    accounts, home = _names("a", np.arange(k)), pa.array(platform)
    at, place = pa.array(at_us), pa.array(platform[author])
    tagged = np.flatnonzero(tag >= 0)
    return {
        "posts": _table(
            "posts",
            n,
            platform=place,
            post_id=posts_id,
            account_id=account_id,
            created_at_us=at,
            created_at_source=pa.repeat("declared", n),
            kind=pa.array(kind),
            language=pa.array(language[author]),
        ),
        "post_metrics": _table(
            "post_metrics",
            n,
            platform=place,
            post_id=posts_id,
            observed_at_us=pc.add(at, 7 * DAY_US),
            views=pa.array(reach),
            views_kind=pa.repeat("measured", n),
            likes=pa.array(likes),
            reposts=pa.array(rng.poisson(likes * 0.2)),
            replies=pa.array(rng.poisson(likes * 0.1)),
        ),
        "post_objects": _table(
            "post_objects",
            tagged.size,
            platform=place.take(tagged),
            post_id=posts_id.take(tagged),
            kind=pa.repeat("hashtag", tagged.size),
            value=_names("tag", tag[tagged]),
        ),
        "accounts": _table("accounts", k, platform=home, account_id=accounts, handle=accounts),
        "account_counters": _table(
            "account_counters",
            k,
            platform=home,
            account_id=accounts,
            at_us=pa.repeat(pa.scalar(START_US, pa.int64()), k),
            followers=pa.array(followers),
        ),
        "groups": _table(
            "groups",
            k,
            platform=home,
            account_id=accounts,
            group_name=pa.array(np.array(["north", "south", "west"])[rng.integers(0, 3, k)]),
        ),
    }


def _write(params: NullWorld, rng: np.random.Generator, intensity: Floats, modulation: Floats) -> tuple[Ints, Ints, Ints]:
    """Draw sessions in author-weeks, then hours, then the posts of each session."""
    usual = params.posts / params.session_posts / intensity.sum()
    hourly = usual * intensity * modulation
    weeks = -(-params.days // 7)
    week_of = np.arange(hourly.size) // 168
    weight = rng.pareto(params.author_tail, params.authors) + 1
    spell = np.exp(params.spell * rng.standard_normal((params.authors, weeks)) - params.spell**2 / 2)
    share = weight[:, None] * spell / weight.sum()
    sessions = rng.poisson(share * np.bincount(week_of, hourly)[None, :])
    writer = np.repeat(np.repeat(np.arange(params.authors), weeks), sessions.ravel())
    week = np.repeat(np.tile(np.arange(weeks), params.authors), sessions.ravel())
    edge = np.concatenate([[0.0], np.cumsum(hourly)])
    first, last = edge[week * 168], edge[np.minimum((week + 1) * 168, hourly.size)]
    start = np.interp(first + (last - first) * rng.random(writer.size), edge, np.arange(edge.size)) * HOUR_US
    length = rng.geometric(1 / params.session_posts, writer.size)
    topic = _topics(params, rng, writer)
    member = np.repeat(np.arange(writer.size), length)
    first_post = np.repeat(np.cumsum(length) - length, length) == np.arange(member.size)
    delay = np.where(first_post, 0.0, rng.exponential(params.session_hours * HOUR_US, member.size))
    at = (start[member] + delay).astype(np.int64)
    kept = np.flatnonzero(at < params.days * DAY_US)
    order = kept[np.argsort(at[kept], kind="stable")]
    tagged = rng.random(order.size) < 0.3
    return writer[member[order]], START_US + at[order], np.where(tagged, topic[member[order]], -1)


def _topics(params: NullWorld, rng: np.random.Generator, writer: Ints) -> Ints:
    """Give each session a hashtag: its author's favourite in seven of ten, else any, by Zipf's law."""
    popularity = 1 / np.arange(1, params.hashtags + 1)
    popularity /= popularity.sum()
    favourite = rng.choice(params.hashtags, params.authors, p=popularity)
    other = rng.choice(params.hashtags, writer.size, p=popularity)
    return np.where(rng.random(writer.size) < 0.7, favourite[writer], other)


def _names(prefix: str, numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")


def _table(name: str, rows: int, **columns: pa.Array) -> pa.Table:
    shape = schema(name)
    filled = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in shape]
    return pa.Table.from_arrays(filled, schema=shape)
