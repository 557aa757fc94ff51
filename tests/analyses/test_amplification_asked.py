"""Is what was asked done or refused: names, platforms, dates, counts, topics, and parameters that do not go together?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses.amplification import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import Group, Post, PostMetrics, to_arrow
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import say
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

WEEK_US = 7 * DAY_US
DATE = str(np.datetime64(START_US + 27 * WEEK_US, "us").astype("datetime64[D]"))


def world(accounts: int = 25, **more: Any) -> dict[str, pa.Table]:
    """Make the panel of a world with one account pushed at week 27."""
    planted = audience.AudienceWorld(mechanism="push", size=2.5, treated=1, accounts=accounts, noise=0.2, **more)
    return audience_tables.panel_tables(planted, 3)


def audit(tables: dict[str, pa.Table], **params: Any) -> Finding:
    """Audit these tables with few draws."""
    return said(run(memory_corpus(tables), Params(**{"draws": 99} | params)))


def moved(tables: dict[str, pa.Table], account: str, platform: str) -> dict[str, pa.Table]:
    """Put the panel of one account on another platform."""
    rows = tables["panels"].to_pylist()
    for row in rows:
        row["platform"] = platform if row["account_id"] == account else row["platform"]
    return tables | {"panels": pa.Table.from_pylist(rows, tables["panels"].schema)}


def listed(tables: dict[str, pa.Table], **groups: str) -> dict[str, pa.Table]:
    """Add groups, their members separated by blanks."""
    made = [Group(platform="x", account_id=a, group_name=g) for g, members in groups.items() for a in members.split()]
    return tables | {"groups": to_arrow("groups", list(made))}


def test_accounts_named_on_two_platforms_are_refused() -> None:
    """One audited account on another platform than the other: the audit says where each is, and what to do."""
    with pytest.raises(BadValue, match=r"a00 \(.*a05 \(elsewhere\).*once for each"):
        audit(moved(world(), "a05", "elsewhere"), treated="a00,a05", date=DATE)
    with pytest.raises(BadValue, match="unlike platforms"):
        audit(moved(world(), "a05", "elsewhere"), treated="a00", controls="a05,a06,a07", date=DATE)


def test_members_of_groups_without_posts_are_counted() -> None:
    """A member on another platform and one that never wrote are in the gates and named in a note."""
    tables = listed(moved(world(), "a05", "elsewhere"), pushed="a00 a01 a05 never")
    finding = audit(tables, treated="pushed", date=DATE)
    assert [2.0] == [r["number"] for r in finding.tables["gates"].to_pylist() if r["gate"] == "absent"]
    assert ["a05", "never"] == next(n.args["names"] for n in finding.notes if n.key.endswith(".absent"))


def test_the_default_count_is_one_of_the_platform_compared() -> None:
    """Views on another platform do not stop an audit of accounts of which only likes are known."""
    tables = world()
    rows = [r for r in tables["panels"].to_pylist() if r["metric"] in ("posts", "views")]
    far = [r | {"platform": "elsewhere", "account_id": "far"} for r in rows if r["account_id"] == "a03"]
    near = [r | {"metric": {"views": "likes"}.get(r["metric"], r["metric"])} for r in rows]
    finding = audit({"panels": pa.Table.from_pylist(near + far, tables["panels"].schema)}, treated="a00", date=DATE)
    assert "likes" == finding.effect.metric  # type: ignore[union-attr]


def test_one_account_in_two_groups_is_refused_truly_and_only_where_named() -> None:
    """A control in two groups, one of them named, is refused as such; in two that nobody named, it is not."""
    tables = listed(world(), treated="a00", one="a05 a06 a07 a08", two="a05")
    named = audit(tables, treated="a00", controls="one", date=DATE)
    assert ("roles", "amplification.claim.roles_groups") == (named.gate, named.claim.key)
    assert "two" in say(named.claim, "fr")
    assert audit(tables, treated="a00", date=DATE).gate is None


@pytest.mark.parametrize("controls", ["a05", ",", "a05,a00x"])
def test_fewer_than_two_controls_named_are_refused(controls: str) -> None:
    """One control, none, or one of two without a count: refused by the gate, the account's own break in a note."""
    tables = listed(world(), a00x="never")
    finding = audit(tables, treated="a00", controls=controls, date=DATE)
    assert ("insufficient", None, "controls") == (finding.verdict, finding.grade, finding.gate)
    assert "amplification.note.own_break" == finding.notes[0].key
    assert say(finding.notes[0], "fr").startswith("Considérés seuls")
    assert ["fault"] == [r["status"] for r in finding.tables["gates"].to_pylist() if r["gate"] == "controls"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"treated": "a00", "date": "1999-01-01"}, r"outside of the data; the data run from \d{4}-"),
        ({"treated": "a00", "since": "2024-06-01", "until": "2024-05-01"}, "after until"),
        ({"treated": "a00", "date": DATE, "until": "2024-01-31"}, "outside of since and until"),
        ({"treated": "a00", "strata": "format"}, "nothing is contrasted"),
        ({"treated": "a00", "topic": "typo"}, "only sums are given"),
        ({"date": DATE}, "date does nothing in a screen"),
        ({"trends": True}, "trends does nothing in a screen"),
        ({"recipe": True}, "recipe does nothing in a screen"),
        ({"controls": "a05,a06"}, "controls does nothing in a screen"),
        ({"treated": ",", "date": DATE}, "which names nobody"),
        ({"treated": "a00", "bin": "day"}, "bin is 'day', but only sums"),
        ({"treated": "a00", "young_s": 0}, "young_s is 0, but only sums"),
    ],
)
def test_what_would_do_nothing_is_refused(params: dict[str, Any], said: str) -> None:
    """Every parameter that a mode does not read, and every time outside of the data, is refused with the reason."""
    with pytest.raises(BadValue, match=said):
        audit(world(), **params)


def test_a_topic_that_no_post_bears_is_refused_with_those_there_are() -> None:
    """A hashtag mistyped names those that posts bear."""
    planted = audience.AudienceWorld(mechanism="interest", size=2.5, treated=1, accounts=12, posts=3.0)
    tables = audience_tables.tables(planted, 1)
    assert "post_objects" in tables
    with pytest.raises(BadValue, match=r"topic is 'typo'; use a hashtag of these posts: \w+"):
        audit(tables, treated="treated", date=DATE, topic="typo")


def test_a_count_of_another_platform_does_not_make_its_posts_readable() -> None:
    """Posts with counts on one platform and sums on the other: the sums are read where the accounts are."""
    post = Post(platform="elsewhere", post_id="1", account_id="far", kind="original", created_at_us=START_US)
    metrics = PostMetrics(platform="elsewhere", post_id="1", views=5, views_kind="measured")
    posts = {"posts": to_arrow("posts", [post]), "post_metrics": to_arrow("post_metrics", [metrics])}
    finding = audit(world() | posts, treated="a00", date=DATE)
    assert "found" == finding.verdict


@pytest.mark.parametrize("params", [{"treated": "a00", "controls": "a05"}, {"treated": "treated", "controls": "others,a00"}])
def test_a_recipe_that_was_not_run_is_said(params: dict[str, Any]) -> None:
    """With one control, or a gate that refuses, the recipe asked for is not run, and a note says so."""
    finding = audit(world(), date=DATE, recipe=True, **params)
    assert "recipe" not in finding.tables
    assert ["recipe"] == next(n.args["names"] for n in finding.notes if n.key.endswith(".not_run"))
    assert not any(n.key.endswith(".not_run") for n in audit(world(), treated="a00", date=DATE, recipe=True).notes)


def test_the_query_of_the_evidence_gives_all_of_it() -> None:
    """Of sums and of posts: as many rows as the total says, of the platform, the kind and the counts that were used."""
    planted = audience.AudienceWorld(mechanism="push", size=2.5, treated=1, accounts=12, posts=3.0)
    posts = audience_tables.tables(planted, 1)
    rows = [r | {"views": None if k % 3 == 0 else r["views"]} for k, r in enumerate(posts["post_metrics"].to_pylist())]
    posts |= {"post_metrics": pa.Table.from_pylist(rows, posts["post_metrics"].schema)}
    for tables in (world(), posts):
        finding = audit(tables, treated="treated", date=DATE)
        assert 0 < finding.evidence_total == memory_corpus(tables).query(finding.evidence_query).num_rows


def test_reposts_of_accounts_not_compared_are_not_counted() -> None:
    """The gate counts the reposts of the accounts compared."""
    planted = audience.AudienceWorld(mechanism="push", size=2.5, treated=1, accounts=12, posts=3.0)
    tables = audience_tables.tables(planted, 1)
    first = tables["posts"].to_pylist()[0]
    more = [first | {"post_id": f"r{who}", "kind": "repost", "account_id": who} for who in ("a00", "a11")]
    own = sum(r["kind"] == "repost" and r["account_id"] != "a11" for r in tables["posts"].to_pylist())
    rows = pa.concat_tables([tables["posts"], pa.Table.from_pylist(more, tables["posts"].schema)])
    finding = audit(tables | {"posts": rows}, treated="a00", controls=",".join(f"a{k:02}" for k in range(1, 11)), date=DATE)
    assert own + 1 == next(r["number"] for r in finding.tables["gates"].to_pylist() if r["gate"] == "reposts")
