"""Does the command line name members of networks only to who asks for it?"""

import json
from pathlib import Path
from typing import Any

import pytest

from agorascope import open_case
from tests.analyses.test_coordination_told import acts
from tests.case.test_exporting_graphs import log
from tests.commands import type_in

ASK = ("coordination", "-p", "window_s=60")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a case with a network, once."""
    folder = tmp_path_factory.mktemp("members")
    drawn = enumerate(acts("x", 1, people=300))
    rows = [f"{o.replace(' ', '_')},member_{a},{i},{1_700_000_000 + at}" for i, (_, a, o, at) in drawn]
    (folder / "shares.csv").write_text("\n".join(["object_id,account_id,content_id,timestamp_share", *rows]), "utf-8")
    for words in (("new", "c"), ("add", "c", "shares.csv")):
        assert 0 == type_in(folder, *words).code
    return folder


def asked(place: Path, *words: str) -> dict[str, Any]:
    """Ask for the finding as JSON."""
    typed = type_in(place, *words, "--json")
    assert typed.code == 0, typed.err
    finding: dict[str, Any] = json.loads(typed.out)[0]
    return finding


def test_members_are_pseudonyms_on_the_command_line(place: Path) -> None:
    """Run and show give pseudonyms for a network, in data and in words; the tables are those that are stored."""
    ran, shown = asked(place, "run", "c", *ASK), asked(place, "show", "c", "coordination")
    (stored,) = open_case(place / "c").findings("coordination")
    assert ran == shown
    assert ("found", {"a_"}) == (ran["verdict"], {e["account_id"][:2] for e in ran["evidence"]})
    assert "member_" not in json.dumps(ran) + type_in(place, "show", "c").out
    assert ran["tables"]["accounts"]["rows"] == stored.tables["accounts"].num_rows
    assert stored.evidence[0].account_id is not None
    assert stored.evidence[0].account_id.startswith("member_s")


@pytest.mark.parametrize("words", [("run", "c", *ASK), ("show", "c", "coordination")])
def test_identities_are_given_when_asked_for_and_logged(place: Path, words: tuple[str, ...]) -> None:
    """--identities gives ids, and the case says so."""
    named = asked(place, *words, "--identities")
    assert {"member_s"} == {e["account_id"][:8] for e in named["evidence"]}
    assert "shown with identities: coordination" == log(place / "c")[-1][1]
