"""Are posts counted too early put at what they would have come to?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses._amplification_ages import age_class, ages_us, growth
from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

HOUR_US = 3_600_000_000
YOUNG_US = 2 * DAY_US
DATE = str(np.datetime64(START_US + 27 * 7 * DAY_US, "us").astype("datetime64[D]"))
GROWN = {"views": 0.6, "likes": 0.8}
"""Share of its last count that a post has after twelve hours, as planted here."""


def world() -> dict[str, pa.Table]:
    """Make posts of 24 accounts, three of them pushed, each counted a week after publication."""
    return audience_tables.tables(audience.AudienceWorld(size=2.0, treated=3, accounts=24, noise=0.2, posts=6.0), 5)


def early(metrics: pa.Table, rows: Any) -> pa.Table:
    """Give counts as they were twelve hours after publication: less than they came to."""
    part = metrics.filter(pa.array(rows))
    at = part["observed_at_us"].to_numpy() - 7 * DAY_US + 12 * HOUR_US
    part = part.set_column(part.schema.get_field_index("observed_at_us"), "observed_at_us", pa.array(at))
    for name, share in GROWN.items():
        low = pa.array(np.round(part[name].to_numpy() * share).astype(np.int64))
        part = part.set_column(part.schema.get_field_index(name), name, low.cast(part.schema.field(name).type))
    return part


def counted_early(tables: dict[str, pa.Table], *, repeats: bool) -> dict[str, pa.Table]:
    """Count every post of the treated after the date early only; with ``repeats`` every third other post early too."""
    posts = {r["post_id"]: r for r in tables["posts"].select(["post_id", "account_id", "created_at_us"]).to_pylist()}
    metrics = tables["post_metrics"]
    cut = START_US + 27 * 7 * DAY_US
    whose = [posts[name] for name in metrics["post_id"].to_pylist()]
    treated = np.array([row["account_id"] in ("a00", "a01", "a02") and row["created_at_us"] >= cut for row in whose])
    again = ~treated & (np.arange(metrics.num_rows) % 3 == 0)
    parts = [metrics.filter(pa.array(~treated)), early(metrics, treated)]
    return tables | {"post_metrics": pa.concat_tables(parts + ([early(metrics, again)] if repeats else []))}


def answer(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Audit the three treated accounts."""
    return run(memory_corpus(tables), Params(treated="treated", date=DATE, **params))


def ratio(finding: Finding) -> float:
    """Give the effect."""
    assert finding.effect is not None
    assert finding.effect.value is not None
    return finding.effect.value


def gates(finding: Finding) -> dict[str, float]:
    """Give the numbers of the gates."""
    return {row["gate"]: row["number"] for row in finding.tables["gates"].to_pylist()}


def test_counts_taken_early_are_put_right() -> None:
    """Treated posts counted at twelve hours: taken as they are the effect is 0.6 of the truth, put right it is the truth."""
    whole = world()
    mixed = counted_early(whole, repeats=True)
    truth, put_right, as_they_are = answer(whole), answer(mixed), answer(mixed, young_s=0)
    assert ratio(put_right) == pytest.approx(ratio(truth), rel=0.02)
    assert ratio(as_they_are) == pytest.approx(GROWN["views"] * ratio(truth), rel=0.02)
    assert gates(put_right)["aged"] > 50
    assert "young" not in gates(put_right)
    split = [{u["part"]: u["ratio"] for u in f.units} for f in (truth, put_right)]
    assert split[1]["conversion"] == pytest.approx(split[0]["conversion"], rel=0.03)


def test_without_posts_counted_twice_early_ones_are_left_out() -> None:
    """Nothing tells how counts grow: the posts are left out, said, and the audit refuses for want of periods."""
    finding = answer(counted_early(world(), repeats=False))
    assert "insufficient" == finding.verdict
    assert gates(finding)["young"] > 50


def test_the_curve_is_the_planted_one() -> None:
    """Twelve hours of 48 are in the class that ends at 16; its share is planted, the other classes are not known."""
    mixed = counted_early(world(), repeats=True)
    curve = growth(memory_corpus(mixed), platform="x", metric_sql="m.views", young_us=YOUNG_US)
    assert curve.exposure[0] == 1.0
    assert curve.exposure[5] == pytest.approx(GROWN["views"], rel=0.01)
    assert curve.engagement[5] == pytest.approx((GROWN["likes"] + 0.1) / 1.1, rel=0.1)
    assert np.isnan(curve.exposure[[1, 2, 3, 4, 6, 7, 8]]).all()


def test_classes_of_age_cover_what_is_young_and_nothing_else() -> None:
    """The last bound is the age from which counts are final; a limit of nothing has no class."""
    assert [1, 2, 4, 8, 16, 24, 36, 48] == [bound // HOUR_US for bound in ages_us(YOUNG_US)]
    assert [] == ages_us(0)
    assert "0" == age_class(0)
