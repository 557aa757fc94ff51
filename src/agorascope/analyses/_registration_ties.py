"""Do the accounts of a burst, or of the group, share registration records with one another more than others do?

One row is a group of accounts and a kind of record. Numbers are of groups: no account is listed.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.findings import Figure
from agorascope.stats.families import holm
from agorascope.stats.shares import wilson
from agorascope.stats.ties import dealt, share, tied
from agorascope.texts import Message, catalogue, message

from ._registration_reduce import DAY_US, Dated, Records

Mask = npt.NDArray[np.bool_]

FEWEST = 10
SHOWN_FROM = 5
MOST_RECORDS = 10
MOST_SAID = 3
SIDES = ("known", "share", "share_low", "share_high")
TIES = pa.schema(
    [("of", pa.string()), ("start_us", pa.int64()), ("kind", pa.string()), ("tied", pa.int64())]
    + [(f"own_{n}", pa.int64() if n == "known" else pa.float64()) for n in SIDES]
    + [("rest_tied", pa.int64())]
    + [(f"rest_{n}", pa.int64() if n == "known" else pa.float64()) for n in SIDES]
    + [(n, pa.float64()) for n in ("chance_share", "chance_share_low", "chance_share_high", "p_value", "q_value")]
)
RECORDS = pa.schema(
    [("of", pa.string()), ("start_us", pa.int64()), ("kind", pa.string()), ("record", pa.string())]
    + [(n, pa.int64()) for n in ("holders", "rest_holders")]
    + [(n, pa.float64()) for n in ("rest_share", "rest_share_low", "rest_share_high")]
)


class Asked(NamedTuple):
    """Name a group of accounts and those it is compared with: a burst by its first day, or the group the user gave."""

    of: str
    start_us: int | None
    inside: Mask
    rest: Mask


def asked(dated: Dated, units: list[dict[str, Any]], scanned: Mask) -> list[Asked]:
    """List the bursts, each against the other dated accounts, and the group against all other accounts."""
    known, listed = scanned & np.isfinite(dated.day), []
    for unit in units:
        inside = known & (dated.day >= unit["start_us"] // DAY_US) & (dated.day < unit["end_us"] // DAY_US)
        listed.append(Asked("burst", unit["start_us"], inside, known & ~inside))
    if dated.group is not None:
        listed.append(Asked("group", None, dated.group, ~dated.group))
    return listed


def compare(records: Records, groups: list[Asked], *, draws: int, seed: int) -> list[dict[str, Any]]:
    """Compare every group for every kind of record that one of its accounts has; p-values adjusted over all of them."""
    rows: list[dict[str, Any]] = []
    for group in groups:
        for kind in sorted(set(records.kinds[group.inside[records.account]].tolist())):
            rng = np.random.default_rng((seed, len(rows), 1))
            rows.append({"of": group.of, "start_us": group.start_us, "kind": kind} | _compared(records, group, kind, draws, rng))
    tested = [row for row in rows if row["p_value"] is not None]
    for row, q_value in zip(tested, holm([row["p_value"] for row in tested]), strict=True):
        row["q_value"] = q_value
    return rows


def _compared(records: Records, group: Asked, kind: str, draws: int, rng: np.random.Generator) -> dict[str, Any]:
    """Give both shares, and the chance of as many tied when records are dealt anew; none where fewer than 10 accounts have any."""
    here = (records.kinds == kind) & (group.inside | group.rest)[records.account]
    account, record = records.account[here], records.record[here]
    row: dict[str, Any] = dict.fromkeys(("chance_share", "chance_share_low", "chance_share_high", "p_value", "q_value"))
    known = {}
    for side, name, chosen in (("own", "tied", group.inside), ("rest", "rest_tied", group.rest)):
        found = share(account, record, chosen)
        enough, known[side] = found.known >= FEWEST, found.known
        values = (found.tied / found.known, found.low, found.high) if enough else (None, None, None)
        row |= {name: found.tied} | dict(zip((f"{side}_{n}" for n in SIDES), (found.known, *values), strict=True))
    if min(known.values()) >= FEWEST:
        seen = int(tied(account, record, group.inside).sum())
        drawn = dealt(account, record, group.inside, draws=draws, rng=rng)
        shares = drawn / known["own"]
        row["chance_share"] = float(shares.mean())
        row["chance_share_low"], row["chance_share_high"] = np.quantile(shares, [0.025, 0.975]).tolist()
        row["p_value"] = (1 + int((drawn >= seen).sum())) / (1 + draws)
    return row


def largest(records: Records, groups: list[Asked]) -> list[dict[str, Any]]:
    """List the records most accounts of a group share; a value is told from five accounts of it on."""
    rows = []
    for group in groups:
        held = np.bincount(records.record[group.inside[records.account]], minlength=len(records.values))
        others = np.bincount(records.record[group.rest[records.account]], minlength=len(records.values))
        kind_of = dict(zip(records.record.tolist(), records.kinds.tolist(), strict=True))
        shared = np.flatnonzero(held >= 2).tolist()
        for one in sorted(shared, key=lambda r: (-held[r], others[r], kind_of[r], records.values[r]))[:MOST_RECORDS]:
            rest = np.unique(records.account[(records.kinds == kind_of[one]) & group.rest[records.account]]).size
            low, high = wilson(float(others[one]), rest) if rest >= FEWEST else (None, None)
            rows.append(
                {"of": group.of, "start_us": group.start_us, "kind": kind_of[one], "holders": int(held[one])}
                | {"record": records.values[one] if held[one] >= SHOWN_FROM else None, "rest_holders": int(others[one])}
                | {"rest_share": others[one] / rest if rest >= FEWEST else None, "rest_share_low": low, "rest_share_high": high}
            )
    return rows


def tables(rows: list[dict[str, Any]], shared: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """Make the two tables of a case that has registration records."""
    return {"ties": pa.Table.from_pylist(rows, TIES), "records": pa.Table.from_pylist(shared, RECORDS)}


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe both tables where they have rows."""
    return tuple(
        Figure(name=n, kind="table", table=n, title=message(f"registration.figure.{n}"), y=tuple(made[n].column_names))
        for n in ("ties", "records")
        if n in made and made[n].num_rows
    )


def notes(records: Records, groups: list[Asked], rows: list[dict[str, Any]], alpha: float) -> tuple[Message, ...]:
    """Say which kinds of records tie the accounts of a group, or that none does, and what that can mean."""
    said = []
    holding = sorted(
        (r for r in rows if r["q_value"] is not None and r["q_value"] <= alpha), key=lambda r: (r["q_value"], -r["tied"])
    )
    for row in holding[:MOST_SAID]:
        told = {name: row[name] for name in ("tied", "own_known", "own_share", "own_share_low", "own_share_high")}
        told |= {"rest": row["rest_share"], "chance": row["chance_share"], "p": row["q_value"], "n": row["rest_known"]}
        said.append(message(f"registration.ties.{row['of']}", **told, start=row["start_us"] or 0, kind=_kind(row["kind"])))
    if holding:
        said.append(message("registration.ties.meaning"))
    elif not groups:
        said.append(message("registration.ties.nobody", n=int(np.unique(records.account).size)))
    elif any(row["p_value"] is not None for row in rows):
        said.append(message("registration.ties.none", p=min(row["q_value"] for row in rows if row["q_value"] is not None)))
    else:
        said.append(message("registration.ties.few", least=FEWEST))
    if records.unknown:
        said.append(message("registration.ties.unknown", n=records.unknown))
    return tuple(said)


def _kind(kind: str) -> Message:
    name = f"registration.values.kind.{kind}"
    return message(name) if name in catalogue("en") else message("registration.ties.kind", name=kind or "–")
