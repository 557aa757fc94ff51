"""Which rows say what they are, and which margins can they be weighted to? From named traits to numbers.

A trait is a text ``variable:category`` that some rows have. A variable ``a*b`` is two traits together, its categories ``c*d``.
Names are compared without case. A row of two categories of one variable, or of one that no margin names, is unknown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .weighting import asmd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KNOWN_SHARE = 0.5
FEWEST = 10
ROUNDED = 0.005  # each category written as a whole percentage is off by so much at most
LEAST_SLACK = 0.01


class Margin(NamedTuple):
    """Hold one variable of a population: its categories, their shares (scaled to 1), and what they added up to."""

    variable: str
    categories: tuple[str, ...]
    shares: Floats
    total: float


class Match(NamedTuple):
    """Set the categories of a margin beside those that rows have of its variable.

    ``seen``: what rows have, the commonest first, with how many have it; ``known``: the variables that rows have anything of.
    """

    variable: str
    categories: tuple[str, ...]
    seen: tuple[tuple[str, int], ...]
    known: tuple[str, ...]

    @property
    def common(self) -> int:
        """Count the categories that are on both sides."""
        return sum(category in self.categories for category, _ in self.seen)

    @property
    def strange(self) -> tuple[tuple[str, int], ...]:
        """Give the categories that rows have and the margin lacks, with how many rows have them."""
        return tuple(one for one in self.seen if one[0] not in self.categories)

    @property
    def absent(self) -> tuple[str, ...]:
        """Give the categories of the margin that no row has."""
        return tuple(category for category in self.categories if category not in dict(self.seen))


class Frame(NamedTuple):
    """Hold what rows can be weighted by.

    ``codes``: per margin of ``used`` the category of every row, (rows,), -1 unknown; ``complete``: rows known in all of them;
    ``left_out``: variables known for too few rows, alone or with the others, with the share of rows known; ``uncovered``: share
    of the population in categories without any complete row, added up over variables and at most 1; ``unsound``: margins that add
    up to no whole.
    """

    used: tuple[Margin, ...]
    codes: tuple[Ints, ...]
    complete: npt.NDArray[np.bool_]
    left_out: tuple[tuple[str, float], ...]
    uncovered: float
    unsound: tuple[Margin, ...] = ()


def adds_up(total: float, categories: int) -> bool:
    """Say whether shares of so many categories add up to 1 but for rounding each to a whole percentage.

    >>> adds_up(1.4, 3), adds_up(0.7, 2), adds_up(0.99, 2), adds_up(1.03, 8)
    (False, False, True, True)
    """
    return abs(total - 1) <= max(LEAST_SLACK, ROUNDED * categories) + 1e-9


def sound(margin: Margin) -> bool:
    """Say whether a margin can be weighted to: scaling shares that add up to 1.4 would make a population nobody has measured."""
    return adds_up(margin.total, len(margin.categories))


def divided(rows: Iterable[Mapping[str, object]]) -> dict[str, dict[str, Margin]]:
    """Put rows of ``population, variable, category, share`` together: population -> variable -> margin."""
    held: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        held[str(row["population"])][str(row["variable"]).casefold()][str(row["category"]).casefold()] = float(str(row["share"]))
    return {
        population: {v: made for v, shares in sorted(variables.items()) if (made := _margin(v, shares)) is not None}
        for population, variables in sorted(held.items())
    }


def chosen(rows: Iterable[Mapping[str, object]], population: str) -> tuple[tuple[Margin, ...], tuple[str, ...]]:
    """Give the margins of the population named, or of the only one; without a name among several none, and their names.

    Raises ValueError for a population there is not. A name may end in ``.csv``, as the file it was added from.
    """
    known = divided(rows)
    name = population if population in known else population.removesuffix(".csv")
    if name and name not in known:
        raise ValueError(
            f"margins is {population!r}, of which the case has none; it has: {', '.join(known) or 'none'}. "
            "Add a table of variable, category, share: agorascope add my-case FILE.csv"
        )
    if not name and len(known) != 1:
        return (), tuple(known)
    return tuple(known[name or next(iter(known))].values()), ()


def _margin(variable: str, shares: Mapping[str, float]) -> Margin | None:
    total = sum(shares.values())
    if total <= 0:
        return None
    categories = tuple(sorted(shares))
    return Margin(variable, categories, np.array([shares[c] for c in categories]) / total, total)


def codes(margin: Margin, traits: Mapping[str, Mapping[int, str]], rows: int) -> Ints:
    """Give the category of every row, (rows,), -1 where it is unknown. ``traits``: variable -> row -> category."""
    number = {category: i for i, category in enumerate(margin.categories)}
    found = np.full(rows, -1)
    for row, category in _said(margin, traits):
        found[row] = number.get(category, -1)
    return found


def matched(
    margins: Iterable[Margin], traits: Mapping[str, Mapping[int, str]], counted: npt.NDArray[np.bool_]
) -> tuple[Match, ...]:
    """Set each margin beside what the rows counted, (rows,), have of its variable.

    >>> margin = Margin("sex", ("men", "women"), np.array([0.5, 0.5]), 1.0)
    >>> (met,) = matched([margin], {"sex": {0: "f", 1: "f", 2: "men"}}, np.ones(3, bool))
    >>> met.seen, met.common, met.strange, met.absent
    ((('f', 2), ('men', 1)), 1, (('f', 2),), ('women',))
    """
    known = tuple(sorted(variable for variable, said in traits.items() if any(counted[row] for row in said)))
    made = []
    for margin in margins:
        seen = Counter(category for row, category in _said(margin, traits) if counted[row])
        made.append(
            Match(margin.variable, margin.categories, tuple(sorted(seen.items(), key=lambda one: (-one[1], one[0]))), known)
        )
    return tuple(made)


def _said(margin: Margin, traits: Mapping[str, Mapping[int, str]]) -> Iterator[tuple[int, str]]:
    """Give each row that says all that a margin is of, with its category, whether the margin has it or not."""
    first, *rest = [traits.get(part, {}) for part in margin.variable.split("*")]
    for row, category in first.items():
        if all(row in part for part in rest):
            yield row, "*".join([category, *(part[row] for part in rest)])


def named(pairs: Iterable[tuple[int, str]]) -> dict[str, dict[int, str]]:
    """Read traits ``variable:category`` of rows: variable -> row -> category, rows of two categories left out.

    >>> named([(0, "Age:18-34"), (1, "age:60+"), (1, "age:18-34"), (2, "press")])
    {'age': {0: '18-34'}}
    """
    held: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row, name in pairs:
        variable, colon, category = name.casefold().partition(":")
        if colon:
            held[variable.strip()][row].add(category.strip())
    return {v: {row: next(iter(said)) for row, said in rows.items() if len(said) == 1} for v, rows in sorted(held.items())}


def frame(margins: Sequence[Margin], coded: Sequence[Ints], counts: Floats) -> Frame | None:
    """Choose variables, the best known first, as long as at least half of the rows, counted ``counts`` times, are known in all.

    A margin whose shares do not add up is never chosen. None where no variable is known for half of the rows and for ``FEWEST``.
    """
    total = float(counts.sum())
    shares = [float(counts[code >= 0].sum()) / total if total else 0.0 for code in coded]
    fit = [i for i, margin in enumerate(margins) if sound(margin)]
    chosen: list[int] = []
    complete = np.ones(counts.size, bool)
    for i in sorted(fit, key=lambda i: -shares[i]):
        both = complete & (coded[i] >= 0)
        if counts[both].sum() >= max(KNOWN_SHARE * total, FEWEST):
            chosen, complete = sorted([*chosen, i]), both
    if not chosen:
        return None
    used = tuple(margins[i] for i in chosen)
    lacking = sum(float(m.shares[_held(coded[i], complete, counts, m) <= 0].sum()) for i, m in zip(chosen, used, strict=True))
    rest = tuple((m.variable, shares[i]) for i, m in enumerate(margins) if i in fit and i not in chosen)
    unsound = tuple(m for m in margins if not sound(m))
    return Frame(used, tuple(coded[i] for i in chosen), complete, rest, min(lacking, 1.0), unsound)


def targets(made: Frame, counts: Floats) -> list[Floats]:
    """Give the shares to rake to: those of categories nobody is in are left out."""
    found = []
    for margin, code in zip(made.used, made.codes, strict=True):
        held = _held(code, made.complete, counts, margin)
        found.append(np.where(held > 0, margin.shares, 0.0))
    return found


def compared(margin: Margin, code: Ints, counts: Floats, weights: Floats | None = None) -> list[dict[str, Any]]:
    """Set the share of each category among rows of known category beside its target, before and after weighting.

    ``weights`` (rows,) are those of the rows, 0 where not weighted; None where nothing was. ``asmd``: in standard deviations.
    """
    known = code >= 0
    before = np.bincount(code[known], counts[known], margin.shares.size)
    shares = before / before.sum() if before.sum() > 0 else np.full(margin.shares.size, np.nan)
    after = None if weights is None else np.bincount(code[known], weights[known], margin.shares.size) / weights[known].sum()
    far, near = asmd(shares, margin.shares), None if after is None else asmd(after, margin.shares)
    return [
        {
            "variable": margin.variable,
            "category": category,
            "rows": int(before[i]),
            "own_share": _number(shares[i]),
            "target_share": float(margin.shares[i]),
            "weighted_share": None if after is None else _number(after[i]),
            "asmd": _number(far[i]),
            "asmd_weighted": None if near is None else _number(near[i]),
        }
        for i, category in enumerate(margin.categories)
    ]


def _held(code: Ints, complete: npt.NDArray[np.bool_], counts: Floats, margin: Margin) -> Floats:
    return np.bincount(code[complete], counts[complete], margin.shares.size).astype(np.float64)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
