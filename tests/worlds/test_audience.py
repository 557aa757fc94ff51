"""Do worlds of audiences hold the noise and the effects they say, and nothing else?"""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from agorascope.records import schema
from agorascope.worlds import audience_cells as cells
from agorascope.worlds import mechanisms
from agorascope.worlds._audience_draws import counts
from agorascope.worlds.audience import Audience, AudienceWorld, make, truth
from agorascope.worlds.audience_tables import TOPIC, TREATED, panel_tables, tables
from agorascope.worlds.null import DAY_US, START_US

QUIET = AudienceWorld(posts=200.0, posts_spread=0.3)
SMALL = AudienceWorld(accounts=6, treated=2, posts=8.0, periods=12, start=8, missing=0.1, mechanism="push", size=2.0)
planted = pytest.mark.parametrize("mechanism", ["interest", "push", "loop", "outsiders"])


def reach(world: Audience) -> np.ndarray:
    """Take the log of views per post."""
    return np.log(world.views / world.posts)


def residual(params: AudienceWorld, seed: int) -> np.ndarray:
    """Take the log of views per post and follower less its mean over periods."""
    world = make(params, seed)
    found = reach(world) - np.log(world.followers)
    return found - found.mean(axis=1, keepdims=True)


def differences(params: AudienceWorld, seeds: range) -> dict[str, np.ndarray]:
    """Average planted less null, in logs, over seeds and treated accounts: one series per part."""
    found: dict[str, list[np.ndarray]] = {"reach": [], "conversion": [], "off": [], "attention": [], "followers": []}
    for seed in seeds:
        one, null = make(params, seed), make(cells.matched_null(params), seed)
        ratio = {"reach": reach(one) - reach(null), "conversion": np.log(one.likes / one.views) - np.log(null.likes / null.views)}
        ratio |= {name: np.log(getattr(one, name) / getattr(null, name)) for name in ("attention", "followers")}
        ratio["off"] = np.log(one.topic_views[1] / null.topic_views[1])
        for name, values in ratio.items():
            found[name].append(values[: params.treated].mean(axis=0))
    return {name: np.mean(values, axis=0) for name, values in found.items()}


@pytest.mark.parametrize(("noise", "spread"), [(0.2, 0.3), (0.3, 0.3), (0.5, 0.8)])
def test_noise_and_memory_are_as_asked(noise: float, spread: float) -> None:
    """Over 20 long worlds the residual's standard deviation is within 3 % of the one asked, its autocorrelation within 0.03."""
    params = AudienceWorld(accounts=40, periods=300, common=0.0, noise=noise, noise_spread=spread, posts_spread=0.5)
    found = np.stack([residual(params, seed) for seed in range(20)])
    variance = (found**2).mean()
    assert noise == pytest.approx(np.sqrt(variance), rel=0.03)
    assert params.ar == pytest.approx((found[..., 1:] * found[..., :-1]).mean() / variance, abs=0.03)


def test_accounts_differ_in_volume_and_volatility() -> None:
    """Volumes and volatilities spread over accounts as asked."""
    params = AudienceWorld(accounts=300, periods=150, common=0.0)
    world = make(params, 0)
    assert params.posts_spread == pytest.approx(np.log(world.posts.mean(axis=1)).std(), rel=0.1)
    found = residual(replace(params, posts=500.0), 0)
    assert params.noise_spread == pytest.approx(np.log(found.std(axis=1)).std(), rel=0.15)


def test_posts_are_heavy_tailed() -> None:
    """The log views of posts of an account and period spread as asked."""
    params = AudienceWorld(accounts=4, posts=300.0, posts_spread=0.0, periods=8, start=4, topic_noise=0.0)
    told = tables(params, 0)
    names, views = told["posts"]["account_id"].to_numpy(zero_copy_only=False), told["post_metrics"]["views"].to_numpy()
    week = (told["posts"]["created_at_us"].to_numpy() - START_US) // (7 * DAY_US)
    spread = np.mean([np.log(views[(names == name) & (week == t)]).std() for name in np.unique(names) for t in range(8)])
    assert params.post_sd == pytest.approx(spread, rel=0.03)


@planted
@pytest.mark.parametrize("size", [0.8, 2.0])
def test_planted_less_null_is_the_truth(mechanism: mechanisms.Mechanism, size: float) -> None:
    """Over 60 worlds every true effect is met in each period, and nothing moves before the start."""
    params = replace(QUIET, mechanism=mechanism, size=size, treated=3)
    found, told = differences(params, range(60)), truth(params)
    assert not any(values[: params.start].any() for values in found.values())
    np.testing.assert_allclose(found["reach"], told.reach[0], atol=0.02)
    np.testing.assert_allclose(found["conversion"], told.conversion[0], atol=0.02)
    np.testing.assert_allclose(found["off"], told.topic_reach[1, 0], atol=0.002)
    np.testing.assert_allclose(found["attention"], told.attention[0], atol=1e-9)
    np.testing.assert_allclose(found["followers"], told.followers[0], atol=1e-3)


@planted
def test_others_are_untouched(mechanism: mechanisms.Mechanism) -> None:
    """Accounts that are not treated are the same, bit by bit, as in the matched null."""
    params = replace(QUIET, mechanism=mechanism, size=2.0, treated=2)
    one, null = make(params, 3), make(cells.matched_null(params), 3)
    assert np.array_equal(one.views[2:], null.views[2:])
    assert np.array_equal(one.likes[2:], null.likes[2:])
    assert np.array_equal(one.posts, null.posts)


def test_a_seed_is_a_world() -> None:
    """The same seed gives the same numbers, another seed others."""
    assert np.array_equal(make(QUIET, 1).views, make(QUIET, 1).views)
    assert not np.array_equal(make(QUIET, 1).views, make(QUIET, 2).views)


def test_treated_are_like_the_others_in_the_null() -> None:
    """Over 2,000 null worlds the rank of the treated account's change is uniform: each tenth holds about a tenth."""
    params = AudienceWorld(accounts=10, trend=0.5, volume_jumps=0.5, common=0.3, common_spread=0.5, posts_spread=0.1)
    ranks = []
    for seed in range(2_000):
        found = residual(params, seed)
        change = found[:, params.start :].mean(axis=1) - found[:, : params.start].mean(axis=1)
        ranks.append(int((change < change[0]).sum()))
    counts = np.bincount(ranks, minlength=10)
    assert 27.9 > ((counts - 200) ** 2 / 200).sum()  # chi-square with 9 degrees of freedom, 99.9 %


def test_a_push_is_a_lasting_step_on_all_topics_and_dilutes_conversion() -> None:
    """A push is whole at once, on and off the topic, at the end as at the start; conversion falls, but by less."""
    told = mechanisms.effects(mechanisms.Switches(mechanism="push", size=2.0))
    assert np.full((2, 11), np.log(2)) == pytest.approx(told.topic_reach[:, 27:])
    assert np.full(11, np.log(1.4 / 2)) == pytest.approx(told.conversion[27:])
    assert not told.attention.any()
    assert not told.other.any()


def test_outsiders_fade_and_dilute_conversion_while_they_stay() -> None:
    """Outsiders come at once, on all topics, halve in eight periods; conversion is as under a push of the size of the period."""
    told = mechanisms.effects(mechanisms.Switches(mechanism="outsiders", size=5.0, periods=60))
    assert (np.log(5), 0.5 * np.log(5)) == pytest.approx((told.reach[27], told.reach[35]))
    assert (np.log(2.6 / 5), True) == (pytest.approx(told.conversion[27]), bool((np.diff(told.conversion[27:]) > 0).all()))
    assert told.attention.argmax() == told.other.argmax() == 27
    assert np.array_equal(told.topic_reach[0], told.topic_reach[1])


def test_interest_peaks_decays_and_stays_on_its_topic() -> None:
    """Interest takes the mean of posts to its size one period after the event, halves in eight, and spares other topics."""
    told = mechanisms.effects(mechanisms.Switches(mechanism="interest", size=2.0, topic_share=0.3))
    mean = 0.3 * np.exp(told.topic_reach[0]) + 0.7 * np.exp(told.topic_reach[1])
    assert (1.0, 2.0) == pytest.approx((mean[26], mean.max()))
    assert (28, 0.5 * np.log(2)) == (np.argmax(mean), pytest.approx(told.reach[36]))
    assert not told.topic_reach[1].any()
    assert told.attention.argmax() == told.conversion.argmax() == 27
    assert mean[28:] == pytest.approx(np.exp(told.reach[28:]))


def test_a_loop_rises_geometrically_behind_conversion() -> None:
    """In a loop what is left to rise shrinks by phi each period, after a whole rise of conversion; all topics alike."""
    told = mechanisms.effects(mechanisms.Switches(mechanism="loop", size=3.0, periods=60, phi=0.7))
    left = np.log(3) - told.reach[27:]
    assert np.full(10, 0.7) == pytest.approx(left[2:12] / left[1:11])
    assert told.conversion[27] == told.conversion[-1] == pytest.approx(0.25 * np.log(3))
    assert 0.1 * np.log(3) > told.reach[27]
    assert np.array_equal(told.topic_reach[0], told.topic_reach[1])


def test_truth_tells_the_mean_over_the_periods_after() -> None:
    """The ratio is the size for a push, less for what grows or fades, and 1 in the null, which has no date."""
    told = {m: truth(AudienceWorld(mechanism=m, size=2.0, treated=2)) for m in mechanisms.MECHANISMS}
    assert [2.0, 2.0] == pytest.approx(told["push"].ratio)
    assert all(1.3 < told[m].ratio[0] < 1.9 for m in ("interest", "loop"))
    assert (1.0, None) == (told["none"].ratio[0], told["none"].date_us)
    assert told["push"].date_us == START_US + 27 * 7 * DAY_US


def test_capture_is_lost_as_asked() -> None:
    """Lost account-periods are unknown, a collapsed capture holds its share of what the counter counts."""
    world = make(AudienceWorld(missing=0.1, collapse_share=0.4, collapse_of="treated", posts=400.0, posts_spread=0.0), 0)
    assert np.isnan(world.views).mean() == pytest.approx(0.1, abs=0.03)
    assert np.nansum(world.posts[0, -4:]) / world.counter_posts[0, -4:][~np.isnan(world.posts[0, -4:])].sum() == pytest.approx(
        0.4, abs=0.05
    )
    known = ~np.isnan(world.posts[:, :-4])
    assert np.array_equal(world.posts[:, :-4][known], world.counter_posts[:, :-4][known])


def test_volume_steps_common_breaks_and_weeks_are_as_asked() -> None:
    """The treated's volume steps, everybody's reach steps, weekends are quiet."""
    params = replace(QUIET, posts_noise=0.1)
    step = make(replace(params, volume_step=2.5), 0).posts[0]
    assert step[27:].mean() / step[:27].mean() == pytest.approx(2.5, rel=0.1)
    both = reach(make(replace(params, common_break=1.6), 0)) - reach(make(params, 0))
    assert np.log(1.6) == pytest.approx(both[:, 27:].mean(), abs=1e-3)
    days = make(AudienceWorld(period_days=1, periods=140, start=70), 0).posts.sum(axis=0).reshape(-1, 7)
    assert days[:, 5:].mean() / days[:, :5].mean() == pytest.approx(0.75 / 1.1, rel=0.05)


@pytest.mark.parametrize("table", sorted(tables(SMALL, 0) | panel_tables(SMALL, 0)))
def test_tables_are_canonical(table: str) -> None:
    """Every table has exactly the canonical columns and types, and rows."""
    told = (tables(SMALL, 0) | panel_tables(SMALL, 0, rivals=True))[table]
    assert told.schema.equals(schema(table))
    assert told.num_rows


def test_posts_add_up_to_the_world() -> None:
    """By account and period, and on the topic, posts hold the views, likes and reposts of the arrays."""
    world, told = make(SMALL, 0), tables(SMALL, 0)
    metrics = told["post_metrics"]
    who = np.array([int(a[1:]) for a in told["posts"]["account_id"].to_pylist()])
    cell = who * 12 + (told["posts"]["created_at_us"].to_numpy() - START_US) // (7 * DAY_US)
    for name in ("views", "likes", "reposts"):
        assert np.array_equal(np.nan_to_num(getattr(world, name)).ravel(), np.bincount(cell, metrics[name].to_numpy(), 72))
    tagged = {o["post_id"] for o in told["post_objects"].to_pylist() if o["value"] == TOPIC}
    assert np.nansum(world.topic_posts[0]) == len(tagged)
    views = dict(zip(metrics["post_id"].to_pylist(), metrics["views"].to_pylist(), strict=True))
    assert np.nansum(world.topic_views[0]) == sum(views[post] for post in tagged)


def test_panels_and_counters_tell_the_same() -> None:
    """The panel holds the arrays, lost cells null; counters grow by what was published; the treated are named, the date marked."""
    world, told = make(SMALL, 0), panel_tables(SMALL, 0)
    views = told["panels"].filter(pa.compute.equal(told["panels"]["metric"], "views"))["value"].to_numpy()
    np.testing.assert_array_equal(views, world.views.ravel())
    counter = tables(SMALL, 0)["account_counters"]["posts"].to_numpy().reshape(6, 13)
    assert np.array_equal(np.diff(counter), world.counter_posts)
    assert ["a00", "a01"] == [g["account_id"] for g in told["groups"].to_pylist() if g["group_name"] == TREATED]
    assert [START_US + 8 * 7 * DAY_US] == told["events"]["at_us"].to_pylist()


@pytest.mark.parametrize(
    "wrong",
    [{"size": 0.0}, {"start": 38}, {"topic_share": 1.0}, {"treated": 30}, {"ar": 0.8}, {"mechanism": "magic"},
     {"mechanism": "interest", "size": 0.5}],
)  # fmt: skip
def test_impossible_worlds_are_refused(wrong: dict[str, object]) -> None:
    """What describes no world is refused with what to use instead."""
    with pytest.raises(ValueError, match=r"; (use|the topic)"):
        make(AudienceWorld(**wrong), 0)  # type: ignore[arg-type]


def test_cells_share_no_seed_and_draw_within_their_ranges() -> None:
    """The grid's seeds are disjoint, its names unique, and sizes and noises drawn lie in their ranges and follow the seed."""
    grid = (*cells.NULL_CELLS, *cells.COVERAGE_CELLS, *cells.POWER_CELLS, *cells.MECHANISM_CELLS)
    seeds = [seed for cell in grid for seed in range(cell.first_seed, cell.first_seed + cell.worlds)]
    assert len(seeds) == len(set(seeds))
    assert len(grid) == len({cell.name for cell in grid})
    drawn = [list(cells.worlds_of(cell)) for cell in cells.MECHANISM_CELLS]
    assert all(1.5 <= w.size <= 3.0 and 0.2 <= w.noise <= 0.3 for cell in drawn for w, _ in cell)
    assert drawn[0] == list(cells.worlds_of(cells.MECHANISM_CELLS[0]))


def test_counts_are_poisson() -> None:
    """Quantiles of normal draws have a Poisson's mean and variance, small and large."""
    z = np.random.default_rng(0).standard_normal(200_000)
    for mean in (0.3, 4.0, 9.9, 10.1, 60.0):
        found = counts(np.full(z.size, mean), z)
        assert (mean, mean) == pytest.approx((found.mean(), found.var()), rel=0.02)
