"""Does the dossier of a planted squad tell its campaign, ages and past, and do innocent groups look innocent?"""

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from agorascope.analyses import _coordination_dossier as made
from agorascope.analyses._coordination_campaign import _large
from agorascope.analyses._coordination_group import clustered, half
from agorascope.analyses._coordination_own import handles_of
from agorascope.records import schema
from agorascope.report.masking import ACCOUNT_COLUMNS, COUNTED
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, Message, say
from agorascope.worlds.botnet import BotnetWorld, cast, truth
from agorascope.worlds.botnet_tables import names_of_boosted, tables
from agorascope.worlds.null import DAY_US

WORLD = BotnetWorld(events=20_000, bots=100, feeds=6, organic=1.0)
WHO, TOLD = cast(WORLD), truth(WORLD, 0)
WINDOW_US = 60_000_000
ACTS = ("network", "kind", "object", "platform", "account_id", "at_us", "post_id")


@cache
def world() -> dict[str, pa.Table]:
    """Make the tables once."""
    return tables(WORLD, 0)


def tied(posts: list[dict[str, Any]], networks: dict[str, str], kind: str, window_us: int) -> pa.Table:
    """List the acts of members near to another member's of the same network on the same object, naively."""
    by_object: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for post in posts:
        if post["account_id"] in networks and post["object"] is not None:
            by_object[networks[post["account_id"]], post["object"]].append(post)
    rows = []
    for (network, _), acts in by_object.items():
        for act in acts:
            near = (o for o in acts if o["account_id"] != act["account_id"] and abs(o["at_us"] - act["at_us"]) <= window_us)
            if any(near):
                rows.append({"network": network, "kind": kind} | {n: act[n] for n in ACTS[2:]})
    types = [(n, pa.int64() if n == "at_us" else pa.string()) for n in ACTS]
    return pa.Table.from_pylist(rows, pa.schema(types))


def members_of(networks: dict[str, str]) -> pa.Table:
    """List members."""
    rows = [{"platform": "x", "account_id": a, "network": n} for a, n in networks.items()]
    return pa.Table.from_pylist(rows, pa.schema([(n, pa.string()) for n in ("platform", "account_id", "network")]))


def described(networks: dict[str, str], told: dict[str, pa.Table], window_us: int = WINDOW_US) -> made.Dossier:
    """Make the dossier of networks tied by reposts."""
    posts = [p | {"object": p["repost_of"], "at_us": p["created_at_us"]} for p in told["posts"].to_pylist()]
    return made.dossier(memory_corpus(told), members_of(networks), tied(posts, networks, "repost", window_us))


@cache
def squad() -> made.Dossier:
    """Describe the true squad as n1 and the feeds as n2."""
    networks = {f"a{k}": "n1" for k in np.flatnonzero(TOLD.bot)} | {f"a{k}": "n2" for k in np.flatnonzero(TOLD.feed)}
    return described(networks, world())


def rows(found: made.Dossier, table: str, network: str = "n1") -> list[dict[str, Any]]:
    """Read one network's rows of a table."""
    return [r for r in found.tables[table].to_pylist() if r["network"] == network]


def status(found: made.Dossier, name: str, network: str = "n1") -> str:
    """Read what the data say to an explanation."""
    return str(next(r["status"] for r in rows(found, "explanations", network) if r["explanation"] == name))


def test_the_boosted_account_is_named() -> None:
    """The squad boosts the account it was made for, of which hardly anyone else takes notice; its old name shows."""
    found, best = squad(), rows(squad(), "boosted")[0]
    assert f"a{TOLD.boosted}" == best["account_id"] == found.about["n1"]["account"]
    assert best["share_low"] < best["share"] == found.about["n1"]["boosted_share"] < best["share_high"]
    assert best["ratio"] > 10
    assert list(names_of_boosted(WORLD, 0)) == [r["handle"] for r in rows(found, "names")]


def test_half_of_the_squad_was_created_within_its_window() -> None:
    """The shortest half of the dates lies in the registration window; months of fewer than five are not shown."""
    about, (start, stop) = squad().about["n1"], TOLD.registered_us
    assert start <= about["created_from_us"] < about["created_until_us"] <= stop + DAY_US
    assert 100 == about["created_known"]
    shown = [r["accounts"] for r in rows(squad(), "created") if r["accounts"] is not None]
    assert 80 <= sum(shown) <= 100
    assert min(shown) >= made.FEWEST


def test_the_earlier_campaign_is_told() -> None:
    """Before the week of the campaign, half of the squad boosted another account; nearly all of it boosts the later one too."""
    weeks = rows(squad(), "earlier")
    before = [r for r in weeks if TOLD.earlier_us[0] - 7 * DAY_US <= r["start_us"] < TOLD.earlier_us[1]]
    now = [r for r in weeks if TOLD.campaign_us[0] <= r["start_us"] < TOLD.campaign_us[1]]
    assert {f"a{TOLD.former}"} == {r["account_id"] for r in before if r["accounts"] > 10}
    assert {f"a{TOLD.boosted}"} == {r["account_id"] for r in now}
    assert all(r["also_main"] == r["accounts"] for r in before if r["accounts"] > 10)
    assert sum(r["own_posts"] for r in weeks if r["account_id"] == f"a{TOLD.boosted}") == WORLD.campaign_posts


def test_nothing_innocent_explains_the_squad() -> None:
    """No explanation is favoured, a fan club's least of all: its ages are those of one stretch."""
    assert [] == [r["explanation"] for r in rows(squad(), "explanations") if r["status"] == "favoured"]
    assert "disfavoured" == status(squad(), "fan_club")
    assert {"T0049.003", "T0093.002", "T0118"} <= set(squad().about["n1"]["techniques"])
    assert [r.name for r in squad().rivals] == [r["explanation"] for r in rows(squad(), "explanations")]


def test_feeds_are_taken_for_feeds() -> None:
    """A publisher's feeds, seconds after each post and nothing else, are as scheduled feeds would be."""
    assert "favoured" == status(squad(), "scheduled_feed", "n2")
    assert "disfavoured" == status(squad(), "scheduled_feed", "n1")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_fans_may_be_fans(seed: int) -> None:
    """The explanation of a fan club is never held against those of a community who share its idol's posts."""
    told = tables(replace(WORLD, bots=1), seed)
    community = {f"a{k}" for k in range(WORLD.community_size)}
    reposts = told["posts"].filter(pc.equal(told["posts"]["ref_account_id"], "a0"))["account_id"].to_pylist()
    fans = dict.fromkeys(community & set(reposts), "n1")
    assert status(described(fans, told, 3_600_000_000), "fan_club") in ("favoured", "undecided")


def test_small_cells_are_left_out() -> None:
    """No row rests on fewer than five members, and the notes say that some were left out."""
    for name in ("hours", "languages", "sites", "handles", "objects", "boosted", "roles", "earlier"):
        assert [] == [r for r in squad().tables[name].to_pylist() if r["accounts"] and r["accounts"] < made.FEWEST]
    assert "coordination.dossier_note.small_cells" in [n.key for n in squad().notes]


def test_no_table_points_at_a_few_accounts() -> None:
    """One member writes what five others repeat, and boosts one account apart: neither is a row, and roles still add up."""
    told = [("a0", f"p{k}", None, k) for k in range(9)]
    told += [(a, f"{a}{k}", f"p{k}", k) for a in "bcdefg" for k in range(9)] + [("b", "extra", "q", 3), ("c", "extra2", "q", 3)]
    posts = [
        {"platform": "x", "kind": "repost" if ref else "original", "post_id": p, "account_id": a, "created_at_us": k * DAY_US,
         "repost_of": ref, "ref_account_id": ref and ("a0" if ref != "q" else "z")}
        for a, p, ref, k in told
    ]  # fmt: skip
    found = described(dict.fromkeys(["a0", *"bcdefg"], "n1"), {"posts": pa.Table.from_pylist(posts, schema("posts"))})
    assert [("mixed", 7)] == [(r["role"], r["accounts"]) for r in rows(found, "roles") if r["accounts"]]
    assert ["a0"] == [r["account_id"] for r in rows(found, "boosted")]
    assert [6] * 9 == [r["accounts"] for r in rows(found, "objects")]
    assert {"least": made.FEWEST, "n": 2} == next(n.args for n in found.notes if n.key.endswith("small_cells"))


@pytest.mark.parametrize(("sizes", "shown"), [
    ((1, 0, 99), {"first": 0, "mixed": 100}), ((1, 4, 95), {"amplifier": 95, "mixed": 5}), ((1, 2, 97), {"mixed": 100}),
    ((1, 6, 93), {"amplifier": 93, "mixed": 7}), ((5, 6, 0), {"author": 5, "first": 6, "amplifier": 0}), ((1, 0, 1), {"first": 0}),
])  # fmt: skip
def test_roles_of_few_members_are_put_together(sizes: tuple[int, ...], shown: dict[str, int]) -> None:
    """Nobody can tell from the sizes how many stand in a role of fewer than five."""
    parts = {name: np.arange(size) for name, size in zip(("author", "first", "amplifier"), sizes, strict=True)}
    assert shown == {name: who.size for name, who in _large(parts).items()}


def test_tables_of_objects_and_roles_add_up() -> None:
    """Objects are sorted by accounts and are posts of the boosted account with text; roles hold every member."""
    objects, roles = rows(squad(), "objects"), rows(squad(), "roles")
    assert f"a{TOLD.boosted}" in {r["account_id"] for r in objects}
    assert all(r["text"] and r["permalink"] and r["spread_s"] > 0 for r in objects)
    assert [r["accounts"] for r in objects] == sorted((r["accounts"] for r in objects), reverse=True)
    assert 100 == sum(r["accounts"] for r in roles)
    assert 1 == pytest.approx(sum(r["share"] for r in roles))


def test_an_empty_corpus_tests_nothing_and_does_not_fall() -> None:
    """Without accounts, languages, authors and texts every explanation says what is missing, or stays open."""
    told = [
        {"post_id": f"{a}{k}", "account_id": a, "created_at_us": k * DAY_US + i, "repost_of": f"o{k}"}
        for i, a in enumerate("abcdef")
        for k in range(9)
    ]
    rows_ = [{"platform": "x", "kind": "repost"} | r for r in told]
    found = described(dict.fromkeys("abcdef", "n1"), {"posts": pa.Table.from_pylist(rows_, schema("posts"))})
    tests = {r["explanation"]: r["status"] for r in rows(found, "explanations")}
    assert {"news_alert": "not_tested", "fan_club": "not_tested", "scheduled_feed": "not_tested"}.items() <= tests.items()
    assert {"no_created", "no_handles", "no_targets", "no_languages", "no_links"} <= {n.key.split(".")[-1] for n in found.notes}
    nothing = made.dossier(memory_corpus({}), members_of({"a": "n1"}), tied([], {}, "repost", 1))
    assert 0 == nothing.about["n1"]["posts"]
    assert () == made.dossier(memory_corpus({}), members_of({}), tied([], {}, "repost", 1)).notes


def test_networks_beyond_the_largest_are_counted() -> None:
    """Twenty networks are described, two more are said by number, and keep what units need."""
    networks = {f"a{k}": f"n{k // 2 + 1}" for k in range(44)}
    found = described(networks, world(), 86_400_000_000)
    assert 20 == len(set(found.tables["explanations"]["network"].to_pylist()))
    assert {"n": 2, "most": 20} == found.notes[0].args
    assert 22 == len(found.about)


def written(sites: int, copies: int, step_us: int) -> made.Dossier:
    """Describe twelve accounts that post the same texts with links."""
    posts, links = [], []
    for k in range(8):
        for i in range(copies):
            post = f"p{k}_{i}"
            text, site = f"the title of the article number {k} https://t.example/{post}", f"s{i % sites}.example"
            row = {"platform": "x", "post_id": post}
            posts.append(row | {"account_id": f"a{i}", "created_at_us": k * DAY_US + i * step_us, "kind": "original", "text": text})
            links += [row | {"kind": n, "value": v} for n, v in (("url", f"https://{site}/{k}"), ("domain", site))]
    told = {
        "posts": pa.Table.from_pylist(posts, schema("posts")),
        "post_objects": pa.Table.from_pylist(links, schema("post_objects")),
    }
    networks = {f"a{i}": "n1" for i in range(copies)}
    listed = [p | {"object": p["text"].split(" https")[0], "at_us": p["created_at_us"]} for p in posts]
    return made.dossier(memory_corpus(told), members_of(networks), tied(listed, networks, "text", 10 * step_us))


def test_a_share_button_and_a_syndicate_are_told_apart() -> None:
    """One text with one link over hours is a button's; one text on several sites is a syndicate's; within seconds it is open."""
    button, syndicate, sent = written(1, 12, 3_600_000_000), written(4, 12, 3_600_000_000), written(1, 12, 1_000_000)
    assert ["favoured", "disfavoured"] == [status(button, n) for n in ("share_button", "syndication")]
    assert ["disfavoured", "favoured"] == [status(syndicate, n) for n in ("share_button", "syndication")]
    assert "undecided" == status(sent, "share_button")
    assert ["T0084.001"] == [t for t in button.about["n1"]["techniques"] if t == "T0084.001"]


def test_a_feed_may_be_set_to_a_minute_of_the_hour() -> None:
    """Twelve accounts on one site, an hour apart to the minute, are as a scheduled feed; at any minute they are not."""
    assert "favoured" == status(written(1, 12, 3_600_000_000), "scheduled_feed")
    assert "disfavoured" == status(written(1, 12, 3_727_000_000), "scheduled_feed")
    assert "disfavoured" == status(written(1, 24, 3_600_000_000), "scheduled_feed")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_can_be_said(lang: str) -> None:
    """All messages of dossiers of several kinds are in the catalogue, with their values."""
    for found in (squad(), written(1, 12, 3_600_000_000), written(4, 12, 1_000_000)):
        listed = [r for t in ("explanations", "techniques") for r in found.tables[t].to_pylist()]
        cells = [r[n] for r in listed for n in ("says", "missing", "because") if r.get(n)]
        said = [say(Message(c["key"], c["args"]), lang) for c in cells] + [say(n, lang) for n in found.notes]
        assert all("–" not in s for s in said)
        assert all(say(r.statement, lang) for r in found.rivals)


def test_dates_like_everyones_are_not_unusual() -> None:
    """Over 200 draws of members from the others' own dates, about 5 % or fewer seem created together."""
    rng = np.random.default_rng(0)
    others = rng.exponential(900 * DAY_US, 5_000)
    alarms = sum(bool(half(np.sort(rng.choice(others, 40)), others).unusual) for _ in range(200))  # type: ignore[union-attr]
    assert alarms <= 18


def test_intervals_take_accounts_as_clusters() -> None:
    """A hundred posts of two accounts say little more than two; the share of none has an interval too."""
    member = np.repeat([0, 1], 50)
    share, low, high = clustered(member == 0, member)
    assert 0.5 == share
    assert high - low > 0.7
    assert clustered(np.zeros(100, bool), member)[2] > 0.5


def test_handles_are_read_from_addresses() -> None:
    """Addresses of four platforms name their authors, one without a name nobody."""
    links = [
        "https://x.com/one/status/1",
        "https://bsky.app/profile/two.example/post/3k",
        "https://m.example/@three/109999999999",
        "https://www.tiktok.com/@four/video/7",
        "https://reddit.example/r/five/comments/6",
    ]
    assert ["one", "two.example", "three", "four", None] == handles_of(pa.array(links)).to_pylist()


def test_accounts_are_named_in_masked_columns_only() -> None:
    """No id of an account stands outside the columns a report masks, in tables or in what goes to the row of units."""
    ids = set(world()["accounts"]["account_id"].to_pylist())
    loose = {
        n: t.drop_columns([c for c in ACCOUNT_COLUMNS - COUNTED if c in t.column_names]).to_pylist()
        for n, t in squad().tables.items()
    }
    assert [] == [n for n, rows_ in loose.items() if any(v in ids for r in rows_ for v in r.values() if isinstance(v, str))]
    assert {"account"} == {k for k, v in squad().about["n1"].items() if isinstance(v, str) and v in ids}


def test_row_order_does_not_matter() -> None:
    """Members and posts in another order give the same tables."""
    networks = {f"a{k}": "n1" for k in np.flatnonzero(TOLD.bot)[::-1]} | {f"a{k}": "n2" for k in np.flatnonzero(TOLD.feed)}
    told = {n: t.take(pa.array(np.random.default_rng(1).permutation(t.num_rows))) for n, t in world().items()}
    other = described(networks, told)
    assert all(pc.all(pc.equal(t["network"], other.tables[n]["network"])).as_py() is not False for n, t in squad().tables.items())
    assert {n: t.to_pylist() for n, t in squad().tables.items()} == {n: t.to_pylist() for n, t in other.tables.items()}
