"""What does one group say more than the others? Log-odds with an informative Dirichlet prior, as z-scores.

Counts are of accounts that use a thing, not of uses: nobody is counted twice for repeating it. The prior is the use of the thing by
all, with the weight of ``PRIOR`` uses: a thing few use must be far more frequent in one group to stand out, and one that everybody
uses does not stand out anywhere.

Source: Monroe, Colaresi and Quinn 2008, doi:10.1093/pan/mpn018, eq. 15-22.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PRIOR = 500.0


def log_odds(counts: Floats, *, prior: float = PRIOR) -> tuple[Floats, Floats]:
    """Compare each group with all others. ``counts`` (groups, things); gives log-odds ratios and z-scores of that shape.

    >>> odds, z = log_odds(np.array([[50.0, 10.0, 40.0], [10.0, 50.0, 40.0]]))
    >>> (z[0] > 2).tolist(), (abs(z[:, 2]) < 1e-9).all()
    ([True, False, False], np.True_)
    """
    total = counts.sum()
    if not total:
        return np.zeros_like(counts), np.zeros_like(counts)
    alpha = prior * counts.sum(axis=0) / total
    mine, rest = counts + alpha, counts.sum(axis=0) - counts + alpha
    all_mine = counts.sum(axis=1, keepdims=True) + prior
    all_rest = total - counts.sum(axis=1, keepdims=True) + prior
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(mine / (all_mine - mine)) - np.log(rest / (all_rest - rest))
        z = odds / np.sqrt(1 / mine + 1 / rest)
    known = np.isfinite(z)
    return np.where(known, odds, 0.0), np.where(known, z, 0.0)
