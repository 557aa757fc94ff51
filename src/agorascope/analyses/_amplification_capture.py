"""What did the capture lose of the accounts compared, when, and is it known how much? As ``coverage`` found, cell by cell.

Three cases. Where an account's own counter is known, its captured share is known too: the period stays, and the factor is bounded
(``stats.missing``). Where a tested fault (a gap, a run of periods far too low, of one account or of the whole capture) has no
counter beside it, nobody knows what is missing: the account-periods it covers by a tenth or more are left out, and said. Where that
fault is of an account audited and lies across the date, or leaves out more than half of its periods on one side, the change of
capture and the change asked about cannot be told apart: the audit refuses. Falls that are described and not tested only warn; the
factor without them stands beside the headline.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.tables import Corpus

from ._amplification_reduce import Panel

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TESTED = ("gaps", "capture_gap", "low_run")
DESCRIBED = ("gaps", "capture_gap", "low_run", "drops")
COVERED = 0.1  # of a period, from which on a fault concerns it
LARGEST_LOSS = 0.5  # of the periods of an account audited on one side of the date


class Lost(NamedTuple):
    """Hold what was lost, arrays (accounts, periods).

    ``share`` of the posts captured, nan where no counter tells; ``out``: left out for a tested fault of unknown extent; ``own``:
    the same of each single fault of one account; ``warned``: falls that were described; ``known``: cells known before.
    """

    share: Floats
    out: Bools
    own: tuple[Bools, ...]
    warned: Bools
    known: Bools

    def refuses(self, treated: Bools, after: Bools) -> bool:
        """Say whether a fault of an account audited lies across the date, or takes more than half of its periods on one side."""
        at = int(np.flatnonzero(after)[0])
        if any((fault[treated, at - 1] & fault[treated, at]).any() for fault in self.own):
            return True
        for side in (after, ~after):
            before = self.known[treated][:, side].sum(axis=1)
            if (self.out[treated][:, side].sum(axis=1) > LARGEST_LOSS * before).any():
                return True
        return False


def lost(corpus: Corpus, platform: str, panel: Panel) -> Lost:
    """Lay the faults and the counters that coverage published over the accounts and periods of the panel."""
    known = np.isfinite(panel.exposure)
    share = _shares(corpus, platform, panel)
    out, warned, own = np.zeros_like(known), np.zeros_like(known), []
    place = {name: i for i, name in enumerate(panel.accounts)}
    for row in corpus.derived("coverage.checks").to_pylist():
        if row["check"] not in DESCRIBED or row["start_us"] is None or row["end_us"] is None:
            continue
        if row["platform"] not in (None, platform) or (row["account_id"] is not None and row["account_id"] not in place):
            continue
        if row["status"] not in ("fault", "warning"):
            continue
        whom = np.ones(len(place), np.bool_) if row["account_id"] is None else np.arange(len(place)) == place[row["account_id"]]
        covered = _overlap(panel, row["start_us"], row["end_us"]) >= COVERED * panel.length_us
        cells = whom[:, None] & covered[None, :] & ~np.isfinite(share)
        if row["status"] == "fault" and row["check"] in TESTED:
            out |= cells
            own += [cells] if row["account_id"] is not None else []
        else:
            warned |= cells
    return Lost(share, out & known, tuple(own), warned & known & ~out, known)


def without(panel: Panel, out: Bools) -> Panel:
    """Take the account-periods left out for unknown."""
    if not out.any():
        return panel
    return panel._replace(
        posts=np.where(out, np.nan, panel.posts),
        seen=np.where(out, np.nan, panel.seen),
        exposure=np.where(out, np.nan, panel.exposure),
        engagement=None if panel.engagement is None else np.where(out, np.nan, panel.engagement),
        extras={name: np.where(out, np.nan, values) for name, values in panel.extras.items()},
        unengaged=None if panel.unengaged is None else np.where(out, np.nan, panel.unengaged),
    )


def _shares(corpus: Corpus, platform: str, panel: Panel) -> Floats:
    """Give the captured share of the posts where an account's own counter is known, by the time that its periods overlap."""
    place = {name: i for i, name in enumerate(panel.accounts)}
    captured, counter = np.zeros(panel.exposure.shape), np.zeros(panel.exposure.shape)
    for row in corpus.derived("coverage.captured").to_pylist():
        if row["platform"] not in (None, platform) or row["account_id"] not in place or not row["counter"]:
            continue
        part = _overlap(panel, row["start_us"], row["end_us"]) / max(row["end_us"] - row["start_us"], 1)
        captured[place[row["account_id"]]] += part * row["captured"]
        counter[place[row["account_id"]]] += part * row["counter"]
    told = counter > 0
    return np.asarray(np.where(told, np.minimum(captured / np.where(told, counter, 1.0), 1.0), np.nan))


def _overlap(panel: Panel, start_us: int, end_us: int) -> Floats:
    """Give how much of every period lies in a stretch of time, microseconds. Shape (periods,)."""
    starts = panel.starts_us
    inside = np.minimum(starts + panel.length_us, end_us) - np.maximum(starts, start_us)
    return np.asarray(np.maximum(inside, 0), dtype=np.float64)
