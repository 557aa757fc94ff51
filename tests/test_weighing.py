"""Are variables named as people call them, and is what weights could not reach told in both languages?"""

import msgspec
import numpy as np
import pytest

from agorascope.stats.margins import Frame, Margin, frame
from agorascope.texts import LANGUAGES, Message, say
from agorascope.weighing import KNOWN, named, remarks, unweighed

VARIABLES = ["language", "shoe size", "age*place"]
SHARES = np.array([0.5, 0.5])


def margin(variable: str, total: float = 1.0) -> Margin:
    """Make a margin of two halves."""
    return Margin(variable, ("a", "b"), SHARES, total)


@pytest.mark.parametrize(("lang", "expected"), [
    ("en", "Known for fewer than half of the voters, alone or together with the traits used, and not used: "
     "language, “shoe size”, and age × place."),
    ("fr", "Connu pour moins de la moitié des votants, seul ou avec les caractéristiques utilisées, et non utilisé : "
     "langue, « shoe size » et âge × lieu."),
])  # fmt: skip
def test_variables_are_named_in_the_language_of_the_reader(lang: str, expected: str) -> None:
    """A known variable has its name, another is quoted; stored as JSON and read again they are the same."""
    frame = Frame((), (), np.zeros(0, bool), tuple((name, 0.1) for name in VARIABLES), 0.0)
    (told,) = remarks("poll", frame, 0.0)
    again = msgspec.json.decode(msgspec.json.encode(told), type=Message)
    assert [expected] * 2 == [say(one, lang).replace("\N{NO-BREAK SPACE}", " ") for one in (told, again)]


@pytest.mark.parametrize("analysis", ["poll", "representation"])
def test_everything_is_told_in_both_languages(analysis: str) -> None:
    """What was left out, not covered, scaled or contradictory, and why nothing was weighed; nothing where all is well."""
    frame = Frame((margin("age", 1.008),), (), np.ones(0, bool), (("place", 0.2),), 0.1)
    told = [*remarks(analysis, frame, 0.01), *unweighed(analysis, (margin("age"),), ()), *unweighed(analysis, (), ("a", "b"))]
    assert ["left_out", "uncovered", "scaled", "off", "no_traits", "populations"] == [m.key.split(".")[-1] for m in told]
    assert all(say(one, lang) for one in told for lang in LANGUAGES)
    assert [] == [*remarks(analysis, Frame((margin("age"),), (), np.ones(0, bool), (), 0.0), 0.0), *unweighed(analysis, (), ())]


def test_shares_that_add_up_to_no_whole_are_weighted_to_by_nobody() -> None:
    """A margin of 1.4 is left out, its trait and sum told; one rounded to whole percentages is used; alone, nothing is weighed."""
    codes, ones = np.arange(40) % 2, np.ones(40)
    made = frame((margin("age", 1.4), margin("place", 1.008)), (codes, codes), ones)
    assert made is not None
    assert ["place"] == [m.variable for m in made.used]
    assert [("poll.note.unsound", 1.4)] == [(m.key, m.args["total"]) for m in remarks("poll", made, 0.0) if "total" in m.args]
    assert frame((margin("age", 0.7),), (codes,), ones) is None
    (told,) = unweighed("representation", (margin("age", 0.7),), ())
    assert "the margins add up to 0.7, not to 1" in say(told, "en")
    assert "font 0,7 en tout" in say(told, "fr")


def test_variables_known_for_too_few_together_are_left_out() -> None:
    """Each of two traits is known for six in ten, both for too few: the better known is used alone."""
    rows, ones = np.arange(100), np.ones(100)
    age, place = np.where(rows < 62, rows % 2, -1), np.where(rows >= 40, rows % 2, -1)
    made = frame((margin("age"), margin("place")), (age, place), ones)
    assert made is not None
    assert (["age"], 62, [("place", 0.6)]) == ([m.variable for m in made.used], made.complete.sum(), list(made.left_out))
    assert frame((margin("age"),), (np.where(rows < 40, age, -1),), ones) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_known_variables_have_a_name(lang: str) -> None:
    """Every variable that is known can be said."""
    assert len(KNOWN) == len({say(one, lang) for one in named(KNOWN)})
