"""How often does `counterfactual` find that a network changes the lists where any accounts were called one, and where a squad is?

Counted. The worlds are those of ``after_cells``, written down before. In ``--worlds`` of each without a squad, as many accounts
with two posts or more are drawn at random and handed over as a network: how often it is found at nominal 5 %. In ``POWER_WORLDS``
with the squad, its accounts are handed over.
Writes ``src/agorascope/calibration/counterfactual.json`` and the table of ``docs/analyses/counterfactual.md``.
Run: ``python benchmarks/calibrate_counterfactual.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

from functools import partial

import numpy as np
import pyarrow as pa

from after_cells import COUNTERFACTUAL
from agorascope.analyses._counterfactual_said import descriptors
from agorascope.analyses.counterfactual import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.botnet import BotnetWorld, matched_null, truth
from agorascope.worlds.botnet_tables import PLATFORM, tables
from calibration import Cell, Plan, by_cells, measure, shown

POWER_WORLDS = 20
FIRST_SEED = 310_000
DRAWS = 99
DESCRIBED = 3
FEWEST = 2


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "counterfactual", COUNTERFACTUAL, partial(measure, PLAN), table)


def asked(rows: dict[str, pa.Table], names: list[str]) -> Finding:
    """Ask one world, with these accounts as its network."""
    network = {
        "platform": [PLATFORM] * len(names),
        "account_id": names,
        "in_network": [True] * len(names),
        "network": ["n1"] * len(names),
    }
    corpus = memory_corpus(rows, threads=1, results={"coordination.accounts": pa.table(network)})
    return run(corpus, Params(draws=DRAWS))


def any_accounts(world: BotnetWorld, seed: int) -> bool:
    """Say whether accounts drawn at random are said to change the lists."""
    rows = tables(matched_null(world), seed)
    names, counts = np.unique(np.array(rows["posts"]["account_id"].to_pylist()), return_counts=True)
    drawn = np.random.default_rng(seed).choice(names[counts >= FEWEST], world.bots, replace=False)
    return asked(rows, sorted(drawn.tolist())).verdict == "found"


def squad(world: BotnetWorld, seed: int) -> bool:
    """Say whether the squad is said to change the lists."""
    names = [f"a{i}" for i in np.flatnonzero(truth(world, seed).bot)]
    return asked(tables(world, seed), names).verdict == "found"


def described(world: BotnetWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    return descriptors(world.bots, tables(matched_null(world), seed)["posts"].num_rows)


PLAN = Plan(
    quiet=any_accounts,
    planted=squad,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="squad",
    worlds_described=DESCRIBED,
    params={"draws": DRAWS},
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | found with any accounts | rate [99 % exact] | found with a squad |", "|---|--:|---|--:|"]
    lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
