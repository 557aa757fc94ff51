"""Which bins does a date or an event mean, and which of two events was talked about more, per hour and per author?"""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.errors import BadValue
from agorascope.stats.intensity import Compared, compare_depths, compare_rates
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._conversation_reduce import DAY_US, HOUR_US, Activity

Floats = npt.NDArray[np.float64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

NAMED = "SELECT label, MIN(at_us) AS at_us FROM events GROUP BY label ORDER BY label NULLS FIRST"

AUTHORS = """
    SELECT platform, account_id, COUNT(*) AS posts FROM posts WHERE created_at_us >= :start_us AND created_at_us < :end_us
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""

COMPARED = pa.schema(
    [
        ("measure", pa.string()),
        ("event_a", pa.string()),
        ("event_b", pa.string()),
        ("a", pa.float64()),
        ("b", pa.float64()),
        ("ratio", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


def sides(activity: Activity, before: str, after: str) -> tuple[int, int]:
    """Give the bins compared by changes: [0, first) against [second, bins). Without dates, the two halves."""
    first = date_us(before or after) if before or after else None
    if first is None:
        return activity.bins // 2, activity.bins // 2
    second = date_us(after or before)
    if second < first:
        raise BadValue(f"after is {after}, earlier than before, {before}; give dates in order")
    cut = [-((activity.origin_us - at) // activity.bin_us) for at in (first, second)]
    low, high = (activity.origin_us + b * activity.bin_us for b in (0, activity.bins))
    if not (0 < cut[0] < activity.bins and 0 < cut[1] < activity.bins):
        raise BadValue(f"before or after lies outside the data; use dates between {say_us(low)} and {say_us(high)}")
    return cut[0], cut[1]


def said(activity: Activity, before: int, after: int, *, given: bool) -> Message:
    """Say from when to when each side of a change goes: the two halves of the period, or what the dates ``given`` part."""
    whole = activity.bin_us % DAY_US == 0
    ends = [activity.origin_us + b * activity.bin_us for b in (0, before, after, activity.bins)]
    if whole:  # of whole days the last is named, not the one after it
        ends = [at - DAY_US * (i % 2) for i, at in enumerate(ends)]
    names = ("start", "until", "since", "end")
    return message(
        f"conversation.sides.{'dates' if given else 'halves'}",
        **{name: message(f"report.forms.{'date' if whole else 'datetime'}", v=at) for name, at in zip(names, ends, strict=True)},
    )


def compare(corpus: Corpus, activity: Activity, event_a: str, event_b: str, hours: float) -> pa.Table:
    """Compare two windows by posts per hour, unique authors and posts per author; an empty table where none are asked for."""
    if not event_a and not event_b:
        return COMPARED.empty_table()
    if not activity.hours:
        raise BadValue("event_a and event_b compare posts; this case has panels only")
    windows = [window_us(corpus, event, hours) for event in (event_a, event_b)]
    counts = [
        {(r["platform"], r["account_id"]): r["posts"] for r in corpus.query(AUTHORS, start_us=s, end_us=e).to_pylist()}
        for s, e in windows
    ]
    for event, found in zip((event_a, event_b), counts, strict=True):
        if not found:
            low, high = (activity.origin_us + b * activity.bin_us for b in (0, activity.bins))
            raise BadValue(f"event {event!r} holds no post of this case, which has posts from {say_us(low)} to {say_us(high)}")
    keys = sorted(set(counts[0]) | set(counts[1]), key=str)
    a, b = (np.array([side.get(key, 0) for key in keys], dtype=np.float64) for side in counts)
    length = [(end - start) / HOUR_US for start, end in windows]
    heads = [float(np.count_nonzero(side)) for side in (a, b)]
    rows = [
        ("posts", a.sum(), b.sum(), Compared(float("nan"), float("nan"), float("nan"))),
        ("posts_per_hour", a.sum() / length[0], b.sum() / length[1], compare_rates(a, length[0], b, length[1])),
        ("authors", heads[0], heads[1], Compared(float("nan"), float("nan"), float("nan"))),
        ("posts_per_author", _over(a.sum(), heads[0]), _over(b.sum(), heads[1]), compare_depths(a, b)),
    ]
    made = [
        {
            "measure": name,
            "event_a": event_a,
            "event_b": event_b,
            "a": float(x),
            "b": float(y),
            "ratio": _known(r.ratio, x, y),
            "low": _known(r.low),
            "high": _known(r.high),
        }
        for name, x, y, r in rows
    ]
    return pa.Table.from_pylist(made, COMPARED)


def window_us(corpus: Corpus, event: str, hours: float) -> tuple[int, int]:
    """Turn START/END, or the label of an event of the case, into a window [start, end) in µs UTC."""
    labels = {r["label"]: int(r["at_us"]) for r in corpus.query(NAMED).to_pylist()} if corpus.has("events") else {}
    if event in labels:
        return labels[event], labels[event] + int(hours * HOUR_US)
    start, slash, end = event.partition("/")
    if not slash:
        raise BadValue(f"event is {event!r}; use START/END in ISO dates, or one of: {', '.join(labels) or 'no event in this case'}")
    if date_us(end) <= date_us(start):
        raise BadValue(f"event is {event!r}, which ends before it starts; use START/END in ISO dates")
    return date_us(start), date_us(end)


def date_us(text: str) -> int:
    """Read an ISO date or time, UTC where no zone is given, as µs."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadValue(f"date is {text!r}; use an ISO date such as 2024-07-13 or 2024-07-13T18:00") from error
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def say_us(at_us: int) -> str:
    """Write µs UTC as an ISO date."""
    return (_EPOCH + timedelta(microseconds=at_us)).date().isoformat()


def _over(posts: float, heads: float) -> float:
    return float(posts) / heads if heads else 0.0


def _known(value: float, *counts: float) -> float | None:
    if np.isfinite(value):
        return float(value)
    return float(counts[0] / counts[1]) if counts and counts[1] > 0 else None
