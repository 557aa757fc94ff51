"""What else could keep two sides apart? Languages, countries, the fans of one account, coordinated accounts; and what is not known.

Each rival takes accounts away, or keeps some, and measures again: sides that were sought are sought again in what is left.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.findings import Rival
from agorascope.texts import message

from ._polarisation_estimate import FEWEST, Assessed, Settings, association, hubs, within
from ._polarisation_reduce import Network

Bools = npt.NDArray[np.bool_]
Row = dict[str, Any]

KNOWN_SHARE = 0.5
ALONE_SHARE = 0.95
NO_ASSOCIATION, ASSOCIATION = 0.1, 0.3


def test(network: Network, found: Assessed, asked: Settings, alpha: float) -> tuple[tuple[Rival, ...], list[Row]]:
    """Test every rival; give them, and a row for each measure of what is left."""
    rows = [row("all", "", found)]
    listed = [_hub(network, found, asked, alpha, rows)]
    listed += [_trait(name, network, found, asked, alpha, rows) for name in ("language", "country")]
    listed.append(_coordinated(network, found, asked, alpha, rows))
    stance = message("polarisation.missing.stance")
    listed.append(Rival(name="subject", statement=message("polarisation.rival.subject"), status="not_tested", missing=stance))
    return tuple(listed), rows


def row(kept: str, of: str, one: Assessed) -> Row:
    """Give one row of the table ``without``."""
    return {
        "kept": kept,
        "of": of or None,
        "accounts": one.accounts,
        "ties": one.ties,
        "across_share": one.across,
        "usual_share": one.usual,
        "short_share": one.short,
        "short_share_low": one.low,
        "short_share_high": one.high,
        "p_value": one.p_value,
    }


def _again(name: str, of: str, keep: Bools, network: Network, asked: Settings, rows: list[Row]) -> Assessed | None:
    left = within(network, keep, asked)
    if left is not None:
        rows.append(row(name, of, left))
    return left


def _status(found: Assessed, left: Assessed, alpha: float) -> str:
    """Say whether what was taken away made the division: it must have been there, and be gone."""
    if not found.apart(alpha):
        return "undecided"
    return "disfavoured" if left.apart(alpha) else "favoured"


def _measured(name: str, found: Assessed, left: Assessed | None, alpha: float) -> Rival:
    statement = message(f"polarisation.rival.{name}")
    if left is None:
        missing = message("polarisation.missing.left", least=FEWEST)
        return Rival(name=name, statement=statement, status="not_tested", missing=missing)
    return Rival(
        name=name,
        statement=statement,
        status=_status(found, left, alpha),
        statistic=left.short,
        low=left.low,
        high=left.high,
        p_value=left.p_value,
    )


def _hub(network: Network, found: Assessed, asked: Settings, alpha: float, rows: list[Row]) -> Rival:
    """Take away the account of most ties of each side."""
    keep = np.ones(network.graph.nodes, bool)
    keep[hubs(network.graph, found.division.side)] = False
    return _measured("hub", found, _again("hub", "", keep, network, asked, rows), alpha)


def _coordinated(network: Network, found: Assessed, asked: Settings, alpha: float, rows: list[Row]) -> Rival:
    """Take away the members of coordinated networks; few in the network change nothing, which the row shows."""
    statement = message("polarisation.rival.coordinated")
    if network.coordinated is None:
        missing = message("polarisation.missing.coordination")
        return Rival(name="coordinated", statement=statement, status="not_tested", missing=missing)
    if not network.coordinated.any():
        return Rival(name="coordinated", statement=statement, status="disfavoured", statistic=found.short)
    return _measured("coordinated", found, _again("coordinated", "", ~network.coordinated, network, asked, rows), alpha)


def _trait(name: str, network: Network, found: Assessed, asked: Settings, alpha: float, rows: list[Row]) -> Rival:
    """Compare sides with languages or countries; where they go together, measure again among accounts of the commonest one."""
    statement = message(f"polarisation.rival.{name}")
    value, names = network.traits.get(name, (np.full(network.graph.nodes, -1, np.int64), []))
    known = value >= 0
    if known.mean() < KNOWN_SHARE:
        missing = message(f"polarisation.missing.{name}", share=float(known.mean()))
        return Rival(name=name, statement=statement, status="not_tested", missing=missing)
    commonest = int(np.bincount(value[known]).argmax())
    alone = float((value[known] == commonest).mean())
    together = association(value[known], found.division.side[known])
    if alone >= ALONE_SHARE or together < NO_ASSOCIATION:
        return Rival(name=name, statement=statement, status="disfavoured", statistic=together)
    left = _again(name, names[commonest], value == commonest, network, asked, rows)
    status = "undecided"
    if left is not None and (left.apart(alpha) or together >= ASSOCIATION):
        status = _status(found, left, alpha)
    elif together >= ASSOCIATION and found.apart(alpha):
        status = "favoured"
    return Rival(name=name, statement=statement, status=status, statistic=together, p_value=None if left is None else left.p_value)
