"""How sure is a share, and how unequal is a distribution? Wilson intervals for clustered counts, Gini, share of the top."""

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]


def wilson(count: float, total: float, *, design_effect: float = 1.0, level: float = 0.95) -> tuple[float, float]:
    """Give the Wilson interval of ``count / total``, the total shrunk by the design effect of clustering.

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953; effective sample size, Korn and Graubard 1998, Survey Methodology
    24:193. Returns (0, 1) for a total of 0.

    >>> tuple(round(x, 4) for x in wilson(5, 50))
    (0.0435, 0.2136)
    """
    n = total / max(design_effect, 1.0)
    if n <= 0:
        return 0.0, 1.0
    z = float(stats.norm.ppf(0.5 + level / 2))
    share = count / total
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def design_effect(*, square: float, cross: float, total_square: float, count: float, total: float) -> float:
    """Compare the variance of a share under clustering by author with that of independent posts; at least 1.

    ``square`` is the sum over authors of (posts in the category)^2, ``cross`` of (in the category) x (all), ``total_square`` of
    (all)^2. Source: linearised variance of a ratio, Cochran 1977, Sampling Techniques, eq. 6.13.

    >>> design_effect(square=4, cross=4, total_square=8, count=2, total=4)
    2.0
    """
    share = count / total if total > 0 else 0.0
    binomial = share * (1 - share) / total if total > 0 else 0.0
    if binomial <= 0:
        return 1.0
    clustered = (square - 2 * share * cross + share * share * total_square) / total**2
    return max(1.0, clustered / binomial)


def gini(sizes: Floats) -> float:
    """Measure inequality of non-negative sizes: 0 where all are equal, near 1 where one has everything. Cost O(n log n).

    >>> gini(np.array([1.0, 1.0, 1.0, 1.0])), gini(np.array([0.0, 0.0, 0.0, 8.0]))
    (0.0, 0.75)
    """
    ordered = np.sort(sizes)
    return float(_gini_weighted(ordered, np.ones((1, ordered.size)))[0])


def top_share(sizes: Floats, *, part: float = 0.01) -> float:
    """Give the share held by the largest ``part`` of the sizes, at least one of them.

    >>> top_share(np.array([1.0, 2.0, 7.0]), part=0.01)
    0.7
    """
    ordered = np.sort(sizes)
    return float(_top_weighted(ordered, np.ones((1, ordered.size)), part)[0])


def concentration(
    sizes: Floats, *, part: float, draws: int, rng: np.random.Generator, level: float = 0.95
) -> dict[str, tuple[float, float, float]]:
    """Give Gini and top share with bootstrap intervals over authors: ``{"gini": (value, low, high), "top": ...}``.

    Bayesian bootstrap (weights from an exponential), so that no draw loses all large authors.
    Source: Rubin 1981, doi:10.1214/aos/1176345338. Cost O(draws x authors).
    """
    ordered = np.sort(sizes)
    found: dict[str, list[Floats]] = {"gini": [], "top": []}
    step = max(1, 2_000_000 // max(ordered.size, 1))
    for first in range(0, draws, step):
        weights = rng.exponential(1.0, (min(step, draws - first), ordered.size))
        found["gini"].append(_gini_weighted(ordered, weights))
        found["top"].append(_top_weighted(ordered, weights, part))
    value = {"gini": gini(sizes), "top": top_share(sizes, part=part)}
    ends = {name: np.quantile(np.concatenate(parts), [0.5 - level / 2, 0.5 + level / 2]) for name, parts in found.items()}
    return {name: (value[name], min(float(low), value[name]), max(float(high), value[name])) for name, (low, high) in ends.items()}


def _gini_weighted(ordered: Floats, weights: Floats) -> Floats:
    """Area between equality and the Lorenz curve of ``ordered`` (n,) under ``weights`` (draws, n)."""
    held = weights * ordered
    total = held.sum(axis=1)
    lorenz = np.cumsum(held, axis=1) - held / 2
    area = (weights * lorenz).sum(axis=1) / (weights.sum(axis=1) * np.where(total > 0, total, 1.0))
    return np.where(total > 0, 1 - 2 * area, 0.0)


def _top_weighted(ordered: Floats, weights: Floats, part: float) -> Floats:
    """Share of the total held by the largest authors that make up ``part`` of the weight, one whole author at least."""
    falling = weights[:, ::-1]
    quota = np.maximum(np.ceil(part * ordered.size) / ordered.size * falling.sum(axis=1), falling[:, 0])[:, None]
    before = np.cumsum(falling, axis=1) - falling
    taken = np.clip(quota - before, 0.0, falling)
    held = falling * ordered[::-1]
    total = held.sum(axis=1)
    return np.where(total > 0, (taken * ordered[::-1]).sum(axis=1) / np.where(total > 0, total, 1.0), 0.0)
