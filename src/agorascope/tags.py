"""Which hashtag does a person mean? Folded as records fold it; where nobody has it, which are near, with accents or without?

Records keep a hashtag in small letters, without #, accents kept, each letter with its accents as one character where there is one
(NFC): `#Retraités` and `#retraites` are two hashtags, each with its own users. Who traces one should know of the other.
"""

import unicodedata
from difflib import get_close_matches

from .tables import Corpus

MOST_TRIED = 20_000
MARK = "#＃"
_TAGS = """
    SELECT LOWER(value) AS value, COUNT(*) AS n FROM post_objects WHERE kind = 'hashtag' AND value IS NOT NULL GROUP BY LOWER(value)
    ORDER BY n DESC NULLS LAST, value NULLS FIRST"""


def folded(tag: str) -> str:
    """Write a hashtag as records keep it.

    >>> folded(" # Straße"), folded("＃Été")
    ('strasse', 'été')
    """
    return unicodedata.normalize("NFC", tag.strip().lstrip(MARK).strip().casefold())


def written(tag: str) -> str:
    """Take the mark off a hashtag and leave its letters, capitals and all.

    >>> written(" #ÉtéSansTram")
    'ÉtéSansTram'
    """
    return tag.strip().lstrip(MARK).strip()


def bare(tag: str) -> str:
    """Write a hashtag without accents.

    >>> bare("retraités"), bare("garçon")
    ('retraites', 'garcon')
    """
    return "".join(c for c in unicodedata.normalize("NFKD", tag) if not unicodedata.combining(c))


def near(corpus: Corpus, tag: str, *, most: int = 3) -> list[str]:
    """List the hashtags of the case nearest to one: those that differ by accents only, then by letters; of the commonest ones."""
    values = list(counted(corpus))
    alike = [value for value in values if bare(value) == bare(tag)]
    spelt: dict[str, list[str]] = {}
    for value in values[:MOST_TRIED]:
        spelt.setdefault(bare(value), []).append(value)
    close = [value for one in get_close_matches(bare(tag), spelt, n=most, cutoff=0.7) for value in spelt[one]]
    return list(dict.fromkeys(alike + close))[:most]


def by_accents(corpus: Corpus, tag: str) -> dict[str, int]:
    """Count the posts that bear another hashtag which differs from this one by accents only, the commonest first."""
    return {value: n for value, n in counted(corpus).items() if value != tag and bare(value) == bare(tag)}


def counted(corpus: Corpus) -> dict[str, int]:
    """Count the posts of each hashtag, the commonest first."""
    rows = corpus.query(_TAGS) if corpus.has("post_objects") else None
    return dict(zip(rows["value"].to_pylist(), rows["n"].to_pylist(), strict=True)) if rows is not None else {}
