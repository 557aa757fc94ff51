"""What does the analysis of polarisation say? Claim, effect, units, tables, figures and notes, from the estimates alone."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.calibration import load, nearest
from agorascope.findings import Calibration, Estimate, Figure
from agorascope.stats.division import CHAMBERS
from agorascope.stats.families import holm
from agorascope.stats.made_sides import Made
from agorascope.stats.onemore import FLOOR, extrapolated, tail
from agorascope.stats.polarisation import APART
from agorascope.stats.polarisation_null import crossing
from agorascope.texts import Message, message
from agorascope.ties import ACTS, called

from . import _polarisation_sided
from ._polarisation_estimate import ADAPTIVE, LEVEL, Assessed, Settings
from ._polarisation_reduce import FEWEST_SIDE, Network

Floats = npt.NDArray[np.float64]

THIN_DEGREE = 3.0
UNSTEADY = 0.8
MANY_OUTSIDE = 0.05
MOST_OTHERS = 6
MOST_PAIRED = 12
COUNTED_AT = 0.05
DIFFERS = {"given": 0.054, "bisection": 0.058, "communities": 0.092}
"""Share of networks without sides whose p of all measures is 0.05 or less: the worst of four degrees, by the way to sides.

Counted by ``benchmarks/calibrate_polarisation_p.py``, 500 worlds each: the table of docs/analyses/polarisation.md.
"""
BEYOND = pa.schema([("measure", pa.string()), ("beyond", pa.float64())])
ABOUT = pa.schema([("about", pa.string()), ("value", pa.float64()), ("of_all_share", pa.float64())])
SIDES = pa.schema(
    [("side", pa.string()), ("accounts", pa.int64()), ("accounts_share", pa.float64()), ("mean_degree", pa.float64())]
    + [(name, pa.int64()) for name in ("own_ties", "across_ties")]
    + [(name, pa.float64()) for name in ("across_share", "usual_share", "p_value", "q_value")]
)
PAIRS = pa.schema(
    [("side", pa.string()), ("other", pa.string()), ("ties", pa.int64())]
    + [(name, pa.float64()) for name in ("usual_ties", "p_value", "q_value")]
)
WITHOUT = pa.schema(
    [("kept", pa.string()), ("of", pa.string()), ("accounts", pa.int64()), ("ties", pa.int64())]
    + [(n, pa.float64()) for n in ("across_share", "usual_share", "short_share", "short_share_low", "short_share_high", "p_value")]
)


def claim(
    network: Network, found: Assessed, asked: Settings, steady: float | None, cut: Made | None, *, holds: bool, alpha: float
) -> Message:
    """Say the division in one hedged sentence, that two clusters are not a controversy, and what must stand beside it.

    Of three sides or more one may keep apart and the others not: the one most apart is named, and pairs that are not shown to.
    """
    how = asked.how
    rows = [row for row in _sides(network, found) if row["q_value"] is not None]
    among = holds and how is None and len(rows) > 2
    most = min(rows, key=lambda row: row["across_share"] - row["usual_share"]) if among else {}
    verdict = "found" if holds else "differs" if found.differs(alpha) else "short" if found.low > 0 else "not_found"
    close = [row for row in pairs(network, found) if row["q_value"] > alpha] if among else []
    each = "among" if close or any(row["q_value"] > alpha for row in rows) else "each"
    said = message(
        f"polarisation.claim.{verdict}_{each if among else how or 'given'}",
        most=most.get("side"),
        own=most.get("across_share"),
        own_usual=most.get("usual_share"),
        sides=found.sides,
        accounts=found.accounts,
        ties=found.ties,
        name=_polarisation_sided.layer(network),
        across=found.across,
        usual=found.usual,
        nulls=asked.nulls,
        p=found.p_value,
        measures=_beyond(found, alpha),
        **({"rare": _rare(found.p_value, how or "given", alpha)} if verdict == "differs" else {}),
    )
    more = _polarisation_sided.clauses(network, cut, alpha)
    if close:
        told = [message("polarisation.claim.pair", one=row["side"], other=row["other"]) for row in close[:MOST_OTHERS]]
        more.append(message("polarisation.claim.close", pairs=told))
    if holds and steady is not None and steady < UNSTEADY:
        more.append(message("polarisation.claim.unsteady", ami=steady))
    if network.several_ties > _polarisation_sided.MANY_SIDELESS * (every := network.several_ties + found.ties):
        more.append(message("polarisation.claim.lost_ties", n=network.several, ties=network.several_ties, all=every))
    if network.lost or network.outside > _polarisation_sided.MANY_SIDELESS * network.accounts:
        more.append(_outside(network))
    for one in more:
        said = message("polarisation.claim.more", claim=said, more=one)
    return said


def _rare(p_value: float, how: str, alpha: float) -> Message:
    """Say how rare it is that measures differ, with the rate counted where it was: at 5 %, by the way to sides."""
    if alpha != COUNTED_AT:
        return message("polarisation.claim.rare", p=p_value)
    return message("polarisation.claim.rare_counted", p=p_value, rate=DIFFERS[how])


def _beyond(found: Assessed, alpha: float) -> list[str]:
    """Name the measures that lie beyond chance one by one, else the one that lies furthest."""
    least = min(found.division.measures, key=lambda one: one.p_value)
    names = [one.measure for one in found.division.measures if one.p_value <= alpha or one is least]
    return [f"polarisation.values.measure.{name}" for name in names]


def effect(found: Assessed) -> Estimate:
    """State how many fewer ties join different sides than in rewired networks, as a share of all ties."""
    return Estimate(
        metric="ties across, short of rewired networks",
        value=found.short,
        low=found.low,
        high=found.high,
        unit="share",
        level=LEVEL,
        method="rewired networks of the same degrees; Student's t for one more draw; p of eight measures together",
        p_value=found.p_value,
        p_floor=FLOOR,
        sided="greater",
    )


def units(found: Assessed, asked: Settings) -> list[dict[str, Any]]:
    """Give one row per measure; what is not defined is null. ``k`` and ``condition`` say how random walks were measured."""
    names = ("measure", "raw", "null_mean", "null_sd", "normalised", "z", "p_value")
    rows = []
    for one in found.division.measures:
        values = {name: getattr(one, name) for name in names}
        row = {n: None if isinstance(v, float) and not math.isfinite(v) else v for n, v in values.items()}
        k = {"rwc": asked.k, "arwc": ADAPTIVE}.get(one.measure)
        rows.append(row | {"k": k, "condition": None if k is None else asked.condition})
    return rows


def calibrated(found: Assessed, how: str | None) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("polarisation", **descriptors(found, how))


def descriptors(found: Assessed, how: str | None) -> dict[str, float | str]:
    """Describe a network by what decides the test: how sides come about, mean degree, accounts."""
    return {"sides": how or "given", "mean_degree": 2 * found.ties / found.accounts, "accounts": float(found.accounts)}


def tables(network: Network, found: Assessed, steady: float | None, without: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """Make every published table: sides and numbers, never a list of accounts."""
    beyond = [
        {"measure": one.measure, "beyond": APART[one.measure] * one.z} for one in found.division.measures if math.isfinite(one.z)
    ]
    return {
        "beyond": pa.Table.from_pylist(beyond, BEYOND),
        "sides": pa.Table.from_pylist(_sides(network, found), SIDES),
        "pairs": pa.Table.from_pylist(pairs(network, found), PAIRS),
        "network": pa.Table.from_pylist(_about(network, found, steady), ABOUT),
        "without": pa.Table.from_pylist(without, WITHOUT),
    }


def _sides(network: Network, found: Assessed) -> list[dict[str, Any]]:
    graph, side = network.graph, found.division.side
    row = np.repeat(side, graph.degree)
    other = row != side[graph.adjacency.indices]
    number = int(side.max()) + 1
    size, ends, across = (np.bincount(a, w, minlength=number) for a, w in ((side, None), (side, graph.degree), (row, other)))
    drawn = crossing(found.division.ends)
    told = {one: _beside(drawn[:, one]) for one in range(drawn.shape[1]) if size[one]}
    adjusted = dict(zip(told, holm([p for _, p in told.values()]), strict=True))
    return [
        {
            "side": network.names[one] if network.names else "rest" if one == CHAMBERS else str(one + 1),
            "accounts": int(size[one]),
            "accounts_share": size[one] / graph.nodes,
            "mean_degree": ends[one] / size[one],
            "own_ties": int(ends[one] - across[one]) // 2,
            "across_ties": int(across[one]),
            "across_share": across[one] / (across[one] + (ends[one] - across[one]) / 2),
            "usual_share": told[one][0] if one in told else None,
            "p_value": told[one][1] if one in told else None,
            "q_value": adjusted.get(one),
        }
        for one in range(number)
        if size[one]
    ]


def pairs(network: Network, found: Assessed) -> list[dict[str, Any]]:
    """Give the ties between every two sides that were given, three to ``MOST_PAIRED`` of them, beside those of rewired networks."""
    ends = found.division.ends
    here = np.flatnonzero(np.bincount(found.division.side))
    if not ends.shape[1] or not 3 <= here.size <= MOST_PAIRED:
        return []
    both = [(a, b) for a in here.tolist() for b in here.tolist() if a < b]
    told = [_beside(ends[:, a, b].astype(np.float64)) for a, b in both]
    adjusted = holm([p for _, p in told])
    return [
        {"side": network.names[a], "other": network.names[b], "ties": int(ends[0, a, b]), "usual_ties": usual}
        | {"p_value": p, "q_value": q}
        for (a, b), (usual, p), q in zip(both, told, adjusted, strict=True)
    ]


def _beside(values: Floats) -> tuple[float, float]:
    """Put the first of values (1 + draws,) beside the others: their mean, and the chance of one as low, one-sided."""
    drawn = values[1:][np.isfinite(values[1:])]
    if drawn.size < 2 or not math.isfinite(values[0]):
        return math.nan, 1.0
    return float(drawn.mean()), tail(-float(values[0]), -drawn)


def _about(network: Network, found: Assessed, steady: float | None) -> list[dict[str, Any]]:
    counts = {name: getattr(network, name) for name in ("accounts", "untied", "sideless", "several", "small", "outside")}
    rows: list[dict[str, Any]] = [
        {"about": name, "value": float(n), "of_all_share": None if name in ("accounts", "untied") else n / max(network.accounts, 1)}
        for name, n in counts.items()
        if name in ("accounts", "untied", "outside") or network.side is not None
    ]
    rows.append({"about": "measured", "value": float(found.accounts), "of_all_share": found.accounts / max(network.accounts, 1)})
    rows.append({"about": "ties", "value": float(found.ties)})
    rows.append({"about": "mean_degree", "value": 2 * found.ties / found.accounts})
    if steady is not None:
        rows.append({"about": "stability", "value": steady})
    return rows


def figures(made: dict[str, pa.Table], asked: Settings) -> tuple[Figure, ...]:
    """Describe the chart of the measures, with what random walks were measured with, and the tables."""
    title, note = message("polarisation.figure.beyond"), message("polarisation.figure.beyond_note", walks=_walks(asked))
    bars = (Figure(name="beyond", kind="bars", table="beyond", title=title, x="measure", y=("beyond",), note=note),)
    return (bars if made["beyond"].num_rows else ()) + tuple(
        Figure(name=n, kind="table", table=n, title=message(f"polarisation.figure.{n}"), y=tuple(made[n].column_names))
        for n in ("sides", "pairs", "network", "without")
        if made[n].num_rows
    )


def notes(
    network: Network, found: Assessed, asked: Settings, steady: float | None, cut: Made | None, alpha: float
) -> tuple[Message, ...]:
    """Remark on what was chosen and left out, on thin networks, unsteady sides, how weak a search for sides is, walks and p."""
    said = [message("polarisation.note.clusters"), *_polarisation_sided.notes(network, cut, found, alpha)]
    if found.differs(alpha) and not found.apart(alpha):
        said.append(message("polarisation.note.differs", measures=_beyond(found, alpha)))
    if network.ties.others:
        said.append(message("polarisation.note.layer", name=_polarisation_sided.layer(network), others=_others(network)))
    said += _polarisation_sided.left_out(network)
    if network.several_ties:
        both = [message("polarisation.note.shared", one=a, other=b, n=n) for a, b, n in network.shared[:MOST_OTHERS]]
        told = {"n": network.several, "ties": network.several_ties, "kept": found.ties, "pairs": both}
        said.append(message("polarisation.note.several", **told))
    if network.unused:
        key = "unused_several" if network.several >= FEWEST_SIDE else "unused"
        said.append(message(f"polarisation.note.{key}", n=network.unused, several=network.several, least=FEWEST_SIDE))
    if network.lost or network.outside > MANY_OUTSIDE * network.accounts:
        said.append(_outside(network))
    if network.untied:
        said.append(message("polarisation.note.untied", n=network.untied))
    degree = 2 * found.ties / found.accounts
    said.append(message(f"polarisation.note.{'thin' if degree < THIN_DEGREE else 'degree'}", degree=degree))
    if asked.how:
        counted = _counted() if asked.how == "bisection" else {"rate": DIFFERS[asked.how]}
        said.append(message(f"polarisation.note.{asked.how}", **counted))
    if steady is not None:
        said.append(message(f"polarisation.note.{'unsteady' if steady < UNSTEADY else 'steady'}", ami=steady))
    said.append(message("polarisation.note.walks", walks=_walks(asked)))
    if any(u["measure"] == "rwc" and u["p_value"] == 1.0 and u["z"] is None for u in units(found, asked)):
        said.append(message("polarisation.note.k", k=asked.k))
    if extrapolated(found.p_value, asked.nulls):
        said.append(message("polarisation.note.tail", n=asked.nulls, least=1 / (1 + asked.nulls)))
    return tuple(said)


def _outside(network: Network) -> Message:
    """Say how many lie outside of the piece measured, and which sides do."""
    told = {"n": network.outside, "share": network.outside / network.accounts}
    if not network.lost:
        return message("polarisation.note.outside", **told)
    lost = [message("polarisation.note.lost", name=name, n=n, of=of) for name, n, of in network.lost[:MOST_OTHERS]]
    return message("polarisation.note.outside_sides", sides=lost, **told)


def _walks(asked: Settings) -> Message:
    """Say to how many accounts of a side random walks go, and given which side: both decide the value of RWC and ARWC."""
    key = f"polarisation.walks.{asked.condition}{'_share' if asked.k < 1 else ''}"
    return message(key, k=asked.k, share=ADAPTIVE)


def _counted() -> dict[str, int]:
    """Give in how many worlds with a mean of 8 ties a bisection found the camps planted."""
    cell = next(c for c in load("polarisation")["cells"] if c["cell"] == "bisection-degree8")
    return {"found": round(cell["power"] * cell["power_worlds"]), "worlds": cell["power_worlds"]}


def _others(network: Network) -> list[Message]:
    """Name the other ties of the case."""
    return [called("polarisation", name, act=name in ACTS) for name in network.ties.others[:MOST_OTHERS]]
