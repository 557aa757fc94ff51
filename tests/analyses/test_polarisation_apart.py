"""Is it said that sides keep apart where they do alone, are halves named as halves, and is the error of it held?"""

import pyarrow as pa
import pytest

from agorascope.calibration import load
from agorascope.records import schema
from agorascope.texts import say

from .test_polarisation import asked, block, network


@pytest.mark.parametrize("groups", [
    [("party", 0, 60, 2)], [("party", 0, 60, 2), ("rivals", 1, 5, 2)], [("party", 0, 30, 1), ("young", 0, 30, 1)],
])  # fmt: skip
def test_groups_that_are_no_sides_name_no_half(groups: list[tuple[str, int, int, int]]) -> None:
    """One group, one of two accounts, two that overlap: a cut in two, of halves 1 and 2, and a note on the groups."""
    rows = network(block("m", 60, 1), {})
    listed = [{"platform": "x", "account_id": f"m{i}", "group_name": name} for name, *over in groups for i in range(*over)]
    finding = asked(rows | {"groups": pa.Table.from_pylist(listed, schema("groups"))}, groups="", nulls=5)
    assert ["1", "2"] == finding.tables["sides"]["side"].to_pylist()
    assert 1 == sum(n.key.startswith("polarisation.note.unused") for n in finding.notes)


def test_fans_of_two_hubs_of_one_side_do_not_keep_apart() -> None:
    """A tree of two hubs on one side, leaves on both: as many ties join sides in every such network, boundaries differ."""
    ties = [("a0", "a1"), *((f"a{i}", "a0" if i < 31 else "a1") for i in range(2, 60))]
    side = {f"a{i}": "L" if i < 30 else "R" for i in range(60)}
    finding = asked(network(ties, side), groups="")
    assert finding.effect is not None
    assert ("not_found", None, "polarisation.claim.differs_given") == (finding.verdict, finding.grade, finding.claim.key)
    assert 0.05 >= (finding.effect.p_value or 1) > abs(finding.effect.value or 0)
    assert "Not shown to keep apart" in say(finding.claim, "en")
    assert "Rien ne montre" in say(finding.claim, "fr")
    assert finding.claim.args["measures"] == next(n for n in finding.notes if n.key == "polarisation.note.differs").args["measures"]
    assert {"undecided", "not_tested"} >= {r.status for r in finding.rivals}


@pytest.mark.filterwarnings("error")
def test_a_star_is_one_community_and_nothing_to_hold_apart() -> None:
    """Sixty accounts tied to one: the search finds one community, in the network and in every draw."""
    finding = asked(network([(f"a{i}", "a0") for i in range(1, 60)], {}), sides="communities", groups="")
    assert ("insufficient", "sides", "polarisation.claim.one") == (finding.verdict, finding.gate, finding.claim.key)
    assert "finds one only among the 60 accounts" in say(finding.claim, "en")


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds without sides, alarms at nominal 5 % agree with 5 % or are rarer, over 500 worlds or 100."""
    cells = load("polarisation")["cells"]
    assert [f"{how}-degree{d}" for how in ("given", "bisection", "communities") for d in (2, 4, 8, 20)] == [
        c["cell"] for c in cells
    ]
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < (100 if "communities" in c["cell"] else 500)]
