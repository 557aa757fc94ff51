"""Does a contrast of labelled posts compare like with like, honour what was asked, and know what it could not have seen?"""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses.amplification import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import Post, PostLabel, PostMetrics, Record, to_arrow
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds.null import DAY_US, START_US

from .said import said


def pages(seed: int = 0, *, ratio: float = 1.0, sd: float = 0.4, posts: int = 120, **metrics: Any) -> dict[str, list[Any]]:
    """Make posts of two pages in one month: the big one has eight times the views and pays four times as often."""
    rng = np.random.default_rng(seed)
    made: dict[str, list[Any]] = {"posts": [], "post_metrics": [], "post_labels": []}
    for page, level, often in (("big", 8_000, 0.6), ("small", 1_000, 0.15)):
        for k in range(posts):
            paid = bool(rng.random() < often)
            views = int(level * np.exp(sd * rng.normal()) * (ratio if paid else 1.0)) + 1
            key = {"platform": "x", "post_id": f"{page}{k:03}"}
            made["posts"].append(Post(**key, account_id=page, created_at_us=START_US + k * 3_600_000_000, kind="original"))
            counts = {"views": views, "views_kind": "measured", "likes": int(views * 0.05 * np.exp(0.2 * rng.normal())) + 1}
            made["post_metrics"].append(PostMetrics(**key, **counts | metrics))
            made["post_labels"].append(PostLabel(**key, name="paid", value=str(int(paid))))
    return made


def ask(rows: dict[str, list[Record]], checks: list[dict[str, Any]] | None = None, **params: Any) -> Finding:
    """Contrast the paid posts among these."""
    derived = {"coverage.checks": pa.Table.from_pylist(checks)} if checks else {}
    corpus = memory_corpus({name: to_arrow(name, given) for name, given in rows.items()}, results=derived)
    return said(run(corpus, Params(**{"contrast": "paid", "draws": 199} | params)))


def noted(finding: Finding) -> dict[str, dict[str, Any]]:
    """Give the notes by their names."""
    return {n.key.removeprefix("amplification.note."): n.args for n in finding.notes}


def test_a_page_that_is_bigger_and_pays_more_often_is_no_effect() -> None:
    """Two pages, paid posts like the others of their page: found in at most 4 of 20 worlds, and the ratio is about 1."""
    asked = [ask(pages(seed)) for seed in range(20)]
    assert sum(f.verdict == "found" for f in asked) <= 4
    assert np.median([f.effect.value for f in asked]) == pytest.approx(1, abs=0.1)  # type: ignore[union-attr]
    assert (240, 240, 2) == tuple(noted(asked[0])["own_account"][k] for k in ("left", "posts", "n"))


@pytest.mark.parametrize("asked", [{}, {"treated": "big"}, {"since": "2024-01-03"}, {"treated": "small", "until": "2024-01-04"}])
def test_the_query_of_evidence_gives_every_labelled_post_compared(asked: dict[str, Any]) -> None:
    """Reposts, young counts, posts without one or with another label are not among them; the total is the number of its rows."""
    rows = pages()
    rows["posts"][0] = msgspec.structs.replace(rows["posts"][0], kind="repost")
    rows["post_metrics"][2] = msgspec.structs.replace(rows["post_metrics"][2], views=None)
    rows["post_metrics"] = [
        msgspec.structs.replace(m, observed_at_us=p.created_at_us + (3_600_000_000 if k % 9 == 0 else 9 * DAY_US))
        for k, (m, p) in enumerate(zip(rows["post_metrics"], rows["posts"], strict=True))
    ]
    rows["post_labels"].append(PostLabel(platform="x", post_id="big001", name="format", value="1"))
    finding = ask(rows, **asked)
    given = memory_corpus({name: to_arrow(name, made) for name, made in rows.items()}).query(finding.evidence_query)
    assert finding.evidence_total == given.num_rows > 0
    assert {record.id for record in finding.evidence} <= set(given["post_id"].to_pylist())


def test_only_the_posts_of_the_treated_within_the_time_are_compared() -> None:
    """One page, two days: its 48 posts; an account nobody bears is refused, one without a post is a gate."""
    day = [str(np.datetime64(START_US + k * DAY_US, "us").astype("datetime64[D]")) for k in (1, 2)]
    assert 48 == noted(ask(pages(), treated="big", since=day[0], until=day[1]))["own_account"]["posts"]
    with pytest.raises(BadValue, match="nobody"):
        ask(pages(), treated="nobody")


@pytest.mark.parametrize(
    "wrong",
    [{"controls": "small"}, {"date": "2024-01-03"}, {"trends": True}, {"recipe": True}, {"topic": "vote"}, {"strata": "paid"}],
)
def test_what_a_contrast_does_not_read_is_refused(wrong: dict[str, Any]) -> None:
    """Parameters of an audit do nothing in a contrast, and are refused by name."""
    with pytest.raises(BadValue, match=next(iter(wrong))):
        ask(pages(), **wrong)


def test_no_difference_is_only_said_where_one_would_have_been_seen() -> None:
    """Twelve noisy posts a page: insufficient, with the factor that could have been seen; 400 quiet ones: not differential."""
    few, many = ask(pages(3, sd=1.0, posts=12)), ask(pages(4, sd=0.3, posts=200))
    assert ("insufficient", "not_identified") == (few.verdict, few.grade)
    assert "rien de moindre" in say(few.claim, "fr")
    assert ("not_found", "not_differential") == (many.verdict, many.grade)
    assert few.calibration.smallest_effect > 1.5 > many.calibration.smallest_effect  # type: ignore[operator]


def test_posts_counted_early_and_reposts_are_left_out_and_said() -> None:
    """All counts an hour old: nothing to compare, unless all counts are asked for."""
    early = pages(observed_at_us=START_US + 60 * 3_600_000_000)
    finding = ask(early)
    left = noted(finding)["contrast_young"]["n"]
    assert 0 < left == 240 - noted(finding)["own_account"]["posts"]
    assert "contrast_young" not in noted(ask(early, young_s=0))


def test_faults_of_capture_are_in_the_gates() -> None:
    """A gap in the capture of one page is listed, and said in a note."""
    span = {"start_us": START_US, "end_us": START_US + DAY_US}
    gap = {"platform": "x", "check": "gaps", "status": "fault", "account_id": "big", "unit": "s", "value": 1.0} | span
    finding = ask(pages(), [gap])
    assert [("gaps", "big")] == [
        (r["check"], r["account_id"]) for r in finding.tables["gates"].to_pylist() if r["gate"] == "capture"
    ]
    assert "contrast_capture" in noted(finding)


def test_the_count_contrasted_is_one_of_the_platform_that_bears_the_label() -> None:
    """Views on another platform do not leave labelled posts with likes only without an exposure."""
    rows = pages()
    rows["post_metrics"] = [PostMetrics(platform=m.platform, post_id=m.post_id, likes=m.likes) for m in rows["post_metrics"]]
    rows["posts"].append(Post(platform="far", post_id="1", account_id="a", created_at_us=START_US))
    rows["post_metrics"].append(PostMetrics(platform="far", post_id="1", views=3, views_kind="measured"))
    assert "likes" == ask(rows).effect.metric  # type: ignore[union-attr]


@pytest.mark.parametrize(("ratio", "worth", "key"), [(0.5, 1.4, "exposure_led_down"), (0.5, 0.6, "demand_led_down")])
def test_a_contrast_below_one_is_worded_as_a_fall(ratio: float, worth: float, key: str) -> None:
    """Labelled posts seen half as often: claim and both explanations speak of less, in both languages."""
    rows = pages(1, ratio=ratio, sd=0.3)
    paid = {label.post_id for label in rows["post_labels"] if label.value == "1"}
    rows["post_metrics"] = [
        msgspec.structs.replace(m, likes=round(m.likes * worth)) if m.post_id in paid else m for m in rows["post_metrics"]
    ]
    finding = ask(rows)
    assert f"amplification.claim.contrast_{key}" == finding.claim.key
    assert ["amplification.rival.push_chosen_down", "amplification.rival.chosen_down"] == [r.statement.key for r in finding.rivals]
    words = {"en": ("added", "more engaging", "more people"), "fr": ("ajoutée", "plus engageants", "plus de monde")}
    for lang, rises in words.items():
        told = " ".join(say(m, lang) for m in (finding.claim, *(r.statement for r in finding.rivals)))
        assert not any(rise in told for rise in rises)


def test_a_contrast_without_views_names_nothing_per_view() -> None:
    """Likes only, twice as many: found, not identified, views are missing, and nothing is said per view."""
    rows = pages(1, ratio=2.0, sd=0.3)
    rows["post_metrics"] = [PostMetrics(platform="x", post_id=m.post_id, likes=m.likes, reposts=3) for m in rows["post_metrics"]]
    finding = ask(rows)
    assert ("found", "not_identified", "likes") == (finding.verdict, finding.grade, finding.effect.metric)  # type: ignore[union-attr]
    assert ["exposure"] == [u["part"] for u in finding.units]
    assert {("push", "not_tested"), ("interest", "not_tested")} == {(r.name, r.status) for r in finding.rivals}
    assert "amplification.missing.views" in {n.key for n in finding.notes}
    told = " ".join(say(m, "en") for m in (finding.claim, *finding.notes))
    assert "per view" not in told


def test_intervals_of_a_contrast_are_of_95_percent_at_any_alpha() -> None:
    """Texts call them so: another level of the tests leaves them as they are."""
    ends = [(e.low, e.high, e.level) for alpha in (0.05, 0.2) if (e := ask(pages(2), alpha=alpha).effect) is not None]
    assert ends[0] == ends[1]
    assert 0.95 == ends[0][2]


def test_engagement_unknown_of_paid_posts_only_names_nothing() -> None:
    """Half of the paid posts have no likes known: counted, not taken for zero, and neither explanation is named."""
    rows = pages(1, ratio=3.0, sd=0.3)
    paid = {label.post_id for label in rows["post_labels"] if label.value == "1"}
    rows["post_metrics"] = [
        msgspec.structs.replace(m, likes=None, reposts=1) if m.post_id in paid and k % 2 else msgspec.structs.replace(m, reposts=1)
        for k, m in enumerate(rows["post_metrics"])
    ]
    finding = ask(rows)
    assert ("found", "not_identified") == (finding.verdict, finding.grade)
    assert {"contrast_unengaged", "contrast_unknown"} <= set(noted(finding))
    assert finding.units[1]["ratio"] == pytest.approx(1, abs=0.15)
