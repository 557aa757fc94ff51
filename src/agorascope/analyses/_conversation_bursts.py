"""When did everybody talk more than usual? Bursts of volume against the series' own baseline, with start, peak and half-life.

One row of ``Bursts.episodes`` is one stretch: windows that hold, joined where they touch; the strongest comes first, and where none
holds the strongest window is given all the same.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.baseline import CYCLES, MOST_UNDER, design, fit, running, settles
from agorascope.stats.intensity import log_ratio_interval, within
from agorascope.stats.scan import Scan, deviations, scan, window_sums
from agorascope.stats.signflip import effective, p_values, pool
from agorascope.stats.sums import sums

from ._conversation_reduce import HOUR_US, Activity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LENGTHS = {"hour": (1, 2, 3, 6, 12, 24), "day": (1, 2, 3, 5, 7), "week": (1, 2, 3, 4)}
FEWEST_BINS = 12
FEWEST_PER_BIN = 2.0
MOST_EPISODES = 20
WINDOWS_FEWEST = 8  # windows side by side that a series must hold for its windows to have a spread
_NORMAL_95 = 1.959964
_SPILL = 0.84


# Why a series is not scanned: too few bins, too few posts a bin, or no level that could be called usual.
Unscanned = Literal["short", "thin", "unusual"]


class Bursts(NamedTuple):
    """Hold the scan of a series: first bin scanned, baseline with a 95 % band, episodes, and what could have been seen."""

    first: int
    scan: Scan
    expected: Floats
    episodes: list[dict[str, Any]]
    low: Floats
    high: Floats
    smallest_ratio: float


def find(activity: Activity, *, draws: int, alpha: float, rng: np.random.Generator) -> Bursts | Unscanned:
    """Scan the volume for bursts, or say why not. p-values hold over all windows together.

    The first and last bins are left out where bins are cut from time: the capture began and ended inside them.
    """
    first, last = (1, activity.bins - 1) if activity.hours else (0, activity.bins)
    counts = activity.counts[first:last]
    if counts.size < FEWEST_BINS:
        return "short"
    if counts.mean() < FEWEST_PER_BIN:
        return "thin"
    members = _members(activity, first, last)
    lengths = [n for n in LENGTHS[activity.bin_name] if n <= counts.size // WINDOWS_FEWEST] or [1]
    columns = design(counts.size, CYCLES[activity.bin_name])
    result = scan(members, columns, lengths, draws=draws, rng=rng, period=CYCLES[activity.bin_name].length)
    if not result.modelled and float(result.expected.sum()) * MOST_UNDER < float(counts.sum()):
        return "unusual"
    chosen = _choose(result, counts, alpha)
    expected = _without(counts, columns, result, chosen, alpha, CYCLES[activity.bin_name].length)
    baseline = columns.shape[1] * result.scale[1] ** 2 / float(expected.sum())
    episodes = [_describe(activity, members, result, expected, first, *window, baseline) for window in chosen]
    margin = _NORMAL_95 * result.scale[1] * np.sqrt(expected)
    smallest = _smallest(result, activity.bin_name, float(np.quantile(result.maxima, 1 - alpha)))
    return Bursts(first, result, expected, episodes, np.maximum(expected - margin, 0), expected + margin, smallest)


def _without(
    counts: Floats, columns: Floats, result: Scan, chosen: list[tuple[int, int, float]], alpha: float, period: int
) -> Floats:
    """Fit the baseline again without the bursts that hold, to measure them by: they had raised it a little, for all its weights.

    Where they fill more than a third of the series, or none holds, or the model then diverges, the baseline stays as it was.
    """
    left_out = np.zeros(counts.size, bool)
    for length, start, p in chosen:
        left_out[start : start + length] |= p <= alpha
    if not 0 < left_out.sum() <= counts.size / 3:
        return result.expected
    if not result.modelled:
        return np.asarray(running(counts[None, :], columns, period=period, left_out=left_out)[0])
    expected = fit(counts[None, :], columns, left_out=left_out)
    return np.asarray(expected[0] if settles(counts[None, :], expected, columns)[0] else result.expected)


def _members(activity: Activity, first: int, last: int) -> Floats:
    """Lay out the volume by author (small ones pooled) and bin. Shape (authors, bins)."""
    inside = (activity.bin >= first) & (activity.bin < last)
    cluster = pool(sums(activity.author[inside], activity.posts[inside], len(activity.authors)))
    bins = last - first
    place = cluster[activity.author[inside]] * bins + activity.bin[inside] - first
    return sums(place, activity.posts[inside], (int(cluster.max()) + 1) * bins).reshape(-1, bins)


def _choose(result: Scan, counts: Floats, alpha: float) -> list[tuple[int, int, float]]:
    """Choose stretches (length, start, p): windows that hold at ``alpha``, joined where they touch; else the strongest window.

    Of windows that overlap, the one with the greatest likelihood ratio is kept, since it places a burst best.
    Source: Kulldorff 1997, doi:10.1080/03610929708831995, eq. for the most likely cluster.
    """
    windows = [(length, start) for length, values in result.excess.items() for start in range(values.size)]
    excess = np.concatenate(list(result.excess.values()))
    chance = p_values(excess, result.maxima)
    held = np.flatnonzero(chance <= alpha).tolist()
    if not held:
        best = int(np.argmax(excess))
        return [(*windows[best], float(chance[best]))]
    likely = np.concatenate([_likelihood(counts, result.expected, length) for length in result.excess])
    p = np.ones(counts.size)
    free = np.ones(counts.size, bool)
    for i in sorted(held, key=lambda i: (-likely[i], windows[i])):
        inside = slice(windows[i][1], windows[i][1] + windows[i][0])
        if free[inside].all():
            free[inside], p[inside] = False, chance[i]
    edges = np.flatnonzero(np.diff(np.concatenate([[True], free, [True]]).astype(np.int64)))
    joined = [(int(end - start), int(start), float(p[start:end].min())) for start, end in edges.reshape(-1, 2)]
    return sorted(joined, key=lambda s: (s[2], -_likelihood(counts, result.expected, s[0])[s[1]], s[1]))[:MOST_EPISODES]


def _likelihood(counts: Floats, expected: Floats, length: int) -> Floats:
    """Give the Poisson log likelihood ratio of every window of a length, 0 where it holds no excess."""
    seen, usual = window_sums(counts, length), window_sums(expected, length)
    return np.where(seen > usual, seen * np.log(np.maximum(seen, 1) / usual) - (seen - usual), 0.0)


def _describe(
    activity: Activity,
    members: Floats,
    result: Scan,
    expected: Floats,
    first: int,
    length: int,
    start: int,
    p: float,
    baseline: float,
) -> dict[str, Any]:
    """Measure one window: its size, its ratio to the baseline with an interval, who carried it, when it rose and fell.

    The variance of the log ratio is the larger of two: that of the authors' deviations in the window (clusters, k/(k-1)), and that
    of windows of its length round their baseline (``scale``); that of the baseline itself (``baseline``) is added.
    """
    inside = members[:, start : start + length].sum(axis=1)
    scale = result.scale[max(n for n in result.scale if n <= length)]
    posts, usual = float(inside.sum()), float(expected[start : start + length].sum())
    parts = deviations(members, expected)[:, start : start + length].sum(axis=1)
    k = np.count_nonzero(inside)
    by_author = float((parts**2).sum()) * k / (k - 1) / max(posts, 1.0) ** 2 if result.by_authors and k > 1 else 0.0
    variance = max(by_author, scale**2 / usual) + baseline
    freedom = max(min(effective(parts) - 1 if result.by_authors else 1e9, expected.size / length - 2), 3.0)
    ratio = log_ratio_interval(posts / usual, variance, freedom)
    begin = activity.origin_us + (first + start) * activity.bin_us
    found: dict[str, Any] = {
        "start_us": begin,
        "end_us": begin + length * activity.bin_us,
        "posts": posts,
        "expected": usual,
        "excess": posts - usual,
        "ratio": within(ratio.ratio),
        "low": within(ratio.low),
        "high": within(ratio.high),
        "p_value": p,
        "authors": _active(activity, first + start, length),
        "top_author_share": float(inside.max()) / posts if posts else 0.0,
        "first_bin": first + start,
        "bins": length,
    }
    return found | _course(activity, expected, first, start, length)


def _active(activity: Activity, start: int, length: int) -> int:
    inside = (activity.bin >= start) & (activity.bin < start + length) & (activity.posts > 0)
    return int(np.unique(activity.author[inside]).size)


def _course(activity: Activity, expected: Floats, first: int, start: int, length: int) -> dict[str, Any]:
    """Find onset, peak and half-life, by hours where posts have times, else by bins.

    The onset is where the running excess last stood lowest before the peak (CUSUM, Page 1954); the half-life is the time from
    the peak until half of the excess that still followed had come, looking one window beyond the end.
    """
    step = HOUR_US if activity.hours and activity.bin_us > HOUR_US else activity.bin_us
    per_bin = activity.bin_us // step
    begin, end = max(start - 1, 0), min(start + 2 * length, expected.size)
    usual = np.repeat(expected[begin:end] / per_bin, per_bin)
    origin = activity.origin_us + (first + begin) * activity.bin_us
    if per_bin > 1:
        usual = usual * np.tile(_daily(activity), usual.size // 24 + 1)[(origin // step) % 24 :][: usual.size]
        seen = np.array([activity.hours.get(origin + i * step, 0) for i in range(usual.size)], np.float64)
    else:
        seen = activity.counts[first + begin : first + end]
    excess = seen - usual
    smooth = np.convolve(excess, np.ones(3) / 3, "same") if per_bin > 1 else excess
    inside = slice((start - begin) * per_bin, (start - begin + length) * per_bin)
    peak = inside.start + int(np.argmax(smooth[inside]))
    running = np.concatenate([[0.0], np.cumsum(excess)])
    onset = int(np.argmin(running[: peak + 1]))
    after = np.maximum.accumulate(running[peak:] - running[peak])
    total = float(after[-1])
    half = float(np.interp(total / 2, after + np.arange(after.size) * 1e-9, np.arange(after.size))) if total > 0 else None
    return {
        "onset_us": origin + onset * step,
        "peak_us": origin + peak * step,
        "peak_posts": float(seen[peak]),
        "half_life_s": None if half is None else half * step / 1e6,
    }


def _daily(activity: Activity) -> Floats:
    """Measure the usual share of each hour of the day (UTC) relative to 1. Shape (24,)."""
    profile = np.full(24, 0.5)
    for at, posts in activity.hours.items():
        profile[at // HOUR_US % 24] += posts
    return np.asarray(profile / profile.mean())


def _smallest(result: Scan, bin_name: str, critical: float) -> float:
    """Compute the ratio at which a window (two days, three hours, one week: or the shortest) is found about half the time.

    Its root must exceed the usual one by the critical value, in units of the spread: (1 + c x scale / (2 sqrt(expected)))^2; with
    few authors the comparison is of logarithms. To c is added 0.84, since a burst raises its own baseline and spills over its
    window: bursts of this ratio were then found in 43 to 57 % of the worlds of three cells.
    """
    length = {"hour": 3, "day": 2, "week": 1}[bin_name]
    length = length if length in result.scale else min(result.scale)
    usual = float(np.median(window_sums(result.expected, length)))
    reach = (critical + _SPILL) * result.scale[length] / np.sqrt(usual)
    return float((1 + reach / 2) ** 2 if result.by_authors else np.exp(min(reach, 50.0)))
