"""How long does one factor take, and how well do scores tell bridges from the rest? Two tables of docs/performance.md.

Speed: 1 million ratings in under 10 s, 25 million in under 5 minutes and 4 GB, 2 cores; each in a process of its own, which draws
the ratings, arranges and fits them. Areas under the curve of bridges against all other items, over seeds: .985 at 80/20, .90 at
90/10.
Run: ``python benchmarks/bridging.py``.
"""

import sys
import time

import numpy as np
from scipy.stats import rankdata

from agorascope.analyses._bridging_estimate import Votes, _scores, voted
from agorascope.stats.one_factor import fit, ratings
from agorascope.worlds.bridges import BRIDGE, BridgesWorld, draw
from bridging_cells import PLANTED
from measure import cost, write_table

SIZES = {1_000_000: (50_000, 20_000), 5_000_000: (100_000, 50_000), 25_000_000: (500_000, 200_000)}
SEEDS = range(900, 904)


def main() -> None:
    """Measure both, and write the tables."""
    if len(sys.argv) > 1:
        print(fitted(int(sys.argv[1])))
        return
    rows = []
    for size, (raters, items) in SIZES.items():
        seen = cost((sys.executable, __file__, str(size)))
        rows.append(
            (
                f"{size:,}",
                f"{raters:,}",
                f"{items:,}",
                f"{seen.seconds:.1f} s",
                f"{seen.cpu_s:.1f} s",
                f"{seen.memory_mb / 1000:.2f} GB",
            )
        )
        print(rows[-1], flush=True)
    said = "Drawing the ratings (uniform pairs, two camps of 80 and 20), arranging and fitting them, in one process."
    print(write_table("bridging: one factor", ("ratings", "raters", "items", "time", "CPU", "memory"), rows, said))
    found = [(name, *areas(world)) for name, world in PLANTED.items()]
    said = (
        f"Median and least area under the curve of bridges against all other items, {len(SEEDS)} worlds each "
        "(`benchmarks/bridging_cells.py`): 2,000 raters, one in five of whom votes three times at most, 500 items."
    )
    names = ("overall approval", "intercept", "consensus", "camp that approves least (the score)")
    print(write_table("bridging: planted camps", ("camps", *names), found, said))


def fitted(size: int) -> str:
    """Draw ratings, fit them, and say how long the fit took."""
    raters, items = SIZES[size]
    rng = np.random.default_rng(1)
    pairs = np.unique(rng.integers(0, raters * items, round(size * 1.01)))
    pairs = np.sort(rng.permutation(pairs)[:size])
    rater, item = (pairs // items).astype(np.int32), (pairs % items).astype(np.int32)
    del pairs
    camp, kind = rng.random(raters) < 0.2, rng.random(items) < 0.3
    odds = np.where(kind[item], 0.7, np.where(camp[rater], 0.15, 0.85))
    value = (rng.random(rater.size) < odds).astype(np.float64)
    del odds
    began = time.perf_counter()
    given = ratings(rater, item, value, raters=raters, items=items)
    del rater, item, value
    found = fit(given)
    return f"{size}: {found.steps} steps, settled {found.settled}, {time.perf_counter() - began:.1f} s"


def areas(world: BridgesWorld) -> list[str]:
    """Give the areas of four scores, median and least over the seeds."""
    seen = []
    for seed in SEEDS:
        drawn, truth = draw(world, seed)
        votes = Votes(drawn.rater, drawn.item, drawn.value, drawn.value, world.raters, world.items, False)
        camps = voted(votes)
        model = fit(ratings(drawn.rater, drawn.item, drawn.value, raters=world.raters, items=world.items))
        s = _scores(votes, camps.camp, len(camps.sizes), model)
        plain = np.bincount(drawn.item, drawn.value, world.items) / np.bincount(drawn.item, minlength=world.items)
        seen.append([area(one, truth.kind == BRIDGE) for one in (plain, model.item, s.consensus, s.minimum)])
    return [f"{np.median(column):.3f} ({min(column):.3f})" for column in zip(*seen, strict=True)]


def area(score: np.ndarray, true: np.ndarray) -> float:
    """Give the area under the curve: how often one that is true scores above one that is not."""
    rank, n = rankdata(score), int(true.sum())
    return float((rank[true].sum() - n * (n + 1) / 2) / (n * (true.size - n)))


if __name__ == "__main__":
    main()
