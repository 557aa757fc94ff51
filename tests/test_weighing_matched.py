"""Is it told that margins and traits have no category in common, or only some, with what was seen on each side?"""

from typing import Any

import pyarrow as pa
import pytest

from agorascope.analyses import poll, representation
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, Message, catalogue, say

WHO = {"poll": "voters", "representation": "accounts"}


def tables(groups: list[str], margins: dict[str, dict[str, float]]) -> dict[str, pa.Table]:
    """Make sixty accounts that vote and write, in these groups by turns, and margins of the population town."""
    accounts = [f"v{i}" for i in range(60)]
    rows: dict[str, list[dict[str, Any]]] = {
        "ratings": [{"platform": "x", "rater": a, "item": "q", "value": float(i % 3 > 0)} for i, a in enumerate(accounts)],
        "posts": [
            {"platform": "x", "post_id": f"{a}-{j}", "account_id": a, "kind": "original", "text": "#yes" if i % 3 else "no"}
            for i, a in enumerate(accounts)
            for j in range(1 + i % 4)
        ],
        "post_objects": [
            {"platform": "x", "post_id": f"{a}-{j}", "kind": "hashtag", "value": "yes"}
            for i, a in enumerate(accounts)
            for j in range(1 + i % 4)
            if i % 3
        ],
        "groups": [
            {"platform": "x", "account_id": a, "group_name": groups[i % len(groups)]} for i, a in enumerate(accounts) if groups
        ],
        "margins": [
            {"population": "town", "variable": v, "category": c, "share": s} for v, said in margins.items() for c, s in said.items()
        ],
    }
    return {name: pa.Table.from_pylist(made, schema(name)) for name, made in rows.items()}


def asked(analysis: str, rows: dict[str, pa.Table], margins: str = "") -> Finding:
    """Run one of the two analyses that weigh."""
    corpus = memory_corpus(rows, threads=1)
    if analysis == "poll":
        return poll.run(corpus, poll.Params(margins=margins))
    return representation.run(corpus, representation.Params(margins=margins, attribute="hashtag:yes", draws=99))


def noted(finding: Finding) -> dict[str, Message]:
    """Give the notes by their short names."""
    return {note.key.rpartition(".")[2]: note for note in finding.notes}


WORDS = {"sex": {"men": 0.5, "women": 0.5}}


@pytest.mark.parametrize("analysis", WHO)
def test_margins_without_a_category_in_common_are_told_so(analysis: str) -> None:
    """Unasked, claim and note say it with both sides, and nothing says that too few are known; asked for, they are refused."""
    rows = tables(["sex:f", "sex:h"], WORDS)
    finding = asked(analysis, rows)
    assert "have no category in common" in say(finding.claim, "en")
    assert "aucune catégorie en commun" in say(finding.claim, "fr")
    notes = noted(finding)
    assert "no_traits" not in notes
    assert all(f"{mark}" in say(notes["unmatched"], lang) for lang in LANGUAGES for mark in ("men", "women", "f", "h", "sex"))
    seen = r"sex is 'men', 'women' in the margins, and 'f', 'h' among the " + WHO[analysis]
    with pytest.raises(BadValue, match=rf"margins is 'town', which has no category in common .*: {seen}; write"):
        asked(analysis, rows, "town")


@pytest.mark.parametrize("analysis", WHO)
def test_a_variable_that_nobody_has_is_told_with_those_that_are_known(analysis: str) -> None:
    """Margins of sex and groups of gender: the names of the variables differ."""
    rows = tables(["gender:f", "gender:h"], WORDS)
    finding = asked(analysis, rows)
    assert "nothing that the margins name is known of" in say(finding.claim, "en")
    assert "rien de ce que nomment les marges n’est connu" in say(finding.claim, "fr")
    told = noted(finding)["unheard"]
    assert ("gender" in say(told, "en"), "genre" in say(told, "fr")) == (True, True)
    with pytest.raises(BadValue, match=rf"known of none of the {WHO[analysis]} \(known of them: .*'gender'"):
        asked(analysis, rows, "town")


@pytest.mark.parametrize("analysis", WHO)
def test_categories_in_common_in_part_are_used_and_the_others_told(analysis: str) -> None:
    """Of three categories here one is not in the margins, of three there one is not here: weighted, both named, voters counted."""
    rows = tables(["sex:f", "sex:f", "sex:h", "sex:other"], {"sex": {"f": 0.5, "h": 0.4, "x": 0.1}})
    for margins in ("", "town"):
        notes = noted(asked(analysis, rows, margins))
        assert {"in_part_absent", "uncovered"} <= set(notes)
        assert 15 == notes["in_part_absent"].args["n"]
        assert all(
            "other" in say(notes["in_part_absent"], lang) and "x" in say(notes["in_part_absent"], lang) for lang in LANGUAGES
        )


@pytest.mark.parametrize("analysis", WHO)
def test_too_few_in_common_are_told_with_what_the_margins_lack(analysis: str) -> None:
    """A quarter has a category of the margins: too few are known, and why."""
    rows = tables(["sex:f", "sex:a", "sex:b", "sex:c"], {"sex": {"f": 0.5, "h": 0.5}})
    finding = asked(analysis, rows)
    assert {"no_traits", "in_part_absent"} <= set(noted(finding))
    assert "is known of too few" in say(finding.claim, "en")


@pytest.mark.parametrize("analysis", WHO)
def test_one_variable_may_match_where_another_does_not(analysis: str) -> None:
    """Sex is weighted to; of age, which the margins write otherwise, the note says that nothing is in common."""
    rows = tables(["sex:f", "sex:h"], {"age": {"young": 0.5, "old": 0.5}, "sex": {"f": 0.6, "h": 0.4}})
    ages = [{"platform": "x", "account_id": f"v{i}", "group_name": f"age:{18 + i % 2}"} for i in range(60)]
    rows["groups"] = pa.concat_tables([rows["groups"], pa.Table.from_pylist(ages, schema("groups"))])
    notes = noted(asked(analysis, rows, "town"))
    assert ({"weighted", "unmatched"}, "left_out" in notes) == ({"weighted", "unmatched"} & set(notes), False)


@pytest.mark.parametrize("analysis", WHO)
def test_a_rare_category_is_counted_and_not_named(analysis: str) -> None:
    """A trait of fewer than ten may name a person: the note tells how many such categories there are."""
    told = noted(asked(analysis, tables([f"sex:s{i}" for i in range(60)], WORDS)))["unmatched"]
    assert "60 categories of fewer than ten each" in say(told, "en")
    assert not any(f"s{i}" in say(told, "fr") for i in range(60))


def test_the_share_weighted_to_margins_is_in_the_claim() -> None:
    """Whole where every category has an account; where one has none, the share covered is told beside the bounds of all."""
    groups = ["sex:f", "sex:f", "sex:h"]
    whole = asked("representation", tables(groups, {"sex": {"f": 0.5, "h": 0.5}}))
    (row,) = (u for u in whole.units if u["measure"] == "attribute_weighted")
    told = whole.claim.args["rest"]
    assert ("representation.weighted.whole", row["share"]) == (told.key, told.args["share"])
    assert "weighted to the population (sex), the share is 75%" in say(whole.claim, "en")
    part = asked("representation", tables(groups, {"sex": {"f": 0.5, "h": 0.3, "x": 0.2}}))
    assert "the 80% of the population of whose kinds an account is seen" in say(part.claim, "en")
    assert all(say(part.claim, lang) for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        ({}, "the case has no margins"),
        (WORDS, "too few accounts are of a known category"),
        ({"sex": {"f": 0.3, "h": 0.3}}, "the shares in the margins do not add up to 1"),
    ],
)
def test_a_cut_of_no_weights_is_refused(margins: dict[str, dict[str, float]], said: str) -> None:
    """Where nothing is weighted, ``trim`` would be read by nothing."""
    corpus = memory_corpus(tables(["sex:f", "sex:h"], margins), threads=1)
    with pytest.raises(BadValue, match=f"trim is 2, and cuts weights, of which there are none: {said}"):
        representation.run(corpus, representation.Params(trim=2.0, draws=99))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_columns_shown_side_by_side_have_names_of_their_own(lang: str) -> None:
    """What is counted and its share are not both called the share, and French names no cause of the gap."""
    texts = catalogue(lang)
    assert texts["representation.columns.measure"] != texts["representation.columns.share"]
    assert not any("dû à" in text for key, text in texts.items() if key.startswith("representation."))
