"""How often does `majority_illusion` see an illusion that is not there: of hashtags, across platforms, of groups half known?

Counted on the whole analysis, world by world with seeds in a row from ``FIRST_SEED``:

- ``written-NN``: 100 accounts write, NN % of them with a hashtag, whoever they are; 150 others only repost, five accounts each.
- ``platforms``: an attribute that 80 % of 100 accounts bear on one platform and 10 % of 300 on another, whoever they are there;
  everybody reposts up to six accounts of the own platform.
- ``most``: the same with 80 % of 400 and 30 % of 200, so that most of all accounts bear it.
- ``planted``: as ``written-20``, with those most reposted bearing it, and accounts reposted in proportion to a heavy-tailed weight.
- ``listed-60``: 400 accounts repost six others each, in proportion to a heavy-tailed weight; a fifth are of ``group:yes``, the
  others of ``group:no``, whoever they are, and a table names the group of 60 % of them, whoever they are. ``listed-60-tied`` and
  ``listed-30-tied``: of the 60 or 30 % with most ties. ``listed-planted``: as ``listed-60``, with the most reposted in ``yes``.

Run: ``python benchmarks/majority_illusion_worlds.py [--worlds 300] [--kinds NAME...]``.
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import binomtest

from agorascope.analyses.majority_illusion import Params, run
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus

FIRST_SEED = 430_000
WRITERS, READERS, REPOSTED = 100, 150, 5
PLATFORMS = (("x", 100, 0.8), ("mastodon", 300, 0.1))
MOST = (("x", 400, 0.8), ("mastodon", 200, 0.3))
LISTED, SEEN, BEARING = 400, 6, 0.2
Tables = dict[str, pa.Table]


def main() -> None:
    """Count each kind of worlds asked for and print what was found, with exact 99 % intervals."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=300)
    options.add_argument("--kinds", nargs="+", choices=list(kinds()), default=list(kinds()))
    given = options.parse_args()
    for name in given.kinds:
        make, attribute = kinds()[name]
        findings = [asked(make(seed), attribute) for seed in range(FIRST_SEED, FIRST_SEED + given.worlds)]
        found, most = (sum(hits) for hits in zip(*((f.verdict == "found", f.grade == "majority") for f in findings), strict=True))
        sure = binomtest(found, given.worlds).proportion_ci(0.99, "exact")
        rate = f"{found / given.worlds:.3f} [{sure.low:.3f}, {sure.high:.3f}]"
        print(f"| {name} | {found} of {given.worlds} | {rate} | {most} |", flush=True)


def kinds() -> dict[str, tuple[Callable[[int], Tables], str]]:
    """Name every kind of worlds: how one is made, and the attribute asked about."""
    tagged = {f"written-{n}": partial(written, share=n / 100) for n in (20, 40, 70)}
    across = {"platforms": partial(platforms, of=PLATFORMS), "most": partial(platforms, of=MOST)}
    part: dict[str, Callable[[int], Tables]] = {
        "listed-60": partial(listed, known=0.6),
        "listed-60-tied": partial(listed, known=0.6, tied=True),
        "listed-30-tied": partial(listed, known=0.3, tied=True),
        "listed-planted": partial(listed, known=0.6, planted=True),
    }
    by_tag = {n: (make, "hashtag:vote") for n, make in (tagged | {"planted": partial(written, share=0.2, planted=True)}).items()}
    return by_tag | {n: (make, "group:yes") for n, make in (across | part).items()}


def asked(tables: Tables, attribute: str) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(tables), Params(attribute=attribute))


def written(seed: int, *, share: float, planted: bool = False) -> Tables:
    """Make a world of those who write and those who only repost."""
    rng = np.random.default_rng(seed)
    weight = 1 + rng.pareto(1.5, WRITERS) if planted else np.ones(WRITERS)
    bears = rng.permutation(WRITERS) < round(share * WRITERS)
    if planted:
        bears = np.argsort(np.argsort(-weight)) < round(share * WRITERS)
    posts = [{"post_id": f"o{i}", "account_id": f"a{i}", "kind": "original", "text": "hello"} for i in range(WRITERS)]
    for reader in range(READERS):
        chosen = rng.choice(WRITERS, REPOSTED, replace=False, p=weight / weight.sum()).tolist()
        posts += [repost(f"u{reader}", f"a{i}", f"r{reader}-{i}") for i in chosen]
    tags = [{"post_id": f"o{i}", "kind": "hashtag", "value": "vote"} for i in np.flatnonzero(bears).tolist()]
    return rows("x", posts=posts, post_objects=tags)


def platforms(seed: int, *, of: tuple[tuple[str, int, float], ...]) -> Tables:
    """Make a world of two platforms that no tie joins, on which one attribute is common, and rare."""
    rng = np.random.default_rng(seed)
    made = []
    for name, accounts, share in of:
        bears = np.flatnonzero(rng.random(accounts) < share).tolist()
        posts = [{"post_id": f"o{i}", "account_id": f"{name}{i}", "kind": "original", "text": "hello"} for i in range(accounts)]
        for i in range(accounts):
            posts += [
                repost(f"{name}{i}", f"{name}{j}", f"r{i}-{j}") for j in rng.choice(accounts, 6, replace=False).tolist() if i != j
            ]
        made.append(rows(name, posts=posts, groups=[{"account_id": f"{name}{i}", "group_name": "yes"} for i in bears]))
    return {table: pa.concat_tables([one[table] for one in made]) for table in made[0]}


def listed(seed: int, *, known: float, tied: bool = False, planted: bool = False) -> Tables:
    """Make a world in which a table names the group of some: of whoever, or of those with most ties."""
    rng = np.random.default_rng(seed)
    weight = 1 + rng.pareto(1.5, LISTED)
    posts = [{"post_id": f"o{i}", "account_id": f"a{i}", "kind": "original", "text": "hello"} for i in range(LISTED)]
    ties = np.full(LISTED, SEEN)
    for i in range(LISTED):
        for j in rng.choice(LISTED, SEEN, replace=False, p=weight / weight.sum()).tolist():
            posts += [repost(f"a{i}", f"a{j}", f"r{i}-{j}")] if i != j else []
            ties[j] += 1
    bears = (np.argsort(np.argsort(-ties)) if planted else rng.permutation(LISTED)) < round(BEARING * LISTED)
    named = (np.argsort(np.argsort(-ties, kind="stable")) if tied else rng.permutation(LISTED)) < round(known * LISTED)
    groups = [{"account_id": f"a{i}", "group_name": "yes" if bears[i] else "no"} for i in np.flatnonzero(named).tolist()]
    return rows("x", posts=posts, groups=groups)


def repost(who: str, whom: str, post: str) -> dict[str, Any]:
    """Make a repost of an account."""
    return {"post_id": post, "account_id": who, "kind": "repost", "ref_account_id": whom, "repost_of": "?"}


def rows(platform: str, **tables: list[dict[str, Any]]) -> Tables:
    """Put rows into tables, on one platform."""
    return {
        name: pa.Table.from_pylist([{"platform": platform} | row for row in made], schema(name)) for name, made in tables.items()
    }


if __name__ == "__main__":
    main()
