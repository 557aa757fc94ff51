"""Which series are tested? One per measure and scope: all accounts with equal weight, each group, the most active accounts."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.tables import Corpus

from ._breaks_reduce import DAY_US, Cells, Floats, Ints

Mask = npt.NDArray[np.bool_]

FEWEST_POINTS = 20
MOST_GROUPS = 4
MOST_ACCOUNTS = 3
SWEEPS = 200
DIGITS = 9  # engines add in another order: what enters the tests is what every machine agrees on
FAR_US = 2**62

MEMBERS = """
    SELECT platform, account_id, group_name, since_us, until_us FROM groups
    ORDER BY group_name NULLS FIRST, platform NULLS FIRST, account_id NULLS FIRST, since_us NULLS FIRST, until_us NULLS FIRST"""


class Scope(NamedTuple):
    """Name a set of accounts: ``kind`` is all, group or account; ``rows`` are its rows of the cells."""

    kind: str
    name: str
    platform: str | None
    rows: Mask


class Series(NamedTuple):
    """Hold one series: natural logarithm by period, nan where unknown; ``first`` is the period of its first value."""

    measure: str
    scope: Scope
    cells: Cells
    first: int
    values: Floats

    def at_us(self, place: int) -> int:
        """Give the start of a point of the series, in µs UTC."""
        return self.cells.origin_us + (self.first + place) * self.cells.bin_us


def build(corpus: Corpus, found: list[Cells], *, series: str, account: str, group: str) -> list[Series]:
    """Make every series that the data allow and the parameters ask for. Raises BadValue for names nobody has."""
    made = []
    for cells in found:
        for scope in _scopes(corpus, cells, account, group):
            names = [n for n in _measures(cells) if not series or n == series]
            made += [s for s in (_series(cells, scope, n) for n in names) if s is not None]
    known = sorted({n for cells in found for n in _measures(cells)})
    if series and series not in known:
        raise BadValue(f"series is {series!r}; use one of: {', '.join(known) or 'none, nothing can be measured here'}")
    if (account or group) and not any(True for cells in found for _ in _scopes(corpus, cells, account, group)):
        raise BadValue(f"{'account' if account else 'group'} is {account or group!r}, which has no rows here; check its spelling")
    return made


def _measures(cells: Cells) -> list[str]:
    """List the measures with values. Engagement per post stands in where there are no views."""
    known = [n for n, values in cells.measures.items() if np.isfinite(values).any()]
    return [n for n in known if n != "engagement" or "reach" not in known]


def _scopes(corpus: Corpus, cells: Cells, account: str, group: str) -> list[Scope]:
    rows = np.ones(cells.author.size, bool)
    groups = _groups(corpus, cells)
    if account:
        named = [i for i, (_, name) in enumerate(cells.authors) if name == account]
        return [Scope("account", account, cells.authors[i][0], cells.author == i) for i in named]
    if group:
        return [s for s in groups if s.name == group]
    sizes = np.bincount(cells.author, minlength=len(cells.authors))
    volume = cells.measures.get("volume")
    if volume is not None:
        sizes = np.bincount(cells.author, np.nan_to_num(volume), len(cells.authors))
    signed = [i for i in np.argsort(-sizes, kind="stable").tolist() if cells.authors[i][1] is not None]
    several = [s for s in groups if np.unique(cells.author[s.rows]).size > 1]
    largest = sorted(several, key=lambda s: (-int(s.rows.sum()), s.name))[:MOST_GROUPS]
    active = signed[:MOST_ACCOUNTS] if len(signed) > 1 else []
    each = [Scope("account", cells.authors[i][1] or "", cells.authors[i][0], cells.author == i) for i in active]
    return [Scope("all", "", None, rows), *largest, *each]


def _groups(corpus: Corpus, cells: Cells) -> list[Scope]:
    """Give the rows of each group, by the membership at the start of the period."""
    if not corpus.has("groups"):
        return []
    numbers: dict[tuple[str, str | None], list[int]] = {}
    for number, (platform, name) in enumerate(cells.authors):
        for key in ((platform, name), ("unknown", name)):
            numbers.setdefault(key, []).append(number)
    start_us = cells.origin_us + cells.bin * cells.bin_us
    order = np.argsort(cells.author, kind="stable")
    edges = np.searchsorted(cells.author[order], np.arange(len(cells.authors) + 1))
    masks: dict[str, Mask] = {}
    for row in corpus.query(MEMBERS).to_pylist():
        mask = masks.setdefault(row["group_name"], np.zeros(cells.author.size, bool))
        since = -FAR_US if row["since_us"] is None else row["since_us"]
        until = FAR_US if row["until_us"] is None else row["until_us"]
        for number in numbers.get((row["platform"], row["account_id"]), ()):
            mine = order[edges[number] : edges[number + 1]]
            mask[mine] |= (start_us[mine] >= since) & (start_us[mine] < until)
    return [Scope("group", name, None, mask) for name, mask in sorted(masks.items()) if mask.any()]


def _series(cells: Cells, scope: Scope, measure: str) -> Series | None:
    """Make one series; None where fewer than 20 points of it are known."""
    rows = scope.rows & np.isfinite(cells.measures[measure])
    if not rows.any():
        return None
    author, at, values = cells.author[rows], cells.bin[rows], cells.measures[measure][rows]
    bins = cells.bins
    by_bin = volume(author, at, values, bins) if measure == "volume" else periods(author, at, values, bins)
    first, last = (0, bins) if cells.whole else (1, bins - 1)
    kept = by_bin[first:last]
    if cells.bin_us == DAY_US:
        kept = without_week(kept)
    if np.isfinite(kept).sum() < FEWEST_POINTS:
        return None
    return Series(measure, scope, cells, first, np.round(kept, DIGITS))


def volume(author: Ints, at: Ints, posts: Floats, bins: int) -> Floats:
    """Give log(1 + posts) by period, each account weighing the same: its posts divided by its share of all of them. (bins,)."""
    sizes = np.bincount(author, posts)
    active = np.count_nonzero(sizes)
    weight = float(sizes.sum()) / active / np.maximum(sizes, 1e-300)
    return np.asarray(np.log1p(np.bincount(at, posts * weight[author], bins)))


def periods(author: Ints, at: Ints, values: Floats, bins: int) -> Floats:
    """Give period effects of a least-squares fit on accounts and periods, every row weighing the same, plus the mean. (bins,).

    An account that is louder than others, or comes and goes, moves nothing: only what accounts change in themselves does.
    nan where no account has a value. Solved by sweeps. Source: alternating projections, Guimaraes and Portugal 2010,
    doi:10.1177/1536867X1101000406. Cost O(rows) a sweep.

    >>> periods(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([1.0, 3.0, 9.0]), 2).round(6).tolist()
    [3.0, 5.0]
    """
    accounts = int(author.max()) + 1
    held, here = np.maximum(np.bincount(author, minlength=accounts), 1), np.bincount(at, minlength=bins)
    effect = np.zeros(bins)
    own = np.zeros(accounts)
    for _ in range(SWEEPS):
        own = np.bincount(author, values - effect[at], accounts) / held
        new = np.bincount(at, values - own[author], bins) / np.maximum(here, 1)
        moved = float(np.abs(new - effect).max())
        effect = new
        if moved < 1e-10:
            break
    mean = float(values.mean()) - float(effect[at].mean())
    return np.where(here > 0, effect + mean, np.nan)


def without_week(values: Floats) -> Floats:
    """Take out the weekly cycle: by weekday, the median of what a running week leaves; nothing in series of under four weeks."""
    if values.size < 28:
        return values
    known = np.isfinite(values)
    window = np.ones(7)
    number = np.convolve(known, window, "same")
    running = np.convolve(np.where(known, values, 0.0), window, "same") / np.maximum(number, 1)
    inside = known & (np.arange(values.size) >= 3) & (np.arange(values.size) < values.size - 3) & (number >= 4)
    out = values.copy()
    effects = np.zeros(7)
    for day in range(7):
        rows = inside & (np.arange(values.size) % 7 == day)
        effects[day] = float(np.median((values - running)[rows])) if rows.any() else 0.0
    out -= (effects - effects.mean())[np.arange(values.size) % 7]
    return out
