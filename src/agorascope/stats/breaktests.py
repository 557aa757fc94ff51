"""Could chance alone make such breaks? Largest fall of the squares left by one to three breaks, against redrawn dependent noise."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .longrun import FURTHEST, LOWEST, autocorrelations

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST = 3  # breaks tried by the test of the whole series
_BURN = 60
_TINY = 1e-300
_TAIL = 10  # draws beyond a value under which its p-value is read from a fitted tail
FARTHEST = 1e-3  # of the smallest share of the draws: how far beyond them a fitted tail is believed


class Noise(NamedTuple):
    """Hold what noise is redrawn from: dependence of each column with its standard error (columns,), steps (columns, steps)."""

    rho: Floats
    spread: Floats
    steps: Floats


class Search(NamedTuple):
    """Hold statistics (rows, most), the place of the first break (rows,), the dependence left after the last (rows, columns)."""

    statistics: Floats
    first: Ints
    rho: Floats


def noise(residuals: Floats, *, lost: int) -> Noise:
    """Take residuals (n, columns), of which ``lost`` coefficients a column were fitted, apart into dependence and steps."""
    rho = autocorrelations(residuals.T, lost=lost)
    steps = (residuals[1:] - rho * residuals[:-1]).T
    grown = np.sqrt(residuals.shape[0] / max(residuals.shape[0] - lost, 1))
    spread = np.sqrt((1 - rho**2) / residuals.shape[0])
    return Noise(rho, spread, (steps - steps.mean(axis=1, keepdims=True)) * grown)


def redraw(source: Noise, n: int, *, draws: int, rng: np.random.Generator) -> Floats:
    """Draw series without a break, of the same dependence and steps. Result: (draws, columns, n).

    Steps are taken from a random place on, round and round, each with a random sign (the same in all columns): calm and restless
    times stay together, rare large steps stay rare. The dependence of each draw is itself drawn from what the data leave open,
    normal with its standard error, so that a lucky estimate does not make chance look impossible.
    Source: recursive wild bootstrap, Goncalves and Kilian 2004, doi:10.1016/j.jeconom.2003.10.030, sec. 3. What we changed: the
    random place and the drawn dependence. Cost O(draws·columns·n).
    """
    columns, length = source.steps.shape
    places = (rng.integers(0, length, (draws, 1)) + np.arange(_BURN + n)) % length
    signs = rng.integers(0, 2, (_BURN + n, draws, 1)) * 2.0 - 1.0
    shocks = source.steps[:, places].transpose(2, 1, 0) * signs
    rho = np.clip(source.rho + source.spread * rng.standard_normal((draws, columns)), LOWEST, FURTHEST)
    for step in range(1, _BURN + n):
        shocks[step] += rho * shocks[step - 1]
    return np.ascontiguousarray(shocks[_BURN:].transpose(1, 2, 0))


def search(series: Floats, *, lines: bool, trim: int, most: int = MOST, scale: Floats | None = None) -> Search:
    """Add one to ``most`` breaks to every row, each where the squares fall most, and studentise the fall.

    ``series``: (rows, columns, n). With m breaks the statistic is Σ over columns of (squares without - squares with) / (m·ω²),
    where ω² is the long-run variance of an autoregression of what m breaks leave, or ``scale`` (columns,) where given. Cost
    O(rows·columns·n·most). Source: Bai and Perron 1998, doi:10.2307/2998540, sec. 4.2 (UDmax). What we changed: breaks are added
    one by one (Bai 1997, doi:10.1017/S0266466600005831), so that thousands of rows can be searched.
    """
    rows, columns, n = series.shape
    sums = _sums(series)
    low, high = np.zeros((rows, n), np.int64), np.full((rows, n), n, np.int64)
    position = np.broadcast_to(np.arange(n), (rows, n))
    before = _left(sums, np.zeros((rows, 1), np.int64), np.full((rows, 1), n, np.int64), lines)[:, :, 0]
    statistics, first, rho = [], np.zeros(rows, np.int64), np.zeros((rows, columns))
    left = before
    for m in range(1, most + 1):
        unit = left if scale is None else np.broadcast_to(scale, left.shape)
        fall = _left(sums, low, high, lines) - _left(sums, low, position, lines) - _left(sums, position, high, lines)
        gain = (fall / np.maximum(unit, _TINY)[:, :, None]).sum(axis=1)
        gain[(position - low < trim) | (high - position < trim)] = -np.inf
        at = np.argmax(gain, axis=1)
        at_column = at[:, None]
        inside = (position >= np.take_along_axis(low, at_column, 1)) & (position < np.take_along_axis(high, at_column, 1))
        can = np.isfinite(np.take_along_axis(gain, at_column, 1))
        high = np.where(inside & can & (position < at_column), at_column, high)
        low = np.where(inside & can & (position >= at_column), at_column, low)
        residuals = _residuals(series, sums, low, high, lines)
        left = (residuals**2).sum(axis=2)
        lost = (m + 1) * (2 if lines else 1)
        omega, rho = _long_run(residuals, lost)
        omega = omega if scale is None else np.broadcast_to(scale, left.shape)
        first = at if m == 1 else first
        statistics.append(((before - left) / (m * np.maximum(omega, _TINY))).sum(axis=1))
    return Search(np.stack(statistics, axis=1), first, rho)


def p_of_largest(seen: Floats, drawn: Floats) -> float:
    """Give the chance that the most surprising of several statistics surprises as much. ``seen``: (k,); ``drawn``: (draws, k).

    Each statistic is turned into its own p-value by its rank among the draws; the smallest is compared with the smallest of each
    draw. With one statistic this is its tail. Source: min-p, Westfall and Young 1993, ch. 2.
    """
    if seen.size == 1:
        return tail(float(seen[0]), drawn[:, 0])
    every = np.vstack([seen, drawn])
    ranks = every.shape[0] + 1 - every.argsort(axis=0).argsort(axis=0)
    smallest = ranks.min(axis=1)
    count = int((smallest[1:] <= smallest[0]).sum())
    if count >= _TAIL:
        return float((count + 1) / (drawn.shape[0] + 1))
    # Beyond the draws: each by its own tail, together by Bonferroni, never below what the ranks of the draws allow to be said.
    alone = min(tail(float(s), d) for s, d in zip(seen, drawn.T, strict=True))
    return float(min(alone * seen.size, (count + 1) / (drawn.shape[0] + 1)))


def tail(seen: float, drawn: Floats) -> float:
    """Give the chance of a draw as large as ``seen``; a tail is fitted to the largest fifth where fewer than ten draws reach it.

    Source: Knijnenburg et al. 2009, doi:10.1093/bioinformatics/btp211 (generalised Pareto tail of permutation values); fitted by
    probability-weighted moments, Hosking and Wallis 1987, doi:10.1080/00401706.1987.10488243. What we changed: the shape is kept
    within [0, 0.5], and no p-value is below a thousandth of the smallest share of the draws.
    """
    count = int((drawn >= seen).sum())
    if count >= _TAIL or drawn.size < 100:
        return (count + 1) / (drawn.size + 1)
    ordered = np.sort(drawn)
    part = drawn.size // 5
    threshold = (ordered[-part] + ordered[-part - 1]) / 2
    over = ordered[-part:] - threshold
    weights = 1 - (np.arange(1, part + 1) - 0.35) / part
    mean, moment = float(over.mean()), float((weights * over).mean())
    shape = float(np.clip(2 - mean / max(mean - 2 * moment, _TINY), -10, 10)) * -1
    shape = min(max(shape, 1e-6), 0.5)
    size = max(mean * (1 - shape), _TINY)
    beyond = (1 + shape * max(seen - threshold, 0.0) / size) ** (-1 / shape)
    return float(min(max(part / drawn.size * beyond, FARTHEST / (drawn.size + 1)), (count + 1) / (drawn.size + 1)))


class _Sums(NamedTuple):
    y: Floats
    yy: Floats
    ty: Floats


def _sums(series: Floats) -> _Sums:
    centred = series - series.mean(axis=2, keepdims=True)
    pad = ((0, 0), (0, 0), (1, 0))
    time = np.arange(series.shape[2], dtype=np.float64)
    return _Sums(*(np.pad(np.cumsum(part, axis=2), pad) for part in (centred, centred**2, centred * time)))


def _left(sums: _Sums, start: Ints, end: Ints, lines: bool) -> Floats:
    """Give the squares left of stretches [start, end), both (rows, k). Result: (rows, columns, k); 0 for empty stretches."""
    length = np.maximum(end - start, 1)[:, None, :].astype(np.float64)
    total, square = _between(sums.y, start, end), _between(sums.yy, start, end)
    left = square - total * total / length
    if lines:
        moment = _between(sums.ty, start, end) - ((start + end - 1) / 2)[:, None, :] * total
        left = left - np.where(length > 1, moment * moment / np.maximum(length * (length * length - 1) / 12, 0.5), 0.0)
    return np.asarray(np.maximum(left, 0.0))


def _between(sums: Floats, start: Ints, end: Ints) -> Floats:
    return np.asarray(np.take_along_axis(sums, end[:, None, :], 2) - np.take_along_axis(sums, start[:, None, :], 2))


def _residuals(series: Floats, sums: _Sums, low: Ints, high: Ints, lines: bool) -> Floats:
    length = (high - low)[:, None, :].astype(np.float64)
    total = _between(sums.y, low, high)
    out = series - series.mean(axis=2, keepdims=True) - total / length
    if lines:
        middle = ((low + high - 1) / 2)[:, None, :]
        moment = _between(sums.ty, low, high) - middle * total
        slope = moment / np.maximum(length * (length * length - 1) / 12, 0.5)
        out = out - slope * (np.arange(series.shape[2]) - middle)
    return np.asarray(out)


def _long_run(residuals: Floats, lost: int) -> tuple[Floats, Floats]:
    """Give the long-run variance of an autoregression fitted to every row and column, and its dependence. (rows, columns)."""
    rho = autocorrelations(residuals, lost=lost)
    steps = residuals[..., 1:] - rho[..., None] * residuals[..., :-1]
    return (steps**2).sum(axis=-1) / max(steps.shape[-1] - lost, 1) / (1 - rho) ** 2, rho
