"""Is this a table of margins? ``variable, category, share``: how a population divides, by age, language, country...

One row is one share. Several populations come in several files, named by the file or by a column ``population``. Two variables
together are written ``age*gender`` with categories ``18-34*f``.
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Margin, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, given_platform, padded, saw, stem, unknown_names
from .fields import number, text
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

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        variable, category = text(row[i_variable]), text(row[i_category])
        if variable is None or category is None:
            raise BadRecord(message("reasons.margin_unnamed"))
        return [Margin(platform_of(row), text(row[i_population]) or usual, variable, category, _share(row[i_share]))]

    return map_row


def _share(value: Any) -> float:
    """Read a share of 1, or a percentage with its sign.

    >>> _share("0,28"), _share("28 %")
    (0.28, 0.28)
    """
    said = text(value) or ""
    found = number(said.removesuffix("%"))
    share = None if found is None else found / 100 if said.endswith("%") else found
    if share is None or not 0 <= share <= 1:
        raise BadRecord(message("reasons.margin_not_a_share", seen=said[:40] or "–"))
    return round(share, 12)
