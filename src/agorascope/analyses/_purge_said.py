"""What does the analysis of removals say? Claim, effect, rivals, tables, figures and notes, from the estimates alone."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Figure, Rival
from agorascope.stats.shares import wilson
from agorascope.texts import Message, message

from ._purge_days import Days
from ._purge_reduce import DAY_US, Changes

DAYS = pa.schema(
    [("start_us", pa.int64()), ("known", pa.int64()), ("losing", pa.int64())]
    + [(n, pa.float64()) for n in ("losing_share", "usual_share", "p_day", "q_value")]
)
MARKED = pa.schema([("start_us", pa.int64()), ("end_us", pa.int64()), ("label", pa.string()), ("ratio", pa.float64())])
ACCOUNT = pa.schema(
    [("account", pa.string()), ("at_us", pa.int64()), ("before", pa.int64()), ("after", pa.int64()), ("change_share", pa.float64())]
    + [("panel", pa.int64())]
    + [(f"panel_{n}_share", pa.float64()) for n in ("median", "low", "high")]
    + [("as_bad", pa.int64())]
    + [(n, pa.float64()) for n in ("as_bad_share", "as_bad_share_low", "as_bad_share_high", "p_value")]
    + [("own_days", pa.int64()), ("own_p_value", pa.float64())]
)
NEAR = 14
ALONE = 0.05


def claim(best: dict[str, Any], *, named: bool, holds: bool, days: int, median: float, loss: float) -> Message:
    """Say how many lost followers on the day, in one hedged sentence."""
    said = ("found" if holds else "not_found") + ("_named" if named else "")
    return message(
        f"purge.claim.{said}",
        at=best["at_us"],
        share=best["losing_share"],
        low=best["losing_share_low"],
        high=best["losing_share_high"],
        n=best["known"],
        loss=loss,
        usual=best["usual_share"],
        median=median,
        ratio=best["ratio"],
        p=best["p_value"] if named else best["q_value"],
        days=days,
    )


def about(row: dict[str, Any] | None, account: str, at_us: int) -> Message:
    """Answer whether one account is alone."""
    if row is None:
        return message("purge.account.unknown", account=account, at=at_us)
    if row["p_value"] is None:
        return message("purge.account.few", account=account, at=at_us, n=row["panel"], change=row["change_share"])
    said = "grew" if row["change_share"] >= 0 else "more" if row["p_value"] <= ALONE else "not_alone"
    return message(
        f"purge.account.{said}",
        account=account,
        at=at_us,
        change=abs(row["change_share"]),
        n=row["panel"],
        worse=row["as_bad"],
        share=row["as_bad_share"],
        low=row["as_bad_share_low"],
        high=row["as_bad_share_high"],
        p=row["p_value"],
    )


def effect(best: dict[str, Any], *, named: bool, holds: bool, days: int) -> Estimate:
    """State the day as a ratio of shares; a day that was sought and does not hold has no interval."""
    shown = named or holds
    return Estimate(
        metric="accounts losing followers over usual",
        value=best["ratio"],
        low=best["low"] if shown else None,
        high=best["high"] if shown else None,
        unit="ratio",
        level=0.95,
        method="Wilson; rank among all days" if named else "Wilson; logistic-normal binomial days; Holm over days",
        p_value=best["p_value"] if named else best["q_value"],
        p_floor=1 / days if named else None,
        sided="greater",
    )


def calibrated(found: Days) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("purge", **descriptors(found))


def descriptors(found: Days) -> dict[str, float | str]:
    """Describe a panel by what decides the test: accounts a day, days, and the spread of their moods."""
    return {"known": float(np.median(found.known)), "days": float(found.day.size), "moods": float(np.exp(found.moods.spread))}


def tables(found: Days, units: list[dict[str, Any]], row: dict[str, Any] | None) -> dict[str, pa.Table]:
    """Make every published table."""
    columns = [
        found.day * DAY_US,
        found.known.astype(np.int64),
        found.losing.astype(np.int64),
        found.losing / found.known,
        found.usual / found.known,
        found.chance,
        found.adjusted,
    ]
    marks = [{"start_us": u["at_us"], "end_us": u["at_us"] + DAY_US, "label": str(u["losing"]), "ratio": u["ratio"]} for u in units]
    return {
        "days": pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, DAYS, strict=True)], schema=DAYS),
        "marked": pa.Table.from_pylist(sorted(marks, key=lambda r: r["start_us"]), MARKED),
        "account": pa.Table.from_pylist([row] if row else [], ACCOUNT),
    }


def figures(made: dict[str, pa.Table], loss: float) -> tuple[Figure, ...]:
    """Describe the charts: the share losing by day, and the account asked for."""
    listed = [
        Figure(
            name="days",
            kind="timeline",
            table="days",
            title=message("purge.figure.days", loss=loss),
            x="start_us",
            y=("losing_share", "usual_share"),
            marks="marked",
            note=message("purge.figure.days_note"),
        )
    ]
    if made["account"].num_rows:
        title = message("purge.figure.account")
        listed.append(Figure(name="account", kind="table", table="account", title=title, y=tuple(ACCOUNT.names)))
    return tuple(listed)


def rivals(changes: Changes, found: Days, at: int) -> tuple[Rival, ...]:
    """Ask what else the day could be: a bad fortnight, longer gaps between readings, a known event."""
    return _spell(found, at), _gaps(changes, int(found.day[at])), _event(changes, found, at)


def _spell(found: Days, at: int) -> Rival:
    """Ratio of losing to usual on the other days of the fortnight to both sides, of the day's own ratio."""
    statement = message("purge.rival.spell")
    far = np.abs(found.day - found.day[at])
    near = (far > 0) & (far <= NEAR)
    usual = float(found.usual[near].sum())
    if near.sum() < 5 or usual <= 0:
        return Rival(name="spell", statement=statement, status="not_tested", missing=message("purge.missing.near"))
    low, high = wilson(float(found.losing[near].sum()), int(found.known[near].sum()))
    share = usual / float(found.known[near].sum())
    ratio, own = float(found.losing[near].sum()) / usual, float(found.losing[at] / max(found.usual[at], 1e-9))
    status = "disfavoured" if high / share < own / 2 else "favoured" if low / share >= own / 2 else "undecided"
    return Rival(name="spell", statement=statement, status=status, statistic=ratio, low=low / share, high=high / share)


def _gaps(changes: Changes, day: int) -> Rival:
    """Share of that day's pairs more than a day apart, over that of the other days."""
    statement = message("purge.rival.gaps")
    here, wide = changes.day == day, changes.apart > 1
    if not wide.any():
        return Rival(name="gaps", statement=statement, status="disfavoured", statistic=0.0)
    low, high = wilson(int((here & wide).sum()), int(here.sum()))
    usual = float(wide[~here].mean())
    status = "favoured" if low > 2 * usual else "disfavoured" if high < 2 * usual else "undecided"
    share = float(wide[here].mean())
    return Rival(name="gaps", statement=statement, status=status, statistic=share, low=low, high=high)


def _event(changes: Changes, found: Days, at: int) -> Rival:
    """Events of the case on the day or the two before; p: the chance of one on days placed at random."""
    statement = message("purge.rival.event")
    if not changes.events_us:
        return Rival(name="event", statement=statement, status="not_tested", missing=message("purge.missing.events"))
    day = int(found.day[at])
    near = [e for e in changes.events_us if day - 2 <= e // DAY_US <= day]
    part = min(3 / (int(found.day[-1] - found.day[0]) + 1), 1.0)
    chance = float(1 - (1 - part) ** len(changes.events_us))
    status = "favoured" if near else "disfavoured"
    return Rival(name="event", statement=statement, status=status, statistic=float(len(near)), p_value=chance)


def notes(found: Days, left_out: int, own: Message | None, explained: tuple[Message, ...]) -> tuple[Message, ...]:
    """Answer for the account asked for, say what flagged accounts can explain, and count the days left out."""
    said = [*([] if own is None else [own]), *explained]
    if left_out:
        said.append(message("purge.note.left_out", n=left_out))
    said.append(message("purge.note.moods", spread=float(np.exp(found.moods.spread))))
    return tuple(said)
