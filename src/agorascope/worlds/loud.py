"""What do posts by account look like when all write at one rate, when few write most, and when those say something else?

One row of ``posts`` is one post of an account; an account that wrote nothing is not there. Rates are equal, or Pareto of shape
``tail``. Each account uses the hashtag with a chance of its own, twice as often in odds where ``lean`` is log 2 and it is among the
louder half: the truth planted.

Limits: no time, no words, no replies.
Source: Pareto activity as in ``null``; the numbers are ours.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.records import schema

TAG = "tag"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LoudWorld:
    """Describe accounts: how many could write, how often on average, how unequally, and what the louder half says more.

    ``tail`` 0: all at one rate; ``louder``: by how much the rate of every second account is multiplied.
    """

    accounts: int = 600
    rate: float = 1.5
    tail: float = 0.0
    louder: float = 1.0
    lean: float = 0.0


def counts(params: LoudWorld, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw posts, and posts with the hashtag, of every account that wrote. Cost O(accounts)."""
    rate = np.full(params.accounts, params.rate)
    if params.tail:
        rate = rate * (rng.pareto(params.tail, params.accounts) + 1) * (params.tail - 1) / params.tail
    rate[::2] *= params.louder
    posts = rng.poisson(rate)
    own = rng.beta(0.5, 1.5, params.accounts)
    louder = rate > np.median(rate) if params.tail else np.arange(params.accounts) % 2 == 0
    odds = own / (1 - own) * np.exp(params.lean * louder)
    having = rng.binomial(posts, odds / (1 + odds))
    return posts[posts > 0].astype(np.float64), having[posts > 0].astype(np.float64)


def make(params: LoudWorld, seed: int) -> dict[str, pa.Table]:
    """Make posts and their hashtags. Cost O(posts)."""
    posts, having = counts(params, np.random.default_rng(seed))
    rows, objects = [], []
    for account, (wrote, tagged) in enumerate(zip(posts.astype(int).tolist(), having.astype(int).tolist(), strict=True)):
        for i in range(wrote):
            rows.append({"platform": "x", "post_id": f"p{account}_{i}", "account_id": f"a{account}", "kind": "original"})
            if i < tagged:
                objects.append({"platform": "x", "post_id": f"p{account}_{i}", "kind": "hashtag", "value": TAG})
    return {
        "posts": pa.Table.from_pylist(rows, schema("posts")),
        "post_objects": pa.Table.from_pylist(objects, schema("post_objects")),
    }
