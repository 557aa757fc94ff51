"""Do the marks tell interest, a push and a loop apart, and keep quiet where they cannot?"""

import numpy as np
import pytest

from agorascope.stats.marks import Mark, against_push, mark, measure, name, push_index
from agorascope.worlds import audience


def measured(
    mechanism: str, size: float, seed: int, *, topics: bool = True, treated: int = 3, periods: int = 78
) -> tuple[dict[str, Mark], dict[str, np.ndarray], object]:
    """Measure the marks of one rich world."""
    shape = {"accounts": 30 + treated, "treated": treated, "periods": periods, "start": 52, "noise": 0.2}
    world = audience.AudienceWorld(**shape, mechanism=mechanism, size=size)  # type: ignore[arg-type]
    made = audience.make(world, seed)
    with np.errstate(all="ignore"):
        parts = {"reach": np.log(made.views / made.posts), "conversion": np.log(made.likes / made.views)}
        if topics:
            parts |= {n: np.log(made.topic_views[k] / made.topic_posts[k]) for k, n in enumerate(("on_topic", "off_topic"))}
    parts = {key: np.where(np.isfinite(v), v, np.nan) for key, v in parts.items()}
    return measure(parts, made.treated, made.after), parts, made


@pytest.mark.parametrize("mechanism", ["interest", "push", "loop"])
def test_each_mechanism_is_named(mechanism: str) -> None:
    """In ten worlds of each, none is named wrongly and at least six rightly."""
    named = [name(measured(mechanism, 2.0, seed)[0]) for seed in range(10)]
    assert set(named) <= {mechanism, None}
    assert named.count(mechanism) >= 6  # type: ignore[arg-type]


def test_without_conversion_nothing_is_named() -> None:
    """Reach alone names nothing."""
    marks = measured("push", 2.0, 0)[0]
    assert name({"reach": marks["reach"]}) is None


def test_a_demotion_is_a_push_downwards() -> None:
    """A ratio below one with conversion up is named a push as well: all signs are turned."""
    assert name(measured("push", 0.4, 0)[0]) == "push"


def test_the_push_index_holds_the_planted_one() -> None:
    """Fieller's interval holds the index that dilution plants."""
    marks, parts, made = measured("push", 2.0, 1)
    index, low, high = push_index(parts, marks, made.treated, made.after)  # type: ignore[attr-defined]
    planted = -np.log(1.4 / 2.0) / np.log(2.0)
    assert low is not None
    assert high is not None
    assert low <= planted <= high
    assert low <= index <= high


def test_an_unknown_panel_has_no_mark() -> None:
    """A panel without known periods on both sides gives none."""
    assert mark(np.full((5, 10), np.nan), np.arange(5) < 1, np.arange(10) >= 5) is None


def test_a_push_is_named_only_where_no_mark_speaks_against_it() -> None:
    """Followers or another platform that rose along, or engagement that fell by more than reach rose, leave it without a name."""
    plain = {"reach": Mark(0.7, 0.1, 30.0), "conversion": Mark(-0.4, 0.1, 30.0), "late": Mark(0.0, 0.1, 30.0)}
    assert ("push", None) == (name(plain), against_push(plain))
    assert name(plain | {"followers": Mark(0.3, 0.05, 30.0)}) is None
    assert name(plain | {"elsewhere": Mark(0.5, 0.1, 30.0)}) is None
    assert name(plain | {"conversion": Mark(-0.9, 0.1, 30.0)}) is None
    assert name(plain, alpha=1e-6) is None


def test_a_rise_that_fades_is_no_push() -> None:
    """The effect fades: passing visitors lower engagement per view too, and nothing is named; a demotion that wears off alike."""
    faded = {"reach": Mark(1.2, 0.1, 30.0), "conversion": Mark(-0.5, 0.1, 30.0), "late": Mark(-0.77, 0.2, 30.0)}
    turned = {key: Mark(-m.size, m.se, m.df) for key, m in faded.items()}
    flat = {"attention": Mark(0.0, 0.1, 30.0)}
    assert {(None, "fades")} == {(name(m), against_push(m)) for m in (faded, turned, faded | flat)}


def test_without_attention_outside_a_push_must_be_shown_to_stay() -> None:
    """Where nobody can say whether others sent the public, an unsure shape names nothing; with flat attention it does."""
    unsure = {"reach": Mark(0.5, 0.1, 30.0), "conversion": Mark(-0.4, 0.1, 30.0), "late": Mark(0.0, 0.2, 30.0)}
    unknown = {key: unsure[key] for key in ("reach", "conversion")}
    assert ["shape", "shape"] == [against_push(m) for m in (unsure, unknown)]
    assert {"push"} == {name(m | {"attention": Mark(0.0, 0.1, 30.0)}) for m in (unsure, unknown)}


@pytest.mark.parametrize(("treated", "periods"), [(1, 63), (1, 78), (3, 78)])
def test_passing_visitors_are_not_named_a_push(treated: int, periods: int) -> None:
    """Of 40 worlds in which attention from outside, x5, fades and lowers engagement per view, at most two are named anything."""
    named = [name(measured("outsiders", 5.0, s, topics=False, treated=treated, periods=periods)[0]) for s in range(40)]
    assert 2 >= sum(n is not None for n in named)


def test_demand_is_named_only_where_people_engaged_more() -> None:
    """The topic rose more than the rest, engagement per view did not: more of the topic was shown, and no mechanism is named."""
    topical = {"reach": Mark(0.7, 0.1, 30.0), "topic": Mark(0.5, 0.1, 30.0), "off_topic": Mark(0.0, 0.1, 30.0)}
    assert name(topical | {"conversion": Mark(0.0, 0.1, 30.0)}) is None
    assert "interest" == name(topical | {"conversion": Mark(0.4, 0.1, 30.0)})
