"""Is an attribute's share that of the posts which tell whether they have it, in every way it is counted?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import representation
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say


def asked(attribute: str, **tables: list[dict[str, Any]]) -> Finding:
    """Ask about an attribute, in rows on platform x."""
    rows = {n: pa.Table.from_pylist([{"platform": "x"} | row for row in made], schema(n)) for n, made in tables.items()}
    return representation.run(memory_corpus(rows, threads=1), representation.Params(draws=99, attribute=attribute))


def told(finding: Finding) -> tuple[float, float, int]:
    """Give the share by post, the share by account, and the number of accounts of a claim."""
    posts, shown, n = (finding.claim.args[name] for name in ("posts", "shown", "n"))
    return float(posts), float(shown), int(n)


def noted(finding: Finding, name: str) -> dict[str, Any] | None:
    """Give the arguments of a note by its short name, None where it is not there."""
    return next((dict(note.args) for note in finding.notes if note.key == f"representation.note.{name}"), None)


def loud_without_text() -> list[dict[str, Any]]:
    """Thirty accounts write once, half of them the word; ten write twelve times, six with the word, six without their text."""
    once = [(f"a{i}", "vote now" if i % 2 == 0 else "hello") for i in range(30)]
    often = [(f"a{i}", "vote now" if j < 6 else None) for i in range(30, 40) for j in range(12)]
    return [{"post_id": f"p{k}", "account_id": a, "kind": "original", "text": t} for k, (a, t) in enumerate(once + often)]


def test_posts_without_text_are_not_without_the_word() -> None:
    """Of 150 posts 60 have no text; of the 90 with one 75 hold the word: 83 % of these, 25 of 40 by account."""
    finding = asked("word:vote", posts=loud_without_text())
    assert (75 / 90, 25 / 40, 40) == pytest.approx(told(finding))
    assert {"n": 60, "accounts": 10, "silent": 0, "all": 40}.items() <= (noted(finding, "untold_word") or {}).items()
    assert "83.3% of the posts written whose text is known" in say(finding.claim, "en")
    assert "des messages écrits dont le texte est connu" in say(finding.claim, "fr")
    plain = asked("", posts=loud_without_text())
    assert plain.claim.args["share"] == finding.claim.args["rest"].args["tenth"]  # who speaks is still said of all posts
    assert 150 == sum(row["posts"] for row in finding.tables["activity"].to_pylist())
    bands = {row["band"]: row["attribute_share"] for row in finding.tables["activity"].to_pylist()}
    assert {"1": 0.5, "5–19": 1.0} == bands
    assert digest(finding)


def test_accounts_without_any_text_have_no_vote_on_a_word() -> None:
    """Ten accounts whose posts all lack text leave the share of the thirty others as it is, by post, account and engagement."""
    rows = loud_without_text()
    counts = [{"post_id": row["post_id"], "observed_at_us": 1, "likes": 1 + i % 3} for i, row in enumerate(rows)]
    alone = asked("word:vote", posts=rows[:30], post_metrics=counts[:30])
    silent = [row | {"text": None} for row in rows[30:]]
    finding = asked("word:vote", posts=rows[:30] + silent, post_metrics=counts)
    assert told(alone) == told(finding)
    assert {u["measure"]: u for u in alone.units if u["measure"].startswith("attribute")} == {
        u["measure"]: u for u in finding.units if u["measure"].startswith("attribute")
    }
    assert {"n": 120, "accounts": 10, "silent": 10, "all": 40}.items() <= (noted(finding, "untold_word") or {}).items()


def test_engagement_of_posts_without_text_is_not_counted() -> None:
    """Posts without text are liked a thousand times, the others once: the share by engagement is that of the others."""
    rows = loud_without_text()
    likes = [{"post_id": row["post_id"], "observed_at_us": 1, "likes": 1 if row["text"] else 1000} for row in rows]
    finding = asked("word:vote", posts=rows, post_metrics=likes)
    assert 75 / 90 == pytest.approx(next(u["share"] for u in finding.units if u["measure"] == "attribute_engagement"))


def test_hashtags_are_looked_for_in_texts_unless_they_were_collected_apart() -> None:
    """Read from texts, a hashtag is not absent from posts without; where one post without text has some tag, all tell theirs."""
    rows = loud_without_text()
    tags = [{"post_id": row["post_id"], "kind": "hashtag", "value": "vote"} for row in rows if row["text"] == "vote now"]
    read = asked("hashtag:vote", posts=rows, post_objects=tags)
    assert (75 / 90, 25 / 40, 40) == pytest.approx(told(read))
    assert "83.3% of the posts written whose hashtags are known" in say(read.claim, "en")
    assert "des messages écrits dont les mots-dièse sont connus" in say(read.claim, "fr")
    assert noted(read, "untold_hashtag") is not None
    apart = asked("hashtag:vote", posts=rows, post_objects=[*tags, {"post_id": "p149", "kind": "hashtag", "value": "other"}])
    assert (75 / 150, 20 / 40, 40) == pytest.approx(told(apart))
    assert noted(apart, "untold_hashtag") is None
    assert "representation.base.every" == apart.claim.args["base"].key


def test_accounts_of_unknown_group_are_neither_of_it_nor_not() -> None:
    """Of forty accounts ten are on the left, ten on the right: shares are of these twenty, and twenty are counted apart."""
    posts = loud_without_text()
    sides = [{"account_id": f"a{i}", "group_name": "left" if i < 30 else "right"} for i in range(20, 40)]
    finding = asked("group:left", posts=posts, groups=sides)
    assert (10 / 130, 0.5, 20) == pytest.approx(told(finding))
    assert {"n": 20, "accounts": 20, "all": 40}.items() <= (noted(finding, "untold_group") or {}).items()
    assert "of the posts written by accounts of known group" in say(finding.claim, "en")
    assert "des messages écrits par des comptes de groupe connu" in say(finding.claim, "fr")
    members = asked("group:left", posts=posts, groups=[row for row in sides if row["group_name"] == "left"])
    assert (10 / 150, 0.25, 40) == pytest.approx(told(members))
    assert {"n": 30, "all": 40}.items() <= (noted(members, "list") or {}).items()
    assert noted(members, "untold_group") is None


def test_few_accounts_whose_text_is_known_are_insufficient() -> None:
    """Nine accounts with a text are too few to say how common a word is, however many wrote."""
    rows = [row | {"text": row["text"] if i < 9 else None} for i, row in enumerate(loud_without_text())]
    finding = asked("word:vote", posts=rows)
    assert ("insufficient", "accounts") == (finding.verdict, finding.gate)
    assert "Accounts that wrote any of the posts written whose text is known (reposts left out): 9; 10" in say(finding.claim, "en")
    assert "des messages écrits dont le texte est connu" in say(finding.claim, "fr")


def test_the_text_of_an_item_voted_on_is_no_post_without_an_account() -> None:
    """Of two posts without an account one is what an item of the votes says: the other is counted."""
    bare = [{"post_id": f"q{i}", "account_id": None, "kind": "original", "text": "A tax"} for i in range(2)]
    votes = [{"rater": "v", "item": "q0", "value": 1.0}]
    assert 1 == (noted(asked("word:vote", posts=loud_without_text() + bare, ratings=votes), "unsigned") or {})["n"]
    assert 2 == (noted(asked("word:vote", posts=loud_without_text() + bare), "unsigned") or {})["n"]


def test_weights_are_of_the_accounts_that_tell() -> None:
    """Accounts without text are of one age: those with text alone are weighted to the town, half young, and meet it."""
    posts = loud_without_text()[:30] + [
        {"post_id": f"s{i}", "account_id": f"s{i}", "kind": "original", "text": None} for i in range(20)
    ]
    young = [row["account_id"] for i, row in enumerate(posts) if i < 20 or i >= 30]
    every = [row["account_id"] for row in posts]
    groups = [{"account_id": a, "group_name": "age:young" if a in young else "age:old"} for a in every]
    margins = [{"population": "town", "variable": "age", "category": c, "share": 0.5} for c in ("young", "old")]
    finding = asked("word:vote", posts=posts, groups=groups, margins=margins)
    traits = {row["category"]: row for row in finding.tables["traits"].to_pylist()}
    assert {"young": 20, "old": 10} == {name: row["accounts"] for name, row in traits.items()}
    assert [0.5, 0.5] == pytest.approx([row["weighted_share"] for row in traits.values()])
    share = next(u["share"] for u in finding.units if u["measure"] == "attribute_weighted")
    assert 0.5 == pytest.approx(share)
    assert (30, 30) == tuple((noted(finding, "weighted") or {})[name] for name in ("n", "of"))
    assert np.isfinite(finding.units[0]["share"])
    assert all(say(note, lang).strip() for note in finding.notes for lang in LANGUAGES)
