"""Are networks cut without going round for ever, and cuts judged by their own resolution?"""

import numpy as np

from agorascope.stats.beyond import beyond
from agorascope.stats.communities import at_once, network, parted, whole
from agorascope.stats.onemore import FLOOR


def test_weights_that_are_not_whole_are_scaled_so_that_sums_are_exact() -> None:
    """Any order of adding gives one sum; proportions stay; whole weights stay as they are."""
    rng = np.random.default_rng(5)
    weight = rng.exponential(20, 8_000) ** 1.5
    scaled = whole(weight)
    assert np.array_equal(scaled, np.rint(scaled))
    assert 2 * scaled.sum() <= 2**40
    assert scaled[rng.permutation(scaled.size)].cumsum()[-1] == scaled.cumsum()[-1]
    assert np.allclose(scaled / scaled.sum(), weight / weight.sum(), rtol=1e-4)
    assert np.array_equal(whole(np.array([1.0, 3.0])), [1.0, 3.0])
    assert whole(np.array([1e-30, 1.0])).min() == 1.0


def test_the_quality_of_a_cut_is_that_of_its_own_resolution() -> None:
    """The share of ties within communities less resolution times what the same volumes give by chance."""
    source, target = np.array([0, 1, 2, 3, 4, 5, 0, 6]), np.array([1, 2, 0, 4, 5, 3, 3, 5])
    weight = np.array([1.0, 2, 1, 1, 3, 1, 1, 2])
    for resolution in (0.5, 1.0, 2.0):
        cut = parted(network(source, target, weight, 7), resolution=resolution)
        inside = weight[cut.label[source] == cut.label[target]].sum() / weight.sum()
        volume = np.bincount(cut.label[source], weight, 7) + np.bincount(cut.label[target], weight, 7)
        chance = ((volume / (2 * weight.sum())) ** 2).sum()
        assert np.isclose(cut.quality, inside - resolution * chance)
        assert np.isclose(cut.modularity, inside - chance)


def test_no_p_is_zero_and_none_is_below_its_floor() -> None:
    """Nineteen random networks all alike give the rank, 1/20, not 0; far beyond nineteen that differ p is the floor."""
    alike = beyond(np.array([0.5, 0.4]), np.full((19, 2), 0.1))
    assert (1 / 20, None, None) == (alike.p_value, alike.low, alike.high)
    assert 1.0 == beyond(np.array([0.1]), np.full((19, 1), 0.1)).p_value
    drawn = np.random.default_rng(0).normal(0.1, 1e-4, (19, 1))
    assert (FLOOR, True) == (beyond(np.array([0.9]), drawn).p_value, beyond(np.array([0.1002]), drawn).p_value > FLOOR)


def test_edges_in_order_make_the_same_network_as_edges_in_any_form() -> None:
    """Neighbours stand in the order of the edges either way, so that the cut is the same, edge given twice or not."""
    key = np.unique(np.random.default_rng(1).integers(0, 400, (3_000, 2)), axis=0)
    source, target = key[key[:, 0] < key[:, 1]].T
    weight = np.random.default_rng(2).integers(1, 5, source.size).astype(np.float64)
    ordered, other = network(source, target, weight, 400), network(target, source, weight, 400)
    same = [list(ordered.iterNeighborsWeights(u)) == list(other.iterNeighborsWeights(u)) for u in range(400)]
    assert all(same)
    assert np.array_equal(parted(ordered, seed=3).label, parted(other, seed=3).label)
    twice = network(np.append(source, source), np.append(target, target), np.append(weight, weight), 400)
    assert 2 * ordered.totalEdgeWeight() == twice.totalEdgeWeight()


def test_two_cuts_at_once_are_the_cuts_made_one_by_one() -> None:
    """Whichever thread is the first, each gives what it gives alone with that seed."""
    pairs = [np.sort(np.random.default_rng(s).integers(0, 2_000, (2, 30_000)), axis=0) for s in range(2)]
    one, other = (network(u, v, np.ones(u.size), 2_000) for u, v in pairs)
    for seed in range(3):
        both = at_once(lambda: parted(one, seed=None), lambda: parted(other, seed=None, iterations=1), seed=seed)
        alone = parted(one, seed=seed), parted(other, seed=seed, iterations=1)
        assert all(np.array_equal(a.label, b.label) and a.quality == b.quality for a, b in zip(both, alone, strict=True))
