"""Which groups divide those asked about, where they have an age and a camp at once?"""

import numpy as np
import pyarrow as pa
import pytest

from agorascope.divisions import divided, traits
from agorascope.errors import BadValue
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus

WHERE = np.repeat(np.arange(60), 2)
LISTED = [name for i in range(60) for name in (f"camp:{'left' if i < 30 else 'right'}", f"age:{'young' if i % 2 else 'old'}")]
ALL = np.ones(60, bool)


def test_one_variable_is_taken_and_the_others_named() -> None:
    """Known of as many, the camp is taken: nobody is in several groups, and the age is told with its number."""
    found = divided(WHERE, LISTED, "", ALL, 10)
    assert ("camp", [("age", 60)]) == (found.variable, list(found.others))
    assert {"camp:left": 30, "camp:right": 30} == {n: int((found.label == i).sum()) for i, n in enumerate(found.names)}


def test_the_variable_known_of_more_is_taken_but_for_traits() -> None:
    """Five accounts without a camp: of clubs the camps lose, of ages and of what margins name they win; an age alone is taken."""
    kept = [i for i, name in enumerate(LISTED) if name.startswith("age:") or i >= 10]

    def taken(variable: str, **known: set[str]) -> str:
        named = [LISTED[i].replace("age:", f"{variable}:") for i in kept]
        return divided(WHERE[kept], named, "", ALL, 10, traits=known.get("traits", set())).variable

    assert ("club", "camp", "camp") == (taken("club"), taken("Âge"), taken("club", traits={"club"}))
    assert "camp" == taken("age", traits={"camp", "age"})  # margins of both
    ages = [i for i, name in enumerate(LISTED) if name.startswith("age:")]
    assert "age" == divided(WHERE[ages], [LISTED[i] for i in ages], "", ALL, 10).variable


def test_margins_name_traits() -> None:
    """The variables of a population, as groups are called, whatever the case."""
    rows = [{"population": "town", "variable": name, "category": "a", "share": 0.5} for name in ("Quartier", "age")]
    assert {"quartier", "age"} == traits(memory_corpus({"margins": pa.Table.from_pylist(rows, schema("margins"))}))
    assert not traits(memory_corpus({}))


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


@pytest.mark.parametrize("asked", ["camp:lefft", "camp:left,camp:rigth", "age:odl:"])
def test_a_group_misspelt_is_no_variable(asked: str) -> None:
    """What has a category is a group: it does not stand for all groups of its variable."""
    with pytest.raises(BadValue, match="which has no accounts here"):
        divided(WHERE, LISTED, asked, ALL, 10)
