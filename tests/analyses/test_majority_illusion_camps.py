"""Are camps the groups of one variable, chosen by a stated rule or by name, and is it said which?"""

from typing import Any

import pyarrow as pa
import pytest

from agorascope.errors import BadValue
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.camps import CampsWorld, make

from .test_majority_illusion import asked

PARTIES = {"larger": "Party:a", "smaller": "Party:b"}


def camps(finding: Finding) -> list[str]:
    """List the camps that are told."""
    return sorted(finding.tables["camps"].to_pydict()["camp"])


def told(finding: Finding, name: str, lang: str = "en") -> str:
    """Give a note by its short name, with plain spaces."""
    note = next(n for n in finding.notes if n.key in {f"majority_illusion.note.{name}", f"divisions.{name}"})
    return say(note, lang).replace("\u202f", " ").replace("\u00a0", " ")


def several(parties: int = 300, *, also: str = "gender") -> dict[str, pa.Table]:
    """Three hundred accounts: parties of the first ``parties``, genders (or ``also``) of 250 of them, bearers among all."""
    rows = make(CampsWorld(accounts=300, mean_degree=8), 1)
    listed = [r for r in rows["groups"].to_pylist() if r["group_name"] == "bearers" or int(r["account_id"][1:]) < parties]
    groups: list[dict[str, Any]] = [r | {"group_name": PARTIES.get(r["group_name"], "bearers")} for r in listed]
    platform = groups[0]["platform"]
    groups += [{"platform": platform, "account_id": f"a{i}", "group_name": f"{also}:{'fm'[i % 2]}"} for i in range(250)]
    return rows | {"groups": pa.Table.from_pylist(groups, schema("groups"))}


def test_camps_are_those_of_the_variable_known_of_most_viewers() -> None:
    """Parties of all, genders of most: the parties are the camps, nobody is in several, and both languages say which."""
    finding = asked(several())
    assert ["Party:a", "Party:b"] == camps(finding)
    assert "majority_illusion.note.campless" not in {n.key for n in finding.notes}
    assert told(finding, "camps").startswith("Camps are categories of “Party”: 296 of 296 viewers are in one")
    assert "des catégories de « Party » : 296 des 296 spectateurs sont dans l’une" in told(finding, "camps", "fr")
    assert "“gender” (known of 247)" in told(finding, "aside")
    assert "« gender » (connu pour 247)" in told(finding, "aside", "fr")
    assert all(say(note, lang) for note in finding.notes for lang in LANGUAGES)
    assert digest(finding)


@pytest.mark.parametrize("groups", ["gender", "GENDER:", "gender:f,gender:m"])
def test_a_variable_is_taken_by_name(groups: str) -> None:
    """Genders, whatever the numbers, in capitals or not."""
    finding = asked(several(), groups=groups)
    assert ["gender:f", "gender:m"] == camps(finding)
    assert "categories of “gender”" in told(finding, "camps")
    assert "divisions.aside" not in {n.key for n in finding.notes}


def test_a_variable_is_taken_by_number_but_for_traits_of_a_population() -> None:
    """Parties of 100, clubs of 250: the clubs; genders of as many divide nobody where there are parties."""
    finding = asked(several(100, also="club"))
    assert ["club:f", "club:m"] == camps(finding)
    assert "divisions.aside" in {n.key for n in finding.notes}
    assert ["Party:a", "Party:b"] == camps(asked(several(100)))


def test_the_attribute_is_a_camp_beside_the_others_of_its_variable() -> None:
    """Asked about one party: the parties are the camps, though its members are in a gender too; of the genders it is no camp."""
    assert ["Party:a", "Party:b"] == camps(asked(several(), attribute="group:Party:b"))
    assert ["gender:f", "gender:m"] == camps(asked(several(), attribute="group:Party:b", groups="gender"))


def test_plain_groups_beside_a_variable_are_named() -> None:
    """Groups without a variable, and a variable of few: the note says so."""
    rows = make(CampsWorld(accounts=300, mean_degree=8), 1)
    ages = [rows["groups"].to_pylist()[0] | {"account_id": f"a{i}", "group_name": "age:60+"} for i in range(40)]
    both = pa.concat_tables([rows["groups"], pa.Table.from_pylist(ages, schema("groups"))])
    finding = asked(rows | {"groups": both})
    assert ["larger", "smaller"] == camps(finding)
    assert "Camps are the groups without a variable, of which 296 of 296 viewers are in one" in told(finding, "camps_plain")
    assert "“age” (known of 40)" in told(finding, "aside")


def test_one_set_of_plain_groups_needs_no_note_and_a_strange_name_is_refused() -> None:
    """Groups of one kind only: nothing is said of the choice; a name that is neither a group nor a variable lists both."""
    notes = {n.key.rpartition(".")[2] for n in asked(make(CampsWorld(accounts=300, mean_degree=8), 1)).notes}
    assert not notes & {"camps", "camps_plain", "aside"}
    with pytest.raises(BadValue, match=r"groups holds 'sex'.*variables are: gender, party"):
        asked(several(), groups="sex")
