"""Which network is measured, on which sides? The ties that were asked for, the accounts with a side, the largest piece of these.

A network is no small table: about 100 bytes a tie, which is the exception the analysis documents. What is left out is counted.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agorascope.divisions import chosen
from agorascope.stats.graphs import Graph, simple
from agorascope.tables import Corpus
from agorascope.ties import NOWHERE, SEVERAL, Ties, counting, positions, read, shared, untied

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FEWEST_SIDE = 10

_LANGUAGES = """
    SELECT platform, account_id, {column} AS trait, COUNT(*) AS n FROM posts
    WHERE account_id IS NOT NULL AND {column} IS NOT NULL GROUP BY platform, account_id, {column}
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, n DESC NULLS LAST, trait NULLS FIRST"""


class Network(NamedTuple):
    """Hold what is measured: the simple network, the side of each account in it (nodes,), or None where sides are to be sought.

    ``names`` are those of the sides; ``accounts`` counts those with a tie, ``untied`` those of the case without one; of the tied
    ``sideless``, ``several`` (in more than one group) and ``small`` (in a group of too few) were left out, then ``outside`` of the
    largest piece. ``unused`` counts the groups of the case where they were not taken for sides, though nothing else was asked.
    ``lost``: sides of which most accounts are outside, with how many of how many. ``meeting`` says why the piece holds fewer than
    two sides, and is empty where it holds two: ``apart`` (no tie joins different sides), ``bridged`` (they meet only through
    accounts without a side), ``pieces`` (they are tied, but not in the largest piece). ``traits``: language and country of the
    accounts (nodes,), -1 unknown, with their names.
    ``several_ties`` counts ties left out for accounts in several groups, ``shared`` the accounts of each two groups that overlap.
    ``coordinated`` (nodes,) marks members of networks found before. ``variable`` is that of the groups taken, ``others`` those not
    taken (``divisions.Chosen``).
    """

    graph: Graph
    side: Ints | None
    names: list[str]
    accounts: int
    untied: int
    sideless: int
    several: int
    small: int
    outside: int
    unused: int
    lost: list[tuple[str, int, int]]
    meeting: str
    traits: dict[str, tuple[Ints, list[str]]]
    coordinated: Bools | None
    ties: Ties
    query: str
    several_ties: int = 0
    shared: tuple[tuple[str, str, int], ...] = ()
    variable: str = ""
    others: tuple[tuple[str, int], ...] = ()


def reduce(corpus: Corpus, *, layer: str, network: str, sides: str, groups: str) -> Network | None:
    """Read the network and its sides; None where there are no ties. Raises BadValue for a layer, network or group nobody has.

    ``groups`` counts where sides are groups alone; beside sides that are sought it is refused when it is asked for.
    """
    ties = read(corpus, layer=layer, network=network)
    if ties is None:
        return None
    apart = ties.source != ties.target
    tied = np.bincount(np.concatenate((ties.source[apart], ties.target[apart])), minlength=len(ties.account))
    label, names, unused, variable, others = _sides(corpus, ties, sides, groups, tied > 0)
    several = 0 if label is None else int(((label == SEVERAL) & (tied > 0)).sum())
    label, names = (None, []) if unused else (label, names)
    lost_ties = 0 if label is None or not several else _several(ties, label)
    both = shared(corpus, names) if lost_ties else []
    kept = tied > 0 if label is None else (tied > 0) & (label >= 0)
    small = sideless = 0
    if label is not None:
        sideless = int(((label == NOWHERE) & (tied > 0)).sum())
        size = np.bincount(label[kept], minlength=len(names))
        large = np.flatnonzero(size >= FEWEST_SIDE)
        small = int(size[size < FEWEST_SIDE].sum())
        kept &= np.isin(label, large)
        label, names = np.searchsorted(large, label), [names[one] for one in large.tolist()]
    inside = kept[ties.source] & kept[ties.target]
    graph = simple(ties.source[inside], ties.target[inside])
    lost: list[tuple[str, int, int]] = []
    meeting = ""
    if label is not None and len(names) > 1:
        every, here = (np.bincount(label[one], minlength=len(names)) for one in (kept, graph.name))
        lost = [(names[i], int(every[i] - here[i]), int(every[i])) for i in np.flatnonzero(2 * here < every).tolist()]
        meeting = "" if int((here >= FEWEST_SIDE).sum()) > 1 else _meeting(ties, np.where(kept, label, NOWHERE), inside)
    return Network(
        graph,
        None if label is None else label[graph.name],
        names,
        int((tied > 0).sum()),
        untied(corpus, *([names[i] for i in np.flatnonzero(tied > 0).tolist()] for names in (ties.platform, ties.account))),
        sideless,
        several,
        small,
        int(kept.sum()) - graph.nodes,
        unused,
        lost,
        meeting,
        _traits(corpus, ties, graph),
        _coordinated(corpus, ties, graph),
        ties,
        counting(ties),
        lost_ties,
        tuple(both),
        variable,
        others,
    )


def _several(ties: Ties, label: Ints) -> int:
    """Count the ties left out since an end of theirs is in several groups, the other end being in a group as well."""
    one, other = label[ties.source], label[ties.target]
    left = (ties.source != ties.target) & (one != NOWHERE) & (other != NOWHERE) & ((one == SEVERAL) | (other == SEVERAL))
    ends = np.sort(np.stack((ties.source[left], ties.target[left])), axis=0)
    return int(np.unique(ends, axis=1).shape[1])


def _meeting(ties: Ties, label: Ints, inside: Bools) -> str:
    """Say why no two sides are in one piece. ``label`` (accounts,) -1 without a side; ``inside`` (ties,): between two with one."""
    if bool((label[ties.source] != label[ties.target])[inside].any()):
        return "pieces"
    accounts = label.size
    _, piece = connected_components(
        coo_array((np.ones(ties.source.size), (ties.source, ties.target)), shape=(accounts, accounts)), directed=False
    )
    sided = label >= 0
    pairs = np.unique(np.stack((piece[sided], label[sided])), axis=1)
    return "bridged" if bool((np.bincount(pairs[0]) > 1).any()) else "apart"


def _sides(
    corpus: Corpus, ties: Ties, sides: str, groups: str, tied: Bools
) -> tuple[Ints | None, list[str], int, str, tuple[tuple[str, int], ...]]:
    """Give each account its group, where groups are asked for or, with nothing asked, where two are large enough.

    Beside the names: how many groups there are where none is taken, though nothing else was asked; the variable, and those left.
    """
    if sides in ("bisection", "communities") or not (corpus.has("groups") or sides == "groups" or groups):
        return None, [], 0, "", ()
    found = chosen(corpus, ties, groups, tied, FEWEST_SIDE)
    return found.label, found.names, 0 if sides else found.unfit, found.variable, found.others


def _traits(corpus: Corpus, ties: Ties, graph: Graph) -> dict[str, tuple[Ints, list[str]]]:
    """Read the language and the place most used by each account."""
    found = {}
    for name, column in (("language", "language"), ("country", "place")) if corpus.has("posts") else ():
        first: dict[tuple[str, str], str] = {}
        for row in corpus.query(_LANGUAGES.format(column=column)).to_pylist():
            first.setdefault((row["platform"], row["account_id"]), row["trait"])
        values = sorted(set(first.values()))
        number = {value: i for i, value in enumerate(values)}
        known = _spread(corpus, ties, first, [number[value] for value in first.values()])
        found[name] = (known[graph.name], values)
    return found


def _coordinated(corpus: Corpus, ties: Ties, graph: Graph) -> Bools | None:
    """Mark the members of coordinated networks; None where none was looked for or found."""
    rows = corpus.derived("coordination.accounts")
    listed = [(r["platform"], r["account_id"]) for r in rows.to_pylist() if r["in_network"]] if rows.num_rows else []
    if not listed:
        return None
    return np.asarray(_spread(corpus, ties, listed, [1] * len(listed))[graph.name] == 1)


def _spread(corpus: Corpus, ties: Ties, keys: Iterable[tuple[str, str]], values: list[int]) -> Ints:
    keys = list(keys)
    where = positions(corpus, ties, [p for p, _ in keys], [a for _, a in keys])
    found = np.full(len(ties.account), -1, np.int64)
    found[where[where >= 0]] = np.array(values, np.int64)[where >= 0]
    return found
