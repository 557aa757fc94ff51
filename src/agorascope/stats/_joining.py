"""Who else acts with accounts already found? Their partners among the found, against what chance gives them.

A squad smaller than the crowd of fans around it is found in part: the accounts that reach furthest. They are held as they are,
all others are dealt anew, and each of those is measured by its partners among the found alone. Most accounts have none, so that the
rest of the squad stands out where, among all its partners, it did not.
"""

import numpy as np

from ._shuffle import Setting, shuffle_others
from ._surprise import Floats, Seen, measures, p_values, surprises
from ._sweep import Bools, Events, Ints, meetings, reach, take, totals


def join(events: Events, found: Bools, activity: Ints, how: Setting) -> Floats:
    """Give a p-value of the ties of each account (accounts,) to the ``found`` ones, and 1 for those."""
    seen, fixed = measures(_tied(events, found, how)), found[events.author]
    null = [measures(_tied(shuffle_others(events, fixed, how), found, how)) for _ in range(how.draws)]
    return np.where(found, 1.0, p_values(seen, null, activity, found)[0])


def _tied(events: Events, found: Bools, how: Setting) -> Seen:
    """Measure the surprise of the ties to the found accounts, and how many there are."""
    first, stop = reach(events, how.window)
    neighbours = totals(events.author, stop - first - 1, found.size).astype(np.float64)
    before = np.concatenate(([0], np.cumsum(found[events.author])))
    near = before[stop] - before[first]
    met = totals(events.author, near, found.size).astype(np.float64)
    del first, stop, before
    edges, count = meetings(take(events, near > 0), found.size, window=how.window, least=2, memory_gb=how.memory_gb)
    one, other = edges // found.size, edges % found.size
    across = found[one] != found[other]
    return surprises(one[across], other[across], count[across], neighbours, met)
