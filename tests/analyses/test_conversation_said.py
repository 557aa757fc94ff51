"""Do the sentences of a conversation say what bounds a change, when, and of what?"""

import pyarrow as pa
import pytest

from agorascope.analyses import _conversation_said, conversation
from agorascope.analyses.conversation import Params
from agorascope.errors import BadValue
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds import burst, null
from tests.analyses.test_conversation import DAY_US, answer, told


def test_an_unbounded_ratio_is_not_said() -> None:
    """A unit whose ratio the data do not bound is told by the numbers it compares, in both languages."""
    activity = conversation._reduce(memory_corpus(null.make(null.NullWorld(), 1)), Params())
    unit = dict.fromkeys(told()[0].units[0], None) | {
        "unit": "burst",
        "start_us": 0,
        "end_us": DAY_US,
        "posts": 346.0,
        "expected": 0.5,
        "authors": 40,
        "top_author_share": 0.2,
    }
    for significant in (True, False):
        claim = _conversation_said.claim(activity, [unit | {"significant": significant, "q_value": 0.01}])  # type: ignore[arg-type]
        assert all("346" in say(claim, lang) and "–" not in say(claim, lang) for lang in ("en", "fr"))


@pytest.mark.parametrize(
    ("low", "high", "english", "french"),
    [
        (2.4, None, "a ratio of at least 2.4 (one-sided, 95%)", "un rapport d’au moins 2,4 (unilatéral, 95 %)"),
        (None, 0.4, "a ratio of at most 0.4 (one-sided, 95%)", "un rapport d’au plus 0,4 (unilatéral, 95 %)"),
        (None, None, "a ratio that these data do not bound", "un rapport que ces données ne permettent pas de borner"),
    ],
)
def test_the_end_that_bounds_a_change_is_in_the_claim(low: float | None, high: float | None, english: str, french: str) -> None:
    """A change bounded at one end is said with that end, as its effect is; one bounded at none as that."""
    activity = conversation._reduce(memory_corpus(null.make(null.NullWorld(), 1)), Params())
    unit = dict.fromkeys(told()[0].units[0], None) | {"unit": "change", "dimension": "hashtag", "category": "x", "q_value": 0.01}
    unit |= {"share_before": 0.03, "share_after": 0.17, "ratio": 5.9, "low": low, "high": high, "posts": 9.0}
    for significant in (True, False):
        claim = _conversation_said.claim(activity, [unit | {"significant": significant}])  # type: ignore[arg-type]
        assert (english in say(claim, "en"), french in say(claim, "fr").replace("\u00a0", " ")) == (True, True)


def test_before_and_after_are_dated() -> None:
    """The note of the changes says that the two sides are the halves of the period, and their dates; or the dates given."""
    tables = null.make(null.NullWorld(posts=2_000, authors=200), 0)
    said = []
    for given in ({}, {"after": "2024-03-01"}):
        finding = answer(tables, draws=99, **given)
        note = next(figure.note for figure in finding.figures if figure.name == "changes")
        assert note is not None
        said.append((say(note, "en"), say(note, "fr")))
    halves, dates = said
    assert "the two halves of the period: 1 January 2024 to 14 February 2024, and 15 February 2024 to 31 March 2024." in halves[0]
    assert "du 1er janvier 2024 au 14 février 2024, et du 15 février 2024 au 31 mars 2024." in halves[1].replace("\u00a0", " ")
    assert dates[0].startswith("Before: 1 January 2024 to 29 February 2024. After: 1 March 2024 to 31 March 2024.")


def test_a_burst_without_accounts_speaks_of_none() -> None:
    """Where nobody is named, the claim says so, and there is no chart of active accounts."""
    tables = burst.make(burst.BurstWorld(posts=20_000, authors=2_000, ratio=4.0), 1)
    posts = tables["posts"]
    nobody = pa.nulls(posts.num_rows, pa.string())
    tables["posts"] = posts.set_column(posts.schema.get_field_index("account_id"), "account_id", nobody)
    finding = answer(tables, draws=99)
    assert ("found", "burst") == (finding.verdict, finding.grade)
    assert "who wrote it is not given" in say(finding.claim, "en")
    assert "authors" not in {figure.name for figure in finding.figures}


def test_a_metric_of_panels_leaves_posts_counted() -> None:
    """A metric meant for another analysis changes nothing where posts are counted, and is said not to have served."""
    finding = answer(null.make(null.NullWorld(posts=2_000, authors=200), 0), metric="likes", draws=99)
    assert "time" != finding.gate
    assert "conversation.note.metric" in {note.key for note in finding.notes}


def test_declared_reach_is_not_called_views() -> None:
    """Numbers of followers in the place of views are said to be that."""
    tables = null.make(null.NullWorld(posts=2_000, authors=200), 0)
    counts = tables["post_metrics"]
    proxies = pa.array(["followers_proxy"] * counts.num_rows)
    index = counts.schema.get_field_index("views_kind")
    tables["post_metrics"] = counts.set_column(index, "views_kind", proxies)
    assert "conversation.note.reach" in {note.key for note in answer(tables, draws=99).notes}


def test_an_event_without_posts_is_refused() -> None:
    """An event outside the data has no intensity to compare."""
    with pytest.raises(BadValue, match="holds no post"):
        answer(
            null.make(null.NullWorld(posts=2_000, authors=200), 0), event_a="2031-01-01/2031-01-02", event_b="2024-01-05/2024-01-06"
        )
