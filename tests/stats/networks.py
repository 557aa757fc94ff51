"""Read the reference networks, as the tests need them."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from agorascope.stats.graphs import Graph, simple

Find = Callable[[str], Path]


def classic(shared: Find, edges: str, nodes: str, column: str) -> tuple[Graph, np.ndarray]:
    """Read a network of two CSV files, and the side of each node of its largest piece, numbered by name."""
    lines = list(csv.DictReader(shared(f"networks/classic/{edges}").read_text("utf-8").splitlines()))
    told = {int(r["node"]): r[column] for r in csv.DictReader(shared(f"networks/classic/{nodes}").read_text("utf-8").splitlines())}
    graph = simple(np.array([int(r["source"]) for r in lines]), np.array([int(r["target"]) for r in lines]))
    names = sorted(set(told.values()))
    return graph, np.array([names.index(told[node]) for node in graph.name.tolist()])


def polblogs(shared: Find) -> tuple[Graph, np.ndarray]:
    """Read the political blogs of 2004 and their leanings."""
    return classic(shared, "polblogs_edges_directed.csv", "polblogs_nodes.csv", "leaning")


def conover(shared: Find) -> tuple[Graph, np.ndarray]:
    """Read Conover's retweet network with the published METIS sides."""
    chosen = [("network", "=", "ext_twitter_conover")]
    ties = pq.read_table(shared("networks/garimella/edges.parquet"), filters=chosen)
    nodes = pq.read_table(shared("networks/garimella/nodes.parquet"), filters=chosen)
    graph = simple(ties["source"].to_numpy().astype(np.int64), ties["target"].to_numpy().astype(np.int64))
    side = dict(zip(nodes["node"].to_pylist(), nodes["side"].to_pylist(), strict=True))
    return graph, (np.array([side[node] for node in graph.name.tolist()]) == max(side.values())).astype(np.int64)
