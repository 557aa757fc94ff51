"""Are weights those of ``balance``, and do they fit, trim and cost as they should? Golden numbers: benchmarks/balance_golden.py."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from agorascope.stats.weighting import asmd, kish, rake, trim

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "golden/balance.json").read_text("utf-8"))
Ints = npt.NDArray[np.int64]


def coded(variable: str) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Number the categories of the golden respondents in the order of their margin."""
    margin = GOLDEN["margins"][variable]
    return np.array([list(margin).index(v) for v in GOLDEN["respondents"][variable]]), np.array(list(margin.values()))


def raked() -> npt.NDArray[np.float64]:
    """Rake the golden respondents to the golden margins."""
    codes, targets = zip(*map(coded, GOLDEN["margins"]), strict=True)
    made = rake(codes, targets, np.ones(codes[0].size))
    assert made.off <= 1e-10
    return made.weights


def test_raking_is_that_of_balance() -> None:
    """Each of 240 weights equals that of balance 0.23.0 to 1e-6."""
    assert np.max(np.abs(raked() - GOLDEN["raked"])) < 1e-6


def test_post_stratification_is_that_of_balance() -> None:
    """Raked to one margin, weights equal balance's post-stratification."""
    code, target = coded("age")
    assert np.max(np.abs(rake([code], [target], np.ones(code.size)).weights - GOLDEN["poststratified_age"])) < 1e-6


def test_trimming_and_design_effect_are_those_of_balance() -> None:
    """Weights cut at twice their mean, and the design effect before and after, equal balance's."""
    cut = trim(raked(), ratio=GOLDEN["ratio"])
    assert np.max(np.abs(cut / cut.mean() - GOLDEN["trimmed"])) < 1e-6
    assert (GOLDEN["design_effect"], GOLDEN["design_effect_trimmed"]) == pytest.approx((kish(raked()), kish(cut)), abs=1e-6)


@pytest.mark.parametrize(("of", "weighted"), [("asmd", False), ("asmd_raked_then_trimmed", True)])
def test_distances_are_those_of_balance(of: str, weighted: bool) -> None:
    """Distances from the target equal balance's, but for n / (n - 1) of its 10,000 people."""
    weights = trim(raked(), ratio=GOLDEN["ratio"]) if weighted else np.ones(240)
    found = {}
    for variable, margin in GOLDEN["margins"].items():
        code, target = coded(variable)
        shares = np.bincount(code, weights) / weights.sum()
        found |= {f"{variable}={c}": d for c, d in zip(margin, asmd(shares, target), strict=True)}
    assert GOLDEN[of] == pytest.approx(found, rel=1e-4)


def test_a_category_without_rows_is_refused_and_one_not_wanted_gets_nothing() -> None:
    """Nobody can be weighted up from no rows; rows of a category of share 0 get weight 0."""
    with pytest.raises(ValueError, match="no rows"):
        rake([np.array([0, 0])], [np.array([0.5, 0.5])], np.ones(2))
    assert [2.0, 0.0] == rake([np.array([0, 1])], [np.array([1.0, 0.0])], np.ones(2)).weights.tolist()


def test_margins_that_contradict_each_other_are_told() -> None:
    """Where no weights fit both margins, the passes end and the rest is named."""
    made = rake([np.array([0, 1]), np.array([0, 1])], [np.array([0.5, 0.5]), np.array([0.9, 0.1])], np.ones(2))
    assert made.off > 0.1
