"""Are accounts named in what is shared? Parameters bear pseudonyms, which can be typed again."""

from functools import partial
from pathlib import Path

import pytest

from agorascope import Case
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
    by_alias, _ = copy.run_all("amplification", params=[Given(None, "treated", alias), Given(None, "date", "2026-03-02")])
    by_id, _ = copy.run_all("amplification", params=[Given(None, "treated", account), Given(None, "date", "2026-03-02")])
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
    import msgspec

    asked = msgspec.structs.replace(finding, params={"treated": f"@{account.upper()}, {account}"})
    shown = naming.unnamed([asked], demo_case.corpus(), demo_case.config)[0].params["treated"]
    assert f"{alias}, {alias}" == shown
    assert partial(pseudonym, salt=demo_case.config["salt"])(account) == alias
