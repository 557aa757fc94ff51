"""Which of the columns bound by name are read? Chosen by what the first rows hold: an epoch, a clock, names of platforms."""

import re
from collections.abc import Mapping
from typing import Any

from agorascope.sources import Sample
from agorascope.sources.columns import given_names, is_platform, key, times, values
from agorascope.sources.labels import with_labels
from agorascope.sources.names import POST
from agorascope.sources.times import US_PER_DAY

_EPOCH = re.compile(r"1\d{8,18}(?:\.\d+)?")
_CLOCK = re.compile(r"\s*\d{1,2}[:hH]\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?\s*")


def columns_read(sample: Sample, at: Mapping[str, int]) -> dict[str, int]:
    """Choose among bound columns those that are read.

    An epoch is preferred to a local time, since it says its zone; a clock is kept only beside dates without one, and a
    platform only where the column names platforms. For labels of posts see ``labels.with_labels``.
    """
    chosen = with_labels(sample, at)
    variants = {key(v) for v in ("created_at", *POST["created_at"].split())}
    epochs = [i for i, name in enumerate(sample.header) if key(name) in variants and _are(_EPOCH, values(sample, i))]
    if "created_at" in chosen and "created_at" not in given_names(sample, POST) and epochs and at["created_at"] not in epochs:
        chosen["created_at"] = epochs[0]
    if "clock" in at and not (
        _are(_CLOCK, values(sample, at["clock"]))
        and "created_at" in at
        and any(us % US_PER_DAY == 0 for us in times(sample, at["created_at"]))
    ):
        del chosen["clock"]
    if "engaged" not in chosen and (people := _people_engaged(sample)) is not None and people not in chosen.values():
        chosen["engaged"] = people
    if "platform" in chosen and not _names_platforms(sample, chosen["platform"]):
        del chosen["platform"]
    return chosen


def _are(form: re.Pattern[str], cells: list[Any]) -> bool:
    return bool(cells) and all(form.fullmatch(str(v)) for v in cells)


def _people_engaged(sample: Sample) -> int | None:
    """Find the people who engaged in an export of a page's own statistics, where they are ``users`` beside ``consumers``."""
    keys = [key(name) for name in sample.header]
    return keys.index("users") if {"users", "consumers"} <= set(keys) else None


def _names_platforms(sample: Sample, position: int) -> bool:
    """Trust ``source`` or ``network`` only where it names platforms: it is a client or a tie's end elsewhere."""
    if sample.header[position].casefold().startswith(("platform", "plateforme")) or "platform" in given_names(sample, POST):
        return True
    found = values(sample, position)
    return bool(found) and all(is_platform(v) for v in found)
