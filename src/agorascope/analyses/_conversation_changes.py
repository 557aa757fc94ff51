"""What grew and what fell? Shares of kinds, languages, platforms, groups, hashtags and domains before and after a date.

One row is one category: the ratio of its share of the volume after to its share before. A slow rise of everything changes no
share. A change must hold against authors (not carried by a few) and against time (not of one stretch only).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.intensity import farness, within
from agorascope.stats.share_ratio import FARTHEST, interval, scores
from agorascope.stats.signflip import column_draws, column_t, p_values, pool
from agorascope.stats.sums import sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEWEST_POSTS = 20
FEWEST_AUTHORS = 5
BLOCKS = 16


class Slice(NamedTuple):
    """Hold the volume of one category, in rows of (author, bin, posts); ``whole`` is what its share is taken of."""

    dimension: str
    category: str
    author: Ints
    bin: Ints
    posts: Floats
    whole: "Whole"


class Whole(NamedTuple):
    """Hold the volume shares are taken of, in rows of (author, bin, posts)."""

    author: Ints
    bin: Ints
    posts: Floats


def find(
    slices: list[Slice], *, sizes: Floats, bins: int, before: int, after: int, draws: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Compare every category's share in bins [0, before) with that in [after, bins). p-values hold over all categories together.

    ``sizes`` is the volume of every author. Score tests with the null of an unchanged share imposed, signs flipped by author and by
    stretch of time (16 or fewer); the larger p counts. A category of fewer than five authors or 20 posts is not tested.
    """
    edges, cluster = _stretches(before, after, bins), pool(sizes)
    tested = [(piece, _halves(piece, cluster, before, after, edges)) for piece in slices]
    tested = [(piece, halves) for piece, halves in tested if halves.enough()]
    if not tested or edges.size < 8:
        return []
    families = ([scores(h.part_time, h.whole_time) for _, h in tested], [scores(h.part_author, h.whole_author) for _, h in tested])
    p_time, p_author = (_family(np.column_stack(family), draws, rng) for family in families)
    rows = [
        _describe(piece, halves, float(chance))
        for (piece, halves), chance in zip(tested, np.maximum(p_time, p_author), strict=True)
    ]
    return sorted(rows, key=lambda row: (row["p_value"], -farness(row["ratio"]), row["dimension"], row["category"]))


class _Halves(NamedTuple):
    """Hold one category and its whole as (clusters, 2) arrays of volume before and after, by author and by stretch of time."""

    part_author: Floats
    whole_author: Floats
    part_time: Floats
    whole_time: Floats
    authors: int

    def enough(self) -> bool:
        """Say whether the category and its complement are large enough to be compared."""
        part, whole = self.part_author.sum(axis=0), self.whole_author.sum(axis=0)
        return bool(
            part.sum() >= FEWEST_POSTS
            and (whole - part).sum() >= FEWEST_POSTS
            and whole.min() >= FEWEST_POSTS
            and self.authors >= FEWEST_AUTHORS
        )


def _stretches(before: int, after: int, bins: int) -> Ints:
    """Cut each side into up to eight stretches of equal length; return the first bin of each, and the bin that ends all."""
    sides = [
        np.linspace(first, last, min(BLOCKS // 2, last - first) + 1).astype(np.int64)
        for first, last in ((0, before), (after, bins))
    ]
    return np.unique(np.concatenate([sides[0][:-1], [before], sides[1]]))


def _halves(piece: Slice, cluster: Ints, before: int, after: int, edges: Ints) -> _Halves:
    whole = piece.whole
    by_author = [_add(cluster[s.author], s, int(cluster.max()) + 1, before, after) for s in (piece, whole)]
    by_time = [_add(np.searchsorted(edges, s.bin, side="right") - 1, s, edges.size, before, after) for s in (piece, whole)]
    return _Halves(by_author[0], by_author[1], by_time[0], by_time[1], int(np.unique(piece.author).size))


def _add(cluster: Ints, rows: Slice | Whole, clusters: int, before: int, after: int) -> Floats:
    sides = [rows.bin < before, rows.bin >= after]
    return np.column_stack([sums(cluster[side], rows.posts[side], clusters) for side in sides])


def _family(scores: Floats, draws: int, rng: np.random.Generator) -> Floats:
    return p_values(np.abs(column_t(scores)), column_draws(scores, draws=draws, rng=rng))


def _describe(piece: Slice, halves: _Halves, p: float) -> dict[str, Any]:
    """Measure the ratio of shares; its interval holds every ratio that authors or stretches of time do not contradict."""
    part, totals = halves.part_author.sum(axis=0), halves.whole_author.sum(axis=0)
    ends = [interval(halves.part_time, halves.whole_time), interval(halves.part_author, halves.whole_author)]
    padded = (part + (0.5 if part.min() == 0 else 0.0)) / totals  # a category new or gone has a ratio all the same (Haldane 1956)
    return {
        "dimension": piece.dimension,
        "category": piece.category,
        "posts": float(part.sum()),
        "before": float(part[0]),
        "after": float(part[1]),
        "share_before": float(part[0] / totals[0]),
        "share_after": float(part[1] / totals[1]),
        "authors": halves.authors,
        "ratio": within(float(padded[1] / padded[0])),
        "low": _within(min(low for low, _ in ends)),
        "high": _within(max(high for _, high in ends)),
        "p_value": p,
    }


def _within(end: float) -> float | None:
    """Give an end of an interval, or None where the clusters are too few or too unlike to bound it."""
    return end if max(end, 1 / end) < FARTHEST / 1.001 else None
