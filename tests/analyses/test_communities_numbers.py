"""Is every modularity of a finding told for what it is, and is the p said to be of several resolutions?"""

from typing import Any

import pytest

from agorascope.analyses import communities
from agorascope.findings import Finding
from agorascope.stats import plateaus
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.camps import CampsWorld, make


def asked(seed: int = 2, closed: float = 0.6, **params: Any) -> Finding:
    """Look for communities in a world of camps."""
    tables = make(CampsWorld(mean_degree=8, closed=closed), seed)
    return communities.run(memory_corpus(tables), communities.Params(layer="camps", **params))


def noted(finding: Finding, name: str) -> dict[str, Any]:
    """Give the arguments of a note by its short name."""
    return next(n.args for n in finding.notes if n.key == f"communities.note.{name}")


def test_the_modularity_tested_and_that_of_the_communities_are_told_apart() -> None:
    """The claim tells that of one cut, a note says so, and gives that of the communities, which is that of the table."""
    finding = asked()
    told = noted(finding, "cuts")
    chosen = next(row for row in finding.tables["resolutions"].to_pylist() if row["chosen"])
    assert (chosen["modularity"], chosen["resolution"], 5) == (told["modularity"], told["resolution"], told["cuts"])
    assert told["seen"] == finding.claim.args.get("seen", told["seen"])
    texts = [say(finding.claim, lang) for lang in LANGUAGES]
    assert "(one cut, at resolution 1)" in texts[0]
    assert "modularité d’un découpage à la résolution 1" in texts[1]


def test_a_resolution_that_was_asked_counts_its_modularity_otherwise() -> None:
    """At resolution 0.5 the test counts with it, the table with 1: the note says both; one resolution is not several."""
    finding = asked(resolution="0.5")
    told = noted(finding, "own")
    assert told["seen"] > told["modularity"]
    assert "resolutions together" not in say(finding.claim, "en")


@pytest.mark.parametrize(("lang", "words"), [("en", "for 3 resolutions together"), ("fr", "pour 3 résolutions ensemble")])
def test_the_p_is_said_to_be_of_three_resolutions(lang: str, words: str) -> None:
    """Both languages say of how many resolutions the one p is."""
    assert words in say(asked().claim, lang)


def test_an_interval_that_holds_nothing_beside_a_small_p_is_explained() -> None:
    """Where the difference at resolution 1 may be none, a note says that the p is of three resolutions; else it is not there."""
    for seed in (1, 2, 3, 4):
        finding = asked(seed, closed=0.0)
        assert finding.effect is not None
        assert finding.effect.low is not None
        assert (finding.effect.low <= 0) == ("communities.note.together" in {n.key for n in finding.notes})


def test_a_network_of_medium_size_is_held_against_worlds_tested_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above 100,000 ties there are nine random networks: the cell is one of these."""
    monkeypatch.setattr(plateaus, "MEDIUM", 1_000)
    finding = asked()
    assert finding.calibration.cell is not None
    assert finding.calibration.cell.startswith("medium-")
    assert 9 == noted(finding, "nulls")["n"]


def test_coordination_that_found_nobody_is_no_missing_option() -> None:
    """Asked to leave coordinated networks out where there are none, the rival says that none was found."""
    rival = next(r for r in asked(without="coordination").rivals if r.name == "coordination")
    assert rival.missing is not None
    assert "none was found" in say(rival.missing, "en")
