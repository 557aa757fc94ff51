"""Does ``poll`` hold the truth that was planted, miss it no more often than it says, and count votes as they were cast?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import poll
from agorascope.analyses._poll_estimate import estimate
from agorascope.analyses._poll_reduce import Cast, reduce
from agorascope.calibration import load
from agorascope.case import new_case
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.stats import selfselected
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, catalogue, say
from agorascope.worlds.votes import ITEM, VoteWorld, make, truth, votes

WORLD = VoteWorld(agree=0.65, odds=2.0, turnout=0.001, population=1_000_000)
SKEWED = VoteWorld(agree=0.4, split=1.0, skew=0.8, turnout=0.001, weighted=True)


def asked(rows: dict[str, pa.Table], **params: Any) -> Finding:
    """Ask the analysis about tables."""
    return poll.run(memory_corpus(rows, threads=1), poll.Params(**params))


def rated(values: dict[str, list[float | None]]) -> dict[str, pa.Table]:
    """Make votes on one item: rater -> values."""
    rows = [{"platform": "x", "rater": r, "item": "q", "value": v} for r, given in values.items() for v in given]
    return {"ratings": pa.Table.from_pylist(rows, schema("ratings"))}


def test_planted_truth_lies_in_the_bounds_and_the_majority_holds() -> None:
    """65 % of the population, those for yes twice as likely to vote: within the bounds for odds of 2, a majority for yes."""
    finding = asked(make(WORLD, 1), odds=2.0, population=WORLD.population)
    assert finding.effect is not None
    assert "found" == finding.verdict
    assert finding.effect.low < truth(WORLD) < finding.effect.high
    assert "not_found" == asked(make(WORLD, 1), odds=50.0).verdict


def test_a_majority_that_nobody_left_can_turn_is_told_so() -> None:
    """1.1 of 1.2 million voted: the rest, all against it, would leave a majority."""
    sure = asked({}, votes=1_100_000, share=0.82, population=1_200_000)
    assert sure.claim.args["turn"].key == "poll.turn.never"
    assert "poll.turn.at" == asked({}, votes=1_100_000, share=0.82, population=217e6).claim.args["turn"].key


def test_a_published_result_is_bounded_without_any_row() -> None:
    """The two polls of 2022: the first majority survives odds of 3, the second does not; all bounds are those of the formulas."""
    first = asked({}, votes=1_100_000, share=0.82, population=217e6)
    second = asked({}, votes=2_000_000, share=0.3, population=217e6)
    assert ("found", "not_found") == (first.verdict, second.verdict)
    assert {u["assumption"]: u["majority"] for u in first.units} == {
        "as_published": "yes", "odds": "yes", "defect": "yes", "worst": "open",
    }  # fmt: skip
    defect = next(u for u in first.units if u["assumption"] == "defect")
    expected = selfselected.within(0.82, 1_100_000, 217e6, 0.005)
    assert expected == pytest.approx((defect["share_low"], defect["share_high"]), rel=1e-8)
    flip = next(r for r in first.tables["needed"].to_pylist() if r["case"] == "flip")
    assert (0.0457, 4.556) == pytest.approx((flip["ddc"], flip["times_as_likely"]), rel=1e-3)


def test_known_traits_correct_what_they_explain() -> None:
    """The young agree and vote more: the share of votes is wrong by ten points, the weighted one holds the truth."""
    finding = asked(make(SKEWED, 2), odds=1.0)
    assert finding.effect is not None
    plain = finding.units[0]
    assert plain["share_low"] > truth(SKEWED) + 0.05
    assert finding.effect.low < truth(SKEWED) < finding.effect.high
    assert "favoured" == next(r.status for r in finding.rivals if r.name == "traits") or finding.effect.high > 0.5


def test_unknown_traits_are_bounded_not_guessed() -> None:
    """A third of the voters do not tell their kind: the bounds of what they could change hold the share with all told."""
    world = VoteWorld(agree=0.4, split=1.0, skew=0.8, turnout=0.001, weighted=True, undeclared=0.3)
    row = asked(make(world, 2), odds=1.0).tables["undeclared"].to_pylist()[0]
    told = asked(make(SKEWED, 2), odds=1.0).effect
    assert told is not None
    assert row["share_low"] < told.value < row["share_high"]
    assert 0.3 == pytest.approx(row["unknown_share"], abs=0.05)


def test_the_reduction_counts_what_the_calibration_gives() -> None:
    """From records or from counts by kind, the answer is the same."""
    yes, no = votes(SKEWED, np.random.default_rng(5))
    cast = reduce(memory_corpus(make(SKEWED, 5), threads=1), item="", margins="")
    assert cast is not None
    order = np.argsort([cast.margins[0].categories[c] for c in cast.codes[0]])
    assert (yes.tolist(), no.tolist()) == (cast.yes[order].tolist(), cast.no[order].tolist())
    given = Cast(yes.astype(float), no.astype(float), cast.margins, (np.arange(3),), ITEM, 0, ())
    first, second = (estimate(c, population=0, odds=2.0, ddc=0.005, error=0.05, level=0.95) for c in (cast, given))
    assert (first.share, first.low, first.high) == pytest.approx((second.share, second.low, second.high))


def test_passes_and_double_votes_are_left_out() -> None:
    """0 is no unless somebody votes below 0, then a pass; whoever votes both ways is counted and left out."""
    plain: dict[str, list[float | None]] = {f"y{i}": [1.0] for i in range(8)} | {f"n{i}": [0.0] for i in range(4)} | {"e": [None]}
    assert 8 / 12 == pytest.approx(asked(rated(plain)).effect.value)
    signed = asked(rated(plain | {f"m{i}": [-1.0] for i in range(4)} | {"b": [1.0, -1.0]}))
    assert 8 / 12 == pytest.approx(signed.effect.value)
    assert 5 == next(n.args["n"] for n in signed.notes if n.key == "poll.note.aside")


def test_wrong_calls_are_refused_and_few_votes_are_insufficient() -> None:
    """Half a result, an unknown item or population, more votes than people: one clear line each; nine votes say nothing."""
    rows = make(SKEWED, 3)
    for params in ({"votes": 5}, {"item": "other"}, {"margins": "nowhere"}, {"population": 10}):
        with pytest.raises(BadValue):
            asked(rows, **params)
    assert ("insufficient", "votes") == (asked(rated({f"a{i}": [1.0] for i in range(9)})).verdict, asked({}).gate)


def test_a_case_without_rows_answers_a_published_result(tmp_path: Any) -> None:
    """``votes`` stands in for the table; without either, what is missing is said."""
    case = new_case(tmp_path / "case")
    assert "found" == case.run("poll", votes=1_100_000, share=0.82).verdict
    assert ("insufficient", "missing") == (case.run("poll").verdict, case.run("poll").gate)


def test_order_does_not_count_and_both_languages_say_it() -> None:
    """Rows in another order give the same digest; claim, notes, rivals and figures can be said; no voter is named."""
    rows = make(SKEWED, 4)
    finding = asked(rows, population=1e6)
    order = np.random.default_rng(1).permutation(rows["ratings"].num_rows)
    assert digest(finding) == digest(asked(rows | {"ratings": rows["ratings"].take(pa.array(order))}, population=1e6))
    said = [finding.claim, *finding.notes, *(r.statement for r in finding.rivals), *(f.title for f in finding.figures)]
    assert all(say(text, lang).strip() for text in said for lang in LANGUAGES)
    cells = {str(v) for table in finding.tables.values() for row in table.to_pylist() for v in row.values()}
    assert set() == cells & set(rows["ratings"]["rater"].to_pylist())


def test_calibration_holds_its_error() -> None:
    """In every cell the bounds miss the truth no more often than 5 %, by the exact 99 % interval, over 600 worlds."""
    cells = load("poll")["cells"]
    assert 28 == len(cells)
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 600]


@pytest.mark.parametrize(("lang", "words"), [("en", "times as likely a supporter of one answer"), ("fr", "fois les chances")])
def test_odds_are_explained_in_plain_words(lang: str, words: str) -> None:
    """The help of the parameter and the limits say what the odds are, and the claim uses no word of statistics for them."""
    texts = catalogue(lang)
    assert words in texts["poll.params.odds"]
    assert words.partition(" a supporter")[0] in texts["poll.limits.odds"]
    assert "odds" not in texts["poll.claim.found"].replace("{odds:number}", "")


def test_what_was_voted_on_is_quoted_where_the_case_has_its_words() -> None:
    """The note quotes the post of the item's name; of another platform, or without words, the item has its name only."""
    votes = rated({f"y{i}": [1.0] for i in range(12)})
    post = {"platform": "x", "post_id": "q", "text": " Free trams ", "kind": "original"}
    for row, key in ((post, "item_said"), (post | {"platform": "y"}, "item"), (post | {"text": " "}, "item")):
        rows = pa.Table.from_pylist([row], schema("posts"))
        note = asked(votes | {"posts": rows}).notes[0]
        assert f"poll.note.{key}" == note.key
        assert ("Free trams" in say(note, "fr")) == (key == "item_said")
