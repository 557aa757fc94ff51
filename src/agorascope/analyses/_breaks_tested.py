"""Which breaks hold? Every series twice, as levels and as lines of their own, and one error over all of them."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from agorascope.stats.changepoints import Break, Breaks, detect
from agorascope.stats.families import holm

from ._breaks_series import Series

MODELS = ("level", "trend")
UNIT = (
    "at",
    "at_low",
    "at_high",
    "series",
    "ratio",
    "low",
    "high",
    "p_value",
    "q_value",
    "model",
    "both_models",
    "scope",
    "account_id",
    "group_name",
    "platform",
    "at_us",
    "at_low_us",
    "at_high_us",
)


class Tested(NamedTuple):
    """Hold one series under one model: what was found, and its p-value over all series and models."""

    series: Series
    model: str
    found: Breaks
    q_value: float


def test(series: list[Series], *, models: tuple[str, ...], alpha: float, draws: int, seed: int) -> list[Tested]:
    """Detect the breaks of every series under every model, and adjust the p-values for their number (Holm)."""
    found = [(s, m, detect(s.values, alpha=alpha, lines=m == "trend", draws=draws, seed=seed)) for s in series for m in models]
    p_values = [1.0 if np.isnan(f.p_value) else f.p_value for _, _, f in found]
    return [Tested(*one, q) for one, q in zip(found, holm(p_values), strict=True)]


def units(tested: list[Tested], alpha: float) -> list[dict[str, Any]]:
    """List the breaks that hold over everything tested, strongest first.

    A break's own p-value is multiplied as that of its series was. Breaks do not count where a smooth curve
    without a break describes the series in less. ``both_models``: the other model dates a break of the same series
    that holds too, within the intervals of both; such two stand together, levels first: after over before is what a reader
    understands, and seldom the larger.
    """
    rows = [(t, b, row(t, b)) for t in tested for b in t.found.breaks if not t.found.smooth]
    held = [(t, b, r) for t, b, r in rows if r["q_value"] <= alpha]
    listed = []
    for t, _, r in held:
        twins = [
            o
            for other, _, o in held
            if other.series is t.series
            and other.model != t.model
            and o["at_low_us"] <= r["at_high_us"]
            and r["at_low_us"] <= o["at_high_us"]
        ]
        r["both_models"] = bool(twins)
        listed.append((min(_strength(one) for one in (r, *twins)), MODELS.index(t.model), _strength(r), r))
    return [r for *_, r in sorted(listed, key=lambda one: one[:3])]


def number(units: list[dict[str, Any]]) -> int:
    """Count the breaks among the units: one that both models date is one."""
    return sum(not (u["both_models"] and u["model"] == "trend") for u in units)


def row(tested: Tested, found: Break) -> dict[str, Any]:
    """Describe one break in dates and ratios."""
    series = tested.series
    p_series = tested.found.p_value
    q_value = min(1.0, found.p_value * tested.q_value / p_series) if p_series > 0 else tested.q_value
    times = {name: series.at_us(place) for name, place in (("at", found.at), ("at_low", found.low), ("at_high", found.high))}
    scope = series.scope
    values: dict[str, Any] = {
        "series": series.measure,
        "scope": scope.kind,
        "account_id": scope.name if scope.kind == "account" else None,
        "group_name": scope.name if scope.kind == "group" else None,
        "platform": scope.platform,
        "model": tested.model,
        "p_value": found.p_value,
        "q_value": max(q_value, found.p_value),
        "both_models": False,
    }
    values |= {name: iso(us) for name, us in times.items()} | {f"{name}_us": us for name, us in times.items()}
    values |= {n: _ratio(v) for n, v in (("ratio", found.size), ("low", found.size_low), ("high", found.size_high))}
    return {name: values[name] for name in UNIT}


def _strength(unit: dict[str, Any]) -> tuple[Any, ...]:
    """Sort by p-value, then from many accounts to few, then by size."""
    place = ("all", "group", "account").index(unit["scope"])
    size = round(-abs(float(np.log(unit["ratio"]))), 9)
    name = unit["account_id"] or unit["group_name"] or ""
    return unit["q_value"], unit["p_value"], place, size, unit["series"], name, unit["platform"] or "", unit["model"], unit["at_us"]


def iso(us: int) -> str:
    """Write a time as an ISO date, or date and time where it is not midnight UTC."""
    at = datetime.fromtimestamp(us // 1_000_000, UTC)
    return at.date().isoformat() if us % 86_400_000_000 == 0 else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _ratio(size: float) -> float:
    return float(np.exp(np.clip(size, -300, 300)))
