"""Do cuts along the slowest walks find sides that hang on by a tie, and do single moves only ever keep more?"""

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array

from agorascope.stats.graphs import Graph, simple
from agorascope.stats.made_sides import best, kept, searches
from agorascope.stats.swept import improved, swept
from agorascope.worlds.camps import CampsWorld, draw


def world(seed: int, degree: float = 4.0) -> Graph:
    """Draw a network without camps."""
    drawn = draw(CampsWorld(accounts=300, mean_degree=degree), seed)
    return simple(drawn.source, drawn.target)


def test_a_chain_at_the_edge_is_found_as_a_side() -> None:
    """A random network and a chain of twelve tied to it once: the twelve are one side, whichever is asked for first."""
    drawn = draw(CampsWorld(accounts=150, mean_degree=8.0), 1)
    chain = np.arange(150, 162)
    graph = simple(np.concatenate((drawn.source, chain)), np.concatenate((drawn.target, [3], chain[:-1])))
    for first, second in ((6, 40), (40, 6)):
        side = swept(graph.adjacency, first, second)
        assert chain.tolist() == graph.name[side == int(first > second)].tolist()


def test_sides_are_no_smaller_than_asked() -> None:
    """Forty and thirty accounts at least, by either."""
    graph = world(2)
    side = swept(graph.adjacency, 40, 30)
    for one in (side, improved(graph, side, 30)):
        size = np.bincount(one)
        assert size.min() >= 30
    assert np.bincount(side)[0] >= 40


@pytest.mark.parametrize("sides", [2, 3])
def test_moves_keep_more_and_the_last_leaves_none_better(sides: int) -> None:
    """From sides at random, and then tried account by account: no single move keeps more."""
    graph = world(3, 6.0)
    start = np.random.default_rng(1).integers(sides, size=graph.nodes)
    side = improved(graph, start, 5)
    reached = kept(graph, side)
    assert reached > kept(graph, start) + 0.1
    for node in range(0, graph.nodes, 7):
        for to in range(sides):
            other = side.copy()
            other[node] = to
            assert np.bincount(other, minlength=sides).min() < 5 or kept(graph, other) <= reached + 1e-9


def test_the_best_keeps_no_less_than_any_search() -> None:
    """Beside all searches of the same effort."""
    graph = world(4)
    side = (np.arange(graph.nodes) < 20).astype(np.int64)
    found = kept(graph, best(graph, side, seed=1, effort=graph.edges))
    assert found >= max(kept(graph, made) for made in searches(graph, side, seed=1))


def test_parts_that_fall_apart_or_hold_no_tie_are_parted_all_the_same() -> None:
    """What is left of a network after a cut need not hang together: many small pieces, and accounts without a tie."""
    pairs = np.arange(0, 400, 2)
    for one in (csr_array((500, 500)), coo_array((np.ones(200), (pairs, pairs + 1)), shape=(500, 500)).tocsr(), csr_array((3, 3))):
        side = swept((one + one.T).tocsr(), 1, 1)
        assert {0, 1} == set(side.tolist())
