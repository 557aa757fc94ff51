"""Does a case keep its promises: made once, verified anywhere, exported harmlessly, reported?"""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agorascope import BadValue, Case, CaseError, NotACase, UnknownName, UsageError, new_case, open_case
from agorascope.findings import digest
from agorascope.worlds import demo


def test_new_refuses_a_folder_in_use(tmp_path: Path) -> None:
    """A case is never made over something that is there."""
    (tmp_path / "x").write_text("mine")
    with pytest.raises(CaseError, match="not empty"):
        new_case(tmp_path)


def test_open_refuses_what_is_no_case(tmp_path: Path) -> None:
    """A folder without a case says how to make one."""
    with pytest.raises(NotACase, match="agorascope new"):
        open_case(tmp_path)


def test_a_french_report_says_in_french_why_records_were_refused(tmp_path: Path) -> None:
    """A bad date, a bad count and too many cells are told in French on the page, and nowhere in English."""
    rows = "p1,ann,2024-03-01,ok,1\np2,bob,someday,no,1\np3,bob,2024-03-01,no,many\np4,bob,2024-03-01,a,1,2\n"
    (tmp_path / "a.csv").write_text(f"post_id,author,created_at,text,likes\n{rows}", "utf-8")
    case = new_case(tmp_path / "case", salt="s")
    case.add(tmp_path / "a.csv")
    case.run("coverage")
    french = ("n’est pas une date lisible", "n’est pas un nombre entier lisible", "6 cellules là où l’en-tête en a 5")
    english = ("is not a time", "is not a count", "cells where the header has")
    pages = {lang: case.report(lang=lang, out=tmp_path / f"{lang}.md").read_text("utf-8") for lang in ("en", "fr")}
    assert [[said in pages[lang] for said in (*french, *english)] for lang in pages] == [
        [False] * 3 + [True] * 3,
        [True] * 3 + [False] * 3,
    ]
    told = json.loads(case.report(lang="fr", out=tmp_path / "fr.json").read_text("utf-8"))["case"]["quarantine"]
    assert {"reason": "… is not a time", "text": "… n’est pas une date lisible", "records": 1} in told


def test_verify_agrees_on_a_moved_copy(copy: Case) -> None:
    """The findings of a case copied elsewhere are recomputed to the same digests, with one thread too."""
    assert {c.status for c in copy.verify(threads=1)} == {"same"}


def test_verify_sees_a_changed_number(copy: Case) -> None:
    """A number changed by hand in a stored finding is noticed."""
    file = copy.path / "findings" / "conversation" / "finding.json"
    data = json.loads(file.read_text("utf-8"))
    data["effect"]["value"] += 0.1
    file.write_text(json.dumps(data), "utf-8")
    assert {c.analysis: c.status for c in copy.verify()}["conversation"] == "differs"


def test_verify_sees_added_rows(copy: Case, tmp_path: Path) -> None:
    """Findings made before rows were added are told apart from wrong ones."""
    file = tmp_path / "more.csv"
    file.write_text("post_id,author,created_at,text\nzz1,ann,2024-03-01T10:00:00Z,ok\n", "utf-8")
    copy.add(file)
    assert "same" not in {c.status for c in copy.verify()}


def test_order_of_files_and_threads_do_not_change_findings(demo_case: Case, tmp_path: Path) -> None:
    """The same files added in reverse, analysed with one thread, give the same finding digests."""
    other = new_case(tmp_path / "other", salt="another")
    other.add(*reversed(demo.write_files(tmp_path / "files", seed=0)))
    findings, _ = other.run_all(threads=1)
    assert {f.analysis: digest(f) for f in findings} == {f.analysis: digest(f) for f in demo_case.findings()}


def test_report_is_written_in_every_form(copy: Case) -> None:
    """HTML, Markdown and JSON reports exist in both languages and differ by language."""
    texts = {
        copy.report(lang, out=copy.path / "reports" / f"r.{lang}{end}").read_text("utf-8")
        for lang in ("en", "fr")
        for end in (".html", ".md")
    }
    assert len(texts) == 4
    assert json.loads(copy.report("en", out=copy.path / "reports" / "r.json").read_text("utf-8"))


def test_report_refuses_an_unknown_ending(demo_case: Case, tmp_path: Path) -> None:
    """A report in a format nobody writes is refused by name."""
    with pytest.raises(BadValue, match=r"\.html"):
        demo_case.report("en", out=tmp_path / "r.docx")


@pytest.mark.parametrize("to", ["csv", "parquet", "json", "sqlite"])
def test_export_writes_units_and_refuses_to_overwrite(demo_case: Case, tmp_path: Path, to: str) -> None:
    """Every table is written, and a second export needs --force."""
    files = demo_case.export("conversation", to, out=tmp_path / "out")
    assert tmp_path / "out" / f"units.{to}" in files
    with pytest.raises(UsageError, match="--force"):
        demo_case.export("conversation", to, out=tmp_path / "out")
    assert demo_case.export("conversation", to, out=tmp_path / "out", force=True) == files


def test_export_refuses_formats_that_do_not_apply(demo_case: Case) -> None:
    """A graph format says that the analysis has no network."""
    with pytest.raises(UsageError, match="does not apply"):
        demo_case.export("coverage", "graphml")


def test_nothing_is_written_where_forget_would_leave_it(copy: Case, tmp_path: Path) -> None:
    """Inside the case, reports and exports go to the two folders that forget clears, by whatever way the place is named."""
    (tmp_path / "link").symlink_to(copy.path)
    for place in (copy.path / "mine", copy.path, tmp_path / "link" / "mine", copy.path / "exports" / ".." / "mine"):
        with pytest.raises(UsageError, match="inside the case"):
            copy.export("conversation", "csv", out=place, identities=True)
        with pytest.raises(UsageError, match="inside the case"):
            copy.report("en", out=place / "r.html", identities=True)
    assert copy.export("conversation", "csv", out=copy.path / "exports" / "mine")
    assert copy.report("en", out=copy.path / "reports" / "mine.html").is_file()
    assert not (copy.path / "mine").exists()


def test_export_gives_pseudonyms_and_logs_identities(copy: Case, tmp_path: Path) -> None:
    """Account ids leave the case only when asked for, and the case remembers it."""
    from agorascope.store import log

    accounts = set(copy.query("SELECT account_id FROM posts GROUP BY account_id").column(0).to_pylist())
    hidden = b"".join(f.read_bytes() for f in copy.export("conversation", "csv", out=tmp_path / "a")).decode()
    copy.export("conversation", "csv", out=tmp_path / "b", identities=True)
    shown = "".join(f.read_text("utf-8-sig") for f in sorted((tmp_path / "b").iterdir()))
    assert not [a for a in accounts if a and len(a) > 4 and a in hidden]
    assert [a for a in accounts if a and len(a) > 4 and a in shown]
    assert "identities" in log(copy.path)[-1][1]


def test_no_cell_of_an_exported_csv_is_a_formula(demo_case: Case, tmp_path: Path) -> None:
    """Text from posts cannot run in a spreadsheet."""
    for file in demo_case.export("conversation", "csv", out=tmp_path / "out"):
        with file.open(encoding="utf-8-sig", newline="") as text:
            cells = [c for row in csv.reader(text) for c in row]
        assert not [c for c in cells if c[:1] in "=+@" and c]


def test_unknown_names_list_the_known_ones(demo_case: Case) -> None:
    """An unknown analysis or parameter is refused with the valid names."""
    with pytest.raises(UnknownName, match="conversation"):
        demo_case.run("conversatoin")
    with pytest.raises(UnknownName, match="alpha"):
        demo_case.run("conversation", alhpa=0.1)
    with pytest.raises(BadValue, match="alpha"):
        demo_case.run("conversation", alpha="often")


@pytest.mark.parametrize(("typed", "read"), [
    (".8", 0.8), ("1.", 1.0), ("+.5", 0.5), ("8e-1", 0.8), ("0.82", 0.82), ("0,82", 0.82), (" 0,820 ", 0.82),
])  # fmt: skip
def test_a_number_is_read_as_people_type_it(tmp_path: Path, typed: str, read: float) -> None:
    """``.8`` is a share like ``0.8``; what is no number, or no finite one, is refused with what was seen."""
    case = new_case(tmp_path / "case")
    assert read == case.run("poll", votes="1000", share=typed, ddc=".005").params["share"]
    for wrong in ("nan", "inf", ",8", "1_0", "1.5", "."):
        with pytest.raises(BadValue, match=f"share is '?{wrong}'?; use "):
            case.run("poll", votes=1000, share=wrong)


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_thousands_may_be_set_apart_by_spaces(tmp_path: Path, space: str) -> None:
    """As French writes them, in whole numbers and in others; a space elsewhere makes no number."""
    case = new_case(tmp_path / "case")
    params = case.run("poll", votes=f"1{space}100{space}000", share=0.5, population=f"47{space}000{space}000,5").params
    assert (1_100_000, 47_000_000.5) == (params["votes"], params["population"])
    with pytest.raises(BadValue, match=r"votes is '1.+10'; use a whole number"):
        case.run("poll", votes=f"1{space}10", share=0.5)


@pytest.mark.parametrize(
    ("name", "typed"), [("population", "1,100"), ("population", "47,000,000"), ("share", "0,8,2"), ("votes", "1,100")]
)
def test_a_comma_that_may_mean_two_things_is_refused_with_what_to_write(tmp_path: Path, name: str, typed: str) -> None:
    """A comma before three digits may set thousands apart; several commas make a list. One too large is told as that."""
    case = new_case(tmp_path / "case")
    with pytest.raises(BadValue, match=f"{name} is '{typed}'; use .*decimals after a point, thousands together"):
        case.run("poll", **{"votes": 1000, "share": 0.5, name: typed})
    with pytest.raises(BadValue, match="share is '1,5'; use at least 0 and at most 1"):
        case.run("poll", votes=1000, share="1,5")


def test_analysis_named_without_its_tables_is_insufficient(tmp_path: Path) -> None:
    """A case without posts answers `insufficient`, with what is missing, when an analysis is named; else leaves it out."""
    case = new_case(tmp_path / "case")
    file = tmp_path / "edges.csv"
    file.write_text("source,target\na,b\nb,c\n", "utf-8")
    case.add(file)
    finding = case.run("conversation")
    assert (finding.verdict, finding.gate) == ("insufficient", "missing")
    assert "conversation" in [e.analysis for e in case.run_all()[1]]


def test_tables_are_arrow(demo_case: Case) -> None:
    """Rows come back as Arrow, findings' tables too, and they are readable as Parquet in the case."""
    posts = demo_case.table("posts")
    finding = demo_case.findings("conversation")[0]
    stored = pq.read_table(demo_case.path / "findings" / "conversation" / f"{next(iter(finding.tables))}.parquet")
    assert posts.num_rows == demo_case.corpus().rows["posts"]
    assert stored.equals(next(iter(finding.tables.values())))


@pytest.mark.parametrize("sql", [
    "SELECT 1; SELECT 2", "CREATE TABLE x AS SELECT 1", "COPY posts TO 'posts.csv'", "SET threads = 1", "", "-- SELECT 1", ";",
    "WITH a AS (SELECT 1) DELETE FROM posts", "SELEC 1", "SELECT nothing FROM posts", "SELECT * FROM nowhere", "SELECT :x",
    "SELECT CAST('a' AS BIGINT)",
])  # fmt: skip
def test_a_query_is_one_select(demo_case: Case, sql: str) -> None:
    """Anything else, and what the engine refuses, is a wrong call in words of ours."""
    with pytest.raises(UsageError, match="query"):
        demo_case.query(sql)


@pytest.mark.parametrize("sql", [
    "SELECT 2 AS n", " select 2 AS n; ", "-- why; not\nSELECT 2 AS n -- ;", "WITH a AS (SELECT 2 AS n) SELECT n FROM a /* ; */",
    "SELECT n FROM (SELECT 2 AS n, 'it''s; DELETE' AS \"a;b\") AS t",
])  # fmt: skip
def test_a_select_is_answered_however_it_is_written(demo_case: Case, sql: str) -> None:
    """Semicolons in comments, quotes and at the end are no second statement."""
    assert [2] == demo_case.query(sql).column("n").to_pylist()


REAL = [
    ("amplification/fivethirtyeight_twitter_ratio/realDonaldTrump.csv", "posts", 3232),
    ("amplification/graham_andrejevic_2024/weekly_panel.csv", "panels", 1290),
    ("amplification/buzzfeed_fb_weekly/page-engagement-by-week.csv", "panels", 38177 * 11),
    ("coordination/ira/ira_text_2017_08_english.parquet", "posts", 172825),
    ("coordination/mango/reddit_vm.csv", "posts", 1566),
    ("coordination/russian_coord_tweets.parquet", "posts", 35125 - 40),
    ("networks/cascades/twitter15_nodes.parquet", "tree_nodes", 599196),
]


@pytest.mark.parametrize(("path", "table", "rows"), REAL)
def test_real_files_are_read_whole(shared: Callable[[str], Path], tmp_path: Path, path: str, table: str, rows: int) -> None:
    """Real files give the counts of their READMEs, nothing quarantined."""
    case = new_case(tmp_path / "case")
    added = case.add(shared(path))[0]
    assert (added.quarantined, case.corpus().rows[table]) == (0, rows)


def test_exported_units_of_coverage_are_sentences(tmp_path: Path) -> None:
    """What a check says leaves the case in words, not as a key of the catalogue."""
    file = tmp_path / "a.csv"
    file.write_text("post_id,author,created_at,text\n" + "p1,ann,2024-03-01T10:00:00Z,hello\n" * 3, "utf-8")
    case = new_case(tmp_path / "case")
    case.add(file)
    case.run("coverage")
    written = next(path for path in case.export("coverage", "csv") if path.stem == "units").read_text("utf-8")
    assert "coverage.says" not in written
    assert "There is no repost among the posts." in written
