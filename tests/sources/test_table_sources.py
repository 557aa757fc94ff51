"""Do the table sources read their own shapes, and say why a table is not theirs?"""

from dataclasses import replace
from pathlib import Path

import pytest

from agorascope.errors import BadRecord, BadValue
from agorascope.records import (
    Edge,
    Group,
    Margin,
    Panel,
    Post,
    PostMetrics,
    PostObject,
    TreeNode,
)
from agorascope.sources import generic, graph, groups, panel, source
from agorascope.sources.columns import platform_name
from tests.sources.tables import fixture, mapped, only, sample, tally

DAY = 86_400_000_000
COUNTS = {
    "generic.csv": ("generic", {"Post": 4, "PostMetrics": 2, "AccountCounter": 4, "PostObject": 5}, 1),
    "generic_fr.csv": ("generic", {"Post": 2, "PostMetrics": 2, "AccountCounter": 1, "PostObject": 2}, 0),
    "generic_cp1252.csv": ("generic", {"Post": 1}, 0),
    "generic.jsonl": ("generic", {"Post": 2, "PostMetrics": 1, "Account": 2, "PostObject": 2}, 0),
    "generic_labels.csv": ("generic", {"Post": 3, "PostMetrics": 3, "PostLabel": 17}, 0),
    "panel.csv": ("panel", {"Panel": 12, "Group": 3}, 0),
    "panel_wide.csv": ("panel", {"Panel": 8}, 0),
    "engagement_by_month.csv": ("panel", {"Panel": 4}, 0),
    "shares.csv": ("shares", {"Post": 2, "PostObject": 2}, 1),
    "graph.csv": ("graph", {"Edge": 2}, 1),
    "cascades.csv": ("cascades", {"TreeNode": 4}, 0),
    "ratings.csv": ("ratings", {"Group": 1, "Rating": 2}, 0),
    "ratings_votes.csv": ("ratings", {"Rating": 4}, 0),
    "events.csv": ("events", {"Event": 2}, 1),
    "groups.csv": ("groups", {"Group": 2}, 1),
    "accounts.csv": ("accounts", {"Account": 2, "AccountCounter": 1, "Group": 1}, 0),
    "margins.csv": ("margins", {"Margin": 4}, 1),
    "margins_fr.csv": ("margins", {"Margin": 2}, 0),
    "counters.csv": ("counters", {"AccountCounter": 2}, 0),
    "registration_records.csv": ("registration-records", {"Edge": 4}, 1),
    "registration_records_fr.csv": ("registration-records", {"Edge": 4}, 1),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_fixture_is_recognised_and_counted(name: str) -> None:
    """Each shape is read by its own source: so many rows, so many refused."""
    found, rows, reasons = fixture(name)
    assert COUNTS[name] == (found, tally(rows), len(reasons))


@pytest.mark.parametrize(("shares", "refused"), [
    (("0.7", "0.4", "0.3"), 3), (("0.35", "0.35", "0.31"), 0), (("70 %", "40 %", "30 %"), 3), (("0.5", "0.2", "0.1"), 0),
])  # fmt: skip
def test_margins_beyond_the_whole_are_refused_with_their_sum(tmp_path: Path, shares: tuple[str, ...], refused: int) -> None:
    """Shares of a trait that add up to 1.4 go to quarantine with trait and sum; rounding and other traits pass."""
    lines = [f"age,a{i},{share}" for i, share in enumerate(shares)] + ["sex,f,0.5", "sex,m,0.5"]
    (tmp_path / "town.csv").write_text("\n".join(["variable,category,share", *lines]), "utf-8")
    found, rows, reasons = mapped(tmp_path / "town.csv")
    assert ("margins", refused, 5 - refused) == (found, len(reasons), len(rows))
    assert all("the shares of age add up to 1.4 in this file, not to 1" in reason for reason in reasons)


def test_margins_are_shares_of_one_named_population() -> None:
    """The population is the column's, else the file's name; 42 % is 0.42, 48 without its sign is refused."""
    _, rows, reasons = fixture("margins.csv")
    assert [0.28, 0.42, 0.3, 0.52] == [row.share for row in only(rows, Margin)]
    assert [("margins", "age", "35-59")] == [(r.population, r.variable, r.category) for r in only(rows, Margin)[1:2]]
    assert ["48 has no % sign"] == [str(r).partition(":")[0] for r in reasons]
    assert {"France"} == {row.population for row in only(fixture("margins_fr.csv")[1], Margin)}


def test_a_post_of_a_generic_table() -> None:
    """Id, account, time, permalink, counts and objects come from their columns; the address gives the platform."""
    _, rows, reasons = fixture("generic.csv")
    post, counts = only(rows, Post)[0], only(rows, PostMetrics)[0]
    assert ("x", "1790000000000000001", "marie_l", 1715587200000000) == (
        post.platform,
        post.post_id,
        post.account_id,
        post.created_at_us,
    )
    assert (1200, "measured", 10, 2, 1, None) == (
        counts.views,
        counts.views_kind,
        counts.likes,
        counts.reposts,
        counts.replies,
        counts.quotes,
    )
    assert "https://x.com/marie_l/status/1790000000000000001" == post.permalink
    assert ["'not a date' is not a time"] == reasons


def test_a_repost_told_by_its_text_has_no_counts() -> None:
    """``RT @marie_l:`` is a repost of marie_l, whose counts are not its own."""
    _, rows, _ = fixture("generic.csv")
    post = only(rows, Post)[1]
    assert ("repost", "marie_l") == (post.kind, post.ref_account_id)
    assert [] == only([rows[1]], PostMetrics)


def test_hidden_counts_are_null_and_the_id_gives_the_time() -> None:
    """A row whose counts are all hidden has none; a time absent from the row is decoded from the id and says so."""
    _, rows, _ = fixture("generic.csv")
    assert [] == only([rows[2]], PostMetrics)
    post = only([rows[3]], Post)[0]
    assert ("derived", 1715604231248000, None) == (post.created_at_source, post.created_at_us, post.language)


@pytest.mark.parametrize(
    ("header", "row", "time"),
    [
        ("tweet_id,text", "922440008971292672,a", (1508761810902000, "derived")),
        ("Tweet ID,text,date", "922440008971292672,a,", (1508761810902000, "derived")),
        ("tweet_id,text,date", "922440008971292672,a,2024-03-01", (1709251200000000, "declared")),
        ("tweet_id,text", "12,a", (None, None)),
        ("tweet_id,text,platform", "922440008971292672,a,facebook", (None, None)),
        ("status_id,text", "922440008971292672,a", (None, None)),
        ("id,text", "922440008971292672,a", (None, None)),
    ],
)
def test_an_id_of_a_tweet_by_its_column_gives_the_time(header: str, row: str, time: tuple[int | None, str | None]) -> None:
    """Where no platform and no time is said; a status may be of Mastodon or Facebook, and an id of anybody."""
    table = sample(header, row)
    post = source("generic").mapper(table)(table.rows[0])[0]
    assert isinstance(post, Post)
    assert time == (post.created_at_us, post.created_at_source)
    assert post.platform in ("unknown", "facebook")


def test_a_french_table() -> None:
    """French columns, semicolons, day-first dates and spaces in thousands are read."""
    _, rows, _ = fixture("generic_fr.csv")
    first, second = only(rows, Post)
    assert ("facebook", "1001", "Zoé Martin", "fr", "FR", 1711391400000000) == (
        first.platform, first.post_id, first.account_id, first.language, first.place, first.created_at_us,
    )  # fmt: skip
    assert (1712127900000000, "") == (second.created_at_us, second.post_id)
    assert ["https://exemple.fr/article"] == [o.value for o in only(rows, PostObject) if o.kind == "url"]
    assert 1250 == only(rows, PostMetrics)[0].views


def test_columns_given_by_the_user_come_first() -> None:
    """``--columns`` maps what no name tells; a column the file lacks, or a name nobody has, is said."""
    given = replace(
        sample("wer,was,wann", "ana,Hallo,2024-01-02"), columns={"account_id": "wer", "text": "was", "created_at": "wann"}
    )
    assert generic.recognise(given) is None
    assert ("ana", "Hallo") == (generic.mapper(given)(["ana", "Hallo", "2024-01-02"])[0].account_id, "Hallo")
    assert "wort" in (generic.recognise(replace(given, columns={"wort": "was"})) or "")
    said = replace(given, columns={"author": "wer", "texte": "was"})
    assert generic.recognise(said) is None
    assert ("ana", "Hallo") == (lambda p: (p.account_id, p.text))(generic.mapper(said)(["ana", "Hallo", "2024-01-02"])[0])
    with pytest.raises(BadValue, match="nope"):
        generic.mapper(replace(given, columns={"text": "nope"}))


def test_constants_give_platform_order_and_zone() -> None:
    """The platform, the order of dates and their zone may be said for a whole file."""
    given = sample("user,date,text", "a,03/04/2024 12:00,b", platform="Twitter", date_order="dmy", timezone="Europe/Paris")
    post = generic.mapper(given)(["a", "03/04/2024 12:00", "b"])[0]
    assert ("x", 1712138400000000) == (post.platform, post.created_at_us)
    for wrong in ({"timezone": "Mars/Olympus"}, {"date_order": "ymd"}):
        with pytest.raises(BadValue):
            generic.mapper(sample("user,date,text", "a,1,b", **wrong))


def test_an_address_of_another_author_is_a_link() -> None:
    """A url is the post's own only where author or id agree."""
    given = sample("user,text,url", "ana,look,https://x.com/bob/status/1790000000000000001")
    post, *objects = generic.mapper(given)(given.rows[0])
    assert ("", None) == (post.post_id, post.permalink)
    assert {"url", "domain"} == {o.kind for o in objects}


def test_an_epoch_is_preferred_to_a_local_time() -> None:
    """Of two times the one that says its zone is read; a clock beside a date is joined to it."""
    given = sample("text,timestamp,created", "a,2021-02-27 06:33:45,1614400425.0")
    assert 1614400425000000 == generic.mapper(given)(given.rows[0])[0].created_at_us
    given = sample("text,date,time", "a,2021-02-27,06:33")
    assert 1614407580000000 == generic.mapper(given)(given.rows[0])[0].created_at_us


def test_a_source_column_is_a_platform_only_where_it_names_one() -> None:
    """The client that sent a post is not its platform."""
    given = sample("user,text,source", "a,b,Twitter for iPhone")
    assert "unknown" == generic.mapper(given)(given.rows[0])[0].platform
    given = sample("user,text,source", "a,b,Instagram")
    assert "instagram" == generic.mapper(given)(given.rows[0])[0].platform
    assert "x" == platform_name(" TWITTER ")


def test_weeks_months_and_metrics_of_a_panel() -> None:
    """A week is named by its last day, a month has its own length, an empty cell is null, an unknown metric keeps its name."""
    _, rows, _ = fixture("panel.csv")
    first = only(rows, Panel)[0]
    assert ("AOC", 1704067200000000, 7 * DAY, "posts", 4.0) == (
        first.account_id, first.period_start_us, first.period_us, first.metric, first.value,
    )  # fmt: skip
    assert ["posts", "views", "reactions_love", "own_metric"] == [p.metric for p in only(rows[:1], Panel)]
    assert [0.0, None, None, 0.25] == [p.value for p in only(rows[1:2], Panel)]
    assert ["D", "D", "R"] == [g.group_name for g in only(rows, Group)]
    _, rows, _ = fixture("engagement_by_month.csv")
    assert {31 * DAY, 29 * DAY} == {p.period_us for p in only(rows, Panel)}
    assert {("Page A", "engagement"), ("Page B", "engagement")} == {(p.account_id, p.metric) for p in only(rows, Panel)}


def test_a_wide_panel_names_metric_and_account() -> None:
    """``views_musk_panel`` is musk's views."""
    _, rows, _ = fixture("panel_wide.csv")
    assert [("musk", "posts"), ("musk", "views"), ("others", "posts"), ("others", "views")] == [
        (p.account_id, p.metric) for p in only(rows[:1], Panel)
    ]


@pytest.mark.parametrize(("dates", "length"), [("2024-01-01 2024-01-02 2024-01-03", 1), ("2024-01-07 2024-01-14 2024-01-21", 7)])
def test_the_length_of_a_period_follows_from_its_dates(dates: str, length: int) -> None:
    """A column of dates is daily or weekly as they follow each other."""
    given = sample("account,date,posts", *(f"a,{day},1" for day in dates.split()))
    assert panel.recognise(given) is None
    assert length * DAY == panel.mapper(given)(given.rows[0])[0].period_us


def test_times_of_day_or_texts_are_no_panel() -> None:
    """A table of single posts is not read as sums."""
    assert "whole days" in (panel.recognise(sample("account,date,likes", "a,2024-01-01 10:00,5")) or "")
    assert "single posts" in (panel.recognise(sample("account,date,text,likes", "a,2024-01-01,b,5")) or "")


def test_an_edge_and_a_node_share_the_name_of_a_local_node() -> None:
    """Node 0 of one network is not node 0 of another, in ties and in groups alike; real ids are kept."""
    _, rows, _ = fixture("graph.csv")
    edge = only(rows, Edge)[0]
    assert ("rt_a", "rt_a/0", "rt_a/1", 2.5, "retweet", 1704067200000000) == (
        edge.network, edge.source, edge.target, edge.weight, edge.layer, edge.at_us,
    )  # fmt: skip
    node = sample("network,node,side", "rt_a,0,1")
    assert "rt_a/0" == groups.mapper(node)(node.rows[0])[0].account_id
    plain = sample("network,source,target", "follows,ana,bob")
    assert ("follows", "ana") == (lambda e: (e.network, e.source))(graph.mapper(plain)(plain.rows[0])[0])


@pytest.mark.parametrize(("weight", "said"), [
    ("-2", "a tie of weight -2; weights are 0 or more"), ("inf", "'inf' is not a finite number"),
])  # fmt: skip
def test_a_tie_of_a_weight_that_is_none_is_refused(weight: str, said: str) -> None:
    """Less than no tie and an infinite one are refused with the reason; none given, or nan, is an unweighted tie; 0 stays."""
    tied = sample("source,target,weight", f"ana,bob,{weight}", "ana,bob,", "ana,bob,nan", "ana,bob,0")
    read = graph.mapper(tied)
    with pytest.raises(BadRecord) as refused:
        read(tied.rows[0])
    assert said == str(refused.value)
    assert [None, None, 0.0] == [edge.weight for edge in only([read(row) for row in tied.rows[1:]], Edge)]


def test_cascades_and_their_labels() -> None:
    """A root has no parent; minutes become microseconds; users are local to a cascade; a label is a group of the cascade."""
    _, rows, _ = fixture("cascades.csv")
    nodes = only(rows, TreeNode)
    assert [None, "0", None, "0"] == [n.parent for n in nodes]
    assert [0, 27_000_000, 0, -150_000_000] == [n.at_us for n in nodes]
    assert ["0/0", "0/1", "1/0", "1/3"] == [n.account_id for n in nodes]
    labels = sample("cascade,dataset,label,size", "3,t15,true_rumor,9")
    assert [Group("unknown", "cascade:3", "true_rumor")] == source("cascades").mapper(labels)(labels.rows[0])
