"""Slow twins: the same numbers from plain loops over rows, written without looking at how the product computes them."""

import math
from collections import Counter, defaultdict
from statistics import median
from typing import Any

Row = dict[str, Any]


def volume(posts: list[Row], bin_us: int) -> dict[int, int]:
    """Count posts by the start of their bin."""
    return dict(Counter(p["created_at_us"] // bin_us * bin_us for p in posts))


def active_authors(posts: list[Row], bin_us: int) -> dict[int, int]:
    """Count different authors by bin."""
    seen: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for p in posts:
        seen[p["created_at_us"] // bin_us * bin_us].add((p["platform"], p["account_id"]))
    return {start: len(authors) for start, authors in seen.items()}


def engagement(metrics: list[Row]) -> int:
    """Add up likes, reposts, quotes and replies, hidden ones as nothing."""
    return sum((m[name] or 0) for m in metrics for name in ("likes", "reposts", "quotes", "replies"))


def share_ratio(posts: list[Row], column: str, value: str, split_us: int) -> float:
    """Divide the share of a category after a time by its share before."""
    sides: list[list[bool]] = [[], []]
    for p in posts:
        sides[p["created_at_us"] >= split_us].append(p[column] == value)
    return (sum(sides[1]) / len(sides[1])) / (sum(sides[0]) / len(sides[0]))


def gini(sizes: list[float]) -> float:
    """Compare every pair: the mean absolute difference over twice the mean."""
    n = len(sizes)
    return sum(abs(a - b) for a in sizes for b in sizes) / (2 * n * n * (sum(sizes) / n))


def excess(counts: list[float], expected: list[float], length: int) -> list[float]:
    """Studentise every window of a length by the median absolute deviation of all of them."""
    roots = []
    for start in range(len(counts) - length + 1):
        seen, usual = sum(counts[start : start + length]), sum(expected[start : start + length])
        roots.append(2 * (math.sqrt(seen + 0.375) - math.sqrt(usual + 0.375)))
    middle = median(roots)
    unit = max(1.4826 * median(abs(r - middle) for r in roots), 1.0)
    return [(r - middle) / unit for r in roots]


def score(part: list[tuple[float, float]], whole: list[tuple[float, float]]) -> float:
    """Studentise, over clusters of (before, after), the difference of a category's share from the share of both sides together."""
    totals = [sum(w[side] for w in whole) for side in (0, 1)]
    usual = sum(map(sum, part)) / sum(totals)
    terms = [(p[1] - usual * w[1]) / totals[1] - (p[0] - usual * w[0]) / totals[0] for p, w in zip(part, whole, strict=True)]
    return sum(terms) / math.sqrt(sum(t * t for t in terms))
