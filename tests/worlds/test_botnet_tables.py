"""Are the tables of a squad's world canonical, do they tell its events, and are dates, names and texts planted as said?"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from agorascope.records import schema
from agorascope.sources.links import address_of
from agorascope.worlds.botnet import BotnetWorld, cast, events, matched_null, truth
from agorascope.worlds.botnet_tables import lifted, names_of_boosted, tables
from agorascope.worlds.null import DAY_US, HOUR_US

SMALL = BotnetWorld(events=20_000, bots=200, feeds=3, organic=1.0)


@pytest.fixture(scope="module")
def told() -> dict[str, pa.Table]:
    """Make the tables once."""
    return tables(SMALL, 0)


def texts_of(told: dict[str, pa.Table], posts: np.ndarray) -> list[str]:
    """Read the texts of posts by number."""
    known = dict(zip(told["posts"]["post_id"].to_pylist(), told["posts"]["text"].to_pylist(), strict=True))
    return [known[f"o{k}"] for k in posts]


def numbers(column: pa.ChunkedArray, prefix: str) -> np.ndarray:
    """Read the numbers in ids."""
    return pc.cast(pc.utf8_slice_codeunits(column, len(prefix)), pa.int64()).to_numpy()


@pytest.mark.parametrize("world", [SMALL, matched_null(SMALL), replace(SMALL, feeds=0, button_texts=0)])
def test_tables_are_canonical(world: BotnetWorld) -> None:
    """Every table has the canonical columns and types, no null where none may be, and no post or counter twice."""
    made = tables(world, 1)
    for name, table in made.items():
        assert table.schema.equals(schema(name))
        assert not [f.name for f in table.schema if not f.nullable and table[f.name].null_count]
    assert made["posts"].num_rows == len(set(made["posts"]["post_id"].to_pylist()))
    assert made["account_counters"].num_rows == cast(world).all_accounts


def test_a_seed_is_a_capture(told: dict[str, pa.Table]) -> None:
    """One seed gives equal tables twice, another seed others."""
    assert all(table.equals(told[name]) for name, table in tables(SMALL, 0).items())
    assert not tables(SMALL, 1)["posts"].equals(told["posts"])


def test_reposts_are_the_events(told: dict[str, pa.Table]) -> None:
    """Reposts name author, post, time and the account reposted as the events do, each after the post it repeats."""
    world, posts = events(SMALL, 0), told["posts"]
    reposts = posts.filter(pc.equal(posts["kind"], "repost"))
    assert np.array_equal(world.at_us, reposts["created_at_us"].to_numpy())
    assert np.array_equal(world.author, numbers(reposts["account_id"], "a"))
    assert np.array_equal(world.obj, numbers(reposts["repost_of"], "o"))
    assert np.array_equal(world.publisher[world.obj], numbers(reposts["ref_account_id"], "a"))
    assert np.all(world.at_us >= world.published_us[world.obj])


@pytest.mark.parametrize("name", ["posts", "post_objects", "accounts", "account_counters"])
def test_the_null_tables_are_the_planted_ones_less_the_squad(told: dict[str, pa.Table], name: str) -> None:
    """Without members of the squad every table is that of the world without them."""
    null = tables(replace(SMALL, bots=0), 0)[name]
    squad = pa.array([f"a{k}" for k in np.flatnonzero(truth(SMALL, 0).bot)])
    less = (
        told[name].filter(pc.invert(pc.is_in(told[name]["account_id"], squad))) if "account_id" in null.column_names else told[name]
    )
    assert less.equals(null)


def test_the_squad_is_registered_in_its_window(told: dict[str, pa.Table]) -> None:
    """All members, and a usual part of the others, were registered in the 45 days; nobody after the first day."""
    world = events(SMALL, 0)
    accounts = told["accounts"]
    at_us, bot = accounts["created_at_us"].to_numpy(), world.bot[numbers(accounts["account_id"], "a")]
    start, end = truth(SMALL, 0).registered_us
    inside = (at_us >= start) & (at_us < end)
    assert SMALL.registration_days * DAY_US == end - start
    assert np.all(inside[bot])
    assert SMALL.registration_days / (SMALL.registration_years * 365) < inside[~bot].mean() < 0.05
    assert at_us.max() < world.published_us.min() + DAY_US


def test_registration_has_cycles_of_its_own() -> None:
    """The background spreads over ten years, grows, rests at night, and has days of news."""
    made = tables(replace(SMALL, events=100_000, bots=0), 2)["accounts"]["created_at_us"].to_numpy()
    day, hour = made // DAY_US, made // HOUR_US % 24
    per_day = np.bincount(day - day.min())
    assert 9.8 * 365 < per_day.size <= 10 * 365
    assert np.e**0.5 == pytest.approx(per_day[1825:].sum() / per_day[:1825].sum(), rel=0.1)
    assert SMALL.daily == pytest.approx(2 * np.mean(np.sin(2 * np.pi * (hour - 9) / 24)), abs=0.05)
    assert per_day.max() > 2 * per_day.mean()


def test_lifted_texts_are_others(told: dict[str, pa.Table]) -> None:
    """About half of the boosted account's texts are an earlier text of another: word for word, or but for one word and an end."""
    taken, world = lifted(SMALL, 0), events(SMALL, 0)
    assert SMALL.lifted * SMALL.campaign_posts == pytest.approx(taken.copy.size, abs=12)
    assert {truth(SMALL, 0).boosted} == set(world.publisher[taken.copy].tolist())
    delay = world.published_us[taken.copy] - world.published_us[taken.source]
    assert HOUR_US <= delay.min() <= delay.max() <= 3 * DAY_US
    for copy, source, exact in zip(texts_of(told, taken.copy), texts_of(told, taken.source), taken.exact, strict=True):
        ours, theirs = copy.split(), source.split()
        different = sum(a != b for a, b in zip(ours, theirs, strict=False))
        assert ((0, 0) if exact else (1, 1)) == (different, len(ours) - len(theirs))


def test_no_other_text_is_equal(told: dict[str, pa.Table]) -> None:
    """Only lifted texts and those of share buttons are found twice."""
    posts = told["posts"].filter(pc.equal(told["posts"]["kind"], "original"))
    written = posts.filter(pc.starts_with(posts["post_id"], "o"))["text"].to_pylist()
    assert lifted(SMALL, 0).exact.sum() == len(written) - len(set(written))


def test_button_texts_are_posted_by_many_but_not_at_once(told: dict[str, pa.Table]) -> None:
    """Each article's text comes from many accounts, over days, with its address and site."""
    posts, objects = told["posts"], told["post_objects"]
    pressed = posts.filter(pc.starts_with(posts["post_id"], "b"))
    copies = Counter(pressed["text"].to_pylist())
    assert SMALL.button_texts == len(copies)
    assert SMALL.button_copies == pytest.approx(np.mean(list(copies.values())), rel=0.25)
    gaps = [np.diff(pressed.filter(pc.equal(pressed["text"], text))["created_at_us"].to_numpy()) for text in copies]
    assert np.median(np.concatenate(gaps)) > HOUR_US / 2
    assert {"domain": pressed.num_rows, "url": pressed.num_rows} == dict(Counter(objects["kind"].to_pylist()))
    urls = objects.filter(pc.equal(objects["kind"], "url"))["value"].to_pylist()
    assert urls == [address_of(url)[0] for url in urls]


def test_the_boosted_account_changes_its_name(told: dict[str, pa.Table]) -> None:
    """Addresses of its posts bear the old name until the day told, the new one after; accounts hold both."""
    known, (old, new) = truth(SMALL, 0), names_of_boosted(SMALL, 0)
    own = told["posts"].filter(pc.equal(told["posts"]["account_id"], f"a{known.boosted}")).to_pylist()
    seen = {(p["created_at_us"] >= known.renamed_us, p["permalink"].split("/")[3]) for p in own if p["permalink"]}
    assert {(False, old), (True, new)} == seen
    described = told["accounts"].filter(pc.equal(told["accounts"]["account_id"], f"a{known.boosted}"))
    assert [old, new] == described["handle"].to_pylist()
    assert 1 == len(set(names_of_boosted(matched_null(SMALL), 0)))


def test_handles_are_each_of_one_account(told: dict[str, pa.Table]) -> None:
    """No two accounts share a handle; more of the squad's end in digits, as told."""
    handles, ids = told["accounts"]["handle"], numbers(told["accounts"]["account_id"], "a")
    assert len(handles) == len(set(handles.to_pylist()))
    digits = pc.match_substring_regex(handles, r"\d{5}$").to_numpy(zero_copy_only=False)
    bot = truth(SMALL, 0).bot[ids]
    assert [SMALL.numbered_bots, SMALL.numbered] == pytest.approx([digits[bot].mean(), digits[~bot].mean()], abs=0.1)


def test_a_member_has_published_little(told: dict[str, pa.Table]) -> None:
    """The counter of a member holds its shares and nothing else: 12 to some 40."""
    counters = told["account_counters"]
    bot = truth(SMALL, 0).bot
    shares = np.bincount(events(SMALL, 0).author, minlength=bot.size)
    assert np.array_equal(shares[bot], counters["posts"].to_numpy()[bot])
    assert 12 <= shares[bot].min() <= shares[bot].max() < 50
