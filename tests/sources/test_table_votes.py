"""Are votes, lists and counters read from tables, and what cannot be one refused with a reason?"""

from dataclasses import replace
from pathlib import Path

import pytest

from agorascope import new_case
from agorascope.errors import BadRecord, BadValue
from agorascope.records import (
    Account,
    AccountCounter,
    Event,
    Group,
    Rating,
)
from agorascope.sources import Sample, accounts, counters, events, generic, groups, source
from agorascope.sources.reading.probe import probe
from agorascope.sources.reading.remarks import remarks
from agorascope.texts import LANGUAGES, say
from tests.sources.tables import FIXTURES, fixture, only, sample


def test_votes_in_both_forms() -> None:
    """An unseen item is no vote; the long form has its time."""
    _, rows, _ = fixture("ratings.csv")
    assert [("0", "0", 1.0), ("0", "2", -1.0)] == [(r.rater, r.item, r.value) for r in only(rows, Rating)]
    long = sample("rater,item,value,at", "r,i,0.5,2024-01-01")
    assert [Rating("unknown", "r", "i", 0.5, 1704067200000000)] == source("ratings").mapper(long)(long.rows[0])


@pytest.mark.parametrize(
    ("word", "value"),
    [("oui", 1), ("Yes", 1), ("pour", 1), ("d’accord", 1), ("D'accord", 1), ("agree", 1), ("non", -1), ("No", -1), ("contre", -1),
     ("Pas d’accord", -1), ("disagree", -1), ("pass", 0), ("passe", 0), ("neutre", 0), ("abstention", 0), ("", None)],
)  # fmt: skip
def test_votes_in_words_are_read_as_for_pass_and_against(word: str, value: float | None) -> None:
    """Against is -1, so that a pass is told from it."""
    table = sample("rater,item,value", f"a,i,{word}", "a,j,non")
    assert [Rating("unknown", "a", "i", value, None)] == source("ratings").mapper(table)(table.rows[0])


def test_votes_in_words_are_read_in_the_wide_form_too() -> None:
    """An empty cell stays an item not seen."""
    table = sample("participant,0,1,2", "a,agree,,disagree")
    assert [("0", 1.0), ("2", -1.0)] == [(r.item, r.value) for r in source("ratings").mapper(table)(table.rows[0])]


@pytest.mark.parametrize(
    ("first", "vote", "said"),
    [
        ("oui", "peut-être", "yes, pass and no"),
        ("1", "maybe", "yes, pass and no"),
        ("1", "non", "all in words"),
        ("oui", "0", "all in numbers"),
    ],
)
def test_a_vote_of_another_kind_than_its_table_is_refused_with_what_to_do(first: str, vote: str, said: str) -> None:
    """A no in words beside 1 and 0 would turn every 0 into a pass."""
    table = sample("rater,item,value", f"a,i,{first}", f"b,i,{first}", f"c,i,{vote}")
    mapped = source("ratings").mapper(table)
    assert 1.0 == mapped(table.rows[0])[0].value
    with pytest.raises(BadRecord, match=said):
        mapped(table.rows[2])


def test_votes_of_a_polis_export_agree_by_1_and_keep_their_times() -> None:
    """``votes.csv`` is read as documented; a vote that was changed is there twice, and the later one has the later time."""
    name, rows, reasons = fixture("ratings_votes.csv")
    votes = [(r.rater, r.item, r.value, r.at_us) for r in only(rows, Rating)]
    assert ("ratings", []) == (name, reasons)
    assert [("4", "0", 1.0, 1716026400000000), ("4", "1", -1.0, 1716026460000000)] == votes[:2]
    assert [("5", "0", 0.0, 1716026520000000), ("4", "1", 1.0, 1716113000000000)] == votes[2:]


@pytest.mark.parametrize(("name", "values"), [("ratings_votes.csv", [-1, 1, 0, -1]), ("ratings.csv", [-1, 1])])
def test_the_sign_of_votes_is_turned_where_the_user_says_so(name: str, values: list[float]) -> None:
    """Of either form, where -1 agrees."""
    assert values == [r.value for r in only(fixture(name, agree="-1")[1], Rating)]


def test_a_sign_that_cannot_be_is_refused() -> None:
    """Neither another number, nor a scale, nor words can be turned."""
    ratings = source("ratings")
    for rows, said in ((("a,i,1",), "yes"), (("a,i,oui",), "-1")):
        with pytest.raises(BadValue, match=r"agree is"):
            ratings.mapper(sample("rater,item,value", *rows, agree=said))
    with pytest.raises(BadRecord, match="only −1, 0 and 1 can be turned"):
        ratings.mapper(sample("rater,item,value", "a,i,4", agree="-1"))(["a", "i", "4"])


@pytest.mark.parametrize(
    ("name", "constants", "said"), [("ratings_votes.csv", {}, 1), ("ratings.csv", {}, 0), ("ratings_votes.csv", {"agree": "1"}, 0)]
)
def test_the_sign_that_was_read_is_told_of_a_polis_export(name: str, constants: dict[str, str], said: int) -> None:
    """Nothing in the file proves it, so the user is told, until they say it themselves; other tables have no such doubt."""
    plan = probe(FIXTURES / name)
    plan = replace(plan, sample=replace(plan.sample, constants={**plan.sample.constants, **constants}))
    notes = [note for note in remarks(plan) if note.key == "sources.votes_sign"]
    assert said == len(notes)
    assert all('agree = "-1"' in say(note, lang) for note in notes for lang in LANGUAGES)


def test_events_groups_accounts_and_counters() -> None:
    """Marks, memberships, profiles and readings keep their dates, bounds and absences."""
    assert [1720828800000000, 1721362140000000] == [e.at_us for e in only(fixture("events.csv")[1], Event)]
    assert [("AOC", None), ("Posobiec", 1577836800000000)] == [
        (g.account_id, g.until_us) for g in only(fixture("groups.csv")[1], Group)
    ]
    profile, ghost = only(fixture("accounts.csv")[1], Account)
    assert ("18710816", "RobbyDelaware", 1231303082000000, False) == (
        profile.account_id,
        profile.handle,
        profile.created_at_us,
        profile.verified,
    )
    assert ("ghost", None) == (ghost.account_id, ghost.created_at_us)
    assert [AccountCounter("unknown", "18710816", None, 11484, 304, 670)] == only(fixture("accounts.csv")[1], AccountCounter)
    assert ["counters", "musk"] == [
        only(fixture("counters.csv", **c)[1], AccountCounter)[0].account_id for c in ({}, {"account_id": "musk"})
    ]


@pytest.mark.parametrize("row", ["AOC,,Alexandria", "AOC, ,", "AOC"])
def test_a_member_of_no_group_is_refused(row: str) -> None:
    """An account beside an empty cell is in no group, and is said to be so rather than counted as read."""
    listed = sample("account_id,group,name", "Posobiec,R,Jack", row)
    with pytest.raises(BadRecord, match="an account without a group"):
        groups.mapper(listed)(listed.rows[1])


def test_reasons_name_what_is_missing() -> None:
    """A user reads which column was wanted and which were seen."""
    odd = sample("a,b,c", "1,2,3")
    assert "no column for a post's text or time; saw: a, b, c" == generic.recognise(odd)
    assert "no column for at and label of an event; saw: a, b, c" == events.recognise(odd)
    assert "no column for an account; saw: a, b, c" == accounts.recognise(odd)
    assert "has more than counters: likes" == counters.recognise(sample("date,followers,likes", "2024-01-01,1,2"))


@pytest.mark.parametrize(
    "name", ["generic", "panel", "graph", "groups", "cascades", "ratings", "shares", "accounts", "counters", "events"]
)
def test_a_row_longer_than_the_header_is_refused_and_a_short_one_ends_in_null(name: str) -> None:
    """A missing quote must not shift cells into other columns."""
    file = FIXTURES / f"{name}.csv"
    header, first = file.read_text("utf-8").splitlines()[:2]
    cells: list[str | None] = [cell or None for cell in first.split(",")][: len(header.split(","))]
    map_row = source(name).mapper(Sample(file.name, "table", tuple(header.split(",")), (tuple(cells),)))
    with pytest.raises(BadRecord, match="cells where the header has"):
        map_row([*cells, *cells])


def test_empty_rows_are_quarantined_and_spreadsheet_counts_are_read(tmp_path: Path) -> None:
    """Blank lines of a spreadsheet are no posts; ``6531,00`` is a whole number, ``n.c.`` a count that is not told."""
    file = tmp_path / "a.csv"
    head = "Auteur;Date;Texte;Nb de vues;Nb de j'aime\n"
    rows = "ann;2024-03-01T10:00:00Z;un;6531,00;n.c.\nbob;2024-03-01T11:00:00Z;deux;1 204,0;12\n"
    file.write_text(head + rows + ";;;;\n" * 3, "utf-8")
    case = new_case(tmp_path / "case")
    added = case.add(file)[0]
    assert (2, 3) == (added.accepted, added.quarantined)
    counts = case.corpus().query("SELECT views, likes FROM post_metrics ORDER BY views").to_pylist()
    assert [{"views": 1204, "likes": 12}, {"views": 6531, "likes": None}] == counts
