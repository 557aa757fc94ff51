"""Does the word of a bubble stand where no other bubble covers it?"""

import math

import msgspec
import pyarrow as pa
import pytest

from agorascope.findings import Figure
from agorascope.report.maps import LINE, drawing
from agorascope.report.view import MapBubble
from agorascope.texts import message

from . import samples


def drawn(*bubbles: tuple[float, float, float, str]) -> tuple[MapBubble, ...]:
    """Draw bubbles of ``x, y, radius, name``."""
    names = ("x", "y", "radius", "name")
    rows = [dict(zip(names, one, strict=True)) | {"community": f"{i + 1}", "accounts": 10} for i, one in enumerate(bubbles)]
    figure = Figure(name="map", kind="map", table="map", title=message("sample.question", what="x"), x="x", y=("y",))
    view = drawing(figure, msgspec.structs.replace(samples.all_findings()[0], tables={"map": pa.Table.from_pylist(rows)}))
    assert view is not None
    return view.bubbles


def test_a_word_with_room_stands_in_its_bubble() -> None:
    """Number above, word below, both inside."""
    one, _ = drawn((0, 0, 1, "#oui, climat"), (2.1, 0, 1, "#non"))
    assert "#oui" == one.label
    assert one.y - one.radius < one.number_y < one.label_y < one.y + one.radius


@pytest.mark.parametrize("below", [True, False])
def test_a_word_without_room_stands_where_no_bubble_is(below: bool) -> None:
    """Under its bubble, over it where another lies below."""
    small = (0, 0, 0.08, "#campagne")
    bubbles = drawn(small, (0, 1.1 if below else -1.1, 1, "#non"))
    assert bubbles[0].label_y > bubbles[0].y if not below else bubbles[0].label_y < bubbles[0].y
    other = bubbles[1]
    assert math.hypot(other.x - bubbles[0].x, other.y - bubbles[0].label_y) > other.radius


def test_a_word_without_any_place_is_left_out() -> None:
    """Bubbles above and below: the number remains, and the list beneath the map names it."""
    first, *_ = drawn((0, 0, 0.08, "#campagne"), (0, 1.1, 1, ""), (0, -1.1, 1, ""))
    assert ("1", "") == (first.number, first.label)
    assert abs(first.number_y - first.y) < LINE
