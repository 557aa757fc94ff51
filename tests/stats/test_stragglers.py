"""Are the gaps between acts measured right, and are orders told from waiting?"""

import itertools

import numpy as np
import pytest

from agorascope.stats.stragglers import MEMORYLESS, REACH, gaps


def test_gaps_are_those_of_all_pairs() -> None:
    """On small inputs with ties and repeats, median and share are those counted pair by pair."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        obj, at = rng.integers(0, 4, 25), rng.integers(0, 200, 25) * int(rng.choice([1, 1, 60]))
        found = sorted(abs(int(at[i] - at[j])) for i, j in itertools.combinations(range(25), 2) if obj[i] == obj[j])
        median = max(found[-(-len(found) // 2) - 1], 1)
        told = gaps(obj, at)
        assert told is not None
        assert (told.median, told.steady) == (median, sum(gap <= REACH * median for gap in found) / len(found))
        assert told.low <= told.steady <= told.high + 1e-9


@pytest.mark.parametrize(("spread", "least", "most"), [
    ("even", 0.97, 1.0), ("bell", 0.93, 0.98), ("memoryless", 0.85, 0.9), ("waiting", 0.7, 0.82),
])  # fmt: skip
def test_orders_leave_few_stragglers(spread: str, least: float, most: float) -> None:
    """Orders sent out evenly or about a time lie above what waiting without memory gives; people who wait, below."""
    rng = np.random.default_rng(7)
    obj = np.repeat(np.arange(200), 10)
    drawn = {
        "even": rng.random(2_000),
        "bell": rng.normal(5, 1, 2_000),
        "memoryless": rng.exponential(1, 2_000),
        "waiting": rng.lognormal(0, 1.3, 2_000),
    }[spread]
    found = gaps(obj, obj * 1_000_000 + (drawn * 10_000).astype(np.int64))
    assert found is not None
    assert least < found.steady < most
    assert (found.low > MEMORYLESS) == (spread in ("even", "bell"))


def test_who_is_sent_out_by_one_hand_is_there_in_the_same_seconds() -> None:
    """Most within four seconds, the others a day late: stragglers enough, but of the near pairs nearly all are instant."""
    rng = np.random.default_rng(8)
    obj = np.repeat(np.arange(100), 10)
    late = np.where(rng.random(1_000) < 0.8, rng.integers(0, 4, 1_000), rng.integers(0, 86_400, 1_000))
    found = gaps(obj, late)
    assert found is not None
    assert found.high < MEMORYLESS
    assert found.instant_low is not None
    assert found.instant_low > 0.95
    waiting = gaps(obj, (120 * rng.lognormal(0, 0.8, 1_000)).astype(np.int64))
    assert waiting is not None
    assert waiting.instant is not None
    assert 0.1 < waiting.instant < 0.3
    told = gaps(obj, late // 60 * 60, step=60)
    assert told is not None
    assert told.instant_low is not None
    assert told.instant_low > 0.9
    coarse = gaps(obj, late // 3_600 * 3_600, step=3_600)
    assert coarse is not None
    assert (None, None) == (coarse.instant, coarse.instant_low)


def test_times_told_to_the_minute_have_no_gap_below_it() -> None:
    """Where all acts lie in one minute, the median is the step of the times, and no pair is late."""
    found = gaps(np.repeat(np.arange(5), 4), np.zeros(20, np.int64), step=60)
    assert found is not None
    assert (60, 1.0, 1.0) == (found.median, found.steady, round(found.high, 6))


def test_without_a_pair_there_is_no_gap() -> None:
    """One act on each object, or none at all, gives nothing."""
    assert gaps(np.arange(4), np.arange(4)) is None
    assert gaps(np.empty(0, np.int64), np.empty(0, np.int64)) is None
