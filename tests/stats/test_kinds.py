"""Do ties exchanged within their kind leave every node its ties of each kind, and are the draws fair?"""

from collections import Counter

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import chisquare

from agorascope.stats.graphs import edges, simple
from agorascope.stats.kinds import exchanged
from agorascope.worlds.camps import CampsWorld, draw

Ints = npt.NDArray[np.int64]


def pieces(u: Ints, v: Ints, nodes: int) -> int:
    """Count the pieces of a network."""
    return int(connected_components(coo_array((np.ones(u.size), (u, v)), shape=(nodes, nodes)), directed=False)[0])


@pytest.mark.parametrize("degree", [4, 8, 20])
def test_every_node_keeps_its_ties_of_each_kind_and_none_is_made_twice(degree: int) -> None:
    """Ten heavy-tailed networks of three kinds of ties: degrees of each kind are kept, the network is simple and of one piece."""
    for seed in range(10):
        world, rng = draw(CampsWorld(accounts=300, mean_degree=degree), seed), np.random.default_rng(seed)
        graph = simple(world.source, world.target)
        source, target = (end.astype(np.int64) for end in edges(graph))
        kind = rng.integers(0, 3, source.size)
        u, v = exchanged(source, target, kind, graph.nodes, rng)
        for one in range(3):
            before, after = (
                np.bincount(np.append(*(e[kind == one] for e in ends)), minlength=graph.nodes)
                for ends in ((source, target), (u, v))
            )
            assert before.tolist() == after.tolist()
        key = np.minimum(u, v) * graph.nodes + np.maximum(u, v)
        assert key.size == np.unique(key).size > 2 * np.isin(key, source * graph.nodes + target).sum()
        assert not (u == v).any()
        assert 1 == pieces(u, v, graph.nodes)


def test_small_networks_are_drawn_about_as_often_as_one_another() -> None:
    """Of the ring of six with two kinds in turn all connected draws occur, as often as chi-square allows equal ones to."""
    ends, kind = (np.arange(6), (np.arange(6) + 1) % 6), np.arange(6) % 2
    seen: Counter[tuple[tuple[int, int, int], ...]] = Counter()
    for seed in range(3_000):
        u, v = exchanged(*ends, kind, 6, np.random.default_rng(seed))
        seen[tuple(sorted(zip(np.minimum(u, v).tolist(), np.maximum(u, v).tolist(), kind.tolist(), strict=True)))] += 1
    slow = slowly()
    assert set(slow) == set(seen)
    assert chisquare(list(seen.values())).pvalue > 0.001


def slowly() -> list[tuple[tuple[int, int, int], ...]]:
    """List all pairs of perfect matchings of six that have no tie in common and make one piece."""

    def matchings(left: tuple[int, ...]) -> list[list[tuple[int, int]]]:
        if not left:
            return [[]]
        return [[(left[0], one), *more] for one in left[1:] for more in matchings(tuple(i for i in left[1:] if i != one))]

    every = matchings(tuple(range(6)))
    apart = [(even, odd) for even in every for odd in every if not set(even) & set(odd)]
    whole = [(even, odd) for even, odd in apart if pieces(*np.array(even + odd).T, 6) == 1]
    return [tuple(sorted([(a, b, 0) for a, b in even] + [(a, b, 1) for a, b in odd])) for even, odd in whole]


def test_nothing_is_drawn_of_nothing() -> None:
    """No ties give no ties."""
    none = np.empty(0, np.int64)
    assert [0, 0] == [end.size for end in exchanged(none, none, none, 0, np.random.default_rng(0))]
