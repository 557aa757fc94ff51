"""Did more members of a panel lose something on one day than on the panel's other days? Shares of days with a mood of their own."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special, stats
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SHRUNK = 20.0
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


class Moods(NamedTuple):
    """Hold a fit: days lose ``exp(level)`` times what their members usually do, times lognormal moods of that ``spread``."""

    level: float
    spread: float


def expected(member: Ints, day: Ints, lost: Floats) -> Floats:
    """Give what a panel would lose on every day by its members' own other days: rows of (member, day, 0 or 1) -> (days,).

    A member's share is drawn towards that of all by twenty days' worth. Cost O(rows).

    >>> expected(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.zeros(4)).tolist()
    [0.0, 0.0]
    """
    usual = float(lost.mean())
    own, seen = np.bincount(member, lost), np.bincount(member)
    rate = (own[member] - lost + SHRUNK * usual) / (seen[member] - 1 + SHRUNK)
    return np.asarray(np.bincount(day, rate), np.float64)


def fit(losing: Floats, known: Floats, usual: Floats) -> Moods:
    """Fit level and spread of moods to counts (days,) out of ``known`` with ``usual`` expected, by maximum likelihood.

    Counts are binomial given the day's logit, which is normal round that of the usual share plus the level.
    Source: logistic-normal binomial, Williams 1982, doi:10.2307/2347977; integrals by 21 points of Gauss and Hermite.
    Cost O(days x steps).
    """

    def lack(values: Floats) -> float:
        spread = float(np.exp(np.clip(values[1], -6, 2)))
        return -float(np.log(np.maximum(_likelihood(losing, known, usual, float(values[0]), spread), 1e-300)).sum())

    start = np.array([np.log((losing.sum() + 0.5) / (usual.sum() + 0.5)), -1.0])
    best = minimize(lack, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6, "maxiter": 400}).x
    return Moods(float(best[0]), float(np.exp(np.clip(best[1], -6, 2))))


def tail(losing: Floats, known: Floats, usual: Floats, moods: Moods) -> Floats:
    """Give the chance of as many losing or more on each day, under moods."""
    chance = _chance(known, usual, moods.level, moods.spread)
    return np.asarray((stats.binom.sf(losing[:, None] - 1, known[:, None], chance) * _WEIGHTS).sum(axis=1))


def rank(value: float, others: Floats) -> float:
    """Give the share of placebos as large or larger, the value itself counted among them.

    >>> rank(3.0, np.array([1.0, 2.0, 4.0]))
    0.5
    """
    return (1 + int((np.round(others, 9) >= round(value, 9)).sum())) / (1 + others.size)


def _chance(known: Floats, usual: Floats, level: float, spread: float) -> Floats:
    share = np.clip(usual / known, 1e-6, 1 - 1e-6)
    return np.asarray(np.clip(special.expit((special.logit(share) + level)[:, None] + spread * _NODES), 1e-12, 1 - 1e-12))


def _likelihood(losing: Floats, known: Floats, usual: Floats, level: float, spread: float) -> Floats:
    chance = _chance(known, usual, level, spread)
    given = np.exp(
        losing[:, None] * np.log(chance) + (known - losing)[:, None] * np.log1p(-chance) + _choose(known, losing)[:, None]
    )
    return np.asarray((given * _WEIGHTS).sum(axis=1))


def _choose(known: Floats, losing: Floats) -> Floats:
    return np.asarray(special.gammaln(known + 1) - special.gammaln(losing + 1) - special.gammaln(known - losing + 1))


def around(day: Ints, losing: Floats, usual: Floats, *, reach: int = 28, apart: int = 3) -> Floats:
    """Give the median ratio of losing to usual in the four weeks to both sides of each day, it and ``apart`` days left out.

    1 where fewer than 10 days are known there. Cost O(days x reach).
    """
    ratio = (losing + 0.5) / (usual + 0.5)
    out = np.ones(day.size)
    for i, at in enumerate(day.tolist()):
        far = np.abs(day - at)
        near = (far <= reach) & (far > apart)
        if near.sum() >= 10:
            out[i] = float(np.median(ratio[near]))
    return out
