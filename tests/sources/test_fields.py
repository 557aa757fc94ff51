"""Are cells read as they were meant, and refused where they cannot be?"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from agorascope.errors import BadRecord
from agorascope.sources.fields import count, flag, ident, number, strip_html, text, time_us
from agorascope.sources.id_times import mastodon_us, snowflake_us, tid_us
from agorascope.sources.languages import language
from agorascope.sources.permalinks import permalink
from agorascope.sources.wording import addresses, kind_said, sentiment

NINE = int(datetime(2021, 3, 2, 9, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-02T09:00:00Z", "2021-03-02 09:00:00", "2021-03-02T10:00:00+01:00", "2021-03-02 04:00:00 EST", "1614675600",
        1614675600, "1614675600.0", 1614675600000, "1614675600000000", "Tue Mar 02 09:00:00 +0000 2021", "3/2/21 9:00",
        "3/2/2021 9:00 AM",
        "2 mars 2021 à 9h00", "March 2nd, 2021 9:00 am", "Tue, 02 Mar 2021 09:00:00 GMT", "2021/03/02 09:00",
        datetime(2021, 3, 2, 9), "2021-03-02 09:00:00.0", "Tue Mar 02 16:00:00 WIB 2021",
    ],
)  # fmt: skip
def test_one_moment_written_in_many_ways(written: Any) -> None:
    """Every shape of a time gives the same microsecond."""
    assert NINE == time_us(written)


@pytest.mark.parametrize(
    "written", ["yesterday", "12", "-5", "25/12/2020", "2021-13-01", "0001-01-01T00:00:00Z", True, [1], "1:00 XYZ", 9e30]
)
def test_what_is_no_time_is_refused(written: Any) -> None:
    """A word, a small number, a month 13 and the year 1 are no times."""
    with pytest.raises(BadRecord, match=r"time|date"):
        time_us(written)


def test_the_day_comes_first_when_bound_so() -> None:
    """The third of April is not the fourth of March."""
    assert time_us("2024-04-03") == time_us("03/04/2024", day_first=True)
    assert time_us("2024-03-04") == time_us("03/04/2024")
    assert time_us("2024-03-04") == time_us(date(2024, 3, 4))


@pytest.mark.parametrize("empty", [None, "", " ", "NA", "null", "nan", "-", float("nan")])
def test_an_empty_cell_is_null_everywhere(empty: Any) -> None:
    """What is not given is null, never 0."""
    assert (None, None, None) == (count(empty), number(empty), time_us(empty))


def test_counts_with_separators() -> None:
    """Thousands are read in their French and English forms."""
    assert [1234, 1234, 1234, 1234567, 12, 0] == [count(v) for v in ("1,234", "1 234", "1 234", "1.234.567", "12.0", 0.0)]


@pytest.mark.parametrize("junk", ["-3", "1.5", "12.000", "many", True, 1 << 63, "9" * 40, "1e400", "²", [1]])
def test_what_is_no_count_is_refused(junk: Any) -> None:
    """Negative, fractional, ambiguous and unbounded numbers are no counts."""
    with pytest.raises(BadRecord, match="count"):
        count(junk)


@pytest.mark.parametrize("serial", ["45901", "45901.0417", "45901,0417", " 45901,0417 ", 45901, 45901.0417])
def test_the_serial_number_of_a_spreadsheet_is_no_time_and_is_named(serial: Any) -> None:
    """Days since 1900, whole or with a fraction after a dot or a comma, are refused with what to do."""
    with pytest.raises(BadRecord, match=r"^45901(.0417)? looks like an Excel serial number; format the column as a date$"):
        time_us(serial)


@pytest.mark.parametrize("small", ["12345", "99999,5", 12345])
def test_another_small_number_is_no_time_and_no_serial_number(small: Any) -> None:
    """Days before 1970 or after 2099 are not taken for a spreadsheet's."""
    with pytest.raises(BadRecord, match="too small or too large"):
        time_us(small)


def test_numbers_and_words() -> None:
    """Decimal commas, percents, flags and texts are read."""
    assert [1234.5, 3.5, 0.5] == [number(v) for v in ("1,234.5", "3,5", "50%")]
    assert [True, False, None] == [flag(v) for v in ("oui", "0", "maybe")]
    assert ["12", "true", "2024-01-01T00:00:00"] == [text(v) for v in (12.0, True, datetime(2024, 1, 1))]


def test_an_id_rounded_by_a_spreadsheet_is_refused() -> None:
    """Two posts must not become one because their ids lost their last digits."""
    with pytest.raises(BadRecord, match="rounded by a spreadsheet"):
        ident("1.79E+18")


def test_ids_that_hold_a_time() -> None:
    """The time in an id is the platform's own, and absent from an old or foreign id."""
    assert 1508761810902000 == snowflake_us("922440008971292672")
    assert 1668528229118000 == mastodon_us("109348666023520110")
    assert [None, None, None, None] == [snowflake_us("20"), snowflake_us("lt74vw"), mastodon_us("12"), tid_us("self")]


def test_html_becomes_text() -> None:
    """Paragraphs become lines, entities their characters; tags go."""
    assert "a & b\nc" == strip_html("<p>a &amp; <b>b</b></p><p>c</p>")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://x.com/a_b/status/12?s=20", ("x", "12", "a_b")),
        ("http://mobile.twitter.com/i/web/status/12", ("x", "12", "")),
        ("https://bsky.app/profile/did:plc:a/post/3k2a", ("bluesky", "at://did:plc:a/app.bsky.feed.post/3k2a", "did:plc:a")),
        ("https://www.facebook.com/permalink.php?story_fbid=7&id=9", ("facebook", "7", "9")),
        ("https://www.facebook.com/groups/88/permalink/7/", ("facebook", "7", "88")),
        ("https://www.instagram.com/reel/Cab-1/", ("instagram", "Cab-1", "")),
        ("https://www.tiktok.com/@z/video/71", ("tiktok", "71", "z")),
        ("https://piaille.fr/@zoe/109348666023520110", ("mastodon", "https://piaille.fr/@zoe/109348666023520110", "zoe")),
    ],
)
def test_addresses_of_posts(address: str, found: tuple[str, str, str]) -> None:
    """The platform, the id and the author are read from the address of a post."""
    assert found == tuple(permalink(address) or ())


@pytest.mark.parametrize(
    "address", ["https://x.com/a_b", "https://example.org/status/1", "x.com/a/status/1", "", "https://t.me/chan"]
)
def test_addresses_of_no_post(address: str) -> None:
    """A profile, another site and a bare word are not a post's address."""
    assert permalink(address) is None


def test_words_of_tools() -> None:
    """Kinds, languages, sentiments and lists are read whatever the tool's words."""
    assert ["repost", "quote", "reply", None] == [kind_said(v) for v in ("Retweeted", "Q", "replied_to", "Photo")]
    assert ["en", "fr", "fa", None, None] == [
        language(v) for v in ("English", "fr_FR", "Farsi (Persian)", "und", "LANGUAGE UNDEFINED")
    ]
    assert [-1.0, 3.0, None] == [sentiment(v) for v in ("Negative", "3", "mixed")]
    assert ["https://a.fr/1,2", "https://b.fr"] == addresses('["https://a.fr/1,2", "https://b.fr"]')
