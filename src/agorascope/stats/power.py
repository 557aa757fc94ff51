"""How small a shift would this audit have found? The answer by planting shifts, upwards and downwards, in copies of the very data.

A copy keeps each account's noise and drift and loses what was done: the estimated shift is taken away, account and period effects
too, the sign of every account's rest is drawn anew, and other accounts are called treated. Into a copy a shift is planted at the
date and the whole decision is taken (``audit.finds``), the search of the date included where it was searched; it counts as found
where the decision holds and the shift found has the sign of the one planted.

Limits: signs drawn anew lose what accounts had in common beyond the period effects, and make noise symmetric, so that upward and
downward sizes differ by chance alone; a shift estimated at a searched date is too large, and taking it away makes copies a little
too quiet; what is planted begins at the date found, and another date has another power.
Source: Bloom 1995, doi:10.1177/0193841X9501900504 (smallest detectable effect). What we changed: planting instead of a formula.
"""

import numpy as np
import numpy.typing as npt

from .audit import finds
from .twoway import residuals

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LARGEST = 3.0  # log: a shift of x20
HALVINGS = 7
POWER = 0.8


def copy(y: Floats, treated: Bools, after: Bools, tau: float, usable: Bools, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """Make one copy of a panel in which nothing was done, and call as many other accounts treated. Shapes as given."""
    quiet = residuals(np.where(treated[:, None] & after[None, :], y - tau, y))
    signs = rng.choice([-1.0, 1.0], y.shape[0])
    called = np.zeros(y.shape[0], np.bool_)
    called[rng.choice(np.flatnonzero(usable), int((treated & usable).sum()), replace=False)] = True
    return quiet * signs[:, None], called


def planted(quiet: Floats, called: Bools, at: int, size: float) -> Floats:
    """Add a shift (log) to the accounts called treated, from period ``at`` on."""
    return np.where(called[:, None] & (np.arange(quiet.shape[1]) >= at)[None, :], quiet + size, quiet)


def smallest(
    y: Floats,
    treated: Bools,
    at: int,
    tau: float,
    usable: Bools,
    *,
    searched: bool = False,
    sign: int = 1,
    alpha: float,
    copies: int,
    draws: int,
    seed: int,
) -> float | None:
    """Give the smallest size (log, positive) of a shift of the sign found in 80 % of copies; None where none up to x20 is.

    The sizes tried halve the range up to x20 seven times. A copy in which a size was found, or not, is not asked again about larger
    ones, or smaller ones; nor are more copies asked than decide. Cost: about 3 decisions a copy.
    """
    after = np.arange(y.shape[1]) >= at
    made = [copy(y, treated, after, tau, usable, np.random.default_rng([seed, number])) for number in range(copies)]
    not_found, found = np.zeros(copies), np.full(copies, np.inf)
    needed = min(int(np.ceil(POWER * (copies + 1))), copies)  # so that 80 % of further copies are expected to show it

    def seen(number: int, size: float) -> bool:
        quiet, called = made[number]
        rng, date = np.random.default_rng([seed, number, 1]), None if searched else at
        try:
            return finds(planted(quiet, called, at, sign * size), called, date=date, alpha=alpha, draws=draws, sign=sign, rng=rng)
        except ValueError:  # the accounts called treated are known too little for any decision
            return False

    def enough(size: float) -> bool:
        for number in np.argsort(-not_found, kind="stable").tolist():  # the hardest first
            if not_found[number] < size < found[number]:
                if seen(number, size):
                    found[number] = size
                else:
                    not_found[number] = size
            if (found <= size).sum() >= needed or (not_found >= size).sum() > copies - needed:
                break
        return bool((found <= size).sum() >= needed)

    low, high = 0.0, LARGEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if high < LARGEST or enough(LARGEST) else None
