"""On which day did more accounts lose followers than usual, and did one account lose more than others of its size?"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.families import holm
from agorascope.stats.losing import Moods, around, expected, fit, rank, tail
from agorascope.stats.shares import wilson

from ._purge_reduce import DAY_US, FEWEST, Changes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ALIKE = 4.0  # an account of similar size has between a quarter and four times as many followers


class Days(NamedTuple):
    """Hold the days of the panel: accounts known, those losing, those usual, the chance of as many, and that over all days."""

    day: Ints
    known: Floats
    losing: Floats
    usual: Floats
    chance: Floats
    adjusted: Floats
    moods: Moods


def days(changes: Changes, loss: float) -> Days:
    """Count every day, and test it against the others."""
    lost = _lost(changes, loss)
    day, at = np.unique(changes.day, return_inverse=True)
    known, losing = np.bincount(at).astype(np.float64), np.asarray(np.bincount(at, lost), np.float64)
    usual = expected(changes.member, at, lost)
    usual = np.asarray(np.round(np.minimum(usual * around(day, losing, usual), 0.9 * known), 9), np.float64)
    moods = fit(losing, known, usual)
    chance = tail(losing, known, usual, moods)
    chance = np.array([float(f"{p:.6g}") for p in chance.tolist()])
    return Days(day, known, losing, usual, chance, np.array(holm(chance.tolist())), moods)


def unit(found: Days, at: int) -> dict[str, Any]:
    """Describe one day. The p-value of its own is that of a day named beforehand: its rank among all days by accounts in excess."""
    known, losing, usual = (float(v[at]) for v in (found.known, found.losing, found.usual))
    low, high = wilson(losing, int(known))
    share = usual / known
    excess = (found.losing - found.usual) / found.known
    return {
        "at_us": int(found.day[at]) * DAY_US,
        "known": int(known),
        "losing": int(losing),
        "losing_share": losing / known,
        "losing_share_low": low,
        "losing_share_high": high,
        "usual_share": share,
        "ratio": losing / known / share if share > 0 else None,
        "low": low / share if share > 0 else None,
        "high": high / share if share > 0 else None,
        "p_value": rank(float(excess[at]), np.delete(excess, at)),
        "p_day": float(found.chance[at]),
        "q_value": float(found.adjusted[at]),
    }


def compared(changes: Changes, account: str, day: int) -> dict[str, Any] | None:
    """Compare one account with those of similar size on the same day, and with its own other days; None where it has no change."""
    named = [i for i, (_, name) in enumerate(changes.accounts) if name == account]
    here = changes.day == day
    mine = here & np.isin(changes.member, named)
    if not mine.any():
        return None
    size, change = float(changes.before[mine][0]), float(_change(changes)[mine][0])
    alike = here & ~mine & (np.abs(np.log(changes.before / size)) <= np.log(ALIKE))
    panel = _change(changes)[alike]
    own = _change(changes)[np.isin(changes.member, named) & ~here]
    row: dict[str, Any] = {
        "account": account,
        "at_us": day * DAY_US,
        "before": int(size),
        "after": int(changes.after[mine][0]),
        "change_share": change,
        "panel": int(panel.size),
        "own_days": int(own.size),
        "own_p_value": rank(-change, -own) if own.size >= FEWEST else None,
    }
    worse = int((np.round(panel, 9) <= round(change, 9)).sum())
    low, high = wilson(worse, panel.size)
    enough = panel.size >= FEWEST
    ends = np.quantile(panel, [0.5, 0.05, 0.95]).tolist() if enough else [None] * 3
    row |= dict(zip(("panel_median_share", "panel_low_share", "panel_high_share"), ends, strict=True))
    row |= {
        "as_bad": worse,
        "as_bad_share": worse / panel.size if enough else None,
        "as_bad_share_low": low if enough else None,
        "as_bad_share_high": high if enough else None,
        "p_value": rank(-change, -panel) if enough else None,
    }
    return row


def _change(changes: Changes) -> Floats:
    return changes.after / changes.before - 1


def _lost(changes: Changes, loss: float) -> Floats:
    return (np.round(_change(changes), 12) < -loss).astype(np.float64)


def losers(changes: Changes, day: int, loss: float) -> tuple[Ints, Floats]:
    """Give the rows that lose on a day, the largest loss first, and their changes."""
    rows = np.flatnonzero((changes.day == day) & (_lost(changes, loss) > 0))
    change = np.round(_change(changes)[rows], 9)
    order = np.argsort(change, kind="stable")
    return rows[order], change[order]
