"""Do exported networks open in other programs, whatever the accounts are called, and name nobody?"""

import csv
import re
import time
import tracemalloc
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

from agorascope import Case
from agorascope.case.exporting_network import GREY, PALETTE, read
from agorascope.case.exporting_xml import clean, escaped, identifier
from agorascope.errors import UsageError
from agorascope.report import pseudonym
from agorascope.store import log
from tests.commands import refused, type_in

from . import networks

GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
# What gexf.rng and viz.rng of version 1.3 allow of the elements we write; benchmarks/gexf_readers.py asks the schema itself.
ALLOWED: dict[str, tuple[set[str], set[str], list[str]]] = {  # required attributes, further ones, children in order
    f"{GEXF}gexf": ({"version"}, {"variant"}, [f"{GEXF}meta", f"{GEXF}graph"]),
    f"{GEXF}meta": (set(), {"lastmodifieddate"}, [f"{GEXF}creator", f"{GEXF}keywords", f"{GEXF}description"]),
    f"{GEXF}creator": (set(), set(), []),
    f"{GEXF}description": (set(), set(), []),
    f"{GEXF}graph": (set(), {"defaultedgetype", "idtype", "mode"}, [f"{GEXF}attributes", f"{GEXF}nodes", f"{GEXF}edges"]),
    f"{GEXF}attributes": ({"class"}, {"mode"}, [f"{GEXF}attribute"]),
    f"{GEXF}attribute": ({"id", "title", "type"}, set(), []),
    f"{GEXF}nodes": (set(), {"count"}, [f"{GEXF}node"]),
    f"{GEXF}node": ({"id"}, {"label"}, [f"{GEXF}attvalues", f"{VIZ}color", f"{VIZ}size"]),
    f"{GEXF}edges": (set(), {"count"}, [f"{GEXF}edge"]),
    f"{GEXF}edge": ({"source", "target"}, {"id", "type", "weight", "label", "kind"}, [f"{GEXF}attvalues"]),
    f"{GEXF}attvalues": (set(), set(), [f"{GEXF}attvalue"]),
    f"{GEXF}attvalue": ({"for", "value"}, set(), []),
    f"{VIZ}color": ({"r", "g", "b"}, {"a", "hex"}, []),
    f"{VIZ}size": ({"value"}, set(), []),
}
graphs = pytest.mark.parametrize("to", ["graphml", "gexf"])
people = pytest.mark.parametrize("identities", [False, True])


@pytest.fixture
def networkx() -> ModuleType:
    """Give the reader of other people's programs."""
    module: ModuleType = pytest.importorskip("networkx", reason="networkx is not installed: make test installs it")
    return module


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Give a case with the hand-made network."""
    return networks.case_with(tmp_path, networks.finding())


def opened(networkx: ModuleType, file: Path) -> Any:
    """Read a file as networkx does."""
    return networkx.read_graphml(file) if file.suffix == ".graphml" else networkx.read_gexf(file)


@graphs
@people
def test_a_network_opens_elsewhere_with_names_weights_and_communities(
    case: Case, networkx: ModuleType, to: str, identities: bool
) -> None:
    """Nodes, labels, networks and weights read back are those of the tables."""
    (file,) = case.export("coordination", to, identities=identities)
    graph = opened(networkx, file)
    named = (lambda a: a) if identities else (lambda a: pseudonym(a, "s"))
    by_id = {data.get("account_id"): data for _, data in graph.nodes(data=True)}
    known = networks.accounts().to_pylist()
    assert {named(r["account_id"]) for r in known if r["in_network"]} | {named("9009")} == set(by_id)
    assert ("1", "2") == tuple(by_id[named(a)]["network"] for a in ("1001", "2002"))
    assert ("Élodie Martin" if identities else named("1001")) == by_id[named("1001")]["label"]
    assert 3.0 == graph.edges[named("1001"), named("1002")]["weight"]
    assert (5, 5.5, False) == (graph.number_of_edges(), by_id[named("1001")]["weighted_degree"], graph.is_directed())
    assert 2 == graph.edges[named("1001"), named("1003")]["objects"]


@graphs
def test_hostile_names_read_back_without_what_xml_forbids(case: Case, networkx: ModuleType, to: str) -> None:
    """A name full of tags and control characters stays one name."""
    (file,) = case.export("coordination", to, identities=True)
    graph = opened(networkx, file)
    assert clean(networks.HOSTILE) == graph.nodes["1002"]["label"]
    assert "\ufffd\ufffd\ufffd" in clean(networks.HOSTILE)
    assert f"seen with @elodie {clean(networks.HOSTILE)}" == graph.nodes["1001"]["note"]


@pytest.mark.parametrize("code", [0, 0x1B, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x202E, 0x1F600, 0xD, 0x9, 0x85])
def test_any_character_gives_well_formed_xml(code: int) -> None:
    """Between tags and between quotes the same text is read as was written."""
    text = f" {chr(code)}]]><&\"' "
    read_back = ET.fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>')
    assert (clean(text), clean(text)) == (read_back.text, read_back.get("b"))


def test_two_ids_never_become_one_node() -> None:
    """Names of nodes differ where ids differ, and hold what GraphML allows only."""
    ids = ["", ".x.", "a@b", "a.x40.b", "a b", "a\x00", "a\x01", "a\ud800", "é", "a.xb", "did:plc:x1", "12", "a_w2ih6ghn", "-.x"]
    names = [identifier(i) for i in ids]
    assert len(ids) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]+", name) for name in names)
    assert ("did:plc:x1", "12", "a_w2ih6ghn") == tuple(names[10:13])


@people
def test_gexf_has_the_structure_of_version_1_3(case: Case, identities: bool) -> None:
    """Every element stands where the schema allows it, with the attributes it asks for; every value is declared."""
    root = ET.parse(case.export("coordination", "gexf", identities=identities)[0]).getroot()
    for element in root.iter():
        required, further, children = ALLOWED[element.tag]
        assert required <= set(element.keys()) <= required | further
        places = [children.index(child.tag) for child in element]
        assert sorted(places) == places
    declared = {a.get("class"): {b.get("id") for b in a} for a in root.iter(f"{GEXF}attributes")}
    for kind in ("node", "edge"):
        assert {v.get("for") for e in root.iter(GEXF + kind) for v in e.iter(f"{GEXF}attvalue")} <= declared[kind]
    ids = [n.get("id") for n in root.iter(f"{GEXF}node")]
    assert len(ids) == len(set(ids))
    assert {e.get(end) for e in root.iter(f"{GEXF}edge") for end in ("source", "target")} <= set(ids)
    assert {"boolean", "double", "long", "string"} >= {a.get("type") for a in root.iter(f"{GEXF}attribute")}


def test_size_follows_the_weighted_degree_and_colour_the_network(case: Case) -> None:
    """The account of most weight is largest; each network has its colour, an account of none is grey."""
    root = ET.parse(case.export("coordination", "gexf", identities=True)[0]).getroot()
    nodes = {n.get("id"): (n.find(f"{VIZ}color"), n.find(f"{VIZ}size")) for n in root.iter(f"{GEXF}node")}
    colour = {name: tuple(int(c.get(k, "")) for k in "rgb") for name, (c, _) in nodes.items() if c is not None}
    size = {name: float(s.get("value", "")) for name, (_, s) in nodes.items() if s is not None}
    assert (PALETTE[0], PALETTE[0], PALETTE[1], GREY) == tuple(colour[n] for n in ("1001", "lonely", "2002", "9009"))
    assert (40.0, 4.0) == (size["1001"], size["lonely"])
    assert 4.0 < size["9009"] < size["1003"] < size["2002"] < size["1001"]


@graphs
@pytest.mark.parametrize(("towards", "directed"), [([True] * 5, True), ([False] * 5, False)])
def test_direction_is_what_the_table_says(
    tmp_path: Path, networkx: ModuleType, to: str, towards: list[bool], directed: bool
) -> None:
    """A column ``directed`` that is true makes a directed graph; false, or no such column, does not."""
    tables = {"edges": networks.edges(directed=towards), "accounts": networks.accounts()}
    case = networks.case_with(tmp_path, networks.finding(tables=tables))
    graph = opened(networkx, case.export("coordination", to, identities=True)[0])
    assert (directed, True) == (graph.is_directed(), graph.has_edge("1001", "1002"))
    assert directed is not graph.has_edge("1002", "1001")


def test_ties_of_both_kinds_are_marked_one_by_one(tmp_path: Path) -> None:
    """Where some ties only have a direction, those say so."""
    tables = {"edges": networks.edges(directed=[True, False, None, False, False])}
    case = networks.case_with(tmp_path, networks.finding(tables=tables))
    gexf = case.export("coordination", "gexf")[0].read_text("utf-8")
    assert (1, 1) == (gexf.count('type="directed"'), gexf.count('defaultedgetype="undirected"'))
    assert 1 == case.export("coordination", "graphml")[0].read_text("utf-8").count('directed="true"')


@pytest.mark.parametrize("to", ["graphml", "gexf", "stix", "misp", "csv", "json"])
def test_nobody_is_named_unless_asked(case: Case, tmp_path: Path, to: str) -> None:
    """No id, handle or name leaves without --identities, in either end of a tie too; with it they do, and it is logged."""
    named = ["1001", "9009", "ann", "Élodie", "elodie", "lonely"]
    hidden = "".join(f.read_text("utf-8") for f in case.export("coordination", to, out=tmp_path / "a"))
    shown = "".join(f.read_text("utf-8") for f in case.export("coordination", to, out=tmp_path / "b", identities=True))
    assert [] == [n for n in named if re.search(rf"(?<![\w-]){n}(?![\w-])", hidden)]
    assert pseudonym("1001", "s") in hidden
    assert "1001" in shown
    assert f"export with identities: coordination as {to}" == log(case.path)[-1][1]


@pytest.mark.parametrize(("to", "name"), [
    ("graphml", "edges.graphml"), ("gexf", "edges.gexf"), ("stix", "edges.stix.json"), ("misp", "edges.misp.json"),
])  # fmt: skip
def test_one_file_is_written_and_kept(case: Case, to: str, name: str) -> None:
    """A network is one file, not overwritten unless forced, the same bytes each time, nothing left beside it."""
    files = case.export("coordination", to)
    assert [case.path / "exports" / "coordination" / name] == files
    first = files[0].read_bytes()
    with pytest.raises(UsageError, match="--force"):
        case.export("coordination", to)
    assert first == case.export("coordination", to, force=True)[0].read_bytes()
    assert files == list(files[0].parent.iterdir())


@pytest.mark.parametrize("to", ["graphml", "gexf", "stix", "misp"])
@pytest.mark.parametrize("tables", [{}, {"accounts": networks.accounts()}, {"edges": pa.table({"source": ["a"]})}])
def test_a_finding_without_ties_is_refused(tmp_path: Path, to: str, tables: dict[str, pa.Table]) -> None:
    """What publishes no network is told so, with the formats that apply; nothing is written."""
    case = networks.case_with(tmp_path, networks.finding(tables=tables))
    with pytest.raises(UsageError, match="does not apply to coordination: it publishes no network; use one of csv"):
        case.export("coordination", to)
    assert not (case.path / "exports").exists()


def test_odd_tables_are_read_as_far_as_they_go() -> None:
    """Ids that are numbers, ties without weight or with an end missing, accounts told twice, columns named as ours."""
    ties = pa.table({"source": [1, 2, None], "target": [2, 3, 1], "weight": [None, float("inf"), 1.0], "label": ["a", "b", "c"]})
    listed = pa.table({"account_id": pa.array([3, 1, 3]).dictionary_encode(), "network": [7, 8, 9], "size": [1, 2, 3]})
    network = read(networks.finding(tables={"edges": ties, "accounts": listed}))
    assert network is not None
    assert (["3", "1", "2"], ["7", "8", None]) == (network.ids, network.groups)
    assert ([1.0, 1.0], [1.0, 1.0, 2.0]) == (network.edges["weight"].to_pylist(), network.degree.tolist())
    assert {"label_", "size_"} <= set(network.edges.column_names) | set(network.accounts.column_names)


@graphs
def test_a_network_without_ties_is_an_empty_graph(tmp_path: Path, networkx: ModuleType, to: str) -> None:
    """No rows give a file that opens."""
    found = networks.finding(verdict="not_found", units=(), tables={"edges": networks.edges()[:0]})
    assert 0 == len(opened(networkx, networks.case_with(tmp_path, found).export("coordination", to)[0]))


def test_the_command_prints_the_path_and_refuses_in_words(case: Case) -> None:
    """What is typed gives one path; a second time it is refused with exit 2, and nothing changes."""
    words = ("export", str(case.path), "coordination", "--to", "gexf", "--out", "out")
    typed = type_in(case.path.parent, *words)
    assert (0, "out/edges.gexf") == (typed.code, typed.out.strip())
    assert "--force" in refused(type_in(case.path.parent, *words))
    assert 0 == type_in(case.path.parent, *words, "--force").code


def test_csv_of_ties_joins_on_the_pseudonyms_of_accounts(case: Case) -> None:
    """Both ends of a tie bear the pseudonym the accounts have, and no name stands beside them."""
    written = {f.stem: f.read_text("utf-8-sig").splitlines(keepends=True) for f in case.export("coordination", "csv")}
    files = {name: list(csv.DictReader(lines)) for name, lines in written.items()}
    known = {row["account_id"] for row in files["accounts"]}
    assert {pseudonym("9009", "s")} == {row[end] for row in files["edges"] for end in ("source", "target")} - known
    assert {("", "")} == {(row["name"], row["handle"]) for row in files["accounts"]}
    assert "seen with @…" in files["accounts"][0]["note"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Give a case with 200,000 ties among 20,000 accounts."""
    return networks.case_with(tmp_path_factory.mktemp("large"), networks.large(200_000, 20_000))


@graphs
def test_many_ties_are_written_in_bounded_memory_and_time(large: Case, to: str) -> None:
    """200,000 ties take seconds, and far less memory than one Python object for each would."""
    begun = time.process_time()
    (file,) = large.export("coordination", to)
    assert time.process_time() - begun < 20
    tracemalloc.start()
    large.export("coordination", to, force=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24_000_000
    assert 200_000 == file.read_text("utf-8").count("<edge ")
