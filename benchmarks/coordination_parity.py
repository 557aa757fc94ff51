"""Are the networks those of the peers, to the last edge and weight? coordination-network-toolkit live, CooRTweet from its output.

Reads the Russian set of CooRTweet (``AGORASCOPE_SHARED``). The toolkit (1.5.2, MIT) is a comparator only, in an environment of its
own, since it pins old packages: ``python -m venv DIR && DIR/bin/pip install coordination-network-toolkit==1.5.2``. Each of its
networks reads the objects in the column it takes them from: post reposted, text, address, post replied to. CooRTweet 2.1.3 is R and
is not run here: its own code printed its edges and counts once (``coordination/expected``). Loops are left out on both sides.

Run: ``AGORASCOPE_SHARED=... python benchmarks/coordination_parity.py DIR/bin/python``. With ``--golden``, the toolkit is run on a
few small tables instead, and what it says is written to ``tests/golden/toolkit.json``.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from agorascope.stats.coaction import Network
from agorascope.stats.parity import coortweet, toolkit
from measure import write_table

FOLDER = Path(os.environ.get("AGORASCOPE_SHARED", Path(__file__).resolve().parents[2] / "shared/data")) / "coordination"
GOLDEN = Path(__file__).resolve().parents[1] / "tests/golden/toolkit.json"
NETWORKS = ("co_retweet", "co_tweet", "co_link", "co_reply")
ASKED = ((1, 1), (10, 1), (60, 1), (60, 2), (3600, 1), (3600, 2))
_COUNTS = ("n_pairs", "n_objects", "n_accounts", "n_edges", "sum_weight", "max_weight", "thr", "sub1_accounts", "sub1_edges")
_HEADER = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
_THEIRS = """
import json, sqlite3, sys
from coordination_network_toolkit import compute_networks
from coordination_network_toolkit.preprocess import preprocess_csv_files
if __name__ == "__main__":
    database, table, network, asked, answer = sys.argv[1:]
    preprocess_csv_files(database, [table])
    name = {"co_retweet": "compute_co_retweet_parallel"}.get(network, f"compute_{network}_network")
    found = []
    for window, least in json.loads(asked):
        getattr(compute_networks, name)(database, window, min_edge_weight=least, n_threads=1)
        with sqlite3.connect(database) as db:
            found.append(db.execute(f"SELECT user_1, user_2, weight FROM {network}_network").fetchall())
        with open(answer, "w") as file:
            json.dump(found, file)
"""
Row = tuple[str, str, str, int]
Edges = dict[tuple[str, str], int]


def main() -> None:
    """Compare, print, write docs/performance.md; fail where one edge or weight differs."""
    pythons = [argument for argument in sys.argv[1:] if argument != "--golden"]
    if not pythons:
        raise SystemExit("coordination-network-toolkit is missing: install it in a venv, give its python, then run this again")
    if "--golden" in sys.argv:
        _write_golden(pythons[0])
        return
    table = pq.read_table(FOLDER / "russian_coord_tweets.parquet").to_pydict()
    rows: list[Row] = [
        (content, account, shared, int(at))
        for content, account, shared, at in zip(
            table["content_id"], table["account_id"], table["object_id"], table["timestamp_share"], strict=True
        )
    ]
    said = _of_coortweet(rows)
    for network in NETWORKS:
        for (window, least), (theirs, loops) in zip(ASKED, run_toolkit(pythons[0], network, rows, ASKED), strict=True):
            ours = ours_like_toolkit(rows, network, window=window, least=least)
            name = f"toolkit, `{network}`, weight {least} or more"
            said.append(_compared(name, window, theirs, ours, f"{len(loops):,} of theirs A to A left out"))
    text = (
        f"{len(rows):,} shares of the Russian set of CooRTweet. The toolkit (coordination-network-toolkit 1.5.2) ran beside ours "
        "on the same rows, with the objects in the column each of its networks reads; its edges A to B are directed. CooRTweet "
        "2.1.3: edges and counts printed by its own code, not run again here."
    )
    write_table("coordination parity", ("peer", "window (s)", "its edges", "sum of weights", "ours", "note"), said, text)
    for row in said:
        print(*row, sep=" | ")
    if any(row[4] != "identical" for row in said):
        raise SystemExit("ours differ")


def run_toolkit(python: str, network: str, rows: Sequence[Row], asked: Sequence[tuple[int, int]]) -> list[tuple[Edges, list[str]]]:
    """Run one of its networks on rows (message, account, object, seconds); give, per (window, least), edges and accounts looped."""
    column = {"co_retweet": 3, "co_reply": 4, "co_tweet": 5, "co_link": 7}[network]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "theirs.py").write_text(_THEIRS)
        with (folder / "rows.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            for message, account, shared, at in rows:
                line = [message, account, account, "", "", "", at, ""]
                line[column] = shared
                writer.writerow(line)
        command = [python, folder / "theirs.py", folder / "its.db", folder / "rows.csv", network, json.dumps(asked), folder / "out"]
        # It may fail at its very end, closing files twice, with all results written: the answers are what counts.
        subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        answers = json.loads((folder / "out").read_text())
    assert len(answers) == len(asked), f"{network}: {len(answers)} answers to {len(asked)} questions"
    return [({(a, b): w for a, b, w in found if a != b}, [a for a, b, _ in found if a == b]) for found in answers]


def ours_like_toolkit(rows: Sequence[Row], network: str, *, window: int, least: int) -> Edges:
    """Give our edges on the same rows."""
    message, account, shared = (np.unique([row[i] for row in rows], return_inverse=True) for i in range(3))
    at = np.array([row[3] for row in rows], np.int64)
    codes = (account[1], shared[1], message[1], at)
    return _named(toolkit(*codes, window=window, least=least, several=network == "co_link"), account[0])


def _of_coortweet(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Compare with every set of counts, and with the edges where they were kept."""
    content, account, shared = (np.unique([row[i] for row in rows], return_inverse=True) for i in range(3))
    at, own = np.array([row[3] for row in rows], np.int64), np.array([row[0] == row[2] for row in rows])
    said = []
    for line in csv.DictReader((FOLDER / "expected/coortweet_golden.csv").read_text("utf-8").splitlines()):
        window, least, loops = int(line["time_window"]), int(line["min_participation"]), line["remove_loops"] == "FALSE"
        found = coortweet(
            account[1], shared[1], content[1], at, own, window=window, min_participation=least, quantile=float(line["edge_weight"]),
            loops=loops,
        )  # fmt: skip
        accounts, chosen = (np.union1d(found.source[some], found.target[some]).size for some in (slice(None), found.above))
        counts = (
            found.pairs, found.objects.size, accounts, found.weight.size, int(found.weight.sum()), int(found.weight.max()),
            found.cut, chosen, int(found.above.sum()),
        )  # fmt: skip
        same = "identical" if counts == tuple(float(line[name]) for name in _COUNTS) else "different"
        name = f"CooRTweet, `min_participation` {least}{', loops kept' if loops else ''}"
        said.append((name, f"{window:,}", f"{int(line['n_edges']):,}", f"{int(line['sum_weight']):,}", same, "nine counts"))
    for file in sorted((FOLDER / "expected").glob("coortweet_russian_mp*_tw*_edges.csv")):
        least, window = (int(part[2:]) for part in file.stem.split("_")[2:4])
        # Its edges have no direction: the file gives the two accounts in the order its graph met them.
        theirs = sorted(
            (*sorted((line["from"], line["to"])), int(line["weight"]), line["weight_threshold"] == "1")
            for line in csv.DictReader(file.read_text("utf-8").splitlines())
        )
        found = coortweet(account[1], shared[1], content[1], at, own, window=window, min_participation=least)
        edges = (account[0][found.source], account[0][found.target], found.weight, found.above)
        ours = list(zip(*(column.tolist() for column in edges), strict=True))
        total = f"{sum(weight for _, _, weight, _ in theirs):,}"
        same = "identical" if theirs == ours else "different"
        said.append((f"CooRTweet, `min_participation` {least}", f"{window:,}", f"{len(theirs):,}", total, same, "edge by edge"))
    return said


def _compared(name: str, window: int, theirs: Edges, ours: Edges, note: str) -> tuple[str, ...]:
    same = "identical" if theirs == ours else "different"
    return name, f"{window:,}", f"{len(theirs):,}", f"{sum(theirs.values()):,}", same, note


def _named(found: Network, names: np.ndarray) -> Edges:
    edges = zip(names[found.source].tolist(), names[found.target].tolist(), strict=True)
    return dict(zip(edges, found.weight.tolist(), strict=True))


def _write_golden(python: str) -> None:
    """Run the toolkit on one table made by hand and three drawn; keep rows and edges."""
    by_hand: list[Row] = [
        ("m1", "ann", "o1", 0), ("m2", "bob", "o1", 10), ("m3", "bob", "o1", 11), ("m4", "cid", "o1", 20), ("m5", "ann", "o1", 10),
        ("m6", "ann", "o2", 100), ("m6", "ann", "o3", 100), ("m7", "bob", "o2", 105), ("m7", "bob", "o3", 105),
        ("m7", "dan", "o4", 200), ("m8", "cid", "o4", 201), ("m7", "cid", "o4", 202), ("m8", "cid", "o4", 209),
        ("m9", "eve", "o5", 300), ("m10", "eve", "o5", 300), ("m11", "dan", "o6", 300),
    ]  # fmt: skip
    asked = [(0, 1), (9, 1), (10, 1), (10, 2)]
    tables: dict[str, list[Row]] = {"by hand": by_hand}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        tables[f"drawn {seed}"] = [
            (f"m{rng.integers(30)}", f"a{rng.integers(5)}", f"o{rng.integers(4)}", int(rng.integers(60))) for _ in range(30)
        ]
    cases = []
    for name, rows in tables.items():
        for network in NETWORKS:
            for (window, least), (edges, _) in zip(asked, run_toolkit(python, network, rows, asked), strict=True):
                listed = sorted([a, b, w] for (a, b), w in edges.items())
                cases.append({"table": name, "network": network, "window": window, "least": least, "edges": listed})
    made = (
        "Edges A to B of coordination-network-toolkit 1.5.2, its edges A to A left out, on small tables of message, account, "
        "object and seconds. Made by benchmarks/coordination_parity.py --golden."
    )
    GOLDEN.write_text(json.dumps({"made": made, "tables": tables, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
