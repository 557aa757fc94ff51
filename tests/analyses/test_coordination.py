"""Does `coordination` find a squad, leave fans alone, draw what other tools draw, and name networks only?"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv
from scipy.stats import binomtest

from agorascope import new_case
from agorascope.analyses._coordination_reduce import reduce, without_authors
from agorascope.analyses.coordination import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.stats.squads import Behaviour, squads
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds.botnet import BotnetWorld, cast, events, matched_null
from agorascope.worlds.botnet_tables import tables
from tests import naive

WORLD = BotnetWorld(events=20_000, bots=120, community_size=100)
Shared = Callable[[str], Path]


@cache
def planted() -> Finding:
    """Ask the world with a squad."""
    return run(memory_corpus(tables(WORLD, 1)), Params(object="repost"))


def named(finding: Finding) -> set[str]:
    """List the accounts in networks."""
    accounts = finding.tables["accounts"]
    return set(accounts.filter(accounts["in_network"])["account_id"].to_pylist())


def shares(rows: list[tuple[str, str, int]], **columns: Any) -> dict[str, pa.Table]:
    """Make posts that share an object: account, object, second."""
    posts = [
        {"platform": "x", "post_id": f"p{i}", "account_id": a, "created_at_us": at * 1_000_000, "kind": "original"} | columns
        for i, (a, _, at) in enumerate(rows)
    ]
    objects = [{"platform": "x", "post_id": f"p{i}", "kind": "share", "value": o} for i, (_, o, _) in enumerate(rows)]
    return {
        "posts": pa.Table.from_pylist(posts, schema("posts")),
        "post_objects": pa.Table.from_pylist(objects, schema("post_objects")),
    }


def test_a_squad_is_found_and_nearly_nobody_else() -> None:
    """Of 120 accounts that share twelve posts each, most are in a network, and those in networks are theirs."""
    who = cast(WORLD)
    squad = {f"a{k}" for k in range(who.bots, who.bots + WORLD.bots)}
    found = named(planted())
    assert "found" == planted().verdict
    assert len(found & squad) >= 0.9 * len(squad)
    assert len(found & squad) >= 0.95 * len(found)
    assert planted().effect is not None
    assert len(found) == planted().effect.value


def test_worlds_of_fans_stay_quiet() -> None:
    """Over 12 worlds in which nobody acts together, the rate of any network agrees with 5 % or is lower."""
    null = matched_null(WORLD)
    alarms = 0
    for seed in range(12):
        drawn = events(null, seed)
        part = Behaviour(drawn.author, drawn.obj, drawn.at_us // 1_000_000, 300)
        alarms += bool(squads([part], drawn.bot.size, q=0.05, seed=seed).p_networks.size)
    assert binomtest(alarms, 12).proportion_ci(0.99, "exact").low <= 0.05


def test_ties_equal_the_slow_twin() -> None:
    """Ties and weights within networks are those of a loop over all pairs of acts."""
    drawn = events(WORLD, 1)
    window = planted().tables["tested"]["window_s"][0].as_py()
    inside = named(planted())
    rows = [(f"a{a}", o, t // 1_000_000) for a, o, t in zip(*(c.tolist() for c in drawn[:3]), strict=True) if f"a{a}" in inside]
    slow = {pair: w for pair, w in naive.partners(rows, window).items() if w >= 2}
    edges = planted().tables["edges"].to_pylist()
    kept = {tuple(sorted((e["source"], e["target"]))): e["weight"] for e in edges}
    assert kept == {pair: slow[pair] for pair in kept}
    assert len(kept) >= 0.95 * len(slow)


def test_the_same_is_said_of_the_network_by_several_behaviours() -> None:
    """A squad that also posts one text is tied by both behaviours, and its p-value counts both."""
    rows = tables(WORLD, 1)
    finding = run(memory_corpus(rows), Params())
    assert {"repost"} <= set(finding.units[0]["behaviours"])
    assert finding.tables["tested"].num_rows >= 2
    assert finding.units[0]["p_value"] <= 0.05


def test_a_shuffled_copy_holds_nobody() -> None:
    """The self-check of the finding says 0, and the fixed rule flags hundreds there."""
    assert 0 == planted().claim.args["copy"]
    assert planted().tables["tested"]["rule_copy"][0].as_py() > 100


def test_a_network_has_its_dossier() -> None:
    """Its row says whom it boosts, from when to when, and since when its accounts exist; explanations are checked one by one."""
    unit, who = planted().units[0], cast(WORLD)
    assert f"a{who.boosted}" == unit["account"]
    assert unit["boosted_share"] > 0.3
    assert unit["created_until_us"] - unit["created_from_us"] <= 46 * 86_400_000_000
    assert 5 == planted().tables["explanations"].filter(pc.equal(planted().tables["explanations"]["network"], "n1")).num_rows
    assert {"fan_club", "news_alert"} <= {r.name for r in planted().rivals}


def test_nobody_is_named_in_the_report() -> None:
    """The table of accounts tested is drawn by no figure."""
    assert {"accounts", "edges", "acts"} & {f.table for f in planted().figures} == set()


def test_the_window_can_be_given() -> None:
    """A window given is used as it is, and no other is tried; nonsense is refused with what to do."""
    finding = run(memory_corpus(tables(WORLD, 1)), Params(object="repost", window_s=120))
    assert ([120], 0) == (finding.tables["tested"]["window_s"].to_pylist(), finding.tables["windows"].num_rows)
    with pytest.raises(BadValue, match="whole number of seconds"):
        run(memory_corpus(tables(WORLD, 1)), Params(window_s="soon"))


def test_few_acts_are_no_data() -> None:
    """Nineteen accounts on one object cannot be tested: insufficient, and it says what is needed."""
    finding = run(memory_corpus(shares([(f"u{i}", "o", i) for i in range(19)])), Params())
    assert ("insufficient", "acts") == (finding.verdict, finding.gate)


def test_a_crowd_on_few_objects_is_said() -> None:
    """Forty accounts that all share the same ten objects cannot be dealt anew; the finding says how many acts were left out."""
    at = np.random.default_rng(0).integers(0, 86_400, 400)
    rows = [(f"a{i % 40}", f"o{i // 40}", int(at[i])) for i in range(400)]
    finding = run(memory_corpus(shares(rows)), Params(window_s="300"))
    share = finding.tables["tested"]["unplaced_share"][0].as_py()
    notes = [note for note in finding.notes if note.key == "coordination.note.unplaced"]
    assert share > 0.1
    assert len(notes) == 1


def test_an_author_who_is_copied_does_not_act_with_who_copies() -> None:
    """The first act on a text of three accounts goes; where two are first at once, all stay, as does a text alone."""
    copied = "the harbour office of our town forgot the third pier once more, and nobody there can say why"
    tied = "nobody repairs the old bridge behind the market, and every winter it becomes a little worse"
    alone = "we like the tram because it brings our children to school before the rain of the morning"
    rows = [("ann", copied, 1), ("bob", copied, 5), ("eve", copied, 9), ("bob", tied, 3), ("eve", tied, 3), ("ann", alone, 4)]
    posts = [
        {"platform": "x", "post_id": f"p{i}", "account_id": a, "created_at_us": at * 1_000_000, "kind": "original", "text": t}
        for i, (a, t, at) in enumerate(rows)
    ]
    acts = without_authors(reduce(memory_corpus({"posts": pa.Table.from_pylist(posts, schema("posts"))}), "text"))
    assert sorted(acts.post.to_pylist()) == ["p1", "p2", "p3", "p4", "p5"]


def credited() -> dict[str, pa.Table]:
    """Write thirty texts of one author again: twelve accounts in silence, sixteen readers with credit of four kinds."""
    rng = np.random.default_rng(4)
    posts: list[dict[str, Any]] = []
    for n in range(30):
        text = f"{n} ways in which the harbour office of our town forgot pier number {7 * n + 3} once more"
        wrote = 86_400 * n + int(rng.integers(60_000))
        posts.append({"account_id": "star", "at": wrote, "text": text, "post_id": f"w{n}"})
        posts += [{"account_id": f"s{k}", "at": wrote + 7_200 + int(rng.integers(40)), "text": text} for k in range(12)]
        posts += [{"account_id": f"fan{k}", "at": wrote + 7_200 + k, "text": f'"{text}" @Star'} for k in range(4)]
        posts += [{"account_id": f"reader{k}", "at": wrote + 7_200 + k, "text": f'"{text}" @thestar.'} for k in range(4)]
        known, unknown = {"kind": "reply", "reply_to": "q", "ref_account_id": "star"}, {"kind": "quote", "quote_of": f"w{n}"}
        posts += [{"account_id": f"pal{k}", "at": wrote + 7_190 + k, "text": text} | known for k in range(4)]
        posts += [{"account_id": f"poet{k}", "at": wrote + 7_190 + k, "text": text} | unknown for k in range(4)]
    for n in range(3_000):
        said = " ".join(f"word{rng.integers(9_000)}" for _ in range(14))
        posts.append({"account_id": f"u{n % 300}", "at": int(rng.integers(30 * 86_400)), "text": said})
    rows = [
        {"platform": "x", "post_id": f"p{i}", "kind": "original", "created_at_us": p["at"] * 1_000_000}
        | {name: value for name, value in p.items() if name != "at"}
        for i, p in enumerate(posts)
    ]
    named = [{"platform": "x", "account_id": "star", "handle": "TheStar"}]
    return {"posts": pa.Table.from_pylist(rows, schema("posts")), "accounts": pa.Table.from_pylist(named, schema("accounts"))}


def test_readers_who_give_credit_are_no_copiers() -> None:
    """Of those who repeat an author's texts, the ones who mention, quote or answer it are left out; who copies in silence stays."""
    finding = run(memory_corpus(credited()), Params(object="text", window_s=10))
    assert ("found", {f"s{k}" for k in range(12)}) == (finding.verdict, named(finding))
    assert ("reacting", "not_tested") == (finding.rivals[-1].name, finding.rivals[-1].status)
    assert "What ties it are texts" in say(finding.claim, "en")


def test_a_slogan_that_names_its_first_author_gives_no_credit() -> None:
    """Where the text itself holds the name, who repeats it word for word adds nothing."""
    said = "everybody writes to @Star about the third pier of our harbour, which the office of the town forgot"
    posts = [
        {"platform": "x", "post_id": f"p{i}", "account_id": a, "created_at_us": i * 1_000_000, "kind": "original", "text": said}
        for i, a in enumerate(["star", "ann", "bob"])
    ]
    acts = without_authors(reduce(memory_corpus({"posts": pa.Table.from_pylist(posts, schema("posts"))}), "text"))
    assert ["p1", "p2"] == sorted(acts.post.to_pylist())


def test_reposts_carry_nothing_again() -> None:
    """Two accounts that repost one post with a link act on the post, not on the link."""
    rows = shares([(f"u{i}", "o", i) for i in range(40)], kind="repost", repost_of="original")
    finding = run(memory_corpus(rows), Params())
    assert "insufficient" == finding.verdict


def test_compat_draws_the_edges_of_coortweet(shared: Shared, tmp_path: Path) -> None:
    """On the Russian set, through the whole analysis, the edges are those of the golden file, weights included."""
    golden = csv.read_csv(shared("coordination/expected/coortweet_russian_mp2_tw60_edges.csv")).to_pylist()
    case = new_case(tmp_path / "case")
    case.add(shared("coordination/russian_coord_tweets.parquet"))
    finding = case.run("coordination", compat="coortweet", window_s=60)
    edges = {tuple(sorted((e["source"], e["target"]))): e["weight"] for e in finding.tables["edges"].to_pylist()}
    assert edges == {tuple(sorted((g["from"], g["to"]))): g["weight"] for g in golden if g["weight_threshold"]}


def test_compat_cnt_counts_messages_and_says_it_has_no_error_rate() -> None:
    """Twenty accounts that share two objects together are tied both ways with weight 2, without a verdict."""
    rows = [(f"u{i}", f"o{k}", 1_000 * k + i % 2) for i in range(20) for k in range(2)]
    finding = run(memory_corpus(shares(rows)), Params(compat="cnt", window_s=60))
    assert ("insufficient", "uncalibrated", 380) == (finding.verdict, finding.gate, finding.tables["edges"].num_rows)
    assert {2} == set(finding.tables["edges"]["weight"].to_pylist())


@pytest.mark.parametrize(("params", "said"), [
    ({"compat": "coortweet", "edge_weight": 2}, "quantile"), ({"compat": "cnt", "edge_weight": 0.7}, "number of messages")
])  # fmt: skip
def test_weights_that_make_no_sense_are_refused(params: dict[str, Any], said: str) -> None:
    """A weight is a quantile for one tool and a number for the other."""
    rows = [(f"u{i}", "o", i) for i in range(30)]
    with pytest.raises(BadValue, match=said):
        run(memory_corpus(shares(rows)), Params(**params))


def test_order_of_rows_does_not_count() -> None:
    """The same posts in another order give the same digest."""
    rows = tables(WORLD, 1)
    posts = rows["posts"]
    other = rows | {"posts": posts.take(pa.array(np.random.default_rng(0).permutation(posts.num_rows)))}
    assert digest(planted()) == digest(run(memory_corpus(other), Params(object="repost")))


def test_calibration_is_stored_and_holds() -> None:
    """Every stored cell in which nobody is ordered agrees with its nominal level or lies on the safe side."""
    cells = [c for c in load("coordination")["cells"] if not c.get("planted")]
    assert {"e20k-fans", "commuters", "match"} <= {c["cell"] for c in cells}
    assert [] == [c["cell"] for c in cells if c["low"] > c["nominal"]]
