"""Within which time do accounts act together most beyond chance? Windows tried one by one, from a second to a day.

For every window the accounts are tested as in ``together``, in one round of few draws (four, or more where few accounts act). Two
numbers say what it shows: pairs of partners against those of shuffled accounts, which fans of the same sources raise at every
window; and how far the share of accounts with a small p-value lies above what chance gives, in standard deviations, at the level
where it lies furthest (higher criticism). The second is the one to choose by: fifty accounts among a hundred thousand change no
total, but fill the tail. Where more than a tenth of all accounts lie above chance, that tenth is taken for chance (``deflated``).
Where accounts are found at any window and the greatest excess is three or more, windows within a fifth of the greatest are left,
and chosen is the shortest of them that finds within a fifth of the most accounts; else a minute. Windows at which a tenth of all
accounts are found (``many``) come first: there the excess, less what is taken for chance, says nothing. Never chosen is a window
within which half of all pairs of acts on one object lie anyway: to act within it says nothing of acting at the same time.

Limits: a window is chosen on the data it is used on. What that does to false alarms is measured with the analysis, not here; a
window with more than ``most`` pairs of events is not tried, since everybody then meets everybody.
Source: Donoho and Jin 2004, doi:10.1214/009053604000000265 (higher criticism, over p-values of at most 1 %).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._sweep import NONE, Ints, rank, reach, sort
from .together import enough, found, together

Floats = npt.NDArray[np.float64]

WINDOWS = (1, 10, 60, 300, 1_200, 3_600, 21_600, 86_400)
DAY = 86_400
USUAL = 60
MOST = 100_000_000
_SMALL = 0.01
_BULK = 0.1
_DRAWS = 4
_POOL = 10_000
_NEARLY = 0.8
_LEAST = 3.0
_HALF = 0.5
_SEED = 0


class Tried(NamedTuple):
    """Say of one window (s) how many pairs of events and of partners there are, partners by chance, and the excess of accounts.

    ``near``: the share of all pairs of events on one object that lie within the window; ``many``: a tenth of accounts are found.
    ``partners, expected, criticism, found`` (accounts below q = 5 % that owe it to each other) are None where the window was not
    tried; so is ``criticism`` where no account has a small p.
    """

    window: int
    pairs: int
    partners: int | None
    expected: float | None
    criticism: float | None
    found: int | None
    near: float = 0.0
    many: bool = False


def bins(window: int) -> int:
    """Give the length of the bins (s) to shuffle in: a day, or two windows where that is longer."""
    return max(DAY, 2 * window)


def tried(
    author: Ints,
    obj: Ints,
    at: Ints,
    *,
    windows: tuple[int, ...] = WINDOWS,
    stratum: Ints | None = None,
    resolution: int = 1,
    most: int = MOST,
    memory_gb: float = 2.0,
) -> list[Tried]:
    """Try every window that the ``resolution`` of the times (s) can tell. ``author, obj, at, stratum`` (events,) as ``together``.

    The draws are always the same: which window is chosen does not hang on the seed of the test. Cost: five networks a window, ten
    where somebody is found.
    """
    (_, who), (_, what) = rank(author), rank(obj)
    events = sort(who, what, at, NONE)
    count = np.bincount(what)
    every = max(int((count * (count - 1) // 2).sum()), 1)
    shown = []
    for window in windows:
        if window < resolution:
            continue
        first, stop = reach(events, window)
        pairs = int((stop - first - 1).sum()) // 2
        if pairs > most:
            shown.append(Tried(window, pairs, None, None, None, None, pairs / every))
            continue
        one = together(
            author,
            obj,
            at,
            window=window,
            bin_length=bins(window),
            seed=_SEED,
            stratum=stratum,
            draws=enough(int(who.max(initial=-1)) + 1, _DRAWS, pool=_POOL, pairs=pairs),
            rounds=1,
            memory_gb=memory_gb,
        )
        expected = float(one.edges_null.mean())
        excess = criticism(deflated(one.p_value)[one.partners > 0], one.p_value.size)
        number = int(found(one).sum())
        many = number >= _BULK * one.p_value.size
        shown.append(Tried(window, pairs, int(one.source.size), expected, excess, number, pairs / every, many))
    return shown


def chosen(windows: list[Tried]) -> int:
    """Choose among the windows tried; a minute, or the shortest that can be told, where none shows an excess of three or more."""
    telling = [one for one in windows if one.near <= _HALF]
    if any(one.many for one in telling):
        return _shortest([one for one in telling if one.many])
    greatest = max((one.criticism or 0.0 for one in telling), default=0.0)
    if greatest < _LEAST or not any(one.found for one in telling):
        return max(USUAL, min((one.window for one in windows), default=USUAL))
    near = [one for one in telling if (one.criticism or 0.0) >= _NEARLY * greatest]
    return _shortest(near)


def _shortest(near: list[Tried]) -> int:
    """Give the shortest window that finds within a fifth of the most accounts."""
    most = max(one.found or 0 for one in near)
    return min(one.window for one in near if (one.found or 0) >= _NEARLY * most)


def resolution(at: Ints) -> int:
    """Give the step of the times (events,) in s: 1, 60, 3600 or 86400, where all but one in a hundred are whole ones."""
    for step in (DAY, 3_600, 60):
        if at.size and float(np.mean(at % step == 0)) >= 0.99:
            return step
    return 1


def deflated(p_value: Floats) -> Floats:
    """Bring p-values (accounts,) back to what chance gives where a tenth of them begins, if they are smaller there.

    Where languages or subjects divide accounts, most of them meet more than chance gives, and the longer the window the more so. A
    squad, a smaller part of them, stands out against that at windows as short as its own.

    >>> deflated(np.linspace(0, 1, 101)[1:] ** 2)[[9, 99]].round(3).tolist()
    [0.091, 1.0]
    """
    tenth = float(np.quantile(p_value, _BULK)) if p_value.size else 1.0
    return p_value ** min(1.0, float(np.log(_BULK) / np.log(tenth))) if 0 < tenth < _BULK else p_value


def criticism(p_value: Floats, accounts: int) -> float | None:
    """Give the higher criticism of p-values: the greatest excess over chance in standard deviations, of p <= 1 %.

    ``p_value``: of those of the ``accounts`` that have a partner; without one nobody acts together. None where no p-value is that
    small. Values below 1 / accounts count as that: one account so small is no excess, thirty are.

    >>> criticism(np.linspace(0, 1, 1001)[1:], 1000) < 1
    True
    >>> criticism(np.full(30, 1e-6), 1000)  # 30 where one is expected
    29.0145...
    """
    p = np.sort(np.maximum(p_value, 1 / accounts))
    rank_ = np.searchsorted(p, p, "right")
    some = p <= _SMALL
    if not some.any():
        return None
    p, rank_ = p[some], rank_[some]
    return float(((rank_ - accounts * p) / np.sqrt(accounts * p * (1 - p))).max())
