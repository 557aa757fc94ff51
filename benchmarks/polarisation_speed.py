"""How long does polarisation take with 15 nulls? From ten thousand edges to ten million, each in a process of its own.

Heavy-tailed networks without sides, a tenth as many accounts as edges; sides by bisection, sought anew in every draw; all eight
measures, two threads. Limit: ten million edges under 5 minutes and 6 GB. CPU seconds stand beside elapsed ones, since machines
are shared.
Run: ``python benchmarks/polarisation_speed.py [EDGES...]``.
"""

import resource
import subprocess
import sys
import time

from agorascope.stats.graphs import simple
from agorascope.stats.polarisation_null import against_null
from agorascope.worlds.camps import CampsWorld, draw

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def main() -> None:
    """Print one row for each size."""
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
        return
    print(
        "| accounts | edges | making the network, s | 15 nulls, s | CPU s | peak, GB | p |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    for edges in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        subprocess.run((sys.executable, __file__, "--one", str(edges)), check=True)


def one(edges: int) -> None:
    """Time one size."""
    drawn = draw(CampsWorld(accounts=edges // 10, mean_degree=20), 0)
    start = time.perf_counter()
    graph = simple(drawn.source, drawn.target)
    del drawn
    made, cpu = time.perf_counter(), time.process_time()
    found = against_null(graph, workers=2)
    done, used = time.perf_counter(), time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    told = (f"{graph.nodes:,}", f"{graph.edges:,}", f"{made - start:.1f}", f"{done - made:.1f}", f"{used:.1f}", f"{peak:.2f}")
    print(f"| {' | '.join(told)} | {found.together:.2f} |", flush=True)


if __name__ == "__main__":
    main()
