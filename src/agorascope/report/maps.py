"""How is a map of groups drawn? Bubbles and lines placed by the analysis, as SVG in the page: no script, no library.

The figure's table has one row per bubble: ``community, name, accounts, x, y, radius`` (in one unit); ``marks`` names the table of
lines, ``community, other, ties, expected, tied_ratio``: drawn where there are more ties than expected, beyond chance. Names stand
beneath the map, beside their numbers; the first word of the largest ones also in their bubbles, else under or over them, where it
covers no other bubble and no other word, and does not run off the map.
"""

import math
from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

from agorascope.findings import Figure, Finding

from .cells import word
from .view import MapBubble, MapLine, MapView

Circle = tuple[float, float, float]

SIDE = 360.0
MARGIN = 14.0
LABELLED = 8
LONGEST = 16
WIDEST = 5.0
SURE = 2.33
LETTER, LINE = 7.0, 14.0
"""Width of a letter and height of a line, in units of the map, at most; letters of wide scripts (Chinese, say) count twice."""


def drawing(figure: Figure, finding: Finding) -> MapView | None:
    """Scale a map to a square of ``SIDE`` units; None for other figures, and where there is nothing to draw."""
    if figure.kind != "map" or not finding.tables[figure.table].num_rows:
        return None
    rows = finding.tables[figure.table].to_pylist()
    left, top = (min(r[at] - r["radius"] for r in rows) for at in ("x", "y"))
    wide = max(max(r[at] + r["radius"] for r in rows) - low for at, low in (("x", left), ("y", top)))
    by = (SIDE - 2 * MARGIN) / max(wide, 1e-9)
    tall = (max(r["y"] + r["radius"] for r in rows) - top) * by + 2 * MARGIN + 12
    middle = (SIDE - (max(r["x"] + r["radius"] for r in rows) - left) * by) / 2
    at = {r["community"]: (middle + (r["x"] - left) * by, MARGIN + (r["y"] - top) * by) for r in rows}
    circles = [(*at[r["community"]], r["radius"] * by) for r in rows]
    return MapView(SIDE, round(tall, 1), _lines(figure, finding, at), tuple(_bubbles(rows, circles, tall)))


def named(figure: Figure, finding: Finding, lang: str) -> tuple[tuple[str, str], ...]:
    """Explain the numbers of a map: the name suggested for each group, and its accounts."""
    if figure.kind != "map":
        return ()
    rows = finding.tables[figure.table].to_pylist()
    counted = [word("report.map.accounts", lang, n=r["accounts"]) for r in rows]
    return tuple((r["community"], f"{r['name']}, {n}" if r["name"] else n) for r, n in zip(rows, counted, strict=True))


def summary(figure: Figure, finding: Finding, title: str, lang: str) -> str:
    """Say in words what a map shows, for readers who do not see it."""
    colon = word("report.forms.colon", lang)
    return f"{title}{colon}" + "; ".join(f"{number} {said}" for number, said in named(figure, finding, lang))


def _lines(figure: Figure, finding: Finding, at: dict[str, tuple[float, float]]) -> tuple[MapLine, ...]:
    rows = finding.tables[figure.marks].to_pylist() if figure.marks else []
    drawn = [r for r in rows if r["tied_ratio"] and _beyond(r) and r["community"] in at and r["other"] in at]
    return tuple(
        MapLine(*_rounded(*at[r["community"]], *at[r["other"]], min(0.8 + 1.6 * (r["tied_ratio"] - 1), WIDEST)))
        for r in sorted(drawn, key=lambda r: r["tied_ratio"])
    )


def _beyond(row: dict[str, Any]) -> bool:
    """Say whether there are more ties than expected by as much as chance gives once in a hundred: a Poisson count, near normal."""
    return bool(row["ties"] - row["expected"] >= SURE * math.sqrt(row["expected"]))


def _bubbles(rows: list[dict[str, Any]], circles: list[Circle], tall: float) -> Iterator[MapBubble]:
    """Put the word of each bubble inside if it has room, else under or over it where it has, else leave it out."""
    words: list[tuple[float, float, float]] = []
    for place, (row, (x, y, radius)) in enumerate(zip(rows, circles, strict=True)):
        label, low = _label(row, place), 0.35 * LINE
        wide = LETTER * sum(1 + (east_asian_width(c) in "WF") for c in label) / 2
        if label and wide**2 + LINE**2 <= (0.95 * radius) ** 2:
            yield _drawn(circles[place], row, y + low - LINE / 2, label, y + low + LINE / 2)
            continue
        others = circles[:place] + circles[place + 1 :]
        fits = label and wide <= min(x, SIDE - x)
        free = [
            at
            for at in (y + radius + LINE, y - radius - 0.4 * LINE)
            if fits
            and LINE < at < tall
            and not any(_covers(o, x, at - low, wide) for o in others)
            and not _meets(words, x, at, wide)
        ]
        words += [(x, at, wide) for at in free[:1]]
        yield _drawn(circles[place], row, y + low, label if free else "", free[0] if free else 0.0)


def _drawn(circle: Circle, row: dict[str, Any], number_y: float, label: str, label_y: float) -> MapBubble:
    x, y, radius, number_y, label_y = _rounded(*circle, number_y, label_y)
    return MapBubble(x, y, radius, row["community"], number_y, label, label_y)


def _covers(circle: Circle, x: float, y: float, wide: float) -> bool:
    """Say whether a circle covers part of a line of text, ``wide`` to either side of its middle."""
    near = min(max(circle[0], x - wide), x + wide)
    return math.hypot(circle[0] - near, max(abs(circle[1] - y) - LINE / 2, 0)) < circle[2]


def _meets(words: list[tuple[float, float, float]], x: float, y: float, wide: float) -> bool:
    """Say whether a line of text meets one that stands already."""
    return any(abs(x - one) < wide + reach and abs(y - at) < LINE for one, at, reach in words)


def _label(row: dict[str, Any], place: int) -> str:
    first = (row["name"] or "").split(", ")[0] if place < LABELLED else ""
    return first if len(first) <= LONGEST else first[: LONGEST - 1] + "…"


def _rounded(*values: float) -> list[float]:
    return [round(value, 1) for value in values]
