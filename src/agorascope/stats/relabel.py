"""What would each contrast be, had the labels fallen otherwise within their strata? Deals of labels, and their moments.

A deal keeps the number of labels of each stratum. The moments of a deal are enough to studentise the contrast of any
combination of the outcomes: they are sums over the posts it labels, one product of matrices for all deals.
"""

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_CHUNK = 4_000_000


class Moments(NamedTuple):
    """Sums over the labelled posts of each deal, the observed labels first, of k outcomes and of the label itself (the last).

    ``sums`` (deals, k + 1) are effects; ``squares`` (deals, k + 1, k + 1), ``crossed`` (deals, k + 1) and ``own`` make the HC3
    variance of an effect ``at`` times ``weight`` squared: squares + crossed at + own at^2. ``weight`` = sum of n1 n0 / (n1 + n0).
    """

    sums: Floats
    squares: Floats
    crossed: Floats
    own: float
    weight: float


def every_deal(on: Bools, group: Ints, *, most: int) -> Iterator[Bools] | None:
    """Give all deals, one a row, where they are at most ``most``; else None. ``group`` is sorted. Shapes (posts,)."""
    sizes, labelled = np.bincount(group), np.bincount(group, on).astype(np.int64)
    total = math.prod(math.comb(int(n), int(k)) for n, k in zip(sizes, labelled, strict=True))
    if total > most:
        return None
    starts = np.cumsum(sizes) - sizes
    choices = [
        [tuple(int(start) + i for i in chosen) for chosen in itertools.combinations(range(int(n)), int(k))]
        for start, n, k in zip(starts, sizes, labelled, strict=True)
    ]
    dealt = np.zeros((total, on.size), np.bool_)
    for row, chosen in enumerate(itertools.product(*choices)):
        dealt[row, list(itertools.chain.from_iterable(chosen))] = True
    return iter([dealt])


def deal(on: Bools, group: Ints, *, draws: int, rng: np.random.Generator) -> Iterator[Bools]:
    """Draw deals at random, in pieces of bounded memory, shape (some draws, posts). ``group`` is sorted."""
    ends = np.flatnonzero(np.diff(group)) + 1
    bounds = list(itertools.pairwise([0, *ends.tolist(), on.size]))
    at_once = max(1, _CHUNK // on.size)
    for begin in range(0, draws, at_once):
        dealt = np.tile(on, (min(at_once, draws - begin), 1))
        for first, last in bounds:
            dealt[:, first:last] = rng.permuted(dealt[:, first:last], axis=1)
        yield dealt


def moments(outcomes: Floats, on: Bools, group: Ints, dealt: Iterator[Bools]) -> Moments:
    """Give the moments of the observed labels and of every deal. ``outcomes`` (posts, k). Cost O(deals x posts x k^2).

    Source: HC3, MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7; its leverage is the same for all posts of one side
    of a stratum, which is why sums are enough.
    """
    size = np.bincount(group)[group].astype(np.float64)
    share = (np.bincount(group, on) / np.bincount(group))[group]
    columns = np.column_stack([outcomes, on.astype(np.float64)])
    means = np.stack([np.bincount(group, c) / np.bincount(group) for c in columns.T], axis=1)
    centred = columns - means[group]
    weight = float((share * (1 - share)).sum())
    labelled, other = ((part / np.maximum(1 - 1 / size - part**2 / weight, 1e-6)) ** 2 for part in (1 - share, share))
    pairs = (centred[:, :, None] * centred[:, None, :]).reshape(on.size, -1)
    k = centred.shape[1]
    needed = np.column_stack(
        [centred / weight, -2 * ((1 - share) * labelled + share * other)[:, None] * centred, (labelled - other)[:, None] * pairs]
    )
    made = np.concatenate([piece @ needed for piece in itertools.chain([on[None, :]], dealt)])
    base = (other[:, None] * pairs).sum(axis=0)
    own = float((share * labelled * (1 - share) ** 2 + (1 - share) * other * share**2).sum())
    return Moments(made[:, :k], (made[:, 2 * k :] + base).reshape(-1, k, k), made[:, k : 2 * k], own, weight)
