"""Are parameters that would do nothing together refused when they are asked for, and findings made before that still verified?"""

from pathlib import Path

import pytest

from agorascope import new_case
from agorascope.analyses import bridging, polarisation
from agorascope.case import Case, Given
from agorascope.errors import BadValue


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Make a case of 60 accounts in two groups, with ties mostly within these and votes on twelve items."""
    made = new_case(tmp_path / "case")
    ties = [(a, side + (a + step) % 30) for side in (0, 30) for a in range(side, side + 30) for step in (1, 7)]
    files = {
        "ties.csv": ["source,target", *(f"a{a},a{b}" for a, b in [*ties, (3, 40), (17, 52), (9, 33)])],
        "sides.csv": ["account_id,group", *(f"a{a},{'left' if a < 30 else 'right'}" for a in range(60))],
        "votes.csv": ["rater,item,value", *(f"a{a},i{i},{(a * i + a // 30) % 2}" for a in range(60) for i in range(12))],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
        made.add(tmp_path / name)
    return made


@pytest.mark.parametrize("sides", ["bisection", "communities"])
def test_groups_beside_sides_that_are_sought_are_refused(case: Case, sides: str) -> None:
    """Named groups beside a cut, even such as nobody has, would do nothing: what was given and what to do is said."""
    for groups in ("left,right", "nobody,else"):
        with pytest.raises(BadValue, match=rf"groups is '{groups}', and sides is '{sides}'.*use sides=groups, or leave groups out"):
            case.run("polarisation", sides=sides, groups=groups, k=3)
    assert [f.analysis for f in case.findings()] == []
    for given in ({}, {"sides": sides}, {"groups": "left,right"}, {"sides": "groups", "groups": "left,right"}):
        assert case.run("polarisation", k=3, nulls=5, **given).verdict in ("found", "not_found", "insufficient")


def test_groups_beside_camps_found_by_the_votes_are_refused(case: Case) -> None:
    """So they are of camps; with several analyses asked at once it is said how to give a value to one of them."""
    with pytest.raises(BadValue, match=r"groups is 'left,right', and camps is 'votes'.*use camps=groups, or leave groups out"):
        case.run("bridging", camps="votes", groups="left,right")
    both = [Given(None, "groups", "left,right"), Given(None, "camps", "votes")]
    with pytest.raises(BadValue, match=r"bridging: .*-p ANALYSIS.NAME=VALUE"):
        case.run_all("polarisation", "bridging", params=both)
    for given in ({}, {"camps": "votes"}, {"groups": "left,right"}, {"camps": "groups", "groups": "left,right"}):
        assert case.run("bridging", draws=19, **given).verdict in ("found", "not_found", "insufficient")


def test_of_several_analyses_the_one_that_refuses_on_these_rows_is_named(case: Case) -> None:
    """A value that another analysis can use is refused by name, and it is said how to keep it from this one; alone, it is not."""
    with pytest.raises(
        BadValue, match=r"^bridging: act is 'reply'.*; a value for one analysis alone is given as -p ANALYSIS.NAME=VALUE"
    ):
        case.run_all("polarisation", "bridging", params=[Given("bridging", "act", "reply")])
    with pytest.raises(BadValue, match=r"^act is 'reply'.*without the votes$"):
        case.run("bridging", act="reply")


def test_groups_that_are_named_are_the_camps(case: Case) -> None:
    """One group named is one camp, which is too few, and refused; camps are not sought in the votes instead."""
    for analysis in ("bridging", "polarisation"):
        with pytest.raises(BadValue, match="one group, 'left'; name 2 or more"):
            case.run(analysis, groups="left")
    assert {"left", "right"} == {
        row["camp"] for row in case.run("bridging", groups="left,right", draws=19).tables["camps"].to_pylist()
    }


def test_findings_made_before_the_refusal_are_verified(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding stored with both parameters is computed again as it was."""
    with monkeypatch.context() as before:
        before.delattr(polarisation, "refuse")
        before.delattr(bridging, "refuse")
        case.run("polarisation", sides="bisection", groups="left,right", k=3, nulls=5)
        case.run("bridging", camps="votes", groups="left,right", draws=19)
    assert {"polarisation": "same", "bridging": "same"} == {one.analysis: one.status for one in case.verify()}
