"""Does the audit allow for what the capture lost: refuse, leave out, bound or warn, as far as counters tell?"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import _amplification_capture as capture
from agorascope.analyses._amplification_estimate import Detectable
from agorascope.analyses._amplification_reduce import Panel
from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

WEEK_US = 7 * DAY_US
DATE = str(np.datetime64(START_US + 27 * WEEK_US, "us").astype("datetime64[D]"))
CHECK = {"platform": None, "unit": "s", "value": 1.0}


@cache
def world(accounts: int = 25) -> dict[str, pa.Table]:
    """Make the panel of a world with one account pushed at week 27."""
    planted = audience.AudienceWorld(mechanism="push", size=2.5, treated=1, accounts=accounts, noise=0.2)
    return audience_tables.panel_tables(planted, 3)


def audit(checks: list[dict[str, Any]] = (), captured: list[dict[str, Any]] = (), **params: Any) -> Finding:  # type: ignore[assignment]
    """Audit that world, the capture as told."""
    derived = {"coverage.checks": pa.Table.from_pylist([CHECK | c for c in checks] or [fault("a00", 0, 1, status="ok")])}
    if captured:
        derived["coverage.captured"] = pa.Table.from_pylist(captured)
    corpus = memory_corpus(world(), results=derived)
    return said(run(corpus, Params(**{"treated": "a00", "date": DATE, "draws": 99} | params)))


def fault(account: str | None, first: int, last: int, *, check: str = "low_run", status: str = "fault") -> dict[str, Any]:
    """State a fault of weeks first to last (exclusive)."""
    span = {"start_us": START_US + first * WEEK_US, "end_us": START_US + last * WEEK_US}
    return CHECK | {"check": check, "status": status, "account_id": account} | span


def counter(account: str, share: float, first: int, last: int) -> dict[str, Any]:
    """State what an account's counter says of weeks first to last (exclusive)."""
    span = {"start_us": START_US + first * WEEK_US, "end_us": START_US + last * WEEK_US}
    return {"platform": None, "account_id": account, "captured": 100 * share, "counter": 100.0} | span


def notes(finding: Finding) -> dict[str, dict[str, Any]]:
    """Give the notes by their names."""
    return {n.key.removeprefix("amplification.note."): n.args for n in finding.notes}


@pytest.mark.parametrize("weeks", [(25, 29), (28, 35), (2, 20)])
def test_a_fault_of_the_audited_across_the_date_or_over_most_of_a_side_refuses(weeks: tuple[int, int]) -> None:
    """Where the capture of the audited account fails across the date, or in most of its weeks on a side, nothing is told."""
    finding = audit([fault("a00", *weeks)])
    assert ("insufficient", None, "capture_treated") == (finding.verdict, finding.grade, finding.gate)
    assert "défaillante" in say(finding.claim, "fr")


def test_faults_of_unknown_extent_are_left_out_and_counted() -> None:
    """Two weeks of the audited account, three of a control and one of everybody do not enter, and are said."""
    finding = audit([fault("a00", 5, 7), fault("a05", 26, 29), fault(None, 10, 11, check="capture_gap")])
    left = notes(finding)["capture_left_out"]["n"]
    assert ("found", 2 + 3 + 25) == (finding.verdict, left)
    assert {"capture_left_out": 30.0} == {
        r["gate"]: r["number"] for r in finding.tables["gates"].to_pylist() if r["gate"] == "capture_left_out"
    }


def test_a_gap_of_everybody_across_the_date_does_not_refuse() -> None:
    """What failed for all alike is left out for all alike."""
    assert "found" == audit([fault(None, 26, 28, check="capture_gap")]).verdict


def test_a_fault_whose_extent_a_counter_tells_is_bounded_instead() -> None:
    """With the counter known the weeks stay and the factor has bounds; every known share is said."""
    told = [counter("a00", 0.5, 27, 38), counter("a00", 1.0, 0, 27), counter("a03", 0.8, 0, 27)]
    finding = audit([fault("a00", 28, 36)], told)
    said, ratio = notes(finding), finding.effect.value  # type: ignore[union-attr]
    assert (1.0, 0.5, pytest.approx(0.8), None) == tuple(
        said["shares"][k] for k in ("treated_before", "treated_after", "others_before", "others_after")
    )
    assert "capture_left_out" not in said
    assert said["bound"]["low"] == pytest.approx(ratio * 0.5 * 0.8 ** (1 / 24), rel=0.02)
    assert said["bound"]["high"] == pytest.approx(ratio * 1.5 * 1.2 ** (1 / 24), rel=0.02)
    assert "bound_below" in said


def test_missing_posts_before_the_date_count_as_well() -> None:
    """Where posts of the audited account are missing before and after, nothing bounds the factor without an assumption."""
    said = notes(audit([], [counter("a00", 0.5, 0, 38)]))
    assert "bound_nothing" in said
    assert said["bound"]["high"] / said["bound"]["low"] == pytest.approx(9.0, rel=0.02)


def test_falls_that_are_only_described_stay_and_are_tried_without() -> None:
    """A warning leaves the headline as it is; the factor without its weeks stands beside it."""
    plain, warned = audit(), audit([fault("a00", 30, 34, check="drops", status="warning")])
    assert plain.effect.value == warned.effect.value  # type: ignore[union-attr]
    assert 4 == notes(warned)["capture_without"]["n"]
    assert "without_warned" in warned.tables["estimates"]["method"].to_pylist()


def test_faults_that_are_not_listed_are_counted() -> None:
    """Of fifteen warnings ten are listed, and five said to be more."""
    finding = audit([fault(f"a{k:02}", 3, 4, check="drops", status="warning") for k in range(1, 16)])
    rows = {r["gate"]: r["number"] for r in finding.tables["gates"].to_pylist() if r["gate"] == "capture_more"}
    assert ({"capture_more": 5.0}, 5) == (rows, notes(finding)["capture_more"]["n"])


def test_a_period_hardly_touched_stays() -> None:
    """A fault of half a day in a week leaves the week in; of a day and more, out."""
    starts = START_US + np.arange(4) * WEEK_US
    panel = Panel("views", ["a", "b"], starts, WEEK_US, *[np.ones((2, 4))] * 3, None, None, {}, {})
    for days, out in ((0.5, 0), (1.5, 1)):
        row = fault("a", 1, 1) | {"end_us": START_US + WEEK_US + int(days * DAY_US)}
        corpus = memory_corpus({}, results={"coverage.checks": pa.Table.from_pylist([row])})
        assert out == capture.lost(corpus, "x", panel).out.sum()


def test_a_searched_date_says_what_allows_for_the_search() -> None:
    """No placebo dates, the copies counted, and what is conditional named; pushes and demotions both in the power."""
    finding = audit(date="")
    said = notes(finding)
    assert {"searched_power", "in_time", "power"} <= set(said)
    assert said["power"]["down"] < 1 < said["power"]["up"]
    assert 20 == said["power"]["copies"]
    assert "in_time" not in finding.tables["estimates"]["method"].to_pylist()
    assert "in_time" in audit().tables["estimates"]["method"].to_pylist()
    assert finding.calibration.smallest_effect == pytest.approx(max(said["power"]["up"], 1 / said["power"]["down"]))  # type: ignore[union-attr]


def test_own_trends_are_ranked_at_each_choice_its_own_date() -> None:
    """With the date searched the rank net of own trends is no longer that of the audited account's best date alone."""
    rows = {r["method"]: r for r in audit(date="", trends=True).tables["estimates"].to_pylist()}
    assert rows["own_trends"]["p_floor"] <= rows["own_trends"]["p_value"] <= 1


def test_the_split_says_when_it_rests_on_other_cells(tmp_path: Path) -> None:
    """Where engagement of some weeks is unknown the split has fewer cells than the headline, and says both factors."""
    panels = world()["panels"]
    rows = panels.select(["account_id", "period_start_us", "metric"]).to_pylist()
    gone = [
        r["metric"] in ("likes", "reposts", "quotes", "replies")
        and r["account_id"] == "a00"
        and r["period_start_us"] >= START_US + 33 * WEEK_US
        for r in rows
    ]
    finding = run(
        memory_corpus(world() | {"panels": panels.filter(pa.array([not g for g in gone]))}),
        Params(treated="a00", date=DATE, draws=99),
    )
    said = notes(finding)["split"]
    parts = {u["part"]: u["ratio"] for u in finding.units}
    assert said["n"] - said["cells"] == sum(gone) / len({r["metric"] for r, g in zip(rows, gone, strict=True) if g})
    assert said["there"] == pytest.approx(parts.get("reach", 0) or parts["followers"] * parts["reach_per_follower"])
    assert said["ratio"] == pytest.approx(finding.effect.value)  # type: ignore[union-attr]
    assert "split" not in notes(audit())


def test_posts_without_a_count_are_said_beside_the_volume() -> None:
    """The volume is that of posts with a count; where others exist, the move of all posts is given too."""
    planted = audience.AudienceWorld(mechanism="push", size=2.5, treated=2, accounts=12, posts=8.0)
    tables = audience_tables.tables(planted, 1)
    metrics = tables["post_metrics"]
    hidden = np.random.default_rng(0).random(metrics.num_rows) < 0.3
    kept = metrics.set_column(
        metrics.column_names.index("views"),
        metrics.schema.field("views"),
        pa.array(
            [None if h else v for h, v in zip(hidden, metrics["views"].to_pylist(), strict=True)],
            metrics.schema.field("views").type,
        ),
    )
    said = notes(run(memory_corpus(tables | {"post_metrics": kept}), Params(treated="treated", date=DATE, draws=99)))["volume"]
    assert said["seen"] < said["posts"]
    assert 0.6 < said["seen"] / said["posts"] < 0.8


@pytest.mark.parametrize(
    ("up", "down", "larger"), [(0.2, 0.4, 0.4), (0.4, 0.2, 0.4), (None, 0.2, None), (0.2, None, None), (None, None, None)]
)
def test_both_directions_must_have_been_visible(up: float | None, down: float | None, larger: float | None) -> None:
    """What could have been seen is the larger of push and demotion; where one could not at all, there is none."""
    assert larger == Detectable(up, down, 20).larger
