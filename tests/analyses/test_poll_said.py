"""Does what is told of a vote name what it is, in both languages, and hold its error?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.calibration import load
from agorascope.case import new_case
from agorascope.errors import BadValue
from agorascope.findings import digest
from agorascope.records import schema
from agorascope.report import effects, html
from agorascope.report.view import CaseView
from agorascope.texts import LANGUAGES, catalogue, say
from agorascope.worlds.votes import make
from tests.analyses.test_poll import SKEWED, asked, rated


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_says_what_the_calibration_of_bounds_counted(lang: str) -> None:
    """Worlds of polls are votes whose truth is known, not worlds where nothing happened: a miss is no false alarm."""
    page = html([asked({}, votes=1000, share=0.7)], lang=lang, case=CaseView("t", name=str))
    assert catalogue(lang)["poll.calibration.false_alarms"] in page
    assert catalogue(lang)["report.calibration.false_alarms"] not in page
    assert catalogue(lang)["report.calibration.rate"].rpartition("}")[2] not in page


def test_the_key_of_the_bounds_has_the_colour_of_the_band() -> None:
    """The chart of the bounds draws a coloured surface: so does its key, and no hatching that the chart does not have."""
    page = html([asked({}, votes=1000, share=0.7)], lang="en", case=CaseView("t", name=str))
    assert '<b class="band">█</b>' in page
    assert "▒" not in page


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
    assert 40 == len(cells)
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 600]


@pytest.mark.parametrize(("lang", "words"), [("en", "times as likely a supporter of one answer"), ("fr", "fois les chances")])
def test_odds_are_explained_in_plain_words(lang: str, words: str) -> None:
    """The help of the parameter and the limits say what the odds are, and the claim uses no word of statistics for them."""
    texts = catalogue(lang)
    assert words in texts["poll.params.odds"]
    assert words.partition(" a supporter")[0] in texts["poll.limits.odds"]
    assert "odds" not in texts["poll.claim.found"] + texts["poll.assumed.uneven"].replace("{odds:number}", "")
    assert texts["poll.assumed.even"] in say(asked({}, votes=400, share=0.51, odds=1.0).claim, lang)


def test_what_was_voted_on_is_quoted_where_the_case_has_its_words() -> None:
    """The claim quotes the post of the item's name; of another platform, or without words, the item has its name only."""
    votes = rated({f"y{i}": [1.0] for i in range(12)})
    post = {"platform": "x", "post_id": "q", "text": " Free trams ", "kind": "original"}
    for row, name in ((post, "“Free trams” (item q)"), (post | {"platform": "y"}, "item “q”"), (post | {"text": " "}, "item “q”")):
        finding = asked(votes | {"posts": pa.Table.from_pylist([row], schema("posts"))})
        assert say(finding.claim, "en").startswith(f"In the vote on {name}, 100% of 12 voters said yes. ")
        assert ("Free trams" in say(finding.claim, "fr")) == ("poll.note.item_said" in [n.key for n in finding.notes])


def test_the_number_is_named_as_the_voters_share_and_its_bounds_as_bounds() -> None:
    """What voters said is not called the population's share, and bounds under odds are not called an interval of sampling."""
    finding = asked({}, votes=4000, share=0.71)
    effect = finding.effect
    assert effect is not None
    assert ("share of yes among the voters", None) == (effect.metric, effect.level)
    assert "weighted" in asked(make(SKEWED, 1)).effect.metric  # type: ignore[union-attr]
    for lang, number, bounds in (("en", "among the voters", "bounds of the population"), ("fr", "parmi les votants", "bornes")):
        shown = effects.effect("poll", effect, lang)
        assert shown is not None
        assert (True, True, False) == (number in shown.metric, bounds in shown.interval, "95" in shown.interval)


def test_a_sample_of_less_than_one_person_says_nothing() -> None:
    """Neither a fraction of a person nor a margin of error above 1 is shown, and the remark says why."""
    finding = asked({}, votes=4000, share=0.71, population=50e6, ddc=0.02)
    rows = {row["ddc"]: row for row in finding.tables["equivalent"].to_pylist()}
    assert (None, None) == (rows[0.02]["random_sample"], rows[0.02]["margin_share"])
    assert all(row["random_sample"] is None or row["random_sample"] >= 1 for row in rows.values())
    assert any(row["random_sample"] is not None for row in rows.values())
    assert "poll.note.defect_nothing" in {note.key for note in finding.notes}
    assert all(catalogue(lang)["poll.absent.margin_share"] for lang in LANGUAGES)


@pytest.mark.parametrize(("params", "said"), [({"share": 0.6}, "without votes"), ({"votes": 100}, "without share")])
def test_half_of_a_published_result_is_refused_in_an_empty_case(tmp_path: Any, params: dict[str, Any], said: str) -> None:
    """What lacks is the other half of the result, not a table of votes."""
    with pytest.raises(BadValue, match=said):
        new_case(tmp_path / "case").run("poll", **params)


@pytest.mark.parametrize(
    ("share", "error"), [*((share, 0.05) for share in (0.4, 0.45, 0.55, 0.6)), (0.82, 0.16), (0.66, 0.16), (0.1, 0.2)]
)
def test_the_flip_is_told_once(share: float, error: float) -> None:
    """Where being wrong by the error, once or twice, makes it one half, that is the flip: one row and not two."""
    rows = asked({}, votes=1000, share=share, population=10_000, error=error).tables["needed"].to_pylist()
    halves = [row["case"] for row in rows if abs(row["population_share"] - 0.5) < 1e-9]
    assert ["flip"] == halves
    assert "off" in [row["case"] for row in rows]
