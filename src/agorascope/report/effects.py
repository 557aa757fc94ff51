"""How is an estimate shown? The number, its interval in words, and the interval drawn on a line beside it."""

import math

from agorascope.findings import Estimate, Rival
from agorascope.texts import catalogue

from . import cells
from .cells import word
from .view import EffectView

_EDGE = 6.0


def effect(analysis: str, estimate: Estimate | None, lang: str, verdict: str = "") -> EffectView | None:
    """Show an estimate; None where there is no number.

    Ends of no level are no interval of sampling: what they are is the text ``interval`` of the analysis.
    Why an analysis gives none of its intervals under a verdict is its text ``no_interval.<verdict>``; what an interval of one point
    means is its text ``one_point``.
    """
    if estimate is None or estimate.value is None:
        return None
    shape = cells.form("value", estimate.unit)
    return EffectView(
        metric=_metric(analysis, estimate.metric, lang),
        number=_with_unit(estimate.value, shape, estimate.unit, lang),
        interval=_interval(analysis, estimate, shape, lang, f"{analysis}.no_interval.{verdict}"),
        p_value=_p(estimate, lang),
        method=cells.value_text(analysis, "method", estimate.method, lang),
        line=line(estimate.value, estimate.low, estimate.high, estimate.unit),
    )


def line(value: float, low: float | None, high: float | None, unit: str) -> dict[str, float] | None:
    """Place an interval on a line from 0 to 100: ``low, value, high`` and ``none``, the place of "no effect".

    Ratios are placed on a logarithmic scale around 1, shares between 0 and 1 (no place of "no effect"), other numbers
    around 0. None where there is no interval to draw.

    >>> line(2.0, 1.0, 4.0, "ratio")["none"]
    6.0
    """
    if low is None or high is None:
        return None
    if unit == "share":
        inside = {name: min(max(v, 0.0), 1.0) for name, v in (("low", low), ("value", value), ("high", high))}
        return {name: round(_EDGE + (100 - 2 * _EDGE) * v, 2) for name, v in inside.items()}
    if unit == "ratio" and min(low, value) <= 0:
        return None
    scale = math.log if unit == "ratio" else float
    points = {"low": scale(low), "value": scale(value), "high": scale(high), "none": 0.0}
    start, end = min(points.values()), max(points.values())
    width = (end - start) or 1.0
    return {name: round(_EDGE + (100 - 2 * _EDGE) * (at - start) / width, 2) for name, at in points.items()}


def rival_numbers(rival: Rival, lang: str) -> str:
    """Write what a rival's test gave: statistic, interval, p-value; the missing datum where it was not tested."""
    parts = []
    if rival.statistic is not None:
        parts.append(cells.shown(rival.statistic, "number", lang))
    if rival.low is not None or rival.high is not None:
        low, high = (cells.shown(end, "number", lang) for end in (rival.low, rival.high))
        parts.append(word("report.forms.interval", lang, low=low, high=high))
    if rival.p_value is not None:
        parts.append(word("report.forms.p", lang, v=rival.p_value))
    return ", ".join(parts)


def _metric(analysis: str, metric: str, lang: str) -> str:
    """Name what an estimate measures: a column, or the check of the gate it comes from."""
    checked = cells.value_text(analysis, "check", metric, lang)
    return checked if checked != metric else cells.label(analysis, metric, lang)


def _interval(analysis: str, estimate: Estimate, shape: str, lang: str, why: str) -> str:
    if estimate.low is None and estimate.high is None:
        return word(why if why in catalogue(lang) else "report.effect.no_interval", lang)
    if estimate.low == estimate.high and f"{analysis}.one_point" in catalogue(lang):
        return word(f"{analysis}.one_point", lang, level=estimate.level or 0.95)
    ends = {"low": cells.shown(estimate.low, shape, lang), "high": cells.shown(estimate.high, shape, lang)}
    if estimate.level is None and f"{analysis}.interval" in catalogue(lang):
        return word(f"{analysis}.interval", lang, **ends)
    key = "one_sided_low" if estimate.high is None else "one_sided_high" if estimate.low is None else "interval"
    return word(f"report.effect.{key}", lang, level=estimate.level or 0.95, **ends)


def _p(estimate: Estimate, lang: str) -> str:
    if estimate.p_value is None:
        return ""
    said = word("report.forms.p", lang, v=estimate.p_value)
    if estimate.p_floor is not None and estimate.p_value <= estimate.p_floor:
        said = word("report.effect.floor", lang, p=said, floor=estimate.p_floor)
    return said


def _with_unit(value: float, shape: str, unit: str, lang: str) -> str:
    number = cells.shown(value, shape, lang)
    return number if shape != "number" or not unit else f"{number}\u00a0{cells.value_text('report', 'unit', unit, lang)}"
