"""Are groups, consensus and intercept computed as Polis and Community Notes do, on real exports too?"""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from agorascope import new_case
from agorascope.analyses._bridging_estimate import Votes, declared, follow
from agorascope.stats.across import consensus, counted
from agorascope.stats.one_factor import fit, ratings
from agorascope.stats.opinion_groups import looseness, opinion_groups
from agorascope.worlds.bridges import BRIDGE, MAJORITY, BridgesWorld, draw
from tests import naive

Shared = Callable[[str], Path]
EXPORTS = {
    "vtaiwan.uberx": (0.871, 0.967),
    "15-per-hour-seattle": (0.766, 0.821),
    "american-assembly.bowling-green": (0.967, 0.943),
    "canadian-electoral-reform": (0.780, 0.918),
}


def test_one_factor_equals_its_slow_twin() -> None:
    """Alternating least squares by sparse matrices gives the intercepts of one parameter after the other, by plain sums."""
    world = BridgesWorld(raters=60, items=25, votes=15, cold=0.0)
    votes = draw(world, 2)[0]
    found = fit(ratings(votes.rater, votes.item, votes.value, raters=60, items=25), most=2_000)
    rows = list(zip(votes.rater.tolist(), votes.item.tolist(), votes.value.tolist(), strict=True))
    slow = naive.one_factor(rows, 60, 25)
    assert np.allclose(found.item, slow, atol=0.02)


def test_the_code_scaling_keeps_the_majority_out_of_the_intercept() -> None:
    """At 80/20 the intercept puts bridges above the majority's items more often than overall approval does."""
    world = BridgesWorld()
    votes, truth = draw(world, 5)
    found = fit(ratings(votes.rater, votes.item, votes.value, raters=world.raters, items=world.items))
    plain = np.bincount(votes.item, votes.value) / np.bincount(votes.item)
    above = [float(np.mean(s[truth.kind == BRIDGE][:, None] > s[truth.kind == MAJORITY])) for s in (found.item, plain)]
    assert above[0] > 0.85 > 0.7 > above[1]


def test_polis_groups_and_consensus_are_the_engines(shared: Shared) -> None:
    """Given who takes part and who came first, places, groups and group-aware consensus equal the production engine's."""
    folder = shared("networks/polis/oracle_below-100-ptpts")
    votes, engine = (json.loads((folder / name).read_text("utf-8")) for name in ("votes.json", "math-pca2.json"))
    rater, item = (np.array([v[k] for v in votes]) for k in ("pid", "tid"))
    agree = np.array([float(v["vote"]) for v in votes])
    first = np.array([m[0] for m in engine["base-clusters"]["members"]])
    part = np.isin(np.arange(rater.max() + 1), engine["in-conv"])
    found = opinion_groups(
        rater, item, -agree, raters=part.size, items=44, left_out=np.array(engine["mod-out"]), taking_part=part, first=first
    )
    assert np.allclose(np.abs(found.place[first]), np.abs([engine["base-clusters"][k] for k in "xy"]).T, atol=1e-9)
    place = {b: int(p) for b, p in zip(engine["base-clusters"]["id"], first, strict=True)}
    theirs = {frozenset(place[b] for b in g["members"]) for g in engine["group-clusters"]}
    assert theirs == {frozenset(np.flatnonzero(found.group == g).tolist()) for g in range(3)}
    count = [counted(found.group[rater], item, v, camps=3, items=44) for v in ((agree == 1) * 1.0, np.ones(agree.size))]
    assert np.allclose(consensus(*count), [engine["group-aware-consensus"][str(i)] for i in range(44)], atol=1e-12)


def test_groups_of_real_exports_are_seen_to_be_made_from_the_votes(shared: Shared) -> None:
    """All five, football too, with all the votes of the file, those on statements moderated out as well."""
    for name in (*EXPORTS, "football-concussions"):
        with (shared("networks/polis") / name / "participants-votes.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        items = [k for k in rows[0] if k.isdigit()]
        votes = np.array([[float(r[k]) if r[k] else np.nan for k in items] for r in rows])
        group = np.array([int(r["group-id"]) if r["group-id"] else -1 for r in rows])
        rater, item = np.nonzero(~np.isnan(votes))
        value = votes[rater, item]
        cast = Votes(rater, item, (value + 1) / 2, (value > 0) * 1.0, len(rows), len(items), acts=False)
        assert follow(cast, declared(group, [str(g) for g in range(group.max() + 1)], made=True))
        found = opinion_groups(rater, item, value, raters=len(rows), items=len(items))
        both = (group >= 0) & (found.group >= 0)
        assert 1.01 <= looseness(found.place[both], group[both]) <= 1.10


@pytest.mark.parametrize("name", EXPORTS)
def test_intercept_and_consensus_of_polis_exports(shared: Shared, name: str) -> None:
    """On items of 30 votes or more the consensus ranks as the mean vote and the intercept do: the values of the page."""
    with (shared("networks/polis") / name / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = [k for k in rows[0] if k.isdigit()]
    votes = np.array([[float(r[k]) if r[k] else np.nan for k in items] for r in rows])
    group = np.array([int(r["group-id"]) if r["group-id"] else -1 for r in rows])
    votes = votes[:, (~np.isnan(votes)).sum(axis=0) >= 30]
    rater, item = np.nonzero(~np.isnan(votes))
    value, n = votes[rater, item], votes.shape[1]
    count = [counted(group[rater], item, v, camps=group.max() + 1, items=n) for v in ((value > 0) * 1.0, np.ones(value.size))]
    score = fit(ratings(rater, item, (value + 1) / 2, raters=len(rows), items=n), most=1_000).item
    for expected, one in zip(EXPORTS[name], (np.nanmean(votes, axis=0), score), strict=True):
        assert expected == pytest.approx(float(spearmanr(one, consensus(*count))[0]), abs=0.01)


def test_a_polis_export_is_added_and_asked(shared: Shared, tmp_path: Path) -> None:
    """From the file to the finding: the groups of the export are the camps, no participant is in any table."""
    case = new_case(tmp_path / "case")
    case.add(shared("networks/polis/15-per-hour-seattle/participants-votes.csv"))
    finding = case.run("bridging", draws=19)
    assert {"0", "1"} == {row["camp"] for row in finding.tables["camps"].to_pylist()}
    assert all({"item", "score", "low", "high"} <= set(u) for u in finding.units)
    assert "rater" not in {c for table in finding.tables.values() for c in table.column_names}
