"""Is this a list of dated events? ``at, label``: the marks on every time line."""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Event, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, padded, saw, unknown_names
from .fields import text, time_us
from .names import Aliases

NAME = "events"
CONTAINER = "table"
PRIORITY = -3
COLUMNS: Aliases = {
    "at": "date datetime when day time timestamp quand jour horodatage",
    "label": "event evenement libelle what quoi",
    "platform": "plateforme",
}
_PAIR: Aliases = {**COLUMNS, "label": f"{COLUMNS['label']} title titre name nom description"}


def recognise(sample: Sample) -> str | None:
    """Accept a table of a time and a label and little else: at most four columns."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    missing = [name for name in ("at", "label") if name not in bound(sample)]
    if missing:
        return f"no column for {' and '.join(missing)} of an event; {saw(sample)}"
    return (
        f"{len(sample.header)} columns, a list of events has at most 4" if len(sample.header) > 4 and not sample.columns else None
    )


def mapper(sample: Sample) -> Mapper:
    """Bind to time and label and map each row to one event."""
    at, width = bound(sample), len(sample.header)
    i_at, i_label = at["at"], at["label"]
    day_first, zone = dates(sample, i_at)
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        when, label = time_us(row[i_at], day_first=day_first, zone=zone), text(row[i_label])
        if when is None or label is None:
            raise BadRecord(message("reasons.event_unplaced"))
        return [Event(platform_of(row), when, label)]

    return map_row


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; beside a time, one other column is the label."""
    return bind(sample, _PAIR if len(sample.header) == 2 else COLUMNS)
