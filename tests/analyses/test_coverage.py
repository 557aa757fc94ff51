"""Does `coverage` find the faults that were planted, stay silent where there are none, and get the published numbers right?"""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from scipy import stats as distributions

from agorascope import new_case
from agorascope.analyses.coverage import Params, run
from agorascope.findings import Finding
from agorascope.records import Panel, schema, to_arrow
from agorascope.stats.families import holm
from agorascope.stats.gaps import low_runs, silence_p
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import faults
from agorascope.worlds.null import DAY_US, START_US, NullWorld, make

STUDY = "amplification/graham_andrejevic_2024/"
CALM = NullWorld(posts=10_000, authors=100, session_posts=1.0, spell=0.0, day_noise=0.0)
Shared = Callable[[str], Path]


@cache
def world(seed: int = 1) -> dict[str, pa.Table]:
    """Make a world in which nothing is missing."""
    return make(CALM, seed)


def filed(folder: Path, *files: Path) -> Finding:
    """Run the analysis on files, read by the real sources."""
    case = new_case(folder / "case")
    for file in files:
        case.add(file)
    return case.run("coverage")


def asked(tables: dict[str, pa.Table], **params: float) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(tables), Params(**params))  # type: ignore[arg-type]


def units(finding: Finding, check: str, status: str) -> list[dict[str, Any]]:
    """Give the rows of one check and status."""
    return [u for u in finding.units if (u["check"], u["status"]) == (check, status)]


def panel(file: Path, start: str, days: int, metrics: dict[str, str], *, account: str | None = None, back: int = 0) -> pa.Table:
    """Make a panel from a CSV file: ``metrics`` maps columns to metrics; ``back`` days from the date to the period's start."""
    rows = []
    for row in csv.DictReader(file.read_text("utf-8").splitlines()):
        at_us = int(datetime.fromisoformat(row[start]).replace(tzinfo=UTC).timestamp()) * 10**6 - back * DAY_US
        who = row.get("account", account)
        rows += [Panel("x", who, at_us, days * DAY_US, m, float(row[c]) if row[c] else None) for c, m in metrics.items()]
    return to_arrow("panels", rows)


def date_us(text: str) -> int:
    """Give the µs of a date, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**6


def test_a_clean_world_has_no_fault() -> None:
    """In a world where nothing is missing the verdict is not found."""
    assert ("not_found", []) == (asked(world()).verdict, [u for u in asked(world()).units if u["status"] == "fault"])


def test_null_worlds_stay_quiet() -> None:
    """Of 40 worlds where nothing is missing at most five hold a reported gap: 5 % nominal, 99.9 % binomial bound."""
    small = NullWorld(posts=3_000, authors=60)
    alarms = sum(asked({"posts": make(small, seed)["posts"]}).verdict == "found" for seed in range(40))
    assert alarms <= 7


def test_a_planted_hole_is_found_where_it_is() -> None:
    """Ten days lost from one account are one gap, whose bounds hold the hole and whose expected posts are near those lost."""
    tables, account = world(), faults.busiest(world())
    start, end = START_US + 30 * DAY_US, START_US + 40 * DAY_US
    holed = faults.lose(tables, start_us=start, end_us=end, account=account)
    lost = tables["posts"].num_rows - holed["posts"].num_rows
    gap = units(asked(holed), "gaps", "fault")[0]
    assert (account, True, True) == (gap["account_id"], gap["start_us"] <= start, gap["end_us"] >= end)
    assert lost == pytest.approx(gap["says"]["args"]["expected"], rel=0.4)


def test_a_hole_of_the_whole_capture_is_told_apart() -> None:
    """Days lost from all accounts are a gap of the capture, and the rival that the capture stopped is favoured."""
    holed = faults.lose(world(), start_us=START_US + 30 * DAY_US, end_us=START_US + 40 * DAY_US)
    finding = asked({"posts": holed["posts"]})
    assert units(finding, "capture_gap", "fault")
    status = {r.name: r.status for r in finding.rivals}
    assert "disfavoured" != status["capture_stopped"]


def test_two_days_without_anybody_are_found() -> None:
    """Two days lost from everybody are found where accounts write in sessions and have quiet weeks; the claim says when."""
    start, end = START_US + 30 * DAY_US, START_US + 32 * DAY_US
    finding = asked({"posts": faults.lose(make(NullWorld(), 1), start_us=start, end_us=end)["posts"]})
    gap = units(finding, "capture_gap", "fault")[0]
    assert (True, True) == (gap["start_us"] <= start, gap["end_us"] >= end)
    assert str(finding.claim).startswith("2 faults in these data, the worst: no post at all between 3")
    assert {"account_paused": "disfavoured", "capture_stopped": "favoured"} == {r.name: r.status for r in finding.rivals}


def test_the_gap_statistic_equals_its_slow_twin() -> None:
    """The F ratios of the longest gaps, computed spacing by spacing from the definition, give the same smallest p."""
    gaps = np.sort(np.random.default_rng(5).exponential(10.0, 200))[::-1]
    gaps[0] *= 4
    longest = [float(g) for g in gaps if g > 5.0][:183]
    excess = [g - longest[-1] for g in longest[:-1]]
    tails = [t / np.mean(excess) for t in np.logspace(-3, 2, 101)]
    fits = [profile(t, excess[3:], censored=3, at=excess[3]) for t in tails]
    theta = max(t for t, fit in zip(tails, fits, strict=True) if fit >= max(fits) - 0.3)
    x = [np.log1p(theta * e) for e in excess] + [0.0]
    steps = [(j + 1) * (x[j] - x[j + 1]) for j in range(len(x) - 1)]
    p = [distributions.f.sf(steps[j] / np.mean(steps[j + 1 :]), 2, 2 * len(steps[j + 1 :])) for j in range(3)]
    assert silence_p(gaps, 5.0) == (1 + int(np.argmin(p)), pytest.approx(min(1.0, 3 * min(p))))


def profile(theta: float, seen: list[float], *, censored: int, at: float) -> float:
    """Give the profile log-likelihood of a Lomax tail, the longest gaps known only to be at least ``at``."""
    shape = (sum(np.log1p(theta * e) for e in seen) + censored * np.log1p(theta * at)) / len(seen)
    return float(len(seen) * (np.log(theta) - np.log(shape)) - sum(np.log1p(theta * e) for e in seen))


def test_low_runs_name_the_hole_and_holm_adjusts_by_hand() -> None:
    """Two empty periods of thirty are the least likely run of two; Holm's p-values are those of its definition."""
    counts = np.random.default_rng(2).poisson(50, 30).astype(float)
    counts[11:13] = 0
    run = low_runs(counts)[1]
    assert (11, 13, 0.0, True) == (run.first, run.end, run.seen, run.p_value < 0.001)
    assert [0.03, 0.06, 0.06] == pytest.approx(holm([0.01, 0.04, 0.03]))


def test_a_gap_names_the_posts_around_it() -> None:
    """The evidence of a gap is the last post before it and the first after it."""
    start, end = START_US + 30 * DAY_US, START_US + 40 * DAY_US
    finding = asked({"posts": faults.lose(world(), start_us=start, end_us=end, account=faults.busiest(world()))["posts"]})
    gap = units(finding, "gaps", "fault")[0]
    edges = sorted(e.at_us for e in finding.evidence if e.role.key == "coverage.role.gaps")
    assert edges[:2] == [gap["start_us"], gap["end_us"]]


def test_a_loss_shows_against_the_counter() -> None:
    """Six tenths of an account's posts lost for four weeks are 40 % captured, within the interval, and no pause."""
    account = faults.busiest(world())
    tables = faults.count_posts(world(), account=account, every_us=7 * DAY_US)
    hit = {"start_us": START_US + 28 * DAY_US, "end_us": START_US + 56 * DAY_US, "account": account}
    finding = asked(faults.lose(tables, **hit, share=0.6))
    found = units(finding, "captured", "fault")[0]
    assert found["low"] <= 0.4 <= found["high"]
    assert "disfavoured" == {r.name: r.status for r in finding.rivals}["account_paused"]


def test_repeats_equal_the_count_by_hand() -> None:
    """The number of repeated ids is that of the table of repeats, over all records read."""
    tables = faults.repeat(world(), share=0.05)
    args = units(asked(tables), "repeated_ids", "fault")[0]["says"]["args"]
    repeats = tables["repeats"].num_rows
    assert (repeats, repeats + tables["posts"].num_rows) == (args["repeats"], args["records"])


def test_copies_equal_the_slow_twin() -> None:
    """Exact copies counted in the engine equal those counted one by one."""
    posts = faults.copy_content(world(), share=0.03)["posts"]
    keys = Counter(zip(*(posts[c].to_pylist() for c in ("account_id", "created_at_us", "text", "kind")), strict=True))
    args = units(asked({"posts": posts}), "equal_content", "fault")[0]["says"]["args"]
    assert sum(n - 1 for n in keys.values()) == args["extra"]


def test_mislabelled_reposts_are_found() -> None:
    """Reposts that pass for originals are counted, and shown."""
    reposts = pc.sum(pc.equal(world()["posts"]["kind"], "repost")).as_py()
    finding = asked(faults.mislabel_reposts(world()))
    assert reposts == units(finding, "marked_original", "fault")[0]["says"]["args"]["marked"]
    assert any(e.role.key == "coverage.role.marked_original" for e in finding.evidence)


def test_hidden_counts_are_found() -> None:
    """A count not given for three posts in ten is a fault of that count, and of no other."""
    found = units(asked(faults.hide(world(), metric="likes", share=0.3)), "hidden_counts", "fault")
    assert {"coverage.metric.likes"} == {u["says"]["args"]["metric"] for u in found}
    assert found[0]["value"] == pytest.approx(0.3, abs=0.02)


def test_an_account_in_two_groups_is_a_fault() -> None:
    """An account listed in two groups at the same time is named."""
    account = faults.busiest(world())
    assert [account] == [
        u["account_id"] for u in units(asked(faults.join_two_groups(world(), account=account)), "two_groups", "fault")
    ]


def test_a_move_between_groups_is_no_fault() -> None:
    """An account that leaves one group when it enters another is in one group at a time."""
    base = {"platform": "x", "account_id": faults.busiest(world())}
    rows = [base | {"group_name": "north", "until_us": START_US}, base | {"group_name": "south", "since_us": START_US}]
    finding = asked({"posts": world()["posts"], "groups": pa.Table.from_pylist(rows, schema=schema("groups"))})
    assert units(finding, "two_groups", "ok")


def test_young_counts_are_a_fault() -> None:
    """Counts read within two days of publication are found; with a limit of one second they are not."""
    tables = world()
    metrics = tables["post_metrics"]
    early = metrics.set_column(2, "observed_at_us", pc.add(tables["posts"]["created_at_us"], DAY_US))
    young = tables | {"post_metrics": early}
    assert (1, 0) == (len(units(asked(young), "age", "fault")), len(units(asked(young, young_s=1), "age", "fault")))


def test_october_of_the_study(shared: Shared) -> None:
    """39 % of the owner's posts were captured in October 2024, 90 % from 14 July to 29 September, 102 % before."""
    metrics = {"study_posts": "posts", "independent_posts": "counter_posts"}
    finding = asked(
        {"panels": panel(shared(STUDY + "coverage_check_musk.csv"), "week_ending", 7, metrics, account="elonmusk", back=6)}
    )
    assert ("captured", 0.39, True) == (finding.effect.metric, round(finding.effect.value, 2), finding.effect.high < 0.8)
    assert date_us("2024-09-30") == units(finding, "captured", "fault")[0]["start_us"]
    weeks = finding.tables["captured"].to_pylist()
    parts = [("2024-01-01", "2024-07-08"), ("2024-07-08", "2024-09-30")]
    inside = [[w for w in weeks if date_us(a) <= w["start_us"] < date_us(b)] for a, b in parts]
    assert [1.02, 0.90] == [round(sum(w["captured"] for w in p) / sum(w["counter"] for w in p), 2) for p in inside]


def test_october_is_the_headline_of_the_file(shared: Shared, tmp_path: Path) -> None:
    """Read by the real source, the file is known by its October; a column that begins in June is no hidden count."""
    file = shared(STUDY + "coverage_check_musk.csv")
    finding = filed(tmp_path, file)
    assert [("captured", 1)] == list(Counter(u["check"] for u in finding.units if u["status"] == "fault").items())
    weeks = list(csv.DictReader(file.read_text("utf-8").splitlines()))[-4:]
    seen, whole = ([int(w[c]) for w in weeks] for c in ("study_posts", "independent_posts"))
    assert finding.effect is not None
    assert (sum(seen[:3]) / sum(whole[:3]), True) == (
        pytest.approx(finding.effect.value),
        round(finding.effect.value or 0, 2) == 0.39,
    )
    last = finding.tables["captured"].to_pylist()[-4:]
    assert (957, 2_803) == (sum(w["captured"] for w in last), sum(w["counter"] for w in last)) == (sum(seen), sum(whole))
    assert [False, False, False, True] == [w["at_edge"] for w in last]
    assert {"panels"} == {e.table for e in finding.evidence}


def test_the_drop_is_seen_from_both_files(shared: Shared, tmp_path: Path) -> None:
    """With the weekly panel and the counter in one case, October is both a fall of the account and a captured share."""
    finding = filed(tmp_path, shared(STUDY + "weekly_panel.csv"), shared(STUDY + "coverage_check_musk.csv"))
    assert "elonmusk" in {u["account_id"] for u in units(finding, "drops", "warning")}
    assert [0.39] == [round(u["value"], 2) for u in units(finding, "captured", "fault")]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("ann,left", "ann,right", "bob,left"), ("ann", "left | right")),
        (("ann,camp:left", "ann,age:18-34", "bob,camp:left", "bob,camp:right"), ("bob", "camp:left | camp:right")),
    ],
)
def test_a_groups_file_with_an_account_twice(tmp_path: Path, lines: tuple[str, ...], told: tuple[str, str]) -> None:
    """An account under two groups of one variable, or without one, is a fault of the case; a camp and an age are no overlap."""
    posts, groups = tmp_path / "posts.csv", tmp_path / "groups.csv"
    posts.write_text("post_id,account,created_at,text\n1,ann,2024-03-01T10:00:00Z,hello\n2,bob,2024-03-02T11:00:00Z,bye\n", "utf-8")
    groups.write_text("\n".join(("account,group", *lines)), "utf-8")
    found = units(filed(tmp_path, posts, groups), "two_groups", "fault")
    assert [told] == [(u["account_id"], u["group_name"]) for u in found]


def test_repeats_of_the_study(shared: Shared) -> None:
    """Of the ids released per day 1,707 of 58,538 are repeats, 397 in the week to 31 March, 725 in the last."""
    file = shared(STUDY + "released_ids_per_day.csv")
    finding = asked({"panels": panel(file, "date_utc", 1, {"ids": "posts", "duplicate_ids": "duplicate_posts"})})
    args = units(finding, "repeated_ids", "fault")[0]["says"]["args"]
    weeks = {w["week_us"]: w["repeats"] for w in finding.tables["repeats_by_week"].to_pylist()}
    assert (1_707, 58_538, 725) == (args["repeats"], args["records"], args["worst"])
    assert (397, 725) == (weeks[date_us("2024-03-25")], weeks[date_us("2024-10-21")])


def test_holes_of_the_study(shared: Shared) -> None:
    """One account has no post in the week to 6 October, one starts on 18 March, and the owner's October falls."""
    file = shared(STUDY + "weekly_panel.csv")
    finding = asked({"panels": panel(file, "week_ending", 7, {"posts": "posts", "views": "views"}, back=6)})
    assert [("JackPosobiec", date_us("2024-09-30"))] == [(u["account_id"], u["start_us"]) for u in units(finding, "gaps", "fault")]
    assert [("DonaldJTrumpJr", date_us("2024-03-18"))] == [
        (u["account_id"], u["end_us"]) for u in units(finding, "late_start", "warning")
    ]
    drop = next(u for u in units(finding, "drops", "warning") if u["account_id"] == "elonmusk")
    assert drop["start_us"] <= date_us("2024-09-30") < date_us("2024-10-20") < drop["end_us"]


def test_copies_of_the_removed_accounts(shared: Shared) -> None:
    """The file of August 2017 counts 172,825 posts, of which 2,833 repeat account, time, text and kind."""
    raw = pq.read_table(shared("coordination/ira/ira_text_2017_08_english.parquet"))
    n, kinds = raw.num_rows, {"R": "repost", "Q": "quote"}
    given = {"platform": pa.repeat("x", n), "post_id": pc.cast(pa.array(range(n)), pa.string()), "account_id": raw["author"],
             "created_at_us": pc.multiply(raw["ts"], 1_000_000), "text": raw["content"],
             "kind": pa.array([kinds.get(k, "original") for k in raw["post_type"].to_pylist()])}  # fmt: skip
    columns = [given[f.name].cast(f.type) if f.name in given else pa.nulls(n, f.type) for f in schema("posts")]
    finding = asked({"posts": pa.Table.from_arrays(columns, schema=schema("posts"))})
    args = units(finding, "equal_content", "fault")[0]["says"]["args"]
    assert (2_833, 172_825) == (args["extra"], args["posts"])
