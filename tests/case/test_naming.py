"""Are accounts named in what is shared? Parameters bear pseudonyms, which can be typed again."""

from functools import partial
from pathlib import Path

import msgspec
import pytest

from agorascope import Case, new_case
from agorascope.case import Given, naming
from agorascope.errors import BadValue
from agorascope.report import pseudonym


def named(case: Case) -> tuple[str, str]:
    """Give the account that wrote most in the demo, and its pseudonym."""
    rows = case.query("SELECT account_id, COUNT(*) AS n FROM posts GROUP BY account_id ORDER BY n DESC, account_id LIMIT 1")
    account = rows.to_pylist()[0]["account_id"]
    return account, pseudonym(account, case.config["salt"])


def test_a_pseudonym_of_a_report_can_be_typed_again(copy: Case) -> None:
    """The account is found by its pseudonym; the finding is the one its id gives."""
    account, alias = named(copy)
    by_alias, _ = copy.run_all("amplification", params=[Given(None, "treated", alias), Given(None, "date", "2024-05-27")])
    by_id, _ = copy.run_all("amplification", params=[Given(None, "treated", account), Given(None, "date", "2024-05-27")])
    assert by_id == by_alias
    assert account == by_alias[0].params["treated"]


def test_a_pseudonym_of_another_case_is_refused(demo_case: Case) -> None:
    """Nothing is guessed from a pseudonym that no account of this case bears."""
    with pytest.raises(BadValue, match="pseudonym"):
        demo_case.run_all("amplification", params=[Given(None, "treated", "a_zzzzzzzz")])


def test_a_report_names_no_account_in_its_parameters(copy: Case, tmp_path: Path) -> None:
    """Roles typed as an id, a handle or a group: the report shows pseudonyms of the accounts, and the group."""
    account, alias = named(copy)
    (tmp_path / "groups.csv").write_text(f"account_id,group\n{account},Press corps\n")
    copy.add(tmp_path / "groups.csv", format="groups")
    copy.run_all("amplification", params=[Given(None, "treated", account), Given(None, "controls", "press corps")])
    page = copy.report("en", out=tmp_path / "page.md").read_text("utf-8")
    assert account not in page
    assert alias in page
    assert "press corps" in page


def test_handles_and_ids_of_one_account_get_one_pseudonym(demo_case: Case) -> None:
    """What the parameters show is the name the account bears elsewhere in the report."""
    finding = demo_case.findings("coverage")[0]
    account, alias = named(demo_case)
    asked = msgspec.structs.replace(finding, params={"treated": f"@{account.upper()}, {account}"})
    shown = naming.unnamed([asked], demo_case.corpus(), demo_case.config)[0].params["treated"]
    assert f"{alias}, {alias}" == shown
    assert partial(pseudonym, salt=demo_case.config["salt"])(account) == alias


def given(tmp_path: Path, **params: str) -> list[Given]:
    """Read parameters on a case of two accounts: one with a handle that looks like a pseudonym, one with a comma in its id."""
    case = new_case(tmp_path / "c", salt="s")
    rows = ['1,"Le Monde, journal",,2024-05-01', "2,100000,a_martinez,2024-05-02"]
    (tmp_path / "posts.csv").write_text("post_id,account_id,handle,created_at\n" + "\n".join(rows) + "\n")
    (tmp_path / "groups.csv").write_text("account_id,group\n100000,a_partisan\n")
    case.add(tmp_path / "posts.csv")
    case.add(tmp_path / "groups.csv", format="groups")
    return naming.identified([Given(None, name, value) for name, value in params.items()], case.corpus(), "s")


def test_what_looks_like_a_pseudonym_and_is_a_name_stays(tmp_path: Path) -> None:
    """Handles and groups of ten letters that begin with a_ are what the user says they are."""
    found = given(tmp_path, treated="@a_martinez", controls="a_partisan")
    assert ["@a_martinez", "a_partisan"] == [one.value for one in found]


def test_an_id_with_a_comma_is_one_account(tmp_path: Path) -> None:
    """Alone it is read back whole; among others, where commas separate, it is refused; other parameters stay as they are."""
    alias = pseudonym("Le Monde, journal", "s")
    assert ["Le Monde, journal", "100000"] == [
        one.value for one in given(tmp_path, account=alias, treated=pseudonym("100000", "s"))
    ]
    with pytest.raises(BadValue, match="comma"):
        naming.identified([Given(None, "treated", alias)], Case(tmp_path / "c").corpus(), "s")


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_a_report_quotes_nothing_from_refused_records(tmp_path: Path, ending: str) -> None:
    """A name in a cell that cannot be read is not in the report, unless identities are asked for; its reason and count are."""
    case = new_case(tmp_path / "c", salt="s")
    rows = "1,u1,2024-05-01,3\n2,u1,secrethandle,3\n3,u1,otherhandle,3\n"
    (tmp_path / "posts.csv").write_text("post_id,account_id,created_at,likes\n" + rows)
    case.add(tmp_path / "posts.csv")
    case.run("coverage")
    page = case.report("en", out=tmp_path / f"r.{ending}").read_text("utf-8")
    assert ("secrethandle" in page, "is not a time" in page) == (False, True)
    assert "secrethandle" in case.report("en", out=tmp_path / f"i.{ending}", identities=True).read_text("utf-8")


def test_a_finding_damaged_by_hand_differs_and_stops_nothing(copy: Case) -> None:
    """A file that is no finding any more is said to differ; the others are checked."""
    file = copy.path / "findings/conversation/finding.json"
    data = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode(data | {"verdict": "nonsense"}))
    status = {one.analysis: one.status for one in copy.verify()}
    assert "differs" == status.pop("conversation")
    assert {"same"} == set(status.values())


def test_a_file_that_brings_no_row_changes_no_finding(copy: Case, tmp_path: Path) -> None:
    """The rows are the same: every finding comes out the same."""
    first = copy.query("SELECT platform, account_id, group_name FROM groups ORDER BY account_id LIMIT 1").to_pylist()[0]
    (tmp_path / "again.csv").write_text(
        f"platform,account_id,group\n{first['platform']},{first['account_id']},{first['group_name']}\n"
    )
    added = copy.add(tmp_path / "again.csv", format="groups")[0]
    assert (0, 1) == (added.accepted, added.duplicates)
    assert {"same"} == {one.status for one in copy.verify()}
