"""Does the word of a bubble stand where no other bubble covers it?"""

import math

import msgspec
import pyarrow as pa
import pytest

from agorascope.findings import Figure
from agorascope.report.maps import LINE, SIDE, drawing
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


def test_a_word_does_not_run_off_the_map() -> None:
    """A small bubble at the edge of a map, its word longer than what is left of it."""
    edge, _ = drawn((-2, 0, 0.08, "#retraitespourtous"), (0, 0, 1, "#non"))
    assert "" == edge.label
    near, _ = drawn((-2, 0, 0.08, "#a"), (0, 0, 1, "#non"))
    assert "#a" == near.label
    assert 0 < near.x < SIDE


def test_words_do_not_cover_each_other() -> None:
    """Two small bubbles side by side: the second word goes over its bubble, and a third is left out."""
    first, second, third, *_ = drawn(*((0.2 * i, 0, 0.08, "#campagne") for i in range(3)), (0, 3, 1, ""), (0, -3, 1, ""))
    assert first.label_y > first.y
    assert second.label_y < second.y
    assert "" == third.label


def test_lines_are_of_ties_beyond_chance() -> None:
    """Thirty ties where 22 are expected may be chance and are no line; 40 are one."""
    names = ("x", "y", "radius", "name")
    rows = [dict(zip(names, (3 * i, 0, 1, ""), strict=True)) | {"community": f"{i + 1}", "accounts": 10} for i in range(3)]
    ties = [
        {"community": "1", "other": f"{i + 2}", "ties": n, "expected": 22.0, "tied_ratio": n / 22} for i, n in enumerate((30, 40))
    ]
    figure = Figure(
        name="map", kind="map", table="map", title=message("sample.question", what="x"), x="x", y=("y",), marks="between"
    )
    tables = {"map": pa.Table.from_pylist(rows), "between": pa.Table.from_pylist(ties)}
    view = drawing(figure, msgspec.structs.replace(samples.all_findings()[0], tables=tables))
    assert view is not None
    assert 1 == len(view.lines)


def test_wide_letters_count_twice() -> None:
    """Seven Chinese characters have no room where eight Latin letters have."""
    latin, _ = drawn((0, 0, 0.4, "retraite"), (1.5, 0, 1, ""))
    chinese, _ = drawn((0, 0, 0.4, "退休金改革运动"), (1.5, 0, 1, ""))
    assert latin.number_y < latin.label_y < latin.y + latin.radius
    assert not (chinese.label and chinese.label_y < chinese.y + chinese.radius)


def test_a_word_without_any_place_is_left_out() -> None:
    """Bubbles above and below: the number remains, and the list beneath the map names it."""
    first, *_ = drawn((0, 0, 0.08, "#campagne"), (0, 1.1, 1, ""), (0, -1.1, 1, ""))
    assert ("1", "") == (first.number, first.label)
    assert abs(first.number_y - first.y) < LINE
