"""Are communities with objects of their own told from accounts that act together?"""

import numpy as np
import pytest

from agorascope.analyses._coordination_apart import Apart
from agorascope.analyses.coordination import Params, run
from agorascope.stats.squads import Behaviour, delayed_copy

from .test_coordination_told import DAY_S, Row, corpus

PEOPLE, TOWNS, ACTS, POSTS = 300, 5, 4_000, 300


def towns(seed: int, squad: int = 0) -> list[Row]:
    """Draw acts of people of five towns, each on posts of its own town hours after them; a squad acts on all within two minutes."""
    rng = np.random.default_rng(seed)
    active, popular = rng.lognormal(0, 1, PEOPLE), np.minimum(rng.pareto(1.0, POSTS) + 0.3, 100)
    born, rows = rng.integers(0, 28 * DAY_S, POSTS), []
    for town in range(TOWNS):
        people, posts = (np.arange(town, end, TOWNS) for end in (PEOPLE, POSTS))
        who = rng.choice(people, ACTS // TOWNS, p=active[people] / active[people].sum())
        what = rng.choice(posts, ACTS // TOWNS, p=popular[posts] / popular[posts].sum())
        late = rng.lognormal(np.log(10_000), 1.8, who.size).astype(int)
        rows += [
            ("x", f"u{a}", f"o{o}", int(born[o]) + t) for a, o, t in zip(who.tolist(), what.tolist(), late.tolist(), strict=True)
        ]
    hot = rng.choice(POSTS, 20, replace=False).tolist()
    rows += [("x", f"s{i}", f"o{o}", int(born[o]) + 600 + int(rng.integers(0, 120))) for i in range(squad) for o in hot]
    return rows


def test_towns_are_not_called_coordinated() -> None:
    """Who acts on the posts of a town meets the others of it within an hour; so they do where delays are dealt anew."""
    finding = run(corpus(towns(1)), Params(window_s=3_600))
    assert (finding.verdict, finding.gate) == ("insufficient", "apart")
    told = finding.tables["apart"].to_pylist()
    assert len(told) == TOWNS
    assert {row["status"] for row in told} == {"favoured"}
    assert all(row["inside_share"] < 2 * row["rest_share"] for row in told)


def test_a_squad_among_towns_is_found() -> None:
    """Ten accounts that act on the same posts within two minutes stand out from the towns, and nobody else does."""
    finding = run(corpus(towns(2, squad=10)), Params(window_s=300))
    assert finding.verdict == "found"
    inside = {row["account_id"] for row in finding.tables["accounts"].to_pylist() if row["counted"]}
    assert inside == {f"s{i}" for i in range(10)}


def test_a_copy_with_delays_dealt_anew_keeps_who_acts_on_what() -> None:
    """Accounts and objects stay, first acts keep their times, and delays are those of objects as popular."""
    author, obj, at = np.arange(9), np.array([0, 0, 0, 1, 1, 1, 2, 2, 3]), np.array([5, 6, 9, 100, 120, 130, 0, 7, 3])
    (copy,) = delayed_copy([Behaviour(author, obj, at, 60)], seed=0)
    assert (copy.author is author, copy.obj is obj) == (True, True)
    later = copy.at - np.array([5, 5, 5, 100, 100, 100, 0, 0, 3])
    assert later[[0, 3, 6, 8]].tolist() == [0, 0, 0, 0]
    assert sorted(later[[1, 2, 4, 5, 7]].tolist()) == [1, 4, 7, 20, 30]


@pytest.mark.parametrize(
    ("inside", "dealt", "share", "status"),
    [
        (0.9, None, 0.9, "disfavoured"),
        (0.35, None, 0.1, "disfavoured"),
        (0.35, 2.4, 0.1, "favoured"),
        (0.37, 2.4, 0.1, "disfavoured"),
        (0.25, None, 0.1, "undecided"),
        (0.15, None, 0.9, "favoured"),
        (None, None, 0.9, "undecided"),
        (0.0, None, 0.9, "undecided"),
    ],
)
def test_what_tells_a_community_from_a_squad(inside: float | None, dealt: float | None, share: float, status: str) -> None:
    """Three times as punctual as others, and half as much again as where nobody is; else alone there, or as in the copy."""
    assert Apart("n1", share, inside, 0.1, dealt).status == status


@pytest.mark.parametrize(
    ("quick", "others", "status"),
    [(0.5, None, "disfavoured"), (0.6, 0.19, "disfavoured"), (0.6, 0.21, "undecided"), (0.4, 0.0, "undecided")],
)
def test_who_acts_within_minutes_needs_nobody_beside(quick: float, others: float | None, status: str) -> None:
    """Half of the pairs within five minutes are enough where nobody is there to compare with, or others are a third as quick."""
    assert Apart("n1", 1.0, None, None, quick=quick, quick_others=others).status == status
