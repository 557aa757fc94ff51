"""Is asking as promised? audit, demo, run and show: exit codes, what goes to standard output, refusals in one clear line."""

import json
from pathlib import Path

import pytest

from agorascope import open_case
from agorascope.analyses import analyses
from agorascope.worlds.demo import truth
from agorascope.worlds.null import DAY_US
from tests.commands import POSTS, refused, type_in

# Questions of accounts, followers, votes, groups and of a hashtag named, which posts alone do not answer.
UNASKED = {"bridging", "majority_illusion", "poll", "purge", "registration"}


def test_audit_of_one_file_without_flags(desk: Path) -> None:
    """The format is found, the choices are printed, the report is written and named last."""
    typed = type_in(desk, "audit", "posts.csv")
    lines = typed.out.splitlines()
    assert (typed.code, "case: posts-case") == (0, lines[0])
    assert "posts.csv: read as generic; 3 records, 3 accepted" in lines[1]
    assert lines[-1] == "report: posts-case/reports/report.en.html"
    assert (desk / "posts-case/reports/report.en.html").stat().st_size > 10_000


def test_audit_with_groups_events_and_french(desk: Path) -> None:
    """Groups and events enter the case, and everything printed is in the language asked for."""
    typed = type_in(desk, "audit", "posts.csv", "--case", "c", "--groups", "parties.csv", "--events", "events.csv", "--lang", "fr")
    case = open_case(desk / "c")
    assert typed.code == 0, typed.err
    assert (2, 1) == (case.table("groups").num_rows, case.table("events").num_rows)
    assert typed.out.splitlines()[-1].replace("\N{NO-BREAK SPACE}", " ").startswith("rapport : c/reports/report.fr.html")


def test_audit_again_takes_another_folder(desk: Path) -> None:
    """A second audit of the same file does not touch the first one's case."""
    type_in(desk, "audit", "posts.csv")
    assert "case: posts-case-2" == type_in(desk, "audit", "posts.csv").out.splitlines()[0]


@pytest.mark.parametrize(("rows", "counts"), [
    ("", ("0 records read, 0 quarantined", "0 enregistrement lu, 0 en quarantaine")),
    ("1,ann,not a date,hi,3\n2,bob,nor this,hi,4\n", ("2 records read, 2 quarantined", "2 enregistrements lus, 2 en quarantaine")),
])  # fmt: skip
@pytest.mark.parametrize("place", [[], ["--case", "new"], ["--case", "empty"]])
def test_an_audit_that_accepts_nothing_can_be_typed_again(desk: Path, rows: str, counts: tuple[str, str], place: list[str]) -> None:
    """Refused once, in one language, with what was read; nothing is left, and the same words work on the corrected file."""
    (desk / "empty").mkdir()
    (desk / "mine.csv").write_text(POSTS.partition("\n")[0] + "\n" + rows, "utf-8")
    before = sorted(desk.rglob("*"))
    for lang, said in zip(("en", "fr"), counts, strict=True):
        typed = type_in(desk, "audit", "mine.csv", "--groups", "parties.csv", "--lang", lang, *place)
        plain = typed.err.replace("\N{NO-BREAK SPACE}", " ")
        assert (2, 1, 1, 1) == (typed.code, plain.count("\n"), plain.count(said), plain.count("agorascope quarantine"))
        assert ("record an analysis" in plain) == (lang == "en")
        assert bool(rows) == (("is not a time" if lang == "en" else "n’est pas une date lisible") in typed.out)
        assert before == sorted(desk.rglob("*"))
    (desk / "mine.csv").write_text(POSTS, "utf-8")
    typed = type_in(desk, "audit", "mine.csv", *place)
    assert (0, True) == (typed.code, typed.out.startswith(f"case: {place[1] if place else 'mine-case'}\n")), typed.err


def test_an_audit_of_rows_nobody_asks_about_keeps_them(desk: Path) -> None:
    """Accepted rows stay, and the refusal names once, in the reader's words, the tables that an analysis would need."""
    (desk / "trees.csv").write_text("cascade,node,parent,user\nc1,1,,a\nc1,2,1,b\n", "utf-8")
    typed = type_in(desk, "audit", "trees.csv")
    assert (2, 1, 1) == (typed.code, typed.err.count("\n"), typed.err.count(" values per account and period"))
    assert "2 records read, 2 accepted, 0 quarantined" in typed.err
    assert 2 == open_case(desk / "trees-case").table("tree_nodes").num_rows


def test_demo_tells_what_was_planted_and_finds_it(demo_folder: Path) -> None:
    """The demo writes its report and finds something with every analysis there is."""
    findings = open_case(demo_folder).findings()
    assert (demo_folder / "reports" / "report.en.html").is_file()
    assert {"found"} == {f.verdict for f in findings}
    assert set(analyses()) == {f.analysis for f in findings}


def test_the_demo_finds_the_bridges_and_the_districts_it_planted(demo_folder: Path) -> None:
    """All planted bridges hold in both camps, nothing else does; districts are found, the hashtag begins in the smallest."""
    findings, told = {f.analysis: f for f in open_case(demo_folder).findings()}, truth()
    across = {u["item"] for u in findings["bridging"].units if u["place"] == "across"}
    assert (set(told["bridges"]["items"]), 2) == (across, findings["bridging"].tables["camps"].num_rows)
    parts, trend = findings["communities"].units, findings["communities"].tables["trend"].to_pylist()
    first = max(trend, key=lambda row: row["first"])
    tied = sum(unit["accounts"] for unit in parts)
    origin = min(parts, key=lambda unit: unit["accounts"])
    assert (len(told["districts"]["shares"]), origin["community"]) == (len(parts), first["community"])
    assert origin["accounts"] / tied == pytest.approx(told["districts"]["origin_share"], abs=0.02)
    assert first["first"] > 15
    assert first["start_us"] == pytest.approx(told["districts"]["from_us"], abs=2 * DAY_US)


@pytest.mark.parametrize("words", [("audit", "none.csv"), ("audit", "empty.csv"), ("audit", "junk.csv"), ("audit", ".")])
def test_unreadable_input_is_exit_2_and_leaves_nothing(desk: Path, words: tuple[str, ...]) -> None:
    """A file that is missing, empty, of no known format, or a folder, is refused before a case is made."""
    (desk / "empty.csv").touch()
    (desk / "junk.csv").write_text("one,two\n1,2\n", "utf-8")
    before = sorted(desk.iterdir())
    refused(type_in(desk, *words))
    assert before == sorted(desk.iterdir())


def test_unknown_format_names_the_nearest(desk: Path) -> None:
    """A table nobody recognises is refused in one line with what was seen, the nearest format and what to do."""
    (desk / "junk.csv").write_text("one,two\n1,2\n", "utf-8")
    said = refused(type_in(desk, "audit", "junk.csv"))
    assert [] == [word for word in ("one, two", "generic (", "--columns", "agorascope sources") if word not in said]


def test_run_json_prints_findings_and_nothing_else(case: Path) -> None:
    """Standard output is one JSON array, strongest first, whatever the verdict."""
    typed = type_in(case, "run", "c", "--json")
    assert 0 == typed.code
    left_out = {line.split(": ")[1] for line in typed.err.splitlines()}
    assert left_out <= UNASKED
    assert set(analyses()) - left_out == {finding["analysis"] for finding in json.loads(typed.out)}


def test_show_json_equals_run_json(case: Path) -> None:
    """What is stored is what was run."""
    ran = json.loads(type_in(case, "run", "c", "coverage", "--json").out)
    assert ran == json.loads(type_in(case, "show", "c", "coverage", "--json").out)


def test_show_of_an_unrun_case_is_an_empty_array(desk: Path) -> None:
    """A case without findings shows an empty array as JSON, and says what to do otherwise."""
    type_in(desk, "new", "c")
    assert [] == json.loads(type_in(desk, "show", "c", "--json").out)
    assert "agorascope run c" in refused(type_in(desk, "show", "c"))


def test_run_all_names_what_was_left_out(desk: Path) -> None:
    """An analysis whose tables are missing is left out with one line that says why; named, it answers insufficient."""
    type_in(desk, "new", "c")
    typed = type_in(desk, "run", "c")
    assert (0, len(analyses())) == (typed.code, typed.out.count("left out: "))
    named = json.loads(type_in(desk, "run", "c", "conversation", "--json").out)
    assert [("conversation", "insufficient")] == [(f["analysis"], f["verdict"]) for f in named]


def test_names_between_colons_are_printed_as_they_are(desk: Path) -> None:
    """A group called `sex:man`, a colon behind it in a sentence, is no emoji."""
    pieces = [(f"{side}{i}", f"{side}{(i + step) % 12}") for side in "mw" for i in range(12) for step in (1, 2)]
    (desk / "ties.csv").write_text("source,target\n" + "".join(f"{a},{b}\n" for a, b in pieces), "utf-8")
    groups = "".join(f"{side}{i},sex:{name}\n" for side, name in (("m", "man"), ("w", "woman")) for i in range(12))
    (desk / "sexes.csv").write_text("account_id,group\n" + groups, "utf-8")
    type_in(desk, "new", "c")
    type_in(desk, "add", "c", "ties.csv", "sexes.csv")
    assert "of sex:man and sex:woman: each lies" in type_in(desk, "run", "c", "polarisation").out


def test_unprefixed_parameter_goes_to_every_analysis_that_has_it(case: Path) -> None:
    """-p seed=5 reaches both analyses; a prefixed one reaches its own."""
    found = json.loads(type_in(case, "run", "c", "-p", "seed=5", "-p", "coverage.alpha=0.01", "--json").out)
    assert {5} == {f["params"]["seed"] for f in found if f["params"]}
    assert {"coverage": 0.01} == {f["analysis"]: f["params"]["alpha"] for f in found if f["analysis"] == "coverage"}


@pytest.mark.parametrize(("given", "listed"), [
    ("nonsense=1", "low_share"), ("coverage.nonsense=1", "low_share"), ("nobody.alpha=1", "coverage"),
    ("alpha=much", "alpha is 'much'; use a number of more than 0 and less than 1\n"),
    ("coverage.alpha=7", "alpha is 7; use more than 0 and less than 1\n"),
    ("conversation.bin=fortnight", "bin is 'fortnight'; use one of: hour, day, week\n"),
    ("conversation.draws=abc", "draws is 'abc'; use a whole number of at least 99 and at most 20000\n"),
    ("conversation.event_hours=-1", "event_hours is -1; use more than 0\n"), ("trends=maybe", "use true or false\n"),
    ("bin=fortnight", "use one of: day, week (amplification, breaks); or one of: hour, day, week (conversation)\n"),
    ("alpha", "-p NAME=VALUE"), ("=3", "-p NAME=VALUE"),
])  # fmt: skip
def test_a_bad_parameter_is_exit_2_and_lists_the_valid_ones(case: Path, given: str, listed: str) -> None:
    """A name nobody has, or a bad value, is refused with the valid ones."""
    assert listed in refused(type_in(case, "run", "c", "-p", given))


def test_every_value_is_judged_before_anything_runs(case: Path) -> None:
    """A wrong value for the second analysis leaves the first one's stored finding as it was."""
    before = (case / "c/findings/coverage/finding.json").read_bytes()
    refused(type_in(case, "run", "c", "coverage", "conversation", "-p", "coverage.alpha=0.2", "-p", "conversation.alpha=abc"))
    assert before == (case / "c/findings/coverage/finding.json").read_bytes()


@pytest.mark.parametrize(("lang", "said"), [("en", "did not take bin=hour"), ("fr", "n’admet pas bin=hour")])
def test_a_value_goes_to_those_that_take_it(case: Path, lang: str, said: str) -> None:
    """-p bin=hour reaches the conversation; those that know no hours run without it, and standard error says which."""
    typed = type_in(case, "run", "c", "-p", "bin=hour", "--json", "--lang", lang)
    found = {f["analysis"]: f["params"] for f in json.loads(typed.out)}
    lines = [line for line in typed.err.splitlines() if "bin=hour" in line]
    assert (0, "hour") == (typed.code, found["conversation"]["bin"])
    assert [True, True] == [
        line.startswith(f"{name} {said}") for name, line in zip(("amplification", "breaks"), lines, strict=True)
    ]
    assert "hour" not in {params.get("bin") for name, params in found.items() if name != "conversation"}


def test_run_json_says_what_was_left_out_beside_it(desk: Path) -> None:
    """Standard output stays JSON; standard error names each analysis left out."""
    type_in(desk, "new", "c")
    typed = type_in(desk, "run", "c", "--json")
    assert (0, []) == (typed.code, json.loads(typed.out))
    assert len(analyses()) == typed.err.count("left out: ") == typed.err.count("\n")


@pytest.mark.parametrize("words", [
    ("run", "c", "nonsense"), ("run", "nowhere"), ("run", "c", "--engine", "abacus"), ("show", "c", "nonsense"),
    ("report", "c", "--lang", "de"),
    ("report", "c", "--out", "r.pdf"), ("export", "c", "coverage", "--to", "xls"), ("export", "c", "coverage", "--to", "graphml"),
    ("report", "c", "--out", "c/r.html"), ("export", "c", "coverage", "--to", "csv", "--out", "c/mine"),
    ("explain", "nonsense"), ("add", "c", "posts.csv", "--format", "nonsense"), ("add", "c", "none.csv"), ("new", "c"),
    ("status", "."),
    ("quarantine", "."), ("quarantine", "c", "--columns", "posts.csv"),
    ("verify", "."), ("forget", "c"), ("nonsense",), ("run", "c", "--nonsense"), ("export", "c", "coverage"),
])  # fmt: skip
def test_wrong_usage_is_exit_2(case: Path, words: tuple[str, ...]) -> None:
    """What cannot be done is refused in words, never with a traceback."""
    refused(type_in(case, *words))


def test_an_unknown_analysis_lists_the_known(case: Path) -> None:
    """The refusal names every analysis there is."""
    said = refused(type_in(case, "run", "c", "nonsense"))
    assert [] == [name for name in analyses() if name not in said]
