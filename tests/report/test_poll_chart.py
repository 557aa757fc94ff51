"""Is the curve of a vote drawn from where odds begin, with the line that decides, and are its bounds called bounds?"""

import pytest

from agorascope.analyses import poll
from agorascope.report import charts
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.votes import VoteWorld, make

from . import samples


@pytest.mark.parametrize(("lang", "bounds"), [("en", "bounds"), ("fr", "bornes")])
def test_the_curve_of_a_vote(lang: str, bounds: str) -> None:
    """Odds begin at 1 and a majority at one half; bounds under an assumption are no interval."""
    rows = make(VoteWorld(agree=0.65, odds=2.0, turnout=0.001, population=1_000_000), 1)
    finding = poll.run(memory_corpus(rows, threads=1), poll.Params())
    drawn = charts.chart(finding.figures[0], finding, [], lang)
    assert drawn is not None
    assert (1.0, 0.5) == (drawn["x"]["start"], drawn["y"]["level"])
    assert min(point[0] for series in drawn["series"] for point in series["points"]) == 1.0
    (_, said), *_ = charts.explained(drawn, lang, again=False)
    assert said.endswith(bounds)


def test_other_charts_begin_where_their_numbers_do_and_have_intervals() -> None:
    """A burst's time line has neither, and its band is called an interval."""
    finding = samples.burst()
    drawn = charts.chart(finding.figures[0], finding, [], "en")
    assert drawn is not None
    assert {"start", "level"}.isdisjoint(drawn["x"] | drawn["y"])
    assert "interval" in drawn["band"]
