"""Is a network made simple, and is another of the same degrees drawn fairly?"""

from collections import Counter

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from agorascope.stats.graphs import edges, erased, rewired, simple
from agorascope.worlds.camps import CampsWorld, draw


@pytest.mark.parametrize("degree", [2, 4, 20])
def test_a_rewired_network_is_simple_connected_and_of_the_same_degrees(degree: int) -> None:
    """Ten heavy-tailed networks keep every degree, have no loop and no double edge, and are one piece."""
    for seed in range(10):
        world = draw(CampsWorld(accounts=300, mean_degree=degree), seed)
        graph = simple(world.source, world.target)
        drawn = rewired(graph, np.random.default_rng(seed))
        assert graph.degree.tolist() == drawn.degree.tolist()
        assert 1 == connected_components(drawn.adjacency, directed=False)[0]
        assert 0 == drawn.adjacency.diagonal().sum()
        assert 1.0 == drawn.adjacency.data.min() == drawn.adjacency.data.max()


@pytest.mark.parametrize(("hubs", "leaves", "most"), [(2, 1_000, 850), (10, 3_000, 1_627), (4, 8_000, 4_700)])
def test_a_hub_keeps_its_ties(hubs: int, leaves: int, most: int) -> None:
    """Leaves tied to one or two of few hubs, the largest tied to more than half of all: no draw loses a tie, nor is the same."""
    rng = np.random.default_rng(0)
    weight = 1 / np.arange(1, hubs + 1)
    ties = [
        (hubs + i, hub)
        for i in range(leaves)
        for hub in rng.choice(hubs, min(1 + (hubs > 4) + int(rng.random() < 0.5), hubs), replace=False, p=weight / weight.sum())
    ]
    graph = simple(*np.array(ties).T)
    drawn = rewired(graph, rng)
    assert graph.degree.max() >= 0.9 * most
    assert graph.degree.tolist() == drawn.degree.tolist()
    assert 1.0 == drawn.adjacency.data.max()
    assert 0 == drawn.adjacency.diagonal().sum()
    assert 1 == connected_components(drawn.adjacency, directed=False)[0]
    assert 0 < int((graph.adjacency - drawn.adjacency).count_nonzero())


@pytest.mark.parametrize("seed", range(20))
def test_a_tree_stays_whole(seed: int) -> None:
    """Of a tree every draw is a tree: pieces without a cycle are joined to one with a cycle."""
    rng = np.random.default_rng(seed)
    tree = simple(np.arange(1, 80), np.array([int(rng.integers(i)) for i in range(1, 80)]))
    assert tree.degree.tolist() == rewired(tree, rng).degree.tolist()


def test_every_network_of_few_degrees_is_drawn_about_as_often() -> None:
    """The twelve cycles of five nodes come up evenly: 1,200 draws, none more than 3.5 standard deviations from 100."""
    ring = simple(np.arange(5), (np.arange(5) + 1) % 5)
    rng = np.random.default_rng(0)
    found = Counter(tuple(sorted(zip(*(end.tolist() for end in edges(rewired(ring, rng))), strict=True))) for _ in range(1_200))
    assert 12 == len(found)
    assert max(abs(count - 100) for count in found.values()) < 3.5 * np.sqrt(1_200 * 11 / 144)


def test_the_usual_model_loses_edges() -> None:
    """Dropping loops, double edges and small pieces leaves a smaller network than the one it stands for."""
    world = draw(CampsWorld(accounts=300, mean_degree=3), 0)
    graph = simple(world.source, world.target)
    drawn = erased(graph, np.random.default_rng(0))
    assert drawn.nodes < graph.nodes
    assert drawn.edges < graph.edges


def test_a_star_stays_a_star() -> None:
    """Where no other network has these degrees the same one is drawn."""
    star = simple(np.zeros(6, np.int64), np.arange(1, 7))
    assert star.degree.tolist() == rewired(star, np.random.default_rng(0)).degree.tolist()


def test_no_ties_make_no_network() -> None:
    """Loops alone leave nothing."""
    assert (0, 0) == (simple(np.array([1]), np.array([1])).nodes, simple(np.empty(0, np.int64), np.empty(0, np.int64)).edges)
