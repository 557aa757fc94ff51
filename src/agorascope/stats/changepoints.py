"""When did a series change regime, how sure is the date, and could it be chance? Dated breaks, or none."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .breakdates import Dated, date
from .breaktests import MOST, Noise, noise, p_of_largest, redraw, search, tail
from .families import holm
from .longrun import FURTHEST, HIGHEST
from .regimes import Regimes, describe, length_of, residuals, smooth_length, without_outliers
from .segments import fitted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEWEST = 12
SHORTEST = 5  # points of a regime for each of its coefficients, at least; fewer in series of under 30 (lines: 60)
PART = 0.05  # of the series that a regime lasts, at least: the smallest trimming of Bai and Perron's tables
WHOLE = 0.8  # of the error for the test of the whole series, the rest for its breaks one by one
UPPER = 1.644854
_ROUNDS = 2
_SOUGHT = 6
_CALIBRATING = 199
_FIRST = 99  # draws after which a test that is far from holding is left
_FAR = 0.25


class Break(NamedTuple):
    """Hold one break.

    ``at``: first point of the new regime; ``low``, ``high``: 95 % interval of it, in points of the values given;
    ``p_value``: after correction for all breaks of the series; ``size``: new level less old level (of the first column; of the two
    lines where regimes are lines, at the break), with its interval.
    """

    at: int
    low: int
    high: int
    p_value: float
    size: float
    size_low: float
    size_high: float


class Breaks(NamedTuple):
    """Hold the breaks of a series.

    ``indices``: 0-based first points of new regimes; ``p_value``: that the series has no break at all (nan where it is too short or
    constant); ``strongest``: the best single break, whether or not it holds; ``lines``: regimes are lines, not levels;
    ``smooth``: a smooth curve without a break has a shorter description than these breaks (or than the strongest one);
    ``rho``: dependence on the point before; ``fitted``: level or line of every point (n, columns), nan at gaps.
    """

    indices: Ints
    breaks: tuple[Break, ...]
    p_value: float
    strongest: Break | None
    lines: bool
    smooth: bool
    rho: float
    fitted: Floats


class _Tested(NamedTuple):
    """Hold the p-value of no break at all, the candidates that hold (or the best), their p-values, the long-run variance."""

    p_value: float
    indices: Ints
    p_values: Floats
    variance: Floats


def detect(values: npt.ArrayLike, *, alpha: float = 0.05, lines: bool | None = None, draws: int = 499, seed: int = 0) -> Breaks:
    """Find the changes of regime that chance does not explain at ``alpha``; none is a possible answer.

    ``values``: (n,) or (n, columns), evenly spaced, nan where unknown (such points are left out). ``lines``: False for levels, True
    for a line in each regime, None to let the data choose.

    1. Points that stand alone are drawn in (``without_outliers``); regimes, levels or lines, and the dependence between neighbours
       are chosen together by description length (``describe``).
    2. The whole series is tested against no break, by the fall of squares of one to three breaks over long-run variance, against
       redrawn noise of the same dependence. Where that does not hold at ``alpha`` there is no break. Where it holds and step 1 saw
       none, the best single break is the candidate.
    3. Every candidate is tested between its neighbours; the p-values are adjusted by Holm. While the weakest does not hold it is
       taken out, and its neighbours are tested again.

    Raises ValueError for a wrong shape or ``alpha``. Cost O(n²) at worst for step 1 and O(draws·n) for the others.
    Source: Bai and Perron 1998, doi:10.2307/2998540 (tests), and the sources of the parts. What we changed: see the parts.

    >>> detect([0.0, 1.0] * 10 + [8.0, 9.0] * 10).indices.tolist()
    [20]
    """
    y = np.asarray(values, np.float64)
    y = y[:, None] if y.ndim == 1 else y
    if y.ndim != 2 or not 0 < alpha < 1:
        raise ValueError(f"values have shape {np.shape(values)} and alpha is {alpha}; use (n,) or (n, columns) and 0 < alpha < 1")
    places = np.flatnonzero(np.isfinite(y).all(axis=1))
    known = y[places]
    spread = known.std(axis=0) if known.size else np.zeros(y.shape[1])
    moving = spread > 1e-12 * np.maximum(np.abs(known).max(axis=0, initial=0.0), 1e-300)
    nothing = Breaks(np.zeros(0, np.int64), (), float("nan"), None, bool(lines), False, 0.0, _spread_out(known, places, y.shape))
    if places.size < FEWEST or not moving.any():
        return nothing
    # The tests take points that stand alone as they are: drawn in, they lean to their neighbours, and alarms get more frequent.
    raw = (known[:, moving] - known[:, moving].mean(axis=0)) / spread[moving]
    scaled = without_outliers(raw)
    regimes = _described(scaled, bool(lines))
    if lines is None:
        other = describe(scaled, min_size=shortest(places.size, lines=True), lines=True, below=regimes.length)
        regimes = other if other is not None and other.length < regimes.length else regimes
    tested = _test(raw, regimes, alpha, draws, seed)
    if lines is None and tested.p_value <= alpha and not regimes.lines and _straight(scaled, tested.indices):
        regimes = _described(scaled, True)
        tested = _test(raw, regimes, alpha, draws, seed)
    p_value, held, p_values, variance = tested
    best = held if held.size == 1 else held[[int(np.argmin(p_values))]]
    if p_value > alpha:
        held, p_values = held[:0], p_values[:0]
    least = shortest(places.size, lines=regimes.lines)
    shown = fitted(known, held, lines=regimes.lines)
    dated = date(known[:, moving], scaled, held, lines=regimes.lines, min_size=least, floor=variance)
    alone = date(known[:, moving], scaled, best, lines=regimes.lines, min_size=least, floor=variance)
    return Breaks(
        places[held],
        tuple(_break(d, p, places) for d, p in zip(dated, p_values.tolist(), strict=True)),
        p_value,
        _break(alone[0], p_value, places),
        regimes.lines,
        smooth_length(scaled) < length_of(scaled, held if held.size else best, lines=regimes.lines),
        regimes.rho,
        _spread_out(shown, places, y.shape),
    )


def _described(scaled: Floats, lines: bool) -> Regimes:
    found = describe(scaled, min_size=shortest(scaled.shape[0], lines=lines), lines=lines)
    assert found is not None  # nothing is infinitely long
    return found


def _straight(scaled: Floats, indices: Ints) -> bool:
    """Say whether a line without a break describes the series in less than levels with these breaks."""
    return length_of(scaled, indices[:0], lines=True) < length_of(scaled, indices, lines=False)


def shortest(n: int, *, lines: bool) -> int:
    """Give the fewest points of a regime in a series of ``n``: 5 for each coefficient, or 5 % of the series; less where short."""
    coefficients = 2 if lines else 1
    return max(2 * coefficients, min(SHORTEST * coefficients, n // 6), int(np.ceil(PART * n)))


def _test(values: Floats, regimes: Regimes, alpha: float, draws: int, seed: int) -> _Tested:
    """Test the series, and each candidate between its neighbours."""
    rng = np.random.default_rng(seed)
    n = values.shape[0]
    least = shortest(n, lines=regimes.lines)
    most = max(1, min(MOST, n // (4 * least)))
    seen = search(values.T[None], lines=regimes.lines, trim=least, most=most)
    best = int(seen.first[0])
    source = _source(values, regimes, best, least, rng)
    unbroken = _unbroken(values, source, lines=regimes.lines)
    drawn = search(redraw(unbroken, n, draws=min(draws, _FIRST), rng=rng), lines=regimes.lines, trim=least, most=most).statistics
    p_value = p_of_largest(seen.statistics[0], drawn)
    if draws > _FIRST and (p_value <= _FAR or regimes.indices.size > 1):
        more = search(redraw(unbroken, n, draws=draws - _FIRST, rng=rng), lines=regimes.lines, trim=least, most=most).statistics
        p_value = p_of_largest(seen.statistics[0], np.vstack([drawn, more]))
    if regimes.indices.size < 2:
        held = regimes.indices if regimes.indices.size else np.array([best])
        return _Tested(p_value, held, np.array([p_value]), _variance(source))
    # Breaks chosen together with a low dependence make it look lower than it is: here it is taken at its upper 95 % end.
    upper = np.minimum(source.rho + UPPER * np.sqrt((1 - source.rho**2) / n), np.maximum(source.rho, FURTHEST))
    source = source._replace(rho=upper)
    held, p_values = _hold(values, regimes.indices, regimes.lines, source, least, alpha, draws, rng)
    p_value = min(p_value / WHOLE, float(p_values.min()) / (1 - WHOLE), 1.0)
    return _Tested(p_value, held, np.maximum(p_values, p_value), _variance(source))


def _variance(source: Noise) -> Floats:
    """Give the long-run variance of each column of the noise."""
    return np.asarray((source.steps**2).mean(axis=1) / (1 - source.rho) ** 2)


def _unbroken(values: Floats, source: Noise, *, lines: bool) -> Noise:
    """Take the steps from what one level or line leaves: breaks that were sought also explain large steps of plain noise away.

    The statistic of the whole series is studentised, so that larger steps do not hide a break. Source: the null imposed, Davidson
    and MacKinnon 1999, doi:10.1017/S0266466699153027, sec. 2.
    """
    left = values - fitted(values, np.zeros(0, np.int64), lines=lines)
    steps = (left[1:] - source.rho * left[:-1]).T
    return source._replace(steps=steps - steps.mean(axis=1, keepdims=True))


def _source(scaled: Floats, regimes: Regimes, best: int, least: int, rng: np.random.Generator) -> Noise:
    """Take the noise from what the regimes leave (or the best break), as dependent as it was before breaks were sought.

    Breaks that were sought hide some dependence. It is raised until redrawn series, after as many breaks, show as little; how
    much the same series scatter is its standard error.
    Source: median-unbiased estimation, Andrews 1993, doi:10.2307/2951781. What we changed: by simulation, in two steps.
    """
    around = regimes if regimes.indices.size else regimes._replace(indices=np.array([best]))
    count = around.indices.size
    source = noise(residuals(scaled, around), lost=(count + 1) * (2 if regimes.lines else 1))
    seen = source.rho
    for _ in range(_ROUNDS):
        series = redraw(source._replace(spread=np.zeros_like(seen)), scaled.shape[0], draws=_CALIBRATING, rng=rng)
        shown = search(series, lines=regimes.lines, trim=least, most=min(count, _SOUGHT)).rho
        rho = np.clip(source.rho + seen - np.median(shown, axis=0), seen, np.maximum(seen, HIGHEST))
        source = source._replace(rho=rho, spread=shown.std(axis=0))
    return source


def _hold(
    scaled: Floats,
    candidates: Ints,
    lines: bool,
    source: Noise,
    least: int,
    alpha: float,
    draws: int,
    rng: np.random.Generator,
) -> tuple[Ints, Floats]:
    """Take the weakest candidate out until all hold between their neighbours, or one is left; give those and their p-values."""
    held = candidates.tolist()
    tested: dict[tuple[int, int], float] = {}
    while True:
        edges = [0, *held, scaled.shape[0]]
        windows = list(zip(edges[:-2], edges[2:], strict=True))
        for window in windows:
            if window not in tested:
                tested[window] = _between(scaled, window, lines, source, least, draws, rng)
        adjusted = np.array(holm([tested[w] for w in windows]))
        weakest = int(np.argmax(adjusted))
        if len(held) == 1 or adjusted[weakest] <= alpha:
            return np.array(held, np.int64), adjusted
        del held[weakest]


def _between(
    scaled: Floats, window: tuple[int, int], lines: bool, source: Noise, least: int, draws: int, rng: np.random.Generator
) -> float:
    """Test one break against none between two others, with the noise of the whole series; Bonferroni for windows side by side."""
    part = scaled[slice(*window)]
    scale = (source.steps**2).mean(axis=1)
    seen = search(part.T[None], lines=lines, trim=least, most=1, scale=scale)
    drawn = search(redraw(source, part.shape[0], draws=draws, rng=rng), lines=lines, trim=least, most=1, scale=scale)
    alone = tail(float(seen.statistics[0, 0]), drawn.statistics[:, 0])
    return float(min(alone * scaled.shape[0] / part.shape[0], 1.0))


def _break(dated: Dated, p_value: float, places: Ints) -> Break:
    index, low, high = (int(places[i]) for i in (dated.at, dated.low, dated.high))
    return Break(index, low, high, p_value, dated.size, dated.size_low, dated.size_high)


def _spread_out(known: Floats, places: Ints, shape: tuple[int, ...]) -> Floats:
    out = np.full(shape, np.nan)
    out[places] = known
    return out
