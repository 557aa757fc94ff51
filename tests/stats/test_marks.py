"""Do the marks tell interest, a push and a loop apart, and keep quiet where they cannot?"""

import numpy as np
import pytest

from agorascope.stats.marks import Mark, mark, measure, name, push_index
from agorascope.worlds import audience


def measured(
    mechanism: str, size: float, seed: int, *, topics: bool = True
) -> tuple[dict[str, Mark], dict[str, np.ndarray], object]:
    """Measure the marks of one rich world."""
    world = audience.AudienceWorld(accounts=33, treated=3, periods=78, start=52, noise=0.2, mechanism=mechanism, size=size)  # type: ignore[arg-type]
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
    plain = {"reach": Mark(0.7, 0.1, 30.0), "conversion": Mark(-0.4, 0.1, 30.0)}
    assert "push" == name(plain)
    assert name(plain | {"followers": Mark(0.3, 0.05, 30.0)}) is None
    assert name(plain | {"elsewhere": Mark(0.5, 0.1, 30.0)}) is None
    assert name(plain | {"conversion": Mark(-0.9, 0.1, 30.0)}) is None
    assert name(plain, alpha=1e-6) is None


def test_demand_is_named_only_where_people_engaged_more() -> None:
    """The topic rose more than the rest, engagement per view did not: more of the topic was shown, and no mechanism is named."""
    topical = {"reach": Mark(0.7, 0.1, 30.0), "topic": Mark(0.5, 0.1, 30.0), "off_topic": Mark(0.0, 0.1, 30.0)}
    assert name(topical | {"conversion": Mark(0.0, 0.1, 30.0)}) is None
    assert "interest" == name(topical | {"conversion": Mark(0.4, 0.1, 30.0)})
