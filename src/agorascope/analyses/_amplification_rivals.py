"""Which explanations does an audit put its effect to, and what did the data say to each? Worded for a rise or a fall.

A status is ``favoured``, ``disfavoured`` or ``undecided``; ``not_tested`` names the datum that is missing. That the case knows of
no event near the date is no evidence that there was none: a list of events may be incomplete.
"""

import numpy as np

from agorascope.findings import Rival
from agorascope.stats.marks import Mark
from agorascope.tables import Corpus
from agorascope.texts import message

from ._amplification_estimate import Answer, dates

_SHIFTS = ("topic", "off_topic", "followers", "attention", "elsewhere")
_LACKING = {"topic": "topics", "off_topic": "topics", "grew": "longer", "faded": "longer", "elsewhere": "attention"}
_DIRECTED = ("push", "interest", "loop", *_SHIFTS)  # those worded apart for a fall
_EVENTS = "SELECT at_us, label FROM events ORDER BY at_us NULLS FIRST, label NULLS FIRST"
_WEEK_US = 7 * 86_400_000_000

Numbers = tuple[float | None, float | None, float | None]


def rivals(answer: Answer, corpus: Corpus, *, verdict: str, alpha: float) -> tuple[Rival, ...]:
    """Put the effect to each explanation; those that need a datum not given say which. Where nothing is found, none is favoured."""
    marks, sign = answer.marks, float(np.sign(answer.decision.tau)) or 1.0
    named, push = answer.mechanism if verdict == "found" else None, answer.push
    lacking = "" if push is not None and answer.unnamed != "unknown" else _engagement(answer) if answer.panel.has_views else "views"
    made = [
        _mechanism("push", named, lacking, sign, push or (None, None, None)),
        _mechanism("interest", named, lacking, sign, _numbers(marks.get("conversion"))),
        _mechanism("loop", named, lacking, sign, _numbers(marks.get("late"))),
    ]
    shifts = [_of_mark(name, marks.get(name), sign, sign, alpha) for name in _SHIFTS]
    shape = [_of_mark(name, marks.get("late"), sign, sign * way, alpha) for name, way in (("grew", 1.0), ("faded", -1.0))]
    return (*made, *shifts, *shape, _trend(answer), _event(answer, corpus))


def _engagement(answer: Answer) -> str:
    return "engagement_zeros" if answer.sparse else "engagement_known" if answer.unnamed == "unknown" else "engagement"


def _key(name: str, sign: float) -> str:
    return f"amplification.rival.{name}{'_down' if sign < 0 and name in _DIRECTED else ''}"


def _numbers(m: Mark | None) -> Numbers:
    return (None, None, None) if m is None else (m.size, *m.interval())


def _mechanism(name: str, named: str | None, lacking: str, sign: float, numbers: Numbers) -> Rival:
    statement = message(_key(name, sign))
    if lacking:
        return Rival(name=name, statement=statement, status="not_tested", missing=message(f"amplification.missing.{lacking}"))
    status = "undecided" if named is None else "favoured" if named == name else "disfavoured"
    return Rival(name=name, statement=statement, status=status, statistic=numbers[0], low=numbers[1], high=numbers[2])


def _of_mark(name: str, m: Mark | None, sign: float, wanted: float, alpha: float) -> Rival:
    """Say whether this mark moved as the rival needs (``wanted``: its sign), two-sided, or the other way."""
    statement = message(_key(name, sign))
    if m is None:
        missing = message(f"amplification.missing.{_LACKING.get(name, name)}")
        return Rival(name=name, statement=statement, status="not_tested", missing=missing)
    low, high = m.interval()
    moved = m.p_value() <= alpha
    status = "undecided" if not moved else "favoured" if m.size * wanted > 0 else "disfavoured"
    return Rival(name=name, statement=statement, status=status, statistic=m.size, low=low, high=high, p_value=m.p_value())


def _trend(answer: Answer) -> Rival:
    statement = message("amplification.rival.trends")
    size = answer.decision.tau_trends
    if not np.isfinite(size):
        return Rival(name="trends", statement=statement, status="not_tested", missing=message("amplification.missing.longer"))
    status = "disfavoured" if answer.decision.sign_holds and abs(size) > 0.5 * abs(answer.decision.tau) else "undecided"
    return Rival(
        name="trends", statement=statement, status="favoured" if not answer.decision.sign_holds else status, statistic=float(size)
    )


def _event(answer: Answer, corpus: Corpus) -> Rival:
    """Count the events of the case within a week of the date, or of the interval of a date that was searched."""
    statement = message("amplification.rival.event")
    rows = corpus.query(_EVENTS).to_pylist() if corpus.has("events") else []
    if not rows:
        return Rival(name="event", statement=statement, status="not_tested", missing=message("amplification.missing.events"))
    ends = dates(answer) if answer.searched else None
    first, last = (int(answer.panel.starts_us[at]) for at in (ends or (answer.decision.at, answer.decision.at)))
    reach = last + answer.panel.length_us if ends else last
    near = [r for r in rows if first - _WEEK_US <= r["at_us"] < reach + _WEEK_US]
    return Rival(name="event", statement=statement, status="undecided", statistic=float(len(near)))
