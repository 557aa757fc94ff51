"""Are platforms taken for communities where things are shared on two of them? Alarms of `communities`, counted.

300 accounts share things drawn by popularity, half of the accounts on each platform. ``alike``: both platforms share the same
things. ``own``: four in five are drawn from the platform's own half of the things, and nothing else parts the accounts. ``camps``:
four in five are drawn from the own half of a camp, and both camps are on both platforms. Random networks deal the accounts of each
platform among themselves, as the analysis does; beside it over both, which would take the platforms of ``own`` for communities.
The figures stand in ``docs/analyses/communities.md``.
Run: ``python benchmarks/communities_platforms.py [--worlds 300]``.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from agorascope.analyses._communities_network import against_chance, ties_of
from calibrate_communities import NULLS, layer_of
from calibration import rate, shown
from communities_cells import SharesWorld

FIRST_SEED = 480_000
OWN = 0.8
CELLS = ("alike", "own", "camps")


def main() -> None:
    """Count each cell, dealt within platforms and over both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=300)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    for cell in CELLS:
        for within in (True, False):
            with ProcessPoolExecutor(asked.jobs) as pool:
                seen = sum(pool.map(partial(alarm, cell, within=within), range(asked.worlds), chunksize=10))
            dealt = "within platforms" if within else "over both"
            print(f"{cell}, dealt {dealt}: {seen} of {asked.worlds}, {shown(rate(seen, asked.worlds))}", flush=True)


def alarm(cell: str, number: int, *, within: bool) -> bool:
    """Say whether communities are seen in one world. Accounts of one half share the first things (see ``layer_of``)."""
    world = SharesWorld(closed=0.0 if cell == "alike" else OWN)
    layer = layer_of(world, FIRST_SEED + number)
    account = np.arange(world.accounts)
    platform = (account // 2 if cell == "camps" else account) % 2
    stratum = platform if within else np.zeros(world.accounts, np.int64)
    made = ties_of((layer,), world.accounts)
    told = against_chance(made, stratum, resolution=None, nulls=NULLS, seed=FIRST_SEED + number, scan=False)
    return told.beyond.p_value <= 0.05


if __name__ == "__main__":
    main()
