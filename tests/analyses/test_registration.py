"""Does `registration` find a burst of creations, leave a growing platform alone, date accounts from ids, and list nobody?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope import new_case
from agorascope.analyses.registration import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.sources.id_times import snowflake_us
from agorascope.stats.crowded import crowded, ratio_interval
from agorascope.stats.id_dates import clocks, interpolated, numbers
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.registrations import DAY_US, START_US, RegistrationWorld, make, planted_day
from tests import naive

PAGE = (Path(__file__).parents[2] / "docs/analyses/registration.md").read_text("utf-8")
WORLD = RegistrationWorld(accounts=800, days=1_000)
PLANTED = RegistrationWorld(accounts=800, days=1_000, burst=50)
AUGUST_2013_US = 15_922 * DAY_US
Shared = Callable[[str], Path]


def asked(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(tables), Params(**({"draws": 99} | params)))


def reposts(aims: dict[str, list[str]]) -> dict[str, pa.Table]:
    """Make reposts: account -> the accounts it reposts."""
    rows = [
        {"platform": "x", "post_id": f"{name}-{i}", "account_id": name, "kind": "repost", "ref_account_id": aim}
        for name, aimed in aims.items()
        for i, aim in enumerate(aimed)
    ]
    return {"posts": pa.Table.from_pylist(rows, schema("posts"))}


def test_a_planted_burst_is_found_with_an_interval_that_holds_it() -> None:
    """Fifty accounts created within a week beside six: found, in that week, and the ratio planted lies in the interval."""
    finding = asked(make(PLANTED, 3))
    best, week = finding.units[0], START_US + planted_day(PLANTED, 3) * DAY_US
    assert "found" == finding.verdict
    assert best["start_us"] < week + 7 * DAY_US
    assert week < best["end_us"]
    usual = best["created"] - 50 if best["days"] >= 7 else 5.6
    assert best["low"] < (50 + usual) / best["expected"] * 1.05
    assert best["high"] > best["ratio"] > best["low"] > 3


def test_growing_platforms_with_weeks_stay_quiet() -> None:
    """Over 20 worlds in which nobody registers together, the rate of any burst agrees with 5 % or is lower."""
    alarms = sum("found" == asked(make(WORLD, seed)).verdict for seed in range(100, 120))
    assert binomtest(alarms, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_a_boom_of_all_is_told_from_a_burst_by_a_reference() -> None:
    """What the reference does too is not found, and is named as a boom; what the corpus does alone is found."""
    both = RegistrationWorld(accounts=800, days=1_000, burst=60, reference=800)
    rows = make(both, 5)
    finding = asked(rows, reference="reference")
    assert "found" == finding.verdict
    assert "disfavoured" == next(r.status for r in finding.rivals if r.name == "boom")
    burst = pa.compute.add(pa.scalar(START_US + planted_day(both, 5) * DAY_US), pa.array(np.arange(60) * 7 * DAY_US // 60))
    lifted = rows["accounts"].to_pylist()
    other = [f"a{i}" for i in range(860, 1640, 13)]
    for row in lifted:
        if row["account_id"] in other:
            row["created_at_us"] = burst[other.index(row["account_id"])].as_py()
    rows["accounts"] = pa.Table.from_pylist(lifted, schema("accounts"))
    assert "not_found" == asked(rows, reference="reference").verdict


def test_counts_and_ratio_equal_the_slow_twin() -> None:
    """Count, expectation and ratio of the best week are those of a loop over its days and of the half year to both sides."""
    counts = np.random.default_rng(1).poisson(0.8, 700).astype(float)
    counts[300:307] += 4
    week = next(w for w in crowded(counts, alpha=0.05, draws=99, rng=np.random.default_rng(0)).best if w.length == 7)
    number, expected = naive.beside(counts.tolist(), week.first, 7, 182)
    assert number == week.number
    assert expected == pytest.approx(week.expected, rel=0.1)  # the weights of weekdays apart
    assert week.ratio == pytest.approx(week.number / week.expected)


def test_the_interval_is_the_exact_binomial_one() -> None:
    """Ten inside against thirty beside at even odds: Clopper and Pearson's shares, as odds."""
    exact = binomtest(10, 40).proportion_ci(0.95, "exact")
    odds = [end / (1 - end) for end in (exact.low, exact.high)]
    assert odds == pytest.approx(ratio_interval(10, 30, 1.0, dispersion=1.0))


def test_ids_are_read_as_the_sources_read_them() -> None:
    """The clock in an id is the one the readers of files decode; an id without one has none."""
    ids = ["922440008971292672", "700000000000000000", "18710816", "name"]
    decoded = [None if np.isnan(v) else int(v) for v in clocks(numbers(ids)).tolist()]
    assert [snowflake_us(i) for i in ids] == decoded


def test_no_account_dates_itself() -> None:
    """An anchor with a date far off its neighbours' is dated by them."""
    ids = np.arange(1, 61, dtype=np.int64) * 1_000
    known = ids * 1e9
    known[30] += 5e12
    assert abs(interpolated(ids, known)[30] - 31_000 * 1e9) < 2.1e12


def test_one_source_and_digits_are_counted_beside_the_rest() -> None:
    """Of the burst all repost one account and have digits; of the others none does: the shares say so."""
    rows = make(PLANTED, 3)
    accounts = rows["accounts"].to_pylist()
    for row in accounts[800:]:
        row["handle"] = f"name{row['account_id'][1:]}00000"
    rows["accounts"] = pa.Table.from_pylist(accounts, schema("accounts"))
    aims = {f"a{i}": ["star", "star"] for i in range(800, 850)} | {f"a{i}": ["star", "other"] for i in range(300)}
    beside = {row["measure"]: row for row in asked(rows | reposts(aims)).tables["beside"].to_pylist()[:2]}
    for measure in ("single_source", "digits"):
        assert beside[measure]["inside_share_low"] > 0.7
        assert beside[measure]["rest_share_high"] < 0.1


def test_the_share_of_a_group_inside_is_given() -> None:
    """Of a group made of the burst's accounts nearly all were created inside, of the others few."""
    members = [{"platform": "x", "account_id": f"a{i}", "group_name": "g"} for i in range(800, 850)]
    rows = make(PLANTED, 3) | {"groups": pa.Table.from_pylist(members, schema("groups"))}
    found = next(row for row in asked(rows, group="g").tables["beside"].to_pylist() if row["measure"] == "group")
    assert found["inside_share"] > 0.8 > 0.1 > found["rest_share"]


def test_nobody_is_listed_and_the_query_counts_them() -> None:
    """No account is in the finding; the query of the evidence counts the accounts of the burst."""
    rows = make(PLANTED, 3)
    finding = asked(rows)
    counted = memory_corpus(rows).query(finding.evidence_query)["created"].to_pylist()
    assert finding.evidence_total == finding.units[0]["created"] == sum(counted)
    cells = {str(v) for table in finding.tables.values() for row in table.to_pylist() for v in row.values()}
    assert set() == cells & set(rows["accounts"]["account_id"].to_pylist())
    assert () == finding.evidence


def test_few_accounts_are_insufficient_and_unknown_groups_refused() -> None:
    """Nine dated accounts cannot answer; a group nobody has is named with those there are."""
    few = {"accounts": make(WORLD, 1)["accounts"].slice(0, 9)}
    assert ("insufficient", "accounts") == (asked(few).verdict, asked(few).gate)
    with pytest.raises(BadValue, match="groups are: none"):
        asked(make(WORLD, 1), group="nobody")
    with pytest.raises(BadValue, match="compare a group with another"):
        asked(make(WORLD, 1), group="g", reference="g")


def test_row_order_does_not_count_and_both_languages_say_it() -> None:
    """Rows in another order give the same digest; claim, notes, figures and rivals can be said; the page names the tables."""
    rows = make(PLANTED, 3)
    finding = asked(rows)
    order = np.random.default_rng(2).permutation(850)
    assert digest(finding) == digest(asked({"accounts": rows["accounts"].take(pa.array(order))}))
    said = [finding.claim, *finding.notes, *(f.title for f in finding.figures), *(r.statement for r in finding.rivals)]
    assert all(say(text, lang).strip() for text in said for lang in LANGUAGES)
    assert [] == [name for name in finding.tables if f"`{name}`" not in PAGE]


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds without a burst, alarms at nominal 5 % agree with 5 % or are rarer, over 300 worlds or more."""
    cells = load("registration")["cells"]
    assert 8 == len(cells)
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 300]


@pytest.mark.parametrize("dates", ["declared", "ids"])
def test_the_week_of_august_2013_is_found(shared: Shared, tmp_path: Path, dates: str) -> None:
    """In 384 accounts published with dates and ids, 42 were created from 5 to 11 August 2013: found from either alike."""
    case = new_case(tmp_path / "case")
    case.add(shared("coordination/ira/nbc_ira_users.csv"))
    finding = case.run("registration", dates=dates)
    best = finding.units[0]
    assert (AUGUST_2013_US, 7, 42) == (best["start_us"], best["days"], best["created"])
    assert best["low"] > 10
    sources = {row["source"]: row for row in finding.tables["dating"].to_pylist()}
    if dates == "declared":
        assert 384 == sources["declared"]["created"]
    else:
        assert 36 == sources["decoded"]["compared"]
        assert sources["decoded"]["error_s"] < 1
        assert f"an error of {sources['interpolated']['error_s'] / 86_400:.2f} days" in PAGE
