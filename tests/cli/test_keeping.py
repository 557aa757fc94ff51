"""Is a case kept as promised? add, status, quarantine, verify, forget; and what the command line says of itself."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agorascope import open_case
from agorascope.analyses import analyses
from agorascope.errors import BadValue
from agorascope.sources import sources
from tests.commands import POSTS, type_in


def test_add_again_changes_nothing_and_says_so(case: Path) -> None:
    """The same file a second time adds no row."""
    typed = type_in(case, "add", "c", "posts.csv")
    assert (0, True) == (typed.code, "already in the case" in typed.out)
    assert 3 == open_case(case / "c").table("posts").num_rows


def test_status_counts_files_rows_and_findings(case: Path) -> None:
    """Files, rows and findings are there, and whether the rows changed since."""
    said = type_in(case, "status", "c").out
    assert all(word in said for word in ("posts.csv", "generic", "posts ", "finding: coverage"))
    (case / "more.csv").write_text(POSTS.replace("1,ann", "9,cat"), "utf-8")
    type_in(case, "add", "c", "more.csv")
    assert "run again" in type_in(case, "status", "c").out


def test_quarantine_shows_file_line_and_reason_and_retries(desk: Path) -> None:
    """A record that cannot be read is listed with where it is and why; a better mapping brings it back."""
    (desk / "bad.csv").write_text(POSTS + "4,bob,not a date,text,1\n", "utf-8")
    type_in(desk, "new", "c")
    assert "1 quarantined" in type_in(desk, "add", "c", "bad.csv").out
    assert "bad.csv:5: " in type_in(desk, "quarantine", "c").out
    typed = type_in(desk, "quarantine", "c", "--retry")
    assert (0, "1 record in quarantine") == (typed.code, typed.out.splitlines()[-1]), typed.err
    assert "bad.csv: 1 quarantined record read again, 0 recovered, 1 still refused" in typed.out
    assert "bad.csv:5: " not in typed.out


def test_quarantine_speaks_french(desk: Path) -> None:
    """With --lang fr the list, its end and its count are French."""
    bad = "".join(f"{i},bob,jamais,text,1\n" for i in range(4, 56))
    (desk / "bad.csv").write_text(POSTS + bad, "utf-8")
    type_in(desk, "new", "c")
    type_in(desk, "add", "c", "bad.csv")
    said = type_in(desk, "quarantine", "c", "--lang", "fr").out.splitlines()
    assert said[0] == "  52 enregistrements\u00a0: 'jamais' n’est pas une date lisible"
    assert said[1].startswith("bad.csv:5\u00a0: 'jamais' n’est pas une date lisible\u00a0: ")
    assert said[-2:] == ["... et 2 de plus", "52 enregistrements en quarantaine"]
    assert type_in(desk, "quarantine", "c").out.splitlines()[-2:] == ["... and 2 more", "52 records in quarantine"]


def test_blank_rows_are_one_line_and_reasons_come_first(desk: Path) -> None:
    """What a spreadsheet adds at its end is counted, not listed; the main reasons are said when the file is added."""
    bad = "4,bob,jamais,text,1\n5,bob,demain,text,1\n6,bob\n7,bob,2024-03-01,a,b,c\n8,bob,2024-03-01,a,many\n" + ",,,,\n" * 19
    (desk / "bad.csv").write_text(POSTS + bad, "utf-8")
    said = type_in(desk, "audit", "bad.csv", "--lang", "fr").out.splitlines()
    assert "  2 enregistrements, par exemple\u00a0: 'demain' n’est pas une date lisible" in said
    assert {"  1 enregistrement pour d’autres raisons", "  19 lignes vides"} <= set(said)
    listed = type_in(desk, "quarantine", "bad-case").out.splitlines()
    assert (True, 1) == ("  19 blank rows" in listed, sum(line.startswith("bad.csv:6: ") for line in listed))
    assert ("24 records in quarantine", 5) == (listed[-1], sum(line.startswith("bad.csv:") for line in listed))


def test_a_retry_under_other_columns_says_what_came_of_each_file(desk: Path) -> None:
    """Files without these columns are said to be left alone, in French too."""
    (desk / "bad.csv").write_text(POSTS + "4,bob,not a date,text,1\n", "utf-8")
    (desk / "odd.csv").write_text("Qui,Quand,Date 2,Billet\nann,bientôt,2024-03-01,un\n", "utf-8")
    for name, when in (("wrong.toml", "Quand"), ("right.toml", "Date 2")):
        (desk / name).write_text(f'handle = "Qui"\ncreated_at = "{when}"\ntext = "Billet"\n', "utf-8")
    type_in(desk, "new", "c")
    type_in(desk, "add", "c", "bad.csv")
    type_in(desk, "add", "c", "odd.csv", "--columns", "wrong.toml")
    said = type_in(desk, "quarantine", "c", "--retry", "--columns", "right.toml", "--lang", "fr").out.replace("\u00a0", " ")
    assert "odd.csv : 1 enregistrement en quarantaine relu, 1 récupéré, 0 encore refusé\n" in said
    assert "bad.csv : rien n’a changé : son en-tête n’a pas Qui, Date 2 et Billet.\n" in said


def test_verify_is_exit_0_then_1_when_a_finding_was_changed(case: Path) -> None:
    """Digests agree; a number changed by hand is exit 1."""
    assert type_in(case, "verify", "c").code == 0
    finding = case / "c/findings/coverage/finding.json"
    finding.write_text(finding.read_text("utf-8").replace('"evidence_total": ', '"evidence_total": 1'), "utf-8")
    typed = type_in(case, "verify", "c")
    assert (1, True) == (typed.code, "differs\tcoverage" in typed.out)


def test_forget_leaves_no_byte(case: Path) -> None:
    """After forget, no file of the case holds the account's name or words."""
    typed = type_in(case, "forget", "c", "--account", "bob")
    assert (0, True) == (typed.code, typed.out.startswith("forgotten: "))
    content = b"".join(f.read_bytes() for f in (case / "c").rglob("*") if f.is_file())
    assert [] == [word for word in (b"bob", b"HYPERLINK") if word in content]
    assert 2 == open_case(case / "c").table("posts").num_rows


def test_status_says_that_accounts_were_forgotten(case: Path) -> None:
    """Fewer rows than were accepted are explained, without saying whom."""
    assert "forgotten" not in type_in(case, "status", "c").out
    type_in(case, "forget", "c", "--account", "bob")
    said = type_in(case, "status", "c").out
    assert ("forgotten once: " in said, "bob" in said) == (True, False)
    type_in(case, "forget", "c", "--account", "ann")
    assert "forgotten 2 times: " in type_in(case, "status", "c").out


def test_verify_tells_another_version_from_a_change(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version over the same rows is told from a finding that somebody changed."""
    monkeypatch.setattr("agorascope.case.running.version", lambda name: "9.9.9")
    typed = type_in(case, "verify", "c")
    assert (1, {"code_changed"}) == (typed.code, {line.partition("\t")[0] for line in typed.out.splitlines()})
    assert "coverage: made by version 0.1.0 of Agorascope, this is 9.9.9; its numbers come out the same" in typed.err
    finding = case / "c/findings/coverage/finding.json"
    finding.write_text(finding.read_text("utf-8").replace('"evidence_total": ', '"evidence_total": 1'), "utf-8")
    assert "differs\tcoverage" in type_in(case, "verify", "c").out


def test_verify_says_that_another_version_counts_otherwise(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another version gives other numbers, the words say so, and the first column stays the one scripts read."""
    monkeypatch.setattr("agorascope.case.running.version", lambda name: "9.9.9")
    monkeypatch.setattr("agorascope.analyses.coverage._grade", lambda units: "otherwise")
    typed = type_in(case, "verify", "c", "--lang", "fr")
    assert (1, True) == (typed.code, "code_changed\tcoverage" in typed.out)
    assert "celle-ci est la 9.9.9, et donne d’autres nombres" in typed.err


def test_verify_goes_on_where_an_analysis_refuses_its_old_parameters(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding whose parameters are taken no more is told with the reason, and the others are verified all the same."""

    def refuse(corpus: object, params: object) -> None:
        raise BadValue("group is 'left', which this case does not have")

    monkeypatch.setattr("agorascope.analyses.coverage.run", refuse)
    typed = type_in(case, "verify", "c")
    assert (1, True) == (typed.code, "refused\tcoverage" in typed.out)
    assert len(typed.out.splitlines()) == len(list((case / "c/findings").iterdir()))
    assert "coverage: could not be computed again with the parameters it was made with: group is 'left'" in typed.err


def test_a_finding_in_words_of_another_version_is_to_be_made_again(case: Path) -> None:
    """A sentence that asks for another kind of value than the finding holds is no fault of ours: the finding is run again."""
    finding = case / "c/findings/coverage/finding.json"
    stored = json.loads(finding.read_text("utf-8"))
    stored["messages"]["claim"] = {"key": "divisions.aside", "args": {"taken": 0.5, "others": []}}
    finding.write_text(json.dumps(stored), "utf-8")
    for words in (("report", "c"), ("show", "c")):
        typed = type_in(case, *words)
        assert (2, True) == (typed.code, "run again: agorascope run c coverage" in typed.err)
    assert "differs\tcoverage" in type_in(case, "verify", "c").out


@pytest.mark.parametrize("words", [("sources",), ("explain", "coverage"), ("show", "c", "--json"), ("run", "c"), ("--help",)])
def test_a_closed_pipe_ends_quietly(case: Path, words: tuple[str, ...]) -> None:
    """Where nobody reads, the program ends as others do, without a word and not as a fault of ours."""
    read, write = os.pipe()
    os.close(read)
    run = [sys.executable, "-c", "from agorascope.cli import main; main()", *words]
    done = subprocess.run(run, cwd=case, check=False, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (141, "") == (done.returncode, done.stderr)


def test_a_reading_process_that_dies_is_no_closed_pipe(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe to a process of ours that closes is told, with exit 1."""

    def broken(*args: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    type_in(desk, "new", "c")
    monkeypatch.setattr(sys.modules["agorascope.sources.reading.probe"], "read_columns", broken)
    (desk / "columns.toml").write_text('text = "text"\n', "utf-8")
    typed = type_in(desk, "add", "c", "posts.csv", "--columns", "columns.toml")
    assert (1, True) == (typed.code, "a reading process ended" in typed.err)


def test_lists_and_explanations(tmp_path: Path) -> None:
    """Analyses and sources list every name; explain tells parameters and limits."""
    assert all(name in type_in(tmp_path, "analyses").out for name in analyses())
    assert all(name in type_in(tmp_path, "sources").out for name in sources())
    assert all(word in type_in(tmp_path, "explain", "coverage").out for word in ("Parameters", "low_share", "Limits", "Example"))
    assert all(type_in(tmp_path, "explain", name).code == 0 for name in [*analyses(), *sources()])


def test_explain_tells_choices_and_ranges(tmp_path: Path) -> None:
    """What a parameter takes is told where it is explained, in the words of a refusal."""
    said = type_in(tmp_path, "explain", "conversation").out
    assert "(one of: hour, day, week; default empty)" in said
    assert "(a number of more than 0 and less than 1; default 0.05)" in said
    assert "(a whole number of at least 99 and at most 20000; default 499)" in said
    assert "(true or false; default false)" in type_in(tmp_path, "explain", "amplification").out


def test_help_has_examples_and_version_is_printed(tmp_path: Path) -> None:
    """Every command that takes something has an example in its help; --version prints ours."""
    for command in (
        "demo",
        "audit",
        "new",
        "add",
        "run",
        "show",
        "report",
        "export",
        "status",
        "quarantine",
        "verify",
        "forget",
        "explain",
    ):
        typed = type_in(tmp_path, command, "--help")
        assert (0, True) == (typed.code, f"Example: agorascope {command}" in typed.out)
    assert type_in(tmp_path, "--version").out.startswith("agorascope 0.")
    assert "--install-completion" in type_in(tmp_path, "--help").out


def test_a_process_keeps_the_same_contract(desk: Path) -> None:
    """As a program: JSON alone on standard output and exit 0, one line on standard error and exit 2."""
    run = [sys.executable, "-m", "agorascope"]
    subprocess.run([*run, "new", "c"], cwd=desk, check=True, capture_output=True)
    subprocess.run([*run, "add", "c", "posts.csv"], cwd=desk, check=True, capture_output=True)
    ran = subprocess.run([*run, "run", "c", "--json"], cwd=desk, check=True, capture_output=True)
    wrong = subprocess.run([*run, "run", "nowhere"], cwd=desk, check=False, capture_output=True, text=True)
    assert all(line.startswith(b"left out: ") for line in ran.stderr.splitlines())
    assert isinstance(json.loads(ran.stdout), list)
    assert (2, "", 1) == (wrong.returncode, wrong.stdout, wrong.stderr.count("\n"))


def test_a_fault_of_ours_is_exit_1_in_one_line(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw is told as ours, without a traceback."""
    monkeypatch.setattr("agorascope.case.running.stored", lambda folder, names: 1 / 0)
    typed = type_in(case, "show", "c")
    assert (1, True, False) == (typed.code, "a fault of ours" in typed.err, "Traceback" in typed.err)


@pytest.mark.parametrize(("lang", "said"), [("en", "replaces the earlier finding"), ("fr", "remplace le résultat précédent")])
def test_a_finding_that_replaces_one_of_other_parameters_says_so(desk: Path, lang: str, said: str) -> None:
    """Two polls in one case: one line on standard error names what differs; the same question again says nothing."""
    type_in(desk, "new", "c")
    first = ("run", "c", "poll", "-p", "votes=1000", "-p", "share=0.8", "--lang", lang)
    other = ("run", "c", "poll", "-p", "votes=1000", "-p", "share=0.3", "--lang", lang)
    assert ["", ""] == [type_in(desk, *first).err, type_in(desk, *first).err]
    typed = type_in(desk, *other)
    assert (0, 1, True, True) == (typed.code, typed.err.count("\n"), said in typed.err, "share" in typed.err)
    assert "0.3" not in typed.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "earlier finding of this case stays"), ("fr", "résultat précédent de ce dossier reste")]
)
def test_a_question_that_cannot_be_asked_replaces_nothing(case: Path, lang: str, said: str) -> None:
    """Without its attribute an analysis says what it lacks, and the finding made before stays, and is said to."""
    type_in(case, "run", "c", "majority_illusion", "-p", "attribute=hashtag:x")
    before = type_in(case, "show", "c", "majority_illusion", "--json").out
    typed = type_in(case, "run", "c", "majority_illusion", "--lang", lang)
    assert (0, 1, True, True) == (typed.code, typed.err.count("\n"), said in typed.err, "attribut" in typed.out)
    assert before == type_in(case, "show", "c", "majority_illusion", "--json").out


def test_a_finding_in_words_of_another_version_is_told_to_be_made_again(case: Path, desk: Path) -> None:
    """A stored finding whose sentence lacks what this version's says: exit 2, with the command that makes it again, which does."""
    place = desk / "c/findings/coverage/finding.json"
    told = json.loads(place.read_bytes())
    told["messages"]["claim"]["args"].clear()
    place.write_bytes(json.dumps(told).encode())
    for words in (("show", "c"), ("report", "c")):
        typed = type_in(case, *words)
        assert (2, 1, True) == (typed.code, typed.err.count("\n"), "run again: agorascope run c coverage" in typed.err)
    assert (1, "differs") == (
        (typed := type_in(case, "verify", "c")).code,
        next(line for line in typed.out.splitlines() if "coverage" in line).split()[0],
    )
    type_in(case, "run", "c", "coverage")
    assert type_in(case, "show", "c").code == 0
