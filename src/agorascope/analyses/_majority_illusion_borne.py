"""Who bears the attribute, and who could? A group's members and those its table lists; those who wrote, and wrote it."""

import re
from typing import NamedTuple
from unicodedata import normalize

import pyarrow as pa

from agorascope.errors import BadValue
from agorascope.known import table_of, telling
from agorascope.tables import Corpus
from agorascope.tags import folded, written
from agorascope.ties import group_called, members

Key = tuple[str, str]

KINDS = ("group", "hashtag", "word")

_TAGGED = """
    SELECT p.platform AS platform, p.account_id AS account_id FROM post_objects AS t JOIN posts AS p
    ON t.platform = p.platform AND t.post_id = p.post_id
    WHERE t.kind = 'hashtag' AND t.value = :tag AND p.kind <> 'repost' AND p.account_id IS NOT NULL
    GROUP BY p.platform, p.account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
_WRITTEN = """
    SELECT platform, account_id, text FROM posts
    WHERE text IS NOT NULL AND (INSTR(LOWER(text), :word) > 0 OR INSTR(LOWER(text), :apart) > 0)
        AND kind <> 'repost' AND account_id IS NOT NULL
    GROUP BY platform, account_id, text ORDER BY platform NULLS FIRST, account_id NULLS FIRST, text NULLS FIRST"""
_WROTE = """
    SELECT p.platform AS platform, p.account_id AS account_id FROM posts AS p
    WHERE p.kind <> 'repost' AND p.account_id IS NOT NULL AND {telling}
    GROUP BY p.platform, p.account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""


class Borne(NamedTuple):
    """Hold who bears the attribute, and who could: ``whose`` says of whom shares are then.

    ``written``: those who wrote anything in which it would be seen; ``declared``: those in any group of the attribute's table;
    ``tied``: all accounts, and ``can`` is None, since the group is the only one of its table: a list of its members.
    """

    bearers: list[Key]
    can: list[Key] | None
    whose: str


def attribute_of(text: str) -> tuple[str, str]:
    """Split an attribute into its kind and value. Raises BadValue.

    >>> attribute_of("hashtag:#Paix"), attribute_of("group:left: old")
    (('hashtag', 'paix'), ('group', 'left: old'))
    """
    kind, _, value = text.partition(":")
    value = folded(value) if kind == "hashtag" else value.strip() if kind == "group" else value.strip().lstrip("#").lower()
    if kind not in KINDS or not value:
        raise BadValue(f"attribute is {text!r}; use group:NAME, hashtag:TAG or word:WORD")
    return kind, value


def attribute_meant(corpus: Corpus, text: str) -> tuple[str, str]:
    """Split an attribute as ``attribute_of``; a group is named as it is here, whatever the case it was written in."""
    kind, value = attribute_of(text)
    return kind, group_called(corpus, value) if kind == "group" else value


def attribute_called(corpus: Corpus, text: str) -> tuple[str, str]:
    """Split an attribute to tell of it: a group as it is named here, a hashtag or a word as it was asked for, capitals and all."""
    kind, value = attribute_meant(corpus, text)
    return kind, value if kind == "group" else written(text.partition(":")[2])


def borne(corpus: Corpus, kind: str, value: str) -> Borne:
    """Read who bears an attribute and who could. Raises BadValue for a group nobody is in."""
    if kind == "group":
        return _grouped(corpus, value)
    if not corpus.has("posts"):
        return Borne([], [], "written")
    bearers = _keys(corpus.query(_TAGGED, tag=value)) if kind == "hashtag" else _said(corpus, value)
    wrote = set(_keys(corpus.query(_WROTE.format(telling=telling(kind)))))
    return Borne(bearers, sorted(wrote | set(bearers)), "written")


def _grouped(corpus: Corpus, group: str) -> Borne:
    rows = members(corpus)
    there = sorted(set(rows["group_name"].to_pylist()))
    if group not in there:
        raise BadValue(f"attribute is group:{group}, which has no accounts here; groups are: {', '.join(there) or 'none'}")
    table = set(table_of(corpus, group))
    listed = rows.to_pylist()
    inside, any_of = (
        sorted({(r["platform"], r["account_id"]) for r in listed if r["group_name"] in names}) for names in ({group}, table)
    )
    return Borne(inside, any_of, "declared") if len(table) > 1 else Borne(inside, None, "tied")


def _said(corpus: Corpus, word: str) -> list[Key]:
    """List the accounts that wrote a word, its accents as characters of their own or not; reposts are not writing."""
    word, apart = normalize("NFC", word), normalize("NFD", word)
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    rows = corpus.query(_WRITTEN, word=word, apart=apart).to_pylist()
    return sorted({(r["platform"], r["account_id"]) for r in rows if whole.search(normalize("NFC", r["text"].lower()))})


def _keys(rows: pa.Table) -> list[Key]:
    return list(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))
