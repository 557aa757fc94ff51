"""Which choice drives a conclusion? The specification curve: one panel under every combination of defensible choices.

Each choice has two options, the recipe's first. All combinations are fitted; a choice is weighed by what changes when it
alone is turned, over all pairs of combinations that differ in nothing else.

| choice | recipe's option | other option |
|---|---|---|
| ``scale`` | levels: mean per post | log: its logarithm |
| ``weight`` | posts | cells: every account and period alike |
| ``date`` | recipe: the later CUSUM | given |
| ``effects`` | groups: after, group, after x group | accounts: one effect per account and per period |
| ``trends`` | none | own: a line per group, or per account |
| ``members`` | listed: as the groups were written | once: accounts listed in two groups left out |
| ``periods`` | all | covered: without those of low capture |
| ``errors`` | usual: least squares, non-robust | draws: the label dealt out anew over accounts |
| ``straddling`` | split at the given date | out |

Source: specification curve, Simonsohn, Simmons and Nelson 2020, doi:10.1038/s41562-020-0912-z; multiverse, Steegen et al. 2016,
doi:10.1177/1745691616658637; randomisation over units, Fisher 1935. What we changed: the weighing of single choices by pairs.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._specification_fit import Bools, Floats, fit
from .recipe import cusum_first

CHOICES = {
    "scale": ("levels", "log"),
    "weight": ("posts", "cells"),
    "date": ("recipe", "given"),
    "effects": ("groups", "accounts"),
    "trends": ("none", "own"),
    "members": ("listed", "once"),
    "periods": ("all", "covered"),
    "errors": ("usual", "draws"),
    "straddling": ("split", "out"),
}
MOST_DEALS = 2_000


class Specification(NamedTuple):
    """One combination: its options in the order of the curve's names, effect and p-value.

    ``ratio`` is the mean per post of the treated after the date over what it would have been; ``unit`` is the same effect in
    the metric's own unit per post; NaN where a fit in levels leaves nothing positive to compare with. ``first`` is the first
    period of the new regime.
    """

    options: tuple[str, ...]
    ratio: float
    unit: float
    p_value: float
    first: int


class Influence(NamedTuple):
    """What turning one choice alone does, from the recipe's option to the other, over ``pairs``.

    ``log_ratio`` is the mean change of log ratio, ``log_p`` of log10 p; ``moved_*`` are the means of their sizes; ``turned`` is the
    share of pairs where one is significant and the other is not, or both are in opposite directions.
    """

    choice: str
    pairs: int
    log_ratio: float
    moved_ratio: float
    log_p: float
    moved_p: float
    turned: float


class Curve(NamedTuple):
    """Give every specification and the influence of every choice, the one that turns the conclusion most often first."""

    names: tuple[str, ...]
    rows: tuple[Specification, ...]
    influence: tuple[Influence, ...]


def specifications(
    sums: Floats, posts: Floats, treated: Bools, *, given: int, straddling: int | None = None, before_share: float = 0.5,
    twice: Bools | None = None, low: Bools | None = None, alpha: float = 0.05, rng: np.random.Generator,
) -> Curve:  # fmt: skip
    """Fit every combination. ``sums`` and ``posts`` (accounts, periods), NaN or no posts where unknown; ``treated`` (accounts,).

    ``given`` is the first whole period of the new regime, ``straddling`` the one that holds the date, ``before_share`` its share
    before it; ``twice`` marks accounts of the treated group that belong elsewhere, ``low`` (periods,) the periods of low capture.
    A choice without its data is left out. Raises ValueError where no account is left on a side.
    Cost O(512 x (accounts^2 x periods + deals)), at most 2,000 deals.
    """
    absent = {
        "straddling": straddling is None,
        "members": twice is None or not twice.any(),
        "periods": low is None or not low.any(),
    }
    names = tuple(name for name in CHOICES if not absent.get(name))
    rows = []
    drawn: dict[tuple[bool, ...], npt.NDArray[np.bool_]] = {}
    for options in itertools.product(*(CHOICES[name] for name in names)):
        says = {**{name: CHOICES[name][0] for name in CHOICES}, **dict(zip(names, options, strict=True))}
        kept = np.ones(treated.size, np.bool_) if says["members"] == "listed" or twice is None else ~twice
        if tuple(kept) not in drawn:
            drawn[tuple(kept)] = _deals(treated[kept], rng)
        during = np.ones(sums.shape[1], np.bool_) if says["periods"] == "all" or low is None else ~low
        known = np.where(posts > 0, sums, np.nan)[kept][:, during]
        first = given if says["date"] == "given" else _recipe_first(known, treated[kept], np.flatnonzero(during))
        part = _after(sums.shape[1], first, says, straddling, before_share)[during]
        ratio, unit, p_value = fit(known, posts[kept][:, during], treated[kept], part, drawn[tuple(kept)], says)
        rows.append(Specification(options, ratio, unit, p_value, first))
    return Curve(names, tuple(rows), _influences(names, rows, alpha))


def _recipe_first(known: Floats, treated: Bools, periods: npt.NDArray[np.int64]) -> int:
    dates = []
    for side in (treated, ~treated):
        if not side.any():
            raise ValueError("no account is left on a side; name more accounts")
        seen = known[side]
        total = np.where(np.isfinite(seen).any(axis=0), np.nansum(seen, axis=0), np.nan)
        dates.append(int(periods[cusum_first(total)]))
    return max(dates)


def _after(length: int, first: int, says: dict[str, str], straddling: int | None, share: float) -> Floats:
    """Give the share of each period that lies after the date; NaN for one left out."""
    part = (np.arange(length) >= first).astype(np.float64)
    if straddling is not None and says["straddling"] == "out":
        part[straddling] = np.nan
    elif straddling is not None and says["date"] == "given":
        part[straddling] = 1 - share
    return part


def _deals(treated: Bools, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Give every way to name as many accounts as treated, the true one first; a sample where there are too many."""
    n, k = treated.size, int(treated.sum())
    every = list(itertools.islice(itertools.combinations(range(n), k), MOST_DEALS + 1))
    if len(every) <= MOST_DEALS:
        dealt = np.zeros((len(every), n), np.bool_)
        dealt[np.repeat(np.arange(len(every)), k), np.array(every, np.int64).ravel()] = True
        return np.concatenate([treated[None], dealt[(dealt != treated).any(axis=1)]])
    return np.concatenate([treated[None], rng.permuted(np.tile(treated, (MOST_DEALS - 1, 1)), axis=1)])


def _influences(names: Sequence[str], rows: Sequence[Specification], alpha: float) -> tuple[Influence, ...]:
    by_options = {row.options: row for row in rows}
    found = []
    for place, name in enumerate(names):
        pairs = list(_pairs(place, CHOICES[name], by_options))
        ratios = np.array([(a.ratio, b.ratio) for a, b in pairs])
        p_values = np.array([(a.p_value, b.p_value) for a, b in pairs])
        with np.errstate(invalid="ignore", divide="ignore"):
            logs, signs = np.log(ratios), np.log10(np.maximum(p_values, 1e-300))
        moved = (logs[:, 1] - logs[:, 0])[np.isfinite(logs).all(axis=1)]
        shift = (signs[:, 1] - signs[:, 0])[np.isfinite(signs).all(axis=1)]
        said = np.where(p_values <= alpha, np.sign(np.nan_to_num(np.array([(a.unit, b.unit) for a, b in pairs]))), 0)
        turned = float((said[:, 0] != said[:, 1]).mean())
        found.append(Influence(name, len(pairs), _mean(moved), _mean(np.abs(moved)), _mean(shift), _mean(np.abs(shift)), turned))
    return tuple(sorted(found, key=lambda i: (-i.turned, -i.moved_p)))


def _pairs(
    place: int, options: tuple[str, str], rows: dict[tuple[str, ...], Specification]
) -> Iterator[tuple[Specification, Specification]]:
    for said, row in rows.items():
        if said[place] == options[0]:
            yield row, rows[(*said[:place], options[1], *said[place + 1 :])]


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
