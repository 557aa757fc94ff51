"""Do the exports of 4CAT, minet, CrowdTangle, Talkwalker and Brandwatch come out whole, with their traps avoided?"""

import csv
import io
from pathlib import Path

import pytest

from agorascope.records import Account, AccountCounter, Post, PostMetrics, PostObject
from agorascope.sources import brandwatch, sources
from agorascope.sources.reading import probe, remarks
from agorascope.texts import LANGUAGES, say
from tests.sources.tables import FIXTURES, fixture, only, sample, tally

COUNTS = {
    "fourcat.csv": ("fourcat", {"Post": 3, "PostMetrics": 2, "Account": 3, "PostObject": 10}),
    "fourcat_instagram.csv": ("fourcat", {"Post": 1, "PostMetrics": 1, "Account": 1, "PostObject": 2}),
    "minet.csv": ("minet", {"Post": 2, "PostMetrics": 1, "Account": 2, "AccountCounter": 2, "PostObject": 9}),
    "crowdtangle.csv": (
        "crowdtangle",
        {"Post": 2, "PostMetrics": 2, "Account": 2, "AccountCounter": 1, "PostObject": 4, "PostLabel": 2},
    ),
    "crowdtangle_instagram.csv": (
        "crowdtangle",
        {"Post": 1, "PostMetrics": 1, "Account": 1, "AccountCounter": 1, "PostObject": 2, "PostLabel": 1},
    ),
    "talkwalker.csv": ("talkwalker", {"Post": 2, "PostMetrics": 2, "Account": 2, "PostObject": 2, "PostLabel": 2}),
    "brandwatch.csv": ("brandwatch", {"Post": 3, "PostMetrics": 2, "Account": 3, "AccountCounter": 2, "PostObject": 6}),
}


@pytest.mark.parametrize("name", COUNTS)
def test_an_export_is_recognised_and_counted(name: str) -> None:
    """Each export is read by its own source, no row refused."""
    found, rows, reasons = fixture(name)
    assert (*COUNTS[name], []) == (found, tally(rows), reasons)


def test_fourcat_kinds_and_lists() -> None:
    """Flags give the kind, names the account referred to; a comma inside an address stays there."""
    _, rows, _ = fixture("fourcat.csv")
    assert [("original", None), ("repost", "lea"), ("reply", "lea")] == [(p.kind, p.ref_account_id) for p in only(rows, Post)]
    assert ["https://example.fr/1,2.html", "https://example.org/b"] == [o.value for o in only(rows, PostObject) if o.kind == "url"]
    assert [(1500, 20), (80, 2)] == [(m.views, m.likes) for m in only(rows, PostMetrics)]


def test_fourcat_hidden_likes_are_null() -> None:
    """Instagram's -1 is a hidden count, not a count."""
    _, rows, _ = fixture("fourcat_instagram.csv")
    assert ("instagram", "CabcdEFG") == (only(rows, Post)[0].platform, only(rows, Post)[0].post_id)
    assert (None, 3) == (only(rows, PostMetrics)[0].likes, only(rows, PostMetrics)[0].replies)


def test_minet_times_and_references() -> None:
    """UTC is read, not the collector's local time; the retweet keeps its original and no counts."""
    _, rows, _ = fixture("minet.csv")
    first, second = only(rows, Post)
    assert (1614675600000000, "declared") == (first.created_at_us, first.created_at_source)
    assert ("repost", "1366700000000000001", "101") == (second.kind, second.repost_of, second.ref_account_id)
    assert [1614679205123456] == [m.observed_at_us for m in only(rows, PostMetrics)]
    assert [1262304000000000, 1270000000000000] == [a.created_at_us for a in only(rows, Account)]


def test_crowdtangle_zone_separators_and_views() -> None:
    """EDT is four hours behind UTC; thousands have commas; 0 views of a link are not a count."""
    _, rows, _ = fixture("crowdtangle.csv")
    assert [1625604320000000, 1638827120000000] == [p.created_at_us for p in only(rows, Post)]
    assert ["10160000000000001", "10160000000000002"] == [p.post_id for p in only(rows, Post)]
    assert [(None, None, 1234), (12000, "measured", 10)] == [(m.views, m.views_kind, m.likes) for m in only(rows, PostMetrics)]
    assert [1562141] == [c.followers for c in only(rows, AccountCounter)]
    assert "https://example.org/article" == only(rows, PostObject)[0].value


def test_talkwalker_reach_says_its_kind() -> None:
    """Reach is followers on X and an estimate for an article; an article is known by its address."""
    _, rows, _ = fixture("talkwalker.csv")
    assert [(350, "followers_proxy"), (1200000, "vendor_reach")] == [(m.views, m.views_kind) for m in only(rows, PostMetrics)]
    tweet, article = only(rows, Post)
    assert ("x", "1810000000000000001", "Premier message") == (tweet.platform, tweet.post_id, tweet.text)
    assert ("news", "https://journal.example.fr/politique/article-1") == (article.platform, article.post_id)
    assert "Un titre\n\nLe corps de l'article" == article.text


def test_brandwatch_is_found_below_its_preamble() -> None:
    """The lines about the query are passed over; shares are reposts; sentiment words become numbers."""
    _, rows, _ = fixture("brandwatch.csv")
    assert [("original", -1.0), ("repost", -1.0), ("original", 0.0)] == [(p.kind, p.vendor_sentiment) for p in only(rows, Post)]
    assert ["1785600000000000001", "1785600000000000002", "https://news.example.org/a-headline"] == [
        p.post_id for p in only(rows, Post)
    ]
    assert [(120, "vendor_reach", 20, 4, 1), (900, "vendor_reach", None, None, None)] == [
        (m.views, m.views_kind, m.likes, m.reposts, m.replies) for m in only(rows, PostMetrics)
    ]
    assert "Brandwatch" in (brandwatch.recognise(sample("Report:,Mentions", "Brand:,Example")) or "")


def test_a_tools_export_is_asked_before_a_generic_table() -> None:
    """The most particular source has the first word."""
    names = list(sources())
    assert all(
        names.index(name) < names.index("generic")
        for name in ("fourcat", "minet", "crowdtangle", "talkwalker", "brandwatch", "panel")
    )


NEEDED = [
    ("talkwalker.csv", ["reach"], "Talkwalker"),
    ("talkwalker.csv", ["published", "indexed"], "Talkwalker"),
    ("brandwatch.csv", ["Query Name"], "Brandwatch"),
    ("crowdtangle.csv", ["User Name"], "CrowdTangle"),
    ("crowdtangle_instagram.csv", ["User Name"], "CrowdTangle"),
    ("fourcat.csv", ["author"], "4CAT"),
    ("minet.csv", ["timestamp_utc"], "minet"),
]


@pytest.mark.parametrize(("name", "dropped", "title"), NEEDED)
def test_an_export_that_lacks_a_column_looks_like_one(name: str, dropped: list[str], title: str, tmp_path: Path) -> None:
    """It is read by the names of its columns; the remark says what it looks like and lacks, in both languages."""
    plan = probe(_without(name, dropped, tmp_path))
    said = remarks(plan)[0]
    assert ("generic", title, dropped[:1]) == (plan.source, said.args["vendor"], said.args["missing"])
    assert all(title in say(said, lang) and dropped[0] in say(said, lang) for lang in LANGUAGES)


def test_counts_left_aside_are_named(tmp_path: Path) -> None:
    """The counts only the tool's own source reads are listed."""
    said = remarks(probe(_without("talkwalker.csv", ["engagement"], tmp_path)))[0]
    prefix = "article_extended_attributes."
    assert {prefix + "twitter_likes", prefix + "facebook_likes", prefix + "twitter_retweets"} <= set(said.args["counts"])
    assert "were left aside" in str(said)


@pytest.mark.parametrize("name", COUNTS)
def test_a_whole_export_looks_like_no_other(name: str) -> None:
    """A file its own source reads is told nothing of the kind."""
    assert not any(said.key.startswith("sources.looks_like") for said in remarks(probe(FIXTURES / name)))


def test_talkwalker_is_known_by_either_date(tmp_path: Path) -> None:
    """The date of publication is enough."""
    assert "talkwalker" == probe(_without("talkwalker.csv", ["indexed"], tmp_path)).source
    assert "talkwalker" == probe(_without("talkwalker.csv", ["published"], tmp_path)).source


def test_when_a_page_was_made_is_no_time_to_be_told_of(tmp_path: Path) -> None:
    """CrowdTangle gives the zone of posts and none of pages, which nothing asks; a post without one is told, by column."""
    assert "sources.no_zone" not in [said.key for said in remarks(probe(FIXTURES / "crowdtangle.csv"))]
    file = tmp_path / "a.csv"
    file.write_text((FIXTURES / "crowdtangle.csv").read_text("utf-8").replace(" EDT", "").replace(" EST", ""), "utf-8")
    assert [["Post Created"]] == [said.args["columns"] for said in remarks(probe(file)) if said.key == "sources.no_zone"]


def _without(name: str, dropped: list[str], folder: Path) -> Path:
    """Write a fixture without some columns."""
    text = (FIXTURES / name).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    head = next(row for row in rows if dropped[0] in row)
    kept = [i for i, column in enumerate(head) if column not in dropped]
    with (folder / name).open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([[row[i] for i in kept] for row in rows if len(row) == len(head)])
    return folder / name
