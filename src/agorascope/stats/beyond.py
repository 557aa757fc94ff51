"""Are there communities beyond chance? The modularity found against that of random networks, cut in the same way.

A random network is cut into communities too, the sparser it is the better: modularity alone says nothing. Each draw is cut with
Leiden as the network is, once at each resolution (``qualities``); camps that are few are seen at low ones, small circles at high
ones. The values are standardised over the network and all draws, the mean over resolutions is taken, and its place among those of
the draws is told by Student's t for one new draw, one-sided, no further than ``onemore`` allows: one test, whatever the resolution.
Which networks are random depends on the ties:

- ties from account to account: ``graphs.rewired``, connected, each account with as many ties as it has;
- accounts that share things: ``dealt``: the accounts are dealt out anew over the things, each as often as it shares and each thing
  as often as it is shared, on each platform (stratum) by itself, and the ties made of that. What platforms alone explain is in the
  random networks too, and so are ties across them. Rewired ties would not do: whoever shares one thing is tied to all who do,
  and such knots are communities against any network without them.

Limits: ties only. Neither null keeps what makes triangles without camps, such as replies within one thread.
Source: Guimera, Sales-Pardo and Amaral 2004, doi:10.1103/PhysRevE.70.025101 (modularity of random networks).
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from .communities import parted
from .onemore import tail

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ALIKE = 1e-12


class Beyond(NamedTuple):
    """Hold how far a value lies beyond the draws: the difference to their mean with its interval, and the chance of as much.

    The difference is at one resolution, with the interval for one new draw, None where the draws are all alike and show no spread;
    the chance is that of all resolutions together.
    """

    value: float
    low: float | None
    high: float | None
    null_mean: float
    null_sd: float
    p_value: float


def qualities(graph: Any, resolutions: Sequence[float], *, seed: int) -> Floats:
    """Cut a built network once at each resolution: the modularity of each cut at its own resolution."""
    return np.array([parted(graph, resolution=resolution, seed=seed).quality for resolution in resolutions])


def beyond(found: Floats, nulls: Floats, *, at: int = 0, level: float = 0.95) -> Beyond:
    """Compare values (resolutions,) with those of draws (draws, resolutions), two draws or more; ``at``: which one is told.

    The chance is that of ``onemore.tail``: never below its floor, and a rank where the draws are all alike; no interval then.

    >>> told = beyond(np.array([0.5]), np.array([[0.3], [0.32], [0.31], [0.29], [0.28]]))
    >>> round(told.value, 2), told.low < 0.2 < told.high, told.p_value < 0.001
    (0.2, True, True)
    """
    mean, sd = float(nulls[:, at].mean()), float(nulls[:, at].std(ddof=1))
    half = float(student.ppf(0.5 + level / 2, nulls.shape[0] - 1)) * sd * math.sqrt(1 + 1 / nulls.shape[0])
    both = np.vstack((found, nulls))
    spread = both.std(axis=0)
    varies = spread > _ALIKE
    score = ((both - both.mean(axis=0))[:, varies] / spread[varies]).mean(axis=1) if varies.any() else np.zeros(both.shape[0])
    far = float(found[at]) - mean
    low, high = (far - half, far + half) if sd > _ALIKE else (None, None)
    return Beyond(far, low, high, mean, sd, tail(float(score[0]), score[1:]))


def dealt(account: Ints, obj: Ints, stratum: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Deal accounts out anew over the things they share, within strata. Pairs ``account, obj, stratum`` (pairs,), distinct ones.

    A pair dealt twice is exchanged against random pairs of its stratum a few times; what is still double is dropped.
    """
    order = np.argsort(stratum, kind="stable")
    starts = np.flatnonzero(np.diff(stratum[order], prepend=-1))
    mixed = account[order].copy()
    for first, last in zip(starts, [*starts[1:], order.size], strict=True):
        mixed[first:last] = rng.permutation(mixed[first:last])
    things = obj[order]
    first_of, last_of = np.empty(order.size, np.int64), np.empty(order.size, np.int64)
    for first, last in zip(starts, [*starts[1:], order.size], strict=True):
        first_of[first:last], last_of[first:last] = first, last
    span = int(things.max(initial=0)) + 1
    for _ in range(20):
        bad = _double(mixed * span + things)
        if not bad.size:
            return mixed, things
        for one in bad.tolist():
            other = int(rng.integers(first_of[one], last_of[one]))
            mixed[one], mixed[other] = mixed[other], mixed[one]
    kept = np.ones(order.size, bool)
    kept[_double(mixed * span + things)] = False
    return mixed[kept], things[kept]


def _double(key: Ints) -> Ints:
    """Give the positions of all but the first of equal keys."""
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
    return order[again]
