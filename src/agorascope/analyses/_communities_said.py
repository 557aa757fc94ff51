"""What is said of the communities? Claim, effect and notes, from what was computed."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate
from agorascope.stats.agreement import adjusted_mutual_information
from agorascope.stats.onemore import FLOOR
from agorascope.stats.plateaus import Cut, effort
from agorascope.tags import written
from agorascope.texts import Message, catalogue, message

from ._communities_network import PIECE, PIECE_SHARE, Network, Tested
from ._communities_parts import APART, MOST, SMALL, Parts
from ._communities_reduce import Gathered
from ._communities_trend import FIRST, Trend

if TYPE_CHECKING:
    from .communities import Left

Ints = npt.NDArray[np.int64]

FULL = "Leiden; random networks in which every account keeps its number of ties, cut alike; p extrapolated from these by t"
ROUGH = (
    "Leiden, one iteration; random networks in which every account keeps its number of ties, cut alike; "
    "p extrapolated from these by t"
)
AGREED = 0.8
GONE = 0.5


def compared(left: "Left", made: Network, found: Cut, accounts: int, least: int) -> list[dict[str, Any]]:
    """Compare the cut without the accounts left out with that of all; agreement over the accounts in both."""
    mine, theirs = np.full(accounts, -1, np.int64), np.full(accounts, -1, np.int64)
    mine[made.account], theirs[left.made.account] = found.label, left.cut.label
    both = (mine >= 0) & (theirs >= 0)
    alike = adjusted_mutual_information(mine[both], theirs[both])

    def row(name: str, network: Network, cut: Cut) -> dict[str, Any]:
        many = int(np.count_nonzero(np.bincount(cut.label) >= least))
        told = {"accounts": network.nodes, "ties": int(network.source.size), "communities": many}
        return {"network": name, **told, "modularity": cut.level.modularity, "agreement": alike}

    return [row("without", made, found), row("all", left.made, left.cut)]


def insufficient(made: Network, least: int) -> Message:
    """Say that too few accounts are tied, or that enough are and only in pieces too small to be cut."""
    key = "insufficient" if not made.tied >= least > made.nodes else "pieces" if made.nodes else "pieces_none"
    piece = math.ceil(max(PIECE, PIECE_SHARE * made.tied))
    return message(f"communities.claim.{key}", n=made.nodes, tied=made.tied, least=least, piece=piece)


def claim(
    units: list[dict[str, Any]],
    made: Network,
    against: Tested,
    gathered: Gathered,
    names: list[str | None],
    parts: Parts,
    least: int,
    *,
    resolution: float,
    beyond: set[str],
    holds: bool,
    few: bool,
) -> Message:
    """Say what was found in one hedged sentence; ``resolution``: of the modularity told; ``beyond``: who is louder than chance.

    ``least``: accounts a community is told from, named where some have fewer; ``few``: beyond chance, but no two have as many.
    """
    small = int(parts.size[-2])
    told: dict[str, Any] = {
        "nodes": made.nodes,
        "of": len(gathered.accounts),
        "layers": layers_text([layer.name for layer in gathered.layers]),
        "n": len(units),
        "resolution": resolution,
        "seen": against.beyond.null_mean + against.beyond.value,
        "chance": against.beyond.null_mean,
        "difference": _difference(against),
    }
    if few:
        return message("communities.claim.few", **told, least=least, small=small)
    if not holds:
        return message("communities.claim.not_found", **told)
    first = units[0]
    into = "most" if small and parts.communities == MOST else "some" if small else "all"
    told |= {"into": message(f"communities.into.{into}", n=len(units), least=least, small=small)}
    told |= {"size": first["accounts"], "share": first["accounts_share"], "name": called(first["community"], names)}
    if first["posts_share"] is None and not gathered.posts.size - made.tied > 0:
        return message("communities.claim.found", **told)
    louder = [u for u in units if u["community"] in beyond and u["posts_share_low"] > u["accounts_share"]]
    if not louder:
        return message("communities.claim.found_even", **told)
    loud = max(louder, key=lambda u: (u["ratio"], u["accounts"]))
    told |= {"loud": called(loud["community"], names), "loud_posts": loud["posts_share"], "loud_low": loud["posts_share_low"]}
    told |= {"loud_high": loud["posts_share_high"], "loud_share": loud["accounts_share"], "ratio": loud["ratio"]}
    return message(f"communities.claim.found_{'same' if loud is first else 'posts'}", **told)


def _difference(against: Tested) -> Message:
    """Tell the difference to random networks, with its interval unless these are all alike, and of how many resolutions p is."""
    far, tried = against.beyond, against.tried
    p = message("communities.difference.several" if tried > 1 else "communities.difference.one", p=far.p_value, n=tried)
    if far.low is None:
        return message("communities.difference.alike", excess=far.value, p=p)
    return message("communities.difference.interval", excess=far.value, low=far.low, high=far.high, p=p)


def blurred(claimed: Message, found: Cut, communities: int) -> Message:
    """Add to the claim that other seeds cut otherwise, and how many communities then mostly go."""
    gone = int(np.count_nonzero(found.lasting[:communities] < GONE))
    told: dict[str, Any] = {"claim": claimed, "agreement": found.level.agreement, "gone": gone}
    return message("communities.claim.blurred_gone" if gone else "communities.claim.blurred", **told)


def layers_text(names: list[str]) -> Message:
    """Name layers in words, and given networks by their own names."""
    ours = [f"communities.values.layer.{name}" for name in names if f"communities.values.layer.{name}" in catalogue("en")]
    own = [name for name in names if f"communities.values.layer.{name}" not in catalogue("en")]
    if not own:
        return message("communities.layers.ours", ours=ours)
    return message("communities.layers.both" if ours else "communities.layers.own", ours=ours, own=own)


def called(community: str, names: list[str | None]) -> Message:
    """Call a part by its number and suggested name."""
    if community in (SMALL, APART):
        return message(f"communities.called.{community}")
    name = names[int(community) - 1]
    return message("communities.called.named" if name else "communities.called.number", n=community, name=name or "")


def effect(against: Tested) -> Estimate:
    """State the modularity beyond that of random networks; no interval where these are all alike."""
    return Estimate(
        metric="modularity beyond random networks",
        value=against.beyond.value,
        low=against.beyond.low,
        high=against.beyond.high,
        unit="modularity",
        level=None if against.beyond.low is None else 0.95,
        method=ROUGH if against.rough else FULL,
        p_value=against.beyond.p_value,
        p_floor=FLOOR,
        sided="greater",
    )


def calibrated(made: Network, gathered: Gathered) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("communities", **descriptors(made, gathered))


def descriptors(made: Network, gathered: Gathered) -> dict[str, float | str]:
    """Describe a network by what decides the test: kind of ties, accounts, mean degree. The test of larger ones is another."""
    kind = "shared" if any(layer.shared for layer in gathered.layers) else "ties"
    work = effort(made.source.size)
    kind += ", large" if work.rough else ", medium" if work.nulls < effort(0).nulls else ""
    return {"ties": kind, "accounts": float(made.nodes), "mean_degree": 2 * made.source.size / max(made.nodes, 1)}


def _traced(asked: str) -> Message:
    """Name what is traced as people write it."""
    kind, _, value = asked.partition(":")
    return message(f"communities.traced.{kind}", value=written(value) if kind == "hashtag" else value.strip())


def traced(
    claimed: Message, trend: Trend | None, names: list[str | None], asked: str, *, holds: bool, few: bool = False
) -> Message:
    """Add to the claim from which part most posts of the trend come, and how large that is."""
    if trend is None:
        return claimed
    if not holds:
        key = "nowhere_few" if few else "nowhere"
        nowhere = message(f"communities.trend.{key}", trend=_traced(asked), n=len(trend.posts))
        return message("communities.claim.traced", claim=claimed, trend=nowhere)
    most = max(trend.rows, key=lambda r: (r["posts"], r["accounts_share"]))
    told = {
        n: most[n] for n in ("posts_share", "posts_share_low", "posts_share_high", "authors", "authors_share", "accounts_share")
    }
    told |= {"ratio": most["ratio"], "low": most["ratio_low"], "high": most["ratio_high"], "n": len(trend.posts)}
    where = message("communities.trend.most", trend=_traced(asked), part=called(most["community"], names), **told)
    first = _first_posts(trend, names, most["community"])
    if first is None:
        return message("communities.claim.traced", claim=claimed, trend=where)
    return message("communities.claim.traced_first", claim=claimed, trend=where, first=first)


def _first_posts(trend: Trend, names: list[str | None], most: str) -> Message | None:
    """Say from which part the first posts of the trend come, in few words if it is that of most; None where none has a time."""
    first = max(trend.rows, key=lambda r: (r["first"], r["posts"]))
    dated = sum(r["first"] for r in trend.rows)
    if not dated:
        return None
    told = {"first": first["first"], "of": min(dated, FIRST), "share": first["accounts_share"]}
    if first["community"] == most:
        return message("communities.trend.first_same", **told)
    return message("communities.trend.first", part=called(first["community"], names), **told)
