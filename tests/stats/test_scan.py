"""Does the scan find what is there, measure it like its slow twin, and hold its error?"""

import numpy as np
import pytest

from agorascope.stats.baseline import CYCLES, design
from agorascope.stats.scan import deviations, scan
from agorascope.stats.signflip import p_values
from tests import naive


def authors(seed: int, *, rate: float = 0.1, authors: int = 1_000, bins: int = 60) -> np.ndarray:
    """Draw posts of independent authors by bin."""
    return np.random.default_rng(seed).poisson(rate, (authors, bins)).astype(float)


def test_it_equals_its_slow_twin() -> None:
    """The excess of every window equals that of plain loops."""
    members = authors(1)
    found = scan(members, design(60, CYCLES["day"]), [1, 3], draws=99, rng=np.random.default_rng(0))
    for length in (1, 3):
        expected = naive.excess(members.sum(axis=0).tolist(), found.expected.tolist(), length)
        assert found.excess[length] == pytest.approx(expected, abs=1e-9)


def test_many_authors_make_a_burst() -> None:
    """Twice the usual posts for two days, by everybody, has the smallest p-value there is."""
    members = authors(2)
    members[:, 30:32] += np.random.default_rng(3).poisson(0.1, (1_000, 2))
    found = scan(members, design(60, CYCLES["day"]), [1, 2, 3], draws=199, rng=np.random.default_rng(0))
    assert 1 / 200 == p_values(found.excess[2][30:31], found.maxima)[0]
    assert found.by_authors


def test_one_author_makes_none() -> None:
    """The same excess from one author is no burst."""
    members = authors(2)
    members[0, 30:32] += 100
    found = scan(members, design(60, CYCLES["day"]), [1, 2, 3], draws=199, rng=np.random.default_rng(0))
    assert p_values(np.array([max(found.excess[2])]), found.maxima)[0] > 0.2


def test_few_authors_are_scanned_as_counts() -> None:
    """Where two authors wrote everything, counts are redrawn and only three lengths scanned."""
    members = authors(4, rate=20.0, authors=2)
    found = scan(members, design(60, CYCLES["day"]), [1, 2, 3, 5], draws=99, rng=np.random.default_rng(0))
    assert (False, {1, 2, 3}) == (found.by_authors, set(found.excess))


def test_p_values_are_fair_where_nothing_happens() -> None:
    """Over 100 quiet series at most 12 have p <= 0.05: more has odds below 1 in 200 at a true rate of 5 %."""
    columns = design(40, CYCLES["day"])
    p = []
    for seed in range(100):
        found = scan(authors(seed, authors=300, bins=40), columns, [1, 2, 3], draws=99, rng=np.random.default_rng(seed))
        p.append(p_values(np.array([max(map(max, found.excess.values()))]), found.maxima)[0])
    assert np.count_nonzero(np.array(p) <= 0.05) <= 12


def test_deviations_sum_to_the_excess() -> None:
    """Added over authors, deviations are observed less expected; an author's own share of the baseline is taken off."""
    members = authors(5)
    expected = np.full(60, 90.0)
    assert deviations(members, expected).sum(axis=0) == pytest.approx(members.sum(axis=0) - expected)
