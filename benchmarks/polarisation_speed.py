"""How long does polarisation take with 15 nulls? From ten thousand edges to ten million, each in a process of its own.

Heavy-tailed networks, a tenth as many accounts as edges; all eight measures, two threads. ``bisection``: without sides, which are
sought anew in every draw. ``groups``: two camps given, nine ties of ten within, so that they are found to keep apart, and are
compared with made ones as well, as ``-p sides=groups`` does. Limit: ten million edges under 5 minutes and 6 GB. CPU seconds stand
beside elapsed ones, since machines are shared. Writes a table of docs/performance.md; rows that are not asked for are kept.
Run: ``python benchmarks/polarisation_speed.py [--ties 10000 ...] [--sides bisection groups]``.
"""

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from agorascope.stats.graphs import simple
from agorascope.stats.made_sides import beside_made
from agorascope.stats.onemore import FLOOR
from agorascope.stats.polarisation_null import against_null
from agorascope.worlds.camps import CampsWorld, draw
from measure import PAGE, write_table

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
SIDES = ("bisection", "groups")
HEADER = ("sides", "accounts", "edges", "making the network, s", "15 nulls, s", "made sides, s", "CPU s", "peak, GB", "p")
SAID = """Heavy-tailed networks; all eight measures, two threads. bisection: without sides, which are sought anew in every draw.
groups: two camps given, nine ties of ten within, then compared with sides made in rewired networks (one thread up to two million
edges)."""
WITHIN = 0.9


def main() -> None:
    """Measure each size, and write the table of docs/performance.md."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ties", type=int, nargs="*", default=SIZES)
    options.add_argument("--sides", nargs="*", default=SIDES, choices=SIDES)
    options.add_argument("--one", action="store_true", help="measure in this process, and print")
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(one(asked.ties[0], asked.sides[0])))
        return
    rows = written()
    for sides in asked.sides:
        for edges in asked.ties:
            command = (sys.executable, __file__, "--one", "--ties", str(edges), "--sides", sides)
            row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            rows = [old for old in rows if old[0] != sides or size(old) != size(row)] + [row]
            print(row, flush=True)
            write_table("polarisation", HEADER, sorted(rows, key=lambda row: (row[0], size(row))), SAID.replace("\n", " "))


def one(edges: int, sides: str) -> tuple[str, ...]:
    """Time one size, with sides that are given or sought."""
    given = sides == "groups"
    drawn = draw(CampsWorld(accounts=edges // 10, mean_degree=20, closed=WITHIN if given else 0.0), 0)
    start = time.perf_counter()
    graph = simple(drawn.source, drawn.target)
    camp = drawn.camp[graph.name]
    del drawn
    made, cpu = time.perf_counter(), time.process_time()
    found = against_null(graph, camp if given else sides, workers=2)
    done = time.perf_counter()
    if given:
        beside_made(graph, camp, workers=2)
    beside, used = time.perf_counter() - done, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    told = (
        sides,
        f"{graph.nodes:,}",
        f"{graph.edges:,}",
        f"{made - start:.1f}",
        f"{done - made:.1f}",
        f"{beside:.1f}" if given else "",
    )
    return (*told, f"{used:.1f}", f"{peak:.2f}", f"{found.together:.2f}" if found.together > FLOOR else "< 0.001")


def written() -> list[list[str]]:
    """Read the rows that stand in docs/performance.md."""
    text = PAGE.read_text("utf-8").partition("<!-- polarisation: begin -->")[2].partition("<!-- polarisation: end -->")[0]
    rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in text.splitlines() if line.startswith("|")]
    return [row for row in rows[2:] if len(row) == len(HEADER)]


def size(row: Sequence[str]) -> int:
    """Tell how many edges there were, to the nearest power of ten."""
    return round(math.log10(int(row[2].replace(",", ""))))


if __name__ == "__main__":
    main()
