"""Are shares of a population read as people write them, and does a refusal never ask for what was done?"""

from pathlib import Path
from unicodedata import normalize

import pytest

from agorascope.records import Group, Margin
from agorascope.texts import message, say

from .tables import mapped, only


def shares(tmp_path: Path, *said: str) -> tuple[list[float], list[str]]:
    """Give the shares read of one trait with these, and why the others were refused."""
    file = tmp_path / "town.csv"
    file.write_text("critère;modalité;part\n" + "".join(f"âge;a{i};{one}\n" for i, one in enumerate(said)), "utf-8")
    found, rows, reasons = mapped(file)
    assert "margins" == found
    return [row.share for row in only(rows, Margin)], reasons


@pytest.mark.parametrize("said", [
    ("0,275", "0,725"), ("27,5 %", "72,5 %"), ("27,5%", "72.5%"), ("27,5\u00a0%", "0,725"), ("27,5", "72,5"), ("27.5", "72.5"),
    (",275", ".725"), ("0,275", "72,500 %"), ("27,5 %", "72,5"),
])  # fmt: skip
def test_a_comma_is_a_decimal_one(tmp_path: Path, said: tuple[str, ...]) -> None:
    """0,275 is no 275; without the sign shares are percentages where they add up to 100."""
    assert ([0.275, 0.725], []) == shares(tmp_path, *said)


def test_of_percentages_without_sign_the_small_ones_are_percentages_too(tmp_path: Path) -> None:
    """0,5 of shares that add up to 100 is half a percent; of shares that add up to 1, it is half."""
    assert ([0.005, 0.995], []) == shares(tmp_path, "0,5", "99,5")
    assert ([0.5, 0.5], []) == shares(tmp_path, "0,5", "0,5")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("27,5", "30"), "27,5 has no % sign"),
        (("275", "725"), "275 is out of range"),
        (("120 %", "3 %"), "120 % is out of range"),
        (("-0,1", "0,3"), "-0,1 is out of range"),
        (("un quart", "0,3"), "un quart is no share"),
        (("1.234,5", "0,3"), "1.234,5 is no share"),
    ],
)
def test_what_is_no_share_is_refused_with_a_reason_of_its_own(tmp_path: Path, said: tuple[str, ...], why: str) -> None:
    """No reason asks for a number from 0 to 1, or for a sign, that stands there."""
    assert shares(tmp_path, *said)[1][0].startswith(why)


def test_the_reasons_are_said_in_both_languages() -> None:
    """The sentence of a share without its sign names the trait."""
    told = message("reasons.margin_without_sign", seen="27,5", said="âge")
    assert "all shares of âge" in say(told, "en")
    assert "toutes les parts de âge" in say(told, "fr")


def test_names_typed_in_another_way_are_the_same_names(tmp_path: Path) -> None:
    """Accents as characters of their own (NFD), as some systems write them: margins and groups meet all the same."""
    town, sides = tmp_path / "town.csv", tmp_path / "sides.csv"
    town.write_text(normalize("NFD", "critère;modalité;part\nâge;aînés;0,5\nâge;jeunes;0,5\n"), "utf-8")
    sides.write_text(normalize("NFD", "node,side\na1,âge:aînés\n"), "utf-8")
    assert ["aînés", "jeunes"] == [row.category for row in only(mapped(town)[1], Margin)]
    assert {"âge"} == {row.variable for row in only(mapped(town)[1], Margin)}
    assert ["âge:aînés"] == [row.group_name for row in only(mapped(sides)[1], Group)]
