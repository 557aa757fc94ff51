"""Is too little refused, and do known networks give the values known of them?"""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.analyses.polarisation import Params, run
from agorascope.errors import BadValue
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.camps import make
from tests.analyses.test_polarisation import WORLD, asked

Shared = Callable[[str], Path]


def test_too_little_is_insufficient_and_what_nobody_has_is_refused() -> None:
    """No ties, few accounts, no sides; a group or network nobody has is named with those there are."""
    few = make(dataclasses.replace(WORLD, accounts=25), 1)
    assert ("insufficient", "accounts") == (asked(few, sides="bisection", groups="").verdict, asked(few, sides="bisection").gate)
    rows = make(WORLD, 1)
    assert "sides" == asked({"edges": rows["edges"]}, sides="groups", groups="").gate
    with pytest.raises(BadValue, match="one group, 'larger'; name 2 or more"):
        asked(rows, groups="larger")
    assert "ties" == run(memory_corpus({}), Params()).gate
    with pytest.raises(BadValue, match="groups are: bearers, larger, smaller"):
        asked(rows, groups="nobody")
    for nowhere in ({"network": "nobody"}, {"layer": "nope"}, {"layer": "repost"}):
        with pytest.raises(BadValue, match="networks here are: camps"):
            asked(rows, **nowhere)


def test_groups_are_sides_where_two_are_large_enough_else_a_cut() -> None:
    """Without a word groups are sides; without groups the network is cut in two."""
    rows = make(WORLD, 1)
    rows["groups"] = rows["groups"].filter(pa.compute.field("group_name") != "bearers")
    assert ["larger", "smaller"] == asked(rows, groups="").tables["sides"]["side"].to_pylist()
    assert ["1", "2"] == asked({"edges": rows["edges"]}, groups="").tables["sides"]["side"].to_pylist()


def test_the_weblogs_of_2004_give_the_known_values(shared: Shared, tmp_path: Path) -> None:
    """Links and leanings added as files: the measures computed elsewhere, to three digits, with both conditions."""
    case = new_case(tmp_path / "case")
    case.add(*(shared(f"networks/classic/polblogs_{name}.csv") for name in ("edges_directed", "nodes")))
    finding = case.run("polarisation")
    about = {row["about"]: row["value"] for row in finding.tables["network"].to_pylist()}
    assert (1222, 16714) == (about["measured"], about["ties"])
    raw = {u["measure"]: round(u["raw"], 4) for u in finding.units}
    known = {"ei": -0.8115, "modularity": 0.4052, "assortativity": 0.8113, "rwc": 0.5095, "arwc": 0.3987, "boundary": 0.1305}
    assert known | {"dipole": 0.6658} == {name: raw[name] for name in (*known, "dipole")}
    start = case.run("polarisation", condition="start", nulls=5)
    assert 0.5082 == round(next(u["raw"] for u in start.units if u["measure"] == "rwc"), 4)


def test_the_karate_club_gives_the_known_values(shared: Shared, tmp_path: Path) -> None:
    """The club's two halves, k = 3."""
    case = new_case(tmp_path / "case")
    case.add(*(shared(f"networks/classic/karate_{name}.csv") for name in ("edges", "nodes")))
    raw = {u["measure"]: u["raw"] for u in case.run("polarisation", k=3, nulls=5).units}
    known = {"modularity": 0.3582, "ei": -0.7179, "assortativity": 0.7175, "rwc": 0.792, "boundary": 0.173, "dipole": 0.610}
    assert known == pytest.approx({name: raw[name] for name in known}, abs=5e-4)
