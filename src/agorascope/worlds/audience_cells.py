"""On which worlds is an audit of amplification judged? The grid, written down before any estimator was run on it.

A cell is a world, a first seed and a number of worlds: seeds ``first_seed``, ``first_seed + 1``... No two cells share a seed.
Where a cell draws ``size`` or ``noise``, each is drawn from the world's own seed, size log-uniform, noise uniform. All cells
are weekly, 27 weeks before and 11 after, unless their name says otherwise. What an estimator is given in a cell (the date or
not, trends or not) is for whoever judges it to say.

``NULL_CELLS``: nothing happens to the treated's reach; false alarms are counted here. ``COVERAGE_CELLS``: a known effect, does
the interval hold it? ``POWER_CELLS``: 20 controls, effects from a half to twofold. ``MECHANISM_CELLS``: which explanation is named,
if any.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .audience import AudienceWorld
from .mechanisms import Mechanism

Range = tuple[float, float]


class Cell(NamedTuple):
    """Describe the worlds of one cell; ``sizes`` and ``noises`` are drawn within, where given."""

    name: str
    world: AudienceWorld
    first_seed: int
    worlds: int
    sizes: Range | None = None
    noises: Range | None = None


def worlds_of(cell: Cell) -> Iterator[tuple[AudienceWorld, int]]:
    """Yield each world of a cell with its seed; ``audience.make(world, seed)`` makes it."""
    for seed in range(cell.first_seed, cell.first_seed + cell.worlds):
        rng = np.random.default_rng([seed, 40])
        size = float(np.exp(rng.uniform(*np.log(cell.sizes)))) if cell.sizes else cell.world.size
        noise = float(rng.uniform(*cell.noises)) if cell.noises else cell.world.noise
        yield replace(cell.world, size=size, noise=noise), seed


def matched_null(world: AudienceWorld) -> AudienceWorld:
    """Give the world in which nothing is planted and every draw is the same."""
    return replace(world, mechanism="none")


_DISTURBED = {
    "plain": AudienceWorld(),
    "trends": AudienceWorld(trend=0.5),
    "volume_jumps": AudienceWorld(volume_jumps=0.5),
    "common_shocks": AudienceWorld(common=0.3, common_spread=0.5),
}
_FURTHER = {
    "uneven_noise_30": AudienceWorld(noise_spread=0.8),
    "common_break_30": AudienceWorld(common_break=1.6),
    "missing_30": AudienceWorld(missing=0.05),
    "collapse_of_treated_30": AudienceWorld(missing=0.05, collapse_share=0.4, collapse_of="treated"),
    "few_posts_30": AudienceWorld(posts=8.0),
    "diluted_jumps_30": AudienceWorld(volume_jumps=0.5, volume_dilution=0.3),
    "strong_ar_30": AudienceWorld(ar=0.6),
    "volume_step_of_treated_30": AudienceWorld(volume_step=2.5),
    "three_treated_30": AudienceWorld(treated=3),
    "daily_30": AudienceWorld(period_days=1, periods=150, start=100, posts=12.0),
}
_PLANTED = {
    "push_0.6": AudienceWorld(mechanism="push", size=0.6),
    "push_1.5": AudienceWorld(mechanism="push", size=1.5),
    "push_2": AudienceWorld(mechanism="push", size=2.0),
    "push_2_three_treated": AudienceWorld(mechanism="push", size=2.0, treated=3),
    "push_2_trends": AudienceWorld(mechanism="push", size=2.0, trend=0.5),
    "push_2_uneven_noise": AudienceWorld(mechanism="push", size=2.0, noise_spread=0.8),
    "push_2_common_shocks": AudienceWorld(mechanism="push", size=2.0, common=0.3, common_spread=0.5),
    "push_2_missing": AudienceWorld(mechanism="push", size=2.0, missing=0.05),
    "interest_2": AudienceWorld(mechanism="interest", size=2.0),
    "loop_2": AudienceWorld(mechanism="loop", size=2.0),
}
NAMED: tuple[Mechanism, ...] = ("interest", "push", "loop", "none", "outsiders")
_RICH = AudienceWorld(accounts=31, periods=78, start=52)

NULL_CELLS: tuple[Cell, ...] = tuple(
    Cell(name, world, 1_000_000 + 10_000 * k, 1_000)
    for k, (name, world) in enumerate(
        [(f"{name}_{n}", replace(world, accounts=n)) for name, world in _DISTURBED.items() for n in (10, 30)] + [*_FURTHER.items()]
    )
)
COVERAGE_CELLS: tuple[Cell, ...] = tuple(
    Cell(name, world, 2_000_000 + 10_000 * k, 1_000) for k, (name, world) in enumerate(_PLANTED.items())
)
POWER_CELLS: tuple[Cell, ...] = tuple(
    Cell(
        f"noise_{noise}_size_{size}",
        AudienceWorld(accounts=21, noise=noise, mechanism="push", size=size),
        3_000_000 + 10_000 * k,
        500,
    )
    for k, (noise, size) in enumerate(
        (noise, size) for noise in (0.2, 0.3, 0.5) for size in (0.5, 0.67, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
    )
)
MECHANISM_CELLS: tuple[Cell, ...] = tuple(
    Cell(
        f"{m}_{n}_treated",
        replace(_RICH, mechanism=m, treated=n, accounts=30 + n),
        4_000_000 + 10_000 * k,
        100,
        (1.5, 3.0),
        (0.2, 0.3),
    )
    for k, (m, n) in enumerate((m, n) for m in NAMED for n in (1, 3))
)  # 52 weeks before, 26 after
