"""Is a case whole after being killed at any moment? 50 kills, uniform over the duration of an `add` of 300,000 rows.

Run: ``python benchmarks/crash.py [KILLS] [ROWS]``. After each kill the case must open and hold only whole batches
(posts = accepted + repeats of the committed batches), and a final `add` must give the digest of an undisturbed one.
"""

import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from agorascope import new_case, open_case

_ADD = "import sys; from agorascope import open_case; open_case(sys.argv[1]).add(sys.argv[2])"
SEED = 20241122


def write_posts(file: Path, rows: int) -> None:
    """Write a CSV file of posts by heavy-tailed authors, seeded."""
    draw = random.Random(SEED)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["post_id", "author", "created_at", "text", "likes", "views"])
        for i in range(rows):
            author = f"user{int(draw.paretovariate(1.2))}"
            at = 1_704_067_200 + i * 60 + draw.randrange(60)
            writer.writerow(
                [
                    f"p{i}",
                    author,
                    at,
                    f"post {i} #tag{draw.randrange(300)} @user{draw.randrange(900)}",
                    draw.randrange(1000),
                    draw.randrange(90000),
                ]
            )


def add(folder: Path, file: Path, seconds: float | None = None) -> bool:
    """Add a file in another process; kill its whole group after ``seconds``; say whether it ended by itself."""
    process = subprocess.Popen([sys.executable, "-c", _ADD, str(folder), str(file)], start_new_session=True)
    try:
        return process.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def check(folder: Path) -> int:
    """Open a case and check that it holds whole batches only; return its posts."""
    case = open_case(folder)
    posts = case.corpus().rows["posts"]
    counted = sum(f["records"] for f in case.files())
    assert posts == counted, f"{posts} posts, {counted} records committed"
    return posts


def main() -> None:
    """Run the kills and print what was measured."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 300_000
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "posts.csv"
        write_posts(file, rows)
        whole = new_case(Path(place) / "whole", salt="s")
        start = time.monotonic()
        assert add(whole.path, file)
        duration = time.monotonic() - start
        expected = whole.corpus().digest
        found, early = [], 0
        for kill in range(kills):
            case = new_case(Path(place) / f"case{kill}", salt="s")
            early += add(case.path, file, duration * (kill + 0.5) / kills)
            found.append(check(case.path))
            assert add(case.path, file)
            assert open_case(case.path).corpus().digest == expected, f"kill {kill}: another digest"
        print(
            f"{rows:,} rows, undisturbed add {duration:.1f} s; {kills} kills, {early} came after the end; "
            f"posts held after a kill: {sorted(set(found))}; all {kills} final digests equal the undisturbed one"
        )


if __name__ == "__main__":
    main()
