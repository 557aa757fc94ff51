"""Are layers that overlap taken for communities where there are none? Alarms of `communities` with several layers, counted.

300 accounts, ties by activity alone, mean degree 4 or 8, and a second layer: a share of the ties of the first and ties of its own,
by the same activity (``half``: half of the ties and as many own ones; ``most``: 70 and 30 %; ``all``: the same ties again). Random
networks keep which layers each tie is in, as the analysis draws them; beside it layers drawn apart. ``camps``: as ``half``, with
two camps that keep 60 % of the ties of the first. ``sites``: 200 addresses shared by popularity, of 40 sites, and the sites shared
with them: drawn apart only, and the reason why the analysis sums no things shared.
The figures stand in ``docs/analyses/communities.md``.
Run: ``python benchmarks/communities_overlap.py [--worlds 200]``.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from agorascope.analyses._communities_network import TRIED, Drawing, Network, against_chance, ties_of
from agorascope.analyses._communities_reduce import Layer
from agorascope.stats.beyond import beyond, qualities
from agorascope.stats.communities import network
from agorascope.worlds.camps import CampsWorld, draw
from calibrate_communities import NULLS
from calibration import rate, shown

FIRST_SEED = 490_000
ACCOUNTS = 300
CELLS = {"half": (8, 0.5, 0.5), "most": (4, 0.7, 0.3), "all": (8, 1.0, 0.0), "camps": (8, 0.5, 0.5)}


def main() -> None:
    """Count each cell, its layers drawn together and apart."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=200)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    for cell in (*CELLS, "sites"):
        for together in (True, False) if cell in CELLS else (False,):
            with ProcessPoolExecutor(asked.jobs) as pool:
                seen = sum(pool.map(partial(alarm, cell, together=together), range(asked.worlds), chunksize=10))
            how = "together" if together else "apart"
            print(f"{cell}, drawn {how}: {seen} of {asked.worlds}, {shown(rate(seen, asked.worlds))}", flush=True)


def alarm(cell: str, number: int, *, together: bool) -> bool:
    """Say whether communities are seen in one world."""
    seed = FIRST_SEED + number
    made = ties_of(sites(seed) if cell == "sites" else overlapping(cell, seed), ACCOUNTS)
    if together:
        told = against_chance(made, np.zeros(ACCOUNTS, np.int64), resolution=None, nulls=NULLS, seed=seed, scan=False).beyond
    else:
        found = qualities(network(made.source, made.target, made.weight, made.nodes), TRIED, seed=seed)
        told = beyond(found, np.array([qualities(one, TRIED, seed=seed + 1 + i) for i, one in enumerate(apart(made, seed))]), at=1)
    return told.p_value <= 0.05


def overlapping(cell: str, seed: int) -> tuple[Layer, Layer]:
    """Draw ties, and a layer of a share of them and of others by the same activity."""
    degree, share, own = CELLS[cell]
    rng, closed = np.random.default_rng((seed, 9)), 0.6 if cell == "camps" else 0.0
    made = draw(CampsWorld(accounts=ACCOUNTS, mean_degree=degree, closed=closed), seed)
    kept, more = (
        rng.random(made.source.size) < share,
        rng.choice(np.append(made.source, made.target), (2, round(own * made.source.size))),
    )
    ends = np.append(made.source[kept], more[0]), np.append(made.target[kept], more[1])
    return Layer("reposts", made.source, made.target, False), Layer("mentions", *ends, False)


def sites(seed: int) -> tuple[Layer, Layer]:
    """Draw who shares which address, by popularity, and with it the site that address is of."""
    rng = np.random.default_rng((seed, 7))
    who = np.repeat(np.arange(ACCOUNTS), 1 + rng.geometric(0.25, ACCOUNTS))
    popular = (1 + rng.pareto(1.5, 200)).cumsum()
    what = np.searchsorted(popular, rng.random(who.size) * popular[-1])
    pair, site = np.unique(who * 200 + what), rng.integers(0, 40, 200)
    both = np.unique(pair // 200 * 40 + site[pair % 200])
    return Layer("url", pair // 200, pair % 200, True), Layer("domain", both // 40, both % 40, True)


def apart(made: Network, seed: int) -> Iterator[object]:
    """Draw networks whose layers are drawn one by one, and summed, each of the same total weight."""
    drawings = [Drawing(made._replace(layers=(layer,)), np.zeros(ACCOUNTS, np.int64)) for layer in made.layers]
    for draws in range(NULLS):
        rng = np.random.default_rng((seed, draws, 5))
        parts = [drawing.ties(rng) for drawing in drawings]
        key, place = np.unique(np.concatenate([u * made.nodes + v for u, v, _ in parts]), return_inverse=True)
        weight = np.bincount(place, np.concatenate([w / w.sum() for _, _, w in parts]))
        yield network(key // made.nodes, key % made.nodes, weight / weight.mean(), made.nodes)


if __name__ == "__main__":
    main()
