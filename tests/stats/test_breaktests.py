"""Are the fast searches of breaks the same as slow ones written down plainly?"""

import itertools

import numpy as np
import pytest

from agorascope.stats import regimes
from agorascope.stats.breaktests import search
from agorascope.stats.longrun import autocorrelations
from agorascope.stats.segments import fitted, squares_by_place, squares_left

FIRST_SEED = 9_100


def plain(
    series: np.ndarray, *, lines: bool, trim: int, most: int, scale: np.ndarray | None
) -> tuple[list[float], int, np.ndarray]:
    """Add breaks one by one to one series (columns, n), each where the squares fall most, fitting every stretch anew."""
    values, cuts, statistics, first = series.T, [], [], 0
    before = squares_left(values, [], lines=lines)
    rho = np.zeros(values.shape[1])
    for m in range(1, most + 1):
        unit = squares_left(values, sorted(cuts), lines=lines) if scale is None else scale
        edges = [0, *sorted(cuts), values.shape[0]]
        places = [p for a, b in itertools.pairwise(edges) for p in range(a + trim, b - trim + 1)]
        left = [float((squares_left(values, sorted([*cuts, p]), lines=lines) / unit).sum()) for p in places]
        if places:
            cuts.append(places[int(np.argmin(left))])
        first = cuts[0] if cuts and m == 1 else first
        residuals = (values - fitted(values, sorted(cuts), lines=lines)).T
        lost = (m + 1) * (2 if lines else 1)
        rho = autocorrelations(residuals, lost=lost)
        steps = residuals[:, 1:] - rho[:, None] * residuals[:, :-1]
        omega = (steps**2).sum(axis=1) / max(steps.shape[1] - lost, 1) / (1 - rho) ** 2
        omega = omega if scale is None else scale
        statistics.append(float(((before - (residuals**2).sum(axis=1)) / (m * omega)).sum()))
    return statistics, first, rho


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("columns", [1, 2])
def test_breaks_are_added_as_by_the_slow_twin(lines: bool, columns: int) -> None:
    """Statistics, place and dependence equal those of fitting every stretch anew, with one column and with two."""
    rng = np.random.default_rng(FIRST_SEED + columns)
    for round_ in range(12):
        n = int(rng.integers(14, 70))
        series = np.cumsum(rng.standard_normal((5, columns, n)), axis=2) * 0.3 + rng.standard_normal((5, columns, n)) + 4
        scale = None if round_ % 2 else rng.uniform(0.5, 2, columns)
        asked = {"lines": lines, "trim": int(rng.integers(4, 12)), "most": int(rng.integers(1, 5)), "scale": scale}
        found = search(series, **asked)
        for row in range(5):
            statistics, first, rho = plain(series[row], **asked)
            assert np.allclose(found.statistics[row], statistics, rtol=1e-8)
            assert found.first[row] == first
            assert np.isnan(found.rho[row]).all() if scale is not None else np.allclose(found.rho[row], rho, atol=1e-8)


def test_a_block_of_rows_is_searched_as_each_alone() -> None:
    """Rows are searched in blocks; which block does not matter."""
    series = np.random.default_rng(FIRST_SEED).standard_normal((90, 1, 1_500))
    whole = search(series, lines=False, trim=75, most=2)
    alone = search(series[61:62], lines=False, trim=75, most=2)
    assert np.array_equal(whole.statistics[61], alone.statistics[0])
    assert whole.first[61] == alone.first[0]


@pytest.mark.parametrize("lines", [False, True])
def test_no_dependence_is_left_out_that_could_be_the_shortest(lines: bool) -> None:
    """The bound holds for every dependence, the description is that of trying all of them, and some are spared."""
    rng = np.random.default_rng(FIRST_SEED + 10)
    left_out = 0
    for _ in range(60):
        n, columns, rho = int(rng.integers(40, 400)), int(rng.integers(1, 3)), float(rng.choice([0, 0.3, 0.7]))
        noise = rng.standard_normal((n, columns))
        for t in range(1, n):
            noise[t] += rho * noise[t - 1]
        values = noise + rng.integers(0, 4) * (np.arange(n) // int(rng.integers(20, n)) % 2)[:, None]
        least = max(4, n // 20)
        every = [regimes._search(values, r, least, lines) for r in regimes.GRID]
        bounds = [regimes._least(values, r, least, lines) for r in regimes.GRID]
        assert all(bound <= one.length + 1e-6 for bound, one in zip(bounds, every, strict=True))
        best = min(every, key=lambda one: one.length)
        left_out += sum(bound > best.length for bound in bounds)
        found = regimes.describe(values, min_size=least, lines=lines)
        assert found is not None
        assert (found.length, found.rho, found.indices.tolist()) == (best.length, best.rho, best.indices.tolist())
        assert regimes.describe(values, min_size=least, lines=lines, below=-1e9) is None
    assert left_out > 0


@pytest.mark.parametrize("lines", [False, True])
def test_single_breaks_leave_what_fitting_anew_leaves(lines: bool) -> None:
    """Running sums give what fitting both sides anew gives."""
    values = np.random.default_rng(FIRST_SEED + 20).standard_normal((50, 2)) + 3
    places = np.arange(1, 50)
    expected = [squares_left(values, [p], lines=lines) for p in places]
    assert np.allclose(squares_by_place(values, places, lines=lines), expected)
