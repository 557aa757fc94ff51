"""Which charts and tables of coordination does a report show, in which order, with which columns?"""

import pyarrow as pa

from agorascope.findings import Figure
from agorascope.texts import message

from ._coordination_tables import MOST_SERIES, TESTED

DECIDES = (
    "network", "counted", "apart", "inside_share", "rest_share", "dealt_ratio", "quick_share", "quick_rest_share",
    "reacting", "steady_share", "steady_share_low", "steady_share_high", "instant_share_low",
)  # fmt: skip
"""Columns of ``apart`` that decide; the others are exported."""
SHORT = {
    "objects": ("network", "kind", "object", "accounts", "first_us", "spread_s", "account_id", "text"),
    "explanations": ("network", "explanation", "status", "says", "missing", "share", "share_low", "share_high"),
}
"""Columns a report shows where a table has more than fit the page."""
SHOWN = (
    "explanations",
    "objects",
    "boosted",
    "earlier",
    "roles",
    "created",
    "handles",
    "names",
    "hours",
    "languages",
    "sites",
    "techniques",
)
"""Tables of the dossier in the order a report shows them; others are only exported."""


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts and tables: windows, behaviours, then the dossier."""
    listed = []
    if made["windows"].num_rows:
        listed.append(
            Figure(
                name="windows",
                kind="bars",
                table="windows",
                title=message("coordination.figure.windows"),
                x="window_s",
                y=("excess",),
                series="behaviour",
                note=message("coordination.figure.windows_note"),
            )
        )
    listed.append(
        Figure(
            name="tested",
            kind="table",
            table="tested",
            title=message("coordination.figure.tested"),
            y=tuple(TESTED.names),
            note=message("coordination.figure.tested_note"),
        )
    )
    if made["apart"].num_rows:
        title, note = message("coordination.figure.apart"), message("coordination.figure.apart_note")
        listed.append(Figure(name="apart", kind="table", table="apart", title=title, y=DECIDES, note=note))
    alone = "explanations" in made and len(set(made["explanations"]["network"].to_pylist())) < 2
    for name in SHOWN:
        if name in made and made[name].num_rows:
            columns = SHORT.get(name, tuple(made[name].column_names))
            columns = tuple(c for c in columns if not (alone and c == "network"))
            title = message(f"coordination.figure.{name}")
            listed.append(Figure(name=name, kind="table", table=name, title=title, y=columns))
    if made["pace"].num_rows:
        listed.insert(0, _drawn("pace", "timeline", x="start_us", y="posts"))
    if "hours" in made and 0 < len(set(made["hours"]["network"].to_pylist())) <= MOST_SERIES:
        place = next(i for i, one in enumerate(listed) if one.name == "hours")
        listed[place] = _drawn("hours", "bars", x="hour", y="share")
    return tuple(listed)


def _drawn(name: str, kind: str, *, x: str, y: str) -> Figure:
    """Draw a table of the networks, each a series."""
    return Figure(name=name, kind=kind, table=name, title=message(f"coordination.figure.{name}"), x=x, y=(y,), series="network")
