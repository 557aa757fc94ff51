"""Does the decision find what was planted, stay quiet where nothing was, and refuse what it cannot tell?"""

from functools import cache
from typing import Any

import numpy as np
import pytest

from agorascope.stats.audit import Decision, decide, holds, lines
from agorascope.worlds.audience import AudienceWorld

from .panels import ar_panel, first, gapped, reach, since

PUSH = AudienceWorld(mechanism="push", size=3.0)


@cache
def decided(world: AudienceWorld = PUSH, seed: int = 0, *, search: bool = False, draws: int = 999) -> Decision:
    """Audit one world with the date given or searched."""
    y, made = reach(world, seed)
    return decide(y, made.treated, date=None if search else made.start, draws=draws, rng=np.random.default_rng(seed))


def noise(seed: int, accounts: int = 21) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Draw a panel in which nothing happens."""
    return ar_panel(np.random.default_rng(seed), accounts, 38, rho=0.3, sd=0.3)


def test_a_planted_push_is_found_with_its_size() -> None:
    """Pushes of three are found, and of 40 intervals at least 34 hold the three (99.5 % point of a rate of 95 %)."""
    decisions = [decided(seed=seed) for seed in range(40)]
    assert sum(holds(decision, alpha=0.05) for decision in decisions) >= 34
    assert sum(decision.low <= np.log(3) <= decision.high for decision in decisions) >= 34


def test_a_demotion_is_found_as_a_push_is() -> None:
    """A third of the usual reach is found, below one, and as far out downwards."""
    decision = decided(AudienceWorld(mechanism="push", size=1 / 3))
    assert (True, True) == (holds(decision, alpha=0.05), decision.high < 0)
    assert (decision.p_down, 1.0) == pytest.approx((1 / 30, decision.p_up))


def test_signs_are_treated_alike() -> None:
    """The panel upside down gives the same decision with the sign turned."""
    y = noise(0) + 0.8 * np.outer(first(21), since(38, 27))
    up, down = (decide(panel, first(21), date=27, rng=np.random.default_rng(0)) for panel in (y, -y))
    assert (up.tau, up.low, up.p_value, up.p_up) == pytest.approx((-down.tau, -down.high, down.p_value, down.p_down))


@pytest.mark.parametrize("date", [27, None])
def test_order_and_constants_change_nothing(date: int | None) -> None:
    """Accounts in another order, constants added to accounts and periods: the same decision."""
    y, rng, treated = noise(1), np.random.default_rng(5), first(21)
    order, moved = rng.permutation(21), noise(1) + rng.normal(size=(21, 1)) + rng.normal(size=38)
    one = decide(y, treated, date=date, rng=np.random.default_rng(0))
    for panel, who in ((y[order], treated[order]), (moved, treated)):
        other = decide(panel, who, date=date, rng=np.random.default_rng(0))
        assert (one.at, one.p_value, one.p_plain) == pytest.approx((other.at, other.p_value, other.p_plain))
        assert (one.tau, one.se, one.df) == pytest.approx((other.tau, other.se, other.df), rel=1e-3)


def test_a_searched_date_is_near_the_planted_one() -> None:
    """Of 20 searches the date of a push of three is found within two weeks in at least 17, and the push in as many."""
    decisions = [decided(seed=seed, search=True, draws=199) for seed in range(20)]
    assert sum(abs(decision.at - PUSH.start) <= 2 for decision in decisions) >= 17
    assert sum(holds(decision, alpha=0.05) for decision in decisions) >= 17


@pytest.mark.parametrize(("date", "worlds", "most"), [(27, 200, 19), (None, 100, 11)])
def test_null_worlds_stay_quiet(date: int | None, worlds: int, most: int) -> None:
    """Null worlds are found, and ranked far out, no more often than the 99.5 % point of a rate of 5 %."""
    found = [decide(noise(seed), first(21), date=date, rng=np.random.default_rng(seed)) for seed in range(worlds)]
    assert sum(holds(decision, alpha=0.05) for decision in found) <= most
    assert sum(decision.p_value <= 0.05 for decision in found) <= most


def test_ranks_are_even_where_nothing_happens() -> None:
    """Over 200 panels the rank is below a half in 38 to 62 % of them (99.9 % limits)."""
    low = sum(decide(noise(seed), first(21), date=27, rng=np.random.default_rng(0)).p_value <= 10.5 / 21 for seed in range(200))
    assert 200 * 10 / 21 - 24 <= low <= 200 * 10 / 21 + 24


def test_nine_controls_cannot_go_below_a_tenth() -> None:
    """The floor of the p-value is one over the number of accounts, and nothing is found above alpha."""
    decision = decided(AudienceWorld(accounts=10, mechanism="push", size=3.0))
    assert (0.1, 0.1, False, True) == (
        decision.p_floor, decision.p_value, holds(decision, alpha=0.05), holds(decision, alpha=0.1)
    )  # fmt: skip


def test_three_against_three_cannot_reach_alpha() -> None:
    """Twenty choices come in pairs as far out as each other: the floor is a tenth, not a twentieth."""
    y = noise(2, 6) + 5 * np.outer(first(6, 3), since(38, 27))
    decision = decide(y, first(6, 3), date=27, rng=np.random.default_rng(0))
    assert (0.1, 0.1, False) == (decision.p_floor, decision.p_value, holds(decision, alpha=0.05))


def test_own_trends_that_turn_the_sign_hold_a_find_back() -> None:
    """An account that grows all along moved apart, but not at the date: it is not found."""
    y = noise(3) + 0.08 * np.outer(first(21), np.arange(38)) - 0.4 * np.outer(first(21), since(38, 27))
    decision = decide(y, first(21), date=27, rng=np.random.default_rng(0))
    assert (True, False, False) == (decision.p_value <= 0.05, decision.sign_holds, holds(decision, alpha=0.05))


def test_what_moved_all_alike_is_dated_but_not_differential() -> None:
    """A step of everybody is a dated break in the treated and in the others, and no find."""
    y = noise(4) + np.log(3) * since(38, 27)
    decision = decide(y, first(21), date=27, rng=np.random.default_rng(0))
    assert decision.steps["others"].p_value < 0.05
    assert decision.steps["treated"].p_value < 0.05
    assert not holds(decision, alpha=0.05)


@pytest.mark.parametrize(("searched", "adjusted"), [(False, 0.0522), (True, 0.06)])
def test_three_looks_for_a_break_are_adjusted(searched: bool, adjusted: float) -> None:
    """The smallest of three p-values is adjusted before it is held against alpha: by Tukey's range, or Holm; none is no break."""
    decision = decided()
    steps = {k: s._replace(p_value=p) for (k, s), p in zip(decision.steps.items(), (0.02, 0.5, 0.9), strict=True)}
    looked = decision._replace(steps=steps, searched=searched)
    assert adjusted == pytest.approx(looked.p_break, abs=1e-4)
    assert (True, False) == (holds(decision, alpha=0.05), holds(looked, alpha=0.05))
    assert 1.0 == decision._replace(steps={}).p_break


def test_breaks_are_rarely_dated_where_nothing_happens() -> None:
    """In 200 null panels a dated break passes no more often than the 99.5 % point of a rate of 5 %."""
    passed = sum(decide(noise(seed), first(21), date=27, rng=np.random.default_rng(0)).p_break <= 0.05 for seed in range(200))
    assert passed <= 19


def test_lines_are_means_net_of_levels() -> None:
    """Two treated, two others and one unusable account give three means of what is left of their own means."""
    y, usable = gapped(1, accounts=5, missing=0.0), np.arange(5) < 4
    level = y - y.mean(axis=1, keepdims=True)
    found = lines(np.where(np.arange(5)[:, None] == 4, np.nan, y), first(5, 2), usable)
    assert level[:2].mean(axis=0) == pytest.approx(found["treated"])
    assert level[2:4].mean(axis=0) == pytest.approx(found["others"])
    assert found["treated"] - found["others"] == pytest.approx(found["between"])


@pytest.mark.parametrize("date", [27, None])
def test_accounts_without_data_are_left_out(date: int | None) -> None:
    """An account never known changes no decision about the others."""
    y = noise(5)
    empty = np.vstack([y, np.full((1, 38), np.nan)])
    one, two = (decide(p, first(len(p)), date=date, rng=np.random.default_rng(0)) for p in (y, empty))
    assert (one.at, one.tau, one.p_value, one.p_floor) == pytest.approx((two.at, two.tau, two.p_value, two.p_floor))


def test_constant_series_are_not_found() -> None:
    """Panels without noise or step give a shift of nothing and no find."""
    y = np.repeat(np.arange(21.0)[:, None], 38, axis=1)
    decision = decide(y, first(21), date=27, rng=np.random.default_rng(0))
    assert 0.0 == pytest.approx(decision.tau, abs=1e-9)
    assert not holds(decision, alpha=0.05)


@pytest.mark.parametrize(
    ("accounts", "periods", "date", "said"),
    [
        (2, 20, 12, "too few accounts"),
        (9, 20, 0, "too few accounts"),
        (9, 20, 20, "too few accounts"),
        (9, 2, 1, "single known period"),
        (9, 5, None, "5 periods leave no date"),
    ],
)
def test_too_little_is_refused(accounts: int, periods: int, date: int | None, said: str) -> None:
    """Without two controls around the date, or periods enough, there is nothing to decide."""
    with pytest.raises(ValueError, match=said):
        decide(gapped(0, accounts, periods, missing=0.0), first(accounts), date=date, rng=np.random.default_rng(0))


def test_a_treated_account_without_a_side_is_refused() -> None:
    """The only treated account stops before the date."""
    y = noise(6)
    y[0, 27:] = np.nan
    with pytest.raises(ValueError, match="too few accounts"):
        decide(y, first(21), date=27, rng=np.random.default_rng(0))
