"""Do the JSON sources turn each record into the right rows, and every bad one into a reason?"""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Post, PostMetrics, Record
from agorascope.sources import Sample, source

FIXTURES = Path(__file__).parent / "fixtures"
FILES = {
    "x_v2.jsonl": ("x-v2", {"Post": 11, "PostMetrics": 8, "Account": 10, "AccountCounter": 10, "PostObject": 15}),
    "x_v2_pages.jsonl": ("x-v2", {"Post": 5, "PostMetrics": 3, "Account": 3, "AccountCounter": 3, "PostObject": 8, "rejected": 2}),
    "x_v1.jsonl": ("x-v1", {"Post": 8, "PostMetrics": 7, "Account": 8, "AccountCounter": 8, "PostObject": 18}),
    "zeeschuimer.ndjson": (
        "zeeschuimer",
        {"Post": 13, "PostMetrics": 11, "Account": 13, "AccountCounter": 9, "PostObject": 10, "rejected": 1},
    ),
    "jetstream.jsonl": ("jetstream", {"Post": 5, "Account": 4, "PostObject": 8}),
    "mastodon.jsonl": ("mastodon", {"Post": 8, "PostMetrics": 7, "Account": 8, "AccountCounter": 8, "PostObject": 14}),
}
REASONS = (BadRecord, msgspec.MsgspecError, ValueError, UnicodeDecodeError)


@cache
def lines(file: str) -> tuple[bytes, ...]:
    """Read the records of a fixture."""
    return tuple((FIXTURES / file).read_bytes().splitlines())


@cache
def mapper(file: str) -> Any:
    """Bind a fixture's source to it."""
    sample = Sample(file, "json", values=tuple(msgspec.json.decode(line) for line in lines(file)))
    return source(FILES[file][0]).mapper(sample)


def rows(file: str, record: int) -> list[Record]:
    """Map one record of a fixture, counted from 1."""
    return list(mapper(file)(lines(file)[record - 1]))


def first(file: str, record: int, kind: type[Any]) -> Any:
    """Give the first row of one kind which a record holds."""
    return next(row for row in rows(file, record) if isinstance(row, kind))


def carried(file: str, record: int) -> set[tuple[str, str]]:
    """List the objects of a record's own post."""
    post_id = first(file, record, Post).post_id
    return {(r.kind, r.value) for r in rows(file, record) if type(r).__name__ == "PostObject" and r.post_id == post_id}


def changed(file: str, record: int, **fields: Any) -> bytes:
    """Write a record again with other values."""
    return msgspec.json.encode(msgspec.json.decode(lines(file)[record - 1]) | fields)


@pytest.mark.parametrize("file", FILES)
def test_each_fixture_gives_its_exact_rows(file: str) -> None:
    """Every record of a fixture is rows, nothing to keep, or one named reason."""
    found: Counter[str] = Counter()
    for line in lines(file):
        try:
            found.update(type(row).__name__ for row in mapper(file)(line))
        except BadRecord:
            found["rejected"] += 1
    assert FILES[file][1] == found


@pytest.mark.parametrize("file", FILES)
def test_each_fixture_is_recognised_by_its_source_alone(file: str) -> None:
    """No two JSON sources claim the same file, and a refusal says why."""
    sample = Sample(file, "json", values=tuple(msgspec.json.decode(line) for line in lines(file)))
    refusals = {name: source(name).recognise(sample) for name in {name for name, _ in FILES.values()}}
    assert {FILES[file][0]} == {name for name, why in refusals.items() if why is None}
    assert all(why is None or len(why) > 20 for why in refusals.values())


@pytest.mark.parametrize("file", FILES)
def test_an_unknown_field_survives(file: str) -> None:
    """A field the platform adds tomorrow changes no row."""
    assert rows(file, 1) == list(mapper(file)(changed(file, 1, brand_new={"a": [1, None]})))


@pytest.mark.parametrize(
    ("file", "fields", "reason"),
    [
        ("x_v2.jsonl", {"public_metrics": {"like_count": "many"}}, "$.public_metrics.like_count"),
        ("x_v2.jsonl", {"public_metrics": {"like_count": -1}}, "$.public_metrics.like_count"),
        ("x_v2.jsonl", {"created_at": "yesterday"}, "$.created_at"),
        ("x_v2.jsonl", {"text": None}, "`text` - at `$`"),
        ("x_v2_pages.jsonl", {"data": [{"text": "sans id"}]}, "`id` - at `$.data[0]`"),
        ("x_v1.jsonl", {"created_at": "yesterday"}, "$.created_at"),
        ("x_v1.jsonl", {"user": []}, "$.user"),
        ("x_v1.jsonl", {"id": None, "id_str": None}, "`id_str` - at `$`"),
        ("zeeschuimer.ndjson", {"data": {"legacy": {"favorite_count": {}}}}, "$.data.legacy.favorite_count"),
        ("zeeschuimer.ndjson", {"timestamp_collected": "soon"}, "$.timestamp_collected"),
        ("zeeschuimer.ndjson", {"data": None}, "`data` - at `$`"),
        ("jetstream.jsonl", {"did": None}, "`did` - at `$`"),
        (
            "jetstream.jsonl",
            {"commit": {"collection": "app.bsky.feed.post", "rkey": "a", "record": {"text": 1}}},
            "$.commit.record.text",
        ),
        ("mastodon.jsonl", {"created_at": "hier"}, "$.created_at"),
        ("mastodon.jsonl", {"uri": None}, "`uri` - at `$`"),
    ],
)
def test_a_wrong_type_gives_its_reason_and_its_path(file: str, fields: dict[str, Any], reason: str) -> None:
    """The reason shown in quarantine names the place in the JSON."""
    with pytest.raises(REASONS) as caught:
        mapper(file)(changed(file, 1, **fields))
    assert reason in str(caught.value)


def test_numbers_written_as_text_are_counts() -> None:
    """A harmless change of type is accepted: "12" is 12."""
    metrics = first("x_v2.jsonl", 8, PostMetrics)
    assert (12, 340) == (metrics.likes, metrics.views)


@pytest.mark.parametrize(
    ("file", "record"), [("x_v2.jsonl", 2), ("x_v2_pages.jsonl", 1), ("x_v1.jsonl", 2), ("zeeschuimer.ndjson", 2)]
)
def test_a_repost_points_to_its_original_and_has_no_counts(file: str, record: int) -> None:
    """The counts under a repost are the original's, and go to it; the text is whole."""
    found = rows(file, record)
    repost = next(r for r in found if isinstance(r, Post) and r.kind == "repost")
    original = next(r for r in found if isinstance(r, Post) and r.post_id == repost.repost_of)
    assert (original.account_id, f"RT @LeJournal: {original.text}") == (repost.ref_account_id, repost.text)
    assert repost.post_id not in {r.post_id for r in found if isinstance(r, PostMetrics)}
    assert 100 == next(r.likes for r in found if isinstance(r, PostMetrics) and r.post_id == original.post_id)


def test_a_repost_without_its_original_still_names_it() -> None:
    """The account reposted is read from the mention after RT, which is then no mention."""
    post = first("x_v2.jsonl", 3, Post)
    assert ("1812500000000000001", "1003") == (post.repost_of, post.ref_account_id)
    assert set() == carried("x_v2.jsonl", 3)


@pytest.mark.parametrize(
    ("file", "record", "kind", "target", "account"),
    [
        ("x_v2.jsonl", 4, "reply", "1812499999999999999", "1001"),
        ("x_v2.jsonl", 5, "quote", "1812500000000000001", "1003"),
        ("x_v1.jsonl", 3, "reply", "1050118621198921000", "1001"),
        ("x_v1.jsonl", 4, "quote", "1050118621198921728", "1003"),
        ("zeeschuimer.ndjson", 3, "quote", "1812400000000000000", None),
        ("mastodon.jsonl", 2, "reply", None, "https://piaille.fr/@zoe"),
        ("mastodon.jsonl", 3, "reply", "https://piaille.fr/users/zoe/statuses/112790000000000001", "https://piaille.fr/@zoe"),
        (
            "mastodon.jsonl",
            5,
            "quote",
            "https://mastodon.social/users/robot/statuses/112789999999999999",
            "https://mastodon.social/@robot",
        ),
    ],
)
def test_replies_and_quotes_point_to_what_they_answer(
    file: str, record: int, kind: str, target: str | None, account: str | None
) -> None:
    """The post and the account referred to are named where the record gives them."""
    post = first(file, record, Post)
    assert (kind, target, account) == (post.kind, post.reply_to or post.quote_of, post.ref_account_id)


@pytest.mark.parametrize(
    ("file", "record", "at"),
    [
        ("x_v2.jsonl", 7, 1720968649278000),
        ("x_v1.jsonl", 8, 1539202764211000),
        ("zeeschuimer.ndjson", 10, 1720618456000000),
        ("jetstream.jsonl", 11, 1758429074322552),
        ("mastodon.jsonl", 3, 1721038818359000),
    ],
)
def test_a_missing_time_is_decoded_from_the_id(file: str, record: int, at: int) -> None:
    """A time read from an id says that it is derived."""
    post = first(file, record, Post)
    assert (at, "derived") == (post.created_at_us, post.created_at_source)


@pytest.mark.parametrize(
    ("file", "record"), [("x_v2.jsonl", 5), ("x_v2.jsonl", 6), ("zeeschuimer.ndjson", 7), ("zeeschuimer.ndjson", 11)]
)
def test_hidden_views_are_null(file: str, record: int) -> None:
    """Zero views before views were public or under likes, and counts an account hides, are not zero."""
    metrics = first(file, record, PostMetrics)
    assert (None, None) == (metrics.views, metrics.views_kind)


def test_counts_carry_the_time_they_were_read() -> None:
    """The time of collection comes from twarc, the stream or the envelope; none is invented."""
    read = (("x_v2.jsonl", 1), ("x_v1.jsonl", 5), ("zeeschuimer.ndjson", 1), ("mastodon.jsonl", 1))
    assert [1721032200000000, 1539202765123000, 1721032200123000, None] == [
        first(f, n, PostMetrics).observed_at_us for f, n in read
    ]


def test_accounts_carry_their_counters() -> None:
    """An account's posts and followers are one observation beside the account."""
    assert AccountCounter("x", "1003", 1721032200000000, 1200, 900000, 50) == first("x_v2.jsonl", 1, AccountCounter)
    assert Account("x", "1003", "LeJournal", "Le Journal", 1299215167000000, "declared", True, "business") == first(
        "x_v2.jsonl", 1, Account
    )


@pytest.mark.parametrize(
    ("record", "account"),
    [
        (1, ("1001", "alice_fr")),
        (4, ("1004", "parti_e")),
        (5, ("1003", "LeJournal")),
        (7, ("1002", "bob")),
        (14, ("1003", "LeJournal")),
    ],
)
def test_zeeschuimer_finds_the_author_wherever_x_put_it(record: int, account: tuple[str, str]) -> None:
    """In legacy, in core, beside the post, or only in the address of a picture."""
    found = first("zeeschuimer.ndjson", record, Account)
    assert account == (found.account_id, found.handle)


def test_zeeschuimer_positions_are_those_of_feeds() -> None:
    """A search or a profile is not a feed: no rank there."""
    assert [1, None, 5, 9, None, 11] == [first("zeeschuimer.ndjson", n, Post).feed_position for n in (1, 4, 5, 9, 10, 11)]


def test_zeeschuimer_tombstones_keep_what_is_known() -> None:
    """A tombstone alone holds nothing; a repost of one is still a repost."""
    post = first("zeeschuimer.ndjson", 8, Post)
    assert ([], "repost", None) == (rows("zeeschuimer.ndjson", 6), post.kind, post.repost_of)


def test_zeeschuimer_names_the_platform_it_cannot_map() -> None:
    """An unknown platform is quarantined, never dropped."""
    with pytest.raises(BadRecord, match=r"linkedin\.com.*no mapper yet"):
        rows("zeeschuimer.ndjson", 13)


def test_notices_and_empty_pages_hold_nothing() -> None:
    """Stream notices, likes, follows, deletions and pages without results are understood and give no row."""
    silent = [("x_v1.jsonl", 6), ("x_v1.jsonl", 7), ("x_v2_pages.jsonl", 2), *(("jetstream.jsonl", n) for n in (5, 6, 7, 13, 14))]
    assert [[]] * 8 == [rows(*record) for record in silent]


def test_an_error_in_the_place_of_a_page_is_refused_in_the_api_s_own_words() -> None:
    """Nothing was found is an answer; the API could not say is not, in a file of pages or of posts."""
    missing = "Not Found Error: Could not find tweet with ids: [1812500000000000009]. (and 1 more)"
    for record, why in ((4, missing), (5, "Too Many Requests")):
        with pytest.raises(BadRecord) as refused:
            rows("x_v2_pages.jsonl", record)
        assert f"an answer of the API without posts: {why}" == str(refused.value)
        with pytest.raises(BadRecord, match=r"without posts: (Not Found Error|Too Many Requests)"):
            mapper("x_v2.jsonl")(lines("x_v2_pages.jsonl")[record - 1])


def test_errors_beside_posts_cost_no_post() -> None:
    """A page that lacks some of what was asked is kept; a title alone does not make another object an error."""
    errors = msgspec.json.decode(lines("x_v2_pages.jsonl")[3])["errors"]
    assert rows("x_v2_pages.jsonl", 1) == list(mapper("x_v2_pages.jsonl")(changed("x_v2_pages.jsonl", 1, errors=errors)))
    with pytest.raises(msgspec.ValidationError, match="missing required field `id`"):
        mapper("x_v2_pages.jsonl")(b'{"title":"An article"}')


def test_a_bluesky_post_carries_what_its_facets_mark() -> None:
    """Byte offsets are read as bytes; the picture is its content's hash."""
    expected = {
        ("url", "https://www.lejournal.fr/a/1"),
        ("domain", "lejournal.fr"),
        ("hashtag", "lyon"),
        ("mention", "zoé.bsky.social"),
    }
    assert expected | {("media", "bafkreiimage")} == carried("jetstream.jsonl", 1)


def test_mastodon_links_leave_out_its_own_marks() -> None:
    """The links of hashtags and mentions are not shared addresses."""
    expected = {("url", "https://www.lejournal.fr/a/1?id=2"), ("domain", "lejournal.fr"), ("hashtag", "lyon")}
    assert expected | {("media", "https://media.piaille.fr/a.jpg")} == carried("mastodon.jsonl", 1)
