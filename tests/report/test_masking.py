"""Is anybody named who should not be?"""

import json

import msgspec
import pyarrow as pa
import pytest

from agorascope import report
from agorascope.findings import Evidence, Finding, message
from agorascope.report.links import unnamed_link
from agorascope.report.masking import pseudonymise

from . import samples


def _name(account: str) -> str:
    return f"<{account}>"


@pytest.mark.parametrize("write", [report.html, report.markdown, report.json_report])
def test_accounts_are_pseudonyms_unless_asked_for(write: object) -> None:
    """No account id and no mention is in a report by default; both are with identities."""
    texts = []
    for identities in (False, True):
        made = write(samples.all_findings(), lang="en", case=samples.case_view(), identities=identities)  # type: ignore[operator]
        texts.append(made.decode() if isinstance(made, bytes) else made)
    assert [("someone-1001" in text, "@victim" in text) for text in texts] == [(False, False), (True, True)]


def test_the_same_account_has_the_same_pseudonym_everywhere() -> None:
    """Units, tables, evidence and sentences name one account alike."""
    masked = pseudonymise(samples.burst(), _name)
    places = {masked.units[0]["account_id"], masked.tables["top"]["account"][0].as_py(), masked.evidence[0].account_id}
    assert places | {masked.claim.args["account"], masked.rivals[0].statement.args["account"]} == {"<someone-1001>"}


def test_groups_and_numbers_stay() -> None:
    """Only what names accounts changes."""
    masked = pseudonymise(samples.burst(), _name)
    assert masked.tables["ages"] == samples.burst().tables["ages"]
    assert masked.units[0]["ratio"] == samples.burst().units[0]["ratio"]


def _finding(**more: object) -> Finding:
    base = {"analysis": "a", "question": message("q"), "verdict": "not_found", "claim": message("c"), "limits": (message("l"),)}
    return Finding(**(base | more))  # type: ignore[arg-type]


def test_nested_sentences_and_rows_about_accounts_are_masked() -> None:
    """A sentence inside a unit, a list of accounts and a row of kind "author" hide their account."""
    unit = {"says": {"key": "x", "args": {"account": "7", "accounts": ["8"]}}, "kind": "author", "value": "9", "n": 3}
    shown = {"says": {"key": "x", "args": {"account": "<7>", "accounts": ["<8>"]}}, "kind": "author", "value": "<9>", "n": 3}
    assert pseudonymise(_finding(units=(unit,)), _name).units == (shown,)


def test_registration_records_are_masked_where_they_may_name_a_person() -> None:
    """A domain is shown; a registrant, and a kind nobody has heard of, have pseudonyms; an untold one stays untold."""
    table = pa.table({"kind": ["domain", "registrant", "court file", "registrant"], "record": ["a.org", "jane", "7 b", None]})
    shown = pseudonymise(_finding(tables={"records": table}), _name).tables["records"]
    assert ["a.org", "<jane>", "<7 b>", None] == shown["record"].to_pylist()


def test_a_column_of_numbers_can_hold_accounts() -> None:
    """Whole-number account ids become texts, an absent one stays absent."""
    table = pa.table({"account_id": [12, None], "posts": [1, 2]})
    shown = pseudonymise(_finding(tables={"t": table}), _name).tables["t"]
    assert shown.to_pydict() == {"account_id": ["<12>", None], "posts": [1, 2]}


def test_both_ends_of_a_tie_are_masked_and_a_source_elsewhere_is_not() -> None:
    """In the table of ties ``source`` and ``target`` are accounts; a source of dates is none."""
    tie = {"source": ["1"], "target": ["2"], "weight": [3]}
    shown = pseudonymise(_finding(tables={"edges": pa.table(tie), "dating": pa.table({"source": ["declared"]})}), _name).tables
    assert shown["edges"].to_pydict() == {"source": ["<1>"], "target": ["<2>"], "weight": [3]}
    assert shown["dating"].to_pydict() == {"source": ["declared"]}


def test_the_handle_in_the_name_of_a_post_is_masked() -> None:
    """Some platforms call a post by an address that holds its author's handle; links that carry one elsewhere stay links."""
    table = pa.table({"object": ["https://m.example/@ann/10"], "post_id": ["https://m.example/@ann/10"]})
    shown = pseudonymise(_finding(tables={"acts": table}), _name).tables["acts"].to_pydict()
    assert shown == {"object": ["https://m.example/@…/10"], "post_id": ["https://m.example/@…/10"]}


def test_an_account_as_evidence_is_masked_in_its_id() -> None:
    """Where the record is the account itself, its id is the pseudonym; an id that contains the account's name hides it."""
    rows = (
        Evidence(role=message("r"), table="accounts", platform="x", id="someone", account_id="someone"),
        Evidence(role=message("r"), table="posts", platform="bluesky", id="at://did:plc:abc/post/1", account_id="did:plc:abc"),
    )
    shown = pseudonymise(_finding(evidence=rows), _name).evidence
    assert [e.id for e in shown] == ["<someone>", "at://<did:plc:abc>/post/1"]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://twitter.com/someone/status/1?s=20", "https://x.com/i/status/1"),
        ("https://mastodon.example/@someone/1", None),
        ("https://bsky.app/profile/someone.example/post/1", None),
        ("https://www.facebook.com/somepage/posts/1", None),
        ("https://t.me/channel/1", None),
        ("https://someone.tumblr.com/post/1", None),
        ("https://someone:secret@example.org/posts/1", None),
        ("https://example.org/camille_quai/1", None),
        ("https://example.org/posts/1?user=someone", None),
        ("https://www.reddit.com/r/news/comments/1/title/", "https://www.reddit.com/r/news/comments/1/title/"),
        ("https://example.org/posts/1", "https://example.org/posts/1"),
        ("https://www.youtube.com/watch?v=1", "https://www.youtube.com/watch?v=1"),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_links_that_may_name_their_author_are_withheld(link: str | None, shown: str | None) -> None:
    """X has a form of link without the name; elsewhere a link stays if its parts are the post's id and neutral words."""
    assert unnamed_link(link, "someone", "1") == shown


def test_the_json_report_says_the_texts_in_the_language_asked() -> None:
    """Findings follow their schema in English; the texts beside them are French."""
    made = json.loads(report.json_report(samples.all_findings(), lang="fr", case=samples.case_view()))
    assert made["findings"][0]["claim"].startswith("Volume was ×2.31")
    assert made["texts"][0]["claim"].startswith("Le volume a atteint ×2,31")


def test_the_query_of_the_evidence_names_nobody() -> None:
    """An account written into a query becomes its pseudonym, and a repost's "RT someone:" is masked."""
    row = Evidence(role=message("r"), table="posts", platform="x", id="1", account_id="someone", text="RT other: hello")
    shown = pseudonymise(_finding(evidence=(row,), evidence_query="WHERE account_id = 'someone'"), _name)
    assert shown.evidence_query == "WHERE account_id = '<someone>'"
    quoted = _finding(evidence=(msgspec.structs.replace(row, account_id="o'n"),), evidence_query="WHERE account_id = 'o''n'")
    assert "o''n" not in pseudonymise(quoted, lambda account: "a_x").evidence_query
    assert shown.evidence[0].text == "RT @…: hello"
