"""Does the recipe do what its authors' notebook does, and does it name a date whatever happens?"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agorascope.stats.recipe import Recipe, cusum_first, recipe

Find = Callable[[str], Path]
FOLDER = "amplification/graham_andrejevic_2024/"
MUSK = "elonmusk"


def panel(file: Path) -> tuple[list[str], list[str], np.ndarray, np.ndarray]:
    """Read the weekly panel: accounts, weeks by their last day, views and posts (accounts, weeks)."""
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    accounts, weeks = sorted({r["account"] for r in rows}), sorted({r["week_ending"] for r in rows})
    views, posts = (np.full((len(accounts), len(weeks)), np.nan) for _ in range(2))
    for row in rows:
        place = accounts.index(row["account"]), weeks.index(row["week_ending"])
        views[place], posts[place] = float(row["views"] or "nan"), float(row["posts"] or "nan")
    return accounts, weeks, views, posts


def study(file: Path, *, own: bool = False, share: float | None = None) -> tuple[Recipe, list[str]]:
    """Run the recipe on the owner against the nine others, dated 13 July 2024 or by itself."""
    accounts, weeks, views, posts = panel(file)
    held = np.where(posts > 0, posts, np.nan)
    account, week = np.indices(views.shape)
    first = None if own else weeks.index("2024-07-21")
    return recipe(
        (views / held).ravel(), (np.array(accounts) == MUSK)[account.ravel()], week.ravel(), weights=held.ravel(),
        first=first, straddling=None if own else weeks.index("2024-07-14"), before_share=share,
    ), weeks  # fmt: skip


def test_a_saturated_regression_is_four_means() -> None:
    """The interaction is the difference of the two groups' differences; percentages are of the means."""
    values = np.array([1, 3, 5, 7, 2, 2, 10, 14.0])
    group, period = np.repeat([False, True], 4), np.tile([0, 0, 1, 1], 2)
    found = recipe(values, group, period, first=1)
    assert [2, 4, 0, 6] == pytest.approx(found.estimates.tolist())
    assert (500, 200) == pytest.approx(found.percent)


def test_errors_are_those_of_least_squares() -> None:
    """Estimates, errors, p-values and R2 equal a fit in another library's formulas, row by row."""
    rng = np.random.default_rng(0)
    group, period = rng.random(300) < 0.3, rng.integers(0, 20, 300)
    y = rng.lognormal(2, 1, 300) * np.where(group & (period >= 9), 2, 1)
    found = recipe(y, group, period, first=9)
    after = (period >= 9).astype(float)
    design = np.column_stack([np.ones(300), after, group, after * group])
    beta, left, *_ = np.linalg.lstsq(design, y, rcond=None)
    errors = np.sqrt(left[0] / 296 * np.diag(np.linalg.inv(design.T @ design)))
    assert [*beta, *errors] == pytest.approx([*found.estimates, *found.errors])
    assert found.r2 == pytest.approx(1 - left[0] / ((y - y.mean()) ** 2).sum())


def test_the_later_date_is_taken_and_a_trend_gives_one_too() -> None:
    """Groups that change at 4 and 7 are dated 7; a straight line, where nothing breaks, is dated at its middle."""
    period = np.arange(12)
    a, b = np.where(period >= 4, 5.0, 1.0), np.where(period >= 7, 5.0, 1.0)
    found = recipe(np.concatenate([a, b]), np.repeat([True, False], 12), np.tile(period, 2))
    assert ((4, 7), 7) == (found.own, found.first)
    assert 10 == cusum_first(np.arange(20.0))


def test_weights_stand_for_posts() -> None:
    """A mean of three posts counts as three; a split period counts in both regimes by its share."""
    group, period = np.repeat([False, True], 3), np.tile([0, 1, 2], 2)
    values, posts = np.array([1, 4, 7, 2, 8, 6.0]), np.array([3, 2, 1, 1, 2, 4.0])
    found = recipe(values, group, period, weights=posts, first=2, straddling=1, before_share=0.5)
    assert ((2 * 1 + 8) / 2, (3 * 1 + 4) / 4) == pytest.approx(found.mean_before)
    assert ((8 + 24) / 5, (4 + 7) / 2) == pytest.approx(found.mean_after)


def test_an_empty_cell_is_refused() -> None:
    """A date before the first period of a group leaves nothing to compare."""
    with pytest.raises(ValueError, match="no rows before or after"):
        recipe(np.ones(8), np.tile([True, False], 4), np.repeat([0, 1], 4), first=0)


def test_the_published_percentages_come_back(shared: Find) -> None:
    """Straddling week left out: 138.27 % and 56.93 % within 6 points. Split 5 to 2 days: the owner's alone."""
    out, _ = study(shared(f"{FOLDER}weekly_panel.csv"))
    assert [138.27, 56.93] == pytest.approx(out.percent, abs=6)
    split, _ = study(shared(f"{FOLDER}weekly_panel.csv"), share=5 / 7)
    assert (138.27, 48.7) == (pytest.approx(split.percent[0], abs=6), pytest.approx(split.percent[1], abs=0.1))


def test_the_published_regression_comes_back(shared: Find) -> None:
    """The four coefficients on views, straddling week left out, are within 8 % of those printed for posts."""
    found, _ = study(shared(f"{FOLDER}weekly_panel.csv"))
    assert pytest.approx([392_100, 221_500, 4_428_000, 6_398_000], rel=0.08) == found.estimates.tolist()
    assert found.p_values[3] < 0.001


def test_the_recipe_finds_its_own_date(shared: Find) -> None:
    """On weekly sums the common date is the week of 8 to 14 July, that of the owner; the others' own is in June."""
    found, weeks = study(shared(f"{FOLDER}weekly_panel.csv"), own=True)
    assert ("2024-07-14", "2024-07-14", "2024-06-30") == (weeks[found.first], weeks[found.own[0]], weeks[found.own[1]])


@pytest.mark.parametrize(("metric", "owner", "others"), [("retweets", 237.94, 152.15), ("favourites", 185.50, 129.62)])
def test_likes_and_reposts_come_back_roughly(shared: Find, metric: str, owner: float, others: float) -> None:
    """Weekly sums per group, read off CUSUM plots: the published changes within a tenth of the ratio."""
    rows = list(csv.DictReader(shared(f"{FOLDER}weekly_groups.csv").read_text("utf-8").splitlines()))
    weeks = [row["week_ending"] for row in rows]
    posts = np.array([[float(row[f"posts_{who}"]) for row in rows] for who in ("musk", "others")])
    sums = np.array([[float(row[f"{metric}_{who}"]) for row in rows] for who in ("musk", "others")])
    group, week = np.indices(sums.shape)
    found = recipe(
        (sums / posts).ravel(), group.ravel() == 0, week.ravel(), weights=posts.ravel(),
        first=weeks.index("2024-07-21"), straddling=weeks.index("2024-07-14"),
    )  # fmt: skip
    assert [1 + owner / 100, 1 + others / 100] == pytest.approx([1 + p / 100 for p in found.percent], rel=0.1)
