"""Do links, hashtags and mentions come out in one comparable form, whatever was written?"""

import random

import pytest
from courlan import normalize_url

from agorascope.sources.links import address_of, hashtags_in, mentions_in, objects, urls_in


def test_links_of_one_page_meet_and_of_two_pages_do_not() -> None:
    """Trackers go, the rest of an address stays."""
    same = {address_of(a) for a in ("https://www.a.fr/b/?utm_source=x", "HTTPS://www.a.fr:443/b#top", "//www.a.fr/b?fbclid=1")}
    assert {("https://www.a.fr/b", "a.fr")} == same
    assert address_of("https://youtu.example/watch?v=1") != address_of("https://youtu.example/watch?v=2")


def test_a_plain_address_is_normalised_as_any_other() -> None:
    """The short way for plain addresses gives what courlan gives: twenty thousand drawn from what addresses are made of."""
    draw = random.Random(1)
    sites = ["a.fr", "www.bbc.co.uk", "1.2.3.4", "localhost", "t.co", "xn--e-ga.fr", "A.fr:443", ""]
    parts = ["/a", "/B.html", "/", "/..", "/.", "%C3", "é", "~x", "?", "?v=1", "&a-b=2", "&a=3", "&a=1", "&utm_source=x", "&Ref=y"]
    parts += ["=", "&", "+", "-", ":", ",", "!", ";", "@", " ", "#top"]
    for _ in range(20_000):
        address = f"http{draw.choice(['', 's'])}://{draw.choice(sites)}{''.join(draw.choices(parts, k=draw.randint(0, 6)))}".strip()
        assert address_of(address)[0] == normalize_url(address.partition("#")[0], trailing_slash=False), address


@pytest.mark.parametrize("address", ["http://[::1", "https://", "http://a.fr:99999/", "http://\x00", "http://" + "é" * 5000])
def test_a_malformed_address_never_raises(address: str) -> None:
    """It is kept, without a domain it does not have."""
    assert address_of(address)[1] in (None, "a.fr")
    assert "url" in {o.kind for o in objects("x", "1", urls=[address, None, ""])}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "mailto:a@b.fr", "at://did:plc:a/b", "data:text/html,x", "mot", " "])
def test_what_is_no_web_address_is_left_out(address: str) -> None:
    """Only pages of the web are addresses."""
    assert objects("x", "1", urls=[address]) == []


def test_each_object_is_listed_once() -> None:
    """Two ways of writing one hashtag or one address are one object."""
    found = objects(
        "x", "1", urls=["https://a.fr/b", "https://a.fr/b/"], hashtags=["Été", "#été", " "], mentions=["@AFP"], shares=["s1", "s1"]
    )
    assert [("url", "https://a.fr/b"), ("domain", "a.fr"), ("hashtag", "été"), ("mention", "AFP"), ("share", "s1")] == [
        (o.kind, o.value) for o in found
    ]


def test_text_is_searched_in_any_script() -> None:
    """Hashtags and mentions keep accents and vowel signs; addresses lose the sentence's punctuation."""
    said = "RT @Zoé_B: #Été #कथा #日本 et (voir https://a.fr/x_(y)). mel@a.fr &#39; https://b.fr/#ancre"
    assert (["Été", "कथा", "日本"], ["Zoé_B"]) == (hashtags_in(said), mentions_in(said))
    assert ["https://a.fr/x_(y)", "https://b.fr/#ancre"] == urls_in(said)
