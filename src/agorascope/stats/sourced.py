"""Do many accounts take their texts from one source, more than its activity lets expect?

An account draws on a source if it lifts from it ``lifting.REPEATEDLY`` texts or more, and ``lifting.PART`` of its texts or more.
The statistic is the number of accounts that draw on the source most drawn on; fewer than ``fewest`` count as none, for a pair of
accounts is a publisher's and no crowd. Null: who lifts which text stays; the source of each lift is dealt anew among the texts of
the same stratum (language and week) as the first text, by anyone but the lifter, so that each account is a source as often as it
writes. The p-value is the share of deals with as many accounts on one source, the observed one among them.

Why beside ``lifting.repeats``. That one deals the lifters and keeps which texts are lifts: where everybody lifts, every deal makes
as many accounts that lift repeatedly as there are, and p is 1 though one source feeds all of them.

Limits: an account much read is repeated more than its activity lets expect; the test says that a crowd draws on it, not why.
Source: permutation within strata, Good 2005, doi:10.1007/b138696, ch. 3. What is permuted is ours.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .lifting import PART, REPEATEDLY

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_TRIES = 20


class Sourced(NamedTuple):
    """Say how many accounts draw on one source, in the data and in deals (mean, and the 95 % between ``low`` and ``high``).

    ``lifts`` marks those lifts, shape (lifts,); ``source`` is whose texts they are.
    """

    source: int
    accounts: int
    lifts: Bools
    mean: float
    low: float
    high: float
    p_value: float


def sourced(
    author: Ints, stratum: Ints, lifted: Ints, first: Ints, *, fewest: int, draws: int, rng: np.random.Generator
) -> Sourced | None:
    """Test how many accounts draw on one source; None where fewer than ``fewest`` do on any.

    ``author, stratum`` (texts,); ``lifted, first`` (lifts,): numbers of the texts lifted and of those they repeat. Where nobody but
    the lifter wrote in a stratum a lift keeps its source. Cost O(draws x lifts), for lifts of accounts that lift repeatedly only.
    """
    habit = np.maximum(np.ceil(PART * np.bincount(author) - 1e-9), REPEATEDLY).astype(np.int64)
    lifter, source = author[lifted], author[first]
    accounts, most = _most(lifter, source, habit)
    if accounts < fewest:
        return None
    often = np.bincount(lifter, minlength=habit.size) >= habit
    kept = np.flatnonzero(often[lifter])
    kept = kept[np.argsort(stratum[first[kept]], kind="stable")]
    order = np.argsort(stratum, kind="stable")
    wanted = stratum[first[kept]]
    begin, end = (np.searchsorted(stratum[order], wanted, side) for side in ("left", "right"))
    dealt = np.empty(draws, np.int64)
    for draw in range(draws):
        origin = author[order[rng.integers(begin, end)]]
        for _ in range(_TRIES):
            again = np.flatnonzero(origin == lifter[kept])
            if not again.size:
                break
            origin[again] = author[order[rng.integers(begin[again], end[again])]]
        own = origin == lifter[kept]
        origin[own] = source[kept][own]
        dealt[draw] = _most(lifter[kept], origin, habit)[0]
    low, high = np.quantile(dealt, [0.025, 0.975])
    theirs = source == most
    drawing = np.bincount(lifter[theirs], minlength=habit.size) >= habit
    p_value = (1 + np.count_nonzero(dealt >= accounts)) / (draws + 1)
    return Sourced(most, accounts, theirs & drawing[lifter], float(dealt.mean()), float(low), float(high), float(p_value))


def _most(lifter: Ints, source: Ints, habit: Ints) -> tuple[int, int]:
    """Give the number of accounts that draw on the source most drawn on, and that source (the first of equals); 0, -1 for none."""
    pairs, often = np.unique(lifter * habit.size + source, return_counts=True)
    drawn = pairs[often >= habit[pairs // habit.size]] % habit.size
    if not drawn.size:
        return 0, -1
    accounts = np.bincount(drawn)
    return int(accounts.max()), int(accounts.argmax())
