"""Are the bounds those of the worst assignment, found by trying many?"""

import itertools

import numpy as np
import pytest

from agorascope.stats.undeclared import bounds


def tried(has: list[int], lacks: list[int], target: list[float], more: int, fewer: int) -> tuple[float, float]:
    """Try every way to put whole unknown rows into categories."""
    places = range(len(has))
    found = []
    for put in itertools.combinations_with_replacement(places, more):
        for left in itertools.combinations_with_replacement(places, fewer):
            h = np.add(has, np.bincount(np.array(put, int), minlength=len(has)))
            n = np.add(lacks, np.bincount(np.array(left, int), minlength=len(has)))
            found.append(float(np.sum(np.array(target) * h / (h + n))))
    return min(found), max(found)


@pytest.mark.parametrize("seed", range(25))
def test_bounds_hold_every_assignment_and_are_nearly_reached(seed: int) -> None:
    """No assignment of whole rows leaves the bounds; the worst comes within what splitting a row can add."""
    rng = np.random.default_rng(seed)
    has, lacks = rng.integers(1, 9, 3), rng.integers(1, 9, 3)
    target, more, fewer = rng.dirichlet(np.ones(3)), int(rng.integers(0, 6)), int(rng.integers(0, 6))
    low, high = bounds(has.astype(float), lacks.astype(float), target, unknown_has=more, unknown_lacks=fewer)
    least, most = tried(has.tolist(), lacks.tolist(), target.tolist(), more, fewer)
    assert low - 1e-12 <= least <= low + 0.02
    assert high - 0.02 <= most <= high + 1e-12


def test_nothing_unknown_is_a_point_and_an_empty_category_is_open() -> None:
    """Without unknown rows both ends are the share; a category of 30 % without rows holds from none to all."""
    target, none = np.array([0.7, 0.3]), np.zeros(2)
    known = bounds(np.array([1.0, 3.0]), np.array([1.0, 1.0]), target, unknown_has=0, unknown_lacks=0)
    assert (0.575, 0.575) == pytest.approx(known)
    assert (0.35, 0.65) == pytest.approx(bounds(np.array([1.0, 0]), np.array([1.0, 0]), target, unknown_has=0, unknown_lacks=0))
    assert (0.0, 1.0) == bounds(none, none, target, unknown_has=3, unknown_lacks=1)
