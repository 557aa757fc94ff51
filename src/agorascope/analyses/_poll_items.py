"""Which item of a table of votes is asked about, and what does it say? By its number, by its words, or the one most voted on.

Each platform's items are its own. The words of an item are those of the post of its name, where the case has one (the comments of a
Polis export). Memory: one row an item; words are read only of the item told, or of all where one is asked for by its words.
"""

from collections.abc import Mapping
from typing import Any

from agorascope.errors import BadValue
from agorascope.tables import Corpus
from agorascope.texts import beginning

Key = tuple[str, str]
Items = Mapping[Key, Mapping[str, Any]]

LISTED = 5
LISTED_CHARS = 60

# What was voted on, the most voted on first; ``other`` counts values that are neither 1, 0 nor -1 in the files its votes are of: a
# scale, of which a table may hold the ones alone.
ITEMS = """
    SELECT r.platform AS platform, r.item AS item, COUNT(r.value) AS votes, MAX(f.other) AS other,
        MIN(f.lowest) AS lowest, MAX(f.highest) AS highest
    FROM ratings AS r JOIN (
        SELECT COALESCE(file_id, -1) AS place, SUM(CASE WHEN value IN (-1, 0, 1) THEN 0 ELSE 1 END) AS other, MIN(value) AS lowest,
            MAX(value) AS highest FROM ratings WHERE value IS NOT NULL GROUP BY COALESCE(file_id, -1)) AS f
    ON COALESCE(r.file_id, -1) = f.place
    WHERE r.value IS NOT NULL GROUP BY r.platform, r.item
    ORDER BY votes DESC NULLS LAST, item NULLS FIRST, platform NULLS FIRST"""
TEXT = "SELECT MIN(text) AS text FROM posts WHERE platform = :platform AND post_id = :item"
TEXTS = """
    SELECT p.platform AS platform, p.post_id AS item, MIN(p.text) AS text
    FROM posts AS p JOIN (SELECT platform, item FROM ratings WHERE value IS NOT NULL GROUP BY platform, item) AS r
        ON p.platform = r.platform AND p.post_id = r.item
    WHERE p.text IS NOT NULL GROUP BY p.platform, p.post_id ORDER BY platform NULLS FIRST, item NULLS FIRST"""


def items_of(corpus: Corpus) -> dict[Key, dict[str, Any]]:
    """List what was voted on, the most voted on first."""
    return {(row["platform"], row["item"]): row for row in corpus.query(ITEMS).to_pylist()}


def label(items: Items, key: Key) -> str:
    """Name an item, with its platform where another platform has one of the same name."""
    return key[1] if sum(name == key[1] for _, name in items) == 1 else f"{key[0]}:{key[1]}"


def text_of(corpus: Corpus, key: Key) -> str:
    """Give the words of an item, empty where the case has no post of its name."""
    found = corpus.query(TEXT, platform=key[0], item=key[1])["text"][0].as_py() if corpus.has("posts") else None
    return " ".join((found or "").split())


def item_called(corpus: Corpus, items: Items, wanted: str) -> Key:
    """Find an item by its name, by platform and name, or by its words.

    Raises BadValue where there is none, where several platforms have one of the name, and where several items have the words.
    """
    found = [key for key in items if key[1] == wanted] or [key for key in items if f"{key[0]}:{key[1]}" == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadValue(f"item is {wanted!r}, of which each of {len(found)} platforms has its own; use {_ways(items, found)}")
    rows = corpus.query(TEXTS).to_pylist() if corpus.has("posts") else []
    texts = {(row["platform"], row["item"]): " ".join(row["text"].split()) for row in rows}
    words = " ".join(wanted.casefold().split())
    found = [key for key in items if words and texts.get(key, "").casefold() == words]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadValue(f"item is {wanted!r}, which is the text of {len(found)} items; use {_ways(items, found)}")
    most = ", ".join(_listed(items, key, texts.get(key, "")) for key in list(items)[:LISTED])
    raise BadValue(f"item is {wanted!r}, on which nobody voted here; items with most votes: {most}")


def _ways(items: Items, keys: list[Key]) -> str:
    ways = " or ".join(f"-p item={label(items, key)}" for key in keys[:LISTED])
    return ways + (f", or one of {len(keys) - LISTED} more" if len(keys) > LISTED else "")


def _listed(items: Items, key: Key, text: str) -> str:
    """Name an item with the beginning of its words, where they are known."""
    return label(items, key) + (f" ({beginning(text, LISTED_CHARS)!r})" if text else "")
