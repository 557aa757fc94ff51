"""What else could keep sides apart? Languages, countries, one account's fans, coordinated accounts, a cut; and what is not known.

Most rivals take accounts away, or keep some, and measure again: sides that were sought are sought again in what is left. Of groups
that were given nobody knows where they come from: they are compared with sides that a search makes in rewired networks.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.findings import Rival
from agorascope.stats.made_sides import Made, beside_made
from agorascope.texts import message

from ._polarisation_estimate import FEWEST, LEVEL, Assessed, Settings, association, hubs, within, workers
from ._polarisation_reduce import Network

Bools = npt.NDArray[np.bool_]
Row = dict[str, Any]

KNOWN_SHARE = 0.5
ALONE_SHARE = 0.95
NO_ASSOCIATION, ASSOCIATION = 0.1, 0.3
ALIKE = 0.9
"""The adjusted mutual information above which given groups are said to be nearly those that a search makes."""


def made(network: Network, found: Assessed, asked: Settings, alpha: float) -> Made | None:
    """Compare given sides that keep apart with sides that a search makes in rewired networks; None where there are none."""
    if asked.how or not found.apart(alpha):
        return None
    graph = network.graph
    return beside_made(graph, found.division.side, draws=asked.nulls, seed=asked.seed, level=LEVEL, workers=workers(graph))


def test(network: Network, found: Assessed, asked: Settings, alpha: float, cut: Made | None) -> tuple[tuple[Rival, ...], list[Row]]:
    """Test every rival, with what ``made`` gave for ``cut``; give them, and a row for each measure of what is left."""
    rows = [row("all", "", found)]
    listed = [] if asked.how else [_cut(found, cut, alpha, rows)]
    listed += [_hub(network, found, asked, alpha, rows)]
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


def _cut(found: Assessed, cut: Made | None, alpha: float, rows: list[Row]) -> Rival:
    """Say whether the groups may be a cut of these very ties: they keep apart no more than one does where there are no camps.

    That they are nearly a cut of these ties besides favours it; that alone does not, since camps far apart are what a search finds.
    """
    statement = message("polarisation.rival.cut")
    if cut is None:
        return Rival(name="cut", statement=statement, status="undecided")
    numbers = {"across_share": cut.across, "usual_share": cut.usual, "short_share": cut.short, "p_value": cut.p_value}
    rows.append(row("made", "", found) | numbers | {"short_share_low": cut.low, "short_share_high": cut.high})
    status = "disfavoured" if cut.beyond(alpha) else "favoured" if cut.alike >= ALIKE else "undecided"
    return Rival(
        name="cut",
        statement=statement,
        status=status,
        statistic=cut.short,
        low=cut.low,
        high=cut.high,
        p_value=cut.p_value,
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
