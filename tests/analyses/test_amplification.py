"""Does the audit climb its ladder rightly, and refuse what it cannot carry?"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.analyses._amplification_cast import cast
from agorascope.analyses.amplification import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import message, say
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

DATE = str(np.datetime64(START_US + 27 * 7 * DAY_US, "us").astype("datetime64[D]"))


def answer(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Run the analysis on tables."""
    return said(run(memory_corpus(tables), Params(**params)))


@cache
def world(mechanism: str = "push", size: float = 2.5, rivals: bool = True, accounts: int = 33) -> dict[str, pa.Table]:
    """Make the panel of one world with three treated accounts."""
    planted = audience.AudienceWorld(mechanism=mechanism, size=size, treated=3, accounts=accounts, noise=0.2)  # type: ignore[arg-type]
    return audience_tables.panel_tables(planted, 3, rivals=rivals)


@cache
def found(mechanism: str = "push") -> Finding:
    """Give the finding on such a world."""
    return answer(world(mechanism), treated="treated", date=DATE)


def test_a_push_is_exposure_led() -> None:
    """A planted push is found, held by its interval, graded exposure-led, and the rival named push is favoured."""
    finding = found()
    assert ("found", "exposure_led") == (finding.verdict, finding.grade)
    assert finding.effect is not None
    assert finding.effect.low < 2.5 < finding.effect.high  # type: ignore[operator]
    assert {"push": "favoured", "interest": "disfavoured", "loop": "disfavoured"} == {
        r.name: r.status for r in finding.rivals if r.name in ("push", "interest", "loop")
    }


@pytest.mark.parametrize("mechanism", ["interest", "loop"])
def test_demand_is_demand_led(mechanism: str) -> None:
    """Planted interest and a planted loop are graded demand-led, or left unidentified; never exposure-led."""
    assert found(mechanism).grade in ("demand_led", "not_identified")


def test_passing_visitors_are_not_a_push() -> None:
    """Attention from outside, x5, that fades and lowers engagement per view is found and not identified, and the reason is said."""
    finding = answer(world("outsiders", 5.0, rivals=False), treated="treated", date=DATE)
    assert ("found", "not_identified") == (finding.verdict, finding.grade)
    assert "amplification.note.unnamed_fades" in [n.key for n in finding.notes]
    assert {"grew": "disfavoured", "faded": "favoured"} == {r.name: r.status for r in finding.rivals if r.name in ("grew", "faded")}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_demotion_is_worded_as_a_fall(lang: str) -> None:
    """The claim of a demotion says that those who still saw posts engaged more, with ratio and interval; so do the rivals."""
    finding = answer(world(size=0.4), treated="treated", date=DATE)
    assert ("found", "exposure_led") == (finding.verdict, finding.grade)
    assert "amplification.claim.exposure_led_down" == finding.claim.key
    told = {r.name: r for r in finding.rivals}
    assert "favoured" == told["push"].status
    assert {"en": "fewer people", "fr": "moins de monde"}[lang] in say(told["push"].statement, lang)
    assert {"en": "engaged more per view", "fr": "davantage par vue"}[lang] in say(finding.claim, lang)
    assert finding.claim.args["conversion_low"] > 1


def test_less_demand_is_worded_as_a_fall() -> None:
    """Reach and engagement per view fall together, for good: demand-led, carried by less interest and not by more."""
    finding = answer(falling(world("none", rivals=False)), treated="treated", date=DATE)
    assert ("found", "demand_led") == (finding.verdict, finding.grade)
    assert "less interest per view" in say(finding.claim, "en")
    assert "moins d’intérêt par vue" in say(finding.claim, "fr")
    assert not any("more interest" in say(m, "en") for m in (finding.claim, *(r.statement for r in finding.rivals)))


def falling(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Let views of the treated fall more and more from the date on, and engagement more than views."""
    start = START_US + 27 * 7 * DAY_US
    rows = tables["panels"].to_pylist()
    for row in rows:
        if row["account_id"] in ("a00", "a01", "a02") and row["period_start_us"] >= start and row["value"] is not None:
            weeks = (row["period_start_us"] - start) // (7 * DAY_US)
            row["value"] *= {"views": 0.7, "likes": 0.4, "reposts": 0.4}.get(row["metric"], 0.0) * 0.9**weeks or 1.0
    return tables | {"panels": pa.Table.from_pylist(rows, tables["panels"].schema)}


def test_no_event_in_the_list_is_no_evidence() -> None:
    """An event far from the date leaves the rival undecided, and one within the interval of a searched date is counted."""
    tables = world()
    far = pa.array([START_US], tables["events"].schema.field("at_us").type)
    moved = tables["events"].set_column(tables["events"].schema.get_field_index("at_us"), "at_us", far)
    event = next(r for r in answer(tables | {"events": moved}, treated="treated", date=DATE).rivals if r.name == "event")
    assert ("undecided", 0.0) == (event.status, event.statistic)
    searched = next(r for r in answer(tables, treated="treated").rivals if r.name == "event")
    assert ("undecided", 1.0) == (searched.status, searched.statistic)


def test_nothing_planted_is_not_found() -> None:
    """The matched null is not found."""
    assert found("none").verdict != "found"


def test_the_split_adds_up() -> None:
    """The parts multiply to the whole."""
    ratios = {u["part"]: u["ratio"] for u in found().units}
    whole = ratios.pop("engagement")
    assert whole == pytest.approx(np.prod(list(ratios.values())), rel=1e-6)
    assert {"volume", "followers", "reach_per_follower", "conversion"} == set(ratios)


def test_few_controls_are_said() -> None:
    """With nine accounts the floor is above alpha: not identified, and more controls are asked for."""
    finding = answer(world(accounts=9), treated="a00", date=DATE, controls="others")
    assert ("insufficient", "not_identified") == (finding.verdict, finding.grade)
    assert "amplification.missing.controls" in [n.key for n in finding.notes]


def test_an_account_on_two_sides_is_refused() -> None:
    """Treated and control at once is refused by the gate, with the account named."""
    finding = answer(world(), treated="treated", controls="others,a00", date=DATE)
    assert ("insufficient", None, "roles") == (finding.verdict, finding.grade, finding.gate)
    assert "a00" in say(finding.claim, "fr")


def test_posts_and_panels_agree() -> None:
    """The audit of single posts gives the ratio of the audit of their sums."""
    planted = audience.AudienceWorld(mechanism="push", size=2.5, treated=2, accounts=12, posts=8.0)
    sums, posts = (make(planted, 1) for make in (audience_tables.panel_tables, audience_tables.tables))
    ratios = [answer(t, treated="treated", date=DATE, draws=99).effect.value for t in (sums, posts)]  # type: ignore[union-attr]
    assert ratios[0] == pytest.approx(ratios[1], rel=0.05)


def test_a_name_nobody_bears_is_refused() -> None:
    """An unknown account, metric or date says what can be used."""
    for wrong in ({"treated": "nobody"}, {"metric": "smiles"}, {"date": "July"}):
        with pytest.raises(BadValue, match=r"nobody|smiles|July"):
            answer(world(), **{"treated": "treated", "date": DATE} | wrong)


def test_without_controls_a_break_is_dated_and_views_are_asked_for() -> None:
    """One account alone has a dated break, no effect, and the grade says that it is not identified."""
    tables = world(rivals=False)
    panels = tables["panels"].filter(pa.compute.equal(tables["panels"]["account_id"], "a00"))
    finding = answer({"panels": panels}, treated="a00")
    assert ("insufficient", "not_identified") == (finding.verdict, finding.grade)
    assert finding.units[0]["at_low_us"] <= START_US + 27 * 7 * DAY_US <= finding.units[0]["at_high_us"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_date_given_is_said_once(lang: str) -> None:
    """Alone at a date given, the claim names that date once and gives it no interval; a searched one has two ends."""
    tables = world(rivals=False)
    panels = tables["panels"].filter(pa.compute.equal(tables["panels"]["account_id"], "a00"))
    day = say(message("amplification.since.given", date=START_US + 27 * 7 * DAY_US), lang).split(" ", 1)[1]
    given = answer({"panels": panels}, treated="a00", date=DATE).claim
    assert "amplification.claim.alone_break_given" == given.key
    assert 1 == say(given, lang).count(day.removesuffix(" on").removeprefix("partir du "))
    searched = answer({"panels": panels}, treated="a00").claim
    one = searched.args["first"] == searched.args["last"]
    assert f"amplification.claim.alone_break{'_one' if one else ''}" == searched.key


def test_the_figure_says_what_is_shaded() -> None:
    """At a date given the new regime only; where a date was searched its interval too: one row of ``dated`` each."""
    notes = {1: "paths_note", 2: "paths_note_searched"}
    for finding in (found(), answer(world(), treated="treated", draws=99)):
        paths = next(f for f in finding.figures if f.name == "paths")
        assert paths.note is not None
        assert f"amplification.figure.{notes[finding.tables['dated'].num_rows]}" == paths.note.key


def test_a_screen_finds_who_moved() -> None:
    """Without names, the accounts pushed are those that the screen finds, and no other."""
    finding = answer(world(size=4.0))
    assert "found" == finding.verdict
    assert {"a00", "a01", "a02"} >= {u["account_id"] for u in finding.units if u["p_value"] <= 0.05}


def test_no_mechanism_is_favoured_where_nothing_is_found() -> None:
    """Ten accounts cannot reach 5 %: whatever the marks say, push, interest and loop stay undecided."""
    few = audience.AudienceWorld(mechanism="push", size=2.5, treated=1, accounts=10, noise=0.2)
    finding = answer(audience_tables.panel_tables(few, 3), treated="treated", date=DATE)
    assert ("insufficient", "not_identified") == (finding.verdict, finding.grade)
    told = {r.name: r.status for r in finding.rivals}
    assert {"undecided"} == {told[name] for name in ("push", "interest", "loop")}


def test_an_account_may_change_groups_whatever_name_lists_it(tmp_path: Path) -> None:
    """Listed by handle in one group until June and by id in another from June on: it is on one side at a time."""
    case = new_case(tmp_path / "c", salt="s")
    (tmp_path / "p.csv").write_text(
        "post_id,account_id,handle,created_at,views\n1,123,x_paper,2024-05-01,3\n2,7,other,2024-05-02,4\n3,8,third,2024-05-02,4\n"
    )
    rows = "@x_paper,a,,2024-06-01\n123,b,2024-06-01,\n7,a,,\n8,b,,\n"
    (tmp_path / "g.csv").write_text(f"account_id,group,since,until\n{rows}")
    case.add(tmp_path / "p.csv")
    case.add(tmp_path / "g.csv", format="groups")
    assert {} == cast(case.corpus(), "a", "").doubled


def test_an_account_hardly_seen_after_the_date_is_not_said_to_be_unmoved() -> None:
    """Views of the treated are known in one week after the date: too few periods, and not "no break"."""
    few = audience.AudienceWorld(mechanism="push", size=2.5, treated=1, accounts=25, noise=0.2)
    tables = audience_tables.panel_tables(few, 3)
    panels = tables["panels"]
    cut = START_US + 28 * 7 * DAY_US
    lost = [
        row["account_id"] == "a00" and row["period_start_us"] >= cut and row["metric"] != "posts"
        for row in panels.select(["account_id", "period_start_us", "metric"]).to_pylist()
    ]
    finding = answer(tables | {"panels": panels.filter(pa.array([not gone for gone in lost]))}, treated="treated", date=DATE)
    assert ("insufficient", "periods") == (finding.verdict, finding.gate)
