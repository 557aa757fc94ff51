"""Is a stretch of days more crowded than its surroundings ever are by chance? A scan of daily counts of things that happen once.

Every window is compared with the half year to both sides of it, or with another series of the same days. Its excess is measured
by how much windows of its length usually stray, and by what the largest of all would be in series that stray as much.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LENGTHS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60)
AROUND = 182
MEMORY = 14.0
SMOOTH = 60.0
FEWEST = 10
MOST = 12
_MATCHED = 28
_TRIMMED = 0.05
MOST_RESTLESS = 0.7
_LEVELS = np.linspace(0.0, MOST_RESTLESS, 8)
_TRIES = 24


class Window(NamedTuple):
    """Hold one window: first day, length, count, what was expected, their ratio with its 95 % interval, excess, p-value."""

    first: int
    length: int
    number: int
    expected: float
    ratio: float
    low: float
    high: float | None
    excess: float
    p_value: float


class Crowded(NamedTuple):
    """Hold a scan: the bursts that hold, the best window of every length, the background by day, and how much the series strays.

    ``dispersion`` is the variance of four weeks over that of a Poisson count; ``restless`` the standard deviation of the log
    intensity that gives as much.
    """

    bursts: list[Window]
    best: list[Window]
    spread: dict[int, float]
    background: Floats
    dispersion: float
    restless: float


class _Sums(NamedTuple):
    inside: Floats
    beside: Floats
    odds: Floats  # expected inside over beside


def crowded(
    counts: Floats, *, phase: int = 0, reference: Floats | None = None, alpha: float, draws: int, rng: np.random.Generator
) -> Crowded:
    """Scan ``counts`` (days,) for windows of 1 to 60 days; ``phase`` is the weekday of the first day, ``reference`` another series.

    The excess of a window is the signed root of twice the log likelihood ratio of its count given its own and that beside it, over
    the root of the dispersion of windows of its length (mean squared Pearson residual without the upper twentieth, at least 1). The
    p-value is the share of drawn series with a larger excess in any window. They are drawn from the smooth background (or, with
    ``reference``, from the days of both), times an autoregressive log noise as strong as the dispersion of four weeks asks. A
    burst that holds is taken out, and the rest is scanned against the same draws.
    Source: Kulldorff 1997, doi:10.1080/03610929708831995; sequential deletion, Zhang, Assuncao and Kulldorff 2010,
    doi:10.1080/02664760903271984; noise found by matching, Gourieroux, Monfort and Renault 1993, doi:10.1002/jae.3950080507.
    Cost O(draws x days x lengths).
    """
    lengths = [n for n in LENGTHS if 3 * n <= counts.size]
    exposure = _week(counts if reference is None else counts + reference, phase)
    background = _background(counts, exposure)
    seen = float(_dispersion(counts, exposure, reference, _MATCHED))
    levels = _restless(counts, exposure, background, reference, seen, draws, rng)
    drawn = _draw(counts, background, reference, levels[:, None] * _noise(draws, counts.size, rng), rng)
    other = None if reference is None else counts + reference - drawn
    maxima = np.max([_excess(drawn, exposure, other, n)[0].max(axis=-1) for n in lengths], axis=0)
    spread = {n: float(_excess(counts, exposure, reference, n)[1]) for n in lengths}
    best = [_strongest(counts, exposure, reference, [n], spread, maxima, []) for n in lengths]
    bursts: list[Window] = []
    left = counts.copy()
    while len(bursts) < MOST:
        found = _strongest(left, exposure, reference, lengths, spread, maxima, bursts)
        if found.number < FEWEST or found.p_value > alpha:
            break
        bursts.append(found)
        days = slice(found.first, found.first + found.length)
        left[days] = np.minimum(left[days], found.expected * exposure[days] / exposure[days].sum())
    usual = background if reference is None else reference * counts.sum() / max(float(reference.sum()), 1.0)
    return Crowded(bursts, [b for b in best if b.number], spread, usual, seen, float(np.median(levels)))


def _week(counts: Floats, phase: int) -> Floats:
    """Give the relative exposure of every day by its weekday, drawn towards 1 by four weeks' worth of counts."""
    day = (np.arange(counts.size) + phase) % 7
    usual = counts.mean()
    seen, here = np.bincount(day, counts, 7), np.bincount(day, minlength=7)
    weight = (seen + 30 * max(usual, 1 / 7)) / (here * usual + 30 * max(usual, 1 / 7))
    return np.asarray(weight[day] / weight[day].mean())


def _background(counts: Floats, exposure: Floats) -> Floats:
    """Smooth the counts over about four months, weeks first bounded at three times the median of the half year round them."""
    week = np.arange(counts.size) // 7
    sums = np.bincount(week, counts)
    padded = np.pad(sums, 13, mode="reflect") if sums.size > 13 else np.pad(sums, 13, mode="edge")
    median = np.median(np.lib.stride_tricks.sliding_window_view(padded, 27), axis=1)
    bounded = counts * np.minimum(1.0, (3 * median + 3) / np.maximum(sums, 1e-9))[week]
    return np.asarray(gaussian_filter1d(bounded / exposure, SMOOTH, mode="reflect") * exposure)


def _sums(counts: Floats, exposure: Floats, reference: Floats | None, length: int, *, step: int = 1) -> _Sums:
    """Sum the windows of a length that begin every ``step`` days, and what each is compared with."""
    days = counts.shape[-1]
    start = np.arange(0, days - length + 1, step)
    added = _running(counts)
    inside = added[..., start + length] - added[..., start]
    if reference is not None:
        other, total = _running(reference), reference.sum(axis=-1, keepdims=True)
        odds = counts.sum(axis=-1, keepdims=True) / np.maximum(total, 1.0)
        return _Sums(inside, other[..., start + length] - other[..., start], np.broadcast_to(odds, inside.shape))
    first, last = np.maximum(start - AROUND, 0), np.minimum(start + length + AROUND, days)
    exposed = _running(exposure)
    beside = added[..., last] - added[..., first] - inside
    own = exposed[start + length] - exposed[start]
    return _Sums(inside, beside, np.broadcast_to(own / np.maximum(exposed[last] - exposed[first] - own, 1e-9), inside.shape))


def _excess(counts: Floats, exposure: Floats, reference: Floats | None, length: int) -> tuple[Floats, Floats]:
    """Give the studentised excess of every window (..., starts), 0 under 10 in it, and the dispersion (...)."""
    sums = _sums(counts, exposure, reference, length, step=_step(length))
    total = sums.inside + sums.beside
    usual = total * sums.odds / (1 + sums.odds)
    dispersion = _trimmed(sums, usual, -(-length // _step(length)))
    out = np.zeros(total.shape)
    at = np.nonzero((sums.inside >= FEWEST) & (sums.inside > usual))
    n, rest, mean = sums.inside[at], sums.beside[at], usual[at]
    more = n * np.log(n / mean)
    less = rest * np.log(np.maximum(rest, 1e-12) / np.maximum(total[at] - mean, 1e-12))
    out[at] = np.sqrt(2 * np.maximum(more + less, 0.0))
    return out / np.sqrt(dispersion)[..., None], dispersion


def _dispersion(counts: Floats, exposure: Floats, reference: Floats | None, length: int) -> Floats:
    length = min(length, max(counts.shape[-1] // 4, 1))
    sums = _sums(counts, exposure, reference, length, step=length)
    return _trimmed(sums, (sums.inside + sums.beside) * sums.odds / (1 + sums.odds), 1, least=0.0)


def _step(length: int) -> int:
    """Give the days from one window of a length to the next: a fifth of the length."""
    return max(length // 5, 1)


def _trimmed(sums: _Sums, usual: Floats, every: int, *, least: float = 1.0) -> Floats:
    """Average the squared Pearson residuals of windows side by side, the upper twentieth left out."""
    inside, mean, odds = sums.inside[..., ::every], usual[..., ::every], sums.odds[..., ::every]
    squares = np.sort((inside - mean) ** 2 / np.maximum(mean / (1 + odds), 0.05), axis=-1)
    kept = max(int(np.ceil((1 - _TRIMMED) * squares.shape[-1])) - 1, 1)
    return np.asarray(np.maximum(squares[..., :kept].mean(axis=-1), least))


def _restless(
    counts: Floats,
    exposure: Floats,
    background: Floats,
    reference: Floats | None,
    seen: float,
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw as many levels of noise as series are wanted, each by how well its own series match the dispersion that was seen.

    A series more restless than every level is compared with the highest: there chance ends, and something happened.
    """
    means, spreads = [], []
    noise = _noise(_TRIES, counts.size, rng)
    for level in _LEVELS:
        drawn = _draw(counts, background, reference, level * noise, rng)
        made = np.log(_dispersion(drawn, exposure, None if reference is None else counts + reference - drawn, _MATCHED) + 0.05)
        means.append(float(made.mean()))
        spreads.append(float(made.std(ddof=1)))
    fine = np.linspace(0.0, MOST_RESTLESS, 71)
    mean, spread = (np.interp(fine, _LEVELS, np.asarray(v)) for v in (np.maximum.accumulate(means), spreads))
    weight = -0.5 * ((np.log(seen + 0.05) - mean) / np.maximum(spread, 0.02)) ** 2 - np.log(np.maximum(spread, 0.02))
    chance = np.exp(weight - weight.max())
    return np.asarray(rng.choice(fine, draws, p=chance / chance.sum()))


def _noise(series: int, days: int, rng: np.random.Generator) -> Floats:
    """Draw an autoregression of variance 1 and a memory of 14 days, (series, days)."""
    keep = np.exp(-1 / MEMORY)
    steps = rng.standard_normal((series, days + 60)) * np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], steps, axis=-1)[:, 60:])


def _draw(counts: Floats, background: Floats, reference: Floats | None, noise: Floats, rng: np.random.Generator) -> Floats:
    """Draw series (series, days) of the background, or of the share that both series have, under a log ``noise`` of that shape."""
    if reference is None:
        lifted = np.exp(noise)
        return np.asarray(rng.poisson(background * lifted / lifted.mean(axis=-1, keepdims=True)), np.float64)
    both = counts + reference
    odds = np.exp(noise) * counts.sum() / max(float(reference.sum()), 1.0)
    return np.asarray(rng.binomial(both.astype(np.int64), odds / (1 + odds)), np.float64)


def _strongest(
    counts: Floats,
    exposure: Floats,
    reference: Floats | None,
    lengths: Sequence[int],
    spread: dict[int, float],
    maxima: Floats,
    taken: list[Window],
) -> Window:
    """Give the window with the largest excess that overlaps none of those taken; of equals the shortest, then the first."""
    best, where = -1.0, (0, 1)
    for length in lengths:
        own, dispersion = _excess(counts, exposure, reference, length)
        excess = np.round(own * np.sqrt(float(dispersion) / spread[length]), 9)  # strays as before any burst was taken out
        for w in taken:
            start = np.arange(excess.size) * _step(length)
            excess[(start > w.first - length) & (start < w.first + w.length)] = -1.0
        place = int(np.argmax(excess))
        if excess[place] > best:
            best, where = float(excess[place]), (place, length)
    place, length = where
    first = place * _step(length)
    inside, beside, odds = (float(v[place]) for v in _sums(counts, exposure, reference, length, step=_step(length)))
    low, high = ratio_interval(inside, beside, odds, dispersion=spread[length])
    expected = beside * odds
    p_value = (1 + int((maxima >= best).sum())) / (maxima.size + 1)
    ratio = inside / max(expected, 0.5 * odds)
    return Window(first, length, round(inside) if best > 0 else 0, expected, ratio, low, high, best, p_value)


def ratio_interval(
    inside: float, beside: float, odds: float, *, dispersion: float, level: float = 0.95
) -> tuple[float, float | None]:
    """Give the interval of a rate over the rate beside it, from the exact binomial of counts shrunk by the dispersion.

    The upper end is None where nothing is beside. Source: Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404.
    """
    a, b = inside / dispersion, beside / dispersion
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, a, b + 1)) if a > 0 else 0.0
    high = float(stats.beta.ppf(1 - tail, a + 1, b)) if b > 0 else 1.0
    return low / (1 - low) / odds, high / (1 - high) / odds if b > 0 else None


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
