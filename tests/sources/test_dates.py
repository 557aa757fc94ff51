"""Are a file's dates read in one order, the right one, and is the choice told?"""

from pathlib import Path

import pytest

from agorascope.errors import BadRecord, Unrecognised
from agorascope.records import Event, Post
from agorascope.sources import source
from agorascope.sources.fields import count
from agorascope.sources.reading import Plan, probe, read, remarks
from agorascope.sources.times import written_us
from agorascope.sources.used import columns_used
from agorascope.texts import LANGUAGES, say
from tests.sources.tables import FIXTURES

MARCH = 1_709_251_200_000_000
DAY = 86_400_000_000


def planned(folder: Path, *lines: str, name: str = "t.csv", columns: str = "") -> Plan:
    """Write a file of these lines and probe it."""
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "columns.toml").write_text(columns, "utf-8")
    return probe(folder / name, columns=folder / "columns.toml" if columns else None)


def keys(plan: Plan) -> list[str]:
    """List the remarks on a plan by key."""
    return [said.key.removeprefix("sources.") for said in remarks(plan)]


def hours(*days: int) -> list[str]:
    """Write a post for each hour of these days of March, day first."""
    return [f"{day:02}/03/2024 {hour:02}:00" for day in days for hour in range(24)]


def test_a_french_file_of_nine_days_is_read_day_first(tmp_path: Path) -> None:
    """Sorted hourly from the first to the ninth of March: no number above 12, yet in March, in every piece."""
    plan = planned(tmp_path, "Date;Auteur;Message", *(f"{at};ana;m{i}" for i, at in enumerate(hours(*range(1, 10)))))
    with read(plan) as pieces:
        [piece] = pieces
    times = piece.tables["posts"].column("created_at_us").to_pylist()
    assert ("dmy", False) == (plan.sample.constants["date_order"], plan.dates.proved if plan.dates else None)
    assert (MARCH, MARCH + 8 * DAY + 23 * 3_600_000_000) == (min(times), max(times))
    assert "day_first_chosen" in keys(plan)


@pytest.mark.parametrize(("last", "order"), [("13/03/2024 00:00", "dmy"), ("03/13/2024 00:00", "mdy")])
def test_a_row_below_the_sample_proves_the_order(tmp_path: Path, last: str, order: str) -> None:
    """The whole file is asked where its first rows do not tell, even after a damaged quote."""
    rows = [f"{at},ana,m" for at in ["03/03/2024 10:00"] * 500]
    plan = planned(tmp_path, "date,author,text", *rows, f"{last},ana,m")
    assert order == plan.sample.constants["date_order"]
    assert {"dmy": "day_first", "mdy": "month_first"}[order] in keys(plan)


def test_an_english_file_of_nine_days_is_read_month_first(tmp_path: Path) -> None:
    """The reading without gaps is taken where both keep the order."""
    rows = [f"03/{day:02}/2024 10:00,ana,m" for day in range(1, 10)]
    assert "mdy" == planned(tmp_path, "date,author,text", *rows).sample.constants["date_order"]


def test_the_sorted_reading_is_taken(tmp_path: Path) -> None:
    """Dates that go up day first and to and fro month first have the day first, whatever the header's language."""
    rows = [f"{at}/2023,ana,m" for at in ("05/01", "11/01", "02/02", "09/02", "01/03", "08/03")]
    assert "dmy" == planned(tmp_path, "date,author,text", *rows).sample.constants["date_order"]


def test_months_of_a_french_panel_are_not_days(tmp_path: Path) -> None:
    """The first of each month in a French file: twelve months, and not twelve days of January."""
    plan = planned(tmp_path, "date;compte;vues", *(f"01/{month:02}/2024;a;1" for month in range(1, 13)))
    assert ("panel", "dmy") == (plan.source, plan.sample.constants["date_order"])


@pytest.mark.parametrize(("header", "moment"), [("date;libellé", MARCH + 33 * DAY), ("date,label", MARCH + 3 * DAY)])
def test_one_event_is_read_as_its_header_speaks(tmp_path: Path, header: str, moment: int) -> None:
    """A list of one row: a French header has the day first, another the month."""
    plan = planned(tmp_path, header, header[4].join(("03/04/2024", "vote")))
    [event] = source(plan.source).mapper(plan.sample)(list(plan.sample.rows[0]))
    assert isinstance(event, Event)
    assert moment == event.at_us
    assert not (plan.dates or pytest.fail("no order")).proved


def test_a_french_text_or_semicolons_tell_too(tmp_path: Path) -> None:
    """English column names do not hide the language of the texts, nor a spreadsheet's delimiter."""
    said = "le vote de la loi est dans les mains des élus et du peuple"
    assert "dmy" == planned(tmp_path, "date,author,text", f"03/04/2024,ana,{said}").sample.constants["date_order"]
    assert "dmy" == planned(tmp_path, "date;author;text", "03/04/2024;ana;hi").sample.constants["date_order"]
    assert "mdy" == planned(tmp_path, "date,author,text", "03/04/2024,ana,hi").sample.constants["date_order"]


def test_the_user_comes_first_and_is_told_nothing_of_dates(tmp_path: Path) -> None:
    """What is given is kept; dates of ISO 8601 have no order to choose."""
    given = planned(tmp_path, "date;auteur;texte", "03/04/2024;a;b", columns='[constants]\ndate_order = "mdy"')
    iso = planned(tmp_path, "date;auteur;texte", "2024-03-04T10:00:00Z;a;b")
    assert ("mdy", None) == (given.sample.constants["date_order"], given.dates)
    assert ({}, ["used"]) == (dict(iso.sample.constants), keys(iso))


def test_columns_used_and_not_used_are_told(tmp_path: Path) -> None:
    """A French export is read whole; what is left is named, in both languages; so are times without a zone."""
    header = "identifiant,date_publication,texte,utilisateur.id,mentions_j_aime,partages,humeur"
    plan = planned(tmp_path, header, "1,2024-03-01 10:00,b,u1,1.2K,3,gaie")
    assert {
        "post_id": "identifiant", "account_id": "utilisateur.id", "created_at": "date_publication", "text": "texte",
        "likes": "mentions_j_aime", "reposts": "partages",
    } == columns_used(plan.sample, plan.source)  # fmt: skip
    assert ["used", "not_used", "no_zone"] == keys(plan)
    assert all("humeur" in say(remarks(plan)[1], lang) for lang in LANGUAGES)
    assert all("date_publication" in say(remarks(plan)[2], lang) for lang in LANGUAGES)
    post = source(plan.source).mapper(plan.sample)(list(plan.sample.rows[0]))[0]
    assert isinstance(post, Post)
    assert ("u1", MARCH + 10 * 3_600_000_000) == (post.account_id, post.created_at_us)


@pytest.mark.parametrize(
    ("header", "told"), [("date,heure", True), ("date,time", True), ("date_utc,time", False), ("date", False), ("time", False)]
)
def test_a_clock_beside_a_date_has_no_zone(tmp_path: Path, header: str, told: bool) -> None:
    """A date in one column and a clock in another make a time without a zone, which is told; a date alone is none."""
    cells = {"date": "2024-03-01", "date_utc": "2024-03-01", "heure": "10:30", "time": "10:30"}
    if header == "time":
        cells["time"] = "2024-03-01"
    plan = planned(tmp_path, f"{header},author,text", ",".join([*(cells[name] for name in header.split(",")), "ana", "hi"]))
    assert ("generic", told) == (plan.source, "no_zone" in keys(plan))


def test_a_zone_given_for_a_clock_is_told_no_more(tmp_path: Path) -> None:
    """What the user said of the zone stands for both columns."""
    given = planned(tmp_path, "date,heure,auteur,texte", "2024-03-01,10:30,a,b", columns='[constants]\ntimezone = "Europe/Paris"')
    assert "no_zone" not in keys(given)


def test_short_counts_are_read() -> None:
    """Thousands, millions and milliards as platforms show them; a fraction of one is still no count."""
    assert [1200, 1200, 3_000_000, 2_000_000_000, 1_250_000] == [count(v) for v in ("1.2K", "1,2 k", "3 M", "2 Md", "1.25M")]
    for wrong in ("1.5", "1.5万", "1.234K", "K"):
        with pytest.raises(BadRecord, match="count"):
            count(wrong)


def test_unknown_columns_are_told_once(tmp_path: Path) -> None:
    """A name nobody has is said for the closest format only."""
    with pytest.raises(Unrecognised) as refused:
        planned(tmp_path, "wer,was", "ana,Hallo", columns='wort = "was"\nauthor = "wer"')
    assert 1 == str(refused.value).count("--columns names wort")


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*.csv")), ids=lambda file: file.name)
def test_every_table_says_its_columns(file: Path) -> None:
    """Of every table source the used columns are among the file's, each under one name, and the rest is named."""
    plan = probe(file)
    used = list(columns_used(plan.sample, plan.source).values())
    assert used
    assert len(used) == len(set(used) & set(plan.sample.header))
    assert keys(plan)[0] == "used"


@pytest.mark.parametrize(
    ("written", "key"), [("31/02/2026", "not_a_time"), ("31/12/2026", "not_month_first"), ("31/31/2026", "not_a_time")]
)
def test_the_other_order_is_named_where_it_would_read_the_date(written: str, key: str) -> None:
    """The last of February is no date in either order: nothing to set."""
    with pytest.raises(BadRecord) as refused:
        written_us(written)
    assert f"reasons.{key}" == refused.value.reason.key
