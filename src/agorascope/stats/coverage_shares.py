"""How much of a whole was captured, and how sure is that? Shares with intervals, and what the rest could change.

Source: Wilson 1927, doi:10.1080/01621459.1927.10502953; Cochran 1977, ch. 6 (ratio estimator); Manski 1990 (bounds).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats as distributions

Floats = NDArray[np.float64]


def wilson(count: float, total: float, level: float = 0.95) -> tuple[float, float]:
    """Give the Wilson interval of a share ``count / total``.

    >>> [round(x, 3) for x in wilson(39, 100)]
    [0.3, 0.488]
    """
    z = float(distributions.norm.ppf(0.5 + level / 2))
    share, extra = count / total, z * z / total
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * float(np.sqrt(max(share * (1 - share), 0.0) / total + extra / (4 * total)))
    return max(0.0, middle - half), min(1.0, middle + half)


def captured_share(captured: Floats, counter: Floats, level: float = 0.95) -> tuple[float, float, float]:
    """Give the share of the counter's posts that was captured, over several periods: value, low, high.

    ``captured`` and ``counter``: posts per period. With three periods or more the interval is the ratio estimator's,
    Student t between periods (periods differ more than chance alone would make them); with fewer, Wilson's where the
    share is at most 1, else the Poisson interval of ``captured``.
    """
    total, seen, n = float(counter.sum()), float(captured.sum()), len(counter)
    share = seen / total
    if n >= 3:
        residual = captured - share * counter
        error = float(np.sqrt(n / (n - 1) * (residual @ residual))) / total
        half = float(distributions.t.ppf(0.5 + level / 2, n - 1)) * error
        return share, max(0.0, share - half), share + half
    if share <= 1:
        return share, *wilson(seen, total, level)
    tail = (1 - level) / 2
    return share, float(distributions.gamma.ppf(tail, seen)) / total, float(distributions.gamma.ppf(1 - tail, seen + 1)) / total


def levels(captured: Floats, counter: Floats) -> list[tuple[int, int]]:
    """Cut the periods into stretches (first, end exclusive) of steady share, by optimal partition.

    Minimises the within-stretch sum of squares of ``captured - share x counter``, each divided by ``counter`` (big
    periods count for more), with a penalty of 3 log(n) robust variances per cut (Yao 1988, stricter). The variance comes
    from differences of neighbouring shares, so that the cuts do not inflate it, and is at least the binomial one.
    ``counter`` is positive. Cost O(n^2).
    """
    n = len(counter)
    share = captured / counter
    weighted = np.diff(share) * np.sqrt(counter[1:] * counter[:-1] / (counter[1:] + counter[:-1]))
    whole = min(float(captured.sum() / counter.sum()), 1.0)
    spread = 1.4826 * float(np.median(np.abs(weighted))) if n > 2 else 0.0
    noise = max(spread**2, whole * (1 - whole))
    penalty = 3 * np.log(max(n, 2)) * max(noise, 1e-12)
    a, b, c = (np.concatenate([[0.0], np.cumsum(v)]) for v in (counter, captured, captured * share))
    best, cut = np.zeros(n + 1), np.zeros(n + 1, dtype=np.int64)
    for end in range(1, n + 1):
        first = np.arange(end)
        cost = best[:end] + (c[end] - c[first]) - (b[end] - b[first]) ** 2 / (a[end] - a[first]) + penalty
        cut[end] = int(np.argmin(cost))
        best[end] = cost[cut[end]]
    stretches, end = [], n
    while end > 0:
        stretches.append((int(cut[end]), end))
        end = int(cut[end])
    return stretches[::-1]
