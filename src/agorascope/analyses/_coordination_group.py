"""What is one network to those who describe it? Its members, their posts, the acts behind its ties; and shares among them.

Intervals take all posts of one account as one cluster (Kish 1965 at the ends, where a linearised variance is zero).
Source: Kuiper 1960, with the finite-sample form of Stephens 1970, J. R. Stat. Soc. B 32:115; Wilson 1927 as in ``stats.shares``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.stats.shares import design_effect, wilson
from agorascope.texts import Message

DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
MOST = 0.5  # an explanation must account for most of what it is about: for more than it does not
TWO = 2  # members who make a week of the network, or a shared text
FEWEST = 5  # members behind a cell that is shown, so that none points at one person
FEWEST_DATED = 10  # dates below this number make no distribution
KUIPER = 1.747  # 5 % point of Kuiper's statistic, Stephens 1970, table 1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = list[dict[str, Any]]

_ARGS = {"n": pa.int64(), "m": pa.int64(), "weeks": pa.int64()}
_ARGS |= dict.fromkeys(("share", "seconds", "part", "other", "ratio"), pa.float64())
SAYS = pa.struct([("key", pa.string()), ("args", pa.struct(list(_ARGS.items())))])
"""A message in a table: all have the same values, absent where a sentence does not speak of them, so that files can hold them."""


class Acts(NamedTuple):
    """Hold the acts behind the ties of one network, in order of object and time. Shapes (acts,); ``place`` in the posts, or -1.

    ``objects`` are kind and name.
    """

    objects: list[tuple[str, str]]
    obj: Ints
    member: Ints
    at_us: Floats
    place: Ints
    post: pa.Array


class Group(NamedTuple):
    """Hold one network: ``members`` and ``posts`` are positions in those of ``Own``."""

    network: str
    members: Ints
    posts: Ints
    acts: Acts


class Half(NamedTuple):
    """Hold the shortest stretch of whole days with half of the members' dates, and whether others' dates could be like theirs."""

    from_us: int
    until_us: int
    share: float
    others_share: float | None
    unusual: bool | None


def half(known: Floats, others: Floats) -> Half | None:
    """Find the shortest stretch that holds half of the sorted dates. ``unusual`` after Kuiper, which allows for the search."""
    if known.size < FEWEST_DATED:
        return None
    within = math.ceil(known.size / 2)
    first = int(np.argmin(known[within - 1 :] - known[: known.size - within + 1]))
    start, stop = (int(known[first] // DAY_US) * DAY_US, int(known[first + within - 1] // DAY_US + 1) * DAY_US)
    share = float(((known >= start) & (known < stop)).mean())
    if others.size < FEWEST_DATED:
        return Half(start, stop, share, None, None)
    other = float(((others >= start) & (others < stop)).mean())
    root = math.sqrt(known.size * others.size / (known.size + others.size))
    return Half(start, stop, share, other, share - other > KUIPER / (root + 0.155 + 0.24 / root))


def effect(square: float, cross: float, total_square: float, number: float, total: float) -> float:
    """Give the design effect of a share under clustering by account, at the ends of the scale that of clusters all alike."""
    if number in (0.0, total):
        return max(1.0, total_square / total) if total else 1.0
    return design_effect(square=square, cross=cross, total_square=total_square, count=number, total=total)


def clustered(flag: Mask, member: Ints) -> tuple[float, float, float]:
    """Give a share with its interval, all posts of one account a cluster. Shapes (posts,), at least one post."""
    _, who = np.unique(member, return_inverse=True)
    inside, each = np.bincount(who, flag), np.bincount(who).astype(np.float64)
    number, total = float(flag.sum()), float(flag.size)
    wide = effect(float((inside**2).sum()), float((inside * each).sum()), float((each**2).sum()), number, total)
    return number / total, *wilson(number, total, design_effect=wide)


def plain(said: Message) -> dict[str, Any]:
    """Write a message as a row of ``SAYS``."""
    return {"key": said.key, "args": {name: said.args.get(name) for name in _ARGS}}
