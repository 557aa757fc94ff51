"""Which other network leaves every node as many ties of each kind? Ties are exchanged two by two, within their kind only.

Where a tie can be of several layers at once (somebody reposts whom they also mention), the layers cannot be drawn one by one: in
the network many ties are of both and weigh double, in such draws nearly none is, and any network looks like communities beside
them. Here a tie's kind is the set of layers it is in. Of two ties of a kind the ends are exchanged, unless that makes a loop or a
tie that is there already, of whatever kind: every draw has as many distinct ties of every kind as the network, and every node keeps
its number of each. Small pieces are joined to the largest by exchanging one of their ties against one of the same kind that lies
on a cycle there.

Limits: near to uniform, not uniform. A kind of one tie stays as it is, and a piece that no tie of its kinds can join stays apart:
both make the draws more like the network, and the test that compares them more cautious.
Source: Maslov and Sneppen 2002, doi:10.1126/science.1065103; Gemmetto, Cardillo and Garlaschelli 2017, arXiv:1706.00230 (degrees of
every set of layers). What we changed: ties are exchanged all in pairs at once; networks are kept connected.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

Ints = npt.NDArray[np.int64]

_SWAPS = 20
_ROUNDS = 100


def exchanged(source: Ints, target: Ints, kind: Ints, nodes: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw the ends (ties,) of simple undirected ties anew; the tie at each place keeps its ``kind`` (ties,), 0 to 32,767.

    Cost O(ties log ties) for each of ``_SWAPS`` rounds, in which every tie is tried once.

    >>> ends = np.arange(6), (np.arange(6) + 1) % 6
    >>> u, v = exchanged(*ends, np.arange(6) % 2, 6, np.random.default_rng(1))
    >>> [sorted(np.append(u[k::2], v[k::2]).tolist()) for k in (0, 1)]
    [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]]
    """
    u, v, kind = source.astype(np.int64), target.astype(np.int64), kind.astype(np.int16)
    for _ in range(_SWAPS if u.size else 0):
        turned = rng.random(u.size) < 0.5
        u, v = np.where(turned, v, u), np.where(turned, u, v)
        mixed = rng.permutation(u.size)
        mixed = mixed[np.argsort(kind[mixed], kind="stable")]
        of = kind[mixed]
        place = np.arange(of.size) - np.searchsorted(of, of)
        first = np.flatnonzero((place[:-1] % 2 == 0) & (of[:-1] == of[1:]))
        a, b = mixed[first], mixed[first + 1]
        made = np.concatenate((_key(u[a], v[b], nodes), _key(u[b], v[a], nodes)))
        again = _again(np.concatenate((made, _key(u, v, nodes))))[: made.size].reshape(2, -1).any(axis=0)
        bad = again | (u[a] == v[b]) | (u[b] == v[a])
        a, b = a[~bad], b[~bad]
        v[a], v[b] = v[b], v[a]
    _join(u, v, kind, nodes, rng)
    return u, v


def _key(u: Ints, v: Ints, nodes: int) -> Ints:
    return np.minimum(u, v) * nodes + np.maximum(u, v)


def _again(value: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values occur more than once."""
    order = np.argsort(value)
    same = value[order[1:]] == value[order[:-1]]
    found = np.zeros(value.size, bool)
    found[order[1:][same]] = found[order[:-1][same]] = True
    return found


def _join(u: Ints, v: Ints, kind: Ints, nodes: int, rng: np.random.Generator) -> None:
    """Join small pieces to the largest, in place: a tie of each, drawn at random, for one of its kind outside a spanning tree."""
    for _ in range(_ROUNDS):
        pairs = coo_array((np.ones(u.size), (u, v)), shape=(nodes, nodes)).tocsr()
        _, piece = connected_components(pairs, directed=False)
        mixed = rng.permutation(u.size)
        held, first = np.unique(piece[u[mixed]], return_index=True)
        if held.size <= 1:
            return
        giant = int(np.bincount(piece[u]).argmax())
        before = breadth_first_order(pairs, int(np.flatnonzero(piece == giant)[0]), directed=False)[1]
        spare = rng.permutation(np.flatnonzero((piece[u] == giant) & (before[u] != v) & (before[v] != u)))
        mine = mixed[first][held != giant]
        for one in np.unique(kind[mine]).tolist():
            ours, theirs = mine[kind[mine] == one], spare[kind[spare] == one]
            many = min(ours.size, theirs.size)
            a, b = ours[:many], theirs[:many]
            v[a], v[b] = v[b], v[a]
