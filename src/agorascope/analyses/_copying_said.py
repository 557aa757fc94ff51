"""What does the analysis of copied texts say? Claim, effect, tables, figures, notes and evidence, from the estimates alone."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import EVIDENCE_CAP, Calibration, Estimate, Evidence, Figure, post_evidence
from agorascope.texts import Message, message

from ._copying_estimate import EDGES, OF_REPEATED, OF_SOURCE, Answer
from ._copying_names import RENAMED, Names
from ._copying_reduce import MONDAY_US, MOST_ACCOUNTS, WEEK_US, Written

Ints = npt.NDArray[np.int64]

DELAYS_S = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000, "later": 2**62}
MOST_TEXTS = 50
EXCERPT = 200
COLUMNS = ("post_id", "platform", "account_id", "created_at_us", "permalink", "text")
REPEATS = pa.schema(
    [("at_least", pa.string()), ("side", pa.string()), ("number", pa.float64()), ("low", pa.float64()), ("high", pa.float64())]
)
OVER_TIME = pa.schema([("start_us", pa.int64()), ("texts", pa.int64()), ("lifts", pa.int64())])
DELAYS = pa.schema([("delay", pa.string()), ("lifts", pa.int64()), ("exact", pa.int64())])
TEXTS = pa.schema(
    [
        ("first_us", pa.int64()),
        ("text", pa.string()),
        ("lifts", pa.int64()),
        ("exact_share", pa.float64()),
        ("delay_s", pa.float64()),
        ("delay_longest_s", pa.float64()),
    ]
)
ASIDE = pa.schema([("aside", pa.string()), ("texts", pa.int64())])


def units(written: Written, answer: Answer) -> tuple[dict[str, Any], ...]:
    """Describe the tests, the one that decides first: of the accounts asked about, else of the whole corpus and of one source."""
    if (of := answer.against) is not None:
        asked = {
            "scope": "asked",
            "number": of.members,
            "others": of.others,
            "lifts": int(answer.chosen.sum()),
            "lifted_share": of.share,
            "expected_share": of.expected,
            "p_value": of.p_value,
        }
        return (asked,)
    r = answer.repeated
    every = {
        "scope": "all",
        "number": len(written.accounts),
        "texts": int(answer.texts.sum()),
        "lifts": int(written.found.copy.size),
        "lifters": int(r.observed[1 + EDGES.index(1)]),
        "repeated": int(r.observed[0]),
        "expected": float(r.mean[0]),
        "expected_low": float(r.low[0]),
        "expected_high": float(r.high[0]),
        "p_value": answer.p_repeated,
    }
    if (d := answer.drawn) is None:
        return (every,)
    source = {
        "scope": "source",
        "number": d.accounts,
        "lifts": int(d.lifts.sum()),
        "expected": d.mean,
        "expected_low": d.low,
        "expected_high": d.high,
        "p_value": answer.p_source,
    }
    return (source, every) if answer.by_source else (every, source)


def claim(row: dict[str, Any], verdict: str, least: int) -> Message:
    """Say the answer in one hedged sentence."""
    said = {k: v for k, v in row.items() if k not in ("scope", "p_value")}
    if verdict == "insufficient":
        return message("copying.claim.persons", least=least, n=row["repeated"])
    return message(f"copying.claim.{verdict}_{row['scope']}", p=row["p_value"], **said)


def effect(answer: Answer, draws: int) -> Estimate:
    """State accounts beyond chance, those on one source beyond its activity, or the difference of shares."""
    if (of := answer.against) is not None:
        return Estimate(
            metric="share of texts another wrote first, beyond accounts alike",
            value=of.difference,
            low=of.low,
            high=of.high,
            unit="share",
            level=0.95,
            method="accounts drawn within language and activity; Student's interval, accounts as clusters",
            p_value=of.p_value,
            p_floor=1 / (draws + 1),
            sided="greater",
        )
    if (d := answer.drawn) is not None and answer.by_source:
        return Estimate(
            metric="accounts that draw on one source, beyond its activity",
            value=d.accounts - d.mean,
            low=d.accounts - d.high,
            high=d.accounts - d.low,
            unit="accounts",
            level=0.95,
            method="sources dealt anew within language and week",
            p_value=answer.p_source,
            p_floor=min(1 / (draws + 1) / OF_SOURCE, 1.0),
            sided="greater",
        )
    r = answer.repeated
    return Estimate(
        metric="accounts that lift repeatedly, beyond chance",
        value=float(r.observed[0] - r.mean[0]),
        low=float(r.observed[0] - r.high[0]),
        high=float(r.observed[0] - r.low[0]),
        unit="accounts",
        level=0.95,
        method="authors dealt anew within language and week",
        p_value=answer.p_repeated,
        p_floor=1 / (draws + 1) / OF_REPEATED,
        sided="greater",
    )


def calibrated(written: Written, answer: Answer) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("copying", **descriptors(written, answer))


def descriptors(written: Written, answer: Answer) -> dict[str, float | str]:
    """Describe a corpus by what decides the test: its texts, its accounts (or those asked about), and how many are lifts."""
    of = answer.against
    return {
        "of": "all" if of is None else "asked",
        "texts": float(answer.texts.sum()),
        "accounts": float(len(written.accounts) if of is None else of.members),
        "lifts": float(max(written.found.copy.size, 1)),
    }


def tables(written: Written, answer: Answer, names: Names) -> dict[str, pa.Table]:
    """Make every published table: counts of accounts and texts; accounts are named only where they changed their handle."""
    return {
        "repeats": _repeats(answer),
        "over_time": _over_time(written),
        "delays": _delays(written),
        "texts": _texts(written),
        "aside": pa.Table.from_pylist([{"aside": k, "texts": v} for k, v in aside(written).items()], ASIDE),
        "renamed": names.table,
    }


def aside(written: Written) -> dict[str, int]:
    """Count what was left aside, and why."""
    return {
        "short": written.short,
        "elsewhere": written.elsewhere,
        "everybody": written.everybody,
        "with_link": written.with_link,
        "credited": written.found.credited,
        "tied": written.found.tied,
    }


def _repeats(answer: Answer) -> pa.Table:
    r = answer.repeated
    rows: list[dict[str, Any]] = []
    if (d := answer.drawn) is not None:
        rows.append({"at_least": "source", "side": "observed", "number": float(d.accounts)})
        rows.append({"at_least": "source", "side": "chance", "number": d.mean, "low": d.low, "high": d.high})
    for i, edge in enumerate(("repeatedly", *map(str, EDGES))):
        rows.append({"at_least": edge, "side": "observed", "number": float(r.observed[i])})
        mean, low, high = float(r.mean[i]), float(r.low[i]), float(r.high[i])
        rows.append({"at_least": edge, "side": "chance", "number": mean, "low": low, "high": high})
    return pa.Table.from_pylist(rows, REPEATS)


def _over_time(written: Written) -> pa.Table:
    week = (written.at_us - MONDAY_US) // WEEK_US
    first = int(week.min())
    span = np.arange(int(week.max()) - first + 1)
    columns = (
        (first + span) * WEEK_US + MONDAY_US,
        np.bincount(week[written.found.own] - first, minlength=span.size),
        np.bincount(week[written.found.copy] - first, minlength=span.size),
    )
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, OVER_TIME, strict=True)], schema=OVER_TIME)


def _delay_s(written: Written) -> npt.NDArray[np.float64]:
    return np.asarray((written.at_us[written.found.copy] - written.at_us[written.found.first]) / 1e6)


def _delays(written: Written) -> pa.Table:
    place = np.searchsorted(list(DELAYS_S.values()), _delay_s(written), side="left")
    total = np.bincount(place, minlength=len(DELAYS_S))
    exact = np.bincount(place, written.exact, minlength=len(DELAYS_S)).astype(np.int64)
    return pa.table([pa.array(list(DELAYS_S)), pa.array(total), pa.array(exact)], schema=DELAYS)


def _texts(written: Written) -> pa.Table:
    """List the texts lifted most, by whom they were written left out."""
    delay = _delay_s(written)
    firsts, at, number = np.unique(written.found.first, return_inverse=True, return_counts=True)
    rows = []
    for k in np.lexsort((firsts, -number))[:MOST_TEXTS].tolist():
        mine = np.flatnonzero(at == k)
        row = written.rows.slice(int(firsts[k]), 1)
        rows.append(
            {
                "first_us": int(written.at_us[firsts[k]]),
                "text": row["text"][0].as_py()[:EXCERPT],
                "lifts": int(number[k]),
                "exact_share": float(written.exact[mine].mean()),
                "delay_s": float(np.median(delay[mine])),
                "delay_longest_s": float(delay[mine].max()),
            }
        )
    return pa.Table.from_pylist(rows, TEXTS)


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts: repeats against chance, over time, delays, texts, what was left aside, renamings."""
    of = "copying.figure."
    listed = [
        Figure(
            name="repeats",
            kind="bars",
            table="repeats",
            title=message(of + "repeats"),
            x="at_least",
            y=("number",),
            series="side",
            band=("low", "high"),
            note=message(of + "repeats_note"),
        ),
        Figure(name="over_time", kind="timeline", table="over_time", title=message(of + "over_time"), x="start_us", y=("lifts",)),
        Figure(
            name="delays", kind="bars", table="delays", title=message(of + "delays"), x="delay", y=("lifts",),
            note=message(of + "delays_note"),
        ),
        Figure(name="texts", kind="table", table="texts", title=message(of + "texts"), y=tuple(TEXTS.names)),
        Figure(name="aside", kind="table", table="aside", title=message(of + "aside"), y=tuple(ASIDE.names)),
    ]  # fmt: skip
    if made["renamed"].num_rows:
        title, note = message(of + "renamed"), message(of + "renamed_note")
        listed.append(Figure(name="renamed", kind="table", table="renamed", title=title, note=note, y=tuple(RENAMED.names)))
    kept = [f for f in listed if made[f.table].num_rows]
    return tuple(kept)


def notes(written: Written, names: Names, *, left_out: int, fewer: int) -> tuple[Message, ...]:
    """Remark on what was left aside, on deals spared, and on what the corpus can say of renamings."""
    said = []
    if fewer:
        said.append(message("copying.note.draws", n=fewer))
    if left_out:
        said.append(message("copying.note.unmatched", n=left_out))
    if written.elsewhere:
        said.append(message("copying.note.elsewhere", n=written.elsewhere))
    if written.everybody:
        said.append(message("copying.note.everybody", n=written.everybody, most=MOST_ACCOUNTS))
    if written.with_link:
        said.append(message("copying.note.with_link", n=written.with_link))
    if written.found.tied:
        said.append(message("copying.note.tied", n=written.found.tied))
    if names.renamed:
        said.append(message("copying.note.renamed", n=names.renamed, shown=names.shown))
    else:
        said.append(message(f"copying.note.renamed_none_{names.shows}"))
    return tuple(said)


def evidence(written: Written, answer: Answer) -> tuple[tuple[Evidence, ...], int, str]:
    """Name the copies of those the answer speaks of, each after the text it repeats: texts lifted most by them first."""
    copy, first = written.found.copy[answer.chosen], written.found.first[answer.chosen]
    firsts, at, number = np.unique(first, return_inverse=True, return_counts=True)
    total = int(copy.size + firsts.size)
    records: list[Evidence] = []
    for k in np.lexsort((firsts, -number)).tolist():
        if len(records) >= EVIDENCE_CAP - 1:
            break
        mine = copy[at == k]
        shown = [("first", int(firsts[k])), *(("copy", i) for i in mine[np.argsort(written.at_us[mine], kind="stable")].tolist())]
        for role, i in shown[: EVIDENCE_CAP - len(records)]:
            row = {name: written.rows[name][i].as_py() for name in COLUMNS}
            records.append(post_evidence(row, message(f"copying.role.{role}")))
    listed = ", ".join("'" + e.id.replace("'", "''") + "'" for e in records)
    query = f"SELECT * FROM posts WHERE post_id IN ({listed}) ORDER BY created_at_us NULLS FIRST" if records else ""
    return tuple(records), total, query
