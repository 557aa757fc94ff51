"""What does the analysis of polarisation say? Claim, effect, units, tables, figures and notes, from the estimates alone."""

import math
from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Figure
from agorascope.stats.division import CHAMBERS
from agorascope.stats.onemore import FLOOR, extrapolated
from agorascope.stats.polarisation import APART
from agorascope.texts import Message, message
from agorascope.ties import ACTS, called

from ._polarisation_estimate import ADAPTIVE, LEVEL, Assessed, Settings
from ._polarisation_reduce import FEWEST_SIDE, Network

THIN_DEGREE = 3.0
UNSTEADY = 0.8
MANY_SIDELESS = 0.2
MOST_OTHERS = 6
BEYOND = pa.schema([("measure", pa.string()), ("beyond", pa.float64())])
ABOUT = pa.schema([("about", pa.string()), ("value", pa.float64()), ("of_all_share", pa.float64())])
SIDES = pa.schema(
    [
        ("side", pa.string()),
        ("accounts", pa.int64()),
        ("accounts_share", pa.float64()),
        ("mean_degree", pa.float64()),
        ("own_ties", pa.int64()),
        ("across_ties", pa.int64()),
        ("across_share", pa.float64()),
    ]
)
WITHOUT = pa.schema(
    [("kept", pa.string()), ("of", pa.string()), ("accounts", pa.int64()), ("ties", pa.int64())]
    + [(n, pa.float64()) for n in ("across_share", "usual_share", "short_share", "short_share_low", "short_share_high", "p_value")]
)


def claim(network: Network, found: Assessed, how: str | None, *, holds: bool, nulls: int) -> Message:
    """Say the division in one hedged sentence, and that two clusters are not a controversy."""
    return message(
        f"polarisation.claim.{'found' if holds else 'not_found'}_{how or 'given'}",
        sides=found.sides,
        accounts=found.accounts,
        ties=found.ties,
        name=_layer(network),
        across=found.across,
        usual=found.usual,
        nulls=nulls,
        p=found.p_value,
    )


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
        "network": pa.Table.from_pylist(_about(network, found, steady), ABOUT),
        "without": pa.Table.from_pylist(without, WITHOUT),
    }


def _sides(network: Network, found: Assessed) -> list[dict[str, Any]]:
    graph, side = network.graph, found.division.side
    row = np.repeat(side, graph.degree)
    other = row != side[graph.adjacency.indices]
    number = int(side.max()) + 1
    size, ends, across = (np.bincount(a, w, minlength=number) for a, w in ((side, None), (side, graph.degree), (row, other)))
    return [
        {
            "side": network.names[one] if network.names else "rest" if one == CHAMBERS else str(one + 1),
            "accounts": int(size[one]),
            "accounts_share": size[one] / graph.nodes,
            "mean_degree": ends[one] / size[one],
            "own_ties": int(ends[one] - across[one]) // 2,
            "across_ties": int(across[one]),
            "across_share": across[one] / (across[one] + (ends[one] - across[one]) / 2),
        }
        for one in range(number)
        if size[one]
    ]


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
        for n in ("sides", "network", "without")
    )


def notes(network: Network, found: Assessed, asked: Settings, steady: float | None) -> tuple[Message, ...]:
    """Remark on what was chosen and left out, on thin networks, unsteady sides, how weak a search for sides is, walks and p."""
    said = [message("polarisation.note.clusters")]
    if network.ties.others:
        said.append(message("polarisation.note.layer", name=_layer(network), others=_others(network)))
    lost = network.sideless + network.several + network.small
    if lost:
        counts = {name: getattr(network, name) for name in ("sideless", "several", "small")}
        key = "many_sideless" if lost > MANY_SIDELESS * network.accounts else "sideless"
        said.append(message(f"polarisation.note.{key}", n=lost, share=lost / network.accounts, least=FEWEST_SIDE, **counts))
    if network.untied:
        said.append(message("polarisation.note.untied", n=network.untied))
    degree = 2 * found.ties / found.accounts
    said.append(message(f"polarisation.note.{'thin' if degree < THIN_DEGREE else 'degree'}", degree=degree))
    if asked.how:
        said.append(message(f"polarisation.note.{asked.how}"))
    if steady is not None:
        said.append(message(f"polarisation.note.{'unsteady' if steady < UNSTEADY else 'steady'}", ami=steady))
    said.append(message("polarisation.note.walks", walks=_walks(asked)))
    if any(u["measure"] == "rwc" and u["p_value"] == 1.0 and u["z"] is None for u in units(found, asked)):
        said.append(message("polarisation.note.k", k=asked.k))
    if extrapolated(found.p_value, asked.nulls):
        said.append(message("polarisation.note.tail", n=asked.nulls, least=1 / (1 + asked.nulls)))
    return tuple(said)


def _walks(asked: Settings) -> Message:
    """Say to how many accounts of a side random walks go, and given which side: both decide the value of RWC and ARWC."""
    key = f"polarisation.walks.{asked.condition}{'_share' if asked.k < 1 else ''}"
    return message(key, k=asked.k, share=ADAPTIVE)


def _layer(network: Network) -> Message:
    return called("polarisation", network.ties.name, act=not network.ties.network)


def _others(network: Network) -> list[Message]:
    """Name the other ties of the case."""
    return [called("polarisation", name, act=name in ACTS) for name in network.ties.others[:MOST_OTHERS]]
