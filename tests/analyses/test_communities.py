"""Does ``communities`` find planted camps, name and count them as a slow twin does, and list nobody’s community?"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import communities
from agorascope.analyses._communities_reduce import layers_of
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.stats.onemore import FLOOR
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.camps import Camps, CampsWorld, draw, make

PAGE = (Path(__file__).resolve().parents[2] / "docs/analyses/communities.md").read_text("utf-8")
CAMPS = CampsWorld(accounts=300, mean_degree=10, closed=0.8)
SAYS = ("le tram est en retard", "the road is closed")


def posted(drawn: Camps, *, loud: int = 5) -> dict[str, pa.Table]:
    """Turn ties into reposts; each account says what its camp says, those of the smaller camp ``loud`` times as often."""
    rows = [
        {"platform": "x", "post_id": f"r{i}", "account_id": f"a{u}", "kind": "repost", "ref_account_id": f"a{v}"}
        | {"created_at_us": i}
        for i, (u, v) in enumerate(zip(drawn.source.tolist(), drawn.target.tolist(), strict=True))
    ]
    told = [(i, camp, n) for i, camp in enumerate(drawn.camp.tolist()) for n in range(loud if camp else 1)]
    rows += [
        {"platform": "x", "post_id": f"p{i}.{n}", "account_id": f"a{i}", "kind": "original"}
        | {"created_at_us": 10_000 * (2 - camp) + i, "text": SAYS[camp], "language": ("fr", "en")[camp]}
        for i, camp, n in told
    ]
    tags = [{"platform": "x", "post_id": f"p{i}.{n}", "kind": "hashtag", "value": ("rails", "Route")[camp]} for i, camp, n in told]
    made = {"posts": rows, "post_objects": tags}
    return {name: pa.Table.from_pylist(listed, schema(name)) for name, listed in made.items()}


@pytest.fixture(scope="module")
def world() -> dict[str, pa.Table]:
    """Make posts of two camps, the smaller one five times as loud."""
    return posted(draw(CAMPS, 3))


@pytest.fixture(scope="module")
def finding(world: dict[str, pa.Table]) -> Finding:
    """Ask them where a hashtag of the smaller camp comes from."""
    return communities.run(memory_corpus(world), communities.Params(trend="hashtag:route"))


def test_planted_camps_are_found_and_named(finding: Finding) -> None:
    """Two camps of 195 and 105 accounts: found beyond chance, with the interval above 0, named by what each says."""
    assert finding.effect is not None
    assert ("found", True) == (finding.verdict, finding.effect.low > 0)
    assert 195 == pytest.approx(finding.units[0]["accounts"], rel=0.15)
    names = {unit["name"] for unit in finding.units[:2]}
    assert any("tram" in name and "#rails" in name for name in names if name)
    assert any("road" in name and "#Route" in name for name in names if name)


def test_a_trend_comes_from_a_camp_of_its_true_size(finding: Finding) -> None:
    """The loud camp's hashtag: nearly all of it from one community, its first posts too, and that community is a third of all."""
    rows = finding.tables["trend"].to_pylist()
    most = max(rows, key=lambda r: r["posts"])
    assert most["posts_share_low"] < most["posts_share"] > 0.85
    assert 0.35 == pytest.approx(most["accounts_share"], abs=0.06)
    assert most["ratio_low"] < most["posts_share"] / most["accounts_share"] == pytest.approx(most["ratio"])
    assert sum(r["posts"] for r in rows) == finding.evidence_total == 5 * 105
    assert (20, 20) == (sum(r["first"] for r in rows), len(finding.evidence))
    assert finding.claim.args["trend"].key == "communities.trend.most"


def test_loudness_is_told_beside_size(finding: Finding) -> None:
    """Shares of accounts add up to 1 over all parts, shares of posts too; the smaller camp is the louder one."""
    parts = finding.tables["parts"].to_pylist()
    assert 1.0 == pytest.approx(sum(r["accounts_share"] for r in parts))
    assert 1.0 == pytest.approx(sum(r["posts_share"] for r in parts))
    small, large = sorted(finding.units[:2], key=lambda u: u["accounts"])
    assert small["ratio"] > 1 > large["ratio"]


def test_nobody_is_listed_by_community(world: dict[str, pa.Table], finding: Finding) -> None:
    """Accounts are named only where many repost or are tied to them: in two tables, ten ties or more, a handful of each part."""
    ids = {f"a{i}" for i in range(300)}
    for name, table in finding.tables.items():
        cells = {str(v) for row in table.to_pylist() for v in row.values()}
        assert name in ("influencers", "bridges") or set() == cells & ids, name
    assert all(r["inside"] + r["across"] >= 10 for r in finding.tables["influencers"].to_pylist())
    assert all(r["ties"] >= 10 for r in finding.tables["bridges"].to_pylist())


def test_most_reposted_equal_the_slow_twin(world: dict[str, pa.Table], finding: Finding) -> None:
    """Each account named is reposted by as many different accounts as a plain count gives."""
    by: dict[str, set[str]] = {}
    for row in world["posts"].to_pylist():
        if row["kind"] == "repost" and row["account_id"] != row["ref_account_id"]:
            by.setdefault(row["ref_account_id"], set()).add(row["account_id"])
    told = finding.tables["influencers"].to_pylist()
    assert told
    assert all(len(by[r["account_id"]]) == r["inside"] + r["across"] for r in told)


def test_coordinated_accounts_can_be_left_out(world: dict[str, pa.Table]) -> None:
    """Twenty accounts in a network are left out; the difference is a table, a note and a tested rival."""
    names = [f"a{i}" for i in range(20)]
    held = pa.table({"platform": ["x"] * 20, "account_id": names, "in_network": [True] * 20})
    corpus = memory_corpus(world)
    given = Corpus(corpus.rows, corpus.execute, corpus.digest, corpus.engine, {"coordination.accounts": held})
    told = communities.run(given, communities.Params(without="coordination"))
    without, whole = told.tables["without"].to_pylist()
    assert 20 <= whole["accounts"] - without["accounts"] <= 30
    assert "communities.note.without" in {note.key for note in told.notes}
    assert {r.status for r in told.rivals if r.name == "coordination"} <= {"disfavoured", "undecided"}
    assert (False, True) == (communities.needs(communities.Params()), communities.needs(communities.Params(without="coordination")))


def test_a_given_network_is_a_layer_and_groups_are_compared() -> None:
    """Ties of a network without posts: found; its camps are told beside the communities with their agreement."""
    told = communities.run(memory_corpus(make(CampsWorld(mean_degree=10, closed=0.8), 2)), communities.Params(layer="camps"))
    assert ("found", None) == (told.verdict, told.units[0]["posts_share"])
    assert told.notes[-1].key == "communities.note.groups_several"
    assert told.notes[-1].args["alike"] > 0.4


def test_groups_are_compared_partition_by_partition() -> None:
    """Camps without a prefix are compared apart from ages dealt at random, which come first by name; who is in two is left out."""
    drawn = draw(CampsWorld(mean_degree=10, closed=0.8), 2)
    rows = make(CampsWorld(mean_degree=10, closed=0.8), 2)
    rng = np.random.default_rng(1)
    names = [("gauche", "droite")[camp] for camp in drawn.camp.tolist()]
    listed = [(f"a{i}", name) for i, name in enumerate(names)] + [("a0", "droite"), ("a0", "gauche")]
    listed += [
        (f"a{i}", f"{('age', 'Age')[i % 2]}:{('old', 'young')[k]}") for i, k in enumerate(rng.integers(2, size=600).tolist())
    ]
    given = [{"platform": "generic", "account_id": a, "group_name": g} for a, g in dict.fromkeys(listed)]
    rows["groups"] = pa.Table.from_pylist(given, schema("groups"))
    told = communities.run(memory_corpus(rows), communities.Params(layer="camps"))
    plain, age = (n for n in told.notes if n.key in ("communities.note.groups_several", "communities.note.variable"))
    assert ("age", 1, 0) == (age.args["variable"], plain.args["several"], age.args["several"])
    assert plain.args["alike"] > 0.4 > 0.05 > age.args["alike"]
    assert {"group", "age"} == set(told.tables["groups"]["variable"].to_pylist())
    assert "the groups called “age:…”" in say(age, "en")


@pytest.mark.parametrize(("loud", "key"), [(5, "found_posts"), (1, "found_even")])
def test_a_community_is_the_loudest_only_beyond_its_interval(loud: int, key: str) -> None:
    """Five times as loud: told. All alike: none is called the loudest, and reposts, of which one writes many, are no writing."""
    drawn = draw(CAMPS, 3)
    told = communities.run(memory_corpus(posted(drawn, loud=loud)), communities.Params())
    assert f"communities.claim.{key}" == told.claim.key
    assert all("loud" in say(told.claim, lang) or "bruyante" in say(told.claim, lang) or loud == 1 for lang in LANGUAGES)
    written = sum(row["posts"] for row in told.tables["parts"].to_pylist())
    assert int((drawn.camp == 0).sum() + loud * (drawn.camp == 1).sum()) == written


def test_ties_in_small_pieces_are_said_to_be() -> None:
    """Two circles of twenty: forty accounts have ties, and none is in a piece that can be cut."""
    ties = [(f"{c}{i}", f"{c}{j}") for c in "kp" for i in range(20) for j in range(i)]
    rows = [{"platform": "x", "network": "n", "source": u, "target": v} for u, v in ties]
    told = communities.run(memory_corpus({"edges": pa.Table.from_pylist(rows, schema("edges"))}), communities.Params())
    assert ("insufficient", "communities.claim.pieces_none") == (told.verdict, told.claim.key)
    assert "40 accounts have such a tie, but in small pieces that no tie joins: no piece has the 30 accounts" in say(
        told.claim, "en"
    )
    assert "40 comptes ont un lien" in say(told.claim, "fr")


def test_shares_name_the_accounts_they_are_of_and_those_without_a_tie_are_counted() -> None:
    """Twelve accounts stand in small circles, 25 or more of a group have no tie: both are said, and shares are of those tied."""
    rows = make(CampsWorld(accounts=300, mean_degree=10, closed=0.8), 2)
    apart = [{"platform": "generic", "network": "camps", "source": f"s{i}", "target": f"s{i + 1}"} for i in range(0, 12, 2)]
    more = [{"platform": "generic", "account_id": f"lone{i}", "group_name": "larger"} for i in range(25)]
    for name, added in (("edges", apart), ("groups", more)):
        rows[name] = pa.concat_tables([rows[name], pa.Table.from_pylist(added, schema(name))])
    told = communities.run(memory_corpus(rows), communities.Params(layer="camps"))
    notes = {note.key: note.args for note in told.notes}
    tied = {r[end] for r in rows["edges"].to_pylist() for end in ("source", "target") if r["source"] != r["target"]}
    known = {r["account_id"] for r in rows["groups"].to_pylist()} - tied
    assert (len(tied), 12, 12) == tuple(notes["communities.note.apart"][name] for name in ("of", "n", "circle"))
    assert len(known) == notes["communities.note.unknown"]["n"] >= 25
    assert len(tied) == told.claim.args["of"] == round(told.units[0]["accounts"] / told.units[0]["accounts_share"])
    for lang, said in (("en", f"of the {len(tied)} with a tie"), ("fr", f"des {len(tied)} qui ont un lien")):
        assert said in say(told.claim, lang).replace("\u202f", " ")


def test_two_communities_have_no_map_but_the_share_of_ties_that_joins_them(finding: Finding) -> None:
    """What leaves one of two goes to the other: nothing is expected between them and no map is drawn; a note tells the share."""
    names, note = {f.name for f in finding.figures}, next(n for n in finding.notes if n.key == "communities.note.two")
    (pair,) = finding.tables["between"].to_pylist()
    assert (set(), None, None) == (names & {"map", "between"}, pair["expected"], pair["tied_ratio"])
    assert 0.02 < note.args["share"] < 0.5 * note.args["chance"] < 0.25


def test_a_p_beyond_the_draws_is_said_to_be_extrapolated(finding: Finding) -> None:
    """No p below 0.0005 is told, as less than 0.001, with a note on why; no lower level can be asked for."""
    assert finding.effect is not None
    assert (FLOOR, FLOOR) == (finding.effect.p_value, finding.effect.p_floor)
    assert "p < 0.001" in say(finding.claim, "en")
    assert (19, 1 / 20) == tuple(next(n for n in finding.notes if n.key == "communities.note.tail").args.values())
    with pytest.raises(BadValue, match="is told of so few draws"):
        communities.run(memory_corpus({}), communities.Params(alpha=1e-4))


def test_small_communities_are_counted_together() -> None:
    """Circles of eight accounts on a ring of camps are no rows of their own; with a lower threshold they are."""
    circle = [(f"c{c}.{i}", f"c{c}.{j}") for c in range(12) for i in range(8) for j in range(i)]
    chain = [(f"c{c}.0", f"c{(c + 1) % 12}.1") for c in range(12)]
    rows = [{"platform": "x", "network": "n", "source": u, "target": v} for u, v in circle + chain]
    corpus = memory_corpus({"edges": pa.Table.from_pylist(rows, schema("edges"))})
    coarse = communities.run(corpus, communities.Params(resolution="4"))
    assert (0, 96) == (len(coarse.units), coarse.tables["parts"].to_pylist()[0]["accounts"])
    fine = communities.run(corpus, communities.Params(resolution="1", least=5))
    assert ("found", 12) == (fine.verdict, len(fine.units))


def test_what_cannot_be_asked_is_refused(world: dict[str, pa.Table]) -> None:
    """An unknown layer, a resolution that is none, a trend nobody carries: refused, with what could be used."""
    corpus = memory_corpus(world)
    wrong = (
        ({"layer": "follow"}, "layers are: repost"),
        ({"layer": "nope"}, "layers are: repost, hashtag"),
        ({"resolution": "fine"}, "use auto"),
        ({"trend": "x"}, "use hash"),
    )
    for given, said in wrong:
        with pytest.raises(BadValue, match=said):
            communities.run(corpus, communities.Params(**given))
    with pytest.raises(BadValue, match="no post"):
        communities.run(corpus, communities.Params(trend="word:nowhere"))
    assert ["reply", "mention"] == layers_of("reply+mention", {"reply": 1, "mention": 2})


def test_the_order_of_rows_does_not_count_and_both_languages_say_it(world: dict[str, pa.Table], finding: Finding) -> None:
    """Rows in another order give the same digest; everything said can be said; the page names the tables."""
    order = np.random.default_rng(2)
    mixed = {name: table.take(pa.array(order.permutation(table.num_rows))) for name, table in world.items()}
    assert digest(finding) == digest(communities.run(memory_corpus(mixed), communities.Params(trend="hashtag:route")))
    said = [finding.claim, *finding.notes, *(f.title for f in finding.figures), *(r.statement for r in finding.rivals)]
    assert all(say(text, lang).strip() for text in said for lang in LANGUAGES)
    assert [] == [name for name in finding.tables if f"`{name}`" not in PAGE]
