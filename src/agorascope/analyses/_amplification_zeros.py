"""How many counts are zero? A zero has no logarithm: where they are many, no logarithm may carry the answer.

Three things are kept apart, account-period by account-period: no post, posts without a count, and a count of zero. The rule: more
than 5 % of the known counts, and two at least, of the accounts audited or of the others, before or after the date, are zero.
Where the date is to be searched it is asked of the whole time, and once more at the date found.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._amplification_reduce import Panel

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST = 0.05
FEWEST = 2


class Zeros(NamedTuple):
    """Hold the share of zeros of either side, in all, before and after (None where nothing is known), and whether they are many."""

    shares: dict[str, float | None]
    many: bool


def kinds(panel: Panel) -> dict[str, int]:
    """Count the account-periods without a post, with posts but no count, and with a count of zero."""
    posts, seen = (np.where(np.isfinite(v), v, np.nan) for v in (panel.posts, panel.seen))
    return {
        "no_post": int((posts == 0).sum()),
        "no_count": int(((posts > 0) & ~(seen > 0)).sum()),
        "zero_count": int(((seen > 0) & (panel.exposure == 0)).sum()),
    }


def look(counts: Floats, seen: Floats, treated: Bools, after: Bools | None) -> Zeros:
    """Count the zeros of ``counts`` among the account-periods with a count (accounts, periods), by side and time."""
    known = (seen > 0) & np.isfinite(counts)
    zero = known & (counts == 0)
    times = {"": np.ones(counts.shape[1], np.bool_)} if after is None else {"_before": ~after, "_after": after}
    shares: dict[str, float | None] = {}
    many = False
    for side, rows in (("treated", treated), ("others", ~treated)):
        for when, columns in times.items():
            cells = rows[:, None] & columns[None, :]
            of, zeros = int((known & cells).sum()), int((zero & cells).sum())
            shares[f"{side}{when}"] = zeros / of if of else None
            many = many or (zeros >= FEWEST and zeros > MOST * of)
    return Zeros(shares, many)
