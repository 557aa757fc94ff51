"""Slow twins: the same numbers from plain loops over rows, written without looking at how the product computes them."""

import itertools
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


def squares(values: list[float], *, lines: bool) -> float:
    """Add up squared distances from the mean, or from the least-squares line, of one stretch."""
    n = len(values)
    mean, middle = sum(values) / n, (n - 1) / 2
    spread = sum((t - middle) ** 2 for t in range(n))
    slope = sum((t - middle) * v for t, v in enumerate(values)) / spread if lines and n > 1 else 0.0
    return sum((v - mean - slope * (t - middle)) ** 2 for t, v in enumerate(values))


def partition(values: list[float], penalty: float, min_size: int, *, lines: bool) -> tuple[float, list[int]]:
    """Try every way to cut a short series; give the least sum of squares left plus penalties, and its cuts."""
    n = len(values)
    best: tuple[float, list[int]] = (math.inf, [])
    for chosen in range(2 ** (n - 1)):
        edges = [0, *(t + 1 for t in range(n - 1) if chosen >> t & 1), n]
        if all(b - a >= min_size for a, b in itertools.pairwise(edges)):
            cost = sum(squares(values[a:b], lines=lines) for a, b in itertools.pairwise(edges)) + penalty * (len(edges) - 2)
            best = min(best, (cost, edges[1:-1]))
    return best


def period_effects(author: list[int], at: list[int], values: list[float], periods: int) -> list[float]:
    """Fit account and period effects by solving the normal equations whole; give period effects, plus the mean of what is left."""
    import numpy as np

    accounts = max(author) + 1
    matrix = np.zeros((len(values), accounts + periods))
    for row, (a, t) in enumerate(zip(author, at, strict=True)):
        matrix[row, a] = matrix[row, accounts + t] = 1.0
    effects = np.linalg.lstsq(matrix, np.array(values), rcond=None)[0][accounts:]
    shift = sum(values) / len(values) - sum(effects[t] for t in at) / len(at)
    return [float(e + shift) for e in effects]


def beside(counts: list[float], first: int, length: int, around: int) -> tuple[int, float]:
    """Count a window, and what its surroundings would give in as many days."""
    inside = sum(counts[i] for i in range(first, first + length))
    days = [i for i in range(len(counts)) if first - around <= i < first + length + around and not first <= i < first + length]
    return int(inside), sum(counts[i] for i in days) / len(days) * length


def usual_losses(member: list[int], day: list[int], lost: list[float], days: int, shrunk: float) -> list[float]:
    """Add up by day each member's share of losing days, that day's row left out, drawn towards the share of all."""
    usual = sum(lost) / len(lost)
    out = [0.0] * days
    for i, (m, d) in enumerate(zip(member, day, strict=True)):
        others = [lost[j] for j in range(len(lost)) if member[j] == m and j != i]
        out[d] += (sum(others) + shrunk * usual) / (len(others) + shrunk)
    return out


def near_groups(texts: list[str], threshold: float) -> list[set[int]]:
    """Compare every pair of texts by their words, and join those alike enough until nothing changes."""
    words = [set(text.split()) for text in texts]
    groups = [{i} for i in range(len(texts))]
    for i, j in itertools.combinations(range(len(texts)), 2):
        if len(words[i] & words[j]) >= threshold * len(words[i] | words[j]):
            one, other = (next(g for g in groups if k in g) for k in (i, j))
            if one is not other:
                groups.remove(other)
                one |= other
    return [g for g in groups if len(g) > 1]


def partners(rows: list[tuple[str, int, int]], window: int) -> dict[tuple[str, str], int]:
    """Count the objects on which two accounts' first acts (account, object, second) lie within the window: pair -> objects."""
    first: dict[tuple[int, str], int] = {}
    for account, obj, at in rows:
        first[obj, account] = min(at, first.get((obj, account), at))
    found: dict[tuple[str, str], int] = {}
    for (obj, one), at in first.items():
        for (other_obj, other), other_at in first.items():
            if obj == other_obj and one < other and abs(at - other_at) <= window:
                found[one, other] = found.get((one, other), 0) + 1
    return found


def lifted(posts: list[Row]) -> set[tuple[str, str]]:
    """Pair the first writing of a text by each account with the earliest one, by another: ids (copy, first)."""
    by_text: dict[str, list[Row]] = defaultdict(list)
    for p in sorted(posts, key=lambda p: p["created_at_us"]):
        by_text[p["text"]].append(p)
    pairs = set()
    for same in by_text.values():
        seen = {same[0]["account_id"]}
        for p in same[1:]:
            if p["account_id"] not in seen:
                pairs.add((p["post_id"], same[0]["post_id"]))
            seen.add(p["account_id"])
    return pairs


def ranked(acts: list[tuple[str, str]]) -> list[tuple[str, int]]:
    """Count acts (account, object) one by one, and put the objects in order: more first, then by name."""
    counts: dict[str, int] = {}
    for _, obj in acts:
        counts[obj] = counts.get(obj, 0) + 1
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def together(acts: list[tuple[int, int, int]], some: set[int], window: int) -> set[int]:
    """Name those of some accounts that, by first acts (account, object, time), meet another of them on two objects or more."""
    first: dict[tuple[int, int], int] = {}
    for account, obj, at in acts:
        if account in some:
            first[account, obj] = min(at, first.get((account, obj), at))
    met = {(a, o) for (a, o), t in first.items() if any(a != b and o == p and abs(t - u) <= window for (b, p), u in first.items())}
    return {a for a in some if sum(a == b for b, _ in met) >= 2}


def tied(pairs: list[tuple[str, str]], group: set[str]) -> set[str]:
    """List the accounts of a group that have a record another account of the group has, pair by pair."""
    return {a for a, r in pairs for b, s in pairs if a != b and r == s and a in group and b in group}


def explained(before: int, lost: int, known: int, flagged: int, unseen: int) -> tuple[int, int]:
    """Try every number of flagged among the unknown members, and every number of them among the lost."""
    possible = []
    for more in range(min(before - known, unseen) + 1):
        members = flagged + more
        possible += [taken for taken in range(lost + 1) if taken <= members and lost - taken <= before - members]
    return min(possible), max(possible)


def across(ties: set[tuple[int, int]], side: dict[int, int]) -> float:
    """Give the share of ties between accounts with different sides, tie by tie; directions and loops do not count."""
    pairs = {(min(a, b), max(a, b)) for a, b in ties if a != b}
    return sum(side[a] != side[b] for a, b in pairs) / len(pairs)


def deceived(sees: dict[int, dict[int, float]], bearers: set[int]) -> float:
    """Give the share of viewers more than half of whose sight, by weight, comes from bearers, viewer by viewer."""
    viewers = [seen for seen in sees.values() if sum(seen.values()) > 0]
    return sum(2 * sum(w for a, w in seen.items() if a in bearers) > sum(seen.values()) for seen in viewers) / len(viewers)


def one_factor(votes: list[tuple[int, int, float]], raters: int, items: int, sweeps: int = 1_500) -> list[float]:
    """Minimise mean squared error plus lambda times mean squares, one parameter after the other; give the intercepts of items."""
    mean = sum(v for _, _, v in votes) / len(votes)
    a, b = [0.0] * raters, [0.0] * items
    f, g = [(-1.0) ** u * 0.5 for u in range(raters)], [(-1.0) ** (n // 2) * 0.5 for n in range(items)]
    by_rater: dict[int, list[tuple[int, float]]] = defaultdict(list)
    by_item: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for u, n, v in votes:
        by_rater[u].append((n, v))
        by_item[n].append((u, v))
    per_rater, per_item = len(votes) / raters, len(votes) / items
    for _ in range(sweeps):
        for u, seen in by_rater.items():
            a[u] = sum(v - mean - b[n] - f[u] * g[n] for n, v in seen) / (len(seen) + 0.15 * per_rater)
            f[u] = sum((v - mean - a[u] - b[n]) * g[n] for n, v in seen) / (sum(g[n] ** 2 for n, _ in seen) + 0.03 * per_rater)
        for n, seen in by_item.items():
            b[n] = sum(v - mean - a[u] - f[u] * g[n] for u, v in seen) / (len(seen) + 0.15 * per_item)
            g[n] = sum((v - mean - a[u] - b[n]) * f[u] for u, v in seen) / (sum(f[u] ** 2 for u, _ in seen) + 0.03 * per_item)
        mean = sum(v - a[u] - b[n] - f[u] * g[n] for u, n, v in votes) / (len(votes) * 1.15)
    return b
