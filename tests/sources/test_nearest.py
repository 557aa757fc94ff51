"""Does the refusal of a file say what it holds, what it lacks for the nearest formats and where all are listed, and no more?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from agorascope.errors import Unrecognised
from agorascope.sources import sources
from agorascope.sources.reading import probe

WAYS = ("--columns FILE.toml", "--format NAME", "agorascope sources", "agorascope explain NAME")


def refusal(tmp_path: Path, text: str, *, name: str = "a.csv", format: str | None = None) -> str:
    """Give the refusal of a file that holds this text."""
    file = tmp_path / name
    file.write_text(text, "utf-8")
    with pytest.raises(Unrecognised) as refused:
        probe(file, format=format)
    return str(refused.value)


@pytest.mark.parametrize(
    ("header", "near"),
    [
        ("a,b", "generic (no column for a post's text or time)"),
        ("rater,item,opinion", "ratings (no column for value of a vote)"),
        ("object_id,compte,quand_", "shares (no column for content_id, timestamp_share)"),
        ("Query Name,Date,Snippet,Page Type", "brandwatch (no column Url of a Brandwatch export)"),
        ("Auteur,Vues,J'aime", "panel (no column for a period (week, month, date...))"),
    ],
)
def test_the_nearest_formats_are_named_with_what_is_lacking(tmp_path: Path, header: str, near: str) -> None:
    """Three formats at most, in a line that is short, with the columns seen and the commands that tell the rest."""
    said = refusal(tmp_path, header + "\n" + ",".join("1" for _ in header.split(",")) + "\n")
    assert f"which holds: {header.replace(',', ', ')}; nearest: " in said
    assert near in said
    assert sum(f"{name} (" in said for name in sources()) <= 3
    assert len(said) < 450
    assert [] == [way for way in WAYS if way not in said]


def test_the_header_below_a_title_is_the_one_told(tmp_path: Path) -> None:
    """What is written above the header is not taken for it, where a lower row is known better."""
    assert "which holds: rater, item, opinion; nearest: ratings (" in refusal(tmp_path, "Export,,\nrater,item,opinion\n1,2,3\n")


def test_a_json_file_is_told_the_formats_of_json_by_name(tmp_path: Path) -> None:
    """One list without reasons; a format asked for by name gives its reason."""
    said = refusal(tmp_path, '{"a": 1, "b": {"c": 2}}\n', name="a.jsonl")
    assert "holds: a, b.c; " in said
    assert "nor is it JSON of zeeschuimer, jetstream, mastodon, x-v1, x-v2;" in said
    assert "tried: jetstream (no line has did" in refusal(tmp_path, '{"a": 1}\n', name="a.jsonl", format="jetstream")
    assert "tried: jetstream (of JSON values, not of rows);" in refusal(tmp_path, "a,b\n1,2\n", format="jetstream")


def test_many_and_long_columns_are_cut(tmp_path: Path) -> None:
    """The first twelve are named, each up to forty letters."""
    said = refusal(tmp_path, ",".join(f"{'long' * 20}{i}" for i in range(50)) + "\n" + ",".join(["x"] * 50) + "\n")
    assert " and 38 more; " in said
    assert len(said) < 900


@pytest.mark.parametrize(
    "text",
    [
        '[{"pid": 0, "tid": 1, "vote": -1, "weight_x_32767": 0, "modified": "1714782753431", "conversation_id": "a"}]',
        '[{"txt": "Du tram", "tid": 0, "created": "1714613201691", "pid": 0, "mod": 1}]',
        '{"pca": {"comps": [[0.1]], "center": [0.2]}, "group-clusters": [], "n": 35}',
        '{"topic": "Tram", "participant_count": 35, "vis_type": 1, "conversation_id": "a"}',
    ],
)
@pytest.mark.parametrize("format", [None, "ratings"])
def test_an_answer_of_polis_is_told_which_export_to_add(tmp_path: Path, text: str, format: str | None) -> None:
    """The sign of its votes is not told there: the export is asked for by name, and never the naming of columns."""
    said = refusal(tmp_path, text, name="votes.json", format=format)
    assert "add participants-votes.csv" in said
    assert "--columns" not in said


def test_the_public_answers_of_polis_are_told_so(shared: Callable[[str], Path]) -> None:
    """Real answers of a conversation, all four of them."""
    for file in sorted(shared("networks/polis/oracle_below-100-ptpts").glob("*.json")):
        with pytest.raises(Unrecognised, match=r"participants-votes\.csv"):
            probe(file)
