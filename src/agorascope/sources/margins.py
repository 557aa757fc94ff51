"""Is this a table of margins? ``variable, category, share``: how a population divides, by age, language, country...

One row is one share; the shares of a variable add up to 1. Several populations come in several files, named by the file or by a
column ``population``. Two variables together are written ``age*gender`` with categories ``18-34*f``.

A share is written from 0 to 1, or as a percentage with its sign. Without the sign it is a percentage where the shares of its
variable add up to 100: ``27,5`` alone might be per cent or per mille. A comma is a decimal one: no share is in the thousands.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from agorascope.errors import BadRecord
from agorascope.records import Margin, Record
from agorascope.stats.margins import adds_up
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, given_platform, padded, saw, stem, unknown_names
from .fields import called, text
from .names import Aliases

NAME = "margins"
CONTAINER = "table"
PRIORITY = 2  # before the tables of posts: a category is a topic of theirs
COLUMNS: Aliases = {
    "variable": "margin trait dimension marge critere",
    "category": "modality level modalite categorie tranche",
    "share": "proportion percent percentage pct part pourcentage",
    "population": "target frame cible",
    "platform": "plateforme",
}
SEEN_CHARS = 40
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def recognise(sample: Sample) -> str | None:
    """Accept a table of a variable, a category and a share."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS)
    missing = [name for name in ("variable", "category", "share") if name not in at]
    return f"no column for {' and '.join(missing)} of a margin; {saw(sample)}" if missing else None


def mapper(sample: Sample) -> Mapper:
    """Bind to variable, category and share and map each row to one share of the population."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_variable, i_category, i_share, i_population = (at.get(n, width) for n in ("variable", "category", "share", "population"))
    usual = sample.constants.get("population") or stem(sample.name)
    platform_of = given_platform(sample, at)

    def whole_of(row: Sequence[Any]) -> tuple[str, str]:
        return text(row[i_population]) or usual, (called(row[i_variable]) or "").casefold()

    held: dict[tuple[str, str], dict[str, Written]] = defaultdict(dict)
    for row in (padded(row, width) for row in sample.rows):
        category, share = called(row[i_category]), _written(row[i_share])
        if category is not None and share is not None:
            held[whole_of(row)][category.casefold()] = share
    unsigned = {whole for whole, shares in held.items() if _in_hundredths(shares.values())}
    beyond = _beyond({whole: shares for whole, shares in held.items() if whole not in unsigned})

    def share_of(row: Sequence[Any], whole: tuple[str, str]) -> float:
        """Read a share; raise BadRecord for what is none, or is one of 100 without saying so."""
        written = _written(row[i_share])
        if written is None:
            raise BadRecord(message("reasons.margin_not_a_share", seen=(text(row[i_share]) or "")[:SEEN_CHARS] or "–"))
        value = written.value / 100 if written.signed or whole in unsigned else written.value
        if 0 <= value <= 1:
            return round(value, 12)
        seen = (text(row[i_share]) or "")[:SEEN_CHARS]
        if not written.signed and 1 < value <= 100:
            raise BadRecord(message("reasons.margin_without_sign", seen=seen, said=whole[1]))
        raise BadRecord(message("reasons.margin_out_of_range", seen=seen))

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        variable, category, whole = called(row[i_variable]), called(row[i_category]), whole_of(row)
        if variable is None or category is None:
            raise BadRecord(message("reasons.margin_unnamed"))
        if whole in beyond:
            raise BadRecord(message("reasons.margin_beyond", said=variable, total=round(beyond[whole], 4)))
        return [Margin(platform_of(row), text(row[i_population]) or usual, variable, category, share_of(row, whole))]

    return map_row


class Written(NamedTuple):
    """Hold a number as written, and whether it has a sign of percentage."""

    value: float
    signed: bool


def _written(value: Any) -> Written | None:
    """Read a number with a decimal point or comma; None where there is none.

    >>> _written("0,275"), _written("27,5 %"), _written("a third")
    (Written(value=0.275, signed=False), Written(value=27.5, signed=True), None)
    """
    said = "".join((text(value) or "").split())
    signed = said.endswith("%")
    found = _NUMBER.fullmatch(said.removesuffix("%"))
    return Written(float(found[0].replace(",", ".")), signed) if found else None


def _in_hundredths(shares: Collection[Written]) -> bool:
    """Say whether shares of a variable add up to 100, each taken as a percentage: those without the sign are percentages then."""
    return any(not one.signed for one in shares) and adds_up(sum(one.value for one in shares) / 100, len(shares))


def _beyond(held: Mapping[tuple[str, str], Mapping[str, Written]]) -> dict[tuple[str, str], float]:
    """Add up the shares of every variable, by population; keep what the rows at hand alone put above 1."""
    sums = {}
    for whole, shares in held.items():
        found = [one.value / 100 if one.signed else one.value for one in shares.values()]
        read = [value for value in found if 0 <= value <= 1]
        sums[whole] = (sum(read), len(read))
    return {whole: total for whole, (total, n) in sums.items() if total > 1 and not adds_up(total, n)}
