"""How often does `majority_illusion` see an illusion of a hashtag among those who write, or across platforms, where there is none?

Counted on the whole analysis, world by world with seeds in a row from ``FIRST_SEED``:

- ``written-NN``: 100 accounts write, NN % of them with a hashtag, whoever they are; 150 others only repost, five accounts each.
- ``platforms``: an attribute that 80 % of 100 accounts bear on one platform and 10 % of 300 on another, whoever they are there;
  everybody reposts up to six accounts of the own platform.
- ``most``: the same with 80 % of 400 and 30 % of 200, so that most of all accounts bear it.
- ``planted``: as ``written-20``, with those most reposted bearing it, and accounts reposted in proportion to a heavy-tailed weight.

Run: ``python benchmarks/majority_illusion_worlds.py [--worlds 100]``.
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.analyses.majority_illusion import Params, run
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus

FIRST_SEED = 430_000
WRITERS, READERS, REPOSTED = 100, 150, 5
PLATFORMS = (("x", 100, 0.8), ("mastodon", 300, 0.1))
MOST = (("x", 400, 0.8), ("mastodon", 200, 0.3))
Tables = dict[str, pa.Table]


def main() -> None:
    """Count each kind of worlds and print what was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=100)
    worlds = options.parse_args().worlds
    kinds: dict[str, Callable[[int], Tables]] = {f"written-{n}": partial(written, share=n / 100) for n in (20, 40, 70)}
    across = {"platforms": partial(platforms, of=PLATFORMS), "most": partial(platforms, of=MOST)}
    for name, make in (kinds | across | {"planted": partial(written, share=0.2, planted=True)}).items():
        found = [
            asked(make(seed), "group:yes" if name in across else "hashtag:vote") for seed in range(FIRST_SEED, FIRST_SEED + worlds)
        ]
        most = sum(one.grade == "majority" for one in found)
        print(f"{name}: {sum(one.verdict == 'found' for one in found)} of {worlds} found, {most} a majority in fact", flush=True)


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
