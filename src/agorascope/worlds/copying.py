"""What do texts look like when people write again what others wrote by chance alone, and when some accounts live on it?

One row is one post. Accounts of heavy-tailed activity write texts of 8 to 18 words; a share ``again`` of the posts repeats a text
of the three days before, whoever writes it: a quotation, a joke. Innocent besides: texts of a share button with their link,
slogans that many write, accounts that repeat themselves, pairs of accounts of one publisher. ``differing`` makes accounts differ in
how often they write again. Planted: the accounts of the group ``lifters`` take a share ``lifted`` of their texts from others, half
of them with one word changed.

Limits: words are drawn at random, so that nothing is near by its subject; accounts do not answer each other.
Source: the shape of lifted texts is that of ``worlds.botnet``; every number is a choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.records import schema

from .null import DAY_US, HOUR_US, START_US

VOCABULARY = 4_000
SHORTEST, LONGEST = 8, 18

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class CopyingWorld:
    """Describe a world of texts; ``days`` are rounded up to weeks.

    ``tail`` is the Pareto shape of activity. ``again`` is the share of posts that repeat another's text by chance, ``differing``
    the log standard deviation between accounts of how often they do. ``buttons`` and ``slogans`` are numbers of such texts, each
    posted by about 8 and 40 accounts; ``own`` the share of posts that repeat the author's own; ``publishers`` pairs of accounts,
    the second of which repeats a fifth of the first's texts within minutes. ``group`` accounts, drawn at random among those with
    five posts or more, bear the name ``lifters``; ``lifted`` of their texts are another's. ``one_source`` is the share of every
    other account's texts that are those of the busiest account.
    """

    posts: int = 6_000
    accounts: int = 400
    days: int = 56
    tail: float = 1.5
    again: float = 0.05
    differing: float = 0.0
    buttons: int = 20
    slogans: int = 2
    own: float = 0.03
    publishers: int = 1
    group: int = 0
    lifted: float = 0.0
    one_source: float = 0.0
    languages: tuple[str, ...] = ("en", "fr")


def make(world: CopyingWorld, seed: int) -> dict[str, pa.Table]:
    """Make posts, links, and groups where there is one. Cost O(posts)."""
    rng = np.random.default_rng(seed)
    activity = (1 + rng.pareto(world.tail, world.accounts)).clip(max=200.0)
    week = np.exp(0.5 * rng.standard_normal((world.accounts, -(-world.days // 7))))
    chance = activity[:, None] * week
    cell = rng.choice(chance.size, world.posts, p=(chance / chance.sum()).ravel())
    author, in_week = np.divmod(cell, week.shape[1])
    day = (in_week + rng.random(world.posts)) * 7
    order = np.argsort(day, kind="stable")
    author, at_us = author[order], START_US + (day[order] * DAY_US).astype(np.int64)
    language = rng.integers(0, len(world.languages), world.accounts)
    word = rng.integers(0, VOCABULARY, (world.posts, LONGEST))
    length = rng.integers(SHORTEST, LONGEST + 1, world.posts)
    often = np.bincount(author, minlength=world.accounts)
    members = rng.permutation(np.flatnonzero(often >= 5))[: world.group]
    _repeat(world, rng, author, at_us, language, word, length, members)
    if world.one_source:
        _draw_on_one(world, rng, author, at_us, language, word, length, source=int(np.argmax(often)))
    link = np.full(world.posts, -1)
    for kind, number, copies in (("button", world.buttons, 8), ("slogan", world.slogans, 40)):
        for k in range(number):
            here = rng.choice(world.posts, min(int(rng.poisson(copies)), world.posts), replace=False)
            if here.size:
                word[here], length[here] = word[here[0]], 12
                link[here] = k if kind == "button" else -1
    _publish(world, rng, author, at_us, word, length, often)
    texts = [" ".join(f"w{w}" for w in row[:n]) for row, n in zip(word.tolist(), length.tolist(), strict=True)]
    names = [f"a{i}" for i in author]
    made = {
        "posts": _table("posts", world.posts, {
            "post_id": [f"p{i}" for i in range(world.posts)],
            "account_id": names,
            "created_at_us": at_us,
            "created_at_source": ["declared"] * world.posts,
            "kind": ["original"] * world.posts,
            "text": texts,
            "language": [world.languages[language[i]] for i in author],
        }),
    }  # fmt: skip
    linked = np.flatnonzero(link >= 0)
    values = [f"https://news.example/{k}" for k in link[linked]]
    rows = {"post_id": [f"p{i}" for i in linked], "kind": ["url"] * linked.size, "value": values}
    made["post_objects"] = _table("post_objects", linked.size, rows)
    if world.group:
        rows = {"account_id": [f"a{i}" for i in sorted(members)], "group_name": ["lifters"] * members.size}
        made["groups"] = _table("groups", members.size, rows)
    return made


def _repeat(
    world: CopyingWorld,
    rng: np.random.Generator,
    author: Ints,
    at_us: Ints,
    language: Ints,
    word: Ints,
    length: Ints,
    members: Ints,
) -> None:
    """Let posts take the text of another account's post of the three days before, or of the author's own last one."""
    habit = np.exp(world.differing * rng.standard_normal(world.accounts))
    chance = world.again * habit / habit.mean()
    chance[members] = np.where(world.lifted > 0, world.lifted, chance[members])
    takes = rng.random(author.size) < chance[author]
    first = np.searchsorted(at_us, at_us - 3 * DAY_US)
    last = np.searchsorted(at_us, at_us - HOUR_US // 60)
    own = rng.random(author.size) < world.own
    before: dict[int, int] = {}
    for i in range(author.size):
        who = int(author[i])
        if own[i] and who in before:
            word[i], length[i] = word[before[who]], length[before[who]]
        elif takes[i] and last[i] > first[i]:
            source = int(rng.integers(first[i], last[i]))
            if author[source] != who and language[author[source]] == language[who]:
                word[i], length[i] = word[source], length[source]
                if rng.random() < 0.5:
                    word[i, int(rng.integers(length[i]))] = rng.integers(VOCABULARY)
        before[who] = i


def _draw_on_one(
    world: CopyingWorld,
    rng: np.random.Generator,
    author: Ints,
    at_us: Ints,
    language: Ints,
    word: Ints,
    length: Ints,
    *,
    source: int,
) -> None:
    """Let every account of its language take texts of one account, each time another of those of the week before."""
    theirs = np.flatnonzero(author == source)
    taken: set[tuple[int, int]] = set()
    for i in np.flatnonzero((rng.random(author.size) < world.one_source) & (author != source)).tolist():
        known = theirs[(at_us[theirs] < at_us[i]) & (at_us[theirs] > at_us[i] - 7 * DAY_US)]
        if known.size and language[author[i]] == language[source]:
            text = int(rng.choice(known))
            if (int(author[i]), text) not in taken:
                taken.add((int(author[i]), text))
                word[i], length[i] = word[text], length[text]


def _publish(
    world: CopyingWorld, rng: np.random.Generator, author: Ints, at_us: Ints, word: Ints, length: Ints, often: Ints
) -> None:
    """Let the second account of a publisher repeat texts of the first, minutes after."""
    busy = np.argsort(-often, kind="stable")
    for k in range(world.publishers):
        one, other = np.flatnonzero(author == busy[2 * k]), np.flatnonzero(author == busy[2 * k + 1])
        number = min(one.size, other.size) // 5
        source, copy = rng.permutation(one)[:number], rng.permutation(other)[:number]
        word[copy], length[copy] = word[source], length[source]
        at_us[copy] = at_us[source] + rng.integers(60, 600, number) * 1_000_000


def _table(name: str, rows: int, columns: Mapping[str, object]) -> pa.Table:
    shape = schema(name)
    columns = {"platform": ["x"] * rows, **columns}
    filled = [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(rows, f.type) for f in shape]
    return pa.Table.from_arrays(filled, schema=shape)
