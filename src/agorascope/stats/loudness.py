"""How few speak, and does the share of an attribute among posts say more about the loud than about the many?

Posts come by account: ``posts`` (accounts,) are counts of at least 1, since an account that wrote nothing is not seen.

Source: Chao 1984, Scand. J. Statist. 11:265, and 1987, doi:10.2307/2531532 (unseen); Mustafaraj et al. 2011,
doi:10.1109/PASSAT/SocialCom.2011.188 (vocal and silent); Cameron, Gelbach and Miller 2008, doi:10.1162/rest.90.3.414 (the
studentised bootstrap of clusters).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import poisson

Floats = npt.NDArray[np.float64]

TINY = 1e-12


class Unseen(NamedTuple):
    """Say how many accounts take part at least, seen or not, with the ends of its interval; and how many were seen once, twice."""

    least: float
    low: float
    high: float
    once: int
    twice: int


class Gap(NamedTuple):
    """Hold the share among posts, the share with one vote per account, and their difference with interval and p-value."""

    posts: float
    accounts: float
    gap: float
    low: float
    high: float
    p_value: float

    def beyond(self, alpha: float) -> bool:
        """Say whether the difference is beyond chance and its interval on one side of 0: chance alone has no few who decide."""
        return self.p_value <= alpha + TINY and (self.low > 0 or self.high < 0)


def unseen(posts: Floats, *, z: float = 1.959963985) -> Unseen:
    """Estimate a lower bound of all participants from those seen once and twice (Chao1, bias-corrected), log-normal interval.

    >>> unseen(np.array([1.0, 1, 1, 1, 2, 2, 5])).least
    9.0
    """
    seen, once, twice = posts.size, int((posts == 1).sum()), int((posts == 2).sum())
    more = once * (once - 1) / (2 * (twice + 1))
    if more <= 0:
        return Unseen(float(seen), float(seen), float(seen), once, twice)
    ratio = once / (twice + 1)
    four = 4 * (twice + 1) ** 2
    variance = more + once * (2 * once - 1) ** 2 / four + ratio**2 * twice * (once - 1) ** 2 / four
    factor = float(np.exp(z * np.sqrt(np.log1p(variance / more**2))))
    return Unseen(seen + more, seen + more / factor, seen + more * factor, once, twice)


def lorenz(sizes: Floats, *, points: int = 101) -> tuple[Floats, Floats]:
    """Give the share of accounts, loudest first, and the share of the total they hold, both (points,)."""
    held = np.concatenate([[0.0], np.cumsum(np.sort(sizes)[::-1])])
    part = np.linspace(0.0, 1.0, points)
    return part, np.interp(part * sizes.size, np.arange(sizes.size + 1), held / max(held[-1], 1e-300))


def alike(posts: Floats, *, draws: int, rng: np.random.Generator) -> float:
    """Give the chance of counts as unequal as these if every account wrote at the same rate, and the silent were not seen.

    Counts are then Poisson without the zero; its rate is the one of the same mean. Compared is variance over mean, with ``draws``
    histograms of as many accounts. The least value is 1 / (draws + 1). Cost O(draws x largest count).
    """
    mean = float(posts.mean())
    if mean <= 1 or posts.size < 2:
        return 1.0
    rate = float(brentq(lambda x: x / -np.expm1(-x) - mean, 1e-9, mean + 1))
    largest = int(poisson.isf(1e-12, rate)) + 2
    counts = np.arange(1, largest + 1, dtype=np.float64)
    chance = poisson.pmf(counts, rate)
    drawn = rng.multinomial(posts.size, chance / chance.sum(), draws).astype(np.float64)
    means = drawn @ counts / posts.size
    spread = (drawn @ np.square(counts) / posts.size - means**2) / means
    seen = float(posts.var() / mean)
    return (1 + int((spread >= seen * (1 - 1e-12)).sum())) / (draws + 1)


def gap(posts: Floats, having: Floats, *, draws: int, rng: np.random.Generator, level: float = 0.95) -> Gap:
    """Compare the share of an attribute among posts with its share where every account has one vote, split over its posts.

    ``having``: posts with the attribute, (accounts,). The interval draws accounts with all they wrote, and reads the quantiles of
    |difference / its own standard error|; the p-value deals the accounts' own shares anew to accounts, and compares the same.
    Cost O(draws x accounts).
    """
    own = having / posts
    value, error = _gap(posts, own)
    result = float(having.sum() / posts.sum()), float(own.mean()), value
    if error <= TINY:
        return Gap(*result, value, value, 1.0)
    drawn, dealt = np.empty(draws), np.empty(draws)
    for i in range(draws):
        chosen = rng.integers(0, posts.size, posts.size)
        again, spread = _gap(posts[chosen], own[chosen])
        drawn[i] = abs(again - value) / spread if spread > TINY else np.inf
        again, spread = _gap(posts, rng.permutation(own))
        dealt[i] = abs(again) / spread if spread > TINY else 0.0
    half = float(np.quantile(drawn, level, method="higher"))
    half = half if np.isfinite(half) else float(drawn[np.isfinite(drawn)].max(initial=0.0))
    p_value = (1 + int((dealt >= abs(value) / error * (1 - 1e-12)).sum())) / (draws + 1)
    return Gap(*result, max(-1.0, value - half * error), min(1.0, value + half * error), p_value)


def _gap(posts: Floats, own: Floats) -> tuple[float, float]:
    """Give the difference and its linearised standard error over accounts."""
    weight = posts / posts.mean()
    among, votes = float((weight * own).mean()), float(own.mean())
    influence = weight * (own - among) - (own - votes)
    return among - votes, float(np.sqrt(np.square(influence).sum() / max(posts.size - 1, 1) / posts.size))
