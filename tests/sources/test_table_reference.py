"""Are the reference files read whole, with the counts their authors and other tools give?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from agorascope.records import Account, AccountCounter, Group, Panel, Post, PostMetrics
from tests.sources.tables import mapped, only, tally

Find = Callable[[str], Path]
DAY = 86_400_000_000
GRAHAM = "amplification/graham_andrejevic_2024/"
RATIO = "amplification/fivethirtyeight_twitter_ratio/"
COUNTS = {
    f"{RATIO}realDonaldTrump.csv": ("generic", {"Post": 3232, "PostMetrics": 2878}),
    f"{RATIO}BarackObama.csv": ("generic", {"Post": 3207, "PostMetrics": 2856}),
    "coordination/mango/reddit_vm.csv": ("generic", {"Post": 1566, "PostMetrics": 1566}),
    "coordination/mango/fake_data.csv": ("generic", {"Post": 100}),
    "coordination/mango/hashtag_test_input.csv": ("generic", {"Post": 100}),
    "amplification/uci_facebook_metrics/dataset_Facebook.csv": ("generic", {"Post": 500, "PostMetrics": 500}),
    f"{GRAHAM}weekly_panel.csv": ("panel", {"Panel": 1290, "Group": 430}),
    f"{GRAHAM}weekly_groups.csv": ("panel", {"Panel": 344}),
    f"{GRAHAM}coverage_check_musk.csv": ("panel", {"Panel": 172}),
    f"{GRAHAM}released_ids_per_day.csv": ("panel", {"Panel": 596}),
    "amplification/buzzfeed_fb_weekly/page-engagement-by-week.csv": ("panel", {"Panel": 419947}),
    "amplification/buzzfeed_fb_weekly/fox-vs-occupy-engagement-by-week.csv": ("panel", {"Panel": 236}),
    "amplification/buzzfeed_fb_weekly/fb-page-info-summary.csv": (
        "accounts",
        {"Account": 452, "AccountCounter": 452, "Group": 452},
    ),
    "amplification/musk_independent_tracker/daily_posts.csv": ("panel", {"Panel": 2782}),
    "amplification/musk_independent_tracker/daily_followers_and_statuses.csv": ("counters", {"AccountCounter": 800}),
    "coordination/ira/nbc_ira_users.csv": ("accounts", {"Account": 454, "AccountCounter": 384}),
    "coordination/ira/ira_authors.csv": ("accounts", {"Account": 2856, "Group": 2856}),
    "coordination/russian_coord_tweets.parquet": ("shares", {"Post": 35125, "PostObject": 35125}),
    "networks/classic/karate_edges.csv": ("graph", {"Edge": 78}),
    "networks/classic/karate_nodes.csv": ("groups", {"Group": 34}),
    "networks/classic/polblogs_edges_directed.csv": ("graph", {"Edge": 19090}),
    "networks/classic/polblogs_nodes.csv": ("groups", {"Group": 1490, "Account": 1490}),
    "networks/classic/polbooks_nodes.csv": ("groups", {"Group": 105, "Account": 105}),
    "networks/cascades/twitter15_cascades.csv": ("cascades", {"Group": 1490}),
    "networks/cascades/twitter15_nodes.parquet": ("cascades", {"TreeNode": 599196}),
    "networks/salloum/edges.parquet": ("graph", {"Edge": 487681}),
    "networks/garimella/nodes.parquet": ("groups", {"Group": 298513}),
    "networks/polis/vtaiwan.uberx/participants-votes.csv": ("ratings", {"Group": 1219, "Rating": 49443}),
    "networks/polis/vtaiwan.uberx/comments.csv": ("generic", {"Post": 197}),
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_row_of_a_reference_file_is_mapped(shared: Find, name: str) -> None:
    """No row is refused, and the records are as many as the rows say."""
    found, rows, reasons = mapped(shared(name))
    seen = tally(rows)
    assert (COUNTS[name], []) == ((found, {kind: seen.get(kind) for kind in COUNTS[name][1]}), reasons)


def test_the_ratio_file_says_who_when_and_how_many(shared: Find) -> None:
    """The newest tweet of the file: id from its address, minute declared, counts as published."""
    _, rows, _ = mapped(shared(f"{RATIO}realDonaldTrump.csv"))
    post, counts = only(rows, Post)[0], only(rows, PostMetrics)[0]
    assert ("x", "922440008971292672", "realDonaldTrump", 1508761800000000) == (
        post.platform, post.post_id, post.account_id, post.created_at_us,
    )  # fmt: skip
    assert (49468, 10243, 46228) == (counts.likes, counts.reposts, counts.replies)
    assert 3232 == len({p.post_id for p in only(rows, Post)})
    assert 354 == sum(p.kind == "repost" for p in only(rows, Post))


def test_the_study_panel_sums_to_its_published_totals(shared: Find) -> None:
    """The weekly posts of the owner sum to 17,590 within the digitising error; weeks start on Monday."""
    _, rows, _ = mapped(shared(f"{GRAHAM}weekly_panel.csv"))
    posts = [p for p in only(rows, Panel) if p.metric == "posts"]
    assert 17594 == pytest.approx(
        sum(p.value for p in posts if p.account_id.lower() in ("musk", "elonmusk", "elon musk")), rel=1e-3
    )
    assert {7 * DAY} == {p.period_us for p in posts}
    assert (1704067200000000, 10) == (min(p.period_start_us for p in posts), len({p.account_id for p in posts}))


def test_the_coverage_files_name_what_they_compare(shared: Find) -> None:
    """Captured posts stand beside the account's own counter, ids beside their repeats."""
    _, rows, _ = mapped(shared(f"{GRAHAM}coverage_check_musk.csv"))
    assert {"posts", "counter_posts", "coverage", "profile_counter"} == {p.metric for p in only(rows, Panel)}
    last = {p.metric: p.value for p in only(rows[-1:], Panel)}
    assert (189.0, 831.0, 0.227) == (last["posts"], last["counter_posts"], last["coverage"])
    _, rows, _ = mapped(shared(f"{GRAHAM}released_ids_per_day.csv"))
    total = {m: sum(p.value for p in only(rows, Panel) if p.metric == m) for m in ("posts", "duplicate_posts")}
    assert {"posts": 58538.0, "duplicate_posts": 1707.0} == total


def test_the_big_panel_keeps_reactions_by_kind(shared: Find) -> None:
    """452 pages, 4,020,255 posts, no love reaction before the week of 21 February 2016."""
    _, rows, _ = mapped(shared("amplification/buzzfeed_fb_weekly/page-engagement-by-week.csv"))
    panel = only(rows, Panel)
    assert (452, 4_020_255.0) == (len({p.account_id for p in panel}), sum(p.value for p in panel if p.metric == "posts"))
    loves = [p for p in panel if p.metric == "reactions_love"]
    assert 0.0 == sum(p.value for p in loves if p.period_start_us < 1456012800000000)
    assert 641_240.0 == sum(p.value for p in loves if p.period_start_us == 1456012800000000)


def test_the_campaign_file_keeps_every_row_and_its_kind(shared: Find) -> None:
    """172,825 posts without ids: 8,509 reposts, 9,669 quotes."""
    found, rows, reasons = mapped(shared("coordination/ira/ira_text_2017_08_english.parquet"))
    posts = only(rows, Post)
    assert ("generic", 172_825, []) == (found, len(posts), reasons)
    assert (8509, 9669, {""}) == (
        sum(p.kind == "repost" for p in posts), sum(p.kind == "quote" for p in posts), {p.post_id for p in posts},
    )  # fmt: skip


def test_accounts_keep_creation_group_and_followers(shared: Find) -> None:
    """384 of the 454 accounts have a creation date; 310 pages are right, 142 left."""
    _, rows, _ = mapped(shared("coordination/ira/nbc_ira_users.csv"))
    assert 384 == sum(a.created_at_us is not None for a in only(rows, Account))
    _, rows, _ = mapped(shared("amplification/buzzfeed_fb_weekly/fb-page-info-summary.csv"))
    assert (310, 142) == tuple(sum(g.group_name == side for g in only(rows, Group)) for side in ("right", "left"))
    assert 96322 == only(rows, AccountCounter)[0].followers
