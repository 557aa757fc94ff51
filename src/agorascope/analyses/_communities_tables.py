"""Which tables and figures of the communities are published, with which columns?"""

from typing import Any

import pyarrow as pa

from agorascope.findings import Figure
from agorascope.stats.plateaus import Cut
from agorascope.texts import catalogue, message

from ._communities_reduce import Gathered

_TEXT, _WHOLE, _REAL = pa.string(), pa.int64(), pa.float64()
_WHOLES = frozenset({"accounts", "posts", "bridges", "inside", "across", "first", "authors", "communities", "start_us"})
_COLUMNS = {
    "parts": (
        "community name accounts accounts_share posts posts_share posts_share_low posts_share_high ratio views_share inside_share "
        "conductance bridges lasting_share"
    ),
    "map": "community name accounts x y radius",
    "between": "community other ties expected tied_ratio",
    "words": "community kind value accounts used_share log_odds z",
    "groups": "community variable group_name accounts share share_low share_high",
    "influencers": "community platform account_id inside across across_share",
    "bridges": "community platform account_id ties outside_share other",
    "resolutions": "resolution communities agreement beside random modularity chosen",
    "layers": "layer pairs used",
    "trend": (
        "community name first posts posts_share posts_share_low posts_share_high authors authors_share authors_share_low "
        "authors_share_high accounts_share ratio ratio_low ratio_high start_us"
    ),
    "without": "network accounts ties communities modularity agreement",
}
DESCRIBED = ("parts", "words", "groups", "influencers", "bridges", "between")
SHOWN = {
    "map": ("community", "name", "accounts"),
    "parts": ("community", "name", "accounts", "accounts_share", "posts_share", "posts_share_low", "posts_share_high", "ratio"),
}


def tables(**rows: list[dict[str, Any]] | None) -> dict[str, pa.Table]:
    """Make the published tables; one not asked for is left out."""
    return {name: pa.Table.from_pylist(listed, _schema(name)) for name, listed in rows.items() if listed is not None}


def _schema(name: str) -> pa.Schema:
    def kind(column: str) -> pa.DataType:
        if column in (
            "community",
            "name",
            "other",
            "kind",
            "value",
            "variable",
            "group_name",
            "platform",
            "account_id",
            "layer",
            "network",
        ):
            return _TEXT
        if column in ("used", "chosen"):
            return pa.bool_()
        whole = column in _WHOLES or (column == "ties" and name != "between") or column == "pairs"
        return _WHOLE if whole else _REAL

    return pa.schema([(column, kind(column)) for column in _COLUMNS[name].split()])


def levels(found: Cut) -> list[dict[str, Any]]:
    """List the resolutions tried."""
    return [
        level._asdict() | {"random": float(usual), "chosen": level is found.level}
        for level, usual in zip(found.levels, found.random, strict=True)
    ]


def layers(gathered: Gathered) -> list[dict[str, Any]]:
    """List the layers the case has, with the rows of each, and which of them were used."""
    used = {layer.name for layer in gathered.layers}
    same = gathered.follows - used if "follow" in gathered.there else set()
    return [{"layer": name, "pairs": n, "used": name in used} for name, n in gathered.there.items() if name not in same]


def figures(made: dict[str, pa.Table], *, mapped: bool, holds: bool) -> tuple[Figure, ...]:
    """Describe the figures: the trend and the map first, then who says and reposts what, then how it was cut.

    Two or three communities of a platform have no map and no table of ties between them (``mapped``): what leaves each settles how
    many ties every pair has. A note tells how many join them.
    """
    listed = []
    if holds:
        listed += [_table("trend", made)] if "trend" in made else []
        if mapped:
            title, note = message("communities.figure.map"), message("communities.figure.map_note")
            listed.append(Figure(name="map", kind="map", table="map", title=title, x="x", y=("y",), marks="between", note=note))
        listed += [_table(name, made) for name in DESCRIBED if made[name].num_rows and (mapped or name != "between")]
    listed += [_table(name, made) for name in ("without", "resolutions", "layers") if name in made and made[name].num_rows]
    return tuple(listed)


def _table(name: str, made: dict[str, pa.Table]) -> Figure:
    noted = f"communities.figure.{name}_note"
    return Figure(
        name=name,
        kind="table",
        table=name,
        title=message(f"communities.figure.{name}"),
        y=SHOWN.get(name, tuple(made[name].column_names)),
        note=message(noted) if noted in catalogue("en") else None,
    )
