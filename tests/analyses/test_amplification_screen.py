"""Does a screen leave out what the capture lost, publish its gates, and record what was done?"""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import audience, audience_tables
from tests.analyses.test_amplification_capture import counter, fault

from .said import said


def screen(*checks: dict[str, Any], captured: list[dict[str, Any]] | None = None, drop: int = 0, **params: Any) -> Finding:
    """Screen a world in which nothing happened; the posts of a03 fall by ``drop`` log units in weeks 20 to 29."""
    null = audience.AudienceWorld(mechanism="none", treated=1, accounts=25, noise=0.2)
    panels = audience_tables.panel_tables(null, 3)["panels"].to_pylist()
    starts = sorted({r["period_start_us"] for r in panels})[20:30]
    for row in panels:
        if row["account_id"] == "a03" and row["metric"] == "views" and row["period_start_us"] in starts:
            row["value"] *= np.exp(-drop)
    schema = audience_tables.panel_tables(null, 3)["panels"].schema
    derived = {"coverage.checks": pa.Table.from_pylist([*checks] or [fault("a00", 0, 1, status="ok")])}
    if captured:
        derived["coverage.captured"] = pa.Table.from_pylist(captured)
    corpus = memory_corpus({"panels": pa.Table.from_pylist(panels, schema)}, results=derived)
    return said(run(corpus, Params(**{"draws": 199} | params)))


def accused(finding: Finding) -> set[str]:
    """Name the accounts found."""
    return {u["account_id"] for u in finding.units if u["p_value"] <= 0.05}


def test_a_fall_that_a_fault_of_capture_explains_is_left_out_and_counted() -> None:
    """An account that fell for ten weeks is accused; where coverage found those weeks at fault, it is not, and they are counted."""
    assert {"a03"} == accused(screen(drop=2))
    finding = screen(fault("a03", 20, 30), drop=2)
    gates = {r["gate"]: r["number"] for r in finding.tables["gates"].to_pylist()}
    assert set() == accused(finding)
    assert 10 == gates["capture_left_out"]
    assert {"amplification.note.capture_left_out", "amplification.note.screen_capture"} <= {n.key for n in finding.notes}


def test_periods_that_a_counter_calls_thin_are_said() -> None:
    """Half of the posts of five weeks were captured: they stay, and a note counts them."""
    finding = screen(captured=[counter("a04", 0.5, 10, 15)])
    assert [5] == [n.args["n"] for n in finding.notes if n.key.endswith("screen_shares")]


def test_what_was_drawn_is_recorded_with_its_floor() -> None:
    """Draws asked for are drawn and recorded, and the smallest p that they allow is said."""
    finding = screen(draws=299)
    assert 299 == finding.params["draws"]
    assert [(299, 0.0033)] == [
        (n.args["draws"], round(n.args["floor"], 4)) for n in finding.notes if n.key.endswith("screen_floor")
    ]
    assert "amplification.limits.drift" in {m.key for m in finding.limits}
