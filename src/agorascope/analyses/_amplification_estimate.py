"""What do the arrays say? The audit of one panel: decision, parts, marks, and what it could have shown."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats import placebo, power
from agorascope.stats.audit import Decision, decide, lines
from agorascope.stats.marks import Mark, Mechanism, against_push, mark, measure, name, push_index
from agorascope.stats.steps import interval
from agorascope.stats.twoway import effect, prepare

from ._amplification_ages import apart
from ._amplification_cells import Floats, log, log_ratio
from ._amplification_others import Estimated, others, without_warned
from ._amplification_reduce import Panel
from ._amplification_zeros import look

Bools = npt.NDArray[np.bool_]

FEWEST_BEFORE, FEWEST_AFTER, FEWEST_CONTROLS = 4, 3, 2
COPIES, FEWER_COPIES, COPY_DRAWS = 40, 20, 199
WIDEST_DATE = 0.5  # of the periods from the date on: a wider interval of a searched date leaves the mechanism unnamed
FEWEST_LEFT_OUT = 3  # accounts audited from which on the range without one of them is told
UNENGAGED_APART = 0.05  # of the posts: a share without engagement that moves by more on one side leaves the mechanism unnamed
LARGE = 120  # accounts above which fewer copies are made, as they are where the date is searched in each


class Part(NamedTuple):
    """State one part of the split: its name and its mark; None where it cannot be told."""

    name: str
    mark: Mark | None


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
    return log_ratio(panel.exposure, panel.seen)


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
        others(panel, y, treated, decision, searched=date is None, trends=trends, rng=rng)
        + without_warned(y, treated, after, warned),
        marks,
        index,
        mechanism,
        unnamed,
        _power(y, treated, decision, searched=date is None, alpha=alpha, draws=draws, seed=seed),
        cells,
        int(np.isfinite(y).sum()),
        sparse,
        date is None,
        mark(log(panel.posts), treated, after) if _uncounted(panel) else None,
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
    seen, exposure = log(panel.seen), log(panel.exposure)
    pieces: dict[str, Floats] = {"volume": seen}
    if panel.followers is not None:
        followers = log(panel.followers)
        pieces |= {"followers": followers, "reach_per_follower": exposure - seen - followers}
    else:
        pieces["reach"] = exposure - seen
    total = "exposure"
    if panel.engagement is not None:
        pieces["conversion"] = log(panel.engagement) - exposure
        total = "engagement"
    known = np.isfinite(np.stack(list(pieces.values()))).all(axis=0)
    made = {key: np.where(known, values, np.nan) for key, values in pieces.items()}
    made[total] = np.where(known, sum(pieces.values()), np.nan)
    return tuple(Part(key, mark(values, treated, after)) for key, values in made.items()), int(known.sum())


def _marks(
    panel: Panel, y: Floats, treated: Bools, after: Bools
) -> tuple[dict[str, Mark], tuple[float, float | None, float | None] | None]:
    parts = {"reach": y} | {key: log(values) for key, values in panel.extras.items()}
    if panel.followers is not None:
        parts["followers"] = log(panel.followers)
    if panel.engagement is not None:
        parts["conversion"] = log_ratio(panel.engagement, panel.exposure)
    marks = measure(parts, treated, after)
    both = "reach" in marks and "conversion" in marks
    return marks, push_index(parts, marks, treated, after) if both else None
