"""Are networks cut without going round for ever? Weights that add up exactly."""

import numpy as np

from agorascope.stats.communities import whole


def test_weights_that_are_not_whole_are_scaled_so_that_sums_are_exact() -> None:
    """Any order of adding gives one sum; proportions stay; whole weights stay as they are."""
    rng = np.random.default_rng(5)
    weight = rng.exponential(20, 8_000) ** 1.5
    scaled = whole(weight)
    assert np.array_equal(scaled, np.rint(scaled))
    assert 2 * scaled.sum() <= 2**50
    assert scaled[rng.permutation(scaled.size)].cumsum()[-1] == scaled.cumsum()[-1]
    assert np.allclose(scaled / scaled.sum(), weight / weight.sum(), rtol=1e-9)
    assert np.array_equal(whole(np.array([1.0, 3.0])), [1.0, 3.0])
    assert whole(np.array([1e-30, 1.0])).min() == 1.0
