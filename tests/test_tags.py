"""Is a hashtag folded as records fold it, and are near ones told, with accents and without?"""

import pyarrow as pa
import pytest

from agorascope.analyses import communities, majority_illusion
from agorascope.analyses._majority_illusion_borne import attribute_of
from agorascope.errors import BadValue
from agorascope.records import schema
from agorascope.sources.links import objects
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus
from agorascope.tags import by_accents, folded, near
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.camps import draw
from tests.analyses.test_communities import CAMPS, posted


def corpus(*tags: str) -> Corpus:
    """Make posts that bear these hashtags, one each."""
    rows = [{"platform": "x", "post_id": f"p{i}", "kind": "hashtag", "value": tag} for i, tag in enumerate(tags)]
    return memory_corpus({"post_objects": pa.Table.from_pylist(rows, schema("post_objects"))})


@pytest.mark.parametrize("tag", ["#Élysée", "＃Straße", " #RETRAITES ", "#ΣΟΦΟΣ", "#E\u0301LYSE\u0301E"])
def test_a_hashtag_is_folded_as_records_fold_it(tag: str) -> None:
    """What a person asks for is what the record of it holds, in ``communities`` and in ``majority_illusion``."""
    (kept,) = (row.value for row in objects("x", "p", hashtags=[tag]))
    assert (kept, ("hashtag", kept)) == (folded(tag), attribute_of(f"hashtag:{tag}"))


def test_an_accent_typed_apart_from_its_letter_is_the_same_accent() -> None:
    """`é` as one character, or as a letter and an accent, as some keyboards write it."""
    assert ["été"] == [row.value for row in objects("x", "p", hashtags=["été", "#e\u0301te\u0301"])]
    assert folded("E\u0301te\u0301") == folded("#Été")


def test_near_hashtags_are_those_of_other_accents_first() -> None:
    """Other accents, then other letters; what is far is not told."""
    here = corpus("retraité", "retraites", "retraités", "retraités", "tram")
    assert ["retraités", "retraites", "retraité"] == near(here, "retraîtes")
    assert [] == near(here, "football")
    assert {"retraites": 1} == by_accents(here, "retraités")


def test_a_trend_nobody_has_is_refused_with_near_ones_and_other_accents_are_noted() -> None:
    """`#raîls` is not here, `#rails` is; of `#rails` a note tells that `#ràils` is another one."""
    tables = posted(draw(CAMPS, 3))
    with pytest.raises(BadValue, match="near ones here: #rails"):
        communities.run(memory_corpus(tables), communities.Params(trend="hashtag:#Raîls", nulls=3))
    first, *rest = tables["posts"].to_pylist()
    once = first["post_id"]
    again = {"platform": "x", "post_id": "again", "account_id": rest[-1]["account_id"], "kind": "repost", "repost_of": once}
    tables["posts"] = pa.Table.from_pylist([first, *rest, again], schema("posts"))
    post = {"platform": "x", "post_id": once, "kind": "hashtag", "value": "ràils"}
    more = {"post_objects": pa.concat_tables([tables["post_objects"], pa.Table.from_pylist([post], schema("post_objects"))])}
    finding = communities.run(memory_corpus(tables | more), communities.Params(trend="hashtag:＃RAILS", nulls=3))
    assert " #RAILS: " in say(finding.claim, "en")
    note = next(n for n in finding.notes if n.key == "communities.note.spelt")
    assert all("#ràils" in say(note, lang) for lang in LANGUAGES)
    assert [2] == [tag.args["n"] for tag in note.args["tags"]]


def test_an_attribute_nobody_has_is_refused_with_near_hashtags() -> None:
    """As a trend is: who misspells one reads what there is, not that nobody bears it."""
    tables = posted(draw(CAMPS, 3))
    with pytest.raises(BadValue, match="near ones here: #rails"):
        majority_illusion.run(memory_corpus(tables), majority_illusion.Params(attribute="hashtag:Railz"))
