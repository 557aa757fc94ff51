"""What does an audit say? Claim, refusals, effect, units, calibration; its notes are in ``_amplification_notes``."""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate
from agorascope.stats.families import holm
from agorascope.stats.marks import Mark
from agorascope.stats.placebo import needed
from agorascope.texts import Message, message

from ._amplification_cast import SIDES, Cast
from ._amplification_estimate import FEWEST_AFTER, FEWEST_BEFORE, Answer, datable, dates
from ._amplification_gates import Gates, known_periods
from ._amplification_reduce import Panel

Bools = npt.NDArray[np.bool_]

METHOD = "least squares on log means, account and period effects; randomisation over accounts"
_ROWS = ("posts", "seen", "exposure", "engagement", "followers", "early", "unengaged")  # of a panel: one row an account
LONG_ENOUGH = FEWEST_BEFORE + FEWEST_AFTER  # periods in which an account must be known at least


def kept(panel: Panel, keep: Bools) -> Panel:
    """Leave out accounts that cannot be on one side only."""
    if keep.all():
        return panel

    def rows(values: Any) -> Any:
        return None if values is None else values[keep]

    return panel._replace(
        accounts=[name for name, held in zip(panel.accounts, keep.tolist(), strict=True) if held],
        extras={name: values[keep] for name, values in panel.extras.items()},
        **{
            name: rows(getattr(panel, name))
            for name in ("posts", "seen", "exposure", "engagement", "followers", "early", "unengaged")
        },
    )


def refusal(gate: str, roles: Cast, panel: Panel, *, alpha: float) -> Message:
    """Say why nothing could be estimated."""
    if gate == "roles":
        account, groups = next(iter(roles.doubled.items()))
        sided = "roles" if groups == list(SIDES) else "roles_groups"
        return message(f"amplification.claim.{sided}", account=account, groups=groups, n=len(roles.doubled))
    if gate == "treated":
        return message("amplification.claim.treated")
    if gate in ("ages", "capture_treated"):
        return message(f"amplification.claim.{gate}")
    if gate == "controls":
        return few_controls(len(roles.accounts) - len(roles.treated), len(roles.treated), alpha)
    treated = np.array([account in roles.treated for account in panel.accounts], bool)
    known = known_periods(panel, treated)
    others = [known_periods(panel, np.arange(treated.size) == k) for k in np.flatnonzero(~treated).tolist()]
    if known >= LONG_ENOUGH and sum(n >= LONG_ENOUGH for n in others) < 2:
        return message("amplification.claim.periods_others", n=sum(n >= LONG_ENOUGH for n in others))
    return message("amplification.claim.periods", n=known)


def few_controls(others: int, treated: int, alpha: float) -> Message:
    """Say how many accounts there are to compare with, and how many a test at ``alpha`` takes."""
    return message("amplification.claim.controls", n=others, needed=needed(max(treated, 1), alpha), level=alpha)


def claim(
    answer: Answer, roles: Cast, gates: Gates, verdict: str, grade: str | None, date_us: int | None, *, alpha: float
) -> Message:
    """Say the finding in one hedged sentence with its numbers."""
    if gates.refusing:
        return refusal(gates.refusing, roles, answer.panel, alpha=alpha)
    decision = answer.decision
    said = {
        "metric": f"amplification.metric.{answer.panel.metric}",
        "since": _since(answer, date_us, alpha),
        "ratio": float(np.exp(decision.tau)),
        "low": float(np.exp(decision.low)),
        "high": float(np.exp(decision.high)),
        "p": decision.p_value,
        "floor": decision.p_floor,
        "controls": int((~answer.treated).sum()),
        "treated": int(answer.treated.sum()),
        "smallest": None if answer.detectable is None else float(np.exp(answer.detectable)),
        "inverse": None if answer.detectable is None else float(np.exp(-answer.detectable)),
    }
    if "conversion" in answer.marks:
        size, (low, high) = answer.marks["conversion"].size, answer.marks["conversion"].interval()
        ratios = (float(np.exp(v)) for v in (size, low, high))
        said |= dict(zip(("conversion", "conversion_low", "conversion_high"), ratios, strict=True))
    key = grade or "not_identified"
    if key == "not_identified":
        key = "not_identified_found" if verdict == "found" else f"not_identified_{_why(answer, alpha)}"
    if key in ("exposure_led", "demand_led", "not_identified_floor") and decision.tau < 0:
        key = f"{key}_down"
    return message(f"amplification.claim.{key}", **said)


def _since(answer: Answer, date_us: int | None, alpha: float) -> Message:
    """Say from when on; that a date was searched, and its interval; that no date can be given where no step holds."""
    starts = answer.panel.starts_us
    if date_us is not None:
        return message("amplification.since.given", date=date_us)
    date, ends = int(starts[answer.decision.at]), dates(answer)
    if ends is None or not datable(answer, alpha):
        return message("amplification.since.undated", date=date)
    if ends[0] == ends[1]:
        return message("amplification.since.searched_one", date=date)
    return message("amplification.since.searched", date=date, low=int(starts[ends[0]]), high=int(starts[ends[1]]))


def effect(answer: Answer) -> Estimate:
    """State the ratio of exposure per post, treated over controls, after over before."""
    decision = answer.decision
    return Estimate(
        metric=answer.panel.metric,
        value=float(np.exp(decision.tau)),
        low=float(np.exp(decision.low)),
        high=float(np.exp(decision.high)),
        unit="ratio",
        level=0.95,
        method=METHOD,
        p_value=decision.p_value,
        p_floor=decision.p_floor,
        sided="two-sided",
    )


def units(answer: Answer) -> tuple[dict[str, Any], ...]:
    """Give one row per part of the split; q-values by Holm over the parts, which are declared beforehand."""
    told = [(part.name, part.mark) for part in answer.parts if part.mark is not None]
    q_values = holm([m.p_value() for _, m in told])
    return tuple(_unit(name, m, float(q)) for (name, m), q in zip(told, q_values, strict=True))


def calibrated(answer: Answer, *, searched: bool, alpha: float) -> Calibration:
    """Look up the cell of the world grid nearest to this panel; add the smallest effect this corpus could have shown.

    The rates of the grid were measured at its nominal level: at another ``alpha`` they say nothing, and are left out.
    """
    found = nearest(
        "amplification",
        accounts=float(answer.y.shape[0]),
        periods=float(answer.y.shape[1]),
        date="searched" if searched else "given",
    )
    if found.nominal is not None and not np.isclose(found.nominal, alpha):
        found = Calibration()
    smallest = None if answer.detectable is None else float(np.exp(answer.detectable))
    return Calibration(
        **{name: getattr(found, name) for name in Calibration.__struct_fields__ if not name.startswith("smallest")},
        smallest_effect=smallest,
        smallest_effect_unit=None if smallest is None else "ratio",
    )


def _why(answer: Answer, alpha: float) -> str:
    """Say what keeps the effect from being identified: trends, too few controls, or noise in which it could not have been seen."""
    if not answer.decision.sign_holds:
        return "trends" if answer.decision.p_floor <= answer.decision.p_value else "floor"
    if answer.detectable is None:
        return "floor" if answer.decision.p_floor > alpha else "noise"
    return "power"


def _unit(name: str, m: Mark, q_value: float) -> dict[str, Any]:
    low, high = m.interval()
    return {
        "part": name,
        "ratio": float(np.exp(m.size)),
        "low": float(np.exp(low)),
        "high": float(np.exp(high)),
        "log_change": m.size,
        "p_value": m.p_value(),
        "q_value": q_value,
    }
