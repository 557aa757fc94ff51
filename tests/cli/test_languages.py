"""Does every command speak the reader's language? The same facts in both; no English word in what is printed in French."""

import re
from pathlib import Path

import pytest
import typer

from agorascope import open_case
from agorascope.analyses import analyses
from agorascope.cli import explaining, show
from agorascope.cli.app import app
from agorascope.records import TABLES
from agorascope.sources import sources
from agorascope.texts import LANGUAGES
from tests.commands import POSTS, refused, type_in
from tests.test_texts import CODE, ENGLISH

RUN = 11
CHOICES = re.compile(r"(?:one of|au choix) ?: [^;)]*|(?:default|par défaut) [^;)]*")
PATHS = re.compile(r"\S*/\S*|\S+\.(?:csv|md)")


def said(folder: Path, *words: str) -> str:
    """Type a command and give all that it prints, with plain spaces."""
    typed = type_in(folder, *words)
    assert typed.code in (0, 1), typed.err
    return (typed.out + typed.err).replace("\N{NO-BREAK SPACE}", " ")


def english(printed: str) -> list[str]:
    """List the words that only English has; names, values that are typed, and paths are no words."""
    columns = (name for module in sources().values() for name in explaining.columns(module))
    asked = (name for module in analyses().values() for name in (*module.Params.__struct_fields__, module.EXAMPLE))
    names = sorted({*analyses(), *sources(), *TABLES, *columns, *asked, "both"}, key=len, reverse=True)
    bare = re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})\b", " ", PATHS.sub(" ", printed))
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+(?:[’'][^\W\d_]+)*", CODE.sub(" ", CHOICES.sub(" ", bare)))}
    return sorted(words & ENGLISH)


def test_every_command_takes_a_language() -> None:
    """No command prints in one language only."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert {name for name, command in commands.items() if "lang" not in {p.name for p in command.params}} == set()


@pytest.mark.parametrize(("words", "en", "fr"), [
    (("new", "neuf"), "an empty case", "dossier vide"),
    (("status", "c"), "finding: coverage · not found", "résultat : coverage · rien de constaté"),
    (("verify", "c"), f"{RUN} of {RUN} findings the same", f"{RUN} résultats identiques sur {RUN}"),
    (("analyses",), "Who talks about it", "Qui en parle"),
    (("sources",), "A list of dated events", "Une liste d’événements datés"),
    (("forget", "c", "--account", "bob"), "forgotten: 3 rows, 1 raw record,", "oubli : 3 lignes, 1 enregistrement brut,"),
    (("explain", "conversation"), "Parameters", "Paramètres"),
    (("explain", "coverage"), "a whole number of at least 20; default 30", "un nombre entier d’au moins 20 ; par défaut 30"),
    (("explain", "groups"), "Columns read", "Colonnes lues"),
    (("explain", "x-v1"), "In full: docs/sources/x-v1.md", "En détail, en anglais : docs/sources/x-v1.md"),
])  # fmt: skip
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_command_speaks_both_languages(case: Path, words: tuple[str, ...], lang: str, en: str, fr: str) -> None:
    """The sentence expected is there in the language asked for, not in the other; French holds no English word."""
    printed = said(case, *words, "--lang", lang)
    assert (lang == "en", lang == "fr") == (en in printed, fr in printed), printed
    assert lang == "en" or english(printed) == []


@pytest.mark.parametrize("name", [*analyses(), *sources()])
def test_an_explanation_in_french_is_french(tmp_path: Path, name: str) -> None:
    """No word that only English has; and what is written for developers is left to English."""
    assert english(said(tmp_path, "explain", name, "--lang", "fr")) == []


def test_every_table_format_tells_its_columns() -> None:
    """A format of tables lists what it reads; a format of JSON values has no columns."""
    assert {module.CONTAINER == "table" for name, module in sources().items() if explaining.columns(module)} == {True}
    assert [name for name, module in sources().items() if module.CONTAINER == "table" and not explaining.columns(module)] == []


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "(the rows changed since: run again)"), ("fr", "(les lignes ont changé depuis : à refaire)")]
)
def test_what_the_rows_outran_is_said_in_both_languages(case: Path, lang: str, sentence: str) -> None:
    """status, verify and export say which findings are older than the rows."""
    (case / "more.csv").write_text(POSTS.replace("1,ann", "9,cat"), "utf-8")
    type_in(case, "add", "c", "more.csv")
    assert sentence in said(case, "status", "c", "--lang", lang)
    again = "run again: agorascope run c" if lang == "en" else "à refaire : agorascope run c"
    for words in (("verify", "c"), ("export", "c", "coverage", "--to", "csv")):
        printed = said(case, *words, "--lang", lang)
        assert again in printed
        assert lang == "en" or english(printed) == []


def test_status_says_in_french_that_accounts_were_forgotten(case: Path) -> None:
    """Once, then several times."""
    for account, sentence in (("bob", "ont été oubliés une fois"), ("ann", "ont été oubliés 2 fois")):
        type_in(case, "forget", "c", "--account", account)
        printed = said(case, "status", "c", "--lang", "fr")
        assert sentence in printed
        assert english(printed) == []


def test_counts_are_written_as_the_language_writes_them(demo: Path) -> None:
    """Thousands are set apart by a space in French, by a comma in English."""
    assert "17 020" in said(demo, "status", "demo", "--lang", "fr").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "17,020" in said(demo, "status", "demo")


def test_the_environment_chooses_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AGORASCOPE_LANG is the default of --lang, which still wins; a language nobody wrote is refused."""
    monkeypatch.setenv("AGORASCOPE_LANG", "fr")
    assert "Qui en parle" in said(tmp_path, "analyses")
    assert "Who talks about it" in said(tmp_path, "analyses", "--lang", "en")
    monkeypatch.setenv("AGORASCOPE_LANG", "de")
    assert "language is 'de'; use one of en, fr" in refused(type_in(tmp_path, "analyses"))


def test_an_unknown_language_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    """No case is made."""
    refused(type_in(tmp_path, "new", "c", "--lang", "de"))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "Coverage of the data has something to say first: "), ("fr", "Couverture des données : à lire d’abord. ")],
)
def test_a_fault_of_the_collection_is_never_left_unsaid(
    demo: Path, capsys: pytest.CaptureFixture[str], lang: str, sentence: str
) -> None:
    """Where three findings stand before coverage, one more line gives its claim; among the three it is not said twice."""
    found = {finding.analysis: finding for finding in open_case(demo / "demo").findings()}
    gate = found.pop("coverage")
    printed = []
    for order in ([*found.values(), gate], [gate, *found.values()]):
        show.strongest(order, lang)
        printed.append(capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").splitlines())
    assert (4, True) == (len(printed[0]), printed[0][-1].startswith(sentence + "2 "))
    assert (3, False) == (len(printed[1]), any(line.startswith(sentence) for line in printed[1]))
