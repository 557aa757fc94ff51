"""Do networks of common texts follow what is known of one operation's accounts? 2.46 million posts, as a case.

The set (``coordination/ira`` of the shared data) gives for each post its author, its minute and the number of its text, where
two authors or more wrote it. Each becomes a row of a table of shares, which is added to a case; ``coordination`` runs with its
defaults. Its networks are compared with the categories researchers gave the accounts by hand: adjusted mutual information over
the accounts in networks, and the same with categories dealt out at random (99 times).
Run: ``python benchmarks/coordination_ira.py CASE [REPORT_LANGUAGE]``, where CASE is a folder to make.
"""

import csv
import os
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from agorascope import new_case
from agorascope.stats.agreement import adjusted_mutual_information

SHARED = Path(os.environ.get("AGORASCOPE_SHARED", Path(__file__).resolve().parents[2] / "shared/data")) / "coordination/ira"
DRAWS = 99
SHOWN = 12


def main() -> None:
    """Make the case, ask it, compare, and print."""
    if len(sys.argv) < 2:
        raise SystemExit("give a folder to make the case in")
    began = time.perf_counter()
    case = new_case(Path(sys.argv[1]), title="IRA: common texts")
    file = Path(sys.argv[1]) / "shares.parquet"
    pq.write_table(shares(), file)
    case.add(file)
    added = time.perf_counter()
    finding = case.run("coordination")
    print(f"added in {added - began:.0f} s, asked in {time.perf_counter() - added:.0f} s")
    print(finding.claim)
    for row in finding.tables["tested"].to_pylist():
        print(row)
    beside = finding.tables["apart"].to_pylist()
    print("counted, apart, reacting:", Counter((row["counted"], row["apart"], row["reacting"]) for row in beside).most_common())
    compare(finding.tables["accounts"])
    for lang in sys.argv[2:]:
        print(case.report(lang=lang))


def shares() -> pa.Table:
    """Give every post whose text another author wrote too as a share: object, account, content, time."""
    rows = pq.read_table(SHARED / "ira_events.parquet", columns=["author", "ts", "text_id"])
    rows = rows.append_column(
        "content_id", pc.binary_join_element_wise("p", pc.cast(pa.array(np.arange(rows.num_rows)), pa.string()), "")
    )
    rows = rows.filter(pc.is_valid(rows["text_id"]))
    return pa.table(
        {
            "object_id": pc.binary_join_element_wise("t", pc.cast(rows["text_id"], pa.string()), ""),
            "account_id": pc.cast(rows["author"], pa.string()),
            "content_id": rows["content_id"],
            "timestamp_share": rows["ts"],
        }
    )


def compare(accounts: pa.Table) -> None:
    """Print the categories of the largest networks, and how far all networks agree with them."""
    with (SHARED / "ira_authors.csv").open(encoding="utf-8") as lines:
        category = {row["author"]: row["account_category"] for row in csv.DictReader(lines)}
    inside = accounts.filter(accounts["in_network"])
    network = np.array(inside["network"].to_pylist())
    label = np.array([category.get(a, "?") for a in inside["account_id"].to_pylist()])
    for name, size in Counter(network.tolist()).most_common(SHOWN):
        print(name, size, Counter(label[network == name].tolist()).most_common(4))
    one, other = (np.unique(c, return_inverse=True)[1].astype(np.int64) for c in (network, label))
    rng = np.random.default_rng(0)
    null = [adjusted_mutual_information(one, rng.permutation(other)) for _ in range(DRAWS)]
    print(f"adjusted mutual information {adjusted_mutual_information(one, other):.3f}; at random at most {max(null):.3f}")


if __name__ == "__main__":
    main()
