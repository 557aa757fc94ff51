"""Which groups divide those asked about, where they have an age and a camp at once?"""

import numpy as np
import pytest

from agorascope.divisions import divided
from agorascope.errors import BadValue

WHERE = np.repeat(np.arange(60), 2)
LISTED = [name for i in range(60) for name in (f"camp:{'left' if i < 30 else 'right'}", f"age:{'young' if i % 2 else 'old'}")]
ALL = np.ones(60, bool)


def test_one_variable_is_taken_and_the_others_named() -> None:
    """Known of all, the first by name is taken: nobody is in several groups, and the other is told with its number."""
    found = divided(WHERE, LISTED, "", ALL, 10)
    assert ("age", [("camp", 60)]) == (found.variable, list(found.others))
    assert {"age:old": 30, "age:young": 30} == {n: int((found.label == i).sum()) for i, n in enumerate(found.names)}


def test_the_variable_known_of_more_is_taken() -> None:
    """Five accounts without an age: the camps are taken."""
    kept = [i for i, name in enumerate(LISTED) if name.startswith("camp:") or i >= 10]
    assert "camp" == divided(WHERE[kept], [LISTED[i] for i in kept], "", ALL, 10).variable


@pytest.mark.parametrize("asked", ["camp", "Camp:", "camp:left,camp:right"])
def test_a_variable_stands_for_its_groups(asked: str) -> None:
    """Named alone, in other cases, or by its groups: the same division."""
    found = divided(WHERE, LISTED, asked, ALL, 10)
    assert (["camp:left", "camp:right"], "camp", ()) == (sorted(found.names), found.variable, found.others)
    assert (found.label >= 0).all()


def test_a_name_nobody_has_is_refused_with_what_there_is() -> None:
    """Groups and variables are listed."""
    with pytest.raises(BadValue, match=r"groups are: .*camp:left.*; variables are: age, camp"):
        divided(WHERE, LISTED, "kamp", ALL, 10)
