"""Do the worlds hold what they say, and nothing else?"""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from agorascope.records import schema
from agorascope.texts import LANGUAGES
from agorascope.worlds import burst, change, demo, null
from agorascope.worlds._demo_calendar import FIRST_US
from agorascope.worlds._demo_pages import PAGES
from agorascope.worlds._demo_pages import pages as write_pages

WORLDS = {
    "null": (null.make, null.NullWorld()),
    "burst": (burst.make, burst.BurstWorld()),
    "change": (change.make, change.ChangeWorld()),
}
every = pytest.mark.parametrize("name", sorted(WORLDS))


def days(tables: dict[str, pa.Table]) -> np.ndarray:
    """Count posts by day."""
    return np.bincount((tables["posts"]["created_at_us"].to_numpy() - null.START_US) // null.DAY_US)


@every
def test_tables_are_canonical(name: str) -> None:
    """Every table has exactly the canonical columns and types."""
    make, params = WORLDS[name]
    assert all(table.schema.equals(schema(table_name)) for table_name, table in make(params, 0).items())


@every
def test_a_seed_is_a_world(name: str) -> None:
    """The same seed gives the same rows, another seed others."""
    make, params = WORLDS[name]
    assert make(params, 1)["posts"].equals(make(params, 1)["posts"])
    assert not make(params, 1)["posts"].equals(make(params, 2)["posts"])


def test_volume_is_as_asked() -> None:
    """Over 20 worlds the mean number of posts is within 2 % of the number asked for."""
    sizes = [null.make(null.NullWorld(posts=5_000), seed)["posts"].num_rows for seed in range(20)]
    assert np.mean(sizes) == pytest.approx(5_000, rel=0.02)


def test_weeks_and_days_have_a_rhythm() -> None:
    """Weekends are quieter by the depth asked for."""
    counts = sum(days(null.make(null.NullWorld(trend=0.0), seed)) for seed in range(10))
    weekend = counts.reshape(-1, 7)[:, 5:].mean() / counts.reshape(-1, 7)[:, :5].mean()
    assert weekend == pytest.approx((1 - 0.25) / (1 + 0.1), rel=0.03)


def test_authors_are_heavy_tailed() -> None:
    """The most active hundredth of authors writes more than a tenth of the posts."""
    counts = null.make(null.NullWorld(), 0)["posts"]["account_id"].value_counts().field("counts").to_numpy()
    assert np.sort(counts)[-20:].sum() > 0.1 * counts.sum()


def test_a_planted_burst_has_its_ratio() -> None:
    """Over 20 worlds, the planted days hold twice the posts of the same days of worlds without a burst."""
    planted = sum(days(burst.make(burst.BurstWorld(), seed))[60:62].sum() for seed in range(20))
    quiet = sum(days(null.make(null.NullWorld(), seed))[60:62].sum() for seed in range(20))
    assert planted / quiet == pytest.approx(2.0, rel=0.07)


def test_a_planted_change_has_its_ratio() -> None:
    """Before the change half of the language's posts are gone, and nothing else."""
    params = change.ChangeWorld()
    before, after = null.make(null.NullWorld(), 3)["posts"], change.make(params, 3)["posts"]
    lost = before.filter(pc.invert(pc.is_in(before["post_id"], after["post_id"].combine_chunks())))
    assert {"fr"} == set(lost["language"].to_pylist())
    assert pc.max(lost["created_at_us"]).as_py() < null.START_US + params.change_day * null.DAY_US


def test_the_demo_holds_what_it_says() -> None:
    """The gap is empty, the repeats are counted, views are hidden where said, the hostile post is there."""
    tables, truth = demo.make(0)
    posts = tables["posts"].to_pylist()
    press = [p["created_at_us"] for p in posts if p["account_id"] == truth["gap"]["account_id"]]
    hidden = {p["platform"] for p in tables["post_metrics"].to_pylist() if p["views"] is None}
    assert not [at for at in press if truth["gap"]["start_us"] <= at < truth["gap"]["end_us"]]
    assert (truth["repeated_ids"], set(truth["hidden"]["platforms"])) == (tables["repeats"].num_rows, hidden)
    assert "<script>" in next(p["text"] for p in posts if p["post_id"] == truth["hostile"])


def pages_of_the_demo(seed: int) -> np.ndarray:
    """Sum posts, views and likes of each local page (boosted ones first) by week. Shape (3, pages, 13)."""
    boosted = demo.truth()["boost"]["account_ids"]
    pages = sorted(PAGES, key=lambda page: page not in boosted)
    sums = np.zeros((3, len(pages), 13))
    for row in write_pages(seed)[0]:
        sums[:, pages.index(row["account_id"]), (row["at_us"] - FIRST_US) // (7 * null.DAY_US)] += 1, row["views"], row["likes"]
    return sums


def test_the_demo_changes_by_the_ratios_told() -> None:
    """Over 40 demos boosted pages gain over the others what is told, and everybody's likes per view double on their day."""
    sums, told = np.stack([pages_of_the_demo(seed) for seed in range(40)]), demo.truth()
    before, likes, after = (sums[..., weeks].sum(axis=-1) for weeks in (slice(0, 4), slice(4, 8), slice(8, 13)))
    reach, conversion = (np.log(after[:, i] / after[:, i - 1]) - np.log(likes[:, i] / likes[:, i - 1]) for i in (1, 2))
    assert told["boost"]["ratio"] == pytest.approx(np.exp(reach[:, :4].mean() - reach[:, 4:].mean()), rel=0.05)
    assert told["boost"]["conversion_ratio"] == pytest.approx(np.exp(conversion[:, :4].mean() - conversion[:, 4:].mean()), rel=0.05)
    assert told["likes"]["ratio"] == pytest.approx(
        np.exp(np.log(likes[:, 2] / likes[:, 1] * before[:, 1] / before[:, 2]).mean()), rel=0.03
    )


def test_demo_references_lead_to_posts_of_their_platform() -> None:
    """Every repost, reply and quote names an earlier post of the same platform."""
    posts = {(p["platform"], p["post_id"]): p for p in demo.make(1)[0]["posts"].to_pylist()}
    named = [(p, p["repost_of"] or p["reply_to"] or p["quote_of"]) for p in posts.values() if p["kind"] != "original"]
    assert len(named) > 1_000
    assert all(posts[p["platform"], target]["created_at_us"] <= p["created_at_us"] for p, target in named)


def test_demo_files_tell_the_same(tmp_path: Path) -> None:
    """The files hold the posts of the tables, repeats included, and their lists."""
    posts, accounts, groups, events, counters, votes, margins, readers, districts = demo.write_files(tmp_path, 0)
    tables, truth = demo.make(0)
    lines = [json.loads(line) for line in posts.read_text("utf-8").splitlines()]
    lists = (accounts, groups, events, counters, votes, margins)
    sizes = [len(list(csv.DictReader(file.read_text("utf-8").splitlines()))) for file in lists]
    kept = ("accounts", "groups", "events", "account_counters", "ratings", "margins")
    ties = [row for file in (readers, districts) for row in csv.DictReader(file.read_text("utf-8").splitlines())]
    assert tables["posts"].num_rows + truth["repeated_ids"] == len(lines)
    assert [tables[name].num_rows for name in kept] == sizes
    assert tables["edges"].num_rows == len(ties)


def test_demo_files_are_the_same_bytes(tmp_path: Path) -> None:
    """Written twice, the files are equal byte by byte."""
    first, second = (demo.write_files(tmp_path / name, 0) for name in ("a", "b"))
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_planted_is_told(lang: str) -> None:
    """One line for each planted thing, and a head."""
    assert len(demo.truth()) + 1 == len(demo.planted(lang))
