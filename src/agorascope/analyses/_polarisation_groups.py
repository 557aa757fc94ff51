"""Which groups are the sides? Those that were named, else those of one variable: the one known of most accounts with a tie.

Groups called ``variable:category`` (``age:18-34``) divide the accounts by that variable, all others together divide them once more,
as in ``communities``. A person has an age and a camp: taken together such groups would put everybody in several.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.tables import Corpus
from agorascope.ties import Ties, belonging, members, positions, spelled

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Chosen(NamedTuple):
    """Hold the group of each account (accounts,) and the names, or None where sides are to be sought.

    ``unused`` counts the groups of the case where they were not taken, though nothing else was asked. ``variable`` is that of the
    groups taken, "" where they have none. ``others``: the variables not taken, "" for groups without one, with how many accounts
    with a tie each is known of.
    """

    label: Ints | None = None
    names: list[str] = []  # noqa: RUF012 - a field of a tuple, which nobody changes
    unused: int = 0
    variable: str = ""
    others: tuple[tuple[str, int], ...] = ()


def chosen(corpus: Corpus, ties: Ties, sides: str, groups: str, tied: Bools, least: int) -> Chosen:
    """Give each account its group among those named with commas, groups or variables, else among those of one variable.

    Without a name a variable is taken of which two groups have ``least`` accounts with a tie (``tied``: accounts,), each in that
    group only. Of several the one known of most accounts; of these groups without a variable, then the first by name. Where there
    is none, groups are not taken unless ``sides`` asks for them. Raises BadValue for a name nobody has.
    """
    rows = members(corpus)
    listed = rows["group_name"].to_pylist()
    there = list(dict.fromkeys(listed))
    kinds = _kinds(there)
    where = positions(corpus, ties, rows["platform"].to_pylist(), rows["account_id"].to_pylist())

    def labelled(names: Sequence[str]) -> Ints:
        number = {name: i for i, name in enumerate(names)}
        mine = np.array([name in number for name in listed], bool)
        return belonging(where[mine], np.array([number[n] for n in listed if n in number], np.int64), len(ties.account))

    if groups or not there:
        names = _named(groups, there, kinds) if groups else []
        of = {_variable(name) for name in names}
        return Chosen(labelled(names), names, 0, _spelt(names[0]) if len(of) == 1 and names else "")
    label = {kind: labelled(names) for kind, names in kinds.items()}
    known = {kind: int(((one >= 0) & tied).sum()) for kind, one in label.items()}
    size = {kind: np.bincount(one[(one >= 0) & tied], minlength=1) for kind, one in label.items()}
    fit = [kind for kind in kinds if int((size[kind] >= least).sum()) > 1]
    if not fit:
        most = max(kinds, key=lambda kind: int(((label[kind] != -1) & tied).sum()))
        return Chosen(label[most], kinds[most], 0 if sides else len(there), _spelt(kinds[most][0]))
    best = max(fit, key=lambda kind: known[kind])
    others = tuple((_spelt(kinds[kind][0]), known[kind]) for kind in kinds if kind != best)
    return Chosen(label[best], kinds[best], 0, _spelt(kinds[best][0]), others)


def _kinds(names: Sequence[str]) -> dict[str, list[str]]:
    """Gather group names by variable, those without one first, then the variables by name.

    >>> _kinds(["Age:18", "left", "age: 60"])
    {'': ['left'], 'age': ['Age:18', 'age: 60']}
    """
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_variable(name), []).append(name)
    return dict(sorted(found.items()))


def _variable(name: str) -> str:
    return _spelt(name).casefold()


def _spelt(name: str) -> str:
    """Give the variable of a group as it is written, "" without one."""
    before, colon, _ = name.partition(":")
    return before.strip() if colon else ""


def _named(asked: str, there: Sequence[str], kinds: Mapping[str, list[str]]) -> list[str]:
    """List the groups named with commas: each is a group, or a variable, which stands for all of its groups. Raises BadValue."""
    found: list[str] = []
    for name in (spelled(one.strip(), there) for one in asked.split(",")):
        variable = name.removesuffix(":").strip().casefold()
        if name not in there and not (variable and variable in kinds):
            known = ", ".join(there) or "none"
            more = f"; variables are: {', '.join(filter(None, kinds))}" if any(kinds) else ""
            raise BadValue(f"groups holds {name!r}, which has no accounts here; groups are: {known}{more}")
        found += [name] if name in there else kinds[variable]
    return list(dict.fromkeys(found))
