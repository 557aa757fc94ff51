"""How often do the bounds of `poll` miss the truth, where the odds they allow are those there are? Counted.

The worlds are those of ``poll_cells``, written down before the estimator.
``--worlds`` of each give the rate of misses: the share of yes
in the population outside of the bounds, at nominal 5 %. ``POWER_WORLDS`` with a true share of 75 %, odds of 1 and odds of 2
allowed, give the power: the majority is found. The votes go to the estimator as counts by kind, as the reduction would give them
(``tests/analyses/test_poll.py`` says that it does).
Writes ``src/agorascope/calibration/poll.json`` and the table of ``docs/analyses/poll.md``.
Run: ``python benchmarks/calibrate_poll.py [--worlds 600] [--cells NAME...] [--jobs 2]``.
"""

import dataclasses
from functools import partial

from agorascope.analyses._poll_estimate import Answer, estimate
from agorascope.analyses._poll_reduce import Cast
from agorascope.analyses._poll_said import descriptors
from agorascope.stats.margins import Margin
from agorascope.worlds.votes import ITEM, KINDS, SHARES, VoteWorld, hidden, truth, votes
from calibration import Cell, Plan, by_cells, measure, shown
from poll_cells import POLL

import numpy as np  # isort: skip

MARGINS = (Margin("age", KINDS, np.array(SHARES), 1.0),)
POWER_WORLDS = 100
FIRST_SEED = 500_000
DESCRIBED = 5


def main() -> None:
    """Run the cells asked for, print each, and store them all."""
    by_cells(__doc__, "poll", POLL, partial(measure, PLAN), table)


def look(world: VoteWorld, seed: int) -> Answer:
    """Ask one world."""
    rng = np.random.default_rng(seed)
    sides = np.stack(votes(world, rng))
    kinds, margins = np.arange(len(KINDS)), MARGINS if world.weighted else ()
    if world.undeclared:
        untold = rng.binomial(sides, hidden(world))
        sides, kinds = np.column_stack([sides - untold, untold.sum(axis=1)]), np.append(kinds, -1)
    yes, no = sides.astype(np.float64)
    cast = Cast(yes, no, margins, tuple(kinds for _ in margins), ITEM, 0, ())
    return estimate(cast, population=world.population, odds=world.allowed, ddc=0.005, error=0.05, level=0.95)


def missed(world: VoteWorld, seed: int) -> bool:
    """Say whether the truth lies outside of the bounds."""
    answer = look(world, seed)
    return not answer.low <= truth(world) <= answer.high


def planted(world: VoteWorld, seed: int) -> bool:
    """Say whether a true majority of three quarters is found."""
    return look(dataclasses.replace(world, agree=0.75, odds=1.0, allowed=2.0), seed).holds


def described(world: VoteWorld, seed: int) -> dict[str, float | str]:
    """Give the descriptors of one world."""
    return descriptors(look(world, seed))


PLAN = Plan(
    quiet=missed,
    planted=planted,
    described=described,
    first_seed=FIRST_SEED,
    power_worlds=POWER_WORLDS,
    power_at="true_share_0_75",
    worlds_described=DESCRIBED,
)


def table(cells: list[Cell]) -> str:
    """Write the cells as a Markdown table."""
    lines = ["| cell | bounds missed the truth | rate [99 % exact] | majority of 75 % found |", "|---|--:|---|--:|"]
    lines += [f"| {c['cell']} | {c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['power']:.2f} |" for c in cells]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
