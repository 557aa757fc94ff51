"""Does ``poll`` hold the truth that was planted, miss it no more often than it says, and count votes as they were cast?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import poll
from agorascope.analyses._poll_estimate import estimate
from agorascope.analyses._poll_reduce import Cast, reduce
from agorascope.case import new_case
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.stats import selfselected
from agorascope.stats.margins import Margin
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
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


def of_ages(told: tuple[int, int], untold: tuple[int, int]) -> dict[str, pa.Table]:
    """Make votes (yes, no) of people half young, half old, who tell it, and of people who do not; two in five are young."""
    sides = (
        (value, known, n) for known, pair in ((True, told), (False, untold)) for value, n in zip((1.0, -1.0), pair, strict=True)
    )
    each = [(value, known) for value, known, n in sides for _ in range(n)]
    members = [
        {"platform": "x", "account_id": f"r{i}", "group_name": f"age:{('young', 'old')[i % 2]}"}
        for i, (_, known) in enumerate(each)
        if known
    ]
    margins = [
        {"platform": "x", "population": "p", "variable": "age", "category": c, "share": s}
        for c, s in (("young", 0.4), ("old", 0.6))
    ]
    return rated({f"r{i}": [value] for i, (value, _) in enumerate(each)}) | {
        "groups": pa.Table.from_pylist(members, schema("groups")),
        "margins": pa.Table.from_pylist(margins, schema("margins")),
    }


def test_nothing_is_weighted_where_fewer_than_half_tell_their_traits() -> None:
    """Forty of a thousand tell: the other 960 are not dropped, the majority is that of all, and why is said."""
    finding = asked(of_ages((38, 2), (300, 660)))
    assert ("not_found", 0.338) == (finding.verdict, pytest.approx(finding.effect.value))
    assert "poll.note.no_traits" in [n.key for n in finding.notes]
    assert "traits" not in finding.tables
    assert "not_tested" == next(r.status for r in finding.rivals if r.name == "traits")


def test_voters_of_unknown_kind_count_and_may_be_of_any() -> None:
    """Both ages vote alike: weighting moves nothing, though those who tell are for; the bounds hold the table's, and say so."""
    finding = asked(of_ages((180, 20), (20, 170)), odds=1.0)
    share, row = 200 / 390, finding.tables["undeclared"].to_pylist()[0]
    unit = next(u for u in finding.units if u["assumption"] == "weighted")
    assert (share, share) == pytest.approx((finding.effect.value, finding.units[0]["share"]))
    assert unit["share_low"] < row["share_low"] < share < row["share_high"] < unit["share_high"]
    assert (190, 390) == next((n.args["n"], n.args["votes"]) for n in finding.notes if n.key == "poll.note.untold")
    assert "If the 190 voters of unknown kind may be of any, and both sides" in say(finding.claim, "en")
    assert ("not_found", "poll.turn.open") == (finding.verdict, finding.claim.args["turn"].key)
    traits = next(r for r in finding.rivals if r.name == "traits")
    assert ("undecided", 0.0) == (traits.status, pytest.approx(traits.statistic, abs=1e-9))


def test_the_bounds_hold_every_way_to_divide_the_untold() -> None:
    """Four of six tell, by two traits: however the others are divided among the kinds, the share lies in the bounds."""
    rng = np.random.default_rng(3)
    codes = (np.array([0, 0, 1, 1, -1, 0]), np.array([0, 1, 0, 1, 1, -1]))
    margins = tuple(
        Margin(name, ("a", "b"), np.array(shares), 1.0) for name, shares in (("age", [0.4, 0.6]), ("place", [0.7, 0.3]))
    )
    yes, no = np.array([30.0, 12, 25, 9, 8, 10]), np.array([20.0, 30, 15, 40, 12, 6])
    for used in (1, 2):
        cast = Cast(yes, no, margins[:used], codes[:used], ITEM, 0, ())
        answer = estimate(cast, population=0, odds=1.5, ddc=0.005, error=0.05, level=0.95)
        known = np.logical_and.reduce([c >= 0 for c in codes[:used]])
        assert sum(yes[~known] + no[~known]) == answer.untold
        assert answer.low < answer.share < answer.high
        for way in (rng.dirichlet(np.full(known.sum(), 0.3), 2) for _ in range(40 if used == 1 else 0)):
            more = (side[known] + side[~known].sum() * part for side, part in zip((yes, no), way, strict=True))
            given = Cast(*more, margins[:used], tuple(c[known] for c in codes[:used]), ITEM, 0, ())
            one = estimate(given, population=0, odds=1.5, ddc=0.005, error=0.05, level=1e-9)
            assert answer.low < one.low < one.high < answer.high


def test_each_platform_has_its_own_items() -> None:
    """80 of 100 on one platform and 30 of 300 on another are two votes: the larger is told, the other named, or asked for."""
    both = [("x", i, float(i < 80)) for i in range(100)] + [("y", i, float(i < 30)) for i in range(300)]
    rows = [{"platform": p, "rater": f"r{i}", "item": "q", "value": v} for p, i, v in both]
    more = [{"platform": "y", "rater": f"r{i}", "item": "own", "value": float(i < 8)} for i in range(20)]
    case = {"ratings": pa.Table.from_pylist(rows + more, schema("ratings"))}
    first = asked(case)
    assert (0.1, 300) == (first.effect.value, first.evidence_total)
    note = next(n for n in first.notes if n.key == "poll.note.elsewhere")
    assert (["x"], 100, "y:q") == (note.args["names"], note.args["n"], note.args["item"])
    assert all("100" in say(note, lang) for lang in LANGUAGES)
    assert (0.8, 0.4) == (asked(case, item="x:q").effect.value, asked(case, item="own").effect.value)
    with pytest.raises(BadValue, match="each of 2 platforms has its own; use -p item=y:q or -p item=x:q"):
        asked(case, item="q")
    with pytest.raises(BadValue, match="items with most votes: y:q, x:q, own"):
        asked(case, item="none")


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


def test_zeros_alone_are_no_majority() -> None:
    """A file of nothing but zeros does not say whether they are passes or votes against: nothing is found."""
    rated = [{"platform": "x", "rater": f"v{i}", "item": "q", "value": 0.0} for i in range(60)]
    assert "insufficient" == asked({"ratings": pa.Table.from_pylist(rated, schema("ratings"))}).verdict


def test_a_pass_is_a_pass_on_an_item_that_nobody_is_against() -> None:
    """Whether 0 is a pass is told by the file: on one of its items nobody may have voted against."""
    rows = rated({f"y{i}": [1.0] for i in range(20)} | {f"p{i}": [0.0] for i in range(5)})["ratings"].to_pylist()
    other = [row | {"item": "other", "value": -1.0} for row in rows[:3]]
    finding = asked({"ratings": pa.Table.from_pylist(rows + other, schema("ratings"))}, item="q")
    assert finding.effect is not None
    assert (1.0, 5) == (finding.effect.value, next(n.args["n"] for n in finding.notes if n.key == "poll.note.aside"))


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


@pytest.mark.parametrize(
    ("params", "verdict", "turn"),
    [
        ({"votes": 10, "share": 1.0, "population": 1000}, "not_found", "would"),
        ({"votes": 399, "share": 0.702, "odds": 2}, "not_found", "would"),
        ({"votes": 400, "share": 0.5}, "not_found", "tie"),
        ({"votes": 400, "share": 0.51, "odds": 1}, "not_found", "open"),
        ({"votes": 1_000_000, "share": 0.501, "odds": 1}, "found", "slightest"),
        ({"votes": 1_100_000, "share": 0.18, "population": 217e6}, "found", "at"),
        ({"votes": 1000, "share": 0.9, "population": 1500}, "found", "never"),
    ],
)
def test_the_turning_sentence_follows_from_the_bounds(params: dict[str, Any], verdict: str, turn: str) -> None:
    """The odds told are those up to which the bounds of the verdict give one side the majority: never at odds with it."""
    finding = asked({}, **params)
    told = finding.claim.args["turn"]
    assert (verdict, f"poll.turn.{turn}") == (finding.verdict, told.key)
    if turn == "at":
        at, beyond = told.args["times"], told.args["times"] * 1.02
        assert (at > params.get("odds", 3.0)) == (verdict == "found")
        assert ["found", "not_found"] == [asked({}, **params | {"odds": odds}).verdict for odds in (at, beyond)]


def part_covered(old: float = 0.3) -> dict[str, pa.Table]:
    """Make a vote of 180 young and 120 in the middle on margins of which nobody of the old voted."""
    kinds = ["18-34"] * 180 + ["35-59"] * 120
    rows = rated({f"r{i}": [float(i % 10 < (9 if kind == "18-34" else 4))] for i, kind in enumerate(kinds)})
    members = [{"platform": "x", "account_id": f"r{i}", "group_name": f"age:{kind}"} for i, kind in enumerate(kinds)]
    shares = {"18-34": 0.4 * (1 - old), "35-59": 0.6 * (1 - old), "60+": old}
    margins = [{"platform": "x", "population": "p", "variable": "age", "category": c, "share": s} for c, s in shares.items()]
    return rows | {
        "groups": pa.Table.from_pylist(members, schema("groups")),
        "margins": pa.Table.from_pylist(margins, schema("margins")),
    }


def test_a_kind_nobody_of_whom_voted_is_left_out_of_the_share_and_said() -> None:
    """The weighted share is told of the part covered; the breakdown counts the part that is open, as the bounds do."""
    finding = asked(part_covered(), odds=1.0)
    assert "poll.claim.not_found_covered" == finding.claim.key
    assert (0.7, 0.6) == pytest.approx((finding.claim.args["covered"], finding.claim.args["share"]))
    assert "poll.turn.open" == finding.claim.args["turn"].key
    assert "to the 70% of the population" in say(finding.claim, "en")
    assert "poll.note.weighted_covered" in [n.key for n in finding.notes]
    assert "poll.claim.not_found_weighted" == asked(part_covered(0.0)).claim.key


def test_no_bound_passes_the_worst_case() -> None:
    """Where nearly everybody voted, a random sample's interval is no wider than what the rest could change; weighted neither."""
    for finding in (asked({}, votes=1000, share=0.7, population=1001), asked(part_covered(), population=310)):
        worst = next(u for u in finding.units if u["assumption"] == "worst")
        assert all(worst["share_low"] <= u["share_low"] <= u["share_high"] <= worst["share_high"] for u in finding.units)


def of_file(values: list[float], item: str, file: int) -> pa.Table:
    """Make votes of one file on one item."""
    rows = [{"platform": "x", "rater": f"r{i}", "item": item, "value": v} for i, v in enumerate(values)]
    return pa.Table.from_pylist(rows, schema("ratings")).append_column("file_id", pa.array([file] * len(rows), pa.int64()))


def test_a_scale_is_no_vote_unless_a_threshold_is_asked() -> None:
    """Stars are refused with what was seen and what to do, also where an item has ones only; ``above`` says what is a yes."""
    stars = pa.concat_tables([of_file([1.0, 2.0, 3.0, 4.0, 5.0] * 6, "film", 1), of_file([1.0] * 40, "flop", 1)])
    plain = of_file([1.0] * 9 + [0.0] * 6, "law", 2)
    refused = asked({"ratings": stars})
    assert ("insufficient", "scale", 2) == (refused.verdict, refused.gate, refused.claim.args["n"])
    assert all("above=3" in say(refused.claim, lang) for lang in LANGUAGES)
    both = {"ratings": pa.concat_tables([stars, plain])}
    chosen = asked(both)
    assert (0.6, 2) == (chosen.effect.value, next(n.args["n"] for n in chosen.notes if n.key == "poll.note.others"))
    with pytest.raises(BadValue, match=r"item is 'flop', whose table has values from 1 to 5: .*-p above=3"):
        asked(both, item="flop")
    liked = asked(both, item="film", above=3.0)
    assert (0.4, "poll.note.scale") == (liked.effect.value, liked.notes[0].key)
    for wrong in (float("nan"), 5.0, 0.0):
        with pytest.raises(BadValue, match="use at least 1 and less than 5"):
            asked(both, item="film", above=wrong)
    with pytest.raises(BadValue, match="leave votes and share out"):
        asked(both, votes=100, share=0.5, above=0.0)
