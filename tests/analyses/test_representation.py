"""Does ``representation`` find loud voices and gaps that are planted, stay quiet otherwise, and weigh as it says?"""

import re
from typing import Any, Literal
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import representation
from agorascope.analyses._majority_illusion_borne import attribute_of, borne
from agorascope.analyses._representation_reduce import reduce
from agorascope.calibration import load
from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.stats.shares import gini
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, message, say
from agorascope.worlds.loud import LoudWorld, counts, make

LOUD = LoudWorld(accounts=600, rate=3.0, louder=4.0, lean=1.5)
EQUAL = LoudWorld(accounts=400, rate=1.5)


def asked(rows: dict[str, pa.Table], **params: Any) -> Finding:
    """Ask the analysis about tables, with few draws."""
    return representation.run(memory_corpus(rows, threads=1), representation.Params(draws=99, **params))


def with_ages(rows: dict[str, pa.Table], young: float, known: float = 1.0) -> dict[str, pa.Table]:
    """Say of every account whether it is young, all of the even ones first, and that half of the population is."""
    names = sorted(set(rows["posts"]["account_id"].to_pylist()), key=lambda a: (int(a[1:]) % 2, int(a[1:])))
    told = names[: round(known * len(names))]
    groups = [
        {"platform": "x", "account_id": a, "group_name": "Age:young" if i < young * len(names) else "age:old"}
        for i, a in enumerate(told)
    ]
    margins = [
        {"platform": "unknown", "population": "town", "variable": "age", "category": c, "share": 0.5} for c in ("young", "old")
    ]
    return rows | {
        "groups": pa.Table.from_pylist(groups, schema("groups")),
        "margins": pa.Table.from_pylist(margins, schema("margins")),
    }


def test_margins_that_do_not_add_up_are_not_used_and_refused_by_name() -> None:
    """Shares that make 1.4: nothing is weighted and a note says so; by name they are refused, with trait, sum, remedy."""
    rows = with_ages(make(LOUD, 4), 0.8)
    wrong = pa.Table.from_pylist([row | {"share": 0.7} for row in rows["margins"].to_pylist()], schema("margins"))
    finding = asked(rows | {"margins": wrong}, attribute="hashtag:tag")
    assert {"traits", "undeclared"}.isdisjoint(finding.tables)
    assert [1.4] == [n.args["total"] for n in finding.notes if n.key == "representation.note.unsound"]
    with pytest.raises(BadValue, match=r"margins is 'town', where the shares of 'age' add up to 1.4, not 1; write every category"):
        asked(rows | {"margins": wrong}, margins="town")


def test_a_planted_gap_is_found_and_the_loud_are_seen() -> None:
    """Loud accounts use the hashtag more: share by post above share by account; their voices are not equal."""
    finding = asked(make(LOUD, 1), attribute="hashtag:#Tag")
    assert finding.effect is not None
    assert "found" == finding.verdict
    assert 0 < finding.effect.low < finding.effect.value
    assert "found" == asked(make(LOUD, 1)).verdict


def test_a_claim_about_an_attribute_still_says_who_speaks() -> None:
    """Asked about an attribute, the share of the most active tenth stays in the claim, as without one."""
    rows = make(LOUD, 1)
    plain, told = asked(rows), asked(rows, attribute="hashtag:tag")
    assert plain.claim.args["share"] == told.claim.args["rest"].args["tenth"]
    for lang, words in (("en", "the most active tenth"), ("fr", "Le dixième le plus actif")):
        assert words in say(told.claim, lang)


def test_a_wide_interval_within_chance_is_little_data_and_no_absence() -> None:
    """Thirty accounts of one vote each say little; six hundred that share the attribute say that the gap is small."""
    few = asked(make(LoudWorld(accounts=30, rate=1.5, louder=6.0), 2), attribute="hashtag:tag")
    many = asked(make(LoudWorld(accounts=3000, rate=3.0), 2), attribute="hashtag:tag")
    assert ["not_found_gap_little", "not_found_gap"] == [f.claim.key.rpartition(".")[2] for f in (few, many)]
    assert "neither show a gap nor rule one out" in say(few.claim, "en")


@pytest.mark.parametrize("loud", [1, 2])
def test_a_gap_that_few_accounts_make_has_no_sign(loud: int) -> None:
    """One or two loud accounts never use a word that all others use: rare by chance, but drawn again they may be missing."""
    posts = [
        {"platform": "x", "post_id": f"{i}-{j}", "account_id": f"a{i}", "kind": "original", "text": "no" if i < loud else "yes"}
        for i in range(loud + 159)
        for j in range(30 if i < loud else 2)
    ]
    finding = asked({"posts": pa.Table.from_pylist(posts, schema("posts"))}, attribute="word:yes")
    effect = finding.effect
    assert effect is not None
    low, high, p_value = (-1.0 if one is None else one for one in (effect.low, effect.high, effect.p_value))
    assert ("not_found", True, True) == (finding.verdict, 0 < p_value <= 0.05, low <= 0 <= high)
    assert "which way it goes is not shown" in say(finding.claim, "en")
    assert "n’est pas établi" in say(finding.claim, "fr")


def test_equal_accounts_stay_quiet() -> None:
    """All at one rate: not found; the cells of the calibration hold the nominal error."""
    assert "not_found" == asked(make(EQUAL, 2)).verdict
    cells = load("representation")["cells"]
    assert 15 == len(cells)
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 200]


def test_counts_are_those_drawn() -> None:
    """The reduction gives posts and hashtags of every account, as the world drew them, and the table their Gini."""
    posts, having = counts(LOUD, np.random.default_rng(3))
    told = reduce(memory_corpus(make(LOUD, 3), threads=1), attribute="hashtag:tag", margins="")
    assert told.having is not None
    assert (sorted(posts), sorted(having)) == (sorted(told.posts), sorted(told.having))
    assert gini(posts) == pytest.approx(asked(make(LOUD, 3)).tables["concentration"].to_pylist()[0]["gini"])


def test_weighting_meets_the_margins() -> None:
    """Four in five are young, half of the population is: weighted shares are one half, the distance falls to nothing."""
    finding = asked(with_ages(make(LOUD, 4), 0.8), attribute="hashtag:tag", margins="town.csv")
    assert [0.5, 0.5] == pytest.approx([r["weighted_share"] for r in finding.tables["traits"].to_pylist()])
    before, after = (r["asmd"] for r in finding.tables["weights"].to_pylist()[:2])
    assert before == pytest.approx(0.6, abs=0.02)
    assert after < 1e-8
    assert "attribute_weighted" in {u["measure"] for u in finding.units}


def test_unknown_is_bounded_and_rare_categories_are_not_told() -> None:
    """Three in ten do not say: the bounds hold the share with all told; a group of nine stands with the others."""
    full = asked(with_ages(make(LOUD, 5), 0.6), attribute="hashtag:tag")
    share = next(u["share"] for u in full.units if u["measure"] == "attribute_weighted")
    row = asked(with_ages(make(LOUD, 5), 0.6, known=0.7), attribute="hashtag:tag").tables["undeclared"].to_pylist()[0]
    assert row["share_low"] < share < row["share_high"]
    rare = make(LOUD, 5)
    few = [
        {"platform": "x", "account_id": a, "group_name": "nine"} for a in sorted(set(rare["posts"]["account_id"].to_pylist()))[:9]
    ]
    declared = asked(rare | {"groups": pa.Table.from_pylist(few, schema("groups"))}).tables["declared"].to_pylist()
    nine, _ = (r for r in declared if r["variable"] == "group")
    assert ("(others)", None, None, None) == tuple(nine[c] for c in ("category", "accounts", "accounts_share", "posts_share"))
    assert {"(others)", "(unknown)"} == {r["category"] for r in declared if r["variable"] == "group"}


def test_weighting_is_compared_among_the_accounts_weighted() -> None:
    """Those who tell are half each, as the town: weighting moves nothing; where few tell, nothing is weighted."""
    texts = ["#tag"] * 48 + ["none"] * 2 + ["none"] * 40
    posts = [{"platform": "x", "post_id": f"p{i}", "account_id": f"a{i}", "kind": "original"} for i in range(len(texts))]
    tags = [{"platform": "x", "post_id": f"p{i}", "kind": "hashtag", "value": "tag"} for i, t in enumerate(texts) if t != "none"]
    ages = [{"platform": "unknown", "account_id": f"a{i}", "group_name": f"age:{('young', 'old')[i % 2]}"} for i in range(50)]
    margins = [{"platform": "x", "population": "p", "variable": "age", "category": c, "share": 0.5} for c in ("young", "old")]
    rows = {n: pa.Table.from_pylist(r, schema(n)) for n, r in {"posts": posts, "post_objects": tags, "margins": margins}.items()}
    whole, part = (
        asked(rows | {"groups": pa.Table.from_pylist(some, schema("groups"))}, attribute="hashtag:tag")
        for some in (ages, ages[:40])
    )
    traits = next(r for r in whole.rivals if r.name == "traits")
    assert ("undecided", 0.0) == (traits.status, pytest.approx(traits.statistic, abs=1e-9))
    assert "attribute_weighted" not in {u["measure"] for u in part.units}
    assert "representation.note.no_traits" in [n.key for n in part.notes]


def test_words_are_whole_and_groups_are_members() -> None:
    """``tram`` is not in tramway, but in "Tram!"; a group's posts are those of its members."""
    texts = ["Le Tram!", "tramway", "un tram.", *["rien"] * 9]
    posts = [
        {"platform": "x", "post_id": f"p{i}", "account_id": f"a{i}", "kind": "original", "text": t} for i, t in enumerate(texts)
    ]
    rows = {"posts": pa.Table.from_pylist(posts, schema("posts"))}
    rows["groups"] = pa.Table.from_pylist([{"platform": "unknown", "account_id": "a1", "group_name": "g"}], schema("groups"))
    corpus = memory_corpus(rows, threads=1)
    word, group = (reduce(corpus, attribute=a, margins="").having for a in ("word:tram", "group:g"))
    assert word is not None
    assert group is not None
    assert ([0, 2], [1]) == (
        [i for i in range(3) if word[sorted(range(12), key=lambda k: f"a{k}").index(i)]],
        [1] * int(group.sum()),
    )


@pytest.mark.parametrize("asked_as", ["NFC", "NFD"])
def test_a_word_is_found_however_its_accents_are_typed(asked_as: Literal["NFC", "NFD"]) -> None:
    """Accents as characters of their own, as some systems write them: in the text, or in what is asked."""
    texts = [normalize("NFD", "Des piétons !"), "Des piétons.", "des pietons", *["rien"] * 9]
    posts = [
        {"platform": "x", "post_id": f"p{i}", "account_id": f"a{i}", "kind": "original", "text": t} for i, t in enumerate(texts)
    ]
    corpus = memory_corpus({"posts": pa.Table.from_pylist(posts, schema("posts"))}, threads=1)
    having = reduce(corpus, attribute=normalize(asked_as, "word:Piétons"), margins="").having
    assert having is not None
    assert 2 == having.sum()
    kind, word = attribute_of(normalize(asked_as, "word:Piétons"))
    assert [("x", "a0"), ("x", "a1")] == borne(corpus, kind, word).bearers


def test_wrong_calls_are_refused_and_few_accounts_are_insufficient() -> None:
    """An attribute nobody has, of no kind, or of two words; a population there is not; nine accounts."""
    rows = make(EQUAL, 6)
    for params in ({"attribute": "hashtag:none"}, {"attribute": "colour:red"}, {"attribute": "word:two words"}, {"margins": "x"}):
        with pytest.raises(BadValue):
            asked(rows, **params)
    few = {"posts": rows["posts"].filter(pa.compute.is_in(rows["posts"]["account_id"], pa.array([f"a{i}" for i in range(9)])))}
    assert ("insufficient", "accounts") == (asked(few).verdict, asked(few).gate)


def test_a_level_no_draw_can_reach_is_refused() -> None:
    """With 99 draws no p is below 1/100: a level of 0.999 would always say nothing; it is said how many are needed."""
    with pytest.raises(BadValue, match=r"level is 0.999, and 99 draws show no p below 0.01.*use draws=999 or more"):
        asked(make(LOUD, 1), level=0.999)
    with pytest.raises(BadValue, match=r"use level=0.99995 or less"):
        asked(make(LOUD, 1), level=0.9999999)
    finding = asked(make(LOUD, 1), level=0.9)
    assert "90% interval" in say(finding.claim, "en")
    assert "found" == asked(make(LOUD, 1), level=0.99).verdict


def test_a_repost_is_no_writing() -> None:
    """Reposts, one account's many and those of accounts that only repost, change nothing but a note that counts them."""
    rows = make(LOUD, 1)
    more = [
        {"platform": "x", "post_id": f"r{i}", "account_id": "a1" if i < 500 else f"only{i}", "kind": "repost"} for i in range(520)
    ]
    tags = [{"platform": "x", "post_id": f"r{i}", "kind": "hashtag", "value": "tag"} for i in range(520)]
    added = rows | {
        name: pa.concat_tables([rows[name], pa.Table.from_pylist(extra, schema(name))])
        for name, extra in (("posts", more), ("post_objects", tags))
    }
    before, after = (asked(one, attribute="hashtag:tag") for one in (rows, added))
    assert (before.claim, before.units, before.evidence_total) == (after.claim, after.units, after.evidence_total)
    assert {"n": 520, "silent": 20} == next(n for n in after.notes if n.key == "representation.note.reposts_silent").args


def test_less_than_two_is_singular_in_french() -> None:
    """A gap of 0.598 is "0,598 point", one of 3 is "3 points"."""
    args = asked(make(LOUD, 1), attribute="hashtag:tag").claim.args
    for key in ("found_gap", "not_found_gap"):
        one, many = (say(message(f"representation.claim.{key}", **args | {"gap": gap}), "fr") for gap in (0.598, 3.0))
        assert re.search(r"0,598 point\b", one)
        assert re.search(r"\b3 points\b", many)


def test_order_does_not_count_nobody_is_named_and_both_languages_say_it() -> None:
    """Rows in another order give the same digest; everything can be said; no account is in any table."""
    rows = with_ages(make(LOUD, 7), 0.8)
    finding = asked(rows, attribute="hashtag:tag")
    order = np.random.default_rng(1).permutation(rows["posts"].num_rows)
    assert digest(finding) == digest(asked(rows | {"posts": rows["posts"].take(pa.array(order))}, attribute="hashtag:tag"))
    said = [finding.claim, *finding.notes, *(r.statement for r in finding.rivals), *(f.title for f in finding.figures)]
    assert all(say(text, lang).strip() for text in said for lang in LANGUAGES)
    cells = {str(v) for table in finding.tables.values() for row in table.to_pylist() for v in row.values()}
    assert set() == cells & set(rows["posts"]["account_id"].to_pylist())
    assert finding.evidence_total == sum(memory_corpus(rows).query(finding.evidence_query)["accounts"].to_pylist())
