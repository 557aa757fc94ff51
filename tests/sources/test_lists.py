"""Does a cell that lists hashtags, mentions or addresses give each of them, whatever stands between, and is a choice told?"""

from pathlib import Path

import pytest

from agorascope.errors import BadValue
from agorascope.records import Post, PostObject
from agorascope.sources.reading import probe, remarks
from agorascope.texts import say

from .tables import mapped, only


def carried(tmp_path: Path, column: str, *cells: str, **constants: str) -> list[tuple[str, str]]:
    """Give kind and value of what posts without a text of their own carry, of one column of these cells."""
    file = tmp_path / "posts.tsv"
    rows = "".join(f"{i}\tmarie\t2024-05-13\t{cell}\n" for i, cell in enumerate(cells))
    file.write_text(f"post_id\taccount_id\tcreated_at\t{column}\n{rows}", "utf-8")
    _, found, reasons = mapped(file, **constants)
    assert not reasons
    return [(one.kind, one.value) for one in only(found, PostObject)]


def told(tmp_path: Path, lang: str = "en") -> list[str]:
    """Give what is told of spaces when the file is added."""
    return [say(one, lang) for one in remarks(probe(tmp_path / "posts.tsv")) if ".spaces_" in one.key]


@pytest.mark.parametrize(
    "cell",
    ["#Tram #NonAuTram", "#Tram, #NonAuTram", "#Tram;#NonAuTram", "#Tram\u00a0#NonAuTram", "#Tram#NonAuTram", "#Tram NonAuTram"],
)
@pytest.mark.parametrize("column", ["hashtags", "tags"])
def test_a_hashtag_holds_no_white_space(tmp_path: Path, column: str, cell: str) -> None:
    """However two hashtags are written, both are read, and there is nothing to tell."""
    assert [("hashtag", "tram"), ("hashtag", "nonautram")] == carried(tmp_path, column, cell)
    assert [] == told(tmp_path)


def test_commas_and_spaces_together_part_hashtags(tmp_path: Path) -> None:
    """Where commas stand between words without #, a space stays within a tag."""
    assert ["a", "b", "c"] == [tag for _, tag in carried(tmp_path, "hashtags", "#a #b, #c")]
    assert ["climate change", "tram"] == [tag for _, tag in carried(tmp_path, "hashtags", "climate change, tram")]
    assert [] == told(tmp_path)


def test_words_without_marks_are_read_as_the_column_is_named_and_told_once(tmp_path: Path) -> None:
    """``tram bréville`` is two hashtags in ``hashtags``, one tag in ``tags``; either is told once with a count and an example."""
    cells = ("tram bréville", "vélo ville", "bus")
    assert ["tram", "bréville", "vélo", "ville", "bus"] == [tag for _, tag in carried(tmp_path, "hashtags", *cells)]
    assert 1 == len(said := told(tmp_path))
    assert [] == [part for part in ("2 cells of the first 3 rows", "“tram bréville”", 'spaces = "within"') if part not in said[0]]
    assert list(cells) == [tag for _, tag in carried(tmp_path, "tags", *cells)]
    assert 1 == len(said := told(tmp_path, "fr"))
    assert [] == [part for part in ("2 cellules des 3 premières lignes", 'spaces = "between"') if part not in said[0]]


def test_a_user_says_what_spaces_are(tmp_path: Path) -> None:
    """``spaces`` rules over the name of the column; another value is refused before anything is added."""
    assert ["tram bréville"] == [tag for _, tag in carried(tmp_path, "hashtags", "tram bréville", spaces="within")]
    assert ["tram", "bréville"] == [tag for _, tag in carried(tmp_path, "tags", "tram bréville", spaces="between")]
    columns = tmp_path / "columns.toml"
    columns.write_text('[constants]\nspaces = "between"\n', "utf-8")
    assert not [one for one in remarks(probe(tmp_path / "posts.tsv", columns=columns)) if ".spaces_" in one.key]
    columns.write_text('[columns]\nhashtags = "tags"\n', "utf-8")
    assert ["sources.spaces_between.hashtags"] == [
        one.key for one in remarks(probe(tmp_path / "posts.tsv", columns=columns)) if ".spaces_" in one.key
    ]
    columns.write_text('[constants]\nspaces = "yes"\n', "utf-8")
    with pytest.raises(BadValue, match='use "between" or "within"'):
        probe(tmp_path / "posts.tsv", columns=columns)


def test_mentions_are_parted_at_their_sign(tmp_path: Path) -> None:
    """A space before @ parts two; a name of two words stays one, and is told where no sign proves it."""
    assert ["AFP", "lemonde", "a@piaille.fr"] == [name for _, name in carried(tmp_path, "mentions", "@AFP @lemonde, @a@piaille.fr")]
    assert ["Zoé B", "AFP"] == [name for _, name in carried(tmp_path, "mentions", "@Zoé B @AFP")]
    assert [] == told(tmp_path)
    assert ["Jean Dupont"] == [name for _, name in carried(tmp_path, "mentions", "Jean Dupont")]
    assert "read as one name" in told(tmp_path)[0]
    assert ["AFP", "lemonde"] == [name for _, name in carried(tmp_path, "mentions", "AFP lemonde", spaces="between")]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("https://a.fr/1 https://b.fr/2", ["https://a.fr/1", "https://b.fr/2"]),
        ("https://a.fr/1 www.b.fr/2", ["https://a.fr/1", "https://www.b.fr/2"]),
        ("www.a.fr/1 b.fr/2", ["https://www.a.fr/1", "https://b.fr/2"]),
    ],
)
def test_addresses_are_parted_at_spaces(tmp_path: Path, cell: str, found: list[str]) -> None:
    """With a scheme or without, two addresses with a space between them are two."""
    assert found == [value for kind, value in carried(tmp_path, "urls", cell) if kind == "url"]


def test_a_name_of_a_file_keeps_its_spaces(tmp_path: Path) -> None:
    """Media need not be addresses."""
    assert ["photo 1.jpg"] == [value for _, value in carried(tmp_path, "media", "photo 1.jpg")]


@pytest.mark.parametrize("column", ["Repost de", "Partage de", "Repartage de"])
def test_a_repost_is_told_by_a_column_in_french(tmp_path: Path, column: str) -> None:
    """As "Réponse à" tells replies."""
    file = tmp_path / "posts.csv"
    file.write_text(
        f"Identifiant;Auteur;Date;Texte;{column};Réponse à\n"
        "1;marie;2024-05-13;Tram;;\n2;zoé;2024-05-14;;1;\n3;ana;2024-05-14;Non;;1\n",
        "utf-8",
    )
    posts = only(mapped(file)[1], Post)
    assert [("original", None, None), ("repost", "1", None), ("reply", None, "1")] == [
        (p.kind, p.repost_of, p.reply_to) for p in posts
    ]
