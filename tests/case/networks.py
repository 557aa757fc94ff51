"""Make by hand what an analysis of networks would store: a finding with ties and accounts, some of them hostile."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from agorascope import Case, new_case
from agorascope.case import running
from agorascope.findings import Calibration, Estimate, Evidence, Finding, Provenance, Rival
from agorascope.texts import message

HOSTILE = "]]></node><script>&\"'\x00\x0b\ufffe\u202e\n"
MAY = 1_714_521_600_000_000  # 1 May 2024, 00:00 UTC
DAY = 86_400_000_000
UNITS = (
    {
        "network": "1",
        "first_us": MAY,
        "last_us": MAY + DAY,
        "posts": 40,
        "techniques": ["T0049.003 A Name", "T0119"],
        "q_value": 0.01,
    },
    {"network": "2", "q_value": 0.02},
)


def edges(**columns: Any) -> pa.Table:
    """Give five ties in two networks, one of them to an account that no table describes."""
    plain = {
        "source": ["1001", "1001", "1002", "ann@example.org", "1001"],
        "target": ["1002", "1003", "1003", "2002", "9009"],
        "weight": [3.0, 2.0, 1.0, 5.0, 0.5],
        "objects": [3, 2, 1, 5, None],
    }
    return pa.table(plain | columns)


def accounts() -> pa.Table:
    """Give the accounts of those ties, one tested and in no tie, one in a network and in no tie."""
    return pa.table(
        {
            "account_id": ["1001", "1002", "1003", "ann@example.org", "2002", "3003", "lonely"],
            "name": ["Élodie Martin", HOSTILE, None, "Ann", "=cmd()", "Nobody", "Lone 😀"],
            "handle": ["elodie", "h2", "h3", "ann", "h5", "h6", "h7"],
            "platform": ["x", "x", "x", "mastodon", "mastodon", "x", "x"],
            "p_value": [0.001, 0.002, float("nan"), 0.001, 0.001, 0.9, 0.01],
            "in_network": [True, True, True, True, True, False, True],
            "network": ["1", "1", "1", "2", "2", None, "1"],
            "note": [f"seen with @elodie {HOSTILE}", "", None, "a", "b", "c", "d"],
        }
    )  # fmt: skip


def finding(**changes: Any) -> Finding:
    """Give a finding that publishes a network."""
    plain: dict[str, Any] = {
        "analysis": "coordination",
        "question": message("conversation.question"),
        "verdict": "found",
        "claim": message("coverage.question"),
        "limits": (message("conversation.question"),),
        "effect": Estimate(metric="accounts", value=6.0, low=5.0, high=7.0, unit="accounts"),
        "units": UNITS,
        "evidence": (Evidence(role=message("coverage.question"), table="posts", platform="x", id="77", at_us=MAY),),
        "rivals": (Rival(name="fans", statement=message("coverage.question"), status="disfavoured"),),
        "calibration": Calibration(inside_grid=True, false_alarm_rate=0.04),
        "provenance": Provenance(corpus_digest="c0ffee", code_version="0.1.0"),
        "tables": {"edges": edges(), "accounts": accounts()},
    }
    return Finding(**plain | changes)


def case_with(place: Path, found: Finding) -> Case:
    """Store a finding in a new case as a run does."""
    case = new_case(place / "case", title="Networks", created="2024-06-01", salt="s")
    running._save(case.path, found)
    return case


def large(ties: int, nodes: int) -> Finding:
    """Give a finding with many ties among many accounts."""
    draw = np.random.default_rng(0)
    names = pa.array([f"{100_000_000 + i}" for i in range(nodes)])
    ends = {n: names.take(pa.array(draw.integers(0, nodes, ties))) for n in ("source", "target")}
    table = pa.table(ends | {"weight": draw.integers(2, 50, ties).astype(float)})
    listed = pa.table({"account_id": names, "network": draw.integers(0, 9, nodes), "in_network": np.ones(nodes, dtype=bool)})
    return finding(tables={"edges": table, "accounts": listed})
