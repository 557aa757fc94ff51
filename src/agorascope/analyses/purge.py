"""On one day, did many more accounts lose followers than usual, as after a removal of accounts; and is one account alone in it?

One row of ``units`` is one day that stands out: how many of the accounts read that day and at most ``gap`` days before lost more
than ``loss`` of their followers, their share with its interval, the share usual for the same accounts on other days, and the ratio
of both. The effect is that ratio; 1 means a day like others. ``found`` means: of a day named with ``at``, that its rank among all
days is below ``alpha``; of days sought, that one holds over all of them. With ``account``, its loss is ranked among accounts of
similar size on the same day. Where it is known who followed whom, or ``flagged`` names a group, bounds are given for the share
of the loss that accounts flagged before, by ``coordination`` or by that group, can explain.

Limits: it is seen that followers were lost, not why, and not who was removed: what flagged accounts explain has bounds only.
Source: placebo days as in Abadie, Diamond and Hainmueller 2010, doi:10.1198/jasa.2009.ap08746. What we changed: days with a mood
of their own, see ``stats.losing``.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import numpy as np

from agorascope.errors import BadValue
from agorascope.findings import EVIDENCE_CAP, Evidence, Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message
from agorascope.ties import group_called

from . import _purge_days, _purge_flagged, _purge_said
from ._purge_reduce import DAY_US, FEWEST, Changes, reduce, usual_days

EXAMPLE = "agorascope run my-case purge -p at=2015-08-09"
REQUIRES = (("account_counters",),)
NEEDS = ("coordination",)
NEEDS_WHERE = ("edges",)  # without follow ties the networks explain nothing, and are not sought for it
LIMITS = tuple(message(f"purge.limits.{name}") for name in ("why", "flagged", "panel", "readings", "sought", "account"))
QUESTION = message("purge.question")
FEWEST_DAYS = 30


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set which day and account are asked for, and what a loss is; ``[params]`` of its texts says what each one is."""

    at: str = ""
    account: str = ""
    flagged: str = ""
    loss: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.005
    least: Annotated[int, msgspec.Meta(ge=1)] = 200
    gap: Annotated[int, msgspec.Meta(ge=1, le=7)] = 2
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05


def run(corpus: Corpus, params: Params) -> Finding:
    """Test the day asked for, or seek one; then place the account asked for among those of its size."""
    settings = msgspec.to_builtins(params)
    wanted = _day(params.at)
    suspects = _purge_flagged.flagged(corpus, group_called(corpus, params.flagged))
    every = _reduce(corpus, params)
    changes = usual_days(every)
    number, days = np.unique(changes.member).size, np.unique(changes.day)
    if number < FEWEST or days.size < FEWEST_DAYS:
        claim = message("purge.claim.insufficient", n=number, days=days.size, least=FEWEST, fewest=FEWEST_DAYS)
        return insufficient("purge", QUESTION, claim, LIMITS, gate="days", params=settings)
    if params.account and params.account not in {name for _, name in changes.accounts}:
        raise BadValue(f"account is {params.account!r}, which has no counters of followers here; check its spelling")
    if wanted is not None and wanted not in days:
        claim = message("purge.claim.unseen", at=wanted * DAY_US, least=FEWEST)
        return insufficient("purge", QUESTION, claim, LIMITS, gate="unseen", params=settings)
    found = _purge_days.days(changes, params.loss)
    if not found.losing.any():
        return insufficient(
            "purge", QUESTION, message("purge.claim.still", loss=params.loss), LIMITS, gate="still", params=settings
        )
    order = np.lexsort((found.day, -found.losing / found.known, found.chance)).tolist()
    best = order[0] if wanted is None else int(np.searchsorted(found.day, wanted))
    strongest = _purge_days.unit(found, best)
    if wanted is None:
        units = [_purge_days.unit(found, i) for i in order if found.adjusted[i] <= params.alpha]
    else:
        units = [strongest] if strongest["p_value"] <= params.alpha and found.losing[best] > found.usual[best] else []
    at_us = strongest["at_us"]
    row = _purge_days.compared(every, params.account, int(found.day[best])) if params.account else None
    own = _purge_said.about(row, params.account, at_us) if params.account else None
    explained = _purge_flagged.explain(
        corpus, every if params.account else changes, suspects, account=params.account, day=int(found.day[best])
    )
    made = _purge_said.tables(found, units, row) | _purge_flagged.tables(explained)
    records, total = _evidence(changes, int(found.day[best]), params.loss)
    median = float(np.median(found.losing / found.known))
    finding = Finding(
        analysis="purge",
        question=QUESTION,
        verdict="found" if units else "not_found",
        claim=_purge_said.claim(
            strongest, named=wanted is not None, holds=bool(units), days=days.size, median=median, loss=params.loss
        ),
        effect=_purge_said.effect(strongest, named=wanted is not None, holds=bool(units), days=days.size),
        units=tuple(units),
        evidence=records,
        evidence_total=total,
        evidence_query=_query(int(found.day[best]), params.gap),
        limits=LIMITS,
        rivals=(*_purge_said.rivals(changes, found, best), _purge_flagged.rival(explained)),
        calibration=_purge_said.calibrated(found),
        figures=_purge_said.figures(made, params.loss) + _purge_flagged.figures(made),
        notes=_purge_said.notes(found, np.unique(every.day).size - days.size, own, _purge_flagged.notes(explained, suspects)),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> Changes:
    return reduce(corpus, gap=params.gap, least=params.least)


def _day(at: str) -> int | None:
    """Read the day asked for, as days since 1970. Raises BadValue for what is no date."""
    if not at:
        return None
    try:
        return int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()) // (DAY_US // 1_000_000)
    except ValueError as error:
        raise BadValue(f"at is {at!r}; give a day such as 2015-08-09, or nothing to seek one") from error


def _evidence(changes: Changes, day: int, loss: float) -> tuple[tuple[Evidence, ...], int]:
    """Name the accounts that lost most on the day, with their change."""
    rows, change = _purge_days.losers(changes, day, loss)
    records = tuple(
        Evidence(
            role=message("purge.role.lost"),
            table="account_counters",
            platform=changes.accounts[changes.member[i]][0],
            id=changes.accounts[changes.member[i]][1],
            account_id=changes.accounts[changes.member[i]][1],
            at_us=day * DAY_US,
            value=settle(float(c)),
        )
        for i, c in zip(rows[:EVIDENCE_CAP].tolist(), change[:EVIDENCE_CAP].tolist(), strict=True)
    )
    return records, int(rows.size)


def _query(day: int, gap: int) -> str:
    conditions: dict[str, Any] = {"first": (day - gap) * DAY_US, "end": (day + 1) * DAY_US}
    return (
        "SELECT platform, account_id, at_us, followers FROM account_counters "
        "WHERE at_us >= {first} AND at_us < {end} AND followers IS NOT NULL "
        "ORDER BY platform NULLS FIRST, account_id NULLS FIRST, at_us NULLS FIRST"
    ).format(**conditions)
