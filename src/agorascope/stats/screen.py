"""Which accounts moved against all the others, when, and by how much? A screen of every account, none named beforehand.

Each account's series, less the median account of every period and its own level and trend, is searched for the date at which a step
explains most. One bar for all accounts and dates together: the largest such value in the whole panel when nothing happened, drawn
by turning the signs of whole periods, so that heavy tails, serial dependence and dependence between accounts stay in the draws.
"""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ._screen_sup import Steps, search, serial

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Model = Literal["level", "trend"]

_LEAST_PERIODS = 20
_LEAST_ACCOUNTS = 5
_LEAST_KNOWN = 0.7
_BATCH_CELLS = 1_000_000


class Screen(NamedTuple):
    """Hold one row per account: how far it moved, when, and how sure; nan and -1 for accounts left out.

    ``statistic`` the largest |t| of a step over all dates; ``p_value`` adjusted for all accounts and dates together; ``first``
    the 0-based first period of the new regime; ``log_ratio`` the step against the median account (exp is a ratio; below 0 a
    demotion), picked as the largest and so, where nothing is found, too large. ``rho`` (accounts,) the serial dependence used.
    ``critical`` the bar at ``alpha``; ``screened``, ``left_out`` count accounts; ``p_floor`` the least p the draws can give.
    """

    statistic: Floats
    p_value: Floats
    first: Ints
    log_ratio: Floats
    rho: Floats
    critical: float
    screened: int
    left_out: int
    p_floor: float


def screen(
    y: Floats,
    *,
    model: Model = "trend",
    edge: float = 0.15,
    draws: int = 199,
    alpha: float = 0.05,
    rng: np.random.Generator | None = None,
) -> Screen:
    """Search every account for a step against the cross-section, with the family-wise error over accounts and dates held.

    ``y`` (accounts, periods): log reach per post, nan where unknown. Dates from ``edge`` to 1 - ``edge`` of the span are
    searched, at least 3 periods from either end. ``model`` "trend" lets each account have its own level and straight trend,
    "level" a level only: more power, but every account with a trend of its own is then accused. Accounts known in less than 70 %
    of the periods are left out and counted; other holes stay holes (``_screen_sup``), and every draw has them. Raises ValueError
    below 20 periods or 5 accounts. ``rng``: seed 0 where None.

    1. centre: r = y less account medians and period medians over accounts, in turn: pushed accounts do not move a median much.
    2. ``serial``: autocorrelation of each account, its own drawn towards the median of all.
    3. ``search``: r and the step made white by it; the largest t over dates, step beside level (and trend), least squares.
    4. draws: the white residuals without a step, the signs of whole periods turned at random, made serial again; steps 2 and 3
    again.
    p = (1 + draws whose largest t over all accounts and dates reaches it) / (1 + draws).

    Source: Andrews 1993, doi:10.2307/2951764 (largest statistic over dates); Goncalves and Kilian 2004,
    doi:10.1016/j.jeconom.2003.10.030 (recursive wild bootstrap); Westfall and Young 1993 (max-T). What we changed: Rademacher
    signs shared by all accounts, so that dependence across accounts stays; serial dependence by empirical Bayes. Cost O(draws x
    accounts x periods).
    """
    if y.ndim != 2 or y.shape[0] < _LEAST_ACCOUNTS or y.shape[1] < _LEAST_PERIODS:
        raise ValueError(
            f"y has shape {y.shape}; a screen needs (accounts, periods), at least {_LEAST_ACCOUNTS} x {_LEAST_PERIODS}"
        )
    used = np.isfinite(y).mean(axis=1) >= _LEAST_KNOWN
    if np.count_nonzero(used) < _LEAST_ACCOUNTS:
        raise ValueError(f"{np.count_nonzero(used)} accounts are known in 70 % of the periods; a screen needs {_LEAST_ACCOUNTS}")
    rng = np.random.default_rng(0) if rng is None else rng
    known = np.isfinite(y[used]).T
    series = _centred(y[used]).T
    steps = Steps(known, edge, trend=model == "trend")
    rho, prior = serial(series, steps)
    found = search(series, rho, steps)
    maxima = _maxima(series, rho, prior, steps, draws, rng)
    reached = draws - np.searchsorted(np.sort(maxima), found.statistic - 1e-9, side="left")
    p_value = (1 + reached) / (1 + draws)
    critical = float(np.sort(maxima)[min(int(np.ceil((1 - alpha) * (draws + 1))), draws) - 1])
    first = np.full(len(y), -1, np.int64)
    first[used] = found.first
    return Screen(
        _placed(found.statistic, used),
        _placed(p_value, used),
        first,
        _placed(found.size, used),
        _placed(rho, used),
        critical,
        int(used.sum()),
        int((~used).sum()),
        1 / (1 + draws),
    )


def _placed(values: Floats, used: npt.NDArray[np.bool_]) -> Floats:
    """Put the values of the accounts screened in their places, nan elsewhere."""
    whole = np.full(used.size, np.nan)
    whole[used] = values
    return whole


def _centred(y: Floats) -> Floats:
    """Take account and period medians out, twice; 0 in holes."""
    rest = y - np.nanmedian(y, axis=1, keepdims=True)
    silent = np.isnan(y).all(axis=0)  # in such a period there is no median to take out
    for _ in range(2):
        rest = rest - np.nanmedian(np.where(silent, 0.0, rest), axis=0)
        rest = rest - np.nanmedian(rest, axis=1, keepdims=True)
    return np.asarray(np.nan_to_num(rest))


def _maxima(
    series: Floats, rho: Floats, prior: tuple[float, float, float], steps: Steps, draws: int, rng: np.random.Generator
) -> Floats:
    """Draw the largest statistic of the panel when nothing happened. Shape (draws,)."""
    white = steps.residuals(series, rho)
    periods, accounts = white.shape
    signs = rng.integers(0, 2, (draws, periods)) * 2.0 - 1.0
    batch = max(1, _BATCH_CELLS // white.size)
    largest = []
    for start in range(0, draws, batch):
        part = signs[start : start + batch]
        again = (part.T[:, :, None] * white[:, None, :]).reshape(periods, -1)
        again = steps.colour(again, np.tile(rho, len(part)))
        estimated, _ = serial(again, steps, prior)
        largest.append(search(again, estimated, steps).statistic.reshape(len(part), accounts).max(axis=1))
    return np.concatenate(largest)
