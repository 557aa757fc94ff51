"""Does `breaks` date what was planted, stay quiet where nothing changed, tell volume from reach, and date what is known?"""

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope import new_case
from agorascope.analyses._breaks_series import periods, volume, without_week
from agorascope.analyses.breaks import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import Panel, schema, to_arrow
from agorascope.report import pseudonymise
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds.null import DAY_US, START_US
from tests import naive

WEEK_US = 7 * DAY_US
PAGE = " ".join((Path(__file__).parents[2] / "docs/analyses/breaks.md").read_text("utf-8").split())
WEEKS, STEP = 60, 35
Shared = Callable[[str], Path]


def panel(seed: int, *, reach: float = 1.0, posts: float = 1.0, loud: float = 1.0, accounts: int = 8) -> dict[str, pa.Table]:
    """Make weekly posts, views and likes; from week 35 on all views, posts, and the views of one account are multiplied."""
    rng = np.random.default_rng(seed)
    rows = []
    for a in range(accounts):
        level = rng.normal(8, 1.5)
        for week in range(WEEKS):
            after = week >= STEP
            number = 5 + rng.poisson(30 * (posts if after else 1))
            views = number * math.exp(level + rng.normal(0, 0.3)) * (reach if after else 1) * (loud if after and a == 0 else 1)
            sums = {"posts": number, "views": round(views), "likes": round(views * 0.02 * math.exp(rng.normal(0, 0.1)))}
            at = START_US + week * WEEK_US
            rows += [Panel("x", f"a{a}", at, WEEK_US, metric, float(v)) for metric, v in sums.items()]
    return {"panels": to_arrow("panels", rows)}


def asked(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(tables), Params(**({"draws": 199} | params)))


def posts(seed: int, *, step: float = 1.0, days: int = 100) -> dict[str, pa.Table]:
    """Make posts of ten accounts with views; from day 60 on views are multiplied by ``step``; fewer on weekends."""
    rng = np.random.default_rng(seed)
    rows, counts = [], []
    for day in range(days):
        for i in range(int(rng.poisson(14 if day % 7 < 5 else 6))):
            author = int(rng.integers(10))
            key = {"platform": "x", "post_id": f"p{day}-{i}"}
            at = START_US + day * DAY_US + int(rng.integers(DAY_US))
            views = math.exp(6 + author / 4 + rng.normal(0, 0.8) + (math.log(step) if day >= 60 else 0))
            rows.append(key | {"account_id": f"a{author}", "created_at_us": at, "kind": "original"})
            counts.append(key | {"views": round(views), "views_kind": "measured", "likes": round(views / 50)})
    return {name: pa.Table.from_pylist(r, schema(name)) for name, r in (("posts", rows), ("post_metrics", counts))}


def filed(folder: Path, file: Path, **params: str) -> Finding:
    """Run the analysis on a file, read by the real sources."""
    case = new_case(folder / "case")
    case.add(file)
    return case.run("breaks", **params)


def test_a_planted_step_of_reach_is_dated() -> None:
    """Reach doubled in week 35: found, in reach alone, dated within its interval, and 2 lies in the interval of the ratio."""
    finding = asked(panel(1, reach=2.0))
    strongest = finding.units[0]
    assert ("found", "reach", "all") == (finding.verdict, strongest["series"], strongest["scope"])
    planted = START_US + STEP * WEEK_US
    assert strongest["at_low_us"] <= planted <= strongest["at_high_us"]
    assert strongest["low"] <= 2.0 <= strongest["high"]
    assert {"reach"} == {u["series"] for u in finding.units}
    assert "2024-09-02" == strongest["at"]


def test_more_posts_are_reported_as_that() -> None:
    """Twice the posts at the same reach per post: a break of volume, and none of reach."""
    finding = asked(panel(2, posts=2.0))
    assert {"volume"} == {u["series"] for u in finding.units}
    assert "not of reach" in str(finding.claim)


def test_one_loud_account_is_not_everybody() -> None:
    """Ten times the views of one account of eight break its own series, and move all accounts by a tenth of the logarithm only."""
    finding = asked(panel(3, loud=10.0), series="reach", account="a0")
    assert "found" == finding.verdict
    everybody = asked(panel(3, loud=10.0), series="reach")
    together = [u for u in everybody.units if u["scope"] == "all"]
    assert all(u["ratio"] < 1.6 for u in together)


def test_the_evidence_of_a_break_of_views_is_views() -> None:
    """Posts stand by their views where reach breaks, most first, and their role says that views are what is counted."""
    tables = posts(4, step=3.0)
    views = {r["post_id"]: r["views"] for r in tables["post_metrics"].to_pylist()}
    evidence = asked(tables, series="reach").evidence
    assert [views[e.id] for e in evidence] == [e.value for e in evidence] == sorted((e.value or 0 for e in evidence), reverse=True)
    assert {"breaks.counts.views"} == {e.role.args["counts"] for e in evidence}


def test_posts_are_read_with_their_week() -> None:
    """Views tripled on day 60 are dated from posts by the day, the weekend's lull notwithstanding; evidence is posts round it."""
    finding = asked(posts(4, step=3.0), series="reach")
    assert "2024-03-01" == finding.units[0]["at"]
    around = (finding.units[0]["at_us"] - DAY_US, finding.units[0]["at_us"] + DAY_US)
    assert all(around[0] <= e.at_us < around[1] for e in finding.evidence if e.at_us is not None)
    assert finding.evidence_total == memory_corpus(posts(4, step=3.0)).query(finding.evidence_query).num_rows


def test_quiet_panels_stay_quiet() -> None:
    """Over 25 panels in which nothing changes, the rate of any break in any series agrees with 5 % or is lower."""
    alarms = sum("found" == asked(panel(seed, accounts=4), draws=99).verdict for seed in range(100, 125))
    assert binomtest(alarms, 25).proportion_ci(0.99, "exact").low <= 0.05


def test_an_event_and_a_jump_of_volume_are_rivals() -> None:
    """Reach and volume doubled together, an event that week: both are told; weeks are wide, chance may have put an event there."""
    tables = panel(5, reach=2.0, posts=2.0)
    event = {"platform": "x", "at_us": START_US + STEP * WEEK_US + DAY_US, "label": "launch"}
    finding = asked(tables | {"events": pa.Table.from_pylist([event], schema("events"))}, series="")
    found = {r.name: r.status for r in finding.rivals}
    assert "undecided" == found["event"]
    quiet = asked(tables | {"events": pa.Table.from_pylist([event | {"at_us": START_US}], schema("events"))}, series="")
    assert "disfavoured" == next(r.status for r in quiet.rivals if r.name == "event")
    assert "not_tested" == found["capture"]
    reach = asked(tables, series="reach", trend="level")
    assert {"reach"} == {u["series"] for u in reach.units}


def test_period_effects_equal_the_slow_twin() -> None:
    """Period effects of accounts that come and go equal those of a full least-squares fit."""
    rng = np.random.default_rng(6)
    author, at = rng.integers(0, 6, 80), rng.integers(0, 12, 80)
    values = rng.normal(size=80) + author
    assert naive.period_effects(author.tolist(), at.tolist(), values.tolist(), 12) == pytest.approx(
        periods(author, at, values, 12).tolist(), abs=1e-7
    )


def test_volume_weighs_accounts_alike() -> None:
    """Two accounts of very different size that post in different periods count the same."""
    got = volume(np.array([0, 1]), np.array([0, 1]), np.array([98.0, 2.0]), 2)
    assert [math.log1p(50), math.log1p(50)] == pytest.approx(got.tolist())


def test_the_week_is_taken_out_and_a_step_is_not() -> None:
    """A weekly cycle leaves, a step stays as large as it was."""
    day = np.arange(98)
    cleaned = without_week(np.where(day % 7 < 5, 0.0, -1.0) + 2.0 * (day >= 50))
    assert 2.0 == pytest.approx(cleaned[55:].mean() - cleaned[:45].mean(), abs=0.05)
    assert cleaned[60:].std() < 0.1


def test_unknown_names_are_refused() -> None:
    """A series, an account or a group nobody has is named, with what there is."""
    with pytest.raises(BadValue, match="use one of: conversion, reach, volume"):
        asked(panel(7), series="shares")
    with pytest.raises(BadValue, match="account is 'nobody'"):
        asked(panel(7), account="nobody")
    with pytest.raises(BadValue, match="give one of them"):
        asked(panel(7), account="a0", group="g")


def test_short_data_are_insufficient() -> None:
    """Ten weeks cannot answer, and the claim says how many would."""
    table = panel(8)["panels"]
    finding = asked({"panels": table.filter(pa.compute.less(table["period_start_us"], START_US + 10 * WEEK_US))})
    assert ("insufficient", "points") == (finding.verdict, finding.gate)
    assert "20 periods" in str(finding.claim)


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds without a break, of levels and of lines, alarms at nominal 5 % agree with 5 % or are rarer."""
    cells = load("breaks")["cells"]
    assert 18 == len(cells)
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05]


def test_the_introduction_of_reactions_is_dated(shared: Shared, tmp_path: Path) -> None:
    """Facebook's Reactions came in the week of 21 February 2016: dated within one week, on all pages together."""
    finding = filed(tmp_path, shared("amplification/buzzfeed_fb_weekly/page-engagement-by-week.csv"), series="reactions")
    everybody = [u for u in finding.units if u["scope"] == "all"]
    assert "found" == finding.verdict
    assert {"2016-02-21"} == {next(u["at"] for u in everybody if u["model"] == m) for m in ("level", "trend")}
    assert all("2016-02-14" <= u["at_low"] <= u["at_high"] <= "2016-02-28" for u in everybody[:1])
    low, high = (date.fromisoformat(everybody[0][end]) for end in ("at_low", "at_high"))
    assert f"interval {low.day} to {high.day} February" in PAGE


def test_the_change_of_one_account_is_dated(shared: Shared, tmp_path: Path) -> None:
    """The engagement per post of one account rose between November 2016 and February 2017; the file has no views."""
    finding = filed(tmp_path, shared("amplification/fivethirtyeight_twitter_ratio/realDonaldTrump.csv"), series="engagement")
    strongest = finding.units[0]
    assert "found" == finding.verdict
    assert "2016-11-01" <= strongest["at_low"] <= strongest["at_high"] <= "2017-02-28"
    assert strongest["low"] > 2
    low, high = (date.fromisoformat(strongest[end]) for end in ("at_low", "at_high"))
    assert f"a factor of {strongest['ratio']:.1f} on 8 November 2016, interval {low.day} to {high.day} November" in PAGE


def test_a_shared_report_names_no_account() -> None:
    """Where the strongest break is one account's, its name leaves neither in the claim, the chart nor the tables."""
    shared_with = pseudonymise(asked(panel(3, loud=10.0), series="reach", account="a0"), lambda account: "a_masked")
    said = [say(shared_with.claim, "en"), *(say(f.title, "en") for f in shared_with.figures)]
    assert any("a_masked" in text for text in said)
    cells = [cell for table in shared_with.tables.values() for row in table.to_pylist() for cell in row.values()]
    assert "a0" not in {*cells, *" ".join(said).replace("“", " ").replace("”", " ").split()}


def test_a_break_that_both_models_date_is_one() -> None:
    """Levels and lines date one step: two units that stand together, one break in the claim; levels lead."""
    finding = asked(panel(3, reach=2.6), series="reach", trend="both")
    twins = [(u["scope"], u["account_id"], u["model"], u["both_models"]) for u in finding.units]
    first, second = twins[:2]
    assert (first[:2], True, True) == (second[:2], first[3], second[3])
    assert ("level", "trend") == (first[2], second[2])
    both = sum(u["both_models"] for u in finding.units)
    assert finding.claim.args["breaks"] == len(finding.units) - both // 2
    assert finding.effect is not None
    assert finding.effect.low is not None
    assert finding.effect.high is not None
    assert finding.effect.low < 2.6 < finding.effect.high
