"""Are posts counted too early put at what they would have come to?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses._amplification_ages import age_class, ages_us, growth
from agorascope.analyses._amplification_cast import cast
from agorascope.analyses._amplification_reduce import Panel, Window, reduce_posts
from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

HOUR_US = 3_600_000_000
YOUNG_US = 2 * DAY_US
DATE = str(np.datetime64(START_US + 27 * 7 * DAY_US, "us").astype("datetime64[D]"))
GROWN = {"views": 0.6, "likes": 0.8}
"""Share of its last count that a post has after twelve hours, as planted here."""


def world() -> dict[str, pa.Table]:
    """Make posts of 12 accounts, one of them pushed, each counted a week after publication."""
    return audience_tables.tables(audience.AudienceWorld(size=2.0, treated=1, accounts=12, noise=0.2, posts=12.0), 5)


def early(metrics: pa.Table, rows: Any, *, uneven: bool = False, weight: float = 20) -> pa.Table:
    """Give counts as they were twelve hours after publication: less than they came to, by the same share or one of each post."""
    part = metrics.filter(pa.array(rows))
    rng = np.random.default_rng(7)
    at = part["observed_at_us"].to_numpy() - 7 * DAY_US + 12 * HOUR_US
    part = part.set_column(part.schema.get_field_index("observed_at_us"), "observed_at_us", pa.array(at))
    for name, share in GROWN.items():
        each = rng.beta(weight * share, weight * (1 - share), part.num_rows) if uneven else share
        low = pa.array(np.round(part[name].to_numpy() * each).astype(np.int64))
        part = part.set_column(part.schema.get_field_index(name), name, low.cast(part.schema.field(name).type))
    return part


def counted_early(tables: dict[str, pa.Table], whose: str, *, repeats: bool = True, uneven: bool = False) -> dict[str, pa.Table]:
    """Count posts after the date early only: all of the treated, or every second of all; with ``repeats`` others twice."""
    posts = {r["post_id"]: r for r in tables["posts"].select(["post_id", "account_id", "created_at_us"]).to_pylist()}
    metrics = tables["post_metrics"]
    cut = START_US + 27 * 7 * DAY_US
    found = [posts[name] for name in metrics["post_id"].to_pylist()]
    late = np.array([row["created_at_us"] >= cut for row in found])
    treated = np.array([row["account_id"] == "a00" for row in found])
    place = np.arange(metrics.num_rows)
    hit = late & (treated if whose == "treated" else place % 2 == 0)
    again = ~hit & (place % 3 == 0)
    parts = [metrics.filter(pa.array(~hit)), early(metrics, hit, uneven=uneven)]
    return tables | {"post_metrics": pa.concat_tables(parts + ([early(metrics, again, uneven=uneven)] if repeats else []))}


def answer(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Audit the treated account."""
    return said(run(memory_corpus(tables), Params(treated="treated", date=DATE, draws=99, **params)))


def ratio(finding: Finding) -> float:
    """Give the effect."""
    assert finding.effect is not None
    assert finding.effect.value is not None
    return finding.effect.value


def reduced(tables: dict[str, pa.Table], treated: str = "treated") -> Panel:
    """Give the panel an audit of these accounts reads."""
    corpus = memory_corpus(tables)
    date = START_US + 27 * 7 * DAY_US
    found = reduce_posts(
        corpus, cast(corpus, treated, ""), Window(date_us=date), metric="views", topic="", young_us=YOUNG_US, bin_name=""
    )
    assert found is not None
    return found


def gates(finding: Finding) -> dict[str, float]:
    """Give the numbers of the gates."""
    return {row["gate"]: row["number"] for row in finding.tables["gates"].to_pylist()}


def test_counts_taken_early_are_put_right() -> None:
    """Half of all posts after the date counted at twelve hours, each grown by its own share: the effect and the split hold."""
    whole = world()
    mixed = counted_early(whole, "half", uneven=True)
    truth, put_right = answer(whole), answer(mixed)
    assert ratio(put_right) == pytest.approx(ratio(truth), rel=0.05)
    assert gates(put_right)["aged"] > 200
    assert gates(put_right)["ages"] < 0.2
    assert "young" not in gates(put_right)
    split = [{u["part"]: u["ratio"] for u in f.units} for f in (truth, put_right)]
    assert split[1]["conversion"] == pytest.approx(split[0]["conversion"], rel=0.05)
    panel = reduced(mixed)
    late = panel.starts_us >= START_US + 27 * 7 * DAY_US
    assert panel.early is not None
    assert (0.0, 0.5) == (panel.early[:, ~late].max(), pytest.approx(panel.early[:, late].mean(), abs=0.1))


def test_treated_counted_at_other_ages_are_not_compared() -> None:
    """Only the treated, only after the date: how fast counts grow would decide, and the audit refuses."""
    finding = answer(counted_early(world(), "treated"))
    assert ("insufficient", "ages") == (finding.verdict, finding.gate)
    assert gates(finding)["ages"] > 0.9
    assert ratio(answer(counted_early(world(), "treated"), young_s=0)) < ratio(answer(world()))


def test_without_posts_counted_twice_early_ones_are_left_out() -> None:
    """Nothing tells how counts grow: the posts are left out, said, and the audit refuses for want of periods."""
    finding = answer(counted_early(world(), "treated", repeats=False))
    assert ("insufficient", "periods") == (finding.verdict, finding.gate)
    assert gates(finding)["young"] > 50


def test_a_screen_takes_no_early_count() -> None:
    """Where nobody is compared with chosen others, early counts are left out and not put right."""
    panel = reduced(counted_early(world(), "half"), treated="")
    assert (0, True) == (panel.counted["aged"], panel.counted["young"] > 200)


def test_a_curve_of_few_unlike_posts_is_not_known() -> None:
    """Thirty-five posts of which some had nearly all and some nearly nothing at twelve hours tell no growth."""
    tables = world()
    metrics = tables["post_metrics"]
    again = np.arange(metrics.num_rows) < 35
    mixed = tables | {"post_metrics": pa.concat_tables([metrics, early(metrics, again, uneven=True, weight=1)])}
    curve = growth(memory_corpus(mixed), platform="x", metric_sql="m.views", engaged_sql="m.likes", young_us=YOUNG_US)
    assert np.isnan(curve.exposure[5])


def test_the_curve_is_the_planted_one() -> None:
    """Twelve hours of 48 are in the class that ends at 16; its share is planted, the other classes are not known."""
    mixed = counted_early(world(), "half")
    curve = growth(memory_corpus(mixed), platform="x", metric_sql="m.views", engaged_sql="m.likes", young_us=YOUNG_US)
    assert curve.exposure[0] == 1.0
    assert curve.exposure[5] == pytest.approx(GROWN["views"], rel=0.01)
    assert curve.engagement[5] == pytest.approx((GROWN["likes"] + 0.1) / 1.1, rel=0.1)
    assert np.isnan(curve.exposure[[1, 2, 3, 4, 6, 7, 8]]).all()


def test_classes_of_age_cover_what_is_young_and_nothing_else() -> None:
    """The last bound is the age from which counts are final; a limit of nothing has no class."""
    assert [1, 2, 4, 8, 16, 24, 36, 48] == [bound // HOUR_US for bound in ages_us(YOUNG_US)]
    assert [] == ages_us(0)
    assert "0" == age_class(0)
