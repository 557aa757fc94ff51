"""What do votes look like in two camps, when some items please both; and what do they look like when there are no camps?

One row is one vote of a rater on an item, 1 or 0. Raters belong to camp 0 or, with odds ``minority``, to camp 1. An item is one of
four kinds: a bridge (both camps approve with odds ``bridge``), one of camp 0 or of camp 1 (its own camp approves with odds ``own``,
the other with odds ``other``; written by a rater of that camp, so that most are the majority's), or one that neither likes
(``disliked``). Raters differ in leniency, items in quality; some raters vote three times at most. ``bridges=0`` is the matched
null; ``camps=False`` gives every rater the average odds of its item over both camps: what was a bridge pleases all, and nothing
is between camps. ``labelled`` puts every rater into a group by the side of the first component of the votes, in the file of the
votes: what an export of Polis holds; ``matched`` gives a rater the group of its camp with these odds instead: a column of regions;
on the last ``local`` items raters are divided by that group, and not by their camp.

Limits: two camps, each of one mind; who votes on what does not depend on the camp but through ``selective``.
Source: the two-camp world of the project's notes on networks, section 1.7. What we changed: leniency, quality, cold start,
selection.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import expit, logit

from agorascope.records import schema
from agorascope.stats.opinion_groups import opinion_groups

BRIDGE, MAJORITY, MINORITY, DISLIKED = 0, 1, 2, 3

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class BridgesWorld:
    """Describe who votes on what.

    ``votes`` is the median number of votes of a rater, spread with a log standard deviation of .7; a share ``cold`` votes one to
    three times. ``bridges`` and ``disliked_share`` are shares of the items; the rest belongs to a camp. ``lenient`` and
    ``quality`` are standard deviations of logits. ``selective`` is the log odds by which a rater meets items of its own camp more
    often. A share ``clickers`` votes at random. ``labelled``: groups made from the votes stand beside them, or, where ``matched``
    is given, those of the raters' camps with these odds: 0.5 is by lot. Of ``items`` the last ``local`` divide these groups.
    """

    raters: int = 2_000
    items: int = 500
    minority: float = 0.2
    votes: float = 30.0
    cold: float = 0.2
    bridges: float = 0.2
    disliked_share: float = 0.25
    bridge: float = 0.70
    own: float = 0.85
    other: float = 0.15
    disliked: float = 0.30
    lenient: float = 0.5
    quality: float = 0.3
    selective: float = 0.0
    clickers: float = 0.0
    camps: bool = True
    labelled: bool = False
    matched: float | None = None
    local: int = 0


class Truth(NamedTuple):
    """Hold the camp of every rater (raters,), the kind of every item (items,), and the odds of each item in each camp (items,
    2).
    """

    camp: Ints
    kind: Ints
    odds: Floats


class Votes(NamedTuple):
    """Hold votes (votes,) as positions of rater and item, with their value."""

    rater: Ints
    item: Ints
    value: Floats


def draw(world: BridgesWorld, seed: int) -> tuple[Votes, Truth]:
    """Draw the votes of a world, with the truth behind them. Cost O(raters x items)."""
    rng = np.random.default_rng(seed)
    camp = (rng.random(world.raters) < world.minority).astype(np.int64)
    kind = _kinds(world, rng)
    kind[world.items - world.local :] = MAJORITY + np.arange(world.local) % 2
    quality = rng.normal(0, world.quality, world.items)
    table = np.array([[world.bridge] * 2, [world.own, world.other], [world.other, world.own], [world.disliked] * 2])
    odds = expit(logit(table[kind]) + quality[:, None])
    if not world.camps:
        odds[:] = (odds @ [1 - world.minority, world.minority])[:, None]
    lenient = rng.normal(0, world.lenient, world.raters)
    often = np.exp(rng.normal(np.log(world.votes), 0.7, world.raters)).round().astype(np.int64)
    often = np.where(rng.random(world.raters) < world.cold, rng.integers(1, 4, world.raters), np.clip(often, 4, world.items))
    near = np.stack([np.exp(world.selective * (kind == 1 + c)) for c in (0, 1)])
    seen = [rng.choice(world.items, n, replace=False, p=near[c] / near[c].sum()) for n, c in zip(often, camp, strict=True)]
    rater, item = np.repeat(np.arange(world.raters), often), np.concatenate(seen)
    care = rng.random(world.raters) >= world.clickers
    group = camp if world.matched is None else _dealt(camp, world.matched, seed).astype(np.int64)
    side = np.where(item < world.items - world.local, camp[rater], group[rater])
    approve = expit(logit(odds[item, side]) * care[rater] + lenient[rater])
    return Votes(rater, item, (rng.random(rater.size) < approve).astype(np.float64)), Truth(camp, kind, odds)


def make(world: BridgesWorld, seed: int, *, grouped: bool = False) -> dict[str, pa.Table]:
    """Make the table ``ratings``, and with ``grouped`` the camps as ``groups``; of a labelled world the groups beside votes."""
    votes, truth = draw(world, seed)
    n = votes.rater.size
    rows = {
        "platform": ["x"] * n,
        "rater": [f"r{i}" for i in votes.rater.tolist()],
        "item": [f"i{i}" for i in votes.item.tolist()],
        "value": votes.value,
        "at_us": pa.nulls(n, pa.int64()),
    }
    made = {"ratings": pa.table(rows, schema=schema("ratings"))}
    if world.labelled:
        side = _side(world, votes) if world.matched is None else _dealt(truth.camp, world.matched, seed)
        voted = np.unique(votes.rater).tolist()
        labels = [{"platform": "x", "account_id": f"r{i}", "group_name": str(int(side[i]))} for i in voted]
        made["groups"] = pa.Table.from_pylist(labels, schema("groups"))
        return {name: table.append_column("file_id", pa.array([1] * table.num_rows, pa.int64())) for name, table in made.items()}
    if grouped:
        members = [{"platform": "x", "account_id": f"r{i}", "group_name": f"camp {c}"} for i, c in enumerate(truth.camp.tolist())]
        made["groups"] = pa.Table.from_pylist(members, schema("groups"))
    return made


def _side(world: BridgesWorld, votes: Votes) -> Bools:
    """Give the side of the first component every rater is on (raters,)."""
    value = 2 * votes.value - 1
    return opinion_groups(votes.rater, votes.item, value, raters=world.raters, items=world.items).place[:, 0] > 0


def _dealt(camp: Ints, matched: float, seed: int) -> Bools:
    """Deal a side to every rater (raters,): that of its camp with odds ``matched``."""
    own = np.random.default_rng((seed, 1)).random(camp.size) < matched
    return np.asarray(own == (camp == 1), bool)


def _kinds(world: BridgesWorld, rng: np.random.Generator) -> Ints:
    """Deal the kinds: exact numbers of bridges and of disliked items, the rest to the camps by their size."""
    bridges, disliked = round(world.bridges * world.items), round(world.disliked_share * world.items)
    of_camp = world.items - bridges - disliked
    minority = round(of_camp * world.minority)
    kinds = np.repeat([BRIDGE, MAJORITY, MINORITY, DISLIKED], [bridges, of_camp - minority, minority, disliked])
    return rng.permutation(kinds)
