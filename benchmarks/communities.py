"""How long do communities take? Cut, stability and chance for 10^4 to 10^7 ties, and Leiden beside leidenalg on the same ones.

Networks of planted communities of 100 accounts on the mean, ten ties an account, six tenths of them inside. ``leidenalg`` (GPL,
never installed with us) is asked in an environment of its own, whose interpreter is given. Each size runs in a process of its
own.
Run: ``python benchmarks/communities.py [--sizes 10000 ... 10000000] [--leidenalg PYTHON]``; writes ``docs/performance.md``.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
COMPARED = 1_000_000
HEADER = ("ties", "accounts", "built, s", "one cut, s", "modularity", "leidenalg, s", "its modularity", "cut and stability, s",
          "with chance, s", "random networks", "peak, MB")  # fmt: skip
SAID = (
    "One cut: Leiden once, the network built before (`built`), as leidenalg's is. Cut and stability: from arrays of pairs to the "
    "chosen partition with its agreement over seeds. With chance: from arrays of pairs to the partition and the test against "
    "random networks, as in a finding. One thread, but for the test above two million ties: two. leidenalg with two iterations "
    "(its default), up to 10^6 ties."
)
OTHER = """
import json, sys, time, numpy as np, igraph, leidenalg
u, v = np.load(sys.argv[1])
graph = igraph.Graph(n=int(max(u.max(), v.max())) + 1, edges=np.column_stack([u, v]))
began = time.perf_counter()
found = leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, seed=1)
print(json.dumps([time.perf_counter() - began, found.modularity]))
"""


def main() -> None:
    """Measure each size in a process of its own, and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    options.add_argument("--leidenalg", default="")
    options.add_argument("--one", type=int)
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one, asked.leidenalg)))
        return
    rows = []
    for ties in asked.sizes:
        command = [sys.executable, __file__, "--one", str(ties), "--leidenalg", asked.leidenalg]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        print(rows[-1], flush=True)
    from measure import write_table

    write_table("communities", HEADER, rows, SAID)


def drawn(ties: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Draw a network of planted communities: source, target, accounts."""
    rng = np.random.default_rng(ties)
    accounts = ties // 10
    camps = accounts // 100
    camp = np.sort(rng.integers(0, camps, accounts))
    starts = np.searchsorted(camp, np.arange(camps + 1))
    source, anywhere = rng.integers(0, accounts, (2, ties))
    first, last = starts[camp[source]], starts[camp[source] + 1]
    inside = first + (rng.random(ties) * (last - first)).astype(np.int64)
    return source, np.where(rng.random(ties) < 0.6, inside, anywhere), accounts


def one(ties: int, other: str) -> list[object]:
    """Measure one size."""
    from agorascope.analyses._communities_network import cut, judged, ties_of
    from agorascope.analyses._communities_reduce import Layer
    from agorascope.stats.communities import network, parted

    source, target, accounts = drawn(ties)
    layer = (Layer("ties", source, target, False),)
    began = time.perf_counter()
    made = ties_of(layer, accounts)
    cut(made, (), resolution=None, least=10, seed=0)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    graph = network(made.source, made.target, made.weight, made.nodes)
    built = time.perf_counter() - began
    began = time.perf_counter()
    quality = parted(graph, seed=1)[0]
    single = time.perf_counter() - began
    peer: list[object] = ["", ""]
    if other and ties <= COMPARED:
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder) / "ties.npy", np.vstack((made.source, made.target)))
            said = subprocess.run([other, "-c", OTHER, f"{folder}/ties.npy"], check=True, capture_output=True, text=True).stdout
        peer = [f"{value:.4g}" for value in json.loads(said)]
    del graph, made
    began = time.perf_counter()
    alone = np.zeros(accounts, np.int64)
    tested, _ = judged(ties_of(layer, accounts), alone, resolution=None, least=10, nulls=19, seed=0)
    chance = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    shown = [f"{built:.2f}", f"{single:.2f}", f"{quality:.4f}", *peer, f"{whole:.1f}", f"{chance:.1f}", tested.nulls]
    return [f"{ties:,}", f"{accounts:,}", *shown, f"{peak:,.0f}"]


if __name__ == "__main__":
    main()
