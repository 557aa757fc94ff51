"""Does ``polarisation`` find camps that are there, stay quiet without, count as a slow twin counts, and name nobody?"""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope.analyses.polarisation import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.stats.onemore import FLOOR
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, catalogue, say
from agorascope.worlds.camps import CampsWorld, draw, make
from tests import naive

PAGE = (Path(__file__).parents[2] / "docs/analyses/polarisation.md").read_text("utf-8")
WORLD = CampsWorld(accounts=300, mean_degree=8, closed=0.4)
SIDES = "larger,smaller"
Shared = Callable[[str], Path]


def asked(tables: dict[str, pa.Table], *, results: dict[str, pa.Table] | None = None, **params: Any) -> Finding:
    """Run the analysis on tables in memory, with the camps as sides."""
    return run(memory_corpus(tables, results=results), Params(**({"groups": SIDES} | params)))


def status(finding: Finding, name: str) -> str:
    """Give what the data said to a rival."""
    return next(r.status for r in finding.rivals if r.name == name)


def network(ties: list[tuple[str, str]], sides: dict[str, str]) -> dict[str, pa.Table]:
    """Make tables of a network and of the side of each account."""
    edges = [{"platform": "x", "network": "n", "source": a, "target": b} for a, b in ties]
    groups = [{"platform": "x", "account_id": a, "group_name": g} for a, g in sides.items()]
    return {"edges": pa.Table.from_pylist(edges, schema("edges")), "groups": pa.Table.from_pylist(groups, schema("groups"))}


def test_planted_camps_are_found_with_an_interval_that_holds_them() -> None:
    """Four ties in ten are kept within the camp: found, divided, and the share of ties across falls by 0.4 of what chance gives."""
    finding = asked(make(WORLD, 1))
    effect, row = finding.effect, finding.tables["without"].to_pylist()[0]
    assert ("found", "divided") == (finding.verdict, finding.grade)
    assert effect is not None
    assert effect.low < 0.4 * row["usual_share"] < effect.high
    assert ["ei", "aei", "modularity", "assortativity", "rwc", "arwc", "boundary", "dipole"] == [
        u["measure"] for u in finding.units
    ]
    assert ["measure", "raw", "null_mean", "null_sd", "normalised", "z", "p_value", "k", "condition"] == list(finding.units[0])


def test_a_p_beyond_the_draws_is_said_to_be_extrapolated() -> None:
    """No p below 0.0005 is told, of all or one, as less than 0.001, with a note on why; no lower level can be asked for."""
    finding = asked(make(WORLD, 1))
    assert finding.effect is not None
    assert (FLOOR, FLOOR) == (finding.effect.p_value, finding.effect.p_floor)
    assert min(unit["p_value"] for unit in finding.units) == FLOOR
    assert "p < 0.001" in say(finding.claim, "en")
    assert "p < 0,001" in say(finding.claim, "fr").replace("\u00a0", " ")
    assert {"n": 15, "least": 1 / 16} == next(n for n in finding.notes if n.key == "polarisation.note.tail").args
    with pytest.raises(BadValue, match="is told of so few draws"):
        run(memory_corpus({}), Params(alpha=1e-4))


@pytest.mark.parametrize(("k", "condition", "en", "fr"), [
    (3, "end", "at the 3 accounts", "camp d’arrivée (Garimella)"), (0.05, "start", "5% of either side", "camp de départ (Salloum)"),
])  # fmt: skip
def test_random_walks_are_told_with_their_k_and_condition(k: float, condition: str, en: str, fr: str) -> None:
    """Rows of RWC and ARWC carry both, the note and the chart say them; the adaptive E-I index has its field's name."""
    finding = asked(make(WORLD, 1), k=k, condition=condition, nulls=5)
    rows = {unit["measure"]: (unit["k"], unit["condition"]) for unit in finding.units}
    assert ((k, condition), (0.01, condition), (None, None)) == (rows["rwc"], rows["arwc"], rows["ei"])
    for text in (next(n for n in finding.notes if n.key == "polarisation.note.walks"), finding.figures[0].note):
        assert text is not None
        assert en in say(text, "en")
        assert fr in say(text, "fr")
    label = "polarisation.values.measure.aei"
    assert ("adaptive E-I index (AEI)", "indice EI adaptatif (AEI)") == tuple(catalogue(x)[label].split(",")[0] for x in LANGUAGES)


def test_accounts_without_a_tie_are_counted() -> None:
    """Thirty of a side that tie to nobody are in no share, and are said."""
    rows = make(WORLD, 1)
    lone = [{"platform": "generic", "account_id": f"lone{i}", "group_name": "larger"} for i in range(30)]
    few = asked(rows, nulls=5)
    more = asked(rows | {"groups": pa.concat_tables([rows["groups"], pa.Table.from_pylist(lone, schema("groups"))])}, nulls=5)
    counts = [{r["about"]: r["value"] for r in f.tables["network"].to_pylist()} for f in (few, more)]
    assert (30, 0) == (counts[1]["untied"] - counts[0]["untied"], counts[1]["accounts"] - counts[0]["accounts"])
    assert counts[1]["untied"] == next(n for n in more.notes if n.key == "polarisation.note.untied").args["n"]


@pytest.mark.parametrize(("sides", "worlds"), [("groups", 20), ("bisection", 20)])
def test_worlds_without_sides_stay_quiet(sides: str, worlds: int) -> None:
    """The rate of divisions found where there is none agrees with 5 % or is lower."""
    null = dataclasses.replace(WORLD, closed=0.0)
    alarms = sum("found" == asked(make(null, seed), sides=sides).verdict for seed in range(100, 100 + worlds))
    assert binomtest(alarms, worlds).proportion_ci(0.99, "exact").low <= 0.05


@pytest.mark.parametrize("sides", ["bisection", "communities"])
def test_strong_camps_are_found_without_being_named(sides: str) -> None:
    """Nine ties in ten kept within the camp are found by a search, which says how it is compared and how steady it is."""
    finding = asked(make(dataclasses.replace(WORLD, closed=0.9, small=0.5), 2), sides=sides, groups="")
    assert "found" == finding.verdict
    assert {f"polarisation.note.{sides}", "polarisation.note.steady"} <= {n.key for n in finding.notes}


def test_the_share_across_equals_the_slow_twin() -> None:
    """Ties across and E-I are those of a loop over ties."""
    drawn = draw(WORLD, 3)
    finding = asked(make(WORLD, 3))
    ties = set(zip(drawn.source.tolist(), drawn.target.tolist(), strict=True))
    share = naive.across(ties, dict(enumerate(drawn.camp.tolist())))
    assert share == pytest.approx(finding.tables["without"].to_pylist()[0]["across_share"])
    assert 2 * share - 1 == pytest.approx(finding.units[0]["raw"])
    assert sum(row["across_ties"] for row in finding.tables["sides"].to_pylist()) % 2 == 0


def test_nobody_is_listed_and_the_query_counts_ties() -> None:
    """No account is in the finding; the query of the evidence counts the ties."""
    rows = make(WORLD, 1)
    finding = asked(rows)
    assert finding.evidence_total == sum(memory_corpus(rows).query(finding.evidence_query)["ties"].to_pylist())
    cells = {str(v) for table in finding.tables.values() for row in table.to_pylist() for v in row.values()}
    assert set() == cells & set(rows["groups"]["account_id"].to_pylist())
    assert () == finding.evidence


def test_what_is_left_out_is_counted() -> None:
    """Accounts without a group, in two, and in a group of three are no part of it, and the table says how many."""
    rows = make(WORLD, 1)
    groups = [r for r in rows["groups"].to_pylist() if r["group_name"] != "bearers" and int(r["account_id"][1:]) >= 20]
    groups += [{"platform": "generic", "account_id": f"a{i}", "group_name": "tiny"} for i in range(3)]
    groups += [{"platform": "generic", "account_id": f"a{i}", "group_name": g} for i in range(3, 7) for g in ("larger", "smaller")]
    rows["groups"] = pa.Table.from_pylist(groups, schema("groups"))
    finding = asked(rows, groups="")
    about = {r["about"]: r["value"] for r in finding.tables["network"].to_pylist()}
    assert (13, 4, 3) == (about["sideless"], about["several"], about["small"])
    assert about["measured"] == about["accounts"] - 20 - about["outside"]
    told = next(say(n, "en") for n in finding.notes if n.key == "polarisation.note.sideless")
    assert told.endswith("left out: 13 in none of these groups, 4 in several groups, and 3 in groups of fewer than 10.")


def block(name: str, size: int, seed: int) -> list[tuple[str, str]]:
    """Tie ``size`` accounts to one another, in a ring and anyhow: one connected piece."""
    rng = np.random.default_rng(seed)
    anyhow = [(a, b) for a, b in rng.integers(size, size=(2 * size, 2)).tolist() if a != b]
    return [(f"{name}{a}", f"{name}{b}") for a, b in [*((i, (i + 1) % size) for i in range(size)), *anyhow]]


def sided(names: str, size: int) -> dict[str, str]:
    """Put accounts on the side of their name's letter."""
    return {f"{name}{i}": name.upper() for name in names for i in range(size)}


@pytest.mark.parametrize(("ties", "key"), [
    ([], "apart"), ([("l0", "x"), ("x", "r0")], "bridged"), ([("r0", "s0")], "pieces"),
])  # fmt: skip
def test_sides_in_different_pieces_are_said_to_be(ties: list[tuple[str, str]], key: str) -> None:
    """Camps that no tie joins, that meet through accounts without a side, or that meet elsewhere: no "nothing to hold apart"."""
    ties = [*block("l", 60, 1), *block("r", 25, 2), *block("s", 20, 3), *ties]
    finding = asked(network(ties, sided("l", 60) | sided("r", 25) | sided("s", 20)), groups="")
    assert ("insufficient", "pieces", f"polarisation.claim.{key}") == (finding.verdict, finding.gate, finding.claim.key)
    assert "L, R and S" in say(finding.claim, "en") or "L, R, and S" in say(finding.claim, "en")
    assert "L, R et S" in say(finding.claim, "fr")


def test_a_camp_outside_of_the_piece_is_named() -> None:
    """Of three camps one lies in a piece of its own: the claim and a note name it, with its accounts; two sides are measured."""
    ties = [*block("l", 40, 1), *block("r", 40, 2), *block("c", 30, 3), *((f"l{i}", f"r{i}") for i in range(3))]
    finding = asked(network(ties, sided("lr", 40) | sided("c", 30)), groups="")
    note = next(n for n in finding.notes if n.key == "polarisation.note.outside_sides")
    assert (30, pytest.approx(30 / 110)) == (note.args["n"], note.args["share"])
    for lang, told in (("en", "of “C” 30 of 30"), ("fr", "de « C », 30 sur 30")):
        assert told in say(finding.claim, lang).replace("\u00a0", " ")
        assert told in say(note, lang).replace("\u00a0", " ")
    assert ["L", "R"] == finding.tables["sides"]["side"].to_pylist()


def test_a_cut_of_one_piece_of_two_says_what_lies_outside() -> None:
    """Two pieces of equal size, cut in two: that half of the accounts were not looked at stands in the claim."""
    finding = asked(network([*block("l", 60, 1), *block("r", 60, 2)], {}), sides="bisection", groups="", nulls=5)
    assert "60 accounts (50% of those with ties) lie outside of the piece measured" in say(finding.claim, "en")


def test_given_sides_that_ties_lost_leave_in_pieces_say_what_lies_outside() -> None:
    """Five hubs without a side hold half of a side to the rest: what is outside without their ties stands in the claim."""
    hubs = [(f"{side}{i}", f"h{i % 5}") for side in "lr" for i in range(40)]
    ties = [*block("l", 40, 1), *block("r", 20, 2), *hubs, ("l0", "r0")]
    finding = asked(network(ties, sided("lr", 40)), groups="", nulls=5)
    assert "20 accounts (23.5% of those with ties) lie outside of the piece measured" in say(finding.claim, "en")
    assert [] == [note for note in finding.notes if note.key == "polarisation.note.outside_sides"]


def test_of_three_sides_the_one_that_keeps_apart_is_named() -> None:
    """A and B are halves of one block, C is apart: C is named, A and B are said not to keep apart, with shares beside the draws."""
    side = {a: "AB"[int(a[1:]) % 2] for a in sided("m", 80)} | sided("c", 40)
    finding = asked(network([*block("m", 80, 1), *block("c", 40, 2), ("m0", "c0"), ("m7", "c9")], side), groups="")
    rows = {row["side"]: row for row in finding.tables["sides"].to_pylist()}
    assert rows["C"]["across_share"] < rows["C"]["usual_share"]
    assert 0.05 >= rows["C"]["q_value"] >= rows["C"]["p_value"]
    pairs = {(row["side"], row["other"]): row for row in finding.tables["pairs"].to_pylist()}
    assert pairs["A", "B"]["q_value"] > 0.05 >= pairs["A", "C"]["q_value"]
    assert (2, pairs["A", "B"]["ties"] + 2) == (rows["C"]["across_ties"], rows["A"]["across_ties"] + pairs["B", "C"]["ties"])
    assert "at least one of 3 sides that keeps apart, most of all “C”" in say(finding.claim, "en")
    assert "Not shown to keep apart: “A” from “B”." in say(finding.claim, "en")
    assert "« C » plus que tout autre" in say(finding.claim, "fr").replace("\u00a0", " ")


def test_accounts_in_several_groups_are_said_to_be() -> None:
    """Everybody is in a camp and in another group: with groups asked for, and without, it is said how to name the sides."""
    rows = network([*block("l", 30, 1), *block("r", 30, 2), ("l0", "r0")], sided("lr", 30))
    also = [{"platform": "x", "account_id": a, "group_name": "all"} for a in sided("lr", 30)]
    rows["groups"] = pa.concat_tables([rows["groups"], pa.Table.from_pylist(also, schema("groups"))])
    finding = asked(rows, sides="groups", groups="")
    assert ("sides", "polarisation.claim.several", 60) == (finding.gate, finding.claim.key, finding.claim.args["several"])
    cut = asked(rows, groups="", nulls=5)
    assert {"n": 3, "several": 60, "least": 10} == next(n for n in cut.notes if n.key == "polarisation.note.unused_several").args
    assert "found" == asked(rows, groups="L,R").verdict


def test_ties_lost_to_a_group_that_overlaps_the_camps_are_counted_and_it_is_named() -> None:
    """A list for another question takes its accounts out of the camps: how many ties that costs is said, and the remedy."""
    rows = network([*block("l", 40, 1), *block("r", 40, 2), ("l0", "r0"), ("l1", "r1")], sided("lr", 40))
    whole = asked(rows, groups="L,R", nulls=5)
    also = [{"platform": "x", "account_id": f"{side}{i}", "group_name": "signed"} for side in "lr" for i in range(20, 26)]
    rows["groups"] = pa.concat_tables([rows["groups"], pa.Table.from_pylist(also, schema("groups"))])
    cut = asked(rows, groups="", nulls=5)
    told = next(n for n in cut.notes if n.key == "polarisation.note.several")
    assert (12, whole.evidence_total) == (told.args["n"], cut.evidence_total)
    ties = [{r["about"]: r["value"] for r in one.tables["network"].to_pylist()}["ties"] for one in (whole, cut)]
    assert (ties[0] - ties[1], ties[1]) == (told.args["ties"], told.args["kept"])
    assert "“L” and “signed” (6)" in say(told, "en")
    assert "groups=A,B" in say(told, "fr")
    assert "polarisation.note.several" not in {n.key for n in asked(rows, groups="L,R", nulls=5).notes}


def test_a_ring_says_in_the_claim_that_its_halves_are_not_settled() -> None:
    """A ring without sides falls in two wherever it is cut: the claim says that searches do not agree."""
    ties = [(f"a{i}", f"a{(i + step) % 200}") for i in range(200) for step in (1, 2, 3)]
    finding = asked({"edges": network(ties, {})["edges"]}, groups="")
    assert finding.claim.args["more"].key == "polarisation.claim.unsteady"
    assert "searches from five seeds agree by 0." in say(finding.claim, "en")


def test_two_stars_are_the_fans_of_two_accounts() -> None:
    """Everybody ties to one of two hubs and to anybody: divided, and no longer without the hubs."""
    rng = np.random.default_rng(4)
    side = {f"a{i}": "left" if i < 60 else "right" for i in range(120)}
    ties = [(f"a{i}", "a0" if i < 60 else "a60") for i in range(120) if i not in (0, 60)]
    ties += [(f"a{a}", f"a{b}") for a, b in rng.integers(1, 120, (150, 2)).tolist() if 60 not in (a, b) and a != b]
    finding = asked(network(ties, side), groups="")
    assert ("found", "favoured") == (finding.verdict, status(finding, "hub"))
    assert ["all", "made", "hub"] == [row["kept"] for row in finding.tables["without"].to_pylist()]


def test_sides_that_are_languages_are_said_to_be() -> None:
    """Each side writes one language: the data favour it. Languages spread over sides: they speak against it."""
    rows = make(WORLD, 1)
    camp = {r["account_id"]: r["group_name"] for r in rows["groups"].to_pylist() if r["group_name"] != "bearers"}
    for mixed in (False, True):
        posts = [
            {
                "platform": "generic",
                "post_id": a,
                "account_id": a,
                "language": "en" if (i % 2 if mixed else g == "larger") else "fr",
            }
            for i, (a, g) in enumerate(camp.items())
        ]
        found = asked(rows | {"posts": pa.Table.from_pylist(posts, schema("posts"))}, network="camps")
        assert ("disfavoured" if mixed else "favoured") == status(found, "language")


def test_coordinated_accounts_are_left_out_and_the_difference_is_shown() -> None:
    """Members of networks found before are taken away; the table shows the division with and without them."""
    members = pa.table({"platform": ["generic"] * 30, "account_id": [f"a{i}" for i in range(30)], "in_network": [True] * 30})
    finding = asked(make(WORLD, 1), results={"coordination.accounts": members})
    rows = {row["kept"]: row for row in finding.tables["without"].to_pylist()}
    assert rows["coordinated"]["accounts"] <= rows["all"]["accounts"] - 25
    assert "disfavoured" == status(finding, "coordinated")
    assert "not_tested" == status(asked(make(WORLD, 1)), "coordinated")


def test_a_controversy_is_never_found() -> None:
    """What the sides say is never tested: it is asked for, and the claim says that two clusters are not a controversy."""
    finding = asked(make(WORLD, 1))
    subject = next(r for r in finding.rivals if r.name == "subject")
    assert ("not_tested", "polarisation.missing.stance") == (subject.status, subject.missing and subject.missing.key)
    assert "not a controversy" in str(finding.claim)
