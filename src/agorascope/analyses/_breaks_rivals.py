"""What else could a break be? More posts, a fault of the capture, a known event, the calendar: each asked of the same data."""

from typing import Any

import numpy as np

from agorascope.findings import Rival
from agorascope.stats.longrun import long_run_variance
from agorascope.tables import Corpus
from agorascope.texts import message

from ._breaks_reduce import DAY_US
from ._breaks_series import Series
from ._breaks_tested import Tested

TOO_OFTEN = 0.05  # chance above which an event near a break is taken for a coincidence
EVENTS = "SELECT at_us, label FROM events ORDER BY at_us NULLS FIRST, label NULLS FIRST"
YEAR_US = 364 * DAY_US  # the same weekday
REACH_US = 7 * DAY_US
_NORMAL_95 = 1.959964


def test(corpus: Corpus, series: Series, unit: dict[str, Any], tested: list[Tested], alpha: float) -> tuple[Rival, ...]:
    """Test every rival of one break."""
    return (
        _volume(series, unit, tested, alpha),
        _capture(corpus, series, unit),
        _event(corpus, series, unit),
        _calendar(series, unit),
    )


def _volume(series: Series, unit: dict[str, Any], tested: list[Tested], alpha: float) -> Rival:
    """Ratio of the volume of the same accounts after the date over before."""
    statement = message("breaks.rival.volume")
    beside = [t for t in tested if t.series.measure == "volume" and t.series.scope.name == series.scope.name and t.model == "level"]
    if series.measure == "volume" or not beside:
        missing = message("breaks.missing.other" if series.measure == "volume" else "breaks.missing.volume")
        return Rival(name="volume", statement=statement, status="not_tested", missing=missing)
    volume = beside[0].series
    step, margin = _step(volume, unit["at_us"])
    if step is None:
        return Rival(name="volume", statement=statement, status="not_tested", missing=message("breaks.missing.volume"))
    dated = any(
        volume.at_us(b.low) <= unit["at_high_us"] and unit["at_low_us"] <= volume.at_us(b.high) for b in beside[0].found.breaks
    )
    moved = abs(step) > margin
    status = "favoured" if dated and beside[0].q_value <= alpha else "undecided" if moved else "disfavoured"
    low, high = float(np.exp(step - margin)), float(np.exp(step + margin))
    return Rival(name="volume", statement=statement, status=status, statistic=float(np.exp(step)), low=low, high=high)


def _step(series: Series, at_us: int) -> tuple[float | None, float]:
    """Give the difference of the means after and before a date, and half the length of its 95 % interval."""
    times = series.cells.origin_us + (series.first + np.arange(series.values.size)) * series.cells.bin_us
    known = np.isfinite(series.values)
    sides = [series.values[known & side] for side in (times < at_us, times >= at_us)]
    if min(s.size for s in sides) < 4:
        return None, 0.0
    left = np.concatenate([s - s.mean() for s in sides])
    spread = long_run_variance(left, lost=2) * sum(1 / s.size for s in sides)
    return float(sides[1].mean() - sides[0].mean()), _NORMAL_95 * float(np.sqrt(spread))


def _capture(corpus: Corpus, series: Series, unit: dict[str, Any]) -> Rival:
    """Count gaps and changes of captured share that the coverage check reports within the interval, or a week round it."""
    statement = message("breaks.rival.capture")
    gaps, levels = corpus.derived("coverage.gaps"), corpus.derived("coverage.captured_levels")
    if not gaps.num_columns and not levels.num_columns:
        return Rival(name="capture", statement=statement, status="not_tested", missing=message("breaks.missing.coverage"))
    start, end = unit["at_low_us"] - REACH_US, unit["at_high_us"] + series.cells.bin_us + REACH_US
    mine = {series.scope.name, None} if series.scope.kind == "account" else None
    edges = [(r["start_us"], r["end_us"], r["account_id"]) for r in gaps.to_pylist() if r["adjusted"] <= 0.05]
    first: dict[Any, int] = {}
    for r in levels.to_pylist():
        first[r["account_id"]] = min(first.get(r["account_id"], r["start_us"]), r["start_us"])
    changed = [r for r in levels.to_pylist() if r["start_us"] > first[r["account_id"]]]
    edges += [(r["start_us"], r["start_us"], r["account_id"]) for r in changed]
    near = [e for e in edges if e[0] <= end and e[1] >= start and (mine is None or e[2] in mine)]
    return Rival(name="capture", statement=statement, status="favoured" if near else "disfavoured", statistic=float(len(near)))


def _event(corpus: Corpus, series: Series, unit: dict[str, Any]) -> Rival:
    """Look for events of the case within the interval of the date; p: the chance of one in an interval placed at random.

    An interval placed anywhere would often have met an event where p > 0.05: that explains nothing yet.
    """
    statement = message("breaks.rival.event")
    events = corpus.query(EVENTS).to_pylist() if corpus.has("events") else []
    if not events:
        return Rival(name="event", statement=statement, status="not_tested", missing=message("breaks.missing.events"))
    start, end = unit["at_low_us"] - DAY_US, unit["at_high_us"] + series.cells.bin_us
    near = [e for e in events if start <= e["at_us"] < end]
    part = min((end - start) / (series.cells.bin_us * series.values.size), 1.0)
    chance = float(1 - (1 - part) ** len(events))
    status = "disfavoured" if not near else "favoured" if chance <= TOO_OFTEN else "undecided"
    return Rival(name="event", statement=statement, status=status, statistic=float(len(near)), p_value=chance)


def _calendar(series: Series, unit: dict[str, Any]) -> Rival:
    """Ratio of eight weeks after over eight weeks before the same date of the year before or after: the season's own step."""
    statement = message("breaks.rival.calendar")
    for shift in (-YEAR_US, YEAR_US):
        at = unit["at_us"] + shift
        near = _around(series, at)
        step, margin = _step(near, at) if near is not None else (None, 0.0)
        if step is None:
            continue
        seen = float(np.log(unit["ratio"]))
        alike = abs(step) > margin and step * seen > 0 and abs(step) > abs(seen) / 2
        status = "favoured" if alike else "disfavoured" if margin < abs(seen) / 2 else "undecided"
        low, high = float(np.exp(step - margin)), float(np.exp(step + margin))
        return Rival(name="calendar", statement=statement, status=status, statistic=float(np.exp(step)), low=low, high=high)
    return Rival(name="calendar", statement=statement, status="not_tested", missing=message("breaks.missing.year"))


def _around(series: Series, at_us: int) -> Series | None:
    """Cut eight weeks to both sides of a date; None where the series does not hold them."""
    weeks = 8 * 7 * DAY_US // series.cells.bin_us
    place = (at_us - series.at_us(0)) // series.cells.bin_us
    if weeks < 4 or place - weeks < 0 or place + weeks > series.values.size:
        return None
    return series._replace(first=series.first + place - weeks, values=series.values[place - weeks : place + weeks])
