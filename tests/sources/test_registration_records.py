"""Are registration records read into one comparable form, and is what says nothing refused?"""

from dataclasses import replace

import pytest

from agorascope.errors import BadRecord
from agorascope.records import Edge
from agorascope.sources import registration_records
from tests.sources.tables import fixture, only, sample

HEADER = "account,kind,value"


def test_both_languages_are_read() -> None:
    """Accounts lose their @, kinds have one name, values one form; a day is read as the file writes it."""
    english, french = (only(fixture(name)[1], Edge) for name in ("registration_records.csv", "registration_records_fr.csv"))
    assert Edge("x", "registrations", "domain", "ana", "acme-news.co.uk", None, 1578182400000000) == english[0]
    assert [("registrant", "acme llc"), ("ip_block", "203.0.113.0/24")] == [(e.layer, e.target) for e in english[2:]]
    assert ["domain", "registrant", "name_server", "phone_hash"] == [e.layer for e in french]
    assert ("ns1.hote.example", 1580428800000000) == (french[2].target, french[2].at_us)


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("domain", "News.Acme.co.uk.", "acme.co.uk"),
        ("website", "https://a.blogspot.com/x", "a.blogspot.com"),
        ("email domain", "jane@mail.acme.org", "acme.org"),
        ("phone", "+1 (202) 555-0100", "+12025550100"),
        ("ip", "2001:DB8::0001", "2001:db8::1"),
        ("registrant", "Privacy  International", "privacy international"),
        ("Court file no", "7 B", "7 b"),
    ],
)
def test_a_value_has_one_form(kind: str, written: str, kept: str) -> None:
    """What is the same thing is written alike; what is not stays apart."""
    listed = sample(HEADER, f"ana,{kind},{written}")
    assert [kept] == [e.target for e in registration_records.mapper(listed)(listed.rows[0]) if isinstance(e, Edge)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",domain,a.org", "without an account"),
        ("ana,,a.org", "without a kind"),
        ("ana,domain,", "without a value"),
        ("ana,registrant,Redacted for privacy", "would tie all who hide"),
        ("ana,registrant,inconnu", "would tie all who hide"),
        ("ana,phone hash,1.5E+18", "rounded"),
    ],
)
def test_what_ties_nobody_is_refused(row: str, reason: str) -> None:
    """A row that lacks a part, or whose record is withheld, goes to quarantine with its reason."""
    listed = sample(HEADER, row)
    with pytest.raises(BadRecord, match=reason):
        registration_records.mapper(listed)(listed.rows[0])


def test_other_tables_are_left_to_others() -> None:
    """Posts with kinds, kinds of another sort and texts are no registration records; ``--columns`` lets any kind in."""
    posts = sample("account,kind,value,text", "ana,domain,a.org,hello")
    other = sample(HEADER, "ana,reply,3", "bob,quote,4")
    assert "has texts or posts, not registration records" == registration_records.recognise(posts)
    assert "has no kinds of registration" in (registration_records.recognise(other) or "")
    assert registration_records.recognise(replace(other, columns={"kind": "kind"})) is None
