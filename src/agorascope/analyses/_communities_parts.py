"""How large, how loud and how closed is each community, and who stands between? One row for each, those too small counted together.

A part is a community of ``least`` accounts or more (at most ``MOST``, the largest), or ``small``: accounts of all others, or
``apart``: accounts without ties or in small circles apart. Shares are of all accounts that post or are tied, and of all posts with
an author. The interval of a share of posts counts authors, not posts.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agorascope.stats.layout import placed
from agorascope.stats.louder import louder
from agorascope.stats.plateaus import Cut
from agorascope.stats.shares import design_effect, wilson

from ._communities_network import Network
from ._communities_reduce import Gathered, Layer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST = 24
SMALL, APART = "small", "apart"
LOUD = 0.05
COMPARED = 4  # communities from which on ties between two of them can be more or fewer than expected
BRIDGE_TIES, BRIDGE_SHARE = 4, 1 / 3
LISTED, MOST_BRIDGES = 5, 20
RADIUS = 0.17


class Parts(NamedTuple):
    """Hold the part of each account (accounts,), and the names of the parts: communities by number, then small, then apart."""

    part: Ints
    names: tuple[str, ...]
    size: Ints

    @property
    def communities(self) -> int:
        """Count the communities."""
        return len(self.names) - 2


def parts_of(label: Ints, account: Ints, accounts: int, *, least: int) -> Parts:
    """Put every account into a part. ``label, account`` (nodes,): communities by size, positions among ``accounts``."""
    size = np.bincount(label) if label.size else np.empty(0, np.int64)
    kept = min(int(np.count_nonzero(size >= least)), MOST)
    part = np.full(accounts, kept + 1, np.int64)
    part[account] = np.minimum(label, kept)
    names = (*(str(i + 1) for i in range(kept)), SMALL, APART)
    return Parts(part, names, np.bincount(part, minlength=kept + 2))


def rows(parts: Parts, gathered: Gathered, made: Network, cut: Cut) -> list[dict[str, Any]]:
    """Describe every part that has accounts: size, share of posts and views, closure, bridges."""
    posts = gathered.posts
    views = np.where(np.isfinite(gathered.views), gathered.views, 0.0)
    outside, ties = _outside(parts, made)
    bridging = (ties >= BRIDGE_TIES) & (outside >= BRIDGE_SHARE * ties)
    inside, volume = closure(parts, made)
    total = float(volume.sum())
    listed = []
    for i, name in enumerate(parts.names):
        mine = parts.part == i
        if not mine.any():
            continue
        size, community = int(mine.sum()), i < parts.communities
        share = size / mine.size
        low, high, posted = clustered(np.where(mine, posts, 0.0), posts)
        listed.append(
            {"community": name, "accounts": size, "accounts_share": share, "posts": int(posts[mine].sum())}
            | {"posts_share": posted, "posts_share_low": low, "posts_share_high": high}
            | {"ratio": posted / share if posted is not None else None}
            | {"views_share": float(views[mine].sum() / views.sum()) if views.sum() > 0 else None}
            | {"inside_share": inside[i] / volume[i] if community and volume[i] > 0 else None}
            | {"conductance": _conductance(inside[i], volume[i], total) if community else None}
            | {"bridges": int(bridging[parts.part[made.account] == i].sum()) if community else None}
            | {"lasting_share": float(cut.lasting[i]) if community else None}
        )
    return listed


def clustered(held: Floats, everything: Floats) -> tuple[float | None, float | None, float | None]:
    """Give the interval of a share of posts, authors as clusters, and the share: low, high, share; None without posts."""
    count, total = float(held.sum()), float(everything.sum())
    if total <= 0:
        return None, None, None
    effect = design_effect(
        square=float((held**2).sum()),
        cross=float((held * everything).sum()),
        total_square=float((everything**2).sum()),
        count=count,
        total=total,
    )
    return *wilson(count, total, design_effect=effect), count / total


def loudest(parts: Parts, posts: Floats, *, seed: int) -> set[str]:
    """Name the communities that write more than their share beyond chance, all of them looked at (``stats.louder``)."""
    p = louder(parts.part, posts, parts.communities, seed=seed)
    return {parts.names[i] for i in np.flatnonzero(p <= LOUD)}


def closure(parts: Parts, made: Network) -> tuple[Floats, Floats]:
    """Add up the weight of ties inside each part (both ends) and of all its ties (parts,)."""
    one, other = parts.part[made.account[made.source]], parts.part[made.account[made.target]]
    many = len(parts.names)
    volume = np.bincount(one, made.weight, many) + np.bincount(other, made.weight, many)
    same = one == other
    inside = 2 * np.bincount(one[same], made.weight[same], many)
    return inside.astype(np.float64), volume.astype(np.float64)


def fields(parts: Parts, made: Network, stratum: Ints) -> Ints:
    """Number the field of each community (communities,): its platform, with those that ties join to it. No tie leads to another.

    ``stratum`` (accounts,) numbers platforms. Things shared, or a network given without a platform, can join several.
    """
    home, part = stratum[made.account], parts.part[made.account]
    ends = home[made.source], home[made.target]
    many = int(home.max(initial=0)) + 1
    _, joined = connected_components(coo_array((np.ones(made.source.size), ends), shape=(many, many)), directed=False)
    told = part < parts.communities
    field = np.zeros(parts.communities, np.int64)
    field[part[told]] = joined[home[told]]
    return field


def comparable(field: Ints) -> npt.NDArray[np.bool_]:
    """Mark the communities (communities,) whose field holds ``COMPARED`` of them: what leaves each settles no pair there."""
    return np.bincount(field)[field] >= COMPARED if field.size else np.empty(0, bool)


def between(parts: Parts, made: Network, field: Ints) -> list[dict[str, Any]]:
    """Compare the ties between two communities with those expected if what leaves each went anywhere: quasi-independence.

    Anywhere in its field, that is: no tie leads from one ``field`` (communities,) to another. Of two communities there all that
    leaves one goes to the other; of three, what leaves each settles every pair. Below ``COMPARED`` nothing is expected.
    """
    many, enough = parts.communities, comparable(field)
    one, other = parts.part[made.account[made.source]], parts.part[made.account[made.target]]
    across = (one != other) & (one < many) & (other < many)
    seen = np.zeros((many, many))
    np.add.at(seen, (one[across], other[across]), made.weight[across])
    seen = seen + seen.T
    expected = (field[:, None] == field[None, :]) - np.eye(many)
    for _ in range(100):
        for axis in (1, 0):
            held = expected.sum(axis=axis)
            by = np.where(held > 0, seen.sum(axis=axis) / np.where(held > 0, held, 1.0), 0.0)
            expected = expected * (by[:, None] if axis else by[None, :])
    expected = (expected + expected.T) / 2
    return [
        {"community": parts.names[a], "other": parts.names[b], "ties": float(seen[a, b])}
        | {"expected": float(expected[a, b]) if enough[a] else None}
        | {"tied_ratio": float(seen[a, b] / expected[a, b]) if enough[a] and expected[a, b] > 1e-9 else None}
        for a in range(many)
        for b in range(a + 1, many)
        if seen[a, b] > 0
    ]


def across(parts: Parts, made: Network, field: Ints) -> tuple[float, float]:
    """Give, of the ties within and between the communities, the share that joins two of them, and that by chance.

    By chance: if every tie, those inside included, went anywhere in its ``field`` (communities,): 1 less the sum of squares of the
    communities' shares of all ends there, fields weighing as their ties do.
    """
    many = parts.communities
    one, other = parts.part[made.account[made.source]], parts.part[made.account[made.target]]
    both = (one < many) & (other < many)
    one, other, weight = one[both], other[both], made.weight[both]
    total, chance = max(float(weight.sum()), 1e-12), 0.0
    for here in np.unique(field):
        mine = field[one] == here
        held = max(float(weight[mine].sum()), 1e-12)
        ends = (np.bincount(one[mine], weight[mine], many) + np.bincount(other[mine], weight[mine], many)) / (2 * held)
        chance += held / total * (1 - float((ends**2).sum()))
    return float(weight[one != other].sum()) / total, chance


def placed_parts(parts: Parts, tied: list[dict[str, Any]], names: list[str | None]) -> list[dict[str, Any]]:
    """Place communities on a map: bubbles by accounts, near where ties exceed what is expected."""
    many = parts.communities
    strength = np.zeros((many, many))
    for row in tied:
        a, b = int(row["community"]) - 1, int(row["other"]) - 1
        strength[a, b] = strength[b, a] = row["tied_ratio"] or 0.0
    radius = RADIUS * np.sqrt(parts.size[:many] / max(int(parts.size[:many].max(initial=1)), 1)).clip(min=0.2)
    x, y = placed(np.minimum(strength, 5.0), radius)
    return [
        {"community": parts.names[i], "name": names[i], "accounts": int(parts.size[i]), "x": float(x[i]), "y": float(y[i])}
        | {"radius": float(radius[i])}
        for i in range(many)
    ]


def reposted(parts: Parts, layer: Layer, gathered: Gathered, *, least: int) -> list[dict[str, Any]]:
    """List the accounts of each community that most accounts of it repost (or are tied to), and how many others do."""
    mine = parts.part[layer.source] == parts.part[layer.target]
    inside = np.bincount(layer.target[mine], minlength=parts.part.size)
    across = np.bincount(layer.target[~mine], minlength=parts.part.size)
    listed: list[dict[str, Any]] = []
    for i in range(parts.communities):
        own = np.flatnonzero((parts.part == i) & (inside + across >= least))
        listed += [
            {"community": parts.names[i], **_account(gathered, one), "inside": int(inside[one]), "across": int(across[one])}
            | {"across_share": float(across[one] / (inside[one] + across[one]))}
            for one in own[np.lexsort((own, -across[own], -inside[own]))][:LISTED].tolist()
        ]
    return listed


def bridges(parts: Parts, made: Network, gathered: Gathered, *, least: int) -> list[dict[str, Any]]:
    """List the accounts with most ties out of their community, of those with ``least`` ties at least, a third of them outside."""
    outside, ties = _outside(parts, made)
    part = parts.part[made.account]
    shown = np.flatnonzero((part < parts.communities) & (ties >= max(least, BRIDGE_TIES)) & (outside >= BRIDGE_SHARE * ties))
    shown = shown[np.lexsort((shown, -outside[shown]))][:MOST_BRIDGES]
    listed = []
    for node in shown.tolist():
        near = np.concatenate((made.target[made.source == node], made.source[made.target == node]))
        to = np.bincount(part[near], minlength=len(parts.names))
        to[part[node]] = 0
        listed.append(
            {"community": parts.names[part[node]], **_account(gathered, int(made.account[node]))}
            | {"ties": int(ties[node]), "outside_share": float(outside[node] / ties[node]), "other": parts.names[int(to.argmax())]}
        )
    return listed


def _outside(parts: Parts, made: Network) -> tuple[Ints, Ints]:
    """Count each node's ties out of its part, and all of them (nodes,)."""
    part = parts.part[made.account]
    apart = part[made.source] != part[made.target]
    ties = np.bincount(made.source, minlength=made.nodes) + np.bincount(made.target, minlength=made.nodes)
    outside = np.bincount(made.source[apart], minlength=made.nodes) + np.bincount(made.target[apart], minlength=made.nodes)
    return outside, ties


def _conductance(inside: float, volume: float, total: float) -> float | None:
    least = min(volume, total - volume)
    return float((volume - inside) / least) if least > 0 else None


def _account(gathered: Gathered, at: int) -> dict[str, Any]:
    row = gathered.accounts.slice(at, 1).to_pylist()[0]
    return {"platform": row["platform"], "account_id": row["account_id"]}
