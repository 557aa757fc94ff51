"""Is the conversation analysis right where truth is planted, quiet where nothing is, and honest about its evidence?"""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pytest

from agorascope.analyses import conversation
from agorascope.analyses.conversation import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds import burst, change, demo, null
from tests import naive

DAY_US = null.DAY_US


def answer(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Run the analysis on tables."""
    return run(memory_corpus(tables), Params(**params))


@cache
def told() -> tuple[Finding, dict[str, Any]]:
    """Give the finding on the demo, and what was planted there."""
    tables, truth = demo.make(0)
    return answer(tables, event_a="2024-05-14/2024-05-16", event_b="2024-06-01/2024-06-29"), truth


def test_a_planted_burst_is_found_with_an_interval_that_holds_it() -> None:
    """A doubled volume over two days is the strongest unit, at its place, and its interval holds 2."""
    params = burst.BurstWorld(posts=40_000, authors=4_000)
    finding = answer(burst.make(params, 3))
    strongest = finding.units[0]
    assert ("found", "burst") == (finding.verdict, finding.grade)
    assert burst.window_us(params) == (strongest["start_us"], strongest["end_us"])
    assert finding.effect is not None
    assert finding.effect.low < params.ratio < finding.effect.high  # type: ignore[operator]


def test_a_planted_change_is_found_with_an_interval_that_holds_it() -> None:
    """A language written twice as much from the middle on is found to grow; the interval holds the true ratio of shares."""
    finding = answer(change.make(change.ChangeWorld(posts=40_000), 2))
    grown = next(u for u in finding.units if u["category"] == "fr")
    truth = 2 * (1 - grown["share_after"]) / (1 - grown["share_before"])
    assert ("found", "growth") == (finding.verdict, finding.grade)
    assert grown["low"] < truth < grown["high"]


def test_null_worlds_stay_quiet() -> None:
    """Of 60 small worlds without news, at most 8 are said to hold something: more has odds below 1 in 200 at a true rate of 5 %."""
    params = null.NullWorld(days=60, posts=3_000, authors=300)
    found = [answer(null.make(params, seed), draws=199, seed=seed).verdict == "found" for seed in range(60)]
    assert sum(found) <= 8


def test_a_single_loud_author_is_no_burst() -> None:
    """A thousand posts of one account in a day do not make a burst of the conversation."""
    tables = null.make(null.NullWorld(), 5)
    at = null.START_US + 50 * DAY_US
    fixed = {"platform": "x", "account_id": "loud", "kind": "original"}
    rows = [fixed | {"post_id": f"loud{i}", "created_at_us": at + i} for i in range(1_000)]
    loud = pa.Table.from_pylist(rows, schema("posts"))
    finding = answer(tables | {"posts": pa.concat_tables([tables["posts"], loud])})
    loudest = next(r for r in finding.rivals if r.name == "loudest")
    assert "not_found" == finding.verdict
    assert "favoured" == loudest.status


def test_it_equals_its_slow_twin() -> None:
    """Volume, authors, engagement and the ratio of a share equal plain loops over the rows."""
    tables = null.make(null.NullWorld(days=40, posts=1_500, authors=90), 4)
    finding = answer(tables)
    posts = tables["posts"].to_pylist()
    table = finding.tables["volume"].to_pydict()
    seen = {at: (int(n), a) for at, n, a in zip(table["start_us"], table["posts"], table["authors"], strict=True) if n}
    counts, authors = naive.volume(posts, DAY_US), naive.active_authors(posts, DAY_US)
    assert {at: (counts[at], authors[at]) for at in counts} == seen
    assert naive.engagement(tables["post_metrics"].to_pylist()) == sum(v or 0 for v in table["engagement"])
    middle = table["start_us"][len(table["start_us"]) // 2]
    unit = next(u for u in finding.units if (u["dimension"], u["category"]) == ("language", "fr"))
    assert unit["ratio"] == pytest.approx(naive.share_ratio(posts, "language", "fr", middle))


def test_it_names_its_evidence() -> None:
    """The evidence of a burst is its posts, most engagement first; the query gives all of them."""
    tables = burst.make(burst.BurstWorld(posts=40_000, authors=4_000), 3)
    finding = answer(tables)
    start, end = finding.units[0]["start_us"], finding.units[0]["end_us"]
    inside = set(
        tables["posts"].filter((pc.field("created_at_us") >= start) & (pc.field("created_at_us") < end))["post_id"].to_pylist()
    )
    found = {row["post_id"] for row in memory_corpus(tables).query(finding.evidence_query).to_pylist()}
    assert inside == found
    assert {e.id for e in finding.evidence} <= inside
    assert len(inside) == finding.evidence_total
    assert sorted(-(e.value or 0) for e in finding.evidence) == [-(e.value or 0) for e in finding.evidence]


def test_the_demo_tells_its_planted_story() -> None:
    """In the demo the burst and the growing hashtag are found; an event of that day is a rival that chance may explain (p 0.18)."""
    finding, truth = told()
    growth = next(u for u in finding.units if u["category"] == truth["growth"]["category"])
    assert "found" == finding.verdict
    assert truth["burst"]["start_us"] == finding.units[0]["start_us"]
    assert finding.units[0]["low"] < truth["burst"]["ratio"] < finding.units[0]["high"]
    assert growth["significant"]
    assert "undecided" == next(r for r in finding.rivals if r.name == "event").status


def test_two_events_are_compared_by_the_hour() -> None:
    """Two days of breakdown against four usual weeks: more posts an hour, though fewer in all."""
    rows = {row["measure"]: row for row in told()[0].tables["events_compared"].to_pylist()}
    assert rows["posts"]["ratio"] < 1 < rows["posts_per_hour"]["low"]
    assert rows["posts_per_hour"]["ratio"] == pytest.approx(rows["posts"]["ratio"] * 28 / 2)


def test_an_event_is_named_by_its_label() -> None:
    """The label of an event of the case stands for the hours after it."""
    label = demo.EVENTS[0][2]
    tables = answer(demo.make(0)[0], event_a=label, event_b="2024-05-01/2024-05-02").tables
    assert {label} == set(tables["events_compared"]["event_a"].to_pylist())


MEANINGLESS = (
    {"event_a": "soon", "event_b": "later"},
    {"event_a": "2024-02-02/2024-02-01", "event_b": "2024-02-02/2024-02-03"},
    {"before": "1999-01-01"},
    {"before": "2024-03-01", "after": "2024-02-01"},
    {"metric": "joy"},
)


@pytest.mark.parametrize("params", MEANINGLESS)
def test_a_date_that_means_nothing_is_refused(params: dict[str, str]) -> None:
    """A wrong date, window or metric is a wrong value, not a result."""
    panel = {"panels": weekly([("a", 0, 3.0), ("b", 1, 2.0)])}
    with pytest.raises(BadValue):
        answer(null.make(null.NullWorld(posts=500, authors=50), 0) | panel, **params)


def test_too_little_data_is_a_verdict() -> None:
    """Forty posts of two days are too few to tell a burst from chance."""
    finding = answer(null.make(null.NullWorld(days=2, posts=40, authors=10), 1))
    assert ("insufficient", "volume") == (finding.verdict, finding.gate)


def test_posts_without_times_are_a_verdict() -> None:
    """Without a single time nothing can be said over time."""
    posts = pa.Table.from_pylist([{"platform": "x", "post_id": str(i), "kind": "original"} for i in range(300)], schema("posts"))
    assert ("insufficient", "time") == (answer({"posts": posts}).verdict, answer({"posts": posts}).gate)


def test_posts_without_accounts_are_still_scanned() -> None:
    """Without accounts the series alone is tested, which the notes say, and no author appears in any table."""
    tables = burst.make(burst.BurstWorld(ratio=4.0), 1)
    bare = tables["posts"].set_column(2, "account_id", pa.nulls(tables["posts"].num_rows, pa.string()))
    finding = answer({"posts": bare})
    assert "found" == finding.verdict
    assert "conversation.note.no_accounts" in {note.key for note in finding.notes}
    assert 0 == finding.tables["top_authors"].num_rows


def test_a_panel_is_served() -> None:
    """Sums by account and week are scanned too; the evidence is accounts of the panel."""
    rng = np.random.default_rng(3)
    rows = [(f"a{i}", week, float(rng.poisson(200 if week == 30 else 50))) for i in range(12) for week in range(52)]
    finding = answer({"panels": weekly(rows)})
    assert ("found", "burst") == (finding.verdict, finding.grade)
    assert null.START_US + 30 * 7 * DAY_US == finding.units[0]["start_us"]
    assert {"panels"} == {e.table for e in finding.evidence}


def test_published_weekly_panel_counts_all_posts(shared: Callable[[str], Path]) -> None:
    """The ten accounts of Graham and Andrejevic have 56,175 posts in their weeks, as a plain sum says."""
    weeks = csv.read_csv(shared("amplification/graham_andrejevic_2024/weekly_panel.csv")).to_pylist()
    first = min(w["week_ending"] for w in weeks)
    rows = [(w["account"], (w["week_ending"] - first).days // 7, float(w["posts"])) for w in weeks]
    finding = answer({"panels": weekly(rows)})
    assert sum(w["posts"] for w in weeks) == pc.sum(finding.tables["volume"]["posts"]).as_py()


def test_groups_change_over_time() -> None:
    """An account counts in the group it is in when a bin begins."""
    tables = null.make(null.NullWorld(days=40, posts=1_000, authors=20), 2)
    turn = null.START_US + 20 * DAY_US
    groups = [
        {"platform": "unknown", "account_id": f"a{i}", "group_name": name, "since_us": since, "until_us": until}
        for i in range(20)
        for name, since, until in (("before", None, turn), ("after", turn, None))
    ]
    by = answer(tables | {"groups": pa.Table.from_pylist(groups, schema("groups"))}).tables["by_group"].to_pylist()
    assert {"before"} == {r["category"] for r in by if r["start_us"] < turn and r["posts"]}
    assert {"after"} == {r["category"] for r in by if r["start_us"] >= turn and r["posts"]}


def test_p_values_hold_over_everything_tested() -> None:
    """The adjusted p of a unit is that of its family over the family's part of the error."""
    finding = told()[0]
    parts = {"burst": conversation.BURST_PART, "change": 1 - conversation.BURST_PART}
    assert all(math.isclose(u["q_value"], min(1.0, u["p_value"] / parts[u["unit"]])) for u in finding.units)


def test_parameters_are_checked() -> None:
    """A bin that is none is refused by the parameters themselves."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"bin": "year"}, Params)


def weekly(rows: list[tuple[str, int, float]]) -> pa.Table:
    """Make a panel of posts from (account, week, posts)."""
    fixed = {"platform": "x", "period_us": 7 * DAY_US, "metric": "posts"}
    made = [fixed | {"account_id": a, "period_start_us": null.START_US + w * 7 * DAY_US, "value": v} for a, w, v in rows]
    return pa.Table.from_pylist(made, schema("panels"))


def weekly_totals(totals: list[float], accounts: int = 40) -> Finding:
    """Run the analysis on weeks of these volumes, divided between accounts with noise."""
    rng = np.random.default_rng(5)
    rows = [
        (f"a{i}", week, float(rng.poisson(total / accounts * rng.gamma(4, 0.25))))
        for i in range(accounts)
        for week, total in enumerate(totals)
    ]
    return answer({"panels": weekly(rows)}, draws=99)


ORGANISED = [*np.full(75, 6.0), *np.full(45, 0.2), *np.full(25, 8.0), *np.full(15, 2e3), *np.full(140, 18e3), *np.full(30, 3e2)]


def test_an_operation_over_years_has_a_usual_level() -> None:
    """Where the model diverges the running median stands in: what is expected adds up to what was seen, and the notes say so."""
    finding = weekly_totals(ORGANISED)
    volume = finding.tables["volume"].to_pydict()
    assert 0.5 < sum(volume["expected"]) / sum(volume["posts"]) < 2
    assert "conversation.note.running" in {note.key for note in finding.notes}
    assert all(u[n] is None or 1e-3 <= u[n] <= 1e3 for u in finding.units for n in ("ratio", "low", "high"))


def test_a_series_without_a_usual_level_is_a_verdict() -> None:
    """Some weeks of wholly unlike volumes, at random in years of silence: nothing is usual, so nothing exceeds it."""
    rng = np.random.default_rng(1)
    finding = weekly_totals((rng.lognormal(9, 2, 200) * (rng.random(200) < 0.1)).round().tolist())
    assert ("insufficient", "baseline") == (finding.verdict, finding.gate)
    assert "conversation.few.unusual" == finding.claim.key


def test_too_little_names_what_failed() -> None:
    """The message says which condition failed and what to try: more posts, a finer bin, a coarser one."""
    short = answer(null.make(null.NullWorld(days=9, posts=500, authors=50), 1), bin="day")
    thin = answer(null.make(null.NullWorld(days=14, posts=400, authors=50), 1), bin="hour")
    few = answer(null.make(null.NullWorld(days=60, posts=80, authors=20), 1))
    assert "The data fall into 9 days; at least 14 are needed to tell a burst from chance. Try -p conversation.bin=hour." == say(
        short.claim, "en"
    )
    assert ("conversation.few.thin", "conversation.hint.day") == (thin.claim.key, thin.claim.args["hint"])
    assert " messages ne suffisent pas" in say(few.claim, "fr")


def test_absent_counts_are_null_and_never_zero() -> None:
    """Without a single count there are no posts with most engagement, no series of it, and no value of evidence."""
    tables = burst.make(burst.BurstWorld(posts=5_000, authors=500, ratio=4.0), 1)
    del tables["post_metrics"]
    finding = answer(tables, draws=99)
    assert 0 == finding.tables["top_posts"].num_rows
    assert "top_posts" not in {figure.name for figure in finding.figures}
    for name in ("volume", "by_platform"):
        assert {None} == set(finding.tables[name]["engagement"].to_pylist()) | set(finding.tables[name]["views"].to_pylist())
    assert {None} == {e.value for e in finding.evidence}
