"""Which techniques of DISARM does what was seen resemble? Named by id, each with what makes it look alike, and nothing more."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.texts import Message, message

from ._coordination_group import MOST, SAYS, TWO, Group, Rows, plain
from ._coordination_own import APART, Own

SWARM = 10  # accounts on one object, in the median, to speak of a swarm: more than a circle of friends
FEW_FRACTION = 0.1  # part of the network that makes an earlier campaign its own
TECHNIQUES = pa.schema([("network", pa.string()), ("technique", pa.string()), ("because", SAYS)])
_BY_KIND = (
    ("T0084.001", "copies", ("text",)),
    ("T0049.002", "tags", ("hashtag", "hashtags")),
    ("T0116", "replies", ("reply",)),
)


def techniques(own: Own, group: Group, earlier: Rows, main: int, *, created: float | None) -> dict[str, Any]:
    """Name the techniques that what was seen resembles.

    ``main``: code of the account boosted most; ``created``: how many times as many were created in the shortest half.
    """
    acts = group.acts
    found: list[tuple[str, Message]] = []
    if not acts.obj.size:
        return {"techniques": [], "because": []}
    kinds = np.array([kind for kind, _ in acts.objects])[acts.obj]
    place = acts.place[acts.place >= 0]
    kind = own.posts.kind[place]
    accounts = np.unique(np.stack([acts.obj, acts.member]), axis=1)[0]
    reposts = float((kind == 2).mean()) if place.size else 0.0
    if reposts > MOST:
        found.append(("T0049.003", _because("reposts", share=reposts)))
    swarm = float(np.median(np.bincount(accounts)))
    if swarm >= SWARM:
        found.append(("T0049.005", _because("swarm", n=round(swarm))))
    for technique, name, names in _BY_KIND:
        share = float(np.isin(kinds, names).mean())
        if share > MOST:
            found.append((technique, _because(name, share=share)))
    target = own.posts.target[place]
    inside = np.isin(own.targets[target[target >= 0]], group.members)
    foreign = float((~inside).sum() / place.size) if place.size else 0.0
    if foreign > MOST:
        found.append(("T0118", _because("others", share=foreign)))
    least = max(TWO, FEW_FRACTION * group.members.size)
    before = [r for r in earlier if r["code"] != main and (r["also_main"] or 0) >= least]
    if before and created is not None:
        found.append(("T0093.002", _because("reused", n=before[0]["also_main"], ratio=created)))
    platforms = {key.split(APART, 1)[0] for key in own.keys.take(pa.array(group.members)).to_pylist()}
    if len(platforms) > 1:
        found.append(("T0119.002", _because("platforms", n=len(platforms))))
    rows = [
        {"network": group.network, "technique": t, "because": plain(because)} for t, because in sorted(found, key=lambda f: f[0])
    ]
    return {"techniques": [r["technique"] for r in rows], "because": rows}


def _because(name: str, **args: Any) -> Message:
    return message(f"coordination.technique.{name}", **args)
