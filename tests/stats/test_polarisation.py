"""Are the measures of polarisation those published, and do they stay quiet where there are no sides?"""

import networkx as nx
import numpy as np
import pytest
from scipy.stats import binomtest

from agorascope.stats.division import bisection, stability
from agorascope.stats.graphs import edges, rewired, simple
from agorascope.stats.onemore import FLOOR, extrapolated, tail
from agorascope.stats.polarisation import MEASURES, measured
from agorascope.stats.polarisation_null import against_null, beside, together
from agorascope.stats.walks import ends, loudest
from agorascope.worlds.camps import PLANTED, CampsWorld, draw
from tests.stats.networks import Find, classic, conover, polblogs

BLOGS = {"modularity": 0.4052, "ei": -0.8115, "assortativity": 0.8113, "rwc": 0.5095, "arwc": 0.3987, "boundary": 0.1305}
KARATE = {"modularity": 0.3582, "ei": -0.7179, "assortativity": 0.7175, "rwc": 0.792, "boundary": 0.173, "dipole": 0.610}
CONOVER = {"modularity": 0.474, "ei": -0.970, "rwc": 0.681, "boundary": 0.298, "dipole": 0.925}


def test_political_blogs_give_the_known_values(shared: Find) -> None:
    """Seven measures of the blogs with their own leanings, and RWC given the side of start."""
    graph, side = polblogs(shared)
    assert (1222, 16714) == (graph.nodes, graph.edges)
    found = measured(graph, side)
    assert BLOGS == pytest.approx({name: found[name] for name in BLOGS}, abs=6e-5)
    assert found["dipole"] == pytest.approx(0.6658, abs=6e-5)
    assert measured(graph, side, condition="start", only=("rwc",))["rwc"] == pytest.approx(0.5082, abs=6e-5)


def test_the_karate_club_gives_the_known_values(shared: Find) -> None:
    """Six measures of the club as it split, with three accounts of most ties a side."""
    graph, side = classic(shared, "karate_edges.csv", "karate_nodes.csv", "club")
    found = measured(graph, side, k=3)
    assert KARATE == pytest.approx({name: found[name] for name in KARATE}, abs=6e-4)


def test_a_retweet_network_gives_the_known_values(shared: Find) -> None:
    """Conover's network with published sides; its ARWC lies between .8774 and .8777, by who comes first of equal degrees."""
    graph, side = conover(shared)
    found = measured(graph, side)
    assert (18470, 48053) == (graph.nodes, graph.edges)
    assert CONOVER == pytest.approx({name: found[name] for name in CONOVER}, abs=6e-4)
    assert found["arwc"] == pytest.approx(0.878, abs=6e-4)


@pytest.mark.parametrize(("k", "rwc"), [(1, 0.131), (5, 0.556), (20, 0.762), (50, 0.836), (100, 0.881)])
def test_controversy_hangs_on_the_number_of_ends(shared: Find, k: int, rwc: float) -> None:
    """RWC of one network runs from .13 to .88 as one asks for more ends."""
    graph, side = conover(shared)
    assert rwc == pytest.approx(measured(graph, side, k=k, only=("rwc",))["rwc"], abs=6e-4)


def test_walks_end_where_a_linear_solver_says() -> None:
    """The probabilities equal a dense solution of the absorbing chain on ten networks, for two sets of ends at once."""
    for seed in range(10):
        world = draw(CampsWorld(accounts=80, mean_degree=4, closed=0.5), seed)
        graph = simple(world.source, world.target)
        first = world.camp[graph.name] == 1
        sets = [loudest(graph, first, k) for k in (3, 0.1)]
        chance = np.diag(1 / graph.degree) @ graph.adjacency.toarray()
        for found, (one, other) in zip(ends(graph, sets).T, sets, strict=True):
            free = np.setdiff1d(np.arange(graph.nodes), [*one, *other])
            asked = chance[np.ix_(free, one)].sum(axis=1)
            exact = np.linalg.solve(np.eye(free.size) - chance[np.ix_(free, free)], asked)
            assert exact == pytest.approx(found[free], abs=1e-5)


def test_modularity_and_assortativity_are_those_of_networkx() -> None:
    """With three sides both equal the peer."""
    world = draw(CampsWorld(accounts=120, mean_degree=5), 0)
    graph = simple(world.source, world.target)
    side = graph.name % 3
    peer = nx.Graph(list(zip(*(end.tolist() for end in edges(graph)), strict=True)))
    nx.set_node_attributes(peer, dict(enumerate(side.tolist())), "side")
    found = measured(graph, side)
    sets = [set(np.flatnonzero(side == one).tolist()) for one in range(3)]
    assert nx.community.modularity(peer, sets) == pytest.approx(found["modularity"])
    assert nx.attribute_assortativity_coefficient(peer, "side") == pytest.approx(found["assortativity"])


@pytest.mark.parametrize("sides", ["bisection", "given"])
def test_networks_without_sides_raise_few_alarms(sides: str) -> None:
    """Of 30 heavy-tailed networks at each of two mean degrees no more than 5 % lie apart, by the exact 99 % interval."""
    alarms = 0
    for degree in (2, 8):
        for seed in range(30):
            world = draw(CampsWorld(accounts=300, mean_degree=degree), seed)
            graph = simple(world.source, world.target)
            found = against_null(graph, sides if sides == "bisection" else world.camp[graph.name], seed=seed)
            alarms += found.together <= 0.05
    assert binomtest(alarms, 60).proportion_ci(0.99, "exact").low <= 0.05


@pytest.mark.parametrize("name", ["sides_degree_4", "sides_degree_8", "sides_degree_20", "loud_minority"])
def test_planted_camps_are_found(name: str) -> None:
    """Given their names, at least 19 of 20 planted worlds are told from networks of the same degrees."""
    found = 0
    for seed in range(20):
        world = draw(PLANTED[name], seed)
        graph = simple(world.source, world.target)
        found += against_null(graph, world.camp[graph.name], seed=seed).together <= 0.05
    assert found >= 19


def test_loudness_alone_is_no_division() -> None:
    """A camp with three times the ties, tied to anybody, is not found more often than 5 % in 40 worlds."""
    alarms = 0
    for seed in range(40):
        world = draw(CampsWorld(accounts=300, small=0.2, loud=3.0), seed)
        graph = simple(world.source, world.target)
        alarms += against_null(graph, world.camp[graph.name], seed=seed).together <= 0.05
    assert binomtest(alarms, 40).proportion_ci(0.99, "exact").low <= 0.05


def test_one_seed_gives_one_answer_and_signs_are_as_told() -> None:
    """One seed gives the same draws by one thread or two; normalised is raw less mean, z that over the deviation."""
    world = draw(PLANTED["sides_degree_8"], 0)
    graph = simple(world.source, world.target)
    for sides in ("bisection", "communities"):
        one, other = (against_null(graph, sides, nulls=3, seed=4, workers=threads) for threads in (1, 2))
        assert one.measures == other.measures
        assert MEASURES == tuple(m.measure for m in one.measures)
        for m in one.measures:
            assert m.normalised == pytest.approx(m.raw - m.null_mean)
            assert m.z == pytest.approx(m.normalised / m.null_sd)


def test_bisection_keeps_its_balance() -> None:
    """Neither side exceeds 1.4 times half of the accounts."""
    world = draw(PLANTED["loud_minority"], 0)
    graph = simple(world.source, world.target)
    assert np.bincount(bisection(graph)).max() <= 0.7 * graph.nodes + 1


def test_sides_that_are_there_are_cut_alike() -> None:
    """Two camps that hardly mix come out the same from five seeds, and those of a network without sides do not."""
    for closed, low, high in ((0.9, 0.8, 1.0), (0.0, 0.0, 0.4)):
        world = draw(CampsWorld(closed=closed, small=0.5), 0)
        assert low <= stability(simple(world.source, world.target)) <= high


def test_a_value_among_its_draws_is_uniform() -> None:
    """The t tail of one of 16 normal values is at most 5 % in 5 % of 4,000 trials, and so is the test of three at once."""
    rng = np.random.default_rng(0)
    values = rng.standard_normal((4_000, 16, 3))
    one = np.mean([tail(float(row[0, 0]), row[1:, 0]) <= 0.05 for row in values])
    three = np.mean([together(row[0], row[1:], np.array([1, -1, 1])) <= 0.05 for row in values])
    assert one == pytest.approx(0.05, abs=0.012)
    assert three == pytest.approx(0.05, abs=0.012)


def test_a_p_is_told_no_further_than_the_draws_bear() -> None:
    """However far a value lies, p stops at the floor; draws all alike give the rank and no number of standard deviations."""
    drawn = np.random.default_rng(1).standard_normal(15)
    assert [FLOOR] == list({tail(far, drawn) for far in (1e2, 1e6, 1e12)})
    assert FLOOR < tail(2.0, drawn) < 1 / 16
    assert (True, False) == (extrapolated(tail(2.0, drawn), 15), extrapolated(tail(0.0, drawn), 15))
    alike = beside("modularity", 0.5, np.full(15, 0.1) + 1e-17 * drawn)
    assert (1 / 16, True) == (alike.p_value, np.isnan(alike.z))
    assert 1.0 == beside("modularity", 0.1, np.full(15, 0.1)).p_value
    assert (1 / 16, 1.0) == (together(np.array([9.0]), np.ones((15, 1)), np.array([1])), tail(1.0 - 1e-16, np.ones(15)))


def test_what_cannot_be_asked_is_refused() -> None:
    """One null, an unknown search, or sides of another length raise with what was seen."""
    graph = simple(np.array([0, 1, 2]), np.array([1, 2, 0]))
    with pytest.raises(ValueError, match="nulls is 1; use 2 or more"):
        against_null(graph, nulls=1)
    with pytest.raises(ValueError, match="sides are 'halves'"):
        against_null(graph, "halves")
    with pytest.raises(ValueError, match="sides are 2 for 3 nodes"):
        against_null(graph, np.zeros(2, np.int64))


def test_one_side_alone_has_no_number() -> None:
    """A network all of one side gives no measure of two, and no alarm."""
    graph = simple(np.array([0, 1, 2, 0]), np.array([1, 2, 3, 3]))
    found = against_null(graph, np.zeros(4, np.int64), nulls=3)
    assert 1.0 == found.together
    assert np.isnan([m.raw for m in found.measures if m.measure not in ("modularity",)]).all()
    assert rewired(graph, np.random.default_rng(0)).nodes == 4
