"""What do other ways of estimating the same effect give? Own trends, Poisson, earlier dates, synthetic controls, one series."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats import conformal, placebo, poisson, pretrends, synthdid
from agorascope.stats.audit import Decision
from agorascope.stats.twoway import effect, prepare, shift

from ._amplification_cells import Floats, log
from ._amplification_reduce import Panel

Bools = npt.NDArray[np.bool_]

DONORS_LEAST = 20
FEWEST_DATES = 5  # placebo dates


class Estimated(NamedTuple):
    """State another estimate of the same effect (log), with what it has: interval, p-value, floor, rank and number of rivals."""

    method: str
    size: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_floor: float | None = None
    of: int | None = None


def others(
    panel: Panel, y: Floats, treated: Bools, decision: Decision, *, searched: bool, trends: bool, rng: np.random.Generator
) -> tuple[Estimated, ...]:
    """Estimate the same effect in other ways, each named with what it assumes.

    Placebo dates are asked about a date given only: the statistic at a searched one is the largest of the whole panel, and no
    stretch before it is long enough for one such search (a note says so).
    """
    after, made = decision.after, [_own_trends(y, treated, decision, trends=trends)]
    for method, totals, offset in (
        ("poisson_means", means(panel), None),
        ("poisson_sums", panel.exposure, log(panel.seen)),
    ):
        try:
            fitted = poisson.estimate(totals, treated, after, offset=offset)
        except ValueError:
            continue
        if fitted.converged and np.isfinite(fitted.tau):
            made.append(Estimated(method, fitted.tau))
    earlier = y[:, ~after]
    dates = placebo.admissible(earlier.shape[1])
    if dates.size >= FEWEST_DATES and not searched:
        made.append(_in_time(earlier, decision, dates))
    donors = int((np.isfinite(y).all(axis=1) & ~treated).sum())
    if donors >= DONORS_LEAST:
        try:
            sdid = synthdid.estimate(y, treated, after, rng=rng)
            ends = [None if not np.isfinite(v) else float(v) for v in (sdid.low, sdid.high)]
            made.append(Estimated("synthetic", sdid.tau, ends[0], ends[1], sdid.p_value, sdid.p_floor, sdid.donors))
        except ValueError:
            pass
    return (*made, *_in_one_series(y, treated, after))


def without_warned(y: Floats, treated: Bools, after: Bools, warned: Bools | None) -> tuple[Estimated, ...]:
    """Estimate the same effect without the account-periods whose capture fell, as far as one may judge without a counter."""
    if warned is None or not (warned & np.isfinite(y)).any():
        return ()
    size = effect(np.where(warned, np.nan, y), treated, after)
    return (Estimated("without_warned", size if np.isfinite(size) else None),)


def _in_one_series(y: Floats, treated: Bools, after: Bools) -> list[Estimated]:
    """Ask the difference of treated and others alone: conformal over shifts in time, and allowing for drift as seen before."""
    made = []
    try:
        shifted = conformal.estimate(y, treated, after)
        ends = [float(v) if np.isfinite(v) else None for v in (shifted.low, shifted.high)]
        periods = round(1 / shifted.p_floor)
        made.append(
            Estimated(
                "conformal",
                shifted.tau if np.isfinite(shifted.tau) else None,
                ends[0],
                ends[1],
                shifted.p_value,
                shifted.p_floor,
                periods,
            )
        )
    except ValueError:
        pass
    try:
        drift = pretrends.estimate(y, treated, after)
        bound = next(b for b in drift.bounds if b.mbar == 1.0)
        made.append(Estimated("drift", drift.tau, bound.low, bound.high))
    except ValueError:
        pass
    return made


def _own_trends(y: Floats, treated: Bools, decision: Decision, *, trends: bool) -> Estimated:
    """Let every account have its own line; ranked among the placebos, each at the date it found itself, where it was asked for."""
    size = decision.tau_trends if np.isfinite(decision.tau_trends) else None
    if not trends or size is None:
        return Estimated("own_trends", size)
    shifts = np.full(decision.chosen.shape[0], np.nan)
    for at in np.unique(decision.placebos.at).tolist():
        mine = decision.placebos.at == at
        shifts[mine] = shift(prepare(y, np.arange(y.shape[1]) >= at, trends=True), decision.chosen[mine])
    return Estimated("own_trends", size, p_value=placebo.p_value(shifts), p_floor=decision.p_floor, of=shifts.size)


def _in_time(earlier: Floats, decision: Decision, dates: npt.NDArray[np.int64]) -> Estimated:
    """Ask dates before the real one, on what came before it only: how often is the treated's statistic as far out?"""
    real = abs(float(decision.placebos.t[0]))
    rows = [placebo.run(earlier, decision.chosen[:1], np.array([at]), exact=True).t[0] for at in dates.tolist()]
    known = [abs(float(t)) for t in rows if np.isfinite(t)]
    floor = 1 / (len(known) + 1)
    return Estimated("in_time", None, p_value=(1 + sum(t >= real for t in known)) * floor, p_floor=floor, of=len(known) + 1)


def means(panel: Panel) -> Floats:
    """Give exposure per post, zeros too, nan where it is unknown."""
    known = (panel.seen > 0) & np.isfinite(panel.exposure)
    return np.asarray(np.where(known, panel.exposure / np.where(known, panel.seen, 1.0), np.nan))
