"""Does `registration` find a burst of creations, leave a growing platform alone, date accounts from ids, and list nobody?"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope import new_case
from agorascope.analyses._registration_reduce import _names
from agorascope.analyses.registration import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.report import pseudonymise
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


def records(kinds: dict[str, Callable[[int], str]], accounts: range = range(850)) -> dict[str, pa.Table]:
    """Make registration records of accounts: kind -> the value of an account by its number."""
    rows = [
        {"platform": "x", "network": "registrations", "layer": kind, "source": f"a{i}", "target": value(i)}
        for kind, value in kinds.items()
        for i in accounts
    ]
    return {"edges": pa.Table.from_pylist(rows, schema("edges"))}


ONE_HAND = {"registrant": lambda i: f"jane {i % 4}" if i >= 810 else f"p{i}", "name_server": lambda i: f"ns{i * 7 % 40}"}


def test_ties_through_planted_records_are_found_and_common_ones_are_not() -> None:
    """Forty accounts of the burst have one of four registrants, nobody else has: found; name servers all share say nothing."""
    finding = asked(make(PLANTED, 3) | records(ONE_HAND))
    ties = {row["kind"]: row for row in finding.tables["ties"].to_pylist()}
    tied, common = ties["registrant"], ties["name_server"]
    assert 0.0 == tied["rest_share"] < tied["chance_share_high"] < tied["own_share_low"]
    assert tied["own_share_low"] <= 40 / 54 <= tied["own_share_high"]
    assert 0.02 == tied["q_value"] < common["q_value"]
    assert 1.0 == common["rest_share"]
    assert "share registrations" in str(finding.notes[0])


def test_values_are_told_from_five_accounts_on_and_names_are_masked() -> None:
    """A registrant of four accounts is counted, not told; one of ten is masked in what is shared; a name server is shown."""
    few = {"registrant": lambda i: f"kim {i // 4}" if i >= 838 else f"p{i}"}
    shared = asked(make(PLANTED, 3) | records(few)).tables["records"].to_pylist()
    assert {(4, None)} == {(row["holders"], row["record"]) for row in shared if row["holders"] == 4}
    finding = asked(make(PLANTED, 3) | records(ONE_HAND))
    shown = pseudonymise(finding, lambda name: f"<{name}>").tables["records"].to_pylist()
    assert {f"<jane {i}>" for i in range(4)} == {row["record"] for row in shown if row["kind"] == "registrant"}
    assert all(row["record"] is None or row["record"].startswith("ns") for row in shown if row["kind"] == "name_server")
    cells = {str(v) for table in finding.tables.values() for row in table.to_pylist() for v in row.values()}
    assert set() == cells & {f"a{i}" for i in range(850)}


def test_a_group_is_compared_with_all_others_and_chance_stays_quiet() -> None:
    """A group of one registrant is found without any burst; groups drawn at random are found no more often than 5 % of the time."""
    members = [{"platform": "x", "account_id": f"a{i}", "group_name": f"g{g}"} for g in range(20) for i in range(g, 800, 20)]
    rows = make(WORLD, 3) | {"groups": pa.Table.from_pylist(members, schema("groups"))}
    hand = records({"domain": lambda i: "acme.org" if i % 20 == 7 else f"d{i % 300}.org"}, range(800))
    assert 0.01 == asked(rows | hand, group="g7").tables["ties"].to_pylist()[0]["p_value"]
    rng = np.random.default_rng(1).integers(0, 300, 800)
    usual = records({"domain": lambda i: f"d{rng[i]}.org"}, range(800))
    alarms = sum(asked(rows | usual, group=f"g{g}").tables["ties"].to_pylist()[0]["p_value"] <= 0.05 for g in range(20))
    assert binomtest(alarms, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_without_records_nothing_changes_and_strange_names_are_counted() -> None:
    """No table, figure or note of ties without records; with some, names of no account are counted, and what lacks is said."""
    plain = asked(make(WORLD, 100))
    assert {"ties", "records"} & set(plain.tables) == set()
    found = asked(make(WORLD, 100) | records({"domain": lambda i: "a.org"}, range(790, 810)))
    assert ["registration.ties.nobody", "registration.ties.unknown"] == [n.key for n in found.notes[:2]]
    assert (10, 10) == (found.notes[0].args["n"], found.notes[1].args["n"])
    few = asked(make(PLANTED, 3) | records({"domain": lambda i: "a.org"}, range(845, 850)))
    assert "registration.ties.few" == few.notes[0].key
    assert all(say(note, lang) for one in (found, few) for note in one.notes for lang in LANGUAGES)


def test_accounts_are_found_by_id_handle_and_without_platform() -> None:
    """A name is an id first, then a handle in any case, then either on an unknown platform; one of two accounts is nobody's."""
    keys, handles = [("x", "1"), ("x", "2"), ("facebook", "2")], ["Ana", "bob", None]
    known = _names(keys, handles)
    assert [0, 0, 1, 2] == [known[k] for k in (("x", "1"), ("x", "ana"), ("x", "2"), ("facebook", "2"))]
    assert [0, 1, -1] == [known[k] for k in (("unknown", "1"), ("unknown", "bob"), ("unknown", "2"))]


def test_a_table_of_records_is_added_as_any_file(tmp_path: Path) -> None:
    """Accounts and records in CSV, one in French with handles: the ties of the burst are found; forgetting an account takes its."""
    accounts = make(PLANTED, 3)["accounts"].select(["platform", "account_id", "handle", "created_at_us"]).to_pylist()
    lines = [
        f"x,{r['account_id']},h{r['account_id']},{dt.datetime.fromtimestamp(r['created_at_us'] / 1e6, dt.UTC)}" for r in accounts
    ]
    (tmp_path / "a.csv").write_text("\n".join(["platform,account_id,handle,created_at", *lines]), "utf-8")
    rows = [f"x;@Ha{i};nom de domaine;{'acme.example' if i >= 810 else f'd{i}.example'}" for i in range(850)]
    (tmp_path / "r.csv").write_text("\n".join(["plateforme;pseudonyme;nature;valeur", *rows]), "utf-8")
    case = new_case(tmp_path / "case")
    case.add(tmp_path / "a.csv", tmp_path / "r.csv")
    held = {row["record"]: row["holders"] for row in case.run("registration", draws=99).tables["records"].to_pylist()}
    assert 40 == held["acme.example"]
    case.forget("ha849")
    held = {row["record"]: row["holders"] for row in case.run("registration", draws=99).tables["records"].to_pylist()}
    assert 39 == held["acme.example"]


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
