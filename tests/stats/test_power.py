"""Is the smallest effect that could have been seen one that is indeed seen?"""

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from agorascope.stats import power, twoway
from agorascope.stats.audit import decide, finds, holds

from .panels import ar_panel, first, since

Floats = npt.NDArray[np.float64]
AFTER, EVERY = since(38, 27), np.ones(21, bool)


def panel(seed: int, *, accounts: int = 21, sd: float = 0.3) -> Floats:
    """Draw a panel in which nothing happens."""
    return ar_panel(np.random.default_rng(seed), accounts, 38, rho=0.3, sd=sd)


def smallest(y: Floats, *, copies: int = 10, seed: int = 0, searched: bool = False, sign: int = 1) -> float | None:
    """Give the smallest size with 99 draws."""
    every = np.ones(y.shape[0], bool)
    return power.smallest(
        y, first(y.shape[0]), 27, 0.0, every, searched=searched, sign=sign, alpha=0.05, copies=copies, draws=99, seed=seed
    )  # fmt: skip


def found_in(y: Floats, size: float, rng: np.random.Generator, *, searched: bool = False, seed: list[int] | None = None) -> bool:
    """Say whether the whole decision finds a shift planted in one copy, with its sign."""
    quiet, called = power.copy(y, first(y.shape[0]), AFTER, 0.0, np.ones(y.shape[0], bool), rng)
    world, again = power.planted(quiet, called, 27, size), np.random.default_rng(seed or [5])
    decision = decide(world, called, date=None if searched else 27, draws=99, rng=again)
    return holds(decision, alpha=0.05) and decision.tau * size > 0


def test_a_copy_holds_no_effect() -> None:
    """Copies of a panel with an effect and of the same panel without are the same, and call one usable account treated."""
    y, usable = panel(0), np.arange(21) > 4
    pushed = y + 2 * np.outer(first(21), AFTER)
    tau = twoway.effect(pushed, first(21), AFTER)
    copies = [power.copy(p, first(21), AFTER, t, EVERY, np.random.default_rng(1))[0] for p, t in ((y, tau - 2), (pushed, tau))]
    assert copies[0] == pytest.approx(copies[1])
    for seed in range(20):
        called = power.copy(y, np.arange(21) == 7, AFTER, 0.0, usable, np.random.default_rng(seed))[1]
        assert (1, False) == (called.sum(), (called & ~usable).any())


def test_a_copy_keeps_the_noise_of_each_account() -> None:
    """What is left of an account's noise is the same up to its sign; gaps stay where they are."""
    y = np.where(np.random.default_rng(2).random((21, 38)) < 0.1, np.nan, panel(1))
    copied, _ = power.copy(y, first(21), AFTER, 0.0, EVERY, np.random.default_rng(0))
    assert np.abs(twoway.residuals(y)) == pytest.approx(np.abs(copied), nan_ok=True)


@pytest.mark.parametrize(("searched", "sign"), [(False, 1), (False, -1), (True, 1)])
def test_the_smallest_is_where_finding_begins(searched: bool, sign: int) -> None:
    """By the whole decision in every copy: nine of ten copies show the size given, and fewer one a grid step smaller."""
    y = panel(2)
    size = smallest(y, searched=searched, sign=sign) or 0.0
    counts = [
        sum(
            found_in(y, sign * tried, np.random.default_rng([0, k]), searched=searched, seed=[0, k, 1])
            for k in range(10)
        )
        for tried in (size, size - power.LARGEST / 2**power.HALVINGS)
    ]  # fmt: skip
    assert counts[0] >= 9 > counts[1]


@pytest.mark.parametrize(("searched", "panels"), [(False, 5), (True, 3)])
def test_the_smallest_effect_is_found_in_fresh_copies(searched: bool, panels: int) -> None:
    """Planted in 20 fresh copies of each panel, the date searched again where it was, it is found in 65 to 92 % (80 promised)."""
    found = []
    for seed in range(panels):
        y = panel(seed)
        size = smallest(y, copies=20 if searched else 30, seed=seed, searched=searched) or 0.0
        found += [found_in(y, size, np.random.default_rng([99, seed, k]), searched=searched, seed=[k]) for k in range(20)]
    assert 0.65 <= np.mean(found) <= 0.92


def test_a_search_needs_a_larger_effect() -> None:
    """Where the date is searched in every copy, more is needed than at the date given."""
    sizes = np.array([[smallest(panel(seed), searched=searched) or 0 for searched in (False, True)] for seed in range(3)])
    assert sizes[:, 0].mean() < sizes[:, 1].mean()


def test_pushes_and_demotions_are_planted_each() -> None:
    """Over the same copies both sizes differ by chance alone; a demotion planted is not counted as a push found."""
    y = panel(6)
    up, down = (smallest(y, copies=20, sign=sign) or 0 for sign in (1, -1))
    assert up == pytest.approx(down, abs=0.25)
    rng = np.random.default_rng(0)
    quiet, called = power.copy(y, first(21), AFTER, 0.0, EVERY, rng)
    world = power.planted(quiet, called, 27, -2.0)
    told = [finds(world, called, date=27, alpha=0.05, draws=99, sign=sign, rng=np.random.default_rng(0)) for sign in (1, -1)]
    assert told == [False, True]


def test_noisier_panels_need_larger_effects() -> None:
    """With noise twice as large the smallest effect is twice as large, within the grid."""
    y, grid = panel(3), power.LARGEST / 2**power.HALVINGS
    small, large = (smallest(values) for values in (y, 2 * y))
    assert 2 * (small or 0) == pytest.approx(large, abs=2 * grid)


def test_nine_controls_could_never_show_anything() -> None:
    """Where the floor is above alpha there is no smallest effect."""
    assert smallest(panel(4, accounts=10), copies=3) is None


def test_finding_early_is_deciding_whole() -> None:
    """The short way says what the whole decision says, for shifts of either sign and none."""
    for seed, size, date in itertools.product(range(6), (-0.7, 0.0, 0.7), (27, None)):
        y = panel(seed) + size * np.outer(first(21), AFTER)
        whole = decide(y, first(21), date=date, draws=99, rng=np.random.default_rng(seed))
        for sign in (1, -1):
            short = finds(y, first(21), date=date, alpha=0.05, draws=99, sign=sign, rng=np.random.default_rng(seed))
            assert short == (holds(whole, alpha=0.05) and whole.tau * sign > 0)


def test_the_seed_decides() -> None:
    """The same seed gives the same size, another seed another."""
    y = panel(5)
    assert smallest(y, copies=4) == smallest(y, copies=4)
    assert smallest(y, copies=4) != smallest(y, copies=4, seed=1)
