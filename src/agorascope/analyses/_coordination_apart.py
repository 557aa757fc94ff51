"""Is a network more punctual than others are, or would a community with objects of its own look alike?

The pairs of acts on one object are counted: which share of them lies within the window, of members on their objects, and of
accounts of no network on all other objects, classes of popularity (doubling) weighed as members' pairs are; where these share too
few in the behaviour of the network, in all behaviours. Accounts that the test picks out are close by selection: so the same is
counted of each network that it finds in a copy in which who acts on what stays, and delays are dealt anew, those of members from
those of others. There nobody is punctual, and what is found are communities with objects of their own. Where two thirds of all
accounts or more are in networks, those left over are no measure of what is usual: members' delays are dealt among all, and members
are compared with themselves in that copy.

A network counts if it is more punctual than that, and than the most punctual network of the copy with a tenth of its pairs or
more. It also counts if half of its members' pairs of acts lie within five minutes, and those of others, where there are any to
compare with, a third as often at most: who copies texts that nobody else shares is compared with nobody. Any other does not count.

What counts must not be explained by each reacting for themselves either (a match on air, posts one is notified of, an hour of the
day): members' acts on one object lie within three times their median gap more often than waiting gives, or of those within a
minute most lie within ten seconds, in which nobody notices, reads and decides (``stats.stragglers``). Of texts this is not asked:
one may be used again for days, and who reacts seldom writes what another writes, a chant or a petition apart.

Limits: a network that coordinates slowly or at leisure, or whose members make most of the acts there are, cannot be told from a
community.
Source: none; the bounds are ours.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.coaction import near_by_object, near_pairs
from agorascope.stats.squads import Squads
from agorascope.stats.stragglers import BRIEF, WAITING, Gaps, gaps
from agorascope.stats.windows import resolution

from ._coordination_networks import SECOND_US, Found, crowded, united
from ._coordination_reduce import Acts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST = 100
OWN = 0.5  # of the acts on a network's objects; below it, others were there too, and did not do the same
PUNCTUAL = 3.0  # times as many pairs within the window as elsewhere: what being awake in the same third of the day would give
AT_ONCE = 300  # s; other tools call a minute or less coordinated, and readers come hours after
MOSTLY = 0.5  # of the pairs of members within that
LEAST = 20  # pairs of others: fewer tell nothing
INSTANT = 0.6  # of pairs within a minute, within ten seconds: three times what people who react by themselves give, and more
ALIKE = 0.1  # of a network's pairs of acts: what a network of the copy must have to be compared with it
BEYOND = 1.5  # times as much as networks where delays are dealt anew: as few as there are differ by as much


class Apart(NamedTuple):
    """Say of one network which ``share`` of all acts on its objects its members make, and how punctual they are.

    ``inside``, ``others``: shares of the pairs of acts on one object within the window, of members on these objects and of accounts
    of no network on all others. ``dealt``: the greatest ratio of the two of networks found where delays are dealt anew; or None.
    ``pairs``: how many pairs the members form. ``quick``, ``quick_others``: as ``inside`` and ``others``, within ``AT_ONCE``.
    ``gaps``: of the members' acts on one object; ``written``: these acts are texts, written and not passed on.
    """

    network: str
    share: float
    inside: float | None
    others: float | None
    dealt: float | None = None
    pairs: int = 0
    quick: float | None = None
    quick_others: float | None = None
    gaps: Gaps | None = None
    written: bool = False

    @property
    def reacting(self) -> str:
        """Judge whether people who react, each for themselves, would look alike: they leave stragglers."""
        if self.written:
            return "not_tested"
        if self.gaps is None:
            return "undecided"
        if self.at_once or self.steady:
            return "disfavoured"
        return "favoured" if self.gaps.high < WAITING else "undecided"

    @property
    def steady(self) -> bool:
        """Say whether members leave fewer stragglers than waiting does."""
        return self.gaps is not None and self.gaps.clear and self.gaps.low > WAITING and self.gaps.brief_low <= BRIEF

    @property
    def at_once(self) -> bool:
        """Say whether members are there in the same seconds, as nobody is who reacts by themselves."""
        return self.gaps is not None and (self.gaps.instant_low or 0.0) >= INSTANT

    @property
    def counts(self) -> bool:
        """Say whether the network counts as acting together."""
        return self.status == "disfavoured" and self.reacting in ("disfavoured", "not_tested")

    @property
    def status(self) -> str:
        """Judge whether a community with objects of its own would look alike: no more punctual, and alone there or as if dealt."""
        if (self.quick or 0.0) >= max(MOSTLY, PUNCTUAL * (self.quick_others or 0.0)):
            return "disfavoured"
        if not self.inside or self.others is None:
            return "undecided"
        if self.inside >= max(PUNCTUAL, BEYOND * (self.dealt or 0.0)) * self.others:
            return "disfavoured"
        alike = self.dealt is not None and self.inside <= BEYOND * self.dealt * self.others
        return "favoured" if self.share >= OWN or alike else "undecided"


def counts(beside: list[Apart], number: int) -> list[bool]:
    """Say of each of so many networks whether it counts as acting together: not if it may be innocent, or was not asked."""
    told = {one.network for one in beside if one.counts}
    return [f"n{n + 1}" in told for n in range(number)]


def apart(parts: list[Acts], found: Found) -> list[Apart]:
    """Compare each network, in the behaviour that ties most of it, with the rest of the corpus. Cost O(networks x acts)."""
    seen_at = [one.at_us // SECOND_US for one in parts]
    rows = _compared(parts, found, found.squads, seen_at, found.delayed_at)
    copied = _compared(parts, found, found.delayed, found.delayed_at, seen_at) if found.delayed is not None else []
    named = [row._replace(dealt=_dealt(row, copied)) for row in rows]
    networks = [found.squads.network[place[one.account]] for one, place in zip(parts, united(parts)[1], strict=True)]
    return [_paced(one, n, parts, networks, found.squads) for n, one in enumerate(named)]


def _dealt(row: Apart, copied: list[Apart]) -> float | None:
    """Give the greatest ratio among networks of the copy; not among much smaller ones, which selection alone makes close."""
    alike = [c for c in copied if c.inside is not None and c.others and c.pairs >= max(LEAST, ALIKE * row.pairs)]
    return max(((c.inside or 0.0) / (c.others or 1.0) for c in alike), default=None)


def _paced(one: Apart, number: int, parts: list[Acts], networks: list[Ints], seen: Squads) -> Apart:
    """Measure the gaps of a network's acts in the behaviour that ties most of it."""
    which = _ties_most(seen, number)
    mine, at = networks[which] == number, parts[which].at_us // SECOND_US
    return one._replace(gaps=gaps(parts[which].obj[mine], at[mine], resolution(at)), written=parts[which].kind == "text")


def _ties_most(seen: Squads, number: int) -> int:
    return int(seen.seen_in[seen.network[seen.source] == number].sum(axis=0).argmax())


def _compared(parts: list[Acts], found: Found, seen: Squads, times: list[Ints], other: list[Ints]) -> list[Apart]:
    """Compare each of the networks of the acts with these ``times`` (s) with all accounts of none, or with ``other`` times."""
    _, places = united(parts)
    networks = [seen.network[place[one.account]] for one, place in zip(parts, places, strict=True)]
    rows = []
    many = crowded(seen)
    for number in range(min(int(seen.p_networks.size), MOST)):
        which = _ties_most(seen, number)
        one, at, window = parts[which], times[which], found.windows[which]
        mine = networks[which] == number
        here = np.isin(one.obj, np.unique(one.obj[mine]))
        rest = ~here & (networks[which] < 0)
        popular = np.log2(np.maximum(np.bincount(one.obj), 1)).astype(np.int64)
        weight = _pairs_by_class(one.obj[mine], popular)
        shares: list[float | None] = []
        for length in (window, AT_ONCE):
            near, pairs = _near(one.obj[mine], at[mine], length)
            usual = _near(one.obj[mine], other[which][mine], length) if many else _near(one.obj[rest], at[rest], length)
            like = None if many else _standard(one.obj[rest], at[rest], length, popular, weight)
            if usual[1] < LEAST and not many:
                several = [
                    _near(p.obj[n < 0], t[n < 0], length) for p, n, t in zip(parts, networks, times, strict=True) if p is not one
                ]
                usual = (usual[0] + sum(n for n, _ in several), usual[1] + sum(n for _, n in several))
            others = (usual[0] + 1) / (usual[1] + 1) if usual[1] >= LEAST else None
            shares += [near / pairs if pairs else None, others if like is None else like]
        inside, others, quick, quick_others = shares
        rows.append(
            Apart(f"n{number + 1}", float(mine[here].mean()), inside, others, pairs=pairs, quick=quick, quick_others=quick_others)
        )
    return rows


def _standard(obj: Ints, at: Ints, window: int, popular: Ints, weight: Floats) -> float | None:
    """Give the share of close pairs on objects, weighed as members' pairs are over classes of popularity; None for too few.

    ``popular``: class of each object; ``weight`` (classes,). Classes without ``LEAST`` pairs have the share of all together.
    """
    if not obj.size:
        return None
    objects, near, pairs = near_by_object(obj, at, window)
    near, pairs = (np.bincount(popular[objects], part, weight.size) for part in (near, pairs))
    if pairs.sum() < LEAST:
        return None
    told = pairs >= LEAST
    share = np.where(told, (near + 1) / (pairs + 1), (near.sum() + 1) / (pairs.sum() + 1))
    return float(share @ weight / weight.sum()) if weight.sum() else None


def _pairs_by_class(obj: Ints, popular: Ints) -> Floats:
    objects, count = np.unique(obj, return_counts=True)
    pairs = np.bincount(popular[objects], count * (count - 1) / 2, int(popular.max(initial=0)) + 1)
    return pairs.astype(np.float64)


def _near(obj: Ints, at: Ints, window: int) -> tuple[int, int]:
    """Count the pairs of acts on one object within the window, and all of them."""
    count = np.unique(obj, return_counts=True)[1]
    return near_pairs(obj, at, window) if obj.size else 0, int((count * (count - 1) // 2).sum())
