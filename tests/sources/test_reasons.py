"""Has every reason for a refusal its sentence in both languages, whoever complained: a mapper, msgspec, a codec, a clock?"""

import ast
import csv
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest

from agorascope import BadRecord, sources
from agorascope.sources.fields import count, text, time_us
from agorascope.sources.reasons import ARGUMENT_CHARS, PATTERNS, located, reason
from agorascope.store.reasons import read, written
from agorascope.texts import LANGUAGES, catalogue, message, say
from tests.test_texts import ENGLISH, FIELD

FOLDER = Path(sources.__file__).parent
# Sentences found by a name made at run time, or that hold others.
MADE = {"reasons.not_day_first", "reasons.not_month_first", "reasons.written", "reasons.either"}


def _calls() -> list[tuple[str, set[str]]]:
    """List the reasons written out in sources: key and names of values."""
    found = []
    for file in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                key = node.args[0]
                if isinstance(key, ast.Constant) and key.value.startswith("reasons."):
                    found.append((key.value, {str(word.arg) for word in node.keywords}))
    return found


def _fields(key: str, lang: str) -> set[str]:
    return {found[0] for found in FIELD.findall(catalogue(lang)[key])}


PATTERNED = [(f"reasons.{key}", set(re.compile(pattern).groupindex)) for pattern, key in PATTERNS]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_raised_is_a_sentence_of_its_values(lang: str) -> None:
    """Each key is in the catalogue, and its sentence tells every value given and no other: none can hide in the store."""
    wrong = {key: values for key, values in _calls() + PATTERNED if key not in catalogue(lang) or _fields(key, lang) != values}
    assert wrong == {}
    assert len(_calls()) > 40


def test_no_sentence_is_left_over() -> None:
    """Each sentence of the catalogue is raised somewhere."""
    used = {key for key, _ in _calls() + PATTERNED} | MADE
    assert {key for key in catalogue("en") if key.startswith("reasons.") and not key.startswith("reasons.types.")} == used


def test_a_record_is_refused_with_a_message_only() -> None:
    """No mapper raises a text of its own: what is given to BadRecord is a message."""
    given = [
        node.args[0]
        for file in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadRecord"
    ]
    assert [ast.unparse(arg) for arg in given if isinstance(arg, ast.Constant | ast.JoinedStr)] == []


class _Shape(msgspec.Struct):
    whole: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    at: datetime | None = None
    said: str | None = None
    any: int | float | str | None = None
    many: list[str] = []
    needed: "_Needed | None" = None


class _Needed(msgspec.Struct):
    name: str


JSON = [
    b"", b"5", b"[]", b'{"whole":1', b'{"whole":"x"}', b'{"whole":1e400}', b'{"whole":-1}', b'{"whole":10}', b'{"at":"soon"}',
    b'{"at":1e40}', b'{"said":[]}', b'{"any":{}}', b'{"many":[1]}', b'{"needed":{}}', b'{"whole":1} x', b'{"whole":1,}', b"{a:1}",
    b'{"whole" 1}', b'{"whole":01}', b'{"many":["a",]}', b'{"many":["a" "b"]}', b'{"whole":1 "at":2}', b'{"said":"\\q"}',
    b'{"said":"\\uzzzz"}', b'{"said":"\xe9"}', b'{"said":"a\xff\xff"}', b'{"said":"\xc3("}', b'{"whole":nul}', b'{"x":' * 20_000,
]  # fmt: skip
CLOCKS: list[Callable[[], object]] = [
    lambda: datetime(2024, 13, 1), lambda: datetime(2024, 2, 30), lambda: datetime(2024, 1, 1, 25), lambda: datetime(0, 1, 1),
    lambda: datetime(2024, 1, 1, 1, 61), lambda: datetime(2024, 1, 1, 1, 1, 61), lambda: timezone(timedelta(hours=25)),
    lambda: datetime(9999, 12, 31, tzinfo=UTC) + timedelta(days=9), lambda: next(csv.reader(["a" * (csv.field_size_limit() + 1)])),
    lambda: next(csv.reader(["a\rb"])), b"\xc3".decode, b"a\xe2\x82(".decode,
]  # fmt: skip
COMPLAINTS = [lambda payload=payload: msgspec.json.decode(payload, type=_Shape, strict=False) for payload in JSON] + CLOCKS


@pytest.mark.parametrize("complain", COMPLAINTS)
def test_what_decoders_say_is_known(complain: Callable[[], object]) -> None:
    """A complaint as this version of a library writes it becomes a sentence of its own, in French without an English word."""
    with pytest.raises(Exception, match=r".") as caught:
        complain()
    told = reason(caught.value)
    words = set(re.findall(r"[^\W\d_]+", re.sub(r"`[^`]*`", " ", say(told, "fr")).lower()))
    assert "reasons.said" != told.key
    assert "reasons.written" not in json.dumps(told.args)
    assert (words - {"a"}) & ENGLISH == set()


@pytest.mark.parametrize("payload", [p for p in JSON if not p.startswith(b'{"x"') and b"1e40}" not in p and b"1e400" not in p])
def test_english_stays_as_the_decoder_wrote_it(payload: bytes) -> None:
    """In English a complaint of the JSON decoder reads as it always did."""
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)) as caught:
        msgspec.json.decode(payload, type=_Shape, strict=False)
    assert str(caught.value) == str(reason(caught.value)).replace("’", "'")


@pytest.mark.parametrize(
    ("read_cell", "cell", "said"),
    [
        (time_us, "31 février 2024", "'31 février 2024' n’est pas une date\u00a0: ce mois n’a pas ce jour"),
        (time_us, "someday", "'someday' n’est pas une date lisible"),
        (time_us, "25/4/2024", '`date_order = "dmy"`'),
        (count, "12.000", "12.000 peut vouloir dire 12 ou 12000"),
        (count, -4, "le nombre -4 est hors des limites"),
        (text, ["a"], "['a'] (liste) là où un texte est attendu"),
    ],
)
def test_cells_are_refused_in_french(read_cell: Callable[[Any], object], cell: object, said: str) -> None:
    """A cell is quoted as it was written, in a French sentence."""
    with pytest.raises(BadRecord) as caught:
        read_cell(cell)
    assert said in say(caught.value.reason, "fr")


def test_a_path_within_a_value_is_told_from_its_record() -> None:
    """A complaint of a value within a record is placed from the record's root, whether it gave a path or none."""
    wrong = [msgspec.ValidationError(said) for said in ("Expected `int`, got `str` - at `$.a`", "Expected `object`, got `int`")]
    said = [say(located(error, "$.data").reason, "fr") for error in wrong]
    assert said == [
        "valeur attendue\u00a0: nombre entier\u00a0; valeur trouvée\u00a0: texte (dans `$.data.a`)",
        "valeur attendue\u00a0: objet\u00a0; valeur trouvée\u00a0: nombre entier (dans `$.data`)",
    ]


@pytest.mark.parametrize(
    "error", [TypeError("é\"'" * 900), ValueError(), BadRecord(message("reasons.rounded_id", seen="9\ud800" * 400))]
)
def test_a_long_value_is_cut_and_the_reason_stays_readable(error: Exception) -> None:
    """What nobody knows is quoted; whatever is quoted, the stored reason is whole and short."""
    told = reason(error)
    assert read(written(told)) == told
    assert len(str(told)) < ARGUMENT_CHARS + 100
