"""What does a conversation look like when, for a while, everybody talks more?

One row is one post, as in ``null``; between ``burst_day`` and ``burst_day + burst_days`` sessions start ``ratio`` times as often,
among the same authors. ``ratio`` 1 is the null world.

Limits: the burst starts and ends at once; its decay is that of the sessions begun in it.
Source: as ``null``; the planted factor is ours.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .null import DAY_US, START_US, NullWorld, make_with


@dataclass(frozen=True, kw_only=True)
class BurstWorld(NullWorld):
    """Describe a world in which volume is multiplied by ``ratio`` for ``burst_days`` days from day ``burst_day``."""

    burst_day: int = 60
    burst_days: int = 2
    ratio: float = 2.0


def make(params: BurstWorld, seed: int) -> dict[str, pa.Table]:
    """Make the canonical tables of a world with one burst. Cost O(posts)."""
    modulation = np.ones(params.days * 24)
    modulation[params.burst_day * 24 : (params.burst_day + params.burst_days) * 24] = params.ratio
    return make_with(params, seed, modulation)


def window_us(params: BurstWorld) -> tuple[int, int]:
    """Give the planted window [start, end) in µs UTC."""
    return START_US + params.burst_day * DAY_US, START_US + (params.burst_day + params.burst_days) * DAY_US
