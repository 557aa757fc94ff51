"""Is this a network? One row per tie: ``source, target`` and, where given, network, layer, weight, time.

The network is named by its column, by the constant ``network``, or by the file. Where one file holds several networks
whose nodes are mere row numbers, node 0 of one is not node 0 of another: nodes are then written ``network/0``
(``columns.local_ids``), in this format as in ``groups``.

A weight is how much of a tie there is: a row with one below 0 is refused, with its reason, for a tie of -2 reposts is a mistake and
would pass for less than none in every sum. What is no finite number is refused as anywhere (``fields.number``).
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Edge, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, local_ids, padded, saw, stem, unknown_names
from .fields import ident, number, text, time_us
from .names import Aliases

NAME = "graph"
CONTAINER = "table"
PRIORITY = -2
COLUMNS: Aliases = {
    "source": "from src sourceid origine",
    "target": "to dst targetid destination vers cible",
    "weight": "poids",
    "layer": "couche",
    "network": "reseau graph",
    "at": "timestamp createdat date time",
    "platform": "plateforme",
}
_TEXTS: Aliases = {"text": "body content message texte contenu subject"}


def recognise(sample: Sample) -> str | None:
    """Accept a table with a source and a target, and no text: a message has a sender and a receiver too."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    missing = [name for name in ("source", "target") if name not in bind(sample, COLUMNS)]
    if missing:
        return f"no column for {' and '.join(missing)} of a tie; {saw(sample)}"
    return "has a text, so that a row is a message and not a tie" if bind(sample, _TEXTS) else None


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to one tie."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_source, i_target, i_weight, i_layer, i_network, i_at = (
        at.get(n, width) for n in ("source", "target", "weight", "layer", "network", "at")
    )
    usual = sample.constants.get("network") or stem(sample.name)
    local = local_ids(sample, (i_source, i_target), at.get("network"))
    day_first, zone = dates(sample, i_at)
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        source, target = ident(row[i_source]), ident(row[i_target])
        if source is None or target is None:
            raise BadRecord(message("reasons.tie_unended"))
        network = text(row[i_network]) or usual
        if local:
            source, target = f"{network}/{source}", f"{network}/{target}"
        weight, when = number(row[i_weight]), time_us(row[i_at], day_first=day_first, zone=zone)
        if weight is not None and weight < 0:
            raise BadRecord(message("reasons.tie_negative", seen=f"{weight:g}"))
        return [Edge(platform_of(row), network, text(row[i_layer]), source, target, weight, when)]

    return map_row
