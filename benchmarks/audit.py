"""How long does a whole audit take? New case, add, every analysis, report: at the size of the study and of a million posts.

Run: ``python benchmarks/audit.py [POSTS...]`` (default 56184 1000000). The whole ``agorascope audit`` is one command; its phases
are then timed one by one, each a command of its own that starts Python again.
"""

import sys
import tempfile
from pathlib import Path

from agorascope.analyses import analyses
from generate import posts_csv
from measure import AGORASCOPE, Cost, cost, write_table

STUDY = 56_184
MILLION = 1_000_000
_ALLOWED_S = {STUDY: 20, MILLION: 180}


def measure(posts: int, place: Path) -> dict[str, Cost]:
    """Audit a file of so many posts, then take the phases again in a second case."""
    file, whole, parts = place / f"{posts}.csv", str(place / f"whole{posts}"), str(place / f"parts{posts}")
    posts_csv(file, posts)
    costs = {"audit, whole": cost([*AGORASCOPE, "audit", str(file), "--case", whole])}
    cost([*AGORASCOPE, "new", parts])
    costs["add"] = cost([*AGORASCOPE, "add", parts, str(file)])
    for name in analyses():
        costs[f"run {name}"] = cost([*AGORASCOPE, "run", parts, name])
    costs["report"] = cost([*AGORASCOPE, "report", parts])
    return costs


def main() -> None:
    """Measure, print and write the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [STUDY, MILLION]
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as place:
        for posts in sizes:
            for phase, found in measure(posts, Path(place)).items():
                allowed = _ALLOWED_S.get(posts, "") if phase == "audit, whole" else ""
                rows.append([f"{posts:,}", phase, f"{found.seconds:.1f}", allowed, f"{found.cpu_s:.1f}", f"{found.memory_mb:,.0f}"])
    said = (
        "A CSV file of posts by heavy-tailed authors, one burst planted; each phase starts Python anew. "
        "The time allowed was set for ten analyses; there are sixteen."
    )
    print(write_table("audit", ["posts", "phase", "seconds", "allowed", "CPU seconds", "peak memory (MB)"], rows, said))


if __name__ == "__main__":
    main()
