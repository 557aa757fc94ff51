"""Are groups that may be one, spelt in two ways, told when their list is added, and others not?"""

from pathlib import Path

import pytest

from agorascope import new_case
from agorascope.case.spelling import near
from agorascope.texts import LANGUAGES, say


@pytest.mark.parametrize(
    ("groups", "pairs"),
    [
        ({"camp:partisans": 300, "camp:partissans": 2}, [("camp:partissans", "camp:partisans")]),
        ({"Gauche": 300, "gauche ": 120}, [("gauche ", "Gauche")]),
        ({"région:Île": 30, "region:Ile": 20}, [("region:Ile", "région:Île")]),
        ({"age:18-34": 300, "age:18-35": 1, "camp 0": 30, "camp 1": 1}, []),
        ({"camp:left": 40, "age:left": 1, "homme": 40, "femme": 2}, []),
        ({"camp:partisans": 30, "camp:partissans": 28}, []),
    ],
)
def test_alike_are_names_but_for_marks_and_rare_slips(groups: dict[str, int], pairs: list[tuple[str, str]]) -> None:
    """Accents, capitals and spaces always; letters where one is rare; digits and other variables never."""
    assert pairs == [(rare, other) for rare, _, other, _ in near(groups)]


def test_a_slip_is_told_with_its_file_and_not_with_the_next(tmp_path: Path) -> None:
    """The remark names both groups and their accounts, in both languages; a file that has neither says nothing of them."""
    rows = [f"a{i},{'camp:left' if i < 30 else 'camp:right'}" for i in range(60)]
    for name, more in (("one.csv", ["b1,camp:rihgt"]), ("two.csv", ["b2,camp:other"])):
        (tmp_path / name).write_text("\n".join(["account,group", *rows, *more]), "utf-8")
        rows = []
    case = new_case(tmp_path / "case")
    first, second = (
        [r for r in case.add(tmp_path / n)[0].remarks if r.key == "sources.group_pairs"] for n in ("one.csv", "two.csv")
    )
    assert ([], 1) == (second, len(first))
    assert all("camp:rihgt" in say(first[0], lang) and "(30)" in say(first[0], lang) for lang in LANGUAGES)
