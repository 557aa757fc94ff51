"""Which groups hold more than their share of what their members have, beyond chance? Values dealt anew over all members.

What members have (posts, say) is often very unequal: the group of the one who has most holds more than its share, whoever that is.
So the values are dealt to other members (``DEALS`` times), and the sum of each group is standardised by its mean and deviation over
all deals, which are known exactly. The p-value of a group is how often the greatest of all groups reaches as far: the chance of
calling any group too rich, where none is, is at most the level, however many there are.

Source: Westfall and Young 1993, Resampling-Based Multiple Testing (single-step max-T). Exact where values do not depend on groups.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DEALS = 999
CELLS = 5e7  # members times deals: large cases are dealt fewer times, 99 at least


def louder(group: Ints, value: Floats, groups: int, *, seed: int = 0) -> Floats:
    """Give the p-value of each of the groups 0 to ``groups`` - 1 (groups,). ``group, value`` (members,); others are -1 or above.

    >>> part = np.repeat(np.arange(3), 40)
    >>> (louder(part, np.where(part == 1, 9.0, 1.0), 3) < 0.05).tolist(), louder(part, np.ones(120), 3).tolist()
    ([False, True, False], [1.0, 1.0, 1.0])
    """
    if not value.any():
        return np.ones(groups)
    told = (group >= 0) & (group < groups)
    of, size = group[told], np.bincount(group[told], minlength=groups).astype(np.float64)
    n = group.size
    spread = np.sqrt(value.var() * size * (n - size) / max(n - 1, 1))
    moves = spread > 1e-9 * max(float(np.abs(value).max(initial=0)), 1e-300)

    def standing(values: Floats) -> Floats:
        sums = np.bincount(of, values[told], groups) - size * value.mean()
        return np.where(moves, sums / np.where(moves, spread, 1.0), 0.0)

    seen = standing(value)
    deals = int(min(DEALS, max(99, CELLS // max(n, 1))))
    rng = np.random.default_rng((seed, 7))
    most = np.array([standing(rng.permutation(value)).max(initial=0.0) for _ in range(deals)])
    p: Floats = (1 + (most[None, :] >= seen[:, None] - 1e-9).sum(axis=1)) / (deals + 1)
    return p
