"""Which columns of a table are read, and as what? The rest stays in the raw record, and can be listed.

A source that binds its columns by other means than ``COLUMNS`` alone says so in ``bound(sample)``.
"""

from . import Sample, source
from .columns import bind
from .periods import PERIOD

_TIMES = frozenset(("created_at", "observed_at", "account_created_at", "at", "since", "until", "timestamp_share", *PERIOD))


def columns_used(sample: Sample, name: str) -> dict[str, str]:
    """Give the columns a source reads of a table, by canonical name; a second column under one name is numbered."""
    return {canonical: sample.header[position] for canonical, position in _bound(sample, name).items()}


def time_positions(sample: Sample, name: str) -> list[int]:
    """List the columns of a table that a source reads as times."""
    return [position for canonical, position in _bound(sample, name).items() if canonical in _TIMES]


def _bound(sample: Sample, name: str) -> dict[str, int]:
    module = source(name)
    if module.CONTAINER != "table":
        return {}
    found = module.bound(sample) if hasattr(module, "bound") else bind(sample, module.COLUMNS)
    return dict(found)
