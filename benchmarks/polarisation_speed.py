"""How long does polarisation take with 15 nulls? From ten thousand edges to ten million, each in a process of its own.

Heavy-tailed networks without sides, a tenth as many accounts as edges; sides by bisection, sought anew in every draw; all eight
measures, two threads. Limit: ten million edges under 5 minutes and 6 GB. CPU seconds stand beside elapsed ones, since machines
are shared. Writes a table of docs/performance.md.
Run: ``python benchmarks/polarisation_speed.py [EDGES...]``.
"""

import json
import resource
import subprocess
import sys
import time

from agorascope.stats.graphs import simple
from agorascope.stats.polarisation_null import against_null
from agorascope.worlds.camps import CampsWorld, draw
from measure import write_table

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def main() -> None:
    """Measure each size, and write the table of docs/performance.md."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(int(sys.argv[2]))))
        return
    rows = []
    for edges in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        told = subprocess.run((sys.executable, __file__, "--one", str(edges)), check=True, capture_output=True, text=True)
        rows.append(json.loads(told.stdout))
        print(rows[-1], flush=True)
    write_table(
        "polarisation",
        ("accounts", "edges", "making the network, s", "15 nulls, s", "CPU s", "peak, GB", "p"),
        rows,
        "Heavy-tailed networks without sides; sides by bisection, sought anew in every draw; all eight measures, two threads.",
    )


def one(edges: int) -> tuple[str, ...]:
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
    return (*told, f"{found.together:.2f}")


if __name__ == "__main__":
    main()
