"""Which accounts does `coordination` keep, and which of them are in a network that counts? Asked of one behaviour, as it does."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.analyses._coordination_apart import apart, counts
from agorascope.analyses._coordination_networks import SECOND_US, Found, crowded
from agorascope.analyses._coordination_reduce import Acts
from agorascope.stats.squads import Behaviour, Squads, delayed_copy, squads
from agorascope.stats.windows import chosen, tried

Ints = npt.NDArray[np.int64]


class Looked(NamedTuple):
    """Hold what the test finds at a window (s), and ``counted`` (accounts,): who is in a network that ``apart`` leaves."""

    found: Squads
    window: int
    counted: npt.NDArray[np.bool_]


def window_of(author: Ints, obj: Ints, at: Ints) -> int:
    """Choose the window, as the analysis does."""
    return chosen(tried(author, obj, at))


def look(author: Ints, obj: Ints, at: Ints, *, q: float, seed: int, window: int | None = None) -> Looked:
    """Test every account, and the delayed copy where any network is found; ``at``, ``window`` in s, which is chosen where None."""
    behaviour = Behaviour(author, obj, at, window or window_of(author, obj, at))
    accounts = int(author.max()) + 1
    found = squads([behaviour], accounts, q=q, seed=seed)
    counted = np.zeros(accounts, np.bool_)
    if found.p_networks.size:
        later = delayed_copy([behaviour], seed, None if crowded(found) else found.network >= 0)
        delayed = squads(later, accounts, q=q, seed=seed)
        names = pa.array([f"{n:09d}" for n in range(accounts)])
        who = pa.table({"platform": pa.repeat("x", accounts), "account_id": names})
        acts = Acts("repost", author, obj, at * SECOND_US, pa.nulls(author.size, pa.string()), who, pa.nulls(int(obj.max()) + 1))
        whole = Found(who, ["repost"], [behaviour.window], [[]], found, found, delayed, [one.at for one in later], author.size, [0])
        number = found.p_networks.size
        counted = np.append(counts(apart([acts], whole), number), False)[found.network]
    return Looked(found, behaviour.window, counted)
