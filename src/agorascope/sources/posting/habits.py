"""What is particular to one tool's tables of posts?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agorascope.sources import Sample

Cell = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True)
class Habits:
    """Say what is particular to one tool's tables.

    ``platform`` is set where every row is of one; ``proxies`` are the platforms whose reach is a number of followers;
    ``address_is_id`` where an address identifies what has no id; ``derived`` gives cells computed from a row, under
    the canonical name they stand for.
    """

    platform: str | None = None
    proxies: frozenset[str] = frozenset()
    address_is_id: bool = False
    derived: Mapping[str, Cell] = field(default_factory=dict)


def positions(sample: Sample, at: Mapping[str, int], names: str) -> tuple[int, ...]:
    """List where columns stand, by their canonical names; one the file lacks stands after the last, where rows end in None."""
    return tuple(at.get(name, len(sample.header)) for name in names.split())
