"""What does a vote of those who chose to vote say about everybody? Exact identities and sharp bounds; nothing is drawn.

``share`` is the share of yes among ``votes``, ``population`` the people asked about, of whom ``share`` x ``votes`` + the silent yes
make up the share looked for. The data-defect correlation is that between answering and having said yes, over the population.

Source: Meng 2018, doi:10.1214/18-AOAS1161SF, eq. 2.3, 3.5 and 3.6; Manski 1989, J. Human Resources 24:343; Rosenbaum 2002,
Observational Studies, ch. 4 (odds). What we changed: the sampling error of the votes is added to the bounds under odds.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit, logit

from .shares import wilson
from .weighting import Raked, rake

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def worst(share: float, votes: float, population: float) -> tuple[float, float]:
    """Give the share in the population if nobody who was silent agrees, and if all do.

    >>> worst(0.75, 250, 1000)
    (0.1875, 0.9375)
    """
    part = votes / population
    return part * share, part * share + 1 - part


def defect(share: float, votes: float, population: float, truth: float) -> float:
    """Give the data-defect correlation under which the share published is ``share`` while the population's is ``truth``.

    >>> round(defect(0.82, 1.1e6, 217e6, 0.5), 4)
    0.0457
    """
    part = votes / population
    return (share - truth) / math.sqrt((1 - part) / part * truth * (1 - truth))


def effective(votes: float, population: float, correlation: float) -> float:
    """Give the size of a simple random sample whose error is as large, on average, as that of these votes; all votes for 0.

    >>> round(effective(2.3e6, 2.3e8, 0.005))
    404
    """
    part = votes / population
    if correlation == 0 or part >= 1:
        return float(votes)
    ideal = part / (1 - part) / correlation**2
    return min(ideal / (1 + (ideal - 1) / population), votes)


def within(share: float, votes: float, population: float, correlation: float) -> tuple[float, float]:
    """Give every share of the population compatible with a defect of at most ``correlation`` either way: a Wilson interval in form.

    >>> tuple(round(x, 3) for x in within(0.82, 1.1e6, 217e6, 0.005))
    (0.792, 0.845)
    """
    part = votes / population
    d = correlation**2 * (1 - part) / part
    half = math.sqrt(d * share * (1 - share) + d * d / 4)
    low, high = worst(share, votes, population)
    return max((share + d / 2 - half) / (1 + d), low), min((share + d / 2 + half) / (1 + d), high)


def under_odds(share: float, odds: float) -> tuple[float, float]:
    """Give the share of the population if one side was up to ``odds`` times as likely to vote as the other, either way: sharp.

    >>> tuple(round(x, 3) for x in under_odds(0.82, 2.0))
    (0.695, 0.901)
    """
    return _shifted(share, -math.log(odds)), _shifted(share, math.log(odds))


def bounded(share: float, votes: float, odds: float, *, population: float = 0, level: float = 0.95) -> tuple[float, float]:
    """Give the bounds under ``odds``, widened by the sampling error of the votes, and never beyond the worst case.

    The sampling error is Wilson's of ``votes`` independent voters: never less than that of two groups who vote at random with
    their own chance each. ``population`` 0 is unknown: no worst case.
    """
    low, high = wilson(share * votes, votes, level=level)
    ends = under_odds(low, odds)[0], under_odds(high, odds)[1]
    if not population:
        return ends
    least, most = worst(share, votes, population)
    return max(ends[0], least), min(ends[1], most)


def breakdown(share: float) -> float:
    """Give how many times as likely to vote the larger side must have been for there to be no majority in the population.

    >>> round(breakdown(0.82), 2), round(breakdown(0.3), 2), breakdown(0.5)
    (4.56, 2.33, 1.0)
    """
    larger = max(share, 1 - share)
    return larger / (1 - larger) if larger < 1 else math.inf


def realised(share: float, truth: float) -> float:
    """Give how many times as likely to vote those for yes were, where the population's share is known afterwards.

    >>> round(realised(0.571, 0.375), 2)
    2.22
    """
    return float(math.exp(logit(share) - logit(truth)))


def corrected(
    codes: Sequence[Ints], targets: Sequence[Floats], no: Floats, yes: Floats, *, odds: float = 1.0
) -> tuple[float, float, Raked]:
    """Weigh voters to margins, those for yes first made 1 / ``odds`` as many; give the share of yes and the design effect.

    ``codes``: per variable the category of each cell, (cells,); ``targets`` as ``weighting.rake`` takes them; ``no, yes``: votes
    of each cell. With one variable the share is that of the population if in each category those for yes were ``odds`` times as
    likely to vote. The weights come in two halves: of the votes for yes, then of those for no.
    """
    base = np.concatenate([yes / odds, no])
    made = rake([np.concatenate([c, c]) for c in codes], targets, base)
    votes = np.concatenate([yes, no])
    share = float(made.weights[: yes.size].sum() / made.weights.sum())
    held = votes > 0
    squares = float(np.sum(made.weights[held] ** 2 / votes[held]))
    return share, max(1.0, float(votes.sum()) * squares / float(made.weights.sum()) ** 2), made


def widened(share: float, centre: float, votes: float, *, level: float = 0.95) -> tuple[float, float]:
    """Add the sampling error of ``centre``, from ``votes`` voters, to another share, on the scale of log odds.

    >>> widened(0.5, 0.5, 50) == tuple(wilson(25, 50))
    True
    """
    low, high = wilson(centre * votes, votes, level=level)
    if share in (0.0, 1.0) or centre in (0.0, 1.0):
        return min(share, low), max(share, high)
    return _shifted(share, _log_odds(low) - _log_odds(centre)), _shifted(share, _log_odds(high) - _log_odds(centre))


def breakdown_of(least: Callable[[float], float], *, most: float = 1e6) -> float | None:
    """Find the odds at which ``least``, a falling function of them, is one half; None where it is above even at ``most``.

    >>> round(breakdown_of(lambda k: under_odds(0.82, k)[0]), 2), breakdown_of(lambda k: 0.4)
    (4.56, 1.0)
    """
    if least(1.0) <= 0.5:
        return 1.0
    if least(most) > 0.5:
        return None
    return math.exp(brentq(lambda x: least(math.exp(x)) - 0.5, 0.0, math.log(most), xtol=1e-10))


def _log_odds(share: float) -> float:
    return float(logit(share))


def _shifted(share: float, by: float) -> float:
    return share if share in (0.0, 1.0) else float(expit(logit(share) + by))
