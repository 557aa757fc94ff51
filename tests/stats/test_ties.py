"""Are ties through shared records counted as a loop counts them, and is chance dealt fairly?"""

import numpy as np
import pytest
from scipy.stats import binomtest

from agorascope.stats.shares import wilson
from agorascope.stats.ties import dealt, share, tied
from tests import naive


def pairs(rng: np.random.Generator, accounts: int, records: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw distinct pairs of account and record, few records held by many."""
    drawn = {(int(a), int(r)) for a, r in zip(rng.integers(accounts, size=number), rng.geometric(3 / records, number), strict=True)}
    account, record = zip(*sorted(drawn), strict=True)
    return np.array(account, np.int64), np.array(record, np.int64)


def test_tied_accounts_equal_the_slow_twin() -> None:
    """On 50 small tables the accounts tied within a group are those of a loop over all pairs."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        account, record = pairs(rng, 20, 25, 30)
        inside = rng.random(20) < 0.5
        listed = [(str(a), str(r)) for a, r in zip(account.tolist(), record.tolist(), strict=True)]
        found = tied(account, record, inside)
        assert naive.tied(listed, {str(i) for i in np.flatnonzero(inside)}) == {str(i) for i in np.flatnonzero(found)}, seed
        assert int(found.sum()) == share(account, record, inside).tied


def test_one_shared_record_is_one_observation() -> None:
    """Where every tied account hangs on one record the interval is wide; in twenty pairs it is near that of independent ones."""
    alone = np.arange(40, 50)
    one = share(np.arange(50), np.r_[np.zeros(40, np.int64), alone], np.ones(50, bool))
    two = share(np.arange(50), np.r_[np.arange(40) // 2, alone], np.ones(50, bool))
    assert (40, 40, 50, 50) == (one.tied, two.tied, one.known, two.known)
    plain = wilson(40, 50)
    assert one.high - one.low > 2 * (plain[1] - plain[0])
    assert two.high - two.low == pytest.approx(plain[1] - plain[0], rel=0.5)


def test_chance_raises_few_alarms() -> None:
    """Of groups drawn at random from accounts that share records, 5 % at most come out at p <= 0.05, over 300 tables."""
    alarms = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        account, record = pairs(rng, 120, 80, 160)
        inside = np.zeros(120, bool)
        inside[rng.choice(120, 30, replace=False)] = True
        drawn = dealt(account, record, inside, draws=99, rng=rng)
        alarms += 0.05 >= (1 + int((drawn >= tied(account, record, inside).sum()).sum())) / 100
    assert binomtest(alarms, 300).proportion_ci(0.99, "exact").low <= 0.05


def test_a_group_of_one_hand_is_found() -> None:
    """Thirty accounts of which twenty share one record are tied more than any draw of thirty from two hundred."""
    record = np.r_[np.zeros(20, np.int64), np.arange(1, 181)]
    inside = np.arange(200) < 30
    drawn = dealt(np.arange(200), record, inside, draws=199, rng=np.random.default_rng(0))
    assert 20 == tied(np.arange(200), record, inside).sum() > drawn.max()


def test_accounts_with_more_records_stand_for_one_another() -> None:
    """A group chosen for having many records is compared with others that have as many."""
    account = np.r_[np.arange(100), np.repeat(np.arange(100, 120), 8)]
    record = np.r_[np.arange(1000, 1100), np.random.default_rng(1).integers(0, 60, 160)]
    account, record = np.unique(np.stack([account, record]), axis=1)
    inside = np.isin(np.arange(120), np.arange(100, 110))
    drawn = dealt(account, record, inside, draws=199, rng=np.random.default_rng(0))
    assert (drawn >= tied(account, record, inside).sum()).mean() > 0.05
