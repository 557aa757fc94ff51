"""Which accounts moved apart, when none is named? Every account is asked in turn, the error held over all of them and all dates.

What the capture lost is left out as in an audit, and the gates are the same but for the sides: nobody is on one.
"""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Figure, Finding, insufficient
from agorascope.stats import screen as screening
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._amplification_capture import lost, without
from ._amplification_cast import Cast
from ._amplification_estimate import reach
from ._amplification_gates import Gates, screened
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
DRAWS = 199  # of a panel of any size; more are drawn, up to those asked for, while all of them take no more cells than this:
MOST_CELLS = 100_000_000
COUNTED = {name: name for name in ("reposts", "young", "straddling", "edge_periods", "capture_left_out", "capture_more")}
COUNTED |= {"capture_thin": "screen_shares"}  # gate: note
METHOD = "largest studentised shift, family-wise over accounts and dates"


def screen(corpus: Corpus, roles: Cast, panel: Panel, question: Any, limits: Any, settings: dict[str, Any]) -> Finding:
    """Screen every account of the platform; a ratio below 1 is a demotion."""
    alpha = float(settings["alpha"])
    found_out = lost(corpus, roles.platform, panel)
    panel = without(panel, found_out.out)
    y = reach(panel)
    draws = min(int(settings["draws"]), max(DRAWS, MOST_CELLS // max(y.size, 1)))
    settings = settings | {"draws": draws}
    told = (*limits, message("amplification.limits.drift_screen"))
    try:
        found = screening.screen(y, draws=draws, alpha=alpha, rng=np.random.default_rng(int(settings["seed"])))
    except ValueError:
        few = message("amplification.claim.screen_few", accounts=len(panel.accounts), periods=int(panel.starts_us.size))
        refused = insufficient("amplification", question, few, limits, gate="accounts", params=settings)
        gates = screened(corpus, roles, panel, found_out, floor=None, alpha=alpha)
        return msgspec.structs.replace(refused, tables={"gates": gates.table()})
    gates = screened(corpus, roles, panel, found_out, floor=found.p_floor, alpha=alpha)
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
        limits=told,
        figures=(
            Figure(
                name="gates",
                kind="table",
                table="gates",
                title=message("amplification.figure.gates"),
                y=("gate", "status", "number", "unit", "check", "account_id", "start_us", "end_us"),
            ),
            Figure(
                name="screen",
                kind="table",
                table="screen",
                title=message("amplification.figure.screen"),
                y=("account_id", "at_us", "ratio", "statistic", "p_value"),
            ),
        ),
        notes=_notes(panel, found, gates, draws=draws, held=bool(held)),
        calibration=_calibrated(found.screened, y.shape[1], alpha),
        params=settings,
        tables={"gates": gates.table(), "screen": pa.Table.from_pylist(rows, SCREEN)},
    )


def _calibrated(accounts: int, periods: int, alpha: float) -> Calibration:
    """Look up the nearest cell; its rates say nothing of another level than theirs."""
    told = nearest("amplification", accounts=float(accounts), periods=float(periods), date="screen")
    return told if told.nominal is None or np.isclose(told.nominal, alpha) else Calibration()


def _notes(panel: Panel, found: screening.Screen, gates: Gates, *, draws: int, held: bool) -> tuple[Message, ...]:
    told = [message("amplification.note.screened"), message("amplification.note.screen_floor", draws=draws, floor=found.p_floor)]
    if found.left_out:
        told.append(message("amplification.note.screen_left_out", n=found.left_out))
    counted = [row for row in gates.rows if row["gate"] in COUNTED and row["number"]]
    told += [message(f"amplification.note.{COUNTED[row['gate']]}", n=int(row["number"])) for row in counted]
    if any(row["gate"] == "capture" and row["status"] == "warning" for row in gates.rows):
        told.append(message("amplification.note.screen_capture"))
    if not panel.has_views:
        told.append(message("amplification.note.no_views", metric=f"amplification.metric.{panel.metric}"))
    if held:
        told.append(message("amplification.note.screen_next"))
    return tuple(told)
