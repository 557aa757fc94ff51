"""Is a parameter that would do nothing to what the camps value alike refused, with what to do?"""

import pytest

from agorascope.errors import BadValue
from agorascope.worlds.bridges import make
from tests.analyses.test_bridging import PLANTED, asked, reposts
from tests.analyses.test_bridging_camps import alike


@pytest.mark.parametrize("act", ["reply", "quote"])
def test_an_act_beside_a_table_of_votes_is_refused(act: str) -> None:
    """Posts are not looked at where there are votes, even if the case has some."""
    votes = {"ratings": make(PLANTED, 3)["ratings"]}
    for rows in (votes, votes | {"posts": reposts(parted=True)["posts"]}):
        with pytest.raises(BadValue, match=rf"act is '{act}', .* has a table of votes.*; leave act out, or make a case"):
            asked(rows, act=act)


def test_a_threshold_of_votes_without_votes_is_refused() -> None:
    """A repost is above nothing."""
    with pytest.raises(BadValue, match=r"above is 3, .* no votes, only posts; leave above out, or add a table of votes"):
        asked(reposts(parted=True), above=3.0)


def test_camps_by_votes_where_nobody_votes_against_are_refused() -> None:
    """Reposts, and a table of approvals only, hold no vote against: the groups were taken all the same."""
    with pytest.raises(BadValue, match=r"camps is 'votes', .* posts and no votes; use camps=groups"):
        asked(reposts(parted=True), camps="votes")
    with pytest.raises(BadValue, match=r"camps is 'votes', .* approvals only; use camps=groups"):
        asked(alike(1.0), camps="votes")
    assert "found" == asked(reposts(parted=True), camps="groups").verdict
