"""What is said where many counts are zero? The audit refuses, shows the zeros, and gives the factor by Poisson, zeros counted."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.findings import Estimate, Finding
from agorascope.stats import sparse
from agorascope.texts import Message, message

from ._amplification_gates import GATES, Gates
from ._amplification_others import means
from ._amplification_reduce import Panel
from ._amplification_zeros import Zeros, kinds, look

Bools = npt.NDArray[np.bool_]

METHOD = "Poisson on means per post, zeros counted"
LONG_RUN = 3  # periods of nothing but zeros, at the end, that are pointed at


def answer(
    panel: Panel, treated: Bools, gates: Gates, question: Any, limits: Any, settings: dict[str, Any], *, at: int | None
) -> Finding | None:
    """Refuse where zeros are many, ``at`` a date given or found (None: to be searched); None where they are not.

    A panel that another gate refused goes on: its reason comes first.
    """
    after = None if at is None else np.arange(panel.starts_us.size) >= at
    if gates.refusing or (after is not None and (after.all() or not after.any())):
        return None
    found = look(panel.exposure, panel.seen, treated, after)
    if not found.many:
        return None
    made = None if after is None or (~treated).sum() < 2 else sparse.estimate(means(panel), treated, after)
    effect = None
    if made is not None:
        effect = Estimate(
            metric=panel.metric, value=made.ratio, low=made.low, high=made.high, unit="ratio", level=0.95, method=METHOD
        )
    return Finding(
        analysis="amplification",
        question=question,
        verdict="insufficient",
        gate="zeros",
        claim=_claim(panel, found, made, at),
        effect=effect,
        notes=_since(panel, treated),
        limits=limits,
        params=settings,
        tables={"gates": _table(panel, gates, found)},
    )


def _claim(panel: Panel, found: Zeros, made: sparse.Sparse | None, at: int | None) -> Message:
    told: dict[str, Any] = {"metric": f"amplification.metric.{panel.metric}", **found.shares}
    if at is None:
        return message("amplification.claim.zeros_searched", **told)
    told["date"] = int(panel.starts_us[at])
    if made is None:
        return message("amplification.claim.zeros_alone", **told)
    told |= {"ratio": made.ratio, "low": made.low, "high": made.high}
    return message("amplification.claim.zeros_all" if made.ratio == 0 else "amplification.claim.zeros", **told)


def _since(panel: Panel, treated: Bools) -> tuple[Message, ...]:
    """Point at a time, up to the end, in which every known count of the accounts audited is zero, where others came before."""
    known = (panel.seen[treated] > 0) & np.isfinite(panel.exposure[treated])
    counts = np.where(known, panel.exposure[treated], 0.0).sum(axis=0)
    seen = np.flatnonzero(known.any(axis=0))
    alive = np.flatnonzero(counts > 0)
    if not alive.size:
        return ()
    empty = seen[seen > alive[-1]]
    return (
        (message("amplification.note.zeros_since", date=int(panel.starts_us[empty[0]]), periods=int(empty.size)),)
        if empty.size >= LONG_RUN
        else ()
    )


def _table(panel: Panel, gates: Gates, found: Zeros) -> pa.Table:
    rows = [*gates.rows]
    rows += [{"gate": name, "status": "warning", "number": float(n), "unit": ""} for name, n in kinds(panel).items() if n]
    rows.append({"gate": "zeros", "status": "fault", "number": max(s for s in found.shares.values() if s), "unit": "share"})
    return pa.Table.from_pylist(rows, GATES)
