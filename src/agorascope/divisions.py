"""Which groups divide the accounts? Those that were named, else those of one variable: the one known of most accounts asked about.

Groups called ``variable:category`` (``age:18-34``) divide the accounts by that variable, all others together divide them once more.
A person has an age and a camp: taken together such groups would put everybody in several. A trait of a population, as an age is,
divides accounts by itself only where there is nothing else: who asks about camps does not ask about ages.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .errors import BadValue
from .known import PLAIN, variable
from .tables import Corpus
from .tags import bare
from .texts import Message, message
from .ties import Ties, belonging, members, positions, spelled

MOST_ASIDE = 6
_WORD = re.compile(r"[^\W\d_]+")
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_MARGINS = "SELECT DISTINCT variable FROM margins WHERE variable IS NOT NULL ORDER BY variable NULLS FIRST"
_TRAITS = """
    age sex sexe gender genre region departement department province canton county district commune state etat country pays city
    ville postcode postal education etudes diplome income revenu revenus profession occupation csp pcs socioprofessionnelle
    employment emploi language langue nationality nationalite ethnicity birth naissance residence marital matrimonial religion"""
_BESIDE = """
    annee band bands bracket brackets categorie category class classe code cohort cohorte d de declare declaree declared des du
    group groupe groups id l la le les level lieu name niveau nom of place range ranges s statut status the tranche year years"""
TRAITS = frozenset(_TRAITS.split())
"""Words that name a trait of a population, in small letters without accents; so do the variables of ``margins``."""
BESIDE = frozenset(_BESIDE.split())
"""Words that may stand beside it, or be written onto it: `tranche d’âge`, `age_group`, `agegroup`."""
_WRITTEN_ON = frozenset(one + other for one in TRAITS for other in BESIDE if len(other) > 1)


class Chosen(NamedTuple):
    """Hold the group of each account (accounts,), ``NOWHERE`` or ``SEVERAL`` else, and the names of groups.

    ``variable`` is that of the groups taken, "" where they have none. ``others``: the variables not taken, "" for groups without
    one, with how many of the accounts asked about each is known of. ``unfit`` counts the groups of the case where none was named
    and no variable is fit to be taken: these are those of the variable known of most, all the same. ``trait`` says that the
    variable taken is a trait of a population, for want of another.
    """

    label: Ints
    names: list[str]
    variable: str = ""
    others: tuple[tuple[str, int], ...] = ()
    unfit: int = 0
    trait: bool = False


def chosen(corpus: Corpus, ties: Ties, groups: str, of: Bools, least: int, *, fewest: int = 2, about: str | None = None) -> Chosen:
    """Give each account its group among those named with commas, groups or variables, else among those of one variable.

    Without a name a variable is taken of which ``fewest`` groups have ``least`` accounts of those asked about (``of``: accounts,),
    each in that group only. Of several one that is no trait of a population, if there is such; then the one known of most accounts;
    of these groups without a variable, then the first by name.
    ``about``: a group that is not taken unless it is named, or its variable, where any of its members is in another group of its
    variable, or in any if it has no other: it cuts across these. Raises BadValue for a name nobody has.
    """
    rows = members(corpus)
    listed = rows["group_name"].to_pylist()
    keys = list(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))
    where = positions(corpus, ties, [p for p, _ in keys], [a for _, a in keys])
    aside = about if about is not None and _across(keys, listed, about) else None
    return divided(where, listed, groups, of, least, fewest=fewest, aside=aside, traits=traits(corpus))


def traits(corpus: Corpus) -> frozenset[str]:
    """Name the variables, as ``variable`` writes them, that a population is known by here: those of its margins."""
    rows = corpus.query(_MARGINS) if corpus.has("margins") else None
    return frozenset(variable(f"{name}:") for name in rows["variable"].to_pylist()) if rows is not None else frozenset()


def trait(kind: str) -> bool:
    """Say whether the name of a variable is that of a trait: words of ``TRAITS``, and none that says something else.

    >>> [trait(name) for name in ("âge", "age_group", "Tranche d’âge", "agegroup", "camp", "party state", "group")]
    [True, True, True, True, False, False, False]
    """
    words = set(_WORD.findall(bare(kind.casefold())))
    named = {word for word in words if word in TRAITS or word in _WRITTEN_ON}
    return bool(named) and words <= named | BESIDE


def divided(
    where: Ints,
    listed: Sequence[str],
    groups: str,
    of: Bools,
    least: int,
    *,
    fewest: int = 2,
    aside: str | None = None,
    traits: Collection[str] = (),
) -> Chosen:
    """Do what ``chosen`` does, with memberships as places of accounts (memberships,), -1 for none, and names of groups beside them.

    ``of``: accounts, marked if asked about; ``aside``: a group that is not taken unless it is named, or its variable; ``traits``:
    variables that a population is known by.
    """
    there = list(dict.fromkeys(listed))

    def labelled(names: Sequence[str]) -> Ints:
        number = {name: i for i, name in enumerate(names)}
        mine = np.array([name in number for name in listed], bool)
        return belonging(where[mine], np.array([number[n] for n in listed if n in number], np.int64), of.size)

    if groups or not there:
        names = _named(groups, there, _kinds(there)) if groups else []
        if len(names) < fewest and groups:
            raise BadValue(f"groups is {groups!r}, which is one group, {names[0]!r}; name {fewest} or more that divide accounts")
        one = {variable(name) for name in names}
        return Chosen(labelled(names), names, _spelt(names[0]) if len(one) == 1 else PLAIN)
    kinds = _kinds([name for name in there if name != aside])
    label = {kind: labelled(names) for kind, names in kinds.items()}
    known = {kind: int(((one >= 0) & of).sum()) for kind, one in label.items()}
    size = {kind: np.bincount(one[(one >= 0) & of], minlength=1) for kind, one in label.items()}
    fit = [kind for kind in kinds if int((size[kind] >= least).sum()) >= fewest]
    if not fit:
        most = max(kinds, key=lambda kind: int(((label[kind] != -1) & of).sum()))
        return Chosen(label[most], kinds[most], _spelt(kinds[most][0]), unfit=len(there))
    last = {kind: 2 * trait(kind) + (kind in traits) for kind in fit}
    best = max(fit, key=lambda kind: (-last[kind], known[kind]))
    others = tuple((_spelt(kinds[kind][0]), known[kind]) for kind in kinds if kind != best and known[kind])
    return Chosen(label[best], kinds[best], _spelt(kinds[best][0]), others, trait=last[best] > 0)


def told_aside(variable: str, n: int, others: Sequence[tuple[str, int]]) -> Message:
    """Say which variable was taken, known of ``n``, by what rule, and which were left aside: for a note."""
    shown = [_told(name, of) for name, of in others[:MOST_ASIDE]]
    more = {"more": len(others) - len(shown)} if len(others) > len(shown) else {}
    return message(f"divisions.aside{'_more' if more else ''}", taken=_told(variable, n), others=shown, **more)


def _told(variable: str, n: int) -> Message:
    """Name a variable, or the groups without one, and of how many it is known."""
    return message(f"divisions.{'variable' if variable else 'plain'}", name=variable, n=n)


def _across(keys: Sequence[tuple[str, str]], listed: Sequence[str], group: str) -> bool:
    """Say whether any member of a group is in another group of its variable, or in any other where it is alone in its variable.

    ``keys``: platform and account of each membership; ``listed``: its group.

    >>> keys = [("x", "1"), ("x", "1"), ("x", "2"), ("x", "2")]
    >>> listed = ["party:a", "sex:f", "sex:m", "yes"]
    >>> _across(keys, listed, "sex:f"), _across(keys, listed, "yes")
    (False, True)
    """
    inside = {key for key, name in zip(keys, listed, strict=True) if name == group}
    others = {name for name in listed if name != group}
    beside = {name for name in others if variable(name) == variable(group)} or others
    return any(name in beside and key in inside for key, name in zip(keys, listed, strict=True))


def _kinds(names: Sequence[str]) -> dict[str, list[str]]:
    """Gather group names by variable, those without one first, then the variables by name.

    >>> _kinds(["Age:18", "left", "age: 60"])
    {'': ['left'], 'age': ['Age:18', 'age: 60']}
    """
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(variable(name), []).append(name)
    return dict(sorted(found.items()))


def _spelt(name: str) -> str:
    """Give the variable of a group as it is written, "" without one."""
    before, colon, _ = name.partition(":")
    return before.strip() if colon else PLAIN


def _named(asked: str, there: Sequence[str], kinds: Mapping[str, list[str]]) -> list[str]:
    """List the groups named with commas: each is a group, or a variable, which stands for all of its groups. Raises BadValue."""
    found: list[str] = []
    for name in (spelled(one.strip(), there) for one in asked.split(",")):
        kind = variable(name.rstrip(":") + ":") if ":" not in name.rstrip(":") else PLAIN
        if name not in there and not (kind and kind in kinds):
            known = ", ".join(there) or "none"
            more = f"; variables are: {', '.join(filter(None, kinds))}" if any(kinds) else ""
            raise BadValue(f"groups holds {name!r}, which has no accounts here; groups are: {known}{more}")
        found += [name] if name in there else kinds[kind]
    return list(dict.fromkeys(found))
