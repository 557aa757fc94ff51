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
_ADDRESSES = re.compile(r"['\"]?[,;|\s]+['\"]?(?=\w+://|www\.)")
_BARE = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:[:/?#]\S*)?")
_SPACE = re.compile(r"\s")
_SEPARATOR = re.compile(r"[,;|]")
_MARKED = re.compile(r"(?:^|\s)['\"]?[#＃@＠]\w")
_TAGGED = re.compile(r"(?:^|\s)[#＃]\S")
_GLUED = re.compile(r"\s+|(?<=\w)(?=[#＃]\w)")
_NAMED = re.compile(r"\s+(?=[@＠]\w)")


def listed(value: Any) -> list[str]:
    """Read a cell that lists words: a list, a list written as JSON or Python text, or words between separators.

    >>> listed("['a', 'b']"), listed("a|b"), listed(None)
    (['a', 'b'], ['a', 'b'], [])
    """
    return _cut(value, _WORDS)


def hashtags(value: Any, *, apart: bool) -> list[str]:
    """Read a cell that lists hashtags, which hold no white space: words of a part with a # are tags, glued ones too.

    Without #, commas or the like nothing tells whether spaces stand between tags or within one: ``apart`` does.

    >>> hashtags("#A #B, #C#D", apart=False), hashtags("tram lyon", apart=True), hashtags("climate change|tram", apart=True)
    (['#A', '#B', '#C', '#D'], ['tram', 'lyon'], ['climate change', 'tram'])
    """
    parts = listed(value)
    if apart and spaced(value):
        return parts[0].split()
    found = [tag for part in parts for tag in (_GLUED.split(part) if _TAGGED.search(part) else (part,))]
    return [said for tag in found if (said := tag.strip("'\""))]


def mentions(value: Any, *, apart: bool) -> list[str]:
    """Read a cell that lists accounts; a name with spaces, up to the next @, is one. ``apart`` as for hashtags.

    >>> mentions("@AFP @Zoé B, @a@piaille.fr", apart=False), mentions("AFP leparisien", apart=True)
    (['@AFP', '@Zoé B', '@a@piaille.fr'], ['AFP', 'leparisien'])
    """
    parts = listed(value)
    if apart and spaced(value):
        return parts[0].split()
    return [name for part in parts for name in _NAMED.split(part)]


def spaced(value: Any) -> bool:
    """Say whether a cell holds words with spaces between them, and nothing that tells where one that is listed ends.

    >>> spaced("tram lyon"), spaced("#tram lyon"), spaced("a b, c"), spaced(["a b"]), spaced("['a b']")
    (True, False, False, False, False)
    """
    if not isinstance(value, str) or value.lstrip()[:1] in ("[", "(", "{"):
        return False
    parts = listed(value)
    return len(parts) == 1 and bool(_SPACE.search(parts[0])) and not _MARKED.search(value) and not _SEPARATOR.search(value)


def addresses(value: Any) -> list[str]:
    """Read a cell that lists addresses; a comma inside an address stays in it, and no space does where another address follows.

    >>> addresses("https://a.fr/1,2.html,http://b.fr"), addresses("a.fr/x www.b.fr"), addresses("photo 1.jpg")
    (['https://a.fr/1,2.html', 'http://b.fr'], ['a.fr/x', 'www.b.fr'], ['photo 1.jpg'])
    """
    found = _cut(value, _ADDRESSES if isinstance(value, str) and "://" in value else _WORDS)
    return [one for said in found for one in (said.split() if all(map(_BARE.fullmatch, said.split())) else (said,))]


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
