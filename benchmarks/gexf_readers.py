"""Does a GEXF that we write open in readers we did not write, and does the schema of its format take it?

Reads the file with networkx and with graphology (JavaScript; what Gephi Lite and Sigma read with), and says of both how many nodes,
ties and networks there are and what the weights add up to. With ``--schema``, validates it with the RELAX NG schema of GEXF 1.3.
All but networkx are comparators, put in folders of their own; nothing of them is kept here::

    pip install --target READERS lxml && npm install --prefix READERS graphology graphology-gexf

The schema is ``gexf.rng``, ``dynamics.rng`` and ``viz.rng`` of https://github.com/gephi/gexf, of version 1.3, in one folder. Some
states call the format ``www.gexf.net``, which neither Gephi nor its examples write: set ``ns`` in ``gexf.rng`` to ``gexf.net``.
Its XSD cannot be used: made by a converter, it lacks the types of ``graph``, ``node`` and ``edge``.

Run: ``python benchmarks/gexf_readers.py READERS FILE... [--schema FOLDER/gexf.rng]``. Ends with 1 if readers differ or one refuses.
"""

import argparse
import importlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import networkx

Seen = dict[str, Any]

_SCRIPT = """
const fs = require('fs'), {Graph} = require('graphology'), gexf = require('graphology-gexf');
const graph = gexf.parse(Graph, fs.readFileSync(process.argv[1], 'utf8'), {addMissingNodes: false});
const networks = {}; let weight = 0;
graph.forEachNode((_, a) => { const n = a.network || ''; networks[n] = (networks[n] || 0) + 1; });
graph.forEachEdge((_, a) => { weight += a.weight; });
const labels = graph.mapNodes((_, a) => a.label).sort();
console.log(JSON.stringify({nodes: graph.order, ties: graph.size, weight, networks, labels}));
"""


def main() -> int:
    """Read every file, print what each reader saw, and say whether all agree."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("readers", type=Path)
    options.add_argument("files", type=Path, nargs="+")
    options.add_argument("--schema", type=Path)
    asked = options.parse_args()
    fine = True
    for file in asked.files:
        ours, theirs = by_networkx(file), by_graphology(file, asked.readers)
        refused = None if asked.schema is None else refusals(file, asked.schema, asked.readers)
        same = ours == theirs
        fine &= same and not refused
        said = "not asked" if refused is None else refused or "valid"
        known = {k: v for k, v in ours.items() if k != "labels"}
        print(f"{file}: networkx and graphology {'agree' if same else f'DIFFER: {theirs}'}: {known}; schema of GEXF 1.3: {said}")
    return 0 if fine else 1


def by_networkx(file: Path) -> Seen:
    """Say what networkx sees."""
    graph = networkx.read_gexf(file)
    networks = Counter(data.get("network") or "" for _, data in graph.nodes(data=True))
    weight = sum(data["weight"] for *_, data in graph.edges(data=True))
    labels = sorted(data["label"] for _, data in graph.nodes(data=True))
    return {
        "nodes": graph.number_of_nodes(),
        "ties": graph.number_of_edges(),
        "weight": round(weight, 9),
        "networks": dict(sorted(networks.items())),
        "labels": labels,
    }


def by_graphology(file: Path, readers: Path) -> Seen:
    """Say what graphology sees; it refuses a tie whose end is no node."""
    found = subprocess.run(["node", "-e", _SCRIPT, str(file.resolve())], cwd=readers, capture_output=True, text=True, check=True)
    seen: Seen = json.loads(found.stdout)
    seen["networks"] = dict(sorted(seen["networks"].items()))
    return seen | {"weight": round(seen["weight"], 9), "labels": sorted(seen["labels"])}


def refusals(file: Path, schema: Path, readers: Path) -> list[str]:
    """List what the schema refuses, ten at most."""
    sys.path.insert(0, str(readers))
    etree = importlib.import_module("lxml.etree")
    rules = etree.RelaxNG(etree.parse(str(schema)))
    rules.validate(etree.parse(str(file)))
    return [f"line {e.line}: {e.message}" for e in rules.error_log][:10]


if __name__ == "__main__":
    sys.exit(main())
