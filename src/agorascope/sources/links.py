"""What does a post point to? Addresses, domains, hashtags and mentions, each in one comparable form.

Two accounts that share the same page must give the same value, or coordination stays unseen; two different pages must
never give the same value, or it is invented. So an address loses what only tracks its reader (``utm_source``,
``fbclid``, fragments, default ports, a last slash) and keeps every other parameter: courlan's strict mode would also
drop the ``v`` of a video's address and merge a whole site into one page.

Limits: a shortened address (bit.ly, t.co) stays as it is, since resolving it needs the network; ``http`` and ``https``
are kept apart; trackers are recognised by the parameter's name, so that a rare honest ``source=`` is lost too.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from courlan import normalize_url
from tldextract import TLDExtract

from agorascope.records import PostObject
from agorascope.tags import folded

_MEMORY = 1 << 17
_ADDRESS = re.compile(r"(?i)\bhttps?://[^\s<>\"“”«»]+")
_TRAILING = ".,;:!?'’…*_)]}"
_PAIRS = {")": "(", "]": "[", "}": "{"}
# Vowel signs of Indic and Thai scripts, which \w leaves out although words are written with them.
_MARKS = r"\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e"
_HASHTAG = re.compile(rf"(?<![\w&/#＃])[#＃](?!\d+(?:\W|$))(\w[\w\u200c\u200d·{_MARKS}]*)")
_MENTION = re.compile(r"(?<![\w@＠/])[@＠](\w(?:[\w.\-]*\w)?(?:@\w(?:[\w.\-]*\w)?)?)")
# Nothing to lower, escape or decode: what is left to do needs no parser. Names and values of the query are not empty.
_PLAIN = re.compile(
    r"(https?://)([a-z0-9.\-]+)((?!/\.\.)(?:/[\w.~!=:,%\-]+)*/?)(?:\?([\w.~\-]+=[\w.~\-]+(?:&[\w.~\-]+=[\w.~\-]+)*))?",
    re.ASCII,
)
_SCHEME = re.compile(r"(?i)^[a-z][a-z0-9+.\-]*:")


def objects(
    platform: str,
    post_id: str,
    *,
    urls: Iterable[str | None] = (),
    hashtags: Iterable[str | None] = (),
    mentions: Iterable[str | None] = (),
    media: Iterable[str | None] = (),
    shares: Iterable[str | None] = (),
) -> list[PostObject]:
    """List what a post carries, each distinct object once, normalised; empty and missing values are skipped.

    A web address that cannot be parsed is kept as written, without a domain; any other scheme is left out.
    Cost O(objects); addresses are memoised.
    """
    found: dict[tuple[str, str], None] = {}
    for address in urls:
        if address:
            clean, domain = address_of(address)
            if clean:
                found["url", clean] = None
            if domain:
                found["domain", domain] = None
    for tag in hashtags:
        if tag and (value := folded(tag)):
            found["hashtag", value] = None
    for handle in mentions:
        if handle and (value := handle.strip().lstrip("@＠")):
            found["mention", value] = None
    for kind, values in (("media", media), ("share", shares)):
        for given in values:
            if given and (value := given.strip()):
                found[kind, value] = None
    return [PostObject(platform, post_id, kind, value) for kind, value in found]


@lru_cache(maxsize=_MEMORY)
def address_of(address: str) -> tuple[str, str | None]:
    """Give the normalised form of a web address and its registered domain (None where it has none).

    What is no web address (``mailto:``, ``javascript:``, a lone word) gives an empty text.

    The bundled list of public suffixes is used, never the network: ``news.bbc.co.uk`` gives ``bbc.co.uk``.

    >>> address_of("HTTPS://www.Lemonde.fr:443/a/?utm_source=x&id=3#top")
    ('https://www.lemonde.fr/a/?id=3', 'lemonde.fr')
    """
    address = address.strip()
    if "xn--" not in address and (plain := _PLAIN.fullmatch(address)):
        return _normalised(plain), _domain(plain[2])
    if address.startswith("//"):
        address = "https:" + address
    elif "." in address and not _SCHEME.match(address):
        address = "https://" + address
    if not address.lower().startswith(("http://", "https://")):
        return "", None
    try:
        clean = normalize_url(address.partition("#")[0], trailing_slash=False)
        return clean, _domain(urlsplit(clean).netloc)
    except (ValueError, TypeError, AttributeError):
        return address, None


def _normalised(plain: re.Match[str]) -> str:
    """Give what ``normalize_url`` gives for a plain address, in a quarter of the time."""
    scheme, host, path, query = plain.groups()
    kept = [pair for pair in query.split("&") if _is_kept(_parameter(pair))] if query else []
    if kept:
        return f"{scheme}{host}{path or '/'}?{'&'.join(sorted(kept, key=_parameter))}"
    return f"{scheme}{host}{path.rstrip('/') or path}"


def _parameter(pair: str) -> str:
    return pair.partition("=")[0]


@lru_cache(maxsize=1 << 12)
def _is_kept(parameter: str) -> bool:
    """Say whether a parameter stays, by trying it: which ones only track is courlan's to know."""
    return "?" in normalize_url(f"https://example.org/?{parameter}=1")


def urls_in(text: str | None) -> list[str]:
    """List the web addresses written in a text, in order, without the punctuation that ends the sentence.

    >>> urls_in("voir https://fr.wikipedia.org/wiki/Lyon_(homonymie), et http://a.fr.")
    ['https://fr.wikipedia.org/wiki/Lyon_(homonymie)', 'http://a.fr']
    """
    return [_without_tail(found) for found in _ADDRESS.findall(text)] if text and "://" in text else []


def hashtags_in(text: str | None) -> list[str]:
    """List the hashtags written in a text, in order, without #; letters of any script, accents included.

    >>> hashtags_in("#Élysée et #retraites2023, pas #1 ni a#b")
    ['Élysée', 'retraites2023']
    """
    return _HASHTAG.findall(_without_urls(text)) if text and ("#" in text or "＃" in text) else []


def mentions_in(text: str | None) -> list[str]:
    """List the accounts named in a text, in order, without @; ``user@host`` of the Fediverse is kept whole.

    >>> mentions_in("merci @AFP, .@Zoé_B! et @a@piaille.fr; pas moi@exemple.fr")
    ['AFP', 'Zoé_B', 'a@piaille.fr']
    """
    return _MENTION.findall(_without_urls(text)) if text and ("@" in text or "＠" in text) else []


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=_MEMORY)
def _domain(host: str) -> str | None:
    parts = _suffixes()(host)
    return parts.top_domain_under_public_suffix or (parts.domain if parts.ipv4 else None) or None


def _without_urls(text: str) -> str:
    return _ADDRESS.sub(" ", text) if "://" in text else text


def _without_tail(address: str) -> str:
    while address and address[-1] in _TRAILING:
        opening = _PAIRS.get(address[-1])
        if opening and address.count(opening) >= address.count(address[-1]):
            break
        address = address[:-1]
    return address
