"""Is what the cut bears told: no map of three, no layer twice, blurred borders in the claim, first posts with the trend?"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import communities
from agorascope.analyses._communities_network import Network
from agorascope.analyses._communities_network import Tested as Against
from agorascope.analyses._communities_parts import Parts, across, fields
from agorascope.analyses._communities_reduce import reduce
from agorascope.analyses._communities_said import called, claim
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.stats.beyond import Beyond
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus
from agorascope.texts import message, say
from agorascope.worlds.camps import CampsWorld, draw, make
from tests.analyses.test_communities import posted


@pytest.mark.parametrize("camps", [3, 4])
def test_from_four_communities_on_there_is_a_map(camps: int) -> None:
    """Of three, what leaves each settles the ties of every pair: no map, a note. Of four: a map, and ties beside those expected."""
    told = communities.run(memory_corpus({"edges": circles(camps)}), communities.Params(resolution="0.5"))
    shown = {"map", "between"} <= {f.name for f in told.figures}
    assert (camps, camps > 3) == (len(told.units), shown)
    assert all((row["expected"] is not None) == shown for row in told.tables["between"].to_pylist())
    notes = {note.key for note in told.notes}
    assert (camps == 3, False) == ("communities.note.three" in notes, "communities.note.two" in notes)


@pytest.mark.parametrize(("camps", "key"), [((3, 2), "platforms"), ((4, 3), "platforms_some"), ((5, 4), ""), ((4, 1), "")])
def test_ties_are_expected_within_a_platform_only(camps: tuple[int, int], key: str) -> None:
    """Two platforms: each pair is compared with what its own platform allows, as if it stood alone; five of 3 and 2 have no map."""
    alone = [circles(n, platform=p) for n, p in zip(camps, "xy", strict=True)]
    told = communities.run(memory_corpus({"edges": pa.concat_tables(alone)}), communities.Params(resolution="0.7"))
    assert sum(camps) == len(told.units)
    rows = told.tables["between"].to_pylist()
    assert sum(n for n in camps if n > 3) == sum(r["expected"] is not None for r in rows)
    own = [pairs_of(table) for n, table in zip(camps, alone, strict=True) if n > 3]
    assert sorted(p for pairs in own for p in pairs) == pytest.approx(sorted(r["expected"] for r in rows if r["expected"]))
    assert (max(camps) > 3) == ("map" in {f.name for f in told.figures})
    notes = {n.key: n for n in told.notes if "platforms" in n.key}
    assert {f"communities.note.{key}"} - {"communities.note."} == set(notes)
    for note in notes.values():
        assert 0 < note.args["share"] < note.args["chance"] < 0.75
        assert all(say(note, lang) for lang in ("en", "fr"))


def test_random_networks_all_alike_show_no_interval() -> None:
    """All of thirty tied to all can be rewired in one way only: no interval of no width is told, found or not."""
    ties = [{"platform": "x", "network": "n", "source": f"a{i}", "target": f"a{j}"} for i in range(30) for j in range(i)]
    corpus = memory_corpus({"edges": pa.Table.from_pylist(ties, schema("edges"))})
    told = communities.run(corpus, communities.Params(resolution="1"))
    assert told.effect is not None
    assert ("not_found", "communities.claim.not_found") == (told.verdict, told.claim.key)
    assert (None, None, None) == (told.effect.low, told.effect.high, told.effect.level)
    loudest = {"loud": called("small", []), "loud_share": 0.1, "loud_posts": 0.5, "loud_low": 0.4, "loud_high": 0.6}
    whole = {"into": message("communities.into.all", n=2), "name": called("small", []), "size": 9, "share": 0.3}
    found = message("communities.claim.found_posts", **told.claim.args, **whole, **loudest)
    for said in (told.claim, found):
        assert ("95" in say(said, "en"), True) == (False, "hence no interval" in say(said, "en"))
        assert "aucun intervalle" in say(said, "fr")


def test_the_claim_names_the_size_from_which_communities_are_told() -> None:
    """Of two large and three small camps: two are told from 50 accounts on, and the accounts of others counted."""
    sizes = (60, 60, 30, 30, 30)
    names = [[f"c{c}.{i}" for i in range(size)] for c, size in enumerate(sizes)]
    rng = np.random.default_rng(1)
    ties = [(camp[i], camp[j]) for camp in names for i in range(len(camp)) for j in rng.integers(0, len(camp), 6).tolist()]
    ties += [(names[c][i], names[(c + 1) % 5][i]) for c in range(5) for i in range(2)]
    rows = [{"platform": "x", "network": "n", "source": u, "target": v} for u, v in ties]
    corpus = memory_corpus({"edges": pa.Table.from_pylist(rows, schema("edges"))})
    told = {least: communities.run(corpus, communities.Params(resolution="1", least=least)) for least in (10, 50, 100)}
    assert ["found", "found", "not_found"] == [one.verdict for one in told.values()]
    said = {
        least: (say(one.claim, "en"), say(one.claim, "fr").replace("\u202f", " ").replace("\u00a0", " "))
        for least, one in told.items()
    }
    assert "fall into 5; modularity" in said[10][0]
    assert "fall into 2 communities of 50 accounts or more, and 90 accounts in smaller ones; modularity" in said[50][0]
    assert "se répartissent en 2 communautés de 50 comptes ou plus, et 90 comptes dans de plus petites ; la" in said[50][1]
    assert "No two communities of 100 accounts or more are told among 210 accounts" in said[100][0]
    assert "Pas deux communautés d’au moins 100 comptes" in said[100][1]
    assert not any("beyond chance among" in one for one, _ in said.values())


def test_the_claim_counts_alike_and_names_the_loudest_whether_or_not_draws_vary() -> None:
    """Draws that are all alike leave out the interval only: the same words tell who is counted and who is loudest."""
    unit = {
        "accounts": 30,
        "accounts_share": 0.3,
        "posts_share": 0.7,
        "posts_share_low": 0.6,
        "posts_share_high": 0.8,
        "ratio": 2.3,
    }
    units = [{"community": "1", **unit}, {"community": "2", **unit, "posts_share_low": 0.2}]
    parts = Parts(np.repeat([0, 1], 30), ("1", "2", "small", "apart"), np.array([30, 30, 0, 0]))
    gathered = reduce(memory_corpus({"edges": circles(2)}), "auto")
    made = Network(*np.zeros((4, 60), np.int64), 60, 0)
    said = []
    for low in (None, 0.2):
        against = Against(Beyond(0.3, low, low and 0.4, 0.1, 0.0, 0.05), 19, ())
        how = {"resolution": 1.0, "beyond": {"1"}, "holds": True, "few": False}
        said.append(say(claim(units, made, against, gathered, [None, None], parts, 10, **how), "en"))
    assert ["hence no interval" in one for one in said] == [True, False]
    assert len({one.split("). ")[1] for one in said}) == 1
    assert all("of the 60 that post or have a tie; it is also the loudest: it writes 70% of the posts" in one for one in said)


def pairs_of(edges: pa.Table) -> list[float]:
    """Give the ties expected between the pairs of a platform alone."""
    told = communities.run(memory_corpus({"edges": edges}), communities.Params(resolution="0.7"))
    return [r["expected"] for r in told.tables["between"].to_pylist()]


def test_platforms_that_ties_join_are_one_field() -> None:
    """Sites shared on two platforms tie accounts across: communities of both are compared with one another."""
    parts = Parts(np.array([0, 0, 1, 1, 2, 2, 3, 3]), (*"1234", "small", "apart"), np.full(6, 2))
    ties = np.array([(0, 1), (2, 3), (1, 2), (4, 5), (6, 7)]).T
    made = Network(*ties, np.ones(5), np.arange(8), 8, 0)
    stratum = np.array([0, 0, 1, 1, 2, 2, 1, 1])
    assert [True, True, False, True] == [bool(f == fields(parts, made, stratum)[0]) for f in fields(parts, made, stratum)]
    assert (0.2, pytest.approx(0.8 * (1 - (9 + 9 + 4) / 64))) == across(parts, made, fields(parts, made, stratum))


def circles(camps: int, network: str = "n", platform: str = "x") -> pa.Table:
    """Tie camps of thirty in circles, each to the next by a few."""
    ring = [(f"c{c}.{i}", f"c{c}.{(i + d) % 30}") for c in range(camps) for i in range(30) for d in (1, 2, 3)]
    ring += [(f"c{c}.{i}", f"c{(c + 1) % camps}.{i}") for c in range(camps) for i in range(2 + c)]
    rows = [{"platform": platform, "network": network, "source": u, "target": v} for u, v in ring]
    return pa.Table.from_pylist(rows, schema("edges"))


def test_nothing_is_asked_twice() -> None:
    """Of posts and two networks, one of follows: every query is sent once, and layers and follows are what they are."""
    rows = posted(draw(CampsWorld(accounts=60), 1))
    ties = [{"platform": "x", "network": ("follows", "talks")[i % 2], "source": f"a{i}", "target": f"a{i + 1}"} for i in range(40)]
    asked: list[tuple[str, str]] = []
    corpus = memory_corpus(rows | {"edges": pa.Table.from_pylist(ties, schema("edges"))})

    def execute(sql: str, params: Mapping[str, object]) -> pa.Table:
        asked.append((sql, str(params)))
        return corpus.execute(sql, params)

    told = reduce(Corpus(corpus.rows, execute, corpus.digest), "follow+talks")
    assert len(asked) == len(set(asked))
    assert (20, 20, 20) == tuple(told.there[name] for name in ("follow", "follows", "talks"))
    assert (["follow", "talks"], {"follows"}) == ([layer.name for layer in told.layers], told.follows)


def test_a_network_of_follows_is_not_told_as_unused() -> None:
    """A network called after follows makes the layer of follows: it is neither another layer nor listed twice."""
    for layer in ("auto", "abonnements"):
        told = communities.run(memory_corpus({"edges": circles(3, "abonnements")}), communities.Params(layer=layer))
        assert "communities.note.others" not in {note.key for note in told.notes}
        assert [True] == [row["used"] for row in told.tables["layers"].to_pylist() if row["used"] or layer == "auto"]


def test_blurred_borders_are_said_in_the_claim() -> None:
    """Where seeds cut otherwise the claim says so, with how many communities mostly go; where they agree it does not."""
    found = {k: told for k in (0.8, 0.45) if (told := asked_of_camps(k)).verdict == "found"}
    assert {0.8: "clear", 0.45: "blurred"} == {k: told.grade for k, told in found.items()}
    said = {k: say(told.claim, "en") for k, told in found.items()}
    assert (False, True) == tuple("Their borders are blurred" in said[k] for k in (0.8, 0.45))
    assert "frontières sont floues" in say(found[0.45].claim, "fr")


def asked_of_camps(closed: float) -> Finding:
    """Ask two camps that keep a share of their ties."""
    rows = make(CampsWorld(accounts=400, mean_degree=16, closed=closed), 3)
    return communities.run(memory_corpus(rows), communities.Params(layer="camps"))


@pytest.mark.parametrize(("lang", "same", "other"), [("en", "It wrote or reposted 20 of", "Of the first 20 posts"),
                                         ("fr", "Elle a publié ou partagé 20 des", "Parmi les 20")])  # fmt: skip
def test_the_claim_says_who_wrote_the_first_posts_of_a_trend(lang: str, same: str, other: str) -> None:
    """The smaller camp writes most of a tag first: said in few words; where the larger one was first, it is named."""
    rows = posted(draw(CampsWorld(accounts=300, mean_degree=10, closed=0.8), 1))
    told = say(communities.run(memory_corpus(rows), communities.Params(trend="hashtag:route")).claim, lang)
    assert (True, False) == (same in told, other in told)


def test_a_trend_of_a_word_says_how_many_posts_came_without_text() -> None:
    """Reposts came without text: whether they say the word is not known, and is said; of a hashtag nothing is said."""
    rows = posted(draw(CampsWorld(accounts=300, mean_degree=10, closed=0.8), 1))
    silent = [row for row in rows["posts"].to_pylist() if row["text"] is None]
    found = {
        trend: communities.run(memory_corpus(rows), communities.Params(trend=trend)) for trend in ("word:road", "hashtag:route")
    }
    notes = {trend: [n for n in one.notes if n.key == "communities.note.untold"] for trend, one in found.items()}
    assert [] == notes["hashtag:route"]
    assert {"n": len(silent), "accounts": len({row["account_id"] for row in silent})} == notes["word:road"][0].args
    assert "whether they say the word that is traced is not known" in say(notes["word:road"][0], "en")
    assert "sont arrivés sans texte : on ignore" in say(notes["word:road"][0], "fr").replace("\u00a0", " ")
