"""Are counts of zero told from unknown ones, and does a ban that leaves nothing but zeros never look like a push?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

AT = START_US + 27 * 7 * DAY_US
DATE = str(np.datetime64(AT, "us").astype("datetime64[D]"))


def shown(
    share: float, *, treated: int = 1, of: tuple[str, ...] = ("views", "likes"), drop: bool = False, **params: Any
) -> Finding:
    """Audit a null world in which, from the date on, counts of the treated are zero (or lost) but in this share of periods."""
    world = audience.AudienceWorld(mechanism="none", treated=1, accounts=25, noise=0.2)
    tables = audience_tables.panel_tables(world, 5)
    rows = []
    for row in tables["panels"].to_pylist():
        if row["account_id"] == "a00" and row["metric"] in of and row["period_start_us"] >= AT:
            hidden = (row["period_start_us"] - AT) // (7 * DAY_US) >= round(11 * share)
            if hidden and drop:
                continue
            row["value"] = 0.0 if hidden else row["value"]
        rows.append(row)
    panels = pa.Table.from_pylist(rows, tables["panels"].schema)
    return said(run(memory_corpus(tables | {"panels": panels}), Params(**{"treated": "treated"} | params)))


def test_a_full_ban_is_refused_by_its_zeros_and_shown() -> None:
    """All counts are zero from the date on: gate zeros, factor 0, the date of the zeros said; nothing is "known in 11 periods"."""
    finding = shown(0.0, date=DATE)
    assert finding.effect is not None
    assert ("insufficient", None, "zeros", 0.0) == (finding.verdict, finding.grade, finding.gate, finding.effect.value)
    assert "amplification.claim.zeros_all" == finding.claim.key
    assert (AT, 11) == tuple(finding.notes[0].args[k] for k in ("date", "periods"))
    assert all("100" in say(finding.claim, lang) for lang in ("en", "fr"))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4])
def test_a_ban_at_a_searched_date_is_no_push(share: float) -> None:
    """A whole or partial ban, the date searched: the gate of zeros refuses, no factor above 1 is given."""
    finding = shown(share)
    assert ("insufficient", "zeros", None) == (finding.verdict, finding.gate, finding.effect)
    assert "amplification.claim.zeros_searched" == finding.claim.key


def test_a_partial_ban_has_an_interval_that_holds_it() -> None:
    """One period of eleven is seen: the factor is near a tenth, zeros counted."""
    effect = shown(0.1, date=DATE).effect
    assert effect is not None
    assert effect.low <= 1 / 11 <= effect.high  # type: ignore[operator]


def test_a_ban_without_controls_is_refused_too() -> None:
    """One account alone whose counts turn to zero: the gate of zeros, not "known in too few periods"."""
    assert "zeros" == shown(0.0, controls="a01").gate


def test_few_zeros_are_left_out_and_said() -> None:
    """A single zero of eleven does not refuse; it is counted, as a zero and not as unknown."""
    finding = shown(0.95, date=DATE)
    assert finding.gate is None
    rows = {r["gate"]: r["number"] for r in finding.tables["gates"].to_pylist()}
    assert (1.0, False) == (rows["zero_count"], "no_count" in rows)
    assert "amplification.note.zero_count" in [n.key for n in finding.notes]


def test_lost_counts_are_not_zeros() -> None:
    """Counts that are missing are posts without a count."""
    rows = {r["gate"]: r["number"] for r in shown(0.6, date=DATE, drop=True).tables["gates"].to_pylist()}
    assert (4.0, False) == (rows["no_count"], "zero_count" in rows)


def test_engagement_that_is_mostly_zero_names_no_mechanism() -> None:
    """Engagement of the treated is mostly zero, views are not: engagement per view is not tested, longer periods are asked."""
    finding = shown(0.2, date=DATE, of=("likes", "reposts"))
    push = next(r for r in finding.rivals if r.name == "push")
    assert push.missing is not None
    assert ("not_tested", "amplification.missing.engagement_zeros") == (push.status, push.missing.key)
