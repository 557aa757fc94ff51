"""Did exposure move for the treated accounts and not for the others? One decision, taken alike on data, on worlds and on copies.

``y`` (accounts, periods) is the log of exposure per post, nan where unknown. The date is given, or searched among the admissible
ones; a searched date is searched again in every placebo. ``found`` needs, in this order: a dated step in the treated, in the
others or between them (three tests, adjusted: at a date given by Tukey's range of three, since the third series is the difference
of the other two; at a searched one, whose statistics are largest ones, by Holm); enough placebos for the level asked; a sign that
the accounts' own trends do not turn; a rank that chance would rarely give.

Limits: the interval of a shift at a searched date does not allow for the search.
Source: see ``twoway``, ``placebo``, ``steps`` and ``families``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from . import placebo
from .families import holm, three_differences
from .placebo import Placebos, Spread
from .steps import Step, search, step
from .twoway import prepare, shift

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SEARCH_DRAWS = 499


class Decision(NamedTuple):
    """Hold one audit: the date, the shift with its error, what the placebos did, the steps, and the shift net of own trends.

    ``tau``, ``low`` and ``high`` are logs; ``p_value`` is two-sided and studentised, ``p_plain`` two-sided on the plain shift,
    ``p_up`` and ``p_down`` one-sided on it; ``p_floor`` is the smallest p-value the placebos can give; ``usable`` (accounts,) are
    those that could be chosen.
    """

    at: int
    after: Bools
    tau: float
    low: float
    high: float
    se: float
    df: float
    p_value: float
    p_plain: float
    p_up: float
    p_down: float
    p_floor: float
    exact: bool
    placebos: Placebos
    chosen: Bools
    usable: Bools
    spread: Spread
    steps: dict[str, Step]
    tau_trends: float
    searched: bool

    @property
    def p_break(self) -> float:
        """Give the smallest p-value of a dated step, adjusted: between treated and others, in the treated, in the others."""
        return _smallest(self.steps, searched=self.searched)

    @property
    def sign_holds(self) -> bool:
        """Say whether the shift keeps its sign when every account has its own trend."""
        return bool(np.isfinite(self.tau_trends) and self.tau_trends * self.tau > 0)


def decide(
    y: Floats,
    treated: Bools,
    *,
    date: int | None,
    draws: int = 999,
    level: float = 0.95,
    dates: Ints | None = None,
    rng: np.random.Generator,
) -> Decision:
    """Audit one panel; ``date`` is the index of the first period of the new regime, None to search it.

    Raises ValueError where no treated account, or fewer than two others, have known periods on both sides of the date, or a
    single one on each; and where there are too few periods to search a date.
    """
    tried, usable, chosen, found = _ranked(y, treated, date, draws, dates, rng)
    exact, at = found.exact, int(found.at[0])
    after = np.arange(y.shape[1]) >= at
    prepared = prepare(y, after)
    about = placebo.spread(y, after, shift(prepared, np.eye(y.shape[0], dtype=np.bool_)))
    tau, se = float(found.tau[0]), float(placebo.standard_errors(about, chosen[:1])[0])
    reach = float(student.ppf(0.5 + level / 2, about.df)) * se
    plain = shift(prepared, chosen) if date is not None else found.tau
    return Decision(
        at,
        after,
        tau,
        tau - reach,
        tau + reach,
        se,
        about.df,
        placebo.p_value(found.t),
        placebo.p_value(plain),
        placebo.p_value(plain, sided=1),
        placebo.p_value(plain, sided=-1),
        placebo.floor(chosen),
        exact,
        found,
        chosen,
        usable,
        about,
        _steps(y, chosen[0], usable, date, tried, rng),
        float(shift(prepare(y, after, trends=True), chosen[:1])[0]),
        date is None,
    )


def holds(decision: Decision, *, alpha: float) -> bool:
    """Say whether a differential move is found at ``alpha``."""
    return bool(decision.p_break <= alpha and decision.p_floor <= alpha and decision.sign_holds and decision.p_value <= alpha)


def finds(y: Floats, treated: Bools, *, date: int | None, alpha: float, draws: int, sign: int, rng: np.random.Generator) -> bool:
    """Say whether ``holds(decide(...))`` and the shift has the sign (1 or -1), the dear steps asked last. Raises as ``decide``.

    Where much is planted and decided (``power``), most of the time goes to panels in which the rank alone says no.
    """
    tried, usable, chosen, found = _ranked(y, treated, date, draws, None, rng)
    if found.tau[0] * sign <= 0 or placebo.floor(chosen) > alpha or placebo.p_value(found.t) > alpha:
        return False
    after = np.arange(y.shape[1]) >= int(found.at[0])
    own = float(shift(prepare(y, after, trends=True), chosen[:1])[0])
    return bool(own * sign > 0 and _smallest(_steps(y, chosen[0], usable, date, tried, rng), searched=date is None) <= alpha)


def lines(y: Floats, treated: Bools, usable: Bools) -> dict[str, Floats]:
    """Give three series of accounts net of their own means: the treated's mean, the others', their difference. (periods,) each."""
    with np.errstate(invalid="ignore"):
        level = y - _mean(y, axis=1)[:, None]
        mine, rest = _mean(level[treated & usable], axis=0), _mean(level[~treated & usable], axis=0)
    return {"between": mine - rest, "treated": mine, "others": rest}


def _ranked(
    y: Floats, treated: Bools, date: int | None, draws: int, dates: Ints | None, rng: np.random.Generator
) -> tuple[Ints, Bools, Bools, Placebos]:
    """Give the dates tried, the usable accounts, the choices of them, and what every choice showed."""
    searched = placebo.admissible(y.shape[1]) if dates is None else dates
    tried = searched if date is None else np.array([date])
    if not tried.size:
        raise ValueError(f"{y.shape[1]} periods leave no date to search; give six or more, or a date")
    middle = np.arange(y.shape[1]) >= (date if date is not None else int(np.median(tried)))
    usable = prepare(y, middle).usable
    if not (treated & usable).any() or (~treated & usable).sum() < 2:
        raise ValueError("too few accounts have known periods before and after the date; give more controls or another date")
    chosen, exact = placebo.choices(treated, usable, draws=draws, rng=rng)
    found = placebo.run(y, chosen, tried, exact=exact)
    if not np.isfinite(found.tau[0]):
        raise ValueError("the treated accounts have a single known period before and after every date; give more periods")
    return tried, usable, chosen, found


def _smallest(steps: dict[str, Step], *, searched: bool) -> float:
    """Give the smallest p-value of the steps, adjusted for looking at all of them; 1 where there is none."""
    p_values = [s.p_value for s in steps.values()]
    if len(p_values) == 3 and not searched:
        return three_differences(min(p_values))
    return min(holm(p_values), default=1.0)


def _steps(y: Floats, treated: Bools, usable: Bools, date: int | None, tried: Ints, rng: np.random.Generator) -> dict[str, Step]:
    """Date a step in each of the three series."""
    found = {}
    for name, series in lines(y, treated, usable).items():
        try:
            if date is not None:
                found[name] = step(series, np.arange(y.shape[1]) >= date)
            else:
                found[name] = search(series, tried, draws=SEARCH_DRAWS, rng=rng)
        except ValueError:
            continue
    return found


def _mean(values: Floats, *, axis: int) -> Floats:
    """Average what is known; nan where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    return np.asarray(np.where(count > 0, np.where(known, values, 0.0).sum(axis=axis) / np.maximum(count, 1), np.nan))
