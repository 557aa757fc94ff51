"""Do adjusted p-values hold the family-wise error and equal those worked by hand and by brute force?"""

import numpy as np
import pytest

from agorascope.stats.families import holm, max_t


def _slow(observed: np.ndarray, draws: np.ndarray) -> list[float]:
    left, adjusted, highest = set(range(len(observed))), {}, 0.0
    for test in sorted(left, key=lambda k: -observed[k]):
        reached = sum(max(row[k] for k in left) >= observed[test] for row in draws)
        highest = max(highest, (1 + reached) / (1 + len(draws)))
        adjusted[test] = highest
        left.remove(test)
    return [adjusted[k] for k in range(len(observed))]


def test_holm_is_holm() -> None:
    """Adjusted p-values are those worked by hand."""
    assert [0.03, 0.06, 0.06] == pytest.approx(holm([0.01, 0.04, 0.03]))


@pytest.mark.parametrize("seed", range(20))
def test_max_t_equals_the_slow_twin(seed: int) -> None:
    """Stepping down one test at a time gives the same numbers."""
    rng = np.random.default_rng(seed)
    observed, draws = np.abs(rng.normal(0, 2, 6)), np.abs(rng.normal(0, 1, (40, 6)))
    assert _slow(observed, draws) == pytest.approx(max_t(observed, draws).tolist())


def test_max_t_holds_the_error_and_beats_holm() -> None:
    """Over 500 families of 20 tests that go together, 2 to 8 % have any p at or below .05; Holm is stricter on the smallest."""
    rng = np.random.default_rng(1)
    any_low, stricter = [], []
    for _ in range(500):
        every = np.abs(rng.normal(0, 1, (200, 1)) * 0.9 + rng.normal(0, 0.4, (200, 20)))
        p = max_t(every[0], every[1:])
        alone = [(1 + np.count_nonzero(every[1:, k] >= every[0, k])) / 200 for k in range(20)]
        any_low.append(p.min() <= 0.05)
        stricter.append(min(holm(alone)) >= p.min())
    assert 0.02 <= np.mean(any_low) <= 0.08
    assert np.mean(stricter) > 0.95


def test_a_test_not_made_changes_nothing() -> None:
    """A statistic that is nan gets 1, and the others what they get without it."""
    draws = np.abs(np.random.default_rng(2).normal(0, 1, (99, 3)))
    with_gap = np.insert(draws, 1, np.nan, axis=1)
    assert (
        max_t(np.array([3.0, 1.0, 0.1]), draws).tolist() == max_t(np.array([3.0, np.nan, 1.0, 0.1]), with_gap)[[0, 2, 3]].tolist()
    )
    assert 1.0 == max_t(np.array([3.0, np.nan, 1.0, 0.1]), with_gap)[1]


def test_draws_of_another_family_are_refused() -> None:
    """As many columns as tests, or an error."""
    with pytest.raises(ValueError, match="draws, tests"):
        max_t(np.ones(3), np.ones((9, 4)))
