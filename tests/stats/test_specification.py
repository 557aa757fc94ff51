"""Is each specification the fit it says, and does the curve find the choice that drives a conclusion?"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agorascope.stats.specification import CHOICES, Curve, Specification, specifications
from tests.stats.test_recipe import FOLDER, MUSK, panel, study

Find = Callable[[str], Path]
OURS = {"scale": "log", "weight": "cells", "date": "given", "effects": "accounts", "errors": "draws", "straddling": "out"}


def pick(curve: Curve, **options: str) -> Specification:
    """Find the row of these options, the recipe's where none is named."""
    said = {name: options.get(name, CHOICES[name][0]) for name in curve.names}
    return next(row for row in curve.rows if row.options == tuple(said.values()))


def world(seed: int, *, effect: float = 1.0, slope: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make 12 accounts over 30 periods, one treated from period 18 on, on a line of its own."""
    rng = np.random.default_rng(seed)
    treated = np.arange(12) == 0
    logs = rng.normal(8, 1, 12)[:, None] + 0.2 * rng.standard_normal((12, 30)) + rng.normal(0, 0.1, 30)
    logs = logs + treated[:, None] * (slope * np.arange(30) + np.log(effect) * (np.arange(30) >= 18))
    posts = rng.integers(1, 30, (12, 30)).astype(float)
    return np.exp(logs) * posts, posts, treated


def curve(of: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Curve:
    """Draw the curve with period 17 astride the date."""
    return specifications(*of, given=18, straddling=17, before_share=0.5, rng=np.random.default_rng(0))


def test_the_two_way_fit_is_least_squares() -> None:
    """The specification of log, cells, accounts and periods equals dummies fitted at once."""
    sums, posts, treated = world(1, effect=1.5)
    sums[3, 4] = np.nan
    found = pick(curve((sums, posts, treated)), **(OURS | {"errors": "usual"}))
    account, time = np.nonzero(np.isfinite(sums) & (np.arange(30) != 17))
    y = np.log(sums / posts)[account, time]
    d = treated[account] & (time >= 18)
    design = np.column_stack([d, account[:, None] == np.arange(12), time[:, None] == np.delete(np.arange(30), 17)]).astype(float)
    assert found.ratio == pytest.approx(np.exp(np.linalg.lstsq(design, y, rcond=None)[0][0]))


def test_draws_are_a_rank_among_accounts() -> None:
    """A large effect on one of twelve accounts ranks first: p = 1/12 and no lower."""
    assert 1 / 12 == pytest.approx(pick(curve(world(2, effect=4.0)), **OURS).p_value)


def test_a_trend_of_its_own_is_what_turns_the_conclusion() -> None:
    """Where the treated account only follows a line, the choice of trends moves the ratio most, down to about 1."""
    made = curve(world(3, slope=0.05))
    assert "trends" == max(made.influence, key=lambda i: i.moved_ratio).choice
    assert pick(made, **OURS).ratio > 1.5
    assert 1.0 == pytest.approx(pick(made, **OURS, trends="own").ratio, abs=0.3)


def test_the_curve_is_whole() -> None:
    """Every combination of the choices that have data is there once; a pair is a pair of rows."""
    made = curve(world(4))
    assert ("scale", "weight", "date", "effects", "trends", "errors", "straddling") == made.names
    assert (128, 128, {64}) == (len(made.rows), len({r.options for r in made.rows}), {i.pairs for i in made.influence})
    assert 0.0 == next(i for i in made.influence if i.choice == "errors").moved_ratio


def test_the_study_under_every_choice(shared: Find) -> None:
    """From the recipe to the two-way fit: x2.0 on all weeks (p 0.3), x1.3 without low capture, below 1 with lines."""
    accounts, weeks, views, posts = panel(shared(f"{FOLDER}weekly_panel.csv"))
    low = np.array([week > "2024-09-29" for week in weeks])
    made = specifications(
        views, posts, np.array(accounts) == MUSK, given=weeks.index("2024-07-21"), straddling=weeks.index("2024-07-14"),
        before_share=5 / 7, low=low, rng=np.random.default_rng(0),
    )  # fmt: skip
    recipe_out, _ = study(shared(f"{FOLDER}weekly_panel.csv"))
    published = pick(made, date="given", straddling="out")
    assert (recipe_out.estimates[3], recipe_out.p_values[3]) == pytest.approx((published.unit, published.p_value))
    assert (2.003, 0.3) == pytest.approx(pick(made, **OURS)[1:4:2], abs=0.001)
    assert 1.332 == pytest.approx(pick(made, **OURS, periods="covered").ratio, abs=0.001)
    assert pick(made, **OURS, trends="own").ratio < 1
