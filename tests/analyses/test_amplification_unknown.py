"""Is engagement that nobody knows told from engagement of zero, and is nothing per view said without views?"""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import _amplification_estimate
from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

AT = START_US + 27 * 7 * DAY_US
DATE = str(np.datetime64(AT, "us").astype("datetime64[D]"))
COUNTS = ("likes", "reposts", "quotes", "replies")


@cache
def demand(size: float = 2.5) -> dict[str, pa.Table]:
    """Make posts of 21 accounts, the views of one of them raised from the date on, engagement per view unmoved."""
    planted = audience.AudienceWorld(mechanism="none", treated=1, accounts=21, noise=0.15, posts=2.0)
    tables = audience_tables.tables(planted, 2)
    late = {r["post_id"] for r in tables["posts"].to_pylist() if r["account_id"] == "a00" and r["created_at_us"] >= AT}
    rows = tables["post_metrics"].to_pylist()
    for row in rows:
        if row["post_id"] in late:
            row |= {name: round(row[name] * size) for name in ("views", *COUNTS) if row[name] is not None}
    return tables | {"post_metrics": pa.Table.from_pylist(rows, tables["post_metrics"].schema)}


@cache
def hidden(share: float, *, of: tuple[str, ...] = COUNTS, everybody: bool = False) -> Finding:
    """Audit with these counts of a share of the treated's later posts (or of everybody's posts) unknown."""
    tables, rng = demand(), np.random.default_rng(1)
    posts = {r["post_id"]: r for r in tables["posts"].to_pylist()}
    rows = tables["post_metrics"].to_pylist()
    for row in rows:
        post = posts[row["post_id"]]
        if (everybody or (post["account_id"] == "a00" and post["created_at_us"] >= AT)) and rng.random() < share:
            row |= dict.fromkeys(of)
    metrics = pa.Table.from_pylist(rows, tables["post_metrics"].schema)
    return audit(tables | {"post_metrics": metrics})


def audit(tables: dict[str, pa.Table]) -> Finding:
    """Audit without asking what could have been seen, which takes most of the time and is not asked about here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_amplification_estimate, "_power", lambda *_, **__: None)
        return said(run(memory_corpus(tables), Params(treated="treated", date=DATE, draws=99)))


def ratio(finding: Finding, part: str = "conversion") -> float:
    """Give the ratio of one part of the split."""
    return float(next(u["ratio"] for u in finding.units if u["part"] == part))


def noted(finding: Finding) -> dict[str, dict[str, Any]]:
    """Give the notes by the last word of their key."""
    return {n.key.rpartition(".")[2]: dict(n.args) for n in finding.notes}


@pytest.mark.parametrize("of", [COUNTS, ("likes",)])
def test_unknown_engagement_is_no_push(of: tuple[str, ...]) -> None:
    """Views rise by demand, counts of 40 % of the later posts are hidden: engagement per view is unmoved, and nothing is named."""
    finding = hidden(0.4, of=of)
    assert ("found", "not_identified") == (finding.verdict, finding.grade)
    assert ratio(finding) == pytest.approx(1, abs=0.1)
    assert noted(finding)["no_engagement"]["treated_after"] == pytest.approx(0.4, abs=0.15)
    assert {"unnamed_unknown", "engagement_known"} <= set(noted(finding))
    assert {"not_tested"} == {r.status for r in finding.rivals if r.name in ("push", "interest", "loop")}


def test_engagement_wholly_unknown_on_one_side_leaves_the_other_parts() -> None:
    """All later counts are hidden: no conversion, but volume, followers and reach are still told apart."""
    finding = hidden(1.0)
    assert {"volume", "reach_per_follower", "exposure"} <= {u["part"] for u in finding.units}
    assert "unnamed_unknown" in noted(finding)


def test_unknown_alike_on_both_sides_is_counted_and_moves_nothing() -> None:
    """Counts of a tenth of all posts are hidden: they are counted, shares said, and neither factor moves."""
    all_known, some = hidden(0.0), hidden(0.1, everybody=True)
    assert "no_engagement" not in noted(all_known)
    assert ratio(some) == pytest.approx(ratio(all_known), abs=0.06)
    assert 0 < noted(some)["no_engagement"]["n"]
    assert some.effect.value == pytest.approx(all_known.effect.value)  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unknown_is_not_called_zero(lang: str) -> None:
    """The note says that unknown counts are not taken for zero."""
    note = next(n for n in hidden(0.4).notes if n.key.endswith(".no_engagement"))
    assert {"en": "not taken for zero", "fr": "pour zéro"}[lang] in say(note, lang)


def test_a_component_unknown_in_a_panel_is_unknown_and_not_zero() -> None:
    """Likes of the treated are no longer given from the date on: no mechanism is named, and no fall of engagement is seen."""
    tables = audience_tables.panel_tables(audience.AudienceWorld(mechanism="push", size=1.0, treated=1, accounts=21, noise=0.2), 3)
    rows = [
        r | {"value": r["value"] * (3 if r["account_id"] == "a00" and r["period_start_us"] >= AT and r["metric"] == "views" else 1)}
        for r in tables["panels"].to_pylist()
        if not (r["account_id"] == "a00" and r["metric"] == "likes" and r["period_start_us"] >= AT)
    ]
    panels = pa.Table.from_pylist(rows, tables["panels"].schema)
    finding = audit(tables | {"panels": panels})
    assert ("found", "not_identified") == (finding.verdict, finding.grade)
    assert "conversion" not in {u["part"] for u in finding.units}
    assert "unnamed_unknown" in noted(finding)
