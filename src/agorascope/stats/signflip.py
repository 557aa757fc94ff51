"""Could so few authors do this by chance? Sign-flip tests on sums of author contributions, over many categories at once.

Each author's contribution to a sum is a deviation whose expectation is 0 where nothing happened. Flipping the sign of all
contributions of an author together keeps whatever dependence there is between the posts of that author. A sum over its own
square root of squares cannot exceed the square root of the number of authors in it: one loud author proves nothing.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_TIE = 1e-9


def column_t(contributions: Floats) -> Floats:
    """Studentise the sum of every column of ``contributions`` (authors, columns) by its own sum of squares.

    Source: self-normalised sums, Efron 1969, doi:10.1080/01621459.1969.10501068.

    >>> column_t(np.array([[1.0], [1.0], [1.0], [1.0]])).tolist()
    [2.0]
    """
    return _ratio(contributions.sum(axis=0), np.sqrt((contributions**2).sum(axis=0)))


def column_draws(contributions: Floats, *, draws: int, rng: np.random.Generator) -> Floats:
    """Draw the largest absolute studentised column sum when the signs of authors are random. Shape (draws,).

    Source: max-T, Westfall and Young 1993; wild bootstrap by cluster with the null imposed, Cameron, Gelbach and Miller 2008,
    doi:10.1162/rest.90.3.414. Cost O(draws x authors x columns).
    """
    signs = rng.integers(0, 2, (draws, contributions.shape[0])).astype(np.float64) * 2 - 1
    scale = np.sqrt((contributions**2).sum(axis=0))
    return np.asarray(np.abs(_ratio(signs @ contributions, scale)).max(axis=1))


def p_values(observed: Floats, maxima: Floats) -> Floats:
    """Give the share of draws whose maximum reaches each observed value, the data counted as one draw; never 0.

    >>> p_values(np.array([2.0, 9.0]), np.array([1.0, 2.5, 3.0])).tolist()
    [0.75, 0.25]
    """
    reached = maxima.size - np.searchsorted(np.sort(maxima), observed - _TIE, side="left")
    return np.asarray((1 + reached) / (1 + maxima.size))


def effective(sizes: Floats) -> float:
    """Count authors as if all weighed the same: (sum)^2 / sum of squares.

    >>> effective(np.array([5.0, 5.0, 0.0]))
    2.0
    """
    squares = float((sizes**2).sum())
    return float(sizes.sum() ** 2) / squares if squares > 0 else 0.0


def pool(sizes: Floats, *, most: int = 2_000) -> Ints:
    """Assign authors to at most ``2 x most`` clusters: the ``most`` largest alone, the rest dealt out in turn by falling size.

    Sums of independent contributions are independent again, so a pooled test stays valid; only speed and memory change.
    Ties keep the order given (give authors sorted by id). Shape (authors,).

    >>> pool(np.array([1.0, 9.0, 3.0, 2.0]), most=2).tolist()
    [3, 0, 1, 2]
    """
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return np.where(rank < most, rank, most + rank % most)


def _ratio(sums: Floats, scale: Floats) -> Floats:
    return np.asarray(np.where(scale > _TIE, sums / np.where(scale > _TIE, scale, 1.0), 0.0))
