"""How fast is the co-action network? Against coordination-network-toolkit: same events, window 60 s, weight 2 or more, same run.

Needs coordination-network-toolkit 1.5.2 (MIT), which is a comparator only, in an environment of its own, since it pins old
packages: ``python -m venv DIR && DIR/bin/pip install coordination-network-toolkit==1.5.2``. The first argument is its Python.
Run: ``python benchmarks/coordination_speed.py DIR/bin/python [EVENTS [EVENTS_ALONE]]``. Its self-comparisons (A = B) are left out
on both sides; each weight A to B is compared with ours.
"""

import csv
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from agorascope.stats.coaction import directed, near_pairs, network
from agorascope.stats.squads import POOL
from agorascope.stats.together import enough, together
from coordination_events import DAY_S, Events, events
from measure import cost, write_table

WINDOW_S = 60
LEAST = 2
ASKED = 20
SEED = 1
DRAWS = 8
_THEIRS = """
import csv, sys
from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
from coordination_network_toolkit.preprocess import preprocess_csv_files
if __name__ == "__main__":
    preprocess_csv_files(sys.argv[1], [sys.argv[2]])
    if len(sys.argv) > 3:
        compute_co_retweet_parallel(sys.argv[1], int(sys.argv[3]), min_edge_weight=int(sys.argv[4]), n_threads=1)
"""


def main() -> None:
    """Time both on the same events, ours alone on more and with its null, and write docs/performance.md."""
    if sys.argv[1:2] == ["--ours"]:
        _alone(Path(sys.argv[2]), sys.argv[3])
        return
    if sys.argv[1:2] == ["--draw"]:  # in a process of its own, whose memory no other inherits
        many = events(int(sys.argv[3]), seed=SEED)
        np.savez(sys.argv[2], author=many.author, obj=many.obj, at=many.at)
        return
    if len(sys.argv) < 2:
        raise SystemExit("coordination-network-toolkit is missing: install it in a venv, give its python, then run this again")
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    more = int(sys.argv[3]) if len(sys.argv) > 3 else 11_100_000
    drawn = events(n, seed=SEED)
    with tempfile.TemporaryDirectory() as folder:
        theirs, (prepared, computed) = _theirs(drawn, Path(folder), sys.argv[1])
    message = np.arange(drawn.at.size)
    both, both_s = _timed(lambda: directed(drawn.author, drawn.obj, drawn.at, message, window=WINDOW_S, least=LEAST))
    one, one_s = _timed(lambda: network(drawn.author, drawn.obj, drawn.at, window=WINDOW_S, least=LEAST)[0])
    ours = dict(zip(zip(both.source.tolist(), both.target.tolist(), strict=True), both.weight.tolist(), strict=True))
    assert theirs == ours, (len(theirs), len(ours))
    said = f"{one.weight.size:,} edges"
    rows = [
        (f"{drawn.at.size:,}", "toolkit, preparation", f"{prepared:.1f}", "", "", ""),
        (
            f"{drawn.at.size:,}",
            "toolkit, co-retweet",
            f"{computed:.1f}",
            "1",
            "",
            f"{len(theirs):,} edges A to B",
        ),
        (f"{drawn.at.size:,}", "`directed`", f"{both_s:.2f}", f"{computed / both_s:.0f}", "", "the same edges and weights"),
        (f"{drawn.at.size:,}", "`network`", f"{one_s:.2f}", f"{computed / one_s:.0f}", "", said),
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.npz"
        subprocess.run((sys.executable, __file__, "--draw", str(file), str(more)), check=True)
        stored = np.load(file)
        size, draws = stored["at"].size, _draws(stored["author"], stored["obj"], stored["at"])
        del stored
        reading = cost((sys.executable, __file__, "--ours", str(file), "read"))
        for what, name in (("plain", "`network`"), ("null", f"`together`, both nulls, {draws} draws a round")):
            spent = cost((sys.executable, __file__, "--ours", str(file), what))
            took = f"{spent.seconds - reading.seconds:.0f} s by the clock"
            rows.append((f"{size:,}", name, f"{spent.cpu_s - reading.cpu_s:.1f}", "", f"{spent.memory_mb:.0f}", took))
    text = (
        f"Window {WINDOW_S} s, weight {LEAST} or more, CPU seconds of one process; at least {ASKED} times as fast is asked. "
        "Both read events in memory order; theirs is counted without its preparation. Memory is the peak of the whole process. "
        "Draws and rounds are as in the analysis: of the draws of a round half rank and half calibrate, pooled over all accounts. "
        "Rounds end where nobody is added. coordination-network-toolkit 1.5.2."
    )
    write_table("coordination", ("events", "what", "CPU (s)", "times as fast", "peak (MB)", "result"), rows, text)
    for row in rows:
        print(*row, sep=" | ")


def _theirs(drawn: Events, folder: Path, python: str):  # type: ignore[no-untyped-def]
    """Run the toolkit; give its edges (A, B, weight) without loops and the CPU seconds of its two steps."""
    table, database, script = folder / "events.csv", folder / "events.db", folder / "theirs.py"
    script.write_text(_THEIRS)
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"))
        rows = zip(drawn.author.tolist(), drawn.obj.tolist(), drawn.at.tolist(), strict=True)
        writer.writerows((i, a, a, f"o{o}", "", "", t, "") for i, (a, o, t) in enumerate(rows))
    prepared = _children_s(python, script, folder / "first.db", table)
    both = _children_s(python, script, database, table, WINDOW_S, LEAST)
    with sqlite3.connect(database) as db:
        found = db.execute("SELECT user_1, user_2, weight FROM co_retweet_network WHERE user_1 <> user_2").fetchall()
    return {(int(a), int(b)): int(w) for a, b, w in found}, (prepared, both - prepared)


def _children_s(*command: object) -> float:
    """Run a command; give the CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _timed(call):  # type: ignore[no-untyped-def]
    began = time.process_time()
    result = call()
    return result, time.process_time() - began


def _alone(file: Path, what: str) -> None:
    stored = np.load(file)
    drawn = (stored["author"], stored["obj"], stored["at"])
    if what == "null":
        together(*drawn, window=WINDOW_S, bin_length=DAY_S, seed=SEED, draws=_draws(*drawn))
    elif what == "plain":
        network(*drawn, window=WINDOW_S, least=LEAST)


def _draws(author: np.ndarray, obj: np.ndarray, at: np.ndarray) -> int:
    """Give as many draws as the analysis takes."""
    return enough(np.unique(author).size, DRAWS, pool=POOL, pairs=near_pairs(obj, at, WINDOW_S))


if __name__ == "__main__":
    main()
