"""Do the bundle of STIX and the event of MISP hold what their standards ask, accuse nobody, and stay the same bytes?"""

import json
import re
from typing import Any

import pytest

from agorascope import Case
from agorascope.case import exporting_stix
from agorascope.case.exporting_words import HEDGE, LOW, MODERATE, confidence
from agorascope.findings import Calibration, Finding, Rival
from agorascope.report import pseudonym
from agorascope.texts import message

from . import networks

people = pytest.mark.parametrize("identities", [False, True])
threats = pytest.mark.parametrize("to", ["stix", "misp"])


@pytest.fixture
def case(tmp_path: Any) -> Case:
    """Give a case with the hand-made network."""
    return networks.case_with(tmp_path, networks.finding())


def bundle(case: Case, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """Export to STIX and sort the objects by type."""
    objects = json.loads(case.export("coordination", "stix", force=True, **options)[0].read_bytes())["objects"]
    return {kind: [o for o in objects if o["type"] == kind] for kind in {o["type"] for o in objects}}


def event(case: Case, **options: Any) -> dict[str, Any]:
    """Export to MISP."""
    told: dict[str, Any] = json.loads(case.export("coordination", "misp", force=True, **options)[0].read_bytes())["Event"]
    return told


@people
def test_the_bundle_passes_the_reader_of_the_standard(case: Case, identities: bool) -> None:
    """stix2 reads every object strictly, and would give the accounts the ids they have."""
    stix2 = pytest.importorskip("stix2", reason="stix2 is not installed: make test installs it")
    text = case.export("coordination", "stix", identities=identities)[0].read_text("utf-8")
    read = stix2.parse(text, allow_custom=False, version="2.1")
    plain = json.loads(text)["objects"]
    assert len(plain) == len(read.objects) == len({o["id"] for o in plain})
    for account in (o for o in plain if o["type"] == "user-account"):
        assert account["id"] == stix2.v21.UserAccount(**{k: v for k, v in account.items() if k not in ("id", "type")}).id


@people
def test_every_reference_of_the_bundle_leads_to_an_object_in_it(case: Case, identities: bool) -> None:
    """Nothing is referred to that the file does not hold."""
    text = case.export("coordination", "stix", identities=identities)[0].read_text("utf-8")
    name = re.compile(r"[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
    bundle = json.loads(text)
    assert set(name.findall(text)) == {o["id"] for o in bundle["objects"]} | {bundle["id"]}


def test_a_network_is_a_grouping_that_accuses_nobody(case: Case) -> None:
    """One neutral grouping per network with its accounts; times, ties and techniques as the finding has them."""
    things = bundle(case, identities=True)
    assert set(things) == {"identity", "user-account", "attack-pattern", "grouping", "observed-data", "relationship", "note"}
    assert [("unspecified", 4 + 1), ("unspecified", 2)] == [(g["context"], len(g["object_refs"])) for g in things["grouping"]]
    (seen,) = things["observed-data"]
    assert ("2024-05-01T00:00:00.000Z", "2024-05-02T00:00:00.000Z", 40) == (
        seen["first_observed"], seen["last_observed"], seen["number_observed"],
    )  # fmt: skip
    assert [4, 2] == [sum(("tie" in r["description"]) is t for r in things["relationship"]) for t in (True, False)]
    assert {"related-to"} == {r["relationship_type"] for r in things["relationship"]}


@threats
def test_techniques_are_given_by_id_alone(case: Case, to: str) -> None:
    """Ids of DISARM leave, the words beside them in the finding do not."""
    text = case.export("coordination", to)[0].read_text("utf-8")
    assert ("T0049.003" in text, "T0119" in text, "A Name" in text) == (True, True, False)


def test_every_text_is_hedged(case: Case) -> None:
    """Whatever is said of networks, ties and techniques says also what it is not."""
    things = bundle(case)
    said = [o["description"] for kind in ("grouping", "relationship") for o in things[kind]] + [
        n["content"] for n in things["note"]
    ]
    assert [] == [text for text in said if HEDGE not in text]
    noted = event(case)
    assert HEDGE in noted["Attribute"][0]["value"]
    annotations = [o for o in noted["Object"] if o["name"] == "annotation"]
    assert [True, True] == [HEDGE in o["Attribute"][0]["value"] for o in annotations]
    assert "fans" not in things["note"][0]["content"]
    assert "Another explanation, disfavoured: " in things["note"][0]["content"]


@pytest.mark.parametrize(("changes", "grade"), [
    ({}, MODERATE),
    ({"calibration": Calibration()}, LOW),
    ({"calibration": Calibration(inside_grid=True, false_alarm_rate=0.2)}, LOW),
    ({"rivals": (Rival(name="fans", statement=message("coverage.question"), status="favoured"),)}, LOW),
    ({"verdict": "insufficient"}, None),
])  # fmt: skip
def test_confidence_is_what_the_finding_allows(changes: dict[str, Any], grade: int | None) -> None:
    """Moderate only where false alarms are measured and rare and no other explanation is favoured; none where nothing was found."""
    assert grade == confidence(networks.finding(**changes))


@threats
@people
def test_the_same_case_gives_the_same_bytes(tmp_path: Any, to: str, identities: bool) -> None:
    """Two cases with the same data and secret give one file; other parameters give other names."""
    places = [tmp_path / name for name in "abc"]
    found = [networks.finding(), networks.finding(), networks.finding(params={"q": 0.01})]
    cases = [networks.case_with(p, f) for p, f in zip(places, found, strict=True)]
    first, second, third = (c.export("coordination", to, identities=identities)[0].read_bytes() for c in cases)
    assert first == second
    assert first != third


@pytest.mark.parametrize(("found", "day"), [
    (networks.finding(), "2024-05-02"),
    (networks.finding(units=()), "2024-05-01"),
    (networks.finding(units=({"network": "1", "last_us": -1},), evidence=()), "2024-06-01"),
])  # fmt: skip
def test_dates_are_those_of_the_data(tmp_path: Any, found: Finding, day: str) -> None:
    """An export is dated by the newest datum of its finding, or by the case where there is none."""
    case = networks.case_with(tmp_path, found)
    assert day == event(case)["date"]
    assert day == bundle(case)["grouping"][0]["created"][:10]


@people
def test_the_event_passes_the_reader_of_misp(case: Case, identities: bool) -> None:
    """Pymisp reads the event, knows the templates, their fields, and every type and category; nothing is to be blocked."""
    pymisp = pytest.importorskip("pymisp", reason="pymisp is not installed: make test installs it")
    told = event(case, identities=identities)
    read = pymisp.MISPEvent(strict_validation=True)
    read.load({"Event": json.loads(json.dumps(told))})
    made = [pymisp.MISPObject(o["name"], strict=True) for o in told["Object"]]
    for template, thing in zip(made, told["Object"], strict=True):
        assert (template.template_uuid, str(template.template_version)) == (thing["template_uuid"], thing["template_version"])
        for attribute in thing["Attribute"]:
            assert attribute["type"] == template.add_attribute(attribute["object_relation"], attribute["value"]).type
    assert {False} == {a.to_ids for a in [*read.attributes, *(a for o in read.objects for a in o.attributes)]}
    assert len(told["Object"]) == len(read.objects) == 8


def test_the_event_keeps_to_itself(case: Case) -> None:
    """It is unpublished, for one's own organisation, of undefined threat level; every reference leads to an object of it."""
    told = event(case)
    assert (False, "0", "4") == (told["published"], told["distribution"], told["threat_level_id"])
    uuids = {o["uuid"] for o in told["Object"]}
    references = [r for o in told["Object"] for r in o["ObjectReference"]]
    assert {r["referenced_uuid"] for r in references} | {r["object_uuid"] for r in references} == uuids
    assert (6, 4) == tuple(sum(r["relationship_type"] == t for r in references) for t in ("annotates", "related-to"))
    assert len(references) == len({r["uuid"] for r in references})
    assert ['misp:confidence-level="fairly-confident"', 'disarm:technique="T0049.003"'] == [t["name"] for t in told["Tag"]][:2]


def test_accounts_are_pseudonyms_that_do_not_correlate(case: Case) -> None:
    """Without --identities an account has a pseudonym and no name; MISP does not look for it in other events."""
    accounts = [o for o in event(case)["Object"] if o["name"] == "user-account"]
    values = {a["object_relation"]: a["value"] for a in accounts[0]["Attribute"]}
    assert {"user-id": pseudonym("1001", "s"), "account-type": "x"} == values
    assert {True} == {a["disable_correlation"] for o in accounts for a in o["Attribute"]}
    (first, *_) = bundle(case)["user-account"]
    assert {"user_id": pseudonym("1001", "s"), "account_type": "twitter"} == {
        k: v for k, v in first.items() if k not in ("type", "spec_version", "id")
    }


@threats
def test_ties_left_out_are_counted(case: Case, to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the strongest ties are kept, and the file says how many are not there."""
    monkeypatch.setattr(exporting_stix, "TIES", 1)
    text = case.export("coordination", to)[0].read_text("utf-8")
    assert "3 others are left out" in text
    assert ("tie of weight 5" in text, "tie of weight 3" in text) == (True, False)


@threats
def test_a_finding_without_networks_says_so_and_names_no_account(tmp_path: Any, to: str) -> None:
    """Where nothing was found the file holds the claim, no account and no confidence."""
    found = networks.finding(verdict="not_found", units=(), tables={"edges": networks.edges()})
    case = networks.case_with(tmp_path, found)
    text = case.export("coordination", to)[0].read_text("utf-8")
    assert ("user-account" in text, '"confidence"' in text, HEDGE in text) == (False, False, True)
