"""How often does `coordination` find a network where nobody acts together, and how much of a squad that is there? Counted.

The worlds are those of ``coordination_cells``, written down before. In each the window is chosen and every account tested as the
analysis does with its defaults. An alarm is any account that the test keeps, in a network of five or in a smaller one; ``counted``
is how many of these worlds have a network that the comparison of `apart` leaves; ``p_01`` is the share of all accounts of all
worlds with p <= 0.01. ``POWER_WORLDS`` with a squad of 50 accounts (12 reposts each of 60 posts spread over ten days) give recall
and precision, of what the test keeps and of what counts.
``--squads`` measures the squads anew and keeps the rates. ``--shuffled PARQUET`` counts the same on shuffled copies of a table of
shares (object_id, account_id, timestamp_share).
Writes ``src/agorascope/calibration/coordination.json`` and the table of ``docs/analyses/coordination.md``.
Run: ``python benchmarks/calibrate_coordination.py [--worlds 200] [--cells NAME...] [--jobs 2] [--shuffled FILE]``.
"""

import argparse
import dataclasses
import time
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from agorascope.stats.together import shuffled
from agorascope.stats.windows import DAY
from agorascope.worlds.botnet import BotnetWorld, events
from calibration import NOMINAL, Cell, each, keep, middle, parser, rate, shown, stored
from coordination_cells import CELLS, FIRST_SEED, NULL, POWER_WORLDS, SQUAD, WORLDS
from coordination_counted import look
from coordination_shown import table

Bools = npt.NDArray[np.bool_]

SHUFFLED_SEED = 420_000


class Seen(NamedTuple):
    """Hold what one world says: accounts kept, counted and tested, those with p <= 1 %, the window; then recall and precision of a
    squad by what is kept, and by what counts.
    """

    kept: int
    counted: int
    tested: int
    small: int
    acts: int
    window: int
    recall: float
    precision: float
    recall_counted: float
    precision_counted: float


def main() -> None:
    """Run the cells asked for, print each, and store them all; then the shuffled copies, if asked."""
    options = parser(__doc__, NULL, worlds=0)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--shuffled", default="")
    options.add_argument(
        "--squads", action="store_true", help="measure the squads of the cells alone, and keep the rates as they are"
    )
    asked = options.parse_args()
    for name in asked.cells:
        known = {c["cell"]: c for c in stored("coordination")} if asked.squads else {}
        cell = known.get(name) or rates(name, NULL[name], asked.worlds or WORLDS[name], asked.jobs)
        keep("coordination", cell | power(NULL[name], asked.jobs), CELLS, table)
    if asked.shuffled:
        copies(asked)


def quiet(world: BotnetWorld, seed: int) -> Seen:
    """Test one world."""
    drawn = events(world, seed)
    found, window, counted = look(drawn.author, drawn.obj, drawn.at_us // 1_000_000, q=NOMINAL, seed=seed)
    seen = np.zeros(found.p_value.size, np.bool_)
    seen[drawn.author] = True
    inside, bot = found.network >= 0, drawn.bot[: found.p_value.size]
    kept = int(inside.sum()) + found.smaller
    small = int((found.p_value[seen] <= 0.01).sum())
    of = (kept, int(counted.sum()), int(seen.sum()), small, drawn.author.size, window)
    return Seen(*of, *_scores(inside, bot), *_scores(counted, bot))


def _scores(flagged: Bools, bot: Bools) -> tuple[float, float]:
    """Give recall and precision; precision is 1 where nobody is flagged."""
    both = int((flagged & bot).sum())
    return both / max(int(bot.sum()), 1), both / int(flagged.sum()) if flagged.any() else 1.0


def rates(name: str, world: BotnetWorld, worlds: int, jobs: int) -> Cell:
    """Count alarms and small p-values of one cell."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + worlds)
    seen = each(partial(quiet, world), seeds, jobs=jobs)
    alarms = sum(one.kept > 0 for one in seen)
    result = {
        "cell": name,
        "worlds": worlds,
        "seeds": [seeds[0], seeds[-1]],
        "nominal": NOMINAL,
        "false_alarms": alarms,
        **rate(alarms, worlds),
        "counted": sum(one.counted > 0 for one in seen),
        "p_01": round(sum(one.small for one in seen) / sum(one.tested for one in seen), 5),
        "params": dataclasses.asdict(world),
        "descriptors": {"accounts": middle([one.tested for one in seen]), "acts": middle([one.acts for one in seen])},
    }
    said = f"{alarms} of {worlds} = {shown(result)}, counted {result['counted']}, p_01 {result['p_01']}"
    print(f"{name}: {said}; {time.perf_counter() - began:.0f} s", flush=True)
    return result


def power(world: BotnetWorld, jobs: int) -> Cell:
    """Count how much of a squad is found in such a world, by the test and by what counts."""
    began = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + POWER_WORLDS)
    planted = each(partial(quiet, dataclasses.replace(world, bots=SQUAD)), seeds, jobs=jobs)
    result = {
        "power": round(float(np.mean([one.recall for one in planted])), 3),
        "precision": round(float(np.mean([one.precision for one in planted])), 3),
        "least_recall": round(min(one.recall for one in planted), 3),
        "power_counted": round(float(np.mean([one.recall_counted for one in planted])), 3),
        "precision_counted": round(float(np.mean([one.precision_counted for one in planted])), 3),
        "least_recall_counted": round(min(one.recall_counted for one in planted), 3),
        "power_worlds": len(planted),
        "power_at": "squad_50",
    }
    print(f"  {result}; {time.perf_counter() - began:.0f} s", flush=True)
    return result


def copies(asked: argparse.Namespace) -> None:
    """Count alarms and small p-values over shuffled copies of a table of shares."""
    rows = pq.read_table(asked.shuffled, columns=["account_id", "object_id", "timestamp_share"])
    author, obj = (rows[c].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64) for c in rows.column_names[:2])
    at = rows["timestamp_share"].to_numpy().astype(np.int64)
    seen = each(partial(_copy, author, obj, at), range(SHUFFLED_SEED, SHUFFLED_SEED + (asked.worlds or 200)), jobs=asked.jobs)
    alarms, counted, tested = (sum(some) for some in zip(*((kept > 0, left > 0, n) for kept, left, n, _ in seen), strict=True))
    result, small = rate(alarms, len(seen)), sum(s for *_, s in seen) / tested
    print(f"shuffled copies: {alarms} of {len(seen)} = {shown(result)}; counted {counted}; p <= 1 % {small:.4f}", flush=True)


def _copy(author: np.ndarray, obj: np.ndarray, at: np.ndarray, seed: int) -> tuple[int, int, int, int]:
    one = shuffled(author, obj, at, bin_length=DAY, seed=seed)
    found, _, counted = look(*one, q=NOMINAL, seed=seed)
    seen = np.zeros(found.p_value.size, np.bool_)
    seen[one[0]] = True
    small = int((found.p_value[seen] <= 0.01).sum())
    return int((found.network >= 0).sum()) + found.smaller, int(counted.sum()), int(seen.sum()), small


if __name__ == "__main__":
    main()
