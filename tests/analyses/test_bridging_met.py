"""Is an item judged by the camps that voted on it, never by one that did not, and are camps that share nothing left out?"""

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses._bridging_estimate import Camps, Votes, declared, estimate
from agorascope.analyses._bridging_met import together
from agorascope.analyses.bridging import Params, run
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say

Meets = dict[str, tuple[str, range]]


def rows(meets: Meets, *, seed: int, shared: int = 8, each: int = 60) -> dict[str, pa.Table]:
    """Make votes of camps, ``each`` raters on the platform and the items they meet: items below ``shared`` are liked by all, of the
    others A likes the even, B the odd ones and any other camp all.
    """
    rng = np.random.default_rng(seed)
    votes, groups = [], []
    for camp, (platform, items) in meets.items():
        for k in range(each):
            rater = f"{camp}{k}"
            groups.append({"platform": platform, "account_id": rater, "group_name": camp})
            for i in items:
                liked = i < shared or camp not in "AB" or (i % 2 == 0) == (camp == "A")
                value = float(rng.random() < (0.93 if liked else 0.1))
                votes.append({"platform": platform, "rater": rater, "item": f"i{i:02d}", "value": value})
    return {n: pa.Table.from_pylist(r, schema(n)) for n, r in (("ratings", votes), ("groups", groups))}


def asked(made: dict[str, pa.Table], **params: object) -> Finding:
    """Ask the analysis."""
    return run(memory_corpus(made, threads=1), Params(**{"draws": 39, **params}))


def note(finding: Finding, key: str) -> dict[str, object]:
    """Give what a note tells."""
    return dict(next(n for n in finding.notes if n.key == f"bridging.note.{key}").args)


@pytest.mark.parametrize("platform", ["x", "y"])
def test_a_camp_that_met_none_of_the_items_hides_nothing(platform: str) -> None:
    """C votes on ten items of its own, here or on another platform: what A and B share is found, and C said to be left out."""
    both: Meets = {"A": ("x", range(20)), "B": ("x", range(20))}
    with_c, without = (asked(rows(meets, seed=2)) for meets in ({**both, "C": (platform, range(20, 30))}, both))
    assert ("found", "bridging.claim.found", 8, 20, 2) == (
        with_c.verdict, with_c.claim.key, *(with_c.claim.args[n] for n in ("n", "items", "camps"))
    )  # fmt: skip
    assert [(u["item"], u["place"], u["camps"]) for u in without.units] == [
        (u["item"], u["place"], u["camps"]) for u in with_c.units
    ]
    assert with_c.effect == without.effect
    assert {"names": ["C"], "n": 60, "camps": 1} == note(with_c, "apart")
    assert {"n": 10} == note(with_c, "lone")
    assert "bridging.note.none_declared" not in [n.key for n in with_c.notes]
    assert {"A", "B"} == {row["camp"] for row in with_c.tables["camps"].to_pylist()}
    assert all(say(n, lang) for n in with_c.notes for lang in LANGUAGES)


def test_an_item_is_judged_by_the_camps_that_voted_on_it_and_said_to_be() -> None:
    """C voted on five of the eight items all like, and on two more: those it never saw are told of two camps, in words and rows."""
    finding = asked(rows({"A": ("x", range(20)), "B": ("x", range(20)), "C": ("x", range(3, 10))}, seed=4))
    by = {u["item"]: u for u in finding.units}
    assert {"i00", "i01", "i02"} == {n for n, u in by.items() if u["place"] == "across_met"}
    assert {f"i0{i}" for i in range(3, 8)} == {n for n, u in by.items() if u["place"] == "across"}
    assert all(u["camps"] == (3 if 3 <= int(n[1:]) < 10 else 2) for n, u in by.items())
    assert (None, True) == (by["i00"]["share_3"], by["i00"]["score"] > 0.8 and by["i00"]["low"] > 0.7)
    assert ["across"] * 5 + ["across_met"] * 3 == [u["place"] for u in finding.units[:8]]
    told = finding.claim.args
    assert ("found", "bridging.claim.found_partly", 8, 5, 20, 3) == (
        finding.verdict, finding.claim.key, *(told[n] for n in ("n", "whole", "items", "camps"))
    )  # fmt: skip
    assert "8 are approved of by more than half in each camp that voted on them" in say(finding.claim, "en")
    assert "8 sont approuvées par plus de la moitié dans chaque camp qui a voté à leur sujet" in say(finding.claim, "fr")
    assert finding.effect is not None
    assert ("items every camp that voted approves of", 0.4) == (finding.effect.metric, finding.effect.value)
    assert {"bridging.role.item", "bridging.role.item_met"} == {e.role.key for e in finding.evidence}
    assert "bridging.note.apart" not in [n.key for n in finding.notes]


def test_nobody_of_a_camp_that_did_not_vote_is_told_of() -> None:
    """Where A and B agree on nothing, no camp is said to approve by a half that nobody gave."""
    finding = asked(rows({"A": ("x", range(20)), "B": ("x", range(20)), "C": ("x", range(18, 30))}, seed=5, shared=0))
    assert ("not_found", "bridging.claim.not_found_partly") == (finding.verdict, finding.claim.key)
    assert {f"i{i:02d}" for i in range(20)} == {u["item"] for u in finding.units}
    assert {"n": 10} == note(finding, "lone")
    for u in finding.units:
        shares = [u[f"share_{c}"] for c in (1, 2, 3) if u[f"share_{c}"] is not None]
        assert (len(shares), pytest.approx((60 * min(shares) + 1) / 62)) == (u["camps"], u["minimum"])
    assert finding.claim.args["scored"].args["score"] < 0.4
    assert [True, True] == ["camps" in say(finding.claim, lang) for lang in LANGUAGES]


def test_of_camps_that_share_nothing_with_others_those_of_most_votes_are_told() -> None:
    """A and B on one platform, C and D on another: nobody is compared across, the smaller pair is named and can be asked alone."""
    meets: Meets = {"A": ("x", range(20)), "B": ("x", range(20)), "C": ("y", range(12)), "D": ("y", range(12))}
    made = rows(meets, seed=6)
    finding = asked(made)
    assert ("found", {"x"}) == (finding.verdict, {u["platform"] for u in finding.units})
    assert {"names": ["C", "D"], "n": 120, "camps": 2} == note(finding, "apart")
    alone = asked(made, groups="C,D")
    assert {"y"} == {u["platform"] for u in alone.units}
    lone = asked(rows({"A": ("x", range(20)), "C": ("y", range(20))}, seed=6))
    assert ("insufficient", "bridging.claim.unmet") == (lone.verdict, lone.claim.key)


def test_too_few_votes_of_a_camp_keep_an_item_open_and_that_is_said() -> None:
    """Three of C voted on the items of A and B: what they said is not dropped, nothing is shown, and a note says what to do."""
    made = rows({"A": ("x", range(20)), "B": ("x", range(20)), "C": ("x", range(20, 30))}, seed=7)
    few = [{"platform": "x", "rater": f"C{k}", "item": f"i{i:02d}", "value": 1.0} for k in range(3) for i in range(20)]
    made["ratings"] = pa.concat_tables([made["ratings"], pa.Table.from_pylist(few, schema("ratings"))])
    finding = asked(made)
    assert "not_found" == finding.verdict
    assert {"n": 20, "least": 5} == note(finding, "thin")
    assert "found" == asked(made, groups="A,B").verdict


def test_the_interval_of_the_share_holds_over_items_that_camps_met_in_part() -> None:
    """Of 60 items each met by two or three of three camps, half liked by more than half everywhere: in 60 worlds at most six
    intervals miss, and no item shown at once is wrong in more than six.
    """
    missed = wrong = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        true = np.where(rng.random(60) < 0.5, 0.75, 0.5) * np.ones((3, 60))
        true[rng.integers(0, 3, 60), np.arange(60)] -= 0.05  # in one camp as many approve as 45 or 70 of 100
        meets = np.ones((3, 60), bool)
        meets[rng.integers(0, 3, 60)[:40], np.arange(40)] = False
        cells = [(c * 40 + k, i, c) for c in range(3) for i in np.flatnonzero(meets[c]) for k in range(40)]
        rater, item, camp = np.array(cells).T
        approves = (rng.random(rater.size) < true[camp, item]) * 1.0
        votes = Votes(rater, item, approves, approves, 120, 60, False)
        answer = estimate(
            votes, declared(np.repeat(np.arange(3), 40), ["A", "B", "C"]), score="minimum", least=10, draws=19, seed=0
        )
        holds = ((true > 0.5) | ~meets).all(axis=0)
        missed += not answer.share[1] - 1e-9 <= holds.mean() <= answer.share[2] + 1e-9
        wrong += bool((answer.against & holds).any())
    assert missed <= 6
    assert wrong <= 6


def test_camps_kept_are_numbered_anew() -> None:
    """Of four camps the second shares nothing: the others close up, and it is set apart with its size."""
    camp = np.repeat(np.arange(4), 10)
    item = np.where(camp == 1, 1, 0)
    one = np.ones(40)
    votes = Votes(np.arange(40), item, one, one, 40, 2, False)
    kept = together(votes, Camps(camp, [10] * 4, ["a", "b", "c", "d"], 0), np.array([True, True]))
    assert (["a", "c", "d"], [10] * 3, (("b", 10),)) == (kept.names, kept.sizes, kept.apart)
    assert [0, -1, 1, 2] == kept.camp[::10].tolist()
    none = together(votes, Camps(camp, [10] * 4, [], 0), np.array([False, True]))
    assert ([], []) == (none.sizes, none.names)
