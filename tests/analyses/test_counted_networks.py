"""Do `timeline` and `counterfactual` build on the networks that count alone, and is the range of the latter called what it is?"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from agorascope.analyses import counterfactual, timeline
from agorascope.report.effects import effect
from agorascope.texts import LANGUAGES, say

from . import test_counterfactual, test_timeline
from .said import said

Tables = dict[str, pa.Table]


def beside(results: Tables, *, alone: bool = False) -> Tables:
    """Add a network n9 of members that looks like a community apart; ``alone``: instead of all others."""
    accounts, held = results["coordination.accounts"], results["coordination.acts"]
    some = accounts.filter(pc.field("in_network")).slice(0, 40)
    more = some.set_column(some.column_names.index("network"), "network", pa.repeat("n9", len(some)))
    more = more.set_column(more.column_names.index("counted"), "counted", pa.repeat(False, len(some)))
    tied = held.set_column(held.column_names.index("network"), "network", pa.repeat("n9", len(held)))
    apart = results["coordination.apart"].slice(0, 1).to_pylist()[0] | {"network": "n9", "counted": False, "apart": "favoured"}
    parts = {"accounts": more, "acts": tied, "apart": pa.Table.from_pylist([apart], results["coordination.apart"].schema)}
    new = parts if alone else {n: pa.concat_tables([results[f"coordination.{n}"], t]) for n, t in parts.items()}
    return results | {f"coordination.{name}": table for name, table in new.items()}


@pytest.mark.parametrize("module", [test_timeline, test_counterfactual])
def test_what_does_not_count_is_not_built_upon(module: Any) -> None:
    """A network that looks like a community apart changes nothing but a note and the rival; where it is alone, this is refused."""
    whole, half = module.finding(), said(module.asked(module.rows(), beside(module.networks())))
    assert (whole.units, whole.effect, whole.evidence) == (half.units, half.effect, half.evidence)
    assert [1] == [n.args["n"] for n in half.notes if n.key == f"{half.analysis}.note.apart"]
    assert [] == [n for n in whole.notes if n.key == f"{half.analysis}.note.apart"]
    assert {"apart"} <= {r.name for r in half.rivals}
    alone = said(module.asked(module.rows(), beside(module.networks(), alone=True)))
    assert ("insufficient", "apart") == (alone.verdict, alone.gate)
    assert "all" not in say(alone.claim, "en")


def test_what_does_not_count_may_be_asked_for() -> None:
    """``counterfactual`` takes a network away that is named, and its rival says what it looks like."""
    named = test_counterfactual.asked(test_counterfactual.rows(), beside(test_counterfactual.networks()), network="n9")
    assert "favoured" == next(r.status for r in named.rivals if r.name == "apart")
    assert 40 == named.claim.args["n"]


@pytest.mark.parametrize(("analysis", "given"), [(timeline, test_timeline), (counterfactual, test_counterfactual)])
def test_without_the_table_the_rival_is_not_tested(analysis: Any, given: Any) -> None:
    """Tables of an earlier version lack ``apart``, or ``counted``: all networks are used, and the rival says what is missing."""
    results = {name: table for name, table in given.networks().items() if name != "coordination.apart"}
    results["coordination.accounts"] = results["coordination.accounts"].drop_columns("counted")
    finding = said(given.asked(given.rows(), results))
    assert given.finding().units == finding.units
    assert "not_tested" == next(r.status for r in finding.rivals if r.name == "apart")
    assert analysis.__name__.endswith(finding.analysis)
    older = given.networks()["coordination.apart"].drop_columns("counted")
    finding = said(given.asked(given.rows(), given.networks() | {"coordination.apart": older}))
    assert "not_tested" == next(r.status for r in finding.rivals if r.name == "apart")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_range_of_no_level_is_not_called_an_interval(lang: str) -> None:
    """The range of `counterfactual` is that with accounts put back, in a report too; that of others keeps its level."""
    whole = test_counterfactual.finding()
    shown = effect("counterfactual", whole.effect, lang)
    assert whole.effect is not None
    assert whole.effect.level is None
    assert shown is not None
    assert {"en": "put back", "fr": "en remettant"}[lang] in shown.interval
    assert "95" not in shown.interval
    other = effect("timeline", test_timeline.finding().effect, lang)
    assert other is not None
    assert "95" in other.interval
