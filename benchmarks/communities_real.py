"""Do communities follow what is known of real accounts? Polblogs against leanings, the IRA set against its categories.

Polblogs: 1,490 blogs of 2004 and their links. IRA: 2.46 million posts of 2,842 accounts of one operation; each post gives the
number of its text where two authors or more wrote it, which becomes a shared object (layer ``share``). Groups: the categories
researchers gave. Agreement (adjusted mutual information) is in the notes of the finding.
Run: ``python benchmarks/communities_real.py polblogs|ira FOLDER [REPORT_LANGUAGES]``; the data are read from ``AGORASCOPE_SHARED``.
"""

import os
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from agorascope import new_case
from coordination_ira import shares

SHARED = Path(os.environ.get("AGORASCOPE_SHARED", Path(__file__).resolve().parents[2] / "shared/data"))


def main() -> None:
    """Make the case, ask it, print."""
    which, folder, *langs = sys.argv[1:]
    case = new_case(Path(folder), title={"polblogs": "Polblogs", "ira": "IRA"}[which])
    began = time.perf_counter()
    if which == "polblogs":
        classic = SHARED / "networks/classic"
        case.add(classic / "polblogs_edges_directed.csv", classic / "polblogs_nodes.csv")
    else:
        pq.write_table(shares(), Path(folder) / "shares.parquet")
        authors = pc_csv.read_csv(SHARED / "coordination/ira/ira_authors.csv")
        groups = pa.table({"account_id": authors["author"], "group": authors["account_category"]})
        pc_csv.write_csv(groups, Path(folder) / "groups.csv")
        case.add(Path(folder) / "shares.parquet", Path(folder) / "groups.csv")
    added = time.perf_counter()
    finding = case.run("communities")
    print(f"added in {added - began:.0f} s, asked in {time.perf_counter() - added:.0f} s")
    print(finding.verdict, finding.grade, finding.claim)
    for note in finding.notes:
        print("-", note)
    for name in ("parts", "resolutions", "groups"):
        for row in finding.tables[name].to_pylist():
            print(name, row)
    for lang in langs:
        print(case.report(lang=lang))


if __name__ == "__main__":
    main()
