"""Does `poll` say what was voted on, find an item by its words, and refuse what a way to ask does not read?"""

from typing import Any

import pyarrow as pa
import pytest

from agorascope.analyses import poll
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.texts import say
from tests.analyses.test_poll import asked

WORDS = {"1": "Free trams", "2": "More  parks", "3": "more parks"}


def votes(words: dict[str, str]) -> dict[str, pa.Table]:
    """Make twelve votes on each item and one more on the first, and the words of the items."""
    rated = [{"platform": "x", "rater": f"v{i}", "item": item, "value": float(i % 2)} for item in "123" for i in range(12)]
    posts = [{"platform": "x", "post_id": item, "text": text, "kind": "original"} for item, text in words.items()]
    more = [{"platform": "x", "rater": "v12", "item": "1", "value": 1.0}]
    return {
        "ratings": pa.Table.from_pylist(rated + more, schema("ratings")),
        "posts": pa.Table.from_pylist(posts, schema("posts")),
    }


def french(finding: Finding) -> str:
    """Say a claim in French, with plain spaces."""
    return " ".join(say(finding.claim, "fr").split())


def test_an_item_is_found_by_its_words_as_by_its_name() -> None:
    """Whatever the case and the blanks; an item of that very name comes first; words of two items are refused with both names."""
    named, called = asked(votes(WORDS), item="1"), asked(votes(WORDS), item=" free   TRAMS")
    assert named.claim == called.claim
    assert "« Free trams » (objet 1), 53,8 % des 13 votants ont dit oui" in french(called)
    assert "item “2”" in say(asked(votes({"1": "2"}), item="2").claim, "en")
    with pytest.raises(BadValue, match="'More parks', which is the text of 2 items; use -p item=2 or -p item=3"):
        asked(votes(WORDS), item="More parks")
    with pytest.raises(BadValue, match=r"items with most votes: 1 \('Free trams'\), 2 \('More parks'\)"):
        asked(votes(WORDS), item="Free buses")
    with pytest.raises(BadValue, match="item is ' ', on which nobody voted here"):  # no words are not those of an item without any
        asked(votes(WORDS | {"3": " "}), item=" ")


def test_the_item_most_voted_on_is_told_as_such() -> None:
    """Only where none was asked for, and only where there are others."""
    (note,) = (n for n in asked(votes({})).notes if n.key == "poll.note.item")
    assert {"item": "1", "n": 2} == note.args
    assert "poll.note.item" not in [n.key for n in asked(votes({}), item="1").notes]


def test_a_published_result_is_named_by_what_it_is_about() -> None:
    """The question is quoted in both languages; without one the claim names none; long ones are cut."""
    finding = asked({}, votes=1000, share=0.7, about="Is this free speech?")
    assert "In the vote on “Is this free speech?”, 70% of 1,000 voters said yes." in say(finding.claim, "en")
    assert "Dans le vote sur « Is this free speech? »" in french(finding)
    assert say(asked({}, votes=1000, share=0.7).claim, "en").startswith("Of 1,000 voters, 70% said yes.")
    assert "word…”, 70%" in say(asked({}, votes=1000, share=0.7, about="word " * 99).claim, "en")
    unspaced = say(asked({}, votes=1000, share=0.7, about="公共交通" * 99).claim, "en")
    assert f"“{'公共交通' * 29}公共交…”, 70%" in unspaced


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"about": "a question"}, "about is 'a question', and names a published result"),
        ({"votes": 100, "share": 0.5, "above": 0.0}, "item, above and margins are of a vote in the case"),
    ],
)
def test_what_is_not_read_is_refused(params: dict[str, Any], said: str) -> None:
    """A value that would change nothing is told what it is read with."""
    with pytest.raises(BadValue, match=said):
        asked(votes({}), **params)


def test_what_is_read_only_with_a_population_is_refused_where_it_is_asked() -> None:
    """And not where a finding made before is computed again: it comes out as it did."""
    with pytest.raises(BadValue, match=r"ddc is 0.01, and is read only with the number of people asked about; give population"):
        poll.refuse(poll.Params(ddc=0.01))
    with pytest.raises(BadValue, match=r"error is 0.1, and is read only"):
        poll.refuse(poll.Params(votes=100, share=0.5, error=0.1))
    poll.refuse(poll.Params(population=1000, ddc=0.01, error=0.1))
    assert asked(votes({}), ddc=0.01).units == asked(votes({})).units
