"""Are groups cut out of the ties told from camps, and are groups of several variables taken one variable at a time?"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.analyses._polarisation_said import DIFFERS
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.stats.division import bisection
from agorascope.stats.graphs import simple
from agorascope.texts import LANGUAGES, catalogue, say
from agorascope.worlds.camps import CampsWorld, draw, make

from .said import said
from .test_polarisation import asked, block, network, sided, status

Shared = Callable[[str], Path]
Row = dict[str, object]


def cut_of(world: CampsWorld, seed: int, search: Callable[..., np.ndarray] = bisection) -> dict[str, pa.Table]:
    """Make tables of a world whose groups a search has cut out of its ties."""
    drawn = draw(world, seed)
    graph = simple(drawn.source, drawn.target)
    ties = [(f"a{a}", f"a{b}") for a, b in zip(drawn.source.tolist(), drawn.target.tolist(), strict=True)]
    return network(ties, {f"a{n}": f"part{s}" for n, s in zip(graph.name.tolist(), search(graph).tolist(), strict=True)})


def made(finding: Finding) -> Row:
    """Give the row that sets the sides beside made ones."""
    return next(row for row in finding.tables["without"].to_pylist() if row["kept"] == "made")


def clauses(finding: Finding) -> list[str]:
    """List what the claim says more, by key."""
    found, one = [], finding.claim
    while one.key == "polarisation.claim.more":
        found.append(one.args["more"].key.rpartition(".")[2])
        one = one.args["claim"]
    return found


def test_groups_cut_out_of_a_network_without_camps_are_said_to_show_nothing() -> None:
    """No camps, cut in two, the halves given as groups: the claim says that a cut keeps apart as much, and what asks rightly."""
    rows = cut_of(CampsWorld(accounts=400, mean_degree=8), 1)
    finding = said(asked(rows, groups=""))
    assert ("found", "undecided", ["cut"]) == (finding.verdict, status(finding, "cut"), clauses(finding))
    assert "this shows nothing: sides cut out of ties drawn at random keep apart about as much, or more" in say(finding.claim, "en")
    for lang in LANGUAGES:
        assert "sides=bisection" in say(finding.claim, lang)
    assert "not_found" == asked(rows, groups="", sides="bisection").verdict


def test_camps_far_apart_are_more_than_a_cut() -> None:
    """Nine ties of ten within the camp: disfavoured, no clause, a note with what a cut reaches; sought sides have no such rival."""
    rows = make(CampsWorld(accounts=300, mean_degree=8, closed=0.8), 2)
    finding = said(asked(rows))
    row = made(finding)
    assert ("found", "disfavoured", []) == (finding.verdict, status(finding, "cut"), clauses(finding))
    assert row["across_share"] < row["usual_share"]
    told = next(n for n in finding.notes if n.key == "polarisation.note.made").args
    assert (row["usual_share"], 15) == (told["made"], told["draws"])
    assert "polarisation.note.more_than_cut" in {n.key for n in finding.notes}
    assert "cut" not in {r.name for r in asked(rows, groups="", sides="bisection", nulls=5).rivals}


def test_fewer_ties_across_alone_are_told_where_the_eight_measures_do_not_show_a_division() -> None:
    """Camps half closed, sought as communities: the interval lies above 0, the verdict is not found, and the claim says both."""
    finding = said(asked(make(CampsWorld(accounts=200, mean_degree=8, closed=0.5), 4), groups="", sides="communities"))
    assert ("not_found", True) == (finding.verdict, finding.effect.low > 0)
    root = finding.claim
    while root.key == "polarisation.claim.more":
        root = root.args["claim"]
    assert "polarisation.claim.short_communities" == root.key
    assert all("communities" in say(finding.claim, lang) for lang in LANGUAGES)


def test_sides_that_a_search_makes_as_well_of_rewired_ties_are_favoured_to_be_a_cut() -> None:
    """Two hubs and their leaves, one tie between: any such network falls apart there, and a search gives just these groups."""
    ties = [("a0", "a1"), *((f"a{i}", f"a{i % 2}") for i in range(2, 80))]
    finding = said(asked(network(ties, {f"a{i}": "LR"[i % 2] for i in range(80)}), groups=""))
    assert ("found", "favoured", ["cut_alike"]) == (finding.verdict, status(finding, "cut"), clauses(finding))


def test_groups_that_a_search_gives_as_well_are_said_to_be() -> None:
    """Two blocks joined by three ties: farther apart than a cut of rewired ties, and nearly what a search makes."""
    ties = [*block("l", 60, 1), *block("r", 60, 2), *((f"l{i}", f"r{i}") for i in range(3))]
    finding = said(asked(network(ties, sided("lr", 60)), groups=""))
    assert ("disfavoured", []) == (status(finding, "cut"), clauses(finding))
    assert 0.9 < next(n for n in finding.notes if n.key == "polarisation.note.alike").args["ami"]


@pytest.mark.parametrize(("name", "edges", "k"), [("polblogs", "edges_directed", 10), ("karate", "edges", 3)])
def test_known_camps_are_more_than_a_cut(shared: Shared, tmp_path: Path, name: str, edges: str, k: int) -> None:
    """The leanings of weblogs and the halves of the karate club keep apart more than any cut of rewired networks."""
    case = new_case(tmp_path / "case")
    case.add(*(shared(f"networks/classic/{name}_{one}.csv") for one in (edges, "nodes")))
    finding = case.run("polarisation", k=k)
    assert ("found", "disfavoured") == (finding.verdict, status(finding, "cut"))
    assert made(finding)["usual_share"] > 0.2


def test_the_limits_do_not_say_of_given_groups_that_they_were_sought() -> None:
    """One limit is of sides that were sought, one of groups that were given."""
    for lang in LANGUAGES:
        limits = {name: catalogue(lang)[f"polarisation.limits.{name}"] for name in ("sought", "given")}
        assert limits["sought"] != limits["given"]
    assert "cut out of these very ties" in catalogue("en")["polarisation.limits.given"]


def test_clusters_are_no_controversy_however_many() -> None:
    """No sentence speaks of two groups where there may be three."""
    for lang, wrong in (("en", "Two clusters"), ("fr", "Deux groupes ne")):
        assert [] == [key for key, text in catalogue(lang).items() if key.startswith("polarisation.") and wrong in text]


def variables(known: int = 80, *, other: str = "Age") -> dict[str, pa.Table]:
    """Two camps, of ``known`` of 80 accounts, and ages (or ``other``) of all but 4, which have nothing to do with the ties."""
    rows = network([*block("l", 40, 1), *block("r", 40, 2), ("l0", "r0"), ("l1", "r1")], {})
    camps = [(a, g) for i, (a, g) in enumerate(sided("lr", 40).items()) if i % 40 < known / 2]
    ages = [(f"{side}{i}", (f"{other}:18-34", f"{other.lower()}: 35+")[i % 2]) for side in "lr" for i in range(2, 40)]
    listed = [{"platform": "x", "account_id": a, "group_name": g} for a, g in camps + ages]
    return rows | {"groups": pa.Table.from_pylist(listed, schema("groups"))}


def test_groups_of_several_variables_are_taken_one_at_a_time() -> None:
    """Camps of all and ages of most: the camps are the sides, nobody is in several; the claim says which and of how many."""
    finding = said(asked(variables(), groups=""))
    about = {r["about"]: r["value"] for r in finding.tables["network"].to_pylist()}
    assert (["L", "R"], 0) == (finding.tables["sides"]["side"].to_pylist(), about["several"])
    assert "plain_all" in clauses(finding)
    assert "the groups without a variable: each of the 80 accounts with ties is in one" in say(finding.claim, "en")
    note = next(n for n in finding.notes if n.key == "divisions.aside")
    assert "“Age” (known of 76)" in say(note, "en")


def test_the_variable_known_of_most_accounts_is_taken() -> None:
    """Camps of 50 of 80 accounts, teams of 76: the teams are the sides, and the claim names them and how many are known."""
    finding = said(asked(variables(50, other="Team"), groups="", nulls=5))
    assert ["Team:18-34", "team: 35+"] == finding.tables["sides"]["side"].to_pylist()
    assert "categories of “Team”: 76 of the 80 accounts with ties (95%)" in say(finding.claim, "en")
    assert "catégories de « Team » : 76 des 80 comptes liés" in say(finding.claim, "fr").replace("\u00a0", " ")
    note = next(n for n in finding.notes if n.key == "divisions.aside")
    assert "the groups without a variable (known of 50)" in say(note, "en")


def test_a_trait_of_a_population_is_no_side_where_there_are_others() -> None:
    """Ages of 76 accounts, camps of 50: whoever asks about sides asks about camps, and the claim says how many are in none."""
    finding = said(asked(variables(50), groups="", nulls=5))
    assert ["L", "R"] == finding.tables["sides"]["side"].to_pylist()
    assert "the groups without a variable: 50 of the 80 accounts" in say(finding.claim, "en")


def test_ties_lost_to_accounts_in_several_groups_are_in_the_claim() -> None:
    """Ten of either camp are in a third group as well: more than a fifth of the ties go with them."""
    rows = variables()
    both = [{"platform": "x", "account_id": f"{side}{i}", "group_name": "press"} for side in "lr" for i in range(10, 20)]
    listed = pa.concat_tables([rows["groups"], pa.Table.from_pylist(both, schema("groups"))])
    assert "lost_ties" in clauses(said(asked(rows | {"groups": listed}, groups="L,R,press", nulls=5)))
    assert "lost_ties" not in clauses(asked(rows, groups="L,R", nulls=5))


@pytest.mark.parametrize("groups", ["age", "AGE:", "Age:18-34,age: 35+", "age,Age:18-34"])
def test_a_variable_stands_for_its_groups(groups: str) -> None:
    """A variable can be named in any case, or its groups; the claim names it."""
    finding = said(asked(variables(), groups=groups, nulls=5))
    assert ["Age:18-34", "age: 35+"] == finding.tables["sides"]["side"].to_pylist()
    assert "variable" in clauses(finding)
    assert "divisions.aside" not in {n.key for n in finding.notes}


def test_two_categories_of_three_are_not_said_to_be_all_of_them() -> None:
    """A third category of the variable was not named: sides are categories of it, not the categories."""
    rows = variables()
    more = {"platform": "x", "account_id": "r0", "group_name": "Age:0-17"}
    tables = rows | {"groups": pa.concat_tables([rows["groups"], pa.Table.from_pylist([more], schema("groups"))])}
    finding = said(asked(tables, groups="Age:18-34,age: 35+", nulls=5))
    assert "Sides are categories of “Age”: 76 of the 80" in say(finding.claim, "en")
    assert "Les camps sont des catégories de « Age » : 76 des 80" in say(finding.claim, "fr").replace("\u00a0", " ")


def test_a_name_nobody_has_is_refused_with_groups_and_variables() -> None:
    """Neither a group nor a variable."""
    with pytest.raises(BadValue, match=r"groups holds 'sex'.*groups are: Age:18-34, L, R, age: 35.; variables are: age"):
        asked(variables(), groups="sex")


def test_a_large_share_left_out_is_in_the_claim() -> None:
    """Camps of 50 of 80 accounts, named: three of eight are left out, and the claim says so; of 80 it says nothing."""
    finding = said(asked(variables(50), groups="L,R", nulls=5))
    assert "Left out are 30 of the 80 accounts with ties (37.5%)" in say(finding.claim, "en")
    assert "left" not in clauses(asked(variables(), groups="L,R", nulls=5))


def test_one_variable_of_one_group_is_no_division() -> None:
    """A single group beside ages: of these the sides are, whatever the numbers."""
    rows = variables()
    one = rows["groups"].filter(pa.compute.is_in(rows["groups"]["group_name"], pa.array(["L", "Age:18-34", "age: 35+"])))
    assert ["Age:18-34", "age: 35+"] == asked(rows | {"groups": one}, groups="", nulls=5).tables["sides"]["side"].to_pylist()


def test_the_rates_told_are_the_worst_of_the_page() -> None:
    """What the claim says chance does is what was counted, by the way to sides."""
    page = (Path(__file__).parents[2] / "docs/analyses/polarisation.md").read_text("utf-8")
    table = page.partition("<!-- together:begin -->")[2].partition("<!-- together:end -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if "-degree" in line]
    worst: dict[str, float] = {}
    for name, hits, *_ in rows:
        how, (count, of) = name.partition("-")[0], (int(n) for n in hits.split(" of "))
        worst[how] = max(worst.get(how, 0.0), count / of)
    assert worst == pytest.approx(DIFFERS)
    assert len(rows) == 12
