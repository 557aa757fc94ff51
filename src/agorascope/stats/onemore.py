"""How rare is a value beside a few draws by chance? The tail of Student's t for one more draw, told no further than it bears.

``tail`` is P(one more draw >= value): (value - mean) / (sd sqrt(1 + 1/draws)) beside Student's t with draws - 1 degrees of freedom.
It takes draws to be near normal. Below 1 / (1 + draws), the least rank there is, it extrapolates from that assumption, which
nothing in the draws can check; calibration checks the 5 % level only. So no p falls below ``FLOOR``, read "p < 0.001", however far
the value lies: 1e-30 from 15 draws would be a statement about the tails of a normal distribution, not about the network.

Draws that are all alike have no spread to extrapolate from: there p is the rank, (1 + draws as far) / (1 + draws), never 0.

Limits: the rank with 15 draws cannot fall below 1/16, the t tail errs where draws are skewed.
Source: Davison and Hinkley 1997, doi:10.1017/CBO9780511802843, section 4.2 (ranks). What we changed: the floor.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

Floats = npt.NDArray[np.float64]

FLOOR = 0.0005
"""The least p-value told: less than 0.001 is all that is said of it."""
_ALIKE = 1e-12


def tail(value: float, drawn: Floats) -> float:
    """Give the probability that one more draw beside ``drawn`` (draws,), two at least, is ``value`` or more; ``FLOOR`` at least.

    >>> round(tail(3.0, np.array([0.0, 1.0, -1.0])), 3), tail(1e6, np.array([0.0, 1.0, -1.0, 0.5, -0.5]))
    (0.061, 0.0005)
    >>> tail(3.0, np.ones(4)), tail(1.0, np.ones(4))
    (0.2, 1.0)
    """
    sd, near = float(drawn.std(ddof=1)), _ALIKE * max(1.0, float(np.abs(drawn).max()))
    if sd <= near:
        return (1 + int((drawn >= value - near).sum())) / (1 + drawn.size)
    far = (value - float(drawn.mean())) / (sd * math.sqrt(1 + 1 / drawn.size))
    return max(float(student.sf(far, drawn.size - 1)), FLOOR)


def extrapolated(p_value: float, draws: int) -> bool:
    """Say whether a p-value is below any that the rank among ``draws`` could be.

    >>> extrapolated(0.03, 15), extrapolated(0.2, 15)
    (True, False)
    """
    return p_value < 1 / (1 + draws)
