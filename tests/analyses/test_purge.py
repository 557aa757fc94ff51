"""Does `purge` find a day of removals, leave moody panels alone, and say whether one account is alone in its loss?"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import binomtest

from agorascope import new_case
from agorascope.analyses.purge import Params, run
from agorascope.calibration import load
from agorascope.case import running
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import Account, AccountCounter, Edge, Group, schema, to_arrow
from agorascope.report import pseudonymise
from agorascope.stats.losing import expected, fit, tail
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.followers import DAY_US, START_US, FollowersWorld, make, planted_day
from tests import naive

PAGE = " ".join((Path(__file__).parents[2] / "docs/analyses/purge.md").read_text("utf-8").split())
CALM = FollowersWorld(accounts=80, days=60, mood=0.2)
HIT = FollowersWorld(accounts=80, days=60, mood=0.2, purged=0.4, loss=0.03)
DAY = START_US + planted_day(HIT) * DAY_US
NAMED = dt.datetime.fromtimestamp(DAY / 1e6, dt.UTC).date().isoformat()
Shared = Callable[[str], Path]


def asked(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(tables), Params(**params))


def with_account(followers: list[int]) -> dict[str, pa.Table]:
    """Add one account to the panel, read on every day."""
    rows = [AccountCounter("x", "star", START_US + day * DAY_US, None, n) for day, n in enumerate(followers)]
    return {"account_counters": pa.concat_tables([make(HIT, 4)["account_counters"], to_arrow("account_counters", rows)])}


def test_a_planted_removal_is_found_with_an_interval_that_holds_it() -> None:
    """Four in ten accounts lose 3 % on one day: sought and named it is found, and 0.4 lies in the interval of the share."""
    sought, named = asked(make(HIT, 4)), asked(make(HIT, 4), at=NAMED)
    for finding in (sought, named):
        best = finding.units[0]
        assert ("found", DAY) == (finding.verdict, best["at_us"])
        assert best["losing_share_low"] <= 0.43
        assert best["losing_share_high"] >= 0.4
        assert best["low"] > 3


def test_panels_without_a_removal_stay_quiet() -> None:
    """Over 20 panels with moods, the rate of any day sought agrees with 5 % or is lower."""
    alarms = sum("found" == asked(make(CALM, seed)).verdict for seed in range(200, 220))
    assert binomtest(alarms, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_what_is_usual_equals_the_slow_twin() -> None:
    """Each member's other days, drawn towards all, added up by day: as a loop gives it."""
    rng = np.random.default_rng(3)
    member, day, lost = rng.integers(0, 6, 90), np.repeat(np.arange(9), 10), (rng.random(90) < 0.2).astype(float)
    assert naive.usual_losses(member.tolist(), day.tolist(), lost.tolist(), 9, 20.0) == pytest.approx(
        expected(member, day, lost).tolist()
    )


def test_moods_are_recovered_and_the_tail_is_a_chance() -> None:
    """A spread of 0.5 planted in 400 days is fitted within a fifth; without moods the tail is the binomial's."""
    rng = np.random.default_rng(5)
    known, usual = np.full(400, 200.0), np.full(400, 10.0)
    chance = 1 / (1 + np.exp(-(np.log(10 / 190) + 0.5 * rng.standard_normal(400))))
    moods = fit(rng.binomial(200, chance).astype(float), known, usual)
    assert 0.5 == pytest.approx(moods.spread, abs=0.1)
    exact = binomtest(18, 200, 0.05, alternative="greater").pvalue
    assert exact == pytest.approx(tail(np.array([18.0]), known[:1], usual[:1], moods._replace(level=0.0, spread=1e-6))[0])


def test_an_account_that_loses_like_others_is_not_alone() -> None:
    """An account that lost 3 % on the day four in ten did is not alone; one that lost 30 % lost more; its name can be masked."""
    steady = [2_000 + 3 * day for day in range(60)]
    like = [n if day < planted_day(HIT) else round(n * 0.97) for day, n in enumerate(steady)]
    more = [n if day < planted_day(HIT) else round(n * 0.7) for day, n in enumerate(steady)]
    answers = {}
    for name, followers in (("like", like), ("more", more), ("grew", steady)):
        finding = asked(with_account(followers), at=NAMED, account="star")
        answers[name] = (str(finding.notes[0]), finding.tables["account"].to_pylist()[0])
        assert all(say(finding.notes[0], lang) for lang in LANGUAGES)
    assert "is not alone" in answers["like"][0]
    assert answers["like"][1]["as_bad_share_low"] > 0.05
    assert "more than is usual" in answers["more"][0]
    assert answers["more"][1]["p_value"] <= 0.05
    assert "gained" in answers["grew"][0]
    masked = pseudonymise(asked(with_account(like), at=NAMED, account="star"), lambda account: "a_masked")
    assert "a_masked" in str(masked.notes[0])
    assert ["a_masked"] == masked.tables["account"]["account"].to_pylist()


def followed(names: list[str], *, at_us: int | None = None, platform: str = "x", network: str = "follows") -> pa.Table:
    """Make ties: each name follows the account asked about."""
    return to_arrow("edges", [Edge(platform, network, None, name, "star", None, at_us) for name in names])


def hit(**more: pa.Table) -> dict[str, pa.Table]:
    """Make a panel with a removal in which the account asked about loses 200 of 1,000 followers."""
    return with_account([1_000 if day < planted_day(HIT) else 800 for day in range(60)]) | more


def members(names: list[str], group: str = "suspects") -> pa.Table:
    """Make a group."""
    return to_arrow("groups", [Group("x", name, group) for name in names])


def explained(tables: dict[str, pa.Table], **params: Any) -> tuple[Finding, dict[str, Any]]:
    """Ask of the account what flagged ones explain; give the finding and its row."""
    finding = asked(tables, at=NAMED, account="star", **params)
    return finding, finding.tables["explained"].to_pylist()[0]


FOLLOWERS = [f"f{i}" for i in range(1_000)]


def test_bounds_hold_the_planted_share_and_chance_is_below_it() -> None:
    """Of 1,000 followers 150 are flagged, and all of them were among the 200 removed: at most 75 %, by chance 15 %."""
    finding, row = explained(hit(edges=followed(FOLLOWERS), groups=members(FOLLOWERS[:150])), flagged="suspects")
    assert ("ties", 1_000, 150, 200) == (row["basis"], row["followers_known"], row["flagged_known"], row["lost"])
    assert (0.0, 0.75) == (row["least_share"], row["most_share"])
    assert row["chance_share_low"] < 0.15 == row["chance_share"] < row["chance_share_high"] < 0.21
    said = str(finding.notes[1])
    assert "Measured: " in said
    assert "at least 0% and at most 75% of the loss" in said
    most = asked(hit(edges=followed(FOLLOWERS), groups=members(FOLLOWERS[:950])), at=NAMED, account="star", flagged="suspects")
    assert ("favoured", 0.75) == next((r.status, r.low) for r in most.rivals if r.name == "flagged")


def test_networks_found_by_coordination_are_flagged_too() -> None:
    """Without a group the members of networks count, by id or by handle; accounts tested and found in none do not."""
    accounts = pa.table(
        {"platform": ["x"] * 60, "account_id": [f"f{i}" for i in range(60)], "in_network": [i < 40 for i in range(60)]}
    )
    handle = to_arrow("accounts", [Account("x", "f3", "Tom")])
    corpus = memory_corpus(hit(edges=followed(["tom", *FOLLOWERS[10:]]), accounts=handle))
    given = Corpus(corpus.rows, corpus.execute, corpus.digest, corpus.engine, {"coordination.accounts": accounts})
    finding = run(given, Params(at=NAMED, account="star"))
    row = finding.tables["explained"].to_pylist()[0]
    assert (991, 31, 40) == (row["followers_known"], row["flagged_known"], row["flagged"])
    assert "the networks found by coordination" in str(finding.notes[1])
    assert all(say(note, lang) for note in finding.notes for lang in LANGUAGES)


def test_without_follow_ties_numbers_alone_bound() -> None:
    """Fifty flagged accounts explain a quarter of 200 lost at most; ties of other networks and of after the day say nothing."""
    late = followed(FOLLOWERS, at_us=DAY + 1)
    for edges in (late, followed(FOLLOWERS, network="retweets"), followed(FOLLOWERS, platform="facebook")):
        finding, row = explained(hit(edges=edges, groups=members(FOLLOWERS[:50])), flagged="suspects")
        assert ("count", 0.25, None) == (row["basis"], row["most_share"], row["chance_share"])
        assert "A bound by numbers alone" in str(finding.notes[1])
        assert "disfavoured" == next(r.status for r in finding.rivals if r.name == "flagged")


def test_an_incomplete_list_leaves_room_for_the_unknown() -> None:
    """Of 1,000 followers 400 are known, 20 of them flagged and 30 more flagged elsewhere: at most 50 of 200."""
    names = [*FOLLOWERS[:20], *(f"z{i}" for i in range(30))]
    finding, row = explained(hit(edges=followed(FOLLOWERS[:400]), groups=members(names)), flagged="suspects")
    assert (400, 20, 50, 0.25, 0.05) == tuple(
        row[n] for n in ("followers_known", "flagged_known", "flagged", "most_share", "chance_share")
    )
    assert any("400 followers of 1,000 are known by name" in str(note) for note in finding.notes)


def test_what_lacks_to_explain_a_loss_is_named() -> None:
    """No ties, nobody flagged, no loss: not tested, with what is missing; a group nobody is in is refused with those there are."""

    def lacks(tables: dict[str, pa.Table], **params: Any) -> str:
        finding = asked(tables, at=NAMED, **params)
        assert "explained" not in finding.tables
        return next(str(r.missing) for r in finding.rivals if r.name == "flagged" and r.status == "not_tested")

    assert "who followed whom" in lacks(make(HIT, 4))
    assert "accounts flagged before" in lacks(hit(edges=followed(FOLLOWERS)), account="star")
    assert "a loss on that day" in lacks(
        with_account([1_000] * 60) | {"groups": members(["f1"])}, account="star", flagged="suspects"
    )
    with pytest.raises(BadValue, match="groups are: suspects"):
        asked(hit(groups=members(["f1"])), flagged="nobody")


def test_the_panel_is_asked_where_no_account_is() -> None:
    """Of all accounts that lost on the day, those whose followers are known count; no account is named."""
    ties = [Edge("x", "Followers", None, f"f{i}", f"a{k}") for k in range(13, 25) for i in range(300)]
    finding = asked(
        make(HIT, 4) | {"edges": to_arrow("edges", ties), "groups": members(FOLLOWERS[:30])}, at=NAMED, flagged="suspects"
    )
    row = finding.tables["explained"].to_pylist()[0]
    assert (None, "ties", row["panel"] * 300) == (row["account"], row["basis"], row["followers_known"])
    assert 0 < row["panel"] <= 12
    assert row["chance_share_low"] <= 0.1 == pytest.approx(row["chance_share"])
    assert say(finding.notes[0], "fr")


def test_coordination_is_not_run_for_it_without_ties(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case without a network asks for no networks: `purge` stays as fast as it was."""
    case = new_case(tmp_path / "case")
    rows = make(HIT, 4)["account_counters"].to_pylist()
    lines = [f"{r['account_id']},{dt.datetime.fromtimestamp(r['at_us'] / 1e6, dt.UTC).isoformat()},{r['followers']}" for r in rows]
    (tmp_path / "c.csv").write_text("\n".join(["account,date,followers", *lines]), "utf-8")
    case.add(tmp_path / "c.csv")
    ran: list[str] = []
    monkeypatch.setattr(running, "_cached", lambda folder, need, *_: ran.append(need))
    case.run("purge", at=NAMED)
    assert [] == ran
    (tmp_path / "t.csv").write_text("source,target,network\nf1,a1,follows\n", "utf-8")
    case.add(tmp_path / "t.csv")
    case.run("purge", at=NAMED)
    assert ["coordination"] == ran


def test_evidence_names_those_that_lost_most() -> None:
    """The accounts that lost are named, the largest loss first, with their number; the query yields their readings."""
    finding = asked(make(HIT, 4), at=NAMED)
    assert finding.units[0]["losing"] == finding.evidence_total
    changes = [e.value for e in finding.evidence if e.value is not None]
    assert sorted(changes) == changes
    assert changes[-1] < -0.005
    read = set(memory_corpus(make(HIT, 4)).query(finding.evidence_query)["account_id"].to_pylist())
    assert {e.account_id for e in finding.evidence} <= read


def test_what_cannot_be_answered_is_said() -> None:
    """Few days, a day not read, a word that is no day, an account nobody has."""
    table = make(CALM, 1)["account_counters"]
    short = {"account_counters": table.filter(pa.compute.less(table["at_us"], START_US + 20 * DAY_US))}
    assert ("insufficient", "days") == (asked(short).verdict, asked(short).gate)
    assert "unseen" == asked(make(CALM, 1), at="2019-01-01").gate
    with pytest.raises(BadValue, match="give a day such as"):
        asked(make(CALM, 1), at="soon")
    with pytest.raises(BadValue, match="check its spelling"):
        asked(make(CALM, 1), account="nobody")


def test_row_order_does_not_count_and_both_languages_say_it() -> None:
    """Rows in another order give the same digest; claim, notes, figures and rivals can be said; the page names the tables."""
    table = make(HIT, 4)["account_counters"]
    order = pa.array(np.random.default_rng(2).permutation(table.num_rows))
    finding = asked({"account_counters": table}, at=NAMED)
    assert digest(finding) == digest(asked({"account_counters": table.take(order)}, at=NAMED))
    said = [finding.claim, *finding.notes, *(f.title for f in finding.figures), *(r.statement for r in finding.rivals)]
    assert all(say(text, lang).strip() for text in said for lang in LANGUAGES)
    assert [] == [name for name in finding.tables if f"`{name}`" not in PAGE]


def test_calibration_holds_its_error() -> None:
    """In every cell of panels without a removal, alarms at nominal 5 % agree with 5 % or are rarer, sought and named."""
    cells = load("purge")["cells"]
    assert 5 == len(cells)
    assert [] == [c["cell"] for c in cells if max(c["low"], c["named"]["low"]) > 0.05 or c["worlds"] < 300]


def test_the_ninth_of_august_2015_stands_out(shared: Shared) -> None:
    """Of 352 active accounts, 27 % lost more than 0.5 % of their followers that day; on a usual day 1.7 %."""
    read = pq.read_table(shared("coordination/ira/ira_events.parquet"), columns=["author", "ts", "followers"])
    n = read.num_rows
    columns = {
        "platform": pa.repeat("x", n),
        "account_id": read["author"].cast(pa.string()),
        "at_us": pa.compute.multiply(read["ts"], 1_000_000),
        "followers": read["followers"],
    }
    shape = schema("account_counters")
    filled = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(n, f.type) for f in shape]
    finding = asked({"account_counters": pa.Table.from_arrays(filled, schema=shape)}, at="2015-08-09")
    best, days = finding.units[0], finding.tables["days"]
    assert ("found", 352) == (finding.verdict, best["known"])
    assert 0.27 == pytest.approx(best["losing_share"], abs=0.001)
    assert 0.017 == pytest.approx(float(np.median(days["losing_share"].to_numpy())), abs=0.001)
    assert best["losing_share"] == max(days["losing_share"].to_pylist())
    assert f"ranks first of {days.num_rows}" in PAGE
    assert "not_tested" == next(r.status for r in finding.rivals if r.name == "flagged")


def test_the_events_are_read_as_they_are(shared: Shared, tmp_path: Path) -> None:
    """The file of posts with their authors' followers is read by ``add`` without being told how, and gives counters."""
    head = next(pq.ParquetFile(shared("coordination/ira/ira_events.parquet")).iter_batches(3_000))
    pq.write_table(pa.Table.from_batches([head]), tmp_path / "events.parquet")
    case = new_case(tmp_path / "case")
    case.add(tmp_path / "events.parquet")
    counted = case.query("SELECT COUNT(*) AS n FROM account_counters WHERE followers IS NOT NULL AND at_us IS NOT NULL")
    assert counted["n"].to_pylist()[0] > 2_900
