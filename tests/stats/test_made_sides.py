"""Are made sides as many and as large as asked, and is a cut of a network without camps never said to be more than a cut?"""

import networkx as nx
import numpy as np
import pytest

from agorascope.stats.communities import leiden
from agorascope.stats.division import bisection
from agorascope.stats.graphs import Graph, edges, simple
from agorascope.stats.made_sides import MANY, beside_made, joined, kept, parts, searches
from agorascope.worlds.camps import CampsWorld, draw
from tests import naive


def world(seed: int, **given: float) -> tuple[Graph, np.ndarray]:
    """Draw a world of camps; give its network and the camp of each account in it."""
    drawn = draw(CampsWorld(**({"accounts": 400, "mean_degree": 8.0} | given)), seed)  # type: ignore[arg-type]
    graph = simple(drawn.source, drawn.target)
    return graph, drawn.camp[graph.name]


def test_what_is_kept_equals_the_slow_twin() -> None:
    """The share across of a loop over ties, set against that of two ends drawn at random."""
    graph, camp = world(1, closed=0.4)
    ties = list(zip(*(end.tolist() for end in edges(graph)), strict=True))
    across = naive.across(set(ties), dict(enumerate(camp.tolist())))
    ends = [camp[end] for pair in ties for end in pair]
    chance = 1 - sum((ends.count(one) / len(ends)) ** 2 for one in (0, 1))
    assert kept(graph, camp) == pytest.approx(1 - across / chance)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.4, 0.3, 0.2, 0.1), (0.9, 0.05, 0.02, 0.02, 0.01)])
def test_sides_have_the_sizes_asked_for_and_nothing_is_written(
    shares: tuple[float, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """Shares of accounts, or of ties, to some points; METIS, which complains of empty parts, is not made to."""
    graph, _ = world(2)
    for by_ties in (False, True):
        side = parts(graph, np.array(shares), by_ties=by_ties, recursive=True)
        size = np.bincount(side, graph.degree if by_ties else None, minlength=len(shares))
        assert shares == pytest.approx(tuple(size / size.sum()), abs=0.05)
    assert ("", "") == tuple(capfd.readouterr())


def test_communities_are_joined_until_they_are_as_many() -> None:
    """Four cliques in a row of two pairs, joined to two sides: the pairs."""
    blocks = [(a, b) for at in (0, 6, 12, 18) for a in range(at, at + 6) for b in range(at, a)]
    ties = np.array([*blocks, (0, 6), (1, 7), (2, 8), (12, 18), (13, 19), (14, 20), (6, 12)])
    graph = simple(ties[:, 0], ties[:, 1])
    side = joined(graph, np.repeat(np.arange(4), 6), 2)
    assert [0] * 12 + [1] * 12 == side.tolist()
    assert 4 == np.unique(joined(graph, np.repeat(np.arange(4), 6), 9)).size


@pytest.mark.parametrize("degree", [2.0, 4.0, 8.0, 20.0])
def test_a_cut_of_a_network_without_camps_is_no_more_than_a_cut(degree: float) -> None:
    """Cuts by other hands: METIS, the best of ten Leiden, Louvain, the best of five of Kernighan and Lin. None is beyond."""
    for seed in (1, 2):
        graph, _ = world(seed, mean_degree=degree)
        u, v = edges(graph)
        other = nx.Graph(zip(u.tolist(), v.tolist(), strict=True))
        halves = [nx.community.kernighan_lin_bisection(other, seed=one, max_iter=30) for one in range(5)]
        cuts = [
            bisection(graph, seed=3),
            leiden(u.astype(np.int64), v.astype(np.int64), np.ones(u.size), graph.nodes, seed=11).label,
            _label(nx.community.louvain_communities(other, seed=1), graph.nodes),
            max((_label(one, graph.nodes) for one in halves), key=lambda side: kept(graph, side)),
        ]
        for side in cuts:
            large = np.bincount(side)[side] >= 10
            assert not beside_made(graph, np.where(large, side, side[large][0]), draws=10, seed=seed).beyond(0.05)


def test_camps_that_keep_well_apart_are_more_than_a_cut() -> None:
    """Seven ties of ten kept within the camp, where no search makes as much of a rewired network; three of ten are not enough."""
    found = beside_made(*world(1, closed=0.7))
    assert found.beyond(0.05)
    assert found.low < found.short < found.high
    assert found.short == pytest.approx(found.usual - found.across)
    assert not beside_made(*world(1, closed=0.3)).beyond(0.05)


def test_large_networks_are_searched_less() -> None:
    """Above ``MANY`` ties five draws, and fewer searches of each."""
    graph, camp = world(1, accounts=6_000, mean_degree=20.0, closed=0.5)
    assert graph.edges > MANY
    assert (5, 4) == (beside_made(graph, camp).draws, len(searches(graph, camp)))


def test_threads_change_no_number() -> None:
    """Sought as in a network of millions, by one thread or two: the same."""
    graph, camp = world(1, accounts=600, mean_degree=20.0, closed=0.5)
    assert beside_made(graph, camp, effort=3_000_000) == beside_made(graph, camp, effort=3_000_000, workers=2)


def test_a_search_that_finds_no_sides_settles_nothing() -> None:
    """Twelve accounts of six thousand, sought as in a network of millions: no lead is told, and they are not said to be more."""
    graph, _ = world(1, accounts=6_000)
    side = (np.argsort(graph.degree, kind="stable") < 12).astype(np.int64)
    found = beside_made(graph, side, effort=3_000_000)
    assert found.lead is None
    assert not found.beyond(1.0)


def _label(parts: list[set[int]] | tuple[set[int], ...], nodes: int) -> np.ndarray:
    label = np.zeros(nodes, np.int64)
    for i, part in enumerate(parts):
        label[list(part)] = i
    return label
