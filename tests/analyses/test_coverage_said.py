"""Does `coverage` say of each check only what was looked at, in both languages, and show the records behind it?"""

from collections import Counter
from pathlib import Path

import pyarrow as pa

from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import message, say
from agorascope.worlds import faults
from agorascope.worlds.null import DAY_US, START_US

from .test_coverage import asked, filed, units, world


def said(check: str, lang: str = "en", **args: object) -> str:
    """Give the sentence of a check that found nothing."""
    return say(message(f"coverage.ok.{check}", **args), lang)


def test_one_id_of_three_accounts_is_a_fault(tmp_path: Path) -> None:
    """Three files that each number their rows, by three accounts, put three posts under one id: all three are shown."""
    files = [tmp_path / f"{n}.csv" for n in range(3)]
    for n, file in enumerate(files, 1):
        rows = f"7,al{n},2024-03-0{n}T10:00:00Z,hello {n}\n{n + 10},bea,2024-03-0{n}T11:00:00Z,own\n"
        file.write_text(f"post_id,account,created_at,text\n{rows}", "utf-8")
    finding = filed(tmp_path, *files)
    args = units(finding, "conflicting_ids", "fault")[0]["says"]["args"]
    assert (1, 3, 1, 1, 4) == tuple(args[k] for k in ("ids", "records", "accounts", "times", "posts"))
    shown = [e for e in finding.evidence if e.role.key == "coverage.role.conflicting_ids"]
    assert ["al1", "al2", "al3"] == [e.account_id for e in shown]


def test_versions_of_one_post_are_no_conflict() -> None:
    """One post read twice, its account named by handle and by id, its time to the day or the minute, is one post."""
    at = START_US + 3_723_000_000
    posts = [
        {"platform": "x", "post_id": post, "account_id": account, "created_at_us": us, "text": text}
        for post, account, us, text in (
            ("1", "11", at, "a text"), ("1", "Ann", at - at % 60_000_000, "short"), ("2", "11", at, "a"), ("2", "11", START_US, "")
        )
    ]  # fmt: skip
    accounts = pa.Table.from_pylist([{"platform": "x", "account_id": "11", "handle": "ann"}], schema=schema("accounts"))
    tables = {"posts": pa.Table.from_pylist(posts, schema=schema("posts")), "accounts": accounts}
    assert units(asked(tables), "conflicting_ids", "ok")
    posts[1]["created_at_us"] = at - 86_400_000_000
    tables["posts"] = pa.Table.from_pylist(posts, schema=schema("posts"))
    assert [(1, 0, 1)] == [
        tuple(u["says"]["args"][k] for k in ("ids", "accounts", "times")) for u in units(asked(tables), "conflicting_ids", "fault")
    ]


def test_accounts_passed_over_are_said() -> None:
    """Nothing is said of accounts with too few posts but their number; where no account could be looked at, nothing was checked."""
    posts = world()["posts"]
    numbers = Counter(posts["account_id"].to_pylist())
    long = sum(n >= 30 for n in numbers.values())
    row = units(asked(world()), "late_start", "ok")[0]
    assert {"n": long, "skipped": len(numbers) - long} == row["says"]["args"]
    place = posts.schema.get_field_index("account_id")
    nobody = asked({"posts": posts.set_column(place, "account_id", pa.nulls(posts.num_rows, pa.string()))})
    status = {u["check"]: (u["status"], u["says"]["key"]) for u in nobody.units}
    assert {("not_checked", "coverage.missing.rhythm")} == {status[c] for c in ("late_start", "early_end")}
    assert ("ok", "coverage.ok.gaps_whole") == status["gaps"]
    assert "Of 1 account that could be checked, none ends" in said("early_end", n=1, skipped=2)
    assert "Sur 1 compte vérifiable, aucun ne finit" in said("early_end", "fr", n=1, skipped=2)


def test_a_count_one_file_lacks_is_not_hidden(tmp_path: Path) -> None:
    """Quotes given by one file of two are no hidden count but a count the other lacks; hidden within their file, they are."""
    lacking, giving = tmp_path / "lacking.csv", tmp_path / "giving.csv"
    lacking.write_text("post_id,account,created_at,text,likes\n" + "".join(post(n, "3") for n in range(60)), "utf-8")
    giving.write_text("post_id,account,created_at,text,likes,quotes\n" + "".join(post(n, "3,1") for n in range(60, 100)), "utf-8")
    finding = filed(tmp_path, lacking, giving)
    absent = units(finding, "absent_counts", "warning")
    assert [("coverage.metric.quotes", 60, 100)] == [
        tuple(u["says"]["args"][k] for k in ("metric", "absent", "posts")) for u in absent
    ]
    assert units(finding, "hidden_counts", "ok")
    holed = tmp_path / "holed.csv"
    rows = [post(n, "3,1" if n % 2 else "3,") for n in range(100, 140)]
    holed.write_text("post_id,account,created_at,text,likes,quotes\n" + "".join(rows), "utf-8")
    found = units(filed(tmp_path / "again", lacking, holed), "hidden_counts", "fault")
    assert [(20, 40)] == [(u["says"]["args"]["hidden"], u["says"]["args"]["posts"]) for u in found]


def post(n: int, counts: str) -> str:
    """Write one line of a CSV file: a post of its own minute and text."""
    return f"{n},ann,2024-03-01T{n // 60:02}:{n % 60:02}:01Z,words {n},{counts}\n"


def test_a_vendors_reach_is_no_number_of_views() -> None:
    """A reach below the likes is not impossible; measured views below them are, over measured views alone."""
    tables = world()
    metrics = tables["post_metrics"].to_pylist()
    for row in metrics:
        row |= {"views": 0, "likes": 3, "views_kind": "followers_proxy"}
    assert units(counted(metrics), "impossible_counts", "not_checked")
    for row in metrics[:10]:
        row["views_kind"] = "measured"
    finding = counted(metrics)
    assert (10, 10) == tuple(units(finding, "impossible_counts", "fault")[0]["says"]["args"][k] for k in ("impossible", "posts"))
    assert 10 == sum(e.role.key == "coverage.role.impossible_counts" for e in finding.evidence)


def counted(metrics: list[dict[str, object]]) -> Finding:
    """Ask about the posts of the world with other counts."""
    return asked({"posts": world()["posts"], "post_metrics": pa.Table.from_pylist(metrics, schema=schema("post_metrics"))})


def test_points_and_cases_are_counted_apart() -> None:
    """Thirty accounts that end early are one point to know, of thirty cases: never more points than checks."""
    posts = world()["posts"].to_pylist()
    numbers = Counter(p["account_id"] for p in posts)
    early = [a for a, n in numbers.most_common() if n >= 60][1:31]
    kept = [p for p in posts if p["account_id"] not in early or p["created_at_us"] < START_US + 60 * DAY_US]
    finding = asked({"posts": pa.Table.from_pylist(kept, schema=schema("posts"))}, alpha=1e-9)
    args = finding.claim.args
    assert (len(early) > 20, len(early) <= args["cases"], args["warnings"] < 5) == (True, True, True)
    assert "points to know (3" in say(finding.claim, "en")


def test_a_list_of_groups_hides_no_bad_file(tmp_path: Path) -> None:
    """Two records of twenty refused are a tenth, however long the list of groups beside them."""
    posts, groups = tmp_path / "posts.csv", tmp_path / "groups.csv"
    rows = [f"{n},ann,{'no date' if n < 2 else f'2024-03-01T10:{n:02}:01Z'},words {n}\n" for n in range(20)]
    posts.write_text("post_id,account,created_at,text\n" + "".join(rows), "utf-8")
    groups.write_text("account,group\n" + "".join(f"a{n},left\n" for n in range(1_000)), "utf-8")
    args = units(filed(tmp_path, posts, groups), "quarantined", "fault")[0]["says"]["args"]
    assert (2, 20) == (args["refused"], args["records"])


def test_rows_of_nothing_are_no_caution(tmp_path: Path) -> None:
    """Blank rows at the end of a spreadsheet are no records that could not be read; one bad date among them is."""
    posts, bad = tmp_path / "posts.csv", tmp_path / "bad.csv"
    rows = "".join(f"{n},ann,2024-03-01T10:{n:02}:01Z,words {n}\n" for n in range(20))
    posts.write_text("post_id,account,created_at,text\n" + rows + ",,,\n" * 19, "utf-8")
    bad.write_text("post_id,account,created_at,text\n" + rows + "20,ann,no date,words\n" + ",,,\n" * 19, "utf-8")
    assert [] == units(filed(tmp_path / "a", posts), "quarantined", "fault") + units(
        filed(tmp_path / "b", posts), "quarantined", "warning"
    )
    args = units(filed(tmp_path / "c", bad), "quarantined", "fault")[0]["says"]["args"]
    assert (1, 21) == (args["refused"], args["records"])


def test_counts_of_shares_are_not_said_to_be_of_others(tmp_path: Path) -> None:
    """A share on Facebook has counts of its own: they are counted, and called nobody else's."""
    rows = "".join(f"{n},ann,2024-03-01T10:{n:02}:01Z,words {n},facebook,{'share' if n < 4 else ''},9\n" for n in range(20))
    (tmp_path / "posts.csv").write_text("post_id,account,created_at,text,platform,kind,shares\n" + rows, "utf-8")
    said = units(filed(tmp_path, tmp_path / "posts.csv"), "reposts", "warning")[0]["says"]
    assert (4, 4) == (said["args"]["reposts"], said["args"]["counted"])
    assert say(message(said["key"], **said["args"]), "en").endswith("4 of them carry counts.")


def test_copies_of_a_file_without_ids_are_said_so(tmp_path: Path) -> None:
    """Where the ids are made from the content, nothing is said of another id; the remedy does not ask for what the file lacks."""
    lines = "account,created_at,text\n" + "ann,2024-03-01T10:00:01Z,same\n" * 2 + "bob,2024-03-01T11:00:01Z,other\n"
    (tmp_path / "posts.csv").write_text(lines, "utf-8")
    row = units(filed(tmp_path, tmp_path / "posts.csv"), "equal_content", "fault")[0]
    assert (1, 1, "coverage.remedy.equal_content_made") == (
        row["says"]["args"]["extra"],
        row["says"]["args"]["made"],
        row["remedy"]["key"],
    )
    assert "under another id" not in say(message(row["says"]["key"], **row["says"]["args"]), "en")


def test_one_agrees_with_one() -> None:
    """A single record is a record, in both languages; several are several."""
    one = {"repeats": 1, "records": 67, "share": 1 / 67}
    assert "1 of 67 records repeats an id" in says("repeated_ids_undated", "en", **one)
    assert "1 enregistrement sur 67 reprend un identifiant" in says("repeated_ids_undated", "fr", **one)
    young = {"young": 1, "posts": 3, "share": 1 / 3, "limit": 172_800}
    assert "1 of 3 posts was less than 2 days old" in says("age", "en", **young)
    assert "1 message sur 3 avait moins de 2" in says("age", "fr", **young)
    assert "their counts were" in says("age", "en", **young | {"young": 2})


def says(check: str, lang: str, **args: object) -> str:
    """Give the sentence of a problem."""
    return say(message(f"coverage.says.{check}", **args), lang)


def test_the_query_gives_the_evidence_as_it_stands() -> None:
    """The published query runs without parameters and gives the records it is said to give, whatever is in a name."""
    posts = [dict(p, account_id=f"o'{p['account_id']}", text=f"words {p['post_id']}") for p in world()["posts"].to_pylist()]
    account = f"o'{faults.busiest(world())}"
    first, last = START_US + 30 * DAY_US, START_US + 40 * DAY_US
    holed = [p for p in posts if p["account_id"] != account or not first <= p["created_at_us"] < last]
    copies = [dict(p, post_id=f"{p['post_id']}b") for p in posts[:400]]
    groups = [{"platform": "x", "account_id": account.upper(), "group_name": name} for name in ("north", "south")]
    for check, rows, listed in (("gaps", holed, []), ("two_groups", posts, groups), ("equal_content", posts + copies, [])):
        tables = {"posts": pa.Table.from_pylist(rows, schema=schema("posts"))}
        tables["groups"] = pa.Table.from_pylist(listed, schema=schema("groups"))
        finding = asked(tables)
        answer = memory_corpus(tables).query(finding.evidence_query)
        noted = {n.key: n.args for n in finding.notes}.get("coverage.notes.evidence", {"n": finding.evidence_total})
        assert (check, noted["n"]) == (finding.units[0]["check"], answer.num_rows)
        named = answer["account_id" if listed else "post_id"].to_pylist()
        assert named[:2] == [e.id for e in finding.evidence][:2]


def test_the_query_of_counted_periods_has_its_values() -> None:
    """Where the worst fault is a captured share, the query names account and time itself."""
    account = faults.busiest(world())
    tables = faults.count_posts(world(), account=account, every_us=7 * DAY_US)
    lost = faults.lose(tables, start_us=START_US + 28 * DAY_US, end_us=START_US + 56 * DAY_US, account=account, share=0.6)
    finding = asked(lost)
    assert ":" not in finding.evidence_query
    assert memory_corpus(lost).query(finding.evidence_query).num_rows <= finding.evidence_total
