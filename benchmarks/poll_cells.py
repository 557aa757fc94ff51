"""In which worlds is `poll` measured? Written down before the estimator was run on any of them.

Votes of some 100 to 10,000 people; opinion alone decides who votes, or kind as well; the analysis is allowed exactly the odds there
are, so that the truth lies on the edge of the bounds but for chance. In ``untold-*`` a third of the
voters do not tell their kind (fewer than half, so that votes are always weighted): at random, by opinion, or by opinion and kind.
"""

from typing import Literal

from agorascope.worlds.votes import VoteWorld

_SIZES = {"v100": 0.0001, "v1000": 0.001, "v10000": 0.01}
_ODDS = {"even": 1.0, "yes2": 2.0, "no2": 0.5, "yes5": 5.0}
_HIDING: tuple[Literal["nothing", "opinion", "both"], ...] = ("nothing", "opinion", "both")

POLL = (
    {
        f"{size}-{name}-{side}": VoteWorld(turnout=turnout, odds=odds, allowed=max(odds, 1 / odds), agree=agree)
        for size, turnout in _SIZES.items()
        for name, odds in _ODDS.items()
        for side, agree in (("half", 0.5), ("most", 0.82))
        if (size, side) != ("v10000", "most")
    }
    | {
        f"weighted-{size}-{name}": VoteWorld(
            turnout=turnout, odds=odds, allowed=max(odds, 1 / odds), split=1.0, skew=0.7, weighted=True, undeclared=0.0
        )
        for size, turnout in (("v300", 0.0003), ("v1000", 0.001))
        for name, odds in _ODDS.items()
    }
    | {
        f"untold-{hiding}-{size}-{name}": VoteWorld(
            turnout=turnout,
            odds=_ODDS[name],
            allowed=max(_ODDS[name], 1 / _ODDS[name]),
            split=1.0,
            skew=0.7,
            weighted=True,
            undeclared=1 / 3,
            hiding=hiding,
        )
        for size, turnout in (("v300", 0.0003), ("v1000", 0.001))
        for hiding in _HIDING
        for name in ("even", "no2")
    }
)
