"""What do the arrays say? The audit of one panel: decision, parts, other estimators, marks, and what it could have shown."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats import conformal, placebo, poisson, power, pretrends, synthdid
from agorascope.stats.audit import Decision, decide, lines
from agorascope.stats.marks import Mark, Mechanism, against_push, mark, measure, name, push_index
from agorascope.stats.steps import interval
from agorascope.stats.twoway import effect, prepare, shift

from ._amplification_ages import apart
from ._amplification_reduce import Panel
from ._amplification_zeros import look

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FEWEST_BEFORE, FEWEST_AFTER, FEWEST_CONTROLS = 4, 3, 2
DONORS_LEAST = 20
FEWEST_DATES = 5  # placebo dates
COPIES, FEWER_COPIES, COPY_DRAWS = 40, 20, 199
WIDEST_DATE = 0.5  # of the periods from the date on: a wider interval of a searched date leaves the mechanism unnamed
FEWEST_LEFT_OUT = 3  # accounts audited from which on the range without one of them is told
UNENGAGED_APART = 0.05  # of the posts: a share without engagement that moves by more on one side leaves the mechanism unnamed
LARGE = 120  # accounts above which fewer copies are made, as they are where the date is searched in each


class Part(NamedTuple):
    """State one part of the split: its name and its mark; None where it cannot be told."""

    name: str
    mark: Mark | None


class Estimated(NamedTuple):
    """State another estimate of the same effect (log), with what it has: interval, p-value, floor, rank and number of rivals."""

    method: str
    size: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_floor: float | None = None
    of: int | None = None


class Detectable(NamedTuple):
    """Hold the smallest push and the smallest demotion (sizes, log) found in 80 % of the ``copies``; None where none is."""

    up: float | None
    down: float | None
    copies: int

    @property
    def larger(self) -> float | None:
        """Give the size from which on both are found; None where one is found at no size."""
        return None if self.up is None or self.down is None else max(self.up, self.down)


class Answer(NamedTuple):
    """Hold all that was estimated.

    ``unnamed`` says why no mechanism is named where something speaks against one (``date``: its interval is too wide;
    ``unknown``: engagement is unknown of other posts after the date than before); ``power`` is
    None where no p-value could reach the level; ``cells`` and ``headline_cells`` are the known account-periods of the split and of
    the headline; ``sparse`` says that engagement is too often zero for logs of it; ``all_posts`` is the volume with the posts whose
    count is unknown, None where there are none such.
    """

    panel: Panel
    treated: Bools
    y: Floats
    decision: Decision
    parts: tuple[Part, ...]
    others: tuple[Estimated, ...]
    marks: dict[str, Mark]
    push: tuple[float, float | None, float | None] | None
    mechanism: Mechanism | None
    unnamed: str | None
    power: Detectable | None
    cells: int
    headline_cells: int
    sparse: bool
    searched: bool
    all_posts: Mark | None

    @property
    def detectable(self) -> float | None:
        """Give the size (log) from which on pushes and demotions alike would have been found; None where there is none."""
        return None if self.power is None else self.power.larger

    @property
    def split_reach(self) -> float:
        """Give the shift of exposure per post (log) on the cells of the split; nan where it cannot be told."""
        marks = [p.mark for p in self.parts if p.name in ("reach", "followers", "reach_per_follower")]
        return sum(m.size for m in marks if m is not None) if marks and all(m is not None for m in marks) else float("nan")


def dates(answer: Answer) -> tuple[int, int] | None:
    """Give the first and last period the step between treated and others may begin in (95 %); None where none was dated.

    Not the first period of all, before which there is none, nor any after the last one searched.
    """
    return _dated(answer.y, answer.treated, answer.decision)


def datable(answer: Answer, alpha: float) -> bool:
    """Say whether the date may be named: it was given, or a break and the step between treated and others hold at ``alpha``."""
    step = answer.decision.steps.get("between")
    return not answer.searched or (answer.decision.p_break <= alpha and step is not None and step.p_value <= alpha)


def _dated(y: Floats, treated: Bools, decision: Decision) -> tuple[int, int] | None:
    step = decision.steps.get("between")
    if step is None:
        return None
    low, high = interval(lines(y, treated, prepare(y, decision.after).usable)["between"], step)
    return max(low, 1), min(high, int(placebo.admissible(y.shape[1])[-1]))


def reach(panel: Panel) -> Floats:
    """Give the log of exposure per post, nan where nothing is known or nothing was seen."""
    return _log_ratio(panel.exposure, panel.seen)


def left_out_one(answer: Answer) -> tuple[float, float] | None:
    """Give the smallest and the largest shift (logs) when one of the accounts audited is left out; None for fewer than three.

    Nobody is named, and no account has a number of its own.
    """
    treated, after = answer.decision.chosen[0], answer.decision.after
    if treated.sum() < FEWEST_LEFT_OUT:
        return None
    shifts = []
    for one in np.flatnonzero(treated).tolist():
        rest = np.arange(treated.size) != one
        shifts.append(effect(answer.y[rest], treated[rest], after))
    known = [s for s in shifts if np.isfinite(s)]
    return (min(known), max(known)) if known else None


def means(panel: Panel) -> Floats:
    """Give exposure per post, zeros too, nan where it is unknown."""
    known = (panel.seen > 0) & np.isfinite(panel.exposure)
    return np.asarray(np.where(known, panel.exposure / np.where(known, panel.seen, 1.0), np.nan))


def estimate(
    panel: Panel,
    treated: Bools,
    *,
    date: int | None,
    alpha: float,
    draws: int,
    trends: bool,
    seed: int,
    warned: Bools | None = None,
) -> Answer:
    """Audit the panel; the same effect is given without the ``warned`` account-periods too, where there are any.

    Raises ValueError where accounts or periods are too few.
    """
    y = reach(panel)
    rng = np.random.default_rng(seed)
    decision = decide(y, treated, date=date, draws=draws, rng=rng)
    after = decision.after
    sparse = panel.engagement is not None and look(panel.engagement, panel.seen, treated, after).many
    engaged = panel._replace(engagement=None) if sparse else panel
    parts, cells = _split(engaged, treated, after)
    if any(part.name == "conversion" and part.mark is None for part in parts):  # engagement is unknown all along one side
        parts, cells = _split(engaged._replace(engagement=None), treated, after)
    marks, index = _marks(engaged, y, treated, after)
    mechanism, unnamed = _named(panel, y, treated, decision, marks, searched=date is None, alpha=alpha)
    return Answer(
        panel,
        treated,
        y,
        decision,
        parts,
        _others(panel, y, treated, decision, searched=date is None, trends=trends, rng=rng) + _without(y, treated, after, warned),
        marks,
        index,
        mechanism,
        unnamed,
        _power(y, treated, decision, searched=date is None, alpha=alpha, draws=draws, seed=seed),
        cells,
        int(np.isfinite(y).sum()),
        sparse,
        date is None,
        mark(_log(panel.posts), treated, after) if _uncounted(panel) else None,
    )


def _named(
    panel: Panel, y: Floats, treated: Bools, decision: Decision, marks: dict[str, Mark], *, searched: bool, alpha: float
) -> tuple[Mechanism | None, str | None]:
    """Name the mechanism, or say why none is: a date that may be anywhere in half of the new regime makes marks of little."""
    if not panel.has_views:
        return None, None
    if abs(unengaged_apart(panel, treated, decision.after)) > UNENGAGED_APART:
        return None, "unknown"
    ends = _dated(y, treated, decision) if searched else None
    if ends is not None and ends[1] - ends[0] + 1 > WIDEST_DATE * decision.after.sum():
        return None, "date"
    named = name(marks, alpha=alpha)
    return named, None if named else against_push(marks, alpha=alpha)


def unengaged_apart(panel: Panel, treated: Bools, after: Bools) -> float:
    """Say how far the share of posts without engagement moved for the treated and not for the others; 0 where all have one."""
    if panel.unengaged is None or not panel.unengaged.any():
        return 0.0
    known = panel.seen > 0
    return apart(np.where(known, panel.unengaged / np.where(known, panel.seen, 1.0), 0.0), panel.seen, treated, after)


def _power(
    y: Floats, treated: Bools, decision: Decision, *, searched: bool, alpha: float, draws: int, seed: int
) -> Detectable | None:
    """Ask how small a push and a demotion would have been found, the date searched in every copy where it was."""
    if decision.p_floor > alpha:
        return None
    copies = FEWER_COPIES if searched or y.shape[0] > LARGE else COPIES
    up, down = (
        power.smallest(
            y,
            treated,
            decision.at,
            decision.tau,
            decision.usable,
            searched=searched,
            sign=sign,
            alpha=alpha,
            copies=copies,
            draws=min(draws, COPY_DRAWS),
            seed=seed,
        )
        for sign in (1, -1)
    )
    return Detectable(up, down, copies)


def _uncounted(panel: Panel) -> bool:
    """Say whether some posts have no known count."""
    return bool(np.nansum(panel.posts) > np.nansum(panel.seen))


def _split(panel: Panel, treated: Bools, after: Bools) -> tuple[tuple[Part, ...], int]:
    """Split the log of engagement (or of exposure) into parts that add up, all on the cells where every part is known."""
    seen, exposure = _log(panel.seen), _log(panel.exposure)
    pieces: dict[str, Floats] = {"volume": seen}
    if panel.followers is not None:
        followers = _log(panel.followers)
        pieces |= {"followers": followers, "reach_per_follower": exposure - seen - followers}
    else:
        pieces["reach"] = exposure - seen
    total = "exposure"
    if panel.engagement is not None:
        pieces["conversion"] = _log(panel.engagement) - exposure
        total = "engagement"
    known = np.isfinite(np.stack(list(pieces.values()))).all(axis=0)
    made = {key: np.where(known, values, np.nan) for key, values in pieces.items()}
    made[total] = np.where(known, sum(pieces.values()), np.nan)
    return tuple(Part(key, mark(values, treated, after)) for key, values in made.items()), int(known.sum())


def _marks(
    panel: Panel, y: Floats, treated: Bools, after: Bools
) -> tuple[dict[str, Mark], tuple[float, float | None, float | None] | None]:
    parts = {"reach": y} | {key: _log(values) for key, values in panel.extras.items()}
    if panel.followers is not None:
        parts["followers"] = _log(panel.followers)
    if panel.engagement is not None:
        parts["conversion"] = _log_ratio(panel.engagement, panel.exposure)
    marks = measure(parts, treated, after)
    both = "reach" in marks and "conversion" in marks
    return marks, push_index(parts, marks, treated, after) if both else None


def _others(
    panel: Panel, y: Floats, treated: Bools, decision: Decision, *, searched: bool, trends: bool, rng: np.random.Generator
) -> tuple[Estimated, ...]:
    """Estimate the same effect in other ways, each named with what it assumes.

    Placebo dates are asked about a date given only: the statistic at a searched one is the largest of the whole panel, and no
    stretch before it is long enough for one such search (a note says so).
    """
    after, made = decision.after, [_own_trends(y, treated, decision, trends=trends)]
    for method, totals, offset in (
        ("poisson_means", means(panel), None),
        ("poisson_sums", panel.exposure, _log(panel.seen)),
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


def _without(y: Floats, treated: Bools, after: Bools, warned: Bools | None) -> tuple[Estimated, ...]:
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


def _log(values: Floats) -> Floats:
    ok = np.isfinite(values) & (values > 0)
    return np.asarray(np.where(ok, np.log(np.where(ok, values, 1.0)), np.nan))


def _log_ratio(total: Floats, number: Floats) -> Floats:
    return np.asarray(_log(total) - _log(number))
