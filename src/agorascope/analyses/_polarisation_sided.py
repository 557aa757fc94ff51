"""Which sides were given, of whom are they known, and may they be a cut of the ties? What is said of sides, in claim and notes."""

from agorascope.divisions import told_aside
from agorascope.stats.division import LARGE
from agorascope.stats.made_sides import Made
from agorascope.texts import Message, message
from agorascope.ties import called

from ._polarisation_estimate import Assessed
from ._polarisation_reduce import FEWEST_SIDE, Network
from ._polarisation_rivals import ALIKE

MANY_SIDELESS = 0.2


def sideless(network: Network) -> Message:
    """Say why there are no two sides: there are no such groups, or most accounts are in several of them."""
    key = "several" if network.several >= FEWEST_SIDE else "sides"
    told = {"n": len(network.names), "several": network.several, "of": network.accounts}
    return message(f"polarisation.claim.{key}", least=FEWEST_SIDE, **told)


def unmet(network: Network) -> Message:
    """Say that the sides do not meet in one piece, so that nothing can be measured: as far apart as can be, or badly collected."""
    without = network.sideless + network.several + network.small
    told = {"name": layer(network), "n": network.graph.nodes, "without": without, "of": network.accounts, "least": FEWEST_SIDE}
    return message(f"polarisation.claim.{network.meeting}", names=network.names, **told)


def clauses(network: Network, cut: Made | None, alpha: float) -> list[Message]:
    """Say beside the claim that such groups may be a cut of the ties, of which variable they are, and how many are left out."""
    said = []
    if cut is not None and not cut.beyond(alpha):
        key = "cut_unsought" if cut.lead is None else "cut_alike" if cut.alike >= ALIKE else "cut"
        said.append(message(f"polarisation.claim.{key}", made=cut.usual, draws=cut.draws, ami=cut.alike))
    if network.side is None:
        return said
    lost, of = _lost(network), network.accounts
    known = {"n": of - lost, "of": of, "share": (of - lost) / of}
    every = "" if lost else "_all"
    if network.variable:
        said.append(message(f"polarisation.claim.variable{every}", variable=network.variable, **known))
    elif network.others:
        said.append(message(f"polarisation.claim.plain{every}", **known))
    elif lost > MANY_SIDELESS * of:
        said.append(message("polarisation.claim.left", n=lost, of=of, share=lost / of, least=FEWEST_SIDE))
    return said


def notes(network: Network, cut: Made | None, found: Assessed, alpha: float) -> list[Message]:
    """Name the variables that were not taken; say how far apart made sides are, and that the groups are nearly such."""
    said = []
    if network.side is not None and network.others:
        said.append(told_aside(network.variable, network.accounts - _lost(network), network.others))
    quick = found.ties > LARGE
    if cut is not None and cut.lead is not None and (quick or cut.beyond(alpha)):  # else the claim says it
        key = "made_one" if quick else "made"
        told = {"made": cut.usual, "across": cut.across, "draws": cut.draws}
        said.append(message(f"polarisation.note.{key}", **told))
    if cut is not None and cut.beyond(alpha):
        said.append(message("polarisation.note.more_than_cut"))
        said += [message("polarisation.note.alike", ami=cut.alike)] if cut.alike >= ALIKE else []
    return said


def left_out(network: Network) -> list[Message]:
    """Say how many accounts with a tie are on no side, and why; nothing where all are on one."""
    lost = _lost(network)
    if not lost or network.side is None:
        return []
    counts = {name: getattr(network, name) for name in ("sideless", "several", "small")}
    parts = [message(f"polarisation.note.left_{name}", n=n, least=FEWEST_SIDE) for name, n in counts.items() if n]
    key = "many_sideless" if lost > MANY_SIDELESS * network.accounts else "sideless"
    return [message(f"polarisation.note.{key}", n=lost, share=lost / network.accounts, parts=parts)]


def layer(network: Network) -> Message:
    return called("polarisation", network.ties.name, act=not network.ties.network)


def _lost(network: Network) -> int:
    """Count the accounts with a tie that are on no side."""
    return network.sideless + network.several + network.small
