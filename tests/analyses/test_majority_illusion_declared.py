"""Are accounts of unknown group left out of what is said of a group, and those off a list of members counted as not of it?"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.texts import LANGUAGES, say

from .test_majority_illusion import asked, rows_of


def noted(finding: Finding) -> dict[str, dict[str, Any]]:
    """Give the arguments of the notes by their short names."""
    return {note.key.rsplit(".", 1)[1]: note.args for note in finding.notes}


def plain(text: str) -> str:
    """Write no-break spaces as spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def half_known(seed: int = 5) -> dict[str, pa.Table]:
    """Two hundred follow six others each, most often one of the 54 on the left; six are on the right, of 140 nothing is known."""
    rng = np.random.default_rng(seed)
    ties = {(i, int(rng.integers(54)) if rng.random() < 0.6 else int(rng.integers(200))) for i in range(200) for _ in range(6)}
    edges = [{"network": "follow", "source": f"u{a}", "target": f"u{b}"} for a, b in sorted(ties) if a != b]
    groups = [{"account_id": f"u{i}", "group_name": "left" if i < 54 else "right"} for i in range(60)]
    return rows_of(edges=edges, groups=groups)


def test_accounts_of_unknown_group_make_no_illusion() -> None:
    """Of 60 of known group 54 are on the left: a majority in fact of these; nothing is said of the 140 others but their number."""
    finding = asked(half_known(), attribute="group:left", direction="seen")
    assert ("not_found", "majority") == (finding.verdict, finding.grade)
    assert "borne by 90% of the 60 accounts of known group, among 200 with a tie" in say(finding.claim, "en")
    assert "90 % des 60 comptes de groupe connu sur 200 comptes liés" in plain(say(finding.claim, "fr"))
    assert {"n": 60, "all": 200, "unknown": 140} == noted(finding)["declared"]
    assert "list" not in noted(finding)
    assert {0.9} == {row["actual_share"] for row in finding.tables["camps"].to_pylist()}
    assert 0.9 == finding.tables["without"].to_pylist()[0]["bearing_share"]
    assert all(say(note, lang).strip() for note in finding.notes for lang in LANGUAGES)
    assert digest(finding)


def test_a_list_of_members_counts_the_others_and_says_so() -> None:
    """The 54 alone are a list: the 146 others are not of it, which a note says, with what to do if that is not so."""
    rows = half_known()
    left = [row for row in rows["groups"].to_pylist() if row["group_name"] == "left"]
    finding = asked(rows | {"groups": pa.Table.from_pylist(left, schema("groups"))}, attribute="group:left", direction="seen")
    assert ("found", 200) == (finding.verdict, finding.claim.args["n"])
    assert {"n": 146, "all": 200} == {name: noted(finding)["list"][name] for name in ("n", "all")}
    told = next(note for note in finding.notes if note.key.endswith(".list"))
    assert "accounts with a tie that it does not list count as not being of it (146 of 200)" in say(told, "en")
    assert "absents de cette liste comptent comme n’en étant pas (146 sur 200)" in plain(say(told, "fr"))
    assert "declared" not in noted(finding)


def test_what_is_seen_of_unknown_groups_is_left_out_as_seen_not_as_viewer() -> None:
    """Each sees two of the left, one of the right and three of unknown group, and has none itself: two of the three that count."""
    edges = [{"network": "n", "source": f"u{i}", "target": t} for i in range(40) for t in ("y0", "y1", "n0", "s0", "s1", "s2")]
    edges += [{"network": "n", "source": f"z{i}", "target": t} for i in range(5) for t in (f"y{i}", f"n{i}", f"n{i + 5}")]
    groups = [{"account_id": f"y{i}", "group_name": "left"} for i in range(5)]
    groups += [{"account_id": f"n{i}", "group_name": "right"} for i in range(10)]
    groups += [{"account_id": "y0", "group_name": "right"}]  # in both: it bears the one asked about
    finding = asked(rows_of(edges=edges, groups=groups), attribute="group:left", direction="seen", weigh="plain")
    assert (40 / 45, 5 / 15) == pytest.approx(
        (finding.units[0]["deceived_share"], finding.tables["without"].to_pylist()[0]["bearing_share"])
    )
    assert 45 == finding.claim.args["viewers"]


def test_all_of_known_group_leave_no_others() -> None:
    """All of known group in the network are on the left: the others needed are others of known group."""
    rows = half_known()
    groups = [{"account_id": f"u{i}", "group_name": "left"} for i in range(54)] + [{"account_id": "far", "group_name": "right"}]
    finding = asked(rows | rows_of(groups=groups), attribute="group:left", direction="seen")
    assert ("bearers", "majority_illusion.claim.others_declared_none") == (finding.gate, finding.claim.key)
    assert "All accounts of known group in this network bear" in say(finding.claim, "en")
    assert "tous les comptes de groupe connu de ce réseau le portent" in say(finding.claim, "fr")


def test_a_camp_in_which_no_group_is_known_has_no_share() -> None:
    """Camps of another table, one of them without anybody of known side: what it sees is told, and all can be written."""
    rows = half_known()
    sides = [{"account_id": f"u{i}", "group_name": f"side:{'left' if i % 2 else 'right'}"} for i in range(60)]
    towns = [{"account_id": f"u{i}", "group_name": f"town:{'a' if i < 60 else 'b'}"} for i in range(200)]
    finding = asked(rows | rows_of(groups=sides + towns), attribute="group:side:left", groups="town:a,town:b", direction="seen")
    assert {"n": 60, "all": 200, "unknown": 140} == noted(finding)["declared"]
    camps = {row["camp"]: row for row in finding.tables["camps"].to_pylist()}
    assert (0.5, 140) == (camps["town:a"]["bearing_share"], camps["town:b"]["viewers"])
    assert camps["town:b"]["bearing_share"] is None or np.isnan(camps["town:b"]["bearing_share"])
    assert all(say(note, lang).strip() for note in finding.notes for lang in LANGUAGES)
    assert digest(finding)


def test_groups_of_other_tables_make_a_list_no_division(tmp_path: Path) -> None:
    """A file of sides and a file of members: the sides leave out whom they do not list, the members count all others."""
    rows = half_known()
    ends = zip(rows["edges"]["source"].to_pylist(), rows["edges"]["target"].to_pylist(), strict=True)
    (tmp_path / "n.csv").write_text("source,target\n" + "".join(f"{a},{b}\n" for a, b in ends), "utf-8")
    sides = "".join(f"u{i},{'left' if i % 2 else 'right'}\n" for i in range(60))
    (tmp_path / "sides.csv").write_text("account_id,group\n" + sides, "utf-8")
    (tmp_path / "press.csv").write_text("account_id,group\n" + "".join(f"u{i},press\n" for i in range(50, 70)), "utf-8")
    case = new_case(tmp_path / "case")
    case.add(tmp_path / "n.csv", tmp_path / "sides.csv", tmp_path / "press.csv")
    left, press = (case.run("majority_illusion", attribute=f"group:{name}") for name in ("left", "press"))
    assert (60, 140) == tuple(noted(left)["declared"][name] for name in ("n", "unknown"))
    assert (0.1, 180) == (press.claim.args["bearing"], noted(press)["list"]["n"])


def test_replies_shown_first_are_those_of_known_groups_whatever_platform_a_list_names() -> None:
    """A list without platforms still finds who replied; replies of accounts of unknown group count neither way."""
    posts = [
        {"post_id": f"{t}-{i}", "account_id": f"a{i}", "kind": "reply", "reply_to": f"t{t}", "feed_position": i}
        | {"ref_account_id": f"a{(i * 7 + t) % 40 + 30}"}
        for t in range(40)
        for i in range(10)
    ]
    groups = [
        {"platform": "unknown", "account_id": f"a{i}", "group_name": "yes" if i < 2 or i > 60 else "no"}
        for i in (*range(8), *range(30, 70))
    ]
    finding = asked(rows_of(posts=posts, groups=groups), attribute="group:yes", direction="both")
    row = finding.tables["replies"].to_pylist()[0]
    assert (40, 2 / 8, 2 / 3) == pytest.approx((row["threads"], row["all_share"], row["first_share"]))
