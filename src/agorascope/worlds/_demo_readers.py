"""Who reads whom in Rivemont? Two camps that seldom read each other, and a hashtag of few that most seem to write.

Each passenger or townsperson on ``PLATFORM`` reads ``READS`` others on average. Six times in ten the account read is drawn from the
own group, else from all, by a weight of heavy tail; who ever wrote ``HASHTAG`` weighs ``SEEN_MORE`` times as much.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

NETWORK, PLATFORM = "readers", "x"
CAMPS = ("passengers", "town")
HASHTAG, SEEN_MORE = "transports", 4.0
READS, WITHIN = 9, 0.6
TAIL, MOST = 1.5, 30.0

Row = dict[str, Any]


def readers(groups: Iterable[Row], posts: Iterable[Row], seed: int) -> list[Row]:
    """Draw who reads whom, each pair once, from memberships and posts (with their ``tag``). Cost O(accounts x reads)."""
    rng = np.random.default_rng([seed, 19])
    camp = {r["account_id"]: CAMPS.index(r["group_name"]) for r in groups if r["platform"] == PLATFORM and r["group_name"] in CAMPS}
    names = sorted(name for name in camp if name.startswith("u") and name[1:].isdigit())
    wrote = {r["account_id"] for r in posts if r["kind"] != "repost" and (r["tag"] or "").lower() == HASHTAG}
    side = np.array([camp[name] for name in names])
    weight = (1 + rng.pareto(TAIL, side.size)).clip(max=MOST) * np.where([name in wrote for name in names], SEEN_MORE, 1.0)
    ties = set()
    for reader, number in enumerate(rng.poisson(READS, side.size).tolist()):
        own = np.where(side == side[reader], weight, 0.0)
        for within in (rng.random(number) < WITHIN).tolist():
            odds = own if within else weight
            read = int(rng.choice(side.size, p=odds / odds.sum()))
            ties.add((names[reader], names[read]))
    return [{"platform": PLATFORM, "network": NETWORK, "source": a, "target": b} for a, b in sorted(ties) if a != b]
