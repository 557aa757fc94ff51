"""Is this a table of margins? ``variable, category, share``: how a population divides, by age, language, country...

One row is one share; the shares of a variable add up to 1. Several populations come in several files, named by the file or by a
column ``population``. Two variables together are written ``age*gender`` with categories ``18-34*f``.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Margin, Record
from agorascope.stats.margins import adds_up
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

    def whole_of(row: Sequence[Any]) -> tuple[str, str]:
        return text(row[i_population]) or usual, (text(row[i_variable]) or "").casefold()

    def excess() -> dict[tuple[str, str], float]:
        """Add up the shares of every variable, by population; keep what the rows at hand alone put above 1."""
        held: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for row in (padded(row, width) for row in sample.rows):
            category, share = text(row[i_category]), _read(row[i_share])
            if category is not None and share is not None:
                held[whole_of(row)][category.casefold()] = share
        sums = {whole: (sum(shares.values()), len(shares)) for whole, shares in held.items()}
        return {whole: total for whole, (total, n) in sums.items() if total > 1 and not adds_up(total, n)}

    beyond = excess()

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        variable, category = text(row[i_variable]), text(row[i_category])
        if variable is None or category is None:
            raise BadRecord(message("reasons.margin_unnamed"))
        if (whole := whole_of(row)) in beyond:
            raise BadRecord(message("reasons.margin_beyond", said=variable, total=round(beyond[whole], 4)))
        return [Margin(platform_of(row), text(row[i_population]) or usual, variable, category, _share(row[i_share]))]

    return map_row


def _share(value: Any) -> float:
    """Read a share of 1, or a percentage with its sign.

    >>> _share("0,28"), _share("28 %")
    (0.28, 0.28)
    """
    share = _read(value)
    if share is None:
        raise BadRecord(message("reasons.margin_not_a_share", seen=(text(value) or "")[:40] or "–"))
    return share


def _read(value: Any) -> float | None:
    said = text(value) or ""
    found = number(said.removesuffix("%"))
    share = None if found is None else found / 100 if said.endswith("%") else found
    return None if share is None or not 0 <= share <= 1 else round(share, 12)
