"""Can this capture carry an audit? One row per gate: what was asked of the data, what they answered, whether it refuses.

``refuses`` gates end the audit; the others warn. What a faulty capture does to the audit: ``_amplification_capture``.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.tables import Corpus

from ._amplification_ages import apart
from ._amplification_capture import Lost
from ._amplification_cast import Cast
from ._amplification_estimate import FEWEST_AFTER, FEWEST_BEFORE, UNENGAGED_APART, Answer, unengaged_apart
from ._amplification_reduce import Panel
from ._amplification_zeros import kinds

LOW_SHARE = 0.8
EARLY_APART = 0.2  # of the posts: more of the treated than of the others counted early on one side of the date
SHOWN = 10  # rows of capture faults
REFUSING_AFTER = ("capture_treated", "periods", "ages")
GATES = pa.schema(
    [
        ("gate", pa.string()),
        ("status", pa.string()),
        ("number", pa.float64()),
        ("unit", pa.string()),
        ("check", pa.string()),
        ("account_id", pa.string()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
    ]
)
_CAPTURE_CHECKS = ("captured", "sample", "gaps", "low_run", "drops", "capture_gap", "repeated_ids", "marked_original")


class Gates(NamedTuple):
    """Hold the rows of the table of gates, and the name of the one that refuses, if any."""

    rows: list[dict[str, Any]]
    refusing: str | None

    def table(self) -> pa.Table:
        """Give the rows as a table."""
        return pa.Table.from_pylist(self.rows, GATES)


def before(cast: Cast, panel: Panel | None) -> Gates:
    """Ask what can be asked before anything is estimated."""
    others = len(cast.accounts) - len(cast.treated)
    rows = [
        _row("roles", "fault" if cast.doubled else "ok", len(cast.doubled), account_id=next(iter(cast.doubled), None)),
        _row("treated", "ok" if cast.treated else "fault", len(cast.treated)),
        _row("controls", "ok" if others >= 2 else "warning", others),
        *([_row("absent", "warning", len(cast.absent))] if cast.absent else []),
    ]
    if panel is not None:
        rows += _counted(panel)
    return Gates(rows, next((r["gate"] for r in rows if r["status"] == "fault"), None))


def too_few(gates: Gates, usable: int) -> Gates:
    """Refuse an audit whose controls were named where fewer than two of them are ``usable``."""
    rows = [_row("controls", "fault", usable) if r["gate"] == "controls" else r for r in gates.rows]
    return Gates(rows, gates.refusing or "controls")


def screened(corpus: Corpus, cast: Cast, panel: Panel, found: Lost, *, floor: float | None, alpha: float) -> Gates:
    """Ask of a screen what is asked of an audit, but for the sides: nobody is on one. ``floor`` None: nothing was estimated."""
    many = int(found.out.sum())
    known = np.isfinite(panel.exposure)
    thin = int((known & (np.nan_to_num(found.share, nan=1.0) < LOW_SHARE)).sum())
    rows = [
        *_counted(panel),
        *([_row("capture_left_out", "warning", many)] if many else []),
        *([_row("capture_thin", "warning", thin)] if thin else []),
        *_capture(corpus, cast, panel),
    ]
    if floor is not None:
        rows.append(_row("floor", "warning" if floor > alpha else "ok", floor))
    return Gates(rows, None)


def contrasted(corpus: Corpus, posts: list[dict[str, Any]], counted: dict[str, int], *, has_views: bool) -> Gates:
    """Ask what a contrast of ``posts`` can be asked: what was left out, and the faults of capture of their accounts and time."""
    dated = [p["created_at_us"] for p in posts if p["created_at_us"] is not None]
    first, last = (min(dated), max(dated) + 1) if dated else (None, None)
    accounts = {p["account_id"] for p in posts}
    rows = [_row(name, "warning", number) for name, number in counted.items() if number]
    rows.append(_row("views", "ok" if has_views else "warning", sum(p["exposure"] or 0.0 for p in posts)))
    return Gates([*rows, *_faults(corpus, accounts, frozenset(), first, last)], None)


def _counted(panel: Panel) -> list[dict[str, Any]]:
    """List what was left out of the panel, and whether views are given."""
    counted = [(name, panel.counted.get(name, 0)) for name in ("reposts", "aged", "young", "straddling", "edge_periods")]
    rows = [_row(name, "warning", number) for name, number in counted if number]
    return [*rows, _row("views", "ok" if panel.has_views else "warning", float(np.nansum(panel.exposure)), unit="")]


def after(gates: Gates, answer: Answer, corpus: Corpus, cast: Cast, found: Lost, alpha: float) -> Gates:
    """Ask what needs the estimate: known periods of the treated on each side, empty cells, capture, the floor of the p-value."""
    decision, panel = answer.decision, answer.panel
    known = np.isfinite(answer.y[answer.treated]).any(axis=0)
    new, old = int((known & decision.after).sum()), int((known & ~decision.after).sum())
    few = new < FEWEST_AFTER or old < FEWEST_BEFORE
    rows = [
        *gates.rows,
        _row("periods", "fault" if few else "ok", min(new, old)),
        *_ages(answer),
        *_unengaged(answer),
        *(_row(name, "warning", number) for name, number in kinds(panel).items() if number),
        *_left_out(found, answer.treated, decision.after),
        *_capture(corpus, cast, panel),
        _row("floor", "warning" if decision.p_floor > alpha else "ok", decision.p_floor),
    ]
    refusing = (r["gate"] for r in rows if r["status"] == "fault" and r["gate"] in REFUSING_AFTER)
    return Gates(rows, gates.refusing or next(refusing, None))


def _left_out(found: Lost, treated: npt.NDArray[np.bool_], new: npt.NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Count the account-periods left out for faults of unknown extent; refuse where they cannot be told from the change."""
    many = int(found.out.sum())
    rows = [_row("capture_left_out", "warning", many)] if many else []
    if found.refuses(treated, new):
        rows.append(_row("capture_treated", "fault", int(found.out[treated].sum())))
    return rows


def _ages(answer: Answer) -> list[dict[str, Any]]:
    """Ask whether the treated were counted at other ages than the others: the curve of growth would then be the effect."""
    panel = answer.panel
    if panel.early is None or not panel.early.any():
        return []
    moved = abs(apart(panel.early, panel.seen, answer.treated, answer.decision.after))
    return [_row("ages", "fault" if moved > EARLY_APART else "ok", moved, unit="share")]


def _unengaged(answer: Answer) -> list[dict[str, Any]]:
    """Count the posts without a known engagement; where their share moved on one side only, no mechanism is named."""
    panel = answer.panel
    if panel.unengaged is None or not panel.unengaged.any():
        return []
    moved = abs(unengaged_apart(panel, answer.treated, answer.decision.after))
    return [
        _row("no_engagement", "warning", float(np.nansum(panel.unengaged))),
        _row("engagement_apart", "warning" if moved > UNENGAGED_APART else "ok", moved, unit="share"),
    ]


def known_periods(panel: Panel, treated: npt.NDArray[np.bool_]) -> int:
    """Count the periods in which the exposure of any treated account is known and not zero. ``treated``: (accounts,)."""
    return int((np.isfinite(panel.exposure[treated]) & (panel.exposure[treated] > 0)).any(axis=0).sum())


def _capture(corpus: Corpus, cast: Cast, panel: Panel) -> list[dict[str, Any]]:
    """Take over the faults and warnings of the coverage gate that touch a compared account within the time compared."""
    first, last = int(panel.starts_us[0]), int(panel.starts_us[-1]) + panel.length_us
    return _faults(corpus, set(cast.accounts), cast.treated, first, last)


def _faults(
    corpus: Corpus, accounts: set[Any], treated: frozenset[str], first: int | None, last: int | None
) -> list[dict[str, Any]]:
    """List the faults and warnings of coverage that touch these accounts between two times; None: no time is known."""
    checks = corpus.derived("coverage.checks")
    if not checks.num_rows:
        return [_row("capture", "not_checked", None)]
    rows = []
    for r in checks.to_pylist():
        if r["check"] not in _CAPTURE_CHECKS or r["status"] not in ("fault", "warning"):
            continue
        concerned = r["account_id"] is None or r["account_id"] in accounts
        inside = True
        if r["start_us"] is not None and first is not None and last is not None:
            inside = r["start_us"] < last and (r["end_us"] or last) > first
        if concerned and inside:
            own = r["account_id"] in treated
            rows.append(
                _row("capture_treated" if own else "capture", "warning", r["value"], unit=r["unit"] or "")
                | {name: r[name] for name in ("check", "account_id", "start_us", "end_us")}
            )
    rows.sort(key=lambda r: (r["gate"] != "capture_treated", r["number"] is None, r["number"] or 0.0))
    more = [_row("capture_more", "warning", len(rows) - SHOWN)] if len(rows) > SHOWN else []
    return [*rows[:SHOWN], *more] or [_row("capture", "ok", None)]


def _row(gate: str, status: str, number: float | None, *, unit: str = "", account_id: str | None = None) -> dict[str, Any]:
    return {
        "gate": gate,
        "status": status,
        "number": None if number is None else float(number),
        "unit": unit,
        "check": None,
        "account_id": account_id,
        "start_us": None,
        "end_us": None,
    }
