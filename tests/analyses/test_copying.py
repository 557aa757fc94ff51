"""Does `copying` find texts lifted from others, leave chance alone, see credit, and name nobody?"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from agorascope.analyses._copying_reduce import FAR_US, Written, reduce
from agorascope.analyses.copying import Params, run
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.report.masking import pseudonymise
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.botnet import BotnetWorld, truth
from agorascope.worlds.botnet_tables import lifted, names_of_boosted, tables
from agorascope.worlds.copying import CopyingWorld, make
from tests import naive

PAGE = (Path(__file__).parents[2] / "docs/analyses/copying.md").read_text("utf-8")
PLANTED = CopyingWorld(posts=4_000, accounts=300, group=60, lifted=0.6)
QUIET = CopyingWorld(posts=1_500, accounts=150, again=0.15, differing=1.0, group=20)
BOTNET = BotnetWorld(events=20_000, bots=100)
SAID = "the quick brown fox jumps over the lazy dog near our river"


def asked(made: dict[str, pa.Table], **params: Any) -> Finding:
    """Run the analysis on tables in memory."""
    return run(memory_corpus(made), Params(**({"draws": 99} | params)))


def written(made: dict[str, pa.Table], threshold: float = 0.8, same: str = "") -> Written:
    """Read and group the texts."""
    found = reduce(memory_corpus(made), since_us=-FAR_US, until_us=FAR_US, threshold=threshold, seed=0, same=same)
    assert found is not None
    return found


def pairs(found: Written) -> set[tuple[str, str]]:
    """Give the lifts as ids: (copy, first)."""
    ids = found.rows["post_id"].to_pylist()
    return {(ids[c], ids[f]) for c, f in zip(found.found.copy.tolist(), found.found.first.tolist(), strict=True)}


@cache
def planted() -> Finding:
    """Ask the whole corpus of a world with sixty lifting accounts."""
    return asked(make(PLANTED, 2))


def posts(*rows: dict[str, Any], **other: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """Make posts in order of time, and other tables."""
    base = {"platform": "x", "kind": "original", "text": SAID}
    made = [base | {"post_id": f"p{i}", "account_id": f"a{i}", "created_at_us": i * 1_000_000} | row for i, row in enumerate(rows)]
    given = {name: [{"platform": "x"} | row for row in listed] for name, listed in other.items()}
    return {n: pa.Table.from_pylist(r, schema(n)) for n, r in ({"posts": made} | given).items()}


def test_a_group_that_lifts_is_found_with_its_difference() -> None:
    """Sixty accounts that take six in ten of their texts: found, and every rival that was tested is disfavoured."""
    finding = asked(make(PLANTED, 2), accounts="lifters")
    assert ("found", "asked") == (finding.verdict, finding.units[0]["scope"])
    assert finding.effect is not None
    assert 0.1 < finding.effect.low < finding.units[0]["lifted_share"] - finding.units[0]["expected_share"] < finding.effect.high
    assert {"disfavoured"} == {r.status for r in finding.rivals}


def test_the_whole_corpus_shows_accounts_that_lift_repeatedly() -> None:
    """Without a group named, more accounts lift repeatedly than deals give; the evidence pairs copies with first texts."""
    finding = planted()
    assert "found" == finding.verdict
    assert finding.units[0]["repeated"] > finding.units[0]["expected_high"]
    known = {(e.role.key.rsplit(".", 1)[1]) for e in finding.evidence}
    assert ({"first", "copy"}, "first") == (known, finding.evidence[0].role.key.rsplit(".", 1)[1])
    counted = memory_corpus(make(PLANTED, 2)).query(finding.evidence_query)
    assert {e.id for e in finding.evidence} == set(counted["post_id"].to_pylist())


@pytest.mark.parametrize("accounts", ["", "lifters"])
def test_chance_stays_quiet(accounts: str) -> None:
    """Over 20 worlds whose group is drawn at random, the rate of alarms agrees with 5 % or is lower."""
    world = QUIET if accounts else CopyingWorld(posts=1_500, accounts=150, again=0.15)
    alarms = sum((asked(make(world, seed), accounts=accounts).effect.p_value or 0) <= 0.05 for seed in range(700, 720))  # type: ignore[union-attr]
    assert binomtest(alarms, 20).proportion_ci(0.99, "exact").low <= 0.05


def test_lifts_of_equal_texts_are_those_of_the_slow_twin() -> None:
    """With a threshold of 1 and no texts of many, the lifts are those of a dictionary of texts."""
    world = CopyingWorld(posts=1_000, accounts=100, buttons=0, slogans=0, again=0.3)
    made = make(world, 4)
    assert naive.lifted(made["posts"].to_pylist()) == pairs(written(made, 1.0))


def test_the_texts_a_boosted_account_took_are_seen_and_it_is_not_judged() -> None:
    """Of the texts planted nine in ten are found with their source, none besides; one account makes no finding."""
    made, told = tables(BOTNET, 1), lifted(BOTNET, 1)
    want = {(f"o{c}", f"o{s}") for c, s in zip(told.copy.tolist(), told.source.tolist(), strict=True)}
    got = pairs(written(made))
    assert got <= want
    assert len(got) >= 0.9 * len(want)
    finding = asked(made)
    assert finding.verdict != "found"
    assert () == finding.evidence


def test_a_change_of_name_is_listed_with_its_dates() -> None:
    """The boosted account's two handles come with the days between which it changed, and how often it was reposted."""
    rows = asked(tables(BOTNET, 1)).tables["renamed"].to_pylist()
    assert list(names_of_boosted(BOTNET, 1)) == [row["handle"] for row in rows]
    assert rows[0]["last_us"] < (truth(BOTNET, 1).renamed_us or 0) <= rows[1]["first_us"]
    assert rows[0]["reposted"] == rows[1]["reposted"] > 500


def test_a_corpus_without_handles_says_that_it_cannot_show_renamings() -> None:
    """Ids alone show no change of name; described handles are said to bear no date."""
    made = make(QUIET, 1)
    assert "copying.note.renamed_none_nothing" in {n.key for n in asked(made).notes}
    made["accounts"] = pa.Table.from_pylist([{"platform": "x", "account_id": "a1", "handle": "ann"}], schema("accounts"))
    assert "copying.note.renamed_none_undated" in {n.key for n in asked(made).notes}


@pytest.mark.parametrize("credit", [
    {"text": f"{SAID} @Ann"}, {"text": f"{SAID} (via @a0)"}, {"kind": "quote", "ref_account_id": "a0"},
    {"kind": "reply", "reply_to": "p0"}, {"kind": "repost", "repost_of": "p0"}, {"text": f"RT @ann: {SAID}"}, {"account_id": "a0"},
])  # fmt: skip
def test_credit_is_no_lift(credit: dict[str, Any]) -> None:
    """Whoever mentions, quotes, answers or reposts the first author, or is that author, lifts nothing; another one does."""
    handles = [{"account_id": "a0", "handle": "Ann"}]
    assert {("p2", "p0")} == pairs(written(posts({}, credit, {}, accounts=handles)))


def test_the_same_link_is_no_lift_another_one_is() -> None:
    """A copy with the first text's own link is left aside and counted; with another link it is a lift that bears one."""
    links = [{"post_id": p, "kind": "url", "value": f"https://a.example/{v}"} for p, v in (("p0", 1), ("p1", 1), ("p2", 2))]
    found = written(posts({}, {}, {}, post_objects=links))
    assert ({("p2", "p0")}, 1, [True]) == (pairs(found), found.with_link, found.linked.tolist())


def test_a_text_of_many_is_nobodys() -> None:
    """Twenty-one accounts with one text: no lift, twenty copies left aside; twenty accounts: nineteen lifts."""
    many = written(posts(*[{}] * 21))
    assert (0, 20) == (many.found.copy.size, many.everybody)
    assert 19 == written(posts(*[{}] * 20)).found.copy.size


def test_nobody_is_named_but_by_pseudonym_and_groups_keep_their_name() -> None:
    """No table names an account but that of renamings; masked, no id is left, and the parameter still says the group."""
    finding = asked(make(PLANTED, 2), accounts="lifters")
    ids = set(make(PLANTED, 2)["posts"]["account_id"].to_pylist())
    assert set() == ids & {str(v) for t in finding.tables.values() for row in t.to_pylist() for v in row.values()}
    shown = pseudonymise(finding, lambda account: f"a_{'x' * 8}")
    assert "lifters" == shown.params["accounts"]
    assert set() == ids & {e.account_id for e in shown.evidence}


def test_what_cannot_be_asked_is_said() -> None:
    """Few texts and few accounts are insufficient; a name nobody bears and a bad date are refused with what is there."""
    made = make(QUIET, 1)
    assert ("insufficient", "texts") == (asked(posts({}, {})).verdict, asked(posts({}, {})).gate)
    assert ("insufficient", "members") == (asked(made, accounts="a1,a2").verdict, asked(made, accounts="a1,a2").gate)
    with pytest.raises(BadValue, match="groups are: lifters"):
        asked(made, accounts="nobody")
    with pytest.raises(BadValue, match="ISO date"):
        asked(made, since="yesterday")
    assert "texts" == asked(made, until="2023-01-01").gate


ELSEWHERE = {"platform": "bluesky", "account_id": "2"}


@pytest.mark.parametrize(("there", "lifted"), [
    ({"handle": "Ann.bsky.social"}, False), ({"handle": "ann@example.social"}, False), ({"name": "Ann  Martin"}, False),
    ({"handle": "annie"}, True), ({"name": "Ann"}, True), ({}, True),
])  # fmt: skip
def test_ones_own_text_on_another_platform_is_no_lift(there: dict[str, Any], lifted: bool) -> None:
    """The same handle, wherever its server, or the same name is the same person; another one, or none, is not."""
    accounts = [{"account_id": "1", "handle": "ann", "name": "Ann Martin"}, ELSEWHERE | there]
    found = written(posts({"account_id": "1"}, ELSEWHERE, {}, accounts=accounts))
    assert {("p2", "p0")} | ({("p1", "p0")} if lifted else set()) == pairs(found)
    assert (not lifted) == found.elsewhere


def test_the_same_id_and_a_declared_group_are_one_person() -> None:
    """The same id on two platforms is one person; a group named in ``same`` is, on one platform too; any other group is not."""
    assert set() == pairs(written(posts({"account_id": "ann"}, {"account_id": "ann", "platform": "bluesky"})))
    made = posts(
        {}, {}, {}, groups=[{"account_id": a, "group_name": g} for a, g in (("a0", "desk"), ("a1", "desk"), ("a2", "left"))]
    )
    assert {("p1", "p0"), ("p2", "p0")} == pairs(written(made))
    assert {("p2", "p0")} == pairs(written(made, same="Desk, left"))
    with pytest.raises(BadValue, match="groups are: desk, left"):
        written(made, same="nobody")


def test_a_name_that_two_accounts_of_a_platform_bear_ties_nobody() -> None:
    """Two accounts called alike on one platform are two persons, and so is the one that is called so elsewhere."""
    accounts = [{"account_id": f"a{i}", "name": "Ann"} for i in (0, 1)] + [ELSEWHERE | {"name": "Ann"}]
    assert {("p1", "p0"), ("p2", "p0")} == pairs(written(posts({}, {}, ELSEWHERE, accounts=accounts)))


def test_posting_everywhere_at_once_leaves_the_first_first() -> None:
    """Who posts on two platforms in the same second is still first, and credited by the handle of either."""
    accounts = [{"account_id": "a0", "name": "Ann Martin"}, ELSEWHERE | {"handle": "annm", "name": "Ann Martin"}]
    made = posts({}, ELSEWHERE | {"created_at_us": 0}, {}, {"text": f"{SAID} @annm"}, accounts=accounts)
    found = written(made)
    assert ({"p2"}, 0, 1) == ({copy for copy, _ in pairs(found)}, found.found.tied, found.found.credited)


@pytest.mark.parametrize("seed", [1, 2])
def test_one_source_that_everybody_draws_on_is_found(seed: int) -> None:
    """Where all take half of their texts from one account nobody lifts more than others, and yet the crowd on it is seen."""
    finding = asked(make(CopyingWorld(posts=4_000, accounts=300, one_source=0.5), seed), draws=199)
    assert ("found", "source") == (finding.verdict, finding.units[0]["scope"])
    source, every = finding.units
    assert every["p_value"] > 0.2
    assert source["number"] > 80 > 20 > source["expected_high"]
    assert {"publisher": "undecided", "headline": "disfavoured"}.items() <= {r.name: r.status for r in finding.rivals}.items()
    assert finding.effect is not None
    assert finding.effect.low == source["number"] - source["expected_high"]


def test_row_order_does_not_count_and_both_languages_say_it() -> None:
    """Rows in another order give the same digest; claim, notes, figures and rivals can be said; the page names the tables."""
    made, finding = make(PLANTED, 2), planted()
    order = pa.array(np.random.default_rng(2).permutation(made["posts"].num_rows))
    assert digest(finding) == digest(asked(made | {"posts": made["posts"].take(order)}))
    said = [finding.claim, *finding.notes, *(f.title for f in finding.figures), *(r.statement for r in finding.rivals)]
    assert all(say(text, lang).strip() for text in said for lang in LANGUAGES)
    assert [] == [name for name in finding.tables if f"`{name}`" not in PAGE]


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds of chance, alarms at nominal 5 % agree with 5 % or are rarer."""
    cells = load("copying")["cells"]
    assert 7 == len(cells)
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 100]
