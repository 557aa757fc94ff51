"""Does a reader see what decides on an item, who the camps are, and how sure every number is, without a contradiction?"""

import numpy as np
import pyarrow as pa
import pytest

from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.report import markdown
from agorascope.report.view import CaseView
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.bridges import make
from tests.analyses.test_bridging import PLANTED, asked, reposts

SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})


def votes(shares: list[tuple[float, float]], *, each: int) -> dict[str, pa.Table]:
    """Make two declared groups of ``each`` raters and one loner; of each item so many of either approve."""
    rng, rows = np.random.default_rng(1), []
    for i, both in enumerate(shares):
        for camp, share in zip("AB", both, strict=True):
            liked = rng.permutation(each) < round(share * each)
            rows += [{"platform": "x", "rater": f"{camp}{k}", "item": f"i{i:02d}", "value": float(liked[k])} for k in range(each)]
    rows.append({"platform": "x", "rater": "loner", "item": "i00", "value": 1.0})
    groups = [{"platform": "x", "account_id": f"{camp}{k}", "group_name": camp} for camp in "AB" for k in range(each)]
    return {n: pa.Table.from_pylist(r, schema(n)) for n, r in (("ratings", rows), ("groups", groups))}


PARTED = [(0.9, 0.1), (0.1, 0.9)]


def test_the_bound_that_decides_stands_beside_the_interval_of_the_item_alone() -> None:
    """An item whose own interval lies above one half is not shown among twenty: the bound printed beside it is below."""
    finding = asked(votes([(0.65, 0.65), *PARTED * 10], each=80), draws=99)
    first = finding.units[0]
    assert ("not_found", "i00", "open") == (finding.verdict, first["item"], first["place"])
    assert first["low"] > 0.5 > first["sure_share"] == finding.claim.args["sure"]
    for lang, words in (
        ("en", "all items looked at together, at least"),
        ("fr", "toutes propositions considérées ensemble, au moins"),
    ):
        assert words in say(finding.claim, lang)


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_lies_above_one_half_where_an_item_is_shown_and_nowhere_else(seed: int) -> None:
    """Whatever the number of items, of raters and the share of errors allowed."""
    rng = np.random.default_rng(seed)
    odds = [(float(a), float(b)) for a, b in rng.uniform(0.3, 1, (15, 2))]
    for alpha in (0.05, 0.3):
        units = asked(votes([*odds, *PARTED * 4], each=40), alpha=alpha).units
        assert [u["place"] == "across" for u in units] == [u["sure_share"] > 0.5 for u in units]
        assert {True, False} == {u["sure_share"] > 0.5 for u in units}


def test_the_bound_of_an_item_just_shown_lies_above_one_half() -> None:
    """All of the seven votes of a camp, on ten of 64 items, just show them: neither the bound nor the claim says otherwise."""
    rows = votes([(1.0, 1.0)] * 10 + PARTED * 27, each=40)
    cast = rows["ratings"].to_pylist()
    few = [r for r in cast if r["item"] > "i09" or r["rater"][0] == "A" or r["rater"] in [f"B{k}" for k in range(7)]]
    finding = asked(rows | {"ratings": pa.Table.from_pylist(few, schema("ratings"))})
    assert [0.05] * 10 == [u["q_value"] for u in finding.units if u["place"] == "across"]
    assert [True] * 10 + [False] * 54 == [u["sure_share"] > 0.5 for u in finding.units]
    assert "more than 50% of each camp approve of it; more than 50% is needed" in say(finding.claim, "en")
    assert "plus de 50 % de chaque camp l’approuvent ; il faut plus de 50 %" in say(finding.claim, "fr").translate(SPACES)


def test_the_bound_is_rarely_above_the_share_that_is_true() -> None:
    """In four worlds of ten items in two camps with true shares of 50 or 75 %, at most one bound in ten of those shown misses."""
    rng, missed, named = np.random.default_rng(5), 0, 0
    for _ in range(4):
        true = np.where(rng.random((10, 2)) < 0.5, 0.75, 0.5)
        rows = votes([(0.5, 0.5)] * 10 + PARTED * 4, each=60)
        table = rows["ratings"].to_pylist()
        for row in table:
            at = int(row["item"][1:])
            if at < 10 and row["rater"] != "loner":
                row["value"] = float(rng.random() < true[at]["AB".index(row["rater"][0])])
        found = asked(rows | {"ratings": pa.Table.from_pylist(table, schema("ratings"))}, draws=19)
        shown = [u for u in found.units if u["place"] == "across"]
        missed += sum(u["sure_share"] > true[int(u["item"][1:])].min() for u in shown)
        named += len(shown)
    assert named
    assert missed <= max(1, named // 10)


def test_the_claim_says_who_the_camps_are_and_who_is_in_none() -> None:
    """By the names of the groups where there are any, else by size; accounts where posts are told of."""
    said = {lang: say(asked(votes([(0.9, 0.9), *PARTED * 5], each=40)).claim, lang).translate(SPACES) for lang in LANGUAGES}
    assert "(raters: 40 in “A” and 40 in “B”; in none of them: 1)" in said["en"]
    assert "(votants : 40 dans « A » et 40 dans « B » ; hors de ces camps : 1)" in said["fr"]
    assert "(raters: 2" in say(asked(make(PLANTED, 3)).claim, "en")
    assert "(accounts: 60 in “g0” and 60 in “g1”; in none of them: 0)" in say(asked(reposts(parted=True)).claim, "en")


def test_an_interval_of_one_point_says_that_every_item_is_settled() -> None:
    """Where each item is shown to hold or not to, the share of these items is known: no zero-width interval is printed."""
    finding = asked(votes([(0.95, 0.95)] * 3 + PARTED * 5, each=100))
    assert finding.effect is not None
    assert finding.effect.low == finding.effect.high == finding.effect.value
    for lang, words in (("en", "every item is settled at 95%"), ("fr", "chaque proposition est tranchée à 95 %")):
        assert words in page(finding, lang)


def test_a_score_that_is_a_share_is_shown_in_percent() -> None:
    """The minimum is; the consensus is a product, and the score as in Community Notes is none: they stay numbers."""
    rows = votes([(0.95, 0.95), *PARTED * 5], each=100)
    for score, percent in (("minimum", True), ("consensus", False), ("intercept", False)):
        finding = asked(rows, score=score)
        first = finding.units[0]
        shown = f"{round(first['score'] * 100, 1):g}%"
        assert percent == (f"| {shown} [" in page(finding, "en"))
        assert ("share" if percent else "") == first["unit"]
    assert "ordonnée" not in page(finding, "fr")


def test_items_that_say_the_same_are_told_apart_by_their_name() -> None:
    """Two items of one text are quoted with their name, one of a text of its own without."""
    rows = votes([(0.95, 0.95), *PARTED * 5], each=40)
    for other, quoted in ((1, "A tax [i00]”"), (None, "A tax”")):
        same = {0, other}
        posts = [
            {"platform": "x", "post_id": f"i{i:02d}", "kind": "original", "text": "A tax" if i in same else f"No {i}"}
            for i in range(11)
        ]
        finding = asked(rows | {"posts": pa.Table.from_pylist(posts, schema("posts"))})
        assert quoted in say(finding.claim, "en")


@pytest.mark.parametrize(
    ("act", "words"), [("repost", "more reposts than"), ("reply", "more replies than"), ("quote", "more quotes than")]
)
def test_an_act_is_called_what_it_is(act: str, words: str) -> None:
    """A reply passes nothing on."""
    column = {"repost": "repost_of", "reply": "reply_to", "quote": "quote_of"}[act]
    rows = reposts(parted=True)
    told = [
        row | {"kind": act, "repost_of": None} | {column: row["repost_of"]} if row["kind"] == "repost" else row
        for row in rows["posts"].to_pylist()
    ]
    finding = asked(rows | {"posts": pa.Table.from_pylist(told, schema("posts"))}, act=act)
    assert words in say(finding.claim, "en")
    assert all(say(text, lang) for text in (finding.claim, *finding.notes) for lang in LANGUAGES)
    assert all(row["usual_share"] > 0 for row in finding.tables["camps"].to_pylist())
    assert [None] * len(finding.units) == [u["sure_share"] for u in finding.units]


def page(finding: Finding, lang: str) -> str:
    """Make the report of one finding, as text."""
    return markdown([finding], lang=lang, case=CaseView("t", name=str)).translate(SPACES).replace("\\", "")


def test_too_few_acts_are_told_as_acts() -> None:
    """No post got a thousand reposts: that is said, not that items lack votes."""
    finding = asked(reposts(parted=True), least=1000)
    assert ("insufficient", "items", "bridging.claim.few_acts") == (finding.verdict, finding.gate, finding.claim.key)
    assert "No post got 1,000 reposts" in say(finding.claim, "en")
    assert say(finding.claim, "fr")
