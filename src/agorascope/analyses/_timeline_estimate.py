"""Which groups act in which slice, and which of them share accounts beyond chance? From acts to tested pairs of slices."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.families import holm
from agorascope.stats.reused import Moment, Overlap, again, by_chance, moment, near, together

from ._timeline_reduce import Acts

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

AHEAD = 2  # a slice is compared with this many next ones in which its network acts: one odd slice breaks no chain
MOST_PAIRS = 40
MAJORITY = 0.5


class Group(NamedTuple):
    """Hold the accounts (positions, in order) of one network that act together in one slice, and their acts that do (positions)."""

    network: int
    slice: int
    accounts: Ints
    acts: Ints


class Pair(NamedTuple):
    """Hold two groups of one network and what was asked of them.

    ``back``: the later group asked of the earlier slice; ``forth``: the earlier group asked of the later slice. ``corpus`` and
    ``members``: the chance overlap among all accounts active in both slices, and among those of any network.
    """

    before: Group
    after: Group
    shared: int
    back: Overlap
    forth: Overlap
    corpus: Overlap
    members: Overlap
    p_value: float
    q_value: float


class Found(NamedTuple):
    """Hold groups and pairs; ``chains``: lists of groups linked at the level asked for; ``untested`` counts pairs left out.

    ``active``: accounts by slice.
    """

    groups: list[Group]
    pairs: list[Pair]
    chains: list[list[Group]]
    untested: int
    active: list[int]
    draws: int


def groups(acts: Acts, piece: Ints, slices: int, least: int) -> tuple[list[Group], list[Moment]]:
    """Find in every slice the accounts of each network that act together there, from the acts of that slice alone."""
    found, moments = [], []
    networks = np.unique(acts.members[acts.members >= 0]).tolist()
    for s in range(slices):
        here = np.flatnonzero(piece == s)
        seen = moment(acts.account[here], acts.obj[here], acts.at_s[here], acts.window_s[here], accounts=len(acts.accounts))
        moments.append(seen)
        for network in networks:
            members = np.flatnonzero(acts.members == network)
            some = together(seen, members)
            if some.size >= least:
                found.append(Group(network, s, some, _own(acts, here, seen, near(seen, members), some)))
    return found, moments


def compare(acts: Acts, found: list[Group], moments: list[Moment], *, alpha: float, draws: int, seed: int) -> Found:
    """Test every pair of neighbouring slices of each network, both ways, and link those that hold.

    Cost O(pairs x draws x acts of a group).
    """
    wanted = list(_pairs(found))
    wanted.sort(
        key=lambda pair: (-min(pair[0].accounts.size, pair[1].accounts.size), pair[0].network, pair[0].slice, pair[1].slice)
    )
    tested = sorted(wanted[:MOST_PAIRS], key=lambda pair: (pair[0].network, pair[0].slice, pair[1].slice))
    draws = max(draws, int(np.ceil(len(tested) / alpha)))  # fewer could refuse nothing once Holm's factor is on
    asked = [_asked(acts, *pair, moments, draws, [seed, at]) for at, pair in enumerate(tested)]
    adjusted = holm([pair.p_value for pair in asked])
    pairs = [pair._replace(q_value=q) for pair, q in zip(asked, adjusted, strict=True)]
    active = [int((one.activity > 0).sum()) for one in moments]
    return Found(found, pairs, _chains(found, [p for p in pairs if p.q_value <= alpha]), len(wanted) - len(tested), active, draws)


def _own(acts: Acts, here: Ints, seen: Moment, rows: Ints, some: Ints) -> Ints:
    """Find the acts of a group that are near those of other members, ``rows`` of the slice, as positions among all acts."""
    wanted = {(a, o, t) for a, o, t in zip(*(c[rows].tolist() for c in (seen.author, seen.obj, seen.at)), strict=True)}
    inside = here[np.isin(acts.account[here], some)]
    keys = zip(*(c[inside].tolist() for c in (acts.account, acts.obj, acts.at_s)), strict=True)
    kept = np.array([key in wanted for key in keys], np.bool_)
    return inside[kept]


def _pairs(found: list[Group]) -> Iterator[tuple[Group, Group]]:
    for network in sorted({group.network for group in found}):
        own = sorted((group for group in found if group.network == network), key=lambda group: group.slice)
        for i, before in enumerate(own):
            yield from ((before, after) for after in own[i + 1 : i + 1 + AHEAD])


def _asked(acts: Acts, before: Group, after: Group, moments: list[Moment], draws: int, seed: list[int]) -> Pair:
    """Ask each group of the other's slice; the larger p-value counts, so that one group that is only chance is enough to refuse."""
    rng = np.random.default_rng(seed)
    back = again(moments[before.slice], after.accounts, acts.members >= 0, draws=draws, rng=rng)
    forth = again(moments[after.slice], before.accounts, acts.members >= 0, draws=draws, rng=rng)
    one, other = (_mask(acts, group.accounts) for group in (before, after))
    both = (moments[before.slice].activity > 0) & (moments[after.slice].activity > 0)
    return Pair(
        before,
        after,
        int((one & other).sum()),
        back,
        forth,
        by_chance(one, other, both),
        by_chance(one, other, both & (acts.members >= 0)),
        max(back.p_value, forth.p_value),
        1.0,
    )


def _mask(acts: Acts, accounts: Ints) -> Bools:
    mask = np.zeros(len(acts.accounts), np.bool_)
    mask[accounts] = True
    return mask


def _chains(found: list[Group], links: list[Pair]) -> list[list[Group]]:
    """Put groups that links lead to and from into one chain, the largest first; groups without a link are in none."""
    names = {(group.network, group.slice): i for i, group in enumerate(found)}
    label = list(range(len(found)))
    for link in links:
        one, other = (label[names[group.network, group.slice]] for group in (link.before, link.after))
        label = [one if x == other else x for x in label]
    linked = {label[names[g.network, g.slice]] for link in links for g in (link.before, link.after)}
    chains = [[group for group, x in zip(found, label, strict=True) if x == one] for one in sorted(linked)]
    chains = [sorted(chain, key=lambda group: group.slice) for chain in chains]
    return sorted(chains, key=lambda chain: (-len(accounts_of(chain)), chain[0].network, chain[0].slice))


def accounts_of(chain: list[Group]) -> Ints:
    """List the accounts of all groups of a chain, each once."""
    return np.unique(np.concatenate([group.accounts for group in chain]))
