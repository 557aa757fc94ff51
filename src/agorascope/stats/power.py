"""How small a shift would this audit have found? The answer by planting shifts in copies of the very data.

A copy keeps each account's noise and drift and loses what was done: the estimated shift is taken away, account and period effects
too, the sign of every account's rest is drawn anew, and other accounts are called treated. Into a copy a shift is planted and the
whole decision is taken (``audit``): the smallest one found is the copy's threshold.

Limits: the date is taken as given, also where it was searched; signs drawn anew lose what accounts had in common beyond the period
effects.
Source: Bloom 1995, doi:10.1177/0193841X9501900504 (smallest detectable effect). What we changed: planting instead of a formula.
"""

import numpy as np
import numpy.typing as npt

from .audit import decide, holds
from .twoway import residuals

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LARGEST = 3.0  # log: a shift of x20
HALVINGS = 7


def copy(y: Floats, treated: Bools, after: Bools, tau: float, usable: Bools, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """Make one copy of a panel in which nothing was done, and call as many other accounts treated. Shapes as given."""
    quiet = residuals(np.where(treated[:, None] & after[None, :], y - tau, y))
    signs = rng.choice([-1.0, 1.0], y.shape[0])
    called = np.zeros(y.shape[0], np.bool_)
    called[rng.choice(np.flatnonzero(usable), int((treated & usable).sum()), replace=False)] = True
    return quiet * signs[:, None], called


def thresholds(
    y: Floats,
    treated: Bools,
    at: int,
    tau: float,
    usable: Bools,
    *,
    alpha: float,
    copies: int,
    draws: int,
    seed: int,
) -> Floats:
    """Give for each copy the smallest shift (log, upwards) that is found in it, inf where none up to x20 is. Shape (copies,).

    Cost: copies x 8 decisions.
    """
    after = np.arange(y.shape[1]) >= at
    found = np.full(copies, np.inf)
    for number in range(copies):
        quiet, called = copy(y, treated, after, tau, usable, np.random.default_rng([seed, number]))
        here = called[:, None] & after[None, :]

        def seen(size: float, quiet: Floats = quiet, called: Bools = called, here: Bools = here, number: int = number) -> bool:
            planted = np.where(here, quiet + size, quiet)
            return holds(decide(planted, called, date=at, draws=draws, rng=np.random.default_rng([seed, number, 1])), alpha=alpha)

        low, high = 0.0, LARGEST
        if not seen(high):
            continue
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if seen(middle) else (middle, high)
        found[number] = high
    return found


def smallest(found: Floats, *, power: float = 0.8) -> float | None:
    """Give the shift (log) found in ``power`` of the copies; None where no shift is.

    >>> smallest(np.array([0.1, 0.2, 0.3, 0.4, np.inf]))
    0.4
    """
    ordered = np.sort(found)
    at = float(ordered[max(int(np.ceil(power * ordered.size)) - 1, 0)])
    return at if np.isfinite(at) else None
