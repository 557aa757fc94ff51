"""Are communities with objects of their own told from accounts that act together?"""

from dataclasses import replace

import numpy as np
import pytest

from agorascope.analyses._coordination_apart import Apart, _dealt, _standard
from agorascope.analyses.coordination import Params, run
from agorascope.stats.squads import Behaviour, delayed_copy
from agorascope.stats.stragglers import Gaps
from agorascope.worlds.reacting import ReactingWorld, draw

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
    assert {row["apart"] for row in told} == {"favoured"}
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


@pytest.mark.parametrize(
    ("gaps", "status"),
    [
        (Gaps(300, 0.97, 0.94, 0.98), "disfavoured"),
        (Gaps(300, 0.97, 0.91, 0.98), "undecided"),
        (Gaps(300, 0.8, 0.75, 0.85), "favoured"),
        (Gaps(300, 0.97, 0.94, 0.98, brief_low=0.21), "undecided"),
        (Gaps(300, 0.97, 0.94, 0.98, clear=False), "undecided"),
        (Gaps(9, 0.8, 0.75, 0.85, 0.7, 0.6), "disfavoured"),
        (Gaps(9, 0.8, 0.75, 0.85, 0.7, 0.59), "favoured"),
        (None, "undecided"),
    ],
)
def test_what_tells_orders_from_reacting(gaps: Gaps | None, status: str) -> None:
    """No stragglers about one clear median, or acts in the same seconds, speak against each reacting for themselves."""
    one = Apart("n1", 1.0, 0.9, 0.1, gaps=gaps)
    assert (status, status == "disfavoured") == (one.reacting, one.counts)
    assert ("not_tested", True) == (one._replace(written=True).reacting, one._replace(written=True).counts)


def test_a_small_network_of_the_copy_is_no_measure_of_a_large_one() -> None:
    """Selection alone makes a few pairs close: they are compared with networks as small, not with one ten times as large."""
    copied = [Apart("n1", 0.5, 0.5, 0.1, pairs=30), Apart("n2", 0.5, 0.2, 0.1, pairs=300), Apart("n3", 0.5, 0.9, 0.1, pairs=19)]
    assert _dealt(Apart("n1", 0.5, 0.5, 0.1, pairs=200), copied) == pytest.approx(5.0)
    assert _dealt(Apart("n1", 0.5, 0.5, 0.1, pairs=301), copied) == pytest.approx(2.0)
    assert _dealt(Apart("n1", 0.5, 0.5, 0.1, pairs=3_001), copied) is None


def test_others_are_weighed_by_popularity_as_members_are() -> None:
    """Two classes with shares of 10 % and 60 %: who has pairs in one is compared with that; in none: with all."""
    obj = np.concatenate([np.repeat(np.arange(50), 2), np.repeat(50 + np.arange(2), 8)])
    late = [0, 5] * 5 + [0, 999] * 45 + [0, 1, 2, 3, 4, 5, 999, 1_999] * 2
    popular = np.array([1] * 50 + [3] * 2 + [2])
    second, third = np.array([0.0, 0.0, 0.0, 9.0]), np.array([0.0, 0.0, 9.0, 0.0])
    assert _standard(obj, np.array(late), 60, popular, second) == pytest.approx(31 / 57)
    assert _standard(obj, np.array(late), 60, popular, third) == pytest.approx(36 / 107)
    assert _standard(obj[:0], np.array(late)[:0], 60, popular, second) is None


@pytest.mark.parametrize("world", [ReactingWorld(own=40, part=0.4, part_most=1, member_delay_s=150, member_sigma=0.9, outsiders=8)])
def test_fans_who_are_notified_are_not_called_coordinated(world: ReactingWorld) -> None:
    """Sixty who each share a post some minutes after it, by themselves, are seen and not counted; on orders they are."""
    for told, verdict in ((world, "insufficient"), (replace(world, ordered_s=1_200), "found")):
        drawn = draw(told, 3)
        rows = zip(drawn.author.tolist(), drawn.obj.tolist(), drawn.at.tolist(), strict=True)
        assert run(corpus([("x", f"u{a}", f"o{o}", at) for a, o, at in rows]), Params(window_s=60)).verdict == verdict
