"""Who else acts with accounts already found? Their partners among the found, against what chance gives them.

A squad smaller than the crowd of fans around it is found in part: the accounts that reach furthest. They are held as they are,
all others are dealt anew, and each of those is measured by its partners among the found alone. Most accounts have none, so that the
rest of the squad stands out where, among all its partners, it did not.
"""

import numpy as np
import numpy.typing as npt

from ._shuffle import Setting, deal_others
from ._surprise import Floats, Seen, measures, p_values, surprises
from ._sweep import Bools, Events, Ints, meetings, reach, take, totals

Counts = npt.NDArray[np.int32]


def join(events: Events, found: Bools, activity: Ints, how: Setting) -> Floats:
    """Give a p-value of the ties of each account (accounts,) to the ``found`` ones, and 1 for those."""
    first, stop = reach(events, how.window)
    before = np.concatenate(([0], np.cumsum(found[events.author])))
    met = (before[stop] - before[first]).astype(np.int32)
    neighbours = (stop - first - 1).astype(np.int32)
    del first, stop, before
    seen = measures(_tied(events, met > 0, neighbours, met, found, how))
    null = []
    for _ in range(how.draws):  # deals move accounts only: what is near what stays
        author, keep = deal_others(events, found, how)
        null.append(measures(_tied(events._replace(author=author), keep & (met > 0), neighbours, met, found, how)))
    return np.where(found, 1.0, p_values(seen, null, activity, found)[0])


def _tied(events: Events, near: Bools, neighbours: Counts, met: Counts, found: Bools, how: Setting) -> Seen:
    """Measure the surprise of the ties to the found accounts, and how many there are.

    ``near`` (events,): those with a found account in reach, out of ``neighbours`` of which ``met`` are found ones.
    """
    known, some = (totals(events.author, one, found.size).astype(np.float64) for one in (neighbours, met))
    edges, count = meetings(take(events, near), found.size, window=how.window, least=2, memory_gb=how.memory_gb)
    one, other = edges // found.size, edges % found.size
    across = found[one] != found[other]
    return surprises(one[across], other[across], count[across], known, some)
