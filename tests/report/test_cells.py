"""Are numbers, charts and tables shown as their columns say?"""

import msgspec
import pyarrow as pa
import pytest

from agorascope.findings import Estimate, Evidence, Figure, message
from agorascope.report import cells, charts, effects, grids

from . import samples


@pytest.mark.parametrize(
    ("column", "unit", "expected"),
    [
        ("start_us", None, "datetime"),
        ("period_us", None, "duration_us"),
        ("half_life_s", None, "duration"),
        ("captured_share", None, "percent"),
        ("share_low", None, "percent"),
        ("reposts_ratio", None, "ratio"),
        ("q_value", None, "p"),
        ("value", "share", "percent"),
        ("value", "posts", "number"),
        ("likes", None, "number"),
    ],
)
def test_the_name_of_a_column_says_its_form(column: str, unit: str | None, expected: str) -> None:
    """Suffixes and units decide how a value is written."""
    assert cells.form(column, unit) == expected


def test_a_number_and_its_interval_share_a_cell() -> None:
    """value, low, high and unit become one column."""
    table = grids.table("a", "units", "", [{"value": 0.392, "low": 0.378, "high": 0.406, "unit": "share", "empty": None}], "fr")
    assert [column.label for column in table.columns] == ["valeur"]
    assert table.rows[0][0].text.replace("\u00a0", "\u202f") == "39,2\u202f% [37,8\u202f%\u202f; 40,6\u202f%]"


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "4 August 2024 [2 August 2024, 5 August 2024]"), ("fr", "4 août 2024 [2 août 2024 ; 5 août 2024]")]
)
def test_iso_dates_are_said_as_dates_and_once(lang: str, said: str) -> None:
    """An ISO date and its interval are one cell in the reader's form; their twins in µs are no columns."""
    row = {"at": "2024-08-04", "at_low": "2024-08-02", "at_high": "2024-08-05", "at_us": samples.START, "at_low_us": samples.START}
    table = grids.table("breaks", "units", "", [row | {"series": "volume"}], lang)
    assert len(table.columns) == 2
    assert table.rows[0][0].text.replace("\u00a0", " ").replace("\u202f", " ") == said


def test_a_mark_named_by_a_date_is_said_as_one() -> None:
    """An episode whose label is an ISO date bears it in the reader's form."""
    finding = samples.burst()
    episodes = pa.table({"start_us": [samples.START], "end_us": [samples.START + samples.DAY], "label": ["2024-08-04"]})
    drawn = charts.chart(
        finding.figures[0], msgspec.structs.replace(finding, tables=finding.tables | {"episodes": episodes}), (), "fr"
    )
    assert drawn is not None
    assert drawn["marks"][0]["text"] == "4 août 2024"


def test_values_of_evidence_are_headed_by_what_they_count() -> None:
    """One thing counted heads the column; several are said in their cells; a record's id is not broken."""
    views, posts = (
        message("breaks.role.after", counts="breaks.counts.views"),
        message("coverage.role.period", counts="report.columns.posts"),
    )
    one, other = (
        Evidence(role=role, table="posts", platform="x", id="1812345678901234567", value=1234.0) for role in (views, posts)
    )
    alike, mixed = (grids.evidence("breaks", rows, 2, "", "fr") for rows in ([one, one], [one, other]))
    assert [c.label for c in alike.columns] == ["vues", "pièce"]
    assert alike.columns[-1].tight
    assert [row[1].text for row in mixed.rows] == ["1\u202f234 vues", "1\u202f234 messages"]


def test_what_matters_of_a_result_comes_first() -> None:
    """A result's date, series and account, then its size and p, then the model and the scope it was seen in."""
    row = {
        "model": "level",
        "scope": "all",
        "at": "2024-08-04",
        "ratio": 2.0,
        "q_value": 0.01,
        "account_id": "a",
        "both_models": True,
    }
    heads = [column.label for column in grids.units("breaks", "", [row], "en").columns]
    order = [
        cells.label("breaks", name, "en") for name in ("at", "account_id", "ratio", "q_value", "model", "scope", "both_models")
    ]
    assert heads == order


def test_long_tables_are_cut_and_counted() -> None:
    """200 rows are shown, all are counted."""
    table = grids.table("a", "t", "", [{"n": i} for i in range(500)], "en")
    assert (len(table.rows), table.total) == (200, 500)


def test_a_chart_draws_the_rows_of_its_table() -> None:
    """The timeline holds 90 points, times in ms, the band on the column it belongs to, marks and events."""
    finding = samples.burst()
    drawn = charts.chart(finding.figures[0], finding, samples.case_view().events, "en")
    assert drawn is not None
    assert [len(series["points"]) for series in drawn["series"]] == [90, 90]
    assert drawn["series"][0]["points"][0] == [samples.START / 1000, 400]
    assert drawn["series"][1]["points"][0][2:] == [330.0, 470.0]
    assert [event["number"] for event in drawn["events"]] == ["1", "2"]


def test_what_a_chart_leaves_out_is_counted() -> None:
    """Of 12 series 8 are drawn, and the rows of the other four are counted."""
    rows = [{"at_us": samples.START, "name": f"s{i}", "posts": 1} for i in range(12)]
    figure = Figure(name="f", kind="timeline", table="t", title=message("sample.daily"), x="at_us", y=("posts",), series="name")
    finding = msgspec.structs.replace(samples.quiet(), tables={"t": pa.Table.from_pylist(rows)}, figures=(figure,))
    drawn = charts.chart(figure, finding, (), "en")
    assert drawn is not None
    assert (len(drawn["series"]), drawn["left_out"]) == (8, 4)


def test_an_empty_figure_is_a_table() -> None:
    """Where every value is null there is nothing to draw."""
    table = pa.table({"at_us": [1], "posts": pa.array([None], pa.int64())})
    figure = Figure(name="f", kind="timeline", table="t", title=message("sample.daily"), x="at_us", y=("posts",))
    assert charts.chart(figure, msgspec.structs.replace(samples.quiet(), tables={"t": table}), (), "en") is None


def test_a_chart_says_what_it_shows() -> None:
    """The summary for readers who do not see the chart gives its extremes and its span."""
    finding = samples.burst()
    drawn = charts.chart(finding.figures[0], finding, (), "fr")
    said = charts.summary(drawn or {}, "Messages par jour", "fr")
    assert said.endswith("de 293 à 1\u202f054. Du 1er juillet 2024 au 28 septembre 2024.")


@pytest.mark.parametrize(
    ("low", "high", "said"), [(1.8, None, "at least ×1.8"), (None, 2.9, "at most ×2.9"), (None, None, "no interval")]
)
def test_half_an_interval_is_said_as_one(low: float | None, high: float | None, said: str) -> None:
    """One-sided and missing intervals are told apart and not drawn."""
    made = effects.effect("a", Estimate(metric="ratio", value=2.0, low=low, high=high, unit="ratio", level=0.95), "en")
    assert made is not None
    assert made.interval.startswith(said)
    assert made.line is None


def test_an_analysis_says_why_it_gives_no_interval() -> None:
    """A break that does not hold has no interval, and the page says why; where nobody knows why, only that there is none."""
    bare = Estimate(metric="reach after over before", value=2.0, unit="ratio")
    known, unknown = (effects.effect("breaks", bare, "en", verdict) for verdict in ("not_found", "found"))
    assert known is not None
    assert unknown is not None
    assert known.interval.startswith("no interval: the date was sought")
    assert unknown.interval == "no interval can be given"


def test_a_platform_that_is_the_same_everywhere_is_no_column() -> None:
    """The same on several rows, or not known: left out; on different rows, or known on the only one: shown."""
    for told, shown in ((["x", "x"], False), (["x", "y"], True), (["x"], True), (["unknown"], False)):
        table = grids.table("a", "t", "", [{"platform": name, "n": 1} for name in told], "en")
        assert shown == (len(table.columns) == 2)


def test_a_code_that_is_said_in_a_sentence_may_wrap() -> None:
    """A column is as wide as what it shows: the ten letters of a code are not kept on one line where its words are many."""
    rows = [{"assumption": "odds"}, {"assumption": "weighted_odds"}]
    for lang in ("en", "fr"):
        (column,) = grids.table("poll", "units", "", rows, lang).columns
        assert (True, False) == (column.wide, column.tight)
