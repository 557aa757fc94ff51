"""Into which stretches does a series fall? Exact optimal partition by least squares, of levels or of lines."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_TOGETHER = 32  # ends compared at once, which bounds memory


class Partition(NamedTuple):
    """Hold a partition: first points of every stretch but the first, and the sum of squares left within stretches."""

    indices: Ints
    cost: float


class _Sums(NamedTuple):
    """Hold running sums of y, y² and t·y; shapes (columns, n + 1), (n + 1,), (columns, n + 1)."""

    y: Floats
    yy: Floats
    ty: Floats


def partition(values: npt.ArrayLike, *, penalty: float, min_size: int = 1, lines: bool = False) -> Partition:
    """Find the stretches that minimise their squares left plus ``penalty`` for each break.

    ``values``: shape (n,) or (n, columns), finite; the squares of columns are added up. ``lines`` fits a line to each stretch in
    place of a level. No stretch is shorter than ``min_size``. The answer is exact. A start that loses to a later one by more than
    the penalty is dropped, and only once the later one may begin a stretch: dropped at once, as is often done, a shorter stretch
    can be missed. Raises ValueError for values that are not finite, or a penalty or size out of range. Cost O(n²) at worst,
    vectorised; memory O(n).

    >>> partition([0.0, 0.1, 0.0, 5.0, 5.1, 5.0], penalty=1.0).indices.tolist()
    [3]

    Source: Jackson et al. 2005, doi:10.1109/LSP.2001.838216, eq. 2; Killick, Fearnhead and Eckley 2012,
    doi:10.1080/01621459.2012.737745, theorem 3.1. What we changed: the delay above, and all starts are compared at once.
    """
    y = np.asarray(values, np.float64)
    y = y[:, None] if y.ndim == 1 else y
    if y.ndim != 2 or not np.isfinite(y).all():
        raise ValueError("values must be finite, of shape (n,) or (n, columns); leave gaps out first")
    if not penalty >= 0 or min_size < 1:
        raise ValueError(f"penalty is {penalty} and min_size {min_size}; use a penalty of 0 or more and a size of 1 or more")
    if not y.size:
        return Partition(np.zeros(0, np.int64), 0.0)
    sums = _prepare(y)
    last = _search(sums, y.shape[0], penalty, min_size, lines)
    indices = _trace(last, y.shape[0])
    edges = np.array([0, *indices, y.shape[0]])
    return Partition(indices, float(_left(sums, edges[:-1], edges[1:], lines).sum()))


def squares_left(values: Floats, indices: npt.ArrayLike, *, lines: bool = False) -> Floats:
    """Give the squares left of each column when stretches begin at ``indices``. ``values``: (n, columns). Cost O(n)."""
    edges = np.concatenate([[0], np.asarray(indices, np.int64), [values.shape[0]]])
    residuals = values - fitted(values, indices, lines=lines)
    return np.asarray(np.add.reduceat(residuals**2, edges[:-1], axis=0).sum(axis=0))


def squares_by_place(values: Floats, places: Ints, *, lines: bool = False) -> Floats:
    """Give the squares left of each column by a single break at each of ``places``. Result: (places, columns). Cost O(n)."""
    first, last = np.zeros(1, np.int64), np.array([values.shape[0]])
    sums = [_prepare(column[:, None]) for column in values.T]
    return np.stack([_left(one, first, places, lines) + _left(one, places, last, lines) for one in sums], axis=1)


def fitted(values: Floats, indices: npt.ArrayLike, *, lines: bool = False) -> Floats:
    """Give the least-squares level or line of every stretch at every point. ``values`` and result: (n, columns). Cost O(n)."""
    edges = np.concatenate([[0], np.asarray(indices, np.int64), [values.shape[0]]])
    out = np.empty_like(values)
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = values[start:end]
        time = np.arange(end - start) - (end - start - 1) / 2
        slope = time @ part / max(float(time @ time), 1e-300) if lines else np.zeros(values.shape[1])
        out[start:end] = part.mean(axis=0) + time[:, None] * slope
    return out


def _prepare(y: Floats) -> _Sums:
    centred = (y - y.mean(axis=0)).T
    time = np.arange(y.shape[0], dtype=np.float64)
    begin = np.zeros((centred.shape[0], 1))
    return _Sums(
        np.hstack([begin, np.cumsum(centred, axis=1)]),
        np.concatenate([[0.0], np.cumsum((centred**2).sum(axis=0))]),
        np.hstack([begin, np.cumsum(centred * time, axis=1)]),
    )


def _left(sums: _Sums, start: Ints, end: Ints, lines: bool) -> Floats:
    """Give the squares left of stretches [start, end), added over columns. The shapes go together; that of the result is theirs."""
    length = end.astype(np.float64) - start
    total = sums.y[:, end] - sums.y[:, start]
    left = sums.yy[end] - sums.yy[start]
    square = _squares(total)
    square /= length
    left -= square
    if lines:
        moment = sums.ty[:, end] - sums.ty[:, start]
        total *= start * 0.5 + (end - 1) * 0.5
        moment -= total
        spread = length * length
        spread -= 1
        spread *= length
        np.maximum(spread, 1e-300, out=spread)
        square = _squares(moment)
        square *= 12.0
        square /= spread
        left -= square
        if spread.min() < 12:  # two points or one, which a line fits
            left[length <= 2] = 0.0
    return np.asarray(np.maximum(left, 0.0, out=left))


def _squares(values: Floats) -> Floats:
    return np.asarray(values[0] * values[0] if values.shape[0] == 1 else (values * values).sum(axis=0))


def _search(sums: _Sums, n: int, penalty: float, min_size: int, lines: bool) -> Ints:
    """Give for every end the start of the last stretch of the best partition up to there, -1 where there is none.

    As many ends as the shortest stretch is long are looked at together: what is best up to their starts is known by then.
    """
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    last = np.full(n + 1, -1, np.int64)
    starts, until = np.zeros(1, np.int64), np.array([n + 1])  # from the end ``until`` on, a start has lost for good
    swept = 0
    for low in range(min_size, n + 1, step := min(min_size, _TOGETHER)):
        ends = np.arange(low, min(low + step, n + 1))
        fresh = ends - min_size
        fresh = fresh[fresh >= min_size]
        late = starts.size  # the first start that only the later ends may take
        if fresh.size:
            starts, until = np.concatenate([starts, fresh]), np.concatenate([until, np.full(fresh.size, n + 1)])
        cost = _left(sums, starts[None], ends[:, None], lines)
        cost += best[starts]
        if fresh.size > 1:
            cost[:, late:][fresh > ends[:, None] - min_size] = np.inf
        at = cost.argmin(axis=1)
        best[ends], last[ends] = cost[np.arange(ends.size), at] + penalty, starts[at]
        if low - swept >= _TOGETHER:
            swept = low
            lost = cost[:, :late] > best[ends][:, None]
            gone = ends[lost.argmax(axis=0)] + min_size
            until[:late] = np.where(lost.any(axis=0), np.minimum(until[:late], gone), until[:late])
            kept = until > low + step
            starts, until = starts[kept], until[kept]
    return last


def _trace(last: Ints, n: int) -> Ints:
    found: list[int] = []
    end = n
    while end > 0 and last[end] > 0:
        end = int(last[end])
        found.append(end)
    return np.array(found[::-1], np.int64)
