"""Which accounts moved apart, when none is named? Every account is asked in turn, the error held over all of them and all dates."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Estimate, Figure, Finding, insufficient
from agorascope.stats import screen as screening
from agorascope.texts import message

from ._amplification_estimate import reach
from ._amplification_reduce import Panel

SHOWN = 20
SCREEN = pa.schema(
    [
        ("account_id", pa.string()),
        ("at_us", pa.int64()),
        ("ratio", pa.float64()),
        ("statistic", pa.float64()),
        ("p_value", pa.float64()),
    ]
)
METHOD = "largest studentised shift, family-wise over accounts and dates"


def screen(panel: Panel, question: Any, limits: Any, settings: dict[str, Any], *, alpha: float, seed: int) -> Finding:
    """Screen every account of the platform; a ratio below 1 is a demotion."""
    y = reach(panel)
    try:
        found = screening.screen(y, alpha=alpha, rng=np.random.default_rng(seed))
    except ValueError:
        few = message("amplification.claim.screen_few", accounts=len(panel.accounts), periods=int(panel.starts_us.size))
        return insufficient("amplification", question, few, limits, gate="accounts", params=settings)
    order = [int(i) for i in np.lexsort((-found.statistic, found.p_value)) if np.isfinite(found.statistic[i])]
    rows: list[dict[str, Any]] = [
        {
            "account_id": panel.accounts[i],
            "at_us": int(panel.starts_us[found.first[i]]),
            "ratio": float(np.exp(found.log_ratio[i])),
            "statistic": float(found.statistic[i]),
            "p_value": float(found.p_value[i]),
        }
        for i in order
    ]
    held = [row for row in rows if row["p_value"] <= alpha]
    best = rows[0]
    said = {
        "accounts": found.screened,
        "metric": f"amplification.metric.{panel.metric}",
        "ratio": best["ratio"],
        "date": best["at_us"],
        "p": best["p_value"],
        "n": len(held),
    }
    return Finding(
        analysis="amplification",
        question=question,
        verdict="found" if held else "not_found",
        grade="not_identified" if held else "no_break",
        claim=message("amplification.claim.screen_found" if held else "amplification.claim.screen_quiet", **said),
        effect=Estimate(
            metric=panel.metric,
            value=best["ratio"],
            unit="ratio",
            method=METHOD,
            p_value=best["p_value"],
            p_floor=found.p_floor,
            sided="two-sided",
        ),
        units=tuple(rows[: max(SHOWN, len(held))]),
        limits=limits,
        figures=(
            Figure(
                name="screen",
                kind="table",
                table="screen",
                title=message("amplification.figure.screen"),
                y=("account_id", "at_us", "ratio", "statistic", "p_value"),
            ),
        ),
        notes=_notes(panel, found.left_out, bool(held)),
        calibration=nearest("amplification", accounts=float(found.screened), periods=float(y.shape[1]), date="screen"),
        params=settings,
        tables={"screen": pa.Table.from_pylist(rows, SCREEN)},
    )


def _notes(panel: Panel, left_out: int, held: bool) -> tuple[Any, ...]:
    told = [message("amplification.note.screened")]
    if left_out:
        told.append(message("amplification.note.screen_left_out", n=left_out))
    if not panel.has_views:
        told.append(message("amplification.note.no_views", metric=f"amplification.metric.{panel.metric}"))
    if held:
        told.append(message("amplification.note.screen_next"))
    return tuple(told)
