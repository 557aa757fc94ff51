"""Are camps found only where people differ, whoever says which, and is every claim of approval what was asked?"""

import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.analyses._bridging_estimate import Votes, declared, follow
from agorascope.analyses.bridging import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.records import schema
from agorascope.stats.no_camps import camps_beyond_chance
from agorascope.stats.opinion_groups import opinion_groups
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.bridges import BridgesWorld, draw, make
from tests.analyses.test_bridging import PLANTED, asked, reposts


def test_camps_that_differ_only_in_leniency_are_none() -> None:
    """Two groups that agree on everything but how easily they approve are not camps: ten worlds, at most two alarms."""
    world = BridgesWorld(raters=200, items=60, votes=25, lenient=1.5, cold=0.0, camps=False)
    alarms = 0
    for seed in range(10):
        votes = draw(world, 900 + seed)[0]
        split, _ = camps_beyond_chance(votes.rater, votes.item, votes.value, raters=200, items=60, draws=39, seed=seed)
        alarms += split is not None and split.p_value <= 0.05
    assert alarms <= 2


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds where nothing is valued across camps, alarms at nominal 5 % agree with 5 % or are rarer.

    But for the one the page tells of: tastes across lenient groups.
    """
    cells = load("bridging")["cells"]
    assert cells
    assert ["declared-factions"] == [c["cell"] for c in cells if c["low"] > 0.05]


def test_groups_made_from_the_votes_do_not_show_camps() -> None:
    """Votes without camps, groups by the side of their first component as Polis exports them: of twenty at most three alarms.

    Tested as if declared the first three are all found; the note says how they are tested, and the claim tells approval by all.
    """
    world = BridgesWorld(raters=200, items=40, votes=30, cold=0.0, camps=False, labelled=True)
    alarms, loose = [], []
    for seed in range(20):
        rows = make(world, seed)
        alarms.append(asked(rows, draws=19))
        if seed < 3:
            loose.append(asked({n: t.drop_columns("file_id") for n, t in rows.items()}, draws=19).verdict)
    assert sum(f.verdict == "found" for f in alarms) <= 3  # 1 of 20 expected; 4 or more happen once in 60
    assert ["found"] * 3 == loose
    quiet = next(f for f in alarms if f.verdict == "not_found")
    assert ["bridging.note.made", {"0", "1"}] == [quiet.notes[0].key, set(quiet.tables["camps"]["camp"].to_pylist())]
    assert max(u["approved_share"] for u in quiet.units) == quiet.claim.args["share"]


def test_camps_that_made_the_groups_of_the_export_are_still_found() -> None:
    """Where there are two camps the groups that follow from the votes keep their labels, and camps and bridges are found."""
    finding = asked(make(dataclasses.replace(PLANTED, labelled=True), 3))
    assert ("found", "bridging.note.made") == (finding.verdict, finding.notes[0].key)


def test_a_polis_export_of_votes_without_camps_is_quiet(tmp_path: Path) -> None:
    """From the file: groups of the export are labels; the same groups in a file of their own are declared."""
    rng = np.random.default_rng(14)
    votes = np.where(rng.random((120, 20)) < rng.uniform(0.2, 0.9, 20), 1, -1)
    side = np.linalg.svd(votes - votes.mean(axis=0))[0][:, 0] > 0
    head = ["participant", "group-id", *map(str, range(20))]
    lines = [[i, int(side[i]), *votes[i]] for i in range(120)]
    notes = {}
    for name, tables in (
        ("one", {"v.csv": [head, *lines]}),
        ("two", {"v.csv": [[r[0], *r[2:]] for r in (head, *lines)], "g.csv": [["account_id", "group"], *(r[:2] for r in lines)]}),
    ):
        case = new_case(tmp_path / name)
        for file, rows in tables.items():
            (tmp_path / file).write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
            case.add(tmp_path / file)
        finding = case.run("bridging", draws=19)
        notes[finding.notes[0].key] = finding.verdict
    assert {"bridging.note.made": "not_found", "bridging.note.declared": "found"} == notes


def alike(value: float) -> dict[str, pa.Table]:
    """Make votes of one value: raters of two groups on items of their own, and on two of all."""
    rows = [
        {"platform": "x", "rater": f"v{n}", "item": f"i{i}", "value": value}
        for n in range(60)
        for i in range(20)
        if i < 2 or (i + n) % 2 == 0
    ]
    members = [{"platform": "x", "account_id": f"v{n}", "group_name": f"g{n % 2}"} for n in range(60)]
    return {
        "ratings": pa.Table.from_pylist(rows, schema("ratings")),
        "groups": pa.Table.from_pylist(members, schema("groups")),
    }


def test_only_values_above_0_are_acts_of_approval() -> None:
    """A table where every value is -1 or 0 is no table of approvals; one of 1 is, and is told as approval, not as sharing."""
    for value in (-1.0, 0.0):
        finding = asked(alike(value))
        assert ("insufficient", "votes", "bridging.claim.unanimous") == (finding.verdict, finding.gate, finding.claim.key)
    found = asked(alike(1.0))
    assert ("found", "bridging.claim.found_ones", {"i0", "i1"}) == (found.verdict, found.claim.key, {e.id for e in found.evidence})
    assert {"ratings"} == {e.table for e in found.evidence}
    assert "FROM ratings" in found.evidence_query
    told = [found.claim, *found.notes, *(r.missing for r in found.rivals if r.missing)]
    assert not [t for t in told for word in ("passed on", "post", "account") if word in say(t, "en")]
    beside = {n: t.append_column("file_id", pa.array([1] * t.num_rows, pa.int64())) for n, t in alike(1.0).items()}
    assert ("insufficient", "bridging.claim.made") == (asked(beside).verdict, asked(beside).claim.key)
    assert "on ne peut pas tester s’ils forment des camps" in say(asked(beside).claim, "fr")


@pytest.mark.parametrize("score", ["minimum", "consensus", "intercept"])
def test_the_claim_says_which_score_it_tells(score: str) -> None:
    """Only the minimum is a share of the camp that approves least; the product and the intercept are told as what they are."""
    finding = asked(make(PLANTED, 3), score=score)
    scored = finding.claim.args["scored"]
    assert f"bridging.scored.{score}" == scored.key
    assert finding.units[0]["score"] == pytest.approx(scored.args["score"])
    assert ("in the camp that approves least" in say(finding.claim, "en")) == (score == "minimum")
    told = {"minimum": "least_share"}.get(score, score)
    assert {f"bridging.counts.{told}"} == {e.role.args["counts"] for e in finding.evidence}


def test_a_level_no_draw_can_reach_is_refused() -> None:
    """A level below 1 / (draws + 1) would find nothing ever: the draws it takes are told."""
    with pytest.raises(BadValue, match=r"alpha is 0.005, .* 99 draws is 0.01; use draws=199 or more"):
        asked(make(PLANTED, 3), alpha=0.005, draws=99)
    with pytest.raises(BadValue, match=r"use draws=2000 and alpha=0.0005, or"):
        asked(make(PLANTED, 3), alpha=1e-5)
    assert "found" == asked(make(PLANTED, 3), alpha=0.01, draws=99).verdict


def test_a_vote_for_is_above_a_threshold_on_the_scale_and_said() -> None:
    """The default is the middle, and a note says it; a threshold off the scale, or none, is refused."""
    rows = make(PLANTED, 3)
    for wrong in (float("nan"), 1.0, 7.0, -0.5):
        with pytest.raises(BadValue, match="votes go from 0 to 1; use at least 0 and less than 1"):
            asked(rows, above=wrong)
    note = next(n for n in asked(rows).notes if n.key == "bridging.note.middle")
    assert {"middle": 0.5, "low": 0.0, "high": 1.0} == dict(note.args)
    assert "bridging.note.middle" not in [n.key for n in asked(rows, above=0.0).notes]


def test_acts_of_accounts_in_no_camp_are_not_in_the_share_of_camps() -> None:
    """Reposts by accounts of no group do not count among those of the camps: no share is above 1."""
    rows = reposts(parted=False)
    grouped = rows["groups"].slice(0, 40)
    shares = [u["approved_share"] for u in asked(rows | {"groups": grouped}).units]
    assert max(shares) < 0.7


def test_one_item_tells_no_camps() -> None:
    """Votes on one item, and votes that are all alike, are refused in words."""
    votes = [{"platform": "unknown", "rater": f"v{n}", "item": "a", "value": float(n % 3 == 0)} for n in range(90)]
    for rows in (votes, [row | {"value": 1.0} for row in votes]):
        finding = run(memory_corpus({"ratings": pa.Table.from_pylist(rows, schema("ratings"))}), Params())
        assert finding.verdict == "insufficient"
        assert say(finding.claim, "fr")


OPPOSED = BridgesWorld(
    raters=240, items=30, votes=27, cold=0, minority=0.5, bridges=0, disliked_share=0, own=0.97, other=0.35, labelled=True
)


@pytest.mark.parametrize("matched", [0.5, 0.7, 0.9])
def test_groups_beside_the_votes_that_are_partly_the_camps_are_none(matched: float) -> None:
    """Two camps at odds over every item; groups are those of half of the raters, or of more: items common to both say nothing."""
    for seed in range(3):
        mixed = asked(make(dataclasses.replace(OPPOSED, matched=matched), seed), draws=19)
        assert ("insufficient", "camps", "bridging.claim.unlike") == (mixed.verdict, mixed.gate, mixed.claim.key)
        made = asked(make(OPPOSED, seed), draws=19)
        assert "insufficient" != made.verdict


def test_groups_that_are_a_lesser_division_of_the_votes_do_not_hide_the_camps() -> None:
    """On 16 items of 46 two regions are at odds, on the others the camps: what both regions like, one of the camps rejects."""
    world = dataclasses.replace(OPPOSED, items=46, votes=43, matched=0.5, local=16)
    for seed in range(3):
        finding = asked(make(world, seed), draws=19)
        assert ("not_found", "bridging.claim.not_found_made") == (finding.verdict, finding.claim.key)
        assert 10 < finding.claim.args["named"] <= 30
        assert not any(u["place"] in ("across", "across_met") for u in finding.units)
        assert max(u["sure_share"] for u in finding.units) <= 0.5
        assert all(say(one, lang) for one in (finding.claim, *finding.notes) for lang in LANGUAGES)


def test_a_camp_that_groups_swallow_has_its_say() -> None:
    """Three camps, of which groups beside the votes know two: what the third rejects is not valued across camps, and it is said."""
    rng = np.random.default_rng(1)
    camp, kind = np.repeat([0, 1, 2], [100, 100, 40]), np.arange(36) % 3
    odds = np.array([[0.95, 0.1, 0.5], [0.1, 0.95, 0.5], [0.9, 0.9, 0.05]])[kind]
    votes = [
        {
            "platform": "x",
            "rater": f"v{r}",
            "item": f"i{i}",
            "value": 1.0 if rng.random() < odds[i, camp[r]] else -1.0,
            "file_id": 1,
        }
        for r in range(240)
        for i in range(36)
    ]
    groups = [{"platform": "x", "account_id": f"v{r}", "group_name": str(min(camp[r], 1)), "file_id": 1} for r in range(240)]
    rows = {"ratings": votes, "groups": groups}
    finding = asked({n: pa.Table.from_pylist(r, schema(n).append(pa.field("file_id", pa.int64()))) for n, r in rows.items()})
    assert ("not_found", 12) == (finding.verdict, finding.claim.args["named"])
    assert "40" in say(next(n for n in finding.notes if n.key == "bridging.note.beside"), "en")


def test_ages_of_a_file_of_their_own_do_not_take_the_place_of_the_groups_of_the_votes() -> None:
    """Ages name no camps: the groups of the export stay, and a note names the ages; camps of a file of their own go first."""
    rows = make(OPPOSED, 0)
    raters = sorted(set(rows["ratings"]["rater"].to_pylist()))
    for variable, kept in (("age", {"0", "1"}), ("camp", {"camp:a", "camp:b"})):
        more = [
            {"platform": "x", "account_id": r, "group_name": f"{variable}:{'ab'[i % 2]}", "file_id": 2}
            for i, r in enumerate(raters)
        ]
        both = pa.concat_tables([rows["groups"], pa.Table.from_pylist(more, rows["groups"].schema)])
        finding = asked(rows | {"groups": both}, draws=19)
        assert kept == {row["camp"] for row in finding.tables["camps"].to_pylist()}
        keys = {n.key for n in finding.notes}
        assert ("divisions.aside" in keys, "bridging.note.aside" in keys) == (variable == "age", variable == "camp")


def test_an_export_made_before_statements_were_moderated_out_is_read() -> None:
    """Groups were made without a third of the items, whose votes stand in the file: in ten worlds they are read as groups made."""
    world = dataclasses.replace(OPPOSED, raters=90, minority=0.35, bridges=0.2, own=0.85, other=0.15, votes=15, items=40)
    for seed in range(10):
        votes, _ = draw(dataclasses.replace(world, labelled=False), seed)
        left = np.random.default_rng(seed).permutation(40)[:13]
        made = opinion_groups(votes.rater, votes.item, 2 * votes.value - 1, raters=90, items=40, left_out=left)
        camps = declared(made.group, [str(g) for g in range(made.group.max() + 1)], made=True)
        assert follow(Votes(votes.rater, votes.item, votes.value, votes.value, 90, 40, acts=False), camps)
