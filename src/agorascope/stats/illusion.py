"""How many see a majority round them that does not exist, and more than chance would bring about? The majority illusion.

``shown`` (viewers, accounts) holds what each account sees of each: ones of a network (``graphs``), or ``exposures``: weight of the
tie times activity. A viewer is deceived where more than half of what it sees comes from accounts that bear the attribute while no
more than half of all accounts do; where most bear it, the same is asked of those who do not. Accounts that cannot bear it (``can``:
they wrote nothing, and it is a word) are in no share. Of accounts on several platforms (``platform``) a viewer is asked only where
no more than half of its own platform bear it, however many of all do: elsewhere it sees a majority in fact. Those who do not bear
it are asked about only where most bear it on every platform on which anything is seen.

Two comparisons, within platforms. ``placed``: the attribute is dealt anew to as many accounts, whoever they are: could chance do
it? ``alike``: it is dealt anew among accounts about as visible (classes of 9 %: ``BINS`` to a doubling): does more than visibility
do it? If the first is rare and the second is not, a few visible bearers make the illusion. The p are ranks of permutations, exact
for the first.

``perceived`` against actual prevalence, by camp, is the gap of false consensus: the mean share of bearers that accounts of a camp
see, less their share among all accounts.

Limits: what is collected is not what was seen. Both comparisons deal the attribute across camps, so that a camp that keeps apart
and bears it more counts as placement. An account as visible as no other keeps its attribute in ``alike``.
Source: Lerman, Yan and Wu 2016, doi:10.1371/journal.pone.0147617. What we changed: exposure weights, two permutations, camps.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DRAWS = 199
BINS = 8
_CELLS = 20_000_000
_EVEN = 1e-9


class Comparison(NamedTuple):
    """Hold a value's mean, standard deviation and 95 % quantile over draws, and the rank p: above, or of gaps on either side."""

    mean: float
    sd: float
    high: float
    p_value: float


class Gap(NamedTuple):
    """Hold of one camp: its viewers, the share of bearers in it, the mean share it sees, and that less the share of all."""

    camp: int
    viewers: int
    bearing: float
    perceived: float
    gap: float
    placed: Comparison


class Illusion(NamedTuple):
    """Hold the illusion: share of bearers, whether they are the minority asked of, viewers, share of them deceived, comparisons.

    ``deceived`` counts among ``viewers``, the accounts ``asked`` (accounts,): they see anything, where it is no majority.
    ``prevalence`` is that on their platforms, ``there`` (accounts,); ``overall`` is that on all, which camps are held against.
    ``camps`` is empty where no camp was given.
    """

    prevalence: float
    of_bearers: bool
    viewers: int
    deceived: float
    placed: Comparison
    alike: Comparison
    camps: list[Gap]
    asked: Bools
    there: Bools
    overall: float


class Whom(NamedTuple):
    """Hold whether bearers are the minority asked of, who is in it, the viewers asked, all on their platforms (accounts,)."""

    of_bearers: bool
    few: Bools
    asked: Bools
    there: Bools


def exposures(
    viewer: Ints, account: Ints, accounts: int, *, weight: Floats | None = None, activity: Floats | None = None
) -> csr_array:
    """Make the matrix of what is seen from ties (ties,) by which ``viewer`` sees ``account``; ``activity`` (accounts,) multiplies.

    Repeated ties add up, an account's sight of itself is left out. Raises ValueError where a weight or activity is below 0.
    """
    seen = np.ones(viewer.size) if weight is None else weight.astype(np.float64)
    if activity is not None:
        seen = seen * activity[account]
    if seen.size and seen.min() < 0:
        raise ValueError(f"an exposure is {seen.min()}; weights and activity are 0 or more")
    kept = (viewer != account) & (seen > 0)
    return coo_array((seen[kept], (viewer[kept], account[kept])), shape=(accounts, accounts)).tocsr()


def whom(shown: csr_array, bears: Bools, can: Bools, platform: Ints) -> Whom:
    """Tell who is asked about what: bearers, on platforms where no more than half bear it; others, where there are none such.

    >>> pairs = coo_array((np.ones(6), ([0, 1, 2, 3, 4, 5], [1, 0, 0, 4, 3, 3])), shape=(6, 6)).tocsr()
    >>> found = whom(pairs, np.arange(6) < 4, np.ones(6, bool), np.arange(6) // 3)
    >>> found.of_bearers, found.asked.tolist()
    (True, [False, False, False, True, True, True])
    """
    views = shown.sum(axis=1) > 0
    most = 2 * np.bincount(platform, can & bears) > np.bincount(platform, can)
    seeing = np.bincount(platform, views) > 0
    plain = bool((seeing & ~most).any())
    there = (seeing & ~most if plain else seeing)[platform]
    return Whom(plain, can & (bears if plain else ~bears), views & there, there)


def illusion(
    shown: csr_array,
    bears: Bools,
    *,
    can: Bools | None = None,
    platform: Ints | None = None,
    camp: Ints | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Illusion:
    """Tell how many are deceived, against both comparisons. ``bears, can`` (accounts,), ``platform, camp`` (accounts,) from 0 on.

    Cost O(exposures) a draw, twice. Raises ValueError where nobody who is asked sees anything.

    >>> star = coo_array((np.ones(4), ([1, 2, 3, 4], [0, 0, 0, 0])), shape=(5, 5)).tocsr()
    >>> found = illusion(star, np.arange(5) == 0)
    >>> found.prevalence, found.viewers, found.deceived
    (0.2, 4, 1.0)
    """
    total = shown.sum(axis=1)
    views = total > 0
    can = np.ones(bears.size, bool) if can is None else can
    platform = np.zeros(bears.size, np.int64) if platform is None else platform
    plain, few, asked, there = whom(shown, bears, can, platform)
    if not asked.any():
        raise ValueError("nobody sees anybody where it is borne by few; give other ties")
    parts = [np.flatnonzero(can & (platform == one)) for one in np.unique(platform[can]).tolist()]
    camps = [] if camp is None else [np.flatnonzero(views & (camp == one)) for one in range(int(camp.max()) + 1)]

    def told(dealt: Floats) -> Floats:
        """Give, for each dealt attribute (accounts, deals): the share deceived, then what each camp sees of it."""
        seen = shown @ dealt
        rows = [((2 * seen > (1 + _EVEN) * total[:, None]) & asked[:, None]).sum(axis=0) / asked.sum()]
        rows += [(seen[one] / total[one, None]).mean(axis=0) if one.size else np.full(dealt.shape[1], np.nan) for one in camps]
        return np.array(rows)

    found = told(few.astype(np.float64)[:, None])[:, 0]
    rng = np.random.default_rng((seed, 7))
    placed = _drawn(told, few, lambda: _among(few, parts, rng), draws)
    order, starts = _alike(np.asarray(shown.sum(axis=0)), np.where(can, platform, -1))
    alike = _drawn(told, few, lambda: _within(few, order, starts, rng), draws)
    gaps = [
        _gap(number, one, plain, bears[can], np.asarray(camp == number)[can], float(found[1 + number]), placed[1 + number])
        for number, one in enumerate(camps)
    ]
    return Illusion(
        float(bears[can & there].mean()),
        plain,
        int(asked.sum()),
        float(found[0]),
        _above(float(found[0]), placed[0]),
        _above(float(found[0]), alike[0]),
        gaps,
        asked,
        there,
        float(bears[can].mean()),
    )


def _drawn(told: Callable[[Floats], Floats], few: Bools, deal: Callable[[], Bools], draws: int) -> Floats:
    """Tell of every draw (values, draws), as many at a time as memory allows."""
    many = max(1, _CELLS // few.size)
    batches = (min(many, draws - first) for first in range(0, draws, many))
    return np.concatenate([told(np.stack(list(_deals(deal, size)), axis=1)) for size in batches], axis=1)


def _deals(deal: Callable[[], Bools], number: int) -> Iterator[Floats]:
    for _ in range(number):
        yield deal().astype(np.float64)


def _among(few: Bools, parts: list[Ints], rng: np.random.Generator) -> Bools:
    """Deal the attribute anew among the accounts of each part."""
    dealt = np.zeros_like(few)
    for one in parts:
        dealt[one] = rng.permutation(few[one])
    return dealt


def _alike(visible: Floats, platform: Ints) -> tuple[Ints, Ints]:
    """Order accounts by platform and visibility; tell where each class of equally visible ones starts, and the end of the last."""
    known = np.full(visible.size, -(10**6), np.int64)
    known[visible > 0] = np.floor(BINS * np.log2(visible[visible > 0]) + _EVEN).astype(np.int64)
    order = np.lexsort((known, platform))
    new = [np.diff(one[order], prepend=one.min() - 1) != 0 for one in (known, platform)]
    return order, np.concatenate((np.flatnonzero(new[0] | new[1]), [visible.size]))


def _within(few: Bools, order: Ints, starts: Ints, rng: np.random.Generator) -> Bools:
    """Deal the attribute anew among the accounts of each class: by random keys, sorted within classes."""
    classes = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    mixed = order[np.argsort(classes + rng.random(order.size))]
    dealt = np.empty_like(few)
    dealt[order] = few[mixed]
    return dealt


def _above(value: float, drawn: Floats) -> Comparison:
    p = (1 + int((drawn >= value - _EVEN).sum())) / (1 + drawn.size)
    return Comparison(float(drawn.mean()), float(drawn.std(ddof=1)), float(np.quantile(drawn, 0.95)), p)


def _gap(number: int, viewers: Ints, plain: bool, bears: Bools, members: Bools, seen: float, drawn: Floats) -> Gap:
    """Tell of one camp what it sees of the attribute, whichever of bearers or others were counted."""
    actual = float(bears.mean())
    bearing = float(bears[members].mean()) if members.any() else float("nan")
    if not viewers.size:
        return Gap(number, 0, bearing, seen, seen, Comparison(seen, seen, seen, 1.0))
    perceived, gaps = (seen, drawn - actual) if plain else (1 - seen, 1 - drawn - actual)
    gap = perceived - actual
    tails = [(1 + int((sign * (gaps - gap) >= -_EVEN).sum())) / (1 + gaps.size) for sign in (1, -1)]
    beside = Comparison(float(gaps.mean()), float(gaps.std(ddof=1)), float(np.quantile(gaps, 0.95)), min(1.0, 2 * min(tails)))
    return Gap(number, int(viewers.size), bearing, perceived, gap, beside)
