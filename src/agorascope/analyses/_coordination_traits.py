"""When were the members of a network created, and at which hours, in which languages, with which sites and handles do they post?

Each trait is compared with that of the accounts of no network. No cell with fewer than ``FEWEST`` members behind it is shown.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from agorascope.stats.shares import wilson

from ._coordination_group import FEWEST, Floats, Group, Ints, Rows, effect, half
from ._coordination_own import Own

MOST_ROWS = 20  # rows of a network in a table: what a person reads through
WELL_SPREAD = 0.8  # members whose month (else quarter, else year) of creation can be shown, for that width to be chosen


def compared(
    code: Ints, member: Ints, words: Sequence[str], others: dict[str, int], *, least: int = 1, most: int = MOST_ROWS
) -> tuple[Rows, int]:
    """Compare shares of codes in the members' posts with those in the posts of others, those of most members first.

    At most ``most`` rows, and none of fewer than ``least`` members; the second value is how many have fewer.
    """
    total, others_total = code.size, sum(others.values())
    each = np.bincount(member)
    pair, number = np.unique(np.stack([code, member]), axis=1, return_counts=True)
    size = int(code.max()) + 1
    count, accounts = np.bincount(code, minlength=size), np.bincount(pair[0], minlength=size)
    square = np.bincount(pair[0], number**2, minlength=size)
    cross = np.bincount(pair[0], number * each[pair[1]], minlength=size)
    total_square = float((each.astype(np.float64) ** 2).sum())
    enough = np.flatnonzero(accounts >= least).tolist()
    rows: Rows = []
    for c in sorted(enough, key=lambda c: (-int(accounts[c]), -int(count[c]), words[c]))[:most]:
        wide = effect(float(square[c]), float(cross[c]), total_square, float(count[c]), float(total))
        low, high = wilson(float(count[c]), total, design_effect=wide)
        share, other = float(count[c]) / total, others.get(words[c], 0) / others_total if others_total else None
        rows.append(
            {"code": c, "accounts": int(accounts[c]), "posts": int(count[c])}
            | {"share": share, "share_low": low, "share_high": high}
            | {"others_share": other, "ratio": share / other if other else None}
        )
    return rows, int(np.count_nonzero(accounts)) - len(enough)


def hour_of(own: Own, at: Ints) -> Ints:
    """Give the hour (UTC) of posts, -1 where their time is unknown."""
    time = own.posts.at_us[at]
    return np.where(np.isfinite(time), np.floor(np.nan_to_num(time) / 3.6e9) % 24, -1).astype(np.int64)


def traits(own: Own, group: Group, name: str, of: Callable[[Own, Ints], Ints]) -> tuple[Rows, int]:
    """Compare one trait of posts, cells of fewer than ``FEWEST`` members left out and counted."""
    code = of(own, group.posts)
    known = code >= 0
    if not known.any():
        return [], 0
    words = [str(h) for h in range(24)] if name == "hour" else own.words[name]
    among, member = own.others[name], own.posts.member[group.posts][known]
    rows, hidden = compared(code[known], member, words, among, least=FEWEST, most=max(MOST_ROWS, 24))
    for row in rows:
        row[name] = row["code"] if name == "hour" else words[row["code"]]
    return rows, hidden


def created_by_month(own: Own, group: Group) -> tuple[Rows, dict[str, Any]]:
    """Make the histogram of creation, by the finest of month, quarter and year that shows most; and the shortest half."""
    known = np.sort(own.created_us[group.members])
    known = known[np.isfinite(known)]
    others = own.others_created_us[np.isfinite(own.others_created_us)]
    facts: dict[str, Any] = {"created_from_us": None, "created_until_us": None, "created_known": int(known.size)}
    stretch = half(known, others)
    facts |= {"created_from_us": stretch and stretch.from_us, "created_until_us": stretch and stretch.until_us}
    facts["created_ratio"] = None
    if stretch and stretch.others_share and stretch.unusual:
        facts["created_ratio"] = stretch.share / stretch.others_share
    if known.size < FEWEST:
        return [], facts
    ends = np.concatenate([known[[0, -1]], others]) if others.size else known
    rows: Rows = []
    for months in (1, 3, 12):
        edges = _calendar(float(ends.min()), float(ends.max()), months)
        counts = np.histogram(known, edges)[0]
        if counts[counts >= FEWEST].sum() >= WELL_SPREAD * known.size or months == 12:
            among = np.histogram(others, edges)[0]
            expected = among / others.size * known.size if others.size else np.full(counts.size, np.nan)
            rows = [
                {"start_us": int(edges[i]), "end_us": int(edges[i + 1]), "accounts": int(n) if n >= FEWEST else None,
                 "expected": float(expected[i]) if others.size else None}
                for i, n in enumerate(counts)
            ]  # fmt: skip
            break
    return rows, facts


def _calendar(first_us: float, last_us: float, months: int) -> Floats:
    """Give the starts of the periods of so many months that hold all times, and the end of the last."""
    ends = np.array([first_us, last_us]).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    start, stop = ends[0] - ends[0] % months, ends[1] - ends[1] % months + months
    return np.arange(start, stop + 1, months).astype("datetime64[M]").astype("datetime64[us]").astype(np.int64).astype(np.float64)


def handles(own: Own, group: Group) -> Rows:
    """Compare handles that end in five digits; count members with several handles in the records."""
    rows: Rows = []
    known, others = own.digits[group.members], own.others_digits[np.isfinite(own.others_digits)]
    seen: dict[int, set[str]] = {}
    for member, handle in own.handles:
        seen.setdefault(member, set()).add(handle.casefold())
    several = np.array([len(seen[m]) > 1 if m in seen else np.nan for m in group.members.tolist()], np.float64)
    for measure, values in (("digits", known), ("several", several)):
        values = values[np.isfinite(values)]
        number = int(values.sum())
        if values.size < FEWEST or 0 < number < FEWEST:
            continue
        low, high = wilson(number, values.size)
        share, row = number / values.size, {"measure": measure, "known": int(values.size), "accounts": number}
        row |= {"share": share, "share_low": low, "share_high": high}
        if measure == "digits" and others.size:
            other = float(others.mean())
            row |= {"others_known": int(others.size), "others_share": other, "ratio": share / other if other else None}
        rows.append(row)
    return rows
