"""Could chance alone make such breaks? Largest fall of the squares left by one to three breaks, against redrawn dependent noise."""

import itertools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .longrun import FURTHEST, LOWEST, autocorrelations, corrected

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST = 3  # breaks tried by the test of the whole series
_BURN = 60
_TOGETHER = 48_000  # values searched at once: what stays in the cache of a processor
_TINY = 1e-300
_TAIL = 10  # draws beyond a value under which its p-value is read from a fitted tail
FARTHEST = 1e-3  # of the smallest share of the draws: how far beyond them a fitted tail is believed


class Noise(NamedTuple):
    """Hold what noise is redrawn from: dependence of each column with its standard error (columns,), steps (columns, steps)."""

    rho: Floats
    spread: Floats
    steps: Floats


class Search(NamedTuple):
    """Hold statistics (rows, most), the place of the first break (rows,), the dependence left after the last (rows, columns).

    No dependence is estimated, and it is nan, where the scale of the statistic is given.
    """

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
    begins = rng.integers(0, length, draws)
    round_and_round = np.tile(source.steps, (1, -(-(_BURN + n) // length) + 1))
    taken = np.lib.stride_tricks.sliding_window_view(round_and_round, _BURN + n, axis=1)[:, begins]
    signs = rng.integers(0, 2, (_BURN + n, draws, 1))
    shocks = taken.transpose(2, 1, 0) * np.array([-1.0, 1.0])[signs]
    rho = np.clip(source.rho + source.spread * rng.standard_normal((draws, columns)), LOWEST, FURTHEST)
    for before, here in itertools.pairwise(shocks):
        here += rho * before
    return np.asarray(shocks[_BURN:].transpose(1, 2, 0))


def search(series: Floats, *, lines: bool, trim: int, most: int = MOST, scale: Floats | None = None) -> Search:
    """Add one to ``most`` breaks to every row, each where the squares fall most, and studentise the fall.

    ``series``: (rows, columns, n). With m breaks the statistic is Σ over columns of (squares without - squares with) / (m·ω²),
    where ω² is the long-run variance of an autoregression of what m breaks leave, or ``scale`` (columns,) where given. Cost
    O(rows·columns·n·most). Source: Bai and Perron 1998, doi:10.2307/2998540, sec. 4.2 (UDmax). What we changed: breaks are added
    one by one (Bai 1997, doi:10.1017/S0266466600005831), so that thousands of rows can be searched.
    """
    together = max(1, _TOGETHER // max(series[0].size, 1))
    parts = [_search(series[i : i + together], lines, trim, most, scale) for i in range(0, series.shape[0], together)]
    return Search(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _search(series: Floats, lines: bool, trim: int, most: int, scale: Floats | None) -> Search:
    """Search a few rows. A break is judged by sums of residuals: in one stretch they add up to nothing, and so do their moments."""
    series = np.ascontiguousarray(series)
    rows, columns, n = series.shape
    row, time = np.arange(rows), np.arange(n, dtype=np.float64)
    low, high = np.zeros((1, n)), np.full((1, n), float(n))  # of the stretch round each place; the same in all rows at first
    residuals = _unbroken(series, lines)
    left = before = np.einsum("rcn,rcn->rc", residuals, residuals)
    statistics, first, rho = [], np.zeros(rows, np.int64), np.full((rows, columns), np.nan)
    cuts = [[0] * rows, [n] * rows]
    fallen = np.zeros(rows)
    for m in range(1, most + 1):
        unit = np.maximum(left if scale is None else np.broadcast_to(scale, left.shape), _TINY)
        split = _split(residuals, time, low, high, lines)
        gain = split.fall[:, 0] / unit if columns == 1 else (split.fall / unit[:, :, None]).sum(axis=1)
        for one, taken in enumerate(zip(*cuts, strict=True)):
            for cut in taken:
                gain[one, max(cut - trim + 1, 0) : cut + trim] = -np.inf
        at = np.argmax(gain, axis=1)
        first = at if m == 1 else first
        can = np.isfinite(gain[row, at])
        fallen += np.where(can, gain[row, at], 0.0)
        if scale is not None:
            statistics.append(fallen / m)
            if m == most:
                break
        of = np.minimum(row, low.shape[0] - 1)
        start, end = low[of, at], np.where(can, high[of, at], -1.0)  # -1: no break can be added
        earlier, inside = time < at[:, None], (time >= start[:, None]) & (time < end[:, None])
        change = split.change(row, at, start, end, earlier)
        change *= inside[:, None]
        residuals -= change
        left = np.einsum("rcn,rcn->rc", residuals, residuals)
        if scale is None:
            omega, rho = _long_run(residuals, left, (m + 1) * (2 if lines else 1))
            statistics.append(((before - left) / (m * np.maximum(omega, _TINY))).sum(axis=1))
        if m < most:
            high, low = np.where(inside & earlier, at[:, None], high), np.where(inside & ~earlier, at[:, None], low)
            cuts.append(np.where(can, at, 0).tolist())
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


class _Split(NamedTuple):
    """Hold what a break at each place would change; (rows, columns, n).

    ``fall``: of the squares left; ``total``: sum of the residuals of its stretch before it, of which that after it is the negative;
    ``moment``, ``later``: sums of the residuals before and after it times their distance from the middle of their side, of lines.
    """

    fall: Floats
    total: Floats
    moment: Floats | None
    later: Floats | None

    def change(self, row: Ints, at: Ints, start: Floats, end: Floats, earlier: npt.NDArray[np.bool_]) -> Floats:
        """Give the level or line of the residuals on both sides of the break ``at``, in the stretch [start, end) of each row."""
        time = np.arange(earlier.shape[1], dtype=np.float64)
        one, two = np.maximum(at - start, 1)[:, None], np.maximum(end - at, 1)[:, None]
        total = self.total[row, :, at]
        levels = np.where(earlier[:, None], (total / one)[..., None], (-total / two)[..., None])
        if self.moment is None or self.later is None:
            return levels
        moment, later = self.moment[row, :, at] / _spread(one), self.later[row, :, at] / _spread(two)
        slope = np.where(earlier[:, None], moment[..., None], later[..., None])
        middle = np.where(earlier, ((start + at - 1) / 2)[:, None], ((at + end - 1) / 2)[:, None])
        return np.asarray(levels + slope * (time - middle)[:, None])


def _split(residuals: Floats, time: Floats, low: Floats, high: Floats, lines: bool) -> _Split:
    """Judge a break at each place of the stretches [low, high), both (rows, n)."""
    one, two = np.maximum(time - low, 1), high - time
    total = _before(residuals)
    fall = total * total
    fall *= ((one + two) / (one * two))[:, None]
    if not lines:
        return _Split(fall, total, None, None)
    centre = (time.size - 1) / 2
    turning = _before(residuals * (time - centre))
    moment = turning - total * ((low + time - 1) / 2 - centre)[:, None]
    later = total * ((time + high - 1) / 2 - centre)[:, None] - turning
    fall += moment * moment / _spread(one)[:, None] + later * later / _spread(two)[:, None]
    return _Split(fall, total, moment, later)


def _before(values: Floats) -> Floats:
    """Add up all that comes before each place."""
    out = np.empty_like(values)
    out[..., 0] = 0.0
    np.cumsum(values[..., :-1], axis=-1, out=out[..., 1:])
    return out


def _spread(length: Floats) -> Floats:
    """Add up the squared distances of so many neighbouring points from their middle."""
    return np.asarray(np.maximum(length * (length * length - 1) / 12, 0.5))


def _unbroken(series: Floats, lines: bool) -> Floats:
    """Take the level or line of the whole from every row and column."""
    left = series - series.mean(axis=-1, keepdims=True)
    if lines:
        time = np.arange(series.shape[-1]) - (series.shape[-1] - 1) / 2
        left -= (left @ time / max(float(time @ time), 0.5))[..., None] * time
    return np.asarray(left)


def _long_run(residuals: Floats, squares: Floats, lost: int) -> tuple[Floats, Floats]:
    """Give the long-run variance of an autoregression fitted to every row and column, and its dependence. (rows, columns)."""
    product = np.einsum("rcn,rcn->rc", residuals[..., 1:], residuals[..., :-1])
    rho = corrected(product, squares, residuals.shape[-1], lost)
    steps = squares - residuals[..., 0] ** 2 - 2 * rho * product + rho**2 * (squares - residuals[..., -1] ** 2)
    return np.maximum(steps, 0.0) / max(residuals.shape[-1] - 1 - lost, 1) / (1 - rho) ** 2, rho
