"""What is remarked on the communities? What was left out, how the cut was made, which modularity is which, what is not known."""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.stats.onemore import extrapolated
from agorascope.stats.plateaus import Cut, effort
from agorascope.texts import Message, message

from ._communities_network import Network, Tested
from ._communities_parts import Parts, across, comparable
from ._communities_reduce import Gathered
from ._communities_said import layers_text
from ._communities_trend import Trend

Ints = npt.NDArray[np.int64]

MOST_SPELT = 5


def notes(
    gathered: Gathered,
    made: Network,
    against: Tested,
    found: Cut,
    parts: Parts,
    field: Ints,
    compared: list[dict[str, Any]],
    without: str,
    unknown: int,
    least: int,
    *,
    holds: bool,
) -> tuple[Message, ...]:
    """Remark on the trend, on what was left out, and on how the cut was made; ``unknown``: accounts that no share counts."""
    said: list[Message] = []
    if without and not compared:
        said.append(message("communities.note.nobody"))
    elif compared:
        out = compared[1]["accounts"] - compared[0]["accounts"]
        told = {
            "n": out,
            "alike": compared[0]["agreement"],
            "now": compared[0]["communities"],
            "before": compared[1]["communities"],
            "least": least,
        }
        said.append(message("communities.note.without", **told))
    level = found.level
    told = {"resolution": level.resolution, "agreement": level.agreement, "n": level.communities, "least": least}
    said.append(message("communities.note.resolution" if len(found.levels) > 1 else "communities.note.given", **told))
    said += _modularities(made, against, found)
    if int(parts.size[-2]):
        said.append(message("communities.note.small", n=int(parts.size[-2])))
    if int(parts.size[-1]):
        lone = parts.part.size - made.tied
        told = {"n": int(parts.size[-1]), "share": float(parts.size[-1] / parts.part.size), "of": parts.part.size}
        said.append(
            message(f"communities.note.apart{'_without' if compared else ''}", **told, lone=lone, circle=made.tied - made.nodes)
        )
    if unknown:
        said.append(message("communities.note.unknown", n=unknown))
    enough = comparable(field)
    if holds and (not enough.any() or np.any(~enough & (np.bincount(field)[field] > 1))):
        said.append(_unmapped(parts, made, field))
    if extrapolated(against.beyond.p_value, against.nulls):
        said.append(message("communities.note.tail", n=against.nulls, least=1 / (1 + against.nulls)))
    if made.viral:
        said.append(message("communities.note.viral", n=made.viral))
    work = effort(made.source.size)
    if against.nulls < work.nulls:
        said.append(message("communities.note.asked", n=against.nulls))
    elif work.nulls < effort(0).nulls:
        said.append(message("communities.note.nulls", n=against.nulls))
    used = {layer.name for layer in gathered.layers}
    same = gathered.follows if "follow" in used else {"follow"} if used & gathered.follows else set()
    others = [name for name in gathered.there if name not in used | same]
    if others:
        said.append(message("communities.note.others", layers=layers_text(others)))
    return tuple(said)


def _modularities(made: Network, against: Tested, found: Cut) -> list[Message]:
    """Tell the modularity tested from that of the communities told: of one cut, the best of several, at other resolutions."""
    level, far = found.level, against.beyond
    told = {"seen": far.null_mean + far.value, "modularity": level.modularity, "resolution": level.resolution}
    if against.rough:
        return [message("communities.note.rough", chance=far.null_mean, **told)]
    key = "own" if len(found.levels) == 1 and level.resolution != 1 else "cuts"
    said = [message(f"communities.note.{key}", cuts=effort(made.source.size).seeds, **told)]
    if far.low is not None and far.low <= 0 < against.tried - 1:
        said.append(message("communities.note.together", n=against.tried))
    return said


def _unmapped(parts: Parts, made: Network, field: Ints) -> Message:
    """Say between which communities no number of ties is expected, how many ties join two, and how many would by chance."""
    seen, chance = across(parts, made, field)
    several = np.unique(field).size > 1
    key = "platforms_some" if comparable(field).any() else "platforms" if several else "two" if parts.communities == 2 else "three"
    return message(f"communities.note.{key}", share=seen, chance=chance)


def untraced(trend: Trend | None) -> tuple[Message, ...]:
    """Say of how many posts nobody knows whether they are of the trend, and which hashtags differ from it by accents only."""
    said = []
    if trend and trend.untold[0]:
        said.append(message("communities.note.untold", n=trend.untold[0], accounts=trend.untold[1]))
    elif trend and trend.unknown:
        said.append(message("communities.note.untraced", n=trend.unknown))
    if trend and trend.spelt:
        tags = [message("communities.note.tag", tag=tag, n=n) for tag, n in trend.spelt[:MOST_SPELT]]
        said.append(message("communities.note.spelt", tags=tags))
    return tuple(said)
