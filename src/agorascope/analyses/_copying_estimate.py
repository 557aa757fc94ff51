"""Is it more than chance? Two tests for the whole corpus, one for the accounts asked about, each on all lifts or on some of them.

The whole corpus is asked twice: do more accounts lift repeatedly, and does a crowd draw on one source? Each p-value is divided by
its part of the level (``OF_REPEATED``, ``OF_SOURCE``), so that both together are wrong as seldom as one would be.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.lifting import PART, REPEATEDLY, Compared, Repeats, compared, repeats
from agorascope.stats.sourced import Sourced, sourced

from ._copying_reduce import Written

EDGES = (1, 2, 3, 5, 10, 20)
LEVELS = 5
BUDGET = 200_000_000
FEWEST_DRAWS = 99
FEWEST = 10
OF_REPEATED, OF_SOURCE = 0.8, 0.2

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Answer(NamedTuple):
    """Hold what was tested: repeats in the whole corpus always, the members where accounts are asked about, else one source.

    ``by_account``: lifts of each account, ``texts`` its texts that count, shapes (accounts,); ``chosen`` marks the lifts of those
    the answer speaks of.
    """

    repeated: Repeats
    against: Compared | None
    drawn: Sourced | None
    by_account: Ints
    texts: Ints
    chosen: Bools

    @property
    def p_value(self) -> float:
        """Give the chance of the question asked."""
        return min(self.p_repeated, self.p_source) if self.against is None else self.against.p_value

    @property
    def p_repeated(self) -> float:
        """Give the chance of so many accounts that lift repeatedly, as one of two tests."""
        return min(self.repeated.p_value / OF_REPEATED, 1.0)

    @property
    def p_source(self) -> float:
        """Give the chance of so many accounts on one source, as one of two tests; 1 where no ten are."""
        return 1.0 if self.drawn is None else min(self.drawn.p_value / OF_SOURCE, 1.0)

    @property
    def by_source(self) -> bool:
        """Say whether the crowd on one source is the stronger of both answers for the whole corpus."""
        return self.against is None and self.p_source < self.p_repeated


def affordable(written: Written, draws: int) -> int:
    """Give as many deals as were asked for, fewer where a corpus is so large that they would take minutes; never below 99."""
    return min(draws, max(BUDGET // max(written.author.size, 1), FEWEST_DRAWS))


def estimate(written: Written, member: Bools | None, *, draws: int, seed: int) -> Answer:
    """Count accounts that lift repeatedly, and compare the members with accounts like them."""
    every = np.ones(written.found.copy.size, np.bool_)
    by_account, texts = _counts(written, every, once=False)
    against = None if member is None else _against(written, member, every, once=False, draws=draws, seed=seed)
    repeated = _repeated(written, every, once=False, draws=draws, seed=seed)
    drawn = _drawn(written, every, draws=draws, seed=seed) if member is None else None
    habit = (by_account >= REPEATEDLY) & (by_account >= PART * texts - 1e-9)
    chosen = (habit if member is None else member)[_lifter(written)]
    answer = Answer(repeated, against, drawn, by_account, texts, chosen)
    return answer._replace(chosen=drawn.lifts) if drawn is not None and answer.by_source else answer


def again(
    written: Written, member: Bools | None, kept: Bools, *, by_source: bool, once: bool = False, draws: int, seed: int
) -> float | None:
    """Give the p-value of the same question on the lifts ``kept``; ``once``: of one account from one other, one counts.

    None where that cannot be asked: of a crowd that draws on one source, one lift each is no drawing.
    """
    if by_source:
        drawn = None if once else _drawn(written, kept, draws=draws, seed=seed)
        return None if once else 1.0 if drawn is None else drawn.p_value
    if member is None:
        return _repeated(written, kept, once=once, draws=draws, seed=seed).p_value
    found = _against(written, member, kept, once=once, draws=draws, seed=seed)
    return None if found is None else found.p_value


def _lifter(written: Written) -> Ints:
    return written.author[written.found.copy]


def _counts(written: Written, kept: Bools, *, once: bool) -> tuple[Ints, Ints]:
    lifter, source = _lifter(written)[kept], written.author[written.found.first[kept]]
    if once:
        lifter = np.unique(np.stack([lifter, source]), axis=1)[0]
    accounts = len(written.accounts)
    return np.bincount(lifter, minlength=accounts), np.bincount(written.author[written.found.own], minlength=accounts)


def _repeated(written: Written, kept: Bools, *, once: bool, draws: int, seed: int) -> Repeats:
    pool = np.flatnonzero(written.found.own)
    place = np.full(written.author.size, -1)
    place[pool] = np.arange(pool.size)
    return repeats(
        written.author[pool],
        written.stratum[pool],
        place[written.found.copy[kept]],
        written.author[written.found.first[kept]],
        once=once,
        edges=EDGES,
        draws=draws,
        rng=np.random.default_rng([seed, 1]),
    )


def _drawn(written: Written, kept: Bools, *, draws: int, seed: int) -> Sourced | None:
    pool = np.flatnonzero(written.found.own)
    place = np.full(written.author.size, -1)
    place[pool] = np.arange(pool.size)
    found = sourced(
        written.author[pool],
        written.stratum[pool],
        place[written.found.copy[kept]],
        place[written.found.first[kept]],
        fewest=FEWEST,
        draws=draws,
        rng=np.random.default_rng([seed, 3]),
    )
    if found is None:
        return None
    lifts = np.zeros(kept.size, np.bool_)
    lifts[np.flatnonzero(kept)] = found.lifts
    return found._replace(lifts=lifts)


def _against(written: Written, member: Bools, kept: Bools, *, once: bool, draws: int, seed: int) -> Compared | None:
    """Compare within the language an account writes most, and within fifths of activity."""
    lifted, texts = _counts(written, kept, once=once)
    active = texts > 0
    pairs = np.stack([written.author, written.language])[:, written.found.own]
    known, number = np.unique(pairs, axis=1, return_counts=True)
    main = np.zeros(len(written.accounts), np.int64)
    order = np.lexsort((-known[1], number, known[0]))
    main[known[0, order]] = known[1, order]
    cuts = np.unique(np.quantile(texts[active], np.arange(1, LEVELS) / LEVELS))
    stratum = main * LEVELS + np.searchsorted(cuts, texts, side="right")
    rng = np.random.default_rng([seed, 2])
    return compared(lifted[active], texts[active], member[active], stratum[active], draws=draws, rng=rng)
