"""Are the French and the English catalogue two complete, different, well-set languages?"""

import re
import tomllib
from pathlib import Path

import pytest

from agorascope import texts
from agorascope.analyses import analyses
from agorascope.texts import LANGUAGES, message, say

FOLDER = Path(texts.__file__).parent
FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
CODE = re.compile(r"`[^`]*`|--?[a-z][\w-]*|\b[A-Z]{3,}\b|agorascope( \w+)*|https?://\S+")
# Words only English has. Left out are those French has too (on, a, or, but, as, an, me, en, son, pour, note, page...).
WORDS = """
    the of and is are was were be been has have had this that these those with which who whose what when where why how
    not from by for to at it its they their them there than then into only each every both more most less least such
    between before after above below over under out up down off again once here all any some other another one two
    could should would can will may might must does did do about against because while until if no nor so too very
    your our his her she he we you i posts accounts found data
"""
ENGLISH = frozenset(WORDS.split())
# Cognates: written alike in both languages and right in both.
COGNATES = (
    "amplification camp conversation source sources date dates type question questions notes pages "
    "pause total rang reposts score volume votes conductance mentions site x y z"
)
ALIKE = frozenset(COGNATES.split())


def _flat(node: dict[str, object], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in node.items():
        found |= _flat(value, f"{prefix}.{key}") if isinstance(value, dict) else {f"{prefix}.{key}": str(value)}
    return found


def _catalogue(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((FOLDER / lang).glob("*.toml")):
        found |= _flat(tomllib.loads(file.read_text("utf-8")), file.stem)
    return found


ENGLISH_TEXTS, FRENCH_TEXTS = (_catalogue(lang) for lang in ("en", "fr"))


def _words(text: str) -> list[str]:
    """List the words of a template: the choices of a plural are words, values and code are none."""
    plain = FIELD.sub(lambda m: m[2].replace("|", " ") if m[2] and "|" in m[2] else " ", text)
    return re.findall(r"[^\W\d_]+(?:[’'][^\W\d_]+)*", CODE.sub(" ", plain))


def test_both_languages_have_the_same_keys() -> None:
    """No sentence is missing in either language."""
    assert sorted(ENGLISH_TEXTS) == sorted(FRENCH_TEXTS)


def test_both_languages_use_the_same_values() -> None:
    """A sentence speaks of the same values in both languages, so that none can fail in one only."""
    fields = [{key: {m[0] for m in FIELD.findall(text)} for key, text in found.items()} for found in (ENGLISH_TEXTS, FRENCH_TEXTS)]
    assert {key: (fields[0][key], fields[1].get(key)) for key in fields[0] if fields[0][key] != fields[1].get(key)} == {}


def test_every_format_is_known() -> None:
    """A template names formats the catalogue can write; a plural has two words."""
    known = {"", "count", "number", "ratio", "percent", "p", "date", "datetime", "duration"}
    known |= {"list", "any", "tables", "key", "keys", "message", "messages"}
    used = {m[1] for found in (ENGLISH_TEXTS, FRENCH_TEXTS) for text in found.values() for m in FIELD.findall(text)}
    assert {form for form in used if form not in known and form.count("|") != 1} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_field_stands_inside_another(lang: str) -> None:
    """What is chosen between holds no field of its own, which would be shown as it is written."""
    found = {"en": ENGLISH_TEXTS, "fr": FRENCH_TEXTS}[lang]
    assert [key for key, text in found.items() if re.search(r"\{\w+:[^{}]*\{", text)] == []


def test_no_sentence_is_equal_in_both_languages() -> None:
    """A text with words that reads the same in both languages was forgotten in one, unless it is a known cognate."""
    equal = {key: text for key, text in ENGLISH_TEXTS.items() if _words(text) and text == FRENCH_TEXTS.get(key)}
    assert {key: text for key, text in equal.items() if text.casefold() not in ALIKE} == {}


def test_no_english_stop_word_is_in_french() -> None:
    """French sentences hold no word that only English has."""
    found = {key: sorted(set(map(str.casefold, _words(text))) & ENGLISH) for key, text in FRENCH_TEXTS.items()}
    assert {key: words for key, words in found.items() if words} == {}


def test_french_punctuation_has_its_spaces() -> None:
    """Before ; ? ! : % and » and after « stands one and the same no-break space, never a plain one and never none."""
    wrong = re.compile(r"(?<!\u00a0)[;?!%:](?=[\s\u00a0)]|$)|«(?!\u00a0)|(?<!\u00a0)»|[\"“”]")
    bare = {key: FIELD.sub("x", CODE.sub("x", text)) for key, text in FRENCH_TEXTS.items()}
    assert {key: FRENCH_TEXTS[key] for key, text in bare.items() if wrong.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_apostrophes_are_typographic(lang: str) -> None:
    """Sentences have ’ and not '."""
    found = {"en": ENGLISH_TEXTS, "fr": FRENCH_TEXTS}[lang]
    assert {key: text for key, text in found.items() if re.search(r"\w'\w", CODE.sub(" ", text))} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_files_are_the_catalogue(lang: str) -> None:
    """What the package loads is what the files say."""
    own = {"en": ENGLISH_TEXTS, "fr": FRENCH_TEXTS}[lang]
    assert {key: texts.catalogue(lang).get(key) for key in own} == own


@pytest.mark.parametrize("value", [0.0, 1e-300, 326_229_171.4, 2e13, 1e15, 1e28, 1e40, 1.7e308, -1e30, float("inf"), float("nan")])
def test_every_number_can_be_said(value: float) -> None:
    """A number of any size is written, briefly, in both languages."""
    said = [texts._FORMATS[form](value, lang) for form in ("count", "number", "ratio") for lang in LANGUAGES]
    assert all(0 < len(text) <= 26 for text in said)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (1e-12, "0%"), (0.0003, "0.03%"), (-0.0002, "\u22120.02%"), (0.0005, "0.05%")],
)
def test_a_share_that_is_not_nothing_is_not_said_to_be(share: float, said: str) -> None:
    """Below a twentieth of a per cent the first digit that is not 0 is kept, but for what rounding leaves."""
    assert (said, said.replace(".", ",").replace("%", "\u202f%")) == (texts._percent(share, "en"), texts._percent(share, "fr"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["count", "number", "ratio", "percent", "duration"])
def test_a_negative_number_has_a_true_minus(form: str, lang: str) -> None:
    """Wherever a number is written for a person, its minus is the minus sign, and one form."""
    said = texts._FORMATS[form](-2.61, lang)
    assert "\u2212" in said
    assert "-" not in said


def test_missing_tables_are_named_in_the_words_of_the_reader() -> None:
    """Tables needed together are joined; one of a later version keeps its own name."""
    ways = message("case.missing_tables", names=["ratings", "posts + groups", "panels"])
    assert say(ways, "en").endswith("no rows of votes and ratings, posts with group memberships, or values per account and period.")
    assert say(ways, "fr").replace("\u00a0", " ") == (
        "Cette analyse n’a pas été faite ; il manque au dossier : votes et notes, messages avec appartenances à un groupe "
        "ou valeurs par compte et période."
    )
    assert say(message("case.missing_tables", names=["later"]), "en").endswith("no rows of later.")


def test_every_table_that_an_analysis_needs_has_a_name_in_both_languages() -> None:
    """None is told by the name it has in the code."""
    needed = {table for module in analyses().values() for way in getattr(module, "REQUIRES", ()) for table in way}
    assert [t for t in sorted(needed) if f"report.values.table.{t}" not in ENGLISH_TEXTS] == []
