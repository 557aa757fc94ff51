"""What does the published recipe for a change of exposure say? CUSUM date, regression in levels, Mann-Whitney, percentages.

The recipe of a study of engagement on X, step by step as its published notebook has it, so that a reader can put it beside
other ways to treat the same data (``specification``):

1. per group, sums per period x_t; S_t = cumsum(x - mean(x)); the change is where |S_t| is largest. There is no test: the rule
   names a date for any series, and a jump in the number of posts moves the sums as a jump in views per post does;
2. the common date is the later of the two groups';
3. y ~ 1 + after + group + after x group on posts, in levels, least squares with the usual errors;
4. Mann-Whitney, before against after, inside each group;
5. the change of the mean per post, in percent, per group.

Where only sums per account and period exist, a row is a period's mean with its number of posts as weight: estimates
are those of the posts, errors are not, since the spread of posts inside a period is unknown; Mann-Whitney is of periods.

Source: Graham and Andrejevic 2024, working paper, https://eprints.qut.edu.au/253211/; Mann and Whitney 1947,
doi:10.1214/aoms/1177730491. What we changed: periods of any length, weights, and a period that straddles a given date.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TERMS = ("constant", "after", "group", "after x group")


class Recipe(NamedTuple):
    """What the recipe says. ``own`` are the groups' own dates (group, others), ``first`` the common one.

    A date is the index of the first period of the new regime, the one after the largest |S_t|. ``estimates``, ``errors`` and
    ``p_values`` follow ``TERMS``; ``percent``, ``mean_before``, ``mean_after`` and ``mann_whitney`` are (group, others).
    """

    own: tuple[int, int]
    first: int
    estimates: Floats
    errors: Floats
    p_values: Floats
    r2: float
    rows: int
    percent: tuple[float, float]
    mean_before: tuple[float, float]
    mean_after: tuple[float, float]
    mann_whitney: tuple[float, float]


def cusum_first(sums: Floats) -> int:
    """Give the first period after the largest |cumsum(x - mean)|; NaN periods are skipped. Always names one.

    >>> cusum_first(np.array([1.0, 1.0, 1.0, 5.0, 5.0]))
    3
    """
    known = np.flatnonzero(np.isfinite(sums))
    if known.size < 2:
        raise ValueError(f"{known.size} periods have a sum; a change needs 2 or more")
    walk = np.abs(np.cumsum(sums[known] - sums[known].mean()))
    return int(known[min(int(walk.argmax()), known.size - 2) + 1])


def recipe(
    values: Floats, group: Bools, period: Ints, *,
    weights: Floats | None = None, first: int | None = None, straddling: int | None = None, before_share: float | None = None,
) -> Recipe:  # fmt: skip
    """Run the recipe on rows: posts, or period means with ``weights`` posts. Arrays (rows,); rows of NaN are left out.

    ``first`` gives the first period of the new regime instead of the CUSUM. The period ``straddling`` a given date is left
    out, or split where ``before_share`` says which share of it came before. Raises ValueError where a cell is empty.
    Cost O(rows log rows).
    """
    posts = np.ones(values.size) if weights is None else weights.astype(np.float64)
    held = np.isfinite(values) & np.isfinite(posts) & (posts > 0)
    y, at, who, w = values[held].astype(np.float64), period[held], group[held], posts[held]
    own = (cusum_first(_sums(y, w, at, who)), cusum_first(_sums(y, w, at, ~who)))
    begins = max(own) if first is None else first
    after = (at >= begins).astype(np.float64)
    if straddling is not None:
        y, at, who, w, after = _parted(y, at, who, w, after, straddling, before_share)
    cells = [(who == g) & (after == a) for g in (True, False) for a in (0.0, 1.0)]
    if not all(cell.any() for cell in cells):
        raise ValueError(f"a group has no rows before or after period {begins}; give another date")
    design = np.column_stack([np.ones(y.size), after, who, after * who])
    estimates, errors, p_values, r2 = _least_squares(design, y, w)
    means = [float(np.average(y[cell], weights=w[cell])) for cell in cells]
    ranks = [float(stats.mannwhitneyu(y[cells[i]], y[cells[i + 1]]).pvalue) for i in (0, 2)]
    return Recipe(
        own, begins, estimates, errors, p_values, r2, int(y.size),
        (100 * (means[1] / means[0] - 1), 100 * (means[3] / means[2] - 1)),
        (means[0], means[2]), (means[1], means[3]), (ranks[0], ranks[1]),
    )  # fmt: skip


def _sums(y: Floats, w: Floats, at: Ints, who: Bools) -> Floats:
    """Sum each period of one group; a period without a row is NaN, as in a table of sums that lacks it."""
    length = int(at.max()) + 1
    total = np.bincount(at[who], (y * w)[who], length)
    return np.where(np.bincount(at[who], minlength=length) > 0, total, np.nan)


def _parted(
    y: Floats, at: Ints, who: Bools, w: Floats, after: Floats, straddling: int, share: float | None
) -> tuple[Floats, Ints, Bools, Floats, Floats]:
    """Leave out the straddling period, or count ``share`` of its posts before and the rest after."""
    there = at == straddling
    if share is None:
        return y[~there], at[~there], who[~there], w[~there], after[~there]
    order = np.concatenate([np.flatnonzero(~there), np.flatnonzero(there), np.flatnonzero(there)])
    n, m = int((~there).sum()), int(there.sum())
    part = np.concatenate([np.ones(n), np.full(m, share), np.full(m, 1 - share)])
    split = np.concatenate([after[~there], np.zeros(m), np.ones(m)])
    kept = part > 0
    return y[order][kept], at[order][kept], who[order][kept], (w[order] * part)[kept], split[kept]


def _least_squares(design: Floats, y: Floats, w: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Fit by weighted least squares with the usual, non-robust errors; p-values by Student's t."""
    root = np.sqrt(w)
    inverse = np.linalg.inv(design.T @ (design * w[:, None]))
    beta = inverse @ design.T @ (w * y)
    left = float((((y - design @ beta) * root) ** 2).sum())
    free = y.size - design.shape[1]
    if free < 1:
        raise ValueError(f"{y.size} rows for {design.shape[1]} terms; errors need more rows")
    errors = np.sqrt(left / free * np.diag(inverse))
    with np.errstate(divide="ignore", invalid="ignore"):
        p_values = 2 * stats.t.sf(np.abs(beta / errors), free)
    spread = float((w * (y - np.average(y, weights=w)) ** 2).sum())
    return beta, errors, np.asarray(p_values), 1 - left / spread if spread > 0 else 0.0
