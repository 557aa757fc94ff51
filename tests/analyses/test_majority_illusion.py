"""Does ``majority_illusion`` find what was planted, stay quiet otherwise, count as a slow twin counts, and name nobody?"""

import csv
import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope import new_case
from agorascope.analyses.majority_illusion import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.stats.graphs import simple
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.camps import CampsWorld, draw, make
from tests import naive

PAGE = (Path(__file__).parents[2] / "docs/analyses/majority_illusion.md").read_text("utf-8")
WORLD = CampsWorld(accounts=300, mean_degree=8, lifted=1.0)
Shared = Callable[[str], Path]


def asked(tables: dict[str, pa.Table], *, results: dict[str, pa.Table] | None = None, **params: Any) -> Finding:
    """Run the analysis on tables in memory, for the group of bearers."""
    return run(memory_corpus(tables, results=results), Params(**({"attribute": "group:bearers", "direction": "both"} | params)))


def rows_of(**tables: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """Put rows into tables, on platform x."""
    return {name: pa.Table.from_pylist([{"platform": "x"} | row for row in rows], schema(name)) for name, rows in tables.items()}


def test_a_planted_illusion_is_found_and_is_that_of_visibility() -> None:
    """A fifth bear it, drawn by how many tie to them: more are deceived than by chance, no more than among accounts as visible."""
    finding = asked(make(WORLD, 1))
    assert ("found", "visibility") == (finding.verdict, finding.grade)
    placed, alike = finding.units
    assert finding.effect is not None
    assert 0 < finding.effect.low < finding.effect.value == pytest.approx(placed["deceived_share"] - placed["chance_share"])
    assert alike["p_value"] > 0.05 >= placed["p_value"]
    assert "favoured" == next(r.status for r in finding.rivals if r.name == "visibility")


def test_an_attribute_of_whoever_stays_quiet() -> None:
    """The rate of illusions found where the attribute is anybody's agrees with 5 % or is lower."""
    null = dataclasses.replace(WORLD, lifted=0.0)
    alarms = sum("found" == asked(make(null, seed)).verdict for seed in range(100, 120))
    assert binomtest(alarms, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_a_majority_is_said_to_be_one() -> None:
    """Six in ten bear it: no illusion is possible, there is no effect, and the reverse is a note."""
    finding = asked(make(dataclasses.replace(WORLD, bearing=0.6, lifted=0.0), 1))
    assert ("not_found", "majority", None) == (finding.verdict, finding.grade, finding.effect)
    assert "no illusion of one is possible" in str(finding.claim)
    assert "majority_illusion.note.reverse" in {n.key for n in finding.notes}
    assert {"others"} == {u["of"] for u in finding.units}


def test_what_is_seen_equals_the_slow_twin() -> None:
    """Reposts times activity, and plain follows: the share deceived is that of a loop over viewers."""
    drawn = draw(WORLD, 2)
    names = [f"a{i}" for i in range(WORLD.accounts)]
    borne = rows_of(groups=[{"account_id": names[i], "group_name": "bearers"} for i in np.flatnonzero(drawn.bears).tolist()])
    made = {"edges": make(WORLD, 2)["edges"], "groups": make(WORLD, 2)["groups"]}
    posts = [{"post_id": f"{a}-{n}", "account_id": a} for a, k in zip(names, drawn.posts.tolist(), strict=True) for n in range(k)]
    posts += [
        {"post_id": f"r{i}", "account_id": names[s], "kind": "repost", "ref_account_id": names[t], "repost_of": "?"}
        for i, (s, t) in enumerate(zip(drawn.source.tolist(), drawn.target.tolist(), strict=True))
    ]
    activity = np.bincount([int(p["account_id"][1:]) for p in posts], minlength=WORLD.accounts)
    plain: dict[int, dict[int, float]] = {}
    weighed: dict[int, dict[int, float]] = {}
    for s, t in zip(drawn.source.tolist(), drawn.target.tolist(), strict=True):
        if s != t:
            plain.setdefault(s, {})[t] = 1.0
            weighed.setdefault(s, {}).setdefault(t, 0.0)
            weighed[s][t] += float(activity[t])
    bearers = set(np.flatnonzero(drawn.bears).tolist())
    follows = asked(made, direction="seen")
    reposts = asked(borne | rows_of(posts=posts), direction="seen", layer="repost")
    assert naive.deceived(plain, bearers) == pytest.approx(follows.units[0]["deceived_share"])
    assert naive.deceived(weighed, bearers) == pytest.approx(reposts.units[0]["deceived_share"])


@pytest.mark.parametrize("direction", ["seen", "both"])
def test_weights_of_a_network_say_how_much_is_seen(direction: str) -> None:
    """Each sees one bearer and two others: no majority, unless its tie weighs more; plain, or without weights, ties count alike."""
    ties = [
        (f"a{i}", f"{kind}{(i + n) % 8}", w) for i in range(40) for kind, n, w in (("yes", 0, 5.0), ("no", 0, 1.0), ("no", 1, None))
    ]
    bear = [{"account_id": f"yes{i}", "group_name": "bearers"} for i in range(8)]
    edges = [{"network": "n", "source": a, "target": b, "weight": w} for a, b, w in ties]
    rows = rows_of(edges=edges, groups=bear)
    weighed, plain = asked(rows, direction=direction), asked(rows, direction=direction, weigh="plain")
    unweighted = asked(rows_of(edges=[e | {"weight": None} for e in edges], groups=bear), direction=direction)
    share = 1.0 if direction == "seen" else 40 / 56
    assert (share, 0.0, 0.0) == pytest.approx(tuple(f.units[0]["deceived_share"] for f in (weighed, plain, unweighted)))
    assert ["weighed_rows", "plain", "plain"] == [f.notes[0].key.rsplit(".", 1)[1] for f in (weighed, plain, unweighted)]


def test_one_network_gives_one_answer_however_its_rows_are_written(tmp_path: Path) -> None:
    """Five rows with their times are one row of weight 5; a row exactly like another is dropped at ``add``, which a note says."""
    ties = [(f"a{i}", f"{kind}{(i + n) % 8}", w) for i in range(40) for kind, n, w in (("yes", 0, 5), ("no", 0, 1), ("no", 1, 1))]
    timed = [f"{a},{b},1,2024-03-{n + 1:02}" for a, b, w in ties for n in range(w)]
    written = {
        "summed": [f"{a},{b},{w},2024-03-01" for a, b, w in ties],
        "timed": timed,
        "equal": [f"{a},{b},1,2024-03-01" for a, b, w in ties for _ in range(w)],
        "once": [f"{a},{b},1,2024-03-01" for a, b, _ in ties],
    }
    (tmp_path / "yes.csv").write_text("account_id,group\n" + "".join(f"yes{i},bearers\n" for i in range(8)), "utf-8")
    found = {}
    for name, rows in written.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "n.csv").write_text("\n".join(["source,target,weight,date", *rows]), "utf-8")
        case = new_case(tmp_path / name / "case")
        case.add(tmp_path / name / "n.csv", tmp_path / "yes.csv")
        found[name] = case.run("majority_illusion", attribute="group:bearers")
    assert [1.0, 1.0, 0.0, 0.0] == [found[name].units[0]["deceived_share"] for name in written]
    assert (found["summed"].units, found["equal"].units) == (found["timed"].units, found["once"].units)
    assert [False, True, True, True] == [f.claim.key == "majority_illusion.claim.even" for f in found.values()]
    assert "if its file repeats rows to count them, add it again" in say(found["equal"].claim, "en")
    assert "a row exactly like another was dropped when it was added" in say(found["equal"].notes[0], "en")
    assert "une ligne toute pareille à une autre a été écartée" in say(found["equal"].notes[0], "fr")


def test_a_weight_below_nothing_is_refused_and_accounts_without_a_tie_are_counted() -> None:
    """A weight of -2, kept by an older version, raises and names the network; bearers and others without a tie are said."""
    rows = make(WORLD, 1)
    lone = pa.Table.from_pylist(
        [{"platform": "x", "account_id": f"l{i}", "group_name": "bearers"} for i in range(7)], schema("groups")
    )
    few, more = (asked(rows | {"groups": pa.concat_tables([rows["groups"], *added])}) for added in ([], [lone]))
    counts = [sum(n.args["n"] for n in f.notes if n.key == "majority_illusion.note.untied") for f in (few, more)]
    assert (7, few.units) == (counts[1] - counts[0], more.units)
    edges = [{"network": "n", "source": f"a{i}", "target": f"a{i + 1}", "weight": -2.0} for i in range(40)]
    with pytest.raises(BadValue, match="network n holds a tie of weight -2"):
        asked(rows_of(edges=edges, groups=[{"account_id": "a1", "group_name": "bearers"}]))


def test_the_loud_few_end_it_and_are_not_named() -> None:
    """Their number and shares are told, shares from five accounts on; no account is anywhere in the finding."""
    rows = make(WORLD, 1)
    finding = asked(rows)
    few = {row["about"]: row for row in finding.tables["few"].to_pylist()}
    steps = finding.tables["loud"].to_pylist()
    assert few["few"]["value"] == steps[-1]["removed"] >= few["at_least"]["value"]
    assert steps[-1]["deceived_share"] <= finding.units[0]["chance_high_share"] < steps[0]["deceived_share"]
    assert (few["seen"]["of_all_share"] is None) == (few["few"]["value"] < 5)
    cells = {str(v) for table in finding.tables.values() for row in table.to_pylist() for v in row.values()}
    assert set() == cells & set(rows["groups"]["account_id"].to_pylist())
    assert finding.evidence_total == sum(memory_corpus(rows).query(finding.evidence_query)["ties"].to_pylist())


def test_camps_that_keep_apart_see_their_own() -> None:
    """The smaller camp bears it more and reads its own: it sees more than there is, the larger less."""
    finding = asked(make(CampsWorld(accounts=600, mean_degree=20, closed=0.8, slant=8.0), 3), direction="seen")
    camps = {row["camp"]: row for row in finding.tables["camps"].to_pylist()}
    assert {"larger", "smaller"} == set(camps)
    assert camps["smaller"]["gap"] > 0.1 > -0.1 > camps["larger"]["gap"]
    assert all(row["q_value"] <= 0.05 for row in camps.values())
    assert 2 == sum(n.key == "majority_illusion.note.consensus" for n in finding.notes)


def test_hashtags_and_words_are_written_not_reposted() -> None:
    """Who wrote the tag or the whole word bears it; who reposts it, or writes a longer word, does not."""
    said = ["Vote now" if i < 6 else "voters" for i in range(60)]
    posts = [{"post_id": f"p{i}", "account_id": f"a{i}", "kind": "original", "text": text} for i, text in enumerate(said)]
    posts += [
        {"post_id": f"r{i}", "account_id": f"a{i}", "kind": "repost", "repost_of": f"p{i % 6}", "text": "vote"}
        for i in range(10, 60)
    ]
    tags = [{"post_id": f"{kind}{i}", "kind": "hashtag", "value": "paix"} for kind, i in [("p", n) for n in range(6)] + [("r", 20)]]
    rows = rows_of(posts=posts, post_objects=tags)
    for attribute in ("word:VOTE", "hashtag:#Paix"):
        finding = asked(rows, attribute=attribute, direction="seen")
        row = finding.tables["without"].to_pylist()[0]
        assert (56, 6 / 56, 1.0) == pytest.approx((row["accounts"], row["bearing_share"], row["deceived_share"]))


def test_replies_shown_first_are_compared_with_all() -> None:
    """In twenty threads bearers' replies come first: the first three hold more of them than all do."""
    posts = [
        {"post_id": f"{t}-{i}", "account_id": f"a{i + 10 * (t % 3)}", "kind": "reply", "reply_to": f"t{t}", "feed_position": i}
        | {"ref_account_id": f"a{(i * 7 + t) % 40 + 30}"}
        for t in range(20)
        for i in range(8)
    ]
    groups = [{"account_id": f"a{i + 10 * k}", "group_name": "yes"} for i in range(2) for k in range(3)]
    finding = asked(rows_of(posts=posts, groups=groups), attribute="group:yes", direction="both")
    row = finding.tables["replies"].to_pylist()[0]
    assert (20, 0.25, 2 / 3) == pytest.approx((row["threads"], row["all_share"], row["first_share"]))
    assert row["p_value"] <= 0.01
    assert "majority_illusion.note.first" in {n.key for n in finding.notes}


def test_coordinated_accounts_are_left_out_and_the_difference_is_shown() -> None:
    """The bearers act together: without them, as viewers and as seen, the table shows what remains."""
    rows = make(WORLD, 1)
    names = [r["account_id"] for r in rows["groups"].to_pylist() if r["group_name"] == "bearers"][:55]
    members = pa.table({"platform": ["generic"] * 55, "account_id": names, "in_network": [True] * 55})
    finding = asked(rows, results={"coordination.accounts": members})
    kept = {row["kept"]: row for row in finding.tables["without"].to_pylist()}
    assert kept["coordinated"]["bearing_share"] < kept["all"]["bearing_share"]
    assert "favoured" == next(r.status for r in finding.rivals if r.name == "coordinated")


def test_too_little_is_insufficient_and_what_nobody_has_is_refused() -> None:
    """No ties, few viewers, few bearers; an attribute of no kind and a group nobody has are refused."""
    rows = make(WORLD, 1)
    assert "ties" == asked({"groups": rows["groups"]}).gate
    assert "viewers" == asked(make(dataclasses.replace(WORLD, accounts=20), 1)).gate
    assert "bearers" == asked(rows, attribute="hashtag:nobody").gate
    with pytest.raises(BadValue, match="layers here are: ties; networks here are: camps"):
        asked(rows, layer="nope")
    with pytest.raises(BadValue, match="group:NAME, hashtag:TAG or word:WORD"):
        asked(rows, attribute="vote")
    with pytest.raises(BadValue, match="groups are: bearers, larger, smaller"):
        asked(rows, attribute="group:nobody")


def test_a_level_no_deal_can_reach_is_refused() -> None:
    """With 199 deals no p is below 1/200: a lower alpha would always say nothing; it is said how many are needed."""
    with pytest.raises(BadValue, match=r"alpha is 0.001, and 199 deals show no p below 0.005.*use draws=999 or more"):
        asked(make(WORLD, 1), alpha=0.001)
    with pytest.raises(BadValue, match="use alpha=5e-05 or more"):
        asked(make(WORLD, 1), alpha=1e-6)
    assert "found" == asked(make(WORLD, 1), alpha=0.005).verdict


def test_ties_that_weigh_nothing_are_not_said_to_be_missing() -> None:
    """All weights are 0: the network is there, and nobody is seen to see by it; plain, it is seen."""
    rows = make(WORLD, 1)
    edges = [row | {"weight": 0.0} for row in rows["edges"].to_pylist()]
    rows["edges"] = pa.Table.from_pylist(edges, schema("edges"))
    nothing = asked(rows)
    assert ("insufficient", "unseen") == (nothing.verdict, nothing.gate)
    assert "the ties weigh 0" in say(nothing.claim, "en")
    assert "ces liens pèsent 0" in say(nothing.claim, "fr")
    assert "found" == asked(rows, weigh="plain").verdict


def test_none_has_words_of_its_own_and_nobody_posts_where_there_are_no_posts() -> None:
    """All or none of the accounts bear it: no "but 0"; without posts nothing is said of posts."""
    rows = make(WORLD, 1)
    tied = sorted({row[end] for row in rows["edges"].to_pylist() for end in ("source", "target")})
    every = [{"platform": "generic", "account_id": a, "group_name": "bearers"} for a in tied]
    claims = [asked(rows | {"groups": pa.Table.from_pylist(every, schema("groups"))}).claim, asked(rows, attribute="word:x").claim]
    assert ["majority_illusion.claim.others_none", "majority_illusion.claim.bearers_none"] == [c.key for c in claims]
    assert all(not re.search(r"\b0\b", say(claim, lang)) for claim in claims for lang in LANGUAGES)
    few = next(n for n in asked(rows).notes if n.key.startswith("majority_illusion.note.ended"))
    assert "majority_illusion.note.ended_unseen" == few.key
    assert "posts" not in say(few, "en")
    assert "messages" not in say(few, "fr")


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds without an illusion, alarms at nominal 5 % agree with 5 % or are rarer, over 500 worlds."""
    cells = load("majority_illusion")["cells"]
    assert [f"degree{d}" for d in (2, 4, 8, 20)] == [c["cell"] for c in cells]
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 500]


@pytest.mark.parametrize(("share", "deceived"), [(0.05, 0.179), (0.1, 0.459), (0.2, 0.795)])
def test_the_weblogs_of_2004_see_a_majority_of_the_tenth(shared: Shared, tmp_path: Path, share: float, deceived: float) -> None:
    """The blogs of most links are active: as many see a majority of them as was computed elsewhere, to three digits."""
    file = shared("networks/classic/polblogs_edges_directed.csv")
    ends = np.array([[int(row["source"]), int(row["target"])] for row in csv.DictReader(file.read_text("utf-8").splitlines())])
    graph = simple(ends[:, 0], ends[:, 1])
    top = graph.name[np.argsort(-graph.degree, kind="stable")[: round(share * graph.nodes)]]
    (tmp_path / "active.csv").write_text("account_id,group\n" + "".join(f"{one},active\n" for one in top.tolist()), "utf-8")
    case = new_case(tmp_path / "case")
    case.add(file, tmp_path / "active.csv")
    finding = case.run("majority_illusion", attribute="group:active", direction="both")
    near = 5e-4 if share < 0.2 else 7e-3  # which blogs of the last degree are in the fifth is not told
    assert deceived == pytest.approx(finding.units[0]["deceived_share"], abs=near)
    assert ("found", 1222) == (finding.verdict, finding.tables["without"].to_pylist()[0]["accounts"])
    if share == 0.1:
        told = finding.claim.args
        assert f"where {told['chance']:.1%} would".replace("%", " %") in PAGE
        assert f"it would be {told['alike']:.1%}".replace("%", " %") in PAGE
        assert f"Without {told['few']} of them" in PAGE
