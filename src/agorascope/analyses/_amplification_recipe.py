"""What would the published recipe say of the same panel, and which of its choices carries the conclusion?"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.findings import Figure
from agorascope.stats.recipe import TERMS, recipe
from agorascope.stats.specification import specifications
from agorascope.texts import message

from ._amplification_estimate import Answer

Bools = npt.NDArray[np.bool_]

RECIPE = pa.schema(
    [
        ("step", pa.string()),
        ("side", pa.string()),
        ("number", pa.float64()),
        ("at_us", pa.int64()),
        ("p_value", pa.float64()),
    ]
)
CURVE = pa.schema([("specification", pa.string()), ("ratio", pa.float64()), ("p_value", pa.float64()), ("at_us", pa.int64())])
INFLUENCE = pa.schema(
    [
        ("choice", pa.string()),
        ("pairs", pa.int64()),
        ("ratio", pa.float64()),
        ("moved_ratio", pa.float64()),
        ("p_factor", pa.float64()),
        ("turned_share", pa.float64()),
    ]
)


def tables(answer: Answer, *, date: int | None, alpha: float, seed: int) -> dict[str, pa.Table]:
    """Run the recipe at its own date and at the one given, and every combination of choices. Empty where a side has no posts."""
    panel = answer.panel
    rows, periods = np.nonzero(np.isfinite(panel.exposure) & (np.nan_to_num(panel.seen) > 0))
    values = panel.exposure[rows, periods] / panel.seen[rows, periods]
    group, weights = answer.treated[rows], panel.seen[rows, periods]
    at = answer.decision.at if date is None else date
    try:
        own = recipe(values, group, periods.astype(np.int64), weights=weights)
        given = recipe(values, group, periods.astype(np.int64), weights=weights, first=at)
        curve = specifications(
            panel.exposure, np.nan_to_num(panel.seen), answer.treated, given=at, alpha=alpha, rng=np.random.default_rng(seed)
        )
    except ValueError:
        return {"recipe": RECIPE.empty_table(), "specifications": CURVE.empty_table(), "influence": INFLUENCE.empty_table()}
    steps: list[dict[str, Any]] = []
    for side, k in (("treated", 0), ("others", 1)):
        steps.append(_step("own_date", side, None, int(panel.starts_us[own.own[k]]), None))
    steps.append(_step("common_date", None, None, int(panel.starts_us[own.first]), None))
    for name, found in (("at_its_date", own), ("at_the_date", given)):
        begins = int(panel.starts_us[found.first])
        steps += [_step(f"percent_{name}", s, found.percent[k], begins, None) for k, s in enumerate(("treated", "others"))]
        interaction = TERMS.index("after x group")
        steps.append(
            _step(f"interaction_{name}", None, float(found.estimates[interaction]), begins, float(found.p_values[interaction]))
        )
        steps += [_step(f"ranks_{name}", s, None, begins, found.mann_whitney[k]) for k, s in enumerate(("treated", "others"))]
    rows_of_curve = [
        {
            "specification": " · ".join(row.options),
            "ratio": _finite(row.ratio),
            "p_value": _finite(row.p_value),
            "at_us": int(panel.starts_us[row.first]),
        }
        for row in sorted(curve.rows, key=lambda r: (not np.isfinite(r.ratio), r.ratio, r.options))
    ]
    influence = [
        {
            "choice": one.choice,
            "pairs": one.pairs,
            "ratio": _finite(float(np.exp(one.log_ratio))),
            "moved_ratio": _finite(float(np.exp(one.moved_ratio))),
            "p_factor": _finite(float(10.0**one.moved_p)),
            "turned_share": _finite(one.turned),
        }
        for one in curve.influence
    ]
    return {
        "recipe": pa.Table.from_pylist(steps, RECIPE),
        "specifications": pa.Table.from_pylist(rows_of_curve, CURVE),
        "influence": pa.Table.from_pylist(influence, INFLUENCE),
    }


def figures() -> tuple[Figure, ...]:
    """Describe the three tables."""
    columns = {
        "recipe": tuple(RECIPE.names),
        "influence": tuple(INFLUENCE.names),
        "specifications": tuple(CURVE.names),
    }
    return tuple(
        Figure(
            name=name,
            kind="table",
            table=name,
            title=message(f"amplification.figure.{name}"),
            y=shown,
            note=message(f"amplification.figure.{name}_note"),
        )
        for name, shown in columns.items()
    )


def _step(step: str, side: str | None, number: float | None, at_us: int, p_value: float | None) -> dict[str, Any]:
    return {"step": step, "side": side, "number": number, "at_us": at_us, "p_value": p_value}


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
