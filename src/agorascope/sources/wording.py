"""What does a word in a table of posts say? Kinds of posts, votes, sentiments and lists, as tools write them."""

import re
from functools import lru_cache
from typing import Any

from .fields import count, number, text

_KINDS = {
    word: kind
    for kind, words in {
        "repost": "r rt repost retweet retweeted reshare share shared reblog boost partage rediffusion republication",
        "quote": "q quote quoted quotetweet quoteretweet citation",
        "reply": "reply replied repliedto comment commentaire reponse réponse",
    }.items()
    for word in words.split()
}
_SENTIMENTS = {"positive": 1.0, "positif": 1.0, "neutral": 0.0, "neutre": 0.0, "negative": -1.0, "négatif": -1.0, "negatif": -1.0}
_VOTES = {
    word: vote
    for vote, words in {
        1.0: "yes|oui|pour|for|agree|agreed|d'accord|approve|approuve|favorable",
        0.0: "pass|passe|skip|neutral|neutre|abstain|abstention|unsure|sans avis|sans opinion|ne sait pas|ne se prononce pas",
        -1.0: "no|non|contre|against|disagree|disagreed|pas d'accord|disapprove|désapprouve|défavorable",
    }.items()
    for word in words.split("|")
}
_WORDS = re.compile(r"['\"]?\s*[,;|]\s*['\"]?")
_ADDRESSES = re.compile(r"['\"]?[,;|\s]+['\"]?(?=\w+://)")


def listed(value: Any) -> list[str]:
    """Read a cell that lists words: a list, a list written as JSON or Python text, or words between separators.

    >>> listed("['a', 'b']"), listed("a|b"), listed(None)
    (['a', 'b'], ['a', 'b'], [])
    """
    return _cut(value, _WORDS)


def addresses(value: Any) -> list[str]:
    """Read a cell that lists addresses; a comma inside an address stays in it.

    >>> addresses("https://a.fr/1,2.html,http://b.fr")
    ['https://a.fr/1,2.html', 'http://b.fr']
    """
    return _cut(value, _ADDRESSES if isinstance(value, str) and "://" in value else _WORDS)


def kind_said(value: Any) -> str | None:
    """Give the kind of post a word names; None for a word that names none (``photo``, ``status``).

    >>> kind_said("R"), kind_said("Quote Tweet"), kind_said("Photo")
    ('repost', 'quote', None)
    """
    return None if value is None else _kind_said(str(value))


def kind_of(repost_of: str | None, quote_of: str | None, reply_to: str | None) -> str:
    """Give the kind of a post from what it refers to."""
    return "repost" if repost_of else "quote" if quote_of else "reply" if reply_to else "original"


def likes(value: Any) -> int | None:
    """Read a count of likes; -1 is how tools write a hidden one.

    >>> likes("-1"), likes("12")
    (None, 12)
    """
    return None if value in ("-1", -1) else count(value)


def score(value: Any) -> int | None:
    """Read votes for minus votes against as likes: below 0 it says nothing of the votes for."""
    if isinstance(value, str) and value.rstrip()[-1:].isalpha():
        return count(value)
    found = number(value)
    return None if found is None or found < 0 else count(value)


def sentiment(value: Any) -> float | None:
    """Read a vendor's sentiment: a number on its own scale, or a word as 1, 0 or -1; another word is left out."""
    said = str(value).strip().lower()
    if said in _SENTIMENTS or any(c.isalpha() for c in said):
        return _SENTIMENTS.get(said)
    return number(value)


def vote(value: Any) -> float | None:
    """Read a vote in words, in French or English: 1 for, 0 a pass, -1 against; None for any other word, and for what is no word.

    Against is -1 and not 0, so that it is never taken for a pass where some pass.

    >>> vote("Oui"), vote("Pas d’accord"), vote("passe"), vote("maybe"), vote("1")
    (1.0, -1.0, 0.0, None, None)
    """
    return _VOTES.get(" ".join(value.replace("’", "'").casefold().split())) if isinstance(value, str) else None


@lru_cache(maxsize=1024)
def _kind_said(value: str) -> str | None:
    return _KINDS.get(re.sub(r"[\W_]", "", value).lower())


def _cut(value: Any, between: re.Pattern[str]) -> list[str]:
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [said for v in value if not isinstance(v, (list, tuple, dict)) and (said := text(v))]
    said = text(value)
    if not said or said in ("[]", "()", "{}"):
        return []
    if said[0] in "[({" and said[-1] in "])}":
        said = said[1:-1]
    return [part for p in between.split(said) if (part := p.strip(" '\""))]
