"""Does `timeline` tie a squad's campaign to its earlier one, name both targets, and refuse what members do by chance?"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope.analyses import coordination
from agorascope.analyses._timeline_reduce import end, length, starts
from agorascope.analyses.timeline import Params, run
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.report.masking import pseudonymise
from agorascope.stats.reused import again, by_chance, moment, near, together
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, catalogue, say
from agorascope.worlds.botnet import BotnetWorld, cast, truth
from agorascope.worlds.botnet_tables import tables
from agorascope.worlds.null import DAY_US
from tests import naive

WORLD = BotnetWorld(events=30_000, bots=200)
SEED = 1
WEEK_US = 7 * DAY_US
FORMER, BOOSTED = (f"a{number}" for number in (cast(WORLD).former, cast(WORLD).boosted))
PAGE = (Path(__file__).parents[2] / "docs/analyses/timeline.md").read_text("utf-8")
Tables = dict[str, pa.Table]


@cache
def rows() -> Tables:
    """Make the world with a squad, half of it used before, once."""
    return tables(WORLD, SEED)


@cache
def networks() -> Tables:
    """Find its networks, once."""
    found = coordination.run(memory_corpus(rows()), coordination.Params())
    return {f"coordination.{name}": table for name, table in found.tables.items()}


def asked(given: Tables, results: Tables, **params: Any) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(given, results=results), Params(**({"draws": 199} | params)))


@cache
def finding() -> Finding:
    """Ask the world with a squad, once."""
    return asked(rows(), networks())


def squad(seed: int, *, chance: float) -> tuple[Tables, Tables]:
    """Make a small world with one campaign, whose squad meets by chance as well, and hand the squad over as a network."""
    world = BotnetWorld(events=8_000, bots=60, earlier=0.0, camouflaged=1.0, camouflage_shares=chance)
    given = tables(world, seed)
    names = [f"a{i}" for i in np.flatnonzero(truth(world, seed).bot)]
    posts = given["posts"].filter(pa.compute.field("kind") == "repost").filter(pa.compute.field("account_id").isin(names))
    ties = posts.select(["platform", "account_id", "post_id"]).append_column("at_us", posts["created_at_us"])
    ties = ties.append_column("kind", pa.repeat("repost", posts.num_rows)).append_column("object", posts["repost_of"])
    columns = {"platform": ["x"] * 60, "account_id": names, "in_network": [True] * 60, "network": ["n1"] * 60}
    tested = pa.table({"behaviour": ["repost"], "window_s": [300]})
    return given, {"coordination.acts": ties, "coordination.accounts": pa.table(columns), "coordination.tested": tested}


def test_the_earlier_campaign_is_tied_to_the_later_one() -> None:
    """One chain links the weeks of both campaigns, and names the accounts pushed in each."""
    (chain,) = finding().units
    told = truth(WORLD, SEED)
    assert ("found", "changed") == (finding().verdict, finding().grade)
    assert (FORMER, BOOSTED) == (chain["account"], chain["ref_account_id"])
    assert chain["before_us"] - WEEK_US < told.earlier_us[0] < chain["after_us"] - WEEK_US < told.campaign_us[0]
    assert chain["overlap"] > 2 * chain["expected"]
    assert chain["overlap"] == pytest.approx(told.earlier.sum(), rel=0.1)


def test_the_share_used_again_is_that_planted() -> None:
    """Every account of the earlier campaign is in the later one: the interval of the share holds 1."""
    effect = finding().effect
    assert effect is not None
    assert 0.9 < (effect.low or 0) <= (effect.value or 0) <= (effect.high or 0)


def test_chance_meetings_of_members_tie_nothing() -> None:
    """Over 20 worlds with one campaign, members who meet by chance at other times are tied to it no more often than 5 %."""
    ties, tested = 0, 0
    for seed in range(20):
        told = asked(*squad(seed, chance=25.0))
        days = (35 - 7, 35 + 10 + 7)
        origin = 1_704_067_200_000_000
        outside = [p for p in told.tables.get("pairs", pa.table({})).to_pylist() if
                   not all(days[0] * DAY_US < p[k] - origin < days[1] * DAY_US for k in ("before_us", "after_us"))]  # fmt: skip
        tested += bool(outside)
        ties += any(p["q_value"] <= 0.05 for p in outside)
    assert tested >= 10
    assert binomtest(ties, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_nothing_found_is_insufficient_at_once() -> None:
    """Where coordination found nothing, or did not run, nothing is read of the posts."""
    none = {name: table.slice(0, 0) for name, table in networks().items()}
    assert {("insufficient", "networks")} == {(f.verdict, f.gate) for f in (asked(rows(), {}), asked(rows(), none))}


def test_one_slice_alone_is_nothing_to_compare() -> None:
    """With months as slices and one campaign, no network acts in two of them."""
    quiet = asked(*squad(1, chance=0.01), by="month")
    assert ("insufficient", "slices") == (quiet.verdict, quiet.gate)


def test_only_members_alone_would_tie_everything() -> None:
    """The overlap among all active accounts is far beyond chance; that among members, who all act later, is no test."""
    pair = next(p for p in finding().tables["pairs"].to_pylist() if p["targets"] == "changed" and p["after"] > 190)
    assert pair["p_active"] < 1e-20
    assert pair["p_members"] > 0.5
    assert pair["p_value"] == max(pair["p_before"], pair["p_after"])


def test_those_who_meet_only_others_of_the_network_are_a_group() -> None:
    """Members who each meet, twice, one who is in no group with them, still have acts to show."""
    given, results = squad(3, chance=25.0)
    groups = asked(given, results).tables["groups"].to_pylist()
    assert all(g["acts"] >= 2 * g["accounts"] >= 10 for g in groups)


def test_no_member_is_listed_and_targets_bear_pseudonyms() -> None:
    """No table holds a member; in a report those pushed are not named."""
    accounts = networks()["coordination.accounts"]
    members = set(accounts.filter(accounts["in_network"])["account_id"].to_pylist())
    cells = {v for t in finding().tables.values() for r in t.to_pylist() for v in r.values() if isinstance(v, str)}
    assert not members & cells
    masked = pseudonymise(finding(), lambda name: "a_hidden")
    said = [say(masked.claim, lang) for lang in LANGUAGES] + [str(masked.units), str(masked.tables["groups"].to_pylist())]
    assert not any(name in text for text in said for name in (FORMER, BOOSTED))


def test_evidence_is_of_accounts_in_both_slices() -> None:
    """Accounts of the evidence have acts in the earlier and in the later slice; the total counts all acts."""
    accounts = [{e.account_id for e in finding().evidence if e.role.key.endswith(role)} for role in ("before", "after")]
    assert min(len(some) for some in accounts) >= 5
    assert finding().evidence_total > len(finding().evidence)


def test_together_equals_the_slow_twin() -> None:
    """Who is together, in numbers drawn at random, is what a loop over all pairs of acts says."""
    rng = np.random.default_rng(4)
    author, obj, at = (rng.integers(0, top, 400) for top in (30, 25, 500))
    seen = moment(author, obj, at, np.full(400, 20), accounts=30)
    some = np.arange(0, 30, 2)
    acts = list(zip(author.tolist(), obj.tolist(), at.tolist(), strict=True))
    assert naive.together(acts, set(some.tolist()), 20) == set(together(seen, some).tolist())
    assert set(seen.author[near(seen, some)].tolist()) <= set(some.tolist())


def test_random_accounts_are_together_again_as_often_as_chance_says() -> None:
    """Over 200 random sets the p-value is below 0.1 in about a tenth, or fewer."""
    rng = np.random.default_rng(5)
    author, obj, at = (rng.integers(0, top, 3_000) for top in (300, 80, 20_000))
    seen = moment(author, obj, at, np.full(3_000, 300), accounts=300)
    none = np.zeros(300, bool)
    p = [again(seen, rng.choice(300, 30, replace=False), none, draws=39, rng=rng).p_value for _ in range(200)]
    assert np.mean(np.array(p) <= 0.1) < 0.17


def test_sets_without_a_universe_share_nothing() -> None:
    """Two sets of which nobody is active in both slices have no overlap to test."""
    assert (0, 1.0) == (by_chance(*np.zeros((3, 4), bool)).shared, by_chance(*np.zeros((3, 4), bool)).p_value)


@pytest.mark.parametrize(("by", "first", "after"), [
    ("day", 1_704_067_200, 1_704_153_600), ("week", 1_704_067_200, 1_704_672_000), ("month", 1_704_067_200, 1_706_745_600),
])  # fmt: skip
def test_slices_follow_the_calendar(by: str, first: int, after: int) -> None:
    """The first of January 2024 is a Monday: all slices begin there, and end a day, a week or a month later."""
    at = np.array([first * 1_000_000 + 3_600_000_000])
    assert [first * 1_000_000] == starts(at, by).tolist()
    assert after * 1_000_000 == end(first * 1_000_000, by)


def test_long_spans_are_cut_into_longer_slices() -> None:
    """Days up to two weeks, weeks up to half a year, months beyond, and what is asked for."""
    assert ["day", "week", "month"] == [length(0, days * DAY_US, "auto") for days in (10, 100, 400)]
    assert "day" == length(0, 400 * DAY_US, "day")


def test_texts_and_tags_are_followed_too() -> None:
    """The same text and tag pushed together in two weeks tie them; without an account to name, the object is."""
    posts, objects = [], []
    for week, value in ((0, "one"), (1, "two")):
        for i in range(12 * 3):
            member, n = i // 3, i % 3
            key = f"{value}-{n}-{member}"
            at = 1_704_067_200_000_000 + week * WEEK_US + n * DAY_US + member * 1_000_000
            posts.append({"platform": "x", "post_id": key, "account_id": f"m{member}", "created_at_us": at, "kind": "original"})
            objects.append({"platform": "x", "post_id": key, "kind": "hashtag", "value": f"{value}{n}"})
        for i in range(400):
            key, at = f"{value}-o{i}", 1_704_067_200_000_000 + week * WEEK_US + i * 1_200_000_000
            posts.append({"platform": "x", "post_id": key, "account_id": f"u{i % 100}", "created_at_us": at, "kind": "original"})
            objects.append({"platform": "x", "post_id": key, "kind": "hashtag", "value": f"{value}{i % 3}"})
    given = {name: pa.Table.from_pylist(made, schema(name)) for name, made in (("posts", posts), ("post_objects", objects))}
    names = [f"m{i}" for i in range(12)]
    results = {
        "coordination.accounts": pa.table(
            {"platform": ["x"] * 12, "account_id": names, "in_network": [True] * 12, "network": ["n1"] * 12}
        ),
        "coordination.tested": pa.table({"behaviour": ["hashtag"], "window_s": [60]}),
        "coordination.acts": pa.table(
            {"kind": ["hashtag"] * 2, "at_us": [1_704_067_200_000_000, 1_704_067_200_000_000 + 20 * DAY_US]}
        ),
    }
    told = asked(given, results)
    assert ("found", "scattered") == (told.verdict, told.grade)
    assert {None} == {u["account"] for u in told.units}


def test_row_order_does_not_count_where_something_is_found() -> None:
    """The same posts in another order give the same finding."""
    order = pa.array(np.random.default_rng(3).permutation(rows()["posts"].num_rows))
    assert digest(finding()) == digest(asked(rows() | {"posts": rows()["posts"].take(order)}, networks()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_found_can_be_said(lang: str) -> None:
    """Every sentence, column and value of a finding has words; the page names its tables."""
    said = [finding().claim, *finding().notes, *(r.statement for r in finding().rivals)]
    assert all(say(text, lang) for text in said)
    columns = {c for t in finding().tables.values() for c in t.column_names} | set(finding().units[0])
    assert {c for c in columns if f"timeline.columns.{c}" not in catalogue(lang)} == {"label"} & columns
    assert [] == [table for table in finding().tables if f"`{table}`" not in PAGE]
