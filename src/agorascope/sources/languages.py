"""Which language does a cell declare? Codes and names, in English and French, as ISO 639-1."""

from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global

_UNDEFINED = frozenset(
    {
        "und",
        "unk",
        "unknown",
        "zxx",
        "qme",
        "qst",
        "qht",
        "qam",
        "qct",
        "art",
        "mul",
        "none",
        "null",
        "na",
        "n/a",
        "nan",
        "language undefined",
        "other",
    }
)
_NAMED = {
    "simplified chinese": "zh",
    "traditional chinese": "zh",
    "farsi (persian)": "fa",
    "farsi": "fa",
    "flemish": "nl",
    "tagalog (filipino)": "tl",
    "castilian": "es",
    "pushto": "ps",
    "in": "id",
    "iw": "he",
    "ji": "yi",
}


def language(value: Any) -> str | None:
    """Give the declared language as ISO 639-1 (or 639-3 where it has no shorter code); None where it is not declared.

    A word that names no language is kept out rather than guessed.

    >>> language("en-GB"), language("French"), language("français"), language("und")
    ('en', 'fr', 'fr', None)
    """
    return _language(value) if isinstance(value, str) else None


@lru_cache(maxsize=1 << 12)
def _language(value: str) -> str | None:
    said = value.strip().lower()
    if not said or said in _UNDEFINED:
        return None
    if said in _NAMED:
        return _NAMED[said]
    if named := _names().get(said):
        return named
    code = said.replace("_", "-").partition("-")[0]
    if not (code.isalpha() and code.isascii() and 2 <= len(code) <= 3):
        return None
    alias = get_global("language_aliases").get(code, code)
    return alias if len(alias) <= 3 else code


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for locale in ("fr", "en"):
        for code, name in Locale(locale).languages.items():
            if len(code) <= 3:
                found[name.lower()] = code
    return found
