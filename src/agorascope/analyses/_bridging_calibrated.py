"""Which cell of worlds is nearest to these votes or acts? By how camps came about, the size, and how lenient, loud or apart in what
they meet they are.
"""

import numpy as np
import numpy.typing as npt

from agorascope.calibration import nearest
from agorascope.findings import Calibration
from agorascope.stats.across import counted

from ._bridging_estimate import Camps, Votes

Floats = npt.NDArray[np.float64]


def calibrated(votes: Votes, camps: Camps) -> Calibration:
    """Look up the nearest cell of worlds of the same kind."""
    return nearest("bridging", **descriptors(votes, camps))


def descriptors(votes: Votes, camps: Camps) -> dict[str, float | str]:
    """Describe votes by what decides the tests: camps found, made (beside the votes), declared or of acts; raters, items, and votes
    of a rater.

    Of camps declared and of acts also the ratio of the largest to the least: of acts or votes of a rater, or of odds to approve
    and, the mean over items, of the share of its votes that a camp gives to them.
    """
    kind = "acts" if votes.acts else "made" if camps.made else "declared" if camps.names else "found"
    told: dict[str, float | str] = {
        "camps": kind,
        "raters": float(votes.raters),
        "items": float(votes.items),
        "votes": votes.rater.size / votes.raters,
    }
    if kind in {"found", "made"}:
        return told
    cast = _by_camp(votes, camps, np.ones(votes.rater.size))
    met = (cast + 0.5) / np.array(camps.sizes)[:, None]
    told |= {"loud": _ratio(met.sum(axis=1))}
    if votes.acts:
        return told
    met = met / met.sum(axis=1, keepdims=True)
    yes, all_ = _by_camp(votes, camps, votes.approves).sum(axis=1), cast.sum(axis=1)
    often = np.exp(np.mean(np.log(met.max(axis=0) / met.min(axis=0))))
    return told | {"lenient": _ratio((yes + 0.5) / (all_ - yes + 0.5)), "met": float(often)}


def _by_camp(votes: Votes, camps: Camps, value: Floats) -> Floats:
    return counted(camps.camp[votes.rater], votes.item, value, camps=len(camps.sizes), items=votes.items)


def _ratio(each: Floats) -> float:
    return float(each.max() / each.min())
