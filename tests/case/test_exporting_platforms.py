"""Is an account id that stands on two platforms two accounts in every file that holds a network?"""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa
import pytest

from agorascope import Case
from agorascope.report import pseudonym

from . import networks

EDGES = pa.table({
    "source": ["7", "7", "8"], "target": ["8", "9", "9"], "source_platform": ["x", "y", "x"], "target_platform": ["x", "y", "y"],
    "weight": [3, 2, 2],
})  # fmt: skip
ACCOUNTS = pa.table({
    "platform": ["x", "x", "y", "y"], "account_id": ["7", "8", "7", "9"], "in_network": [True] * 4, "network": ["1", "1", "2", "2"],
})  # fmt: skip
NODES = ["8", "9", "x:7", "y:7"]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Give a case with account 7 on two platforms, in two networks."""
    return networks.case_with(tmp_path, networks.finding(tables={"edges": EDGES, "accounts": ACCOUNTS}))


def opened(case: Case, to: str, **options: bool) -> ET.Element:
    """Export a graph and read it without its namespaces."""
    text = case.export("coordination", to, **options)[0].read_text("utf-8")  # type: ignore[arg-type]
    return ET.fromstring(text.replace(' xmlns="', ' was="'))


@pytest.mark.parametrize("to", ["graphml", "gexf"])
def test_one_id_on_two_platforms_is_two_nodes(case: Case, to: str) -> None:
    """The node is called by platform and id where the id alone says too little; ties lead to the right one."""
    graph = opened(case, to, identities=True)
    ties = [(e.get("source"), e.get("target")) for e in graph.iter("edge")]
    assert NODES == sorted(str(n.get("id")) for n in graph.iter("node"))
    assert [("x:7", "8"), ("y:7", "9"), ("8", "9")] == ties
    assert "source_platform" not in ET.tostring(graph, "unicode")


def test_pseudonyms_are_qualified_too(case: Case) -> None:
    """Without identities the pseudonym stands behind the platform."""
    graph = opened(case, "graphml")
    assert {f"{p}:{pseudonym('7', 's')}" for p in "xy"} <= {n.get("id") for n in graph.iter("node")}


def test_stix_tells_them_by_the_type_of_account(case: Case) -> None:
    """The id of the platform stays what it is; the type of account differs, and so does the object."""
    objects = json.loads(case.export("coordination", "stix", identities=True)[0].read_bytes())["objects"]
    users = [o for o in objects if o["type"] == "user-account"]
    assert [("7", "twitter"), ("7", "y"), ("8", "twitter"), ("9", "y")] == sorted((u["user_id"], u["account_type"]) for u in users)
    assert 4 == len({u["id"] for u in users})


def test_misp_tells_them_by_the_type_of_account(case: Case) -> None:
    """Two objects of one user-id have two uuids."""
    told = json.loads(case.export("coordination", "misp", identities=True)[0].read_bytes())["Event"]
    users = [o for o in told["Object"] if o["name"] == "user-account"]
    values = [{a["object_relation"]: a["value"] for a in o["Attribute"]} for o in users]
    assert [("7", "x"), ("7", "y"), ("8", "x"), ("9", "y")] == sorted((v["user-id"], v["account-type"]) for v in values)
    assert 4 == len({o["uuid"] for o in users})
