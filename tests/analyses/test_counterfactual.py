"""Does `counterfactual` say what the lists would be without a squad, tell it from any accounts, and count as a person would?"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope.analyses import coordination
from agorascope.analyses.counterfactual import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.report.masking import pseudonymise
from agorascope.stats.without import as_many, places, pools, ranking, strata, trending
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, catalogue, say
from agorascope.worlds.botnet import BotnetWorld, cast, matched_null
from agorascope.worlds.botnet_tables import tables
from tests import naive

WORLD = BotnetWorld(events=30_000, bots=200)
SEED = 1
BOOSTED = f"a{cast(WORLD).boosted}"
PAGE = (Path(__file__).parents[2] / "docs/analyses/counterfactual.md").read_text("utf-8")
Tables = dict[str, pa.Table]


@cache
def rows() -> Tables:
    """Make the world with a squad, once."""
    return tables(WORLD, SEED)


@cache
def networks() -> Tables:
    """Find its networks, once."""
    found = coordination.run(memory_corpus(rows()), coordination.Params())
    return {f"coordination.{name}": table for name, table in found.tables.items()}


def asked(given: Tables, results: Tables, **params: Any) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(given, results=results), Params(**({"draws": 99} | params)))


@cache
def finding() -> Finding:
    """Ask the world with a squad, once."""
    return asked(rows(), networks())


def network(names: list[str]) -> Tables:
    """Call some accounts a network."""
    columns = {
        "platform": ["x"] * len(names),
        "account_id": names,
        "in_network": [True] * len(names),
        "network": ["n1"] * len(names),
    }
    return {"coordination.accounts": pa.table(columns)}


def unit(name: str) -> dict[str, Any]:
    """Give the row of one ranking."""
    return next(u for u in finding().units if u["ranking"] == name)


def test_a_squad_is_found_and_its_boosted_account_falls() -> None:
    """Without the squad the account it boosts falls from the first place, and days have other posts at their top."""
    first = next(r for r in finding().tables["ranks"].to_pylist() if r["account_id"] == BOOSTED)
    assert "found" == finding().verdict
    assert (1, True) == (first["place"], first["leaves"])
    assert 20 < first["place_without_low"] <= first["place_without"] <= first["place_without_high"]
    assert unit("account")["fall_p_value"] == pytest.approx(0.01)
    effect = finding().effect
    assert effect is not None
    assert 0 < (effect.low or 0) <= (effect.value or 0) <= (effect.high or 0)
    assert unit("repost")["share"] > 2 * unit("repost")["random_share_high"]


def test_counts_without_the_networks_are_those_of_the_matched_null() -> None:
    """What is left of the volume is the world without its squad, but for members missed or there by chance."""
    left = sum(finding().tables["volume"]["posts_without"].to_pylist())
    assert left == pytest.approx(tables(matched_null(WORLD), SEED)["posts"].num_rows, rel=0.01)


def test_trends_lost_are_on_the_days_of_the_campaigns() -> None:
    """The account boosted is in lists of days because of the squad only within the days of its campaign."""
    trends = [r for r in finding().tables["trends"].to_pylist() if r["account_id"] == BOOSTED]
    days = (trends[0]["last_us"] - trends[0]["first_us"]) // 86_400_000_000 + 1
    assert 5 <= days <= WORLD.campaign_days + 2


def test_any_accounts_are_told_from_a_squad() -> None:
    """Over 20 worlds in which as many accounts drawn at random are called a network, the rate agrees with 5 % or is lower."""
    quiet = BotnetWorld(events=6_000, bots=0)
    alarms = 0
    for seed in range(20):
        world = tables(quiet, seed)
        names, counts = np.unique(np.array(world["posts"]["account_id"].to_pylist()), return_counts=True)
        drawn = np.random.default_rng(seed).choice(names[counts > 1], 40, replace=False)
        alarms += "found" == asked(world, network(sorted(drawn.tolist()))).verdict
    assert binomtest(alarms, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_nothing_found_is_insufficient_at_once() -> None:
    """Where coordination found nothing, or did not run, nothing is read of the posts."""
    none = {"coordination.accounts": networks()["coordination.accounts"].slice(0, 0)}
    assert {("insufficient", "networks")} == {(f.verdict, f.gate) for f in (asked(rows(), {}), asked(rows(), none))}


def test_an_unknown_network_is_refused_with_those_there_are() -> None:
    """The refusal names the networks."""
    with pytest.raises(BadValue, match="n1"):
        asked(rows(), networks(), network="n99")


def test_lists_equal_the_slow_twin() -> None:
    """Counts and places with and without the members are those of a loop over all posts."""
    members = {a for a, inside in zip(*(networks()["coordination.accounts"][c].to_pylist() for c in ("account_id", "in_network")),
               strict=True) if inside}  # fmt: skip
    posts = [(p["account_id"], p["repost_of"]) for p in rows()["posts"].to_pylist() if p["repost_of"]]
    every, left = naive.ranked(posts), naive.ranked([p for p in posts if p[0] not in members])
    listed = [r for r in finding().tables["ranks"].to_pylist() if r["ranking"] == "repost" and r["place"] <= 20]
    assert every[:20] == [(r["object"], r["acts"]) for r in listed]
    names = [name for name, _ in left]
    assert [names.index(r["object"]) + 1 for r in listed] == [r["place_without"] for r in listed]


def test_a_longer_reach_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects are read as far down as needed: reading all of them gives the same counts without the members."""
    counted = []
    for reach in (1_000_000, 1):
        monkeypatch.setattr("agorascope.analyses.counterfactual.REACH", reach)
        units = asked(rows(), networks()).units
        counted.append([(u["changed"], u["trends_lost"], u["list_ties"], u["networks_share"], u["fall_place"]) for u in units])
    assert counted[0] == counted[1]


def test_a_few_members_are_not_counted_out() -> None:
    """What one to four members make of an object is not given."""
    few = asked(rows(), network([f"a{cast(WORLD).bots + i}" for i in range(4)]))
    shown = {r["acts_without"] == r["acts"] for r in few.tables["ranks"].to_pylist() if r["acts_without"] is not None}
    assert shown <= {True}


def test_accounts_bear_pseudonyms() -> None:
    """In a report no account reposted is named, in no table and no sentence."""
    masked = pseudonymise(finding(), lambda name: "a_hidden")
    said = [str(m) for m in (masked.claim, *masked.notes)] + [str(t.to_pylist()) for t in masked.tables.values()]
    assert not any(f"'{BOOSTED}'" in text or f" {BOOSTED} " in text for text in said)


def test_evidence_is_of_members_on_what_would_leave() -> None:
    """Every record is a member's post; the total counts them all."""
    hit = finding()
    inside = networks()["coordination.accounts"].filter(networks()["coordination.accounts"]["in_network"])
    assert {e.account_id for e in hit.evidence} <= set(inside["account_id"].to_pylist())
    assert hit.evidence_total >= len(hit.evidence) > 0
    assert BOOSTED not in hit.evidence_query


def test_tags_and_addresses_are_ranked_by_posts() -> None:
    """A tag only members use leaves the list; a tag said twice in one post counts once."""
    post = {"platform": "x", "kind": "original"}
    posts = [post | {"post_id": f"p{i}", "account_id": f"u{i % 60}", "created_at_us": i * 10**9} for i in range(600)]
    objects = [
        {"platform": "x", "post_id": f"p{i}", "kind": "hashtag", "value": f"t{i % 60 % 12}"} for i in range(600) for _ in "ab"
    ]
    given = {
        "posts": pa.Table.from_pylist(posts, schema("posts")),
        "post_objects": pa.Table.from_pylist(objects, schema("post_objects")),
    }
    without = asked(given, network([f"u{i}" for i in range(0, 60, 12)]))
    first = without.tables["ranks"].to_pylist()[0]
    assert ("hashtag", "t0", 50, 0, True) == tuple(first[k] for k in ("ranking", "object", "acts", "acts_without", "leaves"))


def test_places_and_slices_follow_number_and_order() -> None:
    """More acts first, then the smaller number; lists of slices ask for the least."""
    seen = ranking(np.array([0, 0, 1, -1, 1]), np.array([0, 1, 1, 0, 2]), np.array([0, 0, 1, 1, -1]), accounts=2, objects=3)
    assert [0, 1, 2] == places(seen.full).tolist()
    assert [True, False, True, False] == trending(seen, seen.cells, top=1, least=1).tolist()
    assert not trending(seen, seen.cells, top=1, least=2).any()


def test_strata_hold_as_many_others() -> None:
    """Every stratum with members, the last of a kind apart, holds at least as many others; draws keep its number."""
    rng = np.random.default_rng(0)
    activity, kind = rng.geometric(0.2, 400), rng.integers(0, 2, 400)
    member = (activity > 8) & (rng.random(400) < 0.6)
    stratum = strata(activity, kind, member)
    for s in np.unique(stratum[member]).tolist()[:-1]:
        assert (~member & (stratum == s)).sum() >= (member & (stratum == s)).sum()
    drawn = as_many(pools(stratum, member), rng)
    assert np.bincount(stratum[member]).tolist() == np.bincount(stratum[drawn], minlength=stratum[member].max() + 1).tolist()


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
    assert {c for c in columns if f"counterfactual.columns.{c}" not in catalogue(lang)} == {"label"} & columns
    assert [] == [table for table in finding().tables if f"`{table}`" not in PAGE]
