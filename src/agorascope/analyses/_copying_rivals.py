"""What else could it be when accounts write again what others wrote? The same test without what each explanation would explain."""

import numpy as np
import numpy.typing as npt

from agorascope.findings import Rival
from agorascope.stats.shares import wilson
from agorascope.texts import message

from ._copying_estimate import Answer, again
from ._copying_reduce import Written

FEW = 3
ALIKE, UNLIKE = 0.6, 0.8
FEWEST = 20
MOST_DRAWS = 199

Bools = npt.NDArray[np.bool_]


def test(written: Written, answer: Answer, member: Bools | None, *, alpha: float, draws: int, seed: int) -> tuple[Rival, ...]:
    """Test every rival; where nothing departs from chance there is nothing to explain."""
    chosen, draws = answer.chosen, min(draws, MOST_DRAWS)
    if answer.p_value > alpha or not chosen.any():
        names = ("headline", "slogan", "publisher", "missing")
        return tuple(
            Rival(name=n, statement=message(f"copying.rival.{n}"), status="not_tested", missing=message("copying.missing.excess"))
            for n in names
        )
    every = np.ones(chosen.size, np.bool_)
    few, by_source = _few(written), answer.by_source

    def retest(kept: Bools, *, once: bool = False) -> float | None:
        return again(written, member, kept, by_source=by_source, once=once, draws=draws, seed=seed)

    retests = {
        "headline": (written.linked, retest(~written.linked)),
        "slogan": (~few, retest(few)),
        "publisher": (_usual_source(written), retest(every, once=True)),
    }
    without = [_without(name, float(part[chosen].mean()), p, alpha) for name, (part, p) in retests.items()]
    return (*without, _missing(written, chosen, member))


def _without(name: str, share: float, p_value: float | None, alpha: float) -> Rival:
    """Disfavour what leaves the excess in place when it is taken out."""
    status = "undecided" if p_value is None else "disfavoured" if p_value <= alpha else "favoured"
    return Rival(name=name, statement=message(f"copying.rival.{name}"), status=status, statistic=share, p_value=p_value)


def _few(written: Written) -> Bools:
    """Mark lifts of texts that at most three accounts wrote."""
    pairs = np.unique(np.stack([written.group, written.author])[:, written.group >= 0], axis=1)
    accounts = np.bincount(pairs[0]) if pairs.size else np.zeros(1, np.int64)
    return np.asarray(accounts[written.group[written.found.copy]] <= FEW)


def _usual_source(written: Written) -> Bools:
    """Mark lifts from an account from which the same one lifts twice or more."""
    ends = np.stack([written.author[written.found.copy], written.author[written.found.first]])
    _, at, number = np.unique(ends, axis=1, return_inverse=True, return_counts=True)
    return np.asarray(number[at.reshape(-1)] > 1)


def _missing(written: Written, chosen: Bools, member: Bools | None) -> Rival:
    """Give the share of texts held in common in which these accounts come second; a source none of them is gives one half."""
    statement = message("copying.rival.missing")
    lifter, source = written.author[written.found.copy], written.author[written.found.first]
    theirs = np.isin(np.arange(len(written.accounts)), lifter[chosen]) if member is None else member
    second, first = int((theirs[lifter] & ~theirs[source]).sum()), int((theirs[source] & ~theirs[lifter]).sum())
    if second + first < FEWEST:
        missing = message("copying.missing.common", least=FEWEST)
        return Rival(name="missing", statement=statement, status="not_tested", missing=missing)
    low, high = wilson(second, second + first)
    status = "favoured" if high < ALIKE else "disfavoured" if low > UNLIKE else "undecided"
    return Rival(name="missing", statement=statement, status=status, statistic=second / (second + first), low=low, high=high)
