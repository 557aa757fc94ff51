"""How often does `timeline` tie a squad to a time when it did nothing together, and to the time it was used before? Counted.

The worlds are those of ``after_cells``, written down before: every account of the squad also shares 20 posts like anybody, at any
time, so that members meet by chance throughout. The squad is handed over as a network, known without error, with the acts it would
have behind its ties: what the test must not be misled by. In ``--worlds`` without an earlier campaign: how often a tie holds, at
nominal 5 %, to a slice outside the campaign. In ``POWER_WORLDS`` with one: how often both campaigns are tied.
Writes ``src/agorascope/calibration/timeline.json`` and the table of ``docs/analyses/timeline.md``.
Run: ``python benchmarks/calibrate_timeline.py [--worlds 300] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

import numpy as np
import pyarrow as pa

from after_cells import TIMELINE
from agorascope.analyses.timeline import Params, run
from agorascope.findings import Finding
from agorascope.stats.reused import moment, near
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.botnet import BotnetWorld, Truth, truth
from agorascope.worlds.botnet_tables import PLATFORM, tables
from agorascope.worlds.null import DAY_US
from calibration import NOMINAL, Cell, Plan, by_cells, measure, shown

POWER_WORLDS = 20
FIRST_SEED = 320_000
DRAWS = 199
DESCRIBED = 3
WINDOW_S = 300


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "timeline", TIMELINE, partial(measure, PLAN), table)


def look(world: BotnetWorld, seed: int) -> Finding:
    """Ask one world, with its squad as the network."""
    rows = tables(world, seed)
    names = [f"a{i}" for i in np.flatnonzero(truth(world, seed).bot)]
    posts = rows["posts"].filter(pa.compute.is_valid(rows["posts"]["repost_of"]))
    account, obj = (posts[c].combine_chunks().dictionary_encode() for c in ("account_id", "repost_of"))
    at = posts["created_at_us"].to_numpy()
    seen = moment(
        np.asarray(account.indices, np.int64),
        np.asarray(obj.indices, np.int64),
        at,
        np.full(at.size, WINDOW_S * 1_000_000),
        accounts=len(account.dictionary),
    )
    squad = pa.compute.index_in(pa.array(names), account.dictionary).drop_null()
    behind = near(seen, np.asarray(squad, np.int64))
    ties = {
        "network": ["n1"] * behind.size,
        "kind": ["repost"] * behind.size,
        "object": obj.dictionary.take(pa.array(seen.obj[behind])),
        "platform": [PLATFORM] * behind.size,
        "account_id": account.dictionary.take(pa.array(seen.author[behind])),
        "at_us": pa.array(seen.at[behind]),
        "post_id": ["-"] * behind.size,
    }
    network = {
        "platform": [PLATFORM] * len(names),
        "account_id": names,
        "in_network": [True] * len(names),
        "network": ["n1"] * len(names),
    }
    results = {
        "coordination.acts": pa.table(ties),
        "coordination.accounts": pa.table(network),
        "coordination.tested": pa.table({"behaviour": ["repost"], "window_s": [WINDOW_S]}),
    }
    return run(memory_corpus(rows, threads=1, results=results), Params(draws=DRAWS))


def quiet(world: BotnetWorld, seed: int) -> tuple[bool, bool]:
    """Say whether a tie holds to a slice outside the campaign, and whether any such tie could be tested."""
    once = dataclasses.replace(world, earlier=0.0)
    told, finding = truth(once, seed), look(once, seed)
    pairs = finding.tables["pairs"].to_pylist() if finding.tables else []
    outside = [p for p in pairs if not (_inside(told.campaign_us, p["before_us"]) and _inside(told.campaign_us, p["after_us"]))]
    return any(p["q_value"] <= NOMINAL for p in outside), bool(outside)


def used_before(world: BotnetWorld, seed: int) -> bool:
    """Say whether a tie holds between both campaigns."""
    told: Truth = truth(world, seed)
    pairs = look(world, seed).tables.get("pairs", pa.table({})).to_pylist()
    return any(
        p["q_value"] <= NOMINAL and _inside(told.earlier_us, p["before_us"]) and _inside(told.campaign_us, p["after_us"])
        for p in pairs
    )


def _inside(days: tuple[int, int], start_us: int) -> bool:
    """Say whether a week has a day of a campaign, or the day after."""
    return bool(start_us < days[1] + DAY_US and days[0] < start_us + 7 * DAY_US)


def described(world: BotnetWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world: accounts of the smaller group, and accounts active in a slice."""
    groups = look(world, seed).tables["groups"].to_pylist()
    return {"accounts": float(min(g["accounts"] for g in groups)), "active": float(np.median([g["active"] for g in groups]))}


PLAN = Plan(
    quiet=quiet,
    planted=used_before,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="earlier",
    worlds_described=DESCRIBED,
    params={"draws": DRAWS},
    further=lambda seen: {"tested": sum(tested for _, tested in seen)},
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = [
        "| cell | worlds with a pair to test | false ties | rate [99 % exact] | both campaigns tied |",
        "|---|--:|--:|---|--:|",
    ]
    lines += [
        f"| {c['cell']} | {c['tested']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
